package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const (
	operator = "organisation-operator"
	plugin   = "kubectl-glific"

	// stamp is the variable that holds the version of both programs.
	stamp = "github.com/glific/organisation-operator/internal/version.Version"
)

// compile builds a package for a platform. Neither the time, nor the folder, nor the state
// of git goes into the result.
func (r release) compile(ctx context.Context, name, pkg string, on platform) error {
	target, err := filepath.Abs(r.path(name))
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w -buildid= -X "+stamp+"="+r.version, "-o", target, pkg)
	command.Dir = r.source
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off", "GOOS="+on.os, "GOARCH="+on.arch, "GOAMD64=v1", "GOARM64=v8.0")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s for %s: %w\n%s", pkg, on, err, output)
	}
	return nil
}

func (r release) operator(on platform) string {
	return fmt.Sprintf("%s_%s_%s", operator, r.number(), on)
}

func (r release) makeOperators(ctx context.Context) error {
	for _, on := range r.operators {
		if err := r.compile(ctx, r.operator(on), ".", on); err != nil {
			return err
		}
		if err := r.makeBill(r.operator(on), operator); err != nil {
			return err
		}
	}
	return nil
}

// program is the plugin's file on a platform.
func program(on platform) string {
	if on.os == "windows" {
		return plugin + ".exe"
	}
	return plugin
}

func (r release) makePlugins(ctx context.Context) error {
	var archives []archive
	for _, on := range r.plugins {
		name := fmt.Sprintf("%s_%s_%s", plugin, r.number(), on)
		if err := r.compile(ctx, name, "./cmd/"+plugin, on); err != nil {
			return err
		}
		if err := r.makeBill(name, plugin); err != nil {
			return err
		}
		packed, err := r.pack(name, on)
		if err != nil {
			return fmt.Errorf("packing %s: %w", name, err)
		}
		archives = append(archives, packed)
		if err := os.Remove(r.path(name)); err != nil {
			return err
		}
	}
	return r.makeKrew(archives)
}
