package vectors_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// degree is the length of a degree of the equator in kilometres.
const degree = 2 * math.Pi * 6371 / 360

// carriage is a small network on the equator: A in China, B in Kazakhstan ten
// degrees on, C in Germany ten more, joined to each other, with a change of gauge
// and a port between B and C. Nothing has a range but what is said of B to C.
func carriage() *evidence {
	n := 0
	land := map[string]shanyraq.CountryCode{"A": "CHN", "B": "KAZ", "C": "DEU"}
	e := &evidence{groups: powers()}
	say := func(series, place, subject, when string, v float64, unit shanyraq.Unit, note string) *shanyraq.Claim {
		n++
		c := shanyraq.Claim{ID: shanyraq.ClaimID(strings.Join([]string{"f", series, subject, when, strconv.Itoa(n)}, "/")), Source: "f", Series: shanyraq.SeriesID(series), Place: shanyraq.CountryCode(place), Subject: subject, When: shanyraq.Period(when), Value: v, Unit: unit, Strength: shanyraq.Official, Note: note}
		c.Stated = &shanyraq.Interval{Lo: v, Hi: v, Kind: shanyraq.Counted}
		if from, to, ok := strings.Cut(subject, " > "); ok {
			c.Place, c.Partner = land[from], land[to[:1]]
		}
		e.claims = append(e.claims, c)
		return &e.claims[len(e.claims)-1]
	}
	for i, p := range []string{"A", "B", "C"} {
		say("latitude", string(land[p]), p, "2026", 0, "degrees", "")
		say("longitude", string(land[p]), p, "2026", float64(10*i), "degrees", "")
	}
	say("freight_leg", "", "A > B | rail", "2026", 1, "records", "")
	say("freight_leg", "", "B > C | rail", "2026", 1, "records", "gauge; gate B port")
	say("freight_leg", "", "A > C | rail", "2026", 1, "records", "")
	say("freight_leg", "", "A > X | rail", "2026", 1, "records", "nobody knows where X lies")
	for _, x := range []struct {
		series, subject string
		v               float64
	}{
		{"freight_ratio", "railway over straight line", 1.2}, {"freight_days", "1,000 km by rail", 1}, {"freight_price", "1,000 km by rail", 500}, {"freight_days", "change of gauge", 1}, {"freight_price", "change of gauge", 100},
		{"freight_price", "day under way", 240}, {"freight_price", "not carried", 20000}, {"freight_price", "reach of a market", 4000}, {"freight_ratio", "fading of markets", 2}, {"freight_capacity", "railway", 60},
	} {
		say(x.series, "WLD", x.subject, "2026", x.v, "ratio", "")
	}
	say("freight_demand", "", "A > C", "2024", 62, "million_t", "")
	say("freight_market", "CHN", "A", "2026", 1, "records", "")
	say("freight_market", "DEU", "C", "2026", 1, "records", "")
	say("NY.GDP.MKTP.CD", "CHN", "", "2024", 3, "usd", "")
	say("NY.GDP.MKTP.CD", "DEU", "", "2024", 1, "usd", "")
	say("leg_capacity", "KAZ", "B port | gate", "2023", 5, "million_t", "")
	say("leg_planned", "KAZ", "B port | gate", "2023", 50, "million_t", "")
	say("leg_flow", "KAZ", "B port | gate", "2021", 2, "million_t", "")
	say("leg_flow", "KAZ", "B port | gate", "2022", 3, "million_t", "")
	say("leg_flow", "KAZ", "B port | gate", "2023-01..2023-06", 9, "million_t", "")
	say("leg_closure", "KAZ", "B port | gate", "2022-11", 1, "records", "")
	say("leg_closure", "KAZ", "B port | gate", "2023-01..2023-02", 1, "records", "")
	days := say("leg_days", "", "A > C | Northern route", "2024", 3, "days", "")
	days.Stated = &shanyraq.Interval{Lo: 2, Hi: 4, Kind: shanyraq.Bounds}
	say("leg_days", "KAZ", "not a leg", "2023", 1, "days", "")
	return e
}

