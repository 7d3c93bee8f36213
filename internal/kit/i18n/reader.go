package i18n

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Locale is a language of the product, as a BCP 47 tag.
type Locale string

// The languages. Both are first languages: neither falls back on the other.
const (
	English Locale = "en"
	Korean  Locale = "ko"
)

// Locales lists the languages, in the order in which a choice shows them.
func Locales() []Locale { return []Locale{English, Korean} }

// Name is what the language calls itself.
func (l Locale) Name() string {
	if l == Korean {
		return "한국어"
	}
	return "English"
}

// Reader is for whom something is written.
type Reader struct {
	Locale Locale         // English when empty
	Zone   *time.Location // UTC when nil
	Now    time.Time      // the moment of reading; when zero, dates are written out in full
}

type readerKey struct{}

// With puts the reader into the context.
func With(ctx context.Context, r Reader) context.Context {
	return context.WithValue(ctx, readerKey{}, r)
}

// Of is the reader in the context, English and UTC when there is none.
func Of(ctx context.Context) Reader {
	r, _ := ctx.Value(readerKey{}).(Reader)
	if r.Locale == "" {
		r.Locale = English
	}
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	return r
}

// Parse takes a tag such as "ko-KR" and reports whether we speak it.
func Parse(tag string) (Locale, bool) {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	for _, l := range Locales() {
		if base == string(l) {
			return l, true
		}
	}
	return "", false
}

// Match picks the best language for an Accept-Language header (RFC 9110
// section 12.5.4), English if none of ours is wanted.
func Match(accept string) Locale {
	best, bestQ := English, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		tag, params, _ := strings.Cut(part, ";")
		l, ok := Parse(tag)
		if q := quality(params); ok && q > bestQ {
			best, bestQ = l, q
		}
	}
	return best
}

// quality reads "q=0.8"; a tag without one counts fully.
func quality(params string) float64 {
	v, ok := strings.CutPrefix(strings.TrimSpace(params), "q=")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(v, 64)
	if err != nil {
		return 0
	}
	return q
}
