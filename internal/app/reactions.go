package app

import (
	"context"

	"baraji/internal/assistant"
	"baraji/internal/campaign"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/hookin"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/outcall"
	"baraji/internal/promise"
	"baraji/internal/routing"
	"baraji/internal/runbook"
	"baraji/internal/sequence"
	"baraji/internal/shift"
	"baraji/internal/sla"
	"baraji/internal/slack"
	"baraji/internal/team"
)

// reactions is what reacts to what: the whole product on a page. The names stay
// when functions are renamed: they stand in the queue.
func (a *App) reactions() {
	on(a, "deliver", a.Mail.OnReplied)
	within(a, "show", a.Chat.OnReplied) // who waits in front of the chat has the answer the moment it is there
	on(a, "deliver form", a.Forms.OnReplied)
	on(a, "deliver portal", a.Portal.OnReplied)
	on(a, "consent receipt", a.Consents.OnGave)
	on(a, "consent receipt", a.Consents.OnWithdrew)
	on(a, "auto-reply", a.Mail.OnReceived)
	on(a, "answer", a.answer)
	within(a, "show", a.Chat.OnBotSaid)
	on(a, "learn", assistant.OnSolved)
	on(a, "learn", assistant.OnPublished)
	on(a, "learn", assistant.OnUnpublished)
	on(a, "learn", assistant.OnArchived)
	on(a, "learn", assistant.OnUnarchived)
	on(a, "learn", assistant.OnChanged)
	on(a, "unlearn", assistant.OnDeleted)
	within(a, "clocks", sla.OnReceived)
	within(a, "clocks", sla.OnReplied)
	within(a, "clocks", sla.OnUnsent)
	within(a, "clocks", sla.OnStatusSet)
	within(a, "clocks", sla.OnChanged)
	within(a, "clocks", sla.OnTeamSet)
	within(a, "clocks", sla.OnMerged)
	within(a, "clocks", sla.OnSplit)
	within(a, "clocks", sla.OnUndone)
	within(a, "rotas", shift.OnTeamDeleted)
	within(a, "rotas", shift.OnDisabled)
	within(a, "rotas", shift.OnEnabled)
	within(a, "incident", incident.OnMerged)
	within(a, "promise", promise.OnMerged)
	within(a, "promise", promise.OnDeleted)
	within(a, "flow", sequence.OnMerged)
	within(a, "flow", sequence.OnDeleted)
	within(a, "runbook", runbook.OnMerged)
	within(a, "runbook", runbook.OnDeleted)
	within(a, "requests", outcall.OnDeleted)
	within(a, "incoming", hookin.OnDeleted)
	within(a, "slack", slack.OnStatusSet)
	within(a, "slack", slack.OnAssigned)
	within(a, "slack", slack.OnChanged)
	within(a, "slack", slack.OnMerged)
	within(a, "slack", slack.OnDeleted)
	within(a, "slack", slack.OnOpened)
	within(a, "slack", slack.OnAcknowledged)
	within(a, "slack", slack.OnReassigned)
	within(a, "slack", slack.OnSilent)
	within(a, "slack", slack.OnExhausted)
	within(a, "slack", slack.OnResolved)
	on(a, "slack", slack.OnNoted)
	within(a, "campaign", a.Many.OnAnswered)
	within(a, "campaign", campaign.OnMerged)
	within(a, "campaign", campaign.OnDeleted)
	within(a, "route", routing.OnStatusSet)
	within(a, "route", routing.OnAssigned)
	within(a, "route", routing.OnFreed[shift.TurnBegan])
	on(a, "escalate", routing.OnBroken)
	on(a, "route", routing.OnHandedOver)
	on(a, "purge", a.onErased)
	on(a, "forget form", form.OnDeleted)
	on(a, "purge", a.onDeleted)
}

// answer lets the machine answer what it can, and gives what it leaves to a person: in that order.
func (a *App) answer(ctx context.Context, tx *db.Tx, f conversation.Received) error {
	if err := a.Robot.OnReceived(ctx, tx, f); err != nil {
		return err
	}
	return routing.OnReceived(ctx, tx, f)
}

// on adds a reaction, which acts as the program itself.
func on[F event.Fact](a *App, name string, fn func(context.Context, *db.Tx, F) error) {
	event.On(a.Events, name, func(ctx context.Context, tx *db.Tx, f F) error { return fn(team.AsSystem(ctx), tx, f) })
}

// within adds a reaction that is part of the command itself.
func within[F event.Fact](a *App, name string, fn func(context.Context, *db.Tx, F) error) {
	event.Within(a.Events, name, func(ctx context.Context, tx *db.Tx, f F) error { return fn(team.AsSystem(ctx), tx, f) })
}
