package main

import (
	"net/netip"
	"os"
)

const proxyHealthPort = 10256

// kubeletConfig: https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
func (c *cluster) kubeletConfig() object {
	return object{
		"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
		"address": c.nodeAddr.String(),
		"authentication": object{
			"anonymous": object{"enabled": false},
			"webhook":   object{"enabled": true},
			"x509":      object{"clientCAFile": c.pki("ca.crt")},
		},
		"authorization":     object{"mode": "Webhook"},
		"tlsCertFile":       c.pki("kubelet-server.crt"),
		"tlsPrivateKeyFile": c.pki("kubelet-server.key"),

		"clusterDomain": domain, "clusterDNS": []string{dnsService.String()},
		"resolvConf":               c.path("etc", "resolv.conf"),
		"containerRuntimeEndpoint": "unix://" + c.containerdSocket(),
		"podLogsDir":               c.path("logs", "pods"),
		"volumePluginDir":          c.path("run", "volume-plugins"),

		// Version 1 and hybrid hosts are still common; version 2 needs no more than this.
		"cgroupDriver": "cgroupfs", "cgroupRoot": "/" + c.cgroup, "failCgroupV1": false,
		"failSwapOn": false, "makeIPTablesUtilChains": false, "oomScoreAdj": 0,

		// Where the root file system cannot be measured, isolation of local storage
		// fails, and thresholds of zero would be taken for "unset".
		"localStorageCapacityIsolation": false,
		"evictionHard": object{
			"memory.available": "100Mi", "nodefs.available": "1%", "nodefs.inodesFree": "1%", "imagefs.available": "1%",
		},
		// What was loaded cannot be pulled again, so it is never collected.
		"imageGCHighThresholdPercent": 100, "imageGCLowThresholdPercent": 99,
		"imageMinimumGCAge": "8760h",
	}
}

func (c *cluster) kubeletArgs() []string {
	return []string{
		"--config=" + c.path("etc", "kubelet.json"),
		"--kubeconfig=" + c.path("etc", "kubelet.kubeconfig"),
		"--root-dir=" + c.path("kubelet"),
		"--cert-dir=" + c.path("pki", "kubelet"),
		"--hostname-override=" + nodeName,
		"--node-ip=" + c.nodeAddr.String(),
	}
}

// proxyConfig: https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/
func (c *cluster) proxyConfig() object {
	_, err := os.Stat("/proc/sys/net/bridge/bridge-nf-call-iptables")
	return object{
		"apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration",
		"mode": "nftables", "clusterCIDR": podRange.String(),
		"hostnameOverride":   nodeName,
		"bindAddress":        c.nodeAddr.String(),
		"healthzBindAddress": netip.AddrPortFrom(c.nodeAddr, proxyHealthPort).String(), "metricsBindAddress": "127.0.0.1:10249",
		"oomScoreAdj":      0,
		"clientConnection": object{"kubeconfig": c.path("etc", "kube-proxy.kubeconfig")},
		// See makeNetwork: without bridge netfilter, replies must pass the node.
		"nftables": object{"masqueradeAll": err != nil},
		// Zero leaves the kernel's settings alone, which a container may not change.
		"conntrack": object{"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
	}
}

func (c *cluster) proxyArgs() []string {
	return []string{"--config=" + c.path("etc", "kube-proxy.json")}
}
