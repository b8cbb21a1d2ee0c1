package postgres

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// SSLMode says how a connection to a server is protected.
type SSLMode string

// The modes. Whatever lies between them encrypts without knowing to whom.
const (
	// VerifyFull checks the certificate's chain and its name; the zero value means it too.
	VerifyFull SSLMode = "verify-full"
	// Disable sends everything in the clear: only for loopback or a mesh that encrypts.
	Disable SSLMode = "disable"
)

// Config says where a server is and how the operator logs in.
type Config struct {
	Host     string // name or address; with VerifyFull the certificate must carry it
	Port     uint16 // 0 means 5432
	Username string
	Password string
	SSLMode  SSLMode
	CA       []byte // authorities in PEM; empty means the machine's own
}

// Equal reports whether both lead to the same sessions.
func (c Config) Equal(other Config) bool {
	return c.Host == other.Host && c.port() == other.port() &&
		c.Username == other.Username && c.Password == other.Password &&
		c.sslMode() == other.sslMode() && bytes.Equal(c.CA, other.CA)
}

func (c Config) port() uint16 {
	if c.Port == 0 {
		return 5432
	}
	return c.Port
}

func (c Config) sslMode() SSLMode {
	if c.SSLMode == "" {
		return VerifyFull
	}
	return c.SSLMode
}

// How long things may take. A statement is cut by the server first; the client's
// own limits catch a server that hangs.
const (
	connectTimeout   = 5 * time.Second
	askTimeout       = 15 * time.Second
	databaseTimeout  = 2 * time.Minute
	statementTimeout = "60s"
	lockTimeout      = "10s"
	idleTimeout      = "30s"
)

// applicationName is what administrators see in pg_stat_activity.
const applicationName = "organisation-operator"

// blankSettings names everything that would otherwise be taken from the environment;
// connection then replaces it.
const blankSettings = "host=127.0.0.1 port=5432 user=x password=x dbname=x sslmode=disable target_session_attrs=any"

// connection returns the settings of a session in the named database. They come
// from Config alone: PGHOST and its like, service files and .pgpass are overruled.
func (c Config) connection(database string) (*pgx.ConnConfig, error) {
	conn, err := pgx.ParseConfig(blankSettings)
	if err != nil {
		return nil, fmt.Errorf("preparing a connection: %w", err)
	}
	conn.Host, conn.Port = c.Host, c.port()
	conn.User, conn.Password, conn.Database = c.Username, c.Password, database
	conn.Fallbacks = nil
	conn.ConnectTimeout = connectTimeout
	conn.RuntimeParams = sessionParameters()
	// A standby answers reads with yesterday's truth; it must not be asked.
	conn.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	conn.TLSConfig, err = c.tls()
	return conn, err
}

// sessionParameters pin what a tenant could otherwise influence: without a fixed
// search_path, an operator planted in a tenant's schema runs with our rights.
func sessionParameters() map[string]string {
	return map[string]string{
		"search_path":                         "pg_catalog",
		"application_name":                    applicationName,
		"client_encoding":                     "UTF8",
		"statement_timeout":                   statementTimeout,
		"lock_timeout":                        lockTimeout,
		"idle_in_transaction_session_timeout": idleTimeout,
	}
}

func (c Config) tls() (*tls.Config, error) {
	switch c.sslMode() {
	case Disable:
		return nil, nil
	case VerifyFull:
	default:
		return nil, fmt.Errorf("sslmode %q is not supported: use %s or %s", c.SSLMode, VerifyFull, Disable)
	}
	config := &tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12}
	if len(c.CA) == 0 {
		return config, nil
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(c.CA) {
		return nil, fmt.Errorf("the CA of database server %s holds no certificate in PEM", c.Host)
	}
	return config, nil
}
