package postgres

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
)

// Expect makes every session look for one of the given ledgers first, by UUID: on a
// server with another one, or with none, every question is an OtherLedgerError. Without
// a UUID nothing changes: what was expected once is never forgotten. Sessions that are
// open end when their work is done.
func (s *Server) Expect(ledgers ...string) {
	expected := slices.DeleteFunc(slices.Clone(ledgers), func(uuid string) bool { return uuid == "" })
	s.known.Lock()
	defer s.known.Unlock()
	if len(expected) == 0 || slices.Equal(expected, s.known.ledgers) {
		return
	}
	s.known.ledgers = expected
	s.pool.Reset()
}

func (s *Server) accepted() []string {
	s.known.Lock()
	defer s.known.Unlock()
	return s.known.ledgers
}

// welcome prepares a new session: it may lead elsewhere than the one before.
func (s *Server) welcome(ctx context.Context, conn *pgx.Conn) error {
	if err := s.recognise(ctx, conn); err != nil {
		return err
	}
	return s.showLife(ctx, conn)
}

func (s *Server) recognise(ctx context.Context, conn *pgx.Conn) error {
	accepted := s.accepted()
	if len(accepted) == 0 {
		return nil
	}
	found, err := ledgerOf(ctx, conn)
	if err != nil || slices.Contains(accepted, found) {
		return err
	}
	return &ledger.OtherLedgerError{Server: s.name, Expected: accepted[0], Found: found}
}

// ledgerOf is the UUID of the ledger that a session finds; "" if there is none.
func ledgerOf(ctx context.Context, conn *pgx.Conn) (string, error) {
	var uuid string
	err := conn.QueryRow(ctx, "SELECT uuid::text FROM ledger.version").Scan(&uuid)
	switch code := sqlState(err); {
	case errors.Is(err, pgx.ErrNoRows), code == "3F000", code == "42P01", code == "42703": // no row, schema, table, column
		return "", nil
	}
	return uuid, err
}
