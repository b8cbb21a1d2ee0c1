package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// authority signs every certificate of the cluster.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// validity of every certificate; a cluster of a demo or a test lives days.
const validity = 365 * 24 * time.Hour

// pki returns the path of a certificate ("x.crt") or key ("x.key").
func (c *cluster) pki(file string) string { return c.path("pki", file) }

// identity is a certificate and key to issue as <file>.crt and <file>.key.
type identity struct {
	file     string
	template x509.Certificate
}

// writePKI makes what does not exist; what exists stays, so that a second up
// invalidates nobody's kubeconfig.
func (c *cluster) writePKI() error {
	if err := os.MkdirAll(c.path("pki"), 0o700); err != nil {
		return err
	}
	ca, err := c.authority()
	if err != nil {
		return fmt.Errorf("the certificate authority: %w", err)
	}
	for _, id := range c.identities() {
		if _, err := os.Stat(c.pki(id.file + ".crt")); err == nil {
			continue
		}
		if err := ca.issue(c.pki(id.file), &id.template); err != nil {
			return fmt.Errorf("the certificate %s: %w", id.file, err)
		}
	}
	return nil
}

func (c *cluster) identities() []identity {
	node := net.IP(c.nodeAddr.AsSlice())
	return []identity{
		{"apiserver", server("kube-apiserver", []net.IP{node, net.IP(apiService.AsSlice()), net.IPv4(127, 0, 0, 1)},
			"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc."+domain)},
		{"kubelet-server", server("system:node:"+nodeName, []net.IP{node}, nodeName)},
		{"gateway", server("gateway", nil, gatewayDomains...)},
		{"service-account", client("service-account")},
		{"admin", client("admin", "system:masters")},
		{"kubelet-client", client("kube-apiserver-kubelet-client", "system:masters")},
		{"kubelet", client("system:node:"+nodeName, "system:nodes")},
		{"kube-proxy", client("system:kube-proxy")},
		{"kube-controller-manager", client("system:kube-controller-manager")},
		{"kube-scheduler", client("system:kube-scheduler")},
	}
}

func server(name string, addresses []net.IP, dns ...string) x509.Certificate {
	return x509.Certificate{
		Subject: pkix.Name{CommonName: name}, DNSNames: dns, IPAddresses: addresses,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

// client names a user and its groups as the API server reads them
// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/).
func client(user string, groups ...string) x509.Certificate {
	return x509.Certificate{
		Subject:     pkix.Name{CommonName: user, Organization: groups},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
}

func (c *cluster) authority() (*authority, error) {
	cert, err := os.ReadFile(c.pki("ca.crt"))
	if errors.Is(err, fs.ErrNotExist) {
		return c.newAuthority()
	}
	if err != nil {
		return nil, err
	}
	key, err := os.ReadFile(c.pki("ca.key"))
	if err != nil {
		return nil, err
	}
	certBlock, _ := pem.Decode(cert)
	keyBlock, _ := pem.Decode(key)
	if certBlock == nil || keyBlock == nil {
		return nil, fmt.Errorf("%s holds no PEM; run down, then up", c.path("pki"))
	}
	a := &authority{}
	if a.cert, err = x509.ParseCertificate(certBlock.Bytes); err != nil {
		return nil, err
	}
	a.key, err = x509.ParseECPrivateKey(keyBlock.Bytes)
	return a, err
}

func (c *cluster) newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	a := &authority{key: key, cert: &x509.Certificate{
		Subject:  pkix.Name{CommonName: "cluster " + c.name},
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		IsCA:     true, BasicConstraintsValid: true,
	}}
	der, err := a.sign(a.cert, key)
	if err != nil {
		return nil, err
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	return a, writePair(c.pki("ca"), der, key)
}

func (a *authority) issue(file string, template *x509.Certificate) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	der, err := a.sign(template, key)
	if err != nil {
		return err
	}
	return writePair(file, der, key)
}

func (a *authority) sign(template *x509.Certificate, key *ecdsa.PrivateKey) ([]byte, error) {
	var err error
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return nil, err
	}
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(validity)
	return x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
}

// writePair writes the certificate last: its presence says that the key is there.
func writePair(file string, der []byte, key *ecdsa.PrivateKey) error {
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(file+".key", keyPEM, 0o600); err != nil {
		return err
	}
	return os.WriteFile(file+".crt", certPEM, 0o600)
}
