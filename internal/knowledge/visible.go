package knowledge

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Audience is who may read an article.
type Audience string

// The audiences.
const (
	Everybody Audience = "public"
	SignedIn  Audience = "signed-in" // customers who are signed in
	Segment   Audience = "segment"   // signed-in customers with a tag
	Internal  Audience = "internal"  // the team
)

// Audiences lists them, the widest first.
var Audiences = []Audience{Everybody, SignedIn, Segment, Internal}

// Reader is a customer who reads, or a stranger.
type Reader struct {
	SignedIn bool
	Tags     []string // of the contact that he is; none without SignedIn
}

type readerKey struct{}

// For returns a context in which a customer reads. The help centre calls it for everybody, also for people of the team.
func For(ctx context.Context, r Reader) context.Context {
	return context.WithValue(ctx, readerKey{}, r)
}

// Visible is the condition under which whoever reads in ctx may see the published version of a text. It is for queries over
// knowledge_article a and knowledge_text t. A reader set by [For] counts before the actor; nobody at all is a stranger.
func Visible(ctx context.Context, a *db.Args) string {
	const live = `a.archived_at IS NULL AND t.live_id <> 0`
	r, customer := ctx.Value(readerKey{}).(Reader)
	switch {
	case !customer && team.From(ctx).Can(team.ReadArticles):
		return live
	case !r.SignedIn:
		return live + ` AND a.audience = 'public'`
	case len(r.Tags) == 0:
		return live + ` AND a.audience IN ('public', 'signed-in')`
	}
	return live + ` AND (a.audience IN ('public', 'signed-in') OR a.audience = 'segment' AND a.segment IN ` + db.In(a, r.Tags) + `)`
}

// ForCustomers returns a context in which a stranger reads, unless [For] was called with a customer: never somebody of the team.
func ForCustomers(ctx context.Context) context.Context { return For(ctx, ReaderOf(ctx)) }

// ReaderOf is the customer who reads; a stranger if none was set.
func ReaderOf(ctx context.Context) Reader {
	r, _ := ctx.Value(readerKey{}).(Reader)
	return r
}
