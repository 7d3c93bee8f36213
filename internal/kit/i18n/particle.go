package i18n

import (
	"strings"
	"unicode"
)

// ending is how a word sounds at its end, which is what a particle goes by.
type ending int

const (
	vowel     ending = iota // 하루, Noah, 2
	consonant               // 윤하람, 3
	rieul                   // 서울, 1: takes 로, not 으로
)

// Particle picks from pair ("이/가", "은/는", "을/를", "과/와", "으로/로",
// "이에요/예요": the form after a consonant first) what fits the end of s. Digits are
// read in Korean, Latin words roughly as Koreans say them; quotes, brackets
// and stops at the end do not count. What cannot be read takes the second form.
func Particle(s, pair string) string {
	closed, open, ok := strings.Cut(pair, "/")
	if !ok {
		return ""
	}
	e := endOf(s)
	if e == vowel || e == rieul && strings.HasPrefix(closed, "으로") {
		return open
	}
	return closed
}

func endOf(s string) ending {
	s = strings.TrimRightFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	letters := []rune(s)
	if len(letters) == 0 {
		return vowel
	}
	last := letters[len(letters)-1]
	switch {
	case last >= '가' && last <= '힣':
		return hangulEnd(last)
	case last >= '0' && last <= '9':
		return digitEnd(last)
	case last < unicode.MaxLatin1 && unicode.IsLetter(last):
		return latinEnd(lastWord(letters))
	}
	return vowel
}

// hangulEnd goes by the arithmetic of the syllable block (Unicode 3.12): 28
// syllables share an initial and a vowel, the first has no final consonant.
func hangulEnd(r rune) ending {
	switch (r - '가') % 28 {
	case 0:
		return vowel
	case 8:
		return rieul
	}
	return consonant
}

// digitEnd: 영 일 이 삼 사 오 육 칠 팔 구; 10, 100 and 1,000 (십, 백, 천) end
// in a consonant as 0 does.
func digitEnd(r rune) ending {
	switch r {
	case '1', '7', '8':
		return rieul
	case '0', '3', '6':
		return consonant
	}
	return vowel
}

func lastWord(letters []rune) string {
	i := len(letters)
	for i > 0 && unicode.IsLetter(letters[i-1]) && letters[i-1] < unicode.MaxLatin1 {
		i--
	}
	return string(letters[i:])
}

// latinEnd follows common loan words: 메일, 구글, 폰, 챗, 슬랙, 웹; and names of
// letters for abbreviations: URL (엘), CRM (엠), API (아이).
func latinEnd(w string) ending {
	if w == strings.ToUpper(w) {
		return letterEnd(w[len(w)-1])
	}
	w = strings.ToLower(w)
	switch {
	case strings.HasSuffix(w, "l"), strings.HasSuffix(w, "le"):
		return rieul
	case hasSuffix(w, "m", "n", "ng", "ne", "me", "ck"):
		return consonant
	case len(w) > 1 && hasSuffix(w, "b", "c", "k", "p", "t") && shortVowel(w):
		return consonant
	}
	return vowel
}

func letterEnd(b byte) ending {
	switch b {
	case 'L', 'R':
		return rieul
	case 'M', 'N':
		return consonant
	}
	return vowel
}

func hasSuffix(w string, ends ...string) bool {
	for _, e := range ends {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// shortVowel: one vowel alone before the last letter ("web", "chat"), where
// Koreans close the syllable; after two ("Mark", "post", "note") they do not.
func shortVowel(w string) bool {
	isVowel := func(i int) bool { return i >= 0 && strings.IndexByte("aeiou", w[i]) >= 0 }
	return isVowel(len(w)-2) && !isVowel(len(w)-3)
}
