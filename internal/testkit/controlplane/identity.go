package controlplane

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// ConfigFor returns a client configuration of the named user in the groups,
// proved by a certificate issued now. RBAC applies, unless a group is
// system:masters. No client-side throttling.
func (cp *ControlPlane) ConfigFor(user string, groups ...string) *rest.Config {
	cert, key, err := cp.pki.issue(client(user, groups))
	if err != nil {
		// Signing with a key in memory fails only if the system's randomness does.
		panic(fmt.Sprintf("issuing a certificate for %s: %v", user, err))
	}
	config := cp.anonymous()
	config.CertData, config.KeyData = cert, key
	return config
}

// ConfigForServiceAccount returns a client configuration of an existing service
// account, proved by a token that is valid for a day and may be used outside the
// cluster. It is subject to RBAC, admission and API Priority and Fairness like a
// Pod of that account.
func (cp *ControlPlane) ConfigForServiceAccount(ctx context.Context, namespace, name string) (*rest.Config, error) {
	core, err := v1.NewForConfig(cp.Config())
	if err != nil {
		return nil, err
	}
	day := int64(24 * 60 * 60)
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &day}}
	answer, err := core.ServiceAccounts(namespace).CreateToken(ctx, name, request, metav1.CreateOptions{})
	if err != nil {
		return nil, fmt.Errorf("requesting a token of service account %s/%s: %w", namespace, name, err)
	}
	config := cp.anonymous()
	config.BearerToken = answer.Status.Token
	return config, nil
}

func (cp *ControlPlane) anonymous() *rest.Config {
	return &rest.Config{
		Host: cp.URL(), QPS: -1,
		TLSClientConfig: rest.TLSClientConfig{CAData: cp.pki.caPEM},
	}
}

// Kubeconfig writes config as a kubeconfig file <name>.kubeconfig into Dir, for
// programs that take a path, and returns the path.
func (cp *ControlPlane) Kubeconfig(name string, config *rest.Config) (string, error) {
	const key = "control-plane"
	file := clientcmdapi.Config{
		CurrentContext: key,
		Clusters:       map[string]*clientcmdapi.Cluster{key: {Server: config.Host, CertificateAuthorityData: config.CAData}},
		Contexts:       map[string]*clientcmdapi.Context{key: {Cluster: key, AuthInfo: key}},
		AuthInfos: map[string]*clientcmdapi.AuthInfo{key: {
			ClientCertificateData: config.CertData, ClientKeyData: config.KeyData, Token: config.BearerToken,
		}},
	}
	content, err := clientcmd.Write(file)
	if err != nil {
		return "", err
	}
	path := filepath.Join(cp.dir, name+".kubeconfig")
	return path, os.WriteFile(path, content, 0o600)
}

func (cp *ControlPlane) kubeconfigFile(program, user string, groups ...string) (string, error) {
	return cp.Kubeconfig(program, cp.ConfigFor(user, groups...))
}
