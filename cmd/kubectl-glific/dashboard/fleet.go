package dashboard

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-logr/logr"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// News is what changed in the fleet; the first one a reader gets is whole.
type News struct {
	Whole    bool      `json:"whole,omitempty"`
	Rows     []Row     `json:"rows,omitempty"`
	Gone     []string  `json:"gone,omitempty"`
	Channels []Channel `json:"channels,omitempty"`
	// Troubles say in words what cannot be read now.
	Troubles []string `json:"troubles"`
	// Loaded: all NGOs are known.
	Loaded bool `json:"loaded"`
}

// Fleet watches Organisations and ReleaseChannels, and tells its readers what changed.
type Fleet struct {
	now func() time.Time

	mu            sync.Mutex
	organisations *shelf[*v1alpha1.Organisation]
	channels      *shelf[*v1alpha1.ReleaseChannel]
	rows          map[string]Row
	shown         []Channel
	readers       map[chan News]bool
	told          []string
	loaded        bool

	wake chan struct{}
}

// NewFleet prepares a fleet that nobody watches yet.
func NewFleet(now func() time.Time) *Fleet {
	f := &Fleet{now: now, rows: map[string]Row{}, readers: map[chan News]bool{}, wake: make(chan struct{}, 1)}
	f.organisations = newShelf[*v1alpha1.Organisation](f.changed)
	f.channels = newShelf[*v1alpha1.ReleaseChannel](f.changed)
	return f
}

func (f *Fleet) changed() {
	select {
	case f.wake <- struct{}{}:
	default: // it wakes already
	}
}

const (
	// together is how long changes are collected before they are sent.
	together = 150 * time.Millisecond
	// lookAgain is how often standings are worked out although nothing changed: windows
	// open by themselves.
	lookAgain = 30 * time.Second
)

// Watch follows the cluster until ctx ends.
func (f *Fleet) Watch(ctx context.Context, c client.WithWatch) {
	go follow(ctx, c, &v1alpha1.Organisation{}, func() client.ObjectList { return &v1alpha1.OrganisationList{} }, f.organisations)
	go follow(ctx, c, &v1alpha1.ReleaseChannel{}, func() client.ObjectList { return &v1alpha1.ReleaseChannelList{} }, f.channels)
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-f.wake:
			pause(ctx, together)
		}
		f.Tell()
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// follow keeps a shelf as the API server has it. The reflector tries again by itself.
func follow(ctx context.Context, c client.WithWatch, kind client.Object, list func() client.ObjectList, on troubled) {
	quiet := logr.Discard()
	lw := &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			objects := list()
			err := c.List(ctx, objects, &client.ListOptions{Raw: &options})
			on.trouble(ctx, err)
			return objects, err
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			w, err := c.Watch(ctx, list(), &client.ListOptions{Raw: &options})
			on.trouble(ctx, err)
			return w, err
		},
	}
	cache.NewReflectorWithOptions(lw, kind, on, cache.ReflectorOptions{Logger: &quiet}).RunWithContext(ctx)
}

// Tell works out what is shown anew, and sends what differs from what was sent.
func (f *Fleet) Tell() {
	organisations, channels := f.organisations.all(), f.channels.all()
	now := f.now()
	rows := make(map[string]Row, len(organisations))
	members := map[string][]Row{}
	for name, org := range organisations {
		row := rowOf(org, channels[org.Status.Release.Channel], now)
		rows[name] = row
		members[row.Channel] = append(members[row.Channel], row)
	}
	shown := make([]Channel, 0, len(channels))
	for name, channel := range channels {
		shown = append(shown, channelOf(channel, members[name]))
	}
	slices.SortFunc(shown, func(a, b Channel) int { return strings.Compare(a.Name, b.Name) })
	f.publish(rows, shown)
}

func (f *Fleet) publish(rows map[string]Row, shown []Channel) {
	f.mu.Lock()
	defer f.mu.Unlock()
	troubles, loaded := f.troubles(), f.organisations.complete()
	news := News{Troubles: troubles, Loaded: loaded}
	for name, row := range rows {
		if old, known := f.rows[name]; !known || old != row {
			news.Rows = append(news.Rows, row)
		}
	}
	for name := range f.rows {
		if _, there := rows[name]; !there {
			news.Gone = append(news.Gone, name)
		}
	}
	same := reflect.DeepEqual(shown, f.shown)
	if !same {
		news.Channels = shown
	}
	if same && len(news.Rows) == 0 && len(news.Gone) == 0 && loaded == f.loaded && slices.Equal(troubles, f.told) {
		return
	}
	f.rows, f.shown, f.told, f.loaded = rows, shown, troubles, loaded
	for reader := range f.readers {
		select {
		case reader <- news:
		default: // too slow: it is sent away, comes back and gets everything
			delete(f.readers, reader)
			close(reader)
		}
	}
}

// backlog is how much news a reader may leave unread.
const backlog = 64

// Subscribe returns what comes, beginning with everything, and how to stop it. The
// channel is closed if the reader is too slow.
func (f *Fleet) Subscribe() (news <-chan News, stop func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	reader := make(chan News, backlog)
	whole := News{Whole: true, Channels: f.shown, Troubles: f.troubles(), Loaded: f.organisations.complete()}
	for _, row := range f.rows {
		whole.Rows = append(whole.Rows, row)
	}
	reader <- whole
	f.readers[reader] = true
	return reader, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.readers, reader)
	}
}

// Organisation as it was last seen; nil if there is none.
func (f *Fleet) Organisation(name string) *v1alpha1.Organisation { return f.organisations.all()[name] }

// troubles in words.
func (f *Fleet) troubles() []string {
	words := []string{}
	if err := f.organisations.err(); err != nil {
		words = append(words, unreadable("NGOs", err))
	}
	if err := f.channels.err(); err != nil {
		words = append(words, unreadable("Release channels", err))
	}
	return words
}

func unreadable(what string, err error) string {
	if apierrors.IsForbidden(err) {
		return what + " are not shown: you may not list and watch them; ask for the ClusterRole organisation-viewer."
	}
	return what + " may be out of date: the cluster does not answer; it is tried again by itself. " + err.Error()
}
