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
			"conversation.auto_replied", "conversation.bot_said", "conversation.handed_over", "conversation.tag_renamed", "conversation.tag_deleted", "conversation.field_defined", "conversation.field_removed"},
		{"contact", "contact.created", "contact.changed", "contact.viewed", "contact.exported", "contact.erased", "contact.merged", "contact.unmerged", "contact.blocked",
			"contact.unblocked", "contact.address_added", "contact.address_removed", "contact.address_verified", "contact.stage_changed", "contact.note_added",
			"contact.note_changed", "contact.note_removed", "contact.field_defined", "contact.field_removed"},
		{"company", "company.created", "company.changed", "company.removed", "company.merged", "company.unmerged"},
		{"inbox", "inbox.created", "inbox.changed", "inbox.enabled", "inbox.disabled"},
		{"email", "email.held", "email.released", "email.auto_stopped", "email.bulk_answered"},
		{"assistant", "assistant.answer_created", "assistant.answer_changed", "assistant.answer_deleted", "assistant.chosen", "assistant.proposed", "assistant.decided", "assistant.trained", "assistant.chatting_changed"},
		{"flow", "flow.saved", "flow.published", "flow.switched"},
		{"chat", "chat.shown"},
		{"form", "form.created", "form.changed", "form.removed", "form.state_set", "form.submitted", "form.accepted", "form.discarded", "form.held", "form.claim_judged"},
		{"portal", "portal.invited", "portal.entered", "portal.ended", "portal.closed", "portal.reopened", "portal.shared"},
		{"knowledge", "knowledge.created", "knowledge.changed", "knowledge.published", "knowledge.unpublished", "knowledge.archived", "knowledge.unarchived", "knowledge.category_changed", "knowledge.category_removed", "knowledge.synonyms_changed"},
		{"calendar", "calendar.made", "calendar.changed", "calendar.deleted", "calendar.excepted", "calendar.unexcepted", "calendar.holidays_taken"},
		{"sla", "sla.warned", "sla.broken", "sla.targets_changed"},
		{"routing", "routing.routed", "routing.taken_back", "routing.escalated", "routing.rules_changed", "routing.desk_changed"},
		{"shift", "shift.rota_made", "shift.rota_changed", "shift.rota_deleted", "shift.placed", "shift.removed", "shift.overridden", "shift.override_undone", "shift.swap_asked", "shift.swapped", "shift.swap_declined", "shift.swap_withdrawn", "shift.swap_undone", "shift.leave_taken", "shift.leave_ended", "shift.turn_began", "shift.turn_ended", "shift.note_due", "shift.note_written", "shift.note_read", "shift.feed_made", "shift.feed_revoked", "shift.goal_set"},
		{"oncall", "oncall.opened", "oncall.told", "oncall.escalated", "oncall.acknowledged", "oncall.silent", "oncall.reassigned", "oncall.exhausted", "oncall.resolved", "oncall.service_made", "oncall.service_changed", "oncall.service_deleted"},
		{"notice", "notice.choices_changed", "notice.browser_added", "notice.browser_gone", "notice.slack_changed"},
		{"night", "night.looked", "night.unlooked"},
		{"incident", "incident.opened", "incident.changed", "incident.state_set", "incident.updated", "incident.told", "incident.told_elsewhere", "incident.impacted", "incident.linked", "incident.unlinked", "incident.reach_set", "incident.role_set", "incident.noted", "incident.reviewed", "incident.action_added", "incident.action_done", "incident.action_reopened", "incident.maintenance_planned", "incident.maintenance_changed", "incident.maintenance_cancelled", "incident.components_changed", "incident.page_changed", "incident.subscribed", "incident.confirmed", "incident.unsubscribed"},
		{"automation", "automation.made", "automation.changed", "automation.switched", "automation.moved", "automation.deleted", "automation.failed"},
		{"sequence", "sequence.made", "sequence.changed", "sequence.switched", "sequence.deleted", "sequence.started", "sequence.ended", "sequence.asked", "sequence.decided", "sequence.steered", "sequence.failed"},
		{"campaign", "campaign.made", "campaign.changed", "campaign.deleted", "campaign.scheduled", "campaign.started", "campaign.paused", "campaign.resumed", "campaign.ended", "campaign.sent", "campaign.bounced", "campaign.replied", "campaign.unsubscribed", "campaign.defaults_changed"},
		{"macro", "macro.made", "macro.changed", "macro.deleted", "macro.restored", "macro.used"},
		{"promise", "promise.made", "promise.changed", "promise.moved", "promise.warned", "promise.slipped", "promise.kept", "promise.broken", "promise.reopened", "promise.removed"},
		{"runbook", "runbook.made", "runbook.changed", "runbook.archived", "runbook.unarchived", "runbook.started", "runbook.ticked", "runbook.took_back", "runbook.ended", "runbook.resumed"},
		{"webhook", "webhook.made", "webhook.changed", "webhook.deleted", "webhook.rotated", "webhook.switched", "webhook.tried", "webhook.resent", "webhook.disabled"},
		{"hookin", "hookin.received", "hookin.made", "hookin.changed", "hookin.switched", "hookin.rotated", "hookin.deleted"},
		{"moment", "moment.came"},
		{"segment", "segment.made", "segment.changed", "segment.deleted"},
		{"consent", "consent.given", "consent.withdrawn", "consent.confirmed", "consent.barred", "consent.unbarred", "consent.asked", "consent.rules_changed"},
		{"slack", "slack.connected", "slack.disconnected", "slack.options_changed", "slack.troubled", "slack.linked", "slack.parted", "slack.given_up"},
		{"outcall", "outcall.given_up", "outcall.again", "outcall.secret_made", "outcall.secret_changed", "outcall.secret_deleted"},
	}
}

// Kinds lists what can be in the log: an area, and its kinds.
func Kinds() [][]string { return kinds() }

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
