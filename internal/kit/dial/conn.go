package dial

import (
	"net"
	"sync"
	"time"
)

// conn bounds each read and write. A deadline that its user sets counts as well: the earlier one wins.
type conn struct {
	net.Conn
	idle time.Duration
	now  func() time.Time

	mu          sync.Mutex
	read, write time.Time
}

func (d *Dialer) bound(c net.Conn) net.Conn { return &conn{Conn: c, idle: d.o.Idle, now: d.o.Now} }

func (c *conn) Read(b []byte) (int, error) {
	c.mu.Lock()
	err := c.Conn.SetReadDeadline(c.sooner(c.read))
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *conn) Write(b []byte) (int, error) {
	c.mu.Lock()
	err := c.Conn.SetWriteDeadline(c.sooner(c.write))
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

func (c *conn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read, c.write = t, t
	if err := c.Conn.SetReadDeadline(c.sooner(t)); err != nil {
		return err
	}
	return c.Conn.SetWriteDeadline(c.sooner(t))
}

func (c *conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read = t
	return c.Conn.SetReadDeadline(c.sooner(t))
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.write = t
	return c.Conn.SetWriteDeadline(c.sooner(t))
}

func (c *conn) sooner(t time.Time) time.Time {
	limit := c.now().Add(c.idle)
	if t.IsZero() || t.After(limit) {
		return limit
	}
	return t
}
