package campaigns

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/campaign"
	"baraji/internal/contact"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
	"baraji/internal/web/ui"
)

// sight is a campaign with all that its page shows.
type sight struct {
	campaign.Campaign
	Group   segment.Segment
	Size    int // of the segment
	In      inbox.Inbox
	Outlook campaign.Outlook
	All     campaign.Result
	Each    []campaign.Result
	Skipped []campaign.Tally
	People  []ui.Option // for whom it can be looked at
	Who     string
	Variant string
	Plan    string // as typed
	Trouble ui.Trouble
}

func (a area) show(w http.ResponseWriter, r *http.Request) error {
	key, err := campaignID(r)
	if err != nil {
		return err
	}
	return a.showOne(w, r, http.StatusOK, sight{Campaign: campaign.Campaign{ID: key}})
}

func (a area) showOne(w http.ResponseWriter, r *http.Request, status int, s sight) error {
	s.Who, s.Variant = r.FormValue("who"), variantOf(r)
	err := a.Read(r, s.read)
	if err != nil {
		return err
	}
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, now(s))
		return nil
	}
	ui.Render(w, r, status, showPage(s))
	return nil
}

func variantOf(r *http.Request) string {
	if r.FormValue("variant") == campaign.Second {
		return campaign.Second
	}
	return campaign.First
}

func (s *sight) read(ctx context.Context, tx *db.Tx) (err error) {
	if s.Campaign, err = campaign.Get(ctx, tx, s.ID); err != nil {
		return err
	}
	if s.Group, err = segment.Get(ctx, tx, s.Segment); err != nil && problem.KindOf(err) != problem.NotFound {
		return err
	}
	if s.In, err = inbox.Get(ctx, tx, s.Inbox); err != nil && problem.KindOf(err) != problem.NotFound {
		return err
	}
	if s.State.Open() {
		return s.readAhead(ctx, tx)
	}
	if s.All, s.Each, err = campaign.Results(ctx, tx, s.ID); err != nil {
		return err
	}
	s.Skipped, err = campaign.SkippedFor(ctx, tx, s.ID)
	return err
}

const people = 50 // that one can look at it for

// readAhead reads what is known before it begins.
func (s *sight) readAhead(ctx context.Context, tx *db.Tx) (err error) {
	if s.Outlook, err = campaign.Foreseen(ctx, tx, s.ID); err != nil || s.Group.ID == 0 {
		return err
	}
	if s.Size, err = segment.Count(ctx, tx, s.Group); err != nil {
		return err
	}
	list, err := segment.Members(ctx, tx, s.Group, 0, people)
	for _, who := range list {
		c, err := contact.Get(ctx, tx, who)
		if err != nil {
			return err
		}
		s.People = append(s.People, ui.Option{Value: c.ID.String(), Label: c.Name})
	}
	if s.Who == "" && len(s.People) > 0 {
		s.Who = s.People[0].Value
	}
	return err
}

// preview is the mail that one customer would get, as the document of a frame that can do nothing.
func (a area) preview(w http.ResponseWriter, r *http.Request) error {
	key, err := campaignID(r)
	if err != nil {
		return err
	}
	who, err := id.Read[contact.ID](r.FormValue("who"))
	if err != nil {
		return problem.New(problem.NotFound, "This customer is not there.")
	}
	var l campaign.Mail
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		l, err = a.Many.Preview(ctx, tx, key, who, variantOf(r))
		return err
	})
	if err != nil {
		return err
	}
	return frame(w, l, true)
}

// frame writes a mail as a document: with its head, where that is to be seen in it.
func frame(w http.ResponseWriter, l campaign.Mail, head bool) error {
	body := html.Clean(l.HTML, html.Options{}).HTML
	if head {
		body = html.Clean("<p><b>"+html.FromText(l.Subject)+"</b></p><hr>", html.Options{}).HTML + body
	}
	w.Header().Del("X-Frame-Options")
	for name, value := range html.FrameHeaders(html.Sandbox) {
		w.Header().Set(name, value)
	}
	_, err := w.Write(html.Document(body, string(l.Language), html.Light))
	return err
}

// act is POST /campaigns/{id}/{do}.
func (a area) act(w http.ResponseWriter, r *http.Request) error {
	key, err := campaignID(r)
	if err != nil {
		return err
	}
	do, to := r.PathValue("do"), path(key)
	act, ok := a.acts()[do]
	if !ok {
		return problem.New(problem.NotFound, "This page is not here.")
	}
	err = a.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		there, err := act(r, tx, key)
		if there != "" {
			to = there
		}
		return err
	})
	if err == nil {
		ui.SayThere(w, r, ui.Toast{Text: t(r.Context(), "did_"+do)}, to)
		return nil
	}
	s := sight{Campaign: campaign.Campaign{ID: key}, Plan: r.FormValue("at")}
	if s.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	if s.Trouble.Status == http.StatusNotFound || s.Trouble.Status == http.StatusForbidden {
		return problem.New(problem.NotFound, "There is no such campaign.")
	}
	return a.showOne(w, r, s.Trouble.Status, s)
}

const clockForm = "2006-01-02T15:04" // of <input type=datetime-local>

// acts are what can be done with a campaign. Each may say where it leads.
func (a area) acts() map[string]func(*http.Request, *db.Tx, campaign.ID) (string, error) {
	type fn = func(*http.Request, *db.Tx, campaign.ID) (string, error)
	stays := func(do func(context.Context, *db.Tx, campaign.ID) error) fn {
		return func(r *http.Request, tx *db.Tx, key campaign.ID) (string, error) { return "", do(r.Context(), tx, key) }
	}
	return map[string]fn{
		"check":  stays(campaign.Ask),
		"pause":  stays(campaign.Pause),
		"resume": stays(campaign.Resume),
		"stop":   stays(campaign.Stop),
		"unplan": stays(campaign.Unplan),
		"start": stays(func(ctx context.Context, tx *db.Tx, key campaign.ID) error {
			return a.Many.Plan(ctx, tx, key, time.Time{})
		}),
		"plan": func(r *http.Request, tx *db.Tx, key campaign.ID) (string, error) {
			at, err := time.ParseInLocation(clockForm, r.FormValue("at"), i18n.Of(r.Context()).Zone)
			if err != nil {
				return "", problem.For("at", "Choose a time that is still to come, within a year.")
			}
			return "", a.Many.Plan(r.Context(), tx, key, at)
		},
		"copy": func(r *http.Request, tx *db.Tx, key campaign.ID) (string, error) {
			made, err := campaign.Copy(r.Context(), tx, key)
			return path(made) + "/edit", err
		},
		"delete": func(r *http.Request, tx *db.Tx, key campaign.ID) (string, error) {
			return "/campaigns", campaign.Delete(r.Context(), tx, key)
		},
		"try": func(r *http.Request, tx *db.Tx, key campaign.ID) (string, error) {
			who, err := id.Read[contact.ID](r.FormValue("who"))
			if err != nil {
				return "", problem.For("who", "Choose a customer.")
			}
			return path(key) + "?who=" + who.String() + "&variant=" + variantOf(r), a.Many.Try(r.Context(), tx, key, who, variantOf(r))
		},
	}
}
