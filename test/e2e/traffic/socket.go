package traffic

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// beat is how often each socket sends a numbered message.
const beat = 200 * time.Millisecond

// socket holds one websocket open, sends numbers, and expects each back in order.
func (r *Run) socket(ctx context.Context, n int) {
	for first := true; ctx.Err() == nil; first = false {
		if !first {
			pause(ctx, time.Second/2)
		}
		conn, _, err := r.load.Gateway.Websocket(ctx, r.load.Host, r.load.WebsocketPath, "https://"+r.load.Host)
		if err != nil {
			if ctx.Err() == nil {
				r.note(func(report *Report) { report.fail(&report.Broken, fmt.Sprintf("socket %d", n), err) })
			}
			continue
		}
		r.note(func(report *Report) { report.Opened++ })
		err = r.talk(ctx, conn)
		conn.Close()
		if err != nil && ctx.Err() == nil {
			r.note(func(report *Report) {
				report.fail(&report.Broken, fmt.Sprintf("%s socket %d", time.Now().Format("15:04:05.000"), n), err)
			})
		}
	}
}

// talk until the socket breaks or ctx ends; then what was sent must still come back.
func (r *Run) talk(ctx context.Context, conn *websocket.Conn) error {
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
		case <-ticker.C:
		}
		if err := r.say(conn, n); err != nil {
			return err
		}
	}
}

// say the n-th text. The answer counts the texts of this socket, so that one which got
// lost, also in a hot upgrade, is noticed.
func (r *Run) say(conn *websocket.Conn, n int) error {
	message := fmt.Sprintf("text %d", n)
	deadline := time.Now().Add(patience)
	conn.SetWriteDeadline(deadline) //nolint:errcheck // gorilla's never fails
	conn.SetReadDeadline(deadline)  //nolint:errcheck // gorilla's never fails
	if err := conn.WriteMessage(websocket.TextMessage, []byte(message)); err != nil {
		return err
	}
	_, answer, err := conn.ReadMessage()
	if err != nil {
		return err
	}
	r.note(func(report *Report) {
		report.Echoes++
		if !strings.HasSuffix(string(answer), fmt.Sprintf(" %d %s", n, message)) {
			report.fail(&report.Lost, "socket", fmt.Errorf("sent %q, got %q", message, answer))
		}
	})
	return nil
}
