package rig

import (
	"bytes"
	"net"
	"sync/atomic"
)

// plugs are the sink's lines, each of which can be pulled out at the moment of "354 Go ahead".
type plugs struct{ net.Listener }

func (l plugs) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return &plug{Conn: conn}, err
}

type plug struct {
	net.Conn
	pulled atomic.Bool
}

// Write sends the end of the line in one piece with the 354 that it comes with: a client that is told to go ahead cannot be faster than the cut,
// however busy the machine is.
func (p *plug) Write(b []byte) (int, error) {
	if !p.pulled.Load() || !bytes.HasPrefix(b, []byte("354")) {
		return p.Conn.Write(b)
	}
	hold(p.Conn)
	n, err := p.Conn.Write(b)
	p.Conn.Close()
	return n, err
}
