package conversation

import "testing"

func TestWhatIsErasedFromWhatOthersWrote(t *testing.T) {
	e := newEraser([]string{"haram@solip.example"}, []string{"윤하람", "Haram Yoon", "Kim", "haram@solip.example", ""})
	for in, want := range map[string]string{
		"":                                    "",
		"Nothing of that sort.":               "Nothing of that sort.",
		"Write to haram@solip.example please": "Write to […] please",
		"HARAM@Solip.Example":                 "[…]",
		"sharam@solip.example stays":          "sharam@solip.example stays",
		"On Monday, Haram Yoon <haram@solip.example> wrote:":           "On Monday, […] wrote:",
		"2026년 1월 5일, \"윤하람\" <haram@solip.example>님이 작성:":             "2026년 1월 5일, […]님이 작성:",
		"<b>윤하람</b> &lt;haram@solip.example&gt;":                       "<b>[…]</b> […]",
		`<a href="mailto:haram@solip.example">haram@solip.example</a>`: `<a href="[…]">[…]</a>`,
		"윤하람님께 전해 주세요":                                                 "[…]님께 전해 주세요",
		"Dear Haram Yoon, thank you":                                   "Dear […], thank you",
		"Haram Yoonish":                                                "Haram Yoonish",
		"Kim likes kimchi":                                             "Kim likes kimchi", // a name that many have
		"Kim <haram@solip.example>":                                    "[…]",
	} {
		if got := e.Replace(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if got := newEraser(nil, []string{"", "Kim"}).Replace("Kim and a@b.example"); got != "Kim and a@b.example" {
		t.Errorf("nobody is known, and it became %q", got)
	}
}
