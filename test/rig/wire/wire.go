// Package wire puts a bad network between the program and a server: toxiproxy inside the test process.
//
//	w := wire.To(t, box.IMAP)           // let the program connect to w.Addr
//	w.Slow(2 * time.Second)             // each way
//	w.Mend()
//	w.Cut()                             // connections end, new ones are refused
package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// Wire is a TCP connection to a server that a test can spoil.
type Wire struct {
	Addr string // host:port to connect to instead of the server's

	t     testing.TB
	proxy *toxiproxy.Proxy
}

// To lays a wire to a server (host:port).
func To(t testing.TB, target string) *Wire {
	t.Helper()
	quiet := zerolog.Nop()
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), quiet), t.Name(), "127.0.0.1:0", target)
	if err := proxy.Start(); err != nil {
		t.Fatalf("wire to %s: %v", target, err)
	}
	t.Cleanup(proxy.Stop)
	return &Wire{Addr: proxy.Listen, t: t, proxy: proxy}
}

// Cut ends all connections and refuses new ones.
func (w *Wire) Cut() { w.proxy.Stop() }

// Mend takes away all faults; connections that were cut stay so, new ones work.
func (w *Wire) Mend() {
	w.t.Helper()
	w.proxy.Toxics.ResetToxics(context.Background())
	if !w.proxy.Enabled {
		if err := w.proxy.Start(); err != nil {
			w.t.Fatalf("mend the wire: %v", err)
		}
	}
}

// Slow delays every packet, each way.
func (w *Wire) Slow(by time.Duration) {
	w.t.Helper()
	w.both("latency", map[string]any{"latency": by.Milliseconds()})
}

// Trickle lets so many bytes a second through, each way; below a thousand they come one by one with pauses.
func (w *Wire) Trickle(bytesPerSecond int) {
	w.t.Helper()
	if bytesPerSecond >= 1000 {
		w.both("bandwidth", map[string]any{"rate": bytesPerSecond / 1000})
		return
	}
	w.both("slicer", map[string]any{"average_size": 1, "delay": time.Second.Microseconds() / int64(max(1, bytesPerSecond))})
}

// BlackHole swallows everything, each way, and closes nothing: the other side just does not answer.
func (w *Wire) BlackHole() {
	w.t.Helper()
	w.both("timeout", map[string]any{"timeout": 0})
}

// Reset ends connections with a TCP reset after a while (0 = at the first packet).
func (w *Wire) Reset(after time.Duration) {
	w.t.Helper()
	w.both("reset_peer", map[string]any{"timeout": after.Milliseconds()})
}

// CloseAfterUp closes a connection when the client has sent so many bytes; CloseAfterDown when the server has.
func (w *Wire) CloseAfterUp(bytes int) {
	w.t.Helper()
	w.add("limit_data", "upstream", map[string]any{"bytes": bytes})
}
func (w *Wire) CloseAfterDown(bytes int) {
	w.t.Helper()
	w.add("limit_data", "downstream", map[string]any{"bytes": bytes})
}

func (w *Wire) both(kind string, how map[string]any) {
	w.t.Helper()
	w.add(kind, "upstream", how)
	w.add(kind, "downstream", how)
}

// add adds a fault. toxiproxy takes them as JSON only, as from its clients.
func (w *Wire) add(kind, stream string, how map[string]any) {
	w.t.Helper()
	text, err := json.Marshal(map[string]any{"type": kind, "stream": stream, "attributes": how})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.proxy.Toxics.AddToxicJson(bytes.NewReader(text)); err != nil {
		w.t.Fatalf("%s %s: %v", kind, stream, err)
	}
}
