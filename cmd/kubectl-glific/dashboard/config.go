package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/change"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

// Config is the environment of an NGO's pods, and what the person may change of it.
type Config struct {
	Keys []show.Key `json:"keys"`
	// Own are the names that the NGO declares itself, in plain.
	Own []string `json:"own"`
	// Unread are Secrets whose keys are not among these, and why.
	Unread []string `json:"unread,omitempty"`
	// Problems that keep the pods from being started.
	Problems []string `json:"problems,omitempty"`
	// Editable, or else Why not.
	Editable bool   `json:"editable"`
	Why      string `json:"why,omitempty"`
	GitOwner string `json:"gitOwner,omitempty"`
}

func (d *Dashboard) showConfig(w http.ResponseWriter, r *http.Request) {
	ctx, name := r.Context(), r.PathValue("name")
	found, err := world.Read(ctx, d.Client, name)
	if err != nil {
		failed(w, http.StatusNotFound, err)
		return
	}
	config, err := world.ReadConfig(ctx, d.Client, found, d.OperatorNamespace)
	if err != nil {
		failed(w, http.StatusConflict, err)
		return
	}
	shown := Config{Keys: show.Keys(config), Own: []string{}, Unread: config.Unread, GitOwner: change.GitOwner(found.Organisation)}
	env, _ := change.Settings{}.On(found.Organisation)
	for _, e := range env {
		shown.Own = append(shown.Own, e.Name)
	}
	for _, p := range config.Environment.Problems {
		if len(config.Unread) == 0 { // what cannot be seen may be given
			shown.Problems = append(shown.Problems, p.Reason+": "+p.Message)
		}
	}
	shown.Editable, shown.Why = d.mayEdit(ctx, name)
	answer(w, http.StatusOK, shown)
}

// mayEdit asks the API server, which alone decides; this is only so that nobody types in
// vain.
func (d *Dashboard) mayEdit(ctx context.Context, name string) (bool, string) {
	review := &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
		ResourceAttributes: &authorizationv1.ResourceAttributes{Verb: "patch", Group: v1alpha1.GroupVersion.Group, Resource: "organisations", Name: name},
	}}
	switch err := d.Client.Create(ctx, review); {
	case err != nil:
		return false, "Whether you may change it cannot be told: " + err.Error()
	case !review.Status.Allowed:
		return false, "You may look at this and not change it; ask for the ClusterRole organisation-editor."
	}
	return true, ""
}

// request is what the page asks for.
type request struct {
	Set   map[string]string `json:"set"`
	Unset []string          `json:"unset"`
	// Plain: the values are no secrets, whatever their names sound like.
	Plain bool `json:"plain"`
}

// maxRequest bounds a request, in bytes: all values of an Organisation fit in.
const maxRequest = 1 << 20

// changeConfig declares variables, or says what to commit where Git declares them.
func (d *Dashboard) changeConfig(w http.ResponseWriter, r *http.Request) {
	var asked request
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); err != nil {
		failed(w, http.StatusBadRequest, fmt.Errorf("reading the request: %w", err))
		return
	}
	settings := change.Settings{Set: asked.Set, Unset: asked.Unset}
	if err := settings.Check(); err != nil {
		failed(w, http.StatusUnprocessableEntity, err)
		return
	}
	if names := settings.Sensitive(); len(names) > 0 && !asked.Plain {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"sensitive": names, "error": strings.Join(names, ", ") +
			" sounds like a secret, and everybody who may read Organisations could read it here. Put it into a Secret that spec.messaging.envFrom names."})
		return
	}
	d.declare(w, r, settings)
}

func (d *Dashboard) declare(w http.ResponseWriter, r *http.Request, settings change.Settings) {
	ctx := r.Context()
	org, err := world.Organisation(ctx, d.Client, r.PathValue("name"))
	if err != nil {
		failed(w, http.StatusNotFound, err)
		return
	}
	if owner := change.GitOwner(org); owner != "" {
		env, _ := settings.On(org)
		lines, err := change.Lines(env)
		if err != nil {
			failed(w, http.StatusInternalServerError, err)
			return
		}
		answer(w, http.StatusOK, map[string]string{"owner": owner, "commit": lines})
		return
	}
	changed, err := d.Author.Configure(ctx, org, settings)
	if err != nil {
		failed(w, codeOf(err), err)
		return
	}
	done := map[string]string{"done": "Nothing changed: it was so already."}
	if len(changed) > 0 {
		done["done"] = settings.Told(changed) + ". The pods are being replaced."
		if err := d.Author.Record(ctx, org, "ConfigRequested", settings.Told(changed)); err != nil {
			done["warning"] = err.Error()
		}
	}
	answer(w, http.StatusOK, done)
}

// codeOf an answer of the API server.
func codeOf(err error) int {
	var status apierrors.APIStatus
	if errors.As(err, &status) && status.Status().Code != 0 {
		return int(status.Status().Code)
	}
	return http.StatusBadGateway
}
