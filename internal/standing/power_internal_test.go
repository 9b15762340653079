package standing

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestAtLeastOf(t *testing.T) {
	for _, tt := range []struct {
		name string
		k    float64
		as   []Answer
		want Answer
	}{
		{"enough say yes", 2, []Answer{Yes, Yes, No}, Yes},
		{"too few, and none is missing", 2, []Answer{Yes, No, No}, No},
		{"what is missing could decide", 2, []Answer{Yes, Unknown, No}, Unknown},
		{"what is missing could not", 3, []Answer{Yes, Unknown, No}, No},
		{"enough in spite of what is missing", 1, []Answer{Yes, Unknown, Unknown}, Yes},
		{"none are asked for", 0, nil, Yes},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := atLeastOf(tt.k, tt.as); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

// Limits that straddle a threshold cannot tell; nothing known never fails.
func TestMeasures(t *testing.T) {
	between := measure{known: true, lo: 20, hi: 30}
	drawn := measure{known: true, drawn: []float64{1, 3}}
	for _, tt := range []struct {
		name string
		got  Answer
		want Answer
	}{
		{"at the threshold from above", between.atLeast(20, 0), Yes},
		{"across it", between.atLeast(25, 0), Unknown},
		{"under it", between.atLeast(31, 0), No},
		{"at the threshold from below", between.atMost(30, 0), Yes},
		{"over it", between.atMost(19, 0), No},
		{"in the band", between.within(20, 30, 0), Yes},
		{"partly in the band", between.within(10, 25, 0), Unknown},
		{"nothing known", measure{}.within(1, 2, 0), Unknown},
		{"the first draw", drawn.atLeast(2, 0), No},
		{"the second draw", drawn.atLeast(2, 1), Yes},
		{"never", measure{known: true, lo: 35, hi: math.Inf(1)}.atMost(25, 0), No},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, tt.got, tt.want)
		}
	}
}

// A state that never was a democracy is neither an old nor a recent one.
func TestDemocracyMark(t *testing.T) {
	years := func(n int, v float64, m int, w float64) (out []float64) {
		for range n {
			out = append(out, v)
		}
		for range m {
			out = append(out, w)
		}
		return out
	}
	cutAt := &cut{bandDemocracy: 0.5, bandAge: 25}
	for _, tt := range []struct {
		name     string
		years    []float64
		old, new Answer
	}{
		{"never", years(35, 0.27, 0, 0), No, No},
		{"no longer", years(3, 0.3, 32, 0.8), No, No},
		{"for long", years(30, 0.8, 5, 0.1), Yes, No},
		{"of late", years(10, 0.8, 25, 0.1), No, Yes},
		{"since before the tables begin", years(20, 0.8, 0, 0), Unknown, Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if o, n := marked(Democracy, measure{known: true, years: tt.years}, cutAt, 0); o != tt.old || n != tt.new {
				t.Errorf("traditional %d and emerging %d, want %d and %d", o, n, tt.old, tt.new)
			}
		})
	}
	if o, n := marked(Democracy, measure{}, cutAt, 0); o != Unknown || n != Unknown {
		t.Errorf("nothing known: %d and %d", o, n)
	}
}

func TestVerdict(t *testing.T) {
	for _, tt := range []struct {
		lo, hi float64
		want   Verdict
	}{{1, 1, Middle}, {2.0 / 3, 1, Middle}, {0, 1.0 / 3, Neither}, {0.2, 0.9, Unclear}, {0.5, 0.6, Contested}, {0, 1, Unclear}, {0.3, 0.4, Contested}} {
		if got := verdict(tt.lo, tt.hi); got != tt.want {
			t.Errorf("from %v to %v: %s, want %s", tt.lo, tt.hi, got, tt.want)
		}
	}
	for _, tt := range []struct {
		vs   []Verdict
		want Verdict
	}{
		{[]Verdict{Middle, Middle, Middle, Contested}, Middle},
		{[]Verdict{Middle, Middle, Middle, Neither}, Contested},
		{[]Verdict{Neither, Neither, Neither, Contested}, Neither},
		{[]Verdict{Unclear, Neither, Neither, Unclear}, Unclear},
		{[]Verdict{Unclear, Middle, Neither, Unclear}, Contested},
	} {
		if got := overall(tt.vs); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.vs, got, tt.want)
		}
	}
}

// Every threshold lies in its band, and over many draws in every part of it.
func TestBandsAreDrawnWhole(t *testing.T) {
	ts := cuts(bands)
	for i, b := range bands {
		if !(b.Lo < b.Hi) || b.Key == "" || b.Unit == "" {
			t.Errorf("band %d is %+v", i, b)
		}
		seen := [4]int{}
		for d := range ts {
			x := ts[d][i]
			if x < b.Lo || x > b.Hi || b.Whole && x != math.Trunc(x) {
				t.Fatalf("%s: %v outside %v", b.Key, x, b)
			}
			seen[min(3, int(4*(x-b.Lo)/(b.Hi-b.Lo)))]++
		}
		if seen[0] < 300 || seen[3] < 200 {
			t.Errorf("%s: quarters hold %v of %d", b.Key, seen, len(ts))
		}
	}
}

// A more permissive band never lowers a probability, under any definition and
// for any country: neither the share that passes nor the share that may.
func TestWiderBandsNeverLower(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms := map[Criterion]measure{}
		for _, test := range Tests() {
			for _, c := range test.Criteria() {
				hi := map[Criterion]float64{Distance: 1, Peacekeepers: 500, Named: 3, NetNamed: 3, Acts: 6, Council: 30}[c]
				if hi == 0 {
					hi = 90
				}
				if rapid.IntRange(0, 4).Draw(t, "known") > 0 {
					x := rapid.Float64Range(0, hi).Draw(t, string(c))
					ms[c] = measure{known: true, lo: x, hi: x + rapid.SampledFrom([]float64{0, 0, hi / 5}).Draw(t, "width")}
				}
			}
		}
		wide := bands
		for i := range wide {
			step := math.Ceil((wide[i].Hi - wide[i].Lo) / 3)
			if !wide[i].Whole {
				step = (wide[i].Hi - wide[i].Lo) / 3
			}
			if wide[i].Wider != 0 && rapid.Bool().Draw(t, "widen") {
				wide[i].Lo += float64(wide[i].Wider) * step
				wide[i].Hi += float64(wide[i].Wider) * step
			}
		}
		was, is := judge(ms, cuts(bands)), judge(ms, cuts(wide))
		for _, d := range Definitions() {
			yes, maybe := tally(was.under(d))
			yesNow, maybeNow := tally(is.under(d))
			if yesNow < yes || yesNow+maybeNow < yes+maybe {
				t.Fatalf("%s: from %d and %d to %d and %d", d, yes, maybe, yesNow, maybeNow)
			}
			for _, without := range d.Tests() {
				if y, m := tally(was.under(d, without)); y < yes || y+m < yes+maybe {
					t.Fatalf("%s is harder without %s", d, without)
				}
			}
		}
		for i := range was.traditional {
			if was.traditional[i] == Yes && was.emerging[i] == Yes {
				t.Fatal("traditional and emerging at once")
			}
		}
	})
}
