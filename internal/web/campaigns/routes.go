package campaigns

import (
	"context"
	"net/http"

	"baraji/internal/campaign"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
)

// area is the pages with the parts of the program that they call.
type area struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Page("GET /campaigns", team.RunCampaigns, a.list)
	rt.Page("GET /campaigns/new", team.RunCampaigns, a.newForm)
	rt.Page("POST /campaigns/new", team.RunCampaigns, a.save)
	rt.Page("GET /campaigns/{id}", team.RunCampaigns, a.show)
	rt.Page("GET /campaigns/{id}/edit", team.RunCampaigns, a.editForm)
	rt.Page("POST /campaigns/{id}/edit", team.RunCampaigns, a.save)
	rt.Page("GET /campaigns/{id}/people", team.RunCampaigns, a.people)
	rt.Page("GET /campaigns/{id}/foreseen", team.RunCampaigns, a.foreseen)
	rt.Page("GET /campaigns/{id}/preview", team.RunCampaigns, a.preview)
	rt.Page("POST /campaigns/{id}/{do}", team.RunCampaigns, a.act)
	rt.Page("GET /mails/{id}", team.ReadContacts, a.mail)
	rt.Page("GET /mails/{id}/html", team.ReadContacts, a.mailHTML)
	rt.Public("GET /off", a.offNobody)
	rt.Public("GET /off/{id}/{token}", a.offForm)
	rt.Public("POST /off/{id}/{token}", a.off)
}

// t is a word of this area.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "campaigns."+key, args...)
}

func campaignID(r *http.Request) (campaign.ID, error) {
	key, err := id.Read[campaign.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such campaign.")
	}
	return key, nil
}

func path(id campaign.ID) string { return "/campaigns/" + id.String() }
