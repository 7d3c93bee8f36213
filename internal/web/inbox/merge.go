package inbox

import (
	"net/http"
	"net/url"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

// merging is the choice of what a conversation is merged with, and which of the
// two lives on.
type merging struct {
	conversation.Conversation
	Words string
	Found []conversation.Conversation // what may be meant
	Other conversation.Conversation   // chosen; zero: none yet
	Swap  bool                        // the open one goes into the other
}

func (m merging) keep() conversation.Conversation {
	if m.Swap {
		return m.Other
	}
	return m.Conversation
}

func (m merging) lose() conversation.Conversation {
	if m.Swap {
		return m.Conversation
	}
	return m.Other
}

// mergeForm searches by number or words; without words it offers the customer's
// other conversations. With other it shows what the merge will do.
func (a *area) mergeForm(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	ctx, q := r.Context(), r.URL.Query()
	m := merging{Words: strings.TrimSpace(q.Get("q")), Swap: q.Get("swap") != ""}
	var other conversation.ID
	if err := other.UnmarshalText([]byte(q.Get("other"))); err != nil {
		return badForm("other")
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if m.Conversation, err = conversation.Get(ctx, tx, id); err != nil {
			return err
		}
		if other != 0 {
			m.Other, err = conversation.Get(ctx, tx, other)
			return err
		}
		m.Found, err = candidates(r, tx, m)
		return err
	})
	if err != nil {
		return err
	}
	if q.Get("part") == "found" {
		ui.Render(w, r, http.StatusOK, mergeFound(m))
		return nil
	}
	ui.Render(w, r, http.StatusOK, mergeDialog(m))
	return nil
}

func candidates(r *http.Request, tx *db.Tx, m merging) (out []conversation.Conversation, err error) {
	add := func(c conversation.Conversation) {
		if c.ID != m.ID && c.MergedInto == 0 && len(out) < 8 {
			out = append(out, c)
		}
	}
	if m.Words == "" {
		list, _, err := conversation.List(r.Context(), tx, conversation.Filter{Contact: m.Contact}, conversation.Page{Limit: 9})
		for _, c := range list {
			add(c)
		}
		return out, err
	}
	hits, _, err := conversation.Search(r.Context(), tx, m.Words, conversation.Filter{}, conversation.Page{Limit: 9})
	for _, h := range hits {
		add(h.Conversation)
	}
	return out, err
}

// merge puts one conversation into another and leads to the one that lives on.
func (a *area) merge(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	var other conversation.ID
	if err := other.UnmarshalText([]byte(r.FormValue("other"))); err != nil || other == 0 {
		return badForm("other")
	}
	keep, lose := id, other
	if r.FormValue("swap") != "" {
		keep, lose = other, id
	}
	var k conversation.Conversation
	err = a.do(r, func(tx *db.Tx) (err error) { k, err = conversation.Merge(r.Context(), tx, keep, lose); return err })
	if err != nil {
		return err
	}
	t := ui.Toast{Text: i18n.T(r.Context(), "inbox.said_merged"), Undo: "/inbox/" + lose.String() + "/undo"}
	if k.ID != id {
		ui.SayThere(w, r, t, "/inbox/"+k.ID.String())
		return nil
	}
	done(w, r, id, t)
	return nil
}

// undo puts the last merge or split of a conversation back.
func (a *area) undo(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	if err := a.do(r, func(tx *db.Tx) error { _, err := conversation.Undo(r.Context(), tx, id); return err }); err != nil {
		return err
	}
	done(w, r, id, ui.Toast{Text: i18n.T(r.Context(), "inbox.said_undone")})
	return nil
}

func query(name, value string) string { return url.Values{name: {value}}.Encode() }
