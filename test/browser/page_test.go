// Package browser looks at the fleet page as people do: the plugin itself, a real API
// server with a thousand Organisations, and a real Chromium.
package browser

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/go-logr/logr"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/controllers"
	"github.com/glific/organisation-operator/internal/testkit/lane"
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

// visit is one person at the page, and the cluster behind it.
type visit struct {
	tab
	cluster client.Client
	axe     string
}

// TestTheFleetPage is one visit; its parts follow each other.
func TestTheFleetPage(t *testing.T) {
	browser, source := chromium(t), axe(t)
	kubeconfig := fleetOf(t)
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	must(t, err)
	cluster, err := client.New(config, client.Options{Scheme: controllers.Scheme()})
	must(t, err)
	address := dashboard(t, plugin(t), kubeconfig)
	v := &visit{tab{t, browser}, cluster, source}
	v.watchPolicy(address)
	v.size(1360, 900, false)
	v.do(chromedp.Navigate(address))
	v.until("the fleet", rows(fleetSize))
	for _, part := range []struct {
		name string
		see  func()
	}{
		{"first paint", v.firstPaint}, {"search", v.searches}, {"filter and sort", v.filters}, {"accessibility", v.judged}, {"keyboard only", v.walks}, {"live", v.lives},
		{"one NGO", v.organisation}, {"a channel", v.channel}, {"configuration", v.configures}, {"declared in Git", v.inGit}, {"nothing from elsewhere", v.alone},
	} {
		t.Run(part.name, func(t *testing.T) {
			v.t = t
			part.see()
		})
	}
}

// rows is the condition that so many NGOs are shown.
func rows(n int) string {
	return `document.querySelectorAll("[role=table] .row:not(.titles)").length === ` + itoa(n)
}

// go to a place of the page and wait for it.
func (v *visit) open(hash, what, condition string) {
	v.t.Helper()
	evaluate[string](v.tab, `location.hash = "`+hash+`"`)
	v.until(what, condition)
}

// shown looks at what is shown in light and dark, on a desk and on a phone: axe-core
// finds nothing, nothing is wider than the window, and pictures are taken.
func (v *visit) shown(name string) {
	v.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		v.scheme(scheme)
		v.accessible(name+", "+scheme, v.axe)
		v.shoot(name + "-" + scheme)
	}
	v.scheme("light")
	v.size(390, 844, true)
	v.accessible(name+", phone", v.axe)
	if wide := evaluate[int](v.tab, `document.documentElement.scrollWidth`); wide > 390 {
		v.t.Errorf("%s: on a phone the page is %d pixels wide", name, wide)
	}
	v.shoot(name + "-phone")
	v.size(1360, 900, false)
}

func (v *visit) firstPaint() {
	type paint struct{ First, Rows float64 }
	got := evaluate[paint](v.tab, `({First: performance.getEntriesByName("first-contentful-paint")[0].startTime, Rows: performance.now()})`)
	v.t.Logf("first paint after %.0f ms; all rows were there at the latest after %.0f ms", got.First, got.Rows)
	if title := evaluate[string](v.tab, `document.querySelector("h1").textContent`); title != "1,000 NGOs" {
		v.t.Errorf("the title is %q", title)
	}
	var list v1alpha1.OrganisationList
	must(v.t, v.cluster.List(v.t.Context(), &list))
	stalled := 0
	for _, org := range list.Items {
		for _, c := range org.Status.Conditions {
			if c.Type == v1alpha1.Stalled && c.Status == "True" {
				stalled++
			}
		}
	}
	if chip := evaluate[string](v.tab, `document.querySelector('[data-key="state Stalled"] b').textContent`); chip != itoa(stalled) || stalled == 0 {
		v.t.Errorf("%d are stalled, the page says %s", stalled, chip)
	}
	v.shoot("fleet-light")
	v.scheme("dark")
	v.shoot("fleet-dark")
	v.scheme("light")
	v.size(390, 844, true)
	v.shoot("fleet-phone")
	v.size(1360, 900, false)
}

