package main

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

const source = `package p

// The conditions of a kind, in order.
const (
	// Claimed: name | host are its own.
	Claimed Type = "Claimed"
	// Ready and Stalled are kstatus' words.
	Ready   Type = "Ready"
	Stalled Type = "Stalled"
	number       = 3
)

var other = "ignored"
`

func TestDocument(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	document(&out, file)
	want := "\n## Conditions of a kind\n\n| | |\n|---|---|\n" +
		"| `Claimed` | Name \\| host are its own. |\n" +
		"| `Ready` | Ready and Stalled are kstatus' words. |\n" +
		"| `Stalled` | Ready and Stalled are kstatus' words. |\n"
	if got := strings.TrimPrefix(out.String(), preface); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
