package login

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// Iterations is PostgreSQL's own count for new passwords (scram_iterations).
const Iterations = 4096

// SaltSize is the shortest salt that is accepted, in bytes; it is PostgreSQL's own.
const SaltSize = 16

// Verifier is what a server stores of a password (RFC 5803, PostgreSQL manual
// "pg_authid"): sending it instead of the password keeps the password out of the
// server's log. The same salt gives the same bytes. The password must be printable
// ASCII, which SASLprep (RFC 4013) leaves as it is.
func Verifier(password string, salt []byte, iterations int) (string, error) {
	if password == "" || !printable(password) {
		return "", errors.New("making a verifier: the password must be printable ASCII and not empty")
	}
	if len(salt) < SaltSize || iterations < Iterations {
		return "", fmt.Errorf("making a verifier: at least %d bytes of salt and %d iterations are needed", SaltSize, Iterations)
	}
	salted, err := pbkdf2.Key(sha256.New, password, salt, iterations, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("making a verifier: %w", err)
	}
	stored := sha256.Sum256(sign(salted, "Client Key"))
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", iterations, encode(salt), encode(stored[:]), encode(sign(salted, "Server Key"))), nil
}

func sign(key []byte, message string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(message))
	return mac.Sum(nil)
}

func printable(text string) bool {
	for _, r := range text {
		if r < ' ' || r > '~' {
			return false
		}
	}
	return true
}
