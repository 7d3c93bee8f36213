package settings

import (
	"context"

	"baraji/internal/kit/i18n"
)

func rateWords(ctx context.Context, n int) string {
	if n == 0 {
		return t(ctx, "token_no_limit")
	}
	return t(ctx, "token_per_minute", "n", i18n.Number(ctx, int64(n)))
}

func asWhom(f tokenForm) string {
	if f.Mine {
		return "me"
	}
	return "itself"
}
