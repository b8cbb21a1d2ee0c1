package show

import (
	"fmt"
	"io"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/doctor"
)

// Finding prints what was seen of one link of the chain.
func Finding(out io.Writer, f doctor.Finding, paint Paint) {
	marks := map[doctor.Verdict]Mark{doctor.Whole: Good, doctor.Broken: Bad, doctor.Unasked: Off}
	fmt.Fprintf(out, "%s %-12s %s\n", paint.Mark(marks[f.Verdict]), f.Link, oneLine(f.Text))
}

// Diagnosis prints the first broken link and what to do, or that there is none.
func Diagnosis(out io.Writer, name string, last doctor.Finding, paint Paint) {
	if last.Verdict != doctor.Broken {
		fmt.Fprintf(out, "\nOrganisation %s answers from outside as it must.\n", name)
		return
	}
	fmt.Fprintf(out, "\nThe chain breaks at %s.\n%s %s\n", last.Link, paint.as(bold, "Next step:"), last.Next)
}
