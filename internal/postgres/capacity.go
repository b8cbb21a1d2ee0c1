package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/glific/organisation-operator/internal/ledger"
)

// selectCapacity counts without the identity $1, whose grant is being decided.
// reserved_connections exists from PostgreSQL 16 on.
const selectCapacity = `SELECT current_setting('max_connections')::int,
	current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true)::int, 0) + $2::int,
	(SELECT coalesce(sum(connection_limit + $3::int), 0)::int FROM ledger.tenant
		WHERE state IN ('active', 'suspended') AND identity <> $1)`

func capacity(ctx context.Context, on querier, without string) (ledger.Capacity, error) {
	var c ledger.Capacity
	err := on.QueryRow(ctx, selectCapacity, without, Reserve, ledger.OperatorShare).Scan(&c.MaxConnections, &c.Reserved, &c.Granted)
	return c, err
}

// Capacity is the server's connection budget now.
func (s *Server) Capacity(ctx context.Context) (ledger.Capacity, error) {
	var c ledger.Capacity
	err := s.ask(ctx, "looking for connections to spare", askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		var err error
		c, err = capacity(ctx, conn, "")
		return err
	})
	return c, err
}

// afford refuses a limit for which the server has no connections left. The caller
// holds the claim lock.
func (s *Server) afford(ctx context.Context, tx pgx.Tx, identity string, limit int) error {
	c, err := capacity(ctx, tx, identity)
	if err != nil {
		return err
	}
	if c.Fits(limit) < 1 {
		return &ledger.BudgetError{Server: s.name, Wanted: limit, Capacity: c}
	}
	return nil
}
