package show

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/names"
)

// ledgerQuery is what a person with rights on a server asks its ledger.
const ledgerQuery = `SELECT organisation, identity, database, state, retired_at, purge_at FROM ledger.tenant WHERE state IN ('retained', 'doomed') ORDER BY purge_at`

// Retained prints what is kept of Organisations that are gone, and how to have it back.
func Retained(out io.Writer, kept *world.Kept, now time.Time) {
	if len(kept.Keys) == 0 && len(kept.Missing) == 0 {
		fmt.Fprint(out, "No keys of a deleted NGO are kept in this cluster.\n\n")
	}
	keys(out, kept.Keys, now)
	servers(out, kept.Servers)
	for _, server := range kept.Servers {
		if server.Warning != "" {
			fmt.Fprintf(out, "DatabaseServer %s: %s\n\n", server.Name, server.Warning)
		}
	}
	for _, found := range kept.Found {
		fmt.Fprintf(out, "Organisation %s waits: %s\n\n", found.Organisation, found.Message)
	}
	for _, missing := range kept.Missing {
		fmt.Fprintf(out, "Not shown: %s.\n\n", missing)
	}
	fmt.Fprintf(out, "On which server each lies and until when stands in the ledgers only. With rights on a server:\n  psql --dbname organisation_operator --command %q\n", ledgerQuery)
	if len(kept.Keys) > 0 {
		k := kept.Keys[0]
		fmt.Fprintf(out, "\nHave one back: kubectl glific new %s --adopt-uid %s\n", or(k.Organisation), k.Identity)
	}
}

func keys(out io.Writer, keys []world.KeptKeys, now time.Time) {
	if len(keys) == 0 {
		return
	}
	table := Table{Header: []string{"NAME", "IDENTITY", "DATABASE", "KEYS", "AGE"}}
	for _, k := range keys {
		database := strings.TrimSuffix(names.Database(k.Organisation, k.Identity, 1), "1") + "*"
		table.Rows = append(table.Rows, []string{or(k.Organisation), k.Identity, database, k.Secret, age(k.Since, now)})
	}
	table.Write(out)
	fmt.Fprintln(out)
}

func servers(out io.Writer, servers []world.KeptServer) {
	if len(servers) == 0 {
		return
	}
	table := Table{Header: []string{"SERVER", "DATABASES", "OF LIVING NGOS", "KEPT"}}
	for _, s := range servers {
		if !s.Known {
			table.Rows = append(table.Rows, []string{s.Name, "unknown", strconv.Itoa(s.Living), "unknown"})
			continue
		}
		table.Rows = append(table.Rows, []string{s.Name, strconv.Itoa(s.Databases), strconv.Itoa(s.Living), strconv.Itoa(max(0, s.Databases-s.Living))})
	}
	table.Write(out)
	fmt.Fprintln(out)
}
