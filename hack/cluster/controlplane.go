package main

import (
	"fmt"
)

func (c *cluster) etcdURL() string { return "unix://" + c.path("run", "etcd.sock") }

// etcdArgs: Unix sockets only. Data survives the end of the process, not a crash
// of the machine: etcd does not wait for the disk.
func (c *cluster) etcdArgs() []string {
	peer := "unix://" + c.path("run", "etcd-peer.sock")
	return []string{
		"--name=default", "--data-dir=" + c.path("etcd"), "--log-level=warn",
		"--listen-client-urls=" + c.etcdURL(), "--advertise-client-urls=" + c.etcdURL(),
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=http://localhost:2380",
		"--initial-cluster=default=http://localhost:2380", "--unsafe-no-fsync",
	}
}

func (c *cluster) apiServerArgs() []string {
	return []string{
		"--etcd-servers=" + c.etcdURL(),
		"--advertise-address=" + c.nodeAddr.String(), fmt.Sprintf("--secure-port=%d", apiPort),
		"--service-cluster-ip-range=" + serviceRange.String(),
		"--tls-cert-file=" + c.pki("apiserver.crt"), "--tls-private-key-file=" + c.pki("apiserver.key"),
		"--client-ca-file=" + c.pki("ca.crt"),
		// Logs and exec need no name of the node.
		"--kubelet-preferred-address-types=InternalIP",
		"--kubelet-certificate-authority=" + c.pki("ca.crt"),
		"--kubelet-client-certificate=" + c.pki("kubelet-client.crt"),
		"--kubelet-client-key=" + c.pki("kubelet-client.key"),
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction",
		"--allow-privileged=true", "--profiling=false",
		"--service-account-issuer=https://kubernetes.default.svc." + domain,
		"--service-account-key-file=" + c.pki("service-account.key"),
		"--service-account-signing-key-file=" + c.pki("service-account.key"),
		"--event-ttl=24h",
	}
}

func (c *cluster) controllerManagerArgs() []string {
	config := c.path("etc", "kube-controller-manager.kubeconfig")
	return []string{
		"--kubeconfig=" + config, "--authentication-kubeconfig=" + config, "--authorization-kubeconfig=" + config,
		"--bind-address=" + c.nodeAddr.String(), "--leader-elect=false", "--profiling=false",
		"--use-service-account-credentials=true",
		"--service-account-private-key-file=" + c.pki("service-account.key"),
		"--root-ca-file=" + c.pki("ca.crt"),
		"--cluster-signing-cert-file=" + c.pki("ca.crt"), "--cluster-signing-key-file=" + c.pki("ca.key"),
	}
}

func (c *cluster) schedulerArgs() []string {
	config := c.path("etc", "kube-scheduler.kubeconfig")
	return []string{
		"--kubeconfig=" + config, "--authentication-kubeconfig=" + config, "--authorization-kubeconfig=" + config,
		"--bind-address=" + c.nodeAddr.String(), "--leader-elect=false", "--profiling=false",
	}
}
