package ledger

import (
	"errors"
	"fmt"
	"strings"
)

// Errors to test for with errors.Is.
var (
	// ErrUnreachable: the server could not be asked, so nothing is known. It is
	// never read as "absent"; the cure is to wait, or to mend server or credential.
	ErrUnreachable = errors.New("database server could not be asked")
	// ErrLedgerMissing: the operator's own database is absent or too old, and this
	// credential may not make it: an administrator runs bootstrap.sql.
	ErrLedgerMissing = errors.New("ledger is missing")
	// ErrNotFound: the ledger has no row of that identity.
	ErrNotFound = errors.New("no such tenant in the ledger")
	// ErrStale: the row changed hands or state since it was read; read it again.
	ErrStale = errors.New("ledger row changed since it was read")
	// ErrKeyMismatch: the ledger holds the fingerprint of other keys.
	ErrKeyMismatch = errors.New("keys are not those that the database was made with")
	// ErrDatabaseLost: the ledger says that the database was filled, and it is gone.
	// It is never replaced by an empty one: restore it, or adopt fresh.
	ErrDatabaseLost = errors.New("database is gone though the ledger says that it was filled")
	// ErrBootstrapped: what was asked is only allowed before the first bootstrap.
	ErrBootstrapped = errors.New("database is bootstrapped and is never rebuilt")
	// ErrLoginRefused: the server answered, and refused the login.
	ErrLoginRefused = errors.New("login refused")
	// ErrWrongPassword is an ErrLoginRefused: the role has another password.
	ErrWrongPassword = fmt.Errorf("%w: wrong password", ErrLoginRefused)
	// ErrNoConnectionLeft is an ErrLoginRefused: server, database or role have as many
	// connections as they may.
	ErrNoConnectionLeft = fmt.Errorf("%w: no connection left", ErrLoginRefused)
)

// Refusal is an error that needs no words around it: it names server and object itself.
type Refusal interface {
	error
	refused()
}

func (*BudgetError) refused()        {}
func (*RetainedDataError) refused()  {}
func (*ForeignError) refused()       {}
func (*IdentityInUseError) refused() {}
func (*NameTakenError) refused()     {}
func (*BlockedError) refused()       {}
func (*OtherLedgerError) refused()   {}

// UnreachableError is an ErrUnreachable with its reason.
type UnreachableError struct {
	Server string // name of the DatabaseServer
	Reason string // short, safe to show: no address but the server's, no credential
	Cause  error  // may be nil
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("database server %s could not be asked: %s", e.Server, e.Reason)
}

// Is makes errors.Is(err, ErrUnreachable) true.
func (e *UnreachableError) Is(target error) bool { return target == ErrUnreachable }

func (e *UnreachableError) Unwrap() error { return e.Cause }

// OtherLedgerError: the address leads to a server with another ledger, or with none.
// Nothing is concluded from what it says, and nothing is written there: it is an
// ErrUnreachable.
type OtherLedgerError struct {
	Server   string // name of the DatabaseServer
	Expected string // UUID of the ledger that was found before
	Found    string // empty if there is none
}

func (e *OtherLedgerError) Error() string {
	found := "found ledger " + e.Found
	if e.Found == "" {
		found = "found none"
	}
	return fmt.Sprintf("database server %s: expected ledger %s, %s: its address leads to another server, or its database "+
		"organisation_operator was made anew; nothing is concluded from it and nothing is written there", e.Server, e.Expected, found)
}

// Is makes errors.Is(err, ErrUnreachable) true.
func (e *OtherLedgerError) Is(target error) bool { return target == ErrUnreachable }

// LedgerMissingError is an ErrLedgerMissing that says what is missing.
type LedgerMissingError struct {
	Server string
	Cause  string
	Cure   string
}

func (e *LedgerMissingError) Error() string {
	return fmt.Sprintf("ledger of database server %s: %s; %s", e.Server, e.Cause, e.Cure)
}

// Is makes errors.Is(err, ErrLedgerMissing) true.
func (e *LedgerMissingError) Is(target error) bool { return target == ErrLedgerMissing }

// BudgetError refuses connections that the server does not have.
type BudgetError struct {
	Server   string
	Wanted   int // connection limit asked for, without the operator's own share
	Capacity Capacity
}

func (e *BudgetError) Error() string {
	return fmt.Sprintf("database server %s cannot grant a limit of %d connections: %s; "+
		"raise max_connections, lower a limit, or choose another server", e.Server, e.Wanted, e.Capacity)
}

// RetainedDataError: the ledger holds data of the same name or host under another
// identity, which an empty database would shadow.
type RetainedDataError struct {
	Server string
	Rows   []Row // at least one, the newest first
}

func (e *RetainedDataError) Error() string {
	var found []string
	for _, row := range e.Rows {
		found = append(found, fmt.Sprintf("%s (%s, uid %s, %s)", row.Database, row.State, row.Identity, row.since()))
	}
	return fmt.Sprintf("database server %s already holds data of this name or host: %s; to take it over set adopt.uid: %q, "+
		"to begin with an empty database set adopt.fresh: true", e.Server, strings.Join(found, ", "), e.Rows[0].Identity)
}

// ForeignError: the row belongs to another installation of the operator.
type ForeignError struct {
	Server string
	Row    Row
	Living string // evidence that the other installation works; empty if there is none
}

func (e *ForeignError) Error() string {
	if e.Living != "" {
		return fmt.Sprintf("database %s on server %s serves another installation (%s), which is alive: %s; delete that Organisation there first, with spec.deletion.policy Retain",
			e.Row.Database, e.Server, e.Row.Installation, e.Living)
	}
	return fmt.Sprintf("database %s on server %s belongs to another installation (%s); delete that Organisation there, with spec.deletion.policy Retain, "+
		"or allow spec.adoption on the DatabaseServer if that installation is gone", e.Row.Database, e.Server, e.Row.Installation)
}

// IdentityInUseError: another Organisation of this installation uses the identity.
type IdentityInUseError struct{ Row Row }

func (e *IdentityInUseError) Error() string {
	return fmt.Sprintf("identity %s is in use by Organisation %s", e.Row.Identity, e.Row.Organisation)
}

// NameTakenError: a role or database of the wanted name exists and is not ours.
type NameTakenError struct {
	Server string
	Kind   string // "database" or "role"
	Name   string
}

func (e *NameTakenError) Error() string {
	return fmt.Sprintf("%s %s exists on server %s and does not belong to this Organisation; nothing was changed: "+
		"rename or drop it by hand if it is not needed", e.Kind, e.Name, e.Server)
}

// BlockedError: a database or role cannot be dropped because of what it names.
type BlockedError struct {
	Name     string
	Blockers []string // for people, for example "session 4711 of role postgres"
}

func (e *BlockedError) Error() string {
	return fmt.Sprintf("dropping %s is blocked by %s", e.Name, strings.Join(e.Blockers, ", "))
}
