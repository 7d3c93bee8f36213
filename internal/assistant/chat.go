package assistant

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Chatting says whether the assistant answers in the chat on the firm's own pages.
type Chatting struct{ On bool }

var chatting = setting.Of[Chatting]{Name: "assistant.chat"}

// InChat says whether the assistant answers in the chat.
func InChat(ctx context.Context, tx *db.Tx) (bool, error) {
	c, err := setting.Get(ctx, tx, chatting)
	return c.On, err
}

// SetInChat lets the assistant answer in the chat, or not.
func SetInChat(ctx context.Context, tx *db.Tx, on bool) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if err := setting.Set(ctx, tx, chatting, Chatting{on}); err != nil {
		return err
	}
	return event.Record(ctx, tx, ChattingChanged{on})
}
