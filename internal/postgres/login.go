package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
)

// TryLogin logs in as a tenant would and leaves again. ErrLoginRefused means that the
// server answered and refused: wrong password, login off, or no right to connect.
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
	case "28000", "28P01", "42501", "3D000", "53300", "55000":
		s.breaker.answered()
		return fmt.Errorf("role %s in database %s on server %s: %w (SQLSTATE %s)", role, database, s.name, ledger.ErrLoginRefused, code)
	}
	return s.judge(ctx, "logging in as "+role, err)
}
