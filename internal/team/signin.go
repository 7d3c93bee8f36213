package team

import (
	"context"
	"errors"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
)

// Attempt is what somebody sends from the sign-in page.
type Attempt struct {
	Email    string
	Password string
	Keep     bool   // "remember me on this device"
	Device   string // the device token of this browser, if it has one
	From     string // its network address
	Agent    string // its User-Agent
}

// Entry is what comes of a right password.
type Entry struct {
	Token   string // for the session cookie
	Session Session
	Half    bool   // it opens nothing yet: ask for the code of the second factor (Door.Confirm)
	Device  string // for the device cookie, which lasts a year; "" when half
}

// errWrong is the one answer to a wrong password, an unknown address, an
// invitation that was not accepted, and a disabled person.
func errWrong() error {
	return problem.New(problem.Forbidden, "The e-mail address or the password is wrong.")
}

// known is what the door needs of whoever has an address; the zero value if nobody does.
type known struct {
	id               ID
	state            State
	password, factor string
}

func (k known) may() bool { return k.state == Active && k.password != "" }

func knownBy(ctx context.Context, tx *db.Tx, column string, value any) (known, error) {
	k, err := db.One(ctx, tx, func(r db.Row) (k known, err error) { return k, r.Scan(&k.id, &k.state, &k.password, &k.factor) },
		`SELECT id, state, password, factor FROM team_person WHERE `+column+` = $1`, value)
	if errors.Is(err, db.ErrNoRow) {
		return known{}, nil
	}
	return k, err
}

// SignIn compares a password and begins a session. It runs its own transactions,
// since no connection may wait while a password is hashed. Every refusal costs
// one look, one hash and one note, whoever the address belongs to.
func (d *Door) SignIn(ctx context.Context, a Attempt) (Entry, error) {
	email, err := foldEmail(a.Email)
	if err != nil {
		email = strings.ToLower(clip(a.Email, 254)) // belongs to nobody, and is told so as slowly
	}
	tries, device := d.tries(a, email)
	var who known
	err = d.db.Write(ctx, func(tx *db.Tx) error {
		if err := take(ctx, tx, tries...); err != nil {
			return err
		}
		who, err = knownBy(ctx, tx, "email", email)
		return err
	})
	if err != nil {
		return Entry{}, err
	}
	right, err := d.matches(ctx, a.Password, who.password)
	if err != nil {
		return Entry{}, err
	}
	if !right || !who.may() {
		return Entry{}, d.refuse(ctx, who, a.From, right)
	}
	var in Entry
	err = d.db.Write(ctx, func(tx *db.Tx) error {
		in, err = d.let(ctx, tx, who, a, device)
		if err != nil {
			return err
		}
		return excuse(ctx, tx, tries)
	})
	return in, err
}

// tries are the counters of an attempt: those of its device if that was signed in
// before, otherwise those of the account and of the source.
func (d *Door) tries(a Attempt, email string) (tries []try, device string) {
	if nonce, ok := d.checkDevice(a.Device, email); ok {
		return []try{d.try(perDevice, "device", nonce)}, a.Device
	}
	return []try{d.try(perAccount, "account", email), d.try(perSource, "source", source(a.From))}, ""
}

// excuse clears the first counter, and takes back this one attempt from the rest.
func excuse(ctx context.Context, tx *db.Tx, tries []try) error {
	if err := forgive(ctx, tx, tries[0]); err != nil {
		return err
	}
	for _, t := range tries[1:] {
		if err := giveBack(ctx, tx, t); err != nil {
			return err
		}
	}
	return nil
}

// refuse notes that somebody did not come in, and is the error to answer.
func (d *Door) refuse(ctx context.Context, who known, from string, right bool) error {
	reason := "password"
	if right {
		reason = "state"
	}
	err := d.db.Write(ctx, func(tx *db.Tx) error {
		return event.Record(event.As(ctx, "nobody"), tx, SignInFailed{who.id, reason, clip(from, 64)})
	})
	if err != nil {
		return err
	}
	return errWrong()
}

// let begins a session for somebody whose password was right a moment ago.
func (d *Door) let(ctx context.Context, tx *db.Tx, who known, a Attempt, device string) (in Entry, err error) {
	now, err := knownBy(ctx, tx, "id", who.id)
	if err != nil {
		return in, err
	}
	if now.password != who.password || !now.may() { // changed while it was hashed
		return in, errWrong()
	}
	in.Half = now.factor != ""
	in.Token, in.Session, err = begin(ctx, tx, who.id, in.Half, a.Keep, a.From, a.Agent)
	if err != nil || in.Half {
		return in, err
	}
	if in.Device = device; device == "" {
		if in.Device, err = d.newDevice(ctx, tx, who.id); err != nil {
			return in, err
		}
	}
	return in, d.signedIn(ctx, tx, in.Session)
}

func (d *Door) signedIn(ctx context.Context, tx *db.Tx, s Session) error {
	if _, err := tx.Exec(ctx, `UPDATE team_person SET signed_in_at = $2 WHERE id = $1`, s.Person, tx.Now()); err != nil {
		return err
	}
	return event.Record(event.As(ctx, s.Person.String()), tx, SignedIn{s.Person, s.ID, s.Address, s.Agent})
}

// newDevice makes the token of a browser that has proved whose it is. It names
// nobody, and works with that person's address only.
func (d *Door) newDevice(ctx context.Context, tx *db.Tx, person ID) (string, error) {
	email, err := db.Value[string](ctx, tx, `SELECT email FROM team_person WHERE id = $1`, person)
	if err != nil {
		return "", err
	}
	nonce := secret.Token()
	return nonce + "." + d.keys.Tag("device", nonce, email), nil
}

// checkDevice says whether a device token was made for whoever has an address.
func (d *Door) checkDevice(token, email string) (nonce string, ok bool) {
	nonce, tag, ok := strings.Cut(token, ".")
	return nonce, ok && d.keys.CheckTag("device", tag, nonce, email)
}
