package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) noticeRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/notices", "", a.notices)
	rt.Page("POST /settings/notices", "", a.saveNotices)
	rt.Page("POST /settings/notices/try", "", a.tryNotices)
	rt.Page("POST /settings/notices/browsers", "", a.addBrowser)
	rt.Page("POST /settings/notices/browsers/{id}/delete", "", a.dropBrowser)
	rt.Page("POST /settings/notices/slack", "", a.saveSlack)
	rt.Page("POST /settings/notices/slack/firm", team.ManageSettings, a.saveFirmSlack)
}

// telling is how one is told, as it was typed.
type telling struct {
	notice.Choice
	From, Until string
	Browsers    []notice.Browser
	Key         string // with which this browser is to subscribe
	FirmSlack   bool
	Tried       []notice.Delivery // of the last test
	Trouble     ui.Trouble
}

func (a area) readTelling(r *http.Request) (p telling, err error) {
	ctx := r.Context()
	if p.Key, err = a.Notices.PushKey(ctx); err != nil {
		return p, err
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Choice, err = notice.Chosen(ctx, tx); err != nil {
			return err
		}
		if p.Browsers, err = notice.Browsers(ctx, tx); err != nil {
			return err
		}
		if p.FirmSlack, err = notice.HasFirmSlack(ctx, tx); err != nil {
			return err
		}
		return p.readTried(ctx, tx, r.URL.Query().Get("tried"))
	})
	p.From, p.Until = clockText(p.Quiet.From), clockText(p.Quiet.Until)
	return p, err
}

// readTried reads what became of a test of one's own.
func (p *telling) readTried(ctx context.Context, tx *db.Tx, text string) error {
	n, err := id.Read[notice.ID](text)
	if err != nil {
		return nil
	}
	one, err := notice.Get(ctx, tx, n)
	if err != nil || one.Person != team.From(ctx).Person {
		return nil // of somebody else, or gone
	}
	all, err := notice.Deliveries(ctx, tx, n)
	p.Tried = all[n]
	return err
}

func (a area) notices(w http.ResponseWriter, r *http.Request) error {
	p, err := a.readTelling(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, noticesPage(p))
	return nil
}

// saveNotices is POST /settings/notices: which kinds go which way, and when it is quiet.
func (a area) saveNotices(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c := notice.Choice{Ways: map[notice.Kind][]notice.Way{}, Sound: r.FormValue("sound") != ""}
	for _, k := range notice.Kinds {
		for _, way := range notice.Ways {
			if r.FormValue(string(k)+"."+string(way)) != "" {
				c.Ways[k] = append(c.Ways[k], way)
			}
		}
		if c.Ways[k] == nil {
			c.Ways[k] = []notice.Way{}
		}
	}
	c.Quiet = notice.Quiet{On: r.FormValue("quiet") != "", From: minutesOf(r.FormValue("from")), Until: minutesOf(r.FormValue("until"))}
	err := a.DB.Write(ctx, func(tx *db.Tx) error { return notice.Choose(ctx, tx, c) })
	if err == nil {
		return done(w, r, "/settings/notices", "saved")
	}
	p, readErr := a.readTelling(r)
	if readErr != nil {
		return readErr
	}
	p.Ways, p.Sound, p.Quiet.On, p.From, p.Until = c.Ways, c.Sound, c.Quiet.On, r.FormValue("from"), r.FormValue("until")
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Trouble.Status, noticesPage(p))
	return nil
}

// tryNotices sends a test by every way.
func (a area) tryNotices(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var made notice.ID
	if err := a.DB.Write(ctx, func(tx *db.Tx) (err error) { made, err = notice.Try(ctx, tx); return err }); err != nil {
		return err
	}
	return done(w, r, "/settings/notices?tried="+made.String()+"#tried", "notices_tried")
}

// addBrowser takes what the browser hands out when one allows pushes.
func (a area) addBrowser(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var sub notice.Subscription
	if err := json.Unmarshal([]byte(r.FormValue("subscription")), &sub); err != nil {
		return problem.New(problem.Invalid, "This browser gave no address that one can push to.")
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := a.Notices.AddBrowser(ctx, tx, sub, browserOf(ctx, r.UserAgent()))
		return err
	})
	if err != nil {
		return err
	}
	return done(w, r, "/settings/notices", "notices_browser_added")
}

func (a area) dropBrowser(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b, err := id.Read[notice.BrowserID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such browser.")
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return notice.DropBrowser(ctx, tx, b) }); err != nil {
		return err
	}
	return done(w, r, "/settings/notices", "saved")
}

func (a area) saveSlack(w http.ResponseWriter, r *http.Request) error {
	return a.setSlack(w, r, a.Notices.SetSlack)
}

func (a area) saveFirmSlack(w http.ResponseWriter, r *http.Request) error {
	return a.setSlack(w, r, a.Notices.SetFirmSlack)
}

func (a area) setSlack(w http.ResponseWriter, r *http.Request, set func(context.Context, *db.Tx, string) error) error {
	ctx := r.Context()
	address := r.FormValue("slack")
	if r.FormValue("do") == "drop" {
		address = ""
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error { return set(ctx, tx, address) })
	if err == nil {
		return done(w, r, "/settings/notices", "saved")
	}
	p, readErr := a.readTelling(r)
	if readErr != nil {
		return readErr
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Trouble.Status, noticesPage(p))
	return nil
}

// minutesOf reads 22:00; what is none is refused.
func minutesOf(text string) int {
	h, m, ok := strings.Cut(strings.TrimSpace(text), ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || err1 != nil || err2 != nil || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return -1
	}
	return hour*60 + minute
}

func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// goes says whether a kind goes one way.
func (p telling) goes(k notice.Kind, w notice.Way) bool { return slices.Contains(p.Ways[k], w) }

// slackHint says that an address is kept: it is not shown again, for whoever has it can write there.
func slackHint(ctx context.Context, has bool) string {
	if has {
		return t(ctx, "notices_slack_has")
	}
	return ""
}
