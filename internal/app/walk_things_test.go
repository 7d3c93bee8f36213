// What there is to walk over: one of everything, of each team.

package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"baraji/internal/assistant"
	"baraji/internal/calendar"
	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/knowledge"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// things are the ids of one of everything, by what it is.
type things map[string]string

// brokenJob fails whenever it is tried.
type brokenJob struct{}

func (brokenJob) JobKind() string { return "walk.broken" }

// secret is the word that everything said in a conversation of a team holds.
func secret(of team.TeamID) string {
	return "xylophon" + strings.ToLower(of.String()[len(of.String())-6:])
}

// talked makes a conversation of a team, with its customer, and one of what a walk comes by.
func (w *walk) talked(of team.TeamID) things {
	w.t.Helper()
	w.made++
	n, out := fmt.Sprint("n", w.made), things{}
	file, err := w.Blobs.Put(w.System(), strings.NewReader("abc"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.Must(func(tx *db.Tx) error {
		ctx, word := w.System(), secret(of)
		door := w.Inbox
		door.Team = of
		who, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "Hana " + n, Email: n + "@firm" + n + ".example"})
		if err != nil {
			return err
		}
		twin, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "Hanah " + n, Email: n + "@home.example"})
		if err != nil {
			return err
		}
		got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: door, Contact: who, Tags: []string{"vip"}, Message: conversation.Message{FromName: who.Name,
			FromAddress: who.Email, Subject: "Lampe " + word, Text: "Wo ist sie? " + word, HTML: "<p>" + word,
			Attachments: []conversation.Attachment{{Name: word + ".txt", Type: "text/plain", Size: 3, Blob: string(file.Key)}}}})
		if err != nil {
			return err
		}
		second, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: door, Contact: who, Continues: got.Conversation,
			Message: conversation.Message{FromName: who.Name, FromAddress: who.Email, Subject: "Re: Lampe " + word, Text: "Noch da? " + word}})
		if err != nil {
			return err
		}
		if _, err := conversation.AddNote(ctx, tx, got.Conversation, conversation.Remark{Text: "Notiz " + word}); err != nil {
			return err
		}
		if of == w.mine && w.alone != 0 {
			if err := conversation.Follow(ctx, tx, got.Conversation, w.alone); err != nil {
				return err
			}
		}
		sent, err := conversation.Reply(ctx, tx, got.Conversation, conversation.Answer{Text: "Unterwegs " + word, SendAt: tx.Now().Add(3600e9)})
		if err != nil {
			return err
		}
		c, err := conversation.Get(ctx, tx, got.Conversation)
		if err != nil {
			return err
		}
		m, err := conversation.GetMessage(ctx, tx, got.Message)
		if err != nil {
			return err
		}
		note, err := contact.AddNote(ctx, tx, who.ID, "Likes lamps.", false)
		if err != nil {
			return err
		}
		p, err := contact.Whole(ctx, tx, who.ID)
		if err != nil {
			return err
		}
		firm, err := contact.CreateCompany(ctx, tx, contact.Company{Name: "Firm " + n})
		if err != nil {
			return err
		}
		out = things{"firm": firm.ID.String(), "conversation": c.ID.String(), "number": fmt.Sprint(c.Number), "message": got.Message.String(), "second": second.Message.String(), "sent": sent.ID.String(),
			"file": m.Attachments[0].ID.String(), "contact": who.ID.String(), "twin": twin.ID.String(), "note": note.String(), "address": p.Addresses[0].ID.String(),
			"company": p.Company.String(), "name": who.Name, "inbox": w.Inbox.ID.String(), "of": of.String(), "tag": "vip", "n": n}
		return nil
	})
	return out
}

