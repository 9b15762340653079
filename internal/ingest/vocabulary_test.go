package ingest

import (
	"testing"

	"shanyraq"
)

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"value", "value", 0},
		{"valeu", "value", 1}, {"vlue", "value", 1}, {"valuе", "value", 1}, {"kitten", "sitting", 3},
	} {
		if got := edits([]rune(tt.a), []rune(tt.b)); got != tt.want {
			t.Errorf("%q to %q: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestNearNumber(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"1 234,5", "1234.5"}, {"1 234", "1234"}, {"1\u00a0234\u00a0567", "1234567"}, {"12,5", "12.5"}, {"-0,125", "-0.125"},
		{"1,234", ""}, {"1,234,567", "1234567"}, {"1.234.567", "1234567"}, {"1,234.5", "1234.5"}, {"1.234,5", "1234.5"},
		{"−5", "-5"}, {"7%", "7"}, {"5 persons", ""}, {"", ""}, {",", ""}, {"1'000", "1000"}, {"1.2.3,4,5", ""},
	} {
		if got := nearNumber(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestNearPeriod(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"31.12.2024", "2024-12-31"}, {"2024/05/11", "2024-05-11"}, {"2024.05.11", "2024-05-11"}, {"05.2024", "2024-05"}, {"2019–2021", "2019..2021"},
		{"2024/25", "2024..2025"}, {"2020.0", "2020"}, {"11/05/2024", ""}, {"2021-2019", ""}, {"24", ""}, {"", ""}, {"31.02.2024", ""},
	} {
		if got := nearPeriod(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestBalance(t *testing.T) {
	for id, want := range map[shanyraq.SeriesID]bool{"SM.POP.NETM": true, "net_migration": true, "migration-net": true, "network_count": false, "planets": false} {
		if balance(id) != want {
			t.Errorf("%s: %v", id, !want)
		}
	}
}

// Numbers are read as strconv reads them, to the last bit.
func TestParseNumber(t *testing.T) {
	for in, want := range map[string]float64{
		"0": 0, "-0": 0, "-0.0": 0, "1": 1, "+1": 1, ".5": 0.5, "5.": 5, "0.1": 0.1, "999999999999999": 999999999999999,
		"0.000000000000001": 1e-15, "123456789012345678": 123456789012345678, "0.1234567890123456789": 0.1234567890123456789, "1e3": 1000, "-2.5E-3": -0.0025,
	} {
		if got, err := parseNumber([]byte(in)); err != nil || got != want || 1/got != 1/want {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", ".", "-", "+", "1.2.3", "1-", "0x1p4", "1_000", "e5", "--1", "1e", "NaN", "Infinity", "-1e400"} {
		if got, err := parseNumber([]byte(in)); err == nil {
			t.Errorf("%q: %v", in, got)
		}
	}
}
