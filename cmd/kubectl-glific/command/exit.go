package command

import (
	"context"
	"errors"
	"fmt"
	"os/exec"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// Exit codes beside 0. Those of doctor are in its own file.
const (
	codeFailed  = 1
	codeNotYet  = 2
	codeStalled = 3
	// codeInterrupted is what shells say of Ctrl-C: 128 and the signal's number.
	codeInterrupted = 130
)

// exit ends the program with a code; what there is to say has been said.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// judged is nil for 0.
func judged(code int) error {
	if code == 0 {
		return nil
	}
	return exit(code)
}

// Run is the whole program: it returns the exit code.
func Run(ctx context.Context, args []string) int {
	log.SetLogger(logr.Discard()) // what libraries say is not for the caller
	s := newSession()
	root := Root(s)
	root.SetArgs(args)
	return s.code(ctx, root.ExecuteContext(ctx))
}

func (s *Session) code(ctx context.Context, err error) int {
	var said exit
	var ran *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &said):
		return int(said)
	case errors.As(err, &ran): // kubectl has said why
		return max(ran.ExitCode(), codeFailed)
	case ctx.Err() != nil:
		return codeInterrupted
	}
	s.tell("Error: %v", err)
	return codeFailed
}
