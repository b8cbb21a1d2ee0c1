package traffic

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"k8s.io/client-go/rest"
)

// Answered is a request with what came of it.
type Answered struct {
	Request
	Code int   // HTTP status; 0 when Err is set
	Err  error // no answer arrived
}

// Recorder sees every request of the clients it was given to. The zero value is
// ready to use.
type Recorder struct {
	mu   sync.Mutex
	seen []Answered
}

// Wrap returns a copy of config whose requests r records, after whatever the
// config's own transport wrappers do.
func (r *Recorder) Wrap(config *rest.Config) *rest.Config {
	wrapped := rest.CopyConfig(config)
	wrapped.Wrap(r.Transport)
	return wrapped
}

// Transport records what passes through next.
func (r *Recorder) Transport(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		request := Parse(req)
		resp, err := next.RoundTrip(req)
		answered := Answered{Request: request, Err: err}
		if resp != nil {
			answered.Code = resp.StatusCode
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.seen = append(r.seen, answered)
		return resp, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Reset forgets what was seen.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = nil
}

// Requests returns what was answered since the last Reset and passes every
// filter, in the order of the answers.
func (r *Recorder) Requests(filters ...Filter) []Answered {
	r.mu.Lock()
	defer r.mu.Unlock()
	var kept []Answered
	for _, a := range r.seen {
		if !slices.ContainsFunc(filters, func(f Filter) bool { return !f(a) }) {
			kept = append(kept, a)
		}
	}
	return kept
}

// Count counts by "verb kind", for example "apply apps/deployments": 1.
func (r *Recorder) Count(filters ...Filter) Counts {
	counts := Counts{}
	for _, a := range r.Requests(filters...) {
		counts[a.Verb+" "+a.Kind()]++
	}
	return counts
}

// Counts says how many requests of each "verb kind" there were.
type Counts map[string]int

// Total is the number of requests of all kinds.
func (c Counts) Total() int {
	total := 0
	for _, n := range c {
		total += n
	}
	return total
}

// String is a table sorted by name, one line each, the total last.
func (c Counts) String() string {
	var names []string
	for name := range c {
		names = append(names, name)
	}
	slices.Sort(names)
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, name := range names {
		fmt.Fprintf(table, "%s\t%d\n", name, c[name])
	}
	fmt.Fprintf(table, "total\t%d\n", c.Total())
	table.Flush()
	return out.String()
}

// Filter says whether a request counts.
type Filter func(Answered) bool

// Writes keeps requests that can change stored objects.
func Writes(a Answered) bool { return a.Writes() }

// Reads keeps everything else, watches and discovery included.
func Reads(a Answered) bool { return !a.Writes() }

// Live keeps gets and lists of objects: reads that cost the API server a look
// into its storage, unlike those from an informer's cache. Watches do not count.
func Live(a Answered) bool { return a.Resource != "" && (a.Verb == "get" || a.Verb == "list") }

// Kinds keeps the named resources ("secrets", "deployments"), in any group, with
// their subresources.
func Kinds(resources ...string) Filter {
	return func(a Answered) bool { return slices.Contains(resources, a.Resource) }
}

// Except drops the named resources, for example "events" and "leases".
func Except(resources ...string) Filter {
	return func(a Answered) bool { return !slices.Contains(resources, a.Resource) }
}
