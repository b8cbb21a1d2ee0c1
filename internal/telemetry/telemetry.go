// Package telemetry tells of what a pass does: one span, one observation and one line of
// the log for each step. It says names, reasons and times; never a message of a step, which
// may quote what an object holds, and never a value of a Secret.
package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/internal/metrics"
	"github.com/glific/organisation-operator/internal/step"
)

const tracer = "github.com/glific/organisation-operator"

// Keys of the log and of spans; those who search by them rely on their names.
const (
	KeyOrganisation = "organisation"
	KeyRelease      = "release"
	KeyStep         = "step"
	KeyOutcome      = "outcome"
	KeyReason       = "reason"
	KeySeconds      = "seconds"
)

// Pass begins a pass over an Organisation. The function that it returns ends it.
func Pass(ctx context.Context, organisation string) (context.Context, func()) {
	ctx, span := otel.Tracer(tracer).Start(ctx, "reconcile Organisation")
	span.SetAttributes(attribute.String(KeyOrganisation, organisation))
	ctx = log.IntoContext(ctx, log.FromContext(ctx).WithValues(KeyOrganisation, organisation))
	return ctx, func() { span.End() }
}

// Step begins a step of a pass. The function that it returns ends it with what came of it.
func Step(ctx context.Context, name, release string) (context.Context, func(step.Outcome)) {
	began := time.Now()
	ctx, span := otel.Tracer(tracer).Start(ctx, "step "+name)
	return ctx, func(out step.Outcome) {
		took := time.Since(began).Seconds()
		span.SetAttributes(attribute.String(KeyStep, name), attribute.String(KeyRelease, release),
			attribute.String(KeyOutcome, out.Kind.String()), attribute.String(KeyReason, out.Reason))
		if out.Kind == step.KindFailed || out.Kind == step.KindStalled {
			span.SetStatus(codes.Error, out.Reason)
		}
		span.End()
		metrics.StepSeconds.WithLabelValues(name, out.Kind.String()).Observe(took)
		log.FromContext(ctx).V(1).Info("step ended",
			KeyStep, name, KeyRelease, release, KeyOutcome, out.Kind.String(), KeyReason, out.Reason, KeySeconds, took)
	}
}
