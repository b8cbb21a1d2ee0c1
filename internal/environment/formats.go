package environment

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// fault says what is wrong with a value, without repeating it; "" if nothing is.
func fault(format v1alpha1.EnvFormat, value string) string {
	if value == "" {
		return "is missing or empty"
	}
	switch format {
	case v1alpha1.FormatCIDRList:
		return cidrFault(value)
	case v1alpha1.FormatBase64Key32:
		// Elixir's Base.decode64 refuses the line breaks that Go's decoder skips.
		key, err := base64.StdEncoding.DecodeString(value)
		if err != nil || len(key) != 32 || strings.ContainsAny(value, "\r\n") {
			return "is not the base64 of exactly 32 bytes"
		}
	case v1alpha1.FormatURL:
		if u, err := url.Parse(value); err != nil || u.Scheme == "" || u.Host == "" {
			return "is not an absolute URL"
		}
	}
	return ""
}

// cidrFault follows Glific: 192.0.2.0/24 is accepted, 192.0.2.10/24 stops the boot,
// since a CIDR must be the network address.
func cidrFault(list string) string {
	for i, entry := range strings.Split(list, ",") {
		entry = strings.TrimSpace(entry)
		if _, err := netip.ParseAddr(entry); err == nil {
			continue
		}
		prefix, err := netip.ParsePrefix(entry)
		if err != nil {
			return fmt.Sprintf("has an entry (number %d) that is neither an address nor a CIDR", i+1)
		}
		if prefix.Masked() != prefix {
			return fmt.Sprintf("has a CIDR (number %d) that is not a network address: bits are set beyond the prefix", i+1)
		}
	}
	return ""
}
