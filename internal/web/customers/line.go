package customers

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// line is what happened with a person, and what is ahead.
type line struct {
	Show  string // "", "conversations", "open", "notes", "changes"
	First bool   // the page that begins today
	Ahead []conversation.Conversation
	Now   []conversation.Conversation
	Past  []knot
	Older time.Time // the next page begins before; zero: this is the end
}

// knot is one thing in the past.
type knot struct {
	contact.Entry
	Talk   conversation.Conversation // of a conversation
	Author team.ID                   // of a note
	Head   bool                      // another stage begins (seen from today) here
}

// kinds of the line, and which entries belong to each.
func (l line) holds(e contact.Entry) bool {
	talk := strings.HasPrefix(e.Kind, "conversation.")
	switch l.Show {
	case "conversations":
		return talk
	case "open":
		return false
	case "notes":
		return e.Kind == "contact.note"
	case "changes":
		return !talk && e.Kind != "contact.note"
	}
	return true
}

func (l line) talks() bool { return l.Show == "" || l.Show == "conversations" || l.Show == "open" }

const lineSize = 30

// loadLine reads the numbers, the stages, and a page of the line.
func (p *person) loadLine(ctx context.Context, tx *db.Tx, show string, before time.Time) (err error) {
	if p.Sum, err = conversation.SumOf(ctx, tx, p.ID); err != nil {
		return err
	}
	if p.Life, err = contact.Life(ctx, tx, p.ID); err != nil {
		return err
	}
	if !slices.Contains([]string{"conversations", "open", "notes", "changes"}, show) {
		show = ""
	}
	p.line = line{Show: show, First: before.IsZero()}
	if err = p.loadOpen(ctx, tx); err != nil {
		return err
	}
	if p.line.Show == "open" {
		return nil
	}
	return p.loadPast(ctx, tx, before)
}

// loadOpen reads the conversations that are not solved: those that sleep are ahead.
func (p *person) loadOpen(ctx context.Context, tx *db.Tx) error {
	open := []conversation.Status{conversation.Open, conversation.Pending, conversation.Snoozed}
	list, _, err := conversation.List(ctx, tx, conversation.Filter{Contact: p.ID, Status: open}, conversation.Page{Limit: 100})
	for _, c := range list {
		if c.Status == conversation.Snoozed && c.SnoozedUntil.After(tx.Now()) {
			p.line.Ahead = append(p.line.Ahead, c)
		} else {
			p.line.Now = append(p.line.Now, c)
		}
	}
	slices.SortFunc(p.line.Ahead, func(a, b conversation.Conversation) int { return b.SnoozedUntil.Compare(a.SnoozedUntil) })
	return err
}

// loadPast reads entries that belong to the chosen kind until the page is full.
func (p *person) loadPast(ctx context.Context, tx *db.Tx, before time.Time) error {
	var found []contact.Entry
	for range 200 {
		some, err := contact.Timeline(ctx, tx, p.ID, before, 2*lineSize)
		if err != nil {
			return err
		}
		if len(some) == 0 {
			break
		}
		for _, e := range some {
			if p.line.holds(e) && !p.line.above(e) {
				found = append(found, e)
			}
		}
		before = some[len(some)-1].At
		if len(found) > lineSize {
			break
		}
	}
	found, p.line.Older = cut(found)
	return p.dress(ctx, tx, found)
}

// above says whether an entry stands in the part that is now or ahead.
func (l line) above(e contact.Entry) bool {
	return strings.HasPrefix(e.Kind, "conversation.") && e.Kind != "conversation.solved"
}

// cut ends a page between two moments, and says where the next begins.
func cut(found []contact.Entry) ([]contact.Entry, time.Time) {
	if len(found) <= lineSize {
		return found, time.Time{}
	}
	n := lineSize
	for n > 0 && found[n-1].At.Equal(found[n].At) {
		n--
	}
	if n == 0 {
		n = lineSize // more than a page in one moment
	}
	return found[:n], found[n-1].At
}

