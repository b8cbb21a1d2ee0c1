// Package keyring is the set of keys that one Organisation's data depends on. The
// master copy is one Secret per identity in the operator's namespace, created once
// and never overwritten: losing CIPHER_KEY makes every stored credential of the
// NGO unreadable (Glific: Cloak keys).
package keyring

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Keys of the Secret's data.
const (
	databasePassword = "database-password"
	databaseVerifier = "database-verifier"
	cipherKey        = "cipher-key"
	oldCipherKey     = "old-cipher-key"
	secretKeyBase    = "secret-key-base"
	signingSalt      = "signing-salt"
	authUsername     = "auth-username"
	authPassword     = "auth-password"
	releaseCookie    = "release-cookie"
	adminPassword    = "admin-password"
	digestKey        = "digest-key"
)

// Keyring holds the keys. Its String is redacted, so that it cannot leak through %v.
type Keyring struct{ values map[string]string }

// String hides every value.
func (Keyring) String() string { return "keyring(redacted)" }

// GoString hides every value from %#v as well.
func (k Keyring) GoString() string { return k.String() }

// Generate makes a new set of keys in the formats of Glific's contract. The
// verifier of the database password is left to the caller (WithVerifier), since its
// form is PostgreSQL's.
func Generate(random io.Reader) (Keyring, error) {
	g := generator{random: random}
	cipher := base64.StdEncoding.EncodeToString(g.bytes(32))
	k := Keyring{values: map[string]string{
		databasePassword: g.text(32),
		cipherKey:        cipher,
		oldCipherKey:     cipher,
		secretKeyBase:    base64.StdEncoding.EncodeToString(g.bytes(48)),
		signingSalt:      g.text(32),
		authUsername:     "admin-" + g.text(8),
		authPassword:     g.text(32),
		releaseCookie:    g.text(48),
		adminPassword:    g.text(24),
		digestKey:        base64.StdEncoding.EncodeToString(g.bytes(32)),
	}}
	if g.err != nil {
		return Keyring{}, fmt.Errorf("reading random bytes: %w", g.err)
	}
	return k, nil
}

// WithVerifier returns the keys with the SCRAM verifier of the database password,
// stored so that a repeat sends identical bytes.
func (k Keyring) WithVerifier(verifier string) Keyring {
	values := map[string]string{databaseVerifier: verifier}
	for key, value := range k.values {
		if key != databaseVerifier {
			values[key] = value
		}
	}
	return Keyring{values: values}
}

// Parse reads the keys from a Secret's data. The error names the missing keys.
func Parse(data map[string][]byte) (Keyring, error) {
	values := map[string]string{}
	var missing []string
	for _, key := range required() {
		if len(data[key]) == 0 {
			missing = append(missing, key)
		}
		values[key] = string(data[key])
	}
	if len(missing) > 0 {
		return Keyring{}, fmt.Errorf("keys %s are missing", strings.Join(missing, ", "))
	}
	return Keyring{values: values}, nil
}

func required() []string {
	return []string{
		adminPassword, authPassword, authUsername, cipherKey, databasePassword, databaseVerifier,
		digestKey, oldCipherKey, releaseCookie, secretKeyBase, signingSalt,
	}
}

// Data is the Secret's data.
func (k Keyring) Data() map[string][]byte {
	data := make(map[string][]byte, len(k.values))
	for key, value := range k.values {
		data[key] = []byte(value)
	}
	return data
}

// DatabasePassword of the tenant's login role.
func (k Keyring) DatabasePassword() string { return k.values[databasePassword] }

// DatabaseVerifier is the SCRAM-SHA-256 verifier of the password.
func (k Keyring) DatabaseVerifier() string { return k.values[databaseVerifier] }

// AdminPassword is the first password of the NGO's administrator.
func (k Keyring) AdminPassword() string { return k.values[adminPassword] }

// Environment is the part of the environment that the keys make up.
func (k Keyring) Environment() map[string]string {
	return map[string]string{
		"CIPHER_KEY":      k.values[cipherKey],
		"OLD_CIPHER_KEY":  k.values[oldCipherKey],
		"SECRET_KEY_BASE": k.values[secretKeyBase],
		"SIGNING_SALT":    k.values[signingSalt],
		"AUTH_USERNAME":   k.values[authUsername],
		"AUTH_PASSWORD":   k.values[authPassword],
		"RELEASE_COOKIE":  k.values[releaseCookie],
	}
}

// Fingerprint identifies the keys that stored data depends on: it is kept in the
// ledger and compared before any pod starts. A plain SHA-256 reveals nothing, since
// each key is 32 random bytes.
func (k Keyring) Fingerprint() string {
	sum := sha256.Sum256([]byte(k.values[cipherKey] + "\x00" + k.values[oldCipherKey]))
	return hex.EncodeToString(sum[:])
}

// Digest is an HMAC under a key of this keyring, n hexadecimal digits long, so that
// a digest in an object's name reveals nothing about a guessable value.
func (k Keyring) Digest(n int, parts ...string) string {
	mac := hmac.New(sha256.New, []byte(k.values[digestKey]))
	for _, part := range parts {
		fmt.Fprintf(mac, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(mac.Sum(nil))[:n]
}

// DigestData is Digest over a map, in the order of its keys.
func (k Keyring) DigestData(n int, data map[string][]byte) string {
	keys := make([]string, 0, len(data))
	for key := range data {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var parts []string
	for _, key := range keys {
		parts = append(parts, key, string(data[key]))
	}
	return k.Digest(n, parts...)
}

type generator struct {
	random io.Reader
	err    error
}

func (g *generator) bytes(n int) []byte {
	b := make([]byte, n)
	if g.err == nil {
		_, g.err = io.ReadFull(g.random, b)
	}
	return b
}

const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"

// text draws letters and digits without bias: bytes beyond the last whole multiple
// of the alphabet's length are drawn again.
func (g *generator) text(n int) string {
	limit := 256 - 256%len(alphabet)
	var out strings.Builder
	for out.Len() < n && g.err == nil {
		if b := int(g.bytes(1)[0]); b < limit {
			out.WriteByte(alphabet[b%len(alphabet)])
		}
	}
	return out.String()
}
