package automation

import (
	"context"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/outcall"
	"baraji/internal/team"
)

// ask asks something of another system. What it says is filled in here and now; a job sends it.
var ask = Action{Key: "http", Params: []Param{{Name: "method", Choices: words(outcall.Methods)}, {Name: "address"}, {Name: "headers", Choose: "text", May: true},
	{Name: "format", Choices: words(outcall.Formats), May: true}, {Name: "body", Choose: "text", May: true}}, check: checkAsk, do: doAsk}

// checkAsk looks at it with an example in each placeholder. Whoever makes it says where customers' data goes.
func checkAsk(ctx context.Context, tx *db.Tx, with map[string]string, c *problem.Check, at string) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	outcall.ReadHeaders(c, at+".headers", with["headers"])
	r, err := request(with, func(string) (string, error) { return "x", nil })
	if err != nil {
		return err
	}
	return outcall.Check(ctx, tx, r, c, at+".")
}

func doAsk(ctx context.Context, c *Case, with map[string]string) error {
	r, err := request(with, c.placeholder)
	if err != nil {
		return err
	}
	about := outcall.About{Subject: c.subject(), Owner: c.owner}
	talk, err := c.Talk()
	if err != nil {
		return err
	}
	p, err := c.Customer()
	if err != nil {
		return err
	}
	about.Conversation, about.Contact = talk.ID, p.ID
	if about.Owner == 0 {
		about.Owner = team.From(ctx).Person
	}
	_, err = outcall.Ask(ctx, c.tx, r, about)
	return err
}

// request is what is sent, with what fill knows in the placeholders, and secrets by their names.
func request(with map[string]string, fill func(string) (string, error)) (r outcall.Request, err error) {
	r.Method, r.Format = with["method"], outcall.Format(with["format"])
	if r.Format == "" {
		r.Format = outcall.JSON
	}
	if r.Address, err = pieces(strings.TrimSpace(with["address"]), fill, always(outcall.InURL)); err != nil {
		return r, err
	}
	for _, h := range outcall.ReadHeaders(new(problem.Check), "", with["headers"]) {
		value, err := pieces(h[1], fill, always(outcall.InHeader))
		if err != nil {
			return r, err
		}
		r.Headers = append(r.Headers, outcall.Header{Name: h[0], Value: value})
	}
	escape := always(outcall.AsIs)
	if r.Format == outcall.JSON {
		escape = inJSON()
	}
	r.Body, err = pieces(with["body"], fill, escape)
	return r, err
}

// pieces takes a text apart: what is known is put into its placeholders as escape says, secrets stay by their names. escape is given the words
// before each placeholder. What is put in is not looked through again.
func pieces(text string, fill func(string) (string, error), escape func(before string) outcall.Escape) (out outcall.Text, err error) {
	done := 0
	for _, at := range hole.FindAllStringIndex(text, -1) {
		before, name := text[done:at[0]], text[at[0]+1:at[1]-1]
		as := escape(before)
		if before != "" {
			out = append(out, outcall.Piece{Text: before})
		}
		if secret, ok := strings.CutPrefix(name, "secret."); ok {
			out = append(out, outcall.Piece{Secret: secret, As: as})
		} else {
			v, err := fill(name)
			if err != nil {
				return nil, err
			}
			out = append(out, outcall.Piece{Text: as.Of(v)})
		}
		done = at[1]
	}
	if done < len(text) {
		out = append(out, outcall.Piece{Text: text[done:]})
	}
	return out, nil
}

func always(e outcall.Escape) func(string) outcall.Escape {
	return func(string) outcall.Escape { return e }
}

// inJSON knows whether a placeholder stands between quotes.
func inJSON() func(string) outcall.Escape {
	quoted := false
	return func(before string) outcall.Escape {
		for i := 0; i < len(before); i++ {
			switch {
			case before[i] == '\\' && quoted:
				i++
			case before[i] == '"':
				quoted = !quoted
			}
		}
		if quoted {
			return outcall.InJSON
		}
		return outcall.JSONItem
	}
}
