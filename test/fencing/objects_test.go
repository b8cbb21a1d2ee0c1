package fencing

import (
	"maps"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// object makes a manifest; fields are set by dotted paths.
func object(apiVersion, kind, namespace, name string, fields ...map[string]any) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": apiVersion, "kind": kind}}
	o.SetNamespace(namespace)
	o.SetName(name)
	for _, set := range fields {
		maps.Copy(o.Object, set)
	}
	return o
}

func labelled(o *unstructured.Unstructured, pairs ...string) *unstructured.Unstructured {
	labels := o.GetLabels()
	if labels == nil {
		labels = map[string]string{}
	}
	for _, pair := range pairs {
		key, value, _ := strings.Cut(pair, "=")
		labels[key] = value
	}
	o.SetLabels(labels)
	return o
}

const (
	isTenant   = "tenancy.glific.org/tenant=true"
	restricted = "pod-security.kubernetes.io/enforce=restricted"
)

func tenantNamespace(name string) *unstructured.Unstructured {
	return labelled(object("v1", "Namespace", "", name), isTenant, restricted, "tenancy.glific.org/identity="+identity)
}

type fields = map[string]any

func binding(namespace, name, roleKind, role string, subjects ...any) *unstructured.Unstructured {
	return object("rbac.authorization.k8s.io/v1", "RoleBinding", namespace, name, fields{
		"roleRef":  fields{"apiGroup": "rbac.authorization.k8s.io", "kind": roleKind, "name": role},
		"subjects": subjects,
	})
}

func operatorBinding(namespace string) *unstructured.Unstructured {
	return binding(namespace, "organisation-operator", "ClusterRole", "organisation-operator-tenant", serviceAccount(own, "organisation-operator"))
}

func serviceAccount(namespace, name string) any {
	return fields{"kind": "ServiceAccount", "namespace": namespace, "name": name}
}

func person(kind, name string) any {
	return fields{"kind": kind, "name": name, "apiGroup": "rbac.authorization.k8s.io"}
}

func pod(namespace string) *unstructured.Unstructured {
	container := fields{"name": "a", "image": "a", "securityContext": fields{
		"allowPrivilegeEscalation": false, "capabilities": fields{"drop": []any{"ALL"}},
		"runAsNonRoot": true, "seccompProfile": fields{"type": "RuntimeDefault"},
	}}
	return object("v1", "Pod", namespace, "a", fields{"spec": fields{"containers": []any{container}}})
}

// rendered are the kinds that the operator writes in a tenant's namespace.
func rendered(namespace string) []*unstructured.Unstructured {
	pod := fields{"metadata": fields{"labels": fields{"a": "b"}}, "spec": fields{"restartPolicy": "Never", "containers": []any{fields{"name": "a", "image": "a"}}}}
	always := fields{"metadata": fields{"labels": fields{"a": "b"}}, "spec": fields{"containers": []any{fields{"name": "a", "image": "a"}}}}
	service := fields{"name": "a", "port": fields{"number": int64(80)}}
	return []*unstructured.Unstructured{
		object("v1", "Secret", namespace, "made"),
		object("v1", "ServiceAccount", namespace, "made"),
		object("v1", "Service", namespace, "made", fields{"spec": fields{"ports": []any{fields{"port": int64(80)}}}}),
		object("v1", "ResourceQuota", namespace, "made", fields{"spec": fields{"hard": fields{"pods": "9"}}}),
		object("v1", "LimitRange", namespace, "made", fields{"spec": fields{"limits": []any{fields{"type": "Pod"}}}}),
		object("apps/v1", "ControllerRevision", namespace, "made", fields{"revision": int64(1), "data": fields{}}),
		object("apps/v1", "Deployment", namespace, "made", fields{"spec": fields{"selector": fields{"matchLabels": fields{"a": "b"}}, "template": always}}),
		object("batch/v1", "Job", namespace, "made", fields{"spec": fields{"template": pod}}),
		object("policy/v1", "PodDisruptionBudget", namespace, "made", fields{"spec": fields{"maxUnavailable": int64(1)}}),
		object("networking.k8s.io/v1", "NetworkPolicy", namespace, "made", fields{"spec": fields{"podSelector": fields{}}}),
		object("networking.k8s.io/v1", "Ingress", namespace, "made", fields{"spec": fields{"defaultBackend": fields{"service": service}}}),
		object("gateway.networking.k8s.io/v1", "HTTPRoute", namespace, "made", fields{"spec": fields{}}),
		object("cert-manager.io/v1", "Certificate", namespace, "made", fields{"spec": fields{
			"secretName": "a", "dnsNames": []any{"a.example.org"}, "issuerRef": fields{"name": "a"},
		}}),
	}
}
