package command

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

// Kubectl runs kubectl on the session's streams. What it runs is told first, so that it
// can be repeated by hand.
func (s *Session) Kubectl(ctx context.Context, args ...string) error {
	s.tell("+ kubectl %s", quoted(s.withFlags(args)))
	return s.ask(ctx, args...)
}

// ask is Kubectl without a word.
func (s *Session) ask(ctx context.Context, args ...string) error {
	if err := s.Program(ctx, s.IOStreams, s.withFlags(args)); err != nil {
		return fmt.Errorf("running kubectl %s: %w", args[0], err)
	}
	return nil
}

// withFlags adds the flags that choose cluster and user behind kubectl's own verb.
func (s *Session) withFlags(args []string) []string {
	return slices.Concat(args[:1], s.passed(), args[1:])
}

// runKubectl runs the kubectl that is found first, which runs this plugin, too.
func runKubectl(ctx context.Context, streams genericiooptions.IOStreams, args []string) error {
	cmd := exec.CommandContext(ctx, "kubectl", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = streams.In, streams.Out, streams.ErrOut
	return cmd.Run()
}

// passed are the flags of kubectl that were given, but the namespace: each NGO has its
// own.
func (s *Session) passed() []string {
	var args []string
	s.given.VisitAll(func(f *pflag.Flag) {
		if !f.Changed || slices.Contains([]string{"namespace", operatorNamespaceFlag}, f.Name) {
			return
		}
		values := []string{f.Value.String()}
		if several, ok := f.Value.(pflag.SliceValue); ok {
			values = several.GetSlice()
		}
		for _, value := range values {
			args = append(args, "--"+f.Name+"="+value)
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
