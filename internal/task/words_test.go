package task

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLastWords(t *testing.T) {
	secrets := []string{"-----BEGIN KEY-----\nAAAABBBBCCCC\nDDDDEEEEFFFF", "Zm9vYmFyYmF6", "AAAABBBBCCCC", "DDDDEEEEFFFF", "hunter22"}
	long := strings.Repeat("é", 400)
	for sentence, test := range map[string]struct{ said, want string }{
		"nothing":                                {"", ""},
		"lines become one":                       {"\n a\r\n\tb \x00c\n", "a b c"},
		"colours go":                             {"\x1b[31m** (RuntimeError)\x1b[0m no", "** (RuntimeError) no"},
		"what is no text does not break the API": {"a\xffb", "a�b"},
		"only the end is quoted":                 {"begin " + long, "… " + strings.Repeat("é", 200)},
		"an error, not its stack trace": {
			"begins\n** (RuntimeError) division by zero\n    (app 0.2.0) lib/release.ex:100: run!/2\n\n    erl_eval.erl:744: :erl_eval.do_apply/7\n",
			"begins ** (RuntimeError) division by zero",
		},
		"what follows a trace is said last": {"Traceback:\n  File \"a.py\"\nValueError: no", "Traceback: File \"a.py\" ValueError: no"},
		"nothing but a trace":               {"\tat a\n\tat b", "at a at b"},
		"a secret is taken out":             {"password hunter22 refused", "password [redacted] refused"},
		"wherever it stands":                {"hunter22hunter22", "[redacted][redacted]"},
		"a secret of several lines":         {"key -----BEGIN KEY-----\nAAAABBBBCCCC\nDDDDEEEEFFFF is bad", "key [redacted] is bad"},
		"and each of its lines":             {"DDDDEEEEFFFF at line 2", "[redacted] at line 2"},
		"a secret that the kubelet cut":     {"vYmFyYmF6 is no key", "[redacted] is no key"},
		"a password in a URL, whosever":     {"ecto://asha:p%40ss@db:5432/asha and redis://:x@cache/", "ecto://asha:[redacted]@db:5432/asha and redis://:[redacted]@cache/"},
		"a URL without one":                 {"see https://example.org:8443/a@b", "see https://example.org:8443/a@b"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := lastWords(test.said, secrets)
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
			if !utf8.ValidString(got) || len(got) > mostWords+len("… ") {
				t.Errorf("%d bytes, valid %v", len(got), utf8.ValidString(got))
			}
		})
	}
}

// Values that are too short to be secrets stay, or no message could be read.
func TestForms(t *testing.T) {
	if got := forms("true"); len(got) != 0 {
		t.Errorf("%q", got)
	}
	if got := forms("short\nlonger than eight\n"); strings.Join(got, "|") != "longer than eight|short\nlonger than eight" {
		t.Errorf("%q", got)
	}
}
