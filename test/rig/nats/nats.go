// Package nats runs real NATS servers inside the test process. It is apart from package rig because a NATS server is large to link.
package nats

import (
	"net"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"baraji/test/rig"
)

// Server is one NATS server on a fixed loopback port.
type Server struct {
	URL string // nats://127.0.0.1:port

	t       testing.TB
	options server.Options
	running *server.Server
}

// Start starts one server.
func Start(t testing.TB) *Server {
	t.Helper()
	return Cluster(t, 1)[0]
}

// Cluster starts n servers that pass messages to each other.
func Cluster(t testing.TB, n int) []*Server {
	t.Helper()
	servers := make([]*Server, n)
	var routes []*url.URL
	for i := range servers {
		servers[i] = &Server{t: t, options: server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true}}
		if n > 1 {
			route := rig.FreePort(t)
			servers[i].options.Cluster = server.ClusterOpts{Name: "rig", Host: "127.0.0.1", Port: route}
			routes = append(routes, &url.URL{Scheme: "nats", Host: "127.0.0.1:" + strconv.Itoa(route)})
		}
	}
	for _, s := range servers {
		s.options.Routes = routes
		s.Start()
		t.Cleanup(s.Stop)
	}
	return servers
}

// Start starts the server (again) on its port.
func (s *Server) Start() {
	s.t.Helper()
	o := s.options // the server writes into what it is given
	running, err := server.NewServer(&o)
	if err != nil {
		s.t.Fatalf("NATS: %v", err)
	}
	running.Start()
	if !running.ReadyForConnections(time.Minute) {
		s.t.Fatal("NATS is not ready after a minute")
	}
	s.options.Port = running.Addr().(*net.TCPAddr).Port // for the next start
	s.running, s.URL = running, "nats://127.0.0.1:"+strconv.Itoa(s.options.Port)
}

// Stop ends the server; its clients lose their connections.
func (s *Server) Stop() {
	s.running.Shutdown()
	s.running.WaitForShutdown()
}
