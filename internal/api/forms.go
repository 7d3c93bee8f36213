package api

import (
	"context"

	"baraji/internal/form"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
)

func forms(rt *routes) {
	get(rt, "/forms", "List the forms, by name", listForms)
	post(rt, "/forms", "Make a form, as a draft", makeForm, status(201))
	get(rt, "/forms/{id}", "Get a form", getForm)
	patch(rt, "/forms/{id}", "Change a form, or publish or close it", changeForm,
		about("`definition` is sent as a whole. What customers have sent already keeps the form that it was sent with."))
	remove(rt, "/forms/{id}", "Remove a form that nobody has sent; close another one instead", removeForm)
}

// Form is a form as it leaves.
type Form struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Slug       string   `json:"slug" doc:"Customers find it at /f/{slug}"`
	InboxID    string   `json:"inbox_id" doc:"Whose team answers"`
	State      string   `json:"state" enum:"draft,live,closed"`
	Version    int      `json:"version"`
	Received   int      `json:"received" doc:"How many became conversations"`
	Held       int      `json:"held" doc:"How many somebody has to look at"`
	Helped     int      `json:"helped" doc:"How often an article was the answer before anything was sent"`
	Definition FormAsks `json:"definition"`
	CreatedAt  stamp    `json:"created_at"`
	UpdatedAt  stamp    `json:"updated_at"`
}

// FormAsks is what a form asks and says. Texts stand by language: ko, en.
type FormAsks struct {
	Title   map[string]string `json:"title"`
	Intro   map[string]string `json:"intro,omitempty"`
	Button  map[string]string `json:"button,omitempty"`
	Thanks  map[string]string `json:"thanks,omitempty"`
	Fields  []FormField       `json:"fields" maxItems:"60" doc:"In order"`
	Tags    []string          `json:"tags,omitempty" doc:"Of the conversation"`
	Type    string            `json:"type,omitempty" doc:"Of the conversation"`
	Help    bool              `json:"help,omitempty" doc:"Known problems and articles are shown before it is sent"`
	Confirm bool              `json:"confirm,omitempty" doc:"A mail of fixed words says that it arrived, at most one a day"`
	Origins []string          `json:"origins,omitempty" doc:"Sites that may show it in a frame, such as https://shop.example"`
}

// FormField is one question.
type FormField struct {
	Key      string            `json:"key" maxLength:"40"`
	Kind     string            `json:"kind" enum:"text,long,email,phone,number,date,choice,choices,file,consent,hidden"`
	Label    map[string]string `json:"label,omitempty"`
	Help     map[string]string `json:"help,omitempty"`
	Required bool              `json:"required,omitempty"`
	Choices  []FormChoice      `json:"choices,omitempty"`
	Min      *float64          `json:"min,omitempty" doc:"Of a number; letters of a text"`
	Max      *float64          `json:"max,omitempty" doc:"Of a number; letters of a text; how many files"`
	Default  string            `json:"default,omitempty" doc:"Of a hidden field"`
	As       string            `json:"as,omitempty" doc:"name: of the customer; subject: of the conversation; field:KEY: an own field"`
	When     *FormWhen         `json:"when,omitempty" doc:"Absent: always asked"`
}

// FormChoice is one choice.
type FormChoice struct {
	Value string            `json:"value,omitempty"`
	Label map[string]string `json:"label"`
}

// FormWhen says that a question is asked when an earlier one has one of these answers; any, when there are none.
type FormWhen struct {
	Field string   `json:"field"`
	Is    []string `json:"is,omitempty"`
}

func showText(t form.Text) map[string]string {
	if len(t) == 0 {
		return nil
	}
	out := map[string]string{}
	for l, s := range t {
		out[string(l)] = s
	}
	return out
}

func readText(m map[string]string) form.Text {
	t := form.Text{}
	for l, s := range m {
		t[i18n.Locale(l)] = s
	}
	return t
}

func showAsks(d form.Definition) FormAsks {
	out := FormAsks{Title: showText(d.Title), Intro: showText(d.Intro), Button: showText(d.Button), Thanks: showText(d.Thanks), Fields: []FormField{}, Tags: d.Tags,
		Type: d.Type, Help: d.Help, Confirm: d.Confirm, Origins: d.Origins}
	for _, f := range d.Fields {
		x := FormField{Key: f.Key, Kind: string(f.Kind), Label: showText(f.Label), Help: showText(f.Help), Required: f.Required, Min: f.Min, Max: f.Max, Default: f.Default, As: f.As,
			When: (*FormWhen)(f.When)}
		for _, o := range f.Choices {
			x.Choices = append(x.Choices, FormChoice{o.Value, showText(o.Label)})
		}
		out.Fields = append(out.Fields, x)
	}
	return out
}

