package api

import (
	"context"
	"net/http"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func contacts(rt *routes) {
	get(rt, "/contacts", "List customers", listContacts)
	post(rt, "/contacts", "Add a customer", addContact, status(http.StatusCreated))
	get(rt, "/contacts/{id}", "Get a customer with addresses, tags and own fields", rt.getContact,
		about("The id of one who was merged leads to who he is now. That you looked is noted."))
	patch(rt, "/contacts/{id}", "Change a customer", changeContact, about("`tags` replaces all tags; `fields` changes the own fields it names."))
	remove(rt, "/contacts/{id}", "Erase a customer for good, with everything that was said", eraseContact)
}

// Contact is a customer as a list shows him.
type Contact struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Email      string `json:"email"`
	Phone      string `json:"phone"`
	CompanyID  ref    `json:"company_id"`
	Title      string `json:"title" doc:"What the customer is in the company"`
	Language   string `json:"language"`
	TimeZone   string `json:"time_zone"`
	Stage      string `json:"stage" enum:"pre-sale,onboarding,post-sale,renewal,former"`
	Industry   string `json:"industry"`
	Persona    string `json:"persona"`
	Gender     string `json:"gender"`
	BirthYear  int    `json:"birth_year" doc:"0 is not known"`
	Region     string `json:"region"`
	Remember   string `json:"remember" doc:"What one should know before one talks to the customer"`
	OwnerID    ref    `json:"owner_id"`
	Blocked    string `json:"blocked" doc:"Why no mail is to go there; empty is not blocked"`
	CreatedAt  stamp  `json:"created_at"`
	UpdatedAt  stamp  `json:"updated_at"`
	LastSeenAt stamp  `json:"last_seen_at" doc:"When the customer last wrote"`
}

// Profile is everything of a customer but notes and line.
type Profile struct {
	Contact
	CompanyName string            `json:"company_name"`
	Addresses   []ContactAddress  `json:"addresses" nullable:"false"`
	Claims      []ContactAddress  `json:"claims" nullable:"false" doc:"Said, but not proved"`
	Tags        []string          `json:"tags" nullable:"false"`
	Fields      map[string]string `json:"fields" doc:"Own fields, by key"`
}

// ContactAddress is an address of a customer.
type ContactAddress struct {
	ID       ref    `json:"id"`
	Kind     string `json:"kind" doc:"email, phone, external_id, or a channel"`
	Value    string `json:"value" doc:"In the form in which it is compared"`
	Shown    string `json:"shown"`
	Primary  bool   `json:"primary"`
	Verified bool   `json:"verified"`
}

func showContact(c contact.Contact) Contact {
	return Contact{ID: c.ID.String(), Name: c.Name, Email: c.Email, Phone: c.Phone, CompanyID: refOf(c.Company), Title: c.Title, Language: c.Language,
		TimeZone: c.TimeZone, Stage: string(c.Stage), Industry: c.Industry, Persona: c.Persona, Gender: c.Gender, BirthYear: c.BirthYear, Region: c.Region,
		Remember: c.Remember, OwnerID: refOf(c.Owner), Blocked: c.Blocked, CreatedAt: stamp(c.CreatedAt), UpdatedAt: stamp(c.UpdatedAt),
		LastSeenAt: stamp(c.LastSeenAt)}
}

func showProfile(p contact.Profile) Profile {
	out := Profile{Contact: showContact(p.Contact), CompanyName: p.CompanyName, Addresses: showContactAddresses(p.Addresses),
		Claims: showContactAddresses(p.Claims), Tags: list(p.Tags), Fields: p.Values}
	if out.Fields == nil {
		out.Fields = map[string]string{}
	}
	return out
}

func showContactAddresses(l []contact.Address) []ContactAddress {
	out := make([]ContactAddress, len(l))
	for i, a := range l {
		out[i] = ContactAddress{refOf(a.ID), string(a.Kind), a.Value, a.Shown, a.Primary, a.Verified}
	}
	return out
}

