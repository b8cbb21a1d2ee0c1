package e2e

import (
	"testing"
	"time"

	"github.com/glific/organisation-operator/test/e2e/platform"
	"github.com/glific/organisation-operator/test/e2e/traffic"
)

// A rolling update under load: nobody's request fails, and each message is stored once.
func TestARollingUpdateLosesNothing(t *testing.T) {
	p := start(t)
	n := found(t, p, "asha", pinned("standin-0.1.0"))
	load := traffic.Load{
		Gateway: p.Gateway, Host: platform.Host(n.name), Requests: 40, Webhooks: 5, Sockets: 50,
		WebsocketPath: "/socket", Webhook: p.Webhook(n.name),
	}.Start(t.Context())
	time.Sleep(5 * time.Second) // the load is to be steady before anything changes
	n.serve("standin-0.2.0")
	time.Sleep(5 * time.Second) // and after it
	n.unharmed(load)
}
