package holiday

import (
	"strings"
	"testing"

	"baraji/internal/kit/problem"

	"golang.org/x/text/encoding/korean"
)

func said(days []Day) string {
	var list []string
	for _, d := range days {
		list = append(list, d.Date.String()+" "+d.Korean)
	}
	return strings.Join(list, ", ")
}

func faults(err error) string {
	var list []string
	for _, f := range problem.Fields(err) {
		list = append(list, f.Name+": "+f.Text())
	}
	if list == nil && err != nil {
		return err.Error()
	}
	return strings.Join(list, "; ")
}

func vevent(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

func TestReadingFiles(t *testing.T) {
	excel, _ := korean.EUCKR.NewEncoder().String("날짜,이름\n2027-05-17,창립기념일\n")
	for _, tt := range []struct{ name, file, want string }{
		{"a list", "date,name\n2027-01-01,New Year\n2027-12-24,\"Early, very early\"\n", "2027-01-01 New Year, 2027-12-24 Early, very early"},
		{"in any order, told once", "2027-12-24,b\n2027-01-01,a\n2027-01-01,a\n", "2027-01-01 a, 2027-12-24 b"},
		{"dates as people write them", "2027/1/2;a\n2027. 3. 4.;b\n20270506;c\n2027년 7월 8일;d\n", "2027-01-02 a, 2027-03-04 b, 2027-05-06 c, 2027-07-08 d"},
		{"empty lines and more columns", "날짜\t이름\t비고\n\n2027-05-17\t창립기념일\t쉼\n\t\n", "2027-05-17 창립기념일"},
		{"as a Korean spreadsheet saves it", excel, "2027-05-17 창립기념일"},
		{"with a mark at its beginning", "\ufeff2027-05-17,창립기념일", "2027-05-17 창립기념일"},
		{"an event", vevent("DTSTART;VALUE=DATE:20270517", "DTEND;VALUE=DATE:20270518", "SUMMARY:창립기념일"), "2027-05-17 창립기념일"},
		{"three days", vevent("DTSTART;VALUE=DATE:20270517", "DTEND;VALUE=DATE:20270520", "SUMMARY:x"), "2027-05-17 x, 2027-05-18 x, 2027-05-19 x"},
		{"two days by duration", vevent("DTSTART;VALUE=DATE:20271231", "DURATION:P2D", "SUMMARY:x"), "2027-12-31 x, 2028-01-01 x"},
		{"folded and escaped", vevent("DTSTART;VALUE=DATE:20270517", "SUMMARY:a\\, b", "  and", " \tc;X=\"1:2\""), "2027-05-17 a, b and c;X=\"1:2\""},
		{"a quoted colon", vevent("DTSTART;X-A=\"b:c\";VALUE=DATE:20270517", "SUMMARY;LANGUAGE=ko:x"), "2027-05-17 x"},
		{"an alarm inside", vevent("DTSTART;VALUE=DATE:20270517", "BEGIN:VALARM", "SUMMARY:no", "DTSTART:20270101T000000Z", "END:VALARM", "SUMMARY:x"), "2027-05-17 x"},
		{"every year", vevent("DTSTART;VALUE=DATE:20470517", "RRULE:FREQ=YEARLY", "SUMMARY:x"), "2047-05-17 x, 2048-05-17 x, 2049-05-17 x, 2050-05-17 x"},
		{"since long ago", vevent("DTSTART;VALUE=DATE:18891225", "RRULE:FREQ=YEARLY;UNTIL=20211225;BYMONTH=12;BYMONTHDAY=25", "SUMMARY:x"), "2020-12-25 x, 2021-12-25 x"},
		{"29 February", vevent("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY;COUNT=3", "SUMMARY:x"), "2024-02-29 x, 2028-02-29 x, 2032-02-29 x"},
		{"the fourth Thursday of November", vevent("DTSTART;VALUE=DATE:20251127", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3", "SUMMARY:x"), "2025-11-27 x, 2026-11-26 x, 2027-11-25 x"},
		{"the last Monday of May", vevent("DTSTART;VALUE=DATE:20260525", "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=20280531T000000Z", "SUMMARY:x"), "2026-05-25 x, 2027-05-31 x, 2028-05-29 x"},
		{"every other year without one", vevent("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;INTERVAL=2;COUNT=3", "EXDATE;VALUE=DATE:20280101", "SUMMARY:x"), "2026-01-01 x, 2030-01-01 x"},
		{"cancelled beside another", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101\nSUMMARY:a\nSTATUS:CANCELLED\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20270102\nSUMMARY:b\nEND:VEVENT\nEND:VCALENDAR", "2027-01-02 b"},
	} {
		days, err := Read([]byte(tt.file))
		if got := said(days); err != nil || got != tt.want {
			t.Errorf("%s: %s %s\nwant %s", tt.name, got, faults(err), tt.want)
		}
	}
}

func TestWhatIsWrongWithAFile(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"nothing in it", "", "There is no holiday in this file."},
		{"no dates", "a,b\n", "There is no holiday in this file."},
		{"lines", "date,name\n2027-02-29,x\nsoon,y\n2027-01-01\n2027-01-02,\n", "line_2: “2027-02-29” is no date such as 2027-01-01.; line_3: “soon” is no date such as 2027-01-01.; line_4: This day has no name.; line_5: This day has no name."},
		{"a long name", "2027-01-01," + strings.Repeat("x", 201), "line_1: This name is longer than 200 characters."},
		{"a time of day", vevent("DTSTART:20270517T090000Z", "SUMMARY:x"), "line_4: Only whole days can be holidays: “20270517T090000Z” is none."},
		{"no date", vevent("SUMMARY:x"), "line_3: This event has no date."},
		{"no name", vevent("DTSTART;VALUE=DATE:20270517"), "line_3: This day has no name."},
		{"no end", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101\nSUMMARY:a\n", "line_2: This event does not end."},
		{"every month", vevent("DTSTART;VALUE=DATE:20270517", "RRULE:FREQ=MONTHLY", "SUMMARY:x"), "line_5: The rule “FREQ=MONTHLY” is not understood: only yearly ones are."},
		{"on two days of the year", vevent("DTSTART;VALUE=DATE:20270517", "RRULE:FREQ=YEARLY;BYYEARDAY=1,100", "SUMMARY:x"), "line_5: The rule “FREQ=YEARLY;BYYEARDAY=1,100” is not understood: only yearly ones are."},
		{"more days beside", vevent("DTSTART;VALUE=DATE:20270517", "RDATE;VALUE=DATE:20280517", "SUMMARY:x"), "line_5: “RDATE” is not understood here: put each day into an event of its own."},
		{"endless", vevent("DTSTART;VALUE=DATE:20270517", "DTEND;VALUE=DATE:99990101", "SUMMARY:x"), "line_3: This event is longer than 366 days."},
		{"too many", strings.Repeat("2027-01-01,x\n", maxDays+1), "line_5000: There are more than 5000 days in this file."},
		{"too large", strings.Repeat("x", MaxFile+1), "The file is larger than 1024 KB."},
	} {
		days, err := Read([]byte(tt.file))
		if got := faults(err); len(days) > 0 || got != tt.want {
			t.Errorf("%s: %s %s\nwant %s", tt.name, said(days), got, tt.want)
		}
	}
	_, err := Read([]byte(strings.Repeat("2027-01-01,x\n", 3) + strings.Repeat("no,x\n", 100)))
	if n := len(problem.Fields(err)); n != maxFault {
		t.Errorf("%d lines are told, want %d", n, maxFault)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("date,name\n2027-01-01,x\n"))
	f.Add([]byte(vevent("DTSTART;VALUE=DATE:20251127", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3", "SUMMARY:x", " y")))
	f.Add([]byte(vevent("DTSTART:20270517", "DURATION:P2W", "EXDATE:20270518,20270519", "SUMMARY:\\n\\,")))
	f.Fuzz(func(t *testing.T, file []byte) {
		days, err := Read(file)
		if err == nil && len(days) == 0 || err != nil && days != nil {
			t.Errorf("%d days and %v", len(days), err)
		}
		for i, d := range days {
			if _, ok := valid(d.Date); !ok || d.Korean == "" || i > 0 && d.Date.Compare(days[i-1].Date) < 0 || len(days) > maxDays {
				t.Errorf("took %v %q", d.Date, d.Korean)
			}
		}
	})
}
