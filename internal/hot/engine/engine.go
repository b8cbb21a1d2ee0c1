// Package engine holds what is done on an Erlang node to change its code while it runs.
// It is Elixir, shipped with the operator, and handed over as one expression through
// pods/exec: nothing of it is in an image.
//
// The expression is evaluated in a second, short-lived machine of the new release, in the
// same container. That machine resolves the new release's configuration from the pod's
// environment, compares the two releases on the disk, tries code_change on copies of live
// states, and only then asks a process on the node to begin. That process goes on when
// the connection is cut.
package engine

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

//go:embed node/agent.exs
var agent string

//go:embed node/relup.exs
var relup string

//go:embed node/swap.exs
var swap string

//go:embed compare.exs
var compare string

//go:embed rehearse.exs
var rehearse string

//go:embed driver.exs
var driver string

//go:embed run.sh
var script string

// Engine is a way to change code.
type Engine string

// The engines.
const (
	// Relup is OTP's release_handler, following a relup that came with the release.
	Relup Engine = "Relup"
	// ModuleSwap exchanges modules under suspended processes; it needs no relup.
	ModuleSwap Engine = "ModuleSwap"
)

// Action is what is asked of a node.
type Action string

// The actions. Each may be repeated.
const (
	// State says which version runs and which one a restart boots.
	State Action = "state"
	// Check compares and rehearses, and changes nothing.
	Check Action = "check"
	// Install checks, and then changes the code.
	Install Action = "install"
	// Permanent makes the version that runs the one that a restart boots.
	Permanent Action = "permanent"
)

// Request is one question to one node.
type Request struct {
	Action Action
	// Binary of the release, as it lies in the pod: /release/bin/prod.
	Binary string
	// Version to move to; letters, digits, dots, dashes, underscores, plus.
	Version string
	// Engine to use; "" leaves the choice to the node: the relup if there is one.
	Engine Engine
	// Timeout after which an install that goes on is reported as running.
	Timeout time.Duration
}

// Command runs in the container, with Expression on its standard input.
func (r Request) Command() []string {
	return []string{"/bin/sh", "-ec", script, "hot", r.Binary, r.Version}
}

// Expression is Elixir. Equal requests have equal expressions.
func (r Request) Expression() string {
	engine := "nil"
	if r.Engine != "" {
		engine = quoted(string(r.Engine))
	}
	onNode := strings.Join([]string{strings.TrimSpace(agent), strings.TrimSpace(relup), strings.TrimSpace(swap)}, ",\n")
	return strings.Join([]string{
		"beams = for {:module, name, beam, _} <- [", onNode, "], do: {name, beam}",
		compare, rehearse, driver,
		fmt.Sprintf("OrganisationOperator.Hot.Driver.main(:%s, %s, [engine: %s, timeout: %d], beams)",
			r.Action, quoted(r.Version), engine, r.Timeout.Milliseconds()),
	}, "\n")
}

// Digest of the expression, sha256 in hexadecimal digits: what an Event names.
func (r Request) Digest() string {
	sum := sha256.Sum256([]byte(r.Expression()))
	return hex.EncodeToString(sum[:])
}

// quoted is text as a literal of Elixir, without interpolation.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `#`, `\#`, "\n", `\n`).Replace(text) + `"`
}
