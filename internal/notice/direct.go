package notice

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

// Direct is whoever talks to people in Slack one by one (internal/slack). What it is handed is on its way until it says what became of it ([Came]).
type Direct struct {
	Knows func(ctx context.Context, tx *db.Tx, who team.ID) (bool, error)
	Hand  func(ctx context.Context, tx *db.Tx, n Notice, d DeliveryID) error
}

func (d Direct) knows(ctx context.Context, tx *db.Tx, who team.ID) (bool, error) {
	if d.Knows == nil {
		return false, nil
	}
	return d.Knows(ctx, tx, who)
}

// hand hands a delivery over, with the end of its job. What somebody has read meanwhile is not told.
func (s *Notices) hand(ctx context.Context, run *job.Run, j deliver, p parcel) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		return s.Direct.Hand(ctx, tx, p.notice, j.Delivery)
	})
}

// Came notes what became of a delivery that was handed over.
func Came(ctx context.Context, tx *db.Tx, d DeliveryID, state State, why string) error {
	_, err := tx.Exec(ctx, `UPDATE notice_delivery SET state = $2, error = $3, at = $4 WHERE id = $1`, d, state, why, tx.Now())
	return err
}

// Said is a notice in the words of its reader.
type Said struct {
	Text  string // the sentence
	Title string // what it is about; "" where they may not see it
	Link  string // whole address
}

// Said words what a delivery brings; ErrNoRow: the notice or the person is gone.
func (s *Notices) Said(ctx context.Context, tx *db.Tx, d DeliveryID) (Said, error) {
	p, err := s.parcel(ctx, tx, d)
	return Said{p.message.text, p.message.title, p.message.link}, err
}
