package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"baraji/internal/campaign"
	"baraji/internal/consent"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/segment"
)

func campaigns(rt *routes) {
	get(rt, "/campaigns", "List the campaigns, the newest first", listCampaigns)
	post(rt, "/campaigns", "Write a campaign: a draft, nothing is sent", makeCampaign, status(http.StatusCreated), body(longCampaign), about("How it goes out is as `/campaigns/defaults` says, where `manners` says nothing."))
	get(rt, "/campaigns/{id}", "Read a campaign, with what became of it", getCampaign)
	patch(rt, "/campaigns/{id}", "Change a campaign that has not begun", changeCampaign, body(longCampaign), about("What is left out stays, of `manners` too. `letter` and `other` are given whole. What was counted of it counts no more."))
	remove(rt, "/campaigns/{id}", "Remove a campaign that has not begun", removeCampaign)
	post(rt, "/campaigns/{id}/copy", "Write a draft that says the same", copyCampaign, status(http.StatusCreated))
	post(rt, "/campaigns/{id}/start", "Send a campaign, now or at a time", rt.startCampaign, about("From when it begins it cannot be changed. Whether a customer gets it is decided when it is their turn."))
	post(rt, "/campaigns/{id}/unplan", "Make a draft again of a campaign that begins at a time", onCampaign(campaign.Unplan))
	post(rt, "/campaigns/{id}/pause", "Pause a campaign", onCampaign(campaign.Pause), about("At most the mail that is just being handed over still leaves."))
	post(rt, "/campaigns/{id}/resume", "Let a paused campaign go on", onCampaign(campaign.Resume))
	post(rt, "/campaigns/{id}/stop", "Stop a campaign for good", onCampaign(campaign.Stop), about("Those who wait get nothing."))
}

// longCampaign is how long the body of one may be: two texts of 20000 characters in each language.
const longCampaign = 1 << 20

// CampaignLetter is what a mail says, by language.
type CampaignLetter struct {
	Subject map[string]string `json:"subject" nullable:"false" required:"false" doc:"By language: en, ko"`
	Text    map[string]string `json:"text" nullable:"false" required:"false" doc:"Markdown, with placeholders such as {customer.name|customer}"`
}

func showLetter(l campaign.Letter) CampaignLetter {
	return CampaignLetter{plainText(l.Subject), plainText(l.Text)}
}

func (l CampaignLetter) read() campaign.Letter {
	return campaign.Letter{Subject: givenText(l.Subject), Text: givenText(l.Text)}
}

// CampaignManners are how a campaign goes out.
type CampaignManners struct {
	Rate      int    `json:"rate" doc:"Mails in a minute"`
	Quiet     bool   `json:"quiet" doc:"Not at night, where the customer is"`
	NightFrom string `json:"night_from" doc:"Such as 21:00"`
	NightTo   string `json:"night_to"`
	Most      int    `json:"most" doc:"Advertising mails to one customer within so many days"`
	Days      int    `json:"days" doc:"0: without a limit"`
	Spare     bool   `json:"spare_problems" doc:"Those who have a problem with us get none"`
}

func showManners(m campaign.Manners) CampaignManners {
	return CampaignManners{m.Rate, m.Quiet, clockText(m.From), clockText(m.To), m.Most, m.Days, m.Problems}
}

// MannersBody is manners as they come: what is left out stays.
type MannersBody struct {
	Rate      *int    `json:"rate,omitempty"`
	Quiet     *bool   `json:"quiet,omitempty"`
	NightFrom *string `json:"night_from,omitempty" maxLength:"5"`
	NightTo   *string `json:"night_to,omitempty" maxLength:"5"`
	Most      *int    `json:"most,omitempty"`
	Days      *int    `json:"days,omitempty"`
	Spare     *bool   `json:"spare_problems,omitempty"`
}

func (b *MannersBody) onto(m campaign.Manners) campaign.Manners {
	if b == nil {
		return m
	}
	set(&m.Rate, b.Rate)
	set(&m.Quiet, b.Quiet)
	set(&m.Most, b.Most)
	set(&m.Days, b.Days)
	set(&m.Problems, b.Spare)
	if b.NightFrom != nil {
		m.From = clockOf(*b.NightFrom)
	}
	if b.NightTo != nil {
		m.To = clockOf(*b.NightTo)
	}
	return m
}

// set writes what was given over what there is.
func set[T any](to, given *T) {
	if given != nil {
		*to = *given
	}
}

