//go:build !linux

package postgrestest

import "syscall"

// dieWithParent is only possible on Linux.
func dieWithParent(*syscall.SysProcAttr) {}
