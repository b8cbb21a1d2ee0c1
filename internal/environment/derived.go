package environment

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/login"
	"github.com/glific/organisation-operator/internal/settings"
)

// reserved are the keys that only the operator sets, with everything that begins
// with RELEASE_ or REQUEST_ORIGIN. RELEASE_VSN is never set at all: it would win over the version
// that a hot upgrade makes permanent.
var reserved = []string{
	"AUTH_PASSWORD", "AUTH_USERNAME", "BASE_URL", "CIPHER_KEY", "DATABASE_URL", "ENABLE_DB_SSL", "HTTP_PORT",
	"OLD_CIPHER_KEY", "POD_IP", "POOL_SIZE", "PRIMARY_CACERT_ENCODED", "PRIMARY_DB_SERVER_NAME_INDICATION",
	"READ_REPLICA_DATABASE_URL", "SECRET_KEY_BASE", "SIGNING_SALT",
}

// Reserved tells whether only the operator may set a key.
func Reserved(key string) bool {
	return slices.Contains(reserved, key) || strings.HasPrefix(key, "RELEASE_") || strings.HasPrefix(key, "REQUEST_ORIGIN")
}

// Database says how a tenant's pods reach their database.
type Database struct {
	Host     string
	Port     int32
	Name     string
	Username string
	// TLS is false only where the server's mode is Disabled.
	TLS bool
	// CA in PEM; empty means the image's own authorities.
	CA []byte
}

// Derive makes the keys that nobody may set, in the formats of Glific's contract
// (research: mission, section 3.1).
func Derive(set settings.Settings, release *v1alpha1.Release, db Database, keys keyring.Keyring, poolSize int32) []Value {
	url := login.URL(db.Host, uint16(db.Port), db.Name, db.Username, keys.DatabasePassword()) //nolint:gosec // the API bounds it to 1-65535
	values := []Value{
		secret("DATABASE_URL", url),
		secret("READ_REPLICA_DATABASE_URL", url),
		plain("POOL_SIZE", strconv.Itoa(int(poolSize))),
		plain("BASE_URL", set.Host),
		plain("REQUEST_ORIGIN", "https://"+set.Host),
		plain("REQUEST_ORIGIN_WILDCARD", secondOrigin(set)),
		plain("HTTP_PORT", strconv.Itoa(int(HTTPPort(release)))),
	}
	for name, value := range keys.Environment() {
		values = append(values, secret(name, value))
	}
	values = append(values, aliases(set)...)
	return append(values, tls(db)...)
}

// secondOrigin is the first alias, since Glific reads one origin from each of
// REQUEST_ORIGIN and REQUEST_ORIGIN_WILDCARD and refuses to start without the second.
// It is never a wildcard: a host below this one may belong to another NGO, whose pages
// must not open this NGO's websockets.
func secondOrigin(set settings.Settings) string {
	if len(set.Aliases) > 0 {
		return "https://" + set.Aliases[0]
	}
	return "https://" + set.Host
}

// aliases are all further origins, in a key of their own, separated by commas, for an
// app that accepts more than two.
func aliases(set settings.Settings) []Value {
	if len(set.Aliases) == 0 {
		return nil
	}
	origins := make([]string, 0, len(set.Aliases))
	for _, host := range set.Aliases {
		origins = append(origins, "https://"+host)
	}
	return []Value{plain("REQUEST_ORIGIN_ALIASES", strings.Join(origins, ","))}
}

func tls(db Database) []Value {
	if !db.TLS {
		return []Value{plain("ENABLE_DB_SSL", "false")}
	}
	values := []Value{plain("ENABLE_DB_SSL", "true"), plain("PRIMARY_DB_SERVER_NAME_INDICATION", db.Host)}
	if len(db.CA) > 0 {
		values = append(values, plain("PRIMARY_CACERT_ENCODED", base64.StdEncoding.EncodeToString(db.CA)))
	}
	return values
}

// HTTPPort is the port of the app; 4000 is Glific's.
func HTTPPort(release *v1alpha1.Release) int32 {
	if release.Spec.HTTP.Port != 0 {
		return release.Spec.HTTP.Port
	}
	return 4000
}

func plain(name, value string) Value {
	return Value{Name: name, Value: value, Layer: settings.LayerOperator}
}

func secret(name, value string) Value {
	return Value{Name: name, Value: value, Layer: settings.LayerOperator, Secret: true}
}
