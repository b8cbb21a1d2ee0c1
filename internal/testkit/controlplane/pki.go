package controlplane

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// pki is the control plane's certificate authority and the files made from it.
type pki struct {
	ca    *x509.Certificate
	caKey crypto.Signer

	caPEM                                           []byte
	caFile, servingCert, servingKey, serviceAcctKey string
}

// validity of every certificate; a control plane of tests and demos lives hours.
const validity = 30 * 24 * time.Hour

func newPKI(dir string) (*pki, error) {
	file := func(name string) string { return filepath.Join(dir, name) }
	p := &pki{
		caFile: file("ca.crt"), servingCert: file("apiserver.crt"),
		servingKey: file("apiserver.key"), serviceAcctKey: file("service-account.key"),
	}
	if err := p.makeAuthority(); err != nil {
		return nil, fmt.Errorf("making the certificate authority: %w", err)
	}
	cert, key, err := p.issue(serving())
	if err != nil {
		return nil, fmt.Errorf("making the serving certificate: %w", err)
	}
	_, tokenKey, err := newKey()
	if err != nil {
		return nil, fmt.Errorf("making the service account key: %w", err)
	}
	for name, content := range map[string][]byte{
		p.caFile: p.caPEM, p.servingCert: cert, p.servingKey: key, p.serviceAcctKey: tokenKey,
	} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *pki) makeAuthority() error {
	key, _, err := newKey()
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "control plane"}, SerialNumber: big.NewInt(1),
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(validity),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		IsCA:     true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	p.caKey, p.caPEM = key, encode("CERTIFICATE", der)
	p.ca, err = x509.ParseCertificate(der)
	return err
}

func serving() *x509.Certificate {
	return &x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		DNSNames:    []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

// client is the certificate of a user: name and groups as the API server reads
// them (https://kubernetes.io/docs/reference/access-authn-authz/authentication/).
func client(user string, groups []string) *x509.Certificate {
	return &x509.Certificate{
		Subject:     pkix.Name{CommonName: user, Organization: groups},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
}

// issue signs template with the authority and returns certificate and key as PEM.
func (p *pki) issue(template *x509.Certificate) (cert, keyPEM []byte, err error) {
	key, keyPEM, err := newKey()
	if err != nil {
		return nil, nil, err
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return nil, nil, err
	}
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(validity)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, p.ca, key.Public(), p.caKey)
	if err != nil {
		return nil, nil, err
	}
	return encode("CERTIFICATE", der), keyPEM, nil
}

func newKey() (*ecdsa.PrivateKey, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return key, encode("EC PRIVATE KEY", der), nil
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
