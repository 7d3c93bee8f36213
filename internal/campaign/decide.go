package campaign

import (
	"context"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
	"baraji/internal/team"
)

// Why somebody gets no mail, beside the reasons of consent. The words are "campaigns.skip_" + these.
const (
	HasProblem = "problem" // they have a problem with us
	HadEnough  = "enough"  // they got as many as one may get
	LeftGroup  = "segment" // they are not in the segment any more
	SameMail   = "same"    // it goes to this address already
	LeftNotice = "left"    // they want no such notices
	WasStopped = "stopped" // it was stopped before their turn
)

// verdict is whether somebody gets the mail.
type verdict struct {
	who     contact.Profile
	address string
	why     string    // "" they do
	until   time.Time // they do, but not before; zero: now
}

// decide says whether a customer gets a campaign at this moment. row is theirs, 0 before it begins.
func (m *Campaigns) decide(ctx context.Context, tx *db.Tx, c Campaign, s segment.Segment, who contact.ID, row RecipientID) (v verdict, err error) {
	v.who, err = contact.Whole(ctx, tx, who)
	if problem.KindOf(err) == problem.NotFound {
		return verdict{why: string(consent.IsGone)}, nil
	}
	if err != nil {
		return v, err
	}
	if v.address, err = contact.Reach(ctx, tx, who, contact.Email); err != nil {
		return v, err
	}
	may, err := consent.May(ctx, tx, who, v.address, c.Purpose)
	if v.why = string(may); v.why != "" || err != nil {
		return v, err
	}
	for _, g := range gates {
		stands, err := g.stands(ctx, tx, c, s, v, row)
		if err != nil {
			return v, err
		}
		if stands {
			v.why = g.why
			return v, nil
		}
	}
	v.until, err = c.Manners.night(ctx, tx, v.who.TimeZone)
	return v, err
}

// gate is one reason to leave somebody out.
type gate struct {
	why    string
	stands func(ctx context.Context, tx *db.Tx, c Campaign, s segment.Segment, v verdict, row RecipientID) (bool, error)
}

var gates = []gate{
	{LeftGroup, func(ctx context.Context, tx *db.Tx, _ Campaign, s segment.Segment, v verdict, _ RecipientID) (bool, error) {
		holds, err := segment.Holds(ctx, tx, s, v.who.ID)
		return !holds, err
	}},
	{LeftNotice, func(ctx context.Context, tx *db.Tx, c Campaign, _ segment.Segment, v verdict, _ RecipientID) (bool, error) {
		if c.Purpose != consent.Notice {
			return false, nil
		}
		return db.Exists(ctx, tx, `SELECT 1 FROM campaign_left WHERE contact_id = $1`, v.who.ID)
	}},
	{SameMail, func(ctx context.Context, tx *db.Tx, c Campaign, _ segment.Segment, v verdict, row RecipientID) (bool, error) {
		if row == 0 {
			return false, nil
		}
		return db.Exists(ctx, tx, `SELECT 1 FROM campaign_recipient WHERE campaign_id = $1 AND id <> $2 AND (contact_id = $3 OR address = $4) AND state NOT IN ('waiting', 'skipped')`,
			c.ID, row, v.who.ID, v.address)
	}},
	{HasProblem, func(ctx context.Context, tx *db.Tx, c Campaign, _ segment.Segment, v verdict, _ RecipientID) (bool, error) {
		if !c.Manners.Problems {
			return false, nil
		}
		return troubled(ctx, tx, v.who.ID)
	}},
	{HadEnough, func(ctx context.Context, tx *db.Tx, c Campaign, _ segment.Segment, v verdict, row RecipientID) (bool, error) {
		if c.Manners.Days == 0 || c.Purpose != consent.Advertising {
			return false, nil
		}
		n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM campaign_recipient r JOIN campaign k ON k.id = r.campaign_id
			WHERE r.contact_id = $1 AND r.id <> $2 AND r.sent_at > $3 AND r.state IN ('sending', 'sent', 'unconfirmed') AND k.purpose = 'advertising'`, v.who.ID, row, tx.Now().AddDate(0, 0, -c.Manners.Days))
		return n >= c.Manners.Most, err
	}},
}

// problems are the types of conversations that are about something that went wrong.
var problems = []string{"problem", "complaint", "refund", "exchange", "repair"}

// troubled says whether a customer has a problem with us: a conversation that is not solved and is about one, or waits for our answer whatever it is
// about; or an incident that concerns them and goes on.
func troubled(ctx context.Context, tx *db.Tx, who contact.ID) (bool, error) {
	var a db.Args
	him := a.Add(who)
	return db.Exists(ctx, tx, `SELECT 1 FROM conversation c WHERE c.contact_id = `+him+` AND c.merged_into = 0 AND c.status <> `+a.Add(conversation.Solved)+`
			AND (c.type IN `+db.In(&a, problems)+` OR c.severity <> '' OR c.priority = 'urgent' OR c.waiting_since IS NOT NULL)
		UNION ALL SELECT 1 FROM incident_link l JOIN incident i ON i.id = l.incident_id JOIN conversation c ON c.id = l.conversation_id
			WHERE c.contact_id = `+him+` AND i.resolved_at IS NULL
		UNION ALL SELECT 1 FROM incident_notice n JOIN incident_update u ON u.id = n.update_id JOIN incident i ON i.id = u.incident_id
			WHERE n.contact_id = `+him+` AND i.resolved_at IS NULL LIMIT 1`, a.List()...)
}

// night says when the night ends where somebody is; the zero time where it is day, or nights do not count.
func (m Manners) night(ctx context.Context, tx *db.Tx, zone string) (time.Time, error) {
	if !m.Quiet {
		return time.Time{}, nil
	}
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return time.Time{}, err
	}
	return m.nightEnds(tx.Now(), hours.Zone(zone, firm.Zone)), nil
}

func (m Manners) nightEnds(now time.Time, zone *time.Location) time.Time {
	wall := hours.Wall(now.In(zone))
	minute := wall.Hour()*60 + wall.Minute()
	today := hours.DateOf(wall, time.UTC)
	switch {
	case m.From < m.To && minute >= m.From && minute < m.To, m.From > m.To && minute < m.To:
		return hours.Instant(zone, today, m.To)
	case m.From > m.To && minute >= m.From:
		return hours.Instant(zone, today.Add(1), m.To)
	}
	return time.Time{}
}
