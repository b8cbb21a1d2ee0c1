package campaign

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/crash"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// nextRelease is what a workflow updates to.
const nextRelease = "r2"

// stage is a lane in which plans are carried out, one after the other. Between two of
// them it is cleared.
type stage struct {
	lane   *lane.Lane
	ledger *pgx.Conn // as the superuser, past the proxy
	plans  int
}

// effects are the functions of bootstrap.sql that write although they are called by
// SELECT.
var effects = regexp.MustCompile(`ledger\.(put_roles|settle|end_sessions|finish_drop)\(`)

func startStage(ctx context.Context) (*stage, error) {
	l, err := lane.Start(ctx, lane.Options{})
	if err != nil {
		return nil, err
	}
	s := &stage{lane: l}
	l.Proxy.CountWrites(func(sql string) bool { return crash.WritesSQL(sql) || effects.MatchString(sql) })
	if err := l.Furnish(ctx); err != nil {
		return nil, errors.Join(err, s.stop(ctx))
	}
	if err := l.Admin.Create(ctx, lane.Release(nextRelease, "2")); err != nil {
		return nil, errors.Join(err, s.stop(ctx))
	}
	if s.ledger, err = pgx.Connect(ctx, l.Postgres.DSN("organisation_operator")); err != nil {
		return nil, errors.Join(err, s.stop(ctx))
	}
	return s, nil
}

func (s *stage) stop(ctx context.Context) error {
	var err error
	if s.ledger != nil {
		err = s.ledger.Close(ctx)
	}
	return errors.Join(err, s.lane.Stop())
}

func (s *stage) exec(ctx context.Context, sql string, args ...any) error {
	if _, err := s.ledger.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("running %q: %w", sql, err)
	}
	return nil
}

// operator begins a life. Objects of one step are written one after the other, so that
// the number of a write always means the same one.
func (s *stage) operator(ctx context.Context, fault crash.Fault) (*lane.Operator, error) {
	op, err := s.lane.Operator(ctx, crash.NewLife(fault), waitForRights)
	if err != nil {
		return nil, fmt.Errorf("starting the operator: %w", err)
	}
	op.Organisations.Apply.Parallel = 1
	return op, nil
}

// clear takes away what the last plan left, so that the next begins where the first
// did: no Organisation, nobody's data, shared objects as they were created.
func (s *stage) clear(ctx context.Context, name string) error {
	for _, clear := range []func(context.Context, string) error{
		s.clearOrganisation, s.clearNamespace, s.clearOperatorNamespace, s.clearShared, s.clearServer,
	} {
		if err := clear(ctx, name); err != nil {
			return fmt.Errorf("clearing the stage of %s: %w", name, err)
		}
	}
	return nil
}

func (s *stage) clearOrganisation(ctx context.Context, name string) error {
	org := lane.Organisation(name)
	if err := s.lane.Admin.Delete(ctx, org); client.IgnoreNotFound(err) != nil {
		return err
	}
	return s.dropFinalizers(ctx, org)
}

func (s *stage) dropFinalizers(ctx context.Context, object client.Object) error {
	patch := client.RawPatch("application/merge-patch+json", []byte(`{"metadata":{"finalizers":null}}`))
	return client.IgnoreNotFound(s.lane.Admin.Patch(ctx, object, patch))
}

// clearNamespace needs the script, which takes several steps to let a namespace go.
func (s *stage) clearNamespace(ctx context.Context, name string) error {
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: names.Namespace(name)}}
	if err := s.lane.Admin.Delete(ctx, ns); client.IgnoreNotFound(err) != nil {
		return err
	}
	for range 10 {
		changed, err := s.lane.Script.Step(ctx)
		if err != nil || changed == 0 {
			return err
		}
	}
	return errors.New("its namespace does not go")
}

func (s *stage) clearOperatorNamespace(ctx context.Context, _ string) error {
	for _, kind := range []client.Object{&corev1.Secret{}, &corev1.ConfigMap{}} {
		err := s.lane.Admin.DeleteAllOf(ctx, kind, client.InNamespace(lane.Namespace),
			client.MatchingLabels{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) clearShared(ctx context.Context, _ string) error {
	server := s.lane.DatabaseServer(lane.Server)
	status := client.RawPatch("application/merge-patch+json", []byte(`{"status":null}`))
	if err := s.lane.Admin.Status().Patch(ctx, server, status); err != nil {
		return err
	}
	for _, shared := range []client.Object{server, lane.Release("r1", "1"), lane.Release(nextRelease, "2")} {
		if err := s.dropFinalizers(ctx, shared); err != nil {
			return err
		}
	}
	return nil
}

// clearServer drops databases and roles that no server has by itself, and empties the
// ledger, the breaker's memory included.
func (s *stage) clearServer(ctx context.Context, _ string) error {
	databases, err := column(ctx, s.ledger, tenantDatabases)
	if err != nil {
		return err
	}
	roles, err := column(ctx, s.ledger, tenantRoles)
	if err != nil {
		return err
	}
	statements := []string{"DELETE FROM ledger.tenant", "DELETE FROM ledger.teardown"}
	for _, name := range databases {
		statements = append(statements, "DROP DATABASE "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	}
	for _, name := range roles {
		statements = append(statements, "DROP ROLE "+pgx.Identifier{name}.Sanitize())
	}
	for _, statement := range statements {
		if err := s.exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

const (
	tenantDatabases = `SELECT datname FROM pg_database
		WHERE datname NOT IN ('postgres', 'template0', 'template1', 'organisation_operator') ORDER BY 1`
	tenantRoles = `SELECT rolname FROM pg_roles
		WHERE rolname !~ '^pg_' AND rolname NOT IN ('postgres', 'organisation_operator', 'organisation_operator_definer') ORDER BY 1`
)

// column reads one column of text.
func column(ctx context.Context, conn *pgx.Conn, sql string, args ...any) ([]string, error) {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("asking %q: %w", strings.Join(strings.Fields(sql), " "), err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("asking %q: %w", strings.Join(strings.Fields(sql), " "), err)
	}
	return found, nil
}
