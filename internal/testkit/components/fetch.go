package components

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Fetch makes the named components (none: those of the control plane) present in
// the cache and reports progress to w. What is present is not touched, so a repeated call
// returns at once. Concurrent callers, also of other processes, wait for the
// first one instead of doing the work twice.
//
// A component is downloaded from its official release when that can be reached
// and verified, and built from its Go module otherwise.
func Fetch(ctx context.Context, w io.Writer, names ...string) error {
	root, err := Root()
	if err != nil {
		return err
	}
	all, err := All(root)
	if err != nil {
		return err
	}
	wanted, err := choose(all, names)
	if err != nil {
		return err
	}
	if len(missing(wanted)) == 0 {
		fmt.Fprintf(w, "components: %d present in %s\n", len(wanted), BinDir())
		return nil
	}
	unlock, err := lock(w)
	if err != nil {
		return err
	}
	defer unlock()
	f := fetcher{root: root, client: http.DefaultClient, progress: newProgress(w, missing(wanted))}
	return f.fetch(ctx)
}

func choose(all []Component, names []string) ([]Component, error) {
	if len(names) == 0 {
		names = InGroup(ControlPlane)
	}
	byName := map[string]Component{}
	for _, c := range all {
		byName[c.Name] = c
	}
	var chosen []Component
	for _, name := range names {
		c, known := byName[name]
		if !known {
			return nil, fmt.Errorf("unknown component %q", name)
		}
		chosen = append(chosen, c)
	}
	return chosen, nil
}

func missing(wanted []Component) []Component {
	var absent []Component
	for _, c := range wanted {
		if _, err := os.Stat(filepath.Join(BinDir(), c.File())); err != nil {
			absent = append(absent, c)
		}
	}
	return absent
}

// lock serialises all processes that fill the cache. flock ends with the process
// that holds it, so a killed build blocks nobody.
func lock(w io.Writer) (unlock func(), err error) {
	if err := os.MkdirAll(BinDir(), 0o755); err != nil {
		return nil, fmt.Errorf("creating the component cache: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(BinDir(), ".lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening the lock of the component cache: %w", err)
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		fmt.Fprintln(w, "components: another process is making them; waiting for it")
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
			return nil, fmt.Errorf("locking the component cache: %w", err)
		}
	}
	return func() { f.Close() }, nil
}

type fetcher struct {
	root     string
	client   *http.Client
	progress *progress
	offline  bool // a host could not be reached: do not try (and time out on) the next
}

func (f *fetcher) fetch(ctx context.Context) error {
	f.progress.begin()
	defer f.progress.halt()
	for _, c := range f.progress.todo {
		if err := f.one(ctx, c); err != nil {
			return fmt.Errorf("making %s %s: %w", c.Name, c.Version, err)
		}
		f.progress.finish(c)
	}
	f.progress.end()
	return nil
}

func (f *fetcher) one(ctx context.Context, c Component) error {
	f.progress.start(c)
	if c.release != nil && !f.offline {
		content, err := download(ctx, f.client, c.release(c))
		if err == nil {
			return install(c, func(tmp string) error { return os.WriteFile(tmp, content, 0o755) })
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f.offline = unreachable(err)
		f.progress.note("no verified official binary (%v); building from Go modules", err)
	}
	return install(c, func(tmp string) error { return build(ctx, f.root, c, tmp, f.progress) })
}

// unreachable tells a host that does not answer from one that answers something
// useless: only the former is not asked again.
func unreachable(err error) bool {
	var failed *url.Error
	return errors.As(err, &failed)
}

// install makes the binary appear in the cache whole or not at all.
func install(c Component, write func(tmp string) error) error {
	final := filepath.Join(BinDir(), c.File())
	if _, err := os.Stat(final); err == nil {
		return nil // the process we waited for has made it
	}
	tmp := fmt.Sprintf("%s.%d.tmp", final, time.Now().UnixNano())
	defer os.Remove(tmp)
	if err := write(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, final)
}
