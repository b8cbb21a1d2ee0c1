// Package archive makes the support archive: what a person may hand to others, without
// what others may not see.
package archive

import (
	"encoding/json"
	"fmt"
	"regexp"

	"sigs.k8s.io/yaml"
)

// hidden stands for what was taken out.
const hidden = "(hidden)"

// credentials in a URL: scheme://user:password@.
var credentials = regexp.MustCompile(`(://)[^/\s"'@]+:[^/\s"'@]+@`)

// Text takes credentials out of URLs.
func Text(text string) string { return credentials.ReplaceAllString(text, "${1}"+hidden+"@") }

// YAML is an object without values of environment variables, without what tools keep in
// annotations, and without credentials in URLs. Secrets are refused.
func YAML(object any) (string, error) {
	raw, err := json.Marshal(object)
	if err != nil {
		return "", fmt.Errorf("redacting: %w", err)
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return "", fmt.Errorf("redacting: %w", err)
	}
	if tree["kind"] == "Secret" {
		return "", fmt.Errorf("a Secret never goes into a support archive")
	}
	redact(tree)
	text, err := yaml.Marshal(tree)
	return Text(string(text)), err
}

// bookkeeping are keys that repeat the object, values included.
var bookkeeping = []string{"managedFields", "kubectl.kubernetes.io/last-applied-configuration"}

func redact(node any) {
	switch node := node.(type) {
	case map[string]any:
		for _, key := range bookkeeping {
			delete(node, key)
		}
		for key, child := range node {
			if key == "env" || key == "httpHeaders" {
				hide(child)
			}
			redact(child)
		}
	case []any:
		for _, child := range node {
			redact(child)
		}
	}
}

// hide the values of a list of names and values.
func hide(list any) {
	items, _ := list.([]any)
	for _, item := range items {
		if pair, ok := item.(map[string]any); ok && pair["value"] != nil {
			pair["value"] = hidden
		}
	}
}
