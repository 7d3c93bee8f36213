package settings

import (
	"context"

	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

func rateWords(ctx context.Context, n int) string {
	if n == 0 {
		return t(ctx, "token_no_limit")
	}
	return t(ctx, "token_per_minute", "n", i18n.Number(ctx, int64(n)))
}

func rateHint(ctx context.Context, f tokenForm) string {
	if f.Own() && !team.From(ctx).Can(team.ManageTokens) {
		return t(ctx, "token_rate_own", "most", i18n.Number(ctx, team.DefaultRate))
	}
	return t(ctx, "token_rate_hint")
}

func tokenHint(ctx context.Context, f tokenForm) string {
	if f.Own() {
		return t(ctx, "token_own_hint")
	}
	return t(ctx, "token_hint")
}

func asWhom(f tokenForm) string {
	if f.Mine {
		return "me"
	}
	return "itself"
}
