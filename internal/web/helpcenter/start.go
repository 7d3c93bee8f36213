package helpcenter

import (
	"fmt"
	"net/http"
	"slices"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/routing"
	"baraji/internal/team"
)

// around is what stands around each page.
type around struct {
	visit
	Title   string // of the window; "" is the start page's
	About   string // for search engines
	Path    string // of this page, for its canonical address
	Also    map[i18n.Locale]string
	Hidden  bool // not for search engines
	Query   string
	Contact string // the address of the mail's link; "" is none
	Expect  string // when who writes now is answered
	Shelves []knowledge.Category
	Data    any // for machines (schema.org)
}

// Other is the page in the other language, or its start page.
func (p around) Other(l i18n.Locale) string {
	if s := p.Also[l]; s != "" {
		return s
	}
	return "/hc/" + string(l) + "/"
}

// surround reads what every page shows. asked is what the reader wants to know, for the mail that he may write.
func (a area) surround(tx *db.Tx, v visit, p *around) (err error) {
	p.visit = v
	p.Shelves, err = remember(a, v, tx, "shelves", func() ([]knowledge.Category, error) { return knowledge.Shelves(v.ctx, tx, v.locale) })
	if err != nil {
		return err
	}
	if p.Contact, err = contactAddress(v, tx); err != nil || p.Contact == "" {
		return err
	}
	p.Expect, err = remember(a, v, tx, "promise", func() (string, error) {
		return routing.Promise(team.AsSystem(v.ctx), tx, routing.Subject{Channel: "email"})
	})
	return err
}

// pages lists what the reader sees.
func (a area) pages(v visit, tx *db.Tx, f knowledge.Find) ([]knowledge.Page, error) {
	return remember(a, v, tx, fmt.Sprint("pages ", f), func() ([]knowledge.Page, error) { return knowledge.Pages(v.ctx, tx, v.locale, f) })
}

// contactAddress is where to write to: the first inbox that takes mail. The program asks, since its address is known to whoever wrote to it.
func contactAddress(v visit, tx *db.Tx) (string, error) {
	ctx := team.AsSystem(v.ctx)
	list, err := inbox.List(ctx, tx)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(list, func(b inbox.Inbox) bool { return b.Enabled && b.Channel == "email" && b.Address != "" })
	if i < 0 {
		return "", nil
	}
	return list[i].Address, nil
}

type startPageProps struct {
	around
	Issues []knowledge.Page
	Read   []knowledge.Page // the most read
}

const (
	mostRead  = 6
	maxIssues = 5
)

// start is GET /hc/{locale}/.
func (a area) start(w http.ResponseWriter, v visit) error {
	p := startPageProps{around: around{Path: "/hc/" + string(v.locale) + "/", Also: map[i18n.Locale]string{}}}
	for _, l := range i18n.Locales() {
		p.Also[l] = "/hc/" + string(l) + "/"
	}
	err := a.read(v, func(tx *db.Tx) (err error) {
		if err = a.surround(tx, v, &p.around); err != nil {
			return err
		}
		if p.Issues, err = a.pages(v, tx, knowledge.Find{Issue: knowledge.Open, Limit: maxIssues}); err != nil {
			return err
		}
		p.Read, err = a.pages(v, tx, knowledge.Find{Limit: mostRead})
		return err
	})
	if err != nil {
		return err
	}
	p.About, p.Data = t(v.ctx, "about", "shop", shop(v.ctx)), siteData(p.around)
	return a.sendShared(w, v, startPage(p), 0)
}

type categoryPageProps struct {
	around
	Category knowledge.Category
	Above    knowledge.Category // zero: it stands at the top
	Articles map[knowledge.CategoryID][]knowledge.Page
}

// category is GET /hc/{locale}/c/{slug}.
func (a area) category(w http.ResponseWriter, v visit) error {
	p := categoryPageProps{Articles: map[knowledge.CategoryID][]knowledge.Page{}}
	err := a.read(v, func(tx *db.Tx) (err error) {
		if err = a.surround(tx, v, &p.around); err != nil {
			return err
		}
		if !p.find(v.r.PathValue("slug")) {
			return problem.New(problem.NotFound, "There is no such category.")
		}
		list, err := a.pages(v, tx, knowledge.Find{Category: p.Category.ID})
		for _, x := range list {
			p.Articles[x.Category] = append(p.Articles[x.Category], x)
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Title, p.About = p.Category.Called(v.locale), p.Category.About[v.locale]
	p.Path = categoryPath(v.locale, p.Category)
	p.Also = map[i18n.Locale]string{v.locale: p.Path}
	p.Data = trail(p.around, crumb{p.Title, p.Path})
	return a.sendShared(w, v, categoryPage(p), 0)
}

func (p *categoryPageProps) find(slug string) bool {
	for _, c := range p.Shelves {
		if c.Slug == slug {
			p.Category = c
			return true
		}
		for _, u := range c.Under {
			if u.Slug == slug {
				p.Category, p.Above = u, c
				return true
			}
		}
	}
	return false
}

func categoryPath(l i18n.Locale, c knowledge.Category) string {
	return "/hc/" + string(l) + "/c/" + c.Slug
}
