package campaign

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/go-logr/logr"
	godiff "github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/internal/testkit/crash"
)

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

// sampled is how many plans of a workflow run where not all do.
const sampled = 6

// plan is a workflow with a fault.
type plan struct {
	workflow workflow
	fault    crash.Fault
	write    string
}

// ways are how a write can go wrong: the operator is killed before or after it, or lives
// on without its answer.
var ways = []struct {
	name  string
	fault crash.Fault
}{
	{"before", crash.Fault{Point: crash.BeforeSend}},
	{"after", crash.Fault{Point: crash.AnswerLost}},
	{"lost", crash.Fault{Point: crash.AnswerLost, Survive: true}},
}

func (p plan) String() string {
	for _, way := range ways {
		if way.fault.Point == p.fault.Point && way.fault.Survive == p.fault.Survive {
			return fmt.Sprintf("%s/%d/%s", p.workflow.name, p.fault.Write, way.name)
		}
	}
	return p.workflow.name
}

// story says what happened to which write.
func (p plan) story() string {
	what := "killed at"
	if p.fault.Survive {
		what = "connection broken at"
	}
	return fmt.Sprintf("%s write %d, %s: %s", what, p.fault.Write, p.fault.Point, p.write)
}

// tally is what the report says of a workflow.
type tally struct {
	writes, plans, failed int
	spent                 time.Duration
}

func TestEveryLifeAfterACrashReachesTheSameEnd(t *testing.T) {
	seed := seed(t)
	t.Logf("CAMPAIGN_SEED=%d", seed)
	stages := startStages(t)
	began := time.Now()
	references := map[string]ending{}
	report := map[string]*tally{}
	var mu sync.Mutex
	each(t, stages, workflows(), func(ctx context.Context, s *stage, w workflow) {
		end, err := s.play(ctx, w, crash.Fault{})
		if err != nil {
			t.Errorf("%s, undisturbed: %v\n%s", w.name, err, end.world)
		}
		end.writes = s.named(end.writes)
		mu.Lock()
		defer mu.Unlock()
		references[w.name], report[w.name] = end, &tally{writes: len(end.writes)}
	})
	if t.Failed() {
		return
	}
	each(t, stages, plans(references, seed), func(ctx context.Context, s *stage, p plan) {
		began := time.Now()
		problem := s.try(ctx, p, references[p.workflow.name])
		mu.Lock()
		defer mu.Unlock()
		count := report[p.workflow.name]
		count.plans++
		count.spent += time.Since(began)
		if problem != "" {
			count.failed++
			t.Errorf("plan %s: %s\n%s", p, p.story(), problem)
		}
	})
	t.Log(table(report, len(stages), time.Since(began)))
}

// try carries a plan out and says what is wrong with its end; "" if nothing is.
func (s *stage) try(ctx context.Context, p plan, want ending) string {
	got, err := s.play(ctx, p.workflow, p.fault)
	switch {
	case err != nil:
		return err.Error() + "\n" + got.world
	case got.struck == "":
		return fmt.Sprintf("the workflow had only %d writes", len(got.writes))
	}
	before, now := want.writes[:p.fault.Write], s.named(got.writes)[:p.fault.Write]
	if !slices.Equal(before, now) {
		return "the writes came in another order than in the undisturbed run (-undisturbed +now):\n" + godiff.Diff(before, now)
	}
	if got.world != want.world {
		return "another end than that of the undisturbed run (-undisturbed +now):\n" + godiff.Diff(strings.Split(want.world, "\n"), strings.Split(got.world, "\n"))
	}
	return ""
}

// plans are all that this run is for, in an order that spreads workflows over lanes.
func plans(references map[string]ending, seed uint64) []plan {
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a sample, to be drawn again from its seed
	only := regexp.MustCompile(os.Getenv("CAMPAIGN_ONLY"))
	var chosen []plan
	for _, w := range workflows() {
		var all []plan
		for i, write := range references[w.name].writes {
			for _, way := range ways {
				fault := way.fault
				fault.Write = i + 1
				all = append(all, plan{w, fault, write})
			}
		}
		switch {
		case os.Getenv("CAMPAIGN_ONLY") != "":
			all = slices.DeleteFunc(all, func(p plan) bool { return !only.MatchString(p.String()) })
		case os.Getenv("CAMPAIGN") != "all":
			all = sample(all, w, random)
		}
		chosen = append(chosen, all...)
	}
	return chosen
}

// sample keeps every crash of a workflow that is always run in full, and some of
// everything else.
func sample(all []plan, w workflow, random *rand.Rand) []plan {
	var kept, rest []plan
	for _, p := range all {
		if w.always && !p.fault.Survive {
			kept = append(kept, p)
		} else {
			rest = append(rest, p)
		}
	}
	random.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	return append(kept, rest[:min(sampled, len(rest))]...)
}

func seed(t *testing.T) uint64 {
	text := cmp.Or(os.Getenv("CAMPAIGN_SEED"), fmt.Sprint(time.Now().Unix()))
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("CAMPAIGN_SEED: %v", err)
	}
	return seed
}

// startStages begins all lanes at once.
func startStages(t *testing.T) []*stage {
	t.Helper()
	count, err := strconv.Atoi(cmp.Or(os.Getenv("CAMPAIGN_LANES"), "4"))
	if err != nil || count < 1 {
		t.Fatalf("CAMPAIGN_LANES=%q is not a number of lanes", os.Getenv("CAMPAIGN_LANES"))
	}
	stages, errs := make([]*stage, count), make([]error, count)
	var started sync.WaitGroup
	for i := range count {
		started.Go(func() { stages[i], errs[i] = startStage(t.Context()) })
	}
	started.Wait()
	t.Cleanup(func() {
		for _, s := range stages {
			if s != nil {
				errs = append(errs, s.stop(context.Background()))
			}
		}
		if err := errors.Join(errs...); err != nil {
			t.Errorf("lanes: %v", err)
		}
	})
	if err := errors.Join(errs...); err != nil {
		t.FailNow()
	}
	return stages
}

// each gives every piece of work to the next stage that is free.
func each[T any](t *testing.T, stages []*stage, work []T, do func(context.Context, *stage, T)) {
	queue := make(chan T)
	var done sync.WaitGroup
	for _, s := range stages {
		done.Go(func() {
			for piece := range queue {
				do(t.Context(), s, piece)
			}
		})
	}
	for _, piece := range work {
		queue <- piece
	}
	close(queue)
	done.Wait()
}

func table(report map[string]*tally, lanes int, spent time.Duration) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "workflow\twrites\tpoints\tplans\tfailures\tseconds each\t")
	var total tally
	for _, flow := range workflows() {
		one := report[flow.name]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%.1f\t\n", flow.name, one.writes, one.writes*len(ways), one.plans, one.failed, one.spent.Seconds()/float64(max(1, one.plans)))
		total.writes, total.plans, total.failed = total.writes+one.writes, total.plans+one.plans, total.failed+one.failed
	}
	fmt.Fprintf(w, "total\t%d\t%d\t%d\t%d\t\t\n", total.writes, total.writes*len(ways), total.plans, total.failed)
	_ = w.Flush()
	return fmt.Sprintf("%.0f seconds on %d lanes\n%s", spent.Seconds(), lanes, out.String())
}
