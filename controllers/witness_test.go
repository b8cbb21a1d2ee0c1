package controllers_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// witness knows which reasons the stories saw caused, and which of them cured afterwards,
// in the same object of the same world: what its stories expect is its testimony.
type witness struct {
	sync.Mutex
	waiting map[subject]map[v1alpha1.Reason]bool
	cured   map[v1alpha1.Reason]bool
}

// subject is one object of one world.
type subject struct {
	world *world
	name  string
}

var stories = witness{waiting: map[subject]map[v1alpha1.Reason]bool{}, cured: map[v1alpha1.Reason]bool{}}

// saw notes what a condition was found to be, as "False/HostnameTaken". "True/Ready" of
// what counts as the end cures everything that was seen before.
func (s *witness) saw(who subject, found string, end bool) {
	s.Lock()
	defer s.Unlock()
	_, reason, _ := strings.Cut(found, "/")
	if s.waiting[who] == nil {
		s.waiting[who] = map[v1alpha1.Reason]bool{}
	}
	if found == "True/Ready" && end {
		maps.Copy(s.cured, s.waiting[who])
		return
	}
	s.waiting[who][reason] = true
}

// settled are reasons that nothing has to cure here, and why.
var settled = map[string]string{
	"Ready Pending Progressing":                       "the way to Ready itself",
	"Suspended Deleting NotRouted NotProbed Cordoned": "declared, and settled",
	"HotUpgradeRefused":                               "of an Organisation that is Ready, and updated by new pods: internal/steps/messaging",
	"NameUnresolved":                                  "the DNS of this machine is not a story's: internal/probe",
	"Error":                                           "a failed call: every crash of the campaign is one",
	"Held":                                            "cured by the deletion that goes on: TestHoldStopsEveryChangeAndWinsOverSpec",
	"ServerDisturbed BackupMissing Pinned Skipping NoWave WaitingForWave WaitingForSlot WaitingForWindow SetAside": "said by UpToDate of an Organisation that is Ready: internal/fleet and internal/update",
	"RolledOut RollingOut Halted Paused Frozen Soaking WaitingForApproval Waiting RolledOutInPart NoMembers":       "of a ReleaseChannel: rollout_test.go and brakes_test.go",
}

// lacking are the reasons of the vocabulary that no story caused and cured, and those that
// are settled without need.
func (s *witness) lacking() ([]string, error) {
	all, err := vocabulary("../api/v1alpha1/conditions.go")
	if err != nil {
		return nil, err
	}
	exempt := map[v1alpha1.Reason]bool{}
	for reasons := range settled {
		for reason := range strings.FieldsSeq(reasons) {
			exempt[reason] = true
		}
	}
	var lacking []string
	for _, reason := range all {
		if !exempt[reason] && !s.cured[reason] {
			lacking = append(lacking, "no story causes "+reason+", cures it and sees Ready")
		}
		delete(exempt, reason)
	}
	for reason := range exempt {
		lacking = append(lacking, reason+" is settled, and is no reason")
	}
	return lacking, nil
}

// vocabulary lists the values of all constants of type Reason.
func vocabulary(path string) ([]v1alpha1.Reason, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return nil, fmt.Errorf("reading the vocabulary: %w", err)
	}
	var all []v1alpha1.Reason
	ast.Inspect(file, func(n ast.Node) bool {
		constant, ok := n.(*ast.ValueSpec)
		if !ok || len(constant.Values) != 1 || fmt.Sprint(constant.Type) != "Reason" {
			return true
		}
		if literal, ok := constant.Values[0].(*ast.BasicLit); ok {
			value, err := strconv.Unquote(literal.Value)
			if err == nil {
				all = append(all, value)
			}
		}
		return true
	})
	slices.Sort(all)
	return all, nil
}

// testify fails a run of all stories that leaves a reason without one.
func testify(code int) int {
	whole := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == ""
	if !whole || code != 0 {
		return code
	}
	lacking, err := stories.lacking()
	if err != nil {
		lacking = append(lacking, err.Error())
	}
	for _, what := range lacking {
		fmt.Fprintln(os.Stderr, "FAIL: "+what)
		code = 1
	}
	return code
}
