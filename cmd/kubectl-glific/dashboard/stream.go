package dashboard

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// answer writes JSON.
func answer(w http.ResponseWriter, code int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(value) // whoever hung up needs no answer
}

// failed tells an error in words.
func failed(w http.ResponseWriter, code int, err error) {
	answer(w, code, map[string]string{"error": err.Error()})
}

// events is a stream of server-sent events (WHATWG HTML, section 9.2).
type events struct {
	w    http.ResponseWriter
	flow *http.ResponseController
}

func newEvents(w http.ResponseWriter) events {
	w.Header().Set("Content-Type", "text/event-stream")
	return events{w, http.NewResponseController(w)}
}

// send one event; an error means that nobody listens any more.
func (e events) send(name string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("writing event %s: %w", name, err)
	}
	if _, err := fmt.Fprintf(e.w, "event: %s\ndata: %s\n\n", name, data); err != nil {
		return err
	}
	return e.flow.Flush()
}

// breathe shows that the connection is alive: a comment, which browsers leave out.
func (e events) breathe() error {
	if _, err := fmt.Fprint(e.w, ":\n\n"); err != nil {
		return err
	}
	return e.flow.Flush()
}

// breath is how often a stream without news shows that it is alive.
const breath = 15 * time.Second

// streamFleet sends everything, and then what changes.
func (d *Dashboard) streamFleet(w http.ResponseWriter, r *http.Request) {
	news, stop := d.fleet.Subscribe()
	defer stop()
	stream := newEvents(w)
	ticker := time.NewTicker(breath)
	defer ticker.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case <-d.ended:
			return
		case <-ticker.C:
			err = stream.breathe()
		case latest, open := <-news:
			if !open { // too slow: the browser connects again and gets everything
				return
			}
			err = stream.send("fleet", latest)
		}
		if err != nil {
			return
		}
	}
}
