package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
)

// TryLogin logs in as a tenant would and leaves again. ErrLoginRefused means that the
// server answered and refused: ErrWrongPassword, ErrNoConnectionLeft, login off, or no
// right to connect.
// Whatever else goes wrong is no failure of the server's: a tenant can set a password
// that takes longer to check than anybody waits, and its neighbours must not pay for it.
func (s *Server) TryLogin(ctx context.Context, database, role, password string) error {
	settings, err := s.session(database)
	if err != nil {
		return err
	}
	settings.User, settings.Password = role, password
	// A tenant that makes its own sessions read-only says nothing about the server.
	settings.ValidateConnect = nil
	if err := s.breaker.allow(); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	conn, err := pgx.ConnectConfig(limited, settings)
	if err == nil {
		err = conn.Close(context.WithoutCancel(limited))
	}
	switch code := sqlState(err); code {
	case "28P01", "28000", "42501", "3D000", "53300", "55000":
		refusal := ledger.ErrLoginRefused
		switch code {
		case "28P01":
			refusal = ledger.ErrWrongPassword
		case "53300":
			refusal = ledger.ErrNoConnectionLeft
		}
		s.breaker.answered()
		return fmt.Errorf("role %s in database %s on server %s: %w (SQLSTATE %s)", role, database, s.name, refusal, code)
	}
	if reason := unreachableReason(err); reason != "" && ctx.Err() == nil {
		s.breaker.abandoned()
		return &ledger.UnreachableError{Server: s.name, Reason: reason, Cause: err}
	}
	return s.judge(ctx, "logging in as "+role, err)
}
