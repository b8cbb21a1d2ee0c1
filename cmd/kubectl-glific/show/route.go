package show

import (
	"fmt"
	"strings"
	"time"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	certmanagermeta "github.com/cert-manager/cert-manager/pkg/apis/meta/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

func routeNode(route *gatewayv1.HTTPRoute) Node {
	hosts := make([]string, 0, len(route.Spec.Hostnames))
	for _, host := range route.Spec.Hostnames {
		hosts = append(hosts, string(host))
	}
	node := Node{Mark: Moving, Name: "HTTPRoute " + route.Name, Text: strings.Join(hosts, ", ") + "; no gateway has answered"}
	for _, parent := range route.Status.Parents {
		for _, c := range parent.Conditions {
			switch {
			case c.Status != metav1.ConditionTrue:
				return Node{Mark: Bad, Name: node.Name, Text: fmt.Sprintf("%s; gateway %s: %s: %s", strings.Join(hosts, ", "), parent.ParentRef.Name, c.Reason, c.Message)}
			case c.Type == string(gatewayv1.RouteConditionAccepted):
				node.Mark, node.Text = Good, fmt.Sprintf("%s; accepted by gateway %s", strings.Join(hosts, ", "), parent.ParentRef.Name)
			}
		}
	}
	return node
}

func certificateNode(cert *certmanagerv1.Certificate, now time.Time) Node {
	node := Node{Mark: Moving, Name: "Certificate " + cert.Name, Text: "not issued yet"}
	for _, c := range cert.Status.Conditions {
		if c.Type != certmanagerv1.CertificateConditionReady {
			continue
		}
		node.Text = c.Reason + ": " + c.Message
		if c.Status == certmanagermeta.ConditionTrue {
			node.Mark, node.Text = Good, "issued"
		}
	}
	if end := cert.Status.NotAfter; end != nil {
		days := int(end.Sub(now).Hours() / 24)
		node.Text = fmt.Sprintf("%s, ends in %d days", node.Text, days)
		if days < 0 {
			node.Mark, node.Text = Bad, fmt.Sprintf("ended %d days ago", -days)
		}
	}
	return node
}