// Campaign is a mail to many customers.
type Campaign struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Purpose   string          `json:"purpose" enum:"advertising,notice" doc:"advertising: only those get it who agreed"`
	SegmentID ref             `json:"segment_id"`
	InboxID   ref             `json:"inbox_id" doc:"From which it is sent, and where answers go"`
	Letter    CampaignLetter  `json:"letter"`
	Other     CampaignLetter  `json:"other" doc:"The second text, b, to be compared"`
	Share     int             `json:"share" doc:"Percent of them who get the second text"`
	Manners   CampaignManners `json:"manners"`
	State     string          `json:"state" enum:"draft,planned,sending,paused,stopped,done"`
	Why       string          `json:"why" doc:"Of paused: returned, when it paused itself since much came back; empty: by somebody"`
	Trouble   string          `json:"trouble" doc:"What keeps it from going on for the moment, in the mail server's words"`
	PersonID  ref             `json:"person_id" doc:"Who wrote it, and is told when it pauses itself"`
	PlannedAt stamp           `json:"planned_at"`
	StartedAt stamp           `json:"started_at"`
	EndedAt   stamp           `json:"ended_at"`
	CreatedAt stamp           `json:"created_at"`
	UpdatedAt stamp           `json:"updated_at"`
}

func showCampaign(c campaign.Campaign) Campaign {
	return Campaign{c.ID.String(), c.Name, string(c.Purpose), refOf(c.Segment), refOf(c.Inbox), showLetter(c.Letter), showLetter(c.Other), c.Share, showManners(c.Manners),
		string(c.State), c.Why, c.Trouble, refOf(c.By), stamp(c.PlannedAt), stamp(c.StartedAt), stamp(c.EndedAt), stamp(c.CreatedAt), stamp(c.UpdatedAt)}
}

// ListedCampaign is a campaign with what became of it, in short.
type ListedCampaign struct {
	Campaign
	All     int `json:"all" doc:"Customers that were written down when it began"`
	Sent    int `json:"sent"`
	Replied int `json:"replied"`
	Left    int `json:"left" doc:"Want no such mails any more"`
}

func listCampaigns(ctx context.Context, tx *db.Tx, in *Span) (page[ListedCampaign], error) {
	before, err := cursorID[campaign.ID](in.Cursor)
	if err != nil {
		return page[ListedCampaign]{}, err
	}
	list, err := campaign.List(ctx, tx, before, in.Limit+1)
	if err != nil {
		return page[ListedCampaign]{}, err
	}
	sums, err := campaign.Sums(ctx, tx, list)
	return cut(list, in.Limit, func(c campaign.Campaign) string { return c.ID.String() }, func(c campaign.Campaign) ListedCampaign {
		n := sums[c.ID]
		return ListedCampaign{showCampaign(c), n.All, n.Sent, n.Replied, n.Left}
	}), err
}

// CampaignResult is what became of customers, by state.
type CampaignResult struct {
	All         int `json:"all" doc:"Written down so far"`
	Waiting     int `json:"waiting" doc:"And being sent"`
	Sent        int `json:"sent" doc:"Left us: with bounced and unconfirmed"`
	Bounced     int `json:"bounced" doc:"Came back later"`
	Failed      int `json:"failed" doc:"Refused by the server"`
	Unconfirmed int `json:"unconfirmed" doc:"The connection ended before the server said that it took the mail"`
	Skipped     int `json:"skipped"`
	Replied     int `json:"replied"`
	Left        int `json:"left" doc:"Want no such mails any more"`
	Solved      int `json:"solved" doc:"Of replied: the conversation is solved"`
}

func showResult(r campaign.Result) CampaignResult {
	return CampaignResult{r.All, r.Waiting, r.Sent, r.Bounced, r.Failed, r.Unconfirmed, r.Skipped, r.Replied, r.Left, r.Solved}
}

// CountedCampaign is a campaign with what became of it.
type CountedCampaign struct {
	Campaign
	Results    CampaignResult            `json:"results"`
	Variants   map[string]CampaignResult `json:"variants" nullable:"false" doc:"The same for each text: a, b"`
	SkippedFor map[string]int            `json:"skipped_for" nullable:"false" doc:"Of skipped: how many for which reason"`
}

func campaignNow(ctx context.Context, tx *db.Tx, key campaign.ID) (CountedCampaign, error) {
	c, err := campaign.Get(ctx, tx, key)
	if err != nil {
		return CountedCampaign{}, err
	}
	all, each, err := campaign.Results(ctx, tx, key)
	if err != nil {
		return CountedCampaign{}, err
	}
	why, err := campaign.SkippedFor(ctx, tx, key)
	out := CountedCampaign{showCampaign(c), showResult(all), map[string]CampaignResult{}, tallies(why)}
	for _, r := range each {
		out.Variants[r.Variant] = showResult(r)
	}
	return out, err
}

func tallies(list []campaign.Tally) map[string]int {
	out := map[string]int{}
	for _, t := range list {
		out[t.Why] = t.N
	}
	return out
}

func getCampaign(ctx context.Context, tx *db.Tx, in *one) (CountedCampaign, error) {
	key, err := target[campaign.ID](in.ID)
	if err != nil {
		return CountedCampaign{}, err
	}
	return campaignNow(ctx, tx, key)
}

