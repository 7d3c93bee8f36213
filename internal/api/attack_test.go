package api

import (
	"maps"
	"net/url"
	"strings"
	"testing"
)

// nasty are texts that have broken others (T34, T44, T48).
var nasty = []string{"'", `"; DROP TABLE contact; --`, `\`, "%", "%00", "\x00", "\xff\xfe", "a\r\nBcc: x@y.example", "../../etc/passwd", "${7*7}", "{{7*7}}",
	"<script>alert(1)</script>", "=cmd|' /C calc'!A0", strings.Repeat("가", 600), "\u202e\u200b", "-1", "9223372036854775808", "1e999", "NaN", "null", "true",
	"[]", "{}", "cnv_", "cnv_zzzzzzzzzzzzzzzzzzzz", "* OR 1=1", `"unclosed`, "a* b* \"c d\" -e", "\U0001f600", " "}

func TestNothingThatIsSentBreaksUs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		own := w.furnished(w.named("Own"))
		for _, s := range w.walk() {
			if s.known.public {
				continue
			}
			for _, text := range nasty {
				w.attack(s, own, text)
			}
		}
	})
}

// attack puts a text into every parameter of an operation, one after the other.
func (w *world) attack(s step, own things, text string) {
	w.t.Helper()
	kind := section(strings.TrimPrefix(s.Path, prefix))
	for _, p := range s.Parameters {
		values, path, headers := maps.Clone(own[kind]), "", []string{}
		if values == nil {
			values = map[string]string{}
		}
		switch p.In {
		case "path":
			values[p.Name] = text
			path = example(s.Path, values)
		case "query":
			path = example(s.Path, values) + "?" + p.Name + "=" + url.QueryEscape(text)
		case "header":
			if strings.ContainsAny(text, "\r\n\x00") {
				continue
			}
			path, headers = example(s.Path, values), []string{p.Name, text}
		}
		if text == " " && p.In == "path" || text == "" {
			continue
		}
		var body any
		if s.Method != "GET" && s.Method != "DELETE" {
			body = "{}"
		}
		if r := w.call(w.admin, s.Method, path, body, headers...); r.Code >= 500 {
			w.t.Errorf("%s with %q as %s: %d\n%s", s, text, p.Name, r.Code, w.logged)
			w.logged.Reset()
		}
	}
	w.attackBody(s, own, text)
}

// attackBody puts the text into every field of a body that would do.
func (w *world) attackBody(s step, own things, text string) {
	good, _ := s.body(goodBodies(own)).(map[string]any)
	for name := range good {
		bad := maps.Clone(good)
		bad[name] = text
		if from, ok := good[name].(map[string]any); ok {
			bad[name] = map[string]any{"email": text, "name": from["name"]}
		}
		path := example(s.Path, own[section(strings.TrimPrefix(s.Path, prefix))])
		if r := w.call(w.admin, s.Method, path, bad); r.Code >= 500 {
			w.t.Errorf("%s with %q as %s: %d\n%s", s, text, name, r.Code, w.logged)
			w.logged.Reset()
		}
	}
}
