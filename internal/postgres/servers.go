package postgres

import "sync"

// Servers holds one Server for each DatabaseServer, by name. It is safe for
// concurrent use.
type Servers struct {
	options Options

	mu     sync.Mutex
	byName map[string]*Server
}

// NewServers returns an empty registry, whose servers are all opened with options.
func NewServers(options Options) *Servers {
	return &Servers{options: options, byName: map[string]*Server{}}
}

// Configure returns the Server of that name, opened anew if its Config changed, which
// expects one of the given ledgers: see [Server.Expect]. Sessions of the old one end
// when their work is done.
func (r *Servers) Configure(name string, config Config, ledgers ...string) (*Server, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.byName[name]
	if old != nil && old.config.Equal(config) {
		old.Expect(ledgers...)
		return old, nil
	}
	server, err := Open(name, config, r.options)
	if err != nil {
		return nil, err
	}
	server.Expect(ledgers...)
	r.byName[name] = server
	if old != nil {
		go old.Close()
	}
	return server, nil
}

// Get returns the Server of that name, or nil if none was configured.
func (r *Servers) Get(name string) *Server {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byName[name]
}

// Forget closes the Server of that name, if there is one.
func (r *Servers) Forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if server := r.byName[name]; server != nil {
		go server.Close()
	}
	delete(r.byName, name)
}

// Close closes all, and waits until their work is done.
func (r *Servers) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, server := range r.byName {
		server.Close()
		delete(r.byName, name)
	}
}
