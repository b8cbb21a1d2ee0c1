package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// State is where a tenant's database is in its life.
type State string

// The states. Only Active admits the tenant's login.
const (
	Active    State = "active"
	Suspended State = "suspended"
	// Retained: the Organisation is gone, the data stays until somebody adopts it.
	Retained State = "retained"
	// Doomed: the Organisation is gone, the data is dropped after PurgeAt.
	Doomed State = "doomed"
	// Dropping: past the point of no return; the reaper finishes it.
	Dropping State = "dropping"
)

// Living reports whether an Organisation uses the database.
func (s State) Living() bool { return s == Active || s == Suspended }

// BootstrapState is how far the first filling of a database got.
type BootstrapState string

// The states. Until Bootstrapped the operator may drop the database and start over.
const (
	NotBootstrapped BootstrapState = ""
	Bootstrapping   BootstrapState = "bootstrapping"
	Bootstrapped    BootstrapState = "bootstrapped"
	// Rebuilding: Rebuild was interrupted; Provision finishes it.
	Rebuilding BootstrapState = "rebuilding"
)

// RunKind is a kind of command that a Release runs against a database.
type RunKind string

// The kinds.
const (
	RunBootstrap     RunKind = "bootstrap"
	RunMigration     RunKind = "migration"
	RunAdminPassword RunKind = "admin-password"
)

// RunState is how a run ended, or that it has not.
type RunState string

// The states of a run.
const (
	RunStarted   RunState = "started"
	RunSucceeded RunState = "succeeded"
	RunFailed    RunState = "failed"
)

// Run is one command of one digest. The ledger keeps the last 20 of each kind.
type Run struct {
	Kind    RunKind   `json:"kind"`
	Digest  string    `json:"digest"` // what identifies the command: image and arguments
	State   RunState  `json:"state"`
	Message string    `json:"message"` // outcome in words, at most 1,024 bytes
	At      time.Time `json:"at"`      // of the last change of State, by the server's clock
}

// Row is what the ledger says about one tenant.
type Row struct {
	Identity        string         `db:"identity"`
	Installation    string         `db:"installation"` // UID of kube-system of the cluster that has it
	Organisation    string         `db:"organisation"`
	Hosts           []string       `db:"hosts"`
	Database        string         `db:"database"`
	OwnerRole       string         `db:"owner_role"` // cannot log in; owns the database
	LoginRole       string         `db:"login_role"` // what the app logs in with
	Incarnation     int            `db:"incarnation"`
	ConnectionLimit int            `db:"connection_limit"` // of LoginRole; the database admits OperatorShare more
	State           State          `db:"state"`
	PurgeAt         *time.Time     `db:"purge_at"` // set while Doomed or Dropping
	KeyFingerprint  string         `db:"key_fingerprint"`
	Epoch           int64          `db:"epoch"` // grows when the row changes hands or State
	Bootstrap       BootstrapState `db:"bootstrap"`
	AdminDigest     string         `db:"admin_digest"` // of the command that replaced the published password
	AdminAt         *time.Time     `db:"admin_at"`
	VerifierDigest  string         `db:"verifier_digest"` // SHA-256 of the verifier last set
	PreparedOID     uint32         `db:"prepared_oid"`    // the database whose schema public was handed over; 0: none
	CreatedAt       time.Time      `db:"created_at"`
	RetiredAt       *time.Time     `db:"retired_at"`
}

// Ref names a row as its reader saw it. A write through a Ref is refused with
// ErrStale when the row changed hands or state in the meantime: a leader that was
// frozen and thawed cannot act on what it knew before.
type Ref struct {
	Identity     string
	Installation string
	Epoch        int64
}

// Ref names this row as it was read.
func (r Row) Ref() Ref {
	return Ref{Identity: r.Identity, Installation: r.Installation, Epoch: r.Epoch}
}

// VerifierDigest is how the ledger remembers which verifier was set.
func VerifierDigest(verifier string) string {
	digest := sha256.Sum256([]byte(verifier))
	return hex.EncodeToString(digest[:])
}

