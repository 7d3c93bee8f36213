package settings

import "context"

func crewHead(ctx context.Context, c crew) string {
	if c.ID == 0 {
		return t(ctx, "team_new")
	}
	return c.Team.Name
}

func crewAction(c crew) string {
	if c.ID == 0 {
		return "/settings/teams/new"
	}
	return "/settings/teams/" + c.ID.String()
}
