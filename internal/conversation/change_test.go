package conversation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

func ptr[T any](v T) *T { return &v }

// What the head of a talk may say, which fields the log names, and what is refused.
func TestChangingTheHead(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.Follow(ctx, tx, id, h.sora.id) })
		for _, c := range []struct {
			name   string
			change conversation.Change
			fields string // those that the log names
			fails  string
		}{
			{"nothing", conversation.Change{}, "", ""},
			{"what it is already", conversation.Change{Subject: ptr("lamp"), Priority: ptr("normal")}, "", ""},
			{"subject", conversation.Change{Subject: ptr("등불")}, "subject", ""},
			{"no subject", conversation.Change{Subject: ptr("")}, "subject", ""},
			{"all at once", conversation.Change{Subject: ptr("lamp"), Type: ptr("refund"), Priority: ptr("high"), Severity: ptr("major"), Stage: ptr(conversation.Renewal)}, "subject type priority severity stage", ""},
			{"a word of the firm's own for type", conversation.Change{Type: ptr("설치")}, "type", ""},
			{"back to nothing grave", conversation.Change{Severity: ptr("")}, "severity", ""},
			{"a stage that is none", conversation.Change{Stage: ptr(conversation.Stage("after-sale"))}, "", "invalid stage"},
			{"a priority that is none", conversation.Change{Priority: ptr("now")}, "", "invalid priority"},
			{"no priority", conversation.Change{Priority: ptr("")}, "", "invalid priority"},
			{"a severity that is none", conversation.Change{Severity: ptr("bad")}, "", "invalid severity"},
			{"a subject without end", conversation.Change{Subject: ptr(strings.Repeat("x", 1001))}, "", "invalid subject"},
			{"two that do not do", conversation.Change{Stage: ptr(conversation.Stage("x")), Type: ptr(strings.Repeat("x", 41))}, "", "invalid stage type"},
		} {
			before, said := h.get(id), h.facts(id)
			update := func(ctx context.Context, tx *db.Tx) error { return conversation.Update(ctx, tx, id, c.change) }
			if c.fails != "" {
				is(t, c.name, h.fails(h.minji, update), c.fails)
				is(t, c.name+": nothing changed", h.get(id), before)
				continue
			}
			h.does(h.minji, update)
			if c.fields == "" {
				is(t, c.name+": the log", h.facts(id), said)
				continue
			}
			var f conversation.Changed
			if err := json.Unmarshal(h.lastFact(id).Body, &f); err != nil {
				t.Fatal(err)
			}
			is(t, c.name+": the log", strings.Join(f.Fields, " "), c.fields)
		}
		is(t, "found by its new subject", h.hits("lamp"), 1)
		is(t, "found by its old one", h.hits("등불"), 0)
		is(t, "by somebody who may not", h.fails(h.sora, func(ctx context.Context, tx *db.Tx) error {
			return conversation.Update(ctx, tx, id, conversation.Change{Subject: ptr("mine")})
		}), "forbidden")
	})
}

// What may stand in an own field of each type.
func TestWhatFitsAField(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		for _, kind := range conversation.FieldTypes {
			h.does(h.minji, func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.DefineField(ctx, tx, conversation.Field{Key: kind, English: kind, Type: kind, Choices: []string{"red", "blue"}})
				return err
			})
		}
		for _, c := range []struct {
			field, value string
			fits         bool
		}{
			{"text", "한 줄", true}, {"text", "two\nlines", false}, {"text", strings.Repeat("긴", 500), true}, {"text", strings.Repeat("긴", 501), false},
			{"number", "12.5", true}, {"number", "-3", true}, {"number", "1e3", true}, {"number", "twelve", false}, {"number", "NaN", false}, {"number", "Inf", false},
			{"number", "0x1F", false}, {"number", "1_000", false}, {"number", "1,000", false},
			{"date", "2026-02-28", true}, {"date", "2028-02-29", true}, {"date", "2026-02-29", false}, {"date", "28.2.2026", false}, {"date", "2026-2-8", false},
			{"choice", "red", true}, {"choice", " red ", true}, {"choice", "Red", false}, {"choice", "green", false},
			{"size", "x", false},
		} {
			set := func(ctx context.Context, tx *db.Tx) error {
				return conversation.SetValues(ctx, tx, id, map[string]string{c.field: c.value})
			}
			name := fmt.Sprintf("%s %.20q", c.field, c.value)
			if !c.fits {
				is(t, name, h.fails(h.minji, set), "invalid fields."+c.field)
				continue
			}
			h.does(h.minji, set)
			values := ask(h, h.minji, func(ctx context.Context, tx *db.Tx) (map[string]string, error) {
				return conversation.Values(ctx, tx, id)
			})
			is(t, name, values[c.field], strings.TrimSpace(c.value))
		}
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error {
			return conversation.SetValues(ctx, tx, id, map[string]string{"text": "", "number": " "})
		})
		values := ask(h, h.minji, func(ctx context.Context, tx *db.Tx) (map[string]string, error) {
			return conversation.Values(ctx, tx, id)
		})
		is(t, "what is left when two are emptied", values, "map[choice:red date:2028-02-29]")
	})
}