// CampaignBody is a campaign as it comes: what is left out stays.
type CampaignBody struct {
	Name      *string         `json:"name,omitempty" maxLength:"100"`
	Purpose   *string         `json:"purpose,omitempty" enum:"advertising,notice"`
	SegmentID *string         `json:"segment_id,omitempty" maxLength:"40" doc:"A draft may lack it; empty: none"`
	InboxID   *string         `json:"inbox_id,omitempty" maxLength:"40" doc:"One that sends mail"`
	Letter    *CampaignLetter `json:"letter,omitempty"`
	Other     *CampaignLetter `json:"other,omitempty"`
	Share     *int            `json:"share,omitempty" doc:"0: nobody gets the second text"`
	Manners   *MannersBody    `json:"manners,omitempty"`
}

func (b CampaignBody) onto(c campaign.Campaign) (_ campaign.Campaign, err error) {
	set(&c.Name, b.Name)
	set(&c.Share, b.Share)
	if b.Purpose != nil {
		c.Purpose = consent.Purpose(*b.Purpose)
	}
	if b.Letter != nil {
		c.Letter = b.Letter.read()
	}
	if b.Other != nil {
		c.Other = b.Other.read()
	}
	c.Manners = b.Manners.onto(c.Manners)
	if b.SegmentID != nil {
		if c.Segment, err = named[segment.ID]("segment_id", *b.SegmentID); err != nil {
			return c, err
		}
	}
	if b.InboxID != nil {
		c.Inbox, err = named[inbox.ID]("inbox_id", *b.InboxID)
	}
	return c, err
}

// campaignField is what the interface calls a field of a campaign.
func campaignField(name string) string {
	switch name {
	case "segment", "inbox":
		return name + "_id"
	case "rate", "most", "days":
		return "manners." + name
	case "from", "to":
		return "manners.night_" + name
	case "sender", "address", "reach":
		return "foot." + name
	case "foot":
		return "foot.reach"
	}
	kind, language, _ := strings.Cut(name, "_")
	switch kind {
	case "subject", "text":
		return "letter." + kind + "." + language
	case "other.subject", "other.text":
		return kind + "." + language
	}
	return name
}

type newCampaign struct{ Body CampaignBody }

func makeCampaign(ctx context.Context, tx *db.Tx, in *newCampaign) (CountedCampaign, error) {
	d, err := campaign.GetDefaults(ctx, tx)
	if err != nil {
		return CountedCampaign{}, err
	}
	c, err := in.Body.onto(campaign.Campaign{Manners: d.Manners})
	if err != nil {
		return CountedCampaign{}, err
	}
	key, err := campaign.Make(ctx, tx, c)
	if err != nil {
		return CountedCampaign{}, renamed(err, campaignField)
	}
	return campaignNow(ctx, tx, key)
}

type campaignChange struct {
	ID   string `path:"id"`
	Body CampaignBody
}

func changeCampaign(ctx context.Context, tx *db.Tx, in *campaignChange) (CountedCampaign, error) {
	key, err := target[campaign.ID](in.ID)
	if err != nil {
		return CountedCampaign{}, err
	}
	c, err := campaign.Get(ctx, tx, key)
	if err != nil {
		return CountedCampaign{}, err
	}
	if c, err = in.Body.onto(c); err != nil {
		return CountedCampaign{}, err
	}
	if err := campaign.Change(ctx, tx, c); err != nil {
		return CountedCampaign{}, renamed(err, campaignField)
	}
	return campaignNow(ctx, tx, key)
}

func removeCampaign(ctx context.Context, tx *db.Tx, in *one) error {
	key, err := target[campaign.ID](in.ID)
	if err != nil {
		return err
	}
	return campaign.Delete(ctx, tx, key)
}

func copyCampaign(ctx context.Context, tx *db.Tx, in *one) (CountedCampaign, error) {
	key, err := target[campaign.ID](in.ID)
	if err != nil {
		return CountedCampaign{}, err
	}
	made, err := campaign.Copy(ctx, tx, key)
	if err != nil {
		return CountedCampaign{}, err
	}
	return campaignNow(ctx, tx, made)
}

type campaignStart struct {
	ID   string `path:"id"`
	Body *struct {
		At *time.Time `json:"at,omitempty" doc:"When it begins, within a year; now, when left out"`
	}
}

func (s *server) startCampaign(ctx context.Context, tx *db.Tx, in *campaignStart) (CountedCampaign, error) {
	var at time.Time
	if in.Body != nil {
		set(&at, in.Body.At)
	}
	return onCampaign(func(ctx context.Context, tx *db.Tx, key campaign.ID) error {
		return renamed(s.Many.Plan(ctx, tx, key, at), campaignField)
	})(ctx, tx, &one{in.ID})
}

// onCampaign does something to a campaign and answers with how it is then.
func onCampaign(do func(context.Context, *db.Tx, campaign.ID) error) action[one, CountedCampaign] {
	return func(ctx context.Context, tx *db.Tx, in *one) (CountedCampaign, error) {
		key, err := target[campaign.ID](in.ID)
		if err != nil {
			return CountedCampaign{}, err
		}
		if err := do(ctx, tx, key); err != nil {
			return CountedCampaign{}, err
		}
		return campaignNow(ctx, tx, key)
	}
}
