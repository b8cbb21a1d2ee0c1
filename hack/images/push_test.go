package main

import (
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	containers "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// What was built is pulled from the registry by the digest that it was built with.
func TestImagesArePushedByDigest(t *testing.T) {
	server := httptest.NewServer(containers.New(containers.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	out, f := t.TempDir(), files{}
	f.put("greeting", 0o644, []byte("hello"))
	image, err := contents{[]files{f}, v1.Config{User: "65532"}}.image()
	if err != nil {
		t.Fatal(err)
	}
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if err := writeArchive(out, "hello", registry+"hello:dev", image); err != nil {
		t.Fatal(err)
	}
	if err := record(out, "hello", registry+"hello@"+digest.String()); err != nil {
		t.Fatal(err)
	}
	prefix := strings.TrimPrefix(server.URL, "http://") + "/team/demo"
	pushed, err := push(t.Context(), out, prefix+"/")
	if want := prefix + "/hello@" + digest.String(); err != nil || pushed["hello"] != want {
		t.Fatalf("pushed %v, want %s: %v", pushed, want, err)
	}
	reference, err := name.NewDigest(pushed["hello"])
	if err != nil {
		t.Fatal(err)
	}
	there, err := remote.Image(reference)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := there.Digest(); err != nil || found != digest {
		t.Errorf("the registry has %v: %v", found, err)
	}
}

func TestNothingIsPushedBeforeItIsBuilt(t *testing.T) {
	if _, err := push(t.Context(), t.TempDir(), "127.0.0.1:1/x"); err == nil || !strings.Contains(err.Error(), "no images are built") {
		t.Errorf("%v", err)
	}
}
