package hangul

// initials are the consonants that can begin a syllable, as they stand alone.
var initials = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")

// Initials are the consonants with which the syllables begin: ㅎㅂ of 환불, as Koreans type to find something quickly. What is no
// syllable stays.
func Initials(s string) string {
	out := []rune(s)
	for i, r := range out {
		if IsSyllable(r) {
			f, _, _ := parts(r)
			out[i] = initials[f]
		}
	}
	return string(out)
}
