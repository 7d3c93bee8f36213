package browser

import (
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/oncall"
	"baraji/internal/team"
	"baraji/test/rig"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
)

// answer is the link of a mail that calls somebody, and the call that it is for.
func (p place) answer(t *testing.T) (link, call string) {
	t.Helper()
	p.Must(func(tx *db.Tx) error {
		ctx := p.System()
		who, err := team.ByEmail(ctx, tx, "daon@dalbit.example")
		if err != nil {
			return err
		}
		of, err := oncall.MakeService(ctx, tx, oncall.Service{Name: "창고 자물쇠", Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: who.ID}}, Wait: 60}}}})
		if err != nil {
			return err
		}
		made, err := oncall.Open(ctx, tx, of, oncall.Call{Title: "뒷문이 잠기지 않아요", Reason: oncall.ByHand, Urgent: true})
		if err != nil {
			return err
		}
		told, err := oncall.Tellings(ctx, tx, made.ID)
		if err != nil {
			return err
		}
		link, call = p.Notices.AnswerPath(told[0].Notice, tx.Now()), made.Path()
		return nil
	})
	return link, call
}

// Somebody is called: it stands over whatever page he is on, without his loading it, and goes when he presses the one button, and
// when another has it.
func TestACallStandsOverThePageUntilSomebodyHasIt(t *testing.T) {
	rig.Need(t, "chromium")
	d := openDesk(t)
	var people struct {
		Items []struct{ ID, Email string }
	}
	if a := d.API("GET", "/people", nil); a.Into(&people) != nil {
		t.Fatalf("people: %d", a.Status)
	}
	mina := ""
	for _, p := range people.Items {
		if strings.HasPrefix(p.Email, "mina@") {
			mina = p.ID
		}
	}
	till := d.make("/services", map[string]any{"name": "Till", "steps": []any{map[string]any{"people": []string{mina}, "wait": 5}}})
	tab := d.at(t, browser.Open(t), d.URL, "mina", "/settings/about")
	d.make("/pages", map[string]any{"service_id": till, "title": "The till is down"})
	tab.See("The till is down")
	tab.Click("#calls .btn--main")
	gone := func() {
		t.Helper()
		for end := time.Now().Add(15 * time.Second); !tab.Is(`!document.querySelector("#calls .call")`); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("it still stands there")
			}
		}
	}
	gone()
	other := d.make("/pages", map[string]any{"service_id": till, "title": "The door is open"})
	tab.See("The door is open")
	if a := d.API("POST", "/pages/"+other+"/acknowledge", nil); a.Status != 200 {
		t.Fatalf("acknowledge: %d %s", a.Status, a.Body)
	}
	gone()
}

// A browser that is to take pushes gets the desk's service worker, which may speak for the whole desk.
func TestTheServiceWorkerIsThere(t *testing.T) {
	rig.Need(t, "chromium")
	h := house.New(t, dbtest.New(t, db.SQLite)).Furnish()
	tab := browser.Open(t).Tab(t)
	tab.Cookie(h.URL, "baraji", h.Mina.Session())
	tab.Header("Accept-Language", "en")
	tab.Go(h.URL + "/settings/notices")
	if scope := browser.Eval[string](tab, `navigator.serviceWorker.register("/notices.js").then((r) => r.scope)`); scope != h.URL+"/" {
		t.Errorf("its scope is %q", scope)
	}
}
