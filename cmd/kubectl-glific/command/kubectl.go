package command

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"github.com/spf13/pflag"
)

// runKubectl runs kubectl with the flags that choose cluster and user, on the session's
// streams. What it runs is told first, so that it can be repeated by hand.
func (s *Session) runKubectl(ctx context.Context, args ...string) error {
	args = append(args[:1:1], append(s.passed(), args[1:]...)...)
	s.tell("+ kubectl %s", quoted(args))
	cmd := exec.CommandContext(ctx, "kubectl", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.In, s.Out, s.ErrOut
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running kubectl %s: %w", args[0], err)
	}
	return nil
}

// passed are the flags of kubectl that were given, but the namespace: each NGO has its
// own.
func (s *Session) passed() []string {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	s.Flags.AddFlags(flags)
	var args []string
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Name != "namespace" && f.Value.String() != f.DefValue {
			args = append(args, "--"+f.Name+"="+f.Value.String())
		}
	})
	return args
}

// quoted is a command line that a POSIX shell reads back as these words.
func quoted(words []string) string {
	line := make([]string, 0, len(words))
	for _, word := range words {
		if word == "" || strings.ContainsAny(word, " \t\n'\"\\$`*?[]{}()<>|&;#~!") {
			word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
		line = append(line, word)
	}
	return strings.Join(line, " ")
}
