package api

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

func tokens(rt *routes) {
	get(rt, "/tokens", "List the tokens that open something, the newest first", listTokens)
	post(rt, "/tokens", "Make a token; it is shown this once", makeToken, status(http.StatusCreated), secretive,
		about("Without `person` it acts in its own name with a role. Nobody makes one that may do more than he."))
	get(rt, "/tokens/{id}", "Get a token", getToken)
	remove(rt, "/tokens/{id}", "Make a token worthless for good", revokeToken)
}

// Token is a token as it leaves: without what opens something.
type Token struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Prefix    string   `json:"prefix" doc:"Its first letters, to tell tokens apart"`
	PersonID  ref      `json:"person_id" doc:"In whose name it acts; null is its own"`
	Role      string   `json:"role"`
	Rights    []string `json:"rights" nullable:"false" doc:"Fewer than the role's; none is all of them"`
	Rate      int      `json:"rate" doc:"Requests a minute; 0 is no limit"`
	CreatedAt stamp    `json:"created_at"`
	ExpiresAt stamp    `json:"expires_at"`
	UsedAt    stamp    `json:"used_at"`
	RevokedAt stamp    `json:"revoked_at"`
}

// MadeToken is a new token with what its user shows.
type MadeToken struct {
	Token
	Secret string `json:"token" doc:"Keep it: it cannot be shown again"`
}

func showToken(t team.Token) Token {
	return Token{t.ID.String(), t.Name, t.Prefix, refOf(t.Person), t.Role, texts(t.Rights), t.Rate, stamp(t.CreatedAt), stamp(t.ExpiresAt),
		stamp(t.UsedAt), stamp(t.RevokedAt)}
}

func listTokens(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Token], error) {
	l, err := team.Tokens(ctx, tx)
	return all(l, showToken), err
}

// newToken makes a token.
type newToken struct {
	Body struct {
		Name      string     `json:"name" maxLength:"200"`
		Role      string     `json:"role,omitempty" maxLength:"100"`
		PersonID  string     `json:"person_id,omitempty"`
		Rights    []string   `json:"rights,omitempty" nullable:"false" maxItems:"100"`
		Rate      *int       `json:"rate,omitempty" minimum:"0" maximum:"1000000" doc:"600 unless said"`
		ExpiresAt *time.Time `json:"expires_at,omitempty"`
	}
}

func makeToken(ctx context.Context, tx *db.Tx, in *newToken) (MadeToken, error) {
	if err := team.Allow(ctx, team.ManageTokens); err != nil {
		return MadeToken{}, err
	}
	b := in.Body
	t := team.Token{Name: b.Name, Role: b.Role, Rate: team.DefaultRate}
	var err error
	if t.Rights, err = rightsOf(b.Rights); err != nil {
		return MadeToken{}, err
	}
	if t.Person, err = colleague(ctx, tx, "person_id", b.PersonID); err != nil {
		return MadeToken{}, err
	}
	if b.Rate != nil {
		t.Rate = *b.Rate
	}
	if b.ExpiresAt != nil {
		t.ExpiresAt = b.ExpiresAt.UTC().Truncate(time.Millisecond)
	}
	text, id, err := team.NewToken(ctx, tx, t)
	if err != nil {
		return MadeToken{}, err
	}
	t, err = team.GetToken(ctx, tx, id)
	return MadeToken{showToken(t), text}, err
}

func tokenAt(ctx context.Context, in *one) (team.TokenID, error) {
	if err := team.Allow(ctx, team.ManageTokens); err != nil {
		return 0, err
	}
	return target[team.TokenID](in.ID)
}

func getToken(ctx context.Context, tx *db.Tx, in *one) (Token, error) {
	id, err := tokenAt(ctx, in)
	if err != nil {
		return Token{}, err
	}
	t, err := team.GetToken(ctx, tx, id)
	return showToken(t), err
}

func revokeToken(ctx context.Context, tx *db.Tx, in *one) error {
	id, err := tokenAt(ctx, in)
	if err != nil {
		return err
	}
	return team.RevokeToken(ctx, tx, id)
}
