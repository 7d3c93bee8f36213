package campaign

import (
	"context"
	"errors"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
	"baraji/internal/team"
)

// forecast is the work of asking of every member of a segment whether they would get a campaign now.
type forecast struct {
	Campaign ID        `json:"campaign"`
	Asked    time.Time `json:"asked"`
}

func (forecast) JobKind() string { return "campaign.forecast" }

// Ask has it counted who would get a campaign if it began now. Nothing is sent.
func Ask(ctx context.Context, tx *db.Tx, id ID) error {
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if !c.State.Open() {
		return begun()
	}
	if c.Segment == 0 {
		return problem.For("segment", "Choose whom it goes to.")
	}
	if _, err := tx.Exec(ctx, `DELETE FROM campaign_forecast WHERE campaign_id = $1`, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE campaign SET asked_at = $2, counting = TRUE WHERE id = $1`, id, tx.Now()); err != nil {
		return err
	}
	return job.Add(ctx, tx, forecast{id, tx.Now()}, job.Options{Lane: id.String()})
}

// errStale says that a count counts no more: the campaign was changed, or counted anew.
var errStale = errors.New("stale")

// perForecast is how many are asked about in one transaction.
const perForecast = 200

func (m *Campaigns) forecast(ctx context.Context, run *job.Run, f forecast) error {
	for after := contact.ID(0); ; {
		var last contact.ID
		err := m.DB.Write(ctx, func(tx *db.Tx) (err error) {
			last, err = m.foresee(ctx, tx, f, after)
			return err
		})
		if errors.Is(err, errStale) || err == nil && last == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		after = last
	}
}

// foresee asks about the next members, and says who was the last of them; 0 when nobody is left.
func (m *Campaigns) foresee(ctx context.Context, tx *db.Tx, f forecast, after contact.ID) (last contact.ID, err error) {
	c, err := load(ctx, tx, f.Campaign)
	if problem.KindOf(err) == problem.NotFound || err == nil && (!c.counting || !c.asked.Equal(f.Asked)) {
		return 0, errStale
	}
	if err != nil {
		return 0, err
	}
	s, err := segment.Get(ctx, tx, c.Segment)
	if problem.KindOf(err) == problem.NotFound {
		return 0, c.counted(ctx, tx)
	}
	if err != nil {
		return 0, err
	}
	list, err := segment.Members(ctx, tx, s, after, perForecast)
	if err != nil {
		return 0, err
	}
	for _, who := range list {
		v, err := m.decide(ctx, tx, c, s, who, 0)
		if err != nil {
			return 0, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO campaign_forecast (campaign_id, contact_id, why, later) VALUES ($1, $2, $3, $4) ON CONFLICT (campaign_id, contact_id) DO UPDATE
			SET why = excluded.why, later = excluded.later`, c.ID, who, v.why, !v.until.IsZero())
		if err != nil {
			return 0, err
		}
		last = who
	}
	if len(list) < perForecast {
		return 0, c.counted(ctx, tx)
	}
	return last, nil
}

func (c Campaign) counted(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE campaign SET counting = FALSE WHERE id = $1`, c.ID)
	return err
}

// Tally is how many have something in common.
type Tally struct {
	Why string
	N   int
}

// Outlook is who would get a campaign.
type Outlook struct {
	At    time.Time // when it was asked; zero: never
	Going bool      // it is still being counted
	All   int
	Get   int
	Later int     // of Get: when their night is over
	Not   []Tally // the others, most first
}

// Foreseen is what was counted last.
func Foreseen(ctx context.Context, tx *db.Tx, id ID) (o Outlook, err error) {
	c, err := Get(ctx, tx, id)
	if err != nil {
		return o, err
	}
	o.Going, o.At = c.counting, c.asked
	return o, db.Each(ctx, tx, func(r db.Row) error {
		var why string
		var n, later int
		if err := r.Scan(&why, &n, &later); err != nil {
			return err
		}
		o.All += n
		if why == "" {
			o.Get, o.Later = n, later
			return nil
		}
		o.Not = append(o.Not, Tally{why, n})
		return nil
	}, `SELECT why, COUNT(*) AS n, SUM(CASE WHEN later THEN 1 ELSE 0 END) FROM campaign_forecast WHERE campaign_id = $1 GROUP BY why ORDER BY n DESC, why`, id)
}

// ForeseenPeople are those of a count who share a reason; "" are those who get it.
func ForeseenPeople(ctx context.Context, tx *db.Tx, id ID, why string, after contact.ID, limit int) ([]contact.ID, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (id contact.ID, err error) { return id, r.Scan(&id) },
		`SELECT contact_id FROM campaign_forecast WHERE campaign_id = $1 AND why = $2 AND contact_id > $3 ORDER BY contact_id`+db.Limit(min(max(limit, 1), 501)), id, why, after)
}
