package main

import (
	"debug/buildinfo"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/CycloneDX/cyclonedx-go"
)

// makeBill writes what a program is made of, as the Go linker recorded it in the program.
func (r release) makeBill(built, name string) error {
	info, err := buildinfo.ReadFile(r.path(built))
	if err != nil {
		return fmt.Errorf("reading what %s is made of: %w", built, err)
	}
	bill := cyclonedx.NewBOM()
	bill.Metadata = &cyclonedx.Metadata{Component: &cyclonedx.Component{
		BOMRef: name, Type: cyclonedx.ComponentTypeApplication, Name: name, Version: r.version,
		PackageURL: "pkg:golang/github.com/glific/organisation-operator@" + r.version,
	}}
	components := []cyclonedx.Component{component("std", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, module := range info.Deps {
		components = append(components, component(actual(module)))
	}
	slices.SortFunc(components, func(a, b cyclonedx.Component) int { return strings.Compare(a.BOMRef, b.BOMRef) })
	bill.Components = &components
	file, err := os.Create(r.path(built + ".cdx.json"))
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // Encode tells of a failed write
	return cyclonedx.NewBOMEncoder(file, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(bill)
}

func actual(module *debug.Module) (path, version string) {
	if module.Replace != nil {
		module = module.Replace
	}
	return module.Path, module.Version
}

func component(path, version string) cyclonedx.Component {
	url := "pkg:golang/" + path + "@" + version
	return cyclonedx.Component{BOMRef: url, Type: cyclonedx.ComponentTypeLibrary, Name: path, Version: version, PackageURL: url}
}
