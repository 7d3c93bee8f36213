package team

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// Enrolment is a second factor that waits for its first code (RFC 6238: SHA-1,
// six digits, half a minute, which is what every authenticator can do).
type Enrolment struct {
	Secret string // base32, to type by hand
	URL    string // otpauth://…, what the QR code says
}

const period = 30 * time.Second

// QR draws the URL as an SVG path of unit squares in a square of the given size.
func (e Enrolment) QR() (path string, size int, err error) {
	code, err := qr.Encode(e.URL, qr.M, qr.Unicode)
	if err != nil {
		return "", 0, err
	}
	var b strings.Builder
	size = code.Bounds().Dx()
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return b.String(), size, nil
}

// Enrol makes a new second factor for whoever acts and shows that he knows his
// password. It counts once ConfirmFactor has seen a code from it; until then the old
// one does. It runs its own transactions, like SignIn.
func (d *Door) Enrol(ctx context.Context, password string) (e Enrolment, err error) {
	who, err := d.prove(ctx, "password", password)
	if err != nil {
		return e, err
	}
	err = d.db.Write(ctx, func(tx *db.Tx) error {
		e, err = d.enrol(ctx, tx, who.id)
		return err
	})
	return e, err
}

func (d *Door) enrol(ctx context.Context, tx *db.Tx, id ID) (Enrolment, error) {
	me, err := Get(ctx, tx, id)
	if err != nil {
		return Enrolment{}, err
	}
	f, err := GetFirm(ctx, tx)
	if err != nil {
		return Enrolment{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: strings.ReplaceAll(f.Name, ":", " "), AccountName: me.Email, SecretSize: 20})
	if err != nil {
		return Enrolment{}, fmt.Errorf("make a second factor: %w", err)
	}
	_, err = tx.Exec(ctx, `UPDATE team_person SET factor_new = $2 WHERE id = $1`, me.ID, d.seal(me.ID, key.Secret()))
	return Enrolment{key.Secret(), key.URL()}, err
}

// The secret is sealed for its person: moved to another row it opens nothing.
func (d *Door) seal(person ID, plain string) string {
	return d.keys.Seal("factor/"+person.String(), []byte(plain))
}

// ConfirmFactor takes the first code and turns the second factor on. It returns the
// recovery codes, which are shown this once, and the session's new cookie; every
// other session of the person ends.
func (d *Door) ConfirmFactor(ctx context.Context, tx *db.Tx, s Session, code string) (codes []string, token string, err error) {
	me, err := self(ctx)
	if err != nil {
		return nil, "", err
	}
	sealed, err := db.Value[string](ctx, tx, `SELECT factor_new FROM team_person WHERE id = $1`, me)
	if errors.Is(err, db.ErrNoRow) || err == nil && sealed == "" {
		return nil, "", problem.New(problem.Conflict, "Scan the code first.")
	}
	if err != nil {
		return nil, "", err
	}
	step, err := d.stepOf(me, sealed, code, tx.Now())
	if err != nil {
		return nil, "", err
	}
	if step == 0 {
		return nil, "", problem.For("code", "That is not the code of this moment. Look at the app and type it again.")
	}
	_, err = change(ctx, tx, `UPDATE team_person SET factor = factor_new, factor_new = '', factor_step = $2 WHERE id = $1`, me, step)
	if err != nil {
		return nil, "", err
	}
	if codes, err = d.makeRecovery(ctx, tx, me); err != nil {
		return nil, "", err
	}
	if err := event.Record(ctx, tx, FactorOn{me}); err != nil {
		return nil, "", err
	}
	if err := news(ctx, tx, me, "team.mail_factor_on"); err != nil {
		return nil, "", err
	}
	if err := endSessions(ctx, tx, me, s.ID, "factor"); err != nil {
		return nil, "", err
	}
	token, err = rotate(ctx, tx, s.ID)
	return codes, token, err
}

