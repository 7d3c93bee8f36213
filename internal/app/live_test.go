package app_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/runbook"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// listen opens a stream and hands over its lines until it ends.
func (w *walk) listen(p person, topics ...string) (lines <-chan string, status int) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), "GET", w.URL+"/live?"+url.Values{"topic": topics}.Encode(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "baraji", Value: p.Session()})
	a, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		w.t.Fatal(err)
	}
	out := make(chan string, 100)
	go func() {
		defer a.Body.Close()
		defer close(out)
		for s := bufio.NewScanner(a.Body); s.Scan(); {
			select {
			case out <- s.Text():
			case <-w.t.Context().Done():
				return
			}
		}
	}()
	return out, a.StatusCode
}

// until reads lines up to one that holds a text, and returns them all; "" is to the end of the stream.
func until(t *testing.T, lines <-chan string, text string) string {
	t.Helper()
	var all []string
	late := time.After(20 * time.Second)
	for {
		select {
		case line, ok := <-lines:
			all = append(all, line)
			if !ok && text == "" || text != "" && strings.Contains(line, text) {
				return strings.Join(all, "\n")
			}
			if !ok {
				t.Fatalf("the stream ended before %q: %q", text, all)
			}
		case <-late:
			t.Fatalf("%q does not come: %q", text, all)
		}
	}
}

// Streams tell of what one may see, and nothing else (T35): whoever sees one team's conversations hears nothing of
// another's, whatever topics he asks for.
func TestStreamsTellWhatOneMaySee(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		w := newWalk(t, h)
		w.begin()
		w.Run()
		conversations := []string{"inbox", "conversation:" + w.foreign["conversation"], "conversation:" + w.own["conversation"], "contact:" + w.foreign["contact"], "customers",
			"quarantine", "settings", "team", "inboxes"}
		streams := map[string]<-chan string{}
		for _, p := range w.people {
			lines, status := w.listen(p, conversations...)
			if p.out {
				if status != http.StatusSeeOther {
					t.Errorf("%s opens a stream: %d", p.name, status)
				}
				continue
			}
			until(t, lines, "hello")
			streams[p.name] = lines
		}
		for _, on := range []things{w.foreign, w.own} { // the one that all hear of comes last
			w.Must(func(tx *db.Tx) error {
				return conversation.SetStatus(w.System(), tx, read[conversation.ID](on["conversation"]), conversation.Pending)
			})
		}
		w.Must(func(tx *db.Tx) error { return team.ChangeTeam(w.System(), tx, w.mine, "Ours", "") })
		w.Run()
		for _, p := range w.people {
			if p.out {
				continue
			}
			heard := until(t, streams[p.name], `{"topic":"team"}`)
			for what, may := range map[string]bool{
				"conversation:" + w.own["conversation"]:     p.can(team.ReadConversations),
				"conversation:" + w.foreign["conversation"]: p.can(team.ReadConversations) && !p.narrow && !p.masked,
				"contact:" + w.foreign["contact"]:           p.can(team.ReadConversations) && !p.narrow && !p.masked,
			} {
				if strings.Contains(heard, what+`"`) != may {
					t.Errorf("%s hears of %s: %v", p.name, what, !may)
				}
			}
		}
	})
}

// A colleague who has the conversation open sees each step of a runbook as it is ticked.
func TestColleaguesHearOfATick(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		w := &walk{House: h.Furnish(), t: t}
		w.begin()
		out := w.talked(w.team("Night"))
		w.follows(out)
		w.Run()
		lines, _ := w.listen(person{Visitor: h.As("mina", team.Agent)}, "conversation:"+out["conversation"])
		until(t, lines, "hello")
		w.Must(func(tx *db.Tx) error {
			return runbook.TickOff(w.System(), tx, read[runbook.RunID](out["run"]), 1, runbook.Done, "")
		})
		w.Run()
		until(t, lines, "conversation:"+out["conversation"])
	})
}

// A stream is somebody's as he was when it began, so it ends when he may do or see something else, and when he is
// signed out.
func TestAStreamEndsWhenItsReaderChanges(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		w := &walk{House: h.Furnish(), t: t}
		h.Hub.Beat = 20 * time.Millisecond
		w.begin()
		crew := w.team("Night")
		for name, change := range map[string]func(context.Context, *db.Tx, team.ID) error{
			"role": func(ctx context.Context, tx *db.Tx, id team.ID) error { return team.GiveRole(ctx, tx, id, team.Light) },
			"sees": func(ctx context.Context, tx *db.Tx, id team.ID) error { return team.Show(ctx, tx, id, team.SeeMine) },
			"teams": func(ctx context.Context, tx *db.Tx, id team.ID) error {
				return team.SetTeams(ctx, tx, id, []team.TeamID{crew})
			},
			"disabled": team.Disable,
			"ended":    team.EndSessionsOf,
		} {
			p := person{Visitor: h.As(name, team.Agent)}
			lines, _ := w.listen(p, "inbox")
			until(t, lines, "beat")
			h.Must(func(tx *db.Tx) error { return change(h.System(), tx, p.ID) })
			until(t, lines, "")
		}
		p := person{Visitor: h.As("unchanged", team.Agent)}
		lines, _ := w.listen(p, "customers")
		h.Must(func(tx *db.Tx) error {
			_, _, err := contact.Resolve(h.System(), tx, contact.Sender{Email: fmt.Sprint("new", p.ID, "@x.example")})
			return err
		})
		h.Run()
		until(t, lines, `{"topic":"customers"}`)
	})
}

// begin runs what streams need.
func (w *walk) begin() {
	ctx, stop := context.WithCancel(w.System())
	var done sync.WaitGroup
	done.Go(func() { w.Hub.Run(ctx) })
	w.t.Cleanup(func() { stop(); done.Wait() })
}
