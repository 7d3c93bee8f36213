package ui

import "github.com/a-h/templ"

// Field is one input of a form, with everything that is said about it.
type Field struct {
	Name  string
	Label string
	Hint  string
	Error string // in the reader's language; Errors.For(name)
	Value string

	Type         string // of an input; "text" when empty
	Placeholder  string
	Autocomplete string
	Inputmode    string
	Unit         string // shown inside, at the end: "minutes"
	Lang         string // of the value, when it is not the page's
	Max          int    // letters
	Rows         int    // of an area
	Optional     bool   // says so beside the label
	Required     bool
	Disabled     bool
	ReadOnly     bool
	Autofocus    bool
	ID           string           // "f-" + Name when empty
	Attrs        templ.Attributes // anything else: hx-get, pattern, data-…
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return "f-" + f.Name
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// describedBy names the hint and the error for who hears the form.
func (f Field) describedBy() string {
	switch {
	case f.Hint != "" && f.Error != "":
		return f.id() + "-hint " + f.id() + "-error"
	case f.Hint != "":
		return f.id() + "-hint"
	case f.Error != "":
		return f.id() + "-error"
	}
	return ""
}

// attributes are what every kind of input has in common.
func (f Field) attributes() templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name}
	for name, value := range map[string]string{"aria-describedby": f.describedBy(), "placeholder": f.Placeholder,
		"autocomplete": f.Autocomplete, "inputmode": f.Inputmode, "lang": f.Lang} {
		if value != "" {
			a[name] = value
		}
	}
	for name, set := range map[string]bool{"required": f.Required, "disabled": f.Disabled, "readonly": f.ReadOnly, "autofocus": f.Autofocus} {
		if set {
			a[name] = true
		}
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	for name, value := range f.Attrs {
		a[name] = value
	}
	return a
}

// Option is one choice.
type Option struct {
	Value, Label string
	Group        string // options of one group stand together
	Disabled     bool
}

// optionGroup is consecutive options of one group.
type optionGroup struct {
	label   string
	options []Option
}

func grouped(options []Option) []optionGroup {
	var groups []optionGroup
	for _, o := range options {
		if n := len(groups); n == 0 || groups[n-1].label != o.Group {
			groups = append(groups, optionGroup{label: o.Group})
		}
		last := &groups[len(groups)-1]
		last.options = append(last.options, o)
	}
	return groups
}

func valueOrOn(v string) string {
	if v == "" {
		return "on"
	}
	return v
}
