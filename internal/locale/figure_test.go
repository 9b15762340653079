package locale

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanyraq"
)

// fig returns a figure for a test.
func fig(t testing.TB, v, lo, hi, level float64, kind shanyraq.IntervalKind, u shanyraq.Unit) shanyraq.Figure {
	t.Helper()
	f, err := shanyraq.NewFigure("test", v, shanyraq.Interval{Lo: lo, Hi: hi, Level: level, Kind: kind}, u,
		shanyraq.Lineage{Method: "claim", Sources: []shanyraq.SourceID{"test"}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Wants follow from the rules in the documentation of Figure, worked by hand.
// A plain space in a want before a sign stands for the no-break space.
func TestFigure(t *testing.T) {
	const none = 0
	type text struct{ short, full string }
	for _, tt := range []struct {
		name      string
		v, lo, hi float64
		level     float64
		kind      shanyraq.IntervalKind
		unit      shanyraq.Unit
		want      map[string]text
	}{
		{"the second digit of half the width decides", 0.4712, 0.3904, 0.5521, 0.95, shanyraq.Confidence, "index", map[string]text{
			"en": {"0.471 (0.390–0.552)", "0.471 (0.390 to 0.552, 95% confidence)"},
			"ru": {"0,471 (0,390–0,552)", "0,471 (от 0,390 до 0,552, доверительный интервал 95_%)"},
			"kk": {"0,471 (0,390–0,552)", "0,471 (кемі 0,390, көбі 0,552, 95_% сенімділік аралығы)"}}},
		{"a ratio has three digits", 0.70960837, 0.70960758, 0.70960915, none, shanyraq.Bounds, "ratio", map[string]text{
			"en": {"0.710", "0.710 (0.710 to 0.710, limits)"}}},
		{"hundreds keep their units", 485, 361, 692, 0.95, shanyraq.Confidence, "persons", map[string]text{
			"en": {"485 (361–692)", "485 persons (361 to 692, 95% confidence)"},
			"ru": {"485 (361–692)", "485 человек (от 361 до 692, доверительный интервал 95_%)"},
			"kk": {"485 (361–692)", "485 адам (кемі 361, көбі 692, 95_% сенімділік аралығы)"}}},
		{"thousands do not", 4812, 3600, 6900, 0.9, shanyraq.Credible, "persons", map[string]text{
			"en": {"4,800 (3,600–6,900)", "4,800 persons (3,600 to 6,900, 90% credible)"},
			"ru": {"4_800 (3_600–6_900)", "4_800 человек (от 3_600 до 6_900, апостериорный интервал 90_%)"}}},
		{"persons have no decimals", 3.4, 1.2, 5.6, 0.95, shanyraq.Confidence, "persons", map[string]text{
			"en": {"3 (1–6)", "3 persons (1 to 6, 95% confidence)"},
			"ru": {"3 (1–6)", "3 человека (от 1 до 6, доверительный интервал 95_%)"}}},
		{"one person", 1, 0, 3, 0.95, shanyraq.Confidence, "persons", map[string]text{
			"en": {"1 (0–3)", "1 person (0 to 3, 95% confidence)"},
			"ru": {"1 (0–3)", "1 человек (от 0 до 3, доверительный интервал 95_%)"}}},
		{"twenty-one are one in Russian", 21, 11, 31, none, shanyraq.Judged, "persons", map[string]text{
			"ru": {"21 (11–31)", "21 человек (от 11 до 31, по словам источника)"},
			"kk": {"21 (11–31)", "21 адам (кемі 11, көбі 31, дереккөз айтқандай)"}}},
		{"a small value beside a wide range keeps two digits", 361, 200, 90_000, none, shanyraq.Spread, "persons", map[string]text{
			"en": {"360 (200–90,000)", "360 persons (200 to 90,000, lowest to highest)"}}},
		{"a very small end does not", 361, 5, 90_000, none, shanyraq.Spread, "persons", map[string]text{
			"en": {"360 (0–90,000)", "360 persons (0 to 90,000, lowest to highest)"}}},
		{"limits have no value", 0, 0, 403, none, shanyraq.Limits, "persons", map[string]text{
			"en": {"0–403", "0 to 403 persons (limits alone)"},
			"ru": {"0–403", "от 0 до 403 человека (только пределы)"}}},
		{"limits are rounded outward", 863_844, 863_844, 4_512_333, none, shanyraq.Limits, "persons", map[string]text{
			"en": {"800,000–4,600,000", "800,000 to 4,600,000 persons (limits alone)"}}},
		{"but not by more than a quarter of themselves", 136_000, 136_000, 4_500_000, none, shanyraq.Limits, "persons", map[string]text{
			"en": {"130,000–4,500,000", "130,000 to 4,500,000 persons (limits alone)"}}},
		{"narrow limits have four digits", -0.4125, -0.412621, -0.412484, none, shanyraq.Limits, "index", map[string]text{
			"en": {"−0.4127 to −0.4124", "−0.4127 to −0.4124 (limits alone)"}}},
		{"a count is exact", 12_047, 12_047, 12_047, none, shanyraq.Counted, "records", map[string]text{
			"en": {"12,047", "12,047 records (exact count)"},
			"ru": {"12_047", "12_047 записей (точный подсчёт)"},
			"kk": {"12_047", "12_047 жазба (дәл санақ)"}}},
		{"a share of what was counted has four digits", 100 * 46.0 / 52, 100 * 46.0 / 52, 100 * 46.0 / 52, none, shanyraq.Counted, "percent", map[string]text{
			"en": {"88.46%", "88.46% (exact count)"},
			"ru": {"88,46_%", "88,46_% (точный подсчёт)"}}},
		{"a round one has fewer", 75, 75, 75, none, shanyraq.Counted, "percent", map[string]text{"en": {"75%", "75% (exact count)"}}},
		{"persons printed to the last", 20_592_571, 20_592_570.5, 20_592_571.5, none, shanyraq.Printed, "persons", map[string]text{
			"en": {"20,592,571", "20,592,571 persons (as printed)"},
			"ru": {"20_592_571", "20_592_571 человек (точность записи)"}}},
		{"persons printed in thousands", 45_000, 44_500, 45_500, none, shanyraq.Printed, "persons", map[string]text{
			"en": {"45,000", "45,000 persons (44,500 to 45,500, as printed)"}}},
		{"nobody, where a count cannot be less", 0, 0, 0.5, none, shanyraq.Printed, "persons", map[string]text{
			"en": {"0", "0 persons (as printed)"},
			"ru": {"0", "0 человек (точность записи)"}}},
		{"a printed percentage", 39.16, 39.155, 39.165, none, shanyraq.Printed, "percent", map[string]text{
			"en": {"39.16%", "39.16% (39.155 to 39.165%, as printed)"},
			"ru": {"39,16_%", "39,16_% (от 39,155 до 39,165_%, точность записи)"},
			"kk": {"39,16_%", "39,16_% (кемі 39,155, көбі 39,165_%, жазу дәлдігі)"}}},
		{"zeros that were printed stay", 0.950, 0.9495, 0.9505, none, shanyraq.Printed, "index", map[string]text{
			"en": {"0.950", "0.950 (0.9495 to 0.9505, as printed)"}}},
		{"more than four digits are in full only", 80.79268, 80.792675, 80.792685, none, shanyraq.Printed, "years", map[string]text{
			"en": {"80.79", "80.79268 years (80.792675 to 80.792685, as printed)"},
			"ru": {"80,79", "80,79268 года (от 80,792675 до 80,792685, точность записи)"}}},
		{"all digits before the decimal sign stay", 60_496.44, 60_496.435, 60_496.445, none, shanyraq.Printed, "usd_per_person", map[string]text{
			"en": {"60,496", "60,496.44 US dollars per person (60,496.435 to 60,496.445, as printed)"},
			"kk": {"60_496", "жан басына 60_496,44 АҚШ доллары (кемі 60_496,435, көбі 60_496,445, жазу дәлдігі)"}}},
		{"printed to halves", 3.5, 3.25, 3.75, none, shanyraq.Printed, "score", map[string]text{
			"en": {"3.5", "3.5 points (3.25 to 3.75, as printed)"},
			"ru": {"3,5", "3,5 балла (от 3,25 до 3,75, точность записи)"}}},
		{"a quotient of printed numbers has no step", 27.394, 27.33741, 27.45068, none, shanyraq.Printed, "percent", map[string]text{
			"en": {"27.39%", "27.394% (27.337 to 27.451%, as printed)"}}},
		{"nor has a sum", 2_796_572, 2_796_549.5, 2_796_594.5, none, shanyraq.Printed, "persons", map[string]text{
			"en": {"2,796,572", "2,796,572 persons (2,796,550 to 2,796,595, as printed)"}}},
		{"ranks are whole, their ends outward", 47, 40.8, 52.1, 0.95, shanyraq.Varied, "rank", map[string]text{
			"en": {"47 (40–53)", "rank 47 (40 to 53, 95% of the assumptions tried)"},
			"ru": {"47 (40–53)", "47-е место (от 40 до 53, 95_% проверенных допущений)"},
			"kk": {"47 (40–53)", "47-орын (кемі 40, көбі 53, сыналған жорамалдардың 95_%-ы)"}}},
		{"no width where all assumptions agree", 0.123456, 0.123456, 0.123456, 0.95, shanyraq.Varied, "index", map[string]text{
			"en": {"0.1235", "0.1235 (0.1235 to 0.1235, 95% of the assumptions tried)"}}},
		{"nothing, for sure", 0, 0, 0, none, shanyraq.Bounds, "percent", map[string]text{"en": {"0%", "0% (0 to 0%, limits)"}}},
		{"four digits and no more", 0.3344796, 0.3344738, 0.3344852, none, shanyraq.Bounds, "index", map[string]text{
			"en": {"0.3345", "0.3345 (0.3344738 to 0.3344852, limits)"}}},
		{"four digits of a percentage", 34.62979, 34.62919, 34.63039, none, shanyraq.Bounds, "percent", map[string]text{
			"en": {"34.63%", "34.63% (34.62919 to 34.63039%, limits)"}}},
		{"ends keep what tells them apart", 80.28, 80.2, 80.3, none, shanyraq.Bounds, "percent", map[string]text{
			"en": {"80.28% (80.2–80.3%)", "80.28% (80.2 to 80.3%, limits)"}}},
		{"zero keeps its range", 0, 0, 0.192, 0.95, shanyraq.Varied, "percent", map[string]text{
			"en": {"0.000% (0.000–0.192%)", "0.000% (0.000 to 0.192%, 95% of the assumptions tried)"}}},
		{"ends are not padded", 0.9404, 0.94, 0.95, none, shanyraq.Bounds, "index", map[string]text{
			"en": {"0.9404 (0.94–0.95)", "0.9404 (0.94 to 0.95, limits)"}}},
		{"digits before the decimal sign stay", 1_321_004.4, 1_321_004.1, 1_321_004.9, none, shanyraq.Bounds, "km", map[string]text{
			"en": {"1,321,004 (1,321,004–1,321,005)", "1,321,004 kilometres (1,321,004 to 1,321,005, limits)"}}},
		{"billions of dollars", 306_218_445_000, 300e9, 312e9, 0.95, shanyraq.Confidence, "usd", map[string]text{
			"en": {"306.2_bn (300.0–312.0_bn)", "306.2_bn US dollars (300.0 to 312.0_bn, 95% confidence)"},
			"ru": {"306,2_млрд (300,0–312,0_млрд)", "306,2_млрд долларов США (от 300,0 до 312,0_млрд, доверительный интервал 95_%)"},
			"kk": {"306,2_млрд (300,0–312,0_млрд)", "306,2_млрд АҚШ доллары (кемі 300,0, көбі 312,0_млрд, 95_% сенімділік аралығы)"}}},
		{"nearly a billion", 999_960_000, 999_955_000, 999_965_000, none, shanyraq.Printed, "intl_usd", map[string]text{
			"en": {"1.000_bn", "1.000_bn international dollars (as printed)"}}},
		{"a million is not a thousand thousand", 1_400_000, 1_350_000, 1_450_000, none, shanyraq.Printed, "usd", map[string]text{
			"en": {"1.4_m", "1.4_m US dollars (1.35 to 1.45_m, as printed)"}}},
		{"a share reads as a percentage", 0.392, 0.37, 0.41, none, shanyraq.Bounds, "share", map[string]text{
			"en": {"39.2% (37–41%)", "39.2% (37 to 41%, limits)"},
			"ru": {"39,2_% (37–41_%)", "39,2_% (от 37 до 41_%, пределы)"}}},
		{"a negative end is written in words", -0.5, -0.58, -0.43, 0.9, shanyraq.Credible, "points", map[string]text{
			"en": {"−0.50 (−0.58 to −0.43)", "−0.50 points (−0.58 to −0.43, 90% credible)"},
			"ru": {"−0,50 (от −0,58 до −0,43)", "−0,50 пункта (от −0,58 до −0,43, апостериорный интервал 90_%)"},
			"kk": {"−0,50 (кемі −0,58, көбі −0,43)", "−0,50 пункт (кемі −0,58, көбі −0,43, 90_% апостериорлық аралық)"}}},
		{"a level of a fraction of a percent", 10, 5, 15, 0.995, shanyraq.Confidence, "km", map[string]text{
			"en": {"10 (5–15)", "10 kilometres (5 to 15, 99.5% confidence)"}}},
		{"a unit nobody spelled out", 2, 1.5, 2.5, none, shanyraq.Judged, "yurts", map[string]text{
			"en": {"2.0 (1.5–2.5)", "2.0 yurts (1.5 to 2.5, as the source states)"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := fig(t, tt.v, tt.lo, tt.hi, tt.level, tt.kind, tt.unit)
			for lang, want := range tt.want {
				got := For(lang).Figure(f)
				if s := strings.ReplaceAll(want.short, "_", noBreak); got.Short != s {
					t.Errorf("%s: short %q, want %q", lang, got.Short, s)
				}
				if s := strings.ReplaceAll(want.full, "_", noBreak); got.Full != s {
					t.Errorf("%s: full %q, want %q", lang, got.Full, s)
				}
			}
		})
	}
	if got := For("en").Figure(shanyraq.Figure{}); got != (FigureText{}) {
		t.Errorf("no figure reads %+v", got)
	}
}

func TestFigureParts(t *testing.T) {
	got := For("en").Figure(fig(t, 306_218_445_000, 300e9, 312e9, 0.95, shanyraq.Confidence, "usd"))
	want := FigureText{Value: "306.2_bn", Range: "300.0–312.0_bn", Low: "300.0_bn", High: "312.0_bn", Unit: "US dollars", Kind: "95% confidence",
		Short: "306.2_bn (300.0–312.0_bn)", Full: "306.2_bn US dollars (300.0 to 312.0_bn, 95% confidence)"}
	for _, s := range []*string{&want.Value, &want.Range, &want.Low, &want.High, &want.Short, &want.Full} {
		*s = strings.ReplaceAll(*s, "_", noBreak)
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := For("en").Figure(fig(t, 7, 7, 7, 0, shanyraq.Counted, "records")); got.Range != "" || got.Low != "7" || got.High != "7" {
		t.Errorf("a count reads %+v", got)
	}
}

// read returns the number a reader would read in s.
func read(t interface{ Fatalf(string, ...any) }, s string) float64 {
	s = strings.NewReplacer(noBreak, "", ",", ".", minus, "-", "%", "").Replace(s)
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatalf("%q is no number: %v", s, err)
	}
	return v
}

// Rounding keeps the order of low end, value and high end, and costs no number
// more than a twentieth of half the width of the range, half a person, or half of
// the fourth digit of the value.
func TestFigureRoundsWithinItsRange(t *testing.T) {
	l := For("ru")
	rapid.Check(t, func(t *rapid.T) {
		scale := math.Pow(10, rapid.Float64Range(-6, 9).Draw(t, "scale"))
		v := rapid.Float64Range(-10, 10).Draw(t, "v") * scale
		lo, hi := v-rapid.Float64Range(1e-4, 20).Draw(t, "below")*scale, v+rapid.Float64Range(1e-4, 20).Draw(t, "above")*scale
		unit := rapid.SampledFrom([]shanyraq.Unit{"index", "persons", "km", "percent"}).Draw(t, "unit")
		f, err := shanyraq.NewFigure("test", v, shanyraq.Interval{Lo: lo, Hi: hi, Level: 0.95, Kind: shanyraq.Confidence}, unit, shanyraq.Lineage{Method: "claim", Sources: []shanyraq.SourceID{"s"}})
		if err != nil {
			t.Fatal(err)
		}
		got := l.Figure(f)
		low, value, high := read(t, got.Low), read(t, got.Value), read(t, got.High)
		if low > value || value > high {
			t.Fatalf("%v in %v to %v is out of order: %s", v, lo, hi, got.Full)
		}
		slack := max((hi-lo)/2/20, min(0.5, math.Pow10(int(math.Floor(math.Log10(math.Abs(v))))-3)/2)) * (1 + 1e-9)
		if unit == "persons" {
			slack = max(slack, 0.5)
		}
		for _, x := range [][2]float64{{low, lo}, {value, v}, {high, hi}} {
			if math.Abs(x[0]-x[1]) > slack+1e-12*math.Abs(x[1]) {
				t.Fatalf("%v reads %v, off by more than %v: %s", x[1], x[0], slack, got.Full)
			}
		}
	})
}

// Languages say the same number: the digits do not depend on them.
func TestFigureIsTheSameInEveryLanguage(t *testing.T) {
	digits := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(0.001, 1e12).Draw(t, "v")
		kind := rapid.SampledFrom(shanyraq.IntervalKinds()).Draw(t, "kind")
		iv := shanyraq.Interval{Lo: v * 0.9, Hi: v * 1.2, Kind: kind}
		if kind == shanyraq.Counted {
			iv.Lo, iv.Hi = v, v
		}
		if kind.HasLevel() {
			iv.Level = 0.95
		}
		unit := rapid.SampledFrom([]shanyraq.Unit{"usd", "persons", "percent", "score", "rank"}).Draw(t, "unit")
		f, err := shanyraq.NewFigure("test", v, iv, unit, shanyraq.Lineage{Method: "claim", Sources: []shanyraq.SourceID{"s"}})
		if err != nil {
			t.Fatal(err)
		}
		want := digits(For("en").Figure(f).Full)
		for _, lang := range supported[1:] {
			if got := digits(For(lang).Figure(f).Full); kind.HasLevel() == false && got != want {
				t.Fatalf("%s: %s\nen: %s", lang, For(lang).Figure(f).Full, For("en").Figure(f).Full)
			}
			if got, want := digits(For(lang).Figure(f).Short), digits(For("en").Figure(f).Short); got != want {
				t.Fatalf("%s: %s\nen: %s", lang, For(lang).Figure(f).Short, For("en").Figure(f).Short)
			}
		}
	})
}
