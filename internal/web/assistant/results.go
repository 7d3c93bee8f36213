package assistant

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

// outcome is the page of what the assistant did by itself.
type outcome struct {
	Days     int
	From, To time.Time
	assistant.Deflection
}

// periods are the days that one can look back.
var periods = []int{7, 30, 90}

// results is GET /assistant/results?days=30.
func (a area) results(w http.ResponseWriter, r *http.Request) error {
	p := outcome{Days: 30, To: a.DB.Now()}
	for _, n := range periods {
		if r.URL.Query().Get("days") == strconv.Itoa(n) {
			p.Days = n
		}
	}
	p.From = p.To.AddDate(0, 0, -p.Days)
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		p.Deflection, err = assistant.Measure(ctx, tx, p.From, p.To)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, resultsPage(p))
	return nil
}

// percent is a share, or a dash while there is nothing to divide.
func percent(ctx context.Context, share float64, ok bool) string {
	if !ok {
		return "–"
	}
	return i18n.Percent(ctx, share)
}
