package command

import "testing"

func TestColourOnlyWhereItIsWanted(t *testing.T) {
	for sentence, test := range map[string]struct {
		terminal    bool
		environment map[string]string
		want        bool
	}{
		"a terminal": {true, nil, true},
		"a pipe":     {false, nil, false},
		"NO_COLOR":   {true, map[string]string{"NO_COLOR": "1"}, false},
		"a dumb one": {true, map[string]string{"TERM": "dumb"}, false},
	} {
		s := &Session{Terminal: test.terminal, Environ: func(key string) string { return test.environment[key] }}
		if got := s.Paint().On; got != test.want {
			t.Errorf("%s: coloured is %v", sentence, got)
		}
	}
}
