package vectors_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// A way is one leg of a small graph: its volume, what it crosses and continues.
type way struct {
	name    string
	volume  float64
	crosses string
	after   string
}

func waysOf(ways ...way) []shanyraq.Claim {
	var out []shanyraq.Claim
	for _, w := range ways {
		c := claim("oil", "oil_route_volume", "KAZ", "", "2024", w.volume, "million_t")
		c.ID, c.Subject, c.Step = shanyraq.ClaimID("oil/"+w.name), w.name, 1e-9
		out = append(out, c)
		for _, p := range append(strings.Fields(w.crosses), "")[:max(1, len(strings.Fields(w.crosses)))] {
			l := claim("legs", "route_leg", "KAZ", p, "", 1, "records")
			l.ID, l.Subject = shanyraq.ClaimID("legs/"+w.name+"/"+cmp.Or(p, "-")), w.name
			if w.after != "" {
				l.Note, l.Strength = "after "+w.after+"; a reason", shanyraq.Opinion
			}
			out = append(out, l)
		}
	}
	return out
}

func corridors(t testing.TB, e vectors.Evidence) vectors.Corridors {
	t.Helper()
	c, err := vectors.New(e).Corridors(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A small graph by hand: a pipe of 60 across one state, a port of 40 from which
// 10 go on across it and 25 across another, 5 by ways unknown.
func TestCorridorsByHand(t *testing.T) {
	c := corridors(t, &evidence{groups: powers(), claims: waysOf(
		way{"pipe", 60, "RUS", ""}, way{"port", 40, "", ""}, way{"north ferry", 10, "RUS", "port"}, way{"west ferry", 25, "AZE GEO", "port"})})
	near(t, "flow", c.Flow.Value(), 100, 1e-9)
	if strings.Join(c.Cut, ", ") != "pipe, port" && strings.Join(c.Cut, ", ") != "port, pipe" {
		t.Errorf("the smallest cut is %v", c.Cut)
	}
	near(t, "effective", c.Effective.Value(), 1/(0.36+0.16), 1e-9)
	for name, want := range map[string][2]float64{"pipe": {60, 60}, "port": {40, 40}, "north ferry": {10, 10}, "west ferry": {25, 25}} {
		l := c.Legs[slices.IndexFunc(c.Legs, func(l vectors.Leg) bool { return l.Name == name })]
		near(t, name+" share", l.Share.Value(), want[0], 1e-9)
		near(t, name+" stops", l.Stops.Value(), want[1], 1e-9)
		if l.Judged != (l.After != "") {
			t.Errorf("%s is said to be judged: %v", name, l.Judged)
		}
	}
	stops := map[shanyraq.CountryCode]float64{}
	for _, x := range c.Closed {
		stops[x.Place] = x.Stops.Value()
	}
	near(t, "through Russia", stops["RUS"], 70, 1e-9)
	near(t, "through Georgia", stops["GEO"], 25, 1e-9)
	if c.Closed[0].Place != "RUS" || len(stops) != 3 {
		t.Errorf("%v", c.Closed)
	}
}

// A leg that continues one that closes stops with it, and when all is closed
// all stops.
func TestCorridorsOneAfterAnother(t *testing.T) {
	c := corridors(t, &evidence{groups: powers(), claims: waysOf(way{"first", 50, "RUS", ""}, way{"second", 50, "POL", "first"})})
	for _, x := range c.Closed {
		near(t, "through "+string(x.Place), x.Stops.Value(), 100, 1e-9)
	}
	near(t, "flow", c.Flow.Value(), 50, 1e-9)
}

// Kazakhstan's oil from January to October 2024, read in its table: 57.6 out,
// four fifths by one pipeline as its press states, and all but the Caspian and
// China across Russia.
func TestBuiltInCorridors(t *testing.T) {
	w := workspace(t)
	c := corridors(t, w)
	if c.Period != "2024-01..2024-10" || len(c.Legs) != 7 {
		t.Fatalf("%s, %d legs", c.Period, len(c.Legs))
	}
	near(t, "flow", c.Flow.Value(), 46.3+7.2+3.1+1, 1e-9)
	near(t, "the largest", c.Legs[0].Share.Value(), 80, 0.5)
	near(t, "through Russia", c.Closed[0].Stops.Value(), 100*(46.3+7.2+1.6)/57.6, 1e-9)
	if len(c.Bypass) != 2 {
		t.Fatalf("%v", c.Bypass)
	}
	near(t, "bypass of 2023", c.Bypass[1].Figure.Value(), 100*3.73/70.5, 1e-9)
	sea := c.Corridors[0]
	if sea.Years[0].Year != 2022 || sea.Years[0].Figure.Interval().Lo > 1.5 || sea.Years[0].Figure.Interval().Hi < 3.2 {
		t.Errorf("the two figures of 2022 are not both in %+v", sea.Years[0].Figure.Interval())
	}
	r := vectors.New(w)
	for _, f := range c.Figures() {
		got, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "vectors/"))
		if err != nil || got.Value() != f.Value() {
			t.Errorf("%s opens to %v, %v", f.Path(), got.Value(), err)
		}
		if !f.Interval().Contains(f.Value()) {
			t.Errorf("%s: %v in %+v", f.Path(), f.Value(), f.Interval())
		}
	}
	if other, err := r.Corridors(t.Context(), "POL"); err != nil || len(other.Figures()) != 0 {
		t.Errorf("of another country: %v, %v", other.Figures(), err)
	}
}