// since says for people how long the row has been as it is.
func (r Row) since() string {
	if r.RetiredAt != nil {
		return "retired on " + day(*r.RetiredAt)
	}
	return "created on " + day(r.CreatedAt)
}

// RoleFacts is what the server says about one of a tenant's roles.
type RoleFacts struct {
	Exists   bool
	Ours     bool // carries the mark that only bootstrap.sql's functions can set
	CanLogin bool
	Limit    int  // CONNECTION LIMIT; -1: none
	Elevated bool // somebody gave it an attribute or a membership that no tenant has
	Member   bool // the operator's role may act for it
}

// DatabaseFacts is what the server says about a tenant's database.
type DatabaseFacts struct {
	Exists           bool
	OID              uint32
	Owned            bool // by the row's OwnerRole
	AllowConnections bool
	Limit            int
	Closed           bool // PUBLIC has no privilege and LoginRole exactly the three it needs
}

// Facts is what the server says about a tenant besides the ledger, read in the
// same statement.
type Facts struct {
	Owner    RoleFacts
	Login    RoleFacts
	Database DatabaseFacts
	Sessions int // of LoginRole; counted only while State is not Active
	// SuspensionAsked: the breaker counted a suspension that is not over.
	SuspensionAsked bool
	Now             time.Time // the server's clock
}

// Tenant is a Row with the Facts that belong to it.
type Tenant struct {
	Row
	Facts Facts
	Runs  []Run // oldest first
}

// Run returns the run of that kind and digest, or nil.
func (t *Tenant) Run(kind RunKind, digest string) *Run {
	for i := range t.Runs {
		if t.Runs[i].Kind == kind && t.Runs[i].Digest == digest {
			return &t.Runs[i]
		}
	}
	return nil
}

// Drift says in words what differs between the row and the server; empty means
// that Provision with this verifier has nothing to write. It cannot see that a
// tenant changed its own password: only a login as the tenant can.
func (t *Tenant) Drift(verifier string) []string {
	var drift []string
	note := func(differs bool, words string) {
		if differs {
			drift = append(drift, words)
		}
	}
	owner, login, database := t.Facts.Owner, t.Facts.Login, t.Facts.Database
	note(!owner.Exists, "role "+t.OwnerRole+" is missing")
	note(owner.Exists && owner.CanLogin, "role "+t.OwnerRole+" can log in")
	note(owner.Exists && !owner.Member, "membership in role "+t.OwnerRole+" differs")
	note(!login.Exists, "role "+t.LoginRole+" is missing")
	note(login.Exists && !login.Member, "membership in role "+t.LoginRole+" differs")
	note(login.Exists && login.CanLogin != (t.State == Active), "login of role "+t.LoginRole+" differs")
	note(login.Exists && login.Limit != t.ConnectionLimit, "limit of role "+t.LoginRole+" differs")
	note(t.VerifierDigest != VerifierDigest(verifier), "password differs")
	note(!database.Exists, "database "+t.Database+" is missing")
	note(database.Exists && !t.DatabaseSettled(), "access to database "+t.Database+" differs")
	note(database.Exists && t.PreparedOID != database.OID, "schema public is not handed over")
	note(t.Bootstrap == Rebuilding, "database "+t.Database+" is being rebuilt")
	return drift
}

// RolesSettled reports whether both roles are as the row says.
func (t *Tenant) RolesSettled(verifier string) bool {
	owner, login := t.Facts.Owner, t.Facts.Login
	return owner.Exists && !owner.CanLogin && owner.Member &&
		login.Exists && login.Member && login.CanLogin == (t.State == Active) &&
		login.Limit == t.ConnectionLimit && t.VerifierDigest == VerifierDigest(verifier)
}

// DatabaseSettled reports whether limits and privileges of the database are right.
func (t *Tenant) DatabaseSettled() bool {
	d := t.Facts.Database
	return d.Closed && d.AllowConnections && d.Limit == t.ConnectionLimit+OperatorShare
}

// String names the tenant in logs.
func (t *Tenant) String() string {
	return fmt.Sprintf("%s (%s, %s)", t.Organisation, t.Database, t.State)
}

// day formats a moment for a message.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
