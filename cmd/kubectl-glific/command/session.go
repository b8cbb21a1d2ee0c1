package command

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

// Session is what every command needs: streams, kubectl's flags, the clock, and how
// to run kubectl itself.
type Session struct {
	genericiooptions.IOStreams
	Flags *genericclioptions.ConfigFlags
	// Now is the clock.
	Now func() time.Time
	// Environ looks up an environment variable.
	Environ func(string) string
	// Terminal tells whether Out is one.
	Terminal bool
	// Interactive tells whether In and Out are one.
	Interactive bool
	// Program runs kubectl with these arguments on the streams.
	Program func(ctx context.Context, streams genericiooptions.IOStreams, args []string) error
	// Browse opens an address or a file in the person's browser.
	Browse func(ctx context.Context, what string) error
	// OperatorNamespace is where the operator and the Secrets of profiles lie.
	OperatorNamespace string

	// given are the flags that every command has.
	given *pflag.FlagSet
}

// newSession is that of a person at a terminal.
func newSession() *Session {
	s := &Session{
		IOStreams: genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr},
		Flags:     genericclioptions.NewConfigFlags(true),
		Now:       time.Now,
		Environ:   os.Getenv,
		Terminal:  term.IsTerminal(int(os.Stdout.Fd())),
	}
	s.Interactive = s.Terminal && term.IsTerminal(int(os.Stdin.Fd()))
	s.Program, s.Browse = runKubectl, browse
	return s
}

// Client acts with the caller's own kubeconfig and rights.
func (s *Session) Client() (client.WithWatch, error) {
	config, err := s.Flags.ToRESTConfig()
	if err != nil {
		return nil, fmt.Errorf("reading the kubeconfig: %w; choose one with --kubeconfig or --context", err)
	}
	config.QPS = -1 // the API server's own priorities and fairness are enough
	scheme, err := world.Scheme()
	if err != nil {
		return nil, err
	}
	mapper, err := s.Flags.ToRESTMapper()
	if err != nil {
		return nil, fmt.Errorf("asking %s which kinds it has: %w", config.Host, err)
	}
	c, err := client.NewWithWatch(config, client.Options{Scheme: scheme, Mapper: mapper})
	if err != nil {
		return nil, fmt.Errorf("preparing a client of %s: %w", config.Host, err)
	}
	return c, nil
}

// Paint is coloured on a terminal, unless NO_COLOR asks for none (https://no-color.org).
func (s *Session) Paint() show.Paint {
	return show.Paint{On: s.Terminal && s.Environ("NO_COLOR") == "" && s.Environ("TERM") != "dumb"}
}

// tell is for people, beside the data.
func (s *Session) tell(format string, args ...any) { fmt.Fprintf(s.ErrOut, format+"\n", args...) }
