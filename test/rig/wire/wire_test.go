package wire_test

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"baraji/test/rig/wire"
)

// echo is a server that says what it hears.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				io.Copy(conn, conn)
			}()
		}
	}()
	return l.Addr().String()
}

// say sends a word and hears it back, within a time.
func say(t *testing.T, addr string, within time.Duration) error {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(within))
	if _, err := conn.Write([]byte("hello")); err != nil {
		return err
	}
	_, err = io.ReadFull(conn, make([]byte, 5))
	return err
}

func TestFaultsSpoilAndMend(t *testing.T) {
	late := func(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
	ended := func(err error) bool { return err != nil && !late(err) }
	for _, c := range []struct {
		name  string
		spoil func(*wire.Wire)
		want  func(error) bool
	}{
		{"cut", (*wire.Wire).Cut, ended},
		{"slow", func(w *wire.Wire) { w.Slow(time.Minute) }, late},
		{"trickle", func(w *wire.Wire) { w.Trickle(1) }, late},
		{"black hole", (*wire.Wire).BlackHole, late},
		{"reset", func(w *wire.Wire) { w.Reset(0) }, ended},
		{"closed by the client's bytes", func(w *wire.Wire) { w.CloseAfterUp(3) }, ended},
		{"closed by the server's bytes", func(w *wire.Wire) { w.CloseAfterDown(3) }, ended},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := wire.To(t, echo(t))
			if err := say(t, w.Addr, 5*time.Second); err != nil {
				t.Fatalf("a sound wire: %v", err)
			}
			c.spoil(w)
			if err := say(t, w.Addr, 300*time.Millisecond); !c.want(err) {
				t.Errorf("a spoilt wire: %v", err)
			}
			w.Mend()
			if err := say(t, w.Addr, 5*time.Second); err != nil {
				t.Errorf("a mended wire: %v", err)
			}
		})
	}
}
