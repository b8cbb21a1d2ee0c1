package postgres

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
)

// runsKept is how many runs of a kind the ledger remembers.
const runsKept = 20

// RecordKey notes the fingerprint of the tenant's keys when there is none yet, and
// returns ErrKeyMismatch when there is another.
func (s *Server) RecordKey(ctx context.Context, ref ledger.Ref, fingerprint string) error {
	return s.record(ctx, "recording the key of "+ref.Identity, ref, func(ctx context.Context, tx pgx.Tx, found ledger.Row) error {
		switch found.KeyFingerprint {
		case fingerprint:
			return nil
		case "":
			_, err := tx.Exec(ctx, "UPDATE ledger.tenant SET key_fingerprint = $2 WHERE identity = $1", ref.Identity, fingerprint)
			return err
		}
		return fmt.Errorf("database %s: %w", found.Database, ledger.ErrKeyMismatch)
	})
}

// RecordBootstrap notes how far the first filling got: Bootstrapping before the
// command starts, Bootstrapped when it succeeded. Bootstrapped is never taken back
// (ErrBootstrapped), and a database that is being rebuilt is not bootstrapped (ErrStale).
func (s *Server) RecordBootstrap(ctx context.Context, ref ledger.Ref, state ledger.BootstrapState) error {
	return s.record(ctx, "recording the bootstrap of "+ref.Identity, ref, func(ctx context.Context, tx pgx.Tx, found ledger.Row) error {
		switch {
		case state != ledger.Bootstrapping && state != ledger.Bootstrapped:
			return fmt.Errorf("a bootstrap cannot be recorded as %q", state)
		case found.Bootstrap == state:
			return nil
		case found.Bootstrap == ledger.Bootstrapped:
			return ledger.ErrBootstrapped
		case found.Bootstrap == ledger.Rebuilding:
			return ledger.ErrStale
		}
		_, err := tx.Exec(ctx, "UPDATE ledger.tenant SET bootstrap = $2 WHERE identity = $1", ref.Identity, state)
		return err
	})
}

// RecordAdmin notes that the command of that digest replaced the password that the
// seed publishes, and when, by the server's clock.
func (s *Server) RecordAdmin(ctx context.Context, ref ledger.Ref, digest string) error {
	return s.record(ctx, "recording the admin password of "+ref.Identity, ref, func(ctx context.Context, tx pgx.Tx, found ledger.Row) error {
		if found.AdminDigest == digest {
			return nil
		}
		_, err := tx.Exec(ctx, "UPDATE ledger.tenant SET admin_digest = $2, admin_at = now() WHERE identity = $1", ref.Identity, digest)
		return err
	})
}

// RecordRun notes how a command stands: started before its Job exists, its outcome
// before the Job may go. Run.At is set by the server. A message is cut at 1,024 bytes.
func (s *Server) RecordRun(ctx context.Context, ref ledger.Ref, run ledger.Run) error {
	return s.record(ctx, "recording a run of "+ref.Identity, ref, func(ctx context.Context, tx pgx.Tx, _ ledger.Row) error {
		_, err := tx.Exec(ctx, `INSERT INTO ledger.run AS r (identity, kind, digest, state, message) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (identity, kind, digest) DO UPDATE SET state = excluded.state, message = excluded.message, at = now()
			WHERE (r.state, r.message) IS DISTINCT FROM (excluded.state, excluded.message)`,
			ref.Identity, run.Kind, run.Digest, run.State, cut(run.Message, 1024))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM ledger.run WHERE identity = $1 AND kind = $2 AND digest IN (
			SELECT digest FROM ledger.run WHERE identity = $1 AND kind = $2 ORDER BY at DESC, digest OFFSET $3)`,
			ref.Identity, run.Kind, runsKept)
		return err
	})
}

// record writes to a row that is as ref says.
func (s *Server) record(ctx context.Context, doing string, ref ledger.Ref, write func(context.Context, pgx.Tx, ledger.Row) error) error {
	return s.transact(ctx, doing, func(ctx context.Context, tx pgx.Tx) error {
		found, err := current(ctx, tx, ref)
		if err != nil {
			return err
		}
		return write(ctx, tx, *found)
	})
}

// cut shortens text to at most limit bytes of whole, valid characters.
func cut(text string, limit int) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
	for len(text) > limit {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}
