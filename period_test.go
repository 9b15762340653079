package shanyraq

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParsePeriod(t *testing.T) {
	for _, tt := range []struct {
		in   string
		year int // -1 if refused
	}{
		{"", 0},
		{"2024", 2024},
		{"0988", 988},
		{"2024-05", 2024},
		{"2024-02-29", 2024},
		{"2023-11..2024-02", 2024},
		{"2024..2024", 2024},
		{"2024-12-31..2024", 2024},
		{"2023-01-01..2024-06", 2024},
		{"2017..", 2017},
		{"..2024-12-17", 2024},

		{"24", -1}, {"2024-5", -1}, {"2024-13", -1}, {"2024-00", -1}, {"2023-02-29", -1}, {"2024-04-31", -1},
		{"2024/05", -1}, {"May 2024", -1}, {" 2024", -1}, {"2024 ", -1}, {"20 4", -1}, {"-024", -1}, {"+2024", -1}, {"٢٠٢٤", -1},
		{"0000", -1}, {"0000-01", -1}, {"..0000", -1},
		{"..", -1}, {"2024...2025", -1}, {"2024..2025..2026", -1}, {"2024-2025", -1}, {"2024.2025", -1},
		{"2024..2023", -1}, {"2024-05-11..2024-05-10", -1}, {"2024-06..2024-05", -1}, {"x..2024", -1}, {"2024..x", -1}, {"..x", -1}, {"x..", -1},
	} {
		t.Run(fmt.Sprintf("%q", tt.in), func(t *testing.T) {
			p, err := ParsePeriod(tt.in)
			if tt.year < 0 {
				if KindOf(err) != Invalid || p != "" && p != Period(tt.in) {
					t.Errorf("read as %q, %v", p, err)
				}
				return
			}
			if err != nil || string(p) != tt.in || p.Year() != tt.year {
				t.Errorf("read as %q of %d, %v", p, p.Year(), err)
			}
		})
	}
}

// Year makes nothing up of a period that was never parsed.
func TestYearOfNonsense(t *testing.T) {
	for _, p := range []Period{"x", "abcd", "20", "..", "..x", "24-01"} {
		if y := p.Year(); y != 0 {
			t.Errorf("%q is of %d", p, y)
		}
	}
}

func TestYearPeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.IntRange(1, 9999).Draw(t, "year")
		p, err := ParsePeriod(string(YearPeriod(y)))
		if err != nil || p.Year() != y {
			t.Fatalf("%d is written %q and read as %d, %v", y, p, p.Year(), err)
		}
	})
}

// Any two days in order make a period, in any pair of the three forms; the
// same two the wrong way round make none, unless the forms overlap.
func TestParsePeriodSpans(t *testing.T) {
	forms := []string{"2006", "2006-01", "2006-01-02"}
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) time.Time {
			return time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 80_000).Draw(t, name))
		}
		a, b := day("a"), day("b")
		if b.Before(a) {
			a, b = b, a
		}
		from, to := a.Format(rapid.SampledFrom(forms).Draw(t, "from")), b.Format(rapid.SampledFrom(forms).Draw(t, "to"))
		p, err := ParsePeriod(from + ".." + to)
		if err != nil || p.Year() != b.Year() {
			t.Fatalf("%s..%s: %q of %d, %v", from, to, p, p.Year(), err)
		}
		if n := min(len(from), len(to)); to[:n] > from[:n] {
			if p, err := ParsePeriod(to + ".." + from); err == nil {
				t.Fatalf("%q ends before it begins", p)
			}
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"", "2024", "2024-05", "2024-05-11", "2024-01..2024-10", "2017..", "..2024-12-17", "..", "0000", "2024..2023"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriod(s)
		if err != nil {
			if KindOf(err) != Invalid {
				t.Fatalf("%q: %v is of kind %d", s, err, KindOf(err))
			}
			return
		}
		if string(p) != s {
			t.Fatalf("%q was read as %q", s, p)
		}
		if y := p.Year(); s != "" && (y < 1 || y > 9999) {
			t.Fatalf("%q is of the year %d", s, y)
		}
	})
}
