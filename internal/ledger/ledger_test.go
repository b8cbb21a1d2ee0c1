package ledger_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glific/organisation-operator/internal/ledger"
)

const verifier = "SCRAM-SHA-256$4096:c2FsdA==$a:b"

// settled is a tenant whose roles and database are as its row says.
func settled() *ledger.Tenant {
	t := &ledger.Tenant{Row: ledger.Row{
		Database: "asha-12345678-1", LoginRole: "asha-12345678-1", OwnerRole: "asha-12345678-1-owner",
		ConnectionLimit: 20, State: ledger.Active, VerifierDigest: ledger.VerifierDigest(verifier), PreparedOID: 16384,
	}}
	t.Facts.Owner = ledger.RoleFacts{Exists: true, Ours: true, Member: true, Limit: -1}
	t.Facts.Login = ledger.RoleFacts{Exists: true, Ours: true, Member: true, CanLogin: true, Limit: 20}
	t.Facts.Database = ledger.DatabaseFacts{Exists: true, OID: 16384, Owned: true, AllowConnections: true, Limit: 23, Closed: true}
	return t
}

func TestDrift(t *testing.T) {
	for sentence, test := range map[string]struct {
		change func(*ledger.Tenant)
		want   []string
	}{
		"all is as it must be":                {func(*ledger.Tenant) {}, nil},
		"suspended, and the login is off":     {func(t *ledger.Tenant) { t.State, t.Facts.Login.CanLogin = ledger.Suspended, false }, nil},
		"suspended, and the login is on":      {func(t *ledger.Tenant) { t.State = ledger.Suspended }, []string{"login of role asha-12345678-1 differs"}},
		"the owner can log in":                {func(t *ledger.Tenant) { t.Facts.Owner.CanLogin = true }, []string{"role asha-12345678-1-owner can log in"}},
		"the role has another limit":          {func(t *ledger.Tenant) { t.Facts.Login.Limit = -1 }, []string{"limit of role asha-12345678-1 differs"}},
		"the database has another limit":      {func(t *ledger.Tenant) { t.Facts.Database.Limit = 20 }, []string{"access to database asha-12345678-1 differs"}},
		"the database is open to others":      {func(t *ledger.Tenant) { t.Facts.Database.Closed = false }, []string{"access to database asha-12345678-1 differs"}},
		"there is no database":                {func(t *ledger.Tenant) { t.Facts.Database = ledger.DatabaseFacts{} }, []string{"database asha-12345678-1 is missing"}},
		"its schema is that of a predecessor": {func(t *ledger.Tenant) { t.Facts.Database.OID++ }, []string{"schema public is not handed over"}},
		"another password was set":            {func(t *ledger.Tenant) { t.VerifierDigest = "" }, []string{"password differs"}},
		"a rebuild was interrupted":           {func(t *ledger.Tenant) { t.Bootstrap = ledger.Rebuilding }, []string{"database asha-12345678-1 is being rebuilt"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			tenant := settled()
			test.change(tenant)
			if diff := cmp.Diff(test.want, tenant.Drift(verifier)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCapacityInWords(t *testing.T) {
	c := ledger.Capacity{MaxConnections: 100, Reserved: 13, Granted: 69}
	sizes := []ledger.Size{{Name: "tiny", Limit: 6}, {Name: "small", Limit: 20}}
	if got, want := c.Words(sizes), "69 of 87 connections granted; fits 2 more tiny, 0 more small"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	over := ledger.Capacity{MaxConnections: 10, Reserved: 13, Granted: 69}
	if over.Free() != 0 || over.Available() != 0 || over.Fits(1) != 0 {
		t.Errorf("a server that promised too much has %d free", over.Free())
	}
}

func TestAnotherLedgerIsNamedWithTheKnownOne(t *testing.T) {
	for found, want := range map[string]string{"2222": "expected ledger 1111, found ledger 2222", "": "expected ledger 1111, found none"} {
		err := &ledger.OtherLedgerError{Server: "shared-1", Expected: "1111", Found: found}
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "shared-1") {
			t.Errorf("%v", err)
		}
	}
}
