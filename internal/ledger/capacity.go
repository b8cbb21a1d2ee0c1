package ledger

import (
	"fmt"
	"strings"
)

// OperatorShare is how many connections a database admits beyond the tenant's
// limit, so that the operator gets in when the tenant uses all of its own.
const OperatorShare = 3

// Capacity is the connection budget of a server.
type Capacity struct {
	MaxConnections int // the server's max_connections
	Reserved       int // what the server and the operator keep back
	Granted        int // Σ(limit + OperatorShare) of active and suspended tenants
}

// Available is how many connections tenants can be granted in all.
func (c Capacity) Available() int { return max(0, c.MaxConnections-c.Reserved) }

// Free is how many connections are left to grant.
func (c Capacity) Free() int { return max(0, c.Available()-c.Granted) }

// Fits is how many more tenants of a limit could be placed.
func (c Capacity) Fits(limit int) int { return c.Free() / (limit + OperatorShare) }

// String is the budget in words.
func (c Capacity) String() string {
	return fmt.Sprintf("%d of %d connections granted, %d free", c.Granted, c.Available(), c.Free())
}

// Size is a named connection limit.
type Size struct {
	Name  string
	Limit int
}

// Words says for people what is granted and how many more of each size fit, for
// example "920 of 1987 connections granted; fits 46 more small, 18 more large".
func (c Capacity) Words(sizes []Size) string {
	words := fmt.Sprintf("%d of %d connections granted", c.Granted, c.Available())
	var fits []string
	for _, size := range sizes {
		fits = append(fits, fmt.Sprintf("%d more %s", c.Fits(size.Limit), size.Name))
	}
	if len(fits) > 0 {
		words += "; fits " + strings.Join(fits, ", ")
	}
	return words
}
