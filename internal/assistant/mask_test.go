package assistant

import "testing"

func TestWhatBelongsToAPersonIsMasked(t *testing.T) {
	for text, want := range map[string]string{
		"mail me at hana.kim+x@shop.example, please": "mail me at …, please",
		"010-1234-5678로 전화 주세요":                      "…로 전화 주세요",
		"call +82 10 1234 5678":                      "call …",
		"order 21871, 2 lamps for 12,000 won":        "order …, 2 lamps for 12,000 won",
		"카드 1234 5678 1234 5678":                     "카드 …",
		"see https://shop.example/o/abc?token=x now": "see … now",
		"저는 김하나예요. 김하나 드림":                           "저는 …예요. … 드림",
		"This is Al Green. Also, green lamps, Al?":   "This is …. Also, … lamps, …?",
	} {
		if got := Mask(text, "김하나", "Al Green"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTheEssenceOfAMessageIsWhatItAsks(t *testing.T) {
	for text, want := range map[string]string{
		"안녕하세요. 배송 언제 와요? 감사합니다.":                       "배송 언제 와요?",
		"Hello! Where is my lamp? Thank you very much.": "Where is my lamp?",
		"Dear team, I am writing because I bought a lamp in your shop three weeks ago and I like it very much indeed, it is lovely. Which bulb fits?": "Which bulb fits?",
		"lamp broken": "lamp broken",
		"감사합니다":       "감사합니다",
	} {
		if got := essence(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
