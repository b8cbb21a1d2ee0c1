package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

type values = map[string]any

func TestValues(t *testing.T) {
	deployment := func(objects map[string]object, path ...string) any {
		return objects["Deployment/tenants/organisation-operator"].at(append([]string{"spec"}, path...)...)
	}
	container := func(objects map[string]object) object {
		return deployment(objects, "template", "spec", "containers").([]any)[0].(map[string]any)
	}
	policy := func(objects map[string]object, name string) (conditions string) {
		for _, condition := range objects["ValidatingAdmissionPolicy//"+name].at("spec", "matchConditions").([]any) {
			conditions += object(condition.(map[string]any)).text("expression") + "\n"
		}
		return conditions
	}
	crd := func(objects map[string]object) object {
		return objects["CustomResourceDefinition//organisations.tenancy.glific.org"]
	}
	for sentence, test := range map[string]struct {
		values values
		holds  func(map[string]object) bool
	}{
		"another namespace is named in every policy, binding and object": {nil, func(o map[string]object) bool {
			for _, each := range o {
				if strings.Contains(mustYAML(t, each), "organisation-system") {
					return false
				}
			}
			return strings.Contains(policy(o, "organisation-operator-writes"), "system:serviceaccount:tenants:organisation-operator")
		}},
		"CRDs are kept unless they are not to be": {values{"crds": values{"keep": false, "annotations": values{"a": "b"}}}, func(o map[string]object) bool {
			return crd(o).text("metadata", "annotations", "helm.sh/resource-policy") == "" && crd(o).text("metadata", "annotations", "a") == "b"
		}},
		"CRDs are kept": {nil, func(o map[string]object) bool {
			return crd(o).text("metadata", "annotations", "helm.sh/resource-policy") == "keep"
		}},
		"CRDs may be installed apart": {values{"crds": values{"enabled": false}}, func(o map[string]object) bool { return crd(o) == nil }},
		"labels go on every object": {values{"commonLabels": values{"team": "platform"}}, func(o map[string]object) bool {
			for _, each := range o {
				if each.text("metadata", "labels", "team") != "platform" {
					return false
				}
			}
			return true
		}},
		"a digest wins over a tag": {values{"image": values{"repository": "r", "tag": "t", "digest": "sha256:" + strings.Repeat("0", 64)}}, func(o map[string]object) bool {
			return container(o)["image"] == "r@sha256:"+strings.Repeat("0", 64)
		}},
		"a tag wins over the version": {values{"image": values{"tag": "t", "pullPolicy": "Always"}}, func(o map[string]object) bool {
			return container(o)["image"] == "organisation-operator:t" && container(o)["imagePullPolicy"] == "Always"
		}},
		"groups that may break the glass": {values{"admission": values{"breakGlassGroups": []any{"a", "b c"}}}, func(o map[string]object) bool {
			return strings.Contains(policy(o, "organisation-tenant-namespaces"), "['a', 'b c']")
		}},
		"nobody may break the glass": {values{"admission": values{"breakGlassGroups": []any{}}}, func(o map[string]object) bool {
			return strings.Contains(policy(o, "organisation-tenant-namespaces"), "g in []")
		}},
		"roles of the cluster are left alone": {values{"rbac": values{"aggregateClusterRoles": false}}, func(o map[string]object) bool {
			return !strings.Contains(mustYAML(t, o["ClusterRole//organisation-viewer"]), "aggregate")
		}},
		"arguments": {values{"concurrency": 3, "extraArgs": []any{"--x"}}, func(o map[string]object) bool {
			args, _ := json.Marshal(container(o)["args"])
			return strings.Contains(string(args), `"--concurrency=3","--x"`)
		}},
		"environment": {values{"extraEnv": []any{values{"name": "A", "value": "b"}}}, func(o map[string]object) bool { return len(container(o)["env"].([]any)) == 3 }},
		"pod settings": {values{
			"replicaCount": 1, "imagePullSecrets": []any{values{"name": "s"}}, "priorityClassName": "p", "podLabels": values{"l": "v"}, "podAnnotations": values{"a": "v"},
			"nodeSelector": values{"pool": "v"}, "tolerations": []any{values{"key": "k"}}, "affinity": values{"nodeAffinity": values{}},
			"topologySpreadConstraints": []any{values{"maxSkew": 2}}, "resources": values{"limits": values{"memory": "1Gi"}},
		}, func(o map[string]object) bool {
			text := mustYAML(t, o["Deployment/tenants/organisation-operator"])
			for _, part := range []string{"replicas: 1", "name: s\n", "priorityClassName: p", "l: v", "a: v", "pool: v", "key: k", "nodeAffinity", "maxSkew: 2", "memory: 1Gi"} {
				if !strings.Contains(text, part) {
					return false
				}
			}
			return !strings.Contains(text, "maxSkew: 1")
		}},
		"budget, network policy and Service can be switched off": {
			values{"podDisruptionBudget": values{"enabled": false}, "networkPolicy": values{"enabled": false}, "metrics": values{"service": values{"enabled": false}}},
			func(o map[string]object) bool {
				return o["PodDisruptionBudget/tenants/organisation-operator"] == nil && o["NetworkPolicy/tenants/organisation-operator"] == nil &&
					o["Service/tenants/organisation-operator-metrics"] == nil
			},
		},
		"peers of the network policy": {values{"networkPolicy": values{"from": []any{values{"podSelector": values{}}}}}, func(o map[string]object) bool {
			return strings.Contains(mustYAML(t, o["NetworkPolicy/tenants/organisation-operator"]), "podSelector: {}")
		}},
		"a ServiceMonitor": {values{"metrics": values{"serviceMonitor": values{"enabled": true, "renderMode": "alwaysRender", "interval": "5s", "labels": values{"a": "b"}}}}, func(o map[string]object) bool {
			monitor := o["ServiceMonitor/tenants/organisation-operator"]
			return monitor.text("metadata", "labels", "a") == "b" && strings.Contains(mustYAML(t, monitor), "interval: 5s")
		}},
		"no ServiceMonitor where nobody knows the kind": {values{"metrics": values{"serviceMonitor": values{"enabled": true}}}, func(o map[string]object) bool {
			return o["ServiceMonitor/tenants/organisation-operator"] == nil
		}},
		"annotations go on every object": {values{"commonAnnotations": values{"team": "platform"}, "postgresql": values{"enabled": true}}, func(o map[string]object) bool {
			for _, each := range o {
				if each.text("metadata", "annotations", "team") != "platform" && each.text("kind") != "DatabaseServer" {
					return false
				}
			}
			return true
		}},
		"labels of the definitions": {values{"crds": values{"labels": values{"a": "b"}}}, func(o map[string]object) bool {
			return crd(o).text("metadata", "labels", "a") == "b" && o["ClusterRole//organisation-viewer"].text("metadata", "labels", "a") == ""
		}},
		"a registry before the repository": {values{"image": values{"registry": "r.example.org"}, "postgresql": values{"enabled": true, "image": values{"registry": "r.example.org"}}}, func(o map[string]object) bool {
			return container(o)["image"] == "r.example.org/organisation-operator:0.1.0" &&
				strings.Contains(mustYAML(t, o["StatefulSet/tenants/organisation-postgresql"]), "image: r.example.org/library/postgres:18")
		}},
		"another ServiceAccount is told to the operator, its bindings and its policies": {values{"serviceAccount": values{"name": "tenancy", "annotations": values{"a": "b"}}}, func(o map[string]object) bool {
			args, _ := json.Marshal(container(o)["args"])
			return o["ServiceAccount/tenants/tenancy"].text("metadata", "annotations", "a") == "b" && strings.Contains(string(args), "--service-account=tenancy") &&
				strings.Contains(mustYAML(t, o["ClusterRoleBinding//organisation-operator"]), "name: tenancy") &&
				strings.Contains(mustYAML(t, o["RoleBinding/tenants/organisation-operator"]), "name: tenancy") &&
				strings.Contains(policy(o, "organisation-operator-writes"), "system:serviceaccount:tenants:tenancy") &&
				strings.Contains(mustYAML(t, o["ValidatingAdmissionPolicy//organisation-operator-role-bindings"]), "s.name == 'tenancy'")
		}},
		"neither rights nor ServiceAccount": {values{"rbac": values{"create": false}, "serviceAccount": values{"create": false}}, func(o map[string]object) bool {
			return o["ClusterRole//organisation-operator"] == nil && o["ServiceAccount/tenants/organisation-operator"] == nil
		}},
		"the whole chart in another namespace": {values{"namespaceOverride": "elsewhere", "postgresql": values{"enabled": true}}, func(o map[string]object) bool {
			for key, each := range o {
				text := mustYAML(t, each)
				if strings.Contains(key, "/tenants/") || strings.Contains(text, "namespace: tenants") || strings.Contains(text, ":tenants:") || strings.Contains(text, "'tenants'") {
					return false
				}
			}
			return o["Deployment/elsewhere/organisation-operator"] != nil
		}},
		"a single replica that need not be elected": {values{"leaderElection": values{"enabled": false}}, func(o map[string]object) bool {
			args, _ := json.Marshal(container(o)["args"])
			return strings.Contains(string(args), `"--leader-elect=false"`)
		}},
		"logs and traces": {values{"log": values{"level": "debug", "format": "console"}, "tracing": values{"enabled": true, "endpoint": "http://c.example.org:4317", "sampleRatio": 1}}, func(o map[string]object) bool {
			args, _ := json.Marshal(container(o)["args"])
			return strings.Contains(string(args), `"--zap-log-level=debug","--zap-encoder=console","--trace-endpoint=http://c.example.org:4317","--trace-ratio=1"`)
		}},
		"volumes and network": {values{
			"extraVolumes": []any{values{"name": "v"}}, "extraVolumeMounts": []any{values{"name": "v", "mountPath": "/v"}}, "hostNetwork": true, "dnsPolicy": "Default",
		}, func(o map[string]object) bool {
			pod := mustYAML(t, deployment(o, "template", "spec").(map[string]any))
			return strings.Contains(pod, "mountPath: /v") && strings.Contains(pod, "hostNetwork: true") && strings.Contains(pod, "dnsPolicy: Default")
		}},
		"security contexts": {values{"podSecurityContext": values{"runAsUser": 7}, "securityContext": values{"privileged": false}}, func(o map[string]object) bool {
			return strings.Contains(mustYAML(t, o["Deployment/tenants/organisation-operator"]), "runAsUser: 7") && container(o).at("securityContext", "privileged") == false
		}},
		"a budget of one's own": {values{"podDisruptionBudget": values{"minAvailable": 1}}, func(o map[string]object) bool {
			budget := o["PodDisruptionBudget/tenants/organisation-operator"]
			return budget.at("spec", "maxUnavailable") == nil && budget.at("spec", "minAvailable") != nil
		}},
		"what the operator may reach": {values{"networkPolicy": values{"egress": []any{values{"ports": []any{values{"port": 6443}}}}}}, func(o map[string]object) bool {
			text := mustYAML(t, o["NetworkPolicy/tenants/organisation-operator"])
			return strings.Contains(text, "- Egress") && strings.Contains(text, "port: 6443")
		}},
		"further objects are templates": {values{"extraObjects": []any{values{"apiVersion": "v1", "kind": "ConfigMap", "metadata": values{"name": "{{ .Release.Name }}-more"}}}}, func(o map[string]object) bool {
			return o["ConfigMap//organisation-operator-more"] != nil
		}},
		"a PostgreSQL server for development": {values{"postgresql": values{"enabled": true, "maxConnections": 99, "podCIDRs": []any{"10.1.0.0/16"}, "storage": values{"size": "1Gi", "className": "fast"}}}, func(o map[string]object) bool {
			server, set := o["DatabaseServer//development"], mustYAML(t, o["StatefulSet/tenants/organisation-postgresql"])
			return server.text("spec", "postgreSQL", "host") == "organisation-postgresql.tenants.svc" && strings.Contains(mustYAML(t, server), "10.1.0.0/16") &&
				strings.Contains(set, "max_connections=99") && strings.Contains(set, "storage: 1Gi") && strings.Contains(set, "storageClassName: fast") &&
				strings.Contains(mustYAML(t, o["ConfigMap/tenants/organisation-postgresql"]), "CREATE ROLE organisation_operator_definer") &&
				o["Secret/tenants/organisation-postgresql-admin"].text("metadata", "annotations", "helm.sh/resource-policy") == "keep"
		}},
		"alerts whose runbooks are elsewhere": {values{"metrics": values{"prometheusRules": values{"enabled": true, "renderMode": "alwaysRender", "labels": values{"a": "b"}, "runbookURL": "https://wiki.example.org/"}}}, func(o map[string]object) bool {
			rule := o["PrometheusRule/tenants/organisation-operator"]
			text := mustYAML(t, rule)
			return rule.text("metadata", "labels", "a") == "b" && strings.Contains(text, "https://wiki.example.org/organisation-unavailable.md") &&
				strings.Contains(text, "{{ $labels.organisation }}") && !strings.Contains(text, "github.com")
		}},
		"dashboards": {values{"metrics": values{"dashboards": values{"enabled": true, "annotations": values{"grafana_folder": "NGOs"}}}}, func(o map[string]object) bool {
			fleet := o["ConfigMap/tenants/organisation-operator-dashboard-fleet"]
			text := fleet.text("data", "fleet.json")
			return fleet.text("metadata", "labels", "grafana_dashboard") == "1" && fleet.text("metadata", "annotations", "grafana_folder") == "NGOs" &&
				json.Valid([]byte(text)) && o["ConfigMap/tenants/organisation-operator-dashboard-operator"] != nil
		}},
		"what Argo CD needs to know": {values{"argocd": values{"configMap": values{"enabled": true}}}, func(o map[string]object) bool {
			data, _ := o["ConfigMap/tenants/organisation-operator-argocd"].at("data").(map[string]any)
			return len(data) == 5 && strings.Contains(mustYAML(t, data), "hs.status")
		}},
		"a flow schema": {values{"flowSchema": values{"enabled": true}}, func(o map[string]object) bool {
			return strings.Contains(mustYAML(t, o["FlowSchema//organisation-operator"]), "namespace: tenants")
		}},
	} {
		t.Run(sentence, func(t *testing.T) {
			objects, err := render(t, "tenants", test.values)
			if err != nil {
				t.Fatal(err)
			}
			if !test.holds(objects) {
				t.Error("it does not hold")
			}
		})
	}
}

