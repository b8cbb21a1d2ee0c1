package command

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/doctor"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

type doctorOptions struct {
	address, phone, authority string
	patience                  time.Duration
}

// passwordVariable holds the password of --phone: an argument would be in every process list.
const passwordVariable = "GLIFIC_PASSWORD"

func newDoctor(s *Session) *cobra.Command {
	o := doctorOptions{}
	cmd := named(s, look, "doctor NAME", "Look at an NGO from outside, link by link, and name the first that is broken",
		`Look at an NGO from outside, from where you are, as its people and WhatsApp see it: DNS,
certificate, route, HTTP, websocket, login, queue. It stops at the first link that is
broken and says what to do.

Exit codes: 0 whole; 10 DNS, 11 certificate, 12 route, 13 HTTP, 14 websocket, 15 login,
16 queue; 2 nothing to look at yet; 1 failed.`,
		func(ctx context.Context, name string, _ []string) error { return o.run(ctx, s, name) })
	f := cmd.Flags()
	f.StringVar(&o.address, "address", "", "host:port to dial instead of going by DNS, such as the gateway's")
	f.StringVar(&o.phone, "phone", "", "try the login of this person; the password is taken from "+passwordVariable)
	f.StringVar(&o.authority, "ca-file", "", "PEM file of an authority to trust besides the machine's own")
	f.DurationVar(&o.patience, "patience", 10*time.Second, "how long each link may take")
	return cmd
}

func (o *doctorOptions) run(ctx context.Context, s *Session, name string) error {
	if o.phone != "" && s.Environ(passwordVariable) == "" {
		return fmt.Errorf("--phone: set %s to the password, so that no process list shows it", passwordVariable)
	}
	c, err := s.Client()
	if err != nil {
		return err
	}
	w, err := world.Read(ctx, c, name)
	if err != nil {
		return err
	}
	if reason := unfit(w.Organisation); reason != "" {
		s.tell("Organisation %s: %s", name, reason)
		return exit(codeNotYet)
	}
	roots, err := o.roots()
	if err != nil {
		return err
	}
	d := doctor.Doctor{Lookup: net.DefaultResolver.LookupHost, Dial: (&net.Dialer{}).DialContext, Roots: roots, Now: s.Now, Patience: o.patience}
	last := d.Look(ctx, o.patient(s, w), func(f doctor.Finding) { show.Finding(s.Out, f, s.Paint()) })
	show.Diagnosis(s.Out, name, last, s.Paint())
	return judged(last.Code())
}

// unfit says why there is nothing to look at from outside; "" if there is.
func unfit(org *v1alpha1.Organisation) string {
	switch {
	case org.Spec.Power == v1alpha1.PowerSuspended:
		return "it is suspended, so nothing answers; kubectl glific resume " + org.Name
	case org.Status.Host == "":
		return "it has no host yet; kubectl glific status " + org.Name
	}
	return ""
}

func (o *doctorOptions) patient(s *Session, w *world.World) doctor.Patient {
	p := doctor.Patient{
		Name: w.Organisation.Name, Host: w.Organisation.Status.Host, Address: o.address, HealthPath: "/",
		Phone: o.phone, Password: s.Environ(passwordVariable),
		Routed: func() doctor.Finding { return routed(w.Organisation) },
		Asked:  func(ctx context.Context) (string, error) { return s.queues(ctx, w.Organisation.Name) },
	}
	if w.Release != nil {
		p.HealthPath = cmp.Or(w.Release.Spec.HTTP.HealthPath, "/")
		if paths := w.Release.Spec.HTTP.WebsocketPaths; len(paths) > 0 {
			p.WebsocketPath = paths[0]
		}
	}
	return p
}

// routed is what the operator says of the route.
func routed(org *v1alpha1.Organisation) doctor.Finding {
	c := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.RouteReady)
	switch {
	case c == nil:
		return doctor.Finding{Verdict: doctor.Unasked, Text: "the operator has not told yet"}
	case c.Status == "True":
		return doctor.Finding{Text: c.Message}
	}
	return doctor.Finding{Verdict: doctor.Broken, Text: c.Reason + ": " + c.Message, Next: cmp.Or(show.NextStep(org), "kubectl glific status "+org.Name)}
}

// queues asks the node that serves.
func (s *Session) queues(ctx context.Context, name string) (string, error) {
	in, err := s.enter(ctx, name)
	if err != nil {
		return "", err
	}
	var out, errs bytes.Buffer
	quiet := *s
	quiet.In, quiet.Out, quiet.ErrOut = strings.NewReader(""), &out, &errs
	if err := quiet.ask(ctx, in.exec(false, in.release.Spec.Started(), "rpc", doctor.Expression)...); err != nil {
		return "", errors.New(lastLine(errs.String(), err))
	}
	return out.String(), nil
}

// lastLine of what a program complained of; the error itself if it said nothing.
func lastLine(said string, err error) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return cmp.Or(lines[len(lines)-1], err.Error())
}

// roots are the machine's own and that of --ca-file; nil are the machine's own.
func (o *doctorOptions) roots() (*x509.CertPool, error) {
	if o.authority == "" {
		return nil, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	text, err := os.ReadFile(o.authority)
	if err != nil {
		return nil, fmt.Errorf("--ca-file: %w", err)
	}
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("--ca-file %s: no certificate in PEM in it", o.authority)
	}
	return roots, nil
}
