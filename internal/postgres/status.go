package postgres

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/glific/organisation-operator/internal/ledger"
)

// Capability is something a server allows the operator beyond what tenants need.
type Capability string

// The capabilities.
const (
	// CapabilityTLS: sessions are encrypted and the server proved who it is.
	CapabilityTLS Capability = "TLS"
	// CapabilityReservedConnections: reserved_connections is set, so that the
	// operator's role gets in even if others overstep the budget (PostgreSQL 16).
	CapabilityReservedConnections Capability = "ReservedConnections"
	// CapabilityTempFileLimit: a tenant's temporary files are bounded.
	CapabilityTempFileLimit Capability = "TempFileLimit"
	// CapabilityTrgm and CapabilityUUID: the trusted extensions that Glific needs.
	CapabilityTrgm Capability = "pg_trgm"
	CapabilityUUID Capability = "uuid-ossp"
)

// Status is what a server is like, for the status of its DatabaseServer.
type Status struct {
	Version       string // for example "15.18"
	VersionNumber int    // for example 150018
	// LeastPrivilege: the operator's role can do what it must and nothing more.
	LeastPrivilege bool
	Excess         []string // what it can do beyond; completes "the role …"
	// Unsuitable names mandatory defences that are missing, with the cure: no first
	// tenant may be placed here.
	Unsuitable []string
	// Weaknesses names what should be better, with the cure.
	Weaknesses   []string
	Capabilities []Capability
	Capacity     ledger.Capacity
	Tenants      int    // rows that have, or may have, a database
	Ledger       string // UUID of the ledger
}

//go:embed inspect.sql
var selectStatus string

// facts of a server, in the order of inspect.sql.
type serverFacts struct {
	version                                           string
	number                                            int
	createDB, utf8, encrypted, reserved, tempFilesCap bool
	excess, open, trusted                             []string
	tenants                                           int
	ledger                                            string
}

// Inspect asks what the server is like. It needs the ledger: see EnsureLedger. A
// standby, or a server that is read-only, is ErrUnreachable.
func (s *Server) Inspect(ctx context.Context) (Status, error) {
	var (
		facts  serverFacts
		budget ledger.Capacity
	)
	err := s.ask(ctx, "inspecting", askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		err := conn.QueryRow(ctx, selectStatus).Scan(&facts.version, &facts.number, &facts.createDB, &facts.excess,
			&facts.open, &facts.utf8, &facts.encrypted, &facts.reserved, &facts.tempFilesCap, &facts.trusted, &facts.tenants, &facts.ledger)
		if err != nil {
			return err
		}
		budget, err = capacity(ctx, conn, "")
		return err
	})
	if err != nil {
		return Status{}, err
	}
	trusting, err := s.trustsAnybody(ctx)
	if err != nil {
		return Status{}, err
	}
	status := facts.status(s.config)
	status.Capacity = budget
	if trusting {
		status.Unsuitable = append(status.Unsuitable, "it accepts any password: pg_hba.conf must ask for scram-sha-256")
	}
	return status, nil
}

// status judges the facts.
func (f serverFacts) status(config Config) Status {
	// "15.18 (Debian 15.18-0+deb12u1)" is 15.18 to everybody but Debian.
	version, _, _ := strings.Cut(f.version, " ")
	return Status{
		Version: version, VersionNumber: f.number, Tenants: f.tenants, Ledger: f.ledger,
		LeastPrivilege: len(f.excess) == 0, Excess: f.excess,
		Unsuitable: f.unsuitable(config), Weaknesses: f.weaknesses(), Capabilities: f.capabilities(),
	}
}

func (f serverFacts) unsuitable(config Config) []string {
	var missing []string
	if f.number < 150000 {
		missing = append(missing, "PostgreSQL 15 or newer is needed")
	}
	if !f.createDB {
		missing = append(missing, fmt.Sprintf("role %s may not create databases: ALTER ROLE %s CREATEDB",
			config.Username, identifier(config.Username)))
	}
	if !f.utf8 {
		missing = append(missing, "its locale does not allow databases in UTF8: initialise it with a UTF-8 locale")
	}
	return missing
}

func (f serverFacts) weaknesses() []string {
	var weak []string
	for _, database := range f.open {
		weak = append(weak, fmt.Sprintf("tenants may connect to database %s: REVOKE CONNECT ON DATABASE %s FROM PUBLIC",
			database, identifier(database)))
	}
	if !f.encrypted {
		weak = append(weak, "connections are not encrypted: offer TLS and set tls.mode to VerifyFull")
	}
	return weak
}

func (f serverFacts) capabilities() []Capability {
	var able []Capability
	add := func(has bool, capability Capability) {
		if has {
			able = append(able, capability)
		}
	}
	add(f.encrypted, CapabilityTLS)
	add(f.reserved, CapabilityReservedConnections)
	add(f.tempFilesCap, CapabilityTempFileLimit)
	add(slices.Contains(f.trusted, "pg_trgm"), CapabilityTrgm)
	add(slices.Contains(f.trusted, "uuid-ossp"), CapabilityUUID)
	return able
}

// trustsAnybody tries a password that cannot be right, once in the life of a Server:
// where it is accepted, every pod could log in as every tenant.
func (s *Server) trustsAnybody(ctx context.Context) (bool, error) {
	s.trust.Lock()
	defer s.trust.Unlock()
	if s.trust.asked {
		return s.trust.anybody, nil
	}
	err := s.TryLogin(ctx, ledgerDatabase, s.config.Username, rand.Text())
	switch {
	case err == nil:
		s.trust.anybody = true
	case !errors.Is(err, ledger.ErrLoginRefused):
		return false, err
	}
	s.trust.asked = true
	return s.trust.anybody, nil
}
