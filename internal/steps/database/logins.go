package database

import (
	"context"
	"errors"
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/step"
)

// loginEvery is how long a login as a tenant proves that its password is right.
const loginEvery = 5 * time.Minute

// Logins remembers when a login as each tenant was tried last. Only a login shows that
// an app changed its own password, which every role may do: nobody but a superuser can
// read it, so the ledger cannot see it.
type Logins struct {
	Clock clock.PassiveClock

	mu    sync.Mutex
	tried map[string]time.Time
}

// due tells whether it is time to try, and notes that it is tried now.
func (l *Logins) due(identity string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.Clock.Now()
	if last, known := l.tried[identity]; known && now.Sub(last) < loginEvery {
		return false
	}
	if l.tried == nil {
		l.tried = map[string]time.Time{}
	}
	l.tried[identity] = now
	return true
}

func (l *Logins) forget(identity string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.tried, identity)
}

// login sets a password back from the master copy of the keys where the app has changed
// it. A refusal for another reason says nothing about the password, and what else can be
// wrong is seen without a login. A login that ends without an answer may be the
// password's fault, too (see TryLogin); sending the same verifier again does no harm.
func (s *Step) login(ctx context.Context, v step.View, keys keyring.Keyring) error {
	tenant := v.Live.Ledger.Tenant
	if s.Logins == nil || tenant.State != ledger.Active || !s.Logins.due(tenant.Identity) {
		return nil
	}
	server := v.Live.Ledger.Connection
	err := server.TryLogin(ctx, tenant.Database, tenant.LoginRole, keys.DatabasePassword())
	if err == nil || (errors.Is(err, ledger.ErrLoginRefused) && !errors.Is(err, ledger.ErrWrongPassword)) {
		return nil
	}
	return server.ResetPassword(ctx, tenant.Ref(), keys.DatabaseVerifier())
}
