package vectors_test

import (
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// carriage is a small network: A to C by B on two parallel lines or straight on,
// with a port at B, and D that nothing leads to but a leg without a time.
func carriage() *evidence {
	n := 0
	land := map[string]shanyraq.CountryCode{"A": "CHN", "B": "KAZ", "C": "AZE", "D": "IRN", "n": "KAZ", "p": "KAZ", "a": "KAZ"}
	say := func(series, subject, when string, v, lo, hi float64, unit shanyraq.Unit) shanyraq.Claim {
		n++
		c := shanyraq.Claim{ID: shanyraq.ClaimID(strings.Join([]string{"f", series, subject, when, string(rune('a' + n))}, "/")), Source: "f", Series: shanyraq.SeriesID(series), Place: land[subject[:1]], Partner: land[strings.TrimLeft(subject[1:], " >")[:1]], Subject: subject, When: shanyraq.Period(when), Value: v, Unit: unit, Strength: shanyraq.Official}
		if hi > lo {
			c.Stated = &shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Bounds}
		}
		return c
	}
	return &evidence{claims: []shanyraq.Claim{
		say("leg_days", "A > B | Middle", "2023", 2, 1, 4, "days"),
		say("leg_days", "B > C | Middle", "2022", 3, 2, 6, "days"),
		say("leg_days", "B > C | Other", "2022", 3, 3, 3.5, "days"),
		say("leg_days", "A > C | North", "2024", 10, 9, 20, "days"),
		say("leg_cost", "A > B | Middle", "2023", 1000, 900, 1200, "usd_per_container"),
		say("leg_cost", "B > C | Middle", "2023", 2000, 1500, 2100, "usd_per_container"),
		say("leg_capacity", "A > D | Middle", "2023", 7, 6, 8, "million_t"),
		say("leg_capacity", "B port | gate", "2023", 5, 4, 6, "million_t"),
		say("leg_planned", "B port | gate", "2023", 50, 40, 60, "million_t"),
		say("leg_flow", "B port | gate", "2021", 2, 1.5, 2.5, "million_t"),
		say("leg_flow", "B port | gate", "2022", 3, 2.5, 3.5, "million_t"),
		say("leg_flow", "B port | gate", "2023-01..2023-06", 9, 8, 10, "million_t"),
		say("leg_closure", "B port | gate", "2022-11", 1, 1, 1, "records"),
		say("leg_days", "not a leg", "2023", 1, 1, 1, "days"),
	}}
}

func TestFreight(t *testing.T) {
	r := vectors.New(carriage())
	f, err := r.Freight(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(f.Places, " ") != "A B C" || len(f.Legs) != 5 || len(f.Gates) != 1 {
		t.Fatalf("places %v, %d legs, %d gates", f.Places, len(f.Legs), len(f.Gates))
	}
	if g := f.Gates[0]; g.Flow.Value() != 3 || g.FlowYear != 2022 || len(g.Closures) != 1 || g.Capacity.Value() != 5 || g.Planned.Value() != 50 {
		t.Errorf("gate %+v", g)
	}
	w, err := r.Ways(t.Context(), "A", "C")
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Ways) != 3 {
		t.Fatalf("%d ways", len(w.Ways))
	}
	first := w.Ways[0]
	if iv := first.Days.Interval(); first.Days.Value() != 5 || iv.Lo != 3 || iv.Hi != 10 {
		t.Errorf("quickest %v in %+v", first.Days.Value(), iv)
	}
	if first.Cost.Value() != 3000 || first.Least.Value() != 5 || first.Where != "B port" || first.Closures != 1 {
		t.Errorf("price %v, tightest %v at %s, %d closures", first.Cost.Value(), first.Least.Value(), first.Where, first.Closures)
	}
	if w.Ways[1].Days.Value() != 5 || !w.Ways[1].Cost.IsZero() || w.Ways[2].Days.Value() != 10 {
		t.Errorf("next %+v %+v", w.Ways[1], w.Ways[2])
	}
	// Without A to B the way round is straight: five days more, six at the low
	// ends and ten at the high. B to C has a parallel.
	if x := w.Closed[0].Extra; x.Value() != 5 || x.Interval().Lo != 5 || x.Interval().Hi != 12.5 {
		t.Errorf("without A to B %v in %+v", x.Value(), x.Interval())
	}
	if x := w.Closed[1].Extra; x.Value() != 0 {
		t.Errorf("without B to C %v", x.Value())
	}
	for _, fig := range []shanyraq.Figure{first.Days, first.Cost, w.Closed[0].Extra, f.Gates[0].Flow, f.Legs[0].Days} {
		if fig.IsZero() {
			continue
		}
		g, err := r.Figure(t.Context(), strings.TrimPrefix(fig.Path(), "vectors/"))
		if err != nil || g.Value() != fig.Value() {
			t.Errorf("%s opens to %v, %v", fig.Path(), g.Value(), err)
		}
	}
	one, err := r.Ways(t.Context(), "C", "A")
	if err != nil || len(one.Ways) != 3 || one.Ways[0].Days.Value() != 5 {
		t.Errorf("the other way round: %+v, %v", one, err)
	}
	for _, ends := range [][2]string{{"A", "A"}, {"A", "D"}, {"X", "A"}} {
		if _, err := r.Ways(t.Context(), ends[0], ends[1]); shanyraq.KindOf(err) != shanyraq.Invalid {
			t.Errorf("%v: %v", ends, err)
		}
	}
}
