package command

import (
	"context"
	"strings"
	"testing"
)

// hangUp is a reader who has seen enough after the first tree.
type hangUp struct {
	strings.Builder
	end context.CancelFunc
}

func (h *hangUp) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "Organisation asha") {
		h.end()
	}
	return h.Builder.Write(p)
}

// watches: without a terminal each tree has a time above it and nothing is cleared; on a
// terminal it is drawn in place.
func (w *clusterWorld) watches(t *testing.T) {
	w.admin.run("status", "asha", "--watch", "--interval", "10ms").expect(t, 1, "at least 1s")
	for _, terminal := range []bool{false, true} {
		ctx, end := context.WithCancel(t.Context())
		out := &hangUp{end: end}
		s := newSession()
		s.Out, s.ErrOut, s.Terminal = out, out, terminal
		s.Environ = func(string) string { return "" }
		root := Root(s)
		root.SetArgs([]string{"--kubeconfig", w.admin.kubeconfig, "status", "asha", "--watch"})
		if code := s.code(ctx, root.ExecuteContext(ctx)); code != 0 {
			t.Errorf("exit code %d:\n%s", code, out.String())
		}
		if got := strings.HasPrefix(out.String(), clear); got != terminal {
			t.Errorf("terminal %v: the screen is cleared: %v", terminal, got)
		}
		if strings.Count(out.String(), "Organisation asha") != 1 {
			t.Errorf("not drawn once:\n%s", out.String())
		}
	}
}
