package inbox

import (
	"cmp"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/macro"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// regret is how long an answer can be taken back.
const regret = 10 * time.Second

// say is what the composer sends: an answer or a note.
func (a *area) say(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	files, err := uploads(r)
	if err != nil {
		return err
	}
	if r.FormValue("kind") == "note" {
		return a.note(w, r, id, files)
	}
	return a.reply(w, r, id, files)
}

// note writes for the team. Whoever is named in it with @ follows from now on.
func (a *area) note(w http.ResponseWriter, r *http.Request, id conversation.ID, files []conversation.UploadID) error {
	text := r.FormValue("note")
	chosen, err := chosenMacros(r)
	if err != nil {
		return err
	}
	err = a.do(r, func(tx *db.Tx) error {
		people, err := team.Names(r.Context(), tx)
		if err != nil {
			return err
		}
		if _, err = conversation.AddNote(r.Context(), tx, id, conversation.Remark{Text: text, Mentions: named(text, people), Files: files}); err != nil {
			return err
		}
		return macro.Use(r.Context(), tx, id, chosen)
	})
	if err != nil {
		return err
	}
	ui.Trigger(w, "said", map[string]string{"kind": "note", "conversation": id.String()})
	done(w, r, id, ui.Toast{})
	return nil
}

// named are the people whose name stands behind an @ in a text. The longest name
// wins, so that @Kim Dodam is not @Kim.
func named(text string, people map[team.ID]string) (list []team.ID) {
	type entry struct {
		id   team.ID
		name string
	}
	var all []entry
	for id, name := range people {
		if name != "" {
			all = append(all, entry{id, name})
		}
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(len(b.name), len(a.name)), cmp.Compare(a.id, b.id))
	})
	for _, p := range all {
		if strings.Contains(text, "@"+p.name) {
			list = append(list, p.id)
			text = strings.ReplaceAll(text, "@"+p.name, "")
		}
	}
	return list
}

// errNewer holds an answer back.
var errNewer = problem.New(problem.Conflict, "The customer has written in the meantime. Read it first, then send your answer.")

// reply answers the customer, unless he wrote something that the page did not
// show yet; "anyway" sends all the same.
func (a *area) reply(w http.ResponseWriter, r *http.Request, id conversation.ID, files []conversation.UploadID) error {
	cc, err := people(r, "cc")
	if err != nil {
		return err
	}
	bcc, err := people(r, "bcc")
	if err != nil {
		return err
	}
	chosen, err := chosenMacros(r)
	if err != nil {
		return err
	}
	answer := conversation.Answer{Text: r.FormValue("reply"), Cc: cc, Bcc: bcc, Files: files, Then: conversation.Status(r.FormValue("then"))}
	var m conversation.Message
	err = a.do(r, func(tx *db.Tx) error {
		c, err := conversation.Get(r.Context(), tx, id)
		if err != nil {
			return err
		}
		if answer.By, answer.To, err = by(r, tx, c); err != nil {
			return err
		}
		if answer.By != chat.Channel { // there both write at once, and a line is there as soon as it is sent
			if err := unchanged(r, tx, id); err != nil {
				return err
			}
			answer.SendAt = tx.Now().Add(regret)
		}
		if m, err = conversation.Reply(r.Context(), tx, id, answer); err != nil {
			return err
		}
		return useMacros(r.Context(), tx, id, chosen, answer.Then)
	})
	if err == errNewer && r.Header.Get("HX-Request") == "true" {
		return a.hold(w, r, id)
	}
	if err != nil {
		return err
	}
	ui.Trigger(w, "said", map[string]string{"kind": "reply", "conversation": id.String()})
	if m.SendAt.IsZero() { // it is there already
		done(w, r, id, ui.Toast{})
		return nil
	}
	done(w, r, id, ui.Toast{Text: i18n.T(r.Context(), "inbox.said_sending"), Undo: unsendPath(m, chosen)})
	return nil
}

