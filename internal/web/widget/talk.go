package widget

import (
	"net/http"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
)

// line is a message in the browser.
type line struct {
	ID     string                `json:"id"`
	Client string                `json:"client_id,omitempty"`
	From   string                `json:"from"` // "visitor", "agent" or "bot"
	Name   string                `json:"name,omitempty"`
	Text   string                `json:"text"`
	Files  []attached            `json:"files,omitempty"`
	May    []conversation.Button `json:"may,omitempty"` // what may be pressed
	At     string                `json:"at"`
	Read   bool                  `json:"read,omitempty"`
}

func (e *edge) messages(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var after conversation.MessageID
	if text := r.URL.Query().Get("after"); text != "" {
		if err := after.UnmarshalText([]byte(text)); err != nil {
			return problem.New(problem.Invalid, "That cannot be read.")
		}
	}
	out := struct {
		Items []line `json:"items"`
	}{[]line{}}
	err := e.DB.Read(ctx, func(tx *db.Tx) error {
		v, _, err := e.Chat.Find(ctx, tx, caller(r))
		if err != nil {
			return err
		}
		list, err := chat.Lines(ctx, tx, v, after)
		for _, m := range list {
			out.Items = append(out.Items, e.show(v, m))
		}
		return err
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, out)
}

func (e *edge) show(v chat.Visitor, m chat.Line) line {
	l := line{ID: m.ID.String(), Client: m.Client, From: "agent", Name: m.FromName, Text: m.Text, Files: e.files(v, m.Message), At: m.CreatedAt.Format("2006-01-02T15:04:05.000Z")}
	if m.Channel != chat.Channel && m.ReplyText != "" { // by mail: without what it quotes
		l.Text = m.ReplyText
	}
	switch m.Kind {
	case conversation.FromCustomer:
		l.From, l.Name, l.Read = "visitor", "", m.Read
		return l
	case conversation.FromBot:
		l.From, l.May = "bot", m.Buttons
	}
	l.Text = html.ToText(html.FromMarkdown(l.Text)) // the widget shows text
	return l
}

func (e *edge) say(w http.ResponseWriter, r *http.Request) error {
	if err := e.Room.Short(); err != nil {
		return err
	}
	var in struct {
		ClientID string                  `json:"client_id"`
		Text     string                  `json:"text"`
		Press    string                  `json:"press"`
		Files    []conversation.UploadID `json:"files"`
		Name     string                  `json:"name"`
		Email    string                  `json:"email"`
		Answers  []string                `json:"answers"`
		Page     string                  `json:"page"`
	}
	if err := read(w, r, &in); err != nil {
		return err
	}
	ctx := r.Context()
	words := chat.Words{Client: in.ClientID, Text: in.Text, Press: in.Press, Files: in.Files, Answers: in.Answers,
		Card: chat.Card{Name: in.Name, Email: in.Email, Page: in.Page, Language: string(i18n.Of(ctx).Locale)}}
	var said chat.Said
	err := e.DB.Write(ctx, func(tx *db.Tx) (err error) {
		said, err = e.Chat.Say(ctx, tx, caller(r), words)
		return err
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusCreated, struct {
		ID      string `json:"id"`
		Token   string `json:"token,omitempty"`
		Unasked bool   `json:"unasked,omitempty"`
	}{said.Message.String(), said.Token, said.Unasked})
}
