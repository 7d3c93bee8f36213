package knowledge

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/token"
	"baraji/internal/team"
)

// State is what a list for the team may be narrowed to.
type State string

// The states of an article as lists show them.
const (
	AnyState  State = ""          // all but archived ones
	Drafts    State = "draft"     // never published, or withdrawn
	Live      State = "published" // in one language at least
	Unsaid    State = "changed"   // with changes that readers do not see
	Behind    State = "behind"    // a translation is behind
	ReviewDue State = "review"    // to be looked at again, since a time that is past
	Away      State = "archived"
	Issues    State = "issue" // about a known problem that is open
)

// States lists them in the order of the page.
var States = []State{AnyState, Live, Drafts, Unsaid, Behind, ReviewDue, Issues, Away}

// Filter narrows the team's list.
type Filter struct {
	State    State
	Category CategoryID
	Owner    team.ID
	Words    string // in the title, published or not
	Before   ID     // for the next page; 0: from the newest
	Limit    int
}

// List lists articles for the team, the newest first.
func List(ctx context.Context, tx *db.Tx, f Filter) ([]Article, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	var a db.Args
	where := f.State.where(tx, &a)
	if f.Category != 0 {
		where += ` AND ` + within(&a, f.Category)
	}
	if f.Owner != 0 {
		where += ` AND a.owner_id = ` + a.Add(f.Owner)
	}
	if f.Before != 0 {
		where += ` AND a.id < ` + a.Add(f.Before)
	}
	if f.Words != "" {
		where += ` AND EXISTS (SELECT 1 FROM knowledge_text t WHERE t.article_id = a.id AND (lower(t.title) LIKE lower(` + a.Add("%"+db.Like(f.Words)+"%") + `) ESCAPE '\' OR ` +
			fulltext.Match(tx, &a, searchTable, "t.live_id", token.Parse(f.Words)) + `))`
	}
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM knowledge_article a WHERE `+where+` ORDER BY a.id DESC`+db.Limit(f.Limit), a.List()...)
	if err != nil {
		return nil, err
	}
	return list, fill(ctx, tx, list)
}

const anyText = `EXISTS (SELECT 1 FROM knowledge_text t WHERE t.article_id = a.id AND `

func (s State) where(tx *db.Tx, a *db.Args) string {
	const here = `a.archived_at IS NULL`
	switch s {
	case Drafts:
		return here + ` AND NOT ` + anyText + `t.live_id <> 0)`
	case Live:
		return here + ` AND ` + anyText + `t.live_id <> 0)`
	case Unsaid:
		return here + ` AND ` + anyText + `t.live_id <> 0 AND t.dirty)`
	case Behind:
		return here + ` AND ` + anyText + `t.live_id <> 0 AND EXISTS (SELECT 1 FROM knowledge_text o WHERE o.article_id = a.id AND o.locale <> t.locale AND o.live_id <> 0 AND o.version > t.follows))`
	case ReviewDue:
		return here + ` AND a.review_at <= ` + a.Add(tx.Now())
	case Issues:
		return here + ` AND a.issue = 'open'`
	case Away:
		return `a.archived_at IS NOT NULL`
	}
	return here
}

// Count is how many articles are in a state.
func Count(ctx context.Context, tx *db.Tx, s State) (int, error) {
	var a db.Args
	return db.Value[int](ctx, tx, `SELECT COUNT(*) FROM knowledge_article a WHERE `+s.where(tx, &a), a.List()...)
}

// FromConversation is the article that was drafted from a conversation; 0 if there is none.
func FromConversation(ctx context.Context, tx *db.Tx, conversation int64) (ID, error) {
	ids, err := db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) }, `SELECT id FROM knowledge_article WHERE conversation_id = $1 ORDER BY id DESC LIMIT 1`, conversation)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return ids[0], nil
}

// Preferred is the language that a list shows a title in: the reader's if it has words, else the other.
func (a Article) Preferred(l i18n.Locale) i18n.Locale {
	if a.Texts[l].Title == "" && a.Texts[other(l)].Title != "" {
		return other(l)
	}
	return l
}
