package postgrestest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Superuser is the name of the superuser of every private server.
const Superuser = "postgres"

// Options say what kind of server is wanted.
type Options struct {
	Major          int               // Newest without it
	TLS            bool              // a certificate of its own; only TLS is accepted
	MaxConnections int               // 200 without it
	Settings       map[string]string // of postgresql.conf
	// Directory keeps the cluster for the next Start; without it, it is temporary.
	Directory string
}

// Server is a private server. Its data is gone when it is stopped, unless it has a
// Directory that is kept.
type Server struct {
	Host      string // "localhost"; the certificate carries it and 127.0.0.1
	Port      uint16
	Password  string // of Superuser
	CA        []byte // PEM of the authority that signed the certificate; empty without TLS
	Directory string // data, log, certificate

	options Options
	bin     string
	owner   *owner
	process *process
	lock    *os.File // on a temporary Directory
}

// New starts a server for one test and stops it at its end.
func New(t testing.TB, options Options) *Server {
	t.Helper()
	server, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Errorf("stopping PostgreSQL: %v", err)
		}
	})
	return server
}

// Start makes a new cluster in a temporary directory and returns when it answers. The
// caller stops it; it also ends when the calling process dies.
func Start(ctx context.Context, options Options) (*Server, error) {
	if options.Major == 0 {
		options.Major = Newest
	}
	if options.MaxConnections == 0 {
		options.MaxConnections = 200
	}
	s := &Server{Host: "localhost", Password: rand.Text(), options: options}
	if err := s.create(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("starting PostgreSQL %d: %w", options.Major, err), s.Stop())
	}
	if err := s.Resume(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// create makes the directory and the cluster in it.
func (s *Server) create(ctx context.Context) error {
	bin, err := Find(ctx, s.options.Major)
	if err != nil {
		return err
	}
	if s.owner, err = clusterOwner(); err != nil {
		return err
	}
	if s.bin, err = s.owner.reach(ctx, bin); err != nil {
		return err
	}
	if s.Directory, s.lock, err = s.owner.directory(s.options.Directory); err != nil {
		return err
	}
	if err := s.initdb(ctx); err != nil {
		return err
	}
	if s.options.TLS {
		if s.CA, err = writeCertificate(s.owner, s.Directory); err != nil {
			return err
		}
	}
	return s.owner.write(filepath.Join(s.data(), "pg_hba.conf"), []byte(s.hba()))
}

func (s *Server) data() string { return filepath.Join(s.Directory, "data") }

func (s *Server) hba() string {
	kind := "host"
	if s.options.TLS {
		kind = "hostssl"
	}
	return kind + " all all 127.0.0.1/32 scram-sha-256\n" + kind + " replication all 127.0.0.1/32 scram-sha-256\n"
}

// initdb makes the cluster, unless it is there from an earlier Start.
func (s *Server) initdb(ctx context.Context) error {
	password := filepath.Join(s.Directory, "password")
	if _, err := os.Stat(filepath.Join(s.data(), "PG_VERSION")); err == nil {
		kept, err := os.ReadFile(password)
		s.Password = strings.TrimSpace(string(kept))
		return err
	}
	if err := s.owner.write(password, []byte(s.Password+"\n")); err != nil {
		return err
	}
	out, err := s.owner.command(ctx, filepath.Join(s.bin, "initdb"), "-D", s.data(), "-U", Superuser, "--pwfile", password,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

// arguments of the postmaster. A commit survives a crash of the
// server, but not of the machine: fsync is slow and proves nothing here.
func (s *Server) arguments() []string {
	settings := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    strconv.Itoa(int(s.Port)),
		"unix_socket_directories": "",
		"max_connections":         strconv.Itoa(s.options.MaxConnections),
		"fsync":                   "off",
		"full_page_writes":        "off",
		"shared_buffers":          "64MB",
		"max_wal_size":            "256MB",
		"autovacuum":              "off",
		"lc_messages":             "C",
		"log_statement":           "all",
	}
	if s.options.TLS {
		settings["ssl"] = "on"
		settings["ssl_cert_file"] = filepath.Join(s.Directory, "server.crt")
		settings["ssl_key_file"] = filepath.Join(s.Directory, "server.key")
	}
	for name, value := range s.options.Settings {
		settings[name] = value
	}
	arguments := []string{"-D", s.data()}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		arguments = append(arguments, "-c", name+"="+settings[name])
	}
	return arguments
}

// DSN is the superuser's way into a database.
func (s *Server) DSN(database string) string { return s.DSNAs(Superuser, s.Password, database) }

// DSNAs is a role's way into a database.
func (s *Server) DSNAs(role, password, database string) string {
	query := url.Values{"sslmode": {"disable"}}
	if s.options.TLS {
		query = url.Values{"sslmode": {"verify-full"}, "sslrootcert": {filepath.Join(s.Directory, "ca.crt")}}
	}
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(role, password), Path: "/" + database, RawQuery: query.Encode(),
		Host: net.JoinHostPort(s.Host, strconv.Itoa(int(s.Port))),
	}
	return u.String()
}

// Log is what the server logged so far: every statement, among others.
func (s *Server) Log() (string, error) {
	content, err := os.ReadFile(filepath.Join(s.Directory, "log"))
	return string(content), err
}

// Halt stops the server at once, as a crash does, and keeps its data for Resume.
func (s *Server) Halt() error {
	if s.process == nil {
		return nil
	}
	err := s.process.quit()
	s.process = nil
	return err
}

// Resume starts a halted server again, on the same port.
func (s *Server) Resume(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		if s.Port == 0 {
			port, err := freePort()
			if err != nil {
				return err
			}
			s.Port = port
		}
		var err error
		s.process, err = s.owner.launch(ctx, s.Directory, filepath.Join(s.bin, "postgres"), s.arguments()...)
		if err == nil {
			return nil
		}
		// Somebody else may have taken the port between looking and listening.
		if attempt == 3 || !strings.Contains(err.Error(), "could not bind") {
			return fmt.Errorf("starting PostgreSQL %d: %w", s.options.Major, err)
		}
		s.Port = 0
	}
}

// Stop halts the server and removes its directory, if it is temporary.
func (s *Server) Stop() error {
	err := s.Halt()
	if s.Directory == "" || s.options.Directory != "" {
		return err
	}
	err = errors.Join(err, os.RemoveAll(s.Directory))
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
		s.lock = nil
	}
	return err
}

func freePort() (uint16, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("looking for a free port: %w", err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return 0, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	return uint16(number), errors.Join(err, listener.Close())
}
