package show

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

// released is what a ControllerRevision of the operator holds.
type released struct {
	Release string                 `json:"release"`
	Backend corev1.PodTemplateSpec `json:"backend"`
}

// restartedAt on a pod template is the value of restart-at that it answered.
const restartedAt = "tenancy.glific.org/restarted-at"

// Latest is what was put in force, the latest first.
func Latest(w *world.World) []appsv1.ControllerRevision {
	revisions := slices.Clone(w.Revisions)
	slices.SortFunc(revisions, func(a, b appsv1.ControllerRevision) int { return cmp.Compare(b.Revision, a.Revision) })
	return revisions
}

// Releases prints what was put in force, the latest first: the Release, and the restart
// that it answered, if one.
func Releases(out io.Writer, w *world.World, now time.Time) {
	table := Table{Header: []string{"REVISION", "RELEASE", "IMAGE", "RESTART", "AGE", ""}}
	for i, revision := range Latest(w) {
		content := released{}
		if err := json.Unmarshal(revision.Data.Raw, &content); err != nil {
			content.Release = revision.Labels[v1alpha1.LabelRelease] + " (cannot be read)"
		}
		note := ""
		if i == 0 {
			note = "in force"
		}
		table.Rows = append(table.Rows, []string{
			strconv.FormatInt(revision.Revision, 10), or(content.Release), or(image(content.Backend)),
			or(content.Backend.Annotations[restartedAt]), age(revision.CreationTimestamp.Time, now), note,
		})
	}
	table.Write(out)
}

// image of the app, with as much of the digest as tells it from others.
func image(template corev1.PodTemplateSpec) string {
	for _, container := range template.Spec.Containers {
		repository, digest, _ := strings.Cut(container.Image, "@sha256:")
		return repository + "@" + digest[:min(len(digest), 12)]
	}
	return ""
}
