package admission

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// place is where a path leads to in one object: the first item of each list, the
// first value of each map.
type place struct {
	holder any // map[string]any or []any
	key    string
	index  int
}

func (p place) get() any {
	if list, ok := p.holder.([]any); ok {
		return list[p.index]
	}
	return p.holder.(map[string]any)[p.key]
}

func (p place) set(value any) {
	if list, ok := p.holder.([]any); ok {
		list[p.index] = value
		return
	}
	p.holder.(map[string]any)[p.key] = value
}

func (p place) remove() { delete(p.holder.(map[string]any), p.key) }

// find follows a field's path into an object; false if the object does not set it.
func find(object *unstructured.Unstructured, path string) (place, bool) {
	var at place
	var node any = object.Object
	for _, part := range parts(path) {
		switch holder := node.(type) {
		case []any:
			if part != "[]" || len(holder) == 0 {
				return at, false
			}
			at = place{holder: holder}
		case map[string]any:
			key, ok := choose(holder, part)
			if !ok {
				return at, false
			}
			at = place{holder: holder, key: key}
		default:
			return at, false
		}
		node = at.get()
	}
	return at, true
}

func choose(holder map[string]any, part string) (string, bool) {
	if part != "{}" {
		_, ok := holder[part]
		return part, ok
	}
	for key := range holder {
		return key, true
	}
	return "", false
}

// parts splits spec.sizes[].name into spec, sizes, [], name.
func parts(path string) []string {
	path = strings.NewReplacer("[]", ".[]", "{}", ".{}").Replace(path)
	return strings.Split(path, ".")
}

// with returns a copy of the object in which the field has another value. Where the
// field is not set yet, what is above it must be.
func with(object *unstructured.Unstructured, path string, value any) *unstructured.Unstructured {
	changed := object.DeepCopy()
	if at, ok := find(changed, path); ok {
		at.set(value)
		return changed
	}
	cut := strings.LastIndex(path, ".")
	at, ok := find(changed, path[:cut])
	if !ok {
		panic(fmt.Sprintf("%s %s has no %s", object.GetKind(), object.GetName(), path[:cut]))
	}
	at.get().(map[string]any)[path[cut+1:]] = value
	return changed
}

func without(object *unstructured.Unstructured, path string) *unstructured.Unstructured {
	changed := object.DeepCopy()
	if at, ok := find(changed, path); ok {
		at.remove()
	}
	return changed
}
