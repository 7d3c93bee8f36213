package knowledge

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

const pageSize = 50

// shelf is the page of all articles.
type shelf struct {
	State      knowledge.State
	Words      string
	Category   knowledge.CategoryID
	Owner      team.ID
	List       []knowledge.Article
	Counts     map[knowledge.State]int
	Votes      map[knowledge.ID]knowledge.Votes
	Names      map[team.ID]string
	Categories []knowledge.Category
	Next       string
	Narrowed   bool
}

// list is GET /knowledge.
func (a area) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	p := shelf{State: knowledge.State(q.Get("state")), Words: strings.TrimSpace(q.Get("q")), Counts: map[knowledge.State]int{}}
	if !slices.Contains(knowledge.States, p.State) {
		p.State = knowledge.AnyState
	}
	p.Category, _ = id.Read[knowledge.CategoryID](q.Get("category"))
	p.Owner, _ = id.Read[team.ID](q.Get("owner"))
	before, _ := id.Read[knowledge.ID](q.Get("before"))
	p.Narrowed = p.Words != "" || p.Category != 0 || p.Owner != 0 || p.State != knowledge.AnyState
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		p.List, err = knowledge.List(ctx, tx, knowledge.Filter{State: p.State, Words: p.Words, Category: p.Category, Owner: p.Owner, Before: before, Limit: pageSize + 1})
		if err != nil {
			return err
		}
		return p.beside(ctx, tx)
	})
	if err != nil {
		return err
	}
	if len(p.List) > pageSize {
		p.List = p.List[:pageSize]
		q.Set("before", p.List[pageSize-1].ID.String())
		p.Next = "/knowledge?" + q.Encode()
	}
	ui.Render(w, r, http.StatusOK, listPage(p))
	return nil
}

func (p *shelf) beside(ctx context.Context, tx *db.Tx) (err error) {
	for _, s := range knowledge.States {
		if p.Counts[s], err = knowledge.Count(ctx, tx, s); err != nil {
			return err
		}
	}
	var ids []knowledge.ID
	for _, x := range p.List {
		ids = append(ids, x.ID)
	}
	if p.Votes, err = knowledge.VotesOf(ctx, tx, ids...); err != nil {
		return err
	}
	if p.Names, err = team.Names(ctx, tx); err != nil {
		return err
	}
	p.Categories, err = knowledge.Categories(ctx, tx)
	return err
}

// stateURL is the list in another state, otherwise as it is.
func (p shelf) stateURL(s knowledge.State) string {
	q := url.Values{}
	for name, value := range map[string]string{"state": string(s), "q": p.Words, "category": p.Category.String(), "owner": p.Owner.String()} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/knowledge"
	}
	return "/knowledge?" + q.Encode()
}

func (p shelf) categoryName(ctx context.Context, id knowledge.CategoryID) string {
	for _, o := range categoryOptions(ctx, p.Categories, "") {
		if o.Value == id.String() && id != 0 {
			return o.Label
		}
	}
	return ""
}

// categoryOptions are the categories as a choice; none is what stands for no category.
func categoryOptions(ctx context.Context, tree []knowledge.Category, none string) []ui.Option {
	l := i18n.Of(ctx).Locale
	list := []ui.Option{{Label: none}}
	for _, c := range tree {
		list = append(list, ui.Option{Value: c.ID.String(), Label: c.Called(l)})
		for _, u := range c.Under {
			list = append(list, ui.Option{Value: u.ID.String(), Label: c.Called(l) + " / " + u.Called(l)})
		}
	}
	return list
}

func ownerOptions(names map[team.ID]string, none string) []ui.Option {
	list := []ui.Option{{Label: none}}
	for id, name := range names {
		list = append(list, ui.Option{Value: id.String(), Label: name})
	}
	slices.SortFunc(list, func(a, b ui.Option) int {
		if (a.Value == "") != (b.Value == "") {
			return len(a.Value) - len(b.Value)
		}
		return strings.Compare(a.Label+a.Value, b.Label+b.Value)
	})
	return list
}

// create is POST /knowledge: a new draft in the writer's language, with the template that begins with what the reader gains.
func (a area) create(w http.ResponseWriter, r *http.Request) error {
	var made knowledge.ID
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
		category, _ := id.Read[knowledge.CategoryID](r.FormValue("category"))
		l := i18n.Of(ctx).Locale
		made, err = knowledge.Create(ctx, tx, knowledge.Draft{Locale: l, Title: r.FormValue("title"), Body: template(ctx, l, ""), Category: category})
		return err
	})
	if err != nil {
		return err
	}
	ui.Redirect(w, r, articleURL(made))
	return nil
}

// fromConversation is POST /knowledge/from/{conversation}: a draft from what was asked and answered. It holds what we wrote, not what
// the customer wrote. A conversation has one: the second time leads to it.
func (a area) fromConversation(w http.ResponseWriter, r *http.Request) error {
	talk, err := id.Read[conversation.ID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such conversation.")
	}
	var article knowledge.ID
	if err := team.Allow(r.Context(), team.ReadConversations); err != nil {
		return err
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		c, err := conversation.Get(ctx, tx, talk)
		if err != nil {
			return err
		}
		if article, err = knowledge.FromConversation(ctx, tx, int64(talk)); err != nil || article != 0 {
			return err
		}
		answer, err := lastAnswer(ctx, tx, talk)
		if err != nil {
			return err
		}
		l := languageOf(c.Subject + answer)
		article, err = knowledge.Create(ctx, tx, knowledge.Draft{Locale: l, Title: bareSubject(c.Subject), Body: template(ctx, l, answer), Conversation: int64(talk)})
		return err
	})
	if err != nil {
		return err
	}
	return done(w, r, articleURL(article), "drafted")
}

func lastAnswer(ctx context.Context, tx *db.Tx, talk conversation.ID) (string, error) {
	list, err := conversation.Messages(ctx, tx, talk, 0, 50)
	for _, m := range slices.Backward(list) {
		if m.Kind == conversation.FromAgent {
			return strings.TrimSpace(m.Text), err
		}
	}
	return "", err
}

// languageOf is Korean if there is any Hangul.
func languageOf(s string) i18n.Locale {
	if strings.ContainsFunc(s, func(r rune) bool { return r >= '가' && r <= '힣' }) {
		return i18n.Korean
	}
	return i18n.English
}

// bareSubject is a subject without the signs of answers before it.
func bareSubject(s string) string {
	for {
		head, rest, ok := strings.Cut(s, ":")
		if !ok || !slices.Contains([]string{"re", "fw", "fwd", "답장", "회신", "전달"}, strings.ToLower(strings.TrimSpace(head))) {
			return strings.TrimSpace(s)
		}
		s = rest
	}
}

// template is what a new article begins with, in its own language.
func template(ctx context.Context, l i18n.Locale, answer string) string {
	reader := i18n.Of(ctx)
	reader.Locale = l
	ctx = i18n.With(ctx, reader)
	if answer == "" {
		answer = "1. " + t(ctx, "template_step")
	}
	return "## " + t(ctx, "template_first") + "\n\n" + answer + "\n\n> [!TIP]\n> " + t(ctx, "template_tip") + "\n\n## " + t(ctx, "template_else") + "\n\n" + t(ctx, "template_else_text") + "\n"
}
