package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docsPolicy lets the page have its own style sheet and nothing else.
const docsPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed docs.html
var docsTemplate string

//go:embed docs.css
var docsStyle []byte

// docsPart is one resource on the page.
type docsPart struct {
	Name string
	Acts []docsAct
}

// docsAct is one operation on the page.
type docsAct struct {
	ID, Method, Path, Summary, About string
	Params                           []docsParam
	Body, Answer                     string
	Status                           string
}

// docsParam is one parameter on the page.
type docsParam struct{ Name, In, About string }

// docsPage makes the page that people read, once, from the description itself.
func docsPage(spec *huma.OpenAPI) []byte {
	var b bytes.Buffer
	t := template.Must(template.New("docs").Parse(docsTemplate))
	if err := t.Execute(&b, map[string]any{"Info": spec.Info, "Parts": docsParts(spec)}); err != nil {
		panic(err) // it is made of constants
	}
	return b.Bytes()
}

func docsParts(spec *huma.OpenAPI) (parts []docsPart) {
	at := map[string]int{}
	for _, path := range slices.Sorted(maps.Keys(spec.Paths)) {
		p := spec.Paths[path]
		for _, op := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
			if op == nil {
				continue
			}
			name := op.Tags[0]
			i, ok := at[name]
			if !ok {
				i, at[name] = len(parts), len(parts)
				parts = append(parts, docsPart{Name: name})
			}
			parts[i].Acts = append(parts[i].Acts, docsActOf(spec, op))
		}
	}
	return parts
}

func docsActOf(spec *huma.OpenAPI, op *huma.Operation) docsAct {
	a := docsAct{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, About: op.Description}
	for _, p := range op.Parameters {
		a.Params = append(a.Params, docsParam{p.Name, p.In, p.Description})
	}
	if op.RequestBody != nil {
		if m := op.RequestBody.Content["application/json"]; m != nil {
			a.Body = shape(spec, m.Schema)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		if status == "default" {
			continue
		}
		a.Status = status
		if m := op.Responses[status].Content["application/json"]; m != nil {
			a.Answer = shape(spec, m.Schema)
		}
	}
	return a
}

// shape writes a schema as JSON that it allows.
func shape(spec *huma.OpenAPI, s *huma.Schema) string {
	b, err := json.MarshalIndent(sample(spec, s, 0), "", "  ")
	if err != nil {
		return ""
	}
	return string(b)
}

// sample is a value that a schema allows: what type stands where, in words.
func sample(spec *huma.OpenAPI, s *huma.Schema, depth int) any {
	if s == nil || depth > 5 {
		return nil
	}
	if s.Ref != "" {
		return sample(spec, spec.Components.Schemas.SchemaFromRef(s.Ref), depth)
	}
	switch {
	case len(s.Examples) > 0:
		return s.Examples[0]
	case len(s.Enum) > 0:
		var words []string
		for _, e := range s.Enum {
			if w, ok := e.(string); ok && w != "" {
				words = append(words, w)
			}
		}
		return strings.Join(words, " | ")
	}
	switch s.Type {
	case huma.TypeObject:
		out := map[string]any{}
		for name, p := range s.Properties {
			out[name] = sample(spec, p, depth+1)
		}
		return out
	case huma.TypeArray:
		return []any{sample(spec, s.Items, depth+1)}
	case huma.TypeInteger, huma.TypeNumber:
		return 0
	case huma.TypeBoolean:
		return false
	case huma.TypeString:
		if s.Format == "date-time" {
			return "2026-01-05T09:00:00.000Z"
		}
		return "…"
	}
	return nil
}
