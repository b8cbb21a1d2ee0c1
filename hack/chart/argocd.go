package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Where Argo CD's scripts lie, as its own repository keeps them, and the one file that
// the chart ships them in: what an administrator merges into argocd-cm.
const (
	customizations = "argocd/resource_customizations"
	fragment       = "argocd-cm.yaml"
	group          = "tenancy.glific.org"
)

// argocd writes the scripts of every kind into a fragment of Argo CD's ConfigMap.
func argocd(config, files string) error {
	kinds, err := filepath.Glob(filepath.Join(config, customizations, group, "*"))
	if err != nil || len(kinds) == 0 {
		return fmt.Errorf("no customizations in config/%s/%s: %w", customizations, group, err)
	}
	text := fmt.Sprintf("# Made from config/%s by hack/chart: change it there.\n# Health and actions for Argo CD; merge them into its ConfigMap argocd-cm.\ndata:\n", customizations)
	for _, kind := range kinds {
		part, err := customization(kind)
		if err != nil {
			return err
		}
		text += part
	}
	if err := os.MkdirAll(files, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(files, fragment), []byte(text), 0o644)
}

func customization(dir string) (string, error) {
	health, err := script(filepath.Join(dir, "health.lua"), 4)
	if err != nil {
		return "", err
	}
	kind := filepath.Base(dir)
	text := fmt.Sprintf("  resource.customizations.health.%s_%s: |\n%s", group, kind, health)
	actions, err := filepath.Glob(filepath.Join(dir, "actions", "*", "action.lua"))
	if err != nil || len(actions) == 0 {
		return text, err
	}
	discovery, err := script(filepath.Join(dir, "actions", "discovery.lua"), 6)
	if err != nil {
		return "", err
	}
	text += fmt.Sprintf("  resource.customizations.actions.%s_%s: |\n    discovery.lua: |\n%s    definitions:\n", group, kind, discovery)
	for _, action := range actions {
		lua, err := script(action, 8)
		if err != nil {
			return "", err
		}
		text += fmt.Sprintf("    - name: %s\n      action.lua: |\n%s", filepath.Base(filepath.Dir(action)), lua)
	}
	return text, nil
}

// script is a file, indented for a block of YAML.
func script(path string, spaces int) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for line := range strings.Lines(string(content)) {
		if strings.TrimSpace(line) != "" {
			text.WriteString(strings.Repeat(" ", spaces))
		}
		text.WriteString(line)
	}
	return text.String(), nil
}