// dress adds what the page says of each entry.
func (p *person) dress(ctx context.Context, tx *db.Tx, found []contact.Entry) error {
	var ids []conversation.ID
	for _, e := range found {
		if talk, ok := talkOf(e); ok {
			ids = append(ids, talk)
		}
	}
	talks, err := conversation.Some(ctx, tx, ids)
	if err != nil {
		return err
	}
	authors := map[string]team.ID{}
	for _, n := range p.Notes {
		authors[n.ID.String()] = n.Author
	}
	stage := contact.Stage("-")
	for _, e := range found {
		k := knot{Entry: e, Author: authors[e.Ref]}
		if id, ok := talkOf(e); ok {
			k.Talk = talks[id]
		}
		if k.Stage = stageAt(p.Life, e.At); k.Stage != stage {
			k.Head, stage = true, k.Stage
		}
		p.line.Past = append(p.line.Past, k)
	}
	return nil
}

// talkOf is the conversation that an entry is about.
func talkOf(e contact.Entry) (talk conversation.ID, ok bool) {
	if !strings.HasPrefix(e.Kind, "conversation.") {
		return 0, false
	}
	return talk, talk.UnmarshalText([]byte(e.Ref)) == nil
}

// stageAt is the stage of a life at a moment. Before it began it was as it began.
func stageAt(life []contact.Spell, at time.Time) contact.Stage {
	s := life[0].Stage
	for _, spell := range life {
		if !spell.From.After(at) {
			s = spell.Stage
		}
	}
	return s
}

// shown is the address of this person's page with another kind of entries.
func (p person) shown(show string) string {
	q := url.Values{}
	if show != "" {
		q.Set("show", show)
	}
	return address(personURL(p.ID), q)
}

func (p person) older() string {
	q := url.Values{"before": {strconv.FormatInt(p.line.Older.UnixMilli(), 10)}}
	if p.line.Show != "" {
		q.Set("show", p.line.Show)
	}
	return address(personURL(p.ID), q)
}

// topics are what the line listens to.
func (p person) topics() string {
	t := "contact:" + p.ID.String()
	for _, list := range [][]conversation.Conversation{p.line.Now, p.line.Ahead} {
		for _, c := range list {
			t += " conversation:" + c.ID.String()
		}
	}
	return t
}

// class is the colour of a stage.
func class(s contact.Stage) string {
	switch s {
	case contact.PreSale:
		return "k-pre"
	case contact.Onboarding:
		return "k-start"
	case contact.PostSale:
		return "k-care"
	case contact.Renewal:
		return "k-again"
	}
	return "k-none"
}

// icon is the sign of an entry.
func (k knot) icon() string {
	switch k.Kind {
	case "contact.created":
		return "user-plus"
	case "contact.stage_changed":
		return "flag"
	case "contact.merged":
		return "git-merge"
	case "contact.unmerged":
		return "split"
	case "contact.blocked":
		return "ban"
	case "contact.unblocked":
		return "circle-check"
	case "contact.note":
		return "lock"
	}
	if k.Talk.Channel == "email" {
		return "mail"
	}
	if k.Icon == "" {
		return "activity"
	}
	return k.Icon
}

// title is what an entry is called that is neither conversation nor note.
func (k knot) title(ctx context.Context) string {
	if k.Kind == "contact.stage_changed" {
		return i18n.T(ctx, "customers.line_stage_changed", "stage", stageWord(ctx, contact.Stage(k.Title)))
	}
	if key := "customers.line_" + strings.TrimPrefix(k.Kind, "contact."); i18n.Has(key) {
		return i18n.T(ctx, key, "text", k.Title)
	}
	return k.Title
}

// outcome says how a conversation went: solved in what time, first answered after.
func outcome(ctx context.Context, c conversation.Conversation) string {
	said := []string{i18n.T(ctx, "customers.status_"+string(c.Status))}
	if c.Status == conversation.Solved && c.SolvedAt.After(c.CreatedAt) {
		said[0] = i18n.T(ctx, "customers.solved_in", "span", i18n.Duration(ctx, c.SolvedAt.Sub(c.CreatedAt)))
	}
	if c.FirstReplyAt.After(c.CreatedAt) {
		said = append(said, i18n.T(ctx, "customers.first_reply_after", "span", i18n.Duration(ctx, c.FirstReplyAt.Sub(c.CreatedAt))))
	}
	return strings.Join(append(said, i18n.T(ctx, "customers.messages", "n", c.Messages)), " · ")
}