func TestSchemaRefuses(t *testing.T) {
	for sentence, test := range map[string]struct {
		values  values
		message string
	}{
		"a monitor that must be":   {values{"metrics": values{"serviceMonitor": values{"enabled": true, "renderMode": "failIfMissing"}}}, "install the Prometheus operator first"},
		"traces to nowhere":        {values{"tracing": values{"enabled": true}}, "tracing.endpoint"},
		"a typing error":           {values{"replicas": 3}, "replicas"},
		"a typing error deep down": {values{"crds": values{"keeep": true}}, "keeep"},
		"a tag that is a number":   {values{"image": values{"tag": 1.5}}, "image/tag"},
		"a digest that is none":    {values{"image": values{"digest": "latest"}}, "image/digest"},
		"a quote in a group":       {values{"admission": values{"breakGlassGroups": []any{"a' || true || '"}}}, "breakGlassGroups"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if _, err := render(t, "tenants", test.values); err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("got %v, want a message with %q", err, test.message)
			}
		})
	}
}

// The three lists of values must not drift apart.
func TestValuesAreInSchemaAndReadme(t *testing.T) {
	var defaults, schema map[string]any
	for file, into := range map[string]any{"values.yaml": &defaults, "values.schema.json": &schema} {
		content, err := os.ReadFile(filepath.Join(chart, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(content, into); err != nil {
			t.Fatal(err)
		}
	}
	readme, err := os.ReadFile(filepath.Join(chart, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	declared := leaves("", schema)
	delete(declared, "global")
	for name := range declared {
		var value any = defaults
		for _, part := range strings.Split(name, ".") {
			m, _ := value.(map[string]any)
			if value = m[part]; value == nil {
				t.Errorf("values.yaml lacks %s", name)
				break
			}
		}
		if !strings.Contains(string(readme), "`"+name+"`") {
			t.Errorf("README.md lacks %s", name)
		}
	}
	if len(declared) < 25 {
		t.Errorf("only %d values were found in the schema", len(declared))
	}
}

// leaves lists the values of a closed schema by their dotted names.
func leaves(name string, schema map[string]any) map[string]bool {
	properties, _ := schema["properties"].(map[string]any)
	if properties == nil {
		return map[string]bool{name: true}
	}
	all := map[string]bool{}
	for key, property := range properties {
		maps.Copy(all, leaves(strings.TrimPrefix(name+"."+key, "."), property.(map[string]any)))
	}
	return all
}
