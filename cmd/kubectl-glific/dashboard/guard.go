package dashboard

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// guard lets one browser in, and nobody else: neither another person of this machine nor
// a page from elsewhere that is open in the same browser.
//
// The address that is printed holds a token which is good once and becomes a cookie. The
// cookie is sent only below a path that nobody can guess, since browsers send cookies of
// 127.0.0.1 to every port of it.
type guard struct {
	host    string
	session string // path segment
	cookie  string
	next    http.Handler

	mu    sync.Mutex
	token string // "" once it was used
}

func newGuard(host string, next http.Handler) *guard {
	g := &guard{host: host, session: rand.Text(), cookie: rand.Text(), token: rand.Text()}
	g.next = http.StripPrefix("/"+g.session, next)
	return g
}

// address opens the page, once.
func (g *guard) address() string { return fmt.Sprintf("http://%s/?token=%s", g.host, g.token) }

const cookieName = "glific-dashboard"

// policy: everything comes from here, and nothing is made into code.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	switch {
	case r.Host != g.host: // a name that was made to lead here (DNS rebinding)
		refuse(w, http.StatusMisdirectedRequest, "This page is served at http://"+g.host+" only.")
	case r.URL.Path == "/" && r.Method == http.MethodGet:
		g.admit(w, r)
	case !g.sameOrigin(r):
		refuse(w, http.StatusForbidden, "Only the page itself may ask here.")
	case !g.known(r):
		refuse(w, http.StatusForbidden, "Open the address that kubectl glific dashboard printed; it is good once. Run the command again for another.")
	default:
		g.next.ServeHTTP(w, r)
	}
}

// admit turns the token into the cookie. The browser goes on by itself, not by a
// redirect: after a redirect from another site it would not send a SameSite=Strict cookie.
func (g *guard) admit(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	given := r.URL.Query().Get("token")
	good := g.token != "" && subtle.ConstantTimeCompare([]byte(given), []byte(g.token)) == 1
	if good {
		g.token = ""
	}
	g.mu.Unlock()
	if !good {
		refuse(w, http.StatusForbidden, "This address was used already, or is not whole. Run kubectl glific dashboard again for another.")
		return
	}
	path := "/" + g.session + "/"
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: g.cookie, Path: path, HttpOnly: true, SameSite: http.SameSiteStrictMode}) //nolint:gosec // 127.0.0.1 has no TLS
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!doctype html><meta charset=utf-8><title>NGOs</title><meta http-equiv=refresh content=\"0;url=%s\"><a href=%q>Go on</a>\n", path, path)
}

// known tells whether the request is of the browser that was let in.
func (g *guard) known(r *http.Request) bool {
	cookie, err := r.Cookie(cookieName)
	return err == nil && strings.HasPrefix(r.URL.Path, "/"+g.session+"/") &&
		subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(g.cookie)) == 1
}

// sameOrigin refuses what another page asks for, and every change whose origin is not
// told (Fetch Metadata; RFC 6454).
func (g *guard) sameOrigin(r *http.Request) bool {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	if origin != "" && origin != "http://"+g.host {
		return false
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return origin != "" && (site == "" || site == "same-origin")
	}
	return site == "" || site == "same-origin" || site == "none"
}

func refuse(w http.ResponseWriter, code int, words string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	fmt.Fprintln(w, words)
}
