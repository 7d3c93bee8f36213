package contact

import (
	"context"
	"strings"
	"unicode/utf8"

	"baraji/internal/team"
)

// shown is a person as whoever acts may see him.
func shown(ctx context.Context, c Contact) Contact {
	if team.From(ctx).Masked {
		return Masked(c)
	}
	return c
}

// Masked is a person as partners see him: enough to talk to him, not enough to
// take him along.
func Masked(c Contact) Contact {
	if c.nameless() && c.Name != "" {
		c.Name = maskAny(c.Name)
	}
	c.Email, c.Phone = MaskEmail(c.Email), MaskPhone(c.Phone)
	c.Remember, c.Gender, c.BirthYear, c.Region, c.Blocked = "", "", 0, "", maskReason(c.Blocked)
	return c
}

// keepHidden makes that who sees masked data does not overwrite what he did not see.
func (c *Contact) keepHidden(was Contact) {
	c.Remember, c.Gender, c.BirthYear, c.Region = was.Remember, was.Gender, was.BirthYear, was.Region
	if c.Name == Masked(was).Name {
		c.Name = was.Name
	}
}

func maskReason(why string) string {
	if why == "" {
		return ""
	}
	return "***"
}

func (p Profile) masked() Profile {
	p.Contact = Masked(p.Contact)
	for _, list := range [][]Address{p.Addresses, p.Claims} {
		for i := range list {
			list[i].Value, list[i].Shown = "", MaskAddress(list[i].Kind, list[i].Shown)
		}
	}
	p.Values = nil
	return p
}

// MaskAddress hides the most of an address.
func MaskAddress(kind Kind, s string) string {
	switch kind {
	case Email:
		return MaskEmail(s)
	case Phone:
		return MaskPhone(s)
	}
	return maskRest(s)
}

func maskAny(s string) string {
	if strings.Contains(s, "@") {
		return MaskEmail(s)
	}
	return MaskPhone(s)
}

// MaskEmail makes hana@solip.example h***@solip.example.
func MaskEmail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return maskRest(s)
	}
	return maskRest(s[:at]) + s[at:]
}

// MaskPhone makes 010-1234-5678 010-****-5678.
func MaskPhone(s string) string {
	digits := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	if digits < 8 {
		return maskRest(s)
	}
	n := 0
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return r
		}
		n++
		if n > digits-4 || n <= digits-8 {
			return r
		}
		return '*'
	}, s)
}

// maskRest keeps the first character.
func maskRest(s string) string {
	if s == "" {
		return ""
	}
	_, n := utf8.DecodeRuneInString(s)
	return s[:n] + "***"
}
