package api

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/slack"
)

func slackRoutes(rt *routes) {
	get(rt, "/slack", "How the connection with Slack stands", getSlack, about("A workspace is connected in the settings, where its token is pasted. What it is reached with is never shown. Slack tells `/in/slack/events` and `/in/slack/actions`, signed."))
	patch(rt, "/slack", "Say what may be said in Slack", changeSlack)
	around(rt, "/slack/test", "Ask Slack whether the token is good", func(ctx context.Context, _ *struct{}) (Slack, error) {
		if err := rt.Slack.Test(ctx); err != nil {
			return Slack{}, err
		}
		var out Slack
		err := rt.DB.Read(ctx, func(tx *db.Tx) (err error) { out, err = getSlack(ctx, tx, nil); return err })
		return out, err
	})
	get(rt, "/slack/channels", "List the channels that the app sees, first those that it is in", listRooms, about("Read anew every six hours. The action `slack` of rules, flows and macros takes their ids."))
	get(rt, "/slack/messages", "List what was said in Slack, the newest first", listPosts, about("Texts are shown to those who may see all customers and conversations."))
	post(rt, "/slack/messages/{id}/retry", "Say something again that was given up", retryPost)
}

// Slack is the firm's workspace.
type Slack struct {
	Connected   bool   `json:"connected"`
	Workspace   string `json:"workspace" doc:"Its name"`
	Bot         string `json:"bot" doc:"What the app is called there"`
	Trouble     string `json:"trouble" doc:"Why nothing goes out; empty is nothing. token is: Slack takes it no more"`
	Customers   bool   `json:"customers" doc:"Names, subjects and texts of customers may stand there"`
	Notes       bool   `json:"notes" doc:"Notes are repeated in the threads"`
	Pages       string `json:"pages" doc:"The channel in which calls of on call are told too; empty is none"`
	Refused     int64  `json:"refused" doc:"How many requests proved nothing"`
	HeardAt     stamp  `json:"heard_at" doc:"When Slack last told something"`
	ListedAt    stamp  `json:"listed_at" doc:"When the channels were last read"`
	ConnectedAt stamp  `json:"connected_at"`
	ConnectedBy ref    `json:"connected_by"`
}

func getSlack(ctx context.Context, tx *db.Tx, _ *struct{}) (Slack, error) {
	w, err := slack.Get(ctx, tx)
	return Slack{w.ID != 0, w.Name, w.BotName, string(w.Trouble), w.Options.Customers, w.Options.Notes, w.Options.Pages, w.Refused, stamp(w.HeardAt), stamp(w.ListedAt), stamp(w.ConnectedAt), refOf(w.ConnectedBy)}, err
}

// slackPatch changes what it names.
type slackPatch struct {
	Body struct {
		Customers *bool   `json:"customers,omitempty"`
		Notes     *bool   `json:"notes,omitempty"`
		Pages     *string `json:"pages,omitempty" maxLength:"40"`
	}
}

func changeSlack(ctx context.Context, tx *db.Tx, in *slackPatch) (Slack, error) {
	w, err := slack.Get(ctx, tx)
	if err != nil {
		return Slack{}, err
	}
	o := w.Options
	if in.Body.Customers != nil {
		o.Customers = *in.Body.Customers
	}
	if in.Body.Notes != nil {
		o.Notes = *in.Body.Notes
	}
	if in.Body.Pages != nil {
		o.Pages = *in.Body.Pages
	}
	if err := slack.Change(ctx, tx, o); err != nil {
		return Slack{}, err
	}
	return getSlack(ctx, tx, nil)
}

// SlackChannel is one in which something could be said.
type SlackChannel struct {
	ID      string `json:"id" doc:"Slack's"`
	Name    string `json:"name"`
	Private bool   `json:"private"`
	Member  bool   `json:"member" doc:"The app is in it"`
}

// roomQuery is which channels are listed.
type roomQuery struct {
	Search string `query:"search" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

func listRooms(ctx context.Context, tx *db.Tx, in *roomQuery) (page[SlackChannel], error) {
	l, err := slack.Channels(ctx, tx, in.Search, in.Limit)
	return all(l, func(c slack.Channel) SlackChannel { return SlackChannel{c.ID, c.Name, c.Closed, c.Member} }), err
}

// SlackMessage is one thing that was said, or is to be.
type SlackMessage struct {
	ID             string `json:"id"`
	Target         string `json:"target" doc:"Slack's id of a channel, or ours of a person"`
	Kind           string `json:"kind" enum:"card,line,note,page,notice"`
	ConversationID ref    `json:"conversation_id"`
	ContactID      ref    `json:"contact_id"`
	Actor          string `json:"actor" doc:"Who had it said: rule:…, a person"`
	Text           string `json:"text"`
	State          string `json:"state" enum:"waiting,sending,sent,failed,withdrawn"`
	Tries          int    `json:"tries"`
	Why            string `json:"why" doc:"Why it was not said"`
	Said           string `json:"said" doc:"How Slack calls that"`
	At             stamp  `json:"at" doc:"When something last became of it"`
}

func showPost(p slack.Post) SlackMessage {
	return SlackMessage{p.ID.String(), p.Target, string(p.Kind), refOf(p.Conversation), refOf(p.Contact), p.Actor, p.Text, string(p.State), p.Tries, string(p.Why), p.Said, stamp(p.At)}
}

// postQuery is which messages are listed.
type postQuery struct {
	Span
	State string `query:"state" enum:"waiting,sending,sent,failed,withdrawn"`
}

func listPosts(ctx context.Context, tx *db.Tx, in *postQuery) (page[SlackMessage], error) {
	before, err := cursorID[slack.PostID](in.Cursor)
	if err != nil {
		return page[SlackMessage]{}, err
	}
	l, err := slack.List(ctx, tx, slack.Filter{State: slack.State(in.State), Before: before}, in.Limit+1)
	return cut(l, in.Limit, func(p slack.Post) string { return p.ID.String() }, showPost), err
}

func retryPost(ctx context.Context, tx *db.Tx, in *one) (SlackMessage, error) {
	key, err := target[slack.PostID](in.ID)
	if err != nil {
		return SlackMessage{}, err
	}
	if err := slack.Again(ctx, tx, key); err != nil {
		return SlackMessage{}, err
	}
	p, err := slack.GetPost(ctx, tx, key)
	return showPost(p), err
}
