package demo

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/webhook"
)

// hooks is whom the shop tells what happens: its warehouse, which is being moved. A demo sends nothing anywhere.
func (s *story) hooks() {
	s.then(s.end.Add(-40*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		id, _, err := s.Hooks.Make(ctx, tx, webhook.Given{Address: "https://warehouse.dalbit.example/baraji", About: "물류 창고: 반품과 교환", Kinds: []string{"conversation.opened", "conversation.status_set", "form.submitted"}})
		if err != nil {
			return err
		}
		return s.Hooks.Switch(ctx, tx, id, false)
	})
}
