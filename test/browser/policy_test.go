package browser

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	arrowDown  = kb.ArrowDown
	arrowRight = kb.ArrowRight
)

func itoa(n int) string { return strconv.Itoa(n) }

func quoted(words string) string {
	text, _ := json.Marshal(words) // a string can always be written
	return string(text)
}

// flat is the text of the page on one line.
func (p tab) flat() string {
	return strings.Join(strings.Fields(evaluate[string](p, `document.body.innerText`)), " ")
}

// slash is pressed as a keyboard does it: the page takes the key, so that no character
// follows. KeyEvent would send the character all the same.
func (v *visit) slash() {
	v.t.Helper()
	v.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
			press := input.DispatchKeyEventParams{Type: kind, Key: "/", Code: "Slash", WindowsVirtualKeyCode: 191}
			if kind == input.DispatchKeyEventTypeKeyDown {
				press.Text = "/"
			}
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, press); err != nil {
				return err
			}
		}
		return nil
	}))
}

// strangers are requests to somewhere else, and breaches of the page's own policy.
var strangers struct {
	sync.Mutex
	seen []string
}

// watchPolicy notes every request that does not go to the page's own address.
func (v *visit) watchPolicy(address string) {
	own, err := url.Parse(address)
	must(v.t, err)
	must(v.t, chromedp.Listen(v.ctx, func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSent); ok && !strings.HasPrefix(sent.Request.URL, "http://"+own.Host+"/") && !strings.HasPrefix(sent.Request.URL, "data:") {
			strangers.Lock()
			defer strangers.Unlock()
			strangers.seen = append(strangers.seen, sent.Request.URL)
		}
	}))
	v.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{})
		return err
	}))
}

// alone: the whole visit asked nobody else, and broke no policy.
func (v *visit) alone() {
	strangers.Lock() // not for longer: what follows makes requests, which are noted, too
	seen := slices.Clone(strangers.seen)
	strangers.Unlock()
	for _, address := range seen {
		v.t.Errorf("the page asked %s", address)
	}
	if policy := evaluate[string](v.tab, `fetch("api/me").then((answer) => answer.headers.get("Content-Security-Policy"))`); !strings.Contains(policy, "default-src 'none'") {
		v.t.Errorf("the policy is %q", policy)
	}
	broken := evaluate[string](v.tab, `new Promise((done) => {
	  document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
	  document.body.append(Object.assign(document.createElement("img"), {src: "http://127.0.0.1:9/stranger.png"}));
	})`)
	if broken != "img-src" {
		v.t.Errorf("a picture from elsewhere breaks %q", broken)
	}
}
