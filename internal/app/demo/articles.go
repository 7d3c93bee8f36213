package demo

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

//go:embed articles
var articles embed.FS

// help are the articles of the shop: articles/<name>.ko.md and .en.md, whose first line is the title and whose second the summary.
var help = []struct {
	name, category string
	audience       knowledge.Audience
	issue          knowledge.Issue
	ago            time.Duration
	reads          int
	behind         bool // the Korean text was published once more
}{
	{name: "dimmer", category: "repair", issue: knowledge.Open, ago: 40 * 24 * time.Hour, reads: 312, behind: true},
	{name: "bulb", category: "repair", ago: 60 * 24 * time.Hour, reads: 188},
	{name: "warranty", category: "repair", ago: 70 * 24 * time.Hour, reads: 97},
	{name: "delivery", category: "delivery", ago: 80 * 24 * time.Hour, reads: 654},
	{name: "address", category: "delivery", ago: 30 * 24 * time.Hour, reads: 143},
	{name: "return", category: "return", ago: 75 * 24 * time.Hour, reads: 421},
	{name: "refund", category: "return", ago: 20 * 24 * time.Hour, reads: 205},
	{name: "choose", category: "lamp", ago: 50 * 24 * time.Hour, reads: 166},
	{name: "courier", category: "delivery", audience: knowledge.Internal, ago: 15 * 24 * time.Hour},
}

var shelves = []struct{ slug, icon, ko, en, aboutKo, aboutEn string }{
	{"delivery", "truck", "배송", "Delivery", "언제 도착하는지, 어디로 보내는지", "When it arrives, and where to"},
	{"return", "package", "반품과 환불", "Returns and refunds", "돌려보내고 돈을 받는 방법", "How to send things back and get your money"},
	{"repair", "wrench", "고장과 수리", "Faults and repair", "깜빡이거나 켜지지 않을 때", "When it flickers or stays dark"},
	{"lamp", "lightbulb", "램프 고르기", "Choosing a lamp", "방과 쓰임에 맞는 빛", "The light that suits a room"},
}

// writes adds the help articles, by who owns the shop.
func (s *story) writes() {
	at := s.end.Add(-85 * 24 * time.Hour)
	ids := map[string]knowledge.CategoryID{}
	s.articles = map[string]knowledge.ID{}
	s.then(at, func(ctx context.Context, tx *db.Tx) error { return s.shelve(ctx, tx, ids) })
	for _, h := range help {
		var made knowledge.ID
		s.then(s.end.Add(-h.ago), func(ctx context.Context, tx *db.Tx) (err error) {
			ctx = s.author(ctx)
			if made, err = knowledge.Create(ctx, tx, knowledge.Draft{}); err != nil {
				return err
			}
			s.articles[h.name] = made
			e := knowledge.Edit{Category: ids[h.category], Audience: h.audience, Issue: h.issue, Owner: s.people[0], Texts: map[i18n.Locale]knowledge.Words{}, ReviewAt: s.end.Add(-h.ago).AddDate(0, 6, 0)}
			if e.Audience == "" {
				e.Audience = knowledge.Everybody
			}
			for _, l := range i18n.Locales() {
				if e.Texts[l], err = article(h.name, l); err != nil {
					return err
				}
			}
			if _, err := knowledge.Save(ctx, tx, made, e); err != nil {
				return err
			}
			if err := knowledge.Publish(ctx, tx, made, false, i18n.Locales()...); err != nil {
				return err
			}
			return knowledge.AddReads(ctx, tx, map[knowledge.ID]int{made: h.reads})
		})
		if h.behind {
			s.then(s.end.Add(-h.ago/2), func(ctx context.Context, tx *db.Tx) error { return s.revise(ctx, tx, made) })
		}
	}
	s.then(s.end.Add(-2*time.Hour), s.voted)
}

func (s *story) author(ctx context.Context) context.Context {
	return team.With(ctx, team.Actor{Person: s.people[0], Rights: team.Rights, See: team.SeeEverything})
}

func (s *story) shelve(ctx context.Context, tx *db.Tx, ids map[string]knowledge.CategoryID) (err error) {
	for i, c := range shelves {
		ids[c.slug], err = knowledge.SaveCategory(s.author(ctx), tx, knowledge.Category{Slug: c.slug, Icon: c.icon, Rank: i,
			Name: map[i18n.Locale]string{i18n.Korean: c.ko, i18n.English: c.en}, About: map[i18n.Locale]string{i18n.Korean: c.aboutKo, i18n.English: c.aboutEn}})
		if err != nil {
			return err
		}
	}
	return knowledge.SetSynonyms(s.author(ctx), tx, [][]string{{"배송", "택배", "배달"}, {"환불", "돈 돌려받기"}, {"조광기", "디머", "밝기 조절"}, {"delivery", "shipping", "parcel"}, {"refund", "money back"}})
}

// article reads a text: title, summary, an empty line, Markdown.
func article(name string, l i18n.Locale) (w knowledge.Words, err error) {
	b, err := articles.ReadFile("articles/" + name + "." + string(l) + ".md")
	if err != nil {
		return w, err
	}
	parts := strings.SplitN(string(b), "\n", 4)
	if len(parts) < 4 {
		return w, fmt.Errorf("article %s.%s has no title, summary and text", name, l)
	}
	return knowledge.Words{Title: strings.TrimPrefix(parts[0], "# "), Summary: parts[1], Body: parts[3]}, nil
}

// revise adds a sentence to the Korean text, which the English one has not followed.
func (s *story) revise(ctx context.Context, tx *db.Tx, id knowledge.ID) error {
	ctx = s.author(ctx)
	a, err := knowledge.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	w := a.Texts[i18n.Korean]
	_, err = knowledge.Save(ctx, tx, id, knowledge.Edit{Category: a.Category, Audience: a.Audience, Issue: a.Issue, Owner: a.Owner, ReviewAt: a.ReviewAt, Texts: map[i18n.Locale]knowledge.Words{
		i18n.Korean: {Title: w.Title, Summary: w.Summary, Body: w.Body + "\n\n쓰던 조광기는 같은 상자에 넣어 문 앞에 두면 돼요."}}})
	if err != nil {
		return err
	}
	return knowledge.Publish(ctx, tx, id, false, i18n.Korean)
}

// voted adds what readers said, and what they did not find.
func (s *story) voted(ctx context.Context, tx *db.Tx) error {
	pages, err := knowledge.AllPages(knowledge.ForCustomers(ctx), tx)
	if err != nil {
		return err
	}
	for i, p := range pages {
		for n := range 21 {
			if err := knowledge.Vote(ctx, tx, p, fmt.Sprint("visitor ", n), (n*7+i)%5 != 0); err != nil {
				return err
			}
		}
	}
	for wanted, n := range map[string]int{"불빛이 떨려요": 9, "선물 포장": 6, "전기 요금": 3, "야간 무드등 추천": 2} {
		for range n {
			if err := knowledge.Missed(ctx, tx, i18n.Korean, wanted); err != nil {
				return err
			}
		}
	}
	return knowledge.Missed(ctx, tx, i18n.English, "gift wrapping")
}
