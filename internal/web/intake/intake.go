// Package intake is the edge at which other systems tell what happened there: POST /in/{address} (internal/hookin), /in/slack/… (internal/slack). No cookie is read here and no page
// shown; what is answered is a status and a short word for whoever reads the sender's log.
package intake

import (
	"errors"
	"io"
	"log/slog"
	"net/http"

	"baraji/internal/hookin"
	"baraji/internal/kit/db"
)

// New makes the handler of everything under /in/.
func New(hooks *hookin.Hooks, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /in/{address}", func(w http.ResponseWriter, r *http.Request) { take(hooks, log, w, r) })
	return mux
}

func take(hooks *hookin.Hooks, log *slog.Logger, w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, hookin.Most))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		http.Error(w, "at most 1 MB", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	}
	err = hooks.Take(r.Context(), r.PathValue("address"), r.Header, body)
	switch {
	case err == nil:
		w.Write([]byte("ok\n"))
	case errors.Is(err, hookin.ErrUnknown):
		http.Error(w, "nothing is taken here", http.StatusNotFound)
	case errors.Is(err, hookin.ErrProof):
		http.Error(w, "the signature is wrong, or too old", http.StatusUnauthorized)
	case errors.Is(err, hookin.ErrBody):
		http.Error(w, "send JSON, or a form", http.StatusBadRequest)
	case errors.Is(err, hookin.ErrOff):
		h.Set("Retry-After", "3600")
		http.Error(w, "switched off for now", http.StatusServiceUnavailable)
	default:
		if r.Context().Err() == nil && !db.IsOutage(err) {
			log.Error("take what came to an incoming webhook", "error", err)
		}
		h.Set("Retry-After", "60")
		http.Error(w, "not now", http.StatusServiceUnavailable)
	}
}
