package crash

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net"
	"sync"
)

// session is one client's connection to the server.
//
// Messages of the extended protocol are kept until the Sync that carries them
// out, so that a write is one unit on the wire: it is sent whole or not at all.
// The answer to a counted write is kept until the fault has decided on it.
type session struct {
	client, server net.Conn
	life           *Life // nil: forward only
	writes         func(sql string) bool
	detach         func() bool // stops waiting for the life's end
	gone           chan struct{}

	statements, portals map[string]string // name -> SQL, of the extended protocol
	batch               bytes.Buffer      // messages up to the next Sync
	batchWrite          string            // the first counted SQL in it

	mu      sync.Mutex
	pending int           // ReadyForQuery messages that the server still owes
	holding bool          // answers go to held
	held    bytes.Buffer  // answers kept back
	settled chan struct{} // receives once the server owes nothing
}

func newSession(client, server net.Conn, life *Life, writes func(string) bool) *session {
	s := &session{
		client: client, server: server, life: life, writes: writes,
		detach: func() bool { return true }, gone: make(chan struct{}),
		statements: map[string]string{}, portals: map[string]string{},
		pending: 1, // the one that ends the start-up
		settled: make(chan struct{}, 1),
	}
	if life != nil {
		s.detach = context.AfterFunc(life.alive, s.cut)
	}
	return s
}

func (s *session) cut() {
	s.client.Close()
	s.server.Close()
}

// run forwards both directions until one ends.
func (s *session) run() {
	defer s.detach()
	go func() {
		defer close(s.gone)
		defer s.cut()
		s.answers()
	}()
	s.requests()
	s.cut()
	<-s.gone
}

// Codes of start-up messages that ask for encryption; the answer to both is one
// byte, and "N" means no.
const (
	sslRequest    = 80877103
	gssEncRequest = 80877104
)

func (s *session) requests() {
	from := bufio.NewReader(s.client)
	if s.startUp(from) != nil {
		return
	}
	for {
		m, err := readMessage(from, true)
		if err != nil || s.request(m) != nil {
			return
		}
	}
}

func (s *session) startUp(from *bufio.Reader) error {
	for {
		m, err := readMessage(from, false)
		if err != nil || len(m.raw) < 8 {
			return errors.Join(err, errCut)
		}
		code := binary.BigEndian.Uint32(m.raw[4:8])
		if code != sslRequest && code != gssEncRequest {
			_, err := s.server.Write(m.raw)
			return err
		}
		if _, err := s.client.Write([]byte("N")); err != nil {
			return err
		}
	}
}

// request takes one message of the client: what carries out SQL passes the
// life's fault, the rest is forwarded or waits for its Sync.
func (s *session) request(m message) error {
	s.batch.Write(m.raw)
	switch m.kind {
	case 'P': // Parse
		names := m.text(2)
		s.statements[names[0]] = names[1]
	case 'B': // Bind
		names := m.text(2)
		s.portals[names[0]] = s.statements[names[1]]
	case 'E': // Execute
		s.note(s.portals[m.text(1)[0]])
	case 'Q': // Query
		s.note(m.text(1)[0])
		return s.carryOut(1)
	case 'S': // Sync
		return s.carryOut(1)
	case 'D', 'C': // Describe, Close
	default:
		return s.flush(0)
	}
	return nil
}

func (s *session) note(sql string) {
	if s.batchWrite == "" && s.life != nil && s.writes(sql) {
		s.batchWrite = oneLine(sql)
	}
}

func (s *session) carryOut(owed int) error {
	write := s.batchWrite
	s.batchWrite = ""
	if write == "" {
		return s.flush(owed)
	}
	err := s.life.Write("sql "+write, func() error {
		s.hold()
		if err := s.flush(owed); err != nil {
			return err
		}
		select {
		case <-s.settled:
			return nil
		case <-s.gone:
			return errCut
		}
	})
	if err != nil {
		return err
	}
	return s.release()
}

func (s *session) flush(owed int) error {
	s.mu.Lock()
	s.pending += owed
	s.mu.Unlock()
	_, err := s.batch.WriteTo(s.server)
	return err
}

func (s *session) hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holding = true
	select {
	case <-s.settled: // left over from a notice that came late
	default:
	}
}

func (s *session) release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holding = false
	_, err := s.held.WriteTo(s.client)
	return err
}

func (s *session) answers() {
	from := bufio.NewReader(s.server)
	for {
		m, err := readMessage(from, true)
		if err != nil || s.answer(m) != nil {
			return
		}
	}
}

// answer passes one message of the server on, or keeps it. A server that wants
// the client's data (CopyInResponse) has not finished but must be heard.
func (s *session) answer(m message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.kind == 'Z' { // ReadyForQuery
		s.pending--
	}
	if !s.holding {
		_, err := s.client.Write(m.raw)
		return err
	}
	s.held.Write(m.raw)
	if s.pending == 0 || m.kind == 'G' {
		select {
		case s.settled <- struct{}{}:
		default:
		}
	}
	return nil
}
