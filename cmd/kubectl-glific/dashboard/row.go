package dashboard

import (
	"strings"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/internal/fleet"
)

// Row is one NGO in the list. Rows are compared with ==, so that only what changed is
// sent again.
type Row struct {
	Name    string     `json:"name"`
	Title   string     `json:"title,omitempty"`
	State   show.State `json:"state"`
	Mark    show.Mark  `json:"mark"`
	Reason  string     `json:"reason,omitempty"`
	Message string     `json:"message,omitempty"`
	Held    string     `json:"held,omitempty"`

	Serving  string `json:"serving,omitempty"`
	Target   string `json:"target,omitempty"`
	Channel  string `json:"channel,omitempty"`
	Wave     string `json:"wave,omitempty"`
	Standing string `json:"standing,omitempty"`
	Stage    string `json:"stage,omitempty"`
	// Mode of the update that goes on, Hot or Rolling, once that is known.
	Mode    string `json:"mode,omitempty"`
	Pending string `json:"pending,omitempty"`

	Host    string `json:"host,omitempty"`
	Server  string `json:"server,omitempty"`
	Profile string `json:"profile,omitempty"`
	Size    string `json:"size,omitempty"`

	// Created, and when the last problem began, or ended if Troubled is false; seconds
	// since 1970.
	Created  int64 `json:"created"`
	Problem  int64 `json:"problem,omitempty"`
	Troubled bool  `json:"troubled,omitempty"`
}

// rowOf an Organisation; channel is the one that it follows, nil if none can be read.
func rowOf(org *v1alpha1.Organisation, channel *v1alpha1.ReleaseChannel, now time.Time) Row {
	health, status := show.HealthOf(org), org.Status
	row := Row{
		Name: org.Name, Title: org.Spec.DisplayName,
		State: health.State, Mark: health.Mark(), Reason: health.Reason, Message: health.Message,
		Held:    org.Annotations[v1alpha1.AnnotationHold],
		Serving: status.Release.Serving, Target: status.Release.Target, Channel: status.Release.Channel, Wave: status.Release.Wave,
		Pending: strings.Join(status.PendingChanges, ", "),
		Host:    status.Host, Server: status.Database.Server, Profile: org.Spec.Profile, Size: org.Spec.Size,
		Created: org.CreationTimestamp.Unix(),
	}
	at, troubled := show.LastProblem(org)
	if row.Troubled = troubled; !at.IsZero() {
		row.Problem = at.Unix()
	}
	if u := status.Update; u != nil && u.Answer == v1alpha1.SlotAccepted {
		row.Stage, row.Mode = string(u.Stage), string(u.Mode)
	}
	if channel != nil {
		wave, standing := fleet.Place(channel, member(org), now)
		row.Wave, row.Standing = wave, string(standing)
	}
	return row
}

// member is how the planner sees an Organisation. Its profile is not read: the channel
// that follows from it stands in the status.
func member(org *v1alpha1.Organisation) fleet.Member {
	m := fleet.MemberOf(org, v1alpha1.OrganisationProfileSpec{})
	m.Channel = org.Status.Release.Channel
	return m
}
