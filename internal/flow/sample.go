package flow

import (
	"strings"

	"baraji/internal/kit/i18n"
)

// Sample is a path to begin with: what shops are asked most. Its steps are called as the reader calls them.
func Sample(l i18n.Locale) Path {
	step := func(key string, words bool, to ...Choice) Step {
		s := Step{Key: key, Name: starting(key)[l], Say: starting(key + "_say"), Choices: to}
		if words {
			for _, w := range starting(key + "_words") {
				s.Words = append(s.Words, strings.Split(w, ", ")...)
			}
		}
		return s
	}
	to := func(key string) Choice { return Choice{Label: starting(key), Do: Go, Step: key} }
	ask := Choice{Label: starting("ask"), Do: Ask}
	return Path{Steps: []Step{
		step("hello", false, to("delivery"), to("return"), to("product"), ask),
		step("delivery", true, to("when"), to("where")),
		step("when", false),
		step("where", false),
		step("return", true),
		step("product", true, Choice{Label: starting("articles"), Do: Open, URL: "/hc/" + string(l)}, ask),
	}}
}

// starting is a text of the path to begin with, in both languages.
func starting(key string) i18n.Text { return i18n.Every("assistant.flow_start_" + key) }
