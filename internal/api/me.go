package api

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

func me(rt *routes) {
	get(rt, "/me", "Who this token acts for, and what it may do", getMe)
}

// Me is who acts.
type Me struct {
	PersonID ref      `json:"person_id" doc:"null: the token acts in its own name"`
	TokenID  ref      `json:"token_id"`
	Name     string   `json:"name"`
	Role     string   `json:"role"`
	Rights   []string `json:"rights" nullable:"false"`
	See      string   `json:"see" enum:"everything,teams,mine" doc:"Which conversations it sees"`
	Teams    []string `json:"teams" nullable:"false"`
	Masked   bool     `json:"masked" doc:"Contact data is shown masked"`
	Rate     int      `json:"rate" doc:"Requests a minute; 0 is no limit"`
}

func getMe(ctx context.Context, _ *db.Tx, _ *struct{}) (Me, error) {
	a := team.From(ctx)
	return Me{refOf(a.Person), refOf(a.Token), a.Name, a.Role, texts(a.Rights), string(a.See), ids(a.Teams), a.Masked, callOf(ctx).token.Rate}, nil
}

// texts are words as they leave.
func texts[S ~string](l []S) []string {
	out := make([]string, len(l))
	for i, s := range l {
		out[i] = string(s)
	}
	return out
}

// ids are ids as they leave.
func ids[I interface{ String() string }](l []I) []string {
	out := make([]string, len(l))
	for i, v := range l {
		out[i] = v.String()
	}
	return out
}