// judged: axe-core looks at a part of the list, whose rows are all alike; it takes
// minutes over a thousand of them.
func (v *visit) judged() {
	v.open("#/?q=asha", "a part of the fleet", `document.querySelectorAll(".row:not(.titles)").length < 60`)
	v.shown("part")
	v.open("#/", "the fleet", rows(fleetSize))
}

// timing of one change of what is shown, from the key to the next frame that has it.
const timing = `new Promise((done) => {
  const search = document.querySelector("#search"), began = performance.now();
  search.value = %q; search.dispatchEvent(new Event("input"));
  const script = performance.now() - began;
  requestAnimationFrame(() => setTimeout(() => done({Script: script, Frame: performance.now() - began})));
})`

func (v *visit) searches() {
	type took struct{ Script, Frame float64 }
	for _, words := range []string{"a", "as", "asha", "asha trust", "RolledBack", "nothing is called so", ""} {
		got := evaluate[took](v.tab, strings.Replace(timing, "%q", quoted(words), 1))
		v.t.Logf("search %-22q script %5.1f ms, painted after %5.1f ms, %s", words, got.Script, got.Frame, evaluate[string](v.tab, `document.querySelector(".found").textContent`))
	}
	v.until("everything again", rows(fleetSize))
	v.slash()
	v.do(chromedp.KeyEvent("literacy pratham"))
	v.until("one NGO", rows(1))
	if found := evaluate[string](v.tab, `document.querySelector(".found").textContent`); found != "1 of 1,000 NGOs" {
		v.t.Errorf("screen readers are told %q", found)
	}
	if hash := evaluate[string](v.tab, `location.hash`); hash != "#/?q=literacy+pratham" {
		v.t.Errorf("the address is %q", hash)
	}
	v.do(chromedp.Reload())
	v.until("the same after a reload", rows(1))
	v.do(chromedp.Focus("#search"), chromedp.KeyEvent("\x1b"))
	v.until("everything again", rows(fleetSize))
	v.do(chromedp.KeyEvent("no such ngo"))
	v.until("none, and a way back", `document.querySelector(".none button")`)
	v.do(chromedp.Click(".none button"))
	v.until("everything again", rows(fleetSize))
}

func (v *visit) filters() {
	all := func(is string) string {
		return `[...document.querySelectorAll(".row:not(.titles)")].every((row) => ` + is + `) && document.querySelectorAll(".row:not(.titles)").length`
	}
	v.do(chromedp.Click(`[data-key="state Suspended"]`))
	v.until("only suspended ones", all(`row.textContent.includes("Suspended")`))
	v.do(chromedp.Click(`[data-key="state Suspended"]`))
	v.until("everything again", rows(fleetSize))
	evaluate[bool](v.tab, `(() => { const s = document.querySelector('[data-key="choice wave"]'); s.value = "canary"; return s.dispatchEvent(new Event("change")); })()`)
	v.until("only canaries", all(`row.querySelector(".wave").textContent.startsWith("canary")`))
	v.open("#/", "everything again", rows(fleetSize))
	v.do(chromedp.Click(`[data-key="need"]`))
	v.until("only those who need a person", all(`row.dataset.mark === "bad"`))
	v.do(chromedp.Click(`[data-key="need"]`))
	v.do(chromedp.Click(`[data-key="sort name"]`))
	v.until("by name", `document.querySelector(".row:not(.titles) a.name").textContent < "aa"+"rb" && document.querySelector("[aria-sort=ascending].name")`)
	v.do(chromedp.Click(`[data-key="sort name"]`))
	v.until("by name, backwards", `document.querySelector(".row:not(.titles) a.name").textContent > "y" && document.querySelector("[aria-sort=descending].name")`)
	v.open("#/", "everything again", rows(fleetSize))
}

