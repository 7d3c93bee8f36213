package routing

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// Subject is what of a conversation decides.
type Subject struct {
	Stage    string
	Type     string
	Severity string
	Priority string
	Channel  string
	Tier     string
	Worth    int64
	Language i18n.Locale // "": nobody knows
	Tags     []string
	Words    string      // subject and first message, in small letters
	Team     team.TeamID // which has it already
	Owner    team.ID     // of the account
	Before   []team.ID   // who answered this customer before, the last first
}

const wordsRead = 4000 // letters of a first message that grades look at

// About reads a conversation, of those that one may see, as routing sees it.
func About(ctx context.Context, tx *db.Tx, c conversation.Conversation) (Subject, error) {
	s := Subject{Stage: string(c.Stage), Type: c.Type, Severity: c.Severity, Priority: c.Priority, Channel: c.Channel, Tags: c.Tags, Team: c.Team}
	s.Language, _ = i18n.Parse(c.Language)
	first, err := db.All(ctx, tx, func(r db.Row) (t string, err error) { return t, r.Scan(&t) },
		`SELECT text FROM conversation_message WHERE conversation_id = $1 AND kind = 'customer' ORDER BY id`+db.Limit(1), c.ID)
	if err != nil {
		return s, err
	}
	s.Words = strings.ToLower(c.Subject)
	if len(first) > 0 {
		s.Words += "\n" + strings.ToLower(clip(first[0], wordsRead))
	}
	if err := s.account(ctx, tx, c.Company); err != nil {
		return s, err
	}
	s.Before, err = before(ctx, tx, c.Contact, c.ID)
	return s, err
}

// clip is the first n letters.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// account reads what the customer's company says.
func (s *Subject) account(ctx context.Context, tx *db.Tx, id contact.CompanyID) error {
	if id == 0 {
		return nil
	}
	return db.Each(ctx, tx, func(r db.Row) error { return r.Scan(&s.Tier, &s.Worth, &s.Owner) },
		`SELECT tier, value, owner_id FROM contact_company WHERE id = $1`, id)
}

const remembers = 5 // talks with the same customer

// before is who had the last conversations of a customer.
func before(ctx context.Context, tx *db.Tx, who contact.ID, but conversation.ID) (list []team.ID, err error) {
	had, err := db.All(ctx, tx, func(r db.Row) (p team.ID, err error) { return p, r.Scan(&p) },
		`SELECT assignee_id FROM conversation WHERE contact_id = $1 AND id <> $2 AND assignee_id <> 0 ORDER BY last_at DESC, id DESC`+db.Limit(remembers), who, but)
	for _, p := range had {
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list, err
}

// grade is what the grades make of it.
func (s Subject) grade(list []Grade) Subject {
	out := s
	for _, g := range list {
		if !g.Fits(s) || !Holds(s.Words, g.Words) {
			continue
		}
		out.Type = first(out.Type, g.SetType)
		out.Severity = first(out.Severity, g.SetSeverity)
		if out.Priority == "" || out.Priority == "normal" {
			out.Priority = first(g.SetPriority, out.Priority)
		}
	}
	return out
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Holds says whether a text, in small letters, has one of the words: a Korean one anywhere, since endings stick to it, others whole.
func Holds(text string, words []string) bool {
	if len(words) == 0 {
		return true
	}
	return slices.ContainsFunc(words, func(w string) bool { return holdsWord(text, strings.ToLower(w)) })
}

func holdsWord(text, w string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], w)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(w)
		if !latinAt(text, from-1) && !latinAt(text, to) || !latinAt(w, 0) {
			return true
		}
		at = to
	}
}

// latinAt says whether a Latin letter or a digit stands at a byte.
func latinAt(s string, i int) bool {
	if i < 0 || i >= len(s) {
		return false
	}
	b := s[i]
	return 'a' <= b && b <= 'z' || '0' <= b && b <= '9'
}
