package hookin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
)

// Parts is what taking needs from the rest of the program.
type Parts struct {
	DB    *db.DB
	Keys  *secret.Keys
	Jobs  *job.Runner
	Clock func() time.Time // the machine's: senders sign with it
}

// Hooks takes what comes: one for each process.
type Hooks struct{ Parts }

// New makes it, and takes over its jobs.
func New(p Parts) *Hooks {
	s := &Hooks{p}
	job.Handle(p.Jobs, job.Kind{Pool: "hookin", Tries: retries, Wait: 5 * time.Second, Most: 10 * time.Minute}, s.process)
	p.Jobs.Size("hookin", 4)
	return s
}

// Most is how much one request may hold, in bytes.
const Most = 1 << 20

// Why something is not taken.
var (
	ErrUnknown = errors.New("no such address")
	ErrOff     = errors.New("it is switched off")
	ErrProof   = errors.New("nothing proves who sends")
	ErrBody    = errors.New("neither JSON nor a form")
)

// Take keeps what came to an address, and has it looked through. It is kept when Take returns; what came before is not kept twice.
func (s *Hooks) Take(ctx context.Context, address string, head http.Header, body []byte) error {
	var h Hook
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		h, err = db.One(ctx, tx, scan, `SELECT `+columns+` FROM hookin WHERE address = $1`, address)
		return err
	})
	switch {
	case errors.Is(err, db.ErrNoRow):
		return ErrUnknown
	case err != nil:
		return fmt.Errorf("find an incoming webhook: %w", err)
	case !s.proven(h, head, body):
		return s.refuse(ctx, h)
	case !h.On:
		return ErrOff
	}
	form := isForm(head.Get("Content-Type"))
	if _, err := read(string(body), form); err != nil {
		return ErrBody
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := keep(ctx, tx, h.ID, Item{Message: h.Proof.message(head, body), Raw: string(body), Form: form})
		return err
	})
}

func isForm(kind string) bool {
	media, _, _ := mime.ParseMediaType(kind)
	return media == "application/x-www-form-urlencoded"
}

// proven says whether one of the secrets that are valid now is behind a request.
func (s *Hooks) proven(h Hook, head http.Header, body []byte) bool {
	sealed := []string{h.sealed}
	if h.oldSealed != "" && s.DB.Now().Before(h.OldUntil) {
		sealed = append(sealed, h.oldSealed)
	}
	ok := false
	for _, one := range sealed {
		plain, err := s.Keys.Unseal(seal, one)
		ok = err == nil && h.Proof.holds(string(plain), head, body, s.Clock()) || ok
	}
	return ok
}

// refuse counts what proved nothing; nothing else of it is kept.
func (s *Hooks) refuse(ctx context.Context, h Hook) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE hookin SET refused = refused + 1, refused_at = $2 WHERE id = $1`, h.ID, tx.Now())
		return err
	})
	if err != nil {
		return fmt.Errorf("count what was refused: %w", err)
	}
	return ErrProof
}

// keep stores an item with its job; 0 where it was there before.
func keep(ctx context.Context, tx *db.Tx, of ID, i Item) (ItemID, error) {
	id := ItemID(tx.NewID())
	n, err := tx.Exec(ctx, `INSERT INTO hookin_item (id, hookin_id, message, raw, form, trial, state, at) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7) ON CONFLICT (hookin_id, message) DO NOTHING`,
		id, of, i.Message, i.Raw, i.Form, i.Trial, tx.Now())
	if err != nil || n == 0 {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `UPDATE hookin SET taken_at = $2 WHERE id = $1`, of, tx.Now()); err != nil {
		return 0, err
	}
	return id, job.Add(ctx, tx, process{id}, job.Options{Lane: of.String()})
}

// Try has something looked through as if it had come.
func Try(ctx context.Context, tx *db.Tx, of ID, raw string) (ItemID, error) {
	if _, err := Get(ctx, tx, of); err != nil {
		return 0, err
	}
	if len(raw) > Most {
		return 0, problem.For("raw", "At most %d characters.", Most)
	}
	if _, err := read(raw, false); err != nil {
		return 0, problem.For("raw", "This is no JSON.")
	}
	id := tx.NewID()
	return keep(ctx, tx, of, Item{Message: fmt.Sprint("try:", id), Raw: raw, Trial: true})
}

// Document is what an item says.
func (i Item) Document() any {
	doc, _ := read(i.Raw, i.Form) // it was read before it was kept
	return doc
}

// read reads JSON, or a form as an object of its fields. What a form holds in its only field payload is JSON, as GitHub sends it.
func read(text string, form bool) (any, error) {
	if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
		return nil, ErrBody
	}
	if !form {
		return readJSON([]byte(text))
	}
	fields, err := url.ParseQuery(text)
	if err != nil || len(fields) == 0 {
		return nil, ErrBody
	}
	if p := fields["payload"]; len(fields) == 1 && len(p) == 1 && strings.HasPrefix(p[0], "{") {
		return readJSON([]byte(p[0]))
	}
	out := map[string]any{}
	for name, list := range fields {
		if out[name] = list[0]; len(list) > 1 {
			var all []any
			for _, v := range list {
				all = append(all, v)
			}
			out[name] = all
		}
	}
	return out, nil
}

func readJSON(b []byte) (doc any, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil, ErrBody
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrBody
	}
	return doc, nil
}
