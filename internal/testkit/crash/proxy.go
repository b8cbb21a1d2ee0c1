package crash

import (
	"errors"
	"net"
	"sync"
)

// Proxy stands between the program under test and a PostgreSQL server, without
// TLS, so that a life's SQL writes are counted and hit like its API writes. One
// proxy serves many lives in turn: its address, which DatabaseServers and
// tenants' credentials name, stays the same.
type Proxy struct {
	listener net.Listener
	network  string
	target   string
	closed   sync.WaitGroup

	mu      sync.Mutex
	life    *Life
	writes  func(sql string) bool
	refuses bool
	open    map[*session]struct{}
}

// NewProxy listens on a free port of 127.0.0.1 and forwards to the PostgreSQL
// server at target ("127.0.0.1:5432", or with network "unix" a socket's path).
// Until [Proxy.Attach] it only forwards.
func NewProxy(network, target string) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: listener, network: network, target: target, writes: WritesSQL, open: map[*session]struct{}{}}
	p.closed.Add(1)
	go p.accept()
	return p, nil
}

// Addr is where clients connect: 127.0.0.1 and a port.
func (p *Proxy) Addr() *net.TCPAddr { return p.listener.Addr().(*net.TCPAddr) }

// Attach makes connections opened from now on part of the life, and cuts all
// open ones as the end of the life before it did. nil: forward only.
func (p *Proxy) Attach(life *Life) {
	p.mu.Lock()
	p.life = life
	p.mu.Unlock()
	p.cut()
}

// CountWrites replaces [WritesSQL] as the rule for which statements count.
func (p *Proxy) CountWrites(rule func(sql string) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writes = rule
}

// Refuse cuts all connections and accepts none until it is called with false:
// the server is unreachable.
func (p *Proxy) Refuse(refuse bool) {
	p.mu.Lock()
	p.refuses = refuse
	p.mu.Unlock()
	if refuse {
		p.cut()
	}
}

// Close cuts all connections and frees the port.
func (p *Proxy) Close() error {
	err := p.listener.Close()
	p.cut()
	p.closed.Wait()
	return err
}

func (p *Proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for s := range p.open {
		s.cut()
	}
}

func (p *Proxy) accept() {
	defer p.closed.Done()
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		p.closed.Add(1)
		go func() {
			defer p.closed.Done()
			p.serve(client)
		}()
	}
}

// serve carries one connection until either side ends it.
func (p *Proxy) serve(client net.Conn) {
	defer client.Close()
	if p.refusing() {
		return
	}
	server, err := net.Dial(p.network, p.target)
	if err != nil {
		return // the client sees a closed connection, as with a server that is down
	}
	s := p.register(client, server)
	defer p.unregister(s)
	s.run()
}

func (p *Proxy) refusing() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refuses || (p.life != nil && p.life.ended())
}

func (p *Proxy) register(client, server net.Conn) *session {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := newSession(client, server, p.life, p.writes)
	p.open[s] = struct{}{}
	return s
}

func (p *Proxy) unregister(s *session) {
	s.cut()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, s)
}
