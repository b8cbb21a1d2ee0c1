package database

import (
	"context"
	"sync"
	"time"

	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/step"
)

// Logins remembers which refused logins were answered with a reset of the password. Only
// a login, tried in the background (see internal/probe), shows that an app changed its
// own password, which every role may do: nobody but a superuser can read it, so the
// ledger cannot see it.
type Logins struct {
	mu       sync.Mutex
	answered map[string]time.Time
}

// news tells whether a refusal of that time was not answered yet, and notes that it is
// answered now.
func (l *Logins) news(identity string, refused time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.answered == nil {
		l.answered = map[string]time.Time{}
	}
	known := l.answered[identity].Equal(refused)
	l.answered[identity] = refused
	return !known
}

func (l *Logins) forget(identity string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.answered, identity)
}

// login sets a password back from the master copy of the keys where the app has changed
// it, once for each refusal. Sending the same verifier again does no harm, so it is sent
// for every refusal: a login that ends without an answer may be the password's fault, too
// (see TryLogin).
func (s *Step) login(ctx context.Context, v step.View, keys keyring.Keyring) error {
	tenant, reach := v.Live.Ledger.Tenant, v.Live.Reach.Standing
	if s.Logins == nil || tenant.State != ledger.Active || reach.Struck != probe.Database || !s.Logins.news(tenant.Identity, reach.Asked) {
		return nil
	}
	return v.Live.Ledger.Connection.ResetPassword(ctx, tenant.Ref(), keys.DatabaseVerifier())
}
