package update_test

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/update"
)

const (
	r1, r2, r3 = "glific-1", "glific-2", "glific-3"
)

var now = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

type change func(*update.Facts)

// settled serves r1 and follows a channel that wants r2.
func settled() update.Facts {
	return update.Facts{
		Now: now, Aimed: r1, Serving: r1, Wanted: r2, Generation: 3,
		Limits: update.LimitsOf(v1alpha1.VerificationSpec{}), Reversible: true,
		Pods: update.Pods{Message: "2 of 3 pods"},
	}
}

func offered(f *update.Facts) { f.Offer = &update.Offer{Channel: "stable", Token: "7", Release: r2} }

func asked(f *update.Facts) {
	offered(f)
	f.Gate = &update.Gate{Release: r2, Offer: &update.Offer{Channel: "stable", Token: "7", Release: r2}}
}

func closed(reason string) change {
	return func(f *update.Facts) {
		asked(f)
		f.Gate.Closed = &update.Obstacle{Reason: reason, Message: "not now"}
	}
}

// at is an accepted update in a stage since a while.
func at(stage v1alpha1.UpdateStage, since time.Duration) change {
	return func(f *update.Facts) {
		offered(f)
		f.Aimed = r2
		f.Last = &v1alpha1.UpdateStatus{
			Channel: "stable", Token: "7", Release: r2, From: r1, Aimed: r1, Answer: v1alpha1.SlotAccepted, Stage: stage,
			Watch: &v1alpha1.Stopwatch{ElapsedSeconds: int64(since / time.Second), SeenAt: metav1.NewTime(now)},
		}
	}
}

func rollingBack(since time.Duration) change {
	return func(f *update.Facts) {
		at(v1alpha1.StageRollingBack, since)(f)
		f.Aimed, f.Last.Outcome = r1, v1alpha1.OutcomeUnhealthy
	}
}

func striking(n int32) change { return func(f *update.Facts) { f.Last.Strikes = n } }

func stood(f *update.Facts)      { f.Pods = update.Pods{Asked: true, Appeared: true, Converged: true} }
func appeared(f *update.Facts)   { f.Pods.Asked, f.Pods.Appeared = true, true }
func entering(f *update.Facts)   { f.Pods.Entering = true }
func wantsBack(f *update.Facts)  { f.OnFailure = v1alpha1.FailureRollback }
func unreversed(f *update.Facts) { f.OnFailure, f.Reversible = v1alpha1.FailureRollback, false }
func unproved(f *update.Facts) {
	f.Last.From, f.Verified, f.OnFailure = r3, r1, v1alpha1.FailureRollback
}
func alone(f *update.Facts) { f.Alone = true }
func newer(f *update.Facts) { f.Wanted, f.Gate = r3, &update.Gate{Release: r3} }
func disturbed(f *update.Facts) {
	f.Still = &update.Obstacle{Reason: v1alpha1.ReasonServerDisturbed, Message: "DatabaseServer shared-1 has just failed over"}
}
func held(f *update.Facts) {
	f.Still = &update.Obstacle{Reason: v1alpha1.ReasonHeld, Message: "held: investigating"}
}
func leaving(f *update.Facts) {
	f.Leaving = &update.Obstacle{Reason: v1alpha1.ReasonSuspended, Message: "spec.power is Suspended"}
}
func migration(state update.MigrationState) change {
	return func(f *update.Facts) { f.Migration = update.Migration{State: state, Message: "Job migrate-1 failed"} }
}
func backup(state update.Backup) change { return func(f *update.Facts) { f.Backup = state } }
func probed(state update.ProbeState) change {
	return func(f *update.Facts) { f.Probes = update.Probes{State: state, Message: "websocket answered 403"} }
}
func lacking(passing bool) change {
	return func(f *update.Facts) {
		f.Preflight = &update.Obstacle{Reason: v1alpha1.ReasonConfigIncomplete, Message: "key GUPSHUP_WEBHOOK_IPS is missing", Passing: passing}
	}
}

const (
	preflight, backingUp, migrating = v1alpha1.StagePreflight, v1alpha1.StageBackingUp, v1alpha1.StageMigrating
	deploying, converging           = v1alpha1.StageDeploying, v1alpha1.StageConverging
	holding, probing                = v1alpha1.StageHolding, v1alpha1.StageProbing
)

