package email

import (
	"errors"
	"net"
	"os"
	"time"
)

// line is a connection that can be asked whether the other side has hung up or
// said something although it is our turn.
type line struct {
	net.Conn
	early []byte // what it said
}

// Read reads what was said early first.
func (l *line) Read(b []byte) (int, error) {
	if len(l.early) > 0 {
		n := copy(b, l.early)
		l.early = l.early[n:]
		return n, nil
	}
	return l.Conn.Read(b)
}

// glance is for how long we look whether something has come.
const glance = 2 * time.Millisecond

// silent says whether the other side is still there and waits for us.
func (l *line) silent() bool {
	if len(l.early) > 0 {
		return false
	}
	var b [512]byte
	if l.Conn.SetReadDeadline(time.Now().Add(glance)) != nil { // a deadline of the socket, not a time of ours
		return false
	}
	n, err := l.Conn.Read(b[:])
	l.early = append(l.early, b[:n]...)
	if l.Conn.SetReadDeadline(time.Time{}) != nil {
		return false
	}
	return n == 0 && errors.Is(err, os.ErrDeadlineExceeded)
}
