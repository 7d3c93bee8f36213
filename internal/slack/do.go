package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

// do is the job of doing what Slack tells.
type do struct {
	In InID `json:"in"`
}

func (do) JobKind() string { return "slack.do" }

const tries = 6

// do does it, in one transaction with the note that it is done, and then answers whoever it was. Between the two a kill makes
// that somebody is answered twice, or not done twice.
func (s *Slack) do(ctx context.Context, run *job.Run, j do) error {
	var body, state, answer string
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := db.One(ctx, tx, func(r db.Row) (any, error) { return nil, r.Scan(&body, &state, &answer) }, `SELECT body, state, answer FROM slack_in WHERE id = $1`, j.In)
		return err
	})
	if errors.Is(err, db.ErrNoRow) || state == "done" {
		return nil
	}
	if err != nil {
		return err
	}
	var in told
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		return err
	}
	w, token, err := s.at(ctx)
	if err != nil || w.ID == 0 {
		return err
	}
	if state == "waiting" {
		if answer, err = s.perform(ctx, w, token, j.In, in, run.Attempt+1 >= tries); err != nil {
			return err
		}
	}
	if answer != "" {
		err = s.reply(ctx, token, in, answer)
	}
	if r := refusalOf(err); err != nil && (r == nil || r.Why.passing() && run.Attempt+1 < 3) {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE slack_in SET state = 'done', body = '', answer = '' WHERE id = $1`, j.In)
		return err
	})
}

// perform finds out who it is, and does it as they. What they may not, or what does not go, is answered; last: there is no other try.
func (s *Slack) perform(ctx context.Context, w Workspace, token string, id InID, in told, last bool) (answer string, err error) {
	who := in.user()
	l, u, err := s.recognise(ctx, w, token, who)
	if r := refusalOf(err); r != nil && (last || !r.Why.passing()) {
		return s.settle(ctx, id, func(ctx context.Context, tx *db.Tx) (string, conversation.MessageID, error) {
			return t(ctx, "unasked"), 0, nil
		})
	}
	if err != nil {
		return "", err
	}
	return s.settle(ctx, id, func(ctx context.Context, tx *db.Tx) (string, conversation.MessageID, error) {
		p, err := in.about(ctx, tx, w)
		if errors.Is(err, db.ErrNoRow) {
			return t(ctx, "gone"), 0, nil
		}
		if err != nil {
			return "", 0, err
		}
		if l.Person == 0 {
			return s.stranger(ctx, tx, w, in, p, u)
		}
		ctx, ok, err := as(ctx, tx, l.Person)
		if err != nil || !ok {
			return t(ctx, "nobody_here"), 0, err
		}
		if in.Words != nil {
			m, err := s.noteOf(ctx, tx, w, *in.Words, p, "")
			return "", m, err
		}
		said, err := s.pressed(ctx, tx, *in.Press, p)
		return said, 0, err
	})
}

func (t told) user() string {
	if t.Press != nil {
		return t.Press.User
	}
	return t.Words.User
}

// settle does something once, and keeps what is to be answered. A refusal that people can read is an answer; nothing of what was tried stays then.
func (s *Slack) settle(ctx context.Context, id InID, fn func(context.Context, *db.Tx) (string, conversation.MessageID, error)) (answer string, err error) {
	finish := func(tx *db.Tx, message conversation.MessageID) error {
		_, err := tx.Exec(ctx, `UPDATE slack_in SET state = 'answering', answer = $2, message_id = $3 WHERE id = $1 AND state = 'waiting'`, id, answer, message)
		return err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		in, err := inFirm(team.AsSystem(ctx), tx)
		if err != nil {
			return err
		}
		var message conversation.MessageID
		if answer, message, err = fn(in, tx); err != nil {
			return err
		}
		return finish(tx, message)
	})
	var no *refused
	if errors.As(err, &no) {
		answer = no.said
		err = s.DB.Write(ctx, func(tx *db.Tx) error { return finish(tx, 0) })
	}
	return answer, err
}

// refused is a sentence for whoever may not, in their language.
type refused struct{ said string }

func (r *refused) Error() string { return r.said }

// politely makes what people can read of an error the answer.
func politely(ctx context.Context, err error) error {
	if _, ours := problem.As(err); ours {
		return &refused{saidOf(ctx, err)}
	}
	return err
}

// deeds are what the buttons do. What they return is said to whoever pressed.
var deeds = map[string]func(ctx context.Context, tx *db.Tx, p Post) (string, error){
	"take": func(ctx context.Context, tx *db.Tx, p Post) (string, error) {
		return t(ctx, "done_take"), conversation.Assign(ctx, tx, p.Conversation, team.From(ctx).Person)
	},
	"solve": func(ctx context.Context, tx *db.Tx, p Post) (string, error) {
		return t(ctx, "done_solve"), conversation.SetStatus(ctx, tx, p.Conversation, conversation.Solved)
	},
	"snooze": func(ctx context.Context, tx *db.Tx, p Post) (string, error) {
		at := morning(i18n.Of(ctx).Now, i18n.Of(ctx).Zone)
		return t(ctx, "done_snooze", "time", i18n.Moment(ctx, at)), conversation.Snooze(ctx, tx, p.Conversation, at)
	},
	"ack": func(ctx context.Context, tx *db.Tx, p Post) (string, error) {
		page, err := oncall.Get(ctx, tx, p.Page)
		if err != nil {
			return "", err
		}
		switch {
		case page.State == oncall.Over:
			return t(ctx, "call_over"), nil
		case page.State == oncall.Acked && page.AckedBy != team.From(ctx).Person:
			name, err := nameOf(ctx, tx, page.AckedBy)
			return t(ctx, "call_taken", "name", name), err
		}
		return t(ctx, "done_ack"), oncall.Acknowledge(ctx, tx, p.Page)
	},
}

// morning is nine o'clock of the next day.
func morning(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	return time.Date(local.Year(), local.Month(), local.Day()+1, 9, 0, 0, 0, zone)
}

// pressed does what a button says, as whoever pressed it, and notes it on the card.
func (s *Slack) pressed(ctx context.Context, tx *db.Tx, in pressed, p Post) (string, error) {
	deed := deeds[in.What]
	if (in.What == "ack") != (p.Page != 0) || deed == nil {
		return t(ctx, "gone"), nil
	}
	said, err := deed(ctx, tx, p)
	if err != nil {
		return "", politely(ctx, err)
	}
	if p.Kind == Card {
		acts, err := json.Marshal([]act{{team.From(ctx).Person, in.What, tx.Now()}})
		if err != nil {
			return "", err
		}
		if _, err := tx.Exec(ctx, `UPDATE slack_post SET acts = $2 WHERE id = $1`, p.ID, string(acts)); err != nil {
			return "", err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE slack_post SET wanted = wanted + 1, next_at = $2 WHERE id = $1`, p.ID, tx.Now())
	if err != nil {
		return "", err
	}
	return said, stir(ctx, tx, p.Target)
}