func (in FormAsks) read() form.Definition {
	d := form.Definition{Title: readText(in.Title), Intro: readText(in.Intro), Button: readText(in.Button), Thanks: readText(in.Thanks), Tags: in.Tags, Type: in.Type,
		Help: in.Help, Confirm: in.Confirm, Origins: in.Origins}
	for _, x := range in.Fields {
		f := form.Field{Key: x.Key, Kind: form.Kind(x.Kind), Label: readText(x.Label), Help: readText(x.Help), Required: x.Required, Min: x.Min, Max: x.Max, Default: x.Default,
			As: x.As, When: (*form.Condition)(x.When)}
		for _, o := range x.Choices {
			f.Choices = append(f.Choices, form.Option{Value: o.Value, Label: readText(o.Label)})
		}
		d.Fields = append(d.Fields, f)
	}
	return d
}

func showForm(f form.Form, n map[form.Stand]int) Form {
	return Form{ID: f.ID.String(), Name: f.Name, Slug: f.Slug, InboxID: f.Inbox.String(), State: string(f.State), Version: f.Version, Received: n[form.IsReceived],
		Held: n[form.IsHeld], Helped: f.Helped, Definition: showAsks(f.Definition), CreatedAt: stamp(f.CreatedAt), UpdatedAt: stamp(f.UpdatedAt)}
}

func listForms(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Form], error) {
	list, err := form.List(ctx, tx)
	if err != nil {
		return page[Form]{}, err
	}
	n, err := form.Counts(ctx, tx)
	return all(list, func(f form.Form) Form { return showForm(f, n[f.ID]) }), err
}

func getForm(ctx context.Context, tx *db.Tx, in *one) (Form, error) {
	f, err := formAt(ctx, tx, in.ID)
	if err != nil {
		return Form{}, err
	}
	n, err := form.Counts(ctx, tx)
	return showForm(f, n[f.ID]), err
}

func formAt(ctx context.Context, tx *db.Tx, id string) (form.Form, error) {
	key, err := target[form.ID](id)
	if err != nil {
		return form.Form{}, err
	}
	return form.Get(ctx, tx, key)
}

// newForm makes a form.
type newForm struct {
	Body struct {
		Name       string   `json:"name" maxLength:"200"`
		Slug       string   `json:"slug" maxLength:"60"`
		InboxID    string   `json:"inbox_id"`
		Definition FormAsks `json:"definition"`
	}
}

func makeForm(ctx context.Context, tx *db.Tx, in *newForm) (Form, error) {
	at, err := named[inbox.ID]("inbox_id", in.Body.InboxID)
	if err != nil {
		return Form{}, err
	}
	f, err := form.Create(ctx, tx, form.Form{Name: in.Body.Name, Slug: in.Body.Slug, Inbox: at, Definition: in.Body.Definition.read()})
	return showForm(f, nil), err
}

// formPatch changes a form.
type formPatch struct {
	ID   string `path:"id"`
	Body struct {
		Name       *string   `json:"name,omitempty" maxLength:"200"`
		Slug       *string   `json:"slug,omitempty" maxLength:"60"`
		InboxID    *string   `json:"inbox_id,omitempty"`
		State      *string   `json:"state,omitempty" enum:"draft,live,closed"`
		Definition *FormAsks `json:"definition,omitempty"`
	}
}

func changeForm(ctx context.Context, tx *db.Tx, in *formPatch) (Form, error) {
	f, err := formAt(ctx, tx, in.ID)
	if err != nil {
		return Form{}, err
	}
	if in.Body.Name != nil {
		f.Name = *in.Body.Name
	}
	if in.Body.Slug != nil {
		f.Slug = *in.Body.Slug
	}
	if in.Body.InboxID != nil {
		if f.Inbox, err = named[inbox.ID]("inbox_id", *in.Body.InboxID); err != nil {
			return Form{}, err
		}
	}
	if in.Body.Definition != nil {
		f.Definition = in.Body.Definition.read()
	}
	if f, err = form.Save(ctx, tx, f); err != nil {
		return Form{}, err
	}
	if in.Body.State != nil {
		if err := form.SetState(ctx, tx, f.ID, form.State(*in.Body.State)); err != nil {
			return Form{}, err
		}
	}
	return getForm(ctx, tx, &one{ID: in.ID})
}

func removeForm(ctx context.Context, tx *db.Tx, in *one) error {
	f, err := formAt(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	return form.Remove(ctx, tx, f.ID)
}
