// Command chart copies CRDs, rights, admission policies and Argo CD's scripts from config/
// into the Helm chart, and lists its values and images. config/ is their one source; the copies differ from it only in what
// a chart lets its user choose: namespace, labels, and a few switches.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	root, err := repository()
	if err == nil {
		err = generate(root, filepath.Join(root, "charts", "organisation-operator"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generating the chart:", err)
		os.Exit(1)
	}
}

// repository finds the folder above the working directory that holds both ends.
func repository() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "config", "default")); missing == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no folder config/default at or above the working directory")
		}
	}
	return "", err
}

// source is one folder of config/ and how its files become templates.
type source struct {
	from, to string
	template func(string) (string, error)
}

var sources = []source{
	{from: "crd/bases", to: "crds", template: crd},
	{from: "rbac", to: "rbac", template: rights},
	{from: "admission", to: "admission", template: policy},
	{from: "hot", to: "hot", template: hot},
}

// generate writes every template anew, so that a file that is gone from config/
// is gone from the chart.
func generate(root, chart string) error {
	config := filepath.Join(root, "config")
	for _, s := range sources {
		target := filepath.Join(chart, "templates", s.to)
		if err := os.RemoveAll(target); err != nil {
			return err
		}
		if err := os.MkdirAll(target, 0o755); err != nil {
			return err
		}
		if err := s.write(filepath.Join(config, s.from), target); err != nil {
			return err
		}
	}
	if err := argocd(config, filepath.Join(chart, "files")); err != nil {
		return err
	}
	if err := copies(root, chart); err != nil {
		return err
	}
	return readme(chart)
}

func (s source) write(from, to string) error {
	files, err := filepath.Glob(filepath.Join(from, "*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if filepath.Base(file) == "kustomization.yaml" {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if bytes.Contains(content, []byte("{{")) {
			return fmt.Errorf("%s contains {{, which a chart would interpret", file)
		}
		template, err := s.template(string(content))
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		name := filepath.Base(file)
		header := fmt.Sprintf("{{- /* Made from config/%s/%s by hack/chart: change it there. */}}\n", s.from, name)
		if err := os.WriteFile(filepath.Join(to, name), []byte(header+template), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// replace makes every replacement, each of which must find something.
func replace(text string, pairs ...string) (string, error) {
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			return "", fmt.Errorf("does not contain %q", pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text, nil
}
