package standin_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// websocket is a client of RFC 6455, as far as the stand-in needs one.
type websocket struct {
	conn   net.Conn
	reader *bufio.Reader
}

// openWebsocket returns the status of the answer, and the websocket when it is 101.
func openWebsocket(t *testing.T, n *node, path, origin string) (*websocket, int) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(n.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	request := n.request(t, http.MethodGet, path, "")
	request.Header = http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}, "Sec-Websocket-Protocol": {"graphql-transport-ws"},
	}
	if origin != "" {
		request.Header.Set("Origin", origin)
	}
	if err := request.Write(conn); err != nil {
		t.Fatal(err)
	}
	ws := &websocket{conn, bufio.NewReader(conn)}
	answer, err := http.ReadResponse(ws.reader, request)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		answer.Body.Close()
		return nil, answer.StatusCode
	}
	// The key and its answer are those of RFC 6455, section 1.3.
	if got := answer.Header.Get("Sec-Websocket-Accept"); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Fatalf("Sec-WebSocket-Accept is %q", got)
	}
	return ws, answer.StatusCode
}

// say sends a text and returns the answer.
func (ws *websocket) say(t *testing.T, text string) string {
	t.Helper()
	answer, err := ws.trySay(text)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func (ws *websocket) trySay(text string) (string, error) {
	mask := []byte{1, 2, 3, 4}
	frame := append([]byte{0x81, 0x80 | byte(len(text))}, mask...) //nolint:gosec // shorter than 126
	for i := range len(text) {
		frame = append(frame, text[i]^mask[i%4])
	}
	if _, err := ws.conn.Write(frame); err != nil {
		return "", err
	}
	_, answer, err := ws.next()
	return answer, err
}

// receive returns the opcode and the content of the next frame; for a close frame the
// content is its code and reason.
func (ws *websocket) receive(t *testing.T) (opcode byte, content string) {
	t.Helper()
	opcode, content, err := ws.next()
	if err != nil {
		t.Fatal(err)
	}
	return opcode, content
}

func (ws *websocket) next() (opcode byte, content string, err error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(ws.reader, head); err != nil {
		return 0, "", err
	}
	payload := make([]byte, head[1])
	if _, err := io.ReadFull(ws.reader, payload); err != nil {
		return 0, "", err
	}
	opcode = head[0] & 0x0f
	if opcode == 8 && len(payload) >= 2 {
		return opcode, fmt.Sprint(binary.BigEndian.Uint16(payload), " ", string(payload[2:])), nil
	}
	return opcode, string(payload), nil
}
