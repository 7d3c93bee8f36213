package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// documents serves the description, for programs and for people. It needs no token.
func (rt *routes) documents() {
	rt.document("/api/v1/openapi.json", "openapi", "The description of all this, in OpenAPI 3.1", "application/json")
	rt.document("/api/docs", "docs", "The same for people", "text/html; charset=utf-8")
	rt.document("/api/docs.css", "docs-style", "How that looks", "text/css; charset=utf-8")
	spec := rt.api.OpenAPI()
	delete(spec.Components.Schemas.Map(), "ErrorModel") // huma's refusals, which nobody sees
	delete(spec.Components.Schemas.Map(), "ErrorDetail")
	rt.spec, rt.page = marshalled(spec), docsPage(spec)
}

func marshalled(spec *huma.OpenAPI) []byte {
	b, err := marshal(spec)
	if err != nil {
		panic(err) // it is made of constants
	}
	return b
}

func (rt *routes) document(path, id, summary, kind string) {
	h := &huma.Operation{Method: http.MethodGet, Path: path, OperationID: "get-" + id, Summary: summary, Tags: []string{"description"},
		Security: []map[string][]string{}, Responses: map[string]*huma.Response{"200": {Description: "OK",
			Content: map[string]*huma.MediaType{kind: {Schema: &huma.Schema{}}}}}}
	rt.known[h.Method+" "+path] = &operation{public: true, reads: true, status: http.StatusOK}
	rt.api.OpenAPI().AddOperation(h)
	rt.api.Adapter().Handle(h, func(ctx huma.Context) {
		_, w := humago.Unwrap(ctx)
		a := &answer{status: http.StatusOK, kind: kind, body: rt.spec}
		switch id {
		case "docs":
			a.body = rt.page
			w.Header().Set("Content-Security-Policy", docsPolicy)
		case "docs-style":
			a.body = docsStyle
		}
		w.Header().Set("Cache-Control", "public, max-age=300")
		rt.send(w, a)
	})
}
