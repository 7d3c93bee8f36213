package api

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
)

// Whoever asks while the program ends, or the database is away, is told to ask again: a program must not take it for a fault in what it sent.
func TestWhoAsksWhileWeEndIsToldToAskAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, err := range []error{fmt.Errorf("read the talk: %w", context.Canceled), errors.New("read the talk: sql: database is closed")} {
			r := httptest.NewRecorder()
			w.server.refuse(r, httptest.NewRequest("GET", "/api/v1/conversations", nil), err)
			if r.Code != 503 || r.Header().Get("Retry-After") == "" {
				t.Errorf("%v: %d %v", err, r.Code, r.Header())
			}
		}
	})
}
