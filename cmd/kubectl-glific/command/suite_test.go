package command

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/internal/testkit/lane"
)

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

// said is what a command printed, and how it ended.
type said struct {
	out, err string
	code     int
}

// person is somebody with a kubeconfig.
type person struct {
	t          *testing.T
	kubeconfig string
	// ran are the command lines of kubectl that were asked for.
	ran []string
	// answer of kubectl.
	answer string
	// interactive: the person sits at a terminal.
	interactive bool
	// environment of the command.
	environment map[string]string
	now         func() time.Time
}

func newPerson(t *testing.T, l *lane.Lane, name string, config *rest.Config) *person {
	t.Helper()
	path, err := l.ControlPlane.Kubeconfig(name, config)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t: t, kubeconfig: path, now: time.Now}
}

// run is one command line of `kubectl glific`.
func (p *person) run(args ...string) said {
	p.t.Helper()
	s := newSession()
	var out, errs bytes.Buffer
	s.IOStreams = genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errs}
	s.Terminal = false
	s.Environ = func(key string) string { return p.environment[key] }
	s.Now = p.now
	s.Interactive = p.interactive
	s.Program = func(_ context.Context, streams genericiooptions.IOStreams, args []string) error {
		p.ran = append(p.ran, quoted(args))
		_, err := io.WriteString(streams.Out, p.answer)
		return err
	}
	root := Root(s)
	if p.kubeconfig != "" {
		args = append([]string{"--kubeconfig", p.kubeconfig}, args...)
	}
	root.SetArgs(args)
	code := s.code(p.t.Context(), root.ExecuteContext(p.t.Context()))
	return said{out.String(), errs.String(), code}
}

// expect fails unless the command ended with a code and printed these words.
func (s said) expect(t *testing.T, code int, words ...string) {
	t.Helper()
	if s.code != code {
		t.Fatalf("exit code %d, want %d\n%s\n%s", s.code, code, s.out, s.err)
	}
	for _, word := range words {
		if !strings.Contains(s.out+s.err, word) {
			t.Errorf("%q is not said:\n%s\n%s", word, s.out, s.err)
		}
	}
}

// world is a real API server with an operator, and NGOs in it.
type clusterWorld struct {
	*lane.Lane
	op    *lane.Operator
	admin *person
}

func newCluster(t *testing.T) *clusterWorld {
	t.Helper()
	l, err := lane.Start(t.Context(), lane.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &clusterWorld{Lane: l}
	t.Cleanup(func() {
		if w.op != nil {
			w.op.Stop()
		}
		if err := l.Stop(); err != nil {
			t.Errorf("stopping the lane: %v", err)
		}
	})
	if err := l.Furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.op, err = l.Operator(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	w.admin = newPerson(t, l, "admin", l.Config)
	return w
}

func (w *clusterWorld) settle(t *testing.T) {
	t.Helper()
	if err := w.op.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}
