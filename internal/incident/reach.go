package incident

import (
	"context"
	"slices"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ReachID is the id of a reach.
type ReachID = id.Of[reachKind]

type reachKind struct{}

func (reachKind) Prefix() string { return "inr" }

// Reach says whom an incident concerns beside those who have written: people with a tag, of a company, or with a value in a
// field of theirs or of their company.
type Reach struct {
	ID ReachID
	contact.Group
}

// The kinds of reach, as they are kept.
const (
	byTag       = "tag"
	byCompany   = "company"
	byContact   = "contact"   // a field of people
	byCompanies = "companies" // a field of companies
)

const mostReaches = 20

// Reaches are those of an incident.
func Reaches(ctx context.Context, tx *db.Tx, of ID) ([]Reach, error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return nil, err
	}
	return reaches(ctx, tx, of)
}

func reaches(ctx context.Context, tx *db.Tx, of ID) ([]Reach, error) {
	return db.All(ctx, tx, func(r db.Row) (x Reach, err error) {
		var kind, value string
		err = r.Scan(&x.ID, &kind, &x.Field, &value, &x.Company)
		switch kind {
		case byTag:
			x.Tag = value
		case byContact:
			x.Holder, x.Value = contact.OfContact, value
		case byCompanies:
			x.Holder, x.Value = contact.OfCompany, value
		}
		return x, err
	}, `SELECT id, kind, field, value, company_id FROM incident_reach WHERE incident_id = $1 ORDER BY id`, of)
}

func groups(ctx context.Context, tx *db.Tx, of ID) (list []contact.Group, err error) {
	all, err := reaches(ctx, tx, of)
	for _, r := range all {
		list = append(list, r.Group)
	}
	return list, err
}

// SetReach says whom an incident concerns. Who is told is found when an update is said.
func SetReach(ctx context.Context, tx *db.Tx, of ID, list []contact.Group) error {
	if err := team.Allow(ctx, team.RunIncidents); err != nil {
		return err
	}
	if _, err := load(ctx, tx, of); err != nil {
		return err
	}
	if len(list) > mostReaches {
		return problem.For("reach", "At most %d groups of customers.", mostReaches)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM incident_reach WHERE incident_id = $1`, of); err != nil {
		return err
	}
	for _, g := range list {
		kind, value, err := kept(ctx, tx, g)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO incident_reach (id, incident_id, kind, field, value, company_id) VALUES ($1, $2, $3, $4, $5, $6)`, tx.NewID(), of, kind, g.Field, value, g.Company)
		if err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, ReachSet{of, len(list)})
}

// kept is a group as its row has it.
func kept(ctx context.Context, tx *db.Tx, g contact.Group) (kind, value string, err error) {
	switch {
	case g.Tag != "":
		return byTag, g.Tag, nil
	case g.Company != 0:
		_, err := contact.OneCompany(ctx, tx, g.Company)
		return byCompany, "", err
	case g.Value == "":
		return "", "", problem.For("reach", "Say which value the field has.")
	}
	fields, err := contact.Fields(ctx, tx, g.Holder)
	if err != nil {
		return "", "", err
	}
	if !slices.ContainsFunc(fields, func(f contact.Field) bool { return f.Key == g.Field }) {
		return "", "", problem.For("reach", "There is no field with the key %s.", g.Field)
	}
	if g.Holder == contact.OfCompany {
		return byCompanies, g.Value, nil
	}
	return byContact, g.Value, nil
}

// Audience is who would be told an update now.
type Audience struct {
	All      int // customers
	Wrote    int // of them: are answered in their conversation
	Mailed   int // get a mail
	Unheard  int // have no address, or want no mail
	NoMailer bool
}

// Hears says who would be told an update now.
func Hears(ctx context.Context, tx *db.Tx, of ID) (h Audience, err error) {
	if err := team.Allow(ctx, team.RunIncidents); err != nil {
		return h, err
	}
	ids, err := concerned(team.AsSystem(ctx), tx, of)
	if err != nil {
		return h, err
	}
	h.All = len(ids)
	for some := range slices.Chunk(ids, 500) {
		var a db.Args
		err := db.Each(ctx, tx, func(r db.Row) error {
			var email, blocked string
			var wrote bool
			err := r.Scan(&email, &blocked, &wrote)
			switch {
			case blocked != "":
				h.Unheard++
			case wrote:
				h.Wrote++
			case email != "":
				h.Mailed++
			default:
				h.Unheard++
			}
			return err
		}, `SELECT p.email, p.blocked, EXISTS (SELECT 1 FROM incident_link l JOIN conversation c ON c.id = l.conversation_id WHERE l.incident_id = `+a.Add(of)+` AND c.contact_id = p.id)
			FROM contact p WHERE p.id IN `+db.In(&a, some), a.List()...)
		if err != nil {
			return h, err
		}
	}
	i, err := load(ctx, tx, of)
	if err != nil {
		return h, err
	}
	_, ok, err := door(ctx, tx, i)
	h.NoMailer = !ok
	return h, err
}
