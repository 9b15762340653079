package vectors_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanyraq"
	"shanyraq/internal/vectors"
)

func asymmetry(t testing.TB, e vectors.Evidence, home shanyraq.CountryCode) vectors.Asymmetry {
	t.Helper()
	a, err := vectors.New(e).Asymmetry(t.Context(), home)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func dependenceOf(t testing.TB, a vectors.Asymmetry, power shanyraq.CountryCode, measure string, year int) vectors.Dependence {
	t.Helper()
	i := slices.IndexFunc(a.Dependence, func(d vectors.Dependence) bool { return d.Power == power && d.Measure == measure && d.Year == year })
	if i < 0 {
		t.Fatalf("no %s of %s in %d", measure, power, year)
	}
	return a.Dependence[i]
}

// books are the totals of home and China in 2001.
func books() []shanyraq.Claim {
	var out []shanyraq.Claim
	for _, x := range []struct {
		series, place string
		v             float64
	}{
		{"TX.VAL.MRCH.CD.WT", "KAZ", 100e9}, {"TM.VAL.MRCH.CD.WT", "KAZ", 50e9}, {"NY.GDP.MKTP.CD", "KAZ", 300e9},
		{"TX.VAL.MRCH.CD.WT", "CHN", 3000e9}, {"TM.VAL.MRCH.CD.WT", "CHN", 2000e9}, {"NY.GDP.MKTP.CD", "CHN", 15000e9},
	} {
		c := claim("wdi", x.series, x.place, "", "2001", x.v, "usd")
		c.Step = 1
		out = append(out, c)
	}
	return out
}

func imports(shares ...string) []shanyraq.Claim {
	cs := exports("a", "2001", shares...)
	for i := range cs {
		cs[i].ID, cs[i].Series = "a/import_share"+cs[i].ID[len("a/export_share"):], "import_share"
	}
	return cs
}

// Wants worked by hand: exports of 20 of 100, imports of 20 of 50, against
// China's 2000 of imports, 3000 of exports and 15 000 of product.
func TestDependenceByHand(t *testing.T) {
	e := &evidence{groups: powers(), claims: slices.Concat(books(), exports("a", "2001", "CHN 20", "RUS 11", "TUR 10"), imports("CHN 40", "RUS 30", "TUR 10"))}
	a := asymmetry(t, e, "KAZ")
	for _, tt := range []struct {
		measure     string
		mine, other float64
	}{
		{"buyer", 20, 100 * 20.0 / 2000},
		{"supplier", 40, 100 * 20.0 / 3000},
		{"trade", 100 * 40.0 / 150, 100 * 40.0 / 5000},
		{"product", 100 * 40.0 / 300, 100 * 40.0 / 15000},
	} {
		t.Run(tt.measure, func(t *testing.T) {
			d := dependenceOf(t, a, "CHN", tt.measure, 2001)
			near(t, "home", d.OfHome.Value(), tt.mine, 1e-9)
			near(t, "China", d.OfPower.Value(), tt.other, 1e-9)
			near(t, "lean", d.Lean.Value(), (tt.mine-tt.other)/(tt.mine+tt.other), 1e-12)
		})
	}
	if d := dependenceOf(t, a, "RUS", "buyer", 2001); !d.OfPower.IsZero() || !d.Lean.IsZero() {
		t.Errorf("nothing is known of Russia's side, and %v is said", d.OfPower.Value())
	}
	x := a.Exposure[slices.IndexFunc(a.Exposure, func(x vectors.Exposure) bool { return x.Power == "CHN" && x.Domain.Key == "imports" })]
	near(t, "lost", x.Lost.Value(), 20, 1e-12)
	near(t, "over product", x.Product.Value(), 100*10.0/300, 1e-9)
	near(t, "after", x.After.Value(), 25, 1e-9)
}

// Where the power's own list names home, its side is its own book.
func TestDependenceFromBothBooks(t *testing.T) {
	theirs := imports("KAZ 3", "DEU 4", "FRA 5") // as if China's
	for i := range theirs {
		theirs[i].Place, theirs[i].ID = "CHN", "b"+theirs[i].ID
	}
	e := &evidence{groups: powers(), claims: slices.Concat(books(), exports("a", "2001", "CHN 20", "RUS 11", "TUR 10"), theirs)}
	d := dependenceOf(t, asymmetry(t, e, "KAZ"), "CHN", "buyer", 2001)
	near(t, "China's own", d.OfPower.Value(), 3, 0)
	near(t, "lean", d.Lean.Value(), (20.0-3)/(20+3), 1e-12)
	if !d.Lean.Interval().Contains((15.0-3.5)/(15+3.5)) || !d.Lean.Interval().Contains((25.0-2.5)/(25+2.5)) {
		t.Errorf("the range %+v leaves out what the two lists allow", d.Lean.Interval())
	}
}

// What two sides say of one trade: both books, their range, and one over the
// other; the dependence that is made of it has the whole range.
func TestBuiltInMirror(t *testing.T) {
	a := asymmetry(t, workspace(t), "KAZ")
	if len(a.Mirrors) < 2 {
		t.Fatalf("%d pairs", len(a.Mirrors))
	}
	at := slices.IndexFunc(a.Mirrors, func(m vectors.Mirror) bool { return m.Partner == "CHN" && m.Year == 2022 })
	if at < 0 {
		t.Fatal("nothing of China in 2022")
	}
	m := a.Mirrors[at]
	if m.Place != "KAZ" || m.Partner != "CHN" || m.Year != 2022 || len(m.Claims) < 2 || m.Claims[0].Value != 24e9 || m.Claims[len(m.Claims)-1].Value != 31.2e9 {
		t.Fatalf("%+v", m)
	}
	near(t, "from", m.Range.Interval().Lo, 23.5e9, 1)
	near(t, "to", m.Range.Interval().Hi, 31.5e9, 1) // of 31 billion, rounded
	near(t, "gap", m.Gap.Value(), 1.3, 1e-12)
	near(t, "least gap", m.Gap.Interval().Lo, 31.15/24.5, 1e-12)
	near(t, "largest gap", m.Gap.Interval().Hi, 31.25/23.5, 1e-12)
	i := slices.IndexFunc(a.Mirrors, func(m vectors.Mirror) bool { return m.Partner == "KGZ" || m.Place == "KGZ" })
	if i < 0 {
		t.Fatal("the books of Kyrgyzstan and China are not there")
	}
	if m := a.Mirrors[i]; m.Claims[0].Value != 5.1e9 || m.Claims[1].Value != 22.71e9 || !m.Gap.IsZero() || !m.Range.IsZero() {
		t.Errorf("eleven months are compared with twelve: %+v", m)
	}
	d := dependenceOf(t, a, "CHN", "turnover", 2022)
	if iv := d.OfHome.Interval(); iv.Hi/iv.Lo < 31.2/24 {
		t.Errorf("the dependence of %+v does not have the whole range of the two books", iv)
	}
}

// Every figure opens, and every number that went into one opens to what is
// printed.
func TestBuiltInAsymmetryOpens(t *testing.T) {
	w := workspace(t)
	r := vectors.New(w)
	for _, home := range []shanyraq.CountryCode{"KAZ", "UZB", "DEU", "MNG"} {
		a, err := r.Asymmetry(t.Context(), home)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Dependence) == 0 || len(a.Exposure) == 0 {
			t.Errorf("%s: %d dependences, %d exposures", home, len(a.Dependence), len(a.Exposure))
		}
		for _, f := range a.Figures() {
			path, ok := strings.CutPrefix(f.Path(), "vectors/")
			if got, err := r.Figure(t.Context(), path); !ok || err != nil || got.Value() != f.Value() || got.Interval() != f.Interval() {
				t.Errorf("%s: %v opens to %v, %v", f.Path(), f.Value(), got.Value(), err)
			}
			for _, in := range f.Lineage().Inputs {
				value := math.NaN()
				if id, ok := strings.CutPrefix(in.Path, "claim/"); ok {
					c, err := w.Claim(t.Context(), shanyraq.ClaimID(id))
					if err != nil {
						t.Error(err)
					}
					value = c.Value
				} else if g, err := r.Figure(t.Context(), strings.TrimPrefix(in.Path, "vectors/")); err == nil {
					value = g.Value()
				}
				if value != in.Value {
					t.Errorf("%s: input %s is %v and opens to %v", f.Path(), in.Path, in.Value, value)
				}
			}
		}
	}
}

