package browser

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// chromium is a browser that was found, or the test is skipped, and says so loudly.
func chromium(t *testing.T) context.Context {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	if program == "" {
		const words = "SKIPPED: no Chromium on PATH, so the fleet page was not looked at in a browser; apt-get install chromium"
		if os.Getenv("BROWSER") == "required" {
			t.Fatal(words)
		}
		t.Skip(words)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute))
	allocator, end := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(end)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting %s: %v", program, err)
	}
	return ctx
}

// plugin is the program itself, built once.
func plugin(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "kubectl-glific")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/kubectl-glific")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the plugin: %v\n%s", err, out)
	}
	return program
}

// dashboard starts the program and returns the address that it prints.
func dashboard(t *testing.T, program, kubeconfig string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, "dashboard", "--no-browser", "--kubeconfig", kubeconfig)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no address was printed: %v\n%s", err, errs.String())
	}
	return strings.TrimSpace(address)
}

// tab is one window of the browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// patience is how long anything on the page may take before the test gives up.
const patience = time.Minute

func (p tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, end := context.WithTimeout(p.ctx, patience)
	defer end()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%v\nthe page shows:\n%s", err, p.text())
	}
}

// evaluate JavaScript, and read what it is worth; promises are waited for.
func evaluate[T any](p tab, script string) T {
	p.t.Helper()
	ctx, end := context.WithTimeout(p.ctx, patience)
	defer end()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v\nthe page shows:\n%s", script, err, p.text())
	}
	return value
}

func (p tab) text() string {
	ctx, end := context.WithTimeout(p.ctx, 5*time.Second)
	defer end()
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body ? document.body.innerText.slice(0, 3000) : ""`))
	return text
}

// until waits, frame by frame, for a condition in JavaScript.
func (p tab) until(what, condition string) {
	p.t.Helper()
	ctx, end := context.WithTimeout(p.ctx, patience)
	defer end()
	script := "new Promise((done) => { const look = () => ((" + condition + ") ? done(true) : requestAnimationFrame(look)); look(); })"
	for {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
		switch {
		case err == nil:
			return
		case ctx.Err() == nil && strings.Contains(err.Error(), "navigated"): // another page came meanwhile
			continue
		}
		p.t.Fatalf("%s: %v\nthe page shows:\n%s", what, err, p.text())
	}
}

// size of the window, in CSS pixels.
func (p tab) size(width, height int64, phone bool) {
	p.t.Helper()
	options := []chromedp.EmulateViewportOption{}
	if phone {
		options = append(options, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	p.do(chromedp.EmulateViewport(width, height, options...))
}

// scheme is dark or light, as the person's system asks for.
func (p tab) scheme(name string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return err
	}))
}

// shoot writes a picture into the folder that SCREENSHOTS names.
func (p tab) shoot(name string) {
	p.t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	ctx, end := context.WithTimeout(p.ctx, patience)
	defer end()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	must(p.t, err)
	must(p.t, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644)) //nolint:gosec // a picture
}
