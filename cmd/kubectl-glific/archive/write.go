package archive

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"io"
	"time"
)

// File of an archive.
type File struct{ Name, Text string }

// Write makes a tar.gz with the files below one folder.
func Write(out io.Writer, folder string, files []File, now time.Time) error {
	zip := gzip.NewWriter(out)
	archive := tar.NewWriter(zip)
	for _, file := range files {
		header := &tar.Header{Name: folder + "/" + file.Name, Mode: 0o600, Size: int64(len(file.Text)), ModTime: now, Typeflag: tar.TypeReg}
		if err := archive.WriteHeader(header); err != nil {
			return fmt.Errorf("writing %s: %w", file.Name, err)
		}
		if _, err := io.WriteString(archive, file.Text); err != nil {
			return fmt.Errorf("writing %s: %w", file.Name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("ending the archive: %w", err)
	}
	return zip.Close()
}
