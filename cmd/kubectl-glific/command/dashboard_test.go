package command

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/dashboard"
)

// browser is one that was let in.
type browser struct {
	t    *testing.T
	page *url.URL
	http *http.Client
	// opened is what the person's browser was started with.
	opened string
	end    func() int
}

// opens serves the page for a person and lets a browser in.
func (p *person) opens(t *testing.T) *browser {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	read, write := io.Pipe()
	b := &browser{t: t}
	s := newSession()
	s.Out, s.ErrOut, s.Environ = write, io.Discard, func(string) string { return "" }
	s.Browse = func(_ context.Context, what string) error {
		text, err := os.ReadFile(what)
		b.opened = string(text)
		return err
	}
	root, ended := Root(s), make(chan int, 1)
	root.SetArgs([]string{"--kubeconfig", p.kubeconfig, "dashboard"})
	go func() { ended <- s.code(ctx, root.ExecuteContext(ctx)); write.Close() }()
	b.end = func() int { end(); return <-ended }
	address, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("no address is printed, exit code %d", <-ended)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b.http = &http.Client{Jar: jar}
	answer, err := b.http.Get(strings.TrimSpace(address))
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("the address does not open: %v %v", answer, err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	_, path, _ := strings.Cut(string(text), "url=")
	path, _, _ = strings.Cut(path, `"`)
	if b.page, err = answer.Request.URL.Parse(path); err != nil {
		t.Fatal(err)
	}
	b.page.RawQuery = ""
	return b
}

// ask for something of the page; with a body it is a change by the page itself.
func (b *browser) ask(path string, body string, into any) int {
	b.t.Helper()
	method, reader := http.MethodGet, io.Reader(nil)
	if body != "" {
		method, reader = http.MethodPost, strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.page.JoinPath(path).String(), reader)
	if err != nil {
		b.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Origin", "http://"+b.page.Host)
	}
	answer, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		b.t.Fatalf("%s %s: %s: %v", method, path, answer.Status, err)
	}
	return answer.StatusCode
}

// first event of a stream for which is says so.
func first[T any](b *browser, path string, is func(T) bool) T {
	b.t.Helper()
	answer, err := b.http.Get(b.page.JoinPath(path).String())
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	for lines := bufio.NewReader(answer.Body); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			b.t.Fatalf("%s: the stream ended: %v", path, err)
		}
		var value T
		if data, ok := strings.CutPrefix(line, "data: "); ok && json.Unmarshal([]byte(data), &value) == nil && is(value) {
			return value
		}
	}
}

type answered struct{ Done, Warning, Commit, Owner, Error string }

// dashboards: the page shows what its person may see, and changes what they may change.
func (w *clusterWorld) dashboards(t *testing.T) {
	b := w.admin.opens(t)
	if !strings.Contains(b.opened, "url=http://"+b.page.Host+"/?token=") {
		t.Errorf("the browser is started with %q", b.opened)
	}
	first(b, "api/fleet", func(n dashboard.News) bool { return n.Loaded && len(n.Rows) == 2 })
	view := first(b, "api/organisations/asha", func(dashboard.View) bool { return true })
	if view.Row.State != "Serving" || len(view.Tree.Children) < 9 || len(view.Conditions) < 9 || len(view.Events) == 0 {
		t.Errorf("%+v", view)
	}

	var config dashboard.Config
	if code := b.ask("api/organisations/asha/config", "", &config); code != http.StatusOK || !config.Editable || len(config.Keys) < 10 {
		t.Errorf("%d %+v", code, config)
	}
	for _, key := range config.Keys {
		if (key.Name == "STRIPE_API_KEY" || key.Name == "DATABASE_URL") && (key.Value != "" || !key.Hidden) {
			t.Errorf("a secret is shown: %+v", key)
		}
	}
	var got answered
	if code := b.ask("api/organisations/asha/config", `{"set":{"GREETING":"namaste"}}`, &got); code != http.StatusOK || !strings.Contains(got.Done, "GREETING set") || got.Warning != "" {
		t.Errorf("%d %+v", code, got)
	}
	if env := w.org(t, "asha").Spec.Messaging.Env; len(env) != 1 || env[0].Name != "GREETING" {
		t.Errorf("declared is %+v", env)
	}
	if code := b.ask("api/organisations/asha/config", `{"unset":["GREETING"]}`, &got); code != http.StatusOK || !strings.Contains(w.events(t), "asha ConfigRequested: GREETING unset by ") {
		t.Errorf("%d %+v\n%s", code, got, w.events(t))
	}
	for body, want := range map[string]int{
		`{"set":{"API_TOKEN":"x"}}`: http.StatusUnprocessableEntity, `{"set":{"POOL_SIZE":"x"}}`: http.StatusUnprocessableEntity,
		`{"spec":{}}`: http.StatusBadRequest, `{}`: http.StatusOK,
	} {
		if code := b.ask("api/organisations/asha/config", body, &got); code != want {
			t.Errorf("%s: %d, want %d", body, code, want)
		}
	}
	got = answered{}
	if code := b.ask("api/organisations/pratham/config", `{"set":{"B":"2"}}`, &got); code != http.StatusOK || !strings.Contains(got.Commit, "name: B") || !strings.Contains(got.Owner, "Flux") {
		t.Errorf("%d %+v", code, got)
	}
	if code := b.ask("api/organisations/nobody/config", "", &got); code != http.StatusNotFound {
		t.Errorf("nobody: %d", code)
	}
	if code := b.end(); code != 0 {
		t.Errorf("Ctrl-C: exit code %d", code)
	}
	w.settle(t)
}

// viewers see, and may not change: neither by the page's form nor without it.
func (w *clusterWorld) viewers(t *testing.T) {
	w.bind(t, "lata", "organisation-viewer")
	lata := newPerson(t, w.Lane, "lata", w.ControlPlane.ConfigFor("lata"))
	b := lata.opens(t)
	defer b.end()
	first(b, "api/fleet", func(n dashboard.News) bool { return n.Loaded && len(n.Rows) == 2 })
	var config dashboard.Config
	if code := b.ask("api/organisations/asha/config", "", &config); code != http.StatusOK || config.Editable || !strings.Contains(config.Why, "organisation-editor") || len(config.Unread) == 0 {
		t.Errorf("%d %+v", code, config)
	}
	var got answered
	if code := b.ask("api/organisations/asha/config", `{"set":{"GREETING":"namaste"}}`, &got); code != http.StatusForbidden || !strings.Contains(got.Error, "organisation-editor") {
		t.Errorf("%d %+v", code, got)
	}
	stranger := newPerson(t, w.Lane, "stranger", w.ControlPlane.ConfigFor("stranger"))
	stranger.run("dashboard", "--no-browser").expect(t, 1, "listing Organisations")
	w.admin.run("dashboard", "--no-browser", "--port", "99999").expect(t, 1, "choose another --port")
}
