// Package login makes what a tenant logs in with: its URL, the verifier of its
// password, and the size of its pools. It is pure: no clock, no randomness, no client.
package login
