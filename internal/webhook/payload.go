package webhook

import (
	"encoding/json"
	"time"

	"baraji/internal/kit/event"
)

// Payload is what is sent: the structure that Standard Webhooks recommends, around the event as GET /events tells it.
type Payload struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"`
	Data      Told   `json:"data"`
}

// Told is an event as the API tells it. internal/api has the same, and a test that compares them.
type Told struct {
	ID      string          `json:"id"`
	Seq     int64           `json:"seq"`
	Kind    string          `json:"kind"`
	Subject string          `json:"subject"`
	Actor   string          `json:"actor"`
	At      string          `json:"at"`
	Cause   *string         `json:"cause"`
	Depth   int             `json:"depth"`
	Body    json.RawMessage `json:"body"`
}

// Body is what is sent of an event.
func Body(e event.Event) ([]byte, error) {
	at := e.At.UTC().Format("2006-01-02T15:04:05.000Z")
	t := Told{ID: e.ID.String(), Seq: e.Seq, Kind: e.Kind, Subject: e.Subject, Actor: e.Actor, At: at, Depth: e.Depth, Body: e.Body}
	if e.Cause != 0 {
		cause := e.Cause.String()
		t.Cause = &cause
	}
	return json.Marshal(Payload{e.Kind, at, t})
}

// wait is the pause after so many failures of a delivery, without the jitter: five seconds at first, six hours in the end.
func wait(tries int) time.Duration {
	d := 5 * time.Second
	for range min(tries-1, 20) {
		d = min(d*4, 6*time.Hour)
	}
	return d
}
