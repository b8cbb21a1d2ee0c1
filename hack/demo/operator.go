package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/glific/organisation-operator/internal/testkit/components"
	"github.com/glific/organisation-operator/internal/testkit/manifests"
	"github.com/glific/organisation-operator/internal/testkit/process"
)

// operatorUser is who the operator is to the API server.
const operatorUser = "system:serviceaccount:" + operatorNamespace + ":" + operatorAccount

// operator is the program built from this repository, as a process.
type operator struct{ *process.Process }

func (o *operator) stop() error { return o.Stop(30 * time.Second) }

// startOperator installs what config/default holds, and runs the program as the
// ServiceAccount that it would have in a Pod: not as the administrator.
func (d *demo) startOperator(ctx context.Context) error {
	root, err := components.Root()
	if err != nil {
		return err
	}
	if err := d.install(ctx, root); err != nil {
		return err
	}
	if err := d.build(ctx, root); err != nil {
		return err
	}
	if err := d.runOperator(ctx); err != nil {
		return err
	}
	d.say.line("the operator runs as %s", operatorUser)
	return nil
}

// build compiles the operator. It has no time limit of its own: a machine that
// builds it for the first time may take minutes.
func (d *demo) build(ctx context.Context, root string) (err error) {
	if d.dir, err = os.MkdirTemp("", "demo-"); err != nil {
		return err
	}
	d.say.line("building the operator; the first time takes a few minutes")
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", d.operatorBinary(), ".")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the operator: %w\n%s", err, out)
	}
	return nil
}

// install applies config/default without its Deployment: no container runs here.
func (d *demo) install(ctx context.Context, root string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	objects, err := manifests.Kustomize(ctx, filepath.Join(root, "config", "default"))
	if err != nil {
		return err
	}
	var kept []*unstructured.Unstructured
	counts := map[string]int{}
	for _, o := range objects {
		if o.GetKind() == "Deployment" || o.GetKind() == "PodDisruptionBudget" {
			continue
		}
		kept = append(kept, o)
		counts[o.GetKind()]++
	}
	if err := manifests.Apply(ctx, d.cluster.Config(), kept...); err != nil {
		return err
	}
	d.say.line("config/default applied: %d kinds, %d roles, %d admission policies",
		counts["CustomResourceDefinition"], counts["ClusterRole"]+counts["Role"], counts["ValidatingAdmissionPolicy"])
	return nil
}

func (d *demo) runOperator(ctx context.Context) error {
	config, err := d.cluster.ConfigForServiceAccount(ctx, operatorNamespace, operatorAccount)
	if err != nil {
		return err
	}
	kubeconfig, err := d.cluster.Kubeconfig("operator", config)
	if err != nil {
		return err
	}
	p, err := process.Start(process.Command{
		Name: "organisation-operator", Path: d.operatorBinary(), Dir: d.dir, Log: d.operatorLog(),
		Args: []string{"--metrics-bind-address=0", "--health-probe-bind-address=0"},
		Env:  []string{"KUBECONFIG=" + kubeconfig, "POD_NAMESPACE=" + operatorNamespace, "HOME=" + d.dir},
	})
	if err != nil {
		return err
	}
	d.operator = &operator{p}
	return nil
}

func (d *demo) operatorBinary() string { return filepath.Join(d.dir, "organisation-operator") }

func (d *demo) operatorLog() string { return filepath.Join(d.dir, "operator.log") }

// maxErrors that a failed demo repeats from the operator's log.
const maxErrors = 5

// logs are the operator's last errors, for a demo that failed.
func (d *demo) logs() string {
	if d.dir == "" {
		return ""
	}
	content, err := os.ReadFile(d.operatorLog())
	if err != nil {
		return ""
	}
	var found []string
	for line := range strings.Lines(string(content)) {
		if strings.Contains(line, `"level":"error"`) || !strings.HasPrefix(line, "{") {
			found = append(found, line)
		}
	}
	if len(found) == 0 {
		return "the operator logged no error"
	}
	return "the operator's last errors:\n" + strings.Join(found[max(0, len(found)-maxErrors):], "")
}
