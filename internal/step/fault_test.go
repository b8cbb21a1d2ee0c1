package step

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
)

// What PostgreSQL refused or failed at, and what that is for a person.
func TestFault(t *testing.T) {
	row := ledger.Row{Identity: "0b5a", Organisation: "asha", Database: "asha-12345678-1", State: ledger.Retained, Installation: "elsewhere"}
	looking := Waiting(v1alpha1.ReasonProgressing, "the ledger's row changed while it was written; looking again", time.Second)
	waiting := func(reason string, err error) Outcome { return Waiting(reason, err.Error(), time.Minute) }
	silent := &ledger.UnreachableError{Server: "a", Reason: "no route"}
	missing := &ledger.LedgerMissingError{Server: "a", Cause: "its tables do not exist", Cure: "run bootstrap.sql"}
	kept := &ledger.RetainedDataError{Server: "a", Rows: []ledger.Row{row}}
	foreign, inUse := &ledger.ForeignError{Server: "a", Row: row}, &ledger.IdentityInUseError{Row: row}
	taken, budget := &ledger.NameTakenError{Server: "a", Kind: "role", Name: "asha"}, &ledger.BudgetError{Server: "a", Wanted: 20}
	lost, broken := fmt.Errorf("database asha-12345678-1: %w", ledger.ErrDatabaseLost), errors.New("disk full")
	for sentence, test := range map[string]struct {
		err  error
		want Outcome
	}{
		"the server is silent":              {silent, WaitingUnknown(v1alpha1.ReasonServerUnreachable, silent.Error(), time.Minute)},
		"the ledger is gone":                {missing, WaitingUnknown(v1alpha1.ReasonServerUnreachable, missing.Error(), time.Minute)},
		"data is kept":                      {kept, waiting(v1alpha1.ReasonRetainedDataFound, kept)},
		"data is another installation's":    {foreign, waiting(v1alpha1.ReasonRetainedDataFound, foreign)},
		"the identity is in use":            {inUse, waiting(v1alpha1.ReasonNameConflict, inUse)},
		"a name is taken":                   {taken, waiting(v1alpha1.ReasonNameConflict, taken)},
		"the connections are used up":       {budget, waiting(v1alpha1.ReasonConnectionBudgetExceeded, budget)},
		"the data is gone":                  {lost, Stalled(v1alpha1.ReasonDatabaseLost, lost.Error()+": restore that database from a backup")},
		"the row changed in the meantime":   {fmt.Errorf("x: %w", ledger.ErrStale), looking},
		"the row is gone in the meantime":   {fmt.Errorf("x: %w", ledger.ErrNotFound), looking},
		"anything else is tried again soon": {broken, Failed(fmt.Errorf("claiming: %w", broken))},
		"however it is wrapped":             {fmt.Errorf("x: %w", budget), waiting(v1alpha1.ReasonConnectionBudgetExceeded, fmt.Errorf("x: %w", budget))},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := Fault("claiming", test.err)
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(Outcome{}, "Err")); diff != "" {
				t.Error(diff)
			}
			if (got.Err != nil) != (got.Kind == KindFailed) || (got.Err != nil && !errors.Is(got.Err, test.err)) {
				t.Errorf("the error is %v", got.Err)
			}
		})
	}
}
