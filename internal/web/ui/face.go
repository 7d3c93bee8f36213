package ui

import (
	"context"
	"hash/fnv"
	"strings"
	"unicode"

	"baraji/internal/kit/i18n"
)

// FaceProps says whose face it is. A face stands beside the name, which is why
// it is silent; where it stands alone, set Alone and it says the name itself.
type FaceProps struct {
	Name     string
	Size     string // "s" 22 px, "m" 28 px, "" 32 px, "l" 48 px
	Presence string // "on", "away", "off"; empty shows none
	Idle     bool   // looks at it, but did nothing for a while
	Bot      bool
	Alone    bool
}

// letter is the first syllable of a Korean name, the first letter of another.
func (f FaceProps) letter() string {
	for _, r := range f.Name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return strings.ToUpper(string(r))
		}
	}
	return "·"
}

// classes gives everyone one of six colours, the same each time.
func (f FaceProps) classes() string {
	h := fnv.New32a()
	h.Write([]byte(f.Name))
	c := "face face--" + string(rune('1'+h.Sum32()%6))
	if f.Bot {
		c = "face face--bot"
	}
	if f.Size != "" {
		c += " face--" + f.Size
	}
	return c
}

func (f FaceProps) spoken(ctx context.Context) string {
	if f.Presence == "" {
		return f.Name
	}
	return f.Name + ", " + i18n.T(ctx, "common.presence_"+f.Presence)
}
