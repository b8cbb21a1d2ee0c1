package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// owner is the operating system's user that runs the server.
type owner struct {
	credential *syscall.Credential // nil: whoever we are
}

// clusterOwner is ourselves, unless we are root.
func clusterOwner() (*owner, error) {
	if os.Geteuid() != 0 {
		return &owner{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return &owner{credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
		}
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody: run this as another user")
}

// command runs a program as the owner, away from directories that it cannot enter.
func (o *owner) command(ctx context.Context, program string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, program, arguments...)
	command.Dir = os.TempDir()
	command.Env = []string{"LC_ALL=C", "TZ=UTC", "PATH=" + os.Getenv("PATH")}
	command.SysProcAttr = &syscall.SysProcAttr{Credential: o.credential}
	return command
}

// directory returns the wanted directory, or a new temporary one that is locked.
func (o *owner) directory(wanted string) (dir string, lock *os.File, err error) {
	if wanted != "" {
		if err := os.MkdirAll(wanted, 0o755); err != nil {
			return "", nil, err
		}
		return wanted, nil, o.own(wanted)
	}
	parent := fastest()
	sweep(parent)
	if dir, err = os.MkdirTemp(parent, prefix); err != nil {
		return "", nil, err
	}
	lock, err = occupy(dir)
	return dir, lock, errors.Join(err, o.own(dir))
}

func (o *owner) write(path string, content []byte) error {
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return err
	}
	return o.own(path)
}

func (o *owner) own(path string) error {
	if o.credential == nil {
		return nil
	}
	return os.Chown(path, int(o.credential.Uid), int(o.credential.Gid))
}

// reach returns a folder with the same binaries that the owner can run. The cache of
// root lies where nobody else may look, so it is copied once to a public place.
func (o *owner) reach(ctx context.Context, bin string) (string, error) {
	if o.credential == nil || o.command(ctx, filepath.Join(bin, "postgres"), "--version").Run() == nil {
		return bin, nil
	}
	tree := filepath.Dir(bin)
	public := filepath.Join(os.TempDir(), "organisation-operator-"+filepath.Base(tree))
	if info, err := os.Lstat(public); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); !ok || stat.Uid != 0 || !info.IsDir() {
			return "", fmt.Errorf("%s is in the way: it belongs to somebody else", public)
		}
		return filepath.Join(public, "bin"), nil
	}
	copied, err := os.MkdirTemp("", "organisation-operator-copy-")
	if err != nil {
		return "", err
	}
	if err := errors.Join(os.Chmod(copied, 0o755), os.CopyFS(copied, os.DirFS(tree))); err != nil {
		return "", fmt.Errorf("copying PostgreSQL to where user %d may run it: %w", o.credential.Uid, err)
	}
	if err := os.Rename(copied, public); err != nil { // somebody was faster
		return filepath.Join(public, "bin"), os.RemoveAll(copied)
	}
	return filepath.Join(public, "bin"), nil
}
