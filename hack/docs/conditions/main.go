// Command conditions prints docs/conditions.md: every condition and reason with
// its meaning, from the constants and comments in api/v1alpha1/conditions.go.
//
//	go run ./hack/docs/conditions api/v1alpha1/conditions.go > docs/conditions.md
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: conditions FILE.go")
		os.Exit(2)
	}
	file, err := parser.ParseFile(token.NewFileSet(), os.Args[1], nil, parser.ParseComments)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conditions:", err)
		os.Exit(1)
	}
	document(os.Stdout, file)
}

const preface = `# Conditions and reasons

Generated from api/v1alpha1/conditions.go by ` + "`make docs`" + `.

Every condition is worked out anew in each pass. Its message names the object it
waits for and what to do next:

    kubectl get organisation asha -o jsonpath='{range .status.conditions[*]}{.type}{"\t"}{.status}{"\t"}{.reason}{"\t"}{.message}{"\n"}{end}'
`

// document prints one table for each group of string constants.
func document(w io.Writer, file *ast.File) {
	fmt.Fprint(w, preface)
	for _, declaration := range file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		title := strings.TrimSuffix(strings.TrimSpace(group.Doc.Text()), ".")
		fmt.Fprintf(w, "\n## %s\n\n| | |\n|---|---|\n", heading(title))
		meaning := ""
		for _, spec := range group.Specs {
			meaning = row(w, spec.(*ast.ValueSpec), meaning)
		}
	}
}

// heading keeps a title to its first clause.
func heading(title string) string {
	short, _, _ := strings.Cut(title, ", ")
	return capital(strings.Join(strings.Fields(strings.TrimPrefix(short, "The ")), " "))
}

func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// row prints a constant's value and its comment, without the constant's name. A
// comment above several constants speaks for those below it as well, so it is
// returned for the next row.
func row(w io.Writer, spec *ast.ValueSpec, above string) (meaning string) {
	meaning = strings.Join(strings.Fields(spec.Doc.Text()), " ")
	name := spec.Names[0].Name
	if rest, found := strings.CutPrefix(meaning, name+": "); found {
		meaning = rest
	} else if rest, found := strings.CutPrefix(meaning, name+" of "); found {
		meaning = "of " + rest
	}
	meaning = capital(meaning)
	if spec.Doc == nil {
		meaning = above
	}
	if len(spec.Values) != 1 {
		return meaning
	}
	literal, ok := spec.Values[0].(*ast.BasicLit)
	if !ok {
		return meaning
	}
	if value, err := strconv.Unquote(literal.Value); err == nil && literal.Kind == token.STRING {
		fmt.Fprintf(w, "| `%s` | %s |\n", value, strings.ReplaceAll(meaning, "|", `\|`))
	}
	return meaning
}
