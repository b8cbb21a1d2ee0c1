package show

// Paint colours text for a terminal; the zero value leaves it as it is.
type Paint struct{ On bool }

// The colours, as ECMA-48 (SGR) numbers them.
const (
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (p Paint) as(colour, text string) string {
	if !p.On || text == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// Mark in its colour.
func (p Paint) Mark(m Mark) string {
	switch m {
	case Good:
		return p.as(green, string(m))
	case Bad:
		return p.as(red, string(m))
	case Moving, Unclear:
		return p.as(yellow, string(m))
	}
	return p.as(faint, string(m))
}
