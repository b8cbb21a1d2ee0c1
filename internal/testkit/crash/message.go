package crash

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// message is one message of the PostgreSQL protocol with its header, ready to be
// forwarded (PostgreSQL manual, "Message Formats").
type message struct {
	kind byte // 0 for the start-up messages, which have no type byte
	raw  []byte
}

// text returns the zero-terminated strings at the start of the message's body.
func (m message) text(n int) []string {
	body := m.raw[5:]
	var found []string
	for range n {
		end := 0
		for end < len(body) && body[end] != 0 {
			end++
		}
		found = append(found, string(body[:end]))
		body = body[min(end+1, len(body)):]
	}
	return found
}

// maxMessage bounds what a broken length field can make the proxy allocate.
const maxMessage = 64 << 20

func readMessage(from io.Reader, typed bool) (message, error) {
	header := make([]byte, 4, 5)
	if typed {
		header = header[:5]
	}
	if _, err := io.ReadFull(from, header); err != nil {
		return message{}, err
	}
	m := message{}
	if typed {
		m.kind = header[0]
	}
	length := header[len(header)-4:]
	size := int(length[0])<<24 | int(length[1])<<16 | int(length[2])<<8 | int(length[3])
	if size < 4 || size > maxMessage {
		return message{}, fmt.Errorf("message %q of %d bytes", m.kind, size)
	}
	m.raw = append(header, make([]byte, size-4)...)
	_, err := io.ReadFull(from, m.raw[len(header):])
	return m, err
}

var reads = regexp.MustCompile(`(?i)^(select|show|begin|start|set|reset|rollback|discard|deallocate|listen|unlisten|values|table|explain|abort|savepoint|release|declare|fetch|close)\b`)

var changes = regexp.MustCompile(`(?i)\b(insert|update|delete|merge)\b.*\b(into|set|from|using)\b`)

// WritesSQL reports whether a statement can change what the server stores; a
// COMMIT counts, a SELECT does not, whatever the functions it calls do.
func WritesSQL(sql string) bool {
	sql = strings.TrimSpace(comments.ReplaceAllString(sql, " "))
	if strings.HasPrefix(strings.ToLower(sql), "with") {
		return changes.MatchString(sql)
	}
	if first, rest, several := strings.Cut(strings.TrimRight(sql, "; "), ";"); several {
		return WritesSQL(first) || WritesSQL(rest)
	}
	return sql != "" && !reads.MatchString(sql)
}

var (
	comments = regexp.MustCompile(`(?s)--[^\n]*|/\*.*?\*/`)
	spaces   = regexp.MustCompile(`\s+`)
	literal  = regexp.MustCompile(`'(?:[^']|'')*'`)
)

// oneLine shortens SQL for a report. Literals may be secrets, so they go.
func oneLine(sql string) string {
	sql = literal.ReplaceAllString(spaces.ReplaceAllString(strings.TrimSpace(sql), " "), "'…'")
	if len(sql) > 80 {
		sql = sql[:80] + "…"
	}
	return sql
}
