package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// pingTimeout is how long an answer to nothing may take.
const pingTimeout = 5 * time.Second

// Ping asks whether the server answers, and nothing else: ErrUnreachable means that it
// does not.
func (s *Server) Ping(ctx context.Context) error {
	return s.ask(ctx, "looking whether anybody answers", pingTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		return conn.Ping(ctx)
	})
}
