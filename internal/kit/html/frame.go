package html

import (
	"bytes"
	"strings"
)

// Sandbox is the value of the sandbox attribute of the frame that shows outside HTML: no script, no forms, an origin of
// its own that is nobody's; links open a new, ordinary tab. Such a frame sends no cookies of ours, so the pictures in it
// need signed addresses.
const Sandbox = "allow-popups allow-popups-to-escape-sandbox"

// SandboxMeasured additionally lets the page around measure the frame's height. Still no script: that takes
// allow-scripts, which must never stand beside allow-same-origin.
const SandboxMeasured = "allow-same-origin " + Sandbox

// FrameCSP is the Content-Security-Policy header of a [Document]. The sandbox stands in it too, so the document is
// harmless even when somebody opens its address without the frame. Origins are where pictures may come from beside our
// own origin: the image proxy's, if it has one of its own.
func FrameCSP(sandbox string, origins ...string) string {
	img := []string{"'self'", "data:"}
	for _, o := range origins {
		if o != "" && !strings.ContainsAny(o, " ;,'\"\r\n") {
			img = append(img, o)
		}
	}
	return "default-src 'none'; img-src " + strings.Join(img, " ") + "; style-src 'unsafe-inline'; script-src 'none'; " +
		"form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox " + sandbox
}

// Theme is how a document looks.
type Theme string

// Auto follows the reader's system.
const (
	Auto  Theme = ""
	Light Theme = "light"
	Dark  Theme = "dark"
)

// Document makes the whole page of the frame out of cleaned HTML. Serve it with [FrameCSP], "Referrer-Policy: no-referrer",
// "X-Content-Type-Options: nosniff" and "X-DNS-Prefetch-Control: off" ([FrameHeaders] has them all).
func Document(body, lang string, theme Theme) []byte {
	if lang == "" || !short.MatchString(lang) {
		lang = "en"
	}
	scheme := map[Theme]string{Light: "light", Dark: "dark"}[theme]
	if scheme == "" {
		scheme = "light dark"
	}
	var b bytes.Buffer
	b.WriteString(`<!DOCTYPE html><html lang="` + escape(lang) + `"><head><meta charset="utf-8">` +
		`<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">` +
		`<meta http-equiv="x-dns-prefetch-control" content="off"><meta name="robots" content="noindex"><title></title>` +
		`<style>:root{color-scheme:` + scheme + `}` + frameStyle + `</style></head><body>`)
	b.WriteString(body)
	b.WriteString("</body></html>")
	return b.Bytes()
}

// FrameHeaders are the headers that go with a [Document].
func FrameHeaders(sandbox string, origins ...string) map[string]string {
	return map[string]string{
		"Content-Type":                 "text/html; charset=utf-8",
		"Content-Security-Policy":      FrameCSP(sandbox, origins...),
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
		"X-DNS-Prefetch-Control":       "off",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control":                "private, no-store",
	}
}

const frameStyle = `html{font:15px/1.6 Pretendard,"Apple SD Gothic Neo","Malgun Gothic",system-ui,sans-serif;overflow-wrap:anywhere;word-break:keep-all}` +
	`body{margin:0;padding:1px}img{max-width:100%;height:auto}img[data-remote]{min-width:1em;min-height:1em;outline:1px dashed currentColor;opacity:.4}` +
	`table{max-width:100%}pre{white-space:pre-wrap}blockquote{margin:.5em 0;padding-left:.8em;border-left:3px solid color-mix(in srgb,currentColor 25%,transparent)}` +
	`summary{cursor:pointer;opacity:.7}a{color:LinkText}`

// Fold puts cleaned HTML that quotes earlier mails behind a line that opens it. Both parts have been through [Clean].
func Fold(fresh, quoted, label string) string {
	if strings.TrimSpace(quoted) == "" {
		return fresh
	}
	return fresh + "<details><summary>" + escape(label) + "</summary>" + quoted + "</details>"
}
