// Command install puts the named majors of PostgreSQL into the cache, so that tests
// and the demo find them: go run ./internal/postgres/postgrestest/install 15 18
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

func main() {
	for _, argument := range os.Args[1:] {
		major, err := strconv.Atoi(argument)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s is not a major version of PostgreSQL\n", argument)
			os.Exit(2)
		}
		bin, err := postgrestest.Install(context.Background(), major)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Printf("PostgreSQL %d: %s\n", major, bin)
	}
}
