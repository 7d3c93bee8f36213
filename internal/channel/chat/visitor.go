package chat

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// Visitor is a browser that has written, or a customer whom the firm has proven.
type Visitor struct {
	ID           VisitorID
	Inbox        inbox.ID
	Contact      contact.ID
	External     string // the firm's id of him; "": he has proven nothing
	Name, Email  string // as he typed them in: claims, when External is ""
	Language     string
	Page         string          // where he last wrote from
	Conversation conversation.ID // the talk that goes on; 0: the next message opens one
	CreatedAt    time.Time
	Unasked      bool // he only pressed buttons: what the widget asks of strangers he is asked when he writes
}

const visitorColumns = `id, inbox_id, contact_id, external_id, name, email, language, page, conversation_id, created_at, unasked`

func scanVisitor(r db.Row) (v Visitor, err error) {
	return v, r.Scan(&v.ID, &v.Inbox, &v.Contact, &v.External, &v.Name, &v.Email, &v.Language, &v.Page, &v.Conversation, db.Time(&v.CreatedAt), &v.Unasked)
}

// Caller is who asks, as the browser says: the token it was given, or the proof
// of the firm's server, which counts more.
type Caller struct {
	Key   string // of the widget
	Token string
	Proof string
}

// Find returns the visitor behind a caller and his widget's inbox. A proof that
// proves nothing is refused, also beside a good token.
func (c *Chat) Find(ctx context.Context, tx *db.Tx, who Caller) (Visitor, inbox.Inbox, error) {
	in, err := open(ctx, tx, who.Key)
	if err != nil {
		return Visitor{}, in, err
	}
	if who.Proof != "" {
		is, err := c.identity(ctx, tx, in.ID, who.Proof)
		if err != nil {
			return Visitor{}, in, err
		}
		v, err := db.One(ctx, tx, scanVisitor, `SELECT `+visitorColumns+` FROM chat_visitor WHERE inbox_id = $1 AND external_id = $2`, in.ID, is.ID)
		return v, in, stranger(err)
	}
	if who.Token == "" {
		return Visitor{}, in, ErrStranger
	}
	v, err := db.One(ctx, tx, scanVisitor, `SELECT `+visitorColumns+` FROM chat_visitor WHERE token_hash = $1 AND inbox_id = $2 AND external_id = ''`,
		secret.Hash(who.Token), in.ID)
	return v, in, stranger(err)
}

func stranger(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return ErrStranger
	}
	return err
}

func (c *Chat) identity(ctx context.Context, tx *db.Tx, id inbox.ID, proof string) (Identity, error) {
	key, err := c.secretOf(ctx, tx, id)
	if err != nil {
		return Identity{}, err
	}
	is, err := proven(proof, key, tx.Now())
	if err != nil {
		return is, err
	}
	over, err := db.Exists(ctx, tx, `SELECT 1 FROM chat_ended WHERE proof_hash = $1`, secret.Hash(proof))
	if err == nil && over {
		err = errIdentity
	}
	return is, err
}

// Leave ends a proof: who signs out leaves nothing behind that opens his talk, whoever kept a copy of it.
func (c *Chat) Leave(ctx context.Context, tx *db.Tx, who Caller) error {
	in, err := open(ctx, tx, who.Key)
	if err != nil {
		return err
	}
	if _, err := c.identity(ctx, tx, in.ID, who.Proof); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM chat_ended WHERE until < $1`, tx.Now()); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO chat_ended (proof_hash, until) VALUES ($1, $2) ON CONFLICT (proof_hash) DO NOTHING`, secret.Hash(who.Proof), tx.Now().Add(maxGood+skew))
	return err
}

// meet makes the visitor that a caller is: he is about to write for the first time.
// token is his to keep; "" for who comes with a proof each time.
func (c *Chat) meet(ctx context.Context, tx *db.Tx, in inbox.Inbox, who Caller, card Card, unasked bool) (v Visitor, token string, err error) {
	v = Visitor{ID: VisitorID(tx.NewID()), Inbox: in.ID, Name: card.Name, Email: card.Email, Language: card.Language, Page: card.Page, CreatedAt: tx.Now(), Unasked: unasked}
	from := v.claims(card.Language)
	hash := ""
	if who.Proof != "" {
		is, err := c.identity(ctx, tx, in.ID, who.Proof)
		if err != nil {
			return v, "", err
		}
		v.External, v.Name, v.Email = is.ID, is.Name, is.Email
		from = contact.Sender{ExternalID: is.ID, Email: is.Email, Name: is.Name, Language: card.Language, Verified: true}
	} else {
		if token, err = newToken(ctx, tx, who.Token); err != nil {
			return v, "", err
		}
		hash = secret.Hash(token)
	}
	is, _, err := contact.Resolve(ctx, tx, from)
	if err != nil {
		return v, "", err
	}
	v.Contact = is.ID
	_, err = tx.Exec(ctx, `INSERT INTO chat_visitor (`+visitorColumns+`, token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		v.ID, v.Inbox, v.Contact, v.External, v.Name, v.Email, v.Language, v.Page, v.Conversation, v.CreatedAt, v.Unasked, hash)
	return v, token, err
}

// own is a token that a browser made for itself: 256 random bits in hex.
var own = regexp.MustCompile(`^[0-9a-f]{64}$`)

// newToken is what a stranger will be known by: the token that his browser made, so
// that it knows it also when our answer is lost on the way; else one of ours.
func newToken(ctx context.Context, tx *db.Tx, his string) (string, error) {
	if !own.MatchString(his) {
		return secret.Token(), nil
	}
	taken, err := db.Exists(ctx, tx, `SELECT 1 FROM chat_visitor WHERE token_hash = $1`, secret.Hash(his))
	if err != nil || !taken {
		return his, err
	}
	return secret.Token(), nil // it is somebody's in another widget
}

// AsVisitor is a context in which a visitor acts: he has no right and sees nothing
// but what this package shows him.
func AsVisitor(ctx context.Context) context.Context { return team.With(ctx, team.Actor{}) }

func tidy(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

type visitorKey struct{}

// With is a context in which a visitor listens.
func With(ctx context.Context, id VisitorID) context.Context {
	return context.WithValue(ctx, visitorKey{}, id)
}

// Listens says whether it is this visitor who listens in ctx.
func Listens(ctx context.Context, id string) bool {
	v, ok := ctx.Value(visitorKey{}).(VisitorID)
	return ok && v.String() == id
}

// Topic is what a visitor's stream follows.
func Topic(id VisitorID) string { return "visitor:" + id.String() }
