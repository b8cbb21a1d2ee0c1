package probe

import (
	"context"
	"errors"
	"net"
)

func (w *walk) hosts() []string { return append([]string{w.target.Host}, w.target.Aliases...) }

// names of the hosts must have addresses. A resolver that does not answer says nothing
// about a name.
func (w *walk) names() error {
	if !w.target.DNS {
		return nil
	}
	lookup := w.Lookup
	if lookup == nil {
		lookup = net.DefaultResolver.LookupHost
	}
	for _, host := range w.hosts() {
		ctx, cancel := context.WithTimeout(w.ctx, patience)
		_, err := lookup(ctx, host)
		cancel()
		var answer *net.DNSError
		if errors.As(err, &answer) && answer.IsNotFound {
			return at(DNS, "the name %s has no address", host)
		}
	}
	return nil
}

// login as the app: its own sessions may be older than a change that keeps new ones out.
func (w *walk) login() error {
	if w.target.Login == nil {
		return nil
	}
	if err := w.target.Login(w.ctx); err != nil && !errors.Is(err, ErrNotTold) {
		return at(Database, "the database does not let the app in: %w", err)
	}
	return nil
}
