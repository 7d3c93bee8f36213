package settings

import (
	"context"

	"baraji/internal/kit/i18n"
)

func (f ownField) action() string {
	if f.ID == "" {
		return "/settings/fields/" + f.Holder + "/new"
	}
	return "/settings/fields/" + f.Holder + "/" + f.ID
}

func fieldHead(ctx context.Context, f ownField) string {
	if f.ID == "" {
		return t(ctx, "field_new")
	}
	return fieldLabel(ctx, f)
}

func fieldLabel(ctx context.Context, f ownField) string {
	if i18n.Of(ctx).Locale == i18n.Korean {
		return f.Korean
	}
	return f.English
}
