package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/fleet"
)

func newRolloutPause(s *Session) *cobra.Command {
	var reason string
	cmd := channelled(s, "pause CHANNEL --reason WHY", "Emergency stop: no further NGO is touched",
		`Stop a rollout at once: no further NGO is touched. What has begun is finished. It is an
annotation, so that Git does not set it back.`,
		cobra.ExactArgs(1), func(ctx context.Context, c client.WithWatch, channel *world.Channel, _ []string) error {
			if shortened(reason) == "" {
				return errors.New("--reason is missing: say in a few words why, so that others know whom to ask")
			}
			return s.mark(ctx, c, channel.Channel, v1alpha1.AnnotationHold, shortened(reason), "HoldRequested", "paused")
		})
	cmd.Flags().StringVar(&reason, "reason", "", "why; others see it in the channel's status")
	return cmd
}

func newRolloutResume(s *Session) *cobra.Command {
	return channelled(s, "resume CHANNEL", "Let a paused rollout go on",
		"Let a rollout go on that `pause` stopped. Where spec.paused stops it, Git must say so: then the line to commit is printed, with exit code 2.",
		cobra.ExactArgs(1), func(ctx context.Context, c client.WithWatch, channel *world.Channel, _ []string) error {
			if channel.Channel.Annotations[v1alpha1.AnnotationHold] != "" {
				if err := s.mark(ctx, c, channel.Channel, v1alpha1.AnnotationHold, "", "HoldReleased", "resumed"); err != nil {
					return err
				}
			} else if !channel.Channel.Spec.Paused {
				s.tell("ReleaseChannel %s is not paused; nothing to do.", channel.Channel.Name)
			}
			if channel.Channel.Spec.Paused {
				s.tell("ReleaseChannel %s is paused by its spec. Commit this to its YAML:", channel.Channel.Name)
				fmt.Fprint(s.Out, "spec:\n  paused: false\n")
				return exit(codeNotYet)
			}
			return nil
		})
}

func newRolloutApprove(s *Session) *cobra.Command {
	var wave string
	cmd := channelled(s, "approve CHANNEL", "Let the next wave open that waits for a person",
		`Let a wave open for the Release that the channel names now: without --wave the first that
waits for an approval. It still opens only when the waves before it are through.`,
		cobra.ExactArgs(1), func(ctx context.Context, c client.WithWatch, channel *world.Channel, _ []string) error {
			chosen, err := toApprove(channel.Channel, wave)
			if err != nil {
				return err
			}
			what := chosen + "@" + channel.Channel.Spec.Release
			return s.mark(ctx, c, channel.Channel, v1alpha1.AnnotationApprove, what, "ApprovalGiven", "approved for "+what)
		})
	cmd.Flags().StringVar(&wave, "wave", "", "the wave; the first that waits for an approval without it")
	return cmd
}

// toApprove is the wave that is meant.
func toApprove(channel *v1alpha1.ReleaseChannel, named string) (string, error) {
	var approved []string
	if channel.Status.Release == channel.Spec.Release {
		approved = channel.Status.Approved
	}
	for _, wave := range channel.Spec.Waves {
		manual := wave.Approval == v1alpha1.ApprovalManual
		switch {
		case named == wave.Name && !manual:
			return "", fmt.Errorf("wave %s of ReleaseChannel %s opens by itself", named, channel.Name)
		case named == wave.Name, named == "" && manual && !slices.Contains(approved, wave.Name):
			return wave.Name, nil
		}
	}
	if named != "" {
		return "", fmt.Errorf("ReleaseChannel %s has no wave %q", channel.Name, named)
	}
	return "", fmt.Errorf("no wave of ReleaseChannel %s waits for an approval", channel.Name)
}

func newRolloutRetry(s *Session) *cobra.Command {
	return channelled(s, "retry CHANNEL [NGO...]", "Try the release again where it failed",
		"Try the release again at the NGOs where it failed, or at those that are named, after the cause was cured.",
		cobra.MinimumNArgs(1), func(ctx context.Context, c client.WithWatch, channel *world.Channel, names []string) error {
			failed := failedOf(channel, s)
			for _, name := range names {
				if !slices.ContainsFunc(failed, func(o *v1alpha1.Organisation) bool { return o.Name == name }) {
					return fmt.Errorf("release %s has not failed at Organisation %s: kubectl glific rollout status %s", channel.Channel.Spec.Release, name, channel.Channel.Name)
				}
			}
			if len(failed) == 0 {
				s.tell("Release %s has failed nowhere; nothing to do.", channel.Channel.Spec.Release)
			}
			for _, org := range failed {
				if len(names) > 0 && !slices.Contains(names, org.Name) {
					continue
				}
				if err := s.mark(ctx, c, org, v1alpha1.AnnotationRetryAt, s.stamp(), "RetryRequested", "will be tried again"); err != nil {
					return err
				}
			}
			return nil
		})
}

// failedOf are the Organisations at which the channel's release failed.
func failedOf(channel *world.Channel, s *Session) (failed []*v1alpha1.Organisation) {
	for i, m := range channel.Fleet.Members {
		if _, standing := fleet.Place(channel.Channel, m, s.Now()); standing == fleet.Failed {
			failed = append(failed, channel.Organisations[i])
		}
	}
	return failed
}

// mark writes an annotation, leaves an Event that says who, and says so.
func (s *Session) mark(ctx context.Context, c client.Client, object client.Object, annotation, value, event, told string) error {
	if err := s.annotate(ctx, c, object, annotation, value); err != nil {
		return err
	}
	s.record(ctx, c, object, event, told)
	kind := "releasechannel"
	if _, ngo := object.(*v1alpha1.Organisation); ngo {
		kind = "organisation"
	}
	fmt.Fprintf(s.Out, "%s.%s/%s %s\n", kind, v1alpha1.GroupVersion.Group, object.GetName(), told)
	return nil
}
