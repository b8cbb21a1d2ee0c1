{{- define "organisation-operator.namespace" -}}
{{ .Values.namespaceOverride | default .Release.Namespace }}
{{- end }}

{{- define "organisation-operator.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default "organisation-operator" }}
{{- end }}

{{- define "organisation-operator.labels" -}}
app.kubernetes.io/name: organisation-operator
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "organisation-operator.annotations" -}}
{{- with .Values.commonAnnotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "organisation-operator.crdLabels" -}}
{{ include "organisation-operator.labels" . }}
{{- with .Values.crds.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "organisation-operator.crdAnnotations" -}}
{{- if .Values.crds.keep }}
helm.sh/resource-policy: keep
{{- end }}
{{- with merge (dict) .Values.crds.annotations .Values.commonAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "organisation-operator.image" -}}
{{- with .Values.image.registry -}}
{{ . }}/
{{- end -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "organisation-operator.postgresImage" -}}
{{- $image := .Values.postgresql.image -}}
{{- with $image.registry -}}
{{ . }}/
{{- end -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag }}
{{- end }}
{{- end }}

{{- /* A list of strings in CEL; the schema refuses quotes. */}}
{{- define "organisation-operator.breakGlassGroups" -}}
[{{ range $i, $group := .Values.admission.breakGlassGroups }}{{ if $i }}, {{ end }}'{{ $group }}'{{ end }}]
{{- end }}

{{- /* Whether an object of the Prometheus operator is rendered, by a renderMode. */}}
{{- define "organisation-operator.monitored" -}}
{{- $has := .root.Capabilities.APIVersions.Has "monitoring.coreos.com/v1" -}}
{{- if eq .mode "alwaysRender" -}}
true
{{- else if $has -}}
true
{{- else if eq .mode "failIfMissing" -}}
{{- fail (printf "%s is enabled and the cluster does not know monitoring.coreos.com/v1: install the Prometheus operator first, or set its renderMode to skipIfMissing" .value) -}}
{{- end -}}
{{- end }}