func TestFreight(t *testing.T) {
	f, err := vectors.New(carriage()).Freight(t.Context())
	if err != nil || len(f.Legs) != 1 || len(f.Gates) != 1 {
		t.Fatalf("%d legs, %d gates, %v", len(f.Legs), len(f.Gates), err)
	}
	if g := f.Gates[0]; g.Flow.Value() != 3 || g.FlowYear != 2022 || len(g.Closures) != 2 || g.Capacity.Value() != 5 || g.Planned.Value() != 50 {
		t.Errorf("gate %+v", g)
	}
}

// Every number of the network is what the sums by hand are.
func TestNetwork(t *testing.T) {
	r := vectors.New(carriage())
	n, err := r.Network(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(n.Places, " ") != "A B C" || len(n.Legs) != 3 || len(n.Demands) != 1 {
		t.Fatalf("places %v, %d legs, %d demands", n.Places, len(n.Legs), len(n.Demands))
	}
	if from, to := n.Usual(); from != "A" || to != "C" {
		t.Errorf("from %s to %s", from, to)
	}
	km := 12 * degree // a leg of ten degrees
	ab, ac, bc := n.Legs[0], n.Legs[1], n.Legs[2]
	for _, x := range []struct {
		what      string
		got, want float64
	}{
		{"length", ab.Km.Value(), km}, {"days", ab.Days.Value(), km / 1000}, {"price", ab.Cost.Value(), km / 2}, {"capacity supposed", ab.Capacity.Value(), 60},
		{"days with gauge", bc.Days.Value(), km/1000 + 1}, {"price with gauge", bc.Cost.Value(), km/2 + 100}, {"capacity of the port", bc.Capacity.Value(), 5},
		{"three months of 38 closed", bc.Chance.Value(), 100 * 3.5 / 39}, {"days stated", ac.Days.Value(), 3},
	} {
		near(t, x.what, x.got, x.want, 1e-6*x.want)
	}
	if !ab.Chance.IsZero() || strings.Join(ab.Supposed, " ") != "days cost capacity" || strings.Join(bc.Supposed, " ") != "days cost" {
		t.Errorf("supposed %v and %v", ab.Supposed, bc.Supposed)
	}
	w, err := r.Ways(t.Context(), "A", "C")
	if err != nil || len(w.Ways) != 2 {
		t.Fatalf("%d ways, %v", len(w.Ways), err)
	}
	near(t, "straight", w.Ways[0].Days.Value(), 3, 1e-9)
	near(t, "round", w.Ways[1].Cost.Value(), km+100, 1e-6)
	near(t, "open", w.Ways[1].Open.Value(), 100-100*3.5/39, 1e-6)
	near(t, "always cheapest", w.Ways[0].Best.Value(), 100, 0)
	// A hundred dollars, and the days more at 240.
	near(t, "round instead", w.Closed[0].Extra.Value(), 100+240*(2*km/1000+1-3), 1e-6)
	near(t, "both ways full", w.Most.Value(), 65, 1e-9)
	if w.Ways[1].Least.Value() != 5 || w.Ways[1].Records != 2 || len(w.Cut) != 2 {
		t.Errorf("tightest %v, %d closures, cut %v", w.Ways[1].Least.Value(), w.Ways[1].Records, w.Cut)
	}
	// Of 62, straight carries 60; without it 57 stay, without the way round 2.
	l, err := r.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	unmet := map[string]float64{}
	for _, x := range l.Legs {
		unmet[n.Legs[x.Leg].Name()] = x.Unmet.Value()
	}
	near(t, "without A to C", unmet["A – C"], 57, 1e-9)
	near(t, "without A to B", unmet["A – B"], 2, 1e-9)
	near(t, "without B to C", unmet["B – C"], 2, 1e-9)
	near(t, "left", l.Unmet[0].Value(), 0, 1e-9)
	if v := l.Served[0]; !(v.Value() > 80 && v.Value() < 97) || !v.Interval().Contains(100-100*3.5/39) {
		t.Errorf("carried whole in %v, %+v", v.Value(), v.Interval())
	}
	// From B both markets are one leg off, China's three times as large and nearer
	// by the change of gauge.
	a, err := r.Access(t.Context(), "KAZ")
	if err != nil || len(a.Shuts) != 2 || a.Shuts[0].Place != "CHN" {
		t.Fatalf("%+v, %v", a, err)
	}
	price := km/2 + km/1000*240
	china, germany := 3*math.Pow(1+price/4000, -2), math.Pow(1+(price+340)/4000, -2)
	near(t, "China's own", a.Shuts[0].Own.Value(), 100*china/(china+germany), 1e-6)
	near(t, "nothing behind China", a.Shuts[0].Behind.Value(), 0, 1e-6)
	near(t, "without China", a.Shuts[0].Loss.Value(), 100*china/(china+germany), 1e-6)
	// What is stated of a leg of the network is no check of it.
	if cs, err := r.Stated(t.Context()); err != nil || len(cs) != 0 {
		t.Errorf("%d checks, %v", len(cs), err)
	}
	for _, set := range [][]shanyraq.Figure{{ab.Km, ab.Days, bc.Chance, w.Most, w.Closed[0].Extra, w.Ways[1].Plan, w.Ways[0].Best, l.Unmet[0], l.Served[0], l.Legs[0].Flow, l.Legs[0].Between, a.Shuts[0].Loss, a.Shuts[0].Own, a.Shuts[0].Behind}} {
		for _, fig := range set {
			got, err := r.Figure(t.Context(), strings.TrimPrefix(fig.Path(), "vectors/"))
			if err != nil || got.Value() != fig.Value() {
				t.Errorf("%s: %v, %v", fig.Path(), got.Value(), err)
			}
		}
	}
	for _, x := range []struct{ from, to string }{{"A", "Atlantis"}, {"A", "A"}} {
		if _, err := r.Ways(t.Context(), x.from, x.to); shanyraq.KindOf(err) != shanyraq.Invalid {
			t.Errorf("%+v: %v", x, err)
		}
	}
}

// What is built in has ways of China and Europe by Russia, by the Caspian and by
// sea, and is near what is stated of journeys.
func TestBuiltInNetwork(t *testing.T) {
	r := vectors.New(workspace(t))
	w, err := r.Ways(t.Context(), "Almaty", "Duisburg")
	if err != nil || len(w.Ways) < 3 {
		t.Fatalf("%d ways, %v", len(w.Ways), err)
	}
	through := func(place string) bool {
		for _, x := range w.Ways {
			for _, p := range x.Places {
				if p == place {
					return true
				}
			}
		}
		return false
	}
	if !through("Moscow") || !through("Baku") {
		t.Error("no way by Russia or none by the Caspian")
	}
	cs, err := r.Stated(t.Context())
	if err != nil || len(cs) < 20 {
		t.Fatalf("%d journeys, %v", len(cs), err)
	}
	in := 0
	for _, c := range cs {
		if c.Within {
			in++
		}
	}
	if 2*in < len(cs) {
		t.Errorf("%d of %d stated times meet the network's", in, len(cs))
	}
}

// Nobody who holds no legs is told of any.
func TestNoNetwork(t *testing.T) {
	r := vectors.New(&evidence{groups: powers()})
	if n, err := r.Network(t.Context()); n != nil || err != nil {
		t.Errorf("%v, %v", n, err)
	}
	if l, err := r.Load(t.Context()); len(l.Legs) != 0 || err != nil {
		t.Errorf("%+v, %v", l, err)
	}
	if w, err := r.Ways(t.Context(), "A", "B"); len(w.Ways) != 0 || err != nil {
		t.Errorf("%+v, %v", w, err)
	}
}
