// Who walks: everybody there can be at a desk.

package app_test

import (
	"context"
	"fmt"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/test/rig"
	"baraji/test/rig/house"
)

// person is somebody who walks, and what he is.
type person struct {
	name   string
	rights []team.Right
	masked bool
	out    bool       // he was let out: ended session, disabled, never in
	narrow bool       // he sees what is his team's, or his
	lacks  team.Right // the one that he has not, of all that an administrator has
	*house.Visitor
}

func (p person) can(all ...team.Right) bool {
	for _, r := range all {
		if r != "" && !slices.Contains(p.rights, r) {
			return false
		}
	}
	return true
}

func (w *walk) team(name string) (id team.TeamID) {
	w.Must(func(tx *db.Tx) (err error) { id, err = team.MakeTeam(w.System(), tx, name, ""); return err })
	return id
}

// hireAll makes everybody who walks: nobody, those who were let out, each role seeing everything, and those who
// see less; then one for each right who has all but that one.
func (w *walk) hireAll() {
	w.people = []person{{name: "a stranger", out: true, Visitor: w.Stranger()}}
	for _, r := range team.BuiltIn() {
		p := w.hire(r.Name, r, r.See)
		w.people = append(w.people, p)
		if r.Name == team.Owner {
			w.owner = p
		}
	}
	own := w.role("reader", team.ReadConversations, team.ReadContacts, team.Note, team.Export, team.EraseContacts)
	for _, n := range []struct {
		name string
		role team.Role
		see  team.See
	}{{"manager-of-a-team", builtIn(team.Manager), team.SeeTeams}, {"agent-of-a-team", builtIn(team.Agent), team.SeeTeams},
		{"light-of-a-team", builtIn(team.Light), team.SeeTeams}, {"reader-of-a-team", own, team.SeeTeams}, {"agent-alone", builtIn(team.Agent), team.SeeMine}} {
		w.people = append(w.people, w.hire(n.name, n.role, n.see))
	}
	w.alone = w.people[len(w.people)-1].ID
	ended, gone := w.hire("ended", builtIn(team.Admin), team.SeeEverything), w.hire("disabled", builtIn(team.Admin), team.SeeEverything)
	w.Must(func(tx *db.Tx) error {
		if err := team.EndSessionsOf(w.System(), tx, ended.ID); err != nil {
			return err
		}
		return team.Disable(w.System(), tx, gone.ID)
	})
	ended.out, gone.out = true, true
	w.people = append(w.people, ended, gone)
	if w.DB.Engine() == db.Postgres && !rig.Full() {
		return // who lacks one right is refused before any query: what the engines could do differently the others have seen
	}
	most := builtIn(team.Admin).Rights
	for i, right := range most {
		role := w.role(fmt.Sprint("all-but-", i), slices.DeleteFunc(slices.Clone(most), func(r team.Right) bool { return r == right })...)
		p := w.hire(fmt.Sprint("allbut", i), role, team.SeeEverything)
		p.lacks = right
		w.people = append(w.people, p)
	}
}

func builtIn(name string) team.Role {
	all := team.BuiltIn()
	return all[slices.IndexFunc(all, func(r team.Role) bool { return r.Name == name })]
}

func (w *walk) role(title string, rights ...team.Right) team.Role {
	r := team.Role{Title: title, Rights: rights, See: team.SeeEverything}
	w.Must(func(tx *db.Tx) (err error) { r.Name, err = team.MakeRole(w.System(), tx, r); return err })
	return r
}

func (w *walk) hire(name string, r team.Role, see team.See) person {
	v := w.As(name, r.Name)
	w.Must(func(tx *db.Tx) error {
		if err := team.Show(w.System(), tx, v.ID, see); err != nil {
			return err
		}
		return team.SetTeams(w.System(), tx, v.ID, []team.TeamID{w.mine})
	})
	return person{name: name, rights: r.Rights, masked: r.Masked, narrow: see != team.SeeEverything, Visitor: v}
}

// sessions are where somebody is signed in.
func (w *walk) sessions(p person) (ids []string) {
	p.Do(func(ctx context.Context, tx *db.Tx) error {
		all, err := team.Sessions(ctx, tx)
		ids = nil
		for _, s := range all {
			ids = append(ids, s.ID.String())
		}
		return err
	})
	return ids
}

// key is a token of somebody's own.
func (p person) key() (key string) {
	p.Do(func(ctx context.Context, tx *db.Tx) error {
		_, id, err := team.NewToken(ctx, tx, team.Token{Name: "own", Person: p.ID, Rate: team.DefaultRate})
		key = id.String()
		return err
	})
	return key
}