func TestOneStateOneAction(t *testing.T) {
	const (
		accepted = "Accepted"
		declined = "Declined "
		finished = "Finished "
	)
	for sentence, test := range map[string]struct {
		facts  []change
		state  update.State
		action update.Action
		answer string // answer, and outcome or reason
		target string
		says   string
	}{
		"nothing is offered":                            {nil, update.Idle, update.None, "", r1, ""},
		"a slot is offered: the channel is asked first": {[]change{offered}, update.Asking, update.ReadChannel, "", r1, ""},
		"the channel says yes":                          {[]change{asked}, update.Entering, update.Answer, accepted, r2, "let in"},
		"the channel wants new pods": {[]change{asked, func(f *update.Facts) {
			f.Offer.Mode, f.Gate.Offer.Mode = v1alpha1.UpdateRolling, v1alpha1.UpdateRolling
		}},
			update.Entering, update.Answer, accepted, r2, "let in, with new pods: see status.modeMessage of ReleaseChannel stable"},
		"the channel says it is paused": {[]change{closed(v1alpha1.ReasonPaused)}, update.Refusing, update.Answer, declined + "Paused", r1, "not now"},
		"the channel has another slot by now": {[]change{asked, func(f *update.Facts) { f.Gate.Offer.Token = "9" }},
			update.Idle, update.None, "", r1, ""},
		"the slot was answered already": {[]change{offered, at(holding, 0), func(f *update.Facts) {
			f.Last.Answer, f.Last.Stage, f.Last.Outcome = v1alpha1.SlotFinished, v1alpha1.StageEnded, v1alpha1.OutcomeVerified
		}}, update.Idle, update.None, finished + "Verified", r2, ""},
		"whoever is suspended uses no slot": {[]change{offered, leaving}, update.Refusing, update.Answer, declined + "Suspended", r1, ""},

		"a key is missing: given back before anything changes": {[]change{at(preflight, 0), lacking(false)}, update.Preflight, update.Answer, declined + "ConfigIncomplete", r1, "GUPSHUP_WEBHOOK_IPS"},
		"a Secret is on its way":                               {[]change{at(preflight, 0), lacking(true)}, update.Preflight, update.Watch, accepted, r2, ""},
		"a Secret never comes":                                 {[]change{at(preflight, 300*time.Second), lacking(true)}, update.Preflight, update.Answer, declined + "ConfigIncomplete", r1, ""},
		"a migration without a dump": {[]change{at(preflight, 0), migration(update.MigrationDue), backup(update.BackupMissing)},
			update.BackingUp, update.Answer, declined + "BackupMissing", r1, "spec.backup: Accepted"},
		"a dump is to be made":                              {[]change{at(preflight, 0), migration(update.MigrationDue), backup(update.BackupDue)}, update.BackingUp, update.BackUp, accepted, r2, ""},
		"a dump is being made":                              {[]change{at(backingUp, 0), migration(update.MigrationDue), backup(update.BackupRunning)}, update.BackingUp, update.Watch, accepted, r2, ""},
		"the dump is there":                                 {[]change{at(backingUp, 0), migration(update.MigrationDue), backup(update.BackupDone)}, update.Migrating, update.Migrate, accepted, r2, ""},
		"a migration is accepted as is":                     {[]change{at(preflight, 0), migration(update.MigrationDue)}, update.Migrating, update.Migrate, accepted, r2, ""},
		"the migration runs, as long":                       {[]change{at(migrating, time.Hour), migration(update.MigrationRunning)}, update.Migrating, update.Watch, accepted, r2, ""},
		"the migration failed":                              {[]change{at(migrating, 0), migration(update.MigrationFailed)}, update.Migrating, update.Answer, finished + "MigrationFailed", r1, "Job migrate-1 failed"},
		"the schema is there: pods":                         {[]change{at(migrating, 0)}, update.Deploying, update.Deploy, accepted, r2, ""},
		"pods were asked for":                               {[]change{at(deploying, 0), func(f *update.Facts) { f.Pods.Asked = true }}, update.Deploying, update.Watch, accepted, r2, ""},
		"pods cannot be asked for":                          {[]change{at(deploying, 300*time.Second)}, update.Deploying, update.Answer, finished + "NeverHealthy", r2, "no pod of Release glific-2 appeared within 5m0s"},
		"no pod appears":                                    {[]change{at(deploying, 300*time.Second), func(f *update.Facts) { f.Pods.Asked = true }}, update.Deploying, update.Answer, finished + "NeverHealthy", r2, "no pod of Release glific-2 appeared within 5m0s"},
		"a pod appears":                                     {[]change{at(deploying, 0), appeared}, update.Converging, update.Watch, accepted, r2, "2 of 3 pods"},
		"not all become ready":                              {[]change{at(converging, 300*time.Second), appeared}, update.Converging, update.Answer, finished + "NeverHealthy", r2, "within 5m0s"},
		"Kubernetes gives up earlier":                       {[]change{at(converging, 0), appeared, func(f *update.Facts) { f.Pods.Exceeded = true }}, update.Converging, update.Answer, finished + "NeverHealthy", r2, ""},
		"not ready, and the old is liked":                   {[]change{at(converging, 300*time.Second), appeared, wantsBack}, update.Converging, update.Answer, accepted, r1, "Release glific-1 is brought back"},
		"all are ready":                                     {[]change{at(converging, 200*time.Second), stood}, update.Holding, update.Watch, accepted, r2, "must stay healthy for 5m0s"},
		"new code enters running pods, as long as it takes": {[]change{at(converging, time.Hour), appeared, entering}, update.Converging, update.Watch, accepted, r2, "2 of 3 pods"},

		"it holds":                          {[]change{at(holding, 295*time.Second), stood}, update.Holding, update.Watch, accepted, r2, ""},
		"it held long enough":               {[]change{at(holding, 300*time.Second), stood}, update.Holding, update.Probe, accepted, r2, ""},
		"one bad look is forgiven":          {[]change{at(holding, 299*time.Second)}, update.Holding, update.Watch, accepted, r2, "1 of 3 looks in a row"},
		"a bad look at the end is no proof": {[]change{at(holding, 400*time.Second)}, update.Holding, update.Watch, accepted, r2, ""},
		"a good look between clears it":     {[]change{at(holding, 0), striking(2), stood}, update.Holding, update.Watch, accepted, r2, ""},
		"three bad looks are not":           {[]change{at(holding, 0), striking(2)}, update.Holding, update.Answer, finished + "Unhealthy", r2, "did not stay healthy"},
		"a change that is declared meanwhile waits": {[]change{at(holding, 0), stood, func(f *update.Facts) { f.Pods.Asked = false }},
			update.Holding, update.Watch, accepted, r2, ""},
		"nothing was asked yet":      {[]change{at(probing, 0), stood}, update.Probing, update.Probe, accepted, r2, ""},
		"users are answered":         {[]change{at(probing, 0), stood, probed(update.ProbesPassed)}, update.Probing, update.Answer, finished + "Verified", r2, ""},
		"a refused websocket":        {[]change{at(probing, 0), stood, probed(update.ProbesFailed)}, update.Probing, update.Probe, accepted, r2, "websocket answered 403"},
		"a websocket that stays so":  {[]change{at(probing, 0), stood, striking(2), probed(update.ProbesFailed)}, update.Probing, update.Answer, finished + "Unhealthy", r2, "websocket answered 403"},
		"probes of pods that left":   {[]change{at(probing, 0), striking(2), probed(update.ProbesPassed)}, update.Probing, update.Answer, finished + "Unhealthy", r2, ""},
		"bad looks, the old is back": {[]change{at(holding, 0), striking(2), wantsBack}, update.Holding, update.Answer, accepted, r1, "is brought back"},
		"bad looks, the schema says no": {[]change{at(holding, 0), striking(2), unreversed},
			update.Holding, update.Answer, finished + "RollbackBlocked", r2, "the schema changed since Release glific-1 was verified and nothing lists it in spec.compatibleFrom"},
		"bad looks, and what served before was never verified": {[]change{at(holding, 0), striking(2), unproved},
			update.Holding, update.Answer, accepted, r1, "Release glific-1 is brought back"},
		"bad looks, and what was verified last forbids the schema": {[]change{at(holding, 0), striking(2), unproved, func(f *update.Facts) { f.Reversible = false }},
			update.Holding, update.Answer, finished + "RollbackBlocked", r2, "Release glific-1"},
		"not ready, and nothing else serves": {[]change{at(converging, 300*time.Second), appeared, alone}, update.Converging, update.Answer, accepted, r1, "Release glific-1 is brought back"},
		"bad looks, and nothing else served": {[]change{at(holding, 0), striking(2), alone}, update.Holding, update.Answer, finished + "Unhealthy", r2, ""},
		"a change of the profile has no old release": {[]change{at(holding, 0), striking(2), wantsBack, func(f *update.Facts) { f.Last.From = r2 }},
			update.Holding, update.Answer, finished + "Unhealthy", r2, ""},

		"rolled back: pods":                      {[]change{rollingBack(0)}, update.RollingBack, update.Deploy, accepted, r1, ""},
		"rolled back: they come":                 {[]change{rollingBack(0), appeared}, update.RollingBack, update.Watch, accepted, r1, ""},
		"rolled back: they serve":                {[]change{rollingBack(0), stood, probed(update.ProbesPassed)}, update.RollingBack, update.Answer, finished + "RolledBack", r1, "Release glific-1 serves again"},
		"rolled back: nobody has asked them yet": {[]change{rollingBack(0), stood}, update.RollingBack, update.Probe, accepted, r1, ""},
		"rolled back: a user is refused":         {[]change{rollingBack(0), stood, probed(update.ProbesFailed)}, update.RollingBack, update.Probe, accepted, r1, ""},
		"rolled back: users stay refused": {[]change{rollingBack(0), stood, striking(2), probed(update.ProbesFailed)},
			update.RollingBack, update.Answer, finished + "Unhealthy", r1, "brought back, does not answer its users either: websocket answered 403"},
		"rolled back: nobody ever answers":      {[]change{rollingBack(600 * time.Second), stood}, update.RollingBack, update.Answer, finished + "Unhealthy", r1, ""},
		"rolled back: they cannot be asked for": {[]change{rollingBack(600 * time.Second)}, update.RollingBack, update.Answer, finished + "Unhealthy", r1, "did not become ready either"},
		"rolled back: they do not":              {[]change{rollingBack(600 * time.Second), appeared}, update.RollingBack, update.Answer, finished + "Unhealthy", r1, "did not become ready either"},

		"something newer, says the cache":             {[]change{at(converging, 0), appeared, newer, func(f *update.Facts) { f.Gate = nil }}, update.Asking, update.ReadChannel, accepted, r2, ""},
		"the cache was of another time":               {[]change{at(converging, 0), appeared, asked, func(f *update.Facts) { f.Wanted = r1 }}, update.Converging, update.Watch, accepted, r2, ""},
		"something newer does not wait for the hung":  {[]change{at(converging, 0), appeared, newer}, update.Abandoned, update.Answer, finished + "Superseded", r2, "Release glific-3 is wanted now"},
		"something newer, and nothing changed yet":    {[]change{at(migrating, 0), migration(update.MigrationRunning), newer}, update.Abandoned, update.Answer, declined + "Superseded", r1, ""},
		"something newer during a rollback":           {[]change{rollingBack(0), appeared, newer}, update.RollingBack, update.Watch, accepted, r1, ""},
		"suspended in the middle":                     {[]change{at(holding, 0), leaving}, update.Abandoned, update.Answer, finished + "Suspended", r2, "spec.power is Suspended"},
		"suspended before anything changed":           {[]change{at(preflight, 0), leaving}, update.Abandoned, update.Answer, declined + "Suspended", r1, ""},
		"whoever is held uses no slot":                {[]change{offered, held}, update.Refusing, update.Answer, declined + "Held", r1, ""},
		"held in the middle, with pods that fall":     {[]change{at(holding, 0), striking(2), held}, update.Still, update.Watch, accepted, r2, "held: investigating"},
		"no slot is used while the server fails over": {[]change{asked, disturbed}, update.Refusing, update.Answer, declined + "ServerDisturbed", r1, ""},
		"a failover while it holds, and pods with it": {[]change{at(holding, 0), striking(2), disturbed}, update.Still, update.Watch, accepted, r2, "stands still"},
		"a failover at the end of patience":           {[]change{at(converging, 300*time.Second), appeared, disturbed}, update.Still, update.Watch, accepted, r2, ""},
		"a failover while the Job failed":             {[]change{at(migrating, 0), migration(update.MigrationFailed), disturbed}, update.Still, update.Watch, accepted, r2, ""},
		"a failover during a rollback":                {[]change{rollingBack(600 * time.Second), appeared, disturbed}, update.Still, update.Watch, accepted, r1, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			facts := settled()
			for _, change := range test.facts {
				change(&facts)
			}
			got := update.Decide(facts)
			if got.State != test.state || got.Action != test.action || got.Target != test.target {
				t.Errorf("%s: %s, towards %s; want %s: %s, towards %s", got.State, got.Action, got.Target, test.state, test.action, test.target)
			}
			if answer := answerOf(got.Update); answer != test.answer {
				t.Errorf("answered %q, want %q", answer, test.answer)
			}
			if test.says != "" && !strings.Contains(got.Update.Message, test.says) {
				t.Errorf("%q is missing in: %s", test.says, got.Update.Message)
			}
		})
	}
}

