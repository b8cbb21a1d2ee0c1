// Package version knows which version of the operator or of its plugin this is.
package version

import (
	"fmt"
	"runtime/debug"
)

// Version of a release; empty in a build of one's own. A release sets it with
// -ldflags -X.
var Version = ""

// String is the version of a release, else the commit that this was built from.
func String() string {
	if Version != "" {
		return Version
	}
	commit, dirty := "unknown", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			switch {
			case setting.Key == "vcs.revision":
				commit = setting.Value
			case setting.Key == "vcs.modified" && setting.Value == "true":
				dirty = ", changed since"
			}
		}
	}
	return fmt.Sprintf("development (commit %s%s)", commit, dirty)
}