// walks: no mouse.
func (v *visit) walks() {
	focus := `document.activeElement`
	v.do(chromedp.Reload())
	v.until("the fleet", rows(fleetSize))
	v.do(chromedp.KeyEvent("\t"))
	v.until("the first stop is the way past the header", focus+`.className === "skip"`)
	v.slash()
	v.until("the search", focus+`.id === "search"`)
	v.do(chromedp.KeyEvent("asha"), chromedp.KeyEvent(arrowDown))
	v.until("the first NGO", focus+`.matches("a.name") && `+focus+`.closest(".row") === document.querySelector(".row:not(.titles)")`)
	v.do(chromedp.KeyEvent(arrowDown))
	v.until("the second", focus+`.closest(".row") === document.querySelectorAll(".row:not(.titles)")[1]`)
	name := evaluate[string](v.tab, focus+`.textContent`)
	v.do(chromedp.KeyEvent("\r"))
	v.until("its page, and the focus on its title", `location.hash === "#/ngo/`+name+`" && `+focus+`.tagName === "H1"`)
	v.until("its conditions", `document.querySelectorAll(".tree > li").length > 5`)
	v.do(chromedp.KeyEvent("\x1b"))
	v.until("back in the list, at the same place", focus+`.matches("a.name") && `+focus+`.textContent === "`+name+`"`)
	if shown := evaluate[string](v.tab, `document.querySelector("#search").value`); shown != "asha" {
		v.t.Errorf("the search was forgotten: %q", shown)
	}
	v.open("#/ngo/asha", "the tabs", `document.querySelector("#tab-overview")`)
	v.do(chromedp.Focus("#tab-overview"), chromedp.KeyEvent(arrowRight))
	v.until("the configuration by arrow key", focus+`.id === "tab-settings" && document.querySelectorAll("table.keys tbody tr").length`)
	v.open("#/", "the fleet", rows(fleetSize))
}

// lives: what happens in the cluster is seen at once.
func (v *visit) lives() {
	cell := `[...document.querySelectorAll("a.name")].find((a) => a.textContent === "asha")?.closest(".row")`
	asha := &v1alpha1.Organisation{}
	must(v.t, v.cluster.Get(v.t.Context(), client.ObjectKey{Name: "asha"}, asha))
	before := asha.DeepCopy()
	asha.Annotations[v1alpha1.AnnotationHold] = "looking"
	must(v.t, v.cluster.Patch(v.t.Context(), asha, client.MergeFrom(before)))
	v.until("asha is held", cell+`?.textContent.includes("Serving, held")`)
	before = asha.DeepCopy()
	delete(asha.Annotations, v1alpha1.AnnotationHold)
	must(v.t, v.cluster.Patch(v.t.Context(), asha, client.MergeFrom(before)))
	v.until("asha is released", `!`+cell+`?.textContent.includes("held")`)

	script := lane.Organisation("evil")
	script.Spec.DisplayName = `<img src=x onerror="document.title='stolen'">`
	must(v.t, v.cluster.Create(v.t.Context(), script))
	v.until("a new NGO, whose name is text", `[...document.querySelectorAll(".row small")].some((s) => s.textContent.startsWith("<img"))`)
	must(v.t, v.cluster.Delete(v.t.Context(), script))
	v.until("it is gone", rows(fleetSize))
	if title := evaluate[string](v.tab, `document.title`); strings.Contains(title, "stolen") {
		v.t.Error("a name was run as a script")
	}
}

func (v *visit) organisation() {
	v.open("#/ngo/pratham", "its conditions", `document.querySelectorAll(".tree > li").length > 8`)
	for _, words := range []string{"Next step: what served before serves", "kubectl glific retry pratham", "Update to glific-8.10.2: RolledBack"} {
		if !strings.Contains(v.flat(), words) {
			v.t.Errorf("%q is not said:\n%s", words, v.flat())
		}
	}
	v.shown("ngo")
	v.open("#/ngo/nobody", "that it does not exist", `document.querySelector(".banner")?.textContent.includes("does not exist")`)
}

