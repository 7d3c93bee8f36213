package hangul

import "testing"

func TestInitials(t *testing.T) {
	for s, want := range map[string]string{"환불 안내": "ㅎㅂ ㅇㄴ", "짜장면 2": "ㅉㅈㅁ 2", "Refund 값": "Refund ㄱ", "ㅎㅂ": "ㅎㅂ", "": ""} {
		if got := Initials(s); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}
