// Command images builds the images that the demo and the tests on a real node run,
// without a container engine: Go programs and Debian packages become archives in OCI
// layout, the same bytes for the same input.
//
//	go run . build --out DIR [NAME…]   # all of them without a name
//	go run . push --out DIR PREFIX     # to a registry, as in registry.example.org/demo
//	go run . vary --out DIR BASE TO TAG # TO/TAG.tar: DIR/BASE.tar with files changed, as JSON on stdin says
//	go run . list
//
// build writes DIR/NAME.tar, and DIR/images.json with the reference of each by digest.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "images:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: images build --out DIR [NAME…] | images push --out DIR PREFIX | images vary --out DIR BASE TO TAG | images list")

func run(ctx context.Context, arguments []string) error {
	switch {
	case len(arguments) == 1 && arguments[0] == "list":
		fmt.Println(strings.Join(names(), "\n"))
		return nil
	case len(arguments) > 0 && slices.Contains([]string{"build", "push", "vary"}, arguments[0]):
		flags := flag.NewFlagSet(arguments[0], flag.ContinueOnError)
		out := flags.String("out", "", "folder for the archives")
		if err := flags.Parse(arguments[1:]); err != nil {
			return err
		}
		if *out == "" {
			return errUsage
		}
		switch arguments[0] {
		case "build":
			return buildAll(ctx, *out, flags.Args())
		case "vary":
			return varyFrom(os.Stdin, *out, flags.Args())
		}
		return pushAll(ctx, *out, flags.Args())
	}
	return errUsage
}

func buildAll(ctx context.Context, out string, wanted []string) error {
	if len(wanted) == 0 {
		wanted = names()
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	unlock, err := lock(out)
	if err != nil {
		return fmt.Errorf("locking %s: %w", out, err)
	}
	defer unlock() //nolint:errcheck // the process ends anyway
	for _, name := range wanted {
		if !slices.Contains(names(), name) {
			return fmt.Errorf("there is no image %s; there are %s", name, strings.Join(names(), ", "))
		}
		reference, err := build(ctx, out, name)
		if err != nil {
			return fmt.Errorf("building image %s: %w", name, err)
		}
		fmt.Println(reference)
	}
	return nil
}

// pushAll prints where each image is now, as JSON.
func pushAll(ctx context.Context, out string, prefixes []string) error {
	if len(prefixes) != 1 {
		return errUsage
	}
	pushed, err := push(ctx, out, prefixes[0])
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(pushed)
}
