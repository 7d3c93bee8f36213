package campaigns

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"baraji/internal/campaign"
	"baraji/internal/consent"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/segment"
	"baraji/internal/web/ui"
)

// sheet is the form of a campaign, new or not.
type sheet struct {
	Given   campaign.Campaign
	Groups  []ui.Option
	Inboxes []ui.Option
	Trouble ui.Trouble
}

func (s sheet) path() string {
	if s.Given.ID == 0 {
		return "/campaigns/new"
	}
	return path(s.Given.ID) + "/edit"
}

func (s sheet) back() string {
	if s.Given.ID == 0 {
		return "/campaigns"
	}
	return path(s.Given.ID)
}

// choices reads what the form offers.
func (s *sheet) choices(ctx context.Context, tx *db.Tx) error {
	list, err := segment.List(ctx, tx)
	if err != nil {
		return err
	}
	s.Groups = []ui.Option{{Label: t(ctx, "choose")}}
	for _, g := range list {
		s.Groups = append(s.Groups, ui.Option{Value: g.ID.String(), Label: g.Name})
	}
	doors, err := inbox.List(ctx, tx)
	s.Inboxes = []ui.Option{{Label: t(ctx, "choose")}}
	for _, in := range doors {
		if in.Channel == "email" && in.Enabled {
			s.Inboxes = append(s.Inboxes, ui.Option{Value: in.ID.String(), Label: in.Name + " <" + in.Address + ">"})
		}
	}
	if s.Given.ID == 0 && s.Given.Inbox == 0 && len(s.Inboxes) == 2 { // there is no choice
		s.Given.Inbox, _ = id.Read[inbox.ID](s.Inboxes[1].Value)
	}
	return err
}

func (a area) newForm(w http.ResponseWriter, r *http.Request) error {
	s := sheet{Given: campaign.Campaign{Purpose: consent.Advertising}}
	s.Given.Segment, _ = id.Read[segment.ID](r.FormValue("segment"))
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) error {
		d, err := campaign.GetDefaults(ctx, tx)
		s.Given.Manners = d.Manners
		return err
	})
	if err != nil {
		return err
	}
	return a.render(w, r, http.StatusOK, s)
}

func (a area) render(w http.ResponseWriter, r *http.Request, status int, s sheet) error {
	if err := a.Read(r, s.choices); err != nil {
		return err
	}
	ui.Render(w, r, status, editPage(s))
	return nil
}

func (a area) editForm(w http.ResponseWriter, r *http.Request) error {
	key, err := campaignID(r)
	if err != nil {
		return err
	}
	var s sheet
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		s.Given, err = campaign.Get(ctx, tx, key)
		return err
	})
	if err != nil {
		return err
	}
	if !s.Given.State.Open() {
		ui.Redirect(w, r, path(key))
		return nil
	}
	return a.render(w, r, http.StatusOK, s)
}

// save makes a campaign or changes one. What is wrong comes back with all that was typed.
func (a area) save(w http.ResponseWriter, r *http.Request) error {
	s := sheet{Given: typed(r)}
	if r.PathValue("id") != "" {
		key, err := campaignID(r)
		if err != nil {
			return err
		}
		s.Given.ID = key
	}
	key := s.Given.ID
	err := a.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		if s.Given.ID != 0 {
			return campaign.Change(r.Context(), tx, s.Given)
		}
		key, err = campaign.Make(r.Context(), tx, s.Given)
		return err
	})
	if err == nil {
		ui.SayThere(w, r, ui.Toast{Text: i18n.T(r.Context(), "campaigns.did_save")}, path(key))
		return nil
	}
	if s.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.render(w, r, s.Trouble.Status, s)
}

// typed reads the form.
func typed(r *http.Request) (c campaign.Campaign) {
	c.Name, c.Purpose = r.FormValue("name"), consent.Purpose(r.FormValue("purpose"))
	c.Segment, _ = id.Read[segment.ID](r.FormValue("segment"))
	c.Inbox, _ = id.Read[inbox.ID](r.FormValue("inbox"))
	c.Letter, c.Other = letter(r, ""), letter(r, "other.")
	if r.FormValue("compare") != "" {
		c.Share = number(r.FormValue("share"))
	}
	c.Manners = campaign.Manners{Rate: number(r.FormValue("rate")), Quiet: r.FormValue("quiet") != "", From: minute(r.FormValue("from")), To: minute(r.FormValue("to")),
		Most: number(r.FormValue("most")), Days: number(r.FormValue("days")), Problems: r.FormValue("problems") != ""}
	return c
}

func letter(r *http.Request, at string) campaign.Letter {
	l := campaign.Letter{Subject: i18n.Text{}, Text: i18n.Text{}}
	for _, locale := range i18n.Locales() {
		l.Subject[locale], l.Text[locale] = r.FormValue(at+"subject_"+string(locale)), r.FormValue(at+"text_"+string(locale))
	}
	return l
}

// number reads a number; -1 is none.
func number(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return -1
	}
	return n
}

// minute reads a time of day; -1 is none.
func minute(s string) int {
	h, m, ok := strings.Cut(strings.TrimSpace(s), ":")
	hour, minute := number(h), number(m)
	if !ok || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return -1
	}
	return hour*60 + minute
}

func clock(minute int) string {
	if minute < 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", minute/60, minute%60)
}

func count(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}
