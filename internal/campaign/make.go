package campaign

import (
	"context"
	"fmt"
	"strings"

	"baraji/internal/consent"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
	"baraji/internal/team"
)

const (
	longestName    = 100
	longestSubject = 200
	longestText    = 20000
)

// Make keeps a new campaign, as a draft.
func Make(ctx context.Context, tx *db.Tx, c Campaign) (ID, error) {
	if err := team.Allow(ctx, team.RunCampaigns); err != nil {
		return 0, err
	}
	if err := c.check(ctx, tx); err != nil {
		return 0, err
	}
	c.ID = ID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO campaign (id, name, purpose, segment_id, inbox_id, body, state, person_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $8)`, c.ID, c.Name, c.Purpose, c.Segment, c.Inbox, c.body(), team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("make campaign: %w", err)
	}
	return c.ID, event.Record(ctx, tx, Made{c.ID})
}

// Change makes a campaign that has not begun say something else. What was counted of it counts no more.
func Change(ctx context.Context, tx *db.Tx, c Campaign) error {
	if _, err := Get(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := c.check(ctx, tx); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE campaign SET name = $2, purpose = $3, segment_id = $4, inbox_id = $5, body = $6, asked_at = NULL, counting = FALSE, updated_at = $7
		WHERE id = $1 AND state IN ('draft', 'planned')`, c.ID, c.Name, c.Purpose, c.Segment, c.Inbox, c.body(), tx.Now())
	if err != nil {
		return fmt.Errorf("change %s: %w", c.ID, err)
	}
	if n == 0 {
		return problem.New(problem.Conflict, "It has begun, so it cannot be changed any more. Make a copy of it.")
	}
	return event.Record(ctx, tx, Changed{c.ID})
}

// Copy makes a draft that says the same.
func Copy(ctx context.Context, tx *db.Tx, id ID) (ID, error) {
	c, err := Get(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	name := i18n.T(ctx, "campaigns.copy_of", "name", c.Name)
	if r := []rune(name); len(r) > longestName {
		name = string(r[:longestName])
	}
	c.Name, c.Frame = name, Frame{}
	return Make(ctx, tx, c)
}

// Delete takes a campaign away that never went to anybody.
func Delete(ctx context.Context, tx *db.Tx, id ID) error {
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if !c.State.Open() {
		return problem.New(problem.Conflict, "Customers were mailed, so it stays: it is part of what happened with them.")
	}
	if _, err := tx.Exec(ctx, `DELETE FROM campaign WHERE id = $1`, id); err != nil {
		return fmt.Errorf("delete %s: %w", id, err)
	}
	return event.Record(ctx, tx, Deleted{id})
}

// check tidies a campaign and finds what is wrong. A draft may lack most; see [Campaign.ready].
func (c *Campaign) check(ctx context.Context, tx *db.Tx) error {
	var p problem.Check
	c.Name = line(c.Name)
	p.That(c.Name != "", "name", "Give it a name.")
	p.That(len([]rune(c.Name)) <= longestName, "name", "At most %d characters.", longestName)
	p.That(c.Purpose == consent.Advertising || c.Purpose == consent.Notice, "purpose", "Choose what it is for.")
	for name, l := range map[string]*Letter{"": &c.Letter, "other.": &c.Other} {
		l.tidy(&p, name)
	}
	p.That(c.Share >= 0 && c.Share <= 90, "share", "Between 0 and 90 percent.")
	c.Manners.check(&p)
	if c.Segment != 0 {
		if _, err := segment.Get(ctx, tx, c.Segment); problem.KindOf(err) == problem.NotFound {
			p.That(false, "segment", "There is no such segment.")
		} else if err != nil {
			return err
		}
	}
	if c.Inbox != 0 {
		in, err := inbox.Get(ctx, tx, c.Inbox)
		p.That(err == nil && in.Channel == "email", "inbox", "Choose an inbox that sends mail.")
	}
	return p.Err()
}

func (l *Letter) tidy(p *problem.Check, at string) {
	subject, text := i18n.Text{}, i18n.Text{}
	for _, locale := range i18n.Locales() {
		if s := line(l.Subject[locale]); s != "" {
			subject[locale] = s
		}
		if s := strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(strings.ReplaceAll(l.Text[locale], "\x00", ""), "\r\n", "\n"), "")); s != "" {
			text[locale] = s
		}
		p.That(len([]rune(subject[locale])) <= longestSubject, at+"subject_"+string(locale), "At most %d characters.", longestSubject)
		p.That(len([]rune(text[locale])) <= longestText, at+"text_"+string(locale), "At most %d characters.", longestText)
	}
	l.Subject, l.Text = subject, text
}

// ready says what is missing before it can begin.
func (m *Campaigns) ready(ctx context.Context, tx *db.Tx, c Campaign) error {
	var p problem.Check
	if _, err := segment.Get(ctx, tx, c.Segment); problem.KindOf(err) == problem.NotFound {
		p.That(false, "segment", "Choose whom it goes to.")
	} else if err != nil {
		return err
	}
	p.That(c.Inbox != 0, "inbox", "Choose an inbox that sends mail.")
	if c.Inbox != 0 {
		err := m.Mail.MaySendBulk(ctx, tx, c.Inbox)
		if said, ours := problem.As(err); ours {
			for _, f := range said.Fields {
				p.That(false, f.Name, f.Format, f.Args...)
			}
			p.That(len(said.Fields) > 0, "inbox", "Choose an inbox that sends mail.")
		} else if err != nil {
			return err
		}
	}
	c.Letter.ready(&p, "")
	if c.Share > 0 {
		c.Other.ready(&p, "other.")
	}
	if c.Purpose == consent.Advertising {
		d, err := GetDefaults(ctx, tx)
		if err != nil {
			return err
		}
		p.That(d.Foot.Reach != "", "foot", "Advertising has to say how its sender is reached. Enter that in the settings for sending first.")
	}
	return p.Err()
}

// ready wants one language to be whole, and none to be half.
func (l Letter) ready(p *problem.Check, at string) {
	some := false
	for _, locale := range i18n.Locales() {
		s, t := l.Subject[locale], l.Text[locale]
		p.That(s != "" || t == "", at+"subject_"+string(locale), "Enter a subject.")
		p.That(t != "" || s == "", at+"text_"+string(locale), "Write what it says.")
		some = some || l.In(locale)
	}
	first := string(i18n.Locales()[0])
	p.That(some || !l.empty(), at+"text_"+first, "Write what it says.")
}
