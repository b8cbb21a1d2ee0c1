package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// narrator tells a person what happens, with the time since the start.
type narrator struct {
	w     io.Writer
	began time.Time
}

func newNarrator(w io.Writer) *narrator { return &narrator{w: w, began: time.Now()} }

func (n *narrator) title(text string) {
	fmt.Fprintf(n.w, "\n[%5.1fs] %s\n", time.Since(n.began).Seconds(), text)
}

func (n *narrator) line(format string, args ...any) {
	text := strings.TrimRight(fmt.Sprintf(format, args...), "\n")
	fmt.Fprintln(n.w, "         "+strings.ReplaceAll(text, "\n", "\n         "))
}

// failure tells what went wrong, and where to look.
func (n *narrator) failure(err error, logs string) {
	fmt.Fprintln(n.w, "\nFAILED:", err)
	if logs != "" {
		fmt.Fprintln(n.w, logs)
	}
}
