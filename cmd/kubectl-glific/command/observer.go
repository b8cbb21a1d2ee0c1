package command

import (
	"cmp"
	"context"
	"fmt"
	"path"

	"github.com/spf13/cobra"
)

// distributionPort is the first port of Erlang distribution, unless the Release says another.
const distributionPort = 9100

func newObserver(s *Session) *cobra.Command {
	return named(s, enter, "observer NAME", "Forward Erlang distribution, for observer on your own machine",
		`Forward the distribution port of the newest back-end pod that is ready, and say how to
connect observer from an Erlang/OTP of the same major version on your own machine. The
node's name ends in the pod's address, so that your loopback must have that address.

Needs role Engineer in the NGO's namespace. The cookie is as powerful as a console.`,
		func(ctx context.Context, name string, _ []string) error {
			in, err := s.enter(ctx, name)
			if err != nil {
				return err
			}
			for _, line := range in.observerSteps() {
				fmt.Fprintln(s.Out, line)
			}
			return s.Kubectl(ctx, "port-forward", "--namespace="+in.pod.Namespace, "--address="+in.pod.Status.PodIP,
				"pod/"+in.pod.Name, fmt.Sprint(in.port()))
		})
}

func (in *inside) port() int32 { return cmp.Or(in.release.Spec.Distribution.MinPort, distributionPort) }

// observerSteps lead to an observer. The cookie is read into a file descriptor, so that
// no process list shows it.
func (in *inside) observerSteps() []string {
	ip, node := in.pod.Status.PodIP, path.Base(in.release.Spec.Binary)+"@"+in.pod.Status.PodIP
	return []string{
		"1. Give your loopback the pod's address, before this command is run:",
		fmt.Sprintf("     sudo ip address add %s/32 dev lo          # Linux", ip),
		fmt.Sprintf("     sudo ifconfig lo0 alias %s/32             # macOS", ip),
		"2. While this command runs, in another terminal (bash or zsh):",
		fmt.Sprintf("     erl -hidden -name observer@127.0.0.1 -start_epmd false -erl_epmd_port %d -dist_listen false \\", in.port()),
		fmt.Sprintf("       -args_file <(kubectl get secret --namespace %s %s --output go-template='-setcookie {{.data.RELEASE_COOKIE | base64decode}}') \\",
			in.pod.Namespace, or(in.environment(), "environment-…")),
		fmt.Sprintf("       -eval \"observer:start('%s').\"", node),
		"3. Afterwards take the address away again:",
		fmt.Sprintf("     sudo ip address delete %s/32 dev lo; sudo ifconfig lo0 -alias %s", ip, ip),
		fmt.Sprintf("Without any of this: kubectl glific console %s, then :observer_cli.start(), if the app brings it.", in.world.Organisation.Name),
	}
}

// environment is the Secret that the pod takes its variables from.
func (in *inside) environment() string {
	for _, container := range in.pod.Spec.Containers {
		for _, from := range container.EnvFrom {
			if from.SecretRef != nil {
				return from.SecretRef.Name
			}
		}
	}
	return ""
}

func or(text, otherwise string) string { return cmp.Or(text, otherwise) }
