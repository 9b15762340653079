package locale

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanyraq"
)

func TestNumber(t *testing.T) {
	for _, tt := range []struct {
		name   string
		v      float64
		digits int
		want   map[string]string
	}{
		{"thousands apart", 1234567.891, 2, map[string]string{"en": "1,234,567.89", "ru": "1_234_567,89", "kk": "1_234_567,89"}},
		{"halves away from zero", 2.5, 0, map[string]string{"en": "3"}},
		{"on the decimal a person sees", 1.005, 2, map[string]string{"en": "1.01"}},
		{"nines carry over", 999.96, 1, map[string]string{"en": "1,000.0", "ru": "1_000,0"}},
		{"zeros are kept", 0.5, 3, map[string]string{"en": "0.500", "kk": "0,500"}},
		{"below zero", -1234.5, 1, map[string]string{"en": "−1,234.5", "ru": "−1_234,5"}},
		{"no minus before nothing", -0.004, 2, map[string]string{"en": "0.00"}},
		{"digits below none", 1234.5, -3, map[string]string{"en": "1,235"}},
		{"very large", 1e21, 0, map[string]string{"en": "1,000,000,000,000,000,000,000"}},
		{"very small", 4.2e-7, 8, map[string]string{"en": "0.00000042"}},
		{"no number", math.NaN(), 2, map[string]string{"en": "—", "ru": "—"}},
		{"without end", math.Inf(-1), 0, map[string]string{"en": "—"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for lang, want := range tt.want {
				if got, want := For(lang).Number(tt.v, tt.digits), strings.ReplaceAll(want, "_", noBreak); got != want {
					t.Errorf("%s: got %q, want %q", lang, got, want)
				}
			}
		})
	}
}

func TestPercentAndCompact(t *testing.T) {
	for _, tt := range []struct{ name, got, want string }{
		{"percent", For("en").Percent(0.39155, 1), "39.2%"},
		{"percent in Russian", For("ru").Percent(0.39155, 1), "39,2_%"},
		{"a percent of a percent", For("kk").Percent(0.0001, 2), "0,01_%"},
		{"compact", For("en").Compact(1_322_456), "1.32_million"},
		{"compact billions", For("ru").Compact(20_600_000_000), "20,6_млрд"},
		{"compact in Kazakh", For("kk").Compact(2.5e12), "2,50_триллион"},
		{"compact carries over", For("en").Compact(999_999), "1.00_million"},
		{"compact below a million", For("en").Compact(123_456), "123,000"},
		{"compact keeps no zeros it does not know", For("en").Compact(2.5), "2.5"},
		{"compact below zero", For("en").Compact(-7_654_321), "−7.65_million"},
		{"compact nothing", For("en").Compact(0), "0"},
	} {
		if want := strings.ReplaceAll(tt.want, "_", noBreak); tt.got != want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, want)
		}
	}
}

// What is written reads back as the number, to half of the last digit shown.
func TestNumberReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e12, 1e12).Draw(t, "v")
		n := rapid.IntRange(0, 6).Draw(t, "digits")
		got := read(t, For("ru").Number(v, n))
		if half := 0.5 * math.Pow10(-n); math.Abs(got-v) > half+1e-15*math.Abs(v) {
			t.Fatalf("%v reads %v", v, got)
		}
	})
}

