package telemetry

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/go-logr/logr/funcr"
	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/internal/step"
)

func TestAPassTellsOfEachOfItsSteps(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	before := otel.GetTracerProvider()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)))
	t.Cleanup(func() { otel.SetTracerProvider(before) })
	var lines []string
	logger := funcr.NewJSON(func(line string) { lines = append(lines, line) }, funcr.Options{Verbosity: 1})

	ctx, end := Pass(log.IntoContext(t.Context(), logger), "asha")
	_, ended := Step(ctx, "claim", "glific-1")
	ended(step.Done("Ready", "host asha.org is claimed"))
	_, ended = Step(ctx, "database", "glific-1")
	ended(step.Failed(errors.New("password=hunter2 was refused")))
	end()

	var names []string
	for _, span := range spans.Ended() {
		names = append(names, span.Name()+" "+span.Status().Code.String())
		if whole := spans.Ended()[len(spans.Ended())-1].SpanContext(); span.SpanContext().TraceID() != whole.TraceID() {
			t.Errorf("%s is of another trace", span.Name())
		}
	}
	if got, want := strings.Join(names, ", "), "step claim Unset, step database Error, reconcile Organisation Unset"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	for i, want := range []string{
		`"organisation":"asha","step":"claim","release":"glific-1","outcome":"Done","reason":"Ready","seconds":`,
		`"organisation":"asha","step":"database","release":"glific-1","outcome":"Failed","reason":"Error","seconds":`,
	} {
		if len(lines) <= i || !strings.Contains(lines[i], want) || strings.Contains(lines[i], "hunter2") {
			t.Errorf("line %d of %q\nwant %s", i, lines, want)
		}
	}
}

// server is a collector that counts what it is sent.
type server struct {
	collector.UnimplementedTraceServiceServer
	spans chan string
}

func (s server) Export(_ context.Context, request *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	for _, r := range request.ResourceSpans {
		for _, scope := range r.ScopeSpans {
			for _, span := range scope.Spans {
				s.spans <- span.Name
			}
		}
	}
	return &collector.ExportTraceServiceResponse{}, nil
}

func TestTracesReachACollector(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	received := server{spans: make(chan string, 9)}
	grpcServer := grpc.NewServer()
	collector.RegisterTraceServiceServer(grpcServer, received)
	go grpcServer.Serve(listener) //nolint:errcheck // it ends with the test
	t.Cleanup(grpcServer.Stop)
	before := otel.GetTracerProvider()
	t.Cleanup(func() { otel.SetTracerProvider(before) })

	flush, err := Trace(t.Context(), "http://"+listener.Addr().String(), 1, "v0")
	if err != nil {
		t.Fatal(err)
	}
	_, end := Pass(t.Context(), "asha")
	end()
	if err := flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := <-received.spans; got != "reconcile Organisation" {
		t.Error(got)
	}
}

func TestNothingIsTracedWithoutAnEndpoint(t *testing.T) {
	before := otel.GetTracerProvider()
	flush, err := Trace(t.Context(), "", 1, "v0")
	if err != nil || flush(t.Context()) != nil || otel.GetTracerProvider() != before {
		t.Errorf("%v", err)
	}
}
