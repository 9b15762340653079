package hosts_test

import (
	"testing"

	"shanyraq"
	"shanyraq/internal/hosts"
)

func TestRegimeOf(t *testing.T) {
	index := func(v float64) shanyraq.Claim {
		return shanyraq.Claim{ID: "x", Series: "VDEM_v2x_polyarchy", Value: v, Step: 0.001, Unit: "index"}
	}
	for _, tt := range []struct {
		name               string
		electoral, liberal shanyraq.Claim
		want               hosts.Regime
	}{
		{"nothing held", shanyraq.Claim{}, index(0.9), hosts.RegimeNotRated},
		{"low", index(0.2), index(0.1), hosts.Autocracy},
		{"above the bound", index(0.6), index(0.4), hosts.Electoral},
		{"and liberal", index(0.85), index(0.8), hosts.Liberal},
		{"at the bound", index(0.5), index(0.3), hosts.BetweenElectoral},
		{"at the bound of the liberal", index(0.8), index(0.6), hosts.BetweenLiberal},
		{"just above the bound", index(0.54), index(0.3), hosts.BetweenElectoral},
		{"just below the bound", index(0.46), index(0.3), hosts.BetweenElectoral},
		{"just above that of the liberal", index(0.8), index(0.62), hosts.BetweenLiberal},
		{"without the liberal index", index(0.8), shanyraq.Claim{}, hosts.Electoral},
	} {
		if got := hosts.RegimeOf(tt.electoral, tt.liberal); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// V-Dem, version 15: Hungary's electoral democracy fell from 0.667 in 2014 to
// 0.436 in 2024; Kazakhstan was never above the bound.
func TestCourse(t *testing.T) {
	w, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	for place, want := range map[shanyraq.CountryCode][2]hosts.Regime{
		"HUN": {hosts.Autocracy, hosts.Electoral}, "KAZ": {hosts.Autocracy, hosts.Autocracy}, "DEU": {hosts.Liberal, hosts.Liberal}, "AND": {hosts.RegimeNotRated, hosts.RegimeNotRated},
	} {
		p, err := hosts.New(w).Profile(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		if c := p.Course(); c.Now != want[0] || c.Then != want[1] || c.Index.ID != "" && c.Change.Interval().Lo >= c.Change.Value() {
			t.Errorf("%s: %+v, want %v", place, c, want)
		}
	}
}
