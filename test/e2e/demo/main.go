// Command demo shows the operator on a real node: three NGOs with running messaging
// servers, which answer through their own host names.
//
//	go run ./demo         # from test/e2e; needs root
//	KEEP=1 go run ./demo  # leaves the cluster running
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

var ngos = []string{"asha", "pratham", "sneha"}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx)
	if os.Getenv("KEEP") == "" {
		err = errors.Join(err, platform.Down(context.WithoutCancel(ctx), os.Stdout))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAILED:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	p, err := platform.Up(ctx, os.Stdout)
	if err != nil {
		return err
	}
	began := time.Now()
	fmt.Printf("--- three Organisations of one profile\n")
	for _, name := range ngos {
		if err := p.Organisation(ctx, name, nil); err != nil {
			return err
		}
	}
	fmt.Printf("%-10s %-18s %-16s %-9s %-20s %s\n", "NGO", "HOST", "RELEASE", "READY", "DATABASE", "AFTER")
	for _, name := range ngos {
		org, err := p.Await(ctx, name, v1alpha1.Ready, "True", 4*time.Minute)
		if err != nil {
			return err
		}
		fmt.Printf("%-10s %-18s %-16s %-9s %-20s %.0f s\n", name, org.Status.Host, org.Status.Release.Serving, "True", org.Status.Database.Name, time.Since(began).Seconds())
	}
	for _, proof := range []struct {
		title string
		do    func(context.Context, *platform.Platform) error
	}{
		{"each answers at its own host, over TLS", pages},
		{"websockets open for the NGO's own Origin, and for no other", sockets},
		{"a webhook message is stored, once", webhooks},
		{"the password that the seed publishes is refused", published},
		{"a console reaches the running node", console},
		{"a release travels: first a canary, then the rest", shipGood},
		{"a bad release halts at its canary, and the old one serves", shipBad},
	} {
		fmt.Println("--- proof:", proof.title)
		if err := proof.do(ctx, p); err != nil {
			return fmt.Errorf("%s: %w", proof.title, err)
		}
	}
	fmt.Println("--- all of it held")
	return nil
}

func pages(ctx context.Context, p *platform.Platform) error {
	for _, name := range ngos {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+platform.Host(name)+"/", nil)
		if err != nil {
			return err
		}
		answer, err := p.Gateway.Client(false).Do(request)
		if err != nil {
			return err
		}
		answer.Body.Close()
		fmt.Printf("GET https://%s/ answers %s\n", platform.Host(name), answer.Status)
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("https://%s/ answers %s", platform.Host(name), answer.Status)
		}
	}
	return nil
}

func sockets(ctx context.Context, p *platform.Platform) error {
	host := platform.Host("asha")
	conn, _, err := p.Gateway.Websocket(ctx, host, "/socket", "https://"+host)
	if err != nil {
		return err
	}
	conn.Close()
	foreign := "https://" + platform.Host("pratham")
	if conn, status, err := p.Gateway.Websocket(ctx, host, "/socket", foreign); err == nil {
		conn.Close()
		return fmt.Errorf("wss://%s/socket accepts the Origin %s", host, foreign)
	} else {
		fmt.Printf("wss://%s/socket opens for https://%s, and answers %d to %s\n", host, host, status, foreign)
	}
	return nil
}

func webhooks(ctx context.Context, p *platform.Platform) error {
	send := p.Webhook("asha")
	for range 2 {
		if err := send(ctx, "demo-1"); err != nil {
			return err
		}
	}
	org, err := p.Await(ctx, "asha", v1alpha1.Ready, "True", time.Minute)
	if err != nil {
		return err
	}
	count, err := p.SQL(ctx, org.Status.Database.Name, "SELECT count(*) FROM messages WHERE bsp_message_id = 'demo-1'")
	if err != nil {
		return err
	}
	fmt.Printf("sent twice, and stored %s time(s) in database %s\n", count, org.Status.Database.Name)
	if count != "1" {
		return fmt.Errorf("stored %s times", count)
	}
	return nil
}

func published(ctx context.Context, p *platform.Platform) error {
	for _, name := range ngos {
		status, err := p.Login(ctx, name, platform.PublishedPassword)
		if err != nil {
			return err
		}
		fmt.Printf("%s answers %d\n", platform.Host(name), status)
		if status != http.StatusUnauthorized {
			return fmt.Errorf("%s answers %d to the published password", name, status)
		}
	}
	return nil
}

func console(ctx context.Context, p *platform.Platform) error {
	said, err := p.RPC(ctx, "asha", "IO.puts(Standin.report())")
	if err != nil {
		return err
	}
	fmt.Println(said)
	return nil
}
