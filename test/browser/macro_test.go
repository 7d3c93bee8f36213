package browser

import (
	"context"
	"slices"
	"strings"
	"testing"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/test/rig"
	"baraji/test/rig/browser"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// now is a conversation as it is.
func (p place) now(t *testing.T, id conversation.ID) (c conversation.Conversation, said []conversation.Message) {
	t.Helper()
	p.as.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		if c, err = conversation.Get(ctx, tx, id); err != nil {
			return err
		}
		said, err = conversation.Messages(ctx, tx, id, 0, 100)
		return err
	})
	return c, said
}

const replyField = `.composer textarea[name="reply"]`

// value is what stands in a field.
func value(tab *browser.Tab, sel string) string {
	return browser.Eval[string](tab, `document.querySelector('`+sel+`').value`)
}

// Two macros are picked by the keyboard while writing Korean, one of their actions is taken off, and all is sent and done in one go; what they did stays when the
// answer is taken back. In each look, so also on a phone.
func TestMacrosAreStackedWhileOneWrites(t *testing.T) {
	rig.Need(t, "chromium")
	t.Parallel()
	s := shop(t)
	chrome := browser.Open(t)
	for _, l := range looks() {
		t.Run(l.String(), func(t *testing.T) {
			page := view{as: s.as, house: s.House, path: "/inbox/" + s.talk.ID.String() + "?view=all"}
			tab := l.tab(t, chrome, page)
			l.show(t, tab, page)
			before, had := s.now(t, s.talk.ID)
			browser.Eval[bool](tab, `(() => { document.querySelector('`+replyField+`').value = ""; return true })()`) // what a look before has left

			// By its first consonant, in the middle of a sentence; while the syllable is composed Enter is the input method's.
			tab.Type(replyField, "Hello! Bye. ")
			browser.Eval[bool](tab, `(() => { const f = document.querySelector('`+replyField+`'); f.setSelectionRange(7, 7); return true })()`)
			tab.Press("/")
			tab.Wait(`[data-macro-menu]:not([hidden]) [data-macro]`)
			tab.NoViolations()
			tab.Composing("ㅎ", "호", "화", "환")
			tab.Wait(`[data-macro-menu] [aria-selected="true"]`)
			if n := browser.Eval[int](tab, `document.querySelectorAll("[data-macro]:not([hidden])").length`); n != 2 { // the name of one, the text of another
				t.Errorf("%d macros fit 환", n)
			}
			browser.Eval[bool](tab, `document.querySelector('`+replyField+`').dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))`)
			if got := value(tab, replyField); got != "Hello! /환Bye. " {
				t.Fatalf("while composing: %q", got)
			}
			tab.Compose("환")
			tab.Press(kb.Enter)
			tab.Wait(`[data-macro-acts] [data-macro-act]`)
			got := value(tab, replyField)
			if !strings.HasPrefix(got, "Hello! Dear Amelia") || !strings.HasSuffix(got, "Bye. ") || strings.Contains(got, "{") || strings.Contains(got, "/환") {
				t.Fatalf("inserted: %q", got)
			}

			// The second one by its initials, at the end, with the arrows.
			browser.Eval[bool](tab, `(() => { const f = document.querySelector('`+replyField+`'); f.setSelectionRange(f.value.length, f.value.length); return true })()`)
			tab.Press(kb.Enter)
			tab.Press("/")
			tab.Compose("ㅅㅈ")
			tab.Wait(`[data-macro-menu]:not([hidden]) [aria-selected="true"]`)
			tab.Press(kb.ArrowDown)
			tab.Press(kb.Tab)
			tab.Wait(`[data-macro-act]:nth-of-type(5)`)
			tab.NoViolations()
			if got := browser.Eval[int](tab, `document.querySelectorAll("[data-macro-act]").length`); got != 4 {
				t.Errorf("%d actions stand there", got)
			}
			tab.Click(`[data-macro-act] [data-macro-off]`) // the type
			tab.Press(kb.Escape)
			browser.Eval[bool](tab, `document.querySelector('`+replyField+`').focus(), true`)
			tab.Press(kb.Enter, chromedp.KeyModifiers(2))
			tab.Wait(`.toast button`)
			tab.Gone(`[data-macro-acts]`)
			after, said := s.now(t, s.talk.ID)
			if len(said) != len(had)+1 || after.Status != conversation.Pending || after.Type != before.Type || !slices.Contains(after.Tags, "환불") || !slices.Contains(after.Tags, "사진 기다림") {
				t.Errorf("%d messages, %s, %q, %v", len(said)-len(had), after.Status, after.Type, after.Tags)
			}
			browser.Eval[bool](tab, `document.querySelector(".toast button").click(), true`)
			tab.See(map[string]string{"ko": "매크로가 한 일은 그대로 있어요", "en": "What its macros did stays"}[l.lang])
			if after, _ := s.now(t, s.talk.ID); !slices.Contains(after.Tags, "환불") {
				t.Errorf("after it was taken back: %v", after.Tags)
			}

			// In a note, by the button; and without writing anything.
			s.as.Do(func(ctx context.Context, tx *db.Tx) error {
				for _, tag := range []string{"환불", "사진 기다림"} {
					if err := conversation.Untag(ctx, tx, s.talk.ID, tag); err != nil {
						return err
					}
				}
				return conversation.SaveDraft(ctx, tx, s.talk.ID, conversation.FromAgent, "")
			})
			l.show(t, tab, page)
			browser.Eval[bool](tab, `document.querySelector('.composer [data-kind="note"]').click(), true`)
			browser.Eval[bool](tab, `document.querySelector("[data-macro-open]").click(), true`)
			tab.Wait(`[data-macro-menu]:not([hidden]) [data-macro]`)
			tab.Press("refund")
			tab.Gone(`[data-macro]:first-child`)
			browser.Eval[bool](tab, `document.querySelector("[data-macro]:not([hidden])").dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }))`)
			tab.Wait(`[data-macro-act]`)
			if l.lang == "ko" && !strings.Contains(value(tab, `.composer textarea[name="note"]`), "환불을 접수했어요") {
				t.Error("a note is not in the language of whoever writes it")
			}
			browser.Eval[bool](tab, `(() => { const f = document.querySelector('.composer textarea[name="note"]'); f.value = ""; f.dispatchEvent(new Event("input", { bubbles: true })); return true })()`)
			tab.Click(`[data-macro-run]`)
			tab.Gone(`[data-macro-acts]`)
			if after, said := s.now(t, s.talk.ID); !slices.Contains(after.Tags, "환불") || after.Type != "refund" || len(said) != len(had)+1 {
				t.Errorf("done at once: %v, %q, %d messages", after.Tags, after.Type, len(said)-len(had))
			}
			s.as.Do(func(ctx context.Context, tx *db.Tx) error {
				kind := before.Type
				if err := conversation.Untag(ctx, tx, s.talk.ID, "환불"); err != nil {
					return err
				}
				return conversation.Update(ctx, tx, s.talk.ID, conversation.Change{Type: &kind})
			})
		})
	}
}