func answerOf(u *v1alpha1.UpdateStatus) string {
	switch {
	case u == nil:
		return ""
	case u.Answer == v1alpha1.SlotAccepted:
		return "Accepted"
	case u.Answer == v1alpha1.SlotFinished && u.Reason == "":
		return "Finished " + string(u.Outcome)
	}
	return string(u.Answer) + " " + u.Reason
}

// A pass that repeats itself in the same moment writes nothing new.
func TestDecidingAgainChangesNothing(t *testing.T) {
	for _, stage := range []v1alpha1.UpdateStage{preflight, migrating, deploying, converging, holding, probing} {
		facts := settled()
		at(stage, 10*time.Second)(&facts)
		stood(&facts)
		first := update.Decide(facts)
		facts.Last = first.Update
		second := update.Decide(facts)
		if first.Update.Answer != v1alpha1.SlotAccepted {
			continue
		}
		third := func() update.Decision { facts.Last = second.Update; return update.Decide(facts) }()
		if *third.Update.Watch != *second.Update.Watch || third.Update.Message != second.Update.Message {
			t.Errorf("%s: %+v, then %+v", stage, second.Update, third.Update)
		}
	}
}

// Two minutes of failover in the middle of a hold are two minutes more of hold.
func TestAFailoverStopsTheClock(t *testing.T) {
	facts := settled()
	at(holding, 200*time.Second)(&facts)
	stood(&facts)
	step := func(after time.Duration, server string) v1alpha1.UpdateStatus {
		facts.Now, facts.Still = facts.Now.Add(after), nil
		if server != "" {
			facts.Still = &update.Obstacle{Reason: v1alpha1.ReasonServerDisturbed, Message: server}
		}
		facts.Last = update.Decide(facts).Update
		return *facts.Last
	}
	step(10*time.Second, "it fails over")
	if u := step(110*time.Second, "it fails over"); u.Reason != v1alpha1.ReasonServerDisturbed || u.Watch.ElapsedSeconds != 210 {
		t.Errorf("during the failover: %+v, %+v", u, u.Watch)
	}
	if u := step(10*time.Second, ""); u.Watch.ElapsedSeconds != 210 || u.Reason != "" {
		t.Errorf("after it: %+v, %+v", u, u.Watch)
	}
	step(45*time.Second, "")
	if u := step(45*time.Second, ""); u.Stage != v1alpha1.StageProbing {
		t.Errorf("after 300 watched seconds: %s", u.Stage)
	}
}

