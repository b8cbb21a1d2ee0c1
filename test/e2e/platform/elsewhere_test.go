package platform

import (
	"strings"
	"testing"
)

func TestALoadedImageIsFoundByItsDigest(t *testing.T) {
	const listing = `REF TYPE DIGEST SIZE PLATFORMS LABELS
docker.io/kindest/kindnetd:v1 application/vnd.oci.image.manifest.v1+json sha256:aaaa 1 MiB linux/amd64 -
import-2026-11-24@sha256:bbbb application/vnd.oci.image.manifest.v1+json sha256:bbbb 1 MiB linux/amd64 -
images.invalid/standin:0.1.0 application/vnd.oci.image.manifest.v1+json sha256:bbbb 1 MiB linux/amd64 -
`
	if tagged, err := taggedAs(listing, "images.invalid/standin@sha256:bbbb"); err != nil || tagged != "images.invalid/standin:0.1.0" {
		t.Errorf("%s: %v", tagged, err)
	}
	if _, err := taggedAs(listing, "images.invalid/standin@sha256:cccc"); err == nil || !strings.Contains(err.Error(), "images.invalid/standin@sha256:cccc") {
		t.Errorf("%v", err)
	}
}
