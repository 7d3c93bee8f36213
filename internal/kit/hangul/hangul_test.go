package hangul

import (
	"testing"
	"unicode"
)

func TestWhoForgotTheKeyboardIsReadAllTheSame(t *testing.T) {
	for keys, want := range map[string]string{
		"qothd":                    "배송",
		"ghksqnf":                  "환불",
		"RhcqkRnfl":                "꽃바꾸리",
		"rkqtdl djfaksi?":          "값이 얼마냐?",
		"dhksfy":                   "완료",
		"skdml wnansdms djelTdjdy": "나의 주문은 어딨어요",
		"QORTHD":                   "뺶쏭",
		"Ekrk 2":                   "따가 2",
	} {
		if got, whole := FromKeys(keys); got != want || !whole {
			t.Errorf("%s: %s %v, want %s", keys, got, whole, want)
		}
	}
	for _, latin := range []string{"refund", "where is it", "visa", "kk", "z"} {
		if got, whole := FromKeys(latin); whole {
			t.Errorf("%s was read as %s", latin, got)
		}
	}
	for hangul, want := range map[string]string{"ㅗ디ㅔ": "help", "ㄱㄷ려ㅜㅇ": "refund", "값 10": "rkqt 10"} {
		if got := Keys(hangul); got != want {
			t.Errorf("%s: %s, want %s", hangul, got, want)
		}
	}
}

func TestEverySyllableComesBack(t *testing.T) {
	for r := firstSyllable; r <= lastSyllable; r++ {
		if got, whole := FromKeys(Keys(string(r))); got != string(r) || !whole {
			t.Fatalf("%c became %s", r, got)
		}
	}
}

func TestLettersOfASyllable(t *testing.T) {
	if got, want := string(AppendLetters(nil, '값')), "\u1100\u1161\u11b9"; got != want {
		t.Errorf("%+q, want %+q", got, want)
	}
	if got := string(AppendLetters([]rune("x"), 'a')); got != "xa" {
		t.Errorf("%q", got)
	}
}

func FuzzFromKeys(f *testing.F) {
	f.Add("qothd")
	f.Add("ㅗ디ㅔ x\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got, whole := FromKeys(s)
		for _, r := range got {
			if whole && r < unicode.MaxASCII && unicode.IsLetter(r) {
				t.Errorf("%q: %q holds a Latin letter", s, got)
			}
		}
		Keys(s)
	})
}
