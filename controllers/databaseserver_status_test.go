package controllers

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/testkit/golden"
)

func TestStatusOfADatabaseServer(t *testing.T) {
	good := postgres.Status{
		Version: "15.18", LeastPrivilege: true, Tenants: 3, Capabilities: []postgres.Capability{postgres.CapabilityTLS},
		Capacity: ledger.Capacity{MaxConnections: 100, Reserved: 13, Granted: 69},
	}
	seen := func(change func(*postgres.Status)) postgres.Status {
		s := good
		change(&s)
		return s
	}
	silent := &ledger.UnreachableError{Server: "shared-1", Reason: "connection refused"}
	for sentence, test := range map[string]struct {
		cordoned bool
		seen     postgres.Status
		err      error
		kept     string
		// ready and privilege are status/reason; says is part of Ready's message.
		ready, privilege, says string
	}{
		"it answers": {seen: good, ready: "True/Ready", privilege: "True/Ready", says: "69 of 87 connections granted; fits 0 more small"},
		"it could be better": {seen: seen(func(s *postgres.Status) {
			s.Weaknesses = []string{"temp_file_limit is not set", "sessions are not encrypted"}
		}),
			ready: "True/Ready", privilege: "True/Ready", says: "could be better: temp_file_limit is not set"},
		"it is cordoned": {cordoned: true, seen: good, ready: "True/Cordoned", privilege: "True/Ready", says: "no new databases are placed here"},
		"a defence is missing": {seen: seen(func(s *postgres.Status) { s.Unsuitable = []string{"every role may connect to database postgres"} }),
			ready: "False/ServerUnsuitable", privilege: "True/Ready", says: "every role may connect to database postgres"},
		"a defence is missing on a cordoned one": {cordoned: true, seen: seen(func(s *postgres.Status) { s.Unsuitable = []string{"trust"} }),
			ready: "False/ServerUnsuitable", privilege: "True/Ready", says: "trust"},
		"its role can do too much": {seen: seen(func(s *postgres.Status) { s.LeastPrivilege, s.Excess = false, []string{"is a superuser"} }),
			ready: "True/Ready", privilege: "False/OverPrivileged"},
		"it does not answer":             {err: silent, ready: "Unknown/ServerUnreachable", says: "connection refused"},
		"its ledger is not there":        {err: &ledger.LedgerMissingError{Server: "shared-1", Cause: "no database", Cure: "run bootstrap.sql"}, ready: "False/LedgerMissing", says: "run bootstrap.sql"},
		"another ledger is there":        {err: &ledger.OtherLedgerError{Server: "shared-1", Expected: "1111", Found: "2222"}, ready: "False/LedgerChanged", says: "kubectl annotate databaseserver shared-1 --overwrite tenancy.glific.org/accept-ledger=2222"},
		"no ledger is there any more":    {err: &ledger.OtherLedgerError{Server: "shared-1", Expected: "1111"}, ready: "False/LedgerChanged", says: "found none"},
		"it is being deleted":            {seen: good, kept: "kept while it is used", ready: "False/Deleting", privilege: "True/Ready", says: "kept while it is used"},
		"it is being deleted and silent": {err: silent, kept: "kept, since it cannot be asked", ready: "False/Deleting", says: "cannot be asked"},
		"its Secret cannot be read":      {err: errors.New("reading Secret shared-1-admin: not found"), ready: "Unknown/Error", says: "Secret shared-1-admin"},
		"it answers with a new error":    {err: errors.New("disk full"), ready: "Unknown/Error", says: "disk full"},
	} {
		t.Run(sentence, func(t *testing.T) {
			server := &v1alpha1.DatabaseServer{ObjectMeta: metav1.ObjectMeta{Name: "shared-1", Generation: 2}}
			if test.cordoned {
				server.Spec.Scheduling = v1alpha1.SchedulingCordoned
			}
			summariseServer(server, test.seen, test.err, test.kept, time.Unix(0, 0))
			got := [2]string{inWords(server, v1alpha1.Ready), inWords(server, v1alpha1.LeastPrivilege)}
			if diff := cmp.Diff([2]string{test.ready, test.privilege}, got); diff != "" {
				t.Error(diff)
			}
			ready := meta.FindStatusCondition(server.Status.Conditions, v1alpha1.Ready)
			if !strings.Contains(ready.Message, test.says) || ready.ObservedGeneration != 2 || server.Status.ObservedGeneration != 2 {
				t.Errorf("%q is missing, or the generation is: %+v", test.says, ready)
			}
			if test.kept != "" {
				server.DeletionTimestamp = new(metav1.NewTime(time.Unix(0, 0)))
			}
			server.TypeMeta = metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: "DatabaseServer"}
			golden.AssertYAML(t, "testdata/databaseserver/"+strings.ReplaceAll(sentence, " ", "-")+".yaml", server)
		})
	}
}

func inWords(server *v1alpha1.DatabaseServer, condition string) string {
	c := meta.FindStatusCondition(server.Status.Conditions, condition)
	if c == nil {
		return ""
	}
	return string(c.Status) + "/" + c.Reason
}

// What a server said last stays to be seen while it does not answer.
func TestADatabaseServerThatFallsSilentKeepsWhatIsKnown(t *testing.T) {
	server := &v1alpha1.DatabaseServer{ObjectMeta: metav1.ObjectMeta{Name: "shared-1", Generation: 2}}
	summariseServer(server, postgres.Status{Version: "15.18", Tenants: 3, LeastPrivilege: true}, nil, "", time.Unix(0, 0))
	before := server.DeepCopy()
	summariseServer(server, postgres.Status{}, &ledger.UnreachableError{Server: "shared-1", Reason: "no route"}, "", time.Unix(60, 0))
	if got := inWords(server, v1alpha1.Ready); got != "Unknown/ServerUnreachable" {
		t.Errorf("Ready is %s", got)
	}
	if got := inWords(server, v1alpha1.Tended); got != "Unknown/ServerUnreachable" {
		t.Errorf("Tended is %s", got)
	}
	for _, s := range []*v1alpha1.DatabaseServer{before, server} {
		for _, condition := range []string{v1alpha1.Ready, v1alpha1.Tended, v1alpha1.Reconciling} {
			meta.RemoveStatusCondition(&s.Status.Conditions, condition)
		}
	}
	if diff := cmp.Diff(before.Status, server.Status); diff != "" {
		t.Error(diff)
	}
}
