package team

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
)

// resetJob looks whether an address belongs to anybody, after the answer was given.
type resetJob struct {
	Email string `json:"email"`
	From  string `json:"from"`
}

func (resetJob) JobKind() string { return "team.reset" }

// AskReset sends a link for a new password to an address, if somebody here has
// it. The answer is the same, in words and in work, if nobody does: that is found
// out by a job.
func (d *Door) AskReset(ctx context.Context, tx *db.Tx, email, from string) error {
	email, err := foldEmail(email)
	if err != nil {
		return err
	}
	if err := take(ctx, tx, d.try(perAsker, "reset", source(from))); err != nil {
		return err
	}
	return job.Add(ctx, tx, resetJob{email, clip(from, 64)}, job.Options{Key: "team.reset/" + email})
}

func (d *Door) reset(ctx context.Context, run *job.Run, j resetJob) error {
	return d.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		return d.answerReset(event.As(ctx, "nobody"), tx, j)
	})
}

// answerReset mails whoever has the address: a reset, or his invitation again. A
// person who was sent enough already gets nothing more.
func (d *Door) answerReset(ctx context.Context, tx *db.Tx, j resetJob) error {
	who, err := knownBy(ctx, tx, "email", j.Email)
	if err != nil || who.id == 0 || who.state == Off {
		return err
	}
	purpose := toReset
	if who.state == Awaited {
		purpose = toInvite
	}
	err = makeLink(ctx, tx, who.id, j.Email, purpose, 0)
	if problem.KindOf(err) == problem.Limited {
		return nil
	}
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, ResetAsked{who.id, j.From})
}

// UseReset sets a new password with the token from the mail and ends every
// session. A second factor is still asked for. It returns the address and a device
// token, so that a person whom others keep guessing at comes in without their waits.
func (d *Door) UseReset(ctx context.Context, tx *db.Tx, token string, password Hashed, from string) (email, device string, err error) {
	if password.text == "" {
		return "", "", problem.For("password", "Enter a password.")
	}
	l, err := d.useLink(ctx, tx, toReset, token)
	if err != nil {
		return "", "", err
	}
	ctx = event.As(ctx, l.Person.String())
	if err := setPassword(ctx, tx, l.Person, password, "reset", from); err != nil {
		return "", "", err
	}
	if err := endSessions(ctx, tx, l.Person, 0, "password"); err != nil {
		return "", "", err
	}
	device, err = d.newDevice(ctx, tx, l.Person)
	return l.Email, device, err
}

func setPassword(ctx context.Context, tx *db.Tx, person ID, password Hashed, how, from string) error {
	n, err := change(ctx, tx, `UPDATE team_person SET password = $2 WHERE id = $1 AND state = 'active'`, person, password.text)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.Conflict, "This person cannot sign in.")
	}
	if err := voidLinks(ctx, tx, person); err != nil {
		return err
	}
	if err := news(ctx, tx, person, "team.mail_password_changed"); err != nil {
		return err
	}
	return event.Record(ctx, tx, PasswordChanged{person, how, clip(from, 64)})
}

// ChangePassword changes the password of whoever acts, who shows that he knows the
// old one. His other sessions end; this one gets the new token that is returned. It
// runs its own transactions, like SignIn.
func (d *Door) ChangePassword(ctx context.Context, s Session, old, password string) (token string, err error) {
	who, err := d.prove(ctx, "old", old)
	if err != nil {
		return "", err
	}
	hashed, err := d.Hash(ctx, password)
	if err != nil {
		return "", err
	}
	err = d.db.Write(ctx, func(tx *db.Tx) error {
		if err := setPassword(ctx, tx, who.id, hashed, "self", s.Address); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, who.id, s.ID, "password"); err != nil {
			return err
		}
		token, err = rotate(ctx, tx, s.ID)
		return err
	})
	return token, err
}

// self is who sits in front of the browser. Tokens of his do not get at what
// lets people in.
func self(ctx context.Context) (ID, error) {
	a := From(ctx)
	if a.Person == 0 || a.Token != 0 {
		return 0, problem.New(problem.Forbidden, "Sign in first.")
	}
	return a.Person, nil
}

// prove lets whoever acts show that he knows his password, so that a browser left
// open does not open everything. field is what the form calls it.
func (d *Door) prove(ctx context.Context, field, password string) (known, error) {
	me, err := self(ctx)
	if err != nil {
		return known{}, err
	}
	t := d.try(perAccount, "prove", me.String())
	var who known
	err = d.db.Write(ctx, func(tx *db.Tx) error {
		if err := take(ctx, tx, t); err != nil {
			return err
		}
		who, err = knownBy(ctx, tx, "id", me)
		return err
	})
	if err != nil {
		return known{}, err
	}
	right, err := d.matches(ctx, password, who.password)
	if err != nil {
		return known{}, err
	}
	if !right || !who.may() {
		return known{}, problem.For(field, "That is not your password of now.")
	}
	return who, d.db.Write(ctx, func(tx *db.Tx) error { return forgive(ctx, tx, t) })
}

// SetPassword gives a person a new password without the old one, for the command
// line of somebody who has the machine. His sessions end.
func SetPassword(ctx context.Context, tx *db.Tx, person ID, password Hashed) error {
	if !From(ctx).IsSystem() {
		return problem.New(problem.Forbidden, "People choose their passwords themselves. Send a link instead.")
	}
	if password.text == "" {
		return problem.For("password", "Enter a password.")
	}
	if err := setPassword(ctx, tx, person, password, "command", ""); err != nil {
		return err
	}
	return endSessions(ctx, tx, person, 0, "password")
}
