package campaign

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// describe is everything there is at the end, in words that do not depend on names,
// times and chance.
func (s *subject) describe(ctx context.Context, op *lane.Operator) (string, error) {
	objects, err := s.objects(ctx)
	if err != nil {
		return "", err
	}
	rows, err := s.rows(ctx)
	if err != nil {
		return "", err
	}
	world := s.normalise(append(objects, rows...))
	if err := s.balance(ctx); err != nil {
		return world, err
	}
	return world, s.secretsStaySecret(append(objects, told(op)...))
}

// told is what people were told by Events.
func told(op *lane.Operator) []string {
	var events []string
	for {
		select {
		case event := <-op.Events.Events:
			events = append(events, event)
		default:
			return events
		}
	}
}

// secretsStaySecret: no key appears outside of Secrets, whose values are digests here.
func (s *subject) secretsStaySecret(texts []string) error {
	for _, text := range texts {
		for key, value := range s.keys {
			if strings.Contains(text, string(value)) || strings.Contains(text, base64.StdEncoding.EncodeToString(value)) {
				return fmt.Errorf("the value of key %s appears in %s", key, strings.SplitN(text, "\n", 2)[0])
			}
		}
	}
	return nil
}

// objects of the operator, of its own kinds and of the tenant, one text for each.
func (s *subject) objects(ctx context.Context) ([]string, error) {
	var texts []string
	for _, in := range s.scopes() {
		list := &unstructured.UnstructuredList{}
		list.SetGroupVersionKind(in.kind)
		if err := s.stage.lane.Admin.List(ctx, list, client.InNamespace(in.namespace)); err != nil {
			return nil, fmt.Errorf("listing %s: %w", in.kind.Kind, err)
		}
		for i := range list.Items {
			object := &list.Items[i]
			if in.kind.Kind == "NamespaceList" && !strings.HasPrefix(object.GetName(), "org-") {
				continue
			}
			text, err := write(object)
			if err != nil {
				return nil, err
			}
			texts = append(texts, text)
		}
	}
	return texts, nil
}

type scope struct {
	kind      schema.GroupVersionKind
	namespace string
}

func (s *subject) scopes() []scope {
	var scopes []scope
	for _, kind := range []string{"OrganisationList", "OrganisationProfileList", "ReleaseList", "DatabaseServerList"} {
		scopes = append(scopes, scope{kind: v1alpha1.GroupVersion.WithKind(kind)})
	}
	core := corev1.SchemeGroupVersion
	scopes = append(scopes, scope{kind: core.WithKind("NamespaceList")})
	for _, kind := range []string{"SecretList", "ConfigMapList"} {
		scopes = append(scopes, scope{core.WithKind(kind), lane.Namespace}, scope{core.WithKind(kind), names.Namespace(s.name)})
	}
	for _, kind := range snapshot.Kinds() {
		if kind.Optional {
			continue
		}
		list := kind.GroupVersionKind
		list.Kind += "List"
		scopes = append(scopes, scope{list, names.Namespace(s.name)})
	}
	return scopes
}

// write takes out of an object what the server adds by chance or by time.
func write(object *unstructured.Unstructured) (string, error) {
	content := object.DeepCopy()
	managers := managersOf(content)
	for _, field := range []string{"uid", "resourceVersion", "creationTimestamp", "managedFields", "generation"} {
		unstructured.RemoveNestedField(content.Object, "metadata", field)
	}
	content.Object["managers"] = managers
	switch content.GetKind() {
	case "Service":
		unstructured.RemoveNestedField(content.Object, "spec", "clusterIP")
		unstructured.RemoveNestedField(content.Object, "spec", "clusterIPs")
	case "Secret":
		data, _, _ := unstructured.NestedMap(content.Object, "data")
		for key, value := range data {
			plain, err := base64.StdEncoding.DecodeString(fmt.Sprint(value))
			if err != nil {
				return "", err
			}
			data[key] = "sha256 " + digest(plain)
		}
		content.Object["data"] = data
	}
	timeless(content.Object, object.GetGeneration())
	text, err := json.MarshalIndent(content.Object, "", "  ")
	return fmt.Sprintf("%s %s/%s %s", object.GetKind(), object.GetNamespace(), object.GetName(), text), err
}

// managersOf names who owns fields, so that a field that became somebody else's shows.
func managersOf(object *unstructured.Unstructured) []any {
	var managers []any
	for _, entry := range object.GetManagedFields() {
		who := strings.TrimSpace(fmt.Sprintf("%s %s %s", entry.Manager, entry.Operation, entry.Subresource))
		if !slices.Contains(managers, any(who)) {
			managers = append(managers, who)
		}
	}
	slices.SortFunc(managers, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return managers
}

// timeless removes times, and turns generations that were observed into whether they
// are the present one.
func timeless(tree any, generation int64) {
	switch tree := tree.(type) {
	case map[string]any:
		for field, value := range tree {
			switch {
			case field == "observedGeneration":
				tree[field] = reflect.DeepEqual(value, generation)
			case strings.HasSuffix(field, "Time") || strings.HasSuffix(field, "At"):
				delete(tree, field)
			default:
				timeless(value, generation)
			}
		}
	case []any:
		for _, value := range tree {
			timeless(value, generation)
		}
	}
}
