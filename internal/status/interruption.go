package status

import (
	"fmt"
	"math"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// interruption times how long no pod of the back end was ready. It goes by what the
// condition Available said last, so it is to be called before that is set anew. What
// cannot be seen, because the operator or the database server is away, is not counted.
func (s summary) interruption() {
	last := s.org.Status.Interruption
	known := meta.FindStatusCondition(s.org.Status.Conditions, v1alpha1.Available)
	lasts := last != nil && last.Seconds == 0
	switch {
	case s.pass.View.Plan.Suspended || s.deleting():
		if lasts {
			s.org.Status.Interruption = nil // from here on it is wanted
		}
	case s.pass.Available && lasts:
		ended := *last
		ended.Seconds = seconds(s.pass.Now.Sub(last.Since.Time))
		s.org.Status.Interruption = &ended
	case !s.pass.Available && !lasts && known != nil && known.Status == metav1.ConditionTrue:
		s.org.Status.Interruption = &v1alpha1.Interruption{
			Since: metav1.NewTime(s.pass.Now), From: s.org.Status.Release.Serving, To: s.pass.View.Settings.Release,
		}
	}
}

// seconds that are shown: one at least, so that it is told from one that lasts.
func seconds(d time.Duration) int32 {
	return int32(min(max(math.Round(d.Seconds()), 1), math.MaxInt32))
}

// interrupted is what the condition Available says beside whether a pod is ready.
func interrupted(i *v1alpha1.Interruption) string {
	if i == nil {
		return ""
	}
	cause := ""
	if i.From != i.To {
		cause = fmt.Sprintf(", while Release %s took over from %s", i.To, i.From)
	}
	since := i.Since.UTC().Format(time.RFC3339)
	if i.Seconds == 0 {
		return fmt.Sprintf(" since %s%s", since, cause)
	}
	return fmt.Sprintf("; none was for %d s from %s%s", i.Seconds, since, cause)
}
