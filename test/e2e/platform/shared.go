package platform

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

//go:embed shared.yaml
var sharedManifest string

// shared are a DatabaseServer, a Release for each version of the stand-in, and one
// profile, called standard.
func (p *Platform) shared(ctx context.Context) error {
	if err := p.apply(ctx, sharedManifest); err != nil {
		return err
	}
	for source, object := range map[client.ObjectKey]*corev1.Secret{
		{Namespace: postgresNamespace, Name: "postgres"}:     secret(OperatorNamespace, "shared-1-admin", nil),
		{Namespace: postgresNamespace, Name: "postgres-tls"}: secret(OperatorNamespace, "shared-1-ca", nil),
	} {
		if err := p.copySecret(ctx, source, object); err != nil {
			return err
		}
	}
	platformCA := secret(OperatorNamespace, "platform-ca", map[string]string{"ca.crt": string(p.Config.CAData)})
	if err := p.put(ctx, platformCA); err != nil {
		return err
	}
	return p.releases(ctx)
}

func (p *Platform) copySecret(ctx context.Context, source client.ObjectKey, to *corev1.Secret) error {
	from := &corev1.Secret{}
	if err := p.Client.Get(ctx, source, from); err != nil {
		return err
	}
	if to.Name == "shared-1-admin" {
		to.StringData = map[string]string{"username": ledgerDatabase, "password": string(from.Data["operator"])}
	} else {
		to.StringData = map[string]string{"ca.crt": string(from.Data["ca.crt"])}
	}
	return p.put(ctx, to)
}

// put creates an object or gives it this content.
func (p *Platform) put(ctx context.Context, object client.Object) error {
	content, err := yaml.Marshal(object)
	if err != nil {
		return err
	}
	kind := map[bool]string{true: "apiVersion: v1\nkind: Secret\n"}[isSecret(object)]
	return p.apply(ctx, kind+string(content))
}

func isSecret(object client.Object) bool { _, ok := object.(*corev1.Secret); return ok }

// releases makes one Release for each image of the stand-in.
func (p *Platform) releases(ctx context.Context) error {
	template, err := os.ReadFile(filepath.Join(p.root, "test", "standin", "release.yaml"))
	if err != nil {
		return err
	}
	for name, image := range p.Images {
		version, ok := strings.CutPrefix(name, "standin-")
		if !ok {
			continue
		}
		release := &v1alpha1.Release{}
		if err := yaml.Unmarshal(template, release); err != nil {
			return fmt.Errorf("reading test/standin/release.yaml: %w", err)
		}
		release.Name, release.Spec.Version = name, version
		release.Spec.Images.Backend, release.Spec.Images.Frontend = image, p.Images["frontend"]
		if err := p.Client.Create(ctx, release); client.IgnoreAlreadyExists(err) != nil {
			return fmt.Errorf("creating Release %s: %w", name, err)
		}
	}
	return nil
}
