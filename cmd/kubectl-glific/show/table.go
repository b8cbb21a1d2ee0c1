package show

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/duration"
)

// Table is rows below a header, in columns.
type Table struct {
	Header []string
	Rows   [][]string
}

// gap between columns, as kubectl's.
const gap = 3

// Write prints the table as kubectl prints its own: three spaces between columns, none
// at the end of a line. Every cell is on one line, and cells beyond the header are left
// out.
func (t Table) Write(w io.Writer) {
	widths := make([]int, len(t.Header))
	rows := [][]string{t.Header}
	for _, row := range t.Rows {
		rows = append(rows, row[:len(t.Header)])
	}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(oneLine(cell)))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			cell = oneLine(cell)
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+gap))
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

func oneLine(cell string) string { return strings.Join(strings.Fields(cell), " ") }

// age of something, as kubectl writes it; "-" if it has none.
func age(since, now time.Time) string {
	if since.IsZero() {
		return "-"
	}
	return duration.HumanDuration(now.Sub(since))
}

// or is the text, or a dash where there is none.
func or(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
