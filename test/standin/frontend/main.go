// Command frontend serves one page, as Glific's front end does with all its pages: the
// same image for every tenant, since the page asks whatever host it came from.
package main

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"time"
)

//go:embed page
var page embed.FS

func main() {
	if err := serve(":8080"); err != nil {
		fmt.Fprintln(os.Stderr, "frontend:", err)
		os.Exit(1)
	}
}

func serve(address string) error {
	files, err := fs.Sub(page, "page")
	if err != nil {
		return err
	}
	server := &http.Server{Addr: address, Handler: http.FileServerFS(files), ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}
