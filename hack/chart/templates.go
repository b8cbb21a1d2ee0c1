package main

import (
	"regexp"
	"strings"
)

const (
	namespace = "organisation-system"
	operator  = "system:serviceaccount:organisation-system:organisation-operator"

	labels         = "  labels:\n    app.kubernetes.io/name: organisation-operator\n"
	labelsTemplate = "  labels:\n    {{- include \"organisation-operator.labels\" . | nindent 4 }}\n"
)

// crd keeps a definition on uninstall unless its user decides otherwise, since
// every Organisation would go with it. Nothing inside spec is a template.
func crd(text string) (string, error) {
	text = strings.TrimPrefix(text, "---\n")
	text, err := replace(text,
		"\nmetadata:\n  annotations:\n", "\nmetadata:\n"+labelsTemplate+"  annotations:\n    {{- include \"organisation-operator.crdAnnotations\" . | nindent 4 }}\n")
	return "{{- if .Values.crds.enabled }}\n" + text + "{{- end }}\n", err
}

var aggregation = regexp.MustCompile(`(?m)(^    rbac\.authorization\.k8s\.io/aggregate-to-.*\n)+`)

// rights are the same for everybody, but for the namespace and whether the viewer
// role of the kinds becomes part of the cluster's own view, edit and admin.
func rights(text string) (string, error) {
	text = aggregation.ReplaceAllString(text, "    {{- if .Values.rbac.aggregateClusterRoles }}\n$0    {{- end }}\n")
	text = strings.ReplaceAll(text, "namespace: "+namespace, "namespace: {{ .Release.Namespace }}")
	return replace(text, labels, labelsTemplate)
}

// policy names the operator by its namespace, and those who may break the glass.
func policy(text string) (string, error) {
	text = strings.ReplaceAll(text, operator, "system:serviceaccount:{{ .Release.Namespace }}:organisation-operator")
	text = strings.ReplaceAll(text, "'"+namespace+"'", "'{{ .Release.Namespace }}'")
	text = strings.ReplaceAll(text, "['system:masters']", `{{ include "organisation-operator.breakGlassGroups" . }}`)
	return replace(text, labels, labelsTemplate)
}
