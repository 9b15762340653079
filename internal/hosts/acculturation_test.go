package hosts_test

import (
	"math"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/hosts"
	"shanyraq/methods/acculturation"
)

// people are n answers of one host and generation, all alike.
func people(place shanyraq.CountryCode, generation string, n int, h, r float64) []hosts.Answered {
	var out []hosts.Answered
	for i := range n {
		spread := float64(i%3) - 1
		out = append(out, hosts.Answered{Place: place, Generation: generation, Line: i + 2, Answer: acculturation.Answer{Heritage: []float64{h, h + spread/2}, Residence: []float64{r, r - spread/2}, Weight: 1}})
	}
	return out
}

func TestAcculturated(t *testing.T) {
	r := hosts.New(governed())
	all := append(people("AAA", "1", 30, 4, 2), people("AAA", "2", 24, 3.5, 4)...)
	all = append(all, people("BBB", "1", 19, 4, 4)...) // one too few in a host of the middle tier
	groups, small, err := r.Acculturated(t.Context(), all, hosts.Scale{Min: 1, Max: 5}, today)
	if err != nil {
		t.Fatal(err)
	}
	if len(groups) != 2 || small != 19 || groups[0].Generation != "1" || groups[0].N != 30 {
		t.Fatalf("%d groups, %d in small ones", len(groups), small)
	}
	g := groups[0]
	if math.Abs(g.Heritage.Value()-4) > 0.01 || math.Abs(g.Residence.Value()-2) > 0.01 {
		t.Errorf("heritage %v, residence %v", g.Heritage.Value(), g.Residence.Value())
	}
	// Thirty alike: a share would place everybody.
	if !g.Placing || len(g.Shares) != 0 {
		t.Errorf("of thirty alike %+v", g.Shares)
	}
	for _, tt := range []struct {
		name    string
		n       [4]int // heritage and society, society, heritage, neither
		placing bool
	}{
		{"five in each of three and the rest in one", [4]int{25, 5, 5, 5}, false},
		{"four in one", [4]int{26, 5, 5, 4}, true},
		{"nobody in one", [4]int{10, 10, 10, 0}, true},
		{"more than nine in ten", [4]int{150, 5, 5, 5}, true},
	} {
		var mixed []hosts.Answered
		for i, at := range [][2]float64{{4, 4}, {2, 4}, {4, 2}, {2, 2}} {
			mixed = append(mixed, people("AAA", "1", tt.n[i], at[0], at[1])...)
		}
		groups, _, err := r.Acculturated(t.Context(), mixed, hosts.Scale{Min: 1, Max: 5}, today)
		if err != nil || len(groups) != 1 || groups[0].Placing != tt.placing || len(groups[0].Shares) > 0 == tt.placing {
			t.Errorf("%s: %+v, %v", tt.name, groups, err)
		}
	}
	// Whoever is pressed for such ties is not asked, and not read.
	_, _, err = r.Acculturated(t.Context(), append(all, hosts.Answered{Place: "CHN", Line: 99}), hosts.Scale{Min: 1, Max: 5}, today)
	if shanyraq.KindOf(err) != shanyraq.Invalid || !strings.Contains(err.Error(), "99") {
		t.Errorf("answers from a host of the highest tier: %v", err)
	}
	if _, _, err := r.Acculturated(t.Context(), people("AAA", "1", 30, 9, 2), hosts.Scale{Min: 1, Max: 5}, today); shanyraq.KindOf(err) != shanyraq.Invalid {
		t.Errorf("answers beyond the scale: %v", err)
	}
}

// In AAA 60 of 100 speak Kazakh and nobody says who they are; a proxy needs both.
func TestHeritageKept(t *testing.T) {
	ev := governed()
	share := func(series, place, name string, v float64) {
		c := claim("cia", series, place, "2020", v, shanyraq.Estimated)
		c.Unit, c.Subject, c.Step, c.ID = "percent", name, 0.2, shanyraq.ClaimID("cia/"+series+"/"+place+"/-/"+name+"/2020")
		ev.claims = append(ev.claims, c)
	}
	share("composition_ethnic", "KAZ", "Kazakh", 70)
	share("composition_ethnic", "KAZ", "Russian", 15)
	share("composition_ethnic", "BBB", "Kazakh", 80)
	r := hosts.New(ev)
	f, err := r.HeritageKept(t.Context(), "KAZ", "BBB")
	if err != nil || math.Abs(f.Value()-50.0/80) > 1e-12 || f.Interval().Lo >= f.Value() || f.Interval().Hi <= f.Value() {
		t.Errorf("kept %v in %+v, %v", f.Value(), f.Interval(), err)
	}
	if g, err := r.Figure(t.Context(), "kept/KAZ/BBB", nil); err != nil || g.Value() != f.Value() {
		t.Errorf("it opens as %v, %v", g.Value(), err)
	}
	for _, host := range []shanyraq.CountryCode{"AAA", "CCC", "KAZ"} {
		if f, err := r.HeritageKept(t.Context(), "KAZ", host); err != nil || !f.IsZero() {
			t.Errorf("%s: %v, %v", host, f.Value(), err)
		}
	}
}