func TestPeriod(t *testing.T) {
	for _, tt := range []struct {
		p    shanyraq.Period
		want map[string]string
	}{
		{"", map[string]string{"en": "", "ru": "", "kk": ""}},
		{"2022", map[string]string{"en": "2022", "ru": "2022", "kk": "2022"}},
		{"2024-05", map[string]string{"en": "May 2024", "ru": "май 2024", "kk": "2024 ж. мамыр"}},
		{"2022-09-14", map[string]string{"en": "14 Sep 2022", "ru": "14 сентября 2022", "kk": "2022 ж. 14 қыркүйек"}},
		{"2024-04-01", map[string]string{"en": "1 Apr 2024", "ru": "1 апреля 2024", "kk": "2024 ж. 1 сәуір"}},
		{"2017..2019", map[string]string{"en": "2017–2019", "ru": "2017–2019", "kk": "2017–2019"}},
		{"2024..2024", map[string]string{"en": "2024", "kk": "2024"}},
		{"2024-01..2024-10", map[string]string{"en": "Jan–Oct 2024", "ru": "январь–октябрь 2024", "kk": "2024 ж. қаңтар–қазан"}},
		{"2023-11..2024-02", map[string]string{"en": "Nov 2023 – Feb 2024", "ru": "ноябрь 2023 – февраль 2024", "kk": "2023 ж. қараша – 2024 ж. ақпан"}},
		{"2024-05-10..2024-05-11", map[string]string{"en": "10–11 May 2024", "ru": "10–11 мая 2024", "kk": "2024 ж. 10–11 мамыр"}},
		{"2024-05-30..2024-06-02", map[string]string{"en": "30 May – 2 Jun 2024", "ru": "30 мая – 2 июня 2024", "kk": "2024 ж. 30 мамыр – 2 маусым"}},
		{"2023-12-30..2024-01-02", map[string]string{"en": "30 Dec 2023 – 2 Jan 2024", "kk": "2023 ж. 30 желтоқсан – 2024 ж. 2 қаңтар"}},
		{"2017..", map[string]string{"en": "since 2017", "ru": "с 2017 года", "kk": "2017 жылдан бері"}},
		{"2024-03..", map[string]string{"en": "since Mar 2024", "ru": "с марта 2024", "kk": "2024 ж. наурыздан бері"}},
		{"2024-12-17..", map[string]string{"en": "since 17 Dec 2024", "ru": "с 17 декабря 2024", "kk": "2024 ж. 17 желтоқсаннан бері"}},
		{"..2020", map[string]string{"en": "until 2020", "ru": "до 2020 года", "kk": "2020 жылға дейін"}},
		{"..2024-09-03", map[string]string{"en": "until 3 Sep 2024", "ru": "до 3 сентября 2024", "kk": "2024 ж. 3 қыркүйекке дейін"}},
		{"someday", map[string]string{"en": "someday", "ru": "someday"}},
		{"2024-13", map[string]string{"en": "2024-13"}},
		{"..", map[string]string{"en": ".."}},
	} {
		for lang, want := range tt.want {
			if got := For(lang).Period(tt.p); got != want {
				t.Errorf("%q in %s: got %q, want %q", tt.p, lang, got, want)
			}
		}
	}
}

func TestDateAndTime(t *testing.T) {
	at := time.Date(2022, 9, 14, 15, 4, 5, 0, time.FixedZone("Astana", 5*3600))
	for _, tt := range []struct{ got, want string }{
		{For("en").Date(at), "14 Sep 2022"},
		{For("ru").Date(at), "14 сентября 2022"},
		{For("kk").Date(at), "2022 ж. 14 қыркүйек"},
		{For("en").Time(at), "14 Sep 2022, 15:04"},
		{For("kk").Time(at), "2022 ж. 14 қыркүйек, 15:04"},
		{For("en").Date(at.In(time.FixedZone("Tarawa", 12*3600)).Add(2 * time.Hour)), "15 Sep 2022"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"", "2024", "2024-05..", "..2024-05-11", "2024..2020", "..", "....", "2024-02-30", "٢٠٢٤"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range supported {
			got := For(lang).Period(shanyraq.Period(s))
			if strings.Contains(got, "⟦") && !strings.Contains(s, "⟦") {
				t.Errorf("%q in %s: %q", s, lang, got)
			}
			if _, err := shanyraq.ParsePeriod(s); err != nil && got == "" {
				t.Errorf("%q, which is no period, is lost", s)
			}
		}
	})
}

func TestUnits(t *testing.T) {
	for _, tt := range []struct {
		lang, want string
		u          shanyraq.Unit
		v          float64
	}{
		{"en", "person", "persons", 1},
		{"en", "persons", "persons", 0},
		{"en", "persons", "persons", 1.5},
		{"ru", "год", "years", 21},
		{"ru", "года", "years", -22},
		{"ru", "лет", "years", 11},
		{"ru", "года", "years", 74.4},
		{"kk", "жыл", "years", 3},
		{"en", "yurts", "yurts", 3},
	} {
		if got := For(tt.lang).Unit(tt.u, tt.v); got != tt.want {
			t.Errorf("%v %s in %s: got %q, want %q", tt.v, tt.u, tt.lang, got, tt.want)
		}
	}
	for lang, want := range map[string]string{"en": "persons", "ru": "человек", "kk": "адам"} {
		if got := For(lang).UnitLabel("persons"); got != want {
			t.Errorf("label in %s: got %q, want %q", lang, got, want)
		}
	}
}

func TestWordsOfFigures(t *testing.T) {
	l := For("en")
	for _, tt := range []struct{ got, want string }{
		{l.Kind(shanyraq.Printed), "as printed"},
		{l.Strength(shanyraq.Measured), "measured"},
		{l.Strength(0), ""},
		{l.StrengthLong(shanyraq.Opinion), "Judged, or quoted without a visible basis."},
		{l.StrengthLong(0), ""},
		{l.Direction(shanyraq.TooNarrow), "the range is too narrow"},
		{For("ru").Direction(shanyraq.TooHigh), "число завышено"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