// Between two poles: 1 − |a−b|/(a+b), worked by hand, and mirrored when the
// poles change places.
func TestBetween(t *testing.T) {
	e := &evidence{groups: powers(), claims: exports("a", "2001", "CHN 30", "RUS 10", "TUR 10")}
	r := vectors.New(e)
	of := func(a, b shanyraq.CountryCode) vectors.Stance {
		t.Helper()
		ss, err := r.Between(t.Context(), "KAZ", a, b)
		if err != nil {
			t.Fatal(err)
		}
		return ss[slices.IndexFunc(ss, func(s vectors.Stance) bool { return s.Key == "exports" })]
	}
	s := of("CHN", "RUS")
	near(t, "equidistance", s.Equidistance.Value(), 0.5, 1e-12)
	near(t, "depth", s.Depth.Value(), 0.2, 1e-12)
	near(t, "lean", s.Lean.Value(), 0.5, 1e-12)
	if back := of("RUS", "CHN"); back.Equidistance.Value() != s.Equidistance.Value() || back.Lean.Value() != -s.Lean.Value() {
		t.Errorf("the other way round %v and %v", back.Equidistance.Value(), back.Lean.Value())
	}
	for _, p := range [][2]shanyraq.CountryCode{{"CHN", "CHN"}, {"KAZ", "CHN"}, {"CHN", "KAZ"}} {
		if _, err := r.Between(t.Context(), "KAZ", p[0], p[1]); shanyraq.KindOf(err) != shanyraq.Invalid || shanyraq.TextOf(err).Key != "vectors.error.poles" {
			t.Errorf("between %v: %v", p, err)
		}
	}
}