func TestWhichEndingsAPersonMustLookAt(t *testing.T) {
	ended := func(answer v1alpha1.SlotAnswer, outcome v1alpha1.UpdateOutcome, reason string) *v1alpha1.UpdateStatus {
		return &v1alpha1.UpdateStatus{Answer: answer, Outcome: outcome, Reason: reason}
	}
	for _, test := range []struct {
		last *v1alpha1.UpdateStatus
		want bool
	}{
		{nil, false},
		{ended(v1alpha1.SlotAccepted, v1alpha1.OutcomeUnhealthy, ""), false}, // being rolled back
		{ended(v1alpha1.SlotFinished, v1alpha1.OutcomeVerified, ""), false},
		{ended(v1alpha1.SlotFinished, v1alpha1.OutcomeSuperseded, ""), false},
		{ended(v1alpha1.SlotFinished, v1alpha1.OutcomeNeverHealthy, ""), true},
		{ended(v1alpha1.SlotFinished, v1alpha1.OutcomeRolledBack, ""), true},
		{ended(v1alpha1.SlotDeclined, "", v1alpha1.ReasonFrozen), false},
		{ended(v1alpha1.SlotDeclined, "", v1alpha1.ReasonConfigIncomplete), true},
		{ended(v1alpha1.SlotDeclined, "", v1alpha1.ReasonBackupMissing), true},
	} {
		if got := update.Failed(test.last); got != test.want {
			t.Errorf("%+v: %t", test.last, got)
		}
	}
}

