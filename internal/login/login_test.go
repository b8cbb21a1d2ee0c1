package login

import (
	"net/url"
	"strings"
	"testing"
	"testing/quick"
)

func TestAVerifierIsAlwaysTheSame(t *testing.T) {
	salt := []byte("salt of 16 bytes")
	first, err := Verifier("pencil", salt, Iterations)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Verifier("pencil", salt, Iterations)
	other, _ := Verifier("Pencil", salt, Iterations)
	salted, _ := Verifier("pencil", []byte("SALT of 16 bytes"), Iterations)
	if first != again || first == other || first == salted || strings.Contains(first, "pencil") {
		t.Errorf("%s, %s, %s, %s", first, again, other, salted)
	}
}

// The vector is that of RFC 7677, section 3: user "user", password "pencil".
func TestAVerifierIsThatOfTheStandard(t *testing.T) {
	salt := []byte{0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e, 0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa, 0x81}
	got, err := Verifier("pencil", salt, 4096)
	want := "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
	if err != nil || got != want {
		t.Errorf("%s, %v", got, err)
	}
}

func TestAVerifierIsRefused(t *testing.T) {
	salt := []byte("salt of 16 bytes")
	for sentence, input := range map[string]struct {
		password   string
		salt       []byte
		iterations int
	}{
		"no password":            {"", salt, Iterations},
		"not printable":          {"pen\ncil", salt, Iterations},
		"needs SASLprep":         {"stęchły", salt, Iterations},
		"a short salt":           {"pencil", salt[:15], Iterations},
		"too few iterations":     {"pencil", salt, Iterations - 1},
		"a NUL in the password":  {"pen\x00cil", salt, Iterations},
		"a DEL in the password ": {"pen\x7fcil", salt, Iterations},
	} {
		if got, err := Verifier(input.password, input.salt, input.iterations); err == nil || got != "" || strings.Contains(err.Error(), "cil") {
			t.Errorf("%s: %q, %v", sentence, got, err)
		}
	}
}

func TestAURLSurvivesAnyPassword(t *testing.T) {
	if got, want := URL("db.example.org", 5432, "asha-1234abcd-1", "asha-1234abcd-1", "a:b@c/d?e#f%g h"),
		"ecto://asha-1234abcd-1:a%3Ab%40c%2Fd%3Fe%23f%25g%20h@db.example.org:5432/asha-1234abcd-1"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if got := URL("2001:db8::1", 5432, "d", "r", "p"); got != "ecto://r:p@[2001:db8::1]:5432/d" {
		t.Error(got)
	}
	survives := func(password string) bool {
		parsed, err := url.Parse(URL("db", 5432, "d", "r", password))
		if err != nil {
			return false
		}
		back, _ := parsed.User.Password()
		return back == password && parsed.Host == "db:5432" && parsed.Path == "/d"
	}
	if err := quick.Check(survives, nil); err != nil {
		t.Error(err)
	}
}
