package automation

import (
	"context"

	"baraji/internal/conversation"
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
		if had, err := answersWithin(ctx, c.tx, talk.ID); err != nil || had+c.answers >= MostAnswers {
			if err == nil {
				err = problem.New(problem.Conflict, "Rules have answered %d times here within an hour: more would be a loop.", MostAnswers)
			}
			return err
		}
		text, err := c.inHisLanguage(with)
		if err != nil {
			return err
		}
		c.answers++
		_, err = conversation.Reply(ctx, c.tx, talk.ID, conversation.Answer{Text: text, Then: conversation.Status(with["then"])})
		return err
	}}

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
