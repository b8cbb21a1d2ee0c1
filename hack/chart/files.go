package main

import (
	"fmt"
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"
)

// bootstrap is what makes the ledger on a PostgreSQL server.
const bootstrap = "internal/postgres/bootstrap.sql"

// copies writes the files that the chart reads and that have their source elsewhere.
func copies(root, chart string) error {
	content, err := os.ReadFile(filepath.Join(root, bootstrap))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(chart, "files", filepath.Base(bootstrap)), content, 0o644); err != nil {
		return err
	}
	return images(chart)
}

type image struct {
	Registry   string `json:"registry"`
	Repository string `json:"repository"`
	Tag        string `json:"tag"`
}

func (i image) reference(version string) string {
	if i.Registry != "" {
		i.Registry += "/"
	}
	if i.Tag == "" {
		i.Tag = version
	}
	return fmt.Sprintf("%s%s:%s", i.Registry, i.Repository, i.Tag)
}

// images lists every image that the chart can run, one a line, to be mirrored for
// clusters without a route to a registry.
func images(chart string) error {
	var values struct {
		Image      image `json:"image"`
		PostgreSQL struct {
			Image image `json:"image"`
		} `json:"postgresql"`
	}
	var about struct {
		AppVersion string `json:"appVersion"`
	}
	for file, into := range map[string]any{"values.yaml": &values, "Chart.yaml": &about} {
		content, err := os.ReadFile(filepath.Join(chart, file))
		if err != nil {
			return err
		}
		if err := yaml.Unmarshal(content, into); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	text := values.Image.reference(about.AppVersion) + "\n" + values.PostgreSQL.Image.reference("") + "\n"
	return os.WriteFile(filepath.Join(chart, "images.txt"), []byte(text), 0o644)
}
