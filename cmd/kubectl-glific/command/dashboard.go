package command

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/dashboard"
)

type dashboardOptions struct {
	port      int
	noBrowser bool
	look      time.Duration
}

func newDashboard(s *Session) *cobra.Command {
	o := &dashboardOptions{look: 2 * time.Second}
	cmd := &cobra.Command{
		GroupID: look, Use: "dashboard", Args: cobra.NoArgs, Short: "Open the fleet page in your browser",
		Long: `Serve the fleet page on this machine and open it in your browser: all NGOs, one NGO's
tree, conditions, Events and rollout as they change, release channels and their waves, and
its configuration, which you may edit if you may edit Organisations.

It acts with your own kubeconfig and rights, listens on 127.0.0.1 only, and ends with
Ctrl-C. The address that it prints is good for one browser, once.`,
		Example: "  kubectl glific dashboard\n  kubectl glific dashboard --port 8001 --no-browser   # then, on your laptop: ssh -L 8001:127.0.0.1:8001 HOST",
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), s) },
	}
	cmd.Flags().IntVar(&o.port, "port", 0, "port on 127.0.0.1; 0 takes one that is free")
	cmd.Flags().BoolVar(&o.noBrowser, "no-browser", false, "only print the address")
	return cmd
}

func (o *dashboardOptions) run(ctx context.Context, s *Session) error {
	klog.SetLogger(logr.Discard()) // what libraries say of lost connections, the page says
	c, err := s.Client()
	if err != nil {
		return err
	}
	if err := c.List(ctx, &v1alpha1.OrganisationList{}, client.Limit(1)); err != nil {
		return listing(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", fmt.Sprintf("127.0.0.1:%d", o.port))
	if err != nil {
		return fmt.Errorf("listening for the browser: %w; choose another --port", err)
	}
	d := &dashboard.Dashboard{
		Client: c, Author: s.author(c), Now: s.Now, Cluster: s.cluster(), OperatorNamespace: s.OperatorNamespace, Look: o.look,
	}
	folder, err := os.MkdirTemp("", "glific-dashboard-")
	if err != nil {
		return fmt.Errorf("preparing the page: %w", err)
	}
	defer os.RemoveAll(folder)
	return d.Serve(ctx, listener, func(address string) { o.open(ctx, s, address, filepath.Join(folder, "open.html")) })
}

// open says where the page is, and opens it, if that is wanted, by way of a file that
// only its owner may read: others of this machine see the arguments of processes.
func (o *dashboardOptions) open(ctx context.Context, s *Session, address, file string) {
	fmt.Fprintln(s.Out, address)
	s.tell("The fleet page is served until Ctrl-C. The address is good once.")
	if o.noBrowser {
		return
	}
	page := fmt.Sprintf("<!doctype html><meta charset=utf-8><title>NGOs</title><meta http-equiv=refresh content=\"0;url=%s\">\n", address)
	err := os.WriteFile(file, []byte(page), 0o600)
	if err == nil {
		err = s.Browse(ctx, file)
	}
	if err != nil {
		s.tell("Open it yourself: no browser could be started: %v", err)
	}
}

// cluster is the name of the context in use.
func (s *Session) cluster() string {
	if s.Flags.Context != nil && *s.Flags.Context != "" {
		return *s.Flags.Context
	}
	raw, err := s.Flags.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return ""
	}
	return raw.CurrentContext
}

// browse starts the person's browser with an address or a file.
func browse(ctx context.Context, what string) error {
	opener := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if opener == nil {
		opener = []string{"xdg-open"}
	}
	cmd := exec.CommandContext(ctx, opener[0], append(opener[1:], what)...) //nolint:gosec // the words are above
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