// Whatever the shares: dependences lie in 0 to 100 and leans in −1 to 1, each
// in its range; halving a tie loses half of it and leaves less than there was.
func TestAsymmetryProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var claims []shanyraq.Claim
		for _, series := range []string{"export_share", "import_share"} {
			left := 100.0
			for _, p := range []string{"CHN", "RUS", "USA", "TUR"} {
				v := rapid.Float64Range(0, left).Draw(rt, series+p)
				left -= v
				c := claim("a", series, "KAZ", p, "2001", v, "percent")
				c.Step = 1e-6
				claims = append(claims, c)
			}
		}
		a, err := vectors.New(&evidence{groups: powers(), claims: append(books(), claims...)}).Asymmetry(t.Context(), "KAZ")
		if err != nil {
			rt.Fatal(err)
		}
		for _, d := range a.Dependence {
			for _, f := range []shanyraq.Figure{d.OfHome, d.OfPower} {
				if !f.IsZero() && (f.Value() < 0 || f.Value() > 100 || !f.Interval().Contains(f.Value())) {
					rt.Errorf("%s: %v in %+v", f.Path(), f.Value(), f.Interval())
				}
			}
			if f := d.Lean; !f.IsZero() && (f.Value() < -1 || f.Value() > 1 || !f.Interval().Contains(f.Value())) {
				rt.Errorf("%s: %v in %+v", f.Path(), f.Value(), f.Interval())
			}
		}
		for _, x := range a.Exposure {
			if 2*x.Lost.Value() < x.After.Value()-1e-9 {
				rt.Errorf("%s: %v of it is left from %v", x.After.Path(), x.After.Value(), 2*x.Lost.Value())
			}
		}
	})
}
