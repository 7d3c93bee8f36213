package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// contactParts is what hangs on a customer: addresses, notes, the line, and how two
// become one.
func contactParts(rt *routes) {
	post(rt, "/contacts/{id}/addresses", "Give a customer one more address", addAddress, status(http.StatusCreated))
	remove(rt, "/contacts/{id}/addresses/{address}", "Take an address away", onAddress(contact.RemoveAddress))
	post(rt, "/contacts/{id}/addresses/{address}/primary", "Make an address the first of its kind", primaryAddress)
	get(rt, "/contacts/{id}/notes", "List the notes on a customer, pinned ones first", listNotes)
	post(rt, "/contacts/{id}/notes", "Write a note on a customer", addNote, status(http.StatusCreated))
	patch(rt, "/contacts/{id}/notes/{note}", "Change a note", editNote)
	remove(rt, "/contacts/{id}/notes/{note}", "Take a note away", removeNote)
	get(rt, "/contacts/{id}/timeline", "Everything that happened with a customer, the newest first", timeline)
	change(rt, http.MethodGet, "/contacts/{id}/export", "Everything that is kept about a customer, to be handed over", exportContact,
		about("That it was asked for is noted."))
	post(rt, "/contacts/{id}/merge", "Make one customer of two", mergeContacts,
		about("`from` becomes the same customer as this one. Undo it with the `merge_id`."))
	post(rt, "/contacts/{id}/undo", "Undo a merge into a customer: the last one, or the one with `merge_id`", undoContact)
	get(rt, "/contacts/{id}/merges", "List the merges into a customer that can be undone, the newest first", listMerges)
}

// customer is the id in a path, of somebody who may read customers.
func customer(ctx context.Context, tx *db.Tx, id string, need team.Right) (contact.ID, error) {
	if err := team.Allow(ctx, need); err != nil {
		return 0, err
	}
	cid, err := target[contact.ID](id)
	if err != nil {
		return 0, err
	}
	return contact.Current(ctx, tx, cid)
}

// addressIn is one more address.
type addressIn struct {
	ID   string `path:"id"`
	Body struct {
		Kind  string `json:"kind" enum:"email,phone,external_id"`
		Value string `json:"value" maxLength:"320"`
	}
}

func addAddress(ctx context.Context, tx *db.Tx, in *addressIn) (Profile, error) {
	id, err := customer(ctx, tx, in.ID, team.EditContacts)
	if err != nil {
		return Profile{}, err
	}
	if _, err := contact.AddAddress(ctx, tx, id, contact.Kind(in.Body.Kind), in.Body.Value); err != nil {
		return Profile{}, err
	}
	p, err := contact.Whole(ctx, tx, id)
	return showProfile(p), err
}

// addressAt is an address in a path.
type addressAt struct {
	ID      string `path:"id"`
	Address string `path:"address"`
}

func onAddress(do func(context.Context, *db.Tx, contact.ID, contact.AddressID) error) func(context.Context, *db.Tx, *addressAt) error {
	return func(ctx context.Context, tx *db.Tx, in *addressAt) error {
		id, err := customer(ctx, tx, in.ID, team.EditContacts)
		if err != nil {
			return err
		}
		which, err := target[contact.AddressID](in.Address)
		if err != nil {
			return err
		}
		return do(ctx, tx, id, which)
	}
}

func primaryAddress(ctx context.Context, tx *db.Tx, in *addressAt) (Profile, error) {
	if err := onAddress(contact.MakePrimary)(ctx, tx, in); err != nil {
		return Profile{}, err
	}
	id, err := customer(ctx, tx, in.ID, team.EditContacts)
	if err != nil {
		return Profile{}, err
	}
	p, err := contact.Whole(ctx, tx, id)
	return showProfile(p), err
}

// Note is a note on a customer.
type Note struct {
	ID        string `json:"id"`
	AuthorID  ref    `json:"author_id" doc:"null: a program"`
	Text      string `json:"text"`
	Pinned    bool   `json:"pinned"`
	CreatedAt stamp  `json:"created_at"`
	UpdatedAt stamp  `json:"updated_at"`
}

func showNote(n contact.Note) Note {
	return Note{n.ID.String(), refOf(n.Author), n.Text, n.Pinned, stamp(n.CreatedAt), stamp(n.UpdatedAt)}
}

func listNotes(ctx context.Context, tx *db.Tx, in *one) (page[Note], error) {
	id, err := customer(ctx, tx, in.ID, team.ReadContacts)
	if err != nil {
		return page[Note]{}, err
	}
	l, err := contact.Notes(ctx, tx, id)
	return all(l, showNote), err
}

// noteIn is a note that is written.
type noteIn struct {
	ID   string `path:"id"`
	Body struct {
		Text   string `json:"text" maxLength:"20000"`
		Pinned bool   `json:"pinned,omitempty"`
	}
}

func addNote(ctx context.Context, tx *db.Tx, in *noteIn) (Note, error) {
	id, err := customer(ctx, tx, in.ID, team.Note)
	if err != nil {
		return Note{}, err
	}
	n, err := contact.AddNote(ctx, tx, id, in.Body.Text, in.Body.Pinned)
	if err != nil {
		return Note{}, err
	}
	// Who sees masked data only does not read notes, but has just written this one.
	return Note{n.String(), refOf(team.From(ctx).Person), in.Body.Text, in.Body.Pinned, stamp(tx.Now()), stamp(tx.Now())}, nil
}

// noteAt is a note in a path.
type noteAt struct {
	ID   string `path:"id"`
	Note string `path:"note"`
}

