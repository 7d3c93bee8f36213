package settings

import (
	"context"
	"slices"

	"baraji/internal/automation"
	"baraji/internal/kit/i18n"
	"baraji/internal/moment"
	"baraji/internal/sequence"
)

// flowStart is what a flow can begin with. Its name is the word "flows.start_" + its key.
type flowStart struct {
	key, icon string
	flow      func(ctx context.Context) sequence.Flow
}

const day = 24 * 60 // minutes

func doing(acts ...automation.Act) sequence.Step { return sequence.Step{Do: "act", Acts: acts} }

func act(do string, with ...string) automation.Act {
	a := automation.Act{Do: do, With: map[string]string{}}
	for i := 0; i+1 < len(with); i += 2 {
		a.With[with[i]] = with[i+1]
	}
	return a
}

// said is a text of a template, in both languages.
func said(do, key string) automation.Act {
	text := i18n.Every("flows.start_" + key + "_text")
	a := act(do, "text", text[i18n.English], "korean", text[i18n.Korean])
	if do == "write" {
		subject := i18n.Every("flows.start_" + key + "_subject")
		a.With["subject"], a.With["korean_subject"] = subject[i18n.English], subject[i18n.Korean]
	}
	return a
}

func pausing(minutes int) sequence.Step {
	return sequence.Step{Do: "wait", Wait: sequence.Wait{For: "time", Minutes: minutes}}
}

func awaiting(kind string, minutes int, no ...sequence.Step) sequence.Step {
	return sequence.Step{Do: "wait", Wait: sequence.Wait{For: "fact", When: kind, Minutes: minutes}, No: no}
}

func solved() automation.If {
	return automation.If{Field: "conversation.status", Op: "is", Values: []string{"solved"}}
}

// flowStarts lists them, in the order of the page.
func flowStarts() []flowStart {
	return []flowStart{
		{"blank", "plus", func(context.Context) sequence.Flow { return sequence.Flow{Steps: []sequence.Step{pausing(day)}} }},
		{"silence", "clock", func(ctx context.Context) sequence.Flow {
			return sequence.Flow{Again: true, Start: sequence.Start{When: "conversation.replied", If: automation.If{Field: "conversation.status", Op: "is", Values: []string{"pending"}}},
				Leave: []sequence.Leave{{When: "conversation.received"}, {When: "conversation.status_set", If: solved()}},
				Steps: []sequence.Step{pausing(3 * day), doing(said("reply", "silence")), pausing(4 * day), doing(act("status", "to", "solved"))}}
		}},
		{"welcome", "handshake", func(ctx context.Context) sequence.Flow {
			return sequence.Flow{Start: sequence.Start{When: "contact.changed", If: automation.If{Field: "customer.stage", Op: "is", Values: []string{"onboarding"}}},
				Leave: []sequence.Leave{{When: "conversation.received", If: automation.If{Field: "conversation.type", Op: "is", Values: []string{"complaint"}}}},
				Steps: []sequence.Step{doing(said("write", "welcome")), awaiting("conversation.received", 3*day, doing(said("reply", "welcome_more"))),
					pausing(14 * day), doing(act("customer_stage", "stage", "post-sale"), act("tell", "person", "owner", "text", i18n.T(ctx, "flows.start_welcome_tell")))}}
		}},
		{"complaint", "life-buoy", func(ctx context.Context) sequence.Flow {
			return sequence.Flow{Again: true, Start: sequence.Start{When: "conversation.changed", If: automation.If{Field: "conversation.type", Op: "is", Values: []string{"complaint"}}},
				Steps: []sequence.Step{doing(act("set", "priority", "high"), act("tell", "person", "owner", "text", i18n.T(ctx, "flows.start_complaint_tell"))),
					{Do: "wait", Wait: sequence.Wait{For: "fact", When: "conversation.status_set", If: solved(), Minutes: 2 * day},
						Yes: []sequence.Step{pausing(3 * day), doing(said("reply", "complaint"))},
						No:  []sequence.Step{{Do: "hand", Who: sequence.Who{Person: "owner", Text: i18n.T(ctx, "flows.start_complaint_hand")}}}}}}
		}},
		{"aftercare", "smile", func(ctx context.Context) sequence.Flow {
			asks, answer := said("reply", "aftercare"), awaiting("conversation.received", 7*day)
			asks.With["then"] = "solved"
			answer.Yes = []sequence.Step{doing(act("tell", "person", "owner", "text", i18n.T(ctx, "flows.start_aftercare_tell")))}
			return sequence.Flow{Again: true,
				Start: sequence.Start{When: moment.Kind, Moment: &moment.When{Date: "conversation.status_at", Count: 1, Unit: "weeks"},
					If: automation.If{Of: []automation.If{solved(), {Field: "conversation.type", Op: "is", Values: []string{"delivery", "repair", "exchange", "problem"}}}}},
				Steps: []sequence.Step{doing(asks), answer}}
		}},
	}
}

func flowStartOf(key string) (flowStart, bool) {
	list := flowStarts()
	i := slices.IndexFunc(list, func(s flowStart) bool { return s.key == key })
	if i < 0 {
		return flowStart{}, false
	}
	make := list[i].flow
	list[i].flow = func(ctx context.Context) sequence.Flow {
		f := make(ctx)
		f.Name = i18n.T(ctx, "flows.start_"+key)
		return f
	}
	return list[i], true
}
