package coverage_test

import (
	"slices"
	"strings"
	"testing"

	"baraji/test/rig"
	"baraji/test/rig/house"
)

// made makes a rota in its form, in which somebody stands from nine to six on workdays, and gives its path.
func made(t *testing.T, h *house.House, who string) string {
	t.Helper()
	page := h.Mina.Get("/coverage/rotas/new").Is(200).Says("As soon as somebody is chosen")
	id := page.Find(`<option value="(usr_[^"]+)">` + who)
	form := []string{"name", "Desk", "mode", "house", "color", "1", "notes", "on", "l", "0", "l.0.new", id, "l.0.first", "2026-01-05", "l.0.hand", "09:00", "l.0.every", "1", "l.0.unit", "days", "l.0.level", "0",
		"l.0.h", "0", "l.0.0.day", "1", "l.0.0.day", "2", "l.0.0.day", "3", "l.0.0.day", "4", "l.0.0.day", "5", "l.0.0.from", "09:00", "l.0.0.to", "18:00"}
	h.Mina.Post("/coverage/rotas/new", append(form, "do", "save")...).Is(422).Says("Choose at least one person.")
	h.Mina.Post("/coverage/rotas/new", append(form, "do", "p.add:0")...).Is(200).Says("shift--us")
	return h.Mina.Post("/coverage/rotas/new", append(form, "l.0.p", id, "do", "save")...).To
}

func TestARotaIsMadeShownAndGoes(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		h.Mina.Get("/coverage").Is(200).Says("Who stands at which hour?")
		at := made(t, h, "한서윤")
		h.Mina.Get("/coverage").Is(200).Says("한서윤", "shift--us", "Nobody is at the desk")
		h.Mina.Post("/coverage/goal", "goal", "planned")
		h.Mina.Get("/coverage").Is(200).Hides("Nobody is at the desk")
		h.Mina.Get("/coverage/rotas").Is(200).Says("Desk", "한서윤")
		week := h.Mina.Get(at + "?week=2026-01-12").Is(200).Says("plan-week")
		key, from := week.Find(`data-key-of="([^"]+)"`), week.Find(`data-from="(\d+)"`)
		h.Mina.Get(at+"/turn?week=2026-01-12&key="+key+"&from="+from).Is(200).Says(`value="2026-01-12"`, "by turns")
		undo := h.Mina.Post(at+"/turn", "week", "2026-01-12", "key", key, "from", from, "move", "0", "end", "4").Toast().Undo
		h.Mina.Get(at + "?week=2026-01-12").Says(`data-len="40"`)
		h.Mina.Post(undo).Leads(at + "?week=2026-01-12")
		h.Mina.Get(at + "?week=2026-01-12").Hides(`data-len="40"`)
		h.Mina.Post(at+"/turn", "week", "2026-01-12", "key", key, "from", from, "do", "remove")
		h.Mina.Get(at+"?week=2026-01-12").Says("shift--empty", "Find somebody")
		h.Mina.Post(at+"/turn", "key", key, "from", from, "move", "4").Is(409).Says("The plan was changed meanwhile.")
		light := h.As("Light", "light")
		light.Get(at).Is(200).Hides("plan-week", "/edit")
		light.Post(at+"/turn", "key", key).Is(403)
		h.Mina.Post(at + "/delete").Leads("/coverage/rotas")
		h.Mina.Get(at).Is(404)
	})
}

