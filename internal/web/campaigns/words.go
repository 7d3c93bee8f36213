package campaigns

import (
	"context"
	"net/url"

	"baraji/internal/campaign"
	"baraji/internal/consent"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

func stateTone(s campaign.State) string {
	switch s {
	case campaign.Sending:
		return "good"
	case campaign.Paused:
		return "warn"
	case campaign.Planned:
		return "moon"
	}
	return ""
}

func stateWord(ctx context.Context, s campaign.State) string { return t(ctx, "state_"+string(s)) }

func fateWord(ctx context.Context, f campaign.Fate) string { return t(ctx, "fate_"+string(f)) }

func fateTone(f campaign.Fate) string {
	switch f {
	case campaign.Went:
		return "good"
	case campaign.CameBack, campaign.Failed:
		return "bad"
	case campaign.Unconfirmed:
		return "warn"
	}
	return ""
}

// why says why somebody got nothing.
func why(ctx context.Context, reason string) string { return t(ctx, "skip_"+reason) }

func purposeOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: string(consent.Advertising), Label: t(ctx, "purpose_advertising")}, {Value: string(consent.Notice), Label: t(ctx, "purpose_notice")}}
}

func variantWord(ctx context.Context, v string) string { return t(ctx, "variant_"+v) }

func title(ctx context.Context, s sheet) string {
	if s.Given.ID == 0 {
		return t(ctx, "new")
	}
	return s.Given.Name
}

func number64(ctx context.Context, n int) string { return i18n.Number(ctx, int64(n)) }

// percent is a share of those who got it.
func percent(ctx context.Context, n, of int) string {
	if of == 0 {
		return ""
	}
	return i18n.Decimal(ctx, float64(n)*100/float64(of), 1) + "%"
}

// measure is one thing that the two texts are compared by.
type measure struct {
	name string
	of   func(campaign.Result) int
}

var measures = []measure{
	{"replied", func(r campaign.Result) int { return r.Replied }},
	{"left", func(r campaign.Result) int { return r.Left }},
	{"bounced", func(r campaign.Result) int { return r.Bounced }},
}

// pair are the two texts' results; ok is false where there is nothing to compare.
func pair(s sight) (a, b campaign.Result, ok bool) {
	for _, r := range s.Each {
		if r.Variant == campaign.First {
			a = r
		} else {
			b = r
		}
	}
	return a, b, s.Share > 0
}

// verdict says what a comparison shows.
func verdict(ctx context.Context, d campaign.Difference) string {
	points := func(f float64) string { return i18n.Decimal(ctx, f*100, 1) }
	switch {
	case d.TooFew:
		return t(ctx, "too_few")
	case !d.Clear():
		return t(ctx, "no_difference", "low", points(d.Low), "high", points(d.High))
	case d.Low > 0:
		return t(ctx, "more", "low", points(d.Low), "high", points(d.High))
	}
	return t(ctx, "less", "low", points(-d.High), "high", points(-d.Low))
}

// ours are the languages, the reader's first.
func ours(ctx context.Context) []i18n.Locale {
	list := []i18n.Locale{i18n.Of(ctx).Locale}
	for _, l := range i18n.Locales() {
		if l != list[0] {
			list = append(list, l)
		}
	}
	return list
}

func previewPath(s sight) string {
	return path(s.ID) + "/preview?who=" + url.QueryEscape(s.Who) + "&variant=" + s.Variant
}

// wrongFoot leads to the settings, where what is missing is entered.
func wrongFoot(s sight) string { return s.Trouble.For("foot") }

// editErrors says whether something is wrong that is put right in the form.
func editErrors(s sight) bool {
	for _, e := range s.Trouble.Errors {
		if e.Name != "foot" && e.Name != "at" && e.Name != "who" {
			return true
		}
	}
	return false
}

func filterWord(ctx context.Context, p crowd) string {
	switch {
	case p.Filter.Why != "":
		return why(ctx, p.Filter.Why)
	case p.Filter.Fate != "":
		return fateWord(ctx, p.Filter.Fate)
	case p.Filter.Replied:
		return t(ctx, "replied")
	case p.Filter.Left:
		return t(ctx, "left")
	}
	return t(ctx, "all_people")
}

func guessWord(ctx context.Context, g guess) string {
	if g.Why == "" {
		return t(ctx, "get")
	}
	return why(ctx, g.Why)
}

func shareOr(s sheet) string {
	if s.Given.Share == 0 {
		return "50"
	}
	return count(s.Given.Share)
}

// sureWord says what comes of it.
func sureWord(ctx context.Context, s sight) string {
	if s.Outlook.At.IsZero() || s.Outlook.Going {
		return t(ctx, "sure_size", "n", s.Size)
	}
	return t(ctx, "sure", "n", s.Outlook.Get)
}

func mailTitle(ctx context.Context, p piece) string {
	if p.Subject != "" {
		return p.Subject
	}
	return p.Of.Name
}
