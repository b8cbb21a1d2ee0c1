package postgres_test

import (
	"errors"
	"testing"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

func TestAServerIsOpenedAnewOnlyWhenItsConfigChanged(t *testing.T) {
	shared := cluster(t, postgrestest.Newest)
	servers := postgres.NewServers(postgres.Options{Installation: "installation-a"})
	defer servers.Close()
	if servers.Get("shared-1") != nil {
		t.Error("there is one before it is configured")
	}
	configure := func(config postgres.Config) *postgres.Server {
		t.Helper()
		server, err := servers.Configure("shared-1", config)
		if err != nil || servers.Get("shared-1") != server || server.Name() != "shared-1" {
			t.Fatal(server, err)
		}
		return server
	}
	first := configure(daily(shared))
	if again := configure(daily(shared)); again != first {
		t.Error("opened anew for the same Config")
	}
	if _, err := servers.Configure("shared-1", postgres.Config{Host: "h", CA: []byte("none")}); err == nil || servers.Get("shared-1") != first {
		t.Errorf("a Config that cannot be used replaces one that can: %v", err)
	}
	wrong := daily(shared)
	wrong.Password = "rotated"
	if _, err := configure(wrong).Read(t.Context(), "nobody"); !errors.Is(err, ledger.ErrUnreachable) {
		t.Errorf("the new password is not used: %v", err)
	}
	if second := configure(daily(shared)); second == first {
		t.Error("not opened anew")
	} else if found := read(t, second, "nobody"); found != nil {
		t.Error(found)
	}
	servers.Forget("shared-1")
	servers.Forget("never-there")
	if servers.Get("shared-1") != nil {
		t.Error("not forgotten")
	}
}
