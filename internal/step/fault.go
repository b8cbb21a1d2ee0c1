package step

import (
	"errors"
	"fmt"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
)

// Retry bounds how long a refusal goes unasked that no watch would tell of.
const Retry = time.Minute

// Fault is what an error of the ledger means to a step: a refusal that a person or
// another object cures, a server that cannot be asked, a row that changed under the
// write and is read again at once, or a call that failed. doing completes the sentence
// "… failed" for the last of them.
func Fault(doing string, err error) Outcome {
	var (
		retained *ledger.RetainedDataError
		foreign  *ledger.ForeignError
		inUse    *ledger.IdentityInUseError
		taken    *ledger.NameTakenError
		budget   *ledger.BudgetError
	)
	switch {
	case errors.Is(err, ledger.ErrUnreachable), errors.Is(err, ledger.ErrLedgerMissing):
		return WaitingUnknown(v1alpha1.ReasonServerUnreachable, err.Error(), Retry)
	case errors.As(err, &retained), errors.As(err, &foreign):
		return Waiting(v1alpha1.ReasonRetainedDataFound, err.Error(), Retry)
	case errors.As(err, &inUse), errors.As(err, &taken):
		return Waiting(v1alpha1.ReasonNameConflict, err.Error(), Retry)
	case errors.As(err, &budget):
		return Waiting(v1alpha1.ReasonConnectionBudgetExceeded, err.Error(), Retry)
	case errors.Is(err, ledger.ErrDatabaseLost):
		return Stalled(v1alpha1.ReasonDatabaseLost, fmt.Sprintf("%v: restore that database from a backup", err))
	case errors.Is(err, ledger.ErrStale), errors.Is(err, ledger.ErrNotFound):
		return Waiting(v1alpha1.ReasonProgressing, "the ledger's row changed while it was written; looking again", time.Second)
	}
	return Failed(fmt.Errorf("%s: %w", doing, err))
}
