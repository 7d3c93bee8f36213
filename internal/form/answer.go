package form

import (
	"net/mail"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
)

// File is a file that came with a form and lies in the blob store.
type File struct {
	Field string `json:"field"`
	Name  string `json:"name"`
	Type  string `json:"type"`
	Size  int64  `json:"size"`
	Blob  string `json:"blob"`
}

// MaxFile is the size of one file, in bytes; MaxFiles how many a form takes in all.
const (
	MaxFile  = 10 << 20
	MaxFiles = 10
)

// refused are kinds of file that do something when one opens them: mail servers do not take them either.
var refused = []string{".exe", ".scr", ".bat", ".cmd", ".com", ".msi", ".ps1", ".vbs", ".js", ".jse", ".wsf", ".hta", ".lnk", ".pif", ".jar", ".cpl", ".reg"}

// Refuses says whether a file of this name is not taken.
func Refuses(name string) bool {
	return slices.Contains(refused, strings.ToLower(path.Ext(strings.TrimRight(name, ". "))))
}

// Read takes the answers that count out of what was sent, and says field by field what is wrong with them.
func (d Definition) Read(given Answers, files []File) (Answers, []File, error) {
	out := Answers{}
	for _, f := range d.Fields {
		if v := f.tidy(given[f.Key]); len(v) > 0 {
			out[f.Key] = v
		}
	}
	var c problem.Check
	var kept []File
	counted := Answers{}
	for _, f := range d.Asked(out) {
		if f.Kind == Upload {
			mine := slices.DeleteFunc(slices.Clone(files), func(x File) bool { return x.Field != f.Key })
			kept = append(kept, mine...)
			f.checkFiles(&c, mine)
			continue
		}
		v := out[f.Key]
		if len(v) == 0 {
			c.That(!f.Required, f.Key, f.lacks())
			continue
		}
		f.checkAnswer(&c, v)
		counted[f.Key] = v
	}
	c.That(len(kept) <= MaxFiles, "form", "Send at most %d files.", MaxFiles)
	return counted, kept, c.Err()
}

// lacks is what one reads beside a question that has to be answered.
func (f Field) lacks() string {
	switch f.Kind {
	case Choice, Choices:
		return "Choose one."
	case Consent:
		return "We need your consent for this."
	case Email:
		return "Enter your e-mail address."
	case Date:
		return "Choose a day."
	}
	return "Fill this in."
}

// tidy makes an answer comparable. What is empty is none.
func (f Field) tidy(given []string) (out []string) {
	for _, v := range given {
		if f.Kind == Long {
			v = plain(v)
		} else {
			v = oneLine(v)
		}
		if v != "" && !slices.Contains(out, v) && len(out) < maxChoices {
			out = append(out, v)
		}
	}
	switch {
	case f.Kind == Hidden && len(out) == 0 && f.Default != "":
		return []string{f.Default}
	case f.Kind == Consent && len(out) > 0:
		return []string{"yes"}
	case f.Kind != Choices && len(out) > 1:
		return out[:1]
	}
	return out
}

func (f Field) checkAnswer(c *problem.Check, v []string) {
	one, n := v[0], len([]rune(v[0]))
	switch f.Kind {
	case Line, Long:
		most := f.most()
		c.That(n <= most, f.Key, "That is too long: at most %d letters.", most)
		c.That(f.Min == nil || n >= int(*f.Min), f.Key, "Write a little more: at least %d letters.", f.least())
	case Hidden:
		c.That(n <= 500, f.Key, "That is too long: at most %d letters.", 500)
	case Email:
		_, ok := contact.NormalEmail(one)
		_, err := mail.ParseAddress(one)
		c.That(ok && err == nil, f.Key, "“%s” is no e-mail address. It looks like name@example.com.", short(one, 60))
	case Phone:
		_, ok := contact.NormalPhone(one)
		c.That(ok, f.Key, "“%s” is no phone number. It looks like 010-1234-5678.", short(one, 40))
	case Number:
		x, err := strconv.ParseFloat(strings.ReplaceAll(one, ",", ""), 64)
		odd := err != nil || strings.ContainsAny(one, "xXnNiI_") // NaN, Inf and numbers of programmers
		c.That(!odd, f.Key, "Enter a number.")
		c.That(odd || f.Min == nil || x >= *f.Min, f.Key, "The number has to be at least %s.", number(f.Min))
		c.That(odd || f.Max == nil || x <= *f.Max, f.Key, "The number may be at most %s.", number(f.Max))
	case Date:
		_, err := time.Parse(time.DateOnly, one)
		c.That(err == nil, f.Key, "Enter a day such as 2026-01-31.")
	case Choice, Choices:
		for _, x := range v {
			_, ok := f.Option(x)
			c.That(ok, f.Key, "Choose one of the answers.")
		}
	}
}

func (f Field) checkFiles(c *problem.Check, files []File) {
	c.That(len(files) > 0 || !f.Required, f.Key, "Attach a file.")
	c.That(len(files) <= f.most(), f.Key, "Attach at most %d files here.", f.most())
}

// most is the greatest length of a text in letters, or how many files.
func (f Field) most() int {
	at := map[Kind]int{Line: 500, Long: maxAnswer, Upload: maxFiles}[f.Kind]
	if f.Max != nil && int(*f.Max) > 0 {
		at = min(at, int(*f.Max))
	}
	return at
}

// Most is the greatest length of a text in letters, or how many files a field takes.
func (f Field) Most() int { return f.most() }

func (f Field) least() int {
	if f.Min == nil {
		return 0
	}
	return int(*f.Min)
}

func number(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}

// Says is an answer as a person reads it, in a language.
func (f Field) Says(v []string, l i18n.Locale) string {
	switch f.Kind {
	case Choice, Choices:
		var words []string
		for _, x := range v {
			if o, ok := f.Option(x); ok {
				x = o.Label.In(l)
			}
			words = append(words, x)
		}
		return strings.Join(words, ", ")
	case Consent:
		return "✓"
	}
	return strings.Join(v, ", ")
}

// Called is what a field is called, in a language.
func (f Field) Called(l i18n.Locale) string {
	if s := f.Label.In(l); s != "" {
		return s
	}
	return f.Key
}
