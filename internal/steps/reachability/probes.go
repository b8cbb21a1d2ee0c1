package reachability

import (
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/update"
)

// Probes is what an update rests on: what the hosts answer since the pods converged.
// Where nobody can be asked, the update goes by what the cluster says of the pods, and
// its outcome says so.
func Probes(v step.View) update.Probes {
	reach := v.Live.Reach
	switch {
	case reach.Unasked != "":
		return update.Probes{State: update.ProbesPassed, Message: "its hosts were not asked from outside: " + reach.Unasked}
	case !reach.Known:
		return update.Probes{State: update.ProbesUnknown, Message: "its hosts are being asked"}
	case reach.Standing.Answer.OK():
		return update.Probes{State: update.ProbesPassed}
	case reach.Standing.Answer.Broken.Beside():
		return update.Probes{State: update.ProbesPassed, Message: "not the release's doing: " + reach.Standing.Answer.Message}
	}
	return update.Probes{State: update.ProbesFailed, Message: reach.Standing.Answer.Message}
}
