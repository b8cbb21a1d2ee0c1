// Package ledger is the vocabulary of a DatabaseServer's ledger: what it says of a
// tenant, the connections that it grants, and how it refuses. Decisions rest on these;
// [github.com/glific/organisation-operator/internal/postgres] reads and writes them. It
// is pure: no clock, no randomness, no client.
package ledger
