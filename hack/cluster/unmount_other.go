//go:build !linux

package main

import "errors"

func unmount(string) error { return errors.New("only Linux has mounts of a node") }
