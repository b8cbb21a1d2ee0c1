//go:build unix && !linux

package controlplane

import "syscall"

// childAttributes: an own process group, so that Ctrl-C reaches only the parent,
// which stops its children in order. There is no parent-death signal here.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
