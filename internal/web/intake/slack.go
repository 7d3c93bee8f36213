package intake

import (
	"errors"
	"io"
	"log/slog"
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/slack"
)

// Slack makes the handler of what the firm's workspace in Slack tells (internal/slack). It is kept before it is answered: Slack waits three seconds.
func Slack(s *slack.Slack, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+slack.EventPath, func(w http.ResponseWriter, r *http.Request) { hear(s, log, w, r, false) })
	mux.HandleFunc("POST "+slack.PressPath, func(w http.ResponseWriter, r *http.Request) { hear(s, log, w, r, true) })
	return mux
}

func hear(s *slack.Slack, log *slog.Logger, w http.ResponseWriter, r *http.Request, press bool) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, slack.Most))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		http.Error(w, "too much at once", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	}
	challenge, err := s.Take(r.Context(), press, r.Header, body)
	switch {
	case err == nil:
		h.Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, challenge)
	case errors.Is(err, slack.ErrUnknown):
		http.Error(w, "nothing is taken here", http.StatusNotFound)
	case errors.Is(err, slack.ErrProof):
		http.Error(w, "the signature is wrong, or too old", http.StatusUnauthorized)
	case errors.Is(err, slack.ErrBody):
		http.Error(w, "this is nothing that Slack sends", http.StatusBadRequest)
	default:
		if r.Context().Err() == nil && !db.IsOutage(err) {
			log.Error("take what Slack tells", "error", err)
		}
		http.Error(w, "not now", http.StatusServiceUnavailable)
	}
}