// by is the channel that an answer goes by: the one that was chosen, or where the customer last was. Mail out of a
// chat goes to the address that the customer has, else to the one he left there.
func by(r *http.Request, tx *db.Tx, c conversation.Conversation) (channel string, to []conversation.Address, err error) {
	ctx := r.Context()
	switch channel = r.FormValue("by"); channel {
	case "":
		if channel, err = conversation.LastBy(ctx, tx, c); err != nil {
			return "", nil, err
		}
	case chat.Channel, "email":
	default:
		return "", nil, badForm("by")
	}
	if channel != "email" || c.Channel != chat.Channel {
		return channel, nil, nil
	}
	known, _, err := recipients(ctx, tx, talk{Conversation: c})
	if err != nil || known.Address != "" {
		return channel, nil, err
	}
	if known, err = chat.LeftAddress(ctx, tx, c.ID); err == nil && known.Address != "" {
		to = []conversation.Address{known}
	}
	return channel, to, err
}

// hold shows what came in the meantime and asks again, above the answer, which
// stays as it is.
func (a *area) hold(w http.ResponseWriter, r *http.Request, id conversation.ID) error {
	w.Header().Set("HX-Retarget", "#held")
	w.Header().Set("HX-Reswap", "innerHTML")
	ui.Trigger(w, "refresh", map[string]string{"conversation": id.String()})
	ui.Render(w, r, http.StatusOK, heldBack())
	return nil
}

// unchanged refuses an answer to what is not the newest any more.
func unchanged(r *http.Request, tx *db.Tx, id conversation.ID) error {
	if r.FormValue("anyway") != "" || r.FormValue("last") == "" {
		return nil
	}
	shown, err := readMessageID(r.FormValue("last"))
	if err != nil && r.FormValue("last") != "none" {
		return badForm("last")
	}
	newest, err := conversation.LastFromCustomer(r.Context(), tx, id)
	if err != nil {
		return err
	}
	if newest > shown {
		return errNewer
	}
	return nil
}

// people reads addresses as people write them: with commas, with or without names.
func people(r *http.Request, field string) ([]conversation.Address, error) {
	text := strings.NewReplacer(";", ",", "\n", ",").Replace(r.FormValue(field))
	var list []conversation.Address
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		a, err := mail.ParseAddress(part)
		if err != nil {
			return nil, problem.For(field, "“%s” is no e-mail address.", part)
		}
		list = append(list, conversation.Address{Name: a.Name, Address: strings.ToLower(a.Address)})
	}
	return list, nil
}

// uploads reads the files that were handed in before.
func uploads(r *http.Request) (list []conversation.UploadID, err error) {
	if err := r.ParseForm(); err != nil {
		return nil, badForm("form")
	}
	for _, s := range r.Form["file"] {
		var id conversation.UploadID
		if err := id.UnmarshalText([]byte(s)); err != nil {
			return nil, badForm("file")
		}
		if id != 0 {
			list = append(list, id)
		}
	}
	return list, nil
}

// unsend takes an answer back. Its text is the draft again, and stands in the
// composer if that is open.
func (a *area) unsend(w http.ResponseWriter, r *http.Request) error {
	id, err := messageID(r)
	if err != nil {
		return err
	}
	var m conversation.Message
	if err := a.do(r, func(tx *db.Tx) (err error) { m, err = conversation.Unsend(r.Context(), tx, id); return err }); err != nil {
		return err
	}
	ui.Trigger(w, "unsent", map[string]string{"conversation": m.Conversation.String(), "text": m.Text})
	said := "said_unsent"
	if r.FormValue("macros") != "" {
		said = "said_unsent_macros"
	}
	done(w, r, m.Conversation, ui.Toast{Text: i18n.T(r.Context(), "inbox."+said)})
	return nil
}

// resend sends an answer again of which nobody knows whether it arrived, or that
// failed.
func (a *area) resend(w http.ResponseWriter, r *http.Request) error {
	id, err := messageID(r)
	if err != nil {
		return err
	}
	var m conversation.Message
	err = a.do(r, func(tx *db.Tx) (err error) {
		if m, err = conversation.GetMessage(r.Context(), tx, id); err != nil {
			return err
		}
		return a.Mail.Resend(r.Context(), tx, id)
	})
	if err != nil {
		return err
	}
	done(w, r, m.Conversation, ui.Toast{Text: i18n.T(r.Context(), "inbox.said_resent")})
	return nil
}
