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
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// The releases that travel: a good one with a migration, and one that boots and whose
// websocket refuses the NGO's own Origin, which nobody but a user notices.
const (
	goodRelease = "standin-0.2.0"
	badRelease  = "standin-0.2.0-badorigin"
	demoChannel = "demo"
	// patience bounds each rollout, so that a demo that is stuck says where.
	patience = 6 * time.Minute
)

// shipGood lets the three follow a channel, and changes its one line.
func shipGood(ctx context.Context, p *platform.Platform) error {
	served, err := join(ctx, p)
	if err != nil {
		return err
	}
	if err := watchRollout(ctx, p, func(c *v1alpha1.ReleaseChannel) bool {
		return c.Status.Verified == served && int(c.Status.Counts.Current) == len(ngos)
	}); err != nil {
		return err
	}
	if err := ship(ctx, p, goodRelease); err != nil {
		return err
	}
	return watchRollout(ctx, p, func(c *v1alpha1.ReleaseChannel) bool {
		return c.Status.Verified == goodRelease && meta.IsStatusConditionTrue(c.Status.Conditions, v1alpha1.Ready)
	})
}

// shipBad sees the canary rolled back, and everybody else untouched and answering.
func shipBad(ctx context.Context, p *platform.Platform) error {
	if err := ship(ctx, p, badRelease); err != nil {
		return err
	}
	if err := watchRollout(ctx, p, func(c *v1alpha1.ReleaseChannel) bool {
		return meta.IsStatusConditionTrue(c.Status.Conditions, v1alpha1.Stalled) && len(c.Status.Slots) == 0
	}); err != nil {
		return err
	}
	for _, name := range ngos {
		org := &v1alpha1.Organisation{}
		if err := p.Client.Get(ctx, client.ObjectKey{Name: name}, org); err != nil {
			return err
		}
		told := "not touched"
		if u := org.Status.Update; u != nil && u.Release == badRelease {
			told = fmt.Sprintf("%s: %s", u.Outcome, u.Message)
		}
		fmt.Printf("%-10s serves %s; %s\n", name, org.Status.Release.Serving, told)
		if org.Status.Release.Serving != goodRelease {
			return fmt.Errorf("%s serves %s, not %s", name, org.Status.Release.Serving, goodRelease)
		}
	}
	return pages(ctx, p)
}

// join makes the channel on what the three serve, with asha as the canary.
func join(ctx context.Context, p *platform.Platform) (served string, err error) {
	first := &v1alpha1.Organisation{}
	if err := p.Client.Get(ctx, client.ObjectKey{Name: ngos[0]}, first); err != nil {
		return "", err
	}
	served = first.Status.Release.Serving
	seconds := func(n int) *metav1.Duration { return &metav1.Duration{Duration: time.Duration(n) * time.Second} }
	two := intstr.FromInt32(2)
	channel := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: demoChannel}, Spec: v1alpha1.ReleaseChannelSpec{
		Release: served, OnFailure: v1alpha1.FailureRollback, Backup: v1alpha1.BackupAccepted,
		Waves: []v1alpha1.Wave{
			{Name: "canary", Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"ring": "canary"}}},
			{Name: "rest", MaxInFlight: &two},
		},
		Verification: v1alpha1.VerificationSpec{AppearWithin: seconds(90), ConvergeWithin: seconds(90), VerifyFor: seconds(10), PollEvery: seconds(2)},
	}}
	if err := p.Client.Create(ctx, channel); client.IgnoreAlreadyExists(err) != nil {
		return "", err
	}
	for _, name := range ngos {
		err := p.Edit(ctx, name, func(o *v1alpha1.Organisation) {
			o.Spec.Release = &v1alpha1.OrganisationRelease{Channel: demoChannel}
			if name == ngos[0] {
				o.Labels = map[string]string{"ring": "canary"}
			}
		})
		if err != nil {
			return "", err
		}
	}
	fmt.Printf("ReleaseChannel %s: wave canary has asha, wave rest pratham and sneha; a release must hold for 10 s\n", demoChannel)
	return served, nil
}

// ship changes the one line.
func ship(ctx context.Context, p *platform.Platform, release string) error {
	channel := &v1alpha1.ReleaseChannel{}
	if err := p.Client.Get(ctx, client.ObjectKey{Name: demoChannel}, channel); err != nil {
		return err
	}
	fmt.Printf("spec.release: %s -> %s\n", channel.Spec.Release, release)
	before := channel.DeepCopy()
	channel.Spec.Release = release
	return p.Client.Patch(ctx, channel, client.MergeFrom(before))
}

// watchRollout tells how the rollout stands whenever that changed, until it is as wanted.
func watchRollout(ctx context.Context, p *platform.Platform, wanted func(*v1alpha1.ReleaseChannel) bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	every := time.NewTicker(200 * time.Millisecond)
	defer every.Stop()
	for told := ""; ; {
		channel := &v1alpha1.ReleaseChannel{}
		if err := p.Client.Get(ctx, client.ObjectKey{Name: demoChannel}, channel); err != nil {
			return fmt.Errorf("watching the rollout, which stands at %s: %w", told, err)
		}
		seen := channel.Status.Release == channel.Spec.Release && channel.Status.ObservedGeneration == channel.Generation
		if stand := standing(ctx, p, channel); seen && stand != told {
			fmt.Println(stand)
			told = stand
		}
		if seen && wanted(channel) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w while the rollout stands at %s: %s", ctx.Err(), told, channel.Status.NextStep)
		case <-every.C:
		}
	}
}

// standing is one line: the verdict, the wave, who serves it, who is in flight and where.
func standing(ctx context.Context, p *platform.Platform, channel *v1alpha1.ReleaseChannel) string {
	var flying []string
	for _, slot := range channel.Status.Slots {
		org := &v1alpha1.Organisation{}
		if err := p.Client.Get(ctx, client.ObjectKey{Name: slot.Name}, org); err != nil {
			continue // the next look tells
		}
		if u := org.Status.Update; u != nil && u.Token == slot.Token {
			flying = append(flying, slot.Name+" "+string(u.Stage))
		}
	}
	verdict, s := "", channel.Status
	if ready := meta.FindStatusCondition(s.Conditions, v1alpha1.Ready); ready != nil {
		verdict = ready.Reason
	}
	return fmt.Sprintf("%-12s wave %-7s %d of %d  %s", verdict, s.Wave, s.Counts.Current, s.Counts.Members, strings.Join(flying, ", "))
}
