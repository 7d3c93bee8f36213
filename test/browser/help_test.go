package browser

import (
	"strings"
	"testing"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// A reader types on the wrong keyboard, opens what is found with the keys, and says that it helped: nothing is loaded that he does not see.
func TestAReaderFindsHelpWhileTyping(t *testing.T) {
	rig.Need(t, "chromium")
	shop := shop(t)
	tab := browser.Open(t).Tab(t)
	tab.Header("Accept-Language", "ko")
	tab.Go(shop.URL + "/hc/ko/")
	tab.Type(`.hero [name=q]`, "qothd")
	tab.Wait(".typed__list a")
	if found := browser.Eval[string](tab, `document.querySelector(".typed__list").textContent`); !strings.Contains(found, "배송은 며칠 걸리나요") {
		t.Fatalf("found %s", found)
	}
	tab.Go(shop.URL + "/hc/ko/a/조광기가-깜빡일-때")
	tab.Click(`[data-vote] [value=yes]`)
	tab.Wait("#helpful > p")
	if said := browser.Eval[string](tab, `document.querySelector("#helpful").textContent.trim()`); !strings.Contains(said, "고마워요") {
		t.Errorf("after the vote: %s", said)
	}
}

// Somebody writes an article: he sees what it will look like, in both languages, and the tools write for him.
func TestTheEditorShowsWhatItWillLookLike(t *testing.T) {
	rig.Need(t, "chromium")
	shop := shop(t)
	tab := browser.Open(t).Tab(t)
	tab.Cookie(shop.URL, "baraji", shop.as.Session())
	at := shop.link(t, "/knowledge?state=behind", `/knowledge/articles/art_[^"?]+`)
	tab.Go(shop.URL + at)
	browser.Eval[bool](tab, `(() => { const a = document.querySelector("#f-ko_body"); a.value = ""; a.focus(); return true })()`)
	tab.Type("#f-ko_body", "**한글(강조)**은 굵어요.")
	tab.See("굵어요.") // in the preview: a text area's value is not what a page shows
	if bold := browser.Eval[string](tab, `document.querySelector("#preview-ko .prose strong").textContent`); bold != "한글(강조)" {
		t.Errorf("bold is %q", bold)
	}
	browser.Eval[bool](tab, `(() => { const a = document.querySelector("#f-ko_body"); a.setSelectionRange(a.value.length, a.value.length); return true })()`)
	tab.Click(`[data-insert=note]`)
	tab.Wait("#preview-ko .prose .callout--note")
	if value := browser.Eval[string](tab, `document.querySelector("#f-ko_body").value`); !strings.Contains(value, "> [!NOTE]") {
		t.Errorf("the tool wrote %q", value)
	}
	if shown := browser.Eval[bool](tab, `(() => { document.querySelector("#view-en").click(); return !document.querySelector("#f-ko_body").checkVisibility() && document.querySelector("#f-en_body").checkVisibility() })()`); !shown {
		t.Error("one language alone is not shown")
	}
}
