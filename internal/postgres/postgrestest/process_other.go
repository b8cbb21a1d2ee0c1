//go:build !linux

package postgrestest

import "syscall"

// dieWithParent is only possible on Linux.
func dieWithParent(*syscall.SysProcAttr) {}

// fastest is the parent of temporary clusters, or "" for the usual one.
func fastest() string { return "" }
