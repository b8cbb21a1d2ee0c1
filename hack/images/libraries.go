package main

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
)

// complete says which shared libraries a root file system needs and does not have: a
// missing one would be noticed when the program starts, or later.
func (f files) complete() error {
	have := map[string]bool{}
	for name := range f {
		have[path.Base(name)] = true
	}
	var missing []error
	for _, name := range slices.Sorted(maps.Keys(f)) {
		for _, library := range needs(f[name].content) {
			if !have[library] {
				missing = append(missing, fmt.Errorf("/%s needs %s", name, library))
			}
		}
	}
	return errors.Join(missing...)
}

// needs lists the libraries that a program or library is linked to.
func needs(content []byte) []string {
	program, err := elf.NewFile(bytes.NewReader(content))
	if err != nil {
		return nil
	}
	libraries, err := program.ImportedLibraries()
	if err != nil {
		return nil
	}
	return libraries
}
