package campaign

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Result is what became of those who got one variant.
type Result struct {
	Variant     string
	All         int // written down
	Waiting     int // and being sent
	Sent        int // left us: also what came back later, and what is not known
	Bounced     int // came back
	Failed      int // refused by the server
	Unconfirmed int // of Sent
	Skipped     int
	Replied     int // those who answered
	Left        int // those who do not want such mails any more
	Solved      int // of Replied: the conversation is solved
}

// Arrived is how many did not come back, as far as we know.
func (r Result) Arrived() int { return r.Sent - r.Bounced }

func (r Result) plus(o Result) Result {
	return Result{r.Variant, r.All + o.All, r.Waiting + o.Waiting, r.Sent + o.Sent, r.Bounced + o.Bounced, r.Failed + o.Failed, r.Unconfirmed + o.Unconfirmed,
		r.Skipped + o.Skipped, r.Replied + o.Replied, r.Left + o.Left, r.Solved + o.Solved}
}

// Results is what became of a campaign: of all, and of each variant.
func Results(ctx context.Context, tx *db.Tx, id ID) (all Result, each []Result, err error) {
	if _, err := Get(ctx, tx, id); err != nil {
		return all, nil, err
	}
	each, err = db.All(ctx, tx, func(r db.Row) (x Result, err error) {
		return x, r.Scan(&x.Variant, &x.All, &x.Waiting, &x.Sent, &x.Bounced, &x.Failed, &x.Unconfirmed, &x.Skipped, &x.Replied, &x.Left, &x.Solved)
	}, `SELECT r.variant, COUNT(*), `+count(`r.state IN ('waiting', 'sending')`)+`, `+count(`r.state IN ('sent', 'bounced', 'unconfirmed')`)+`, `+count(`r.state = 'bounced'`)+`, `+
		count(`r.state = 'failed'`)+`, `+count(`r.state = 'unconfirmed'`)+`, `+count(`r.state = 'skipped'`)+`, `+count(`r.replied_at IS NOT NULL`)+`, `+count(`r.left_at IS NOT NULL`)+`, `+
		count(`c.status = 'solved'`)+` FROM campaign_recipient r LEFT JOIN conversation c ON c.id = r.conversation_id WHERE r.campaign_id = $1 GROUP BY r.variant ORDER BY r.variant`, id)
	for _, r := range each {
		all = all.plus(r)
	}
	return all, each, err
}

func count(what string) string { return `COALESCE(SUM(CASE WHEN ` + what + ` THEN 1 ELSE 0 END), 0)` }

// SkippedFor counts why those got nothing who got nothing, most first.
func SkippedFor(ctx context.Context, tx *db.Tx, id ID) ([]Tally, error) {
	if _, err := Get(ctx, tx, id); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (t Tally, err error) { return t, r.Scan(&t.Why, &t.N) },
		`SELECT why, COUNT(*) AS n FROM campaign_recipient WHERE campaign_id = $1 AND state = 'skipped' GROUP BY why ORDER BY n DESC, why`, id)
}

// Sums is what became of several campaigns, in short.
func Sums(ctx context.Context, tx *db.Tx, list []Campaign) (map[ID]Result, error) {
	if err := team.Allow(ctx, team.RunCampaigns); err != nil {
		return nil, err
	}
	var ids []ID
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	sums := map[ID]Result{}
	var a db.Args
	return sums, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var x Result
		err := r.Scan(&id, &x.All, &x.Sent, &x.Replied, &x.Left)
		sums[id] = x
		return err
	}, `SELECT campaign_id, COUNT(*), `+count(`state IN ('sent', 'bounced', 'unconfirmed')`)+`, `+count(`replied_at IS NOT NULL`)+`, `+count(`left_at IS NOT NULL`)+`
		FROM campaign_recipient WHERE campaign_id IN `+db.In(&a, ids)+` GROUP BY campaign_id`, a.List()...)
}
