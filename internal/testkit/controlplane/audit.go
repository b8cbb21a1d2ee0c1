package controlplane

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// AuditEvent is one finished request as the API server recorded it.
type AuditEvent struct {
	Verb string
	User struct {
		Username string
		Groups   []string
	}
	ObjectRef struct {
		APIGroup, Resource, Subresource, Namespace, Name string
	}
	ResponseStatus struct{ Code int }
	Stage          string
	Annotations    map[string]string // for example authorization.k8s.io/reason
}

func (cp *ControlPlane) auditLog() string { return filepath.Join(cp.dir, "audit.log") }

// AuditEvents returns the requests answered so far for which keep is true (nil:
// all), in the order of their answers. Long-running requests (watches) appear
// when they start and again when they end. Options.Audit must be on.
func (cp *ControlPlane) AuditEvents(keep func(AuditEvent) bool) ([]AuditEvent, error) {
	f, err := os.Open(cp.auditLog())
	if err != nil {
		return nil, fmt.Errorf("reading the audit log: %w", err)
	}
	defer f.Close()
	var events []AuditEvent
	for reader := bufio.NewReader(f); ; {
		line, err := reader.ReadBytes('\n')
		if err == io.EOF {
			return events, nil // an unfinished last line is a request not yet answered
		}
		if err != nil {
			return nil, fmt.Errorf("reading the audit log: %w", err)
		}
		var event AuditEvent
		if err := json.Unmarshal(bytes.TrimSpace(line), &event); err != nil {
			return nil, fmt.Errorf("reading the audit log: %w", err)
		}
		if keep == nil || keep(event) {
			events = append(events, event)
		}
	}
}