func TestMyShiftsSwapsLeaveAndCalendar(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		rota := strings.TrimPrefix(made(t, h, "한서윤"), "/coverage/rotas/")
		jun := h.As("Jun", "agent")
		mine := h.Mina.Get("/coverage/mine").Is(200).Says("Desk")
		ask := strings.ReplaceAll(mine.Find(`hx-get="(/coverage/rotas/[^"]+/ask\?from=1767657600000[^"]+)"`), "&amp;", "&")
		dialog := h.Mina.Get(ask).Is(200)
		give, other := dialog.Find(`name="give" value="([^"]+)"`), dialog.Find(`<option value="(usr_[^"]+)">Jun`)
		h.Mina.Post("/coverage/swaps", "give", give, "other", other, "note", "Please").Leads("/coverage/mine")
		h.Run()
		asked := jun.Get("/coverage").Is(200).Says("한서윤 would like to swap with you", "Please")
		swap := asked.Find(`action="(/coverage/swaps/[^"]+)/accept"`)
		h.As("Oh", "agent").Post(swap + "/accept").Is(403)
		jun.Get("/notices").Is(200).Says("한서윤 would like to swap a shift with you")
		undo := jun.Post(swap + "/accept").Leads("/coverage/mine").Toast().Undo
		jun.Get("/coverage/mine").Says("swapped with 한서윤")
		h.Run()
		h.Mina.Get("/notices").Says("Jun accepted: the shifts are swapped")
		jun.Post(undo).Leads("/coverage/mine")

		h.Mina.Post("/coverage/leaves", "start_day", "2026-01-14", "start_at", "00:00", "end_day", "2026-01-13", "end_at", "24:00", "kind", "sick").Is(422).Says("The end is not after the beginning.", `value="2026-01-13"`)
		h.Mina.Post("/coverage/leaves", "start_day", "2026-01-13", "start_at", "00:00", "end_day", "2026-01-14", "end_at", "24:00", "kind", "sick", "deputy", other).Leads("/coverage/mine")
		h.Mina.Get("/coverage/mine").Says("Sick", "Jun stands for you")
		jun.Get("/coverage?week=2026-01-12").Says("Jun").Hides("Sick")

		page := h.Mina.Post("/coverage/feeds").Is(200).Says("it is shown only once")
		address := page.Find(`value="https?://[^/]+(/coverage/feed/[a-z2-7]{40}\.ics)"`)
		h.Mina.Get("/coverage/mine").Hides(address)
		feed := h.Stranger().Get(address).Is(200).Says("BEGIN:VCALENDAR", "SUMMARY:Desk", "DTSTART:20260107T")
		if got := feed.Header.Get("Content-Type"); got != "text/calendar; charset=utf-8" {
			t.Errorf("a calendar is sent as %q", got)
		}
		alone := readBoth(t, feed.Body, "Desk")
		team := h.Mina.Post("/coverage/feeds", "rota", rota).Is(200).Find(`value="https?://[^/]+(/coverage/feed/[a-z2-7]{40}\.ics)"`)
		if all := readBoth(t, h.Stranger().Get(team).Is(200).Body, "Jun"); all <= alone {
			t.Errorf("the team's calendar has %d turns, one person's %d", all, alone)
		}
		h.Stranger().Get(address, "If-None-Match", feed.Header.Get("ETag")).Is(304)
		jun.Post(h.Mina.Get("/coverage/mine").Find(`action="(/coverage/feeds/[^"]+/revoke)"`)).Is(403)
		h.Mina.Post(h.Mina.Get("/coverage/mine").Find(`action="(/coverage/feeds/[^"]+/revoke)"`)).Leads("/coverage/mine")
		h.Stranger().Get(address).Is(404)
	})
}

// readBoth reads a calendar with two libraries that are not ours, which understand the same, and says how many turns there are; one of them has a title.
func readBoth(t *testing.T, text, title string) int {
	t.Helper()
	type turn struct{ UID, From, Until, Title, About string }
	var all [2][]turn
	for i, library := range rig.Calendars {
		rig.ReadWith(t, library, []byte(text), &all[i])
	}
	if !slices.Equal(all[0], all[1]) || !slices.ContainsFunc(all[0], func(x turn) bool { return x.Title == title && x.From < x.Until }) {
		t.Errorf("%v read %+v and %+v, want one %q", rig.Calendars, all[0], all[1], title)
	}
	return len(all[0])
}
