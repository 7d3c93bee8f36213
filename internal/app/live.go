package app

import (
	"context"
	"strings"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/live"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// notes says which open pages each event concerns, and who may know.
func notes(ctx context.Context, tx *db.Tx, events []event.Event) ([]live.Note, error) {
	ctx = team.AsSystem(ctx)
	seen := map[string]crowd{}
	var list []live.Note
	for _, e := range events {
		area, _, _ := strings.Cut(e.Kind, ".")
		n := live.Note{Seq: e.Seq, Event: e.ID}
		if area == "runbook" && isTalk(e.Subject) {
			area = "conversation" // the talk shows how far one is
		}
		switch area {
		case "conversation":
			who, ok := seen[e.Subject]
			if !ok {
				var err error
				if who, err = audience(ctx, tx, e.Subject); err != nil {
					return nil, err
				}
				seen[e.Subject] = who
			}
			n.Topics, n.Seen = append([]string{"inbox", "conversation:" + e.Subject}, who.topics...), who.sees
		case "email":
			n.Topics, n.Seen = []string{"inbox", "quarantine"}, holds(team.Quarantine)
		case "chat":
			subject := e.Subject
			n.Topics, n.Seen = []string{"visitor:" + subject}, func(ctx context.Context) bool { return chat.Listens(ctx, subject) }
		case "contact", "company":
			n.Topics, n.Seen = []string{"customers", "contact:" + e.Subject}, holds(team.ReadContacts)
		default:
			n.Topics, n.Seen = []string{"settings", area}, func(ctx context.Context) bool { return !team.From(ctx).Nobody() }
		}
		list = append(list, n)
	}
	return list, nil
}

// tell says to the open pages of every node what happens under a topic at this moment:
// what stands in no log. It is a hint that may be lost.
func (a *App) tell(ctx context.Context, topic, kind string) {
	a.pass(ctx, topic, kind)
	a.send("now " + kind + " " + topic)
}

// pass tells this node's pages, as far as they may know.
func (a *App) pass(ctx context.Context, topic, kind string) {
	n := live.Note{Topics: []string{topic}, Kind: kind}
	switch what, subject, _ := strings.Cut(topic, ":"); what {
	case "visitor":
		n.Seen = func(ctx context.Context) bool { return chat.Listens(ctx, subject) }
	case "person":
		n.Seen = func(ctx context.Context) bool { return isPerson(ctx, subject) }
	case "conversation":
		var who crowd
		err := a.DB.Read(ctx, func(tx *db.Tx) (err error) { who, err = audience(team.AsSystem(ctx), tx, subject); return err })
		if err != nil {
			return
		}
		n.Seen = who.sees
	default:
		return
	}
	a.Hub.Pass(n)
}

func isTalk(subject string) bool { _, err := id.Read[conversation.ID](subject); return err == nil }

func holds(r team.Right) func(context.Context) bool {
	return func(ctx context.Context) bool { return team.From(ctx).Can(r) }
}

// crowd is who may know of a conversation, and which pages beside its own show it.
type crowd struct {
	sees   func(context.Context) bool
	topics []string
}

// audience says who may know of a conversation. Of one that is gone, those who
// saw everything.
func audience(ctx context.Context, tx *db.Tx, subject string) (crowd, error) {
	cid, err := id.Read[conversation.ID](subject)
	if err != nil {
		return crowd{sees: func(context.Context) bool { return false }}, nil
	}
	c, err := conversation.Get(ctx, tx, cid)
	if problem.KindOf(err) == problem.NotFound {
		return crowd{sees: func(ctx context.Context) bool {
			a := team.From(ctx)
			return a.Can(team.ReadConversations) && a.See == team.SeeEverything
		}}, nil
	}
	if err != nil {
		return crowd{}, err
	}
	followers, err := conversation.Followers(ctx, tx, cid)
	return crowd{func(ctx context.Context) bool { return conversation.Sees(team.From(ctx), c, followers) },
		[]string{"contact:" + c.Contact.String(), "customers"}}, err
}
