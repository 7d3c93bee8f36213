package browser

import (
	"context"
	"strconv"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Type writes into the first element that a CSS selector finds, once it is visible.
func (tab *Tab) Type(sel, text string) {
	tab.t.Helper()
	tab.Do("type into "+sel, chromedp.Focus(sel), strokes(text))
}

// Press presses keys wherever the focus is: "j", or kb.Enter.
func (tab *Tab) Press(keys string, options ...chromedp.KeyOption) {
	tab.t.Helper()
	tab.ready()
	tab.Do("press "+keys, strokes(keys, options...))
}

// strokes presses and lets go of one key after the other, as a keyboard does: the key and its letter are one event, so a page that refuses the key
// (preventDefault) gets no letter, and nothing can come between the two. chromedp.KeyEvent sends them apart, and the letter whatever the page said.
func strokes(keys string, options ...chromedp.KeyOption) chromedp.Action[chromedp.Void] {
	return call(func(ctx context.Context) error {
		for _, r := range keys {
			for _, k := range stroke(r, options) {
				if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, k); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// stroke is a key going down and up. A key that writes nothing, as those with Ctrl do, goes down "raw".
func stroke(r rune, options []chromedp.KeyOption) []input.DispatchKeyEventParams {
	events := kb.Encode(r)
	for _, e := range events {
		for _, o := range options {
			o(e)
		}
	}
	down, up := *events[0], *events[len(events)-1]
	down.Type = input.DispatchKeyEventTypeRawKeyDown
	if len(events) == 3 && down.Modifiers&^int64(chromedp.ModifierShift) == 0 {
		down.Type, down.Text, down.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, events[1].Text, events[1].UnmodifiedText
	}
	return []input.DispatchKeyEventParams{down, up}
}

// Composing writes an unfinished syllable into the focused element, as a Korean input method does while one types: each step takes the place of the one
// before. [Tab.Compose] ends it.
func (tab *Tab) Composing(steps ...string) {
	tab.t.Helper()
	for _, text := range steps {
		tab.Do("compose "+text, call(func(ctx context.Context) error {
			n := int64(len([]rune(text)))
			_, err := chromedp.Call(ctx, input.ImeSetComposition, input.ImeSetCompositionParams{Text: text, SelectionStart: n, SelectionEnd: n})
			return err
		}))
	}
}

// Hold presses the mouse on the first element that a CSS selector finds; LetGo lets it go where it is.
func (tab *Tab) Hold(sel string) {
	tab.t.Helper()
	tab.ready()
	at := Eval[[2]float64](tab, `(() => { const box = document.querySelector(`+strconv.Quote(sel)+`).getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2] })()`)
	tab.mouse("press the mouse on "+sel, input.DispatchMouseEventTypeMousePressed, at)
	tab.held = at
}

func (tab *Tab) LetGo() {
	tab.t.Helper()
	tab.mouse("let the mouse go", input.DispatchMouseEventTypeMouseReleased, tab.held)
}

func (tab *Tab) mouse(what string, kind input.DispatchMouseEventType, at [2]float64) {
	tab.t.Helper()
	tab.Do(what, call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: at[0], Y: at[1], Button: input.MouseButtonLeft, ClickCount: 1})
		return err
	}))
}

// Drag presses the mouse at a point, moves it to another in steps as a hand does, and lets it go there.
func (tab *Tab) Drag(from, to [2]float64) {
	tab.t.Helper()
	tab.ready()
	tab.mouse("press the mouse", input.DispatchMouseEventTypeMousePressed, from)
	for i := 1.0; i <= 8; i++ {
		at := [2]float64{from[0] + (to[0]-from[0])*i/8, from[1] + (to[1]-from[1])*i/8}
		tab.Do("move the mouse", call(func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: at[0], Y: at[1], Button: input.MouseButtonLeft, Buttons: 1})
			return err
		}))
	}
	tab.mouse("let the mouse go", input.DispatchMouseEventTypeMouseReleased, to)
}
