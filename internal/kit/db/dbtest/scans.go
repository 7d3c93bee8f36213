package dbtest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"baraji/internal/kit/db"
)

// large are the tables that grow with every customer and every message: what reads one of them whole becomes slower each day.
var large = []string{"conversation", "conversation_message", "conversation_attachment", "conversation_participant", "conversation_tagging", "conversation_follower", "conversation_value",
	"contact", "contact_address", "contact_company", "contact_value", "event", "email_item", "email_out", "email_out_recipient", "chat_visitor", "chat_line", "form_submission", "notice",
	"sla_clock", "sla_step", "routing_decision", "oncall_page", "promise", "incident_link", "automation_run", "sequence_path", "sequence_trace", "campaign_recipient", "webhook_delivery",
	"outcall", "hookin_item", "slack_post", "consent", "moment_done", "assistant_session", "assistant_use"}

// NoScans fails where one of the statements that a database was asked so far reads a large table whole. may are parts of those that may, such as
// those of an erasure.
func NoScans(t testing.TB, d *db.DB, may ...string) {
	t.Helper()
	list, err := d.Scans(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		query := strings.Join(strings.Fields(s.Query), " ")
		if slices.Contains(large, s.Table) && !slices.ContainsFunc(may, func(part string) bool { return strings.Contains(query, part) }) {
			t.Errorf("reads all of %s: %s", s.Table, query)
		}
	}
}