func TestTheModeIsThatOfThePods(t *testing.T) {
	for sentence, test := range map[string]struct {
		change change
		want   v1alpha1.UpdateMode
	}{
		"new code enters":                 {func(f *update.Facts) { f.Pods.Mode = v1alpha1.UpdateHot }, v1alpha1.UpdateHot},
		"new pods took over after all":    {func(f *update.Facts) { f.Last.Mode, f.Pods.Mode = v1alpha1.UpdateHot, v1alpha1.UpdateRolling }, v1alpha1.UpdateRolling},
		"nobody knows any more":           {func(f *update.Facts) { f.Last.Mode = v1alpha1.UpdateHot }, v1alpha1.UpdateHot},
		"new pods, as the channel wanted": {func(f *update.Facts) { f.Last.Mode = v1alpha1.UpdateRolling }, v1alpha1.UpdateRolling},
		"a roll back does not rewrite it": {func(f *update.Facts) {
			rollingBack(0)(f)
			f.Last.Mode, f.Pods.Mode = v1alpha1.UpdateHot, v1alpha1.UpdateRolling
		}, v1alpha1.UpdateHot},
	} {
		t.Run(sentence, func(t *testing.T) {
			f := settled()
			at(converging, 0)(&f)
			appeared(&f)
			test.change(&f)
			if got := update.Decide(f).Update.Mode; got != test.want {
				t.Errorf("mode %q, want %q", got, test.want)
			}
		})
	}
}

