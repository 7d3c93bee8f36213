package ui

import (
	"context"
)

// htmxConfig: styles of our own for indicators, extensions none, and answers of
// 4xx are swapped, because a form comes back with its errors as 422.
const htmxConfig = `{"includeIndicatorCSS":false,"defaultTimeout":30000,"noSwap":[204,304],"morphScanLimit":20}`

func windowTitle(ctx context.Context, title string) string {
	if shop := ShopName(ctx); title != shop {
		return title + " – " + shop
	}
	return title
}

// ShopName is the firm's name, and ours before it has one.
func ShopName(ctx context.Context) string {
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
