package outcall

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// Parts is what sending needs from the rest of the program.
type Parts struct {
	DB      *db.DB
	Keys    *secret.Keys
	Jobs    *job.Runner
	Dial    *dial.Dialer
	Clock   func() time.Time // the machine's: how long an answer took
	Version string
	Private bool // the operator allows private networks: http is allowed too
}

// Calls sends: one for each process.
type Calls struct {
	Parts
	client *http.Client
}

const (
	pool = "outcall"
	// workers is how many hosts are sent to at once. Each has one job, which waits for nobody else's.
	workers = 32
	// width is how many calls a host gets at once.
	width = 4
	// patience is how long a receiver may take from the connection to the last byte of his answer.
	patience = 15 * time.Second
	// Persist is how long a call is tried.
	Persist = 24 * time.Hour
)

// New makes it, takes over its jobs, and attaches it to the database.
func New(p Parts) *Calls {
	s := &Calls{Parts: p, client: p.Dial.Once(patience)}
	// What fails here is the database: what a receiver does is written down with the call.
	job.Handle(p.Jobs, job.Kind{Pool: pool, Tries: 1 << 30, Wait: time.Second, Most: 10 * time.Second}, s.send)
	p.Jobs.Size(pool, workers)
	db.Attach(p.DB, s)
	return s
}

// send is the job of sending what waits for one host.
type send struct {
	Host string `json:"host"`
}

func (send) JobKind() string { return "outcall.send" }

// send sends what is due, and then sleeps until something is.
func (s *Calls) send(ctx context.Context, run *job.Run, j send) error {
	var due []Call
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = db.All(ctx, tx, scan, `SELECT `+columns+` FROM outcall WHERE state = 'waiting' AND host = $1 AND next_at <= $2 ORDER BY next_at, id`+db.Limit(width), j.Host, tx.Now())
		return err
	})
	if err != nil {
		return fmt.Errorf("read what is to be sent to %s: %w", j.Host, err)
	}
	var wg sync.WaitGroup
	failed := make([]error, len(due))
	for i, c := range due {
		wg.Go(func() { failed[i] = s.one(ctx, c) })
	}
	wg.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return s.next(ctx, run, j)
}

// next ends the run, or says when the next one is.
func (s *Calls) next(ctx context.Context, run *job.Run, j send) error {
	var later time.Time
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		later = time.Time{}
		err := db.Each(ctx, tx, func(r db.Row) error { return r.Scan(db.Time(&later)) }, `SELECT next_at FROM outcall WHERE state = 'waiting' AND host = $1 ORDER BY next_at`+db.Limit(1), j.Host)
		if err != nil || !later.IsZero() {
			return err
		}
		return run.Finish(ctx, tx)
	})
	if err == nil && !later.IsZero() {
		return job.Later(later)
	}
	return err
}

// result is what came of one try.
type result struct {
	status int
	why    Why
	took   time.Duration
	after  time.Duration // how long the receiver asks to be left alone
}

// one makes one try, and writes down what came of it.
func (s *Calls) one(ctx context.Context, c Call) error {
	var secrets map[string]string
	ok := false
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { secrets, ok, err = s.opened(ctx, tx, c); return err })
	if err != nil {
		return fmt.Errorf("open the secrets of %s: %w", c.ID, err)
	}
	got := result{why: NoSecret}
	if ok {
		if got, err = s.try(ctx, c, secrets); err != nil {
			return err
		}
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return note(ctx, tx, c, got) })
	if err != nil {
		return fmt.Errorf("write down what came of %s: %w", c.ID, err)
	}
	return nil
}

// try asks once. It fails only where the program is ended meanwhile. No error of HTTP leaves here: it would hold the address, and the secrets in it.
func (s *Calls) try(ctx context.Context, c Call, secrets map[string]string) (result, error) {
	r, err := http.NewRequestWithContext(ctx, c.Request.Method, c.Request.Address.filled(secrets), strings.NewReader(c.Request.Body.filled(secrets)))
	if err != nil || strings.ToLower(r.URL.Host) != c.Host {
		return result{why: NoSecret}, nil // what a secret says cannot stand there
	}
	s.head(r, c, secrets)
	at := s.Clock()
	resp, err := s.client.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return result{}, ctx.Err() // we are stopping, which is no fault of the receiver
		}
		return result{why: Why(dial.FaultOf(err)), took: s.Clock().Sub(at)}, nil
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again; what he said is not kept
	return result{resp.StatusCode, judge(resp.StatusCode), s.Clock().Sub(at), dial.RetryAfter(resp.Header.Get("Retry-After"), at)}, nil
}

func (s *Calls) head(r *http.Request, c Call, secrets map[string]string) {
	if len(c.Request.Body) > 0 {
		r.Header.Set("Content-Type", map[Format]string{JSON: "application/json", Plain: "text/plain; charset=utf-8"}[c.Request.Format])
	}
	r.Header.Set("User-Agent", "Baraji/"+s.Version)
	for _, h := range c.Request.Headers {
		r.Header.Set(h.Name, InHeader.Of(h.Value.filled(secrets)))
	}
	r.Header.Set("Idempotency-Key", c.ID.String())
}

func judge(status int) Why {
	switch {
	case status >= 200 && status < 300:
		return ""
	case status >= 300 && status < 400:
		return Redirected
	}
	return Refused
}

// passing says whether another try may go better.
func (r result) passing() bool {
	switch r.why {
	case NoSecret, Redirected:
		return false
	case Refused:
		return r.status >= 500 || r.status == http.StatusTooManyRequests || r.status == http.StatusRequestTimeout || r.status == http.StatusTooEarly
	}
	return true
}

// note writes down what came of a try.
func note(ctx context.Context, tx *db.Tx, c Call, got result) error {
	state, next := Done, tx.Now()
	if c.firstAt.IsZero() {
		c.firstAt = tx.Now()
	}
	if got.why != "" {
		state, next = Waiting, c.again(tx.Now(), got)
		if !got.passing() || !tx.Now().Before(c.firstAt.Add(Persist)) {
			state = Failed
		}
	}
	n, err := tx.Exec(ctx, `UPDATE outcall SET state = $2, tries = $3, first_at = $4, next_at = $5, at = $6, status = $7, why = $8, took = $9 WHERE id = $1 AND state = 'waiting'`,
		c.ID, state, c.Tries+1, c.firstAt, next, tx.Now(), got.status, got.why, got.took)
	if err != nil || n == 0 || state != Failed {
		return err // or it went with its customer meanwhile
	}
	return c.gaveUp(team.AsSystem(ctx), tx, got)
}

// again is when a call is tried again: never after its day.
func (c Call) again(now time.Time, got result) time.Time {
	d := 10 * time.Second
	for range min(c.Tries, 10) {
		d = min(d*4, 4*time.Hour)
	}
	d = max(d*4/5+rand.N(d*2/5+1), got.after)
	if last := c.firstAt.Add(Persist); now.Add(d).After(last) {
		return last
	}
	return now.Add(d)
}

// gaveUp tells whoever answers for it.
func (c Call) gaveUp(ctx context.Context, tx *db.Tx, got result) error {
	if c.Owner != 0 {
		n := notice.Notice{Person: c.Owner, Kind: notice.Rule, Subject: c.ID.String(), Words: "notice.request_failed", Args: map[string]string{"host": c.Host}, Link: "/settings/requests?state=failed"}
		if _, err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, GivenUp{c.ID, got.why})
}
