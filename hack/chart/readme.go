package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
	yamlv3 "sigs.k8s.io/yaml/goyaml.v3"
)

const begins, ends = "<!-- values -->\n", "<!-- end of values -->\n"

// readme writes the table of values into the chart's README.
func readme(chart string) error {
	table, err := valuesTable(filepath.Join(chart, "values.yaml"))
	if err != nil {
		return err
	}
	path := filepath.Join(chart, "README.md")
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(content), begins)
	_, after, closed := strings.Cut(rest, ends)
	if !found || !closed {
		return fmt.Errorf("%s lacks the marks between which the table of values goes", path)
	}
	return os.WriteFile(path, []byte(before+begins+table+ends+after), 0o644)
}

func valuesTable(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var document yamlv3.Node
	if err := yamlv3.Unmarshal(content, &document); err != nil {
		return "", err
	}
	rows, err := rowsOf("", document.Content[0])
	return "| value | default | meaning |\n|---|---|---|\n" + rows, err
}

// rowsOf lists the values below a mapping. One with a comment of its own is described
// whole; one without is described by what it holds.
func rowsOf(prefix string, mapping *yamlv3.Node) (rows string, err error) {
	for i := 0; i < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		name, meaning := prefix+key.Value, described(key.HeadComment)
		if meaning == "" {
			if value.Kind != yamlv3.MappingNode {
				return "", fmt.Errorf("values.yaml: %s has no comment that begins with # --", name)
			}
			below, err := rowsOf(name+".", value)
			if err != nil {
				return "", err
			}
			rows += below
			continue
		}
		text, err := compact(value)
		if err != nil {
			return "", err
		}
		rows += fmt.Sprintf("| `%s` | %s | %s |\n", name, text, meaning)
	}
	return rows, nil
}

func described(comment string) string {
	_, text, _ := strings.Cut(comment, "# -- ")
	return strings.TrimSpace(strings.ReplaceAll(text, "\n# ", " "))
}

// compact is a default on one line; what is empty is left out.
func compact(value *yamlv3.Node) (string, error) {
	text, err := yamlv3.Marshal(value)
	if err != nil {
		return "", err
	}
	var parsed any
	if err := yaml.Unmarshal(text, &parsed); err != nil {
		return "", err
	}
	if parsed == "" {
		return "", nil
	}
	line, err := json.Marshal(parsed)
	return "`" + strings.Trim(string(line), `"`) + "`", err
}
