package settings

import (
	"context"
	"encoding/csv"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) auditRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/audit", team.ReadAudit, a.audit)
	rt.Page("GET /settings/audit/verify", team.ReadAudit, a.verify)
	rt.Page("GET /settings/audit.csv", team.ReadAudit, a.auditFile)
}

// sought is what the log is narrowed to, as the form shows it.
type sought struct {
	Who, Kind, Subject, Day string
	before                  int64
}

func readSought(r *http.Request) sought {
	s := sought{Who: r.FormValue("who"), Kind: r.FormValue("kind"), Subject: strings.TrimSpace(r.FormValue("subject")), Day: r.FormValue("day"), before: math.MaxInt64}
	if n, err := strconv.ParseInt(r.FormValue("before"), 10, 64); err == nil && n > 0 {
		s.before = n
	}
	return s
}

// filter is the same for the log. A day is that of the reader.
func (s sought) filter(ctx context.Context) event.Filter {
	f := event.Filter{Before: s.before, Kind: s.Kind, Subject: s.Subject, Actor: s.Who}
	if day, err := time.ParseInLocation(time.DateOnly, s.Day, i18n.Of(ctx).Zone); err == nil {
		f.From, f.Until = day, day.AddDate(0, 0, 1)
	}
	return f
}

// query is the same as an address.
func (s sought) query() string {
	v := url.Values{}
	for name, value := range map[string]string{"who": s.Who, "kind": s.Kind, "subject": s.Subject, "day": s.Day} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v.Encode()
}

// entry is one line of the log in words.
type entry struct {
	event.Event
	Who, What, About string
}

const entriesShown = 50

func (a area) audit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s := readSought(r)
	var list []entry
	var people map[team.ID]string
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		events, err := event.List(ctx, tx, s.filter(ctx), entriesShown+1)
		if err != nil {
			return err
		}
		if people, err = team.Names(ctx, tx); err != nil {
			return err
		}
		names := &names{people: people, known: map[string]string{}}
		list = nil
		for _, e := range events {
			list = append(list, names.entry(ctx, tx, e))
		}
		return nil
	})
	if err != nil {
		return err
	}
	next := ""
	if len(list) > entriesShown {
		list = list[:entriesShown]
		next = "/settings/audit?" + s.query() + "&before=" + strconv.FormatInt(list[entriesShown-1].Seq, 10)
	}
	ui.Render(w, r, http.StatusOK, auditPage(list, s, people, next))
	return nil
}

// names finds out what things are called, each once.
type names struct {
	people map[team.ID]string
	known  map[string]string
}

func (n *names) entry(ctx context.Context, tx *db.Tx, e event.Event) entry {
	return entry{e, n.actor(ctx, e.Actor), kindWord(ctx, e.Kind), n.of(ctx, tx, e.Subject)}
}

func (n *names) actor(ctx context.Context, who string) string {
	if p, err := id.Read[team.ID](who); err == nil && n.people[p] != "" {
		return n.people[p]
	}
	if key := "audit.actor_" + who; i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return who
}

// of is what a subject is called, or its id where it has no name any more or the
// reader may not see it.
func (n *names) of(ctx context.Context, tx *db.Tx, subject string) string {
	if name, ok := n.known[subject]; ok {
		return name
	}
	name := n.find(ctx, tx, subject)
	if name == "" {
		name = subject
	}
	n.known[subject] = name
	return name
}

func (n *names) find(ctx context.Context, tx *db.Tx, subject string) string {
	prefix, _, _ := strings.Cut(subject, "_")
	switch prefix {
	case "usr":
		p, _ := id.Read[team.ID](subject)
		return n.people[p]
	case "tem":
		key, _ := id.Read[team.TeamID](subject)
		if t, err := team.GetTeam(ctx, tx, key); err == nil {
			return t.Name
		}
	case "inb":
		key, _ := id.Read[inbox.ID](subject)
		if in, err := inbox.Get(ctx, tx, key); err == nil {
			return in.Name
		}
	case "cnv":
		key, _ := id.Read[conversation.ID](subject)
		if c, err := conversation.Get(ctx, tx, key); err == nil {
			return "#" + strconv.FormatInt(c.Number, 10) + " " + c.Subject
		}
	case "con":
		key, _ := id.Read[contact.ID](subject)
		if c, err := contact.Get(ctx, tx, key); err == nil {
			return c.Name
		}
	case "firm":
		return t(ctx, "firm")
	}
	return ""
}

// kindWord says what happened; a kind that has no words yet keeps its name.
func kindWord(ctx context.Context, kind string) string {
	if key := "audit." + dotless(kind); i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return kind
}

// verify reads the whole chain and says whether anybody has touched it.
func (a area) verify(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var n int64
	var broken *event.Broken
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = event.Verify(ctx, tx)
		return err
	})
	if err != nil && !errors.As(err, &broken) {
		return err
	}
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, chain(n, broken))
		return nil
	}
	ui.Render(w, r, http.StatusOK, chainPage(n, broken))
	return nil
}

// auditFile is what the filter leaves, oldest last, as a table for other programs.
func (a area) auditFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="baraji-audit.csv"`)
	if _, err := w.Write([]byte("\ufeff")); err != nil { // or spreadsheets take it for another encoding
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write([]string{"seq", "at", "actor", "actor_name", "kind", "what", "subject", "about", "details"}); err != nil {
		return err
	}
	f := readSought(r).filter(ctx)
	for {
		var page []entry
		err := a.DB.Read(ctx, func(tx *db.Tx) error {
			events, err := event.List(ctx, tx, f, 1000)
			if err != nil {
				return err
			}
			people, err := team.Names(ctx, tx)
			names := &names{people: people, known: map[string]string{}}
			page = nil
			for _, e := range events {
				page = append(page, names.entry(ctx, tx, e))
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, e := range page {
			f.Before = e.Seq
			err := out.Write(harmless(strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(time.RFC3339Nano), e.Event.Actor, e.Who, e.Kind, e.What, e.Event.Subject, e.About, string(e.Body)))
			if err != nil {
				return err
			}
		}
		if len(page) < 1000 {
			out.Flush()
			return out.Error()
		}
	}
}

// harmless keeps spreadsheets from taking a text for a formula (OWASP, CSV injection).
func harmless(row ...string) []string {
	for i, s := range row {
		if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
			row[i] = "'" + s
		}
	}
	return row
}
