package traffic

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Load is a steady stream to one host.
type Load struct {
	Gateway Gateway
	Host    string
	// Requests and Webhooks per second; half of the requests open a connection each, and
	// half are answered by the front end, half by the back end.
	Requests, Webhooks int
	// Sockets are held open, and opened again when they break.
	Sockets int
	// WebsocketPath, and the Origin that is allowed there.
	WebsocketPath string
	// Webhook posts the message with this id; an error means that the provider would
	// send it again.
	Webhook func(ctx context.Context, id string) error
}

// Run is a Load under way.
type Run struct {
	load   Load
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu     sync.Mutex
	report Report
}

// Start begins the stream. The caller ends it with Stop.
func (l Load) Start(ctx context.Context) *Run {
	ctx, cancel := context.WithCancel(ctx)
	r := &Run{load: l, cancel: cancel}
	for _, keepAlive := range []bool{true, false} {
		r.done.Go(func() { r.requests(ctx, keepAlive) })
	}
	for n := range l.Sockets {
		r.done.Go(func() { r.socket(ctx, n) })
	}
	if l.Webhook != nil {
		r.done.Go(func() { r.webhooks(ctx) })
	}
	return r
}

// Stop ends the stream when what is under way was answered, and tells what happened.
func (r *Run) Stop() Report {
	r.cancel()
	r.done.Wait()
	return r.report
}

// Report of a Run that goes on.
func (r *Run) Report() Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.report
}

func (r *Run) note(f func(*Report)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.report)
}

// each calls do at a steady rate until ctx ends; a slow answer delays only itself.
func (r *Run) each(ctx context.Context, perSecond int, do func(n int)) {
	if perSecond <= 0 {
		return
	}
	var running sync.WaitGroup
	ticker := time.NewTicker(time.Second / time.Duration(perSecond))
	defer ticker.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			running.Wait()
			return
		case <-ticker.C:
			running.Go(func() { do(n) })
		}
	}
}

// backend is the page that the stand-in's back end answers; / is its front end's.
const backend = "/api/v1/version"

var pages = []string{"/", backend}

func (r *Run) requests(ctx context.Context, keepAlive bool) {
	client := r.load.Gateway.Client(keepAlive)
	defer client.CloseIdleConnections()
	r.each(ctx, r.load.Requests/2, func(n int) {
		path := pages[n%len(pages)]
		began := time.Now()
		err := get(client, "https://"+r.load.Host+path)
		took := time.Since(began)
		r.note(func(report *Report) { report.request(path, began, took, err) })
	})
}

// webhooks are sent until they are accepted, as the provider does, so each id arrives
// at least once; the app must keep it exactly once.
func (r *Run) webhooks(ctx context.Context) {
	r.each(ctx, r.load.Webhooks, func(n int) {
		id := fmt.Sprintf("%s-%d-%d", r.load.Host, time.Now().UnixNano(), n)
		sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		for tries := 1; ; tries++ {
			err := r.load.Webhook(sending, id)
			if err == nil {
				r.note(func(report *Report) { report.Accepted = append(report.Accepted, id); report.Resent += tries - 1 })
				return
			}
			if sending.Err() != nil {
				r.note(func(report *Report) { report.fail(&report.Unaccepted, "webhook "+id, err) })
				return
			}
			pause(sending, time.Second/2)
		}
	})
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