// house adds what the firm is made of: a person, a team, a token and so on.
func (w *walk) house(out things) things {
	w.t.Helper()
	n := out["n"]
	w.Must(func(tx *db.Tx) error {
		ctx := w.System()
		door, err := inbox.Create(ctx, tx, inbox.Inbox{Name: "Door " + n, Channel: "email", Address: n + "@shop.example"})
		if err != nil {
			return err
		}
		who, err := team.Invite(ctx, tx, team.Invitee{Name: "P" + n, Email: "p" + n + "@shop.example", Role: team.Light})
		if err != nil {
			return err
		}
		crew, err := team.MakeTeam(ctx, tx, "Crew "+n, "")
		if err != nil {
			return err
		}
		_, token, err := team.MakeToken(ctx, tx, "t"+n, team.Light, 0)
		if err != nil {
			return err
		}
		role, err := team.MakeRole(ctx, tx, team.Role{Title: "R" + n, Rights: []team.Right{team.Note}, See: team.SeeMine})
		if err != nil {
			return err
		}
		field, err := conversation.DefineField(ctx, tx, conversation.Field{Key: "f" + n, English: "F", Korean: "가", Type: "text"})
		if err != nil {
			return err
		}
		if err := conversation.MakeTag(ctx, tx, "tag-"+n); err != nil {
			return err
		}
		uses, err := conversation.TagUses(ctx, tx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(uses, func(u conversation.TagUse) bool { return u.Name == "tag-"+n })
		talking, err := w.Chat.Create(ctx, tx, inbox.Inbox{Name: "Chat " + n}, chat.Settings{})
		if err != nil {
			return err
		}
		out["chat"] = talking.ID.String()
		out["door"], out["person"], out["team"], out["token"], out["role"] = door.ID.String(), who.String(), crew.String(), token.String(), role
		own, err := calendar.Make(ctx, tx, calendar.Given{Name: "Own " + n})
		if err != nil {
			return err
		}
		day := hours.Date{Year: 2030, Month: 1, Day: 2}
		off, err := calendar.Except(ctx, tx, calendar.Exception{Calendar: own, First: day, Last: day, Kind: calendar.Closed})
		if err != nil {
			return err
		}
		out["calendar"], out["dayoff"] = own.String(), off.String()
		rota, err := shift.Make(ctx, tx, shift.Rota{Name: "Rota " + n, Mode: shift.InHouse})
		if err != nil {
			return err
		}
		out["rota"] = rota.String()
		out["field"], out["label"] = field.ID.String(), uses[at].ID.String()
		return w.knows(ctx, tx, out)
	})
	return out
}

// trains gives the assistant a first model.
func (w *walk) trains() {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		_, err := assistant.Create(w.System(), tx, assistant.Answer{Locale: i18n.English, Title: "Which bulb?", Body: "E27."})
		return err
	})
	if _, err := w.Helper.Retrain(w.System()); err != nil {
		w.t.Fatal(err)
	}
}

// knows adds a published article, its version, and an empty category.
func (w *walk) knows(ctx context.Context, tx *db.Tx, out things) error {
	article, err := knowledge.Create(ctx, tx, knowledge.Draft{Locale: i18n.English, Title: "Article " + out["n"], Body: "Body"})
	if err != nil {
		return err
	}
	if err := knowledge.Publish(ctx, tx, article, false, i18n.English); err != nil {
		return err
	}
	versions, err := knowledge.Versions(ctx, tx, article, i18n.English)
	if err != nil {
		return err
	}
	category, err := knowledge.SaveCategory(ctx, tx, knowledge.Category{Name: map[i18n.Locale]string{i18n.English: "Category " + out["n"]}})
	if err != nil {
		return err
	}
	saved, err := assistant.Create(ctx, tx, assistant.Answer{Locale: i18n.English, Title: "Answer " + out["n"], Body: "Body"})
	if err != nil {
		return err
	}
	taught, err := assistant.Teach(ctx, tx, assistant.Lesson{Text: "Question " + out["n"], Target: assistant.Target{Answer: saved}})
	if err != nil {
		return err
	}
	models, err := assistant.Models(ctx, tx, 1)
	if err != nil || len(models) == 0 {
		return fmt.Errorf("no model was trained: %w", err)
	}
	out["saved"], out["taught"], out["model"] = saved.String(), taught.String(), models[0].ID.String()
	out["article"], out["version"], out["category"] = article.String(), versions[0].ID.String(), category.String()
	return err
}

