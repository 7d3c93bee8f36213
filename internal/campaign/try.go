package campaign

import (
	"context"

	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// TrialID is the id of a mail that is sent to try it.
type TrialID = id.Of[trialKind]

type trialKind struct{}

func (trialKind) Prefix() string { return "cmt" }

// try is the work of mailing a campaign to the one who writes it.
type try struct {
	Trial    TrialID    `json:"trial"`
	Campaign ID         `json:"campaign"`
	Like     contact.ID `json:"like"`
	Variant  string     `json:"variant"`
	Person   team.ID    `json:"person"`
}

func (try) JobKind() string { return "campaign.try" }

// Try mails a campaign to whoever asks for it, as a customer would get it.
func (m *Campaigns) Try(ctx context.Context, tx *db.Tx, id ID, like contact.ID, variant string) error {
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	me := team.From(ctx)
	if me.Person == 0 {
		return problem.New(problem.Forbidden, "Only a person can be sent a mail to try it.")
	}
	if err := m.Mail.MaySendBulk(ctx, tx, c.Inbox); err != nil {
		return err
	}
	if c.letter(variant).empty() {
		return problem.For("text_en", "Write what it says.")
	}
	if _, err := contact.Get(ctx, tx, like); err != nil {
		return err
	}
	return job.Add(ctx, tx, try{TrialID(tx.NewID()), id, like, variant, me.Person}, job.Options{})
}

func (m *Campaigns) try(ctx context.Context, _ *job.Run, t try) error {
	var carrier *email.Carrier
	var l Mail
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := load(ctx, tx, t.Campaign)
		if err != nil {
			return err
		}
		me, err := team.Get(ctx, tx, t.Person)
		if err != nil {
			return err
		}
		if carrier, err = m.Mail.Carrier(ctx, tx, c.Inbox); err != nil {
			return err
		}
		l, err = m.preview(ctx, tx, c, t.Like, t.Variant)
		l.To = mail.Address{Name: me.Name, Addr: me.Email}
		l.Subject = i18n.T(i18n.With(ctx, i18n.Reader{Locale: l.Language}), "campaigns.mail_try", "subject", l.Subject)
		return err
	})
	if err != nil {
		return err
	}
	defer carrier.Close()
	return carrier.Send(ctx, email.Bulk{Ref: t.Trial.String(), To: l.To, Subject: l.Subject, Text: l.Text, HTML: l.HTML, Date: m.DB.Now()}, func(context.Context) error { return nil })
}

// NoLeaving is where the link leads of a mail that is only looked at.
const NoLeaving = "/off"

// Preview is the mail that a customer would get.
func (m *Campaigns) Preview(ctx context.Context, tx *db.Tx, id ID, who contact.ID, variant string) (Mail, error) {
	c, err := Get(ctx, tx, id)
	if err != nil {
		return Mail{}, err
	}
	return m.preview(ctx, tx, c, who, variant)
}

func (m *Campaigns) preview(ctx context.Context, tx *db.Tx, c Campaign, like contact.ID, variant string) (l Mail, err error) {
	if c.State.Open() {
		if c.Frame, err = frame(ctx, tx); err != nil {
			return l, err
		}
	}
	who, err := contact.Whole(ctx, tx, like)
	if err != nil {
		return l, err
	}
	return m.compose(ctx, tx, c, who, who.Email, variant, m.URL+NoLeaving)
}

// Was is the mail that a recipient got, as it was.
func (m *Campaigns) Was(ctx context.Context, tx *db.Tx, id RecipientID) (Mail, Recipient, Campaign, error) {
	r, err := GetRecipient(ctx, tx, id)
	if err != nil {
		return Mail{}, r, Campaign{}, err
	}
	c, err := load(ctx, tx, r.Campaign)
	if err != nil {
		return Mail{}, r, c, err
	}
	if r.SentAt.IsZero() {
		return Mail{}, r, c, nil
	}
	return c.written(Mail{To: mail.Address{Addr: r.Address}, Language: r.Language, Variant: r.Variant, filled: r.filled}, m.URL+NoLeaving), r, c, nil
}
