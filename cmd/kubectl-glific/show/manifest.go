package show

import (
	"fmt"
	"regexp"
	"strings"
)

// Draft is what a new Organisation is to have; what is empty stands as a comment.
type Draft struct {
	Name, Profile, DisplayName, Hostname, Release, Channel, Size, AdoptUID string
	Suspended                                                              bool
}

// option is a part of the YAML: given, or a comment that a person may uncomment.
type option struct {
	given string
	// example is shown as a comment if nothing is given; every line of it is YAML.
	example []string
	// about says in a few words what it is for.
	about string
}

// longestName leaves room for org- before it: a namespace has at most 63 characters.
const longestName = 58

var nameRule = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)

// Check says what is wrong with the name before the API server does.
func (d Draft) Check() error {
	switch {
	case len(d.Name) > longestName:
		return fmt.Errorf("NAME %q has %d characters; at most %d, since the NGO's namespace is org-<name>", d.Name, len(d.Name), longestName)
	case !nameRule.MatchString(d.Name):
		return fmt.Errorf("NAME %q: lower-case letters, digits and hyphens only, since the NGO's namespace is org-<name>", d.Name)
	case d.Release != "" && d.Channel != "":
		return fmt.Errorf("--release and --channel: give one of them")
	}
	return nil
}

// Manifest is the smallest YAML of an Organisation, with what else there is as comments.
func (d Draft) Manifest() string {
	var b strings.Builder
	b.WriteString("apiVersion: tenancy.glific.org/v1alpha1\nkind: Organisation\nmetadata:\n")
	fmt.Fprintf(&b, "  name: %s\nspec:\n  profile: %s\n", scalar(d.Name), scalar(d.Profile))
	for _, o := range d.options() {
		if o.given != "" {
			fmt.Fprintf(&b, "  %s\n", o.given)
			continue
		}
		fmt.Fprintf(&b, "  # %s\n", o.about)
		for _, line := range o.example {
			fmt.Fprintf(&b, "  #%s\n", line)
		}
	}
	return b.String()
}

// options in the order in which people need them. A comment that is an option begins
// with # and no space, so that removing the # makes it YAML.
func (d Draft) options() []option {
	return []option{
		{field("displayName", d.DisplayName), []string{"displayName: Asha for Education"}, "The name people know the NGO by."},
		{field("hostname", d.Hostname), []string{"hostname: asha.example.org"}, "Where it is served; <name>.<baseDomain of the profile> without it."},
		{"", []string{"aliases: [www.asha.example.org]"}, "Further hosts, at most 8."},
		{d.release(), []string{"release: {channel: stable}"}, "A channel, or {name: …} to pin one Release; the profile decides without it."},
		{field("size", d.Size), []string{"size: small"}, "small, medium, large, or a size of the profile."},
		{"", []string{
			"messaging:",
			"  env:",
			`  - {name: GCS_FILE_COUNT, value: "10"}`,
			"  envFrom:",
			"  - secretRef: {name: gupshup}",
		}, "Its own settings; what is secret comes from a Secret."},
		{"", []string{"database: {connectionLimit: 20}"}, "How many connections it may hold."},
		{"", []string{"tls: {secretRef: {name: asha-tls}}"}, "A certificate of its own."},
		{"", []string{"access: [{kind: Group, name: asha-support, role: Support}]"}, "Who may look after it: Viewer, Support or Engineer."},
		{d.power(), []string{"power: Suspended"}, "Suspended from birth prepares everything and starts nothing."},
		{d.adopt(), []string{"adopt: {uid: 2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11}"}, "Whose retained data to begin with; only now. kubectl glific retained"},
		{"", []string{fmt.Sprintf("deletion: {policy: Purge, confirm: %s, gracePeriod: 168h}", scalar(d.Name))}, "What becomes of the data when this object is deleted; kept without it."},
	}
}

func (d Draft) release() string {
	switch {
	case d.Release != "":
		return fmt.Sprintf("release: {name: %s}", scalar(d.Release))
	case d.Channel != "":
		return fmt.Sprintf("release: {channel: %s}", scalar(d.Channel))
	}
	return ""
}

func (d Draft) power() string {
	if d.Suspended {
		return "power: Suspended"
	}
	return ""
}

func (d Draft) adopt() string {
	if d.AdoptUID == "" {
		return ""
	}
	return fmt.Sprintf("adopt: {uid: %s}", scalar(d.AdoptUID))
}

func field(name, value string) string {
	if value == "" {
		return ""
	}
	return name + ": " + scalar(value)
}

// plainScalar are words that YAML reads as the text that they are, and as nothing else.
var plainScalar = regexp.MustCompile(`^[a-z]([-a-z0-9./ ]*[a-z0-9])?$`)

// ambiguous words are not text in YAML 1.1.
var ambiguous = regexp.MustCompile(`^(y|n|yes|no|on|off|true|false|null)$`)

// scalar is text as YAML, quoted where it must be.
func scalar(text string) string {
	if plainScalar.MatchString(text) && !ambiguous.MatchString(text) {
		return text
	}
	return fmt.Sprintf("%q", text)
}
