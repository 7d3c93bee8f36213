package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/knowledge"
	"baraji/internal/migrations"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/test/rig/house"
)

// TestWhoMaySeeWhat walks every page and action of the program as everybody, on what he may see, on what is
// another team's or another person's, and on what never was, and compares with what ways promises (T35). A route
// that ways does not know fails the test, and so does a promise without a route. Whatever is refused changes
// nothing, and no answer to somebody of one team holds a word of the other's.
func TestWhoMaySeeWhat(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		w := newWalk(t, h)
		known := map[string]bool{}
		for _, r := range h.Routes {
			name := r.Method + " " + r.Path
			known[name] = true
			way, ok := ways[name]
			if !ok {
				t.Errorf("%s: nobody has said who may (internal/app/ways_test.go)", name)
				continue
			}
			if way.public != r.Public || way.right != r.Right {
				t.Errorf("%s asks for %q (public: %v); promised is %q (public: %v)", name, r.Right, r.Public, way.right, way.public)
			}
			w.route(r, way)
		}
		for name := range ways {
			if !known[name] {
				t.Errorf("%s is promised and not served", name)
			}
		}
		w.searches()
		w.inForms()
		t.Logf("%d routes, %d people, %d requests", len(h.Routes), len(w.people), w.asked)
	})
}

// way is what is promised of one route.
type way struct {
	public bool
	right  team.Right   // to come in; "" is to be signed in
	also   []team.Right // to do it, beside that; who has not all of them is refused
	id     string       // which of the things the path is about, by its placeholder {id}, {name} or {number}
	few    bool         // not everybody with the right sees each of them
	his    bool         // each has his own, and reaches no other's
	with   []string     // what stands for the other placeholders: name, value, …
	query  string
	form   string // pairs, as in an address; {thing} stands for its id
	upload bool   // the form is a file
	status int    // when it is done; 0 is anything below 400
	masked int    // the same for those who see masked data, where that differs
	passes bool   // it ends a session or starts a long answer: walked by nobody who may
}

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

type walk struct {
	*house.House
	t       *testing.T
	people  []person
	owner   person
	mine    team.TeamID
	theirs  team.TeamID
	alone   team.ID // sees only his own
	other   *house.Visitor
	own     things // of the team mine, followed by alone
	foreign things
	made    int
	asked   int
	counts  string // a query for how many rows there are of everything
}

// things are the ids of one of everything, by what it is.
type things map[string]string

// brokenJob fails whenever it is tried.
type brokenJob struct{}

func (brokenJob) JobKind() string { return "walk.broken" }

func newWalk(t *testing.T, h *house.House) *walk {
	job.Handle(h.Jobs, job.Kind{Tries: 1}, func(context.Context, *job.Run, brokenJob) error { return errors.New("broken") })
	w := &walk{House: h.Furnish(), t: t, counts: countAll(t)}
	h.PostOffice()
	w.mine, w.theirs = w.team("Mine"), w.team("Theirs")
	w.other = h.As("other", team.Agent)
	w.hireAll()
	w.own, w.foreign = w.whole(w.mine), w.whole(w.theirs)
	return w
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
		out["field"], out["label"] = field.ID.String(), uses[at].ID.String()
		return w.knows(ctx, tx, out)
	})
	return out
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
	w.merge(out)
	w.unite(out)
	other := person{Visitor: w.other}
	out["session"], out["key"] = w.sessions(other)[0], other.key()
	return out
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

