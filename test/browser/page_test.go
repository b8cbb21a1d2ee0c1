// Package browser looks at the fleet page as people do: the plugin itself, a real API
// server with a thousand Organisations, and a real Chromium.
package browser

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

// fleetOf is the kubeconfig of a world with a thousand NGOs. Whoever works on the page
// keeps one: HOLD=1 go test -run Hold -v, and FLEET=<what it prints> for the others.
func fleetOf(t *testing.T) string {
	t.Helper()
	if held := os.Getenv("FLEET"); held != "" {
		return held
	}
	w := newWorld(t)
	kubeconfig, err := w.ControlPlane.Kubeconfig("admin", w.Config)
	must(t, err)
	return kubeconfig
}

func TestHold(t *testing.T) {
	if os.Getenv("HOLD") == "" {
		t.Skip("only for people who work on the page: HOLD=1")
	}
	t.Logf("FLEET=%s until this test is interrupted", fleetOf(t))
	<-t.Context().Done()
}

func TestTheFleetPage(t *testing.T) {
	browser := chromium(t)
	address := dashboard(t, plugin(t), fleetOf(t))
	p := tab{t, browser}
	p.size(1360, 900, false)
	p.do(chromedp.Navigate(address))
	p.until("the fleet", `document.querySelectorAll(".row").length > 1000`)
	p.shoot("fleet")
	for _, at := range []struct{ name, hash, there string }{
		{"ngo", "#/ngo/pratham", `document.querySelectorAll(".tree li").length > 8`},
		{"channel", "#/channel/stable", `document.querySelectorAll(".waves li").length === 3`},
		{"config", "#/ngo/asha", `document.querySelectorAll(".tree li").length > 8`},
	} {
		evaluate[string](p, `location.hash = "`+at.hash+`"`)
		p.until(at.name, at.there)
		if at.name == "config" {
			p.do(chromedp.Click(`#tab-settings`))
			p.until("keys", `document.querySelectorAll("table.keys tbody tr").length > 5`)
		}
		p.shoot(at.name)
		p.scheme("dark")
		p.shoot(at.name + "-dark")
		p.scheme("light")
		p.size(390, 844, true)
		p.shoot(at.name + "-phone")
		p.size(1360, 900, false)
	}
}
