package webhook

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"baraji/internal/kit/dial"
)

// patience is how long a receiver may take from the connection to the last byte of his answer.
const patience = 15 * time.Second

// excerpt is how much of an answer is kept, in bytes.
const excerpt = 500

// Why says why something did not arrive; its word is "settings.hook_why_" + it. "" is: it arrived.
type Why string

// The reasons.
const (
	NoConnection     = Why(dial.NoConnection)
	NotTrusted       = Why(dial.NotTrusted)
	TooSlow          = Why(dial.TooSlow)
	Cut              = Why(dial.Cut)
	Redirected   Why = "redirect" // it answered 3xx
	Refused      Why = "status"   // it answered something else than 2xx
	HasGone      Why = "gone"     // it answered 410
)

// result is what came of one try.
type result struct {
	status int
	why    Why
	took   time.Duration
	answer string
	after  time.Duration // how long the receiver asks to be left alone
}

// send makes one try. It fails only where there is nothing to send to.
func (s *Hooks) send(ctx context.Context, address, id string, body []byte, keys [][]byte) (result, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return result{}, errors.New("the address of a webhook cannot be read") // the error would hold it
	}
	at := s.Clock()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Baraji/"+s.Version)
	r.Header.Set("webhook-id", id)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	r.Header.Set("webhook-signature", signature(keys, id, at, body))
	r.Header["Idempotency-Key"] = nil // not sent: it lets net/http try again where a kept connection turns out to be closed
	resp, err := s.client.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return result{}, ctx.Err() // we are stopping, which is no fault of the receiver
		}
		return result{why: Why(dial.FaultOf(err)), took: s.Clock().Sub(at)}, nil
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, excerpt)) // what he said counts, not whether he finished
	return result{resp.StatusCode, judge(resp.StatusCode), s.Clock().Sub(at), readable(text), dial.RetryAfter(resp.Header.Get("Retry-After"), at)}, nil
}

func judge(status int) Why {
	switch {
	case status >= 200 && status < 300:
		return ""
	case status == http.StatusGone:
		return HasGone
	case status >= 300 && status < 400:
		return Redirected
	}
	return Refused
}

// readable makes text of an answer.
func readable(b []byte) string {
	for len(b) > 0 && !utf8.Valid(b) && len(b) > excerpt-utf8.UTFMax {
		b = b[:len(b)-1] // it was cut inside a letter
	}
	clean := func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return -1
	}
	return strings.TrimSpace(strings.Map(clean, strings.ToValidUTF8(string(b), "�")))
}
