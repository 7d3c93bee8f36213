package automation

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// MostAnswers is how many answers rules give in a conversation within an hour: two machines that answer each other end there.
const MostAnswers = 3

var reply = Action{Key: "reply", Params: []Param{{Name: "text", Choose: "text"}, {Name: "korean", Choose: "text", May: true}, {Name: "then", Choices: words([]string{"pending", "solved"}), May: true}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		talk, err := c.mustTalk()
		if err != nil {
			return err
		}
		if c.word("auto") == "true" {
			return problem.New(problem.Conflict, "A machine wrote that: rules do not answer machines.")
		}
		if err := c.answers(ctx, talk.ID); err != nil {
			return err
		}
		text, err := c.inHisLanguage(with)
		if err != nil {
			return err
		}
		_, err = conversation.Reply(ctx, c.tx, talk.ID, conversation.Answer{Text: text, Then: conversation.Status(with["then"])})
		return err
	}}

// answers counts an answer, and refuses one too many.
func (c *Case) answers(ctx context.Context, talk conversation.ID) error {
	had, err := db.Value[int](ctx, c.tx, `SELECT COUNT(*) FROM automation_answer WHERE conversation_id = $1 AND at > $2`, talk, c.tx.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	if had >= MostAnswers {
		return problem.New(problem.Conflict, "Rules have answered %d times here within an hour: more would be a loop.", MostAnswers)
	}
	_, err = c.tx.Exec(ctx, `INSERT INTO automation_answer (conversation_id, at) VALUES ($1, $2)`, talk, c.tx.Now())
	return err
}

// inHisLanguage is the text in the customer's language, where there are two.
func (c *Case) inHisLanguage(with map[string]string) (string, error) {
	text := with["text"]
	if with["korean"] != "" {
		talk, err := c.Talk()
		if err != nil {
			return "", err
		}
		p, err := c.Customer()
		if err != nil {
			return "", err
		}
		if talk.Language == "ko" || talk.Language == "" && p.Language == "ko" {
			text = with["korean"]
		}
	}
	return c.fill(text)
}
