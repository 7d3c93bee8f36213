package team

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
)

// Invitee is who is invited.
type Invitee struct {
	Email    string
	Name     string
	Role     string
	See      See // "" is what the role sees
	Teams    []TeamID
	Language string // of the mail and, until he chooses, of the pages; "" is the firm's
}

// Invite makes a person who may come in once he has opened the link that is sent to him.
func Invite(ctx context.Context, tx *db.Tx, i Invitee) (ID, error) {
	if err := Allow(ctx, ManagePeople); err != nil {
		return 0, err
	}
	id, err := add(ctx, tx, newPerson{email: i.Email, name: i.Name, role: i.Role, see: i.See, teams: i.Teams, language: i.Language, state: Awaited})
	if err != nil {
		return 0, err
	}
	email, err := foldEmail(i.Email)
	if err != nil {
		return 0, err
	}
	if err := makeLink(ctx, tx, id, email, toInvite, From(ctx).Person); err != nil {
		return 0, err
	}
	return id, event.Record(ctx, tx, Invited{Person: id, Role: i.Role})
}

// InviteAgain sends a new link to somebody who has not accepted yet; the old ones are void.
func InviteAgain(ctx context.Context, tx *db.Tx, person ID) error {
	if err := mayManage(ctx, tx, person); err != nil {
		return err
	}
	p, err := Get(ctx, tx, person)
	if err != nil {
		return err
	}
	if p.State != Awaited {
		return problem.New(problem.Conflict, "%s has accepted the invitation already.", p.Name)
	}
	if err := voidLinks(ctx, tx, person); err != nil {
		return err
	}
	if err := makeLink(ctx, tx, person, p.Email, toInvite, From(ctx).Person); err != nil {
		return err
	}
	return event.Record(ctx, tx, Invited{Person: person, Role: p.Role, Again: true})
}

// Join accepts an invitation with a password and, if the person likes, another
// name. Sign in with the same password afterwards. It returns the address and the
// device token of the browser, whose owner has shown that the mailbox is his.
func (d *Door) Join(ctx context.Context, tx *db.Tx, token, name string, password Hashed, from string) (email, device string, err error) {
	if password.text == "" {
		return "", "", problem.For("password", "Enter a password.")
	}
	if name, err = checkName(name); err != nil {
		return "", "", err
	}
	l, err := d.useLink(ctx, tx, toInvite, token)
	if err != nil {
		return "", "", err
	}
	n, err := change(ctx, tx, `UPDATE team_person SET state = 'active', name = $2, password = $3, joined_at = $4 WHERE id = $1 AND state = 'invited'`,
		l.Person, name, password.text, tx.Now())
	if err == nil && n == 0 {
		err = errLink()
	}
	if err != nil {
		return "", "", err
	}
	if device, err = d.newDevice(ctx, tx, l.Person); err != nil {
		return "", "", err
	}
	return l.Email, device, event.Record(event.As(ctx, l.Person.String()), tx, Joined{l.Person, clip(from, 64)})
}