// In a new conversation, with the name of whom the address belongs to.
func TestAMacroBeginsAConversation(t *testing.T) {
	rig.Need(t, "chromium")
	s := shop(t)
	chrome := browser.Open(t)
	l := looks()[0]
	page := view{as: s.as, house: s.House, path: "/inbox/new?contact=" + s.talk.Contact.String()}
	tab := l.tab(t, chrome, page)
	l.show(t, tab, page)
	tab.Type(`[name="subject"]`, "Your shade")
	tab.Type(`.newform textarea`, "/ref")
	tab.Wait(`[data-macro-menu]:not([hidden]) [data-macro]:not([hidden])`)
	tab.Press(kb.Enter)
	tab.Wait(`[data-macro-act]`)
	tab.NoViolations()
	if got := value(tab, `.newform textarea`); !strings.HasPrefix(got, "Dear Amelia") {
		t.Errorf("inserted: %q", got)
	}
	tab.Click(`.newform [data-default]`)
	tab.Wait(`#talk`)
	id := browser.Eval[string](tab, `document.querySelector("#talk").dataset.talk`)
	var key conversation.ID
	if err := key.UnmarshalText([]byte(id)); err != nil {
		t.Fatal(err)
	}
	if c, said := s.now(t, key); c.Type != "refund" || !slices.Contains(c.Tags, "환불") || len(said) != 1 {
		t.Errorf("%q, %v, %d messages", c.Type, c.Tags, len(said))
	}
}
