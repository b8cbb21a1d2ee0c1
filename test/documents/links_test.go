package documents

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var link = regexp.MustCompile(`\]\(([^)#:\s\[*]+)(#[^)]*)?\)`)

// What a page points to is there.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	pages := append(documents(t), filepath.Join(root, "SECURITY.md"), filepath.Join(root, "charts/organisation-operator/README.md"))
	followed := 0
	for _, page := range pages {
		if filepath.Ext(page) != ".md" {
			continue
		}
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			followed++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(match[1]))); err != nil {
				t.Errorf("%s points to %s, which is not there", strings.TrimPrefix(page, root+"/"), match[1])
			}
		}
	}
	if followed < 50 {
		t.Errorf("only %d links were found", followed)
	}
}
