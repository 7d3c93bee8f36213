package team

import (
	"context"
	"slices"

	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
)

// ID is the id of a person who works here.
type ID = id.Of[personKind]

type personKind struct{}

func (personKind) Prefix() string { return "usr" }

// TeamID is the id of a team.
type TeamID = id.Of[teamKind]

type teamKind struct{}

func (teamKind) Prefix() string { return "tem" }

// TokenID is the id of an API token.
type TokenID = id.Of[tokenKind]

type tokenKind struct{}

func (tokenKind) Prefix() string { return "tok" }

// See is which conversations a person may see.
type See string

// What one may see. It is compiled into every query by conversation.Visible.
const (
	SeeEverything See = "everything"
	SeeTeams      See = "teams" // those of his teams, and those he is assigned to or follows
	SeeMine       See = "mine"  // those he is assigned to or follows
)

// Actor is who acts: a person (in a browser or through a token of his), a token
// of its own, or the system. It is made by the edge once per request, so rights
// are those of this moment, and travels in the context.
type Actor struct {
	Person ID      // 0 for the system and for tokens that belong to nobody
	Token  TokenID // 0 in a browser
	Name   string
	Role   string
	Rights []Right
	See    See
	Teams  []TeamID
	Masked bool // contact data is shown masked: for partners
	system bool
}

// Can says whether the actor has a right.
func (a Actor) Can(r Right) bool { return a.system || slices.Contains(a.Rights, r) }

// IsSystem says whether the program itself acts.
func (a Actor) IsSystem() bool { return a.system }

// Nobody says that no one has been recognised: the zero Actor.
func (a Actor) Nobody() bool { return !a.system && a.Person == 0 && a.Token == 0 }

// Same says whether the actor may do and see what other may.
func (a Actor) Same(other Actor) bool {
	return a.Person == other.Person && a.Token == other.Token && a.See == other.See && a.Masked == other.Masked &&
		slices.Equal(a.Rights, other.Rights) && slices.Equal(a.Teams, other.Teams)
}

// String names the actor in the log.
func (a Actor) String() string {
	switch {
	case a.Person != 0:
		return a.Person.String()
	case a.Token != 0:
		return a.Token.String()
	}
	return "system"
}

type actorKey struct{}

// With returns a context in which the actor acts, for commands and for the log.
func With(ctx context.Context, a Actor) context.Context {
	return event.As(context.WithValue(ctx, actorKey{}, a), a.String())
}

// AsSystem returns a context in which the program itself acts: jobs and reactions.
func AsSystem(ctx context.Context) context.Context {
	return With(ctx, Actor{Name: "Baraji", See: SeeEverything, system: true})
}

// From is who acts in ctx; the zero Actor, who may nothing and sees nothing, if
// nobody was set.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// Allow is nil if whoever acts has the right, and a Forbidden problem otherwise.
func Allow(ctx context.Context, r Right) error {
	if From(ctx).Can(r) {
		return nil
	}
	return problem.New(problem.Forbidden, "You may not do this. Ask an administrator for the right “%s”.", r)
}
