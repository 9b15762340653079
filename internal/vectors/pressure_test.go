package vectors_test

import (
	"math"
	"slices"
	"testing"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// Wants worked by hand from the books of TestDependenceByHand: 40 of 150 of
// home's trade, and of 5000 of China's.
func TestBondsByHand(t *testing.T) {
	e := &evidence{groups: powers(), claims: slices.Concat(books(), exports("a", "2001", "CHN 20", "RUS 11", "TUR 10"), imports("CHN 40", "RUS 30", "TUR 10"))}
	a := asymmetry(t, e, "KAZ")
	if len(a.Bonds) != 1 || a.Bonds[0].Power != "CHN" || a.Bonds[0].Year != 2001 {
		t.Fatalf("%+v", a.Bonds)
	}
	x, y := 40.0/150, 40.0/5000
	b := a.Bonds[0]
	near(t, "salience", b.Salience.Value(), math.Sqrt(x*y), 1e-12)
	near(t, "symmetry", b.Symmetry.Value(), 1-(x-y), 1e-12)
	near(t, "interdependence", b.Interdependence.Value(), math.Sqrt(x*y)*(1-(x-y)), 1e-12)
	if iv := b.Salience.Interval(); !iv.Contains(39.25/150*math.Sqrt(150.0/5000)) || iv.Kind != shanyraq.Bounds { // the least trade the rounded shares allow
		t.Errorf("limits %+v", iv)
	}
}

// Two kinds of ties in one layer. China's are 20 of exports, the widest, and 40
// of imports, the widest; Russia's 10 and 30.
func TestPressureByHand(t *testing.T) {
	e := &evidence{groups: powers(), claims: slices.Concat(exports("a", "2001", "CHN 20", "RUS 10", "TUR 10"), imports("CHN 40", "RUS 30", "TUR 10"))}
	of := func(p shanyraq.CountryCode) vectors.Pressure {
		a := asymmetry(t, e, "KAZ")
		return a.Pressures[slices.IndexFunc(a.Pressures, func(x vectors.Pressure) bool { return x.Power == p })]
	}
	for _, tt := range []struct {
		power           shanyraq.CountryCode
		width, reliance float64
	}{{"CHN", 1, 0.3}, {"RUS", (10.0/20 + 30.0/40) / 2, 0.2}} {
		x := of(tt.power)
		near(t, string(tt.power)+" width", x.Width.Value(), tt.width, 1e-12)
		near(t, string(tt.power)+" reliance", x.Reliance.Value(), tt.reliance, 1e-12)
		near(t, string(tt.power)+" pressure", x.Value.Value(), tt.width*tt.reliance, 1e-12)
		if len(x.Channels) != 2 || x.Of != 2 {
			t.Errorf("%s: %d ties of %d", tt.power, len(x.Channels), x.Of)
		}
	}
	if iv := of("RUS").Width.Interval(); !iv.Contains((5.0/25+25.0/45)/2) || !iv.Contains((15.0/15+35.0/35)/2) {
		t.Errorf("the limits %+v leave out what the rounded shares allow", iv)
	}
	if x := of("USA"); !x.Value.IsZero() { // not listed in either: only limits are known
		t.Errorf("of the United States %v", x.Value.Value())
	}
}
