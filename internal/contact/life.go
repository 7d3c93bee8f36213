package contact

import (
	"context"
	"encoding/json"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/team"
)

// Spell is a time that a person spends in one stage; it lasts until the next.
type Spell struct {
	Stage Stage // "" is not known
	From  time.Time
}

// Life is the stages that a person went through, oldest first. It begins when he
// became known and is never empty.
func Life(ctx context.Context, tx *db.Tx, id ID) ([]Spell, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	c, err := load(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	moves, err := event.OfKind(ctx, tx, c.ID.String(), StageChanged{}.EventKind(), 500)
	if err != nil {
		return nil, err
	}
	life := []Spell{{Stage: c.Stage, From: c.CreatedAt}}
	for i, e := range moves {
		var f StageChanged
		if err := json.Unmarshal(e.Body, &f); err != nil {
			return nil, err
		}
		if i == 0 {
			life[0].Stage = f.From
		}
		life = append(life, Spell{f.To, e.At})
	}
	return life, nil
}
