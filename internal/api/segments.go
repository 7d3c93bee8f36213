package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/segment"
)

func segments(rt *routes) {
	get(rt, "/segments", "List the segments by name", listSegments)
	post(rt, "/segments", "Make a segment", makeSegment, status(http.StatusCreated))
	get(rt, "/segments/{id}", "Read a segment, with how many customers are in it now", getSegment)
	patch(rt, "/segments/{id}", "Change a segment", changeSegment, about("What is left out stays. Conditions are given whole."))
	remove(rt, "/segments/{id}", "Remove a segment", removeSegment, about("Nothing happens to its customers."))
	get(rt, "/segments/{id}/members", "List who is in a segment now", segmentMembers)
	get(rt, "/contacts/{id}/consents", "List what a customer agreed to and took back, the newest first", listConsents)
	post(rt, "/contacts/{id}/consents", "Note that a customer agreed, or took consent back", noteConsent, status(http.StatusCreated), about("Nothing that was noted is changed: the newest about an address counts."))
	get(rt, "/suppressions", "List the addresses to which nothing goes that goes to many", listSuppressions)
	post(rt, "/suppressions", "Put an address on that list", suppress, status(http.StatusCreated))
	remove(rt, "/suppressions/{id}", "Take an address off that list", unsuppress, about("Consent is not given with it."))
}

// SegmentIf is a condition, or a group of them.
type SegmentIf struct {
	Mode   string      `json:"mode,omitempty" enum:",all,any,none" doc:"Of a group"`
	Of     []SegmentIf `json:"of,omitempty" maxItems:"60"`
	Field  string      `json:"field,omitempty" maxLength:"120" doc:"Of a condition: such as customer.stage, customer.field.plan, company.tier, talk.open"`
	Op     string      `json:"op,omitempty" maxLength:"20"`
	Values []string    `json:"values,omitempty" maxItems:"50" doc:"One of them is enough"`
}

func showSegmentIf(i segment.If) SegmentIf {
	out := SegmentIf{Mode: i.Mode, Field: i.Field, Op: i.Op, Values: i.Values}
	for _, o := range i.Of {
		out.Of = append(out.Of, showSegmentIf(o))
	}
	return out
}

func (i SegmentIf) read() segment.If {
	out := segment.If{Mode: i.Mode, Field: i.Field, Op: i.Op, Values: i.Values}
	for _, o := range i.Of {
		out.Of = append(out.Of, o.read())
	}
	return out
}

// Segment is a group of customers that is described.
type Segment struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	About     string    `json:"about"`
	If        SegmentIf `json:"if"`
	CreatedAt stamp     `json:"created_at"`
	UpdatedAt stamp     `json:"updated_at"`
}

// CountedSegment is a segment with how many are in it.
type CountedSegment struct {
	Segment
	Count int `json:"count" doc:"As far as whoever asks may see"`
}

func showSegment(s segment.Segment) Segment {
	return Segment{s.ID.String(), s.Name, s.About, showSegmentIf(s.If), stamp(s.CreatedAt), stamp(s.UpdatedAt)}
}

func listSegments(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Segment], error) {
	list, err := segment.List(ctx, tx)
	return all(list, showSegment), err
}

func getSegment(ctx context.Context, tx *db.Tx, in *one) (CountedSegment, error) {
	s, err := segmentAt(ctx, tx, in.ID)
	if err != nil {
		return CountedSegment{}, err
	}
	n, err := segment.Count(ctx, tx, s)
	return CountedSegment{showSegment(s), n}, err
}

func segmentAt(ctx context.Context, tx *db.Tx, id string) (segment.Segment, error) {
	key, err := target[segment.ID](id)
	if err != nil {
		return segment.Segment{}, err
	}
	return segment.Get(ctx, tx, key)
}

// SegmentBody is a segment as it comes: what is left out stays.
type SegmentBody struct {
	Name  *string    `json:"name,omitempty" maxLength:"80"`
	About *string    `json:"about,omitempty" maxLength:"500"`
	If    *SegmentIf `json:"if,omitempty"`
}

func (b SegmentBody) onto(s segment.Segment) segment.Segment {
	if b.Name != nil {
		s.Name = *b.Name
	}
	if b.About != nil {
		s.About = *b.About
	}
	if b.If != nil {
		s.If = b.If.read()
	}
	return s
}

type newSegment struct{ Body SegmentBody }

func makeSegment(ctx context.Context, tx *db.Tx, in *newSegment) (Segment, error) {
	key, err := segment.Make(ctx, tx, in.Body.onto(segment.Segment{}))
	if err != nil {
		return Segment{}, err
	}
	s, err := segment.Get(ctx, tx, key)
	return showSegment(s), err
}

type segmentChange struct {
	ID   string `path:"id"`
	Body SegmentBody
}

func changeSegment(ctx context.Context, tx *db.Tx, in *segmentChange) (Segment, error) {
	s, err := segmentAt(ctx, tx, in.ID)
	if err != nil {
		return Segment{}, err
	}
	if err := segment.Change(ctx, tx, in.Body.onto(s)); err != nil {
		return Segment{}, err
	}
	s, err = segment.Get(ctx, tx, s.ID)
	return showSegment(s), err
}

func removeSegment(ctx context.Context, tx *db.Tx, in *one) error {
	key, err := target[segment.ID](in.ID)
	if err != nil {
		return err
	}
	return segment.Delete(ctx, tx, key)
}

