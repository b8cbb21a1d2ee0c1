package task

import (
	"net"
	"testing"
)

// closedPort is a port on which nobody listens.
func closedPort(t testing.TB) uint16 {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return uint16(listener.Addr().(*net.TCPAddr).Port) //nolint:gosec // ports have 16 bits
}