// A burst of passes within one poll sees the same trouble once.
func TestStrikesAreLooksAndNotPasses(t *testing.T) {
	for sentence, test := range map[string]struct {
		passes []time.Duration
		want   int32
	}{
		"three passes in a second":        {[]time.Duration{0, 300 * time.Millisecond, 900 * time.Millisecond}, 1},
		"a pass at each poll":             {[]time.Duration{0, 5 * time.Second}, 2},
		"bursts at two polls":             {[]time.Duration{0, time.Second, 5 * time.Second, 6 * time.Second, 7 * time.Second}, 2},
		"a clock that went back an hour":  {[]time.Duration{0, -time.Hour}, 2},
		"a pass that comes a little late": {[]time.Duration{0, 7 * time.Second, 11 * time.Second}, 2},
	} {
		facts := settled()
		at(holding, 0)(&facts)
		for _, pass := range test.passes {
			facts.Now = now.Add(pass)
			facts.Last = update.Decide(facts).Update
		}
		if facts.Last.Strikes != test.want {
			t.Errorf("%s: %d strikes, want %d", sentence, facts.Last.Strikes, test.want)
		}
	}
}

func TestSlotsThatAreGivenBackAreCounted(t *testing.T) {
	facts := settled()
	for n := int32(1); n <= 3; n++ {
		asked(&facts)
		disturbed(&facts)
		facts.Offer.Token = strings.Repeat("1", int(n))
		facts.Last = update.Decide(facts).Update
		if facts.Last.Declines != n {
			t.Errorf("after %d: %+v", n, facts.Last)
		}
	}
	offered(&facts)
	facts.Offer.Release, facts.Offer.Token = r3, "9"
	if got := update.Decide(facts).Update.Declines; got != 1 {
		t.Errorf("of another release: %d", got)
	}
}

// A long soak of running pods leaves new ones, that follow a refusal, all their time.
func TestNewPodsHaveTheirTimeAfterARefusal(t *testing.T) {
	f := settled()
	at(converging, time.Hour)(&f)
	appeared(&f)
	entering(&f)
	f.Last = update.Decide(f).Update
	f.Pods.Entering = false
	f.Now = f.Now.Add(20 * time.Second)
	if got := update.Decide(f); got.State != update.Converging || got.Action != update.Watch {
		t.Errorf("%s %s: %s", got.State, got.Action, got.Update.Message)
	}
}
