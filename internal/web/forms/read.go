package forms

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"sync"
	"time"

	"baraji/internal/form"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
	"baraji/internal/web/desk"
	"baraji/internal/web/sheet"
)

// Bounds of what is read of one request, in bytes.
const (
	maxBody  = 64 << 20
	maxText  = 128 << 10 // of one answer
	maxParts = 400
	maxPlace = 300 << 20 // of files from one place in an hour
)

// input is what a browser sent. trouble is what was wrong with its files.
type input struct {
	form.Sent
	look    bool
	trouble problem.Check
}

// read takes the request apart, part by part, so that a large file is never held in memory. The stamp comes first; without a
// good one no file is kept.
func (a area) read(w http.ResponseWriter, v visit) (in input, err error) {
	in.Sent = form.Sent{Language: v.Locale, Answers: form.Answers{}, From: desk.From(v.r)}
	v.r.Body = http.MaxBytesReader(w, v.r.Body, maxBody)
	parts, err := v.r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		return in, a.readPlain(v, &in)
	}
	if err != nil {
		return in, errUnreadable
	}
	for range maxParts {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return in, nil
		}
		if err != nil {
			return in, tooMuch(err)
		}
		if err := a.part(v, &in, p); err != nil {
			return in, err
		}
	}
	return in, errUnreadable
}

var errUnreadable = problem.New(problem.Invalid, "What was sent cannot be read. Load the page again.")

func tooMuch(err error) error {
	var e *http.MaxBytesError
	if errors.As(err, &e) {
		return problem.New(problem.Invalid, "The files are too large: at most %d MB together.", maxBody>>20)
	}
	return errUnreadable
}

func (a area) readPlain(v visit, in *input) error {
	if err := v.r.ParseForm(); err != nil {
		return tooMuch(err)
	}
	for name, values := range v.r.PostForm {
		for _, text := range values {
			a.word(v, in, name, text)
		}
	}
	return nil
}

func (a area) part(v visit, in *input, p *multipart.Part) error {
	name := p.FormName()
	if f, ok := v.form.Field(name); ok && f.Kind == form.Upload {
		return a.file(v, in, f, p)
	}
	text, err := io.ReadAll(io.LimitReader(p, maxText))
	if err != nil {
		return tooMuch(err)
	}
	a.word(v, in, name, string(text))
	return nil
}

func (a area) word(v visit, in *input, name, text string) {
	switch name {
	case sheet.StampField:
		in.Stamp = text
	case sheet.TrapField:
		in.Trap = text
	case sheet.DoField:
		in.look = text == sheet.Look
	case sheet.KeptField:
		if f, ok := a.unkeep(v, text); ok && len(in.Files) < form.MaxFiles {
			in.Files = append(in.Files, f)
		}
	default:
		if f, ok := v.form.Field(name); ok && f.Kind != form.Upload {
			in.Answers[name] = append(in.Answers[name], text)
		}
	}
}

// file puts a file into the blob store, whatever it claims to be.
func (a area) file(v visit, in *input, f form.Field, p *multipart.Part) error {
	sent := mail.SafeName(p.FileName())
	if p.FileName() == "" {
		return nil
	}
	_, err := a.Forms.Unstamp(v.form.ID, in.Stamp, a.DB.Now())
	if err != nil || len(in.Files) >= form.MaxFiles {
		return nil // what is wrong is said when all is read
	}
	if form.Refuses(sent) {
		in.trouble.That(false, f.Key, "Files of this kind cannot be sent: %s.", sent)
		return nil
	}
	b := bufio.NewReaderSize(p, 512)
	head, _ := b.Peek(512)
	if len(head) == 0 { // no file chosen, or an empty one
		return nil
	}
	got, err := a.Blobs.Put(v.ctx, io.LimitReader(b, form.MaxFile+1))
	if err != nil {
		return tooMuchOr(err)
	}
	if got.Size > form.MaxFile || !a.loads.add(in.From, got.Size, a.DB.Now()) {
		in.trouble.That(false, f.Key, "“%s” is too large: a file may have at most %d MB.", sent, form.MaxFile>>20)
		return a.Blobs.Delete(v.ctx, got.Key)
	}
	in.Files = append(in.Files, form.File{Field: f.Key, Name: sent, Type: mail.FileType(sent, head), Size: got.Size, Blob: string(got.Key)})
	return nil
}

func tooMuchOr(err error) error {
	var e *http.MaxBytesError
	if errors.As(err, &e) {
		return tooMuch(err)
	}
	return err
}

// keep is a file that goes back into the page: sealed, so that nobody names a file that is not his.
func (a area) keep(v visit, f form.File) sheet.Kept {
	text, _ := json.Marshal(f) // it has only texts and a number
	return sheet.Kept{File: f, Sealed: a.Keys.Seal(sealedFor(v), text)}
}

func sealedFor(v visit) string { return "form.file/" + v.form.ID.String() }

func (a area) unkeep(v visit, sealed string) (f form.File, ok bool) {
	text, err := a.Keys.Unseal(sealedFor(v), sealed)
	return f, err == nil && json.Unmarshal(text, &f) == nil
}

// loads counts in memory how much came from each place, by the hour: what is stored before it is accepted has no row that
// could be counted.
type loads struct {
	mu    sync.Mutex
	since time.Time
	bytes map[string]int64
}

// add says whether there is room for so much more from a place.
func (l *loads) add(place string, n int64, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bytes == nil || now.Sub(l.since) > time.Hour {
		l.bytes, l.since = map[string]int64{}, now
	}
	l.bytes[place] += n
	return l.bytes[place] <= maxPlace
}
