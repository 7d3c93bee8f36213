package assistant

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// outcome is the page of what the assistant did by itself.
type outcome struct {
	Days     int
	From, To time.Time
	assistant.Deflection
	Hours   assistant.Hours
	Zone    string
	Trouble ui.Trouble
}

// periods are the days that one can look back.
var periods = []int{7, 30, 90}

// results is GET /assistant/results?days=30.
func (a area) results(w http.ResponseWriter, r *http.Request) error {
	return a.measured(w, r, http.StatusOK, nil, ui.Trouble{})
}

func (a area) measured(w http.ResponseWriter, r *http.Request, status int, typed *assistant.Hours, trouble ui.Trouble) error {
	p := outcome{Days: 30, To: a.DB.Now(), Trouble: trouble}
	for _, n := range periods {
		if r.URL.Query().Get("days") == strconv.Itoa(n) {
			p.Days = n
		}
	}
	p.From = p.To.AddDate(0, 0, -p.Days)
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Deflection, err = assistant.Measure(ctx, tx, p.From, p.To); err != nil {
			return err
		}
		firm, err := team.GetFirm(ctx, tx)
		if err != nil {
			return err
		}
		p.Zone = firm.Zone
		p.Hours, err = assistant.GetHours(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	if typed != nil {
		p.Hours = *typed
	}
	ui.Render(w, r, status, resultsPage(p))
	return nil
}

// hours is POST /assistant/hours.
func (a area) hours(w http.ResponseWriter, r *http.Request) error {
	var h assistant.Hours
	for day := range h.Days {
		h.Days[day] = r.FormValue("day_" + strconv.Itoa(day))
	}
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return assistant.SetHours(ctx, tx, h) })
	if err == nil {
		return done(w, r, "/assistant/results", "hours_saved")
	}
	trouble, failed := ui.TroubleOf(w, r, err)
	if failed != nil || trouble.Status != http.StatusUnprocessableEntity {
		return err
	}
	return a.measured(w, r, trouble.Status, &h, trouble)
}

// percent is a share, or a dash while there is nothing to divide.
func percent(ctx context.Context, share float64, ok bool) string {
	if !ok {
		return "–"
	}
	return i18n.Percent(ctx, share)
}

// weekdays in the order in which a week is read here: from Monday.
var weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
