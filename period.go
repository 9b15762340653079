package shanyraq

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Period is the time a claim speaks of: a year "2024", a month "2024-05", a
// day "2024-05-11", a span of two such "2024-01..2024-10", one end of it open
// "2017.." or "..2024-12-17", or "" where the source gives no date.
type Period string

// ParsePeriod returns the period written in s, or an [Invalid] error that
// says what was expected.
func ParsePeriod(s string) (Period, error) {
	if s == "" {
		return "", nil
	}
	from, to, span := strings.Cut(s, "..")
	if !span {
		_, _, err := dateRange(s)
		return Period(s), err
	}
	if from == "" && to == "" {
		_, _, err := dateRange(s)
		return "", err
	}
	var begin, end time.Time
	var err error
	if from != "" {
		if begin, _, err = dateRange(from); err != nil {
			return "", err
		}
	}
	if to != "" {
		if _, end, err = dateRange(to); err != nil {
			return "", err
		}
	}
	if from != "" && to != "" && end.Before(begin) {
		return "", Errorf("shanyraq.ParsePeriod", Invalid, "%q ends before it begins", s)
	}
	return Period(s), nil
}

// dateRange returns the first and last day of a year, month or day.
func dateRange(s string) (first, last time.Time, err error) {
	bad := func() (time.Time, time.Time, error) {
		return time.Time{}, time.Time{}, Errorf("shanyraq.ParsePeriod", Invalid, "%q is not a date such as 2024, 2024-05, 2024-05-11 or 2024-01..2024-10", s)
	}
	layout, ok := map[int]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}[len(s)]
	if !ok {
		return bad()
	}
	first, err = time.Parse(layout, s)
	if err != nil || first.Year() == 0 { // no calendar has a year 0
		return bad()
	}
	switch len(s) {
	case 4:
		last = first.AddDate(1, 0, -1)
	case 7:
		last = first.AddDate(0, 1, -1)
	default:
		last = first
	}
	return first, last, nil
}

// Year returns the calendar year in which the period ends (or begins, where
// its end is open), and 0 if it is undated.
func (p Period) Year() int {
	s := string(p)
	if from, to, ok := strings.Cut(s, ".."); ok {
		if s = to; s == "" {
			s = from
		}
	}
	if len(s) < 4 {
		return 0
	}
	y, err := strconv.Atoi(s[:4])
	if err != nil {
		return 0
	}
	return y
}

// YearPeriod returns the period of one calendar year.
func YearPeriod(year int) Period { return Period(fmt.Sprintf("%04d", year)) }
