package settings

import (
	"context"
	"maps"
	"slices"
	"strings"

	"baraji/internal/outcall"
)

func requestWhy(ctx context.Context, c outcall.Call) string {
	return t(ctx, "request_why_"+string(c.Why), "status", c.Status)
}

// secretList are the secrets that a rule can use, with where each goes.
func secretList(ctx context.Context, hosts map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		list = append(list, "{secret."+name+"} → "+hosts[name])
	}
	if len(list) == 0 {
		return rw(ctx, "http_no_secrets")
	}
	return strings.Join(list, ", ")
}

func secretTitle(ctx context.Context, f keptSecret) string {
	if f.ID == 0 {
		return t(ctx, "secret_new")
	}
	return f.Name
}

func secretValueLabel(ctx context.Context, f keptSecret) string {
	if f.ID == 0 {
		return t(ctx, "secret_value")
	}
	return t(ctx, "secret_value_new")
}
