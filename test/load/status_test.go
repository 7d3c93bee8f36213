package load

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/migrations"
	"baraji/internal/team"
	"baraji/test/rig"
)

// BenchmarkStatus measures the status page from outside while everybody looks at it, as when something is broken: 200 requests a second, when their time
// has come, for the page, its feed and the incident, and each half second a new update is said. Forty incidents of the last weeks are its history.
func BenchmarkStatus(b *testing.B) {
	for _, engine := range rig.Engines(b) {
		b.Run(engine, func(b *testing.B) {
			s := openStatus(b, engine)
			fmt.Printf("\n%s: status page, 200 requests a second, an update each half second\n", engine)
			for _, kind := range []string{"board", "feed", "one incident", "history", "everything"} {
				s.updated(func() { s.steady(kind, s.pages[kind], 200, 10*time.Second) })
			}
		})
	}
}

// board is a running program whose status page has something to show.
type board struct {
	*help
	p    *rig.Running
	open string // the incident that lasts
	said int
}

func openStatus(b *testing.B, engine string) *board {
	with := rig.Setup{Data: b.TempDir()}
	url := filepath.Join(with.Data, "baraji.db")
	if engine == "postgres" {
		with.Database = rig.Postgres(b).Database(b)
		url = with.Database
	}
	if err := components(b.Context(), url); err != nil {
		b.Fatal(err)
	}
	s := &board{p: rig.ProgramWith(b, with)}
	s.help = &help{b: b, url: s.p.URL, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}, Timeout: 20 * time.Second}}
	for i := range 40 {
		id := s.ask("/incidents", map[string]any{"title": said("Shop is slow"), "severity": "major", "public": true, "started_at": time.Now().AddDate(0, 0, -40+i)})
		for _, state := range []string{"investigating", "identified", "monitoring"} {
			s.ask("/incidents/"+id+"/update", map[string]any{"state": state, "text": said("We look at it. "), "public": true})
		}
		if s.open = id; i < 39 {
			s.ask("/incidents/"+id+"/resolve", map[string]any{"text": said("It is over."), "public": true})
		}
	}
	s.pages = map[string][]string{
		"board": {"/status?lang=en", "/status?lang=ko"}, "feed": {"/status/feed.atom?lang=en", "/status/feed.atom?lang=ko"},
		"one incident": {"/status/" + s.open + "?lang=en", "/status/" + s.open + "?lang=ko"},
		"history":      {"/status/history?month=" + time.Now().UTC().Format("2006-01")},
	}
	for _, kind := range []string{"board", "board", "feed", "one incident", "history"} {
		s.pages["everything"] = append(s.pages["everything"], s.pages[kind]...)
	}
	return s
}

// components gives an empty desk what the page shows.
func components(ctx context.Context, url string) error {
	d, err := db.Open(ctx, url, db.Options{Now: time.Now})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Migrate(ctx, migrations.Files); err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		var list []incident.Component
		for _, name := range []string{"Shop", "App", "Payments", "Delivery", "Mail", "Help"} {
			list = append(list, incident.Component{Name: i18n.Text{"en": name, "ko": name}})
		}
		return incident.SetComponents(team.AsSystem(ctx), tx, list)
	})
}

func said(text string) map[string]string {
	return map[string]string{"en": text, "ko": "확인하고 있어요."}
}

func (s *board) ask(path string, body any) string {
	s.b.Helper()
	a := s.p.API("POST", path, body)
	var made struct{ ID string }
	if a.Status >= 300 || a.Into(&made) != nil {
		s.b.Fatalf("POST %s: %d %s", path, a.Status, a.Body)
	}
	return made.ID
}

// updated says updates while something is measured.
func (s *board) updated(measure func()) {
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-done:
				return
			case <-time.After(500 * time.Millisecond):
			}
			s.said++
			a, err := s.p.TryAPI(s.b.Context(), "POST", "/incidents/"+s.open+"/update",
				map[string]any{"state": "identified", "text": said(fmt.Sprint("News ", s.said)), "public": true}, nil)
			if err != nil || a.Status >= 300 {
				s.b.Errorf("an update: %v %d %s", err, a.Status, a.Body)
				return
			}
		}
	}()
	measure()
	close(done)
	<-over
}
