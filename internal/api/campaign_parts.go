package api

import (
	"context"
	"net/http"

	"baraji/internal/campaign"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

func campaignParts(rt *routes) {
	get(rt, "/campaigns/defaults", "Read how new campaigns begin, and what frames all of them", getSending)
	patch(rt, "/campaigns/defaults", "Change how new campaigns begin, and what frames all of them", changeSending, about("What is left out stays. The frame holds for campaigns that have not begun."))
	post(rt, "/campaigns/{id}/forecast", "Have it counted who would get a campaign if it began now", askForecast, status(http.StatusAccepted), about("Nothing is sent. Read it at the same path; it is done when `counting` is false."))
	get(rt, "/campaigns/{id}/forecast", "Read what was counted last", getForecast)
	get(rt, "/campaigns/{id}/recipients", "List the customers of a campaign, with what became of each", listRecipients, about("There are none before it begins."))
}

// CampaignFoot is what stands below every mail.
type CampaignFoot struct {
	Sender  string `json:"sender" doc:"Empty: the firm's name"`
	Address string `json:"address"`
	Reach   string `json:"reach" doc:"A telephone number or an address; advertising needs it"`
}

// CampaignDefaults are how new campaigns begin, and what frames all of them.
type CampaignDefaults struct {
	Manners CampaignManners `json:"manners"`
	Mark    bool            `json:"mark" doc:"(광고) before the subject of Korean advertising"`
	Foot    CampaignFoot    `json:"foot"`
}

func showSending(d campaign.Defaults) CampaignDefaults {
	return CampaignDefaults{showManners(d.Manners), d.Mark, CampaignFoot(d.Foot)}
}

// Those who write campaigns see how they begin, and those who choose it.
func getSending(ctx context.Context, tx *db.Tx, _ *struct{}) (CampaignDefaults, error) {
	if team.Allow(ctx, team.RunCampaigns) != nil {
		if err := team.Allow(ctx, team.ManageSettings); err != nil {
			return CampaignDefaults{}, err
		}
	}
	d, err := campaign.GetDefaults(ctx, tx)
	return showSending(d), err
}

// defaultsPatch changes what it names.
type defaultsPatch struct {
	Body struct {
		Manners *MannersBody `json:"manners,omitempty"`
		Mark    *bool        `json:"mark,omitempty"`
		Foot    *struct {
			Sender  *string `json:"sender,omitempty" maxLength:"100"`
			Address *string `json:"address,omitempty" maxLength:"300"`
			Reach   *string `json:"reach,omitempty" maxLength:"200"`
		} `json:"foot,omitempty"`
	}
}

func changeSending(ctx context.Context, tx *db.Tx, in *defaultsPatch) (CampaignDefaults, error) {
	d, err := campaign.GetDefaults(ctx, tx)
	if err != nil {
		return CampaignDefaults{}, err
	}
	d.Manners = in.Body.Manners.onto(d.Manners)
	set(&d.Mark, in.Body.Mark)
	if f := in.Body.Foot; f != nil {
		set(&d.Foot.Sender, f.Sender)
		set(&d.Foot.Address, f.Address)
		set(&d.Foot.Reach, f.Reach)
	}
	if err := campaign.SetDefaults(ctx, tx, d); err != nil {
		return CampaignDefaults{}, renamed(err, campaignField)
	}
	d, err = campaign.GetDefaults(ctx, tx)
	return showSending(d), err
}

// CampaignForecast is who would get a campaign.
type CampaignForecast struct {
	At       stamp          `json:"at" doc:"When it was asked; null: never, or the campaign was changed since"`
	Counting bool           `json:"counting" doc:"It is still being counted"`
	All      int            `json:"all" doc:"Of the segment, as far as they were counted"`
	Get      int            `json:"get" doc:"Would get it"`
	Later    int            `json:"later" doc:"Of get: when their night is over"`
	Not      map[string]int `json:"not" nullable:"false" doc:"Of the others: how many for which reason"`
}

func askForecast(ctx context.Context, tx *db.Tx, in *one) (CampaignForecast, error) {
	key, err := target[campaign.ID](in.ID)
	if err != nil {
		return CampaignForecast{}, err
	}
	if err := campaign.Ask(ctx, tx, key); err != nil {
		return CampaignForecast{}, renamed(err, campaignField)
	}
	return foreseen(ctx, tx, key)
}

func getForecast(ctx context.Context, tx *db.Tx, in *one) (CampaignForecast, error) {
	key, err := target[campaign.ID](in.ID)
	if err != nil {
		return CampaignForecast{}, err
	}
	return foreseen(ctx, tx, key)
}

func foreseen(ctx context.Context, tx *db.Tx, key campaign.ID) (CampaignForecast, error) {
	o, err := campaign.Foreseen(ctx, tx, key)
	return CampaignForecast{stamp(o.At), o.Going, o.All, o.Get, o.Later, tallies(o.Not)}, err
}

// CampaignRecipient is one customer of a campaign.
type CampaignRecipient struct {
	ID             string `json:"id"`
	ContactID      string `json:"contact_id"`
	Address        string `json:"address"`
	Language       string `json:"language"`
	Variant        string `json:"variant" enum:"a,b" doc:"Which text"`
	State          string `json:"state" enum:"waiting,sending,sent,unconfirmed,bounced,failed,skipped"`
	Why            string `json:"why" doc:"Of skipped: such as no_consent, withdrawn, problem, enough, stopped"`
	Answer         string `json:"answer" doc:"What the mail server said"`
	Attempts       int    `json:"attempts"`
	At             stamp  `json:"at" doc:"When something last became of it"`
	DueAt          stamp  `json:"due_at" doc:"Of waiting: not before"`
	SentAt         stamp  `json:"sent_at"`
	RepliedAt      stamp  `json:"replied_at"`
	LeftAt         stamp  `json:"left_at" doc:"When they said that they want no such mails any more"`
	ConversationID ref    `json:"conversation_id" doc:"Their answer"`
}

func showRecipient(r campaign.Recipient) CampaignRecipient {
	return CampaignRecipient{r.ID.String(), r.Contact.String(), r.Address, string(r.Language), r.Variant, string(r.Fate), r.Why, r.Answer, r.Attempts,
		stamp(r.At), stamp(r.DueAt), stamp(r.SentAt), stamp(r.RepliedAt), stamp(r.LeftAt), refOf(r.Conversation)}
}

// recipientQuery narrows the list.
type recipientQuery struct {
	Span
	ID      string `path:"id"`
	State   string `query:"state" enum:"waiting,sending,sent,unconfirmed,bounced,failed,skipped"`
	Why     string `query:"why" maxLength:"60" doc:"Of skipped: the reason"`
	Variant string `query:"variant" enum:"a,b"`
	Replied bool   `query:"replied" doc:"Those who answered"`
	Left    bool   `query:"left" doc:"Those who want no such mails any more"`
}

// Who lists them reads of customers: where they are reached, and that they have a problem with us.
func listRecipients(ctx context.Context, tx *db.Tx, in *recipientQuery) (page[CampaignRecipient], error) {
	var none page[CampaignRecipient]
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return none, err
	}
	key, err := target[campaign.ID](in.ID)
	if err != nil {
		return none, err
	}
	f := campaign.Filter{Fate: campaign.Fate(in.State), Why: in.Why, Variant: in.Variant, Replied: in.Replied, Left: in.Left, Limit: in.Limit + 1}
	if f.After, err = cursorID[campaign.RecipientID](in.Cursor); err != nil {
		return none, err
	}
	list, err := campaign.Recipients(ctx, tx, key, f)
	return cut(list, in.Limit, func(r campaign.Recipient) string { return r.ID.String() }, showRecipient), err
}
