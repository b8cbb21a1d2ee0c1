package dashboard

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/change"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

// View is all that the page shows of one NGO.
type View struct {
	Row        Row                    `json:"row"`
	Facts      [][2]string            `json:"facts"`
	Next       string                 `json:"next,omitempty"`
	Tree       show.Node              `json:"tree"`
	Conditions []show.Condition       `json:"conditions"`
	Update     *v1alpha1.UpdateStatus `json:"update,omitempty"`
	Events     []Event                `json:"events"`
	// Missing says what could not be read, and why.
	Missing []string `json:"missing,omitempty"`
	// GitOwner declares it, if one does.
	GitOwner string `json:"gitOwner,omitempty"`
}

// Event is what was told of an NGO or of something that belongs to it.
type Event struct {
	// At in seconds since 1970.
	At      int64  `json:"at"`
	Warning bool   `json:"warning,omitempty"`
	About   string `json:"about"`
	Reason  string `json:"reason"`
	Note    string `json:"note"`
}

// eventsShown are the latest ones.
const eventsShown = 40

// viewOf an NGO as it is in the world.
func viewOf(w *world.World, channel *v1alpha1.ReleaseChannel, now time.Time) View {
	return View{
		Row: rowOf(w.Organisation, channel, now), Facts: show.Facts(w, now), Next: show.NextStep(w.Organisation),
		Tree: show.Tree(w, now), Conditions: show.Conditions(w.Organisation), Update: w.Organisation.Status.Update,
		Events: told(w.Events), Missing: w.Missing, GitOwner: change.GitOwner(w.Organisation),
	}
}

// told are the latest Events, the newest first.
func told(all []eventsv1.Event) []Event {
	shown := []Event{}
	for _, e := range slices.Backward(all) {
		if len(shown) == eventsShown {
			break
		}
		shown = append(shown, Event{
			At: world.Last(e).Unix(), Warning: e.Type == corev1.EventTypeWarning,
			About: e.Regarding.Kind + " " + e.Regarding.Name, Reason: e.Reason, Note: e.Note,
		})
	}
	return shown
}

// staleAfter is when ages in words are told anew although nothing changed.
const staleAfter = time.Minute

// streamOrganisation sends one NGO whenever something of it changed, until it is gone.
func (d *Dashboard) streamOrganisation(w http.ResponseWriter, r *http.Request) {
	stream := newEvents(w)
	ticker := time.NewTicker(d.Look)
	defer ticker.Stop()
	began := d.Now()
	var shown string
	for {
		view, digest, err := d.look(r.Context(), r.PathValue("name"), began)
		switch {
		case r.Context().Err() != nil:
			return
		case err != nil:
			shown = "" // whatever comes next is news
			err = stream.send("trouble", err.Error())
		case digest != shown:
			shown = digest
			err = stream.send("organisation", view)
		default:
			err = stream.breathe()
		}
		if err != nil {
			return
		}
		if now := d.Now(); now.Sub(began) > staleAfter {
			began = now
		}
		select {
		case <-r.Context().Done():
			return
		case <-d.ended:
			return
		case <-ticker.C:
		}
	}
}

// look reads an NGO. Two digests are the same if nothing but ages changed.
func (d *Dashboard) look(ctx context.Context, name string, began time.Time) (view View, digest string, err error) {
	w, err := world.Read(ctx, d.Client, name)
	if err != nil {
		return View{}, "", err
	}
	channel := d.channel(ctx, w.Organisation.Status.Release.Channel)
	frozen, err := json.Marshal(viewOf(w, channel, began))
	return viewOf(w, channel, d.Now()), string(frozen), err
}

// channel of an NGO; nil if it follows none, or it cannot be read.
func (d *Dashboard) channel(ctx context.Context, name string) *v1alpha1.ReleaseChannel {
	channel := &v1alpha1.ReleaseChannel{}
	if name == "" || d.Client.Get(ctx, client.ObjectKey{Name: name}, channel) != nil {
		return nil
	}
	return channel
}
