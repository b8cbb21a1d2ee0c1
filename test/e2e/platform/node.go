package platform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Agent stops, kills or starts one of the programs of the node: kubelet, containerd, …
func (p *Platform) Agent(ctx context.Context, verb, program string) error {
	return p.run(ctx, filepath.Join(p.root, clusterDir), "go", "run", ".", verb, program)
}

// OwnNode tells whether the node is that of hack/cluster, whose processes are this
// machine's: its agents can be killed, and what runs in its pods frozen.
func (p *Platform) OwnNode() bool { return p.choice.kind == local }

// Freeze every process of a namespace's pods, as a machine does that hangs, or let them
// go on.
func (p *Platform) Freeze(ctx context.Context, namespace string, frozen bool) error {
	var pods corev1.PodList
	if err := p.Client.List(ctx, &pods, client.InNamespace(namespace)); err != nil {
		return err
	}
	signal := syscall.SIGCONT
	if frozen {
		signal = syscall.SIGSTOP
	}
	signalled := 0
	for _, pod := range pods.Items {
		pids, err := processes(string(pod.UID))
		if err != nil {
			return err
		}
		for _, pid := range pids {
			if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("signalling process %d of namespace %s: %w", pid, namespace, err)
			}
			signalled++
		}
	}
	if signalled == 0 {
		return fmt.Errorf("no process of a pod in namespace %s was found", namespace)
	}
	return nil
}

// processes of a pod: those whose cgroup names its UID (proc_pid_cgroup(5)).
func processes(uid string) ([]int, error) {
	files, err := filepath.Glob("/proc/[0-9]*/cgroup")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(content, []byte(uid)) {
			continue // it has ended, or is another's
		}
		pid, err := strconv.Atoi(strings.Split(file, "/")[2])
		if err != nil {
			return nil, err
		}
		pids = append(pids, pid)
	}
	return pids, nil
}

// KillSandbox ends the process that holds a pod's namespaces, as a restart of the machine
// does: the kubelet makes the pod's sandbox anew, and all its containers.
func (p *Platform) KillSandbox(pod corev1.Pod) error { return p.Kill(pod, "program") } // so hack/cluster calls it

// Kill ends, with SIGKILL, the first process of a pod that has a name.
func (p *Platform) Kill(pod corev1.Pod, program string) error {
	pids, err := processes(string(pod.UID))
	if err != nil {
		return err
	}
	for _, pid := range pids {
		if name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); err == nil && strings.TrimSpace(string(name)) == program {
			return syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	return fmt.Errorf("no process %s of Pod %s was found", program, pod.Name)
}