// contactQuery narrows a list of customers.
type contactQuery struct {
	Q       string `query:"q" maxLength:"500" doc:"Words of names and addresses, which may be begun only"`
	Company string `query:"company"`
	Stage   string `query:"stage"`
	Owner   string `query:"owner"`
	Tag     string `query:"tag" maxLength:"200"`
	Field   string `query:"field" maxLength:"100" doc:"The key of an own field that must have the value"`
	Value   string `query:"value" maxLength:"500"`
	Sort    string `query:"sort" enum:"last_seen,name,created"`
	Span
}

func listContacts(ctx context.Context, tx *db.Tx, in *contactQuery) (page[Contact], error) {
	company, err := named[contact.CompanyID]("company", in.Company)
	if err != nil {
		return page[Contact]{}, err
	}
	owner, err := named[team.ID]("owner", in.Owner)
	if err != nil {
		return page[Contact]{}, err
	}
	list, next, err := contact.List(ctx, tx, contact.Filter{Query: in.Q, Company: company, Stage: contact.Stage(in.Stage), Owner: owner, Tag: in.Tag,
		Field: in.Field, Value: in.Value, Sort: contact.Sort(in.Sort), Cursor: in.Cursor, Limit: in.Limit})
	return paged(list, next, showContact), err
}

func (s *server) getContact(ctx context.Context, tx *db.Tx, in *one) (Profile, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return Profile{}, err
	}
	id, err := target[contact.ID](in.ID)
	if err != nil {
		return Profile{}, err
	}
	p, err := contact.Whole(ctx, tx, id)
	if err != nil {
		return Profile{}, err
	}
	return showProfile(p), s.looked(ctx, tx, p.ID)
}

// looked notes that somebody looked at a customer, when the transaction that read
// him is over: once an hour.
func (s *server) looked(ctx context.Context, tx *db.Tx, id contact.ID) error {
	had, err := contact.Looked(ctx, tx, id)
	if err != nil || had {
		return err
	}
	c, actor := callOf(ctx), team.From(ctx)
	c.then = func(ctx context.Context) error {
		return s.DB.Write(ctx, func(tx *db.Tx) error { return contact.View(team.With(ctx, actor), tx, id, c.from) })
	}
	return nil
}

// ContactHead is what may be written of a customer.
type ContactHead struct {
	Name      *string           `json:"name,omitempty" maxLength:"300"`
	CompanyID maybe[string]     `json:"company_id,omitempty"`
	Title     *string           `json:"title,omitempty" maxLength:"300"`
	Language  *string           `json:"language,omitempty" maxLength:"20"`
	TimeZone  *string           `json:"time_zone,omitempty" maxLength:"60"`
	Stage     *string           `json:"stage,omitempty" maxLength:"40"`
	Industry  *string           `json:"industry,omitempty" maxLength:"200"`
	Persona   *string           `json:"persona,omitempty" maxLength:"200"`
	Gender    *string           `json:"gender,omitempty" maxLength:"60"`
	BirthYear *int              `json:"birth_year,omitempty" minimum:"0" maximum:"3000"`
	Region    *string           `json:"region,omitempty" maxLength:"200"`
	Remember  *string           `json:"remember,omitempty" maxLength:"10000"`
	OwnerID   maybe[string]     `json:"owner_id,omitempty"`
	Blocked   *string           `json:"blocked,omitempty" maxLength:"300" doc:"Why no mail is to go there; empty lets it go again"`
	Tags      *[]string         `json:"tags,omitempty" maxItems:"100"`
	Fields    map[string]string `json:"fields,omitempty"`
}

