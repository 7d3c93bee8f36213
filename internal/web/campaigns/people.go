package campaigns

import (
	"context"
	"net/http"
	"net/url"

	"baraji/internal/campaign"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// crowd is a page of those who got a campaign, or did not.
type crowd struct {
	campaign.Campaign
	Filter campaign.Filter
	List   []campaign.Recipient
	Names  map[contact.ID]contact.Contact
	Next   string
}

func filterOf(r *http.Request) campaign.Filter {
	f := campaign.Filter{Fate: campaign.Fate(r.FormValue("state")), Why: r.FormValue("why"), Variant: r.FormValue("variant"),
		Replied: r.FormValue("replied") != "", Left: r.FormValue("left") != "", Limit: perPage + 1}
	f.After, _ = id.Read[campaign.RecipientID](r.FormValue("after"))
	return f
}

// query is the address of a filter, without the page.
func query(f campaign.Filter) url.Values {
	v := url.Values{}
	for key, value := range map[string]string{"state": string(f.Fate), "why": f.Why, "variant": f.Variant} {
		if value != "" {
			v.Set(key, value)
		}
	}
	if f.Replied {
		v.Set("replied", "1")
	}
	if f.Left {
		v.Set("left", "1")
	}
	return v
}

func peoplePath(id campaign.ID, f campaign.Filter) string {
	v := query(f)
	if len(v) == 0 {
		return path(id) + "/people"
	}
	return path(id) + "/people?" + v.Encode()
}

func (a area) people(w http.ResponseWriter, r *http.Request) error {
	key, err := campaignID(r)
	if err != nil {
		return err
	}
	p := crowd{Filter: filterOf(r)}
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Campaign, err = campaign.Get(ctx, tx, key); err != nil {
			return err
		}
		if p.List, err = campaign.Recipients(ctx, tx, key, p.Filter); err != nil {
			return err
		}
		if len(p.List) > perPage {
			p.List = p.List[:perPage]
			v := query(p.Filter)
			v.Set("after", p.List[perPage-1].ID.String())
			p.Next = path(key) + "/people?" + v.Encode()
		}
		var who []contact.ID
		for _, one := range p.List {
			who = append(who, one.Contact)
		}
		p.Names, err = named(ctx, tx, who)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, peoplePage(p))
	return nil
}

// named reads customers. Those who are not there any more are left out.
func named(ctx context.Context, tx *db.Tx, ids []contact.ID) (map[contact.ID]contact.Contact, error) {
	out := map[contact.ID]contact.Contact{}
	for _, who := range ids {
		c, err := contact.Get(ctx, tx, who)
		if problem.KindOf(err) == problem.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[who] = c
	}
	return out, nil
}

// guess is a page of those who would get a campaign, or would not.
type guess struct {
	campaign.Campaign
	Why   string
	List  []contact.ID
	Names map[contact.ID]contact.Contact
	Next  string
}

func (a area) foreseen(w http.ResponseWriter, r *http.Request) error {
	key, err := campaignID(r)
	if err != nil {
		return err
	}
	g := guess{Why: r.FormValue("why")}
	after, _ := id.Read[contact.ID](r.FormValue("after"))
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if g.Campaign, err = campaign.Get(ctx, tx, key); err != nil {
			return err
		}
		if g.List, err = campaign.ForeseenPeople(ctx, tx, key, g.Why, after, perPage+1); err != nil {
			return err
		}
		if len(g.List) > perPage {
			g.List = g.List[:perPage]
			g.Next = foreseenPath(key, g.Why) + "&after=" + g.List[perPage-1].String()
		}
		g.Names, err = named(ctx, tx, g.List)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, guessPage(g))
	return nil
}

func foreseenPath(id campaign.ID, why string) string {
	return path(id) + "/foreseen?why=" + url.QueryEscape(why)
}
