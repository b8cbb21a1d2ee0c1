package main

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// file is one entry of a root file system, owned by root.
type file struct {
	mode    fs.FileMode // with type bits
	target  string      // of a symbolic link
	content []byte
}

// files is a root file system: paths without a leading slash.
type files map[string]file

// dir adds a directory and those above it.
func (f files) dir(name string, mode fs.FileMode) {
	for parent := path.Dir(name); parent != "."; parent = path.Dir(parent) {
		if _, ok := f[parent]; !ok {
			f[parent] = file{mode: fs.ModeDir | 0o755}
		}
	}
	f[name] = file{mode: fs.ModeDir | mode}
}

// put adds a regular file.
func (f files) put(name string, mode fs.FileMode, content []byte) {
	f.below(name)
	f[name] = file{mode: mode, content: content}
}

// link adds a symbolic link.
func (f files) link(name, target string) {
	f.below(name)
	f[name] = file{mode: fs.ModeSymlink | 0o777, target: target}
}

// below makes sure that the directory of a name is there.
func (f files) below(name string) {
	if parent := path.Dir(name); parent != "." {
		if _, ok := f[parent]; !ok {
			f.dir(parent, 0o755)
		}
	}
}

// read adds a file of this machine.
func (f files) read(name string, mode fs.FileMode, from string) error {
	content, err := os.ReadFile(from)
	if err == nil {
		f.put(name, mode, content)
	}
	return err
}

// tree adds what lies below a folder of this machine. Only whether a file can be
// executed is kept of its mode: the rest depends on who built it.
func (f files) tree(name, from string) error {
	return filepath.WalkDir(from, func(found string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, found)
		if err != nil {
			return err
		}
		to := path.Join(name, filepath.ToSlash(relative))
		info, err := entry.Info()
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			f.dir(to, 0o755)
			return nil
		case entry.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(found)
			f.link(to, target)
			return err
		}
		mode := fs.FileMode(0o644)
		if info.Mode()&0o100 != 0 {
			mode = 0o755
		}
		return f.read(to, mode, found)
	})
}

// unpack adds the entries of a tar archive that keep wants.
func (f files) unpack(archive io.Reader, keep func(name string) bool) error {
	for reader := tar.NewReader(archive); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := strings.Trim(path.Clean(header.Name), "/")
		if name == "." || !keep(name) {
			continue
		}
		mode := fs.FileMode(header.Mode).Perm() //nolint:gosec // the permission bits
		switch header.Typeflag {
		case tar.TypeDir:
			// With the files that are kept.
		case tar.TypeSymlink:
			f.link(name, header.Linkname)
		case tar.TypeLink:
			f[name] = f[strings.Trim(path.Clean(header.Linkname), "/")]
		case tar.TypeReg:
			content, err := io.ReadAll(reader)
			if err != nil {
				return err
			}
			f.put(name, mode, content)
		default:
			return fmt.Errorf("entry %s is neither a file, a link nor a directory", name)
		}
	}
}

// write writes everything as a tar archive: sorted, without times, owned by root.
func (f files) write(to io.Writer) error {
	writer := tar.NewWriter(to)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		entry := f[name]
		header := &tar.Header{Name: name, Mode: int64(entry.mode.Perm()), Format: tar.FormatPAX}
		switch {
		case entry.mode.IsDir():
			header.Typeflag, header.Name = tar.TypeDir, name+"/"
			if entry.mode&fs.ModeSticky != 0 {
				header.Mode |= 0o1000
			}
		case entry.mode&fs.ModeSymlink != 0:
			header.Typeflag, header.Linkname = tar.TypeSymlink, entry.target
		default:
			header.Typeflag, header.Size = tar.TypeReg, int64(len(entry.content))
		}
		if err := writer.WriteHeader(header); err != nil {
			return err
		}
		if _, err := writer.Write(entry.content); err != nil {
			return err
		}
	}
	return writer.Close()
}
