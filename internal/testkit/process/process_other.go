//go:build unix && !linux

package process

import "syscall"

// attributes: an own process group, so that Ctrl-C reaches only the parent,
// which stops its children in order. There is no parent-death signal here.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