// membersQuery says from where.
type membersQuery struct {
	ID     string `path:"id"`
	Cursor string `query:"cursor" maxLength:"60" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// SegmentMember is a customer in a segment.
type SegmentMember struct {
	ContactID string `json:"contact_id"`
}

func segmentMembers(ctx context.Context, tx *db.Tx, in *membersQuery) (page[SegmentMember], error) {
	s, err := segmentAt(ctx, tx, in.ID)
	if err != nil {
		return page[SegmentMember]{}, err
	}
	var after contact.ID
	if in.Cursor != "" {
		if after, err = named[contact.ID]("cursor", in.Cursor); err != nil {
			return page[SegmentMember]{}, err
		}
	}
	list, err := segment.Members(ctx, tx, s, after, in.Limit+1)
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = list[in.Limit-1].String()
	}
	return paged(list, next, func(id contact.ID) SegmentMember { return SegmentMember{id.String()} }), err
}

// Consent is one thing that a customer said.
type Consent struct {
	ID      string `json:"id"`
	Address string `json:"address" doc:"Empty: all of theirs"`
	Purpose string `json:"purpose" enum:"advertising"`
	What    string `json:"what" enum:"given,confirmed,withdrawn"`
	How     string `json:"how" enum:"form,portal,link,mail,hand,import"`
	Wording string `json:"wording"`
	Proof   string `json:"proof"`
	At      stamp  `json:"at"`
}

func showConsent(e consent.Entry) Consent {
	return Consent{e.ID.String(), e.Address, string(e.Purpose), string(e.What), string(e.How), e.Wording, e.Proof, stamp(e.At)}
}

func listConsents(ctx context.Context, tx *db.Tx, in *one) (page[Consent], error) {
	key, err := target[contact.ID](in.ID)
	if err != nil {
		return page[Consent]{}, err
	}
	list, err := consent.History(ctx, tx, key)
	return all(list, showConsent), err
}

type newConsent struct {
	ID   string `path:"id"`
	Body struct {
		What    string     `json:"what" enum:"given,withdrawn"`
		Address string     `json:"address,omitempty" maxLength:"254" doc:"Empty: all of theirs"`
		How     string     `json:"how" enum:"form,portal,link,hand,import" doc:"import: nobody is mailed a receipt, and nothing is taken off the list of suppressions"`
		Wording string     `json:"wording,omitempty" maxLength:"2000" doc:"What they read"`
		Proof   string     `json:"proof,omitempty" maxLength:"500"`
		At      *time.Time `json:"at,omitempty" doc:"Of consent: when they gave it; now, when left out"`
	}
}

func noteConsent(ctx context.Context, tx *db.Tx, in *newConsent) (Consent, error) {
	key, err := target[contact.ID](in.ID)
	if err != nil {
		return Consent{}, err
	}
	b := in.Body
	if b.What == string(consent.IsGiven) {
		g := consent.Given{Who: key, Address: b.Address, Purpose: consent.Advertising, How: consent.How(b.How), Wording: b.Wording, Proof: b.Proof}
		if b.At != nil {
			g.At = *b.At
		}
		err = consent.Give(ctx, tx, g)
	} else {
		err = consent.Withdraw(ctx, tx, key, b.Address, consent.Advertising, consent.How(b.How), b.Proof)
	}
	if err != nil {
		return Consent{}, err
	}
	list, err := consent.History(ctx, tx, key)
	if err != nil || len(list) == 0 {
		return Consent{}, err
	}
	return showConsent(slices.MaxFunc(list, func(a, b consent.Entry) int { return cmp.Compare(a.ID, b.ID) })), nil
}

// Suppression is an address to which nothing goes that goes to many.
type Suppression struct {
	ID      string `json:"id"`
	Address string `json:"address" doc:"Empty: of a customer who was erased"`
	Reason  string `json:"reason" enum:"erased,unsubscribed,hand,bounce,complaint"`
	At      stamp  `json:"at"`
}

func showSuppression(b consent.Bar) Suppression {
	return Suppression{b.ID.String(), b.Address, string(b.Reason), stamp(b.At)}
}

// suppressionQuery narrows the list.
type suppressionQuery struct {
	Query  string `query:"q" maxLength:"254" doc:"A part of the address; a whole one also finds those of which only a digest is left"`
	Cursor string `query:"cursor" maxLength:"60" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func listSuppressions(ctx context.Context, tx *db.Tx, in *suppressionQuery) (page[Suppression], error) {
	f := consent.BarFilter{Query: in.Query, Limit: in.Limit + 1}
	if in.Cursor != "" {
		var err error
		if f.Before, err = named[consent.BarID]("cursor", in.Cursor); err != nil {
			return page[Suppression]{}, err
		}
	}
	list, err := consent.Bars(ctx, tx, f)
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = list[in.Limit-1].ID.String()
	}
	return paged(list, next, showSuppression), err
}

type newSuppression struct {
	Body struct {
		Address string `json:"address" maxLength:"254"`
		Reason  string `json:"reason" enum:"unsubscribed,hand,bounce,complaint"`
		Proof   string `json:"proof,omitempty" maxLength:"500"`
	}
}

func suppress(ctx context.Context, tx *db.Tx, in *newSuppression) (Suppression, error) {
	if err := consent.Suppress(ctx, tx, in.Body.Address, consent.Reason(in.Body.Reason), in.Body.Proof); err != nil {
		return Suppression{}, err
	}
	b, err := consent.BarOf(ctx, tx, in.Body.Address)
	return showSuppression(b), err
}

func unsuppress(ctx context.Context, tx *db.Tx, in *one) error {
	key, err := target[consent.BarID](in.ID)
	if err != nil {
		return err
	}
	return consent.Lift(ctx, tx, key)
}
