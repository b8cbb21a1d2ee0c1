package campaign

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/crash"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// subject is the one Organisation of a plan.
type subject struct {
	stage *stage
	name  string
	// identity of the data, once there is one.
	identity string
	// secrets are digests of the master keys and of the password on the server, as
	// they were first seen. They may go; they may not change.
	secrets map[string]string
	// keys are the values themselves, which nobody may see anywhere else.
	keys map[string][]byte
	// session of the tenant that was left open.
	session *pgx.Conn
}

// ending is what a plan came to.
type ending struct {
	// writes of the life that was to be ended.
	writes []string
	// struck is the write that the fault hit; "" if there was none.
	struck string
	// world is the end state, normalised.
	world string
}

// play carries a workflow out under a fault.
func (s *stage) play(ctx context.Context, w workflow, fault crash.Fault) (end ending, err error) {
	s.plans++
	sub := &subject{stage: s, name: fmt.Sprintf("ngo-%d", s.plans), secrets: map[string]string{}}
	defer func() { err = errors.Join(err, sub.leave(ctx)) }()
	if err := sub.live(ctx, w.before); err != nil {
		return end, fmt.Errorf("before the workflow: %w", err)
	}
	return sub.survive(ctx, w.acts, fault)
}

// live carries acts out in one undisturbed life.
func (s *subject) live(ctx context.Context, acts []act) error {
	_, err := s.survive(ctx, acts, crash.Fault{})
	return err
}

// survive carries acts out; the life that the fault ends is followed by another.
func (s *subject) survive(ctx context.Context, acts []act, fault crash.Fault) (end ending, err error) {
	op, err := s.stage.operator(ctx, fault)
	if err != nil {
		return end, err
	}
	first := op.Life
	defer func() { op.Stop() }()
	for _, act := range acts {
		if err := act(ctx, s); err != nil {
			return end, err
		}
		err := settle(ctx, op)
		if errors.Is(err, crash.ErrKilled) {
			if op, err = s.again(ctx, op); err != nil {
				return end, err
			}
			err = settle(ctx, op)
		}
		if err != nil {
			return end, err
		}
	}
	end.writes = first.Writes()
	end.struck, _ = first.Struck()
	if err := s.remember(ctx); err != nil {
		return end, err
	}
	end.world, err = s.describe(ctx, op)
	return end, err
}

// again begins the life after the one that ended.
func (s *subject) again(ctx context.Context, ended *lane.Operator) (*lane.Operator, error) {
	ended.Stop()
	if err := s.remember(ctx); err != nil {
		return ended, err
	}
	return s.stage.operator(ctx, crash.Fault{})
}

// patience is how often an operator may come to rest with an error before that counts:
// a manager would try again as well.
const patience = 3

func settle(ctx context.Context, op *lane.Operator) (err error) {
	for range patience {
		if err = op.Settle(ctx); err == nil || errors.Is(err, crash.ErrKilled) {
			return err
		}
	}
	return err
}

// leave closes what is open and clears the stage.
func (s *subject) leave(ctx context.Context) error {
	if s.session != nil {
		_ = s.session.Close(ctx)
	}
	return s.stage.clear(ctx, s.name)
}

// master reads the master copy of the keys; nil if there is none.
func (s *subject) master(ctx context.Context) (*corev1.Secret, error) {
	secret := &corev1.Secret{}
	err := s.stage.lane.Admin.Get(ctx, client.ObjectKey{Namespace: lane.Namespace, Name: names.Keys(s.identity)}, secret)
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	return secret, err
}

// remember compares every secret that exists now with what it was when first seen.
func (s *subject) remember(ctx context.Context) error {
	now := map[string]string{}
	master, err := s.master(ctx)
	if err != nil {
		return err
	}
	if master != nil {
		s.keys = maps.Clone(master.Data)
		for key, value := range master.Data {
			now["master key "+key] = digest(value)
		}
	}
	passwords, err := column(ctx, s.stage.ledger, `SELECT rolpassword FROM pg_authid a JOIN ledger.tenant t ON t.login_role = a.rolname
		WHERE t.identity = $1 AND rolpassword IS NOT NULL`, s.identity)
	if err != nil {
		return err
	}
	for _, verifier := range passwords {
		now["password on the server"] = digest([]byte(verifier))
	}
	for name, value := range now {
		if known, ok := s.secrets[name]; ok && known != value {
			return fmt.Errorf("%s has changed", name)
		}
		s.secrets[name] = value
	}
	return nil
}

func digest(value []byte) string {
	sum := sha256.Sum256(value)
	return hex.EncodeToString(sum[:])
}

// logIn opens a session with the tenant's own credentials.
func (s *subject) logIn(ctx context.Context) error {
	master, err := s.master(ctx)
	if err != nil || master == nil {
		return errors.Join(err, errors.New("logging in: there are no keys"))
	}
	keys, err := keyring.Parse(master.Data)
	if err != nil {
		return err
	}
	database := names.Database(s.name, s.identity, 1)
	config, err := pgx.ParseConfig(s.stage.lane.Postgres.DSN(database))
	if err != nil {
		return err
	}
	config.User, config.Password = database, keys.DatabasePassword()
	if s.session, err = pgx.ConnectConfig(ctx, config); err != nil {
		return fmt.Errorf("logging in as the tenant: %w", err)
	}
	return nil
}
