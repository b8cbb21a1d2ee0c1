package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// installed is where Debian keeps which version of which package this machine has; the
// stand-in takes Erlang and its drivers from there.
const installed = "/var/lib/dpkg/status"

// inputs is a fingerprint of all that an image is made of: files and folders below root,
// and the machine's packages.
func inputs(root string, sources []string) (string, error) {
	sum := sha256.New()
	for _, source := range sources {
		err := filepath.WalkDir(filepath.Join(root, source), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			return hash(sum, path)
		})
		if err != nil {
			return "", err
		}
	}
	if err := hash(sum, installed); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// hash adds a file's path, size and content.
func hash(to io.Writer, path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(to, "%s %d\n", path, len(content))
	_, err = to.Write(content)
	return err
}

// unchanged returns the reference of the archive OUT/NAME.tar if it was made of these
// inputs, and nothing if it has to be made.
func unchanged(out, name, inputs string) string {
	made, err := os.ReadFile(filepath.Join(out, name+".inputs"))
	if err != nil || string(made) != inputs {
		return ""
	}
	if _, err := os.Stat(filepath.Join(out, name+".tar")); err != nil {
		return ""
	}
	return recorded(out)[name]
}

// recorded are the references of the images in a folder.
func recorded(out string) map[string]string {
	known := map[string]string{}
	if content, err := os.ReadFile(filepath.Join(out, "images.json")); err == nil {
		_ = json.Unmarshal(content, &known) // what cannot be read is built again
	}
	return known
}

// lock keeps two builds from writing into one folder at once.
func lock(out string) (unlock func() error, err error) {
	file, err := os.OpenFile(filepath.Join(out, ".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	return file.Close, syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
}
