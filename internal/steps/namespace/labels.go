package namespace

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/apply"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// podSecurity is the level restricted in all three modes. The version is latest: the
// tenants' pods are the operator's own work and meet the strictest rules there are,
// so a hole that a newer Kubernetes closes is closed for every tenant with the
// cluster's upgrade, without waiting for one of the operator
// (https://kubernetes.io/docs/concepts/security/pod-security-admission/).
var podSecurity = map[string]string{
	"pod-security.kubernetes.io/enforce":         "restricted",
	"pod-security.kubernetes.io/enforce-version": "latest",
	"pod-security.kubernetes.io/audit":           "restricted",
	"pod-security.kubernetes.io/audit-version":   "latest",
	"pod-security.kubernetes.io/warn":            "restricted",
	"pod-security.kubernetes.io/warn-version":    "latest",
}

// wantedLabels are those that the Namespace must have. What else it carries is left alone, a label
// that the profile names no longer included: it cannot be told from a person's own.
func wantedLabels(v step.View) map[string]string {
	all := maps.Clone(v.Settings.Labels)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, names.Labels(v.Org))
	maps.Copy(all, podSecurity)
	all[v1alpha1.LabelTenant] = "true"
	return all
}

// drift lists the labels that are missing or differ.
func drift(v step.View) map[string]string {
	changed := wantedLabels(v)
	for key, value := range v.Live.Namespace.Labels {
		if changed[key] == value {
			delete(changed, key)
		}
	}
	return changed
}

// label puts missing labels back. The UID in the patch makes the API server refuse it
// if the namespace is another one by now.
func (s *Step) label(ctx context.Context, v step.View) error {
	changed := drift(v)
	if len(changed) == 0 {
		return nil
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"uid": v.Live.Namespace.UID, "labels": changed}})
	if err != nil {
		return fmt.Errorf("labelling Namespace %s: %w", v.Live.Namespace.Name, err)
	}
	ns := &corev1.Namespace{}
	ns.Name = v.Live.Namespace.Name
	err = s.Client.Patch(ctx, ns, client.RawPatch(types.MergePatchType, patch), apply.FieldManager)
	switch {
	case apierrors.IsForbidden(err):
		return fmt.Errorf("labelling Namespace %s: %w; an administrator can put the labels back: kubectl label namespace %s --overwrite %s",
			ns.Name, err, ns.Name, assignments(changed))
	case err != nil:
		return fmt.Errorf("labelling Namespace %s: %w", ns.Name, err)
	}
	v.Live.Namespace = ns
	return nil
}

func assignments(labels map[string]string) string {
	var words []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		words = append(words, key+"="+labels[key])
	}
	return strings.Join(words, " ")
}
