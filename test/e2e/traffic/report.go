package traffic

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

// Report counts what happened under a Load.
type Report struct {
	// Requests that were answered with 200, and that were not.
	Answered, Failed int
	// Slowest answer.
	Slowest time.Duration
	// Gap is the longest time without an answer of the back end to any request, and since
	// when.
	Gap      time.Duration
	GapSince time.Time
	last     time.Time

	// Opened websockets, Echoes on them, Broken ones that were opened again, Lost
	// messages that were sent and never echoed on a socket that did not break.
	Opened, Echoes, Broken, Lost int

	// Accepted are the ids of webhooks; Unaccepted were given up; Resent counts the
	// tries that were not answered with 200.
	Accepted           []string
	Unaccepted, Resent int

	// Failures are the first few, in words.
	Failures []string
}

// fewFailures is how many are kept in words.
const fewFailures = 12

func (r *Report) request(path string, began time.Time, took time.Duration, err error) {
	if err != nil {
		r.fail(&r.Failed, began.Format("15:04:05.000")+" GET "+path, err)
		return
	}
	r.Answered++
	r.Slowest = max(r.Slowest, took)
	if path != backend {
		return
	}
	answered := began.Add(took)
	if gap := answered.Sub(r.last); !r.last.IsZero() && gap > r.Gap {
		r.Gap, r.GapSince = gap, r.last
	}
	if answered.After(r.last) {
		r.last = answered
	}
}

func (r *Report) fail(count *int, what string, err error) {
	*count++
	if len(r.Failures) < fewFailures {
		r.Failures = append(r.Failures, fmt.Sprintf("%s: %v", what, err))
	}
}

// String is one line of figures.
func (r Report) String() string {
	return fmt.Sprintf("requests %d answered, %d failed (slowest %v, longest gap %v); websockets %d opened, %d broken, %d echoes, %d lost; webhooks %d accepted, %d given up, %d tries repeated",
		r.Answered, r.Failed, r.Slowest.Round(time.Millisecond), r.Gap.Round(time.Millisecond), r.Opened, r.Broken, r.Echoes, r.Lost, len(r.Accepted), r.Unaccepted, r.Resent)
}

func get(client *http.Client, url string) error {
	answer, err := client.Get(url) //nolint:noctx // the client has a timeout, and what is under way is to be answered
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s: %.80s", answer.Status, body)
	}
	return nil
}
