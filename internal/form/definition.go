package form

import (
	"slices"

	"baraji/internal/kit/i18n"
)

// Text is what is said to customers, by language.
type Text = i18n.Text

// Definition is what a form asks and says.
type Definition struct {
	Title   Text     `json:"title"`
	Intro   Text     `json:"intro,omitempty"`
	Button  Text     `json:"button,omitempty"` // "": ours
	Thanks  Text     `json:"thanks,omitempty"` // "": ours
	Fields  []Field  `json:"fields"`
	Tags    []string `json:"tags,omitempty"`    // of the conversation
	Type    string   `json:"type,omitempty"`    // of the conversation
	Help    bool     `json:"help,omitempty"`    // known problems and articles are shown before it is sent
	Confirm bool     `json:"confirm,omitempty"` // a mail says that it arrived
	Origins []string `json:"origins,omitempty"` // sites that may show it in a frame, such as https://shop.example
}

// Kind is what a field takes.
type Kind string

// The kinds of field.
const (
	Line    Kind = "text"
	Long    Kind = "long"
	Email   Kind = "email"
	Phone   Kind = "phone"
	Number  Kind = "number"
	Date    Kind = "date"
	Choice  Kind = "choice"
	Choices Kind = "choices"
	Upload  Kind = "file"
	Consent Kind = "consent"
	Hidden  Kind = "hidden"
)

// Kinds lists them, in the order in which they are offered.
var Kinds = []Kind{Line, Long, Email, Phone, Number, Date, Choice, Choices, Upload, Consent, Hidden}

// What a field's answer is, beside an answer.
const (
	AsAdvertising = "advertising" // of a consent: news and offers may be sent to them

	AsName    = "name"     // how the customer is called, where nobody knows it yet
	AsSubject = "subject"  // the subject of the conversation
	AsField   = "field:"   // with the key of an own field of conversations behind it
	AsContact = "contact:" // of customers: see Claim for whom it fills at once
	AsCompany = "company:" // of companies
)

// Field is one question.
type Field struct {
	Key      string     `json:"key"` // small letters, digits, underscores; never changes
	Kind     Kind       `json:"kind"`
	Label    Text       `json:"label,omitempty"` // of a consent: its wording
	Help     Text       `json:"help,omitempty"`
	Required bool       `json:"required,omitempty"`
	Choices  []Option   `json:"choices,omitempty"`
	Min      *float64   `json:"min,omitempty"`     // of a number; letters of a text
	Max      *float64   `json:"max,omitempty"`     // of a number; letters of a text; how many files
	Default  string     `json:"default,omitempty"` // of a hidden field, where the address of the page says nothing (?key=…)
	As       string     `json:"as,omitempty"`
	When     *Condition `json:"when,omitempty"` // nil: always asked
}

// Option is one choice. What is stored is its value.
type Option struct {
	Value string `json:"value"`
	Label Text   `json:"label"`
}

// Condition says when a field is asked: an earlier field is asked itself and has one of the answers; any answer, when Is is empty.
type Condition struct {
	Field string   `json:"field"`
	Is    []string `json:"is,omitempty"`
}

// Field is the field with a key.
func (d Definition) Field(key string) (Field, bool) {
	i := slices.IndexFunc(d.Fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return d.Fields[i], true
}

// First is the first field of a kind.
func (d Definition) First(k Kind) (Field, bool) {
	i := slices.IndexFunc(d.Fields, func(f Field) bool { return f.Kind == k })
	if i < 0 {
		return Field{}, false
	}
	return d.Fields[i], true
}

// Asks says whether any field is of a kind.
func (d Definition) Asks(k Kind) bool { _, ok := d.First(k); return ok }

// Option is the choice with a value.
func (f Field) Option(value string) (Option, bool) {
	i := slices.IndexFunc(f.Choices, func(o Option) bool { return o.Value == value })
	if i < 0 {
		return Option{}, false
	}
	return f.Choices[i], true
}

// Answers are what was given, by the key of the field: one text for most, several for several choices.
type Answers map[string][]string

// One is the only answer of a field, "" for none.
func (a Answers) One(key string) string {
	if v := a[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Asked are the fields that count for some answers, in order: those whose condition holds.
func (d Definition) Asked(given Answers) (list []Field) {
	asked := map[string]bool{}
	for _, f := range d.Fields {
		if f.When == nil || asked[f.When.Field] && f.When.holds(given[f.When.Field]) {
			asked[f.Key] = true
			list = append(list, f)
		}
	}
	return list
}

func (c Condition) holds(given []string) bool {
	return slices.ContainsFunc(given, func(v string) bool {
		return v != "" && (len(c.Is) == 0 || slices.Contains(c.Is, v))
	})
}
