// Command echo is what the tests run in Pods: a server that says who it is and what
// it was asked, and a client for use with kubectl exec.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == "get" {
		return get(args[1])
	}
	if len(args) == 2 && args[0] == "cat" {
		content, err := os.ReadFile(args[1])
		fmt.Print(string(content))
		return err
	}
	return serve()
}

func get(url string) error {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(os.Stdout, resp.Body)
	return err
}

func serve() error {
	server := &http.Server{Addr: ":8080", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.Printf("asked for %s by %s", r.URL.Path, r.RemoteAddr)
		host, _ := os.Hostname()
		fmt.Fprintf(w, "pod=%s version=%s host=%s proto=%s forwarded=%s\n", host, os.Getenv("VERSION"), r.Host,
			r.Header.Get("X-Forwarded-Proto"), r.Header.Get("X-Forwarded-For"))
	})}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		_ = server.Shutdown(context.Background())
	}()
	log.Print("serving")
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}
