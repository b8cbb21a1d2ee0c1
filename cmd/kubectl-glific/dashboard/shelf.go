package dashboard

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// troubled is where a reflector puts what it reads, and what went wrong.
type troubled interface {
	cache.ReflectorStore
	trouble(ctx context.Context, err error)
}

// shelf holds the objects of one kind by name, and says when they changed. It may be
// used by several goroutines.
type shelf[T client.Object] struct {
	changed func()

	mu      sync.Mutex
	objects map[string]T
	filled  bool
	failure error
}

func newShelf[T client.Object](changed func()) *shelf[T] {
	return &shelf[T]{changed: changed, objects: map[string]T{}}
}

// all objects now; the map is the caller's own.
func (s *shelf[T]) all() map[string]T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.objects)
}

// complete tells whether everything was read once.
func (s *shelf[T]) complete() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.filled
}

func (s *shelf[T]) err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure
}

// trouble notes how the last request ended; nil takes the trouble away.
func (s *shelf[T]) trouble(ctx context.Context, err error) {
	if ctx.Err() != nil { // the page is being closed
		return
	}
	s.mu.Lock()
	news := (err == nil) != (s.failure == nil)
	s.failure = err
	s.mu.Unlock()
	if news {
		s.changed()
	}
}

// Add puts an object on the shelf.
func (s *shelf[T]) Add(object any) error { return s.put(object) }

// Update puts a newer one in its place.
func (s *shelf[T]) Update(object any) error { return s.put(object) }

func (s *shelf[T]) put(object any) error {
	o, ok := object.(T)
	if !ok {
		return fmt.Errorf("a %T was sent where others are watched", object)
	}
	s.mu.Lock()
	s.objects[o.GetName()] = o
	s.mu.Unlock()
	s.changed()
	return nil
}

// Delete takes an object away.
func (s *shelf[T]) Delete(object any) error {
	o, ok := object.(T)
	if !ok {
		return fmt.Errorf("a %T was sent where others are watched", object)
	}
	s.mu.Lock()
	delete(s.objects, o.GetName())
	s.mu.Unlock()
	s.changed()
	return nil
}

// Replace puts these in the place of all that were there.
func (s *shelf[T]) Replace(objects []any, _ string) error {
	all := make(map[string]T, len(objects))
	for _, object := range objects {
		if o, ok := object.(T); ok {
			all[o.GetName()] = o
		}
	}
	s.mu.Lock()
	s.objects, s.filled = all, true
	s.mu.Unlock()
	s.changed()
	return nil
}

// Resync does nothing: whoever reads looks at everything.
func (s *shelf[T]) Resync() error { return nil }
