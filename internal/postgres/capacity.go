package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Capacity is the connection budget of a server.
type Capacity struct {
	MaxConnections int // the server's max_connections
	Reserved       int // what the server and the operator keep back
	Granted        int // Σ(limit + OperatorShare) of active and suspended tenants
}

// Available is how many connections tenants can be granted in all.
func (c Capacity) Available() int { return max(0, c.MaxConnections-c.Reserved) }

// Free is how many connections are left to grant.
func (c Capacity) Free() int { return max(0, c.Available()-c.Granted) }

// Fits is how many more tenants of a limit could be placed.
func (c Capacity) Fits(limit int) int { return c.Free() / (limit + OperatorShare) }

// String is the budget in words.
func (c Capacity) String() string {
	return fmt.Sprintf("%d of %d connections granted, %d free", c.Granted, c.Available(), c.Free())
}

// Size is a named connection limit.
type Size struct {
	Name  string
	Limit int
}

// Words says for people what is granted and how many more of each size fit, for
// example "920 of 1987 connections granted; fits 46 more small, 18 more large".
func (c Capacity) Words(sizes []Size) string {
	words := fmt.Sprintf("%d of %d connections granted", c.Granted, c.Available())
	var fits []string
	for _, size := range sizes {
		fits = append(fits, fmt.Sprintf("%d more %s", c.Fits(size.Limit), size.Name))
	}
	if len(fits) > 0 {
		words += "; fits " + strings.Join(fits, ", ")
	}
	return words
}

// selectCapacity counts without the identity $1, whose grant is being decided.
// reserved_connections exists from PostgreSQL 16 on.
const selectCapacity = `SELECT current_setting('max_connections')::int,
	current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true)::int, 0) + $2::int,
	(SELECT coalesce(sum(connection_limit + $3::int), 0)::int FROM ledger.tenant
		WHERE state IN ('active', 'suspended') AND identity <> $1)`

func capacity(ctx context.Context, on querier, without string) (Capacity, error) {
	var c Capacity
	err := on.QueryRow(ctx, selectCapacity, without, Reserve, OperatorShare).Scan(&c.MaxConnections, &c.Reserved, &c.Granted)
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
		return &BudgetError{Server: s.name, Wanted: limit, Capacity: c}
	}
	return nil
}