// Tags are one word for everybody, however they are written.
func TestTags(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		tag := func(name string) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error { return conversation.Tag(ctx, tx, id, name) }
		}
		for _, name := range []string{"VIP", " vip ", "늦은  배송", "wholesale"} {
			h.does(h.minji, tag(name))
		}
		is(t, "tags", strings.Join(h.get(id).Tags, ", "), "vip, wholesale, 늦은 배송")
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error {
			return conversation.SetTags(ctx, tx, id, []string{"Vip", "new"})
		})
		is(t, "tags that were set", strings.Join(h.get(id).Tags, ", "), "new, vip")
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.Untag(ctx, tx, id, "gone") })
		is(t, "the log", h.facts(id), "opened received tagged tagged tagged tagged untagged untagged")
		for _, name := range []string{"", " \t", strings.Repeat("x", 51)} {
			is(t, fmt.Sprintf("%.5q", name), h.fails(h.minji, tag(name)), "invalid tags")
		}
	})
}

// Each order of the list, a page at a time: nothing twice, nothing left out, also when several stand at one moment.
func TestPagesOfAList(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var all []conversation.ID
		for i := range 9 {
			all = append(all, h.question(fmt.Sprint("question ", i)))
			if i%3 == 2 {
				h.Clock.Advance(time.Minute)
			}
		}
		h.becomes(all[4], conversation.Solved)
		h.writes("haram@solip.example", "And?", all[0])
		for sort, want := range map[conversation.Sort]string{
			conversation.Newest:  "087654321",
			conversation.Oldest:  "123456780",
			conversation.Waiting: "01235678",
			conversation.Created: "876543210",
		} {
			seen, cursor := "", ""
			for range 10 {
				list := ask(h, h.minji, func(ctx context.Context, tx *db.Tx) (list []conversation.Conversation, err error) {
					list, cursor, err = conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Sort: sort, After: cursor, Limit: 2})
					return list, err
				})
				for _, c := range list {
					for i, id := range all {
						if id == c.ID {
							seen += fmt.Sprint(i)
						}
					}
				}
				if cursor == "" {
					break
				}
			}
			is(t, string(sort), seen, want)
		}
		for what, p := range map[string]conversation.Page{"invalid sort": {Sort: "best"}, "invalid cursor": {After: "x;y"}} {
			is(t, what, h.fails(h.minji, func(ctx context.Context, tx *db.Tx) error {
				_, _, err := conversation.List(ctx, tx, conversation.Filter{}, p)
				return err
			}), what)
		}
	})
}

// What is deleted is gone with its words, files and drafts; what was merged into it stands on its own again.
func TestDeleting(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lamp, chair := h.question("Where is my lamp?"), h.question("And my chair?")
		h.merges(chair, lamp)
		h.drafts(h.minji, chair, conversation.Note, "hm")
		remove := func(ctx context.Context, tx *db.Tx) error { return conversation.Delete(ctx, tx, chair) }
		is(t, "by somebody who may not", h.fails(h.dohyun, remove), "forbidden")
		h.does(h.minji, remove)
		is(t, "again", h.fails(h.minji, remove), "not found")
		is(t, "the log", h.facts(chair), "opened received merged deleted")
		is(t, "its words", h.hits("chair"), 0)
		is(t, "drafts", h.count(`SELECT COUNT(*) FROM conversation_draft`), 0)
		is(t, "messages", h.count(`SELECT COUNT(*) FROM conversation_message`), 0)
		is(t, "what was merged into it", h.get(lamp).MergedInto, conversation.ID(0))
	})
}