// held is a mail that waits in the quarantine.
func (w *walk) held() string {
	w.made++
	raw := "From: a@x.example\r\nSubject: " + fmt.Sprint(w.made) + "\r\n" + strings.Repeat("X-A: b\r\n", 3000) + "\r\nheld\r\n"
	if err := w.Mail.Bring(w.System(), w.Inbox.ID, fmt.Sprint("held", w.made), "", []byte(raw)); err != nil {
		w.t.Fatal(err)
	}
	w.Run()
	return w.one(func(tx *db.Tx) (string, error) {
		all, err := email.Quarantine(w.System(), tx, 0, 0, 1)
		if err != nil || len(all) == 0 {
			return "", fmt.Errorf("nothing is held: %v", err)
		}
		return all[0].ID.String(), nil
	})
}

// failed is a job that was given up.
func (w *walk) failed() string {
	w.Must(func(tx *db.Tx) error { return job.Add(w.System(), tx, brokenJob{}, job.Options{}) })
	if err := w.Jobs.Drain(w.System()); err == nil {
		w.t.Fatal("a job that cannot be done was done")
	}
	return w.one(func(tx *db.Tx) (string, error) {
		all, err := job.List(w.System(), tx, "failed", "", 0, 1)
		if err != nil || len(all) == 0 {
			return "", fmt.Errorf("nothing has failed: %v", err)
		}
		return all[0].ID.String(), nil
	})
}

func (w *walk) one(fn func(*db.Tx) (string, error)) (s string) {
	w.t.Helper()
	if err := w.DB.Read(w.System(), func(tx *db.Tx) (err error) { s, err = fn(tx); return err }); err != nil {
		w.t.Fatal(err)
	}
	return s
}

// mailed is a message of which there is an original.
func (w *walk) mailed(of team.TeamID) string {
	var door inbox.Inbox
	w.Must(func(tx *db.Tx) (err error) {
		door, err = inbox.Create(w.System(), tx, inbox.Inbox{Name: "Mail of " + of.String(), Channel: "email", Address: of.String() + "@shop.example", Team: of})
		return err
	})
	raw := "From: Sora <sora@" + of.String() + ".example>\r\nTo: " + door.Address + "\r\nSubject: Lampe " + secret(of) + "\r\nMessage-ID: <1@" + secret(of) + ".example>\r\n\r\nWo?\r\n"
	if err := w.Mail.Bring(w.System(), door.ID, secret(of), "sora@x.example", []byte(raw)); err != nil {
		w.t.Fatal(err)
	}
	w.Run()
	var first string
	w.Must(func(tx *db.Tx) error {
		list, _, err := conversation.List(w.System(), tx, conversation.Filter{Inbox: door.ID}, conversation.Page{Limit: 1})
		if err != nil || len(list) == 0 {
			return fmt.Errorf("the mail has not arrived: %v", err)
		}
		all, err := conversation.Messages(w.System(), tx, list[0].ID, 0, 1)
		if err != nil || len(all) == 0 {
			return fmt.Errorf("the mail has not arrived: %v", err)
		}
		first = all[0].ID.String()
		if of != w.mine {
			return nil
		}
		return conversation.Follow(w.System(), tx, list[0].ID, w.alone)
	})
	return first
}

// merged is a conversation that another one was put into.
func (w *walk) merged(of team.TeamID) string {
	keep, lose := w.talked(of)["conversation"], w.talked(of)["conversation"]
	w.Must(func(tx *db.Tx) error {
		_, err := conversation.Merge(w.System(), tx, read[conversation.ID](keep), read[conversation.ID](lose))
		return err
	})
	return keep
}

