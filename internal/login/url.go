package login

import (
	"net"
	"net/url"
	"strconv"
)

// URL is DATABASE_URL as Ecto reads it: ecto://role:password@host:port/database, with
// everything escaped that would end a part of it early.
func URL(host string, port uint16, database, role, password string) string {
	u := url.URL{
		Scheme: "ecto",
		User:   url.UserPassword(role, password),
		Host:   net.JoinHostPort(host, strconv.Itoa(int(port))),
		Path:   "/" + database,
	}
	return u.String()
}
