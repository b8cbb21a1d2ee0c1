package world

import "sigs.k8s.io/controller-runtime/pkg/client"

// Objects are those that a tree is made of, the Organisation first.
func (w *World) Objects() []client.Object {
	objects := []client.Object{w.Organisation}
	if w.Server != nil {
		objects = append(objects, w.Server)
	}
	if w.Namespace != nil {
		objects = append(objects, w.Namespace)
	}
	objects = append(objects, each(w.Jobs)...)
	objects = append(objects, each(w.Deployments)...)
	objects = append(objects, each(w.Pods)...)
	objects = append(objects, each(w.Ingresses)...)
	objects = append(objects, each(w.HTTPRoutes)...)
	return append(objects, each(w.Certificates)...)
}

// each turns a list of values into objects.
func each[T any, P interface {
	*T
	client.Object
}](items []T) []client.Object {
	objects := make([]client.Object, 0, len(items))
	for i := range items {
		objects = append(objects, P(&items[i]))
	}
	return objects
}

// All are the objects of a support archive: those of the tree, what they follow from,
// and what was told of them.
func (w *World) All() []client.Object {
	objects := w.Objects()
	if w.Profile != nil {
		objects = append(objects, w.Profile)
	}
	if w.Release != nil {
		objects = append(objects, w.Release)
	}
	objects = append(objects, each(w.Revisions)...)
	return append(objects, each(w.Events)...)
}
