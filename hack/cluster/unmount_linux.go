package main

import "syscall"

// unmount detaches the mount even if something still uses it.
func unmount(point string) error { return syscall.Unmount(point, syscall.MNT_DETACH) }
