package command

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

const aboutRollout = `See how a ReleaseChannel ships a Release to its NGOs, rehearse it, and act on it.

A rollout begins when spec.release of the channel changes: that one line belongs into Git.
Everything here writes only annotations, which Git does not set back.`

func newRollout(s *Session) *cobra.Command {
	cmd := &cobra.Command{
		GroupID: look, Use: "rollout", Short: "See, rehearse, stop and approve the rollout of a release channel", Long: aboutRollout,
	}
	cmd.AddCommand(newRolloutStatus(s), newRolloutPlan(s), newRolloutPause(s), newRolloutResume(s), newRolloutApprove(s), newRolloutRetry(s))
	return cmd
}

// channelled is a command about one ReleaseChannel.
func channelled(s *Session, use, short, long string, args cobra.PositionalArgs, run func(context.Context, client.WithWatch, *world.Channel, []string) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Long: long, Args: args, ValidArgsFunction: s.completeChannel,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := s.Client()
			if err != nil {
				return err
			}
			channel, err := world.ReadChannel(cmd.Context(), c, args[0])
			if err != nil {
				return err
			}
			return run(cmd.Context(), c, channel, args[1:])
		},
	}
}

// completeChannel offers the names of ReleaseChannels.
func (s *Session) completeChannel(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	c, err := s.Client()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var list v1alpha1.ReleaseChannelList
	if err := c.List(cmd.Context(), &list); err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var all []string
	for _, channel := range list.Items {
		all = append(all, channel.Name+"\t"+channel.Spec.Release)
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

func newRolloutPlan(s *Session) *cobra.Command {
	var release string
	cmd := channelled(s, "plan CHANNEL", "Say who would move in which wave, and who is blocked, before anything moves",
		`Say what a channel would do: who would move in which wave, who would restart because of
what, and who is blocked by what, a missing key of the environment among it. --release asks
about a Release that the channel does not name yet. Nothing is changed.`,
		cobra.ExactArgs(1), func(ctx context.Context, c client.WithWatch, channel *world.Channel, _ []string) error {
			if release != "" {
				if err := channel.Consider(ctx, c, release); err != nil {
					return err
				}
			}
			channel.Lacking(ctx, c, s.OperatorNamespace)
			show.Rehearsal(s.Out, channel, s.Now())
			return nil
		})
	cmd.Flags().StringVar(&release, "release", "", "a Release that spec.release could name")
	return cmd
}

type rolloutStatus struct {
	output   output
	watch    bool
	release  string
	interval time.Duration
}

func newRolloutStatus(s *Session) *cobra.Command {
	o := rolloutStatus{}
	cmd := channelled(s, "status CHANNEL", "Show how far a rollout is; -w waits for its end",
		`Show how far the rollout of a channel is: the verdict, each wave, who failed and why, and
what happens next.

With --watch it is shown again whenever something changed, until the Release is verified by
everybody whom it reaches, or only a person can bring it on. The exit code says which: 0
verified; 2 not yet; 3 stalled; 20 NeverHealthy, 21 Unhealthy, 22 RolledBack,
23 RollbackBlocked, 24 MigrationFailed at the first NGO that failed; 25 superseded by
another Release.`,
		cobra.ExactArgs(1), o.run(s))
	o.output.addTo(cmd)
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "show it again whenever something changed, until it ends")
	cmd.Flags().StringVar(&o.release, "release", "", "the Release that is waited for; what the channel names now without it")
	cmd.Flags().DurationVar(&o.interval, "interval", 2*time.Second, "how often --watch looks")
	return cmd
}

func (o *rolloutStatus) run(s *Session) func(context.Context, client.WithWatch, *world.Channel, []string) error {
	return func(ctx context.Context, c client.WithWatch, channel *world.Channel, _ []string) error {
		if err := o.output.check(); err != nil {
			return err
		}
		if o.output.machine() && o.watch {
			return fmt.Errorf("--output %s prints once: leave out --watch, and ask again while the exit code is %d", o.output.format, codeNotYet)
		}
		if o.release == "" {
			o.release = channel.Channel.Spec.Release
		}
		if !o.watch {
			if err := o.once(s, channel); err != nil {
				return err
			}
			code, _ := show.RolloutCode(channel.Channel, o.release)
			return judged(code)
		}
		if o.interval < time.Second {
			return fmt.Errorf("--interval %s: at least 1s, so that the API server is not asked too often", o.interval)
		}
		return o.follow(ctx, s, c, channel)
	}
}

func (o *rolloutStatus) once(s *Session, channel *world.Channel) error {
	if o.output.machine() {
		return o.output.print(s, []client.Object{channel.Channel})
	}
	show.Rollout(s.Out, channel, s.Paint(), s.Now())
	return nil
}

// follow shows what changed, but for times that run, until the end of the rollout.
func (o *rolloutStatus) follow(ctx context.Context, s *Session, c client.Reader, channel *world.Channel) error {
	ticker := time.NewTicker(o.interval)
	defer ticker.Stop()
	began, shown := s.Now(), ""
	for {
		var frozen, now bytes.Buffer
		show.Rollout(&frozen, channel, show.Paint{}, began)
		if frozen.String() != shown {
			shown = frozen.String()
			show.Rollout(&now, channel, s.Paint(), s.Now())
			(&statusOptions{}).draw(s, now.String())
		}
		if code, final := show.RolloutCode(channel.Channel, o.release); final {
			return judged(code)
		}
		select {
		case <-ctx.Done():
			return exit(codeInterrupted)
		case <-ticker.C:
		}
		var err error
		if channel, err = world.ReadChannel(ctx, c, channel.Channel.Name); err != nil {
			return err
		}
	}
}
