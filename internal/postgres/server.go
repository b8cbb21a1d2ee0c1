package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/glific/organisation-operator/internal/ledger"
)

const (
	// ledgerDatabase is the operator's own database on every server.
	ledgerDatabase = "organisation_operator"
	// poolSize bounds the operator's sessions in the ledger database.
	poolSize = 4
	// ddlSlots bounds how many of them make or drop databases at once; one session
	// stays free for reading. Each slot may hold one more session in a tenant's database.
	ddlSlots = 3
	// Reserve is how many connections of a server are kept out of every budget: for
	// the operator's own sessions (at most poolSize + ddlSlots) and for administrators.
	Reserve = 10
)

// Keys of advisory locks in the ledger database.
const (
	claimLock        = 0x6f7267616e697361 // "organisa": one claim at a time
	installationLock = 0x6f72676e         // "orgn": class of the sign-of-life locks
)

// Options are what a Server needs besides its Config.
type Options struct {
	// Installation is the UID of the namespace kube-system of this cluster. Every
	// session holds a shared lock of it as a sign of life for other installations.
	Installation string
	// Now is the clock of the circuit breaker; time.Now without it. Everything that
	// concerns data uses the clock of the database server.
	Now func() time.Time
	// Tracer sees every statement.
	Tracer pgx.QueryTracer
}

// Server is one DatabaseServer. It connects when it is first asked, and is safe
// for concurrent use.
type Server struct {
	name    string
	config  Config
	options Options
	pool    *pgxpool.Pool
	ddl     chan struct{}
	breaker *breaker
	known   struct { // ledgers that sessions may find; any while there are none
		sync.Mutex
		ledgers []string
	}
	trust struct { // what trustsAnybody found out
		sync.Mutex
		asked, anybody bool
	}
}

// Open prepares a Server without connecting. It fails on a CA or an SSLMode that
// cannot be used.
func Open(name string, config Config, options Options) (*Server, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	s := &Server{
		name: name, config: config, options: options,
		ddl:     make(chan struct{}, ddlSlots),
		breaker: &breaker{server: name, now: options.Now},
	}
	conn, err := s.session(ledgerDatabase)
	if err != nil {
		return nil, fmt.Errorf("opening database server %s: %w", name, err)
	}
	pool, err := pgxpool.ParseConfig(blankSettings)
	if err != nil {
		return nil, fmt.Errorf("opening database server %s: %w", name, err)
	}
	pool.ConnConfig, pool.MaxConns, pool.MinConns = conn, poolSize, 0
	pool.AfterConnect = s.welcome
	s.pool, err = pgxpool.NewWithConfig(context.Background(), pool)
	return s, err
}

// Name is the name of the DatabaseServer.
func (s *Server) Name() string { return s.name }

// Close ends the sessions once their work is done.
func (s *Server) Close() { s.pool.Close() }

func (s *Server) session(database string) (*pgx.ConnConfig, error) {
	conn, err := s.config.connection(database)
	if err != nil {
		return nil, err
	}
	conn.Tracer = s.options.Tracer
	return conn, nil
}

// showLife lets other installations see that this one works: as long as a session
// holds the lock, its tenants are not taken over.
func (s *Server) showLife(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SELECT pg_advisory_lock_shared($1, $2)", installationLock, installationKey(s.options.Installation))
	return err
}

func installationKey(installation string) int32 {
	hash := fnv.New32a()
	hash.Write([]byte(installation))
	return int32(hash.Sum32()) //nolint:gosec // all 32 bits are wanted
}

// ask runs work on a session of the ledger database, through the breaker. doing
// completes the sentence "… on database server x".
func (s *Server) ask(ctx context.Context, doing string, timeout time.Duration, work func(context.Context, *pgxpool.Conn) error) error {
	if err := s.breaker.allow(); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := s.pool.AcquireFunc(limited, func(conn *pgxpool.Conn) error { return work(limited, conn) })
	return s.judge(ctx, doing, err)
}

// transact is ask inside one transaction.
func (s *Server) transact(ctx context.Context, doing string, work func(context.Context, pgx.Tx) error) error {
	return s.ask(ctx, doing, askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return work(ctx, tx) })
	})
}

// inDatabase runs work on a session of its own in a tenant's database. The caller
// holds a DDL slot, which bounds these sessions.
func (s *Server) inDatabase(ctx context.Context, database string, work func(context.Context, *pgx.Conn) error) error {
	settings, err := s.session(database)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, settings)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return work(ctx, conn)
}

// slot waits for the right to make or drop a database, and returns how to give it back.
func (s *Server) slot(ctx context.Context) (release func(), err error) {
	select {
	case s.ddl <- struct{}{}:
		return func() { <-s.ddl }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for a turn on database server %s: %w", s.name, ctx.Err())
	}
}

// judge tells the breaker how a question ended and gives the error its type.
func (s *Server) judge(ctx context.Context, doing string, err error) error {
	var known *ledger.UnreachableError
	switch {
	case err == nil:
		s.breaker.answered()
		return nil
	case errors.As(err, &known):
		return err
	case ctx.Err() != nil:
		s.breaker.abandoned()
		return fmt.Errorf("%s on database server %s: %w", doing, s.name, ctx.Err())
	}
	if reason := unreachableReason(err); reason != "" {
		s.breaker.unanswered(reason)
		return &ledger.UnreachableError{Server: s.name, Reason: reason, Cause: err}
	}
	s.breaker.answered()
	return s.explain(doing, err)
}

// explain gives a server's answer its type.
func (s *Server) explain(doing string, err error) error {
	var (
		answer  *pgconn.PgError
		refused ledger.Refusal
	)
	if errors.As(err, &refused) {
		return refused
	}
	if errors.As(err, &answer) {
		switch missing := s.ledgerMissing(answer); {
		case missing != nil:
			return missing
		case answer.Code == "OR001":
			return &ledger.NameTakenError{Server: s.name, Kind: "role", Name: answer.Detail}
		case answer.Code == "OR002":
			err = fmt.Errorf("%w: %s", ledger.ErrStale, answer.Message)
		}
	}
	return fmt.Errorf("%s on database server %s: %w", doing, s.name, err)
}
