// The organisation operator: one short YAML per NGO becomes a namespace, a database,
// secrets and a messaging deployment.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/glific/organisation-operator/controllers"
	"github.com/glific/organisation-operator/internal/metrics"
	"github.com/glific/organisation-operator/internal/selfcheck"
	"github.com/glific/organisation-operator/internal/telemetry"
	"github.com/glific/organisation-operator/internal/version"
)

type options struct {
	namespace, serviceAccount string
	metrics, probes           string
	leaderElect               bool
	metricsSecure             bool
	hotUpgrades               bool
	concurrency               int
	check, version            bool
	traceEndpoint             string
	traceRatio                float64
	log                       zap.Options
}

func parse() options {
	var o options
	flag.StringVar(&o.namespace, "operator-namespace", os.Getenv("POD_NAMESPACE"), "the operator's own namespace; $POD_NAMESPACE without it")
	flag.StringVar(&o.serviceAccount, "service-account", "organisation-operator", "the ServiceAccount that the operator runs as")
	flag.StringVar(&o.metrics, "metrics-bind-address", ":8443", "where metrics are served; 0 turns them off")
	flag.BoolVar(&o.metricsSecure, "metrics-secure", true, "serve metrics over TLS, to those who may read them")
	flag.StringVar(&o.probes, "health-probe-bind-address", ":8081", "where /healthz and /readyz are served")
	flag.BoolVar(&o.leaderElect, "leader-elect", true, "let only one replica write")
	flag.BoolVar(&o.hotUpgrades, "hot-upgrades", false, "let new code enter running pods where a Release says so; needs the rights of config/hot")
	flag.IntVar(&o.concurrency, "concurrency", 16, "how many Organisations are worked on at once")
	flag.BoolVar(&o.version, "version", false, "print the version, and end")
	flag.BoolVar(&o.check, "check", false, "say whether the installation can work, and end")
	flag.StringVar(&o.traceEndpoint, "trace-endpoint", "", "where traces go, by OTLP over gRPC, such as http://collector:4317; none without it")
	flag.Float64Var(&o.traceRatio, "trace-ratio", 0.1, "how many passes are traced, from 0 to 1")
	o.log.BindFlags(flag.CommandLine)
	flag.Parse()
	return o
}

func main() {
	o := parse()
	if o.version {
		fmt.Println("organisation-operator", version.String())
		return
	}
	ctrl.SetLogger(zap.New(zap.UseFlagOptions(&o.log)))
	if err := run(ctrl.SetupSignalHandler(), o); err != nil {
		fmt.Fprintln(os.Stderr, "organisation-operator:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.namespace == "" {
		return fmt.Errorf("the operator's own namespace is not known: set --operator-namespace or POD_NAMESPACE")
	}
	config, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("finding the API server: %w", err)
	}
	if o.check {
		return check(ctx, config, o.namespace)
	}
	serving := metricsserver.Options{BindAddress: o.metrics, SecureServing: o.metricsSecure}
	if o.metricsSecure {
		serving.FilterProvider = filters.WithAuthenticationAndAuthorization
	}
	managed := controllers.ManagerOptions(o.namespace)
	managed.Metrics, managed.HealthProbeBindAddress, managed.LeaderElection = serving, o.probes, o.leaderElect
	mgr, err := ctrl.NewManager(config, managed)
	if err != nil {
		return fmt.Errorf("preparing the manager: %w", err)
	}
	if err := register(ctx, mgr, o); err != nil {
		return err
	}
	flush, err := telemetry.Trace(ctx, o.traceEndpoint, o.traceRatio, version.String())
	if err != nil {
		return err
	}
	return errors.Join(mgr.Start(ctx), flush(context.WithoutCancel(ctx)))
}

func check(ctx context.Context, config *rest.Config, namespace string) error {
	live, err := client.New(config, client.Options{Scheme: controllers.Scheme()})
	if err != nil {
		return fmt.Errorf("preparing reads from the API server: %w", err)
	}
	if err := selfcheck.Check(ctx, live, namespace, time.Now()); err != nil {
		return err
	}
	fmt.Println("every kind is served, and a replica leads")
	return nil
}

func register(ctx context.Context, mgr ctrl.Manager, o options) error {
	if err := mgr.AddHealthzCheck("ping", healthz.Ping); err != nil {
		return err
	}
	if err := mgr.AddReadyzCheck("ping", healthz.Ping); err != nil {
		return err
	}
	world, err := controllers.WorldOf(ctx, mgr, types.NamespacedName{Namespace: o.namespace, Name: o.serviceAccount})
	if err != nil {
		return err
	}
	if o.hotUpgrades {
		world.AllowHotUpgrades(mgr.GetConfig())
	}
	if err := metrics.Register(ctrlmetrics.Registry, mgr, world.Reach.Ends, version.String()); err != nil {
		return fmt.Errorf("registering metrics: %w", err)
	}
	return controllers.Register(mgr, world, o.concurrency)
}
