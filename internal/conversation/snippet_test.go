package conversation

import "testing"

func TestASnippetHasNoMarks(t *testing.T) {
	for text, want := range map[string]string{
		"A **new shade** leaves today:\n\n- on Saturday\n- you need not [send it back](https://shop.example/r)": "A new shade leaves today: on Saturday you need not send it back",
		"> 언제 오나요?\n\n1. 내일\n2. 모레":                                                                             "언제 오나요? 내일 모레",
		"30% - 40%, 2 * 3 = 6, a_b_c [2]":                                                                       "30% - 40%, 2 * 3 = 6, a_b_c [2]",
		"":                                                                                                      "",
	} {
		if got := snippet(unmarked(text)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