// onto changes what is said of a customer.
func (h ContactHead) onto(ctx context.Context, tx *db.Tx, c *contact.Contact) error {
	for _, f := range []struct{ from, to *string }{{h.Name, &c.Name}, {h.Title, &c.Title}, {h.Language, &c.Language}, {h.TimeZone, &c.TimeZone},
		{h.Stage, (*string)(&c.Stage)}, {h.Industry, &c.Industry}, {h.Persona, &c.Persona}, {h.Gender, &c.Gender}, {h.Region, &c.Region}, {h.Remember, &c.Remember}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if h.BirthYear != nil {
		c.BirthYear = *h.BirthYear
	}
	if h.CompanyID.Set {
		company, err := named[contact.CompanyID]("company_id", h.CompanyID.Value)
		if err != nil {
			return err
		}
		c.Company = company
	}
	if h.OwnerID.Set {
		owner, err := colleague(ctx, tx, "owner_id", h.OwnerID.Value)
		if err != nil {
			return err
		}
		c.Owner = owner
	}
	return nil
}

// colleague reads a person's id in a field, and makes sure that he works here.
func colleague(ctx context.Context, tx *db.Tx, field, s string) (team.ID, error) {
	id, err := named[team.ID](field, s)
	if err != nil || id == 0 {
		return id, err
	}
	_, err = team.Get(ctx, tx, id)
	if problem.KindOf(err) == problem.NotFound {
		err = problem.For(field, "Nobody of that name works here.")
	}
	return id, err
}

func (h ContactHead) write(ctx context.Context, tx *db.Tx, id contact.ID) (Profile, error) {
	var none Profile
	if _, err := contact.Update(ctx, tx, id, func(c *contact.Contact) error { return h.onto(ctx, tx, c) }); err != nil {
		return none, err
	}
	if h.Tags != nil {
		if err := retag(ctx, tx, id, *h.Tags); err != nil {
			return none, err
		}
	}
	if len(h.Fields) > 0 {
		if err := contact.SetValues(ctx, tx, id, h.Fields); err != nil {
			return none, err
		}
	}
	if h.Blocked != nil {
		var err error
		if *h.Blocked == "" {
			err = contact.Unblock(ctx, tx, id)
		} else {
			err = contact.Block(ctx, tx, id, *h.Blocked)
		}
		if err != nil {
			return none, err
		}
	}
	p, err := contact.Whole(ctx, tx, id)
	return showProfile(p), err
}

// retag makes the tags of a customer these.
func retag(ctx context.Context, tx *db.Tx, id contact.ID, want []string) error {
	p, err := contact.Whole(ctx, tx, id)
	if err != nil {
		return err
	}
	var off []string
	for _, had := range p.Tags {
		if !contains(want, had) {
			off = append(off, had)
		}
	}
	return contact.Tag(ctx, tx, id, want, off)
}

// newContact adds a customer.
type newContact struct {
	Body struct {
		Email      string `json:"email,omitempty" maxLength:"320"`
		Phone      string `json:"phone,omitempty" maxLength:"60"`
		ExternalID string `json:"external_id,omitempty" maxLength:"200"`
		ContactHead
	}
}

func addContact(ctx context.Context, tx *db.Tx, in *newContact) (Profile, error) {
	s := contact.Sender{Email: in.Body.Email, Phone: in.Body.Phone, ExternalID: in.Body.ExternalID}
	for from, to := range map[*string]*string{in.Body.Name: &s.Name, in.Body.Language: &s.Language, in.Body.TimeZone: &s.TimeZone} {
		if from != nil {
			*to = *from
		}
	}
	c, err := contact.Create(ctx, tx, s)
	if err != nil {
		return Profile{}, err
	}
	return in.Body.write(ctx, tx, c.ID)
}

// contactPatch changes a customer.
type contactPatch struct {
	ID   string `path:"id"`
	Body struct{ ContactHead }
}

func changeContact(ctx context.Context, tx *db.Tx, in *contactPatch) (Profile, error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return Profile{}, err
	}
	id, err := target[contact.ID](in.ID)
	if err != nil {
		return Profile{}, err
	}
	return in.Body.write(ctx, tx, id)
}

func eraseContact(ctx context.Context, tx *db.Tx, in *one) error {
	if err := team.Allow(ctx, team.EraseContacts); err != nil {
		return err
	}
	id, err := target[contact.ID](in.ID)
	if err != nil {
		return err
	}
	return contact.Erase(ctx, tx, id)
}
