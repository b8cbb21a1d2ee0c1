package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// The administrator that the stand-in's seed makes, with the password that it publishes.
const (
	adminPhone        = "917834811114"
	PublishedPassword = "Secret1234!"
)

// providerAddress is one of those from which webhooks are let in.
const providerAddress = "192.0.2.7"

// Host of an NGO.
func Host(name string) string { return name + "." + BaseDomain }

// Namespace of an NGO.
func Namespace(name string) string { return "org-" + name }

// Organisation creates an NGO.
func (p *Platform) Organisation(ctx context.Context, name string, edit func(*v1alpha1.OrganisationSpec)) error {
	return p.Found(ctx, name, func(o *v1alpha1.Organisation) {
		if edit != nil {
			edit(&o.Spec)
		}
	})
}

// Found an NGO, with labels and annotations as well. One of that name is left as it is.
func (p *Platform) Found(ctx context.Context, name string, edit func(*v1alpha1.Organisation)) error {
	org := &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.OrganisationSpec{Profile: "standard"}}
	if edit != nil {
		edit(org)
	}
	return client.IgnoreAlreadyExists(p.Client.Create(ctx, org))
}

// Edit an NGO's spec.
func (p *Platform) Edit(ctx context.Context, name string, edit func(*v1alpha1.Organisation)) error {
	org := &v1alpha1.Organisation{}
	if err := p.Client.Get(ctx, client.ObjectKey{Name: name}, org); err != nil {
		return err
	}
	before := org.DeepCopy()
	edit(org)
	return p.Client.Patch(ctx, org, client.MergeFrom(before))
}

// Await a condition of an NGO, as status/reason or status alone, at its newest generation.
func (p *Platform) Await(ctx context.Context, name, condition, want string, atMost time.Duration) (*v1alpha1.Organisation, error) {
	org := &v1alpha1.Organisation{}
	err := wait.PollUntilContextTimeout(ctx, time.Second/4, atMost, true, func(ctx context.Context) (bool, error) {
		if err := p.Client.Get(ctx, client.ObjectKey{Name: name}, org); err != nil {
			return false, client.IgnoreNotFound(err)
		}
		c := meta.FindStatusCondition(org.Status.Conditions, condition)
		return c != nil && c.ObservedGeneration == org.Generation && (string(c.Status) == want || string(c.Status)+"/"+c.Reason == want), nil
	})
	if err != nil {
		return org, fmt.Errorf("waiting for %s=%s of Organisation %s: %w\n%s", condition, want, name, err, Describe(org))
	}
	return org, nil
}

// Describe an NGO's conditions, one on a line.
func Describe(org *v1alpha1.Organisation) string {
	var lines []string
	for _, c := range org.Status.Conditions {
		lines = append(lines, fmt.Sprintf("  %-18s %-8s %-22s %s", c.Type, c.Status, c.Reason, c.Message))
	}
	return strings.Join(lines, "\n")
}

// Scene tells how an NGO, its pods and the node stand, for whoever reads why a test failed.
func (p *Platform) Scene(ctx context.Context, name string) string {
	var b strings.Builder
	for _, args := range [][]string{
		{"get", "organisations,databaseservers,nodes"},
		{"get", "pods", "--all-namespaces", "--output=wide"},
		{"describe", "organisation", name},
		{"get", "events", "--namespace=" + Namespace(name), "--sort-by=.lastTimestamp"},
	} {
		out, err := p.Kubectl(ctx, nil, args...)
		fmt.Fprintf(&b, "kubectl %s\n%s", strings.Join(args, " "), out)
		if err != nil {
			fmt.Fprintln(&b, err)
		}
	}
	return b.String()
}

// Webhook sends a message of the WhatsApp provider to an NGO.
func (p *Platform) Webhook(name string) func(ctx context.Context, id string) error {
	clients := p.Gateway.Client(true)
	return func(ctx context.Context, id string) error {
		status, body, err := p.post(ctx, clients, name, "/gupshup", map[string]any{"payload": map[string]any{"id": id}})
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("answered %d: %s", status, body)
		}
		return err
	}
}

// Login as an NGO's administrator; the status is 200 or 401.
func (p *Platform) Login(ctx context.Context, name, password string) (status int, err error) {
	status, _, err = p.post(ctx, p.Gateway.Client(false), name, "/api/v1/session",
		map[string]any{"user": map[string]any{"phone": adminPhone, "password": password}})
	return status, err
}

func (p *Platform) post(ctx context.Context, by *http.Client, name, path string, content any) (status int, body string, err error) {
	data, err := json.Marshal(content)
	if err != nil {
		return 0, "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+Host(name)+path, bytes.NewReader(data))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Forwarded-For", providerAddress)
	response, err := by.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	var said bytes.Buffer
	_, err = said.ReadFrom(response.Body)
	return response.StatusCode, strings.TrimSpace(said.String()), err
}

// RPC runs an expression in an NGO's running node.
func (p *Platform) RPC(ctx context.Context, name, expression string) (string, error) {
	out, err := p.Kubectl(ctx, nil, "--namespace="+Namespace(name), "exec", "deployment/backend", "--container=backend", "--", "/app/bin/prod", "rpc", expression)
	return strings.TrimSpace(out), err
}
