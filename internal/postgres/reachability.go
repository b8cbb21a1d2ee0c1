package postgres

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"
)

// sqlState is the five-character code of a server's answer, or "".
// The codes: PostgreSQL manual, appendix A.
func sqlState(err error) string {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return answer.Code
	}
	return ""
}

// Codes by which the server itself says that it cannot be asked now.
var cannotAnswer = map[string]string{
	"25006": "it is read-only (a standby, or just failed over)",
	"53000": "it is out of resources",
	"53100": "its disk is full",
	"53200": "it is out of memory",
	"53300": "it has no connection left",
	"53400": "a limit of its configuration is exceeded",
	"55P03": "it is busy (a lock was not free in time)",
	"57014": "it is busy (a statement took too long)",
	"57P01": "it is shutting down",
	"57P02": "it crashed and restarts",
	"57P03": "it is starting up",
	"58030": "it has an input/output error",
	"28000": "it refuses the operator's role",
	"28P01": "it refuses the operator's password",
}

// unreachableReason says in safe words why the server could not be asked, or ""
// if it answered.
func unreachableReason(err error) string {
	if code := sqlState(err); code != "" {
		if strings.HasPrefix(code, "08") {
			return "the connection broke"
		}
		return cannotAnswer[code]
	}
	if reason := tlsReason(err); reason != "" {
		return reason
	}
	return networkReason(err)
}

func tlsReason(err error) string {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &authority):
		return "its certificate is signed by an unknown authority: set tls.ca"
	case errors.As(err, &name):
		return "its certificate is for another host name"
	case errors.As(err, &invalid):
		return "its certificate is not valid (expired?)"
	case errors.As(err, &verify), errors.As(err, &record):
		return "its TLS certificate could not be verified"
	case err != nil && strings.Contains(err.Error(), "server refused TLS"):
		return "it does not offer TLS"
	}
	return ""
}

func networkReason(err error) string {
	var (
		dns *net.DNSError
		op  net.Error
		con *pgconn.ConnectError
	)
	switch {
	case errors.As(err, &dns):
		return "its host name was not found"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &op) && op.Timeout():
		return "no answer in time"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), errors.Is(err, syscall.EPIPE), errors.Is(err, pgconn.ErrConnClosed):
		return "the connection broke"
	case errors.Is(err, pgconn.ErrReadOnlyConnection):
		return cannotAnswer["25006"]
	case errors.Is(err, puddle.ErrClosedPool):
		return "its configuration is being replaced"
	case errors.As(err, &op), errors.As(err, &con):
		return "no connection could be made"
	}
	return ""
}
