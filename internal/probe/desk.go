package probe

import (
	"context"
	"fmt"
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/glific/organisation-operator/internal/jitter"
)

const (
	// Every is how long an answer holds, at least; each NGO adds up to as much of its
	// own, so that a fleet is not asked at once.
	Every = 5 * time.Minute
	// Again is how soon a host that failed is asked again.
	Again = 5 * time.Second
	// Strikes in a row make a host unreachable: one lost packet does not.
	Strikes = 3
)

// Standing is what is known of a host.
type Standing struct {
	// Answer is the newest one that counts: a failure counts from the third in a row.
	Answer Answer
	// Strikes in a row so far, also those that do not count yet.
	Strikes int
	// Struck is the link of the newest strike; "" without strikes.
	Struck Link
	// Asked is when the newest answer was given, whether it counts or not.
	Asked time.Time
	// Next is when it is asked again.
	Next time.Time
	// Due is how long that is, from the moment of the look; 0: now.
	Due time.Duration
}

// Desk asks in the background, a bounded number at once, and keeps the answers, so that
// no pass ever waits for a host that does not answer.
type Desk struct {
	// Probe asks once; that of a Prober, but for tests.
	Probe func(context.Context, Target) Answer
	Clock clock.PassiveClock
	// Wake is told the key of a host whose standing changed.
	Wake func(key string)

	once    sync.Once
	slots   chan struct{}
	mu      sync.Mutex
	known   map[string]*entry
	pending sync.WaitGroup
}

type entry struct {
	version  string
	standing Standing
	counted  bool // standing.Answer is one that was given
	asking   bool
	quiet    bool // nobody waits for a first good answer
}

// atOnce bounds how many hosts are asked at once.
const atOnce = 8

// Standing of a host; false until a first answer counts. It is asked, in the background,
// if the last answer is of another version or has had its time.
func (d *Desk) Standing(ctx context.Context, key string, t Target) (Standing, bool) {
	d.once.Do(func() { d.slots, d.known = make(chan struct{}, atOnce), map[string]*entry{} })
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.known[key]
	now := d.Clock.Now()
	if e == nil || e.version != t.version() {
		first := Standing{}
		if e == nil && t.Settled {
			first.Next = now.Add(jitter.Of(key, Every))
		}
		e = &entry{version: t.version(), standing: first, quiet: t.Address == ""}
		d.known[key] = e
	}
	if never := e.standing.Asked.IsZero(); never && !t.Settled {
		e.standing.Next = now // whatever made the question wait, somebody waits for it now
	}
	if !e.asking && !now.Before(e.standing.Next) {
		e.asking = true
		d.pending.Go(func() { d.ask(context.WithoutCancel(ctx), key, e, t) })
	}
	return e.standing.at(now), e.counted
}

// at is the standing as it is seen at a moment.
func (s Standing) at(now time.Time) Standing {
	s.Due = max(0, s.Next.Sub(now))
	return s
}

// Ends are when the first certificate of each host ends, as it was shown when the host was
// last asked; hosts without TLS, and those that did not answer, are not among them.
func (d *Desk) Ends() map[string]time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	ends := map[string]time.Time{}
	for key, e := range d.known {
		if end := e.standing.Answer.CertificateUntil; !end.IsZero() {
			ends[key] = end
		}
	}
	return ends
}

// Forget a host that is no more.
func (d *Desk) Forget(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.known, key)
}

// Wait until nobody is being asked.
func (d *Desk) Wait() { d.pending.Wait() }

func (d *Desk) ask(ctx context.Context, key string, e *entry, t Target) {
	d.slots <- struct{}{}
	defer func() { <-d.slots }()
	answer := d.Probe(ctx, t)
	if d.settle(key, e, answer) && d.Wake != nil {
		d.Wake(key)
	}
}

// settle notes an answer, and tells whether a pass should look.
func (d *Desk) settle(key string, e *entry, answer Answer) (news bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e.asking = false
	before := *e
	if answer.OK() {
		e.standing = Standing{Answer: answer, Asked: d.Clock.Now(), Next: d.Clock.Now().Add(Every + jitter.Of(key, Every))}
		e.counted = true
		return (!before.counted && !e.quiet) || (before.counted && before.standing.Answer != answer) || before.standing.Strikes > 0
	}
	e.standing.Strikes++
	e.standing.Struck, e.standing.Asked = answer.Broken, d.Clock.Now()
	e.standing.Next = d.Clock.Now().Add(Again)
	if e.standing.Strikes >= Strikes {
		e.standing.Answer, e.counted = answer, true
		e.standing.Next = d.Clock.Now().Add(time.Minute)
	}
	return true // who strikes is asked again soon
}

func (t Target) version() string {
	text := fmt.Sprint(t.DNS, t.Login == nil) + "\x00" + t.Address + "\x00" + t.Host + "\x00" + t.Path + "\x00" + t.Version
	for _, more := range append(t.Aliases, t.Websockets...) {
		text += "\x00" + more
	}
	return text
}
