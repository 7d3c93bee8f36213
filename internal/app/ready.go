package app

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"baraji/internal/channel/email"
	"baraji/internal/kit/db"
	"baraji/internal/web/intake"
)

// readiness keeps the last look at ourselves for a second: probes are frequent.
type readiness struct {
	mu      sync.Mutex
	at      time.Time
	reasons []string
}

// overflow is how much mail may be held before we say that something is wrong.
const overflow = 1000

// Ready says why the program cannot serve now; nothing when it can.
func (a *App) Ready(ctx context.Context) []string {
	a.ready.mu.Lock()
	defer a.ready.mu.Unlock()
	if now := a.Config.Real(); now.Sub(a.ready.at) > time.Second || len(a.ready.reasons) > 0 {
		a.ready.at, a.ready.reasons = now, a.look(ctx)
	}
	return a.ready.reasons
}

func (a *App) look(ctx context.Context) (reasons []string) {
	reasons = a.room.Shortages()
	if a.DB.Full() {
		reasons = append(reasons, "the database has no room left on its disk")
	}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		held, err := email.QuarantineCount(ctx, tx)
		if held > overflow {
			reasons = append(reasons, "the quarantine overflows")
		}
		if err != nil {
			return err
		}
		dead, err := email.Dead(ctx, tx)
		for _, name := range dead {
			reasons = append(reasons, "the inbox "+name+" cannot be reached")
		}
		return err
	})
	if err != nil {
		a.log.Error("look whether we are ready", "error", err)
		reasons = append(reasons, "the database does not answer")
	}
	return reasons
}

// Handler is everything that is served by HTTP.
func (a *App) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", a.readyz)
	if m := a.metrics(); m != nil {
		mux.Handle("GET /metrics", m)
	}
	mux.Handle("/api/", a.rest)
	mux.Handle("/widget.js", a.widget)
	mux.Handle("/widget/", a.widget)
	mux.Handle("/in/", a.intake)
	mux.Handle("/in/slack/", intake.Slack(a.Slack, a.log))
	mux.Handle("/", a.pages)
	return mux
}

func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	reasons := a.Ready(r.Context())
	w.Header().Set("Content-Type", "application/json")
	if len(reasons) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(map[string]any{"ready": len(reasons) == 0, "reasons": append([]string{}, reasons...)})
}
