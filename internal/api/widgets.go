package api

import (
	"context"

	"baraji/internal/channel/chat"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

func widgets(rt *routes) {
	put(rt, "/widgets/{id}", "Change how a chat widget looks and what it asks", setWidget)
	post(rt, "/widgets/{id}/secret", "Make a new secret for proving who a visitor is; the old one is worth nothing from now on", rt.renewSecret, secretive,
		about("Your server signs a JSON Web Token (HS256) with it: `sub` is your id of the customer, `exp` at most a day ahead, `name` and `email` if you like. It is shown once."))
}

// Widget is how a chat widget looks and what it asks.
type Widget struct {
	Title    map[string]string `json:"title,omitempty" doc:"By language: ko, en"`
	Greeting map[string]string `json:"greeting,omitempty" doc:"By language: ko, en"`
	Color    string            `json:"color,omitempty" maxLength:"7" doc:"#rrggbb"`
	Left     bool              `json:"left,omitempty"`
	AskName  bool              `json:"ask_name,omitempty"`
	AskEmail bool              `json:"ask_email,omitempty"`
	Ask      []chat.Question   `json:"ask,omitempty" nullable:"false" doc:"What else a stranger is asked before he writes, at most three"`
	Proven   bool              `json:"proven,omitempty" doc:"Only visitors whom your server has proven may write"`
	Origins  []string          `json:"origins,omitempty" doc:"Sites that may show it, such as https://shop.example; none: all"`
}

type putWidget struct {
	ID   string `path:"id"`
	Body Widget
}

func setWidget(ctx context.Context, tx *db.Tx, in *putWidget) (Widget, error) {
	i, err := chatAt(ctx, tx, in.ID)
	if err != nil {
		return Widget{}, err
	}
	if err := chat.Configure(ctx, tx, i.ID, chat.Settings(in.Body)); err != nil {
		return Widget{}, err
	}
	s, err := chat.SettingsOf(ctx, tx, i.ID)
	return Widget(s), err
}

// Secret is a secret that is shown once.
type Secret struct {
	Secret string `json:"secret"`
}

func (s *server) renewSecret(ctx context.Context, tx *db.Tx, in *one) (Secret, error) {
	i, err := chatAt(ctx, tx, in.ID)
	if err != nil {
		return Secret{}, err
	}
	text, err := s.Chat.Renew(ctx, tx, i.ID)
	return Secret{text}, err
}

func chatAt(ctx context.Context, tx *db.Tx, id string) (inbox.Inbox, error) {
	i, err := inboxAt(ctx, tx, id)
	if err == nil && i.Channel != chat.Channel {
		err = problem.New(problem.NotFound, "There is no such inbox.")
	}
	return i, err
}
