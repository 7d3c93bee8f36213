package i18n

import (
	"context"
	"fmt"
	"strings"
)

// T is the word for key in the reader's language. Args are pairs of name and
// value: T(ctx, "inbox.waiting", "n", 3). Whole numbers are grouped; n also
// chooses between singular and plural. An unknown key comes back as it is: a
// page with a strange word is better than none, and the tests find it.
func T(ctx context.Context, key string, args ...any) string {
	l := Of(ctx).Locale
	w, ok := catalogues()[l].words[key]
	if !ok {
		return key
	}
	return fill(w.choose(args), args)
}

// Has says whether there is a word for key.
func Has(key string) bool {
	_, ok := catalogues()[English].words[key]
	return ok
}

// Sentence is the text of a refusal (kit/problem) in the reader's language:
// the English format is the key, %s and %[2]d work as in fmt, and a particle
// may follow a value: "%s{이/가} 이미 있어요."
func Sentence(ctx context.Context, format string, args ...any) string {
	if s, ok := catalogues()[Of(ctx).Locale].sentences[format]; ok {
		format = s
	}
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	return fill(format, nil)
}

func (w word) choose(args []any) string {
	if w.one == "" {
		return w.other
	}
	if v, ok := lookup(args, "n"); ok && fmt.Sprint(v) == "1" {
		return w.one
	}
	return w.other
}

// fill puts the args into the placeholders of text. A placeholder is {name},
// {name|이/가}, or {이/가} alone, which fits the particle to what stands before.
func fill(text string, args []any) string {
	if !strings.ContainsRune(text, '{') {
		return text
	}
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		inside, after, closed := strings.Cut(rest, "}")
		if !closed {
			return out.String() + "{" + rest
		}
		out.WriteString(placeholder(inside, args, out.String()))
		text = after
	}
}

func placeholder(inside string, args []any, before string) string {
	name, pair, _ := strings.Cut(inside, "|")
	if v, ok := lookup(args, name); ok {
		s := plain(v)
		return s + Particle(s, pair)
	}
	if strings.Contains(name, "/") {
		return Particle(before, name)
	}
	return "{" + inside + "}"
}

func lookup(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return nil, false
}

// plain writes a value as it stands in a sentence.
func plain(v any) string {
	switch v := v.(type) {
	case int:
		return group(int64(v))
	case int64:
		return group(v)
	default:
		return fmt.Sprint(v)
	}
}
