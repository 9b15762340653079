package locale

import (
	"strconv"
	"strings"
	"time"

	"shanyraq"
)

// A date is a year, a month or a day, as far as it is known.
type date struct {
	year  string
	month int    // 0 if unknown
	day   string // "" if unknown, without a leading zero
}

// dateOf returns the date written in s, such as 2024, 2024-05 or 2024-05-11.
func dateOf(s string) (date, bool) {
	layout, ok := map[int]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}[len(s)]
	if !ok {
		return date{}, false
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return date{}, false
	}
	d := date{year: s[:4]}
	if len(s) >= 7 {
		d.month = int(t.Month())
	}
	if len(s) == 10 {
		d.day = strconv.Itoa(t.Day())
	}
	return d, true
}

// month returns the name of a month in the form a sentence needs: "" to stand
// alone, "of" after a day, "since" and "until".
func (l *Locale) month(m int, form string) string {
	key := "month." + strconv.Itoa(m)
	if form != "" {
		key += "." + form
	}
	return l.T(key)
}

// write returns the date with its month in the form, and without its year if
// that is said elsewhere.
func (l *Locale) write(d date, form string, withYear bool) string {
	if d.month == 0 {
		return d.year
	}
	var s string
	if d.day != "" {
		if form == "" {
			form = "of"
		}
		s = d.day + " "
	}
	s += l.month(d.month, form)
	if withYear {
		s = l.inYear(d.year, s)
	}
	return s
}

// inYear puts the year to a day or month: "14 Sep 2022", "2022 ж. 14 қыркүйек".
func (l *Locale) inYear(year, s string) string {
	return l.T("date.in_year", "Year", year, "Date", s)
}

// Period returns the period as it is written in a sentence: "2022",
// "14 Sep 2022", "Jan–Oct 2024", "since 2017". It returns "" for an undated
// period, and what is no period as it stands.
func (l *Locale) Period(p shanyraq.Period) string {
	from, to, span := strings.Cut(string(p), "..")
	if !span {
		if d, ok := dateOf(from); ok {
			return l.write(d, "", true)
		}
		return string(p)
	}
	a, okA := dateOf(from)
	b, okB := dateOf(to)
	switch {
	case okA && okB:
		return l.spanOf(a, b)
	case okA && to == "":
		return l.open("since", a)
	case okB && from == "":
		return l.open("until", b)
	}
	return string(p)
}

// open returns a span with one end: "since 2017".
func (l *Locale) open(form string, d date) string {
	if d.month == 0 {
		return l.T("date."+form+".year", "Year", d.year)
	}
	return l.T("date."+form, "Date", l.write(d, form, true))
}

// spanOf returns a span with two ends, saying what they share once.
func (l *Locale) spanOf(a, b date) string {
	switch {
	case a == b:
		return l.write(a, "", true)
	case a.month == 0 && b.month == 0:
		return a.year + dash + b.year
	case a.year != b.year || a.month == 0 || b.month == 0:
		return l.write(a, "", true) + " " + dash + " " + l.write(b, "", true)
	case a.day == "" && b.day == "":
		return l.inYear(a.year, l.month(a.month, "")+dash+l.month(b.month, ""))
	case a.month == b.month && a.day != "" && b.day != "":
		return l.inYear(a.year, a.day+dash+b.day+" "+l.month(a.month, "of"))
	}
	return l.inYear(a.year, l.write(a, "", false)+" "+dash+" "+l.write(b, "", false))
}

// Date returns the day t falls on in its own time zone: "14 Sep 2022".
func (l *Locale) Date(t time.Time) string {
	return l.write(date{t.Format("2006"), int(t.Month()), strconv.Itoa(t.Day())}, "", true)
}

// Time returns the day and the minute of t in its own time zone:
// "14 Sep 2022, 15:04".
func (l *Locale) Time(t time.Time) string { return l.Date(t) + ", " + t.Format("15:04") }
