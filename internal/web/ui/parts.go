package ui

import (
	"context"
	"strings"

	"baraji/internal/kit/i18n"
)

// Head is the head of a column.
type Head struct {
	Label  string
	Number bool   // numbers end on one line
	Hidden bool   // only read aloud: a column of buttons
	Wide   bool   // not on a phone
	URL    string // sorts by it
	Sort   string // "ascending" or "descending" where it sorts
}

// PagerProps is one page of a list that is read by cursor.
type PagerProps struct {
	First, Last, Total int    // 1–50 of 12,408; Total 0 when nobody counted
	Prev, Next         string // addresses, empty at the ends
}

func (p PagerProps) where(ctx context.Context) string {
	if p.Last == 0 {
		return ""
	}
	span := i18n.Number(ctx, int64(p.First)) + "–" + i18n.Number(ctx, int64(p.Last))
	if p.Total == 0 {
		return span
	}
	return i18n.T(ctx, "common.of_total", "span", span, "n", p.Total)
}

// stageClass is the colour of a part of the customer's life; no other thing has it.
func stageClass(stage string) string {
	switch stage {
	case "pre-sale":
		return "k-pre"
	case "onboarding":
		return "k-start"
	case "post-sale":
		return "k-care"
	case "renewal":
		return "k-again"
	}
	return ""
}

func stageWord(stage string) string { return strings.ReplaceAll(stage, "-", "_") }

func bannerIcon(tone string) string {
	switch tone {
	case "bad":
		return "circle-alert"
	case "warn":
		return "triangle-alert"
	case "good":
		return "circle-check"
	}
	return "info"
}
