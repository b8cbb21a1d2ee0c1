package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// The majors that everything is tested on: the oldest that the operator supports, and
// the newest that it is known to work with.
const (
	Oldest = 15
	Newest = 18
)

// Majors are the majors that tests run on.
func Majors() []int { return []int{Oldest, Newest} }

// ErrNotInstalled: no binaries of the wanted major were found.
var ErrNotInstalled = errors.New("PostgreSQL is not installed")

// Find returns the folder with postgres and initdb of a major. It looks into
// $POSTGRES_BIN, the cache that Install fills, /usr/lib/postgresql/<major>/bin and
// PATH, in this order.
func Find(ctx context.Context, major int) (bin string, err error) {
	candidates := []string{os.Getenv("POSTGRES_BIN")}
	if cache, err := cacheDir(); err == nil {
		cached, _ := filepath.Glob(filepath.Join(cache, fmt.Sprintf("postgres-%d.*", major), "bin"))
		slices.Reverse(cached)
		candidates = append(candidates, cached...)
	}
	candidates = append(candidates, fmt.Sprintf("/usr/lib/postgresql/%d/bin", major))
	if path, err := exec.LookPath("postgres"); err == nil {
		candidates = append(candidates, filepath.Dir(path))
	}
	for _, dir := range candidates {
		if dir != "" && majorOf(ctx, dir) == major {
			return dir, nil
		}
	}
	return "", fmt.Errorf("%w in version %d: install it from your distribution (Debian: apt-get install postgresql-%d), "+
		"or set POSTGRES_BIN to a folder with postgres and initdb, "+
		"or run: go run ./internal/postgres/postgrestest/install %d", ErrNotInstalled, major, major, major)
}

// cacheDir is where Install puts binaries.
func cacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding the cache for PostgreSQL: %w", err)
	}
	return filepath.Join(dir, "organisation-operator"), nil
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// majorOf is 0 for a folder without a working postgres and initdb.
func majorOf(ctx context.Context, dir string) int {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0
	}
	answer, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	found := versionPattern.FindSubmatch(answer)
	if found == nil {
		return 0
	}
	major, err := strconv.Atoi(string(found[1]))
	if err != nil {
		return 0
	}
	return major
}
