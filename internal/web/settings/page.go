package settings

import "context"

func titleOf(ctx context.Context, v view) string {
	if v.title != "" {
		return v.title
	}
	return t(ctx, v.section)
}

func aboutOf(ctx context.Context, v view) string {
	if v.title != "" || v.bare || v.about != "" {
		return v.about
	}
	return t(ctx, v.section+"_about")
}

// upOf is the list that a page belongs to.
func upOf(v view) string {
	if v.up == "" {
		return "/settings"
	}
	return v.up
}

func upWord(ctx context.Context, v view) string {
	if v.up == "" {
		return t(ctx, "settings")
	}
	return t(ctx, v.section)
}
