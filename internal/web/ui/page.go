package ui

import (
	"context"

	"baraji/internal/kit/i18n"
)

// htmxConfig: styles of our own for indicators, extensions none, and answers of
// 4xx are swapped, because a form comes back with its errors as 422.
const htmxConfig = `{"includeIndicatorCSS":false,"defaultTimeout":30000,"noSwap":[204,304],"morphScanLimit":20}`

func windowTitle(ctx context.Context, title string) string {
	if shop := shopName(ctx); title != shop {
		return title + " – " + shop
	}
	return title
}

// shopName is the firm's name, and ours before it has one.
func shopName(ctx context.Context) string {
	if shop := Of(ctx).Shop; shop != "" {
		return shop
	}
	return "Baraji"
}

func colorScheme(ctx context.Context) string {
	if theme := Of(ctx).Theme; theme != "" {
		return theme
	}
	return "light dark"
}

func currentLink(l Link) string {
	if l.Current {
		return "page"
	}
	return ""
}

// linkLabel is what a link is called aloud: the narrow navigation hides its words.
func linkLabel(ctx context.Context, l Link) string {
	if l.Count == 0 {
		return l.Label
	}
	return l.Label + ", " + i18n.Number(ctx, int64(l.Count))
}
