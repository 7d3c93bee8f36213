package notice

import (
	"context"

	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
)

// Explain is what went wrong, as people read it later, each in his language. What no problem says may hold anything: it stays in the program's log.
func Explain(err error) i18n.Text {
	format, args := "Something went wrong on our side. Baraji's own log says what.", []any(nil)
	if p, ok := problem.As(err); ok {
		format, args = p.Format, p.Args
	}
	if fields := problem.Fields(err); len(fields) > 0 {
		format, args = fields[0].Format, fields[0].Args
	}
	out := i18n.Text{}
	for _, l := range i18n.Locales() {
		s := []rune(i18n.Sentence(i18n.With(context.Background(), i18n.Reader{Locale: l}), format, args...))
		out[l] = string(s[:min(len(s), 300)])
	}
	return out
}