// find is the note, if it is one on this customer.
func (in noteAt) find(ctx context.Context, tx *db.Tx) (n contact.Note, err error) {
	id, err := customer(ctx, tx, in.ID, team.Note)
	if err != nil {
		return n, err
	}
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return n, err
	}
	l, err := contact.Notes(ctx, tx, id)
	if err != nil {
		return n, err
	}
	for _, n := range l {
		if n.ID.String() == in.Note {
			return n, nil
		}
	}
	return n, problem.New(problem.NotFound, "This note is not there.")
}

// notePatch changes a note.
type notePatch struct {
	ID   string `path:"id"`
	Note string `path:"note"`
	Body struct {
		Text   *string `json:"text,omitempty" maxLength:"20000"`
		Pinned *bool   `json:"pinned,omitempty"`
	}
}

func editNote(ctx context.Context, tx *db.Tx, in *notePatch) (Note, error) {
	n, err := noteAt{in.ID, in.Note}.find(ctx, tx)
	if err != nil {
		return Note{}, err
	}
	if in.Body.Text != nil {
		n.Text = *in.Body.Text
	}
	if in.Body.Pinned != nil {
		n.Pinned = *in.Body.Pinned
	}
	if err := contact.EditNote(ctx, tx, n.ID, n.Text, n.Pinned); err != nil {
		return Note{}, err
	}
	n, err = noteAt{in.ID, in.Note}.find(ctx, tx)
	return showNote(n), err
}

func removeNote(ctx context.Context, tx *db.Tx, in *noteAt) error {
	n, err := in.find(ctx, tx)
	if err != nil {
		return err
	}
	return contact.RemoveNote(ctx, tx, n.ID)
}

// Entry is one thing on a customer's line.
type Entry struct {
	At    stamp  `json:"at"`
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Ref   string `json:"ref" doc:"The id of what it leads to"`
	Stage string `json:"stage"`
}

// lineQuery is a page of the line.
type lineQuery struct {
	ID string `path:"id"`
	Span
}

func timeline(ctx context.Context, tx *db.Tx, in *lineQuery) (page[Entry], error) {
	id, err := customer(ctx, tx, in.ID, team.ReadContacts)
	if err != nil {
		return page[Entry]{}, err
	}
	var before time.Time
	if in.Cursor != "" {
		ms, err := strconv.ParseInt(in.Cursor, 36, 64)
		if err != nil || ms <= 0 || ms > 1<<50 {
			return page[Entry]{}, problem.For("cursor", "This page is not there. Begin with the first.")
		}
		before = time.UnixMilli(ms)
	}
	l, err := contact.Timeline(ctx, tx, id, before, in.Limit)
	next := ""
	if len(l) > 0 { // a page may end early, so that one moment is not parted: an empty one is the end
		next = strconv.FormatInt(l[len(l)-1].At.UnixMilli(), 36)
	}
	if err == nil && next != "" {
		more, e := contact.Timeline(ctx, tx, id, l[len(l)-1].At, 1)
		if err = e; len(more) == 0 {
			next = ""
		}
	}
	return paged(l, next, func(e contact.Entry) Entry { return Entry{stamp(e.At), e.Kind, e.Title, e.Ref, string(e.Stage)} }), err
}

func exportContact(ctx context.Context, tx *db.Tx, in *one) (contact.File, error) {
	id, err := customer(ctx, tx, in.ID, team.Export)
	if err != nil {
		return contact.File{}, err
	}
	return contact.Export(ctx, tx, id)
}

// joining is who becomes whom.
type joining struct {
	ID   string `path:"id"`
	Body struct {
		From string `json:"from" doc:"The customer who goes into this one"`
	}
}

// Joined is a customer after a merge.
type Joined struct {
	MergeID string  `json:"merge_id"`
	Contact Profile `json:"contact"`
}

func mergeContacts(ctx context.Context, tx *db.Tx, in *joining) (Joined, error) {
	id, err := customer(ctx, tx, in.ID, team.EditContacts)
	if err != nil {
		return Joined{}, err
	}
	lose, err := named[contact.ID]("from", in.Body.From)
	if err != nil {
		return Joined{}, err
	}
	m, err := contact.Merge(ctx, tx, id, lose)
	if err != nil {
		return Joined{}, err
	}
	p, err := contact.Whole(ctx, tx, id)
	return Joined{m.String(), showProfile(p)}, err
}

// parting is which merge is undone.
type parting struct {
	ID   string `path:"id"`
	Body *struct {
		MergeID string `json:"merge_id,omitempty"`
	}
}

func undoContact(ctx context.Context, tx *db.Tx, in *parting) (Profile, error) {
	id, err := customer(ctx, tx, in.ID, team.EditContacts)
	if err != nil {
		return Profile{}, err
	}
	l, err := contact.Mergers(ctx, tx, id)
	if err != nil {
		return Profile{}, err
	}
	for _, m := range l {
		if in.Body != nil && in.Body.MergeID != "" && m.ID.String() != in.Body.MergeID {
			continue
		}
		if err := contact.Unmerge(ctx, tx, m.ID); err != nil {
			return Profile{}, err
		}
		p, err := contact.Whole(ctx, tx, m.Lose)
		return showProfile(p), err
	}
	return Profile{}, problem.New(problem.Conflict, "There is nothing to undo.")
}

// MergeOf is a merge that can be undone.
type MergeOf struct {
	ID   string `json:"id"`
	From string `json:"from" doc:"The customer who went into this one"`
	At   stamp  `json:"at"`
}

func listMerges(ctx context.Context, tx *db.Tx, in *one) (page[MergeOf], error) {
	id, err := customer(ctx, tx, in.ID, team.ReadContacts)
	if err != nil {
		return page[MergeOf]{}, err
	}
	l, err := contact.Mergers(ctx, tx, id)
	return all(l, func(m contact.MergeOf) MergeOf { return MergeOf{m.ID.String(), m.Lose.String(), stamp(m.At)} }), err
}
