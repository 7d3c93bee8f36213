package sequence

import (
	"context"
	"slices"
	"strings"
	"time"

	"baraji/internal/automation"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// ask asks people for a yes or a no.
func (here place) ask(ctx context.Context, tx *db.Tx, p Path, c *automation.Case, f Flow) error {
	who, err := c.Whom(here.Who.Person, here.Who.Team)
	if err != nil {
		return err
	}
	if len(who) == 0 {
		return problem.New(problem.Conflict, "There is nobody to ask.")
	}
	until := time.Time{}
	if here.Who.Minutes > 0 {
		until = tx.Now().Add(time.Duration(here.Who.Minutes) * time.Minute)
	}
	before := p.Turn
	if err := p.turned(ctx, tx, AskedThem, Detail{Until: until}); err != nil {
		return err
	}
	if err := p.rests(ctx, tx, before, Asking, until, ""); err != nil {
		return err
	}
	for _, one := range who {
		n := notice.Notice{Person: one, Kind: notice.Rule, Subject: p.ID.String(), Words: "notice.flow_asks", Args: map[string]string{"flow": f.Name}, Link: p.Link()}
		if _, err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Asked{p.ID, f.ID, p.Step})
}

// Decide answers what a path asks. Those who are asked may, and those who may change flows.
func Decide(ctx context.Context, tx *db.Tx, id PathID, turn int, yes bool, note string) error {
	p, flow, here, err := steered(ctx, tx, id, turn)
	if err != nil {
		return err
	}
	if p.State != Asking {
		return problem.New(problem.Conflict, "It asks nothing any more.")
	}
	if may, err := MayDecide(ctx, tx, p); err != nil || !may {
		if err == nil {
			err = problem.New(problem.Forbidden, "Somebody else is asked.")
		}
		return err
	}
	note = strings.TrimSpace(note)
	if len([]rune(note)) > longestText {
		return problem.For("note", "At most %d characters.", longestText)
	}
	before, what, to := p.Turn, Declined, here.no
	if yes {
		what, to = Approved, here.yes
	}
	if err := p.turned(ctx, tx, what, Detail{Note: note}); err != nil {
		return err
	}
	if err := p.goes(ctx, tx, before, to); err != nil {
		return err
	}
	return event.Record(ctx, tx, Decided{p.ID, flow.ID, here.Key, yes})
}

// MayDecide says whether whoever acts may answer what a path asks.
func MayDecide(ctx context.Context, tx *db.Tx, p Path) (bool, error) {
	me := team.From(ctx)
	if me.Can(team.ManageSettings) {
		return true, nil
	}
	flow, err := at(ctx, tx, p.Flow, p.Version)
	if err != nil {
		return false, err
	}
	who := flow.plan()[p.Step].Who
	c := automation.About(team.AsSystem(ctx), tx, p.Contact.String())
	c.On(p.Contact, p.Conversation)
	list, err := c.Whom(who.Person, who.Team)
	return me.Person != 0 && slices.Contains(list, me.Person), err
}

// hand gives the customer to a person: the conversation is his, with a note of what was done so far.
func (here place) hand(ctx context.Context, tx *db.Tx, p Path, c *automation.Case, f Flow) error {
	if err := give(ctx, tx, p, c, f, here.Who); err != nil {
		return err
	}
	return p.end(ctx, tx, Handed, HandedOver, Detail{})
}

func give(ctx context.Context, tx *db.Tx, p Path, c *automation.Case, f Flow, to Who) error {
	who, err := c.Whom(to.Person, to.Team)
	if err != nil {
		return err
	}
	talk, err := c.Talk()
	if err != nil {
		return err
	}
	if talk.ID != 0 {
		if to.Team != 0 && to.Team != talk.Team {
			if err := conversation.SetTeam(ctx, tx, talk.ID, to.Team); err != nil {
				return err
			}
		}
		if one, err := id.Read[team.ID](to.Person); err == nil && one != talk.Assignee {
			if err := conversation.Assign(ctx, tx, talk.ID, one); err != nil {
				return err
			}
		}
	}
	if talk.ID != 0 && to.Text != "" {
		if _, err := c.Perform(ctx, []automation.Act{{Do: "note", With: map[string]string{"text": to.Text}}}); err != nil {
			return err
		}
	}
	for _, one := range who {
		n := notice.Notice{Person: one, Kind: notice.Rule, Subject: p.ID.String(), Words: "notice.flow_hands", Args: map[string]string{"flow": f.Name}, Link: p.Link()}
		if _, err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}
