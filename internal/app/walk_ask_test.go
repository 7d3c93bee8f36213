// How one asks, and how one knows whether something changed.

package app_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/migrations"
	"baraji/internal/web/desk"
	"baraji/test/rig"
	"baraji/test/rig/house"
)

var hole = regexp.MustCompile(`\{([a-z]+)\}`)

// fill puts ids into a path or a form.
func (t things) fill(text, id string, with []string) string {
	return hole.ReplaceAllStringFunc(text, func(s string) string {
		name := strings.Trim(s, "{}")
		if i := slices.Index(with, name); i >= 0 && i%2 == 0 {
			if v, ok := t[strings.TrimPrefix(with[i+1], "=")]; ok && strings.HasPrefix(with[i+1], "=") {
				return url.PathEscape(v)
			}
			return with[i+1]
		}
		if v, ok := t[name]; ok && name != "name" && name != "number" && name != "token" {
			return url.QueryEscape(v)
		}
		return url.PathEscape(t[id])
	})
}

// said is what somebody gets to read, without what differs each time.
func said(a house.Answer) string { return fmt.Sprint(a.Status, " ", a.To, " ", a.Words()) }

func (w *walk) ask(p person, r desk.Route, o way, on things, token string, headers ...string) house.Answer {
	w.t.Helper()
	w.asked++
	path := on.fill(r.Path, o.id, o.with)
	path = strings.ReplaceAll(path, "{$}", "")
	if o.query != "" {
		path += "?" + on.fill(o.query, o.id, nil)
	}
	if r.Method == "GET" {
		return p.Get(path, headers...)
	}
	if o.upload {
		body, kind := aFile()
		return p.Send(r.Method, path, body, append(headers, "Content-Type", kind, "X-CSRF-Token", token)...)
	}
	form := on.fillForm(o.form)
	if token != "" {
		form.Set("_csrf", token)
	}
	return p.Send(r.Method, path, strings.NewReader(form.Encode()), append(headers, "Content-Type", "application/x-www-form-urlencoded")...)
}

func (t things) fillForm(text string) url.Values {
	form, err := url.ParseQuery(text)
	if err != nil {
		panic(err)
	}
	for _, list := range form {
		for i, v := range list {
			list[i] = hole.ReplaceAllStringFunc(v, func(s string) string { return t[strings.Trim(s, "{}")] })
		}
	}
	return form
}

func aFile() (*bytes.Buffer, string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	f, _ := m.CreateFormFile("file", "a.txt")
	f.Write([]byte("abc"))
	m.Close()
	return &b, m.FormDataContentType()
}

var created = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

// countAll counts what is in every table. Whatever a command does it records, so
// what has as many rows as before was not changed. On PostgreSQL, where that takes
// longer than what it is about, only what was recorded and what is to be done counts,
// but for the full form.
func countAll(t *testing.T, e db.Engine) string {
	names := tables(t)
	if e == db.Postgres && !rig.Full() {
		names = []string{"event", "job", "team_session"}
	}
	var parts []string
	for _, name := range names {
		parts = append(parts, `SELECT '`+name+`' AS name, COUNT(*) AS n FROM `+name)
	}
	return strings.Join(parts, " UNION ALL ") + ` ORDER BY name`
}

// tables are all the tables but the indexes of words.
func tables(t *testing.T) (names []string) {
	list, err := migrations.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		b, err := migrations.Files.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range created.FindAllStringSubmatch(string(b), -1) {
			if !strings.HasSuffix(m[1], "_search") {
				names = append(names, m[1])
			}
		}
	}
	return names
}

func (w *walk) state() string {
	return w.one(func(tx *db.Tx) (string, error) {
		rows, err := db.All(w.System(), tx, func(r db.Row) (string, error) {
			var name string
			var n int
			err := r.Scan(&name, &n)
			return fmt.Sprint(name, " ", n), err
		}, w.counts)
		return strings.Join(rows, ", "), err
	})
}
