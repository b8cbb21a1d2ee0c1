// Package postgrestest runs a private PostgreSQL for tests and for the demo: real
// binaries, a directory of its own, a free port on loopback, no trust in anybody.
//
//	server := postgrestest.New(t, postgrestest.Options{Major: postgrestest.Newest})
//	conn, err := pgx.Connect(ctx, server.DSN("postgres"))
//
// PostgreSQL refuses to run as root; then it runs as the user postgres or nobody.
package postgrestest
