package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
)

// quiet is how long the operator must have asked nothing to count as resting.
const quiet = 2 * time.Second

// proveRest restarts the operator, so that it looks at everything again, and reads
// in the API server's audit log what it wrote.
func (d *demo) proveRest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := d.untilResting(ctx, 0); err != nil {
		return err
	}
	if err := d.operator.stop(); err != nil {
		return err
	}
	before, err := d.operatorRequests()
	if err != nil {
		return err
	}
	if err := d.runOperator(ctx); err != nil {
		return err
	}
	if err := d.untilResting(ctx, len(before)); err != nil {
		return err
	}
	after, err := d.operatorRequests()
	if err != nil {
		return err
	}
	return d.judgeRest(after[len(before):])
}

func (d *demo) judgeRest(since []controlplane.AuditEvent) error {
	var all error
	for _, request := range since {
		if writes(request) && !measures(request) {
			all = errors.Join(all, fmt.Errorf("the operator wrote: %s %s %s/%s", request.Verb,
				request.ObjectRef.Resource, request.ObjectRef.Namespace, request.ObjectRef.Name))
		}
	}
	if all == nil {
		d.say.line("the operator was restarted and looked at all three again: %d requests, 0 writes", len(since))
		d.say.line("(not counted: the leader's Lease and Event, and the DatabaseServer's status, which counts databases)")
	}
	return all
}

// measures: what a restart reports without anything having to be repaired.
func measures(request controlplane.AuditEvent) bool {
	return request.ObjectRef.Resource == "events" || request.ObjectRef.Resource == "databaseservers" && request.ObjectRef.Subresource == "status"
}

func writes(request controlplane.AuditEvent) bool {
	return slices.Contains([]string{"create", "update", "patch", "delete", "deletecollection"}, request.Verb)
}

// operatorRequests are what the operator asked, without what it asks regularly:
// the Lease by which replicas elect a leader, and reviews, which store nothing.
func (d *demo) operatorRequests() ([]controlplane.AuditEvent, error) {
	return d.cluster.AuditEvents(func(e controlplane.AuditEvent) bool {
		return e.User.Username == operatorUser && e.ObjectRef.Resource != "leases" &&
			e.ObjectRef.APIGroup != "authorization.k8s.io" && e.ObjectRef.APIGroup != "authentication.k8s.io"
	})
}

// untilResting waits until the operator has read the Secrets of all three, after
// the first known requests, and then has asked nothing for a while.
func (d *demo) untilResting(ctx context.Context, known int) error {
	count, since := -1, time.Now()
	return d.until(ctx, func() (string, error) {
		requests, err := d.operatorRequests()
		if err != nil {
			return "", err
		}
		if len(requests) != count {
			count, since = len(requests), time.Now()
		}
		for _, name := range []string{"asha", "pratham", "sneha"} {
			if !readSecretsOf(requests[min(known, len(requests)):], name) {
				return "the operator to look at Organisation " + name, nil
			}
		}
		if time.Since(since) < quiet {
			return "the operator to come to rest", nil
		}
		return "", nil
	})
}

func readSecretsOf(requests []controlplane.AuditEvent, organisation string) bool {
	return slices.ContainsFunc(requests, func(e controlplane.AuditEvent) bool {
		return e.ObjectRef.Resource == "secrets" && e.ObjectRef.Namespace == names.Namespace(organisation)
	})
}