// stepOf is the half minute that a code belongs to: this one or a neighbour, since
// clocks differ. 0 if it is not the code of any.
func (d *Door) stepOf(person ID, sealed, code string, now time.Time) (int64, error) {
	plain, err := d.keys.Unseal("factor/"+person.String(), sealed)
	if err != nil {
		return 0, fmt.Errorf("open the second factor of %s: %w", person, err)
	}
	code = strings.Join(strings.Fields(code), "")
	found := int64(0)
	for _, off := range []time.Duration{-period, 0, period} {
		at := now.Add(off)
		want, err := totp.GenerateCodeCustom(string(plain), at, totp.ValidateOpts{Period: uint(period / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = at.Unix() / int64(period/time.Second)
		}
	}
	return found, nil
}

// Confirm is the second half of signing in: it takes the token of a half session
// and a code of the second factor or a recovery code. The session gets a new token.
func (d *Door) Confirm(ctx context.Context, token, code, device, from string) (Entry, error) {
	var in Entry
	var refused error
	err := d.db.Write(ctx, func(tx *db.Tx) (err error) {
		in, refused = Entry{}, nil
		in, refused, err = d.confirm(ctx, tx, token, code, device, from)
		return err
	})
	if err == nil {
		err = refused
	}
	return in, err
}

// confirm keeps what it counted although the code is refused.
func (d *Door) confirm(ctx context.Context, tx *db.Tx, token, code, device, from string) (in Entry, refused, err error) {
	half, err := halfOf(ctx, tx, token)
	if err != nil {
		return in, nil, err
	}
	t := d.try(perCode, "code", half.person.String())
	if nonce, ok := d.checkDevice(device, half.email); ok {
		t = d.try(perCode, "code by device", nonce)
	} else {
		device = ""
	}
	if err := take(ctx, tx, t); err != nil {
		return in, nil, err
	}
	ok, err := d.spend(ctx, tx, half, code, from)
	if err != nil {
		return in, nil, err
	}
	if !ok {
		err := event.Record(event.As(ctx, "nobody"), tx, SignInFailed{half.person, "code", clip(from, 64)})
		return in, problem.For("code", "That is not the code of this moment. Look at the app and type it again."), err
	}
	if err := forgive(ctx, tx, t); err != nil {
		return in, nil, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM team_session WHERE id = $1`, half.session); err != nil {
		return in, nil, err
	}
	if in.Token, in.Session, err = begin(ctx, tx, half.person, false, half.kept, from, half.agent); err != nil {
		return in, nil, err
	}
	if in.Device = device; device == "" {
		if in.Device, err = d.newDevice(ctx, tx, half.person); err != nil {
			return in, nil, err
		}
	}
	return in, nil, d.signedIn(ctx, tx, in.Session)
}

type half struct {
	session       SessionID
	person        ID
	kept          bool
	agent         string
	email, factor string
	step          int64
}

func halfOf(ctx context.Context, tx *db.Tx, token string) (half, error) {
	h, err := db.One(ctx, tx, func(r db.Row) (h half, err error) {
		return h, r.Scan(&h.session, &h.person, &h.kept, &h.agent, &h.email, &h.factor, &h.step)
	}, `SELECT s.id, s.person_id, s.kept, s.agent, p.email, p.factor, p.factor_step FROM team_session s JOIN team_person p ON p.id = s.person_id
		WHERE s.digest = $1 AND s.half AND s.expires_at > $2 AND p.state = 'active' AND p.factor <> ''`, secret.Hash(token), tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return h, ErrSignedOut
	}
	return h, err
}

// spend uses up a code: each opens once, also when it comes twice at the same time.
func (d *Door) spend(ctx context.Context, tx *db.Tx, h half, code, from string) (bool, error) {
	step, err := d.stepOf(h.person, h.factor, code, tx.Now())
	if err != nil {
		return false, err
	}
	if step == 0 {
		return d.spendRecovery(ctx, tx, h.person, code, from)
	}
	n, err := tx.Exec(ctx, `UPDATE team_person SET factor_step = $2 WHERE id = $1 AND factor_step < $2`, h.person, step)
	return n == 1, err
}

// DropFactor turns off the second factor of whoever acts. It takes a code, so
// that a browser left open is not enough; a wrong one stays counted, so it runs its
// own transaction.
func (d *Door) DropFactor(ctx context.Context, code string) error {
	me, err := self(ctx)
	if err != nil {
		return err
	}
	var refused error
	err = d.db.Write(ctx, func(tx *db.Tx) (err error) {
		refused, err = d.drop(ctx, tx, me, code)
		return err
	})
	if err == nil {
		err = refused
	}
	return err
}

func (d *Door) drop(ctx context.Context, tx *db.Tx, me ID, code string) (refused, err error) {
	var required bool
	h, err := db.One(ctx, tx, func(r db.Row) (h half, err error) { return h, r.Scan(&h.person, &h.factor, &required) },
		`SELECT p.id, p.factor, r.second_factor FROM team_person p JOIN team_role r ON r.name = p.role WHERE p.id = $1 AND p.factor <> ''`, me)
	if errors.Is(err, db.ErrNoRow) {
		return nil, problem.New(problem.Conflict, "You have no second factor.")
	}
	if err != nil {
		return nil, err
	}
	if required {
		return nil, problem.New(problem.Conflict, "Your role needs a second factor. You can set up another one instead.")
	}
	t := d.try(perCode, "code", me.String())
	if err := take(ctx, tx, t); err != nil {
		return nil, err
	}
	ok, err := d.spend(ctx, tx, h, code, "")
	if err != nil {
		return nil, err
	}
	if !ok {
		return problem.For("code", "That is not the code of this moment. Look at the app and type it again."), nil
	}
	if err := forgive(ctx, tx, t); err != nil {
		return nil, err
	}
	return nil, dropFactor(ctx, tx, me)
}

// DropFactorOf takes away a person's second factor, for one who lost both his
// phone and his codes. His sessions end.
func DropFactorOf(ctx context.Context, tx *db.Tx, person ID) error {
	if err := mayManage(ctx, tx, person); err != nil {
		return err
	}
	if err := dropFactor(ctx, tx, person); err != nil {
		return err
	}
	return endSessions(ctx, tx, person, 0, "factor")
}

func dropFactor(ctx context.Context, tx *db.Tx, person ID) error {
	n, err := change(ctx, tx, `UPDATE team_person SET factor = '', factor_new = '' WHERE id = $1 AND factor <> ''`, person)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.Conflict, "There is no second factor.")
	}
	if _, err := tx.Exec(ctx, `DELETE FROM team_recovery WHERE person_id = $1`, person); err != nil {
		return err
	}
	if err := news(ctx, tx, person, "team.mail_factor_off"); err != nil {
		return err
	}
	return event.Record(ctx, tx, FactorOff{person})
}

// RequireFactor says whether people of a role must have a second factor. Those who
// have none can do nothing else until they have set one up.
func RequireFactor(ctx context.Context, tx *db.Tx, role string, required bool) error {
	if err := Allow(ctx, ManagePeople); err != nil {
		return err
	}
	r, err := GetRole(ctx, tx, role)
	if err != nil {
		return err
	}
	if err := mayGrant(ctx, r); err != nil {
		return err
	}
	n, err := change(ctx, tx, `UPDATE team_role SET second_factor = $2 WHERE name = $1 AND second_factor <> $2`, role, required)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, FactorRequired{role, required})
}
