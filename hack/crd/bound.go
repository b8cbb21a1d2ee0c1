package main

const (
	maxLabelValue = 63
	// maxLabelKey is a domain of 253 characters, a slash, and a name of 63.
	maxLabelKey = 317
	// maxAnnotationValue covers any setting of an Ingress controller.
	maxAnnotationValue = 1024
	maxQuantity        = 20
	maxSelectorItems   = 16
	maxPercentage      = 4
)

// quantity is the pattern of numbers that resource.ParseQuantity accepts. The one
// that controller-gen writes also lets a fraction into the exponent.
const quantity = `^[0-9]+(\.[0-9]*)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][0-9]{1,2})?$`

// percentage is what stands beside a number in fields such as maxInFlight.
const percentage = `^([1-9][0-9]?|100)%$`

// bound walks a CRD and closes every schema that it knows to be open.
func bound(node any) {
	switch node := node.(type) {
	case []any:
		for _, item := range node {
			bound(item)
		}
	case map[string]any:
		boundMap(node)
		boundQuantity(node)
		boundSelector(node)
		for _, child := range node {
			bound(child)
		}
	}
}

// boundMap limits the values of a map of strings by what the map is called.
func boundMap(schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	for name, property := range properties {
		values, ok := child(property, "additionalProperties")
		if !ok || values["type"] != "string" {
			continue
		}
		limit := maxLabelValue
		if name == "annotations" {
			limit = maxAnnotationValue
		}
		setDefault(values, "maxLength", limit)
	}
}

// boundQuantity tells a quantity from a number or percentage by the pattern that
// controller-gen writes for the first only.
func boundQuantity(schema map[string]any) {
	if schema["x-kubernetes-int-or-string"] != true {
		return
	}
	if schema["pattern"] == nil || schema["pattern"] == percentage {
		schema["pattern"] = percentage
		setDefault(schema, "maxLength", maxPercentage)
		return
	}
	schema["pattern"] = quantity
	setDefault(schema, "maxLength", maxQuantity)
}

// boundSelector knows a label selector by its two fields.
func boundSelector(schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	expressions, ok := child(properties["matchExpressions"], "items", "properties")
	labels, labelled := child(properties["matchLabels"])
	if !ok || !labelled {
		return
	}
	setDefault(labels, "maxProperties", maxSelectorItems)
	setDefault(properties["matchExpressions"].(map[string]any), "maxItems", maxSelectorItems)
	key, _ := child(expressions["key"])
	setDefault(key, "maxLength", maxLabelKey)
	operator, _ := child(expressions["operator"])
	setDefault(operator, "enum", []any{"In", "NotIn", "Exists", "DoesNotExist"})
	values, _ := child(expressions["values"])
	setDefault(values, "maxItems", maxSelectorItems)
	item, _ := child(values, "items")
	setDefault(item, "maxLength", maxLabelValue)
}

// child follows keys through nested maps.
func child(node any, keys ...string) (map[string]any, bool) {
	m, ok := node.(map[string]any)
	for _, key := range keys {
		if !ok {
			return nil, false
		}
		m, ok = m[key].(map[string]any)
	}
	return m, ok
}

func setDefault(schema map[string]any, key string, value any) {
	if _, set := schema[key]; !set {
		schema[key] = value
	}
}