// stranger is somebody who does not work here, as far as we can tell: what they write is kept with who they are there, what they press is not done.
func (s *Slack) stranger(ctx context.Context, tx *db.Tx, w Workspace, in told, p Post, u user) (string, conversation.MessageID, error) {
	if in.Press != nil || !u.ours(w) {
		return t(ctx, "stranger"), 0, nil
	}
	m, err := s.noteOf(actorOf(ctx, u.ID), tx, w, *in.Words, p, u.called())
	return "", m, err
}

// noteOf makes a note of what was written in a thread, in the name of whoever acts; by is who wrote, where nobody here did.
func (s *Slack) noteOf(ctx context.Context, tx *db.Tx, w Workspace, in wrote, p Post, by string) (conversation.MessageID, error) {
	if p.Conversation == 0 {
		return 0, nil // the thread of a call, or of nothing
	}
	names, err := called(ctx, tx, w)
	if err != nil {
		return 0, err
	}
	text := plain(in.Text, func(user string) string { return orElse(names[user], user) })
	if len(in.Files) > 0 {
		hint := t(ctx, "files", "n", len(in.Files), "names", strings.Join(in.Files, ", "))
		text = strings.TrimSpace(text + "\n\n" + hint)
	}
	if by != "" {
		text = t(ctx, "wrote", "name", by) + "\n" + text
	}
	if strings.TrimSpace(text) == "" {
		return 0, nil
	}
	m, err := conversation.AddNote(ctx, tx, p.Conversation, conversation.Remark{Text: text})
	if err != nil {
		return 0, politely(ctx, err)
	}
	_, err = tx.Exec(ctx, `UPDATE slack_post SET at = $2 WHERE id = $1`, p.ID, tx.Now())
	return m.ID, err
}

// called are the names here of those whom we know there.
func called(ctx context.Context, tx *db.Tx, w Workspace) (map[string]string, error) {
	out := map[string]string{w.Bot: orElse(w.BotName, "Baraji")}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var user, name string
		err := r.Scan(&user, &name)
		out[user] = name
		return err
	}, `SELECT l.slack_user, p.name FROM slack_person l JOIN team_person p ON p.id = l.person_id WHERE l.workspace = $1`, w.Key)
}

// reply tells whoever it was, and nobody else: at the address that Slack gave for it, else in the thread.
func (s *Slack) reply(ctx context.Context, token string, in told, text string) error {
	if in.Words != nil {
		return s.whisper(ctx, token, in.Words.Room, in.Words.Thread, in.Words.User, escape(text))
	}
	if s.answerable(in.Press.Answer) {
		return s.answerAt(ctx, in.Press.Answer, text)
	}
	return s.whisper(ctx, token, in.Press.Room, "", in.Press.User, escape(text))
}

// answerable says whether an address is one of Slack's: what was signed may still be anything.
func (s *Slack) answerable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host == s.answer && u.User == nil && (u.Scheme == "https" || !strings.HasPrefix(s.API, "https://"))
}

func (s *Slack) answerAt(ctx context.Context, address, text string) error {
	body, err := json.Marshal(map[string]any{"response_type": "ephemeral", "replace_original": false, "text": escape(text)})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return &Refusal{Why: Refused}
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := s.client.Do(r)
	if err != nil {
		return &Refusal{Why: Cut}
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return &Refusal{Why: whyOfStatus(resp.StatusCode)}
	}
	return nil
}
