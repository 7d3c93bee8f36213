package inbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/runbook"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// searching is a search and what it found.
type searching struct {
	Words  string
	Status string // "" is all
	Hits   []conversation.Hit
	Books  []runbook.Runbook // on the first page
	Next   string
}

// search finds conversations by what was said in them.
func (a *area) search(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	s := searching{Words: strings.TrimSpace(q.Get("q")), Status: q.Get("status")}
	var f conversation.Filter
	if st := conversation.Status(s.Status); slices.Contains(conversation.Statuses, st) {
		f.Status = []conversation.Status{st}
	}
	var next string
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if s.Words == "" {
			return nil
		}
		s.Hits, next, err = conversation.Search(r.Context(), tx, s.Words, f, conversation.Page{Limit: pageRows, After: q.Get("after")})
		if err != nil || q.Get("after") != "" {
			return err
		}
		s.Books, err = runbook.Find(r.Context(), tx, s.Words, mostBooks)
		return err
	})
	if err != nil {
		return err
	}
	if team.From(r.Context()).Masked {
		for i := range s.Hits {
			s.Hits[i].ContactName = maskName(s.Hits[i].ContactName)
		}
	}
	if next != "" {
		s.Next = s.url(s.Status, "part", "more", "after", next)
	}
	if q.Get("part") == "more" {
		ui.Render(w, r, http.StatusOK, hits(s))
		return nil
	}
	ui.Render(w, r, http.StatusOK, searchPage(s))
	return nil
}

func (s searching) url(status string, pairs ...string) string {
	q := url.Values{"q": {s.Words}}
	if status != "" {
		q.Set("status", status)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/search?" + q.Encode()
}

// found is what the palette shows.
type found struct {
	Words         string
	Conversations []conversation.Hit
	People        []contact.Contact
	Books         []runbook.Runbook
}

// mostBooks is how many runbooks a search shows.
const mostBooks = 4

// find answers the palette: a few conversations and a few people.
func (a *area) find(w http.ResponseWriter, r *http.Request) error {
	f := found{Words: strings.TrimSpace(r.URL.Query().Get("q"))}
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if f.Words == "" {
			return nil
		}
		if f.Conversations, _, err = conversation.Search(r.Context(), tx, f.Words, conversation.Filter{}, conversation.Page{Limit: 6}); err != nil {
			return err
		}
		if f.Books, err = runbook.Find(r.Context(), tx, f.Words, mostBooks); err != nil {
			return err
		}
		if !team.From(r.Context()).Can(team.ReadContacts) {
			return nil
		}
		f.People, _, err = contact.List(r.Context(), tx, contact.Filter{Query: f.Words, Limit: 5})
		if problem.KindOf(err) == problem.Invalid {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, palette(f))
	return nil
}
