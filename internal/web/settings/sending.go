package settings

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"baraji/internal/campaign"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

// sendingForm is how campaigns begin, as it is typed.
type sendingForm struct {
	campaign.Defaults
	Trouble ui.Trouble
}

func (a area) sending(w http.ResponseWriter, r *http.Request) error {
	var f sendingForm
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		f.Defaults, err = campaign.GetDefaults(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, sendingPage(f))
	return nil
}

func (a area) saveSending(w http.ResponseWriter, r *http.Request) error {
	f := sendingForm{Defaults: campaign.Defaults{Mark: r.FormValue("mark") != "",
		Foot: campaign.Foot{Sender: r.FormValue("sender"), Address: r.FormValue("address"), Reach: r.FormValue("reach")},
		Manners: campaign.Manners{Rate: typedNumber(r.FormValue("rate")), Quiet: r.FormValue("quiet") != "", From: typedMinute(r.FormValue("from")), To: typedMinute(r.FormValue("to")),
			Most: typedNumber(r.FormValue("most")), Days: typedNumber(r.FormValue("days")), Problems: r.FormValue("problems") != ""}}}
	err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return campaign.SetDefaults(r.Context(), tx, f.Defaults) })
	if err == nil {
		return done(w, r, "/settings/sending", "saved")
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, f.Trouble.Status, sendingPage(f))
	return nil
}

// cw is a word of campaigns.
func cw(ctx context.Context, key string) string { return i18n.T(ctx, "campaigns."+key) }

// typedNumber reads a number; -1 is none.
func typedNumber(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return -1
	}
	return n
}

// typedMinute reads a time of day in minutes; -1 is none.
func typedMinute(s string) int {
	at, err := time.Parse("15:04", strings.TrimSpace(s))
	if err != nil {
		return -1
	}
	return at.Hour()*60 + at.Minute()
}

func shownNumber(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func shownMinute(n int) string {
	if n < 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", n/60, n%60)
}
