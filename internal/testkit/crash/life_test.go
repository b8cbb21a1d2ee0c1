package crash

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"
)

// store is a server that remembers what was written.
type store struct {
	*httptest.Server
	mu    sync.Mutex
	kept  []string
	watch chan string
}

func newStore(t *testing.T) *store {
	t.Helper()
	s := &store{watch: make(chan string)}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.CloseClientConnections)
	return s
}

func (s *store) serve(w http.ResponseWriter, req *http.Request) {
	if req.URL.Query().Has("watch") {
		w.(http.Flusher).Flush()
		for {
			select {
			case line := <-s.watch:
				_, _ = io.WriteString(w, line)
				w.(http.Flusher).Flush()
			case <-req.Context().Done():
				return
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if req.Method == http.MethodPost {
		s.kept = append(s.kept, req.URL.Path[strings.LastIndexByte(req.URL.Path, '/')+1:])
		w.WriteHeader(http.StatusCreated)
	}
}

func (s *store) client(t *testing.T, life *Life) *http.Client {
	t.Helper()
	client, err := rest.HTTPClientFor(life.Wrap(&rest.Config{Host: s.URL}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// provision is a program under test: it reads, and writes three kinds of object.
func provision(client *http.Client, url string) error {
	if _, err := client.Get(url + "/api/v1/namespaces/n/secrets"); err != nil {
		return err
	}
	for _, kind := range []string{"secrets", "services", "events", "pods"} {
		resp, err := client.Post(url+"/api/v1/namespaces/n/"+kind, "application/json", nil)
		if err != nil {
			return err
		}
		resp.Body.Close()
	}
	return nil
}

func TestAFaultAtAWrite(t *testing.T) {
	for name, c := range map[string]struct {
		fault Fault
		kept  []string
		err   error
		then  error // of a request after it
	}{
		"no fault lets everything pass":                {Fault{}, []string{"secrets", "services", "events", "pods"}, nil, nil},
		"killed before the second write was sent":      {Fault{Write: 2, Point: BeforeSend}, []string{"secrets"}, ErrKilled, ErrKilled},
		"killed before the second answer arrived":      {Fault{Write: 2, Point: AnswerLost}, []string{"secrets", "services"}, ErrKilled, ErrKilled},
		"events are not counted":                       {Fault{Write: 3, Point: BeforeSend}, []string{"secrets", "services", "events"}, ErrKilled, ErrKilled},
		"a write that the life does not have":          {Fault{Write: 9, Point: BeforeSend}, []string{"secrets", "services", "events", "pods"}, nil, nil},
		"a survivor loses one answer and may go on":    {Fault{Write: 1, Point: AnswerLost, Survive: true}, []string{"secrets"}, io.ErrUnexpectedEOF, nil},
		"a survivor's request is cut before it leaves": {Fault{Write: 1, Point: BeforeSend, Survive: true}, nil, io.ErrUnexpectedEOF, nil},
	} {
		t.Run(name, func(t *testing.T) {
			server, life := newStore(t), NewLife(c.fault)
			client := server.client(t, life)
			if err := provision(client, server.URL); !errors.Is(err, c.err) {
				t.Errorf("the program got %v, want %v", err, c.err)
			}
			if _, err := client.Get(server.URL + "/readyz"); !errors.Is(err, c.then) {
				t.Errorf("afterwards it got %v, want %v", err, c.then)
			}
			if diff := cmp.Diff(c.kept, server.kept); diff != "" {
				t.Error(diff)
			}
			write, struck := life.Struck()
			if wantStruck := c.err != nil; struck != wantStruck || (struck && write != life.Writes()[c.fault.Write-1]) {
				t.Errorf("struck %v %q of %q", struck, write, life.Writes())
			}
		})
	}
}

func TestTheEndOfALifeEndsItsContextAndItsWatches(t *testing.T) {
	server, life := newStore(t), NewLife(Fault{})
	ctx := life.Context(t.Context())
	resp, err := server.client(t, life).Get(server.URL + "/api/v1/pods?watch=true")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	ended := make(chan error)
	go func() {
		_, err := io.ReadAll(resp.Body)
		ended <- err
	}()
	life.Kill()
	if err := <-ended; !errors.Is(err, ErrKilled) && !errors.Is(err, context.Canceled) {
		t.Errorf("the watch ended with %v", err)
	}
	<-ctx.Done()
	if !errors.Is(context.Cause(ctx), ErrKilled) {
		t.Errorf("the context ended with %v", context.Cause(ctx))
	}
	if err := life.Write("sql", func() error { t.Error("sent after the end"); return nil }); !errors.Is(err, ErrKilled) {
		t.Errorf("a write after the end: %v", err)
	}
}

func TestWatchesHeldBackDeliverOnRelease(t *testing.T) {
	server, life := newStore(t), NewLife(Fault{})
	resp, err := server.client(t, life).Get(server.URL + "/api/v1/pods?watch=true")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	release := life.HoldWatches()
	got := make(chan string, 1)
	go func() {
		line := make([]byte, 5)
		_, _ = io.ReadFull(resp.Body, line)
		got <- string(line)
	}()
	server.watch <- "added"
	select {
	case line := <-got:
		t.Errorf("%q arrived while watches were held", line)
	default:
	}
	release()
	if line := <-got; line != "added" {
		t.Errorf("got %q", line)
	}
}
