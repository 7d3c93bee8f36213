package settings

import (
	"cmp"
	"context"
	"slices"

	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// kinds lists what can be in the log, by area.
func kinds() [][]string {
	return [][]string{
		{"team", "team.signed_in", "team.sign_in_failed", "team.signed_out", "team.sessions_ended", "team.password_changed", "team.reset_asked", "team.factor_on",
			"team.factor_off", "team.factor_required", "team.recovery_made", "team.recovery_used", "team.invited", "team.joined", "team.person_made", "team.profile_changed",
			"team.email_changed", "team.role_changed", "team.see_changed", "team.disabled", "team.enabled", "team.role_made", "team.role_edited", "team.role_deleted",
			"team.team_made", "team.team_changed", "team.team_deleted", "team.members_changed", "team.token_made", "team.token_revoked", "team.firm_set_up",
			"team.firm_changed", "team.sessions_changed", "team.address_failing", "team.address_trusted"},
		{"conversation", "conversation.opened", "conversation.received", "conversation.replied", "conversation.noted", "conversation.assigned", "conversation.team_set",
			"conversation.status_set", "conversation.tagged", "conversation.untagged", "conversation.changed", "conversation.merged", "conversation.split",
			"conversation.undone", "conversation.unsent", "conversation.deleted", "conversation.followed", "conversation.unfollowed", "conversation.delivery_set",
			"conversation.auto_replied", "conversation.tag_renamed", "conversation.tag_deleted", "conversation.field_defined", "conversation.field_removed"},
		{"contact", "contact.created", "contact.changed", "contact.viewed", "contact.exported", "contact.erased", "contact.merged", "contact.unmerged", "contact.blocked",
			"contact.unblocked", "contact.address_added", "contact.address_removed", "contact.address_verified", "contact.stage_changed", "contact.note_added",
			"contact.note_changed", "contact.note_removed", "contact.field_defined", "contact.field_removed"},
		{"company", "company.created", "company.changed", "company.removed", "company.merged", "company.unmerged"},
		{"inbox", "inbox.created", "inbox.changed", "inbox.enabled", "inbox.disabled"},
		{"email", "email.held", "email.released"},
	}
}

func kindOptions(ctx context.Context) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "audit_all")}}
	for _, area := range kinds() {
		head := i18n.T(ctx, "audit.area_"+area[0])
		list = append(list, ui.Option{Value: area[0], Label: t(ctx, "audit_all_of", "area", head), Group: head})
		for _, k := range area[1:] {
			list = append(list, ui.Option{Value: k, Label: kindWord(ctx, k), Group: head})
		}
	}
	return list
}

func whoOptions(ctx context.Context, people map[team.ID]string) []ui.Option {
	var all []ui.Option
	for key, name := range people {
		all = append(all, ui.Option{Value: key.String(), Label: name})
	}
	slices.SortFunc(all, func(a, b ui.Option) int { return cmp.Compare(a.Label, b.Label) })
	return append([]ui.Option{{Label: t(ctx, "audit_anybody")}, {Value: "system", Label: i18n.T(ctx, "audit.actor_system")}, {Value: "nobody", Label: i18n.T(ctx, "audit.actor_nobody")}}, all...)
}
