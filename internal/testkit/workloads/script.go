// Package workloads plays, on demand, the part of the controllers and kubelets in
// a control plane that has none: Jobs end, Deployments become available, quotas
// are counted and deleted namespaces go. Nothing happens between two calls of
// [Script.Step], so a test decides in which order the world moves.
//
// Where kube-controller-manager and simulated nodes run, they do this by
// themselves and a Script must not.
package workloads

import (
	"context"
	"fmt"
	"reflect"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Script is what happens to workloads. Its functions may be nil.
type Script struct {
	// Clock is what status times are taken from. nil: the system's.
	Clock clock.PassiveClock

	// Plays says whether the script acts in the namespace. nil: in all of them.
	// Several tests can share one API server this way.
	Plays func(namespace string) bool

	// Job says how a Job ends. nil: every Job succeeds.
	Job func(*batchv1.Job) Ending

	// Deployment says what becomes of a Deployment. nil: every one is available.
	Deployment func(*appsv1.Deployment) Rollout

	client  client.Client
	content *content
}

// Ending is how a Job ends.
type Ending int

// The endings of a Job.
const (
	Succeeds Ending = iota
	Fails           // condition Failed, reason BackoffLimitExceeded
	Runs            // started, not finished
	Waits           // its controller has not looked at it yet
)

// Rollout is what becomes of a Deployment.
type Rollout int

// The rollouts of a Deployment.
const (
	Available        Rollout = iota
	Progressing              // new Pods exist and are not ready; old ones still serve, if there were any
	DeadlineExceeded         // as Progressing, and spec.progressDeadlineSeconds have passed
	Unseen                   // its controller has not looked at this generation yet
)

// New returns a script that acts with the given identity, usually the
// administrator's.
func New(config *rest.Config) (*Script, error) {
	c, err := client.New(config, client.Options{})
	if err != nil {
		return nil, fmt.Errorf("making the script's client: %w", err)
	}
	namespaced, err := newContent(config)
	if err != nil {
		return nil, err
	}
	return &Script{client: c, content: namespaced}, nil
}

// Step brings everything one step forward and returns how many objects it
// changed; 0 means that the world has come to rest.
func (s *Script) Step(ctx context.Context) (changed int, err error) {
	for _, act := range []func(context.Context) (int, error){s.quotas, s.jobs, s.deployments, s.namespaces} {
		n, err := act(ctx)
		changed += n
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

func (s *Script) plays(namespace string) bool { return s.Plays == nil || s.Plays(namespace) }

func (s *Script) jobs(ctx context.Context) (changed int, err error) {
	var jobs batchv1.JobList
	if err := s.client.List(ctx, &jobs); err != nil {
		return 0, fmt.Errorf("listing Jobs: %w", err)
	}
	for i := range jobs.Items {
		job := &jobs.Items[i]
		if !s.plays(job.Namespace) || job.DeletionTimestamp != nil {
			continue
		}
		ending := Succeeds
		if s.Job != nil {
			ending = s.Job(job)
		}
		before := job.DeepCopy()
		endJob(job, ending, s.now())
		n, err := s.write(ctx, before, job)
		if changed += n; err != nil {
			return changed, err
		}
	}
	return changed, nil
}

func (s *Script) deployments(ctx context.Context) (changed int, err error) {
	var deployments appsv1.DeploymentList
	if err := s.client.List(ctx, &deployments); err != nil {
		return 0, fmt.Errorf("listing Deployments: %w", err)
	}
	for i := range deployments.Items {
		deployment := &deployments.Items[i]
		if !s.plays(deployment.Namespace) || deployment.DeletionTimestamp != nil {
			continue
		}
		rollout := Available
		if s.Deployment != nil {
			rollout = s.Deployment(deployment)
		}
		before := deployment.DeepCopy()
		rollOut(deployment, rollout, s.now())
		n, err := s.write(ctx, before, deployment)
		if changed += n; err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// quotas fills in their status: without it the API server refuses to create what
// they count. Nothing is ever used up.
func (s *Script) quotas(ctx context.Context) (changed int, err error) {
	var quotas corev1.ResourceQuotaList
	if err := s.client.List(ctx, &quotas); err != nil {
		return 0, fmt.Errorf("listing ResourceQuotas: %w", err)
	}
	for i := range quotas.Items {
		quota := &quotas.Items[i]
		if !s.plays(quota.Namespace) {
			continue
		}
		before := quota.DeepCopy()
		countQuota(quota)
		n, err := s.write(ctx, before, quota)
		if changed += n; err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// write updates the status if it changed. An object that has gone or moved on
// meanwhile is left to the next step.
func (s *Script) write(ctx context.Context, before, after client.Object) (changed int, err error) {
	if reflect.DeepEqual(before, after) {
		return 0, nil
	}
	err = s.client.Status().Patch(ctx, after, client.MergeFrom(before))
	if client.IgnoreNotFound(err) != nil {
		return 0, fmt.Errorf("writing the status of %T %s: %w", after, client.ObjectKeyFromObject(after), err)
	}
	return 1, nil
}
