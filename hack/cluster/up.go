package main

import (
	"context"
	"fmt"
	"time"
)

// stage is a part of up that can be named when it fails. Every stage first looks
// whether its work is done already.
type stage struct {
	what string
	do   func(context.Context) error
}

// up makes what is missing, starts what does not run, and returns when the node
// is Ready and names resolve.
func (c *cluster) up(ctx context.Context, gateway bool) error {
	stages := []stage{
		{"installing Debian packages", c.installPackages},
		{"making the programs", func(ctx context.Context) error { return c.makeComponents(ctx, gateway) }},
		{"making folders, certificates and configuration", c.writeFiles},
		{"making cgroups", c.makeCgroups},
		{"making the network namespace", c.makeNetwork},
		{"starting the programs", c.startAll},
		{"loading the node's own images", func(ctx context.Context) error { return c.loadOwnImages(ctx, gateway) }},
		{"waiting for the node", c.awaitNode},
		{"starting CoreDNS", c.installDNS},
	}
	if gateway {
		stages = append(stages, stage{"starting the gateway", c.installGateway})
	}
	for _, s := range stages {
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	c.say("up: %s; export KUBECONFIG=%s", c.apiURL(), c.kubeconfig())
	return nil
}

// awaitNode returns once the kubelet reports Ready.
func (c *cluster) awaitNode(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	err := until(ctx, func() error {
		_, err := c.kubectl(ctx, nil, "wait", "--for=condition=Ready", "--timeout=1s", "node/"+nodeName)
		return err
	})
	if err != nil {
		return fmt.Errorf("%w; see %s", err, c.logFile("kubelet"))
	}
	c.say("node %s is Ready", nodeName)
	return c.declareStorage(ctx)
}

// declareStorage says how much ephemeral storage Pods may ask for: a kubelet without
// isolation of local storage reports none, and every Pod that asks for some would wait
// for ever. Nothing enforces the figure.
func (c *cluster) declareStorage(ctx context.Context) error {
	const declared = `{"status":{"capacity":{"ephemeral-storage":"50Gi"},"allocatable":{"ephemeral-storage":"50Gi"}}}`
	_, err := c.kubectl(ctx, nil, "patch", "node/"+nodeName, "--subresource=status", "--type=merge", "--patch="+declared)
	return err
}

// until repeats ready until it succeeds or ctx ends.
func until(ctx context.Context, ready func() error) error {
	every := time.NewTicker(100 * time.Millisecond)
	defer every.Stop()
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("gave up: %w (last: %w)", ctx.Err(), err)
		case <-every.C:
		}
	}
}
