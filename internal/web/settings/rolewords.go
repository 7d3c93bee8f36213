package settings

import "context"

func (f roleForm) action() string {
	if f.New {
		return "/settings/roles/new"
	}
	return "/settings/roles/" + f.Name
}

func roleHead(ctx context.Context, f roleForm) string {
	if f.New {
		return t(ctx, "role_new")
	}
	return titleOfRole(ctx, f.Role)
}

func builtInHint(ctx context.Context, f roleForm) string {
	if f.BuiltIn {
		return t(ctx, "role_built_in")
	}
	return ""
}

func requireWord(ctx context.Context, f roleForm) string {
	if f.SecondFactor {
		return t(ctx, "role_factor_off")
	}
	return t(ctx, "role_factor_on")
}
