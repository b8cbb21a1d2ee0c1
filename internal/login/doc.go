// Package login makes what a tenant logs in with: its URL and the verifier
// of its password. It is pure: no clock, no randomness, no client.
package login
