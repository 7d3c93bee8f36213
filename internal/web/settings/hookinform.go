package settings

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/hookin"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/web/acts"
	"baraji/internal/web/ui"
)

// hookinForm is an incoming webhook as it is typed, beside something that came.
type hookinForm struct {
	hookin.Hook
	Rows     []hookinRow
	Inbox    string
	Sample   hookin.Item // zero: nothing has come yet
	Samples  []hookin.Item
	Inboxes  []inbox.Inbox
	Talks    []conversation.Field
	Contacts []contact.Field
	Focus    string // which field is looked at next
	Trouble  ui.Trouble
}

// hookinRow is one row of the mapping: a value that rules look at has a name.
type hookinRow struct{ To, Name, From string }

func (r hookinRow) row() hookin.Row {
	if r.To == "value." {
		return hookin.Row{To: r.To + strings.TrimSpace(r.Name), From: r.From}
	}
	return hookin.Row{To: r.To, From: r.From}
}

func rowOf(r hookin.Row) hookinRow {
	if name, ok := strings.CutPrefix(r.To, "value."); ok {
		return hookinRow{"value.", name, r.From}
	}
	return hookinRow{r.To, "", r.From}
}

func (f hookinForm) path() string { return hookinPath(f.ID) + "/edit" }

// document is what one maps: what came, or an example.
func (f hookinForm) document() any {
	if f.Sample.ID == 0 {
		return hookin.Item{Raw: sampleOrder}.Document()
	}
	return f.Sample.Document()
}

func (a area) editHookin(w http.ResponseWriter, r *http.Request) error {
	f, err := a.hookinAt(r)
	if err != nil {
		return err
	}
	for _, row := range f.Mapping.Rows {
		f.Rows = append(f.Rows, rowOf(row))
	}
	f.Inbox = f.Mapping.Inbox.String()
	if len(f.Rows) == 0 {
		f.Rows = []hookinRow{{To: "customer.email"}, {To: "customer.name"}}
	}
	return a.showHookinForm(w, r, http.StatusOK, f)
}

func (a area) hookinAt(r *http.Request) (f hookinForm, err error) {
	key, err := hookinID(r)
	if err != nil {
		return f, err
	}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { f.Hook, err = hookin.Get(r.Context(), tx, key); return err })
	return f, err
}

const samplesShown = 10

func (a area) showHookinForm(w http.ResponseWriter, r *http.Request, status int, f hookinForm) error {
	ctx := r.Context()
	picked, _ := id.Read[hookin.ItemID](r.FormValue("sample"))
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if f.Samples, err = hookin.Items(ctx, tx, f.ID, "", 0, samplesShown); err != nil {
			return err
		}
		if f.Inboxes, err = inbox.List(ctx, tx); err != nil {
			return err
		}
		if f.Talks, err = conversation.Fields(ctx, tx); err != nil {
			return err
		}
		f.Contacts, err = contact.Fields(ctx, tx, contact.OfContact)
		return err
	})
	if err != nil {
		return err
	}
	for i, s := range f.Samples {
		if i == 0 || s.ID == picked {
			f.Sample = s
		}
	}
	ui.Render(w, r, status, hookinFormPage(f))
	return nil
}

// saveHookin is POST of the form: a row more or less, another sample, or all of it saved.
func (a area) saveHookin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := a.hookinAt(r)
	if err != nil {
		return err
	}
	f.Name, f.Proof, f.Inbox = r.FormValue("name"), readProof(r), r.FormValue("inbox")
	for i := range min(len(r.Form["row"]), 61) {
		at := "row." + strconv.Itoa(i) + "."
		f.Rows = append(f.Rows, hookinRow{r.FormValue(at + "to"), r.FormValue(at + "name"), r.FormValue(at + "from")})
	}
	do, what, _ := strings.Cut(r.FormValue("do"), " ")
	if f.arrange(do, what) {
		return a.showHookinForm(w, r, http.StatusOK, f)
	}
	g := hookin.Given{Name: f.Name, Proof: f.Proof}
	g.Mapping.Inbox, _ = id.Read[inbox.ID](f.Inbox)
	for _, row := range f.Rows {
		if row.From != "" || row.Name != "" { // an empty row is none
			g.Mapping.Rows = append(g.Mapping.Rows, row.row())
		}
	}
	f.Rows = slices.DeleteFunc(f.Rows, func(r hookinRow) bool { return r.From == "" && r.Name == "" })
	err = a.DB.Write(ctx, func(tx *db.Tx) error { return hookin.Change(ctx, tx, f.ID, g) })
	if err == nil {
		return done(w, r, hookinPath(f.ID), "saved")
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showHookinForm(w, r, f.Trouble.Status, f)
}

