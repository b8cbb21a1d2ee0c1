package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/archive"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/version"
)

type reportOptions struct {
	file string
	logs bool
	tail int64
}

func newReport(s *Session) *cobra.Command {
	o := reportOptions{}
	cmd := named(s, look, "report NAME", "Write a support archive without secrets",
		`Write a tar.gz with the NGO's objects, its tree, its Events and the names of its
configuration. No Secret is put in; values of environment variables and credentials in
URLs are taken out. Logs may hold what people wrote, so they come only with --logs.`,
		func(ctx context.Context, name string, _ []string) error { return o.run(ctx, s, name) })
	cmd.Flags().StringVarP(&o.file, "file", "f", "", "file to write, - for standard output; glific-NAME-TIME.tar.gz without it")
	cmd.Flags().BoolVar(&o.logs, "logs", false, "add logs of the pods; read them before you hand them on")
	cmd.Flags().Int64Var(&o.tail, "tail", 1000, "lines of each container, with --logs")
	return cmd
}

func (o *reportOptions) run(ctx context.Context, s *Session, name string) error {
	c, err := s.Client()
	if err != nil {
		return err
	}
	w, err := world.Read(ctx, c, name)
	if err != nil {
		return err
	}
	files, err := o.collect(ctx, s, c, w)
	if err != nil {
		return err
	}
	folder := fmt.Sprintf("glific-%s-%s", name, s.Now().UTC().Format("20060102T150405Z"))
	if o.file == "-" {
		return archive.Write(s.Out, folder, files, s.Now())
	}
	if o.file == "" {
		o.file = folder + ".tar.gz"
	}
	return o.save(s, folder, files)
}

// save writes the file for its owner's eyes, and never over another.
func (o *reportOptions) save(s *Session, folder string, files []archive.File) error {
	out, err := os.OpenFile(o.file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing the archive: %w; choose another --file", err)
	}
	if err := archive.Write(out, folder, files, s.Now()); err != nil {
		out.Close()
		return fmt.Errorf("writing %s: %w", o.file, err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("writing %s: %w", o.file, err)
	}
	fmt.Fprintf(s.Out, "%s: %d files\n", o.file, len(files))
	return nil
}

func (o *reportOptions) collect(ctx context.Context, s *Session, c client.Client, w *world.World) ([]archive.File, error) {
	var tree, keys bytes.Buffer
	show.Status(&tree, w, show.Paint{}, s.Now())
	if config, err := world.ReadConfig(ctx, c, w, s.OperatorNamespace); err != nil {
		fmt.Fprintln(&keys, err)
	} else {
		show.Config(&keys, config, false)
	}
	files := []archive.File{
		{Name: "status.txt", Text: archive.Text(tree.String())},
		{Name: "config.txt", Text: keys.String()},
		{Name: "version.txt", Text: version.String() + "\n" + s.operatorVersion(ctx, c) + "\n"},
	}
	scheme, err := world.Scheme()
	if err != nil {
		return nil, err
	}
	for _, object := range w.All() {
		if err := identify(scheme, object); err != nil {
			return nil, err
		}
		text, err := archive.YAML(object)
		if err != nil {
			return nil, fmt.Errorf("adding %s: %w", object.GetName(), err)
		}
		kind := strings.ToLower(object.GetObjectKind().GroupVersionKind().Kind)
		files = append(files, archive.File{Name: kind + "/" + object.GetName() + ".yaml", Text: text})
	}
	if o.logs {
		files = append(files, o.read(ctx, s, w)...)
	}
	return files, nil
}

func (s *Session) operatorVersion(ctx context.Context, c client.Reader) string {
	operator, err := world.ReadOperator(ctx, c, s.OperatorNamespace)
	if err != nil {
		return err.Error()
	}
	return operator.Image
}

// read the logs; what cannot be read says why in its file.
func (o *reportOptions) read(ctx context.Context, s *Session, w *world.World) []archive.File {
	config, err := s.Flags.ToRESTConfig()
	if err != nil {
		return []archive.File{{Name: "logs/failed.txt", Text: err.Error()}}
	}
	pods, err := kubernetes.NewForConfig(config)
	if err != nil {
		return []archive.File{{Name: "logs/failed.txt", Text: err.Error()}}
	}
	var files []archive.File
	for _, pod := range w.Pods {
		for _, container := range pod.Spec.Containers {
			options := &corev1.PodLogOptions{Container: container.Name, TailLines: &o.tail, Timestamps: true}
			text, err := stream(ctx, pods, pod, options)
			if err != nil {
				text = fmt.Sprintf("reading the log of container %s: %v\n", container.Name, err)
			}
			files = append(files, archive.File{Name: "logs/" + pod.Name + "-" + container.Name + ".log", Text: archive.Text(text)})
		}
	}
	return files
}

func stream(ctx context.Context, pods kubernetes.Interface, pod corev1.Pod, options *corev1.PodLogOptions) (string, error) {
	body, err := pods.CoreV1().Pods(pod.Namespace).GetLogs(pod.Name, options).Stream(ctx)
	if err != nil {
		return "", err
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	return string(text), err
}
