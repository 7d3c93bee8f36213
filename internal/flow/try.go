package flow

import (
	"context"

	"baraji/internal/assistant"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
)

// Line is what the robot says to somebody who tries a path.
type Line struct {
	Text    string
	Buttons []conversation.Button
	Step    string // where he is now; "": at none
	Person  bool   // a person would take over
}

// Try says what the robot would say to somebody who pressed or wrote something (neither: who opens the widget) if a path were
// published as it is now. Nothing is kept of it.
func (r *Robot) Try(ctx context.Context, tx *db.Tx, p Path, pressed, wrote string, l i18n.Locale) (Line, error) {
	word := func(key string) string {
		return i18n.T(i18n.With(ctx, i18n.Reader{Locale: l}), "assistant."+key)
	}
	b, isPath := readPress(pressed)
	switch {
	case pressed == "" && wrote == "":
		return r.at(ctx, tx, p, p.First(), l)
	case isPath:
		m, ok := p.pressed(b)
		switch {
		case !ok || m.Do == Person:
			return Line{Text: word("say_person"), Person: true}, nil
		case m.Do == Ask:
			return Line{Text: word("say_ask")}, nil
		}
		return r.at(ctx, tx, p, m.Step, b.locale)
	case pressed == assistant.PressYes:
		return Line{Text: word("say_glad")}, nil
	case pressed != "" || assistant.WantsPerson(wrote):
		return Line{Text: word("say_person"), Person: true}, nil
	}
	s, alone, heard := p.heard(wrote)
	if heard && alone {
		return r.at(ctx, tx, p, s, l)
	}
	line, known, err := r.ask(ctx, tx, wrote, l, word)
	if heard && !known && err == nil {
		return r.at(ctx, tx, p, s, l)
	}
	return line, err
}

// at is what is said at a step.
func (r *Robot) at(ctx context.Context, tx *db.Tx, p Path, s Step, l i18n.Locale) (Line, error) {
	source, err := cited(knowledge.For(ctx, knowledge.Reader{}), tx, s, l, "")
	line := Line{Text: s.Say.In(l), Step: s.Key}
	if s.Ends() && s.Key != "" && s.Key != p.First().Key {
		in := i18n.With(ctx, i18n.Reader{Locale: l})
		line.Text += "\n\n" + i18n.T(in, "assistant.say_helped")
		line.Buttons = append(source, conversation.Button{ID: assistant.PressYes, Label: i18n.T(in, "assistant.press_yes")},
			conversation.Button{ID: assistant.PressNo, Label: i18n.T(in, "assistant.press_no")})
		return line, err
	}
	line.Buttons = append(source, around(ctx, p, s, 0, l)...)
	return line, err
}

// ask is what the assistant says, where it may answer in the chat, and whether it knows the answer.
func (r *Robot) ask(ctx context.Context, tx *db.Tx, text string, l i18n.Locale, word func(string) string) (line Line, known bool, err error) {
	over := Line{Text: word("say_handover"), Person: true}
	chats, err := assistant.InChat(ctx, tx)
	if err != nil || !chats {
		return over, false, err
	}
	said, err := r.helper.AskIn(knowledge.For(ctx, knowledge.Reader{}), tx, assistant.Question{Text: text, Locale: l})
	switch {
	case err != nil || said.Outcome == assistant.HandOver:
		return over, false, err
	case said.Outcome == assistant.Answered:
		return Line{Text: said.Text + "\n\n" + word("say_helped"), Buttons: []conversation.Button{{ID: assistant.PressYes, Label: word("press_yes")}, {ID: assistant.PressNo, Label: word("press_no")}}}, true, nil
	}
	line = Line{Text: word("say_choices")}
	for _, c := range said.Offered() {
		line.Buttons = append(line.Buttons, conversation.Button{Label: c.Title})
	}
	return line, false, nil
}