func (v *visit) channel() {
	v.open("#/channel/stable", "its waves", `document.querySelectorAll(".waves li").length === 3`)
	channel := &v1alpha1.ReleaseChannel{}
	must(v.t, v.cluster.Get(v.t.Context(), client.ObjectKey{Name: "stable"}, channel))
	sum := evaluate[int](v.tab, `[...document.querySelectorAll(".waves .legend span[data-part=current] b")].reduce((sum, b) => sum + Number(b.textContent), 0)`)
	if int32(sum) != channel.Status.Counts.Current { //nolint:gosec // a thousand
		v.t.Errorf("the waves have %d that are current, the channel %d", sum, channel.Status.Counts.Current)
	}
	v.shown("channel")
	v.do(chromedp.Click(`[data-key="wave early"]`))
	v.until("the NGOs of a wave", `location.hash.includes("wave=early") && [...document.querySelectorAll(".row:not(.titles) .wave")].every((w) => w.textContent.startsWith("early"))`)
}

func (v *visit) settings(name string) {
	v.t.Helper()
	v.open("#/ngo/"+name, name, `document.querySelector("h1")?.textContent === "`+name+`" && document.querySelector("#tab-settings")`)
	v.do(chromedp.Click("#tab-settings"))
	v.until("its variables", `document.querySelectorAll("table.keys tbody tr").length > 5`)
}

func (v *visit) configures() {
	v.settings("asha")
	v.do(chromedp.SendKeys("#config-key", "API_TOKEN"), chromedp.SendKeys("#config-value", "x\r"))
	v.until("that it sounds like a secret", `document.querySelector(".answer").textContent.includes("sounds like a secret") && !document.querySelector(".confirm").hidden`)
	evaluate[bool](v.tab, `document.querySelector(".editor").reset() || true`)
	v.do(chromedp.SendKeys("#config-key", "GCS_FILE_COUNT"), chromedp.SendKeys("#config-value", "10\r"))
	own := `document.querySelector('[data-key="remove GCS_FILE_COUNT"]')`
	v.until("the new variable", `document.querySelector(".answer").textContent.includes("GCS_FILE_COUNT set") && `+own)
	asha := &v1alpha1.Organisation{}
	must(v.t, v.cluster.Get(v.t.Context(), client.ObjectKey{Name: "asha"}, asha))
	if env := asha.Spec.Messaging.Env; len(env) != 1 || env[0].Name != "GCS_FILE_COUNT" || *env[0].Value != "10" {
		v.t.Errorf("declared is %+v", env)
	}
	v.shown("config")
	v.do(chromedp.Click(`[data-key="remove GCS_FILE_COUNT"]`))
	v.until("a question", `document.querySelector("dialog[open]") && document.activeElement.value === "cancel"`)
	v.accessible("the question", v.axe)
	v.do(chromedp.Click(`dialog button[value=remove]`))
	v.until("it is gone", `!`+own)
	v.do(chromedp.Click("#tab-overview"))
	v.until("an Event says who", `document.querySelector(".events")?.textContent.includes("GCS_FILE_COUNT unset by admin")`)
}

func (v *visit) inGit() {
	v.settings("saksham")
	v.do(chromedp.SendKeys("#config-key", "GCS_FILE_COUNT"), chromedp.SendKeys("#config-value", "10\r"))
	v.until("what to commit", `document.querySelector(".answer pre")?.textContent === "spec:\n  messaging:\n    env:\n    - name: GCS_FILE_COUNT\n      value: \"10\"\n"`)
	v.shown("git")
	org := &v1alpha1.Organisation{}
	must(v.t, v.cluster.Get(v.t.Context(), client.ObjectKey{Name: "saksham"}, org))
	if org.Spec.Messaging != nil {
		v.t.Errorf("it was written although Git declares it: %+v", org.Spec.Messaging)
	}
}
