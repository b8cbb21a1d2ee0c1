package postgrestest

import "syscall"

// dieWithParent makes the server crash when we are killed, instead of staying behind.
func dieWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGQUIT }
