package platform

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/test/standin"
)

//go:embed shared.yaml
var sharedManifest string

// shared are a DatabaseServer, a Release for each version of the stand-in, and one
// profile, called standard.
func (p *Platform) shared(ctx context.Context) error {
	if err := p.apply(ctx, p.sharedObjects()); err != nil {
		return err
	}
	admin, err := p.postgresSecret(ctx, "postgres")
	if err != nil {
		return err
	}
	tls, err := p.postgresSecret(ctx, "postgres-tls")
	if err != nil {
		return err
	}
	for name, data := range map[string]map[string]string{
		"shared-1-admin": {"username": ledgerDatabase, "password": string(admin["operator"])},
		"shared-1-ca":    {"ca.crt": string(tls["ca.crt"])},
		"platform-ca":    {"ca.crt": string(p.authority)},
	} {
		if err := p.applySecret(ctx, name, data); err != nil {
			return err
		}
	}
	return p.releases(ctx)
}

func (p *Platform) sharedObjects() string {
	namespace, name, _ := strings.Cut(p.choice.gateway, "/")
	return strings.NewReplacer("{ADDRESS}", p.Gateway.Address, "{GATEWAY}", name, "{GATEWAYS}", namespace, "{SENDERS}", p.senders).Replace(sharedManifest)
}

func (p *Platform) postgresSecret(ctx context.Context, name string) (map[string][]byte, error) {
	found := &corev1.Secret{}
	err := p.Client.Get(ctx, client.ObjectKey{Namespace: postgresNamespace, Name: name}, found)
	return found.Data, err
}

// applySecret in the operator's namespace.
func (p *Platform) applySecret(ctx context.Context, name string, data map[string]string) error {
	s := secret(OperatorNamespace, name, data)
	s.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}
	content, err := yaml.Marshal(s)
	if err != nil {
		return err
	}
	return p.apply(ctx, string(content))
}

// releases makes one Release for each image of the stand-in.
func (p *Platform) releases(ctx context.Context) error {
	for name, image := range p.Images {
		version, ok := strings.CutPrefix(name, "standin-")
		if !ok {
			continue
		}
		release, err := standin.Release(version, image, p.Images["frontend"])
		if err != nil {
			return err
		}
		if err := p.Client.Create(ctx, release); client.IgnoreAlreadyExists(err) != nil {
			return fmt.Errorf("creating Release %s: %w", name, err)
		}
	}
	return nil
}
