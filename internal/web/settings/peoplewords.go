package settings

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// wordOf is the part of a key in the catalogue for a name in an address.
func wordOf(name string) string { return strings.ReplaceAll(name, "-", "_") }

func titleOfRole(ctx context.Context, r team.Role) string {
	if r.BuiltIn {
		return i18n.T(ctx, r.Word())
	}
	return r.Title
}

func aboutRole(ctx context.Context, r team.Role) string {
	if r.BuiltIn {
		return i18n.T(ctx, r.Word()+"_about")
	}
	return r.About
}

// roleTitle is the title of the role with a name.
func roleTitle(ctx context.Context, roles []team.Role, name string) string {
	for _, r := range roles {
		if r.Name == name {
			return titleOfRole(ctx, r)
		}
	}
	return name
}

func roleOptions(ctx context.Context, roles []team.Role) (list []ui.Option) {
	for _, r := range roles {
		label := titleOfRole(ctx, r)
		if about := aboutRole(ctx, r); about != "" {
			label += " – " + about
		}
		list = append(list, ui.Option{Value: r.Name, Label: label})
	}
	return list
}

func seeOptions(ctx context.Context, asRole bool) (list []ui.Option) {
	if asRole {
		list = append(list, ui.Option{Label: t(ctx, "as_role")})
	}
	for _, s := range []team.See{team.SeeEverything, team.SeeTeams, team.SeeMine} {
		list = append(list, ui.Option{Value: string(s), Label: i18n.T(ctx, s.Word())})
	}
	return list
}

// teamNames is " · Repairs, Sales" of a person in these teams.
func teamNames(p team.Person, all []team.Team) string {
	var names []string
	for _, t := range all {
		if slices.Contains(p.Teams, t.ID) {
			names = append(names, t.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " · " + strings.Join(names, ", ")
}
