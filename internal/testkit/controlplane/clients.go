package controlplane

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/typed/core/v1"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// DefaultControllers run when Options.Controllers is empty: everything that acts
// on the kinds an Organisation consists of. Left out are the horizontal
// autoscaler (without metrics it fails and writes events every 15 seconds) and
// whatever needs a cloud, disks or heartbeats of nodes.
var DefaultControllers = []string{
	"namespace-controller", "garbage-collector-controller", "resourcequota-controller",
	"serviceaccount-controller", "serviceaccount-token-controller", "root-ca-certificate-publisher-controller",
	"deployment-controller", "replicaset-controller", "statefulset-controller", "daemonset-controller",
	"job-controller", "cronjob-controller", "ttl-after-finished-controller", "pod-garbage-collector-controller",
	"endpoints-controller", "endpointslice-controller", "disruption-controller",
	"clusterrole-aggregation-controller", "validatingadmissionpolicy-status-controller",
}

func (cp *ControlPlane) startControllerManager(ctx context.Context) error {
	kubeconfig, err := cp.kubeconfigFile("kube-controller-manager", "system:kube-controller-manager", "system:masters")
	if err != nil {
		return err
	}
	controllers := cp.options.Controllers
	if len(controllers) == 0 {
		controllers = DefaultControllers
	}
	args := []string{
		"--kubeconfig=" + kubeconfig, "--secure-port=0", "--leader-elect=false",
		"--controllers=" + strings.Join(controllers, ","),
		"--root-ca-file=" + cp.pki.caFile, "--service-account-private-key-file=" + cp.pki.serviceAcctKey,
		"--kube-api-qps=500", "--kube-api-burst=1000", "--profiling=false",
	}
	for _, kind := range []string{"deployment", "replicaset", "job", "namespace", "resource-quota", "gc", "service-endpoint"} {
		args = append(args, "--concurrent-"+kind+"-syncs=20")
	}
	p, err := cp.launch(components.ControllerManager, args...)
	if err != nil {
		return err
	}
	return until(ctx, p, func() error { return cp.controllersAct(ctx, controllers) })
}

// controllersAct proves that the controllers work, by what the first of them does.
func (cp *ControlPlane) controllersAct(ctx context.Context, controllers []string) error {
	acts := map[string]func(v1.CoreV1Interface) error{
		"serviceaccount-controller": func(core v1.CoreV1Interface) error {
			_, err := core.ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{})
			return err
		},
	}
	core, err := v1.NewForConfig(cp.Config())
	if err != nil {
		return err
	}
	for _, name := range controllers {
		if act := acts[name]; act != nil {
			return act(core)
		}
	}
	return nil
}

func (cp *ControlPlane) startScheduler(context.Context) error {
	kubeconfig, err := cp.kubeconfigFile("kube-scheduler", "system:kube-scheduler")
	if err != nil {
		return err
	}
	config := filepath.Join(cp.dir, "kube-scheduler.yaml")
	content := fmt.Sprintf(schedulerConfig, kubeconfig)
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		return err
	}
	_, err = cp.launch(components.Scheduler, "--config="+config, "--secure-port=0")
	return err
}

const schedulerConfig = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
leaderElection: {leaderElect: false}
clientConnection: {kubeconfig: %q, qps: 500, burst: 1000}
`

//go:embed stages.yaml
var stages []byte

// startNodes creates the nodes and starts kwok, which plays their kubelets. Its
// own HTTP server would listen on every address, so it stays off (node port 0).
func (cp *ControlPlane) startNodes(ctx context.Context) error {
	kubeconfig, err := cp.kubeconfigFile("kwok", "kwok", "system:masters")
	if err != nil {
		return err
	}
	config := filepath.Join(cp.dir, "stages.yaml")
	if err := os.WriteFile(config, stages, 0o600); err != nil {
		return err
	}
	if err := cp.createNodes(ctx); err != nil {
		return err
	}
	p, err := cp.launch(components.Kwok, "--kubeconfig="+kubeconfig, "--config="+config,
		"--manage-all-nodes=true", "--node-lease-duration-seconds=0", "--node-port=0", "--server-address=")
	if err != nil {
		return err
	}
	return until(ctx, p, func() error { return cp.nodesReady(ctx) })
}

// createNodes adds the nodes and takes off the not-ready taint that admission
// puts on every new node; nothing else here would.
func (cp *ControlPlane) createNodes(ctx context.Context) error {
	core, err := v1.NewForConfig(cp.Config())
	if err != nil {
		return err
	}
	for i := range cp.options.Nodes {
		name := fmt.Sprintf("node-%d", i+1)
		node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{
			Name:   name,
			Labels: map[string]string{corev1.LabelHostname: name, corev1.LabelOSStable: "linux", corev1.LabelTopologyZone: fmt.Sprintf("zone-%d", i%3+1)},
		}}
		if _, err := core.Nodes().Create(ctx, node, metav1.CreateOptions{}); err != nil {
			return fmt.Errorf("creating node %s: %w", name, err)
		}
		untaint := []byte(`{"spec":{"taints":null}}`)
		if _, err := core.Nodes().Patch(ctx, name, types.MergePatchType, untaint, metav1.PatchOptions{}); err != nil {
			return fmt.Errorf("untainting node %s: %w", name, err)
		}
	}
	return nil
}

func (cp *ControlPlane) nodesReady(ctx context.Context) error {
	core, err := v1.NewForConfig(cp.Config())
	if err != nil {
		return err
	}
	nodes, err := core.Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for _, node := range nodes.Items {
		if node.Status.Phase != corev1.NodeRunning {
			return fmt.Errorf("node %s is not ready", node.Name)
		}
	}
	return nil
}
