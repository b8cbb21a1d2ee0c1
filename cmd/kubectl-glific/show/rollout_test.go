package show

import (
	"bytes"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

func TestARolloutSaysHowTheReleaseGetsIn(t *testing.T) {
	for want, status := range map[string]v1alpha1.ReleaseChannelStatus{
		"Mode:      Hot (new code enters running pods)\n": {Mode: v1alpha1.UpdateHot},
		"Mode:      Rolling (new pods), since asha: ErtsChanged, Pod backend-1 refuses\n": {
			Mode: v1alpha1.UpdateRolling, ModeMessage: "asha: ErtsChanged, Pod backend-1 refuses"},
	} {
		channel := &v1alpha1.ReleaseChannel{Status: status}
		out := &bytes.Buffer{}
		if Rollout(out, &world.Channel{Channel: channel}, Paint{}, now); !strings.Contains(out.String(), want) {
			t.Errorf("want %q in\n%s", want, out)
		}
	}
	out := &bytes.Buffer{}
	if Rollout(out, &world.Channel{Channel: &v1alpha1.ReleaseChannel{}}, Paint{}, now); strings.Contains(out.String(), "Mode:") {
		t.Errorf("a Release without spec.update.hot has no mode:\n%s", out)
	}
}
