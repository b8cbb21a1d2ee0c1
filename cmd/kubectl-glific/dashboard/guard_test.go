package dashboard

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const host = "127.0.0.1:8001"

// asks the guard as some browser would.
func asks(g *guard, method, target string, change func(*http.Request)) *http.Response {
	r := httptest.NewRequest(method, "http://"+host+target, nil)
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w.Result()
}

// admitted is a guard that let one browser in, and that browser's cookie.
func admitted(t *testing.T) (*guard, *http.Cookie) {
	t.Helper()
	g := newGuard(host, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "behind "+r.URL.Path) }))
	address, err := url.Parse(g.address())
	if err != nil {
		t.Fatal(err)
	}
	answer := asks(g, http.MethodGet, address.RequestURI(), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	if answer.StatusCode != http.StatusOK || len(answer.Cookies()) != 1 {
		t.Fatalf("the printed address does not open: %s", answer.Status)
	}
	return g, answer.Cookies()[0]
}

func TestTheAddressIsGoodOnce(t *testing.T) {
	g, cookie := admitted(t)
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || !strings.HasPrefix(cookie.Path, "/"+g.session) {
		t.Errorf("the cookie is too free: %+v", cookie)
	}
	for sentence, target := range map[string]string{"again": "/?token=" + cookie.Value, "no token": "/", "an empty one": "/?token="} {
		if answer := asks(g, http.MethodGet, target, nil); answer.StatusCode != http.StatusForbidden || len(answer.Cookies()) != 0 {
			t.Errorf("%s: %s", sentence, answer.Status)
		}
	}
}

func TestWhoIsLetIn(t *testing.T) {
	g, cookie := admitted(t)
	page := "/" + g.session + "/"
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	own, foreign := "http://"+host, "http://evil.example.org"
	for sentence, test := range map[string]struct {
		method, target string
		change         []func(*http.Request)
		want           int
	}{
		"the page itself":                         {http.MethodGet, page, nil, http.StatusOK},
		"the page's own request":                  {http.MethodGet, page + "api/fleet", []func(*http.Request){header("Sec-Fetch-Site", "same-origin")}, http.StatusOK},
		"typed by its person":                     {http.MethodGet, page, []func(*http.Request){header("Sec-Fetch-Site", "none")}, http.StatusOK},
		"a change by the page":                    {http.MethodPost, page, []func(*http.Request){header("Origin", own), header("Sec-Fetch-Site", "same-origin")}, http.StatusOK},
		"a change whose origin nobody tells":      {http.MethodPost, page, nil, http.StatusForbidden},
		"a change by another page":                {http.MethodPost, page, []func(*http.Request){header("Origin", foreign)}, http.StatusForbidden},
		"a change by a page on another port":      {http.MethodPost, page, []func(*http.Request){header("Origin", "http://127.0.0.1:9000"), header("Sec-Fetch-Site", "same-site")}, http.StatusForbidden},
		"a change by a page without an origin":    {http.MethodPost, page, []func(*http.Request){header("Origin", "null")}, http.StatusForbidden},
		"read by another page":                    {http.MethodGet, page + "api/fleet", []func(*http.Request){header("Sec-Fetch-Site", "cross-site")}, http.StatusForbidden},
		"read by a page on another port":          {http.MethodGet, page + "api/fleet", []func(*http.Request){header("Sec-Fetch-Site", "same-site")}, http.StatusForbidden},
		"a name that leads here (DNS rebinding)":  {http.MethodGet, page, []func(*http.Request){func(r *http.Request) { r.Host = "evil.example.org:8001" }}, http.StatusMisdirectedRequest},
		"localhost, which is another origin":      {http.MethodGet, page, []func(*http.Request){func(r *http.Request) { r.Host = "localhost:8001" }}, http.StatusMisdirectedRequest},
		"the cookie with a session that is wrong": {http.MethodGet, "/" + cookie.Value + "/", nil, http.StatusForbidden},
		"the session without the cookie":          {http.MethodGet, page, []func(*http.Request){func(r *http.Request) { r.Header.Del("Cookie") }}, http.StatusForbidden},
		"the session with another cookie":         {http.MethodGet, page, []func(*http.Request){header("Cookie", cookieName+"=guessed")}, http.StatusForbidden},
	} {
		answer := asks(g, test.method, test.target, func(r *http.Request) {
			r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
			for _, change := range test.change {
				change(r)
			}
		})
		if answer.StatusCode != test.want {
			t.Errorf("%s: %s, want %d", sentence, answer.Status, test.want)
		}
		if !strings.Contains(answer.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: no policy", sentence)
		}
	}
}

func TestThePathBehindTheGuardHasNoSession(t *testing.T) {
	g, cookie := admitted(t)
	answer := asks(g, http.MethodGet, cookie.Path+"style.css", func(r *http.Request) { r.AddCookie(cookie) })
	if text, _ := io.ReadAll(answer.Body); string(text) != "behind /style.css" {
		t.Errorf("%s", text)
	}
}

func TestNothingIsLoadedFromElsewhere(t *testing.T) {
	files, err := assets.ReadDir("assets")
	if err != nil || len(files) < 8 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		text, err := assets.ReadFile("assets/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"http://", "https://", "innerHTML", "insertAdjacentHTML", "eval(", "style=\""} {
			rest := strings.ReplaceAll(string(text), "http://www.w3.org/2000/svg", "")
			rest = strings.ReplaceAll(rest, "`https://${row.host}`", "") // the NGO's own site
			if strings.Contains(rest, bad) {
				t.Errorf("%s has %s", file.Name(), bad)
			}
		}
	}
}
