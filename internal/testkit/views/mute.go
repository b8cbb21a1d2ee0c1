package views

import (
	"net"
	"testing"

	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// Mute lets the ledger answer no write, though it answered what was read: whatever an
// Actor would write shows at once as ServerUnreachable, and what it would not, does not.
func Mute(t testing.TB) Option {
	t.Helper()
	config := postgres.Config{Host: "127.0.0.1", Port: closedPort(t), Username: "u", Password: "p", SSLMode: postgres.Disable}
	server, err := postgres.Open(Server, config, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return Snapshot(func(s *snapshot.Snapshot) { s.Ledger.Connection = server })
}

// closedPort is one on which nobody listens.
func closedPort(t testing.TB) uint16 {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return uint16(listener.Addr().(*net.TCPAddr).Port) //nolint:gosec // ports have 16 bits
}
