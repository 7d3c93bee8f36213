package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// answer is a whole answer.
type answer struct {
	status  int
	kind    string // its Content-Type
	body    []byte
	headers [][2]string
}

func (a *answer) header(name, value string) { a.headers = append(a.headers, [2]string{name, value}) }

// answered makes the answer of an operation.
func answered(status int, v any) (*answer, error) {
	if _, nothing := v.(none); nothing {
		return &answer{status: http.StatusNoContent}, nil
	}
	b, err := marshal(v)
	return &answer{status: status, kind: "application/json", body: b}, err
}

// marshal writes JSON as it is, without escaping what matters to HTML only.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func (s *server) send(w http.ResponseWriter, a *answer) {
	h := w.Header()
	for _, kv := range a.headers {
		h.Set(kv[0], kv[1])
	}
	if a.kind != "" {
		h.Set("Content-Type", a.kind)
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	w.Write(a.body) // the reader may be gone
}

// output is an answer as huma takes it: written as it is.
type output struct{ Body func(huma.Context) }

func (s *server) output(a *answer) *output {
	return &output{func(ctx huma.Context) {
		_, w := humago.Unwrap(ctx)
		s.send(w, a)
	}}
}
