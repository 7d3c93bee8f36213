package contact

import (
	"strings"
	"time"

	"baraji/internal/kit/problem"

	"golang.org/x/text/language"
)

// Limits of what people type, in characters.
const (
	maxName = 200
	maxText = 20_000
)

func errTaken() *problem.Error {
	return problem.New(problem.Conflict, "This address belongs to another customer. Merge the two instead.")
}

// languageTag is the language of a tag such as "ko-KR", as "ko"; "" for what is none.
func languageTag(s string) string {
	if s == "" {
		return ""
	}
	tag, err := language.Parse(s)
	if err != nil {
		return ""
	}
	base, _ := tag.Base()
	if base.String() == "und" {
		return ""
	}
	return base.String()
}

// zone is a time zone's name, or "" for what is none.
func zone(s string) string {
	if s == "" || s == "Local" || strings.ContainsAny(s, "\\.") || len(s) > 60 {
		return ""
	}
	if _, err := time.LoadLocation(s); err != nil {
		return ""
	}
	return s
}

// tidy brings what a person typed into form and says what is wrong with it.
func (c *Contact) tidy(now time.Time) error {
	for _, s := range []*string{&c.Name, &c.Title, &c.Industry, &c.Persona, &c.Gender, &c.Region} {
		*s = clean(*s, maxName)
	}
	c.Remember = cleanText(c.Remember, maxText)
	if c.Name == "" {
		c.Name = c.fallback()
	}
	var check problem.Check
	lang := languageTag(c.Language)
	check.That(c.Language == "" || lang != "", "language", "Choose a language.")
	check.That(c.TimeZone == zone(c.TimeZone), "time_zone", "Choose a time zone.")
	check.That(c.Stage == "" || c.Stage.Known(), "stage", "Choose a stage.")
	check.That(c.BirthYear == 0 || c.BirthYear >= 1900 && c.BirthYear <= now.Year(), "birth_year", "Enter a year of birth with four digits.")
	c.Language = lang
	return check.Err()
}
