package contact

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// File is the format of an export: what a person may ask for (PIPA 35, GDPR 15
// and 20). It is a file format, so here stand JSON names.
type File struct {
	Format    string            `json:"format"` // "baraji.contact.1"
	MadeAt    time.Time         `json:"made_at"`
	Complete  bool              `json:"complete"` // who made it sees every conversation; else what he does not see is not in it
	Person    FilePerson        `json:"person"`
	Merged    []FilePerson      `json:"merged,omitempty"` // those who were merged into him, as they were
	Notes     []FileNote        `json:"notes"`
	Log       []FileEvent       `json:"log"` // what was done with his data, and by whom
	Others    map[string]any    `json:"others"`
	Addresses []FileAddress     `json:"addresses"`
	Claims    []FileAddress     `json:"claims"`
	Tags      []string          `json:"tags"`
	Fields    map[string]string `json:"fields"`
}

// FilePerson is a person's row.
type FilePerson struct {
	ID         ID        `json:"id"`
	Name       string    `json:"name"`
	CompanyID  CompanyID `json:"company_id"`
	Company    string    `json:"company,omitempty"`
	Title      string    `json:"title"`
	Language   string    `json:"language"`
	TimeZone   string    `json:"time_zone"`
	Stage      Stage     `json:"stage"`
	Industry   string    `json:"industry"`
	Persona    string    `json:"persona"`
	Gender     string    `json:"gender"`
	BirthYear  int       `json:"birth_year"`
	Region     string    `json:"region"`
	Remember   string    `json:"remember"`
	Owner      team.ID   `json:"owner_id"`
	Blocked    string    `json:"blocked"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	LastSeenAt time.Time `json:"last_seen_at,omitzero"`
	Tags       []string  `json:"tags,omitempty"`
	Fields     any       `json:"fields,omitempty"`
}

// FileAddress is an address, or a claim.
type FileAddress struct {
	Kind     Kind   `json:"kind"`
	Value    string `json:"value"`
	Shown    string `json:"shown"`
	Primary  bool   `json:"primary,omitempty"`
	Verified bool   `json:"verified,omitempty"`
}

// FileNote is a note.
type FileNote struct {
	Author    team.ID   `json:"author_id"`
	Text      string    `json:"text"`
	Pinned    bool      `json:"pinned,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// FileEvent is one line of the log.
type FileEvent struct {
	At    time.Time       `json:"at"`
	Kind  string          `json:"kind"`
	Actor string          `json:"actor"`
	Body  json.RawMessage `json:"body"`
}

// Export gathers everything that is known of a person, by this package and by
// every Part, as far as whoever acts may see it, and notes that it was handed out.
// A file for the person himself is made by somebody who sees everything: Complete.
func Export(ctx context.Context, tx *db.Tx, id ID) (File, error) {
	if err := team.Allow(ctx, team.Export); err != nil {
		return File{}, err
	}
	if team.From(ctx).Masked {
		return File{}, problem.New(problem.Forbidden, "You see masked data only, so you cannot export it.")
	}
	p, err := whole(ctx, tx, id)
	if err != nil {
		return File{}, err
	}
	f := File{Format: "baraji.contact.1", MadeAt: tx.Now(), Complete: seesAll(ctx), Person: filePerson(p.Contact), Tags: p.Tags, Fields: p.Values,
		Addresses: fileAddresses(p.Addresses), Claims: fileAddresses(p.Claims)}
	f.Person.Company = p.CompanyName
	for _, add := range []func(context.Context, *db.Tx, ID) error{f.addMerged, f.addNotes, f.addLog, f.addOthers} {
		if err := add(ctx, tx, p.ID); err != nil {
			return f, fmt.Errorf("export %s: %w", p.ID, err)
		}
	}
	return f, event.Record(ctx, tx, Exported{p.ID})
}

// seesAll does not look at what there is, so that it tells nothing about it.
func seesAll(ctx context.Context) bool {
	a := team.From(ctx)
	return a.See == team.SeeEverything && a.Can(team.ReadConversations)
}

func filePerson(c Contact) FilePerson {
	return FilePerson{ID: c.ID, Name: c.Name, CompanyID: c.Company, Title: c.Title, Language: c.Language, TimeZone: c.TimeZone, Stage: c.Stage,
		Industry: c.Industry, Persona: c.Persona, Gender: c.Gender, BirthYear: c.BirthYear, Region: c.Region, Remember: c.Remember, Owner: c.Owner,
		Blocked: c.Blocked, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, LastSeenAt: c.LastSeenAt}
}

func fileAddresses(all []Address) []FileAddress {
	out := []FileAddress{}
	for _, a := range all {
		out = append(out, FileAddress{a.Kind, a.Value, a.Shown, a.Primary, a.Verified})
	}
	return out
}

func (f *File) addMerged(ctx context.Context, tx *db.Tx, id ID) error {
	ids, err := mergedInto(ctx, tx, id)
	for _, id := range ids {
		c, err := row(ctx, tx, id)
		if err != nil {
			return err
		}
		p := filePerson(c)
		if p.Tags, err = tags(ctx, tx, id); err != nil {
			return err
		}
		if p.Fields, err = values(ctx, tx, int64(id)); err != nil {
			return err
		}
		f.Merged = append(f.Merged, p)
	}
	return err
}

func (f *File) addNotes(ctx context.Context, tx *db.Tx, id ID) error {
	all, err := notes(ctx, tx, id)
	f.Notes = []FileNote{}
	for _, n := range all {
		f.Notes = append(f.Notes, FileNote{n.Author, n.Text, n.Pinned, n.CreatedAt, n.UpdatedAt})
	}
	return err
}

func (f *File) addLog(ctx context.Context, tx *db.Tx, id ID) error {
	f.Log = []FileEvent{}
	for before := event.ID(0); ; {
		page, err := event.Of(ctx, tx, id.String(), before, 500)
		for _, e := range page {
			f.Log = append(f.Log, FileEvent{e.At, e.Kind, e.Actor, e.Body})
			before = e.ID
		}
		if err != nil || len(page) < 500 {
			return err
		}
	}
}

func (f *File) addOthers(ctx context.Context, tx *db.Tx, id ID) error {
	f.Others = map[string]any{}
	for _, p := range partsOf(tx) {
		if p.Export == nil {
			continue
		}
		v, err := p.Export(ctx, tx, id)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		f.Others[p.Name] = v
	}
	return nil
}
