package keyring

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func generate(t testing.TB, seed byte) Keyring {
	t.Helper()
	k, err := Generate(rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	return k.WithVerifier("SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy")
}

func values(k Keyring) map[string]string {
	all := map[string]string{}
	for key, value := range k.Data() {
		all[key] = string(value)
	}
	return all
}

// The formats are Glific's (research: mission, sections 3.1 and 3.3).
func TestKeysHaveTheFormatsOfTheContract(t *testing.T) {
	for sentence, test := range map[string]struct {
		key  string
		form string
		// bytes that the value encodes in base64; 0 where it is no base64.
		bytes int
	}{
		"the database password needs no quoting anywhere": {"database-password", `^[A-Za-z0-9]{32}$`, 0},
		"CIPHER_KEY is the base64 of 32 bytes":            {"cipher-key", `^[A-Za-z0-9+/]{43}=$`, 32},
		"OLD_CIPHER_KEY, too":                             {"old-cipher-key", `^[A-Za-z0-9+/]{43}=$`, 32},
		"SECRET_KEY_BASE has 64 characters":               {"secret-key-base", `^[A-Za-z0-9+/]{64}$`, 48},
		"SIGNING_SALT has 32 characters":                  {"signing-salt", `^[A-Za-z0-9]{32}$`, 0},
		"AUTH_USERNAME cannot be guessed either":          {"auth-username", `^admin-[A-Za-z0-9]{8}$`, 0},
		"AUTH_PASSWORD":                                   {"auth-password", `^[A-Za-z0-9]{32}$`, 0},
		"RELEASE_COOKIE is an Erlang atom without quotes": {"release-cookie", `^[A-Za-z0-9]{48}$`, 0},
		"the first password of the administrator":         {"admin-password", `^[A-Za-z0-9]{24}$`, 0},
		"the key of digests is 32 bytes":                  {"digest-key", `^[A-Za-z0-9+/]{43}=$`, 32},
	} {
		t.Run(sentence, func(t *testing.T) {
			for seed := range byte(50) {
				value := values(generate(t, seed))[test.key]
				if !regexp.MustCompile(test.form).MatchString(value) {
					t.Fatalf("%s has %d characters and another form than %s", test.key, len(value), test.form)
				}
				if decoded, err := base64.StdEncoding.DecodeString(value); test.bytes > 0 && (err != nil || len(decoded) != test.bytes) {
					t.Fatalf("%s encodes %d bytes, %v; want %d", test.key, len(decoded), err, test.bytes)
				}
			}
		})
	}
}

// A fresh NGO has one cipher key: there is nothing that an older one has encrypted.
func TestTheOldCipherKeyOfANewTenantIsTheCipherKey(t *testing.T) {
	all := values(generate(t, 1))
	if all["old-cipher-key"] != all["cipher-key"] {
		t.Error("they differ")
	}
	delete(all, "old-cipher-key")
	seen := map[string]string{}
	for key, value := range all {
		if other, twice := seen[value]; twice {
			t.Errorf("%s and %s are the same", key, other)
		}
		seen[value] = key
	}
}

func TestEqualRandomnessGivesEqualKeysAndNoOther(t *testing.T) {
	if diff := cmp.Diff(values(generate(t, 1)), values(generate(t, 1))); diff != "" {
		t.Error(diff)
	}
	one, other := values(generate(t, 1)), values(generate(t, 2))
	for key := range one {
		if key != "database-verifier" && one[key] == other[key] {
			t.Errorf("%s is not random", key)
		}
	}
}

// Characters that are easily mistaken for each other are left out, since people read
// passwords to each other; all others come equally often.
func TestTextIsDrawnWithoutBias(t *testing.T) {
	g := generator{random: rand.NewChaCha8([32]byte{7})}
	const each = 4000
	text := g.text(each * len(alphabet))
	for _, letter := range alphabet {
		if n := strings.Count(text, string(letter)); n < each*9/10 || n > each*11/10 {
			t.Errorf("%c comes %d times; expected about %d", letter, n, each)
		}
	}
	for _, letter := range "0O1lI" {
		if strings.ContainsRune(text, letter) {
			t.Errorf("%c is easily mistaken", letter)
		}
	}
}

// An alphabet of 57 divides 256 with a remainder: bytes beyond 4 × 57 would favour the
// first letters, so they are drawn again.
func TestBytesThatWouldFavourALetterAreDrawnAgain(t *testing.T) {
	g := generator{random: bytes.NewReader([]byte{228, 255, 0, 240, 1, 57, 227})}
	if got := g.text(4); got != "ABA9" || g.err != nil {
		t.Errorf("got %q, %v", got, g.err)
	}
}

func TestKeysAreNotMadeFromTooLittleRandomness(t *testing.T) {
	broken := errors.New("entropy source is gone")
	for sentence, reader := range map[string]io.Reader{
		"it fails at once":          iotest.ErrReader(broken),
		"it ends in the middle":     io.LimitReader(rand.NewChaCha8([32]byte{1}), 100),
		"it fails in the middle":    io.MultiReader(io.LimitReader(rand.NewChaCha8([32]byte{1}), 200), iotest.ErrReader(broken)),
		"it ends before the digest": io.LimitReader(rand.NewChaCha8([32]byte{1}), 300),
	} {
		t.Run(sentence, func(t *testing.T) {
			k, err := Generate(reader)
			if err == nil || len(k.Data()) > 0 {
				t.Errorf("%d keys, %v", len(k.Data()), err)
			}
		})
	}
}

func TestWhatIsStoredIsReadAgain(t *testing.T) {
	k := generate(t, 1)
	parsed, err := Parse(k.Data())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(values(k), values(parsed)); diff != "" {
		t.Error(diff)
	}
	if parsed.Fingerprint() != k.Fingerprint() || parsed.Digest(64, "a") != k.Digest(64, "a") {
		t.Error("fingerprint or digest differ")
	}
}

// A person may add a note to the Secret; the operator does not carry it on.
func TestForeignKeysOfTheSecretAreIgnored(t *testing.T) {
	data := generate(t, 1).Data()
	data["note"] = []byte("restored on Monday")
	parsed, err := Parse(data)
	if err != nil || len(parsed.Data()) != len(data)-1 {
		t.Errorf("%d keys, %v", len(parsed.Data()), err)
	}
}

func TestEachMissingKeyIsNamed(t *testing.T) {
	complete := generate(t, 1).Data()
	if len(complete) != 11 {
		t.Fatalf("%d keys, want 11", len(complete))
	}
	for key := range complete {
		for sentence, damage := range map[string]func(map[string][]byte){
			key + " is missing": func(data map[string][]byte) { delete(data, key) },
			key + " is empty":   func(data map[string][]byte) { data[key] = nil },
		} {
			t.Run(sentence, func(t *testing.T) {
				data := maps.Clone(complete)
				damage(data)
				_, err := Parse(data)
				if want := "keys " + key + " are missing"; err == nil || err.Error() != want {
					t.Errorf("got %v, want %s", err, want)
				}
			})
		}
	}
	_, err := Parse(nil)
	if err == nil {
		t.Fatal("no keys at all are taken for complete")
	}
	for key := range complete {
		if !strings.Contains(err.Error(), key) {
			t.Errorf("%s is not named: %v", key, err)
		}
	}
}

func TestAKeyringWithoutItsVerifierIsIncomplete(t *testing.T) {
	k, err := Generate(rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(k.Data()); err == nil || !strings.Contains(err.Error(), "database-verifier") {
		t.Errorf("error: %v", err)
	}
	complete := k.WithVerifier("one")
	if got := complete.WithVerifier("two").DatabaseVerifier(); got != "two" {
		t.Errorf("verifier %q", got)
	}
	if complete.DatabaseVerifier() != "one" || k.DatabaseVerifier() != "" {
		t.Error("the keyring that it was made from changed")
	}
}

func TestEnvironmentOfTheKeys(t *testing.T) {
	k := generate(t, 1)
	all := values(k)
	want := map[string]string{
		"CIPHER_KEY": all["cipher-key"], "OLD_CIPHER_KEY": all["old-cipher-key"],
		"SECRET_KEY_BASE": all["secret-key-base"], "SIGNING_SALT": all["signing-salt"],
		"AUTH_USERNAME": all["auth-username"], "AUTH_PASSWORD": all["auth-password"],
		"RELEASE_COOKIE": all["release-cookie"],
	}
	if diff := cmp.Diff(want, k.Environment()); diff != "" {
		t.Error(diff)
	}
	if k.DatabasePassword() != all["database-password"] || k.AdminPassword() != all["admin-password"] {
		t.Error("a password is another key's")
	}
}

// The fingerprint guards what is encrypted in the database. Were another key part of
// it, replacing that key, which harms nobody, would look like a catastrophe.
func TestTheFingerprintDependsOnTheCipherKeysOnly(t *testing.T) {
	before := generate(t, 1)
	for key := range before.Data() {
		t.Run(key, func(t *testing.T) {
			data := before.Data()
			data[key] = []byte("another")
			after, err := Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			differs := after.Fingerprint() != before.Fingerprint()
			if want := key == "cipher-key" || key == "old-cipher-key"; differs != want {
				t.Errorf("the fingerprint differs: %v, want %v", differs, want)
			}
		})
	}
}

func TestExchangedCipherKeysHaveAnotherFingerprint(t *testing.T) {
	of := func(current, old string) string {
		data := generate(t, 1).Data()
		data["cipher-key"], data["old-cipher-key"] = []byte(current), []byte(old)
		k, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		return k.Fingerprint()
	}
	seen := []string{of("a", "b"), of("b", "a"), of("ab", "c"), of("a", "bc")}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 4 {
		t.Error("two different pairs have one fingerprint")
	}
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(seen[0]) {
		t.Errorf("a fingerprint of %d characters", len(seen[0]))
	}
}

func TestDigestsSeparateTheirParts(t *testing.T) {
	k := generate(t, 1)
	inputs := [][]string{{}, {""}, {"", ""}, {"ab", "c"}, {"a", "bc"}, {"abc"}, {"a", "b", "c"}, {"1:a"}, {"a", "1:b"}, {"a1:b"}, {"a\x00b"}, {"a", "b"}}
	seen := map[string][]string{}
	for _, parts := range inputs {
		digest := k.Digest(64, parts...)
		if other, twice := seen[digest]; twice {
			t.Errorf("%q and %q have one digest", parts, other)
		}
		seen[digest] = parts
	}
	data := func(pairs ...string) string {
		m := map[string][]byte{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = []byte(pairs[i+1])
		}
		return k.DigestData(64, m)
	}
	if data("a", "b", "c", "d") == data("a", "d", "c", "b") || data("a", "") == data("", "a") {
		t.Error("keys and values are mixed up")
	}
	for range 20 {
		if data("a", "1", "b", "2", "c", "3") != k.DigestData(64, map[string][]byte{"c": []byte("3"), "b": []byte("2"), "a": []byte("1")}) {
			t.Fatal("the order of a map matters")
		}
	}
}

// Names of Secrets carry a digest: without the key, nobody can try guesses against it.
func TestADigestNeedsTheKey(t *testing.T) {
	one, other := generate(t, 1), generate(t, 2)
	if one.Digest(64, "hunter2") == other.Digest(64, "hunter2") {
		t.Error("two tenants have one digest of one value")
	}
	if got, whole := one.Digest(10, "hunter2"), one.Digest(64, "hunter2"); got != whole[:10] {
		t.Errorf("a short digest is not the beginning of the long one: %s, %s", got, whole)
	}
}

func TestNoKeyIsShown(t *testing.T) {
	k := generate(t, 1)
	type holder struct {
		Keys    Keyring
		Pointer *Keyring
	}
	shown := map[string]string{
		"%v":               fmt.Sprintf("%v", k),
		"%+v":              fmt.Sprintf("%+v", k),
		"%#v":              fmt.Sprintf("%#v", k),
		"%s":               fmt.Sprintf("%s", any(k)),
		"%v of a pointer":  fmt.Sprintf("%v", &k),
		"%#v of a pointer": fmt.Sprintf("%#v", &k),
		"%v in a struct":   fmt.Sprintf("%v", holder{k, &k}),
		"%+v in a struct":  fmt.Sprintf("%+v", holder{k, &k}),
		"%#v in a struct":  fmt.Sprintf("%#v", holder{k, &k}),
		"JSON":             asJSON(t, k),
		"JSON in a struct": asJSON(t, holder{k, &k}),
	}
	for how, text := range shown {
		for key, value := range values(k) {
			if strings.Contains(text, value) {
				t.Errorf("%s shows %s", how, key)
			}
		}
	}
	if !strings.Contains(fmt.Sprintf("%v", values(k)), k.AdminPassword()) {
		t.Error("the values themselves show nothing, so this test could not fail")
	}
	if shown["%v"] != "keyring(redacted)" {
		t.Errorf("shown as %s", shown["%v"])
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
