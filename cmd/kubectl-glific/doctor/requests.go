package doctor

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// client dials the patient and trusts whom the doctor trusts. It follows no redirect.
func (d *Doctor) client(p Patient) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return d.Dial(ctx, network, p.address())
			},
			TLSClientConfig:   &tls.Config{RootCAs: d.Roots, ServerName: p.Host, Time: d.Now, MinVersion: tls.VersionTLS12},
			DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (d *Doctor) http(ctx context.Context, p Patient) Finding {
	url := "https://" + p.Host + p.HealthPath
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return broken("correct spec.http.healthPath of the Release", "GET %s: %v", url, err)
	}
	response, err := d.client(p).Do(request)
	if err != nil {
		return broken("kubectl glific status "+p.Name+"; then the gateway's own log", "GET %s: %v", url, err)
	}
	defer response.Body.Close()
	switch code := response.StatusCode; code {
	case http.StatusOK:
		return whole("GET %s answers 200", url)
	case http.StatusForbidden:
		return broken("the app does not know this host: its Organisation in the database is missing or inactive; kubectl glific logs "+p.Name, "GET %s answers 403", url)
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return broken("the gateway reaches no pod: kubectl glific status "+p.Name+", and spec.routing.from of the profile", "GET %s answers %d", url, code)
	default:
		return broken("kubectl glific logs "+p.Name, "GET %s answers %d", url, code)
	}
}

// stranger is an Origin that no NGO has (RFC 2606).
const stranger = "https://stranger.invalid"

// websocket must open for the NGO's own Origin, and for no other.
func (d *Doctor) websocket(ctx context.Context, p Patient) Finding {
	if p.WebsocketPath == "" {
		return unasked("the Release names no websocket")
	}
	path := p.WebsocketPath
	code, err := d.upgrade(ctx, p, path, "https://"+p.Host)
	if code == http.StatusNotFound { // Phoenix puts its transport below the socket's path
		path = strings.TrimSuffix(path, "/") + "/websocket"
		code, err = d.upgrade(ctx, p, path, "https://"+p.Host)
	}
	switch {
	case err != nil:
		return broken("kubectl glific logs "+p.Name+"; then the gateway's own log", "%s: %v", path, err)
	case code == http.StatusForbidden:
		return broken("the app refuses the NGO's own Origin: kubectl glific config "+p.Name+" --values, REQUEST_ORIGIN", "%s answers 403 to Origin https://%s", path, p.Host)
	case code != http.StatusSwitchingProtocols:
		return broken("the gateway must let upgrades through: spec.http.websocketPaths of the Release, and the gateway's settings", "%s answers %d instead of 101", path, code)
	}
	if code, err := d.upgrade(ctx, p, path, stranger); err == nil && code == http.StatusSwitchingProtocols {
		return broken("the app must check origins (check_origin): tell its developers; until then any page can act for those who are logged in",
			"%s opens for the foreign Origin %s", path, stranger)
	}
	return whole("%s opens for its own Origin and for no other", path)
}

// upgrade asks for a websocket as a browser does (RFC 6455, section 4.1), and hangs up.
func (d *Doctor) upgrade(ctx context.Context, p Patient, path, origin string) (int, error) {
	conn, err := d.Dial(ctx, "tcp", p.address())
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	secure := tls.Client(conn, &tls.Config{RootCAs: d.Roots, ServerName: p.Host, Time: d.Now, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}})
	if deadline, ok := ctx.Deadline(); ok {
		_ = secure.SetDeadline(deadline)
	}
	_, err = fmt.Fprintf(secure, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: %s\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Z2xpZmljLWRvY3Rvci1rZQ==\r\n\r\n", path, p.Host, origin)
	if err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(bufio.NewReader(secure), nil)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return response.StatusCode, nil
}

// sessionPath is where Glific's people log in.
const sessionPath = "/api/v1/session"

// login tries a person's own login, or a wrong one, which only an app whose database
// answers can refuse as it must.
func (d *Doctor) login(ctx context.Context, p Patient) Finding {
	given := p.Phone != ""
	phone, password := p.Phone, p.Password
	if !given {
		phone, password = "0", "kubectl glific doctor"
	}
	body, err := json.Marshal(map[string]any{"user": map[string]string{"phone": phone, "password": password}})
	if err != nil {
		return unasked("not asked: %v", err)
	}
	code, err := d.post(ctx, p, body)
	switch {
	case err != nil:
		return broken("kubectl glific logs "+p.Name, "POST %s: %v", sessionPath, err)
	case code == http.StatusNotFound:
		return unasked("the app has no %s", sessionPath)
	case given && code == http.StatusOK:
		return whole("%s can log in", phone)
	case given && code == http.StatusUnauthorized:
		return broken("check phone and password; a person of the NGO can reset it", "the login of %s is refused", phone)
	case !given && code == http.StatusUnauthorized:
		return whole("a wrong login is refused, so the database answers; --phone tries a right one")
	case code >= http.StatusInternalServerError:
		return broken("the app cannot ask its database: kubectl glific logs "+p.Name+", kubectl get databaseservers", "POST %s answers %d", sessionPath, code)
	}
	return broken("kubectl glific logs "+p.Name, "POST %s answers %d", sessionPath, code)
}

func (d *Doctor) post(ctx context.Context, p Patient, body []byte) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+p.Host+sessionPath, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := d.client(p).Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, nil
}
