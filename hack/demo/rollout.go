package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// The releases of the demo. The bad one never becomes ready: the simulated node knows
// such images by their name.
const (
	servedRelease = "glific-8.10.1"
	goodRelease   = "glific-8.10.2"
	badRelease    = "glific-8.10.3"
	demoChannel   = "demo"
)

// ngos of config/samples; asha is the canary.
var ngos = []string{"asha", "pratham", "sneha"}

// shipGood lets everybody follow a channel, and changes its one line.
func (d *demo) shipGood(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := d.prepareChannel(ctx); err != nil {
		return err
	}
	if err := d.ship(ctx, goodRelease); err != nil {
		return err
	}
	return d.watchRollout(ctx, func(c *v1alpha1.ReleaseChannel) bool {
		return meta.IsStatusConditionTrue(c.Status.Conditions, v1alpha1.Ready) && c.Status.Verified == goodRelease
	})
}

// shipBad sees the canary fail, and that nobody else was touched.
func (d *demo) shipBad(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := d.ship(ctx, badRelease); err != nil {
		return err
	}
	err := d.watchRollout(ctx, func(c *v1alpha1.ReleaseChannel) bool {
		return meta.IsStatusConditionTrue(c.Status.Conditions, v1alpha1.Stalled) && len(c.Status.Slots) == 0
	})
	if err != nil {
		return err
	}
	for _, name := range ngos {
		org := &v1alpha1.Organisation{}
		if err := d.client.Get(ctx, client.ObjectKey{Name: name}, org); err != nil {
			return err
		}
		r := org.Status.Release
		d.say.line("%-8s serves %s; Available %t; %s", name, r.Serving, meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.Available), readiness(org))
		if r.Serving != goodRelease || !meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.Available) {
			return fmt.Errorf("%s does not serve %s any more", name, goodRelease)
		}
	}
	d.say.line("the fix is one line, too: here, back to %s", goodRelease)
	if err := d.ship(ctx, goodRelease); err != nil {
		return err
	}
	return d.watchRollout(ctx, func(c *v1alpha1.ReleaseChannel) bool {
		return meta.IsStatusConditionTrue(c.Status.Conditions, v1alpha1.Ready)
	})
}

// prepareChannel makes the releases and a channel in a hurry: a canary, then the rest.
func (d *demo) prepareChannel(ctx context.Context) error {
	served := &v1alpha1.Release{}
	if err := d.client.Get(ctx, client.ObjectKey{Name: servedRelease}, served); err != nil {
		return err
	}
	for name, image := range map[string]string{
		goodRelease: "registry.example.org/glific@sha256:" + strings.Repeat("2", 64),
		badRelease:  "registry.example.org/glific-never-ready@sha256:" + strings.Repeat("3", 64),
	} {
		release := &v1alpha1.Release{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: *served.Spec.DeepCopy()}
		release.Spec.Version, release.Spec.Images.Backend = strings.TrimPrefix(name, "glific-"), image
		release.Spec.Update.Strategy = v1alpha1.UpdateOverlap // the old pod serves until the new one does
		release.Spec.CompatibleFrom = []string{servedRelease, goodRelease}
		if err := d.client.Create(ctx, release); err != nil {
			return err
		}
	}
	two, ten := intstr.FromInt32(2), &metav1.Duration{Duration: 10 * time.Second}
	channel := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: demoChannel}, Spec: v1alpha1.ReleaseChannelSpec{
		Release: servedRelease, Backup: v1alpha1.BackupAccepted, OnFailure: v1alpha1.FailureRollback,
		Waves: []v1alpha1.Wave{
			{Name: "canary", Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"ring": "canary"}}},
			{Name: "rest", MaxInFlight: &two},
		},
		Verification: v1alpha1.VerificationSpec{AppearWithin: ten, ConvergeWithin: ten, VerifyFor: ten, PollEvery: &metav1.Duration{Duration: time.Second}},
	}}
	if err := d.client.Create(ctx, channel); err != nil {
		return err
	}
	for _, name := range ngos {
		if err := d.followChannel(ctx, name); err != nil {
			return err
		}
	}
	d.say.line("ReleaseChannel %s: wave canary has asha, wave rest pratham and sneha; a release must hold for 10 s", demoChannel)
	return d.watchRollout(ctx, func(c *v1alpha1.ReleaseChannel) bool {
		return c.Status.Counts.Current == c.Status.Counts.Members && c.Status.Counts.Members == 3
	})
}

func (d *demo) followChannel(ctx context.Context, name string) error {
	org := &v1alpha1.Organisation{}
	if err := d.client.Get(ctx, client.ObjectKey{Name: name}, org); err != nil {
		return err
	}
	before := org.DeepCopy()
	org.Spec.Release = &v1alpha1.OrganisationRelease{Channel: demoChannel}
	if name == ngos[0] {
		org.Labels = map[string]string{"ring": "canary"}
	}
	return d.client.Patch(ctx, org, client.MergeFrom(before))
}

// ship changes the one line.
func (d *demo) ship(ctx context.Context, release string) error {
	channel := &v1alpha1.ReleaseChannel{}
	if err := d.client.Get(ctx, client.ObjectKey{Name: demoChannel}, channel); err != nil {
		return err
	}
	d.say.line("spec.release: %s -> %s", channel.Spec.Release, release)
	channel.Spec.Release = release
	return d.client.Update(ctx, channel)
}

// watchRollout tells how the rollout stands whenever that changed, until it is as wanted.
func (d *demo) watchRollout(ctx context.Context, wanted func(*v1alpha1.ReleaseChannel) bool) error {
	told := ""
	return d.until(ctx, func() (string, error) {
		channel := &v1alpha1.ReleaseChannel{}
		if err := d.client.Get(ctx, client.ObjectKey{Name: demoChannel}, channel); err != nil {
			return "", err
		}
		stand, err := d.stand(ctx, channel)
		if err != nil {
			return "", err
		}
		seen := channel.Status.Release == channel.Spec.Release && channel.Status.ObservedGeneration == channel.Generation
		if seen && stand != told {
			d.say.line("%s", stand)
			told = stand
		}
		if seen && wanted(channel) {
			return "", nil
		}
		return "ReleaseChannel " + demoChannel + ": " + stand, nil
	})
}

// stand is one line: wave, who serves it, who is in flight and where, the verdict.
func (d *demo) stand(ctx context.Context, channel *v1alpha1.ReleaseChannel) (string, error) {
	var flying []string
	for _, slot := range channel.Status.Slots {
		org := &v1alpha1.Organisation{}
		if err := d.client.Get(ctx, client.ObjectKey{Name: slot.Name}, org); err != nil {
			return "", err
		}
		stage := "has a slot"
		if u := org.Status.Update; u != nil && u.Token == slot.Token {
			stage = string(u.Stage)
			if u.Outcome != "" {
				stage = string(u.Outcome)
			}
		}
		flying = append(flying, slot.Name+" "+stage)
	}
	verdict := ""
	if ready := meta.FindStatusCondition(channel.Status.Conditions, v1alpha1.Ready); ready != nil {
		verdict = ready.Reason
	}
	s := channel.Status
	return fmt.Sprintf("%-12s wave %-7s %d of %d  %s", verdict, s.Wave, s.Counts.Current, s.Counts.Members, strings.Join(flying, ", ")), nil
}
