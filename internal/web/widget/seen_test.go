package widget_test

import (
	"fmt"
	"testing"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/kit/db"
)

// A page that shows the widget is seen where it is installed: once in a while, not at each view, and only where it may be shown.
func TestASiteIsSeen(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		sites := func() (list []chat.Site) {
			t.Helper()
			s.Must(func(tx *db.Tx) (err error) { list, err = chat.Sites(s.System(), tx, s.in.ID); return err })
			return list
		}
		p := s.page()
		if p.ask("GET", "", nil, nil); len(sites()) != 0 {
			t.Errorf("a page of our own is seen: %v", sites())
		}
		p.origin = "https://lamps.example"
		began := s.Clock.Now()
		p.ask("GET", "", nil, nil)
		s.Clock.Advance(time.Minute)
		p.ask("GET", "", nil, nil)
		if got := sites(); len(got) != 1 || got[0].Origin != p.origin || !got[0].SeenAt.Equal(began) {
			t.Errorf("seen %v, want %s at %v", got, p.origin, began)
		}
		s.Clock.Advance(10 * time.Minute)
		p.ask("GET", "", nil, nil)
		if got := sites(); len(got) != 1 || !got[0].SeenAt.After(began) {
			t.Errorf("seen again: %v", got)
		}
		for n := range 40 { // whatever a script says of itself
			p.origin = fmt.Sprintf("https://%d.example", n)
			p.ask("GET", "", nil, nil)
		}
		if got := sites(); len(got) > 10 {
			t.Errorf("%d sites are kept", len(got))
		}
		s.Must(func(tx *db.Tx) error {
			return chat.Configure(s.System(), tx, s.in.ID, chat.Settings{Origins: []string{"https://shop.example"}})
		})
		s.Clock.Advance(10 * time.Minute)
		p.origin = "https://elsewhere.example"
		if status := p.ask("GET", "", nil, nil); status != 403 {
			t.Errorf("elsewhere it is shown: %d", status)
		}
		for _, site := range sites() {
			if site.Origin == p.origin {
				t.Error("a site that may not show it is seen")
			}
		}
	})
}
