package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// TeardownKind is what takes an Organisation out of service.
type TeardownKind string

// The kinds. They are counted together: both silence an NGO.
const (
	TeardownDelete  TeardownKind = "teardown"
	TeardownSuspend TeardownKind = "suspension"
)

// TeardownWindow is how far back the breaker counts, as an SQL interval.
const TeardownWindow = "10 minutes"

// Teardown asks whether an Organisation may be taken out of service now.
type Teardown struct {
	Installation string
	Identity     string
	Kind         TeardownKind
	// FleetSize is how many Organisations the installation has on this server.
	FleetSize int
	// HoldAll holds it whatever the count, because the kind itself is being deleted.
	HoldAll bool
}

// Verdict is the breaker's answer.
type Verdict struct {
	Held    bool
	Message string // what a person needs to know; empty unless Held
}

// TeardownLimit is how many may be taken out of service in TeardownWindow:
// 5 % of the fleet, and at least 3.
func TeardownLimit(fleetSize int) int { return max(3, fleetSize/20) }

// AdmitTeardown counts a teardown or suspension and says whether it may go on. The
// first answer stands: who was admitted stays so until it is back in service, who was
// held stays held until a person confirms it. The state is in the ledger, so that a
// restart of the operator changes nothing.
func (s *Server) AdmitTeardown(ctx context.Context, teardown Teardown) (Verdict, error) {
	answered, verdict, err := s.answered(ctx, teardown)
	if answered || err != nil {
		return verdict, err
	}
	err = s.transact(ctx, "counting a teardown of "+teardown.Identity, func(ctx context.Context, tx pgx.Tx) error {
		if err := lockClaims(ctx, tx); err != nil {
			return err
		}
		answered, verdict, err = answerOf(ctx, tx, teardown)
		if answered || err != nil {
			return err
		}
		verdict, err = count(ctx, tx, teardown)
		return err
	})
	return verdict, err
}

// answered looks for the first answer without a transaction, so that waiting for a
// person's word writes nothing.
func (s *Server) answered(ctx context.Context, teardown Teardown) (answered bool, verdict Verdict, err error) {
	err = s.ask(ctx, "looking for a teardown of "+teardown.Identity, askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		answered, verdict, err = answerOf(ctx, conn, teardown)
		return err
	})
	return answered, verdict, err
}

func answerOf(ctx context.Context, on querier, teardown Teardown) (answered bool, verdict Verdict, err error) {
	var held bool
	err = on.QueryRow(ctx, `SELECT held AND NOT confirmed FROM ledger.teardown
		WHERE installation = $1 AND identity = $2 AND kind = $3`,
		teardown.Installation, teardown.Identity, teardown.Kind).Scan(&held)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, verdict, nil
	}
	if held {
		verdict = Verdict{Held: true, Message: teardown.heldMessage()}
	}
	return true, verdict, err
}

// count admits or holds a teardown that is asked for the first time.
func count(ctx context.Context, tx pgx.Tx, teardown Teardown) (Verdict, error) {
	var recent int
	err := tx.QueryRow(ctx, `SELECT count(DISTINCT identity) FROM ledger.teardown
		WHERE installation = $1 AND identity <> $2 AND at > now() - $3::text::interval`,
		teardown.Installation, teardown.Identity, TeardownWindow).Scan(&recent)
	if err != nil {
		return Verdict{}, err
	}
	held := teardown.HoldAll || recent >= TeardownLimit(teardown.FleetSize)
	_, err = tx.Exec(ctx, "INSERT INTO ledger.teardown (installation, identity, kind, held) VALUES ($1, $2, $3, $4)",
		teardown.Installation, teardown.Identity, teardown.Kind, held)
	if err != nil {
		return Verdict{}, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM ledger.teardown d WHERE at < now() - interval '30 days' AND NOT held
		AND NOT EXISTS (SELECT FROM ledger.tenant t WHERE t.identity = d.identity)`)
	if err != nil || !held {
		return Verdict{}, err
	}
	return Verdict{Held: true, Message: teardown.heldMessage()}, nil
}

func (t Teardown) heldMessage() string {
	if t.HoldAll {
		return "the Organisation kind itself is being deleted, so every teardown waits for a person to confirm it"
	}
	return fmt.Sprintf("more than %d Organisations were taken out of service within %s, so this %s waits for a person to confirm it",
		TeardownLimit(t.FleetSize), TeardownWindow, t.Kind)
}

// ConfirmTeardown lets a held teardown go on, because a person said so. Confirming
// before it was held counts, too.
func (s *Server) ConfirmTeardown(ctx context.Context, installation, identity string, kind TeardownKind) error {
	return s.transact(ctx, "confirming a teardown of "+identity, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO ledger.teardown AS d (installation, identity, kind, held, confirmed)
			VALUES ($1, $2, $3, false, true) ON CONFLICT (installation, identity, kind)
			DO UPDATE SET confirmed = true WHERE NOT d.confirmed`, installation, identity, kind)
		return err
	})
}

// WithdrawTeardown forgets a teardown that is no longer wanted, for example a
// suspension that was held and taken back.
func (s *Server) WithdrawTeardown(ctx context.Context, installation, identity string, kind TeardownKind) error {
	return s.transact(ctx, "withdrawing a teardown of "+identity, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM ledger.teardown WHERE installation = $1 AND identity = $2 AND kind = $3",
			installation, identity, kind)
		return err
	})
}
