package live_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/live"
)

type rang struct{ Bell string }

func (rang) EventKind() string { return "bell.rang" }
func (r rang) Subject() string { return r.Bell }

// house is a hub behind a server, with a log that is sealed by hand.
type house struct {
	*dbtest.Desk
	t   *testing.T
	log *event.Log
	hub *live.Hub
	url string
}

func open(t *testing.T, desk *dbtest.Desk) *house {
	log := event.NewLog(desk.DB, job.NewRunner(desk.DB, slog.New(slog.DiscardHandler)))
	hub := live.New(desk.DB, func(_ context.Context, _ *db.Tx, events []event.Event) (list []live.Note, err error) {
		for _, e := range events {
			list = append(list, live.Note{Seq: e.Seq, Event: e.ID, Topics: []string{e.Subject}})
		}
		return list, nil
	})
	log.OnCommitted(hub.Soon)
	log.OnSealed(hub.Tell)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { hub.Run(ctx); close(done) }()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hub.Serve(w, r, []string{"door"}, 0, nil) }))
	t.Cleanup(func() { stop(); s.CloseClientConnections(); s.Close(); <-done })
	return &house{desk, t, log, hub, s.URL}
}

func (h *house) ring(bell string) {
	h.t.Helper()
	if err := h.DB.Write(h.t.Context(), func(tx *db.Tx) error { return event.Record(h.t.Context(), tx, rang{bell}) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) seal() {
	h.t.Helper()
	if err := h.log.Seal(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// listen opens a stream; next reads what it says, a block after the other.
func (h *house) listen() (next func() string) {
	h.t.Helper()
	r, err := http.Get(h.url)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { r.Body.Close() })
	lines := bufio.NewReader(r.Body)
	next = func() string {
		var block strings.Builder
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				h.t.Fatal(err)
			}
			if line == "\n" {
				return strings.TrimSpace(strings.ReplaceAll(block.String(), "\n", " "))
			}
			block.WriteString(line)
		}
	}
	next() // hello
	return next
}

// What is committed here is told before it has its place in the log; who has heard
// it then learns only the place, who came in between hears it all.
func TestWhatIsCommittedIsToldAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := open(t, desk)
		first := h.listen()
		h.ring("door")
		if got, want := first(), `event: change data: {"topic":"door"}`; got != want {
			t.Errorf("at once %q, want %q", got, want)
		}
		second := h.listen()
		h.seal()
		if got, want := first(), "id: 1"; got != want {
			t.Errorf("then %q, want %q", got, want)
		}
		if got, want := second(), `id: 1 event: change data: {"topic":"door"}`; got != want {
			t.Errorf("who came in between hears %q, want %q", got, want)
		}
	})
}

// What passes is told to who listens to it, and has no place.
func TestWhatPasses(t *testing.T) {
	h := open(t, dbtest.New(t, db.SQLite))
	next := h.listen()
	h.hub.Pass(live.Note{Topics: []string{"window"}, Kind: "typing"})
	h.hub.Pass(live.Note{Topics: []string{"door"}, Kind: "typing", Seen: func(context.Context) bool { return false }})
	h.hub.Pass(live.Note{Topics: []string{"door"}, Kind: "typing"})
	if got, want := next(), `event: typing data: {"topic":"door"}`; got != want {
		t.Errorf("it hears %q, want %q", got, want)
	}
}
