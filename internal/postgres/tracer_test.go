package postgres_test

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// recorder remembers every statement that is sent.
type recorder struct {
	mu         sync.Mutex
	statements []string
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements = append(r.statements, data.SQL)
	return ctx
}

func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// forget empties the record.
func (r *recorder) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements = nil
}

var (
	harmless  = regexp.MustCompile(`(?is)^(--[^\n]*\n|\s)*(select|begin|commit|rollback)`)
	functions = regexp.MustCompile(`ledger\.(put_roles|settle|end_sessions|finish_drop)`)
)

// writes are the statements that change something, or would if there were a difference.
func (r *recorder) writes() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var writes []string
	for _, statement := range r.statements {
		if !harmless.MatchString(statement) || functions.MatchString(statement) || strings.Contains(statement, "FOR UPDATE") {
			writes = append(writes, statement)
		}
	}
	return writes
}

// crasher ends the operator's life at one statement: just before it is sent, or just
// after it was done and before anybody hears of it.
type crasher struct {
	at    int // 1 is the first; a number beyond the last crashes nothing
	after bool
	die   context.CancelFunc

	mu   sync.Mutex
	seen int
	dead string // the statement at which it happened
}

type position struct{}

func (c *crasher) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen++
	if c.seen == c.at {
		c.dead = data.SQL
		if !c.after {
			c.die()
		}
	}
	return context.WithValue(ctx, position{}, c.seen)
}

func (c *crasher) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	if at, _ := ctx.Value(position{}).(int); c.after && at == c.at {
		c.die()
	}
}
