package main

import (
	"context"
	_ "embed"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

const (
	postgresMajor = "15"
	postgresUser  = "999"
)

//go:embed postgres.sh
var postgresStart []byte

// The server, psql and pg_dump, and all that they are linked to, in Debian 12.
var postgresPackages = []string{
	"libaudit1", "libcap-ng0", "libcap2", "libcom-err2", "libdb5.3", "libffi8", "libgcrypt20", "libgmp10",
	"libgnutls30", "libgpg-error0", "libgssapi-krb5-2", "libhogweed6", "libicu72", "libidn2-0", "libk5crypto3",
	"libkeyutils1", "libkrb5-3", "libkrb5support0", "libldap-2.5-0", "liblz4-1", "liblzma5", "libnettle8",
	"libp11-kit0", "libpam0g", "libpcre2-8-0", "libpq5", "libreadline8", "libsasl2-2", "libsasl2-modules-db",
	"libselinux1", "libssl3", "libstdc++6", "libsystemd0", "libtasn1-6", "libtinfo6", "libunistring2", "libuuid1",
	"libxml2", "libxslt1.1", "libzstd1", "postgresql-15", "postgresql-client-15", "tzdata",
}

// Compiling queries needs LLVM, which is larger than all the rest.
var postgresWithout = []string{
	"usr/lib/postgresql/15/lib/llvmjit", "usr/lib/postgresql/15/lib/bitcode/", "usr/share/postgresql-common/", "usr/share/postgresql/15/man/",
}

// postgres is a server that makes its cluster on first start and speaks TLS only
// (postgres.sh).
func postgres(ctx context.Context, _, _ string) (contents, error) {
	f := files{}
	f.base("postgres", postgresUser)
	if err := f.system(ctx, postgresPackages, postgresWithout); err != nil {
		return contents{}, err
	}
	f.put("postgres.sh", 0o755, postgresStart)
	f.dir("var/lib/postgresql/data", 0o755)
	f.dir("tls", 0o755)
	return contents{[]files{f}, v1.Config{
		// A fast shutdown; SIGTERM would wait until every client has left.
		StopSignal: "SIGINT",
		Entrypoint: []string{"/postgres.sh"}, User: postgresUser + ":" + postgresUser,
		Env: []string{"PATH=/usr/lib/postgresql/15/bin:/bin:/usr/bin", "LANG=C.UTF-8"},
	}}, nil
}
