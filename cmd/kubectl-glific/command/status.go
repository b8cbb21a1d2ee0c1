package command

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

type statusOptions struct {
	output   output
	watch    bool
	interval time.Duration
}

func newStatus(s *Session) *cobra.Command {
	o := statusOptions{}
	cmd := named(s, look, "status NAME", "Show one NGO as a tree, with reasons and the next step in words",
		`Show one NGO: its conditions in the order in which they come true, the database, jobs,
deployments, pods and routes below each, the latest Events, and the next step in words.

The exit code is 0 if it serves or is suspended as declared, 2 if not yet, 3 if it is
stalled. With --output json or yaml, all the objects of the tree are printed.`,
		func(ctx context.Context, name string, _ []string) error { return o.run(ctx, s, name) })
	o.output.addTo(cmd)
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "show it again whenever something changed, until Ctrl-C")
	cmd.Flags().DurationVar(&o.interval, "interval", 2*time.Second, "how often --watch looks")
	return cmd
}

func (o *statusOptions) run(ctx context.Context, s *Session, name string) error {
	if err := o.output.check(); err != nil {
		return err
	}
	c, err := s.Client()
	if err != nil {
		return err
	}
	if o.watch && !o.output.machine() {
		return o.follow(ctx, s, c, name)
	}
	w, err := world.Read(ctx, c, name)
	if err != nil {
		return err
	}
	if o.output.machine() {
		if err := o.output.print(s, w.Objects()); err != nil {
			return err
		}
	} else {
		show.Status(s.Out, w, s.Paint(), s.Now())
	}
	return judged(show.HealthOf(w.Organisation).Code())
}

// follow draws the tree again in place on a terminal; elsewhere it adds the new one
// below the old. What has not changed but for its ages is not drawn twice.
func (o *statusOptions) follow(ctx context.Context, s *Session, c client.Reader, name string) error {
	if o.interval < time.Second {
		return fmt.Errorf("--interval %s: at least 1s, so that the API server is not asked too often", o.interval)
	}
	ticker := time.NewTicker(o.interval)
	defer ticker.Stop()
	began, shown := s.Now(), ""
	for {
		w, err := world.Read(ctx, c, name)
		switch {
		case ctx.Err() != nil: // Ctrl-C while it was read
			return nil
		case err != nil:
			return err
		}
		var frozen, now bytes.Buffer
		show.Status(&frozen, w, show.Paint{}, began)
		show.Status(&now, w, s.Paint(), s.Now())
		if frozen.String() != shown {
			shown = frozen.String()
			o.draw(s, now.String())
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// clear moves to the upper left and clears to the end (ECMA-48: CUP, ED).
const clear = "\x1b[H\x1b[2J"

func (o *statusOptions) draw(s *Session, text string) {
	if s.Terminal {
		fmt.Fprint(s.Out, clear, text)
		return
	}
	fmt.Fprintf(s.Out, "%s\n%s", s.Now().UTC().Format(time.RFC3339), text)
	fmt.Fprintln(s.Out)
}
