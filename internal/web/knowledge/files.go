package knowledge

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/knowledge/folder"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// traffic is the page on which articles go out and come in as files.
type traffic struct {
	Upload  string // the sealed name of what was uploaded; "" is nothing yet
	Items   []folder.Item
	Refused []folder.Line
	Taken   bool // it is done: this is what became of it
	N       int  // articles that were taken
	Trouble ui.Trouble
}

// maxUpload is the size of what comes in at once, in bytes. The form around it is a little larger.
const maxUpload = 30 << 20

// files is GET /knowledge/files?upload=…: the way out and the way in; with an upload, what would become of it.
func (a area) files(w http.ResponseWriter, r *http.Request) error {
	return a.showFiles(w, r, http.StatusOK, traffic{Upload: r.FormValue("upload")})
}

func (a area) showFiles(w http.ResponseWriter, r *http.Request, status int, p traffic) error {
	if p.Upload != "" && mayWrite(r.Context()) {
		batch, err := a.uploaded(r, p.Upload)
		if err == nil {
			p.Items, err = batch.Plan(r.Context(), a.DB, a.Blobs, folder.Options{})
		}
		if err != nil {
			trouble, err := ui.TroubleOf(w, r, err)
			if err != nil {
				return err
			}
			p.Upload, p.Trouble, status = "", trouble, trouble.Status
		} else {
			p.Refused = batch.Refused
		}
	}
	ui.Render(w, r, status, filesPage(p))
	return nil
}

// upload is POST /knowledge/files: keeps what was chosen for a day, and leads to what would become of it.
func (a area) upload(w http.ResponseWriter, r *http.Request) error {
	name, err := a.receive(w, r)
	if err == nil {
		ui.Redirect(w, r, "/knowledge/files?upload="+url.QueryEscape(name))
		return nil
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	return a.showFiles(w, r, trouble.Status, traffic{Trouble: trouble})
}

func (a area) receive(w http.ResponseWriter, r *http.Request) (string, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload+1<<20)
	err := r.ParseMultipartForm(1 << 20)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return "", problem.For("files", "A file may have at most %d MB.", maxUpload>>20)
	}
	if err != nil || len(r.MultipartForm.File["files"]) == 0 || r.MultipartForm.File["files"][0].Size == 0 {
		return "", problem.For("files", "Choose a file.")
	}
	content, err := packed(r.MultipartForm.File["files"])
	if err != nil {
		return "", err
	}
	if _, err := folder.Zip(bytes.NewReader(content), int64(len(content))); err != nil {
		return "", err
	}
	kept, err := a.Blobs.Put(r.Context(), bytes.NewReader(content))
	if err != nil {
		return "", err
	}
	return a.Keys.Seal(sealFor(r.Context()), []byte(kept.Key)), nil
}

// sealFor is what an upload is sealed for: nobody else can open it.
func sealFor(ctx context.Context) string { return "knowledge.files/" + team.From(ctx).Person.String() }

// packed is one zip of what was chosen: the one that it is, or one made of single files.
func packed(chosen []*multipart.FileHeader) ([]byte, error) {
	if len(chosen) == 1 && strings.HasSuffix(strings.ToLower(chosen[0].Filename), ".zip") {
		return contentOf(chosen[0])
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range chosen {
		content, err := contentOf(f)
		if err != nil {
			return nil, err
		}
		to, err := z.Create(f.Filename)
		if err != nil {
			return nil, err
		}
		if _, err := to.Write(content); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

func contentOf(f *multipart.FileHeader) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// uploaded opens what was uploaded.
func (a area) uploaded(r *http.Request, sealed string) (*folder.Batch, error) {
	key, err := a.Keys.Unseal(sealFor(r.Context()), sealed)
	if err != nil {
		return nil, problem.For("files", "This upload is gone. Choose the files again.")
	}
	f, err := a.Blobs.Open(r.Context(), blob.Key(key))
	if errors.Is(err, blob.ErrNotFound) {
		return nil, problem.For("files", "This upload is gone. Choose the files again.")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	list, err := folder.Zip(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	return folder.Read(list)
}

// take is POST /knowledge/files/take: takes in what is ticked, and shows what became of it.
func (a area) take(w http.ResponseWriter, r *http.Request) error {
	p := traffic{Taken: true}
	batch, err := a.uploaded(r, r.FormValue("upload"))
	if err != nil {
		trouble, err := ui.TroubleOf(w, r, err)
		if err != nil {
			return err
		}
		return a.showFiles(w, r, trouble.Status, traffic{Trouble: trouble})
	}
	only := map[string]bool{}
	for _, key := range r.Form["take"] {
		only[key] = true
	}
	got, err := batch.Take(r.Context(), a.DB, a.Blobs, folder.Options{Drafts: r.FormValue("drafts") != "", Edited: true, Only: only})
	if err != nil {
		return err
	}
	p.Items, p.N = got.Items, got.Taken
	p.Refused = slices.Concat(got.Failed, got.Refused)
	ui.Render(w, r, http.StatusOK, filesPage(p))
	return nil
}

// export is GET /knowledge/export.zip: every article as files.
func (a area) export(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", ui.Disposition("attachment", "help-"+i18n.Of(r.Context()).Now.Format("20060102")+".zip"))
	z := zip.NewWriter(w)
	_, err := folder.Export(r.Context(), a.DB, a.Blobs, func(path string, changed time.Time, content []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate, Modified: changed})
		if err != nil {
			return err
		}
		_, err = f.Write(content)
		return err
	}, nil)
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		a.Log.ErrorContext(r.Context(), "export articles", "error", err)
		panic(http.ErrAbortHandler) // half of it is on its way: it must not look whole
	}
	return nil
}

// ---- words

// of are the items with an outcome.
func (p traffic) of(o folder.Outcome) (list []folder.Item) {
	for _, i := range p.Items {
		if i.Outcome == o {
			list = append(list, i)
		}
	}
	return list
}

// takeable says whether there is anything to take.
func (p traffic) takeable() bool {
	return len(p.of(folder.New))+len(p.of(folder.Changed))+len(p.of(folder.Edited)) > 0
}

func outcomeTone(o folder.Outcome) string {
	return map[folder.Outcome]string{folder.New: "good", folder.Changed: "accent", folder.Edited: "warn", folder.Refused: "bad"}[o]
}

// fieldWords say what is different about an article.
func fieldWords(ctx context.Context, fields []string) string {
	var words []string
	for _, f := range fields {
		l, name, inText := strings.Cut(f, ".")
		if !inText {
			words = append(words, t(ctx, "field_"+f))
			continue
		}
		words = append(words, i18n.Locale(l).Name()+" "+t(ctx, "field_"+name))
	}
	return strings.Join(words, ", ")
}

func sentence(ctx context.Context, p *problem.Error) string {
	return i18n.Sentence(ctx, p.Format, p.Args...)
}

func paths(i folder.Item) (list []string) {
	for _, text := range i.Texts {
		list = append(list, text.Path)
	}
	return list
}

func languages(list []i18n.Locale) string {
	var names []string
	for _, l := range list {
		names = append(names, l.Name())
	}
	return strings.Join(names, ", ")
}

func segmentOf(i folder.Item) string {
	if i.Will == knowledge.Segment && i.Says.Segment != "" {
		return " (" + i.Says.Segment + ")"
	}
	return ""
}
