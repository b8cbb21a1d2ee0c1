// Package postgres is the operator's hand on a DatabaseServer: the ledger of
// tenants, their roles and databases, the connection budget, and the breaker
// that stops mass teardown.
//
// # The ledger is the truth
//
// Every server has a database organisation_operator whose schema ledger says
// which databases exist, whose they are, and what ran in them. It survives the
// loss of the Kubernetes control plane. A row is claimed before anything is
// created, and every destructive statement is guarded by the row's identity.
//
// # Two roles for the operator, three for a tenant
//
// bootstrap.sql is run once by an administrator. It makes a role that nobody can
// log in with (organisation_operator_definer) and owns a few SECURITY DEFINER
// functions; the operator's daily role has CREATEDB and EXECUTE on those and
// nothing more, because up to PostgreSQL 15 a role with CREATEROLE can take over
// the server, and from 16 on every role that it made. A tenant has an owner role
// without login, which owns the database, and a login role, which owns schema public
// but not the database, so that it cannot lift its own limits or open its database to
// others.
//
// # An error is never an absence
//
// Whatever means "the server could not be asked" is [ErrUnreachable]. Only a
// positive answer makes [Server.Read] say that there is no row.
package postgres