// fresh is what an action may use up: only as much as it is about.
func (w *walk) fresh(what string, p person) things {
	out := w.talked(w.mine)
	switch what {
	case "door", "chat", "person", "team", "token", "role", "field", "label", "article", "version", "category":
		w.house(out)
	case "held":
		out["held"] = w.held()
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

var hole = regexp.MustCompile(`\{([a-z]+)\}`)

// fill puts ids into a path or a form.
func (t things) fill(text, id string, with []string) string {
	return hole.ReplaceAllStringFunc(text, func(s string) string {
		name := strings.Trim(s, "{}")
		if i := slices.Index(with, name); i >= 0 && i%2 == 0 {
			if v, ok := t[strings.TrimPrefix(with[i+1], "=")]; ok && strings.HasPrefix(with[i+1], "=") {
				return url.PathEscape(v)
			}
			return with[i+1]
		}
		if v, ok := t[name]; ok && name != "name" && name != "number" && name != "token" {
			return url.QueryEscape(v)
		}
		return url.PathEscape(t[id])
	})
}

// said is what somebody gets to read, without what differs each time.
func said(a house.Answer) string { return fmt.Sprint(a.Status, " ", a.To, " ", a.Words()) }

func (w *walk) ask(p person, r desk.Route, o way, on things, token string, headers ...string) house.Answer {
	w.t.Helper()
	w.asked++
	path := on.fill(r.Path, o.id, o.with)
	path = strings.ReplaceAll(path, "{$}", "")
	if o.query != "" {
		path += "?" + on.fill(o.query, o.id, nil)
	}
	if r.Method == "GET" {
		return p.Get(path, headers...)
	}
	if o.upload {
		body, kind := aFile()
		return p.Send(r.Method, path, body, append(headers, "Content-Type", kind, "X-CSRF-Token", token)...)
	}
	form := on.fillForm(o.form)
	if token != "" {
		form.Set("_csrf", token)
	}
	return p.Send(r.Method, path, strings.NewReader(form.Encode()), append(headers, "Content-Type", "application/x-www-form-urlencoded")...)
}

func (t things) fillForm(text string) url.Values {
	form, err := url.ParseQuery(text)
	if err != nil {
		panic(err)
	}
	for _, list := range form {
		for i, v := range list {
			list[i] = hole.ReplaceAllStringFunc(v, func(s string) string { return t[strings.Trim(s, "{}")] })
		}
	}
	return form
}

func aFile() (*bytes.Buffer, string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	f, _ := m.CreateFormFile("file", "a.txt")
	f.Write([]byte("abc"))
	m.Close()
	return &b, m.FormDataContentType()
}

var created = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

// countAll counts what is in every table. Whatever a command does it records, so
// what has as many rows as before was not changed.
func countAll(t *testing.T) string {
	var parts []string
	for _, name := range tables(t) {
		parts = append(parts, `SELECT '`+name+`' AS name, COUNT(*) AS n FROM `+name)
	}
	return strings.Join(parts, " UNION ALL ") + ` ORDER BY name`
}

// tables are all the tables but the indexes of words.
func tables(t *testing.T) (names []string) {
	list, err := migrations.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		b, err := migrations.Files.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range created.FindAllStringSubmatch(string(b), -1) {
			if !strings.HasSuffix(m[1], "_search") {
				names = append(names, m[1])
			}
		}
	}
	return names
}

func (w *walk) state() string {
	return w.one(func(tx *db.Tx) (string, error) {
		rows, err := db.All(w.System(), tx, func(r db.Row) (string, error) {
			var name string
			var n int
			err := r.Scan(&name, &n)
			return fmt.Sprint(name, " ", n), err
		}, w.counts)
		return strings.Join(rows, ", "), err
	})
}

// route is one route, walked by everybody.
func (w *walk) route(r desk.Route, o way) {
	name, unsafe := r.Method+" "+r.Path, r.Method != "GET"
	if unsafe {
		w.forged(r, o)
	}
	if o.public {
		w.open(r, o)
		return
	}
	for _, p := range w.people {
		token := ""
		if unsafe {
			token = p.Token()
		}
		before := ""
		if unsafe {
			before = w.state()
		}
		unchanged := func(what string) {
			if unsafe {
				if after := w.state(); after != before {
					w.t.Errorf("%s by %s %s changed something:\n%s\n%s", name, p.name, what, before, after)
				}
			}
		}
		if p.lacks != "" && p.lacks != o.right && !slices.Contains(o.also, p.lacks) && !(o.few && p.lacks == team.ReadConversations) {
			continue // here he is one more administrator
		}
		if p.out {
			a := w.ask(p, r, o, w.own, token)
			if a.Status != 303 || !strings.HasPrefix(a.To, "/sign-in") {
				w.t.Errorf("%s by %s: %d, leads to %q", name, p.name, a.Status, a.To)
			}
			unchanged("who is not signed in")
			continue
		}
		if !p.can(o.right) {
			all := []string{said(w.ask(p, r, o, w.own, token)), said(w.ask(p, r, o, w.foreign, token)), said(w.ask(p, r, o, w.own.absent(), token))}
			if !strings.HasPrefix(all[0], "403 ") || all[1] != all[0] || all[2] != all[0] {
				w.t.Errorf("%s by %s, who has no right to it: %.300q", name, p.name, all)
			}
			unchanged("who has no right to it")
			continue
		}
		w.allowed(r, o, p, token, unchanged)
	}
}

// allowed is one route, walked by somebody who may come in.
func (w *walk) allowed(r desk.Route, o way, p person, token string, unchanged func(string)) {
	name := r.Method + " " + r.Path
	if o.id != "" {
		gone := w.ask(p, r, o, w.own.absent(), token)
		if gone.Status != 404 && (gone.Status != 403 || p.can(o.also...)) {
			w.t.Errorf("%s by %s on what never was: %.300s", name, p.name, said(gone))
		}
		if o.his || o.few && (p.narrow || p.masked) {
			a := w.ask(p, r, o, w.foreign, token)
			if said(a) != said(gone) {
				w.t.Errorf("%s by %s on another's: %.300q; on what never was: %.300q", name, p.name, said(a), said(gone))
			}
			w.keeps(name, p, a)
		}
		unchanged("on what is not his")
	}
	if o.passes {
		return
	}
	on := w.own
	if r.Method != "GET" {
		on = w.fresh(o.id, p)
		if o.id == "session" {
			token = p.Token()
		}
	}
	a, want := w.ask(p, r, o, on, token), o.status
	switch {
	case !p.can(o.also...):
		want = 403
	case o.few && !p.can(team.ReadConversations):
		want = 404
	case p.masked && o.masked != 0:
		want = o.masked
	}
	if want != 0 && a.Status != want || want == 0 && a.Status >= 400 {
		w.t.Errorf("%s by %s on his own: %.300s; want %d", name, p.name, said(a), want)
	}
	w.keeps(name, p, a)
}

// keeps fails the test if an answer to somebody who sees little holds a word of another team's.
func (w *walk) keeps(what string, p person, a house.Answer) {
	w.t.Helper()
	if p.narrow || p.out || p.name == team.Partner {
		if i := strings.Index(a.Body, secret(w.theirs)); i >= 0 {
			w.t.Errorf("%s tells %s what is another team's: %s", what, p.name, a.Body[max(0, i-200):i+30])
		}
	}
}

// forged is a form that comes from another site, or without or with another's token.
func (w *walk) forged(r desk.Route, o way) {
	before, mina := w.state(), person{Visitor: w.Mina}
	tries := map[string]house.Answer{
		"from another site":   w.ask(w.owner, r, o, w.own, w.owner.Token(), "Sec-Fetch-Site", "cross-site"),
		"from another origin": w.ask(w.owner, r, o, w.own, w.owner.Token(), "Origin", "https://evil.example"),
	}
	if !strings.HasPrefix(r.Path, "/hc/") { // behind those stands no session, so they have no token: ui.CSRF
		tries["without a token"] = w.ask(w.owner, r, o, w.own, "")
		tries["with another's token"] = w.ask(w.owner, r, o, w.own, mina.Token())
	}
	for what, a := range tries {
		if a.Status != 403 {
			w.t.Errorf("%s %s %s: %.200s", r.Method, r.Path, what, said(a))
		}
	}
	if after := w.state(); after != before {
		w.t.Errorf("%s %s, forged, changed something:\n%s\n%s", r.Method, r.Path, before, after)
	}
}

// open is a page for everybody: it answers strangers, and tells nothing.
func (w *walk) open(r desk.Route, o way) {
	for _, p := range w.people[:3] {
		if o.passes && !p.out {
			continue
		}
		token := ""
		if r.Method != "GET" {
			token = p.Token()
		}
		a := w.ask(p, r, o, w.own, token)
		if o.status != 0 && a.Status != o.status || a.Status >= 500 {
			w.t.Errorf("%s %s by %s: %.200s", r.Method, r.Path, p.name, said(a))
		}
		w.keeps(r.Path, p, a)
	}
}
