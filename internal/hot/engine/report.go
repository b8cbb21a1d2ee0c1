package engine

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Outcome of a request.
type Outcome string

// The outcomes.
const (
	// Running: the answer to State; or, with Busy, an upgrade is still under way.
	Running Outcome = "Running"
	// Ready: nothing forbids the upgrade, and copies of states were converted.
	Ready Outcome = "Ready"
	// Refused: it would not be safe. Nothing was changed.
	Refused Outcome = "Refused"
	// Installed: the new version runs. A restart still boots the old one.
	Installed Outcome = "Installed"
	// Failed: it could not be done. The old version runs, as if nothing had been tried.
	Failed Outcome = "Failed"
	// RolledBack: a code_change failed; old code and states were given back.
	RolledBack Outcome = "RolledBack"
	// Restarting: the node restarts by itself with the old version.
	Restarting Outcome = "Restarting"
	// IsPermanent: a restart boots the version that runs.
	IsPermanent Outcome = "Permanent"
	// Unreachable: the node did not answer.
	Unreachable Outcome = "Unreachable"
)

// Refusal is one reason not to upgrade a running node.
type Refusal struct {
	// Reason is one of the constants below.
	Reason string `json:"reason"`
	// Message names what differs. It holds no value of the application.
	Message string `json:"message"`
	// Engine that this stops; "" for both.
	Engine Engine `json:"engine"`
}

// The reasons of refusals.
const (
	ErtsChanged        = "ErtsChanged"
	RuntimeChanged     = "RuntimeChanged"
	ApplicationAdded   = "ApplicationAdded"
	ApplicationRemoved = "ApplicationRemoved"
	NativeCodeChanged  = "NativeCodeChanged"
	StartModuleChanged = "StartModuleChanged"
	SupervisionChanged = "SupervisionChanged"
	OldCodeInUse       = "OldCodeInUse"
	NoReleaseHandler   = "NoReleaseHandler"
	NoRelup            = "NoRelup"
	RestartsNode       = "RestartsNode"
	Downgrade          = "Downgrade"
	ProcessHung        = "ProcessHung"
	CodeChangeFailed   = "CodeChangeFailed"
	// NotStaged: the new release does not lie beside the running one.
	NotStaged = "NotStaged"
	// DoesNotStart: a machine of the new release ended before it could compare: its
	// configuration cannot be made from this environment, or it does not run here.
	DoesNotStart = "DoesNotStart"
)

// Report is what a node answers.
type Report struct {
	Outcome   Outcome `json:"outcome"`
	Version   string  `json:"version"`
	Running   string  `json:"running"`
	Permanent string  `json:"permanent"`
	// Engine that was chosen.
	Engine   Engine    `json:"engine"`
	Refusals []Refusal `json:"refusals"`
	// Modules that are exchanged, processes that were converted, copies that were tried.
	Modules   int `json:"modules"`
	Processes int `json:"processes"`
	Rehearsed int `json:"rehearsed"`
	// Microseconds that the change took, and for which processes stood still.
	Microseconds          int64 `json:"microseconds"`
	SuspendedMicroseconds int64 `json:"suspended_microseconds"`
	// Busy: an upgrade is under way.
	Busy    bool   `json:"busy"`
	Message string `json:"message"`
}

// marker before the report; what comes earlier is the application's.
const marker = "HOT "

// Parse finds the report in what a command printed. Without one the machine ended
// early: exit is its code, and the output is not repeated, since it is the
// application's and may hold anything.
func Parse(output string, exit int) (Report, error) {
	for line := range strings.Lines(output) {
		text, found := strings.CutPrefix(strings.TrimSpace(line), marker)
		if !found {
			continue
		}
		var report Report
		if err := json.Unmarshal([]byte(text), &report); err != nil {
			return Report{}, fmt.Errorf("reading the report of a node: %w", err)
		}
		return report, nil
	}
	if exit == 0 {
		return Report{}, fmt.Errorf("the node ended its answer without a report")
	}
	return Report{Outcome: Refused, Refusals: []Refusal{{
		Reason: DoesNotStart, Message: fmt.Sprintf("a machine of the new release, started beside the running one, ended with code %d", exit),
	}}}, nil
}
