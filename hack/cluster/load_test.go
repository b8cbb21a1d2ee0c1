package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// client dials the node whatever the URL's host is, and trusts the cluster's CA.
func (n *node) client() *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(read(n.t, n.pki("ca.crt"))))
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(n.nodeAddr.String(), port))
	}
	transport := &http.Transport{DialContext: dial, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots}}
	return &http.Client{Timeout: 10 * time.Second, Transport: transport}
}

func (n *node) get(url, host string) string {
	n.t.Helper()
	answer, err := ask(n.client(), url, host)
	n.must(err)
	return answer
}

func ask(client *http.Client, url, host string) (string, error) {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	request.Host = host
	resp, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return resp.Status, err
	}
	return string(body), nil
}

// startLoads puts load on the Service's node port and on the gateway. The returned
// function ends it, and fails the test if a request got no answer.
func (n *node) startLoads() (end func()) {
	port := n.startLoad("http://"+n.nodeAddr.String()+":30080/", "")
	gateway := n.startLoad("http://"+n.nodeAddr.String()+"/", "asha.ngo.test")
	return func() {
		for name, stop := range map[string]func() (int64, int64){"node port": port, "gateway": gateway} {
			asked, failed := stop()
			n.t.Logf("%s: %d requests, %d failed", name, asked, failed)
			if failed > 0 || asked == 0 {
				n.t.Errorf("%s: %d of %d requests failed", name, failed, asked)
			}
		}
	}
}

// startLoad asks one request after the other until the returned function is called,
// which says how many were asked and how many got no 200.
func (n *node) startLoad(url, host string) (stop func() (asked, failed int64)) {
	client := n.client()
	done, ended := make(chan struct{}), make(chan struct{})
	var asked, failed atomic.Int64
	t := n.t
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			default:
			}
			asked.Add(1)
			if answer, err := ask(client, url, host); err != nil || !strings.HasPrefix(answer, "pod=") {
				failed.Add(1)
				t.Logf("failed: %q %v", answer, err)
			}
		}
	}()
	return func() (int64, int64) {
		close(done)
		<-ended
		return asked.Load(), failed.Load()
	}
}
