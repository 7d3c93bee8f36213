package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// RecipientID is the id of a recipient.
type RecipientID = id.Of[recipientKind]

type recipientKind struct{}

func (recipientKind) Prefix() string { return "cmr" }

// Fate is what became of a recipient.
type Fate string

// The fates.
const (
	Waits       Fate = "waiting"
	Goes        Fate = "sending"
	Went        Fate = "sent"
	Unconfirmed Fate = "unconfirmed"
	CameBack    Fate = "bounced"
	Failed      Fate = "failed"
	Skipped     Fate = "skipped"
)

// Fates lists them, as pages do.
var Fates = []Fate{Went, Waits, Goes, Skipped, CameBack, Failed, Unconfirmed}

// Recipient is one customer of a campaign, and the mail that they get.
type Recipient struct {
	ID           RecipientID
	Campaign     ID
	Contact      contact.ID
	Address      string
	Language     i18n.Locale
	Variant      string
	Fate         Fate
	Why          string // of Skipped: its word is "campaigns.skip_" + it
	Answer       string // of Failed and CameBack: what the server said
	Attempts     int
	At           time.Time // when something last became of it
	DueAt        time.Time // of Waits: not before
	SentAt       time.Time
	RepliedAt    time.Time
	LeftAt       time.Time // they do not want such mails any more
	Conversation conversation.ID

	phase  string
	filled map[string]string // what was put into the text
	since  time.Time         // when it was first tried
}

// phaseData says that the end of the data may have been sent.
const phaseData = "data"

const recipientColumns = `r.id, r.campaign_id, r.contact_id, r.address, r.language, r.variant, r.state, r.why, r.answer, r.attempts, r.at, r.due_at, r.sent_at, r.replied_at,
	r.left_at, r.conversation_id, r.phase, r.filled, r.since`

func scanRecipient(r db.Row) (p Recipient, err error) {
	var filled string
	err = r.Scan(&p.ID, &p.Campaign, &p.Contact, &p.Address, &p.Language, &p.Variant, &p.Fate, &p.Why, &p.Answer, &p.Attempts, db.Time(&p.At), db.Time(&p.DueAt), db.Time(&p.SentAt),
		db.Time(&p.RepliedAt), db.Time(&p.LeftAt), &p.Conversation, &p.phase, &filled, db.Time(&p.since))
	if err == nil && filled != "" {
		err = json.Unmarshal([]byte(filled), &p.filled)
	}
	return p, err
}

// Filter narrows the list of recipients.
type Filter struct {
	Fate    Fate
	Why     string
	Variant string
	Replied bool
	Left    bool
	After   RecipientID // where the page before ended
	Limit   int
}

// Recipients lists those of a campaign.
func Recipients(ctx context.Context, tx *db.Tx, of ID, f Filter) ([]Recipient, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	if _, err := Get(ctx, tx, of); err != nil {
		return nil, err
	}
	var a db.Args
	where := `r.campaign_id = ` + a.Add(of) + ` AND r.id > ` + a.Add(f.After)
	if f.Fate != "" {
		where += ` AND r.state = ` + a.Add(f.Fate)
	}
	if f.Why != "" {
		where += ` AND r.why = ` + a.Add(f.Why)
	}
	if f.Variant != "" {
		where += ` AND r.variant = ` + a.Add(f.Variant)
	}
	if f.Replied {
		where += ` AND r.replied_at IS NOT NULL`
	}
	if f.Left {
		where += ` AND r.left_at IS NOT NULL`
	}
	list, err := db.All(ctx, tx, scanRecipient, `SELECT `+recipientColumns+` FROM campaign_recipient r WHERE `+where+` ORDER BY r.id`+db.Limit(min(max(f.Limit, 1), 501)), a.List()...)
	for i := range list {
		list[i] = list[i].shown(ctx)
	}
	return list, err
}

// GetRecipient returns one, for whoever may read of customers: they look at what a customer was sent.
func GetRecipient(ctx context.Context, tx *db.Tx, id RecipientID) (Recipient, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return Recipient{}, err
	}
	r, err := recipient(ctx, tx, id)
	return r.shown(ctx), err
}

func recipient(ctx context.Context, tx *db.Tx, id RecipientID) (Recipient, error) {
	r, err := db.One(ctx, tx, scanRecipient, `SELECT `+recipientColumns+` FROM campaign_recipient r WHERE r.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return r, problem.New(problem.NotFound, "There is no such mail.")
	}
	if err != nil {
		return r, fmt.Errorf("read %s: %w", id, err)
	}
	return r, nil
}

// shown hides what may not be seen: the address, what the server said of it, and what was put into the mail.
func (r Recipient) shown(ctx context.Context) Recipient {
	if team.From(ctx).Masked {
		r.Address, r.Answer, r.filled = contact.MaskEmail(r.Address), "", nil
	}
	return r
}

// Of lists what a customer got, or is to get, the last first.
func Of(ctx context.Context, tx *db.Tx, who contact.ID, limit int) ([]Recipient, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	list, err := db.All(ctx, tx, scanRecipient, `SELECT `+recipientColumns+` FROM campaign_recipient r WHERE r.contact_id = $1 ORDER BY r.id DESC`+db.Limit(min(max(limit, 1), 100)), who)
	for i := range list {
		list[i] = list[i].shown(ctx)
	}
	return list, err
}

// Behind is the mail that a conversation answers; ok is false where it answers none.
func Behind(ctx context.Context, tx *db.Tx, talk conversation.ID) (r Recipient, c Campaign, ok bool, err error) {
	list, err := db.All(ctx, tx, scanRecipient, `SELECT `+recipientColumns+` FROM campaign_recipient r WHERE r.conversation_id = $1 ORDER BY r.id DESC LIMIT 1`, talk)
	if err != nil || len(list) == 0 {
		return r, c, false, err
	}
	c, err = load(ctx, tx, list[0].Campaign)
	return list[0].shown(ctx), c, err == nil, err
}

// Names are what campaigns are called.
func Names(ctx context.Context, tx *db.Tx, ids []ID) (map[ID]string, error) {
	names := map[ID]string{}
	var a db.Args
	return names, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var name string
		err := r.Scan(&id, &name)
		names[id] = name
		return err
	}, `SELECT id, name FROM campaign WHERE id IN `+db.In(&a, slices.Compact(slices.Sorted(slices.Values(ids)))), a.List()...)
}