// merge makes one customer of two.
func (w *walk) merge(out things) {
	two := w.talked(w.theirs)
	w.Must(func(tx *db.Tx) error {
		m, err := contact.Merge(w.System(), tx, read[contact.ID](two["contact"]), read[contact.ID](two["twin"]))
		out["merge"], out["keep"] = m.String(), two["contact"]
		return err
	})
}

// unite makes one company of two.
func (w *walk) unite(out things) {
	two := w.talked(w.theirs)
	w.Must(func(tx *db.Tx) error {
		m, err := contact.MergeCompanies(w.System(), tx, read[contact.CompanyID](two["company"]), read[contact.CompanyID](two["firm"]))
		out["union"] = m.String()
		return err
	})
}

// whole is one of everything.
func (w *walk) whole(of team.TeamID) things {
	out := w.house(w.talked(of))
	out["held"], out["job"], out["mailed"], out["merged"] = w.held(), w.failed(), w.mailed(of), w.merged(of)
	w.paper(out)
	w.breaks(out)
	w.promises(out)
	w.follows(out)
	w.flows(out)
	w.calls(out)
	w.hook(out)
	w.asks(out)
	w.macros(out)
	w.groups(out)
	w.mailings(out)
	w.merge(out)
	w.unite(out)
	other := person{Visitor: w.other}
	out["session"], out["key"] = w.sessions(other)[0], other.key()
	return out
}

// breaks adds an incident, with something to do about it, and a maintenance.
func (w *walk) breaks(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		ctx := w.System()
		broken, err := incident.Open(ctx, tx, incident.Given{Title: i18n.Text{i18n.English: "No light " + out["n"]}, Severity: "major"})
		if err != nil {
			return err
		}
		action, err := incident.AddAction(ctx, tx, incident.Action{Incident: broken.ID, Text: "Mend it"})
		if err != nil {
			return err
		}
		work, err := incident.Plan(ctx, tx, incident.Maintenance{Title: i18n.Text{i18n.English: "Work " + out["n"]}, From: tx.Now().AddDate(1, 0, 0), To: tx.Now().AddDate(1, 0, 1)})
		out["incident"], out["action"], out["maintenance"] = broken.ID.String(), action.String(), work.String()
		return err
	})
}

// fresh is what an action may use up: only as much as it is about.
func (w *walk) fresh(what string, p person) things {
	out := w.talked(w.mine)
	out["macro"] = w.own["macro"]
	switch what {
	case "door", "chat", "person", "team", "token", "role", "field", "label", "article", "version", "category", "saved", "taught", "model", "calendar", "dayoff", "rota":
		w.house(out)
	case "held":
		out["held"] = w.held()
	case "hook", "ruled":
		w.hook(out)
	case "request", "secret", "told":
		w.asks(out)
	case "campaign":
		w.mailings(out)
	case "macro":
		w.macros(out)
	case "segment", "bar":
		w.groups(out)
	case "promise":
		w.promises(out)
	case "runbook", "followed":
		w.follows(out)
	case "path", "flown":
		w.flows(out)
	case "service", "call":
		w.calls(out)
	case "incident", "maintenance":
		w.breaks(out)
	case "form", "submission":
		w.paper(out)
	case "job":
		out["job"] = w.failed()
	case "session": // the one that he had until now
		out["session"] = w.sessions(p)[0]
		p.SignIn()
	case "union":
		w.unite(out)
	case "key":
		out["key"] = p.key()
	case "merge":
		w.merge(out)
	case "merged":
		out["merged"] = w.merged(w.mine)
	}
	return out
}

func read[T any, P interface {
	*T
	UnmarshalText([]byte) error
}](s string) (v T) {
	if err := P(&v).UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return v
}

// absent are ids like those of t, of what never was.
func (t things) absent() things {
	out := things{}
	for what, v := range t {
		switch i := strings.IndexByte(v, '_'); {
		case what == "number":
			v = "999999"
		case i > 0 && what != "name":
			v = v[:i+1] + "0000000000zz1"[:min(13, len(v)-i-1)]
		}
		out[what] = v
	}
	return out
}
