package nats_test

import (
	"testing"
	"time"

	client "github.com/nats-io/nats.go"

	"baraji/test/rig/nats"
)

func connect(t *testing.T, s *nats.Server) *client.Conn {
	t.Helper()
	c, err := client.Connect(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestAClusterPassesMessagesOn(t *testing.T) {
	servers := nats.Cluster(t, 2)
	here, there := connect(t, servers[0]), connect(t, servers[1])
	sub, err := there.SubscribeSync("wake")
	if err != nil {
		t.Fatal(err)
	}
	if err := there.Flush(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; { // the servers need a moment to find each other
		here.Publish("wake", []byte("1"))
		if _, err := sub.NextMsg(50 * time.Millisecond); err == nil {
			return
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func TestAServerComesBackOnItsPort(t *testing.T) {
	s := nats.Start(t)
	s.Stop()
	if _, err := client.Connect(s.URL); err == nil {
		t.Fatal("a stopped server takes connections")
	}
	s.Start()
	connect(t, s)
}
