package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"baraji/internal/conversation"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func attachments(rt *routes) {
	rt.upload()
	get(rt, "/attachments/{id}", "Get a file of a message", rt.download, gives("application/octet-stream"))
}

// maxUpload is how large a file may be.
const maxUpload = 40 << 20

// Upload is a file that is not part of a message yet.
type Upload struct {
	ID   string `json:"id" doc:"For attachments of a message"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// upload takes a file: as a part of multipart/form-data, or as the body itself with
// its name in the query. The bytes go to the store while they come.
func (rt *routes) upload() {
	h, o := rt.operation(http.MethodPost, "/attachments", "Upload a file for a message",
		[]option{status(http.StatusCreated), body(maxUpload), about("Either multipart/form-data with one file, or the bytes as the body with " +
			"`?name=` and their Content-Type. What is not used within a day is dropped.")})
	o.raw = true
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	h.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data":      {Schema: &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"file": binary}, Required: []string{"file"}}},
		"application/octet-stream": {Schema: binary}}}
	h.Parameters = []*huma.Param{{Name: "name", In: "query", Schema: &huma.Schema{Type: huma.TypeString}}}
	keyed(h)
	describe[Upload](rt, h, o)
	rt.api.OpenAPI().AddOperation(h)
	rt.api.Adapter().Handle(h, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		a, err := rt.takeFile(r, w, o)
		if err != nil {
			a = rt.problemOf(r.Context(), r.Method, r.URL.Path, err)
		}
		rt.send(w, a)
	})
}

func (s *server) takeFile(r *http.Request, w http.ResponseWriter, o *operation) (*answer, error) {
	ctx := r.Context()
	if a := team.From(ctx); !a.Can(team.Reply) && !a.Can(team.Note) {
		return nil, team.Allow(ctx, team.Note)
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	name, kind, content, err := fileOf(r)
	if err != nil {
		return nil, err
	}
	f, err := s.Blobs.Put(ctx, content)
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return nil, large(maxUpload)
	}
	if err != nil {
		return nil, err
	}
	c := callOf(ctx)
	c.body = []byte(name + "\x00" + kind + "\x00" + f.SHA256)
	made := false
	a := s.once(ctx, r.Method, "POST "+prefix+"/attachments", o, func(ctx context.Context, tx *db.Tx) (any, error) {
		u, err := conversation.AddUpload(ctx, tx, conversation.Upload{Name: name, Type: kind, Size: f.Size, Blob: string(f.Key)})
		made = err == nil
		return Upload{u.ID.String(), u.Name, u.Type, u.Size}, err
	})
	if !made { // the answer to an earlier request, whose file it is; this one is swept if it cannot be deleted now
		s.Blobs.Delete(context.WithoutCancel(ctx), f.Key)
	}
	return a, nil
}

// fileOf finds the file in a request.
func fileOf(r *http.Request) (name, kind string, content io.Reader, err error) {
	kind, _, err = mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = "application/octet-stream"
	}
	if kind != "multipart/form-data" {
		return fileName(r.URL.Query().Get("name")), kind, r.Body, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return "", "", nil, problem.New(problem.Invalid, "The form cannot be read.")
	}
	for {
		p, err := parts.NextPart()
		if err != nil {
			return "", "", nil, problem.For("file", "There is no file in the form.")
		}
		if p.FileName() == "" {
			continue
		}
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			kind = "application/octet-stream"
		}
		return fileName(p.FileName()), kind, p, nil
	}
}

// fileName is a name as it may be shown: one line, no path, at most 255 bytes.
func fileName(s string) string {
	s = strings.ToValidUTF8(s, "")
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	for len(s) > 255 {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	if s = strings.TrimSpace(s); s == "" || strings.Trim(s, ".") == "" {
		return "file"
	}
	return s
}

func (s *server) download(ctx context.Context, tx *db.Tx, in *one) (none, error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return none{}, err
	}
	id, err := target[conversation.AttachmentID](in.ID)
	if err != nil {
		return none{}, err
	}
	f, err := conversation.GetAttachment(ctx, tx, id)
	if err != nil {
		return none{}, err
	}
	callOf(ctx).stream = func(w http.ResponseWriter, r *http.Request) { s.sendFile(w, r, f) }
	return none{}, nil
}

// sendFile answers with a file that nobody's browser is to open in our place.
func (s *server) sendFile(w http.ResponseWriter, r *http.Request, f conversation.Attachment) {
	content, err := s.Blobs.Open(r.Context(), blob.Key(f.Blob))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer content.Close()
	kind, _, err := mime.ParseMediaType(f.Type)
	if err != nil {
		kind = "application/octet-stream"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	h.Set("Content-Disposition", disposition(f.Name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.WriteHeader(http.StatusOK)
	io.Copy(w, content) // the reader may be gone
}

// disposition names a file for whoever saves it (RFC 6266, RFC 8187).
func disposition(name string) string {
	if v := mime.FormatMediaType("attachment", map[string]string{"filename": fileName(name)}); v != "" {
		return v
	}
	return "attachment"
}
