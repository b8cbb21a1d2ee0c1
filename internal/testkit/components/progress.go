package components

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// progress tells a waiting person what is being made, for how long, and what
// remains. The estimate starts from measured cold builds on two cores and is
// scaled by how this machine has done so far.
type progress struct {
	w     io.Writer
	todo  []Component
	began time.Time
	stop  chan struct{}

	mu       sync.Mutex
	current  int // index into todo, 1-based while printing
	started  time.Time
	packages int
	modules  int
	planned  time.Duration // of what is finished
	spent    time.Duration // for what is finished
}

const progressEvery = 15 * time.Second

func newProgress(w io.Writer, todo []Component) *progress {
	return &progress{w: w, todo: todo, began: time.Now(), stop: make(chan struct{}), current: -1}
}

func (p *progress) begin() {
	var names []string
	for _, c := range p.todo {
		names = append(names, c.Name+" "+c.Version)
	}
	fmt.Fprintf(p.w, "components: %d to make (%s), at most about %s; kept in %s\n",
		len(p.todo), strings.Join(names, ", "), p.remaining().Round(time.Second), BinDir())
	go p.tick()
}

func (p *progress) tick() {
	every := time.NewTicker(progressEvery)
	defer every.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-every.C:
			p.report()
		}
	}
}

func (p *progress) report() {
	p.mu.Lock()
	defer p.mu.Unlock()
	done := fmt.Sprintf("%d packages compiled", p.packages)
	if p.modules > 0 && p.packages == 0 {
		done = fmt.Sprintf("%d modules downloaded", p.modules)
	}
	p.line("%s so far, %s; about %s left in all", time.Since(p.started).Round(time.Second), done, p.remaining().Round(time.Second))
}

func (p *progress) start(Component) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current++
	p.started, p.packages, p.modules = time.Now(), 0, 0
	p.line("started")
}

func (p *progress) finish(c Component) {
	p.mu.Lock()
	defer p.mu.Unlock()
	took := time.Since(p.started)
	p.planned += c.expected
	p.spent += took
	p.line("done in %s", took.Round(100*time.Millisecond))
}

func (p *progress) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line(format, args...)
}

// advance counts one more compiled package or downloaded module.
func (p *progress) advance(module bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if module {
		p.modules++
		return
	}
	p.packages++
}

// halt ends the periodic reports.
func (p *progress) halt() { close(p.stop) }

func (p *progress) end() {
	fmt.Fprintf(p.w, "components: ready after %s\n", time.Since(p.began).Round(time.Second))
}

// remaining estimates the rest; callers hold the lock or are alone.
func (p *progress) remaining() time.Duration {
	var left time.Duration
	for i := max(p.current, 0); i < len(p.todo); i++ {
		left += p.todo[i].expected
	}
	if p.planned > 0 {
		left = time.Duration(float64(left) * float64(p.spent) / float64(p.planned))
	}
	if p.current >= 0 {
		left -= time.Since(p.started)
	}
	return max(left, 0)
}

func (p *progress) line(format string, args ...any) {
	c := p.todo[p.current]
	fmt.Fprintf(p.w, "  [%d/%d] %-32s %s\n", p.current+1, len(p.todo), c.Name+" "+c.Version, fmt.Sprintf(format, args...))
}
