// kubectl-glific is the kubectl plugin for the people who run NGOs: `kubectl glific`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	_ "k8s.io/client-go/plugin/pkg/client/auth" // the clouds' own ways to log in

	"github.com/glific/organisation-operator/cmd/kubectl-glific/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := command.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
