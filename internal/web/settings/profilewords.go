package settings

import (
	"context"
	"strings"
)

func densityOf(m me) string {
	if m.Density == "comfortable" {
		return m.Density
	}
	return "compact"
}

func factorWord(ctx context.Context, s safety) string {
	if s.Factor {
		return t(ctx, "factor_manage")
	}
	return t(ctx, "factor_begin_do")
}

func joined(codes []string) string { return strings.Join(codes, "\n") }

// browserOf says in a few words what a User-Agent is. It is a help to remember,
// not a proof: anybody may send anything.
func browserOf(ctx context.Context, agent string) string {
	find := func(list [][2]string) string {
		for _, p := range list {
			if strings.Contains(agent, p[0]) {
				return p[1]
			}
		}
		return ""
	}
	browser := find([][2]string{{"Whale/", "Whale"}, {"SamsungBrowser/", "Samsung Internet"}, {"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"},
		{"KAKAOTALK", "KakaoTalk"}, {"Chrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"FxiOS/", "Firefox"}, {"Safari/", "Safari"}})
	system := find([][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}})
	switch {
	case browser == "" && system == "":
		return t(ctx, "unknown_device")
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + " · " + system
}
