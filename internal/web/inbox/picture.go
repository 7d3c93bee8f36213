package inbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"baraji/internal/kit/dial"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// maxPicture is the size of a picture from elsewhere, in bytes.
const maxPicture = 5 << 20

// picture fetches a picture that a mail shows from elsewhere, so that its sender
// learns nothing about who reads. It answers only for addresses that we signed
// when the reader asked for them.
func (a *area) picture(w http.ResponseWriter, r *http.Request) error {
	remote := r.URL.Query().Get("u")
	gone := problem.New(problem.NotFound, "This picture cannot be had.")
	if err := a.Keys.CheckLink("picture", remote, r.URL.Query().Get("t"), a.DB.Now()); err != nil || a.pictures == nil {
		return gone
	}
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, remote, nil)
	if err != nil || req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return gone
	}
	req.Header.Set("Accept", "image/png, image/jpeg, image/gif, image/webp")
	req.Header.Set("User-Agent", "Mozilla/5.0 (picture proxy)")
	res, err := a.pictures.Do(req)
	var refused *dial.Error
	if errors.As(err, &refused) {
		a.Log.Debug("a picture was not fetched", "error", refused)
	}
	if err != nil {
		return gone
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return gone
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxPicture+1))
	kind := http.DetectContentType(data)
	if err != nil || len(data) > maxPicture || !ui.IsPicture(kind) {
		return gone
	}
	ui.Harmless(w, kind)
	w.Header().Set("Cache-Control", "private, max-age=86400")
	_, err = io.Copy(w, bytes.NewReader(data))
	return err
}