// arrange does what a button says that only changes the form; false is another button.
func (f *hookinForm) arrange(do, what string) bool {
	i, _ := strconv.Atoi(what)
	switch do {
	case "redraw":
	case "add":
		f.Rows = append(f.Rows, hookinRow{To: "customer.email"})
		f.Focus = "row." + strconv.Itoa(len(f.Rows)-1) + ".to"
	case "off":
		if i >= 0 && i < len(f.Rows) {
			f.Rows = slices.Delete(f.Rows, i, i+1)
		}
	case "use":
		f.use(what)
	default:
		return false
	}
	return true
}

// use puts a path into the first row that has none, or into a new one, for what it looks like.
func (f *hookinForm) use(path string) {
	to := guess(path)
	at := slices.IndexFunc(f.Rows, func(r hookinRow) bool { return r.From == "" && r.To == to })
	if at < 0 {
		at = len(f.Rows)
		f.Rows = append(f.Rows, hookinRow{To: to})
	}
	f.Rows[at].From = path
	if to == "value." {
		f.Rows[at].Name = valueNamed(path)
	}
	f.Focus = "row." + strconv.Itoa(at) + ".to"
}

// guess is what a path may be for, by its last word.
func guess(path string) string {
	last := strings.ToLower(path[strings.LastIndexAny(path, ".]")+1:])
	switch {
	case strings.Contains(last, "mail"):
		return "customer.email"
	case strings.Contains(last, "phone"), strings.Contains(last, "mobile"):
		return "customer.phone"
	case last == "name", last == "full_name", last == "customer_name":
		return "customer.name"
	case last == "company", last == "organization":
		return "customer.company"
	case last == "subject", last == "title":
		return "conversation.subject"
	case last == "text", last == "message", last == "body", last == "description":
		return "conversation.text"
	}
	return "value."
}

// valueNamed makes a name of a path: order.number is order_number.
func valueNamed(path string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '_'
	}, path)
	name = strings.Trim(name, "_0123456789")
	return name[:min(len(name), 40)]
}

// targets are what can be filled, own fields by their names.
func (f hookinForm) targets(ctx context.Context) (list []ui.Option) {
	korean := i18n.Of(ctx).Locale == i18n.Korean
	called := func(en, ko string) string {
		if korean && ko != "" || en == "" {
			return ko
		}
		return en
	}
	for _, to := range hookin.Targets {
		part, _, _ := strings.Cut(to.Key, ".")
		group := t(ctx, "hookin_part_"+part)
		switch to.Key {
		case "customer.field.":
			for _, o := range f.Contacts {
				list = append(list, ui.Option{Value: to.Key + o.Key, Label: called(o.English, o.Korean), Group: group})
			}
		case "conversation.field.":
			for _, o := range f.Talks {
				list = append(list, ui.Option{Value: to.Key + o.Key, Label: called(o.English, o.Korean), Group: group})
			}
		default:
			list = append(list, ui.Option{Value: to.Key, Label: t(ctx, "hookin_to_"+strings.ReplaceAll(strings.TrimSuffix(to.Key, "."), ".", "_")), Group: group})
		}
	}
	return list
}

func (f hookinForm) inboxes(ctx context.Context) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "hookin_no_inbox")}}
	for _, in := range f.Inboxes {
		if in.Enabled {
			list = append(list, ui.Option{Value: in.ID.String(), Label: in.Name})
		}
	}
	return list
}

// seen is what a row says of the sample.
func (f hookinForm) seen(doc any, r hookinRow) string {
	if r.From == "" {
		return ""
	}
	return acts.Short(r.row().Of(doc), 80)
}
