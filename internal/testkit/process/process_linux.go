package process

import "syscall"

// attributes: an own process group, so that Ctrl-C reaches only the parent,
// which stops its children in order; and death with the parent.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
