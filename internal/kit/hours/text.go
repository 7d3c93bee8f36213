package hours

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// String writes a block as 09:00-18:00.
func (b Block) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", b.From/60, b.From%60, b.To/60, b.To%60)
}

// ParseBlocks reads the blocks of a day as people write them: "09:00-12:00, 13:00–18:00", "9-18". Nothing is no block.
func ParseBlocks(text string) ([]Block, error) {
	text = strings.NewReplacer("–", "-", "~", "-", "〜", "-", "～", "-", "：", ":").Replace(text)
	var out []Block
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		from, to, ok := strings.Cut(part, "-")
		a, errA := minute(from)
		b, errB := minute(to)
		if !ok || errA != nil || errB != nil || len(out) == 48 {
			return nil, fmt.Errorf("%q is no block of hours", part)
		}
		out = append(out, Block{a, b})
	}
	return out, check(out)
}

func minute(text string) (int, error) {
	h, m, both := strings.Cut(strings.TrimSpace(text), ":")
	hour, err := strconv.ParseUint(h, 10, 8)
	if err != nil || hour > 24 {
		return 0, fmt.Errorf("%q is no time of day", text)
	}
	if !both {
		return int(hour) * 60, nil
	}
	min, err := strconv.ParseUint(m, 10, 8)
	if err != nil || min > 59 || len(m) != 2 || hour == 24 && min > 0 {
		return 0, fmt.Errorf("%q is no time of day", text)
	}
	return int(hour)*60 + int(min), nil
}

// Unit is how a waiting time is told.
type Unit string

// The units, from below an hour to days and more.
const (
	Minutes Unit = "m"
	Hours   Unit = "h"
	Days    Unit = "d"
)

// Rough says a waiting time as people do: 59 minutes, 1 hour, 23 hours, 1 day; whole units, rounded down, never negative.
func Rough(d time.Duration) (int, Unit) {
	switch {
	case d < time.Hour:
		return int(max(d, 0) / time.Minute), Minutes
	case d < 24*time.Hour:
		return int(d / time.Hour), Hours
	}
	return int(d / (24 * time.Hour)), Days
}
