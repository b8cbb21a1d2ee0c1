package task

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/internal/step"
)

const (
	// mostWords of a failed command are quoted, in bytes: what an app says last is the
	// error itself, and a condition is read on a terminal.
	mostWords = 400
	// leastSecret is the length in bytes from which a value counts as a secret: "true" and
	// "5432" stand in Secrets, too, and would make every message unreadable.
	leastSecret = 8
	// redacted stands where a secret value stood.
	redacted = "[redacted]"
)

var (
	// colour is what terminals understand and people do not (ECMA-48).
	colour = regexp.MustCompile("\x1b\\[[0-9;?]*[ -/]*[@-~]")
	// urlPassword is the part of a URL between the user's name and the host.
	urlPassword = regexp.MustCompile(`(://[^\s/:@]*):[^\s/]+@`)
)

// lastWords of a command as people may see them: without the values of secrets, on one
// line, the end of it, but for a stack trace.
func lastWords(said string, secrets []string) string {
	said = colour.ReplaceAllString(strings.ToValidUTF8(said, "�"), "")
	said = oneLine(withoutTrace(redact(said, secrets)))
	if len(said) <= mostWords {
		return said
	}
	from := len(said) - mostWords
	for !utf8.RuneStart(said[from]) {
		from++
	}
	return "… " + strings.TrimSpace(said[from:])
}

// withoutTrace leaves out what is indented at the end: a stack trace, which Elixir and
// others print after the error. A text that is nothing else is left as it is.
func withoutTrace(text string) string {
	lines := strings.Split(text, "\n")
	for n := len(lines); n > 0; n-- {
		if first, _ := utf8.DecodeRuneInString(lines[n-1]); lines[n-1] != "" && !unicode.IsSpace(first) {
			return strings.Join(lines[:n], "\n")
		}
	}
	return text
}

func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// redact takes out secrets, long ones first, since one may be a part of another, and
// passwords in URLs, whoever they belong to. The kubelet may have cut the text in the
// middle of a secret: its end is taken out, too.
func redact(text string, secrets []string) string {
	for _, secret := range secrets {
		text = strings.ReplaceAll(text, secret, redacted)
		text = redactCut(text, secret)
	}
	return urlPassword.ReplaceAllString(text, "$1:"+redacted+"@")
}

func redactCut(text, secret string) string {
	for from := 1; from <= len(secret)-leastSecret; from++ {
		if rest, cut := strings.CutPrefix(text, secret[from:]); cut {
			return redacted + rest
		}
	}
	return text
}

// secretValues are all that the command could know and print, and each line of those
// that have several, the longest first.
func secretValues(v step.View) []string {
	secrets := []*corev1.Secret{v.Live.Secrets.Keys}
	for i := range v.Live.Secrets.Tenant {
		secrets = append(secrets, &v.Live.Secrets.Tenant[i])
	}
	for _, source := range v.Live.Secrets.Sources {
		secrets = append(secrets, source.Secret)
	}
	var values []string
	for _, secret := range secrets {
		if secret == nil {
			continue
		}
		for _, value := range secret.Data {
			values = append(values, forms(string(value))...)
		}
	}
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return slices.Compact(values)
}

func forms(value string) []string {
	all := append(strings.Split(value, "\n"), value)
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return slices.DeleteFunc(all, func(form string) bool { return len(form) < leastSecret })
}
