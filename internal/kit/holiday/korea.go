package holiday

import (
	"slices"
	"time"

	"baraji/internal/kit/hours"
)

// Day is a holiday.
type Day struct {
	Date       hours.Date
	Korean     string
	English    string
	Substitute bool // given for a day that fell on a weekend or on another holiday
}

// Name is what a day is called in a language.
func (d Day) Name(language string) string {
	if language == "ko" {
		return d.Korean
	}
	return d.English
}

// weekends says which days of the weekend are made up for.
type weekends int

const (
	never   weekends = iota
	sundays          // those of Seollal and Chuseok
	both
)

// holiday is a day of one year, with what the law of that year does when it falls on another free day.
type holiday struct {
	Day
	made            weekends
	korean, english string // what a substitute is called after
}

// Korea is the public holidays of a year in order; two of them can be on one date. There are none outside First to Last.
func Korea(year int) []Day {
	if year < First || year > Last {
		return nil
	}
	list := append(statutory(year), named(year)...)
	slices.SortStableFunc(list, func(a, b holiday) int { return a.Date.Compare(b.Date) })
	list = append(list, substitutes(list)...)
	slices.SortStableFunc(list, func(a, b holiday) int { return a.Date.Compare(b.Date) })
	days := make([]Day, len(list))
	for i, h := range list {
		days[i] = h.Day
	}
	return days
}

// statutory are the days that the law names.
func statutory(year int) []holiday {
	since := func(first int) weekends {
		if year >= first {
			return both
		}
		return never
	}
	on := func(m time.Month, d int, korean, english string, made weekends) holiday {
		return holiday{Day{Date: hours.Date{Year: year, Month: m, Day: d}, Korean: korean, English: english}, made, korean, english}
	}
	moon := lunar[year-First]
	list := []holiday{
		on(time.January, 1, "새해 첫날", "New Year's Day", never),
		on(time.March, 1, "삼일절", "Independence Movement Day", since(2022)), // the rule of August 2021 came after the day
		on(time.May, 5, "어린이날", "Children's Day", both),
		on(moon[1].month, moon[1].day, "부처님오신날", "Buddha's Birthday", since(2023)),
		on(time.June, 6, "현충일", "Memorial Day", never),
		on(time.August, 15, "광복절", "Liberation Day", since(2021)),
		on(time.October, 3, "개천절", "National Foundation Day", since(2021)),
		on(time.October, 9, "한글날", "Hangeul Day", since(2021)),
		on(time.December, 25, "성탄절", "Christmas Day", since(2023)),
	}
	if year >= 2026 {
		list = append(list, on(time.May, 1, "노동절", "Labour Day", both), on(time.July, 17, "제헌절", "Constitution Day", both))
	}
	list = append(list, three(on(moon[0].month, moon[0].day, "설날", "Seollal", sundays))...)
	return append(list, three(on(moon[2].month, moon[2].day, "추석", "Chuseok", sundays))...)
}

// three are a feast with the day before and the day after.
func three(feast holiday) []holiday {
	eve, after := feast, feast
	eve.Day = Day{Date: feast.Date.Add(-1), Korean: feast.Korean + " 전날", English: "Day before " + feast.English}
	after.Day = Day{Date: feast.Date.Add(1), Korean: feast.Korean + " 다음 날", English: "Day after " + feast.English}
	return []holiday{eve, feast, after}
}

// named are the days that were decided for one year. The elections after 2026 are those whose terms are fixed by law (공직선거법 34).
func named(year int) (list []holiday) {
	for _, d := range []Day{
		{Date: hours.Date{Year: 2020, Month: 4, Day: 15}, Korean: "국회의원 선거일", English: "National Assembly election"},
		{Date: hours.Date{Year: 2020, Month: 8, Day: 17}, Korean: "임시공휴일", English: "Temporary public holiday"},
		{Date: hours.Date{Year: 2022, Month: 3, Day: 9}, Korean: "대통령 선거일", English: "Presidential election"},
		{Date: hours.Date{Year: 2022, Month: 6, Day: 1}, Korean: "지방선거일", English: "Local elections"},
		{Date: hours.Date{Year: 2023, Month: 10, Day: 2}, Korean: "임시공휴일", English: "Temporary public holiday"},
		{Date: hours.Date{Year: 2024, Month: 4, Day: 10}, Korean: "국회의원 선거일", English: "National Assembly election"},
		{Date: hours.Date{Year: 2024, Month: 10, Day: 1}, Korean: "임시공휴일(국군의 날)", English: "Temporary public holiday (Armed Forces Day)"},
		{Date: hours.Date{Year: 2025, Month: 1, Day: 27}, Korean: "임시공휴일", English: "Temporary public holiday"},
		{Date: hours.Date{Year: 2025, Month: 6, Day: 3}, Korean: "대통령 선거일", English: "Presidential election"},
		{Date: hours.Date{Year: 2026, Month: 6, Day: 3}, Korean: "지방선거일", English: "Local elections"},
		{Date: hours.Date{Year: 2028, Month: 4, Day: 12}, Korean: "국회의원 선거일", English: "National Assembly election"},
		{Date: hours.Date{Year: 2030, Month: 6, Day: 12}, Korean: "지방선거일", English: "Local elections"},
	} {
		if d.Date.Year == year {
			list = append(list, holiday{Day: d})
		}
	}
	return list
}

// substitutes are the days that make up for what fell on a weekend or on another holiday: for each the next day that is free
// of both. Holidays that share a working day are made up for once, under the name of the last of them.
func substitutes(list []holiday) (made []holiday) {
	taken := map[hours.Date]bool{}
	for _, h := range list {
		taken[h.Date] = true
	}
	for i, h := range list {
		before := i > 0 && list[i-1].Date == h.Date
		after := i+1 < len(list) && list[i+1].Date == h.Date
		if !h.lost(before) || after && !weekend(h.Date) {
			continue
		}
		date := h.Date.Add(1)
		for taken[date] || weekend(date) {
			date = date.Add(1)
		}
		taken[date] = true
		made = append(made, holiday{Day: Day{Date: date, Korean: "대체공휴일(" + h.korean + ")", English: "Substitute holiday (" + h.english + ")", Substitute: true}})
	}
	return made
}

// lost says whether a holiday brought no free day of its own.
func (h holiday) lost(shared bool) bool {
	switch h.Date.Weekday() {
	case time.Sunday:
		return h.made >= sundays
	case time.Saturday:
		return h.made == both
	}
	return shared && h.made != never
}

func weekend(d hours.Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}
