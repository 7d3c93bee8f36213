package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed static
var static embed.FS

// prefix is where Assets is mounted.
const prefix = "/static/"

// asset is one file as browsers get it.
type asset struct {
	url   string
	kind  string // content type
	etag  string
	plain []byte
	br    func() []byte // compressed when first asked for, then kept
	gzip  func() []byte
}

// assets holds every file by its name and by its path. They are made at the
// first page and never change.
var assets = sync.OnceValue(func() map[string]*asset {
	all := map[string]*asset{}
	add := func(name, source string) {
		b, err := static.ReadFile("static/" + source)
		if err != nil {
			panic(err) // the build forgot a file
		}
		all[name] = newAsset(name, b)
	}
	all["app.css"] = newAsset("app.css", joined("static/css", ".css"))
	all["app.js"] = newAsset("app.js", joined("static/js", ".js"))
	all["makers.js"] = newAsset("makers.js", append([]byte("import { "+given+" } from \""+all["app.js"].url+"\";\n"), joined("static/makers", ".js")...))
	all["help.css"] = newAsset("help.css", append(files("css/10-tokens.css", "css/15-reset.css", "css/20-base.css", "far/83-article.css"), joined("static/help", ".css")...))
	all["help.js"] = newAsset("help.js", joined("static/help", ".js"))
	all["outside.css"] = newAsset("outside.css", append(files("css/10-tokens.css", "css/15-reset.css", "css/20-base.css", "css/40-controls.css", "far/83-article.css"), joined("static/outside", ".css")...))
	all["outside.js"] = newAsset("outside.js", joined("static/outside", ".js"))
	all["far.css"] = newAsset("far.css", joined("static/far", ".css"))
	all["status.css"] = newAsset("status.css", append(files("css/10-tokens.css", "css/15-reset.css", "css/20-base.css", "css/40-controls.css", "outside/10-outside.css"), joined("static/status", ".css")...))
	add("htmx.js", "vendor/htmx-4.0.1.min.js")
	add("live-worker.js", "live-worker.js")
	add("fonts.css", "fonts.css")
	add("icons.svg", "icons.svg")
	add("mark.svg", "mark.svg")
	for _, a := range all {
		all[a.url] = a
	}
	return all
})

// given is what the scripts of the pages on which something is made (static/makers) take from the others: see 99-start.js.
const given = "$, $$, ago, composing, csrf, on, say, toast"

// joined puts the files of one kind of a folder one after another, by name.
func joined(dir, ext string) []byte {
	var out bytes.Buffer
	entries, err := static.ReadDir(dir)
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		if path.Ext(e.Name()) != ext {
			continue
		}
		b, err := static.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			panic(err)
		}
		out.Write(b)
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// files puts some files one after another: the public pages share the ground with the desk, not the whole house.
func files(names ...string) []byte {
	var out bytes.Buffer
	for _, name := range names {
		b, err := static.ReadFile("static/" + name)
		if err != nil {
			panic(err)
		}
		out.Write(b)
		out.WriteByte('\n')
	}
	return out.Bytes()
}

func newAsset(name string, b []byte) *asset {
	sum := sha256.Sum256(b)
	hash := hex.EncodeToString(sum[:6])
	ext := path.Ext(name)
	return &asset{
		url:   prefix + strings.TrimSuffix(name, ext) + "." + hash + ext,
		kind:  contentType(ext),
		etag:  `"` + hash + `"`,
		plain: b,
		br:    sync.OnceValue(func() []byte { return brotliBytes(b) }),
		gzip:  sync.OnceValue(func() []byte { return gzipBytes(b) }),
	}
}

func contentType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return "application/octet-stream"
}

// Asset is the address of an asset: Asset("app.css") is
// "/static/app.<hash>.css". The address changes with the content, so browsers
// keep it for good.
func Asset(name string) string {
	if a, ok := assets()[name]; ok {
		return a.url
	}
	return ""
}

// Assets serves the styles, scripts, icons and fonts under /static/. Nothing else
// of the folder can be had, and no listing.
func Assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a, ok := assets()[r.URL.Path]; ok {
			a.serve(w, r)
			return
		}
		if font, ok := strings.CutPrefix(r.URL.Path, prefix+"pretendard-1.3.9/"); ok && path.Ext(font) == ".woff2" {
			serveFont(w, r, font)
			return
		}
		http.NotFound(w, r)
	})
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("ETag", a.etag)
	h.Set("Vary", "Accept-Encoding")
	keepForGood(h)
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	switch encoding := accepted(r.Header.Get("Accept-Encoding")); encoding {
	case "br":
		h.Set("Content-Encoding", encoding)
		body = a.br()
	case "gzip":
		h.Set("Content-Encoding", encoding)
		body = a.gzip()
	}
	send(w, r, body)
}

// serveFont sends one slice. Its folder carries the version, so it may be kept as
// long as a file with a hash; WOFF 2 is compressed in itself.
func serveFont(w http.ResponseWriter, r *http.Request, name string) {
	b, err := fs.ReadFile(static, "static/vendor/pretendard-1.3.9/"+path.Base(name))
	if err != nil || name != path.Base(name) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", contentType(".woff2"))
	keepForGood(w.Header())
	send(w, r, b)
}

func keepForGood(h http.Header) { h.Set("Cache-Control", "public, max-age=31536000, immutable") }
