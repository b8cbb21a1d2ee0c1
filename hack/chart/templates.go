package main

import (
	"regexp"
	"strings"
)

const (
	namespace = "organisation-system"
	operator  = "system:serviceaccount:organisation-system:organisation-operator"

	namespaceTemplate = `{{ include "organisation-operator.namespace" . }}`
	accountTemplate   = `{{ include "organisation-operator.serviceAccountName" . }}`

	labels         = "  labels:\n    app.kubernetes.io/name: organisation-operator\n"
	labelsTemplate = "  labels:\n    {{- include \"organisation-operator.labels\" . | nindent 4 }}\n"

	annotationsTemplate = "  {{- include \"organisation-operator.annotations\" . | nindent 2 }}\n"
)

// crd keeps a definition on uninstall unless its user decides otherwise, since
// every Organisation would go with it. Nothing inside spec is a template.
func crd(text string) (string, error) {
	text = strings.TrimPrefix(text, "---\n")
	text, err := replace(text,
		"\nmetadata:\n  annotations:\n", "\nmetadata:\n"+strings.Replace(labelsTemplate, ".labels", ".crdLabels", 1)+
			"  annotations:\n    {{- include \"organisation-operator.crdAnnotations\" . | nindent 4 }}\n")
	return "{{- if .Values.crds.enabled }}\n" + text + "{{- end }}\n", err
}

var (
	aggregation = regexp.MustCompile(`(?m)(^    rbac\.authorization\.k8s\.io/aggregate-to-.*\n)+`)
	subject     = "- kind: ServiceAccount\n  name: organisation-operator\n"
)

// rights are the same for everybody, but for the namespace, the ServiceAccount, and
// whether the viewer role of the kinds becomes part of the cluster's own view, edit and
// admin. The ServiceAccount itself is the chart's own.
func rights(text string) (string, error) {
	if strings.HasPrefix(text, "apiVersion: v1\nkind: ServiceAccount\n") {
		return account, nil
	}
	text = aggregation.ReplaceAllString(text, "    {{- if .Values.rbac.aggregateClusterRoles }}\n$0    {{- end }}\n")
	text = strings.ReplaceAll(text, "namespace: "+namespace, "namespace: "+namespaceTemplate)
	text = strings.ReplaceAll(text, subject, "- kind: ServiceAccount\n  name: "+accountTemplate+"\n")
	text, err := replace(text, labels, annotationsTemplate+labelsTemplate)
	return "{{- if .Values.rbac.create }}\n" + text + "{{- end }}\n", err
}

const account = `{{- if .Values.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "organisation-operator.serviceAccountName" . }}
  namespace: {{ include "organisation-operator.namespace" . }}
  {{- with merge (dict) .Values.serviceAccount.annotations .Values.commonAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  labels:
    {{- include "organisation-operator.labels" . | nindent 4 }}
{{- if not .Values.serviceAccount.automount }}
automountServiceAccountToken: false
{{- end }}
{{- end }}
`

// hot rights are there for those who want hot upgrades.
func hot(text string) (string, error) {
	text, err := rights(text)
	return "{{- if .Values.hotUpgrades.enabled }}\n" + text + "{{- end }}\n", err
}

// policy names the operator by its namespace and ServiceAccount, and those who may break
// the glass.
func policy(text string) (string, error) {
	text = strings.ReplaceAll(text, operator, "system:serviceaccount:"+namespaceTemplate+":"+accountTemplate)
	text = strings.ReplaceAll(text, "'"+namespace+"'", "'"+namespaceTemplate+"'")
	text = strings.ReplaceAll(text, "s.name == 'organisation-operator'", "s.name == '"+accountTemplate+"'")
	text = strings.ReplaceAll(text, "['system:masters']", `{{ include "organisation-operator.breakGlassGroups" . }}`)
	return replace(text, labels, annotationsTemplate+labelsTemplate)
}
