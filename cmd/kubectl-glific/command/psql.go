package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/internal/names"
)

// psqlImage brings psql and nothing that listens.
const psqlImage = "docker.io/library/postgres:18-alpine"

func newPsql(s *Session) *cobra.Command {
	image := psqlImage
	cmd := named(s, enter, "psql NAME", "Open psql as the NGO's own role, from a short-lived pod",
		`Open psql as the NGO's own role, from a pod in its namespace that lives as long as the
session. The login is taken from the Secret of the pods that serve: it passes neither your
machine nor any process argument.

Needs the right to create and attach to pods in the NGO's namespace, beyond role Engineer.`,
		func(ctx context.Context, name string, _ []string) error {
			if !s.Interactive {
				return errors.New("psql needs a terminal; run kubectl glific psql NAME in one")
			}
			in, err := s.enter(ctx, name)
			if err != nil {
				return err
			}
			secret := in.environment()
			if secret == "" {
				return fmt.Errorf("pod %s/%s takes no Secret, so there is no login to use; see kubectl glific status %s", in.pod.Namespace, in.pod.Name, name)
			}
			return s.Kubectl(ctx, in.psql(image, secret, s.Now().Unix())...)
		})
	cmd.Flags().StringVar(&image, "image", image, "image that has psql and sh; give a mirror where the cluster reaches no other registry")
	return cmd
}

// psql are the arguments of kubectl that run the pod.
func (in *inside) psql(image, secret string, number int64) []string {
	name := fmt.Sprintf("psql-%d", number)
	overrides, _ := json.Marshal(in.psqlPod(name, image, secret)) // plain maps can always be written
	return []string{
		"run", name, "--namespace=" + in.pod.Namespace, "--image=" + image, "--restart=Never", "--rm", "--stdin", "--tty", "--quiet",
		"--override-type=strategic", "--overrides=" + string(overrides),
	}
}

// connect turns DATABASE_URL into the variables that libpq reads, so that no process
// argument holds the password (PostgreSQL: libpq, Environment Variables).
const connect = `u=${DATABASE_URL#*://}; login=${u%%@*}; u=${u#*@}; at=${u%%/*}
export PGUSER="${login%%:*}" PGPASSWORD="${login#*:}" PGDATABASE="${u#*/}" PGPORT="${at##*:}" PGHOST="${at%:*}"
PGHOST="${PGHOST#[}"; PGHOST="${PGHOST%]}"; unset DATABASE_URL READ_REPLICA_DATABASE_URL
case "$ENABLE_DB_SSL" in
true) export PGSSLMODE=verify-full PGSSLROOTCERT=system
  if [ -n "$PRIMARY_CACERT_ENCODED" ]; then echo "$PRIMARY_CACERT_ENCODED" | base64 -d > /tmp/ca.crt; PGSSLROOTCERT=/tmp/ca.crt; fi ;;
*) export PGSSLMODE=disable ;;
esac
exec psql`

// nobody owns no file of the image.
const nobody = 65534

// psqlPod is a pod as Pod Security "restricted" wants it, within any tenant's quota.
func (in *inside) psqlPod(name, image, secret string) map[string]any {
	type object = map[string]any
	resources := object{"cpu": "50m", "memory": "64Mi"}
	return object{
		"spec": object{
			"serviceAccountName": names.ServiceAccount, "automountServiceAccountToken": false, "enableServiceLinks": false,
			"securityContext": object{
				"runAsNonRoot": true, "runAsUser": nobody, "runAsGroup": nobody, "fsGroup": nobody, "seccompProfile": object{"type": "RuntimeDefault"},
			},
			"imagePullSecrets": in.pod.Spec.ImagePullSecrets,
			"volumes":          []object{{"name": "tmp", "emptyDir": object{"sizeLimit": "16Mi"}}},
			"containers": []object{{
				"name": name, "image": image, "stdin": true, "stdinOnce": true, "tty": true,
				"command": []string{"sh", "-c", connect},
				"envFrom": []object{{"secretRef": object{"name": secret}}},
				"env": append(in.plain("ENABLE_DB_SSL", "PRIMARY_CACERT_ENCODED"),
					object{"name": "HOME", "value": "/tmp"}, object{"name": "PGAPPNAME", "value": "kubectl glific psql"}),
				"volumeMounts":    []object{{"name": "tmp", "mountPath": "/tmp"}},
				"resources":       object{"requests": resources, "limits": object{"memory": "256Mi"}},
				"securityContext": object{"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": object{"drop": []string{"ALL"}}},
			}},
		},
	}
}

// plain are variables of the pod that are no secret.
func (in *inside) plain(wanted ...string) []map[string]any {
	var found []map[string]any
	for _, container := range in.pod.Spec.Containers {
		for _, e := range container.Env {
			for _, name := range wanted {
				if container.Name == names.Backend && e.Name == name {
					found = append(found, map[string]any{"name": e.Name, "value": e.Value})
				}
			}
		}
	}
	return found
}
