package routes

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"shanyraq/methods/internal/peers"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// near fails unless got is within tol of want, or both are NaN.
var near = peers.Near

// The invented corridors of the reference cases, in full precision; their
// record asks for 1e-6.
func TestConformanceCorridors(t *testing.T) {
	const tol = 1e-6
	dir := peers.Dir(t, "strategy", "corridors")
	file, err := os.Open(filepath.Join(dir, "edges.csv"))
	if err != nil {
		t.Skip("the reference cases are not here; set SHANYRAQ_CASES to the folder that holds strategy/corridors")
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var legs []Leg
	at := map[string]int{} // leg by "A-B" and "B-A"
	for _, row := range rows[1:] {
		get := func(name string) string { return row[slices.Index(rows[0], name)] }
		num := func(name string) float64 {
			v, err := strconv.ParseFloat(get(name), 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		at[get("a")+"-"+get("b")], at[get("b")+"-"+get("a")] = len(legs), len(legs)
		legs = append(legs, Leg{From: get("a"), To: get("b"), Hours: num("hours"), SD: num("hours_sd"),
			Cost: num("cost_usd_teu"), Capacity: num("capacity_teu"), Closed: num("p_closed")})
	}
	var params struct {
		OD      [][]any `json:"od"`
		Time    float64 `json:"value_of_time"`
		Penalty float64 `json:"unmet_penalty"`
		Theta   float64 `json:"theta"`
		GDP     map[string]float64
	}
	var want struct {
		OD []struct {
			Origin, Destination string
			Demand              float64
			Shortest            []map[string]any `json:"k_shortest"`
			MaxFlow             float64          `json:"max_flow_teu"`
			Cut                 []string         `json:"min_cut"`
		}
		Plan struct {
			Cost  float64 `json:"total_cost"`
			Unmet []float64
			Flow  map[string]float64 `json:"edge_flow"`
			Use   map[string]float64 `json:"utilisation"`
		} `json:"min_cost_assignment"`
		Criticality []map[string]any
		Between     map[string]float64 `json:"edge_betweenness_gc"`
		Access      map[string]float64 `json:"market_access"`
		AccessDef   string             `json:"market_access_def"`
	}
	for name, into := range map[string]any{"params.json": &params, "expected.json": &want} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	n, err := New(legs, params.Time)
	if err != nil {
		t.Fatal(err)
	}
	var demands []Demand
	for _, od := range params.OD {
		demands = append(demands, Demand{od[0].(string), od[1].(string), od[2].(float64)})
	}
	if len(want.OD) == 0 || len(want.Criticality) != len(legs) || len(want.Between) != len(legs) || len(want.Access) != len(n.Nodes()) {
		t.Fatal("the expected results do not cover the network")
	}
	for _, w := range want.OD {
		t.Run(w.Origin+" to "+w.Destination, func(t *testing.T) {
			paths, err := n.Paths(w.Origin, w.Destination, 4)
			if err != nil {
				t.Fatal(err)
			}
			if len(paths) != len(w.Shortest) {
				t.Fatalf("%d routes, want %d", len(paths), len(w.Shortest))
			}
			for i, p := range paths {
				got := map[string]float64{"generalised_cost": p.Price, "hours": p.Hours, "hours_sd": p.SD, "cost": p.Cost,
					"bottleneck_teu": p.Bottleneck, "p_open": p.Open, "p95_hours": p.Quantile(0.95)}
				for name, v := range w.Shortest[i] {
					if name == "path" {
						if s := fmt.Sprint(p.Nodes); s != fmt.Sprint(v) {
							t.Errorf("route %d: %v, want %v", i, s, v)
						}
						continue
					}
					g, ok := got[name]
					if !ok {
						t.Errorf("expected %s is not compared", name)
						continue
					}
					near(t, fmt.Sprintf("%s of route %d", name, i), g, v.(float64), tol)
				}
			}
			cut, err := n.MaxFlow(w.Origin, w.Destination)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "flow", cut.Flow, w.MaxFlow, tol)
			var sum, expected float64
			for _, i := range cut.Legs {
				sum += legs[i].Capacity
			}
			for _, e := range w.Cut { // sets may tie: their capacity may not
				expected += legs[at[strings.Replace(e, ">", "-", 1)]].Capacity
			}
			near(t, "cut", sum, expected, tol)
			near(t, "cut against flow", sum, cut.Flow, tol)
		})
	}
	plan, err := n.Assign(demands, params.Penalty)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("assignment", func(t *testing.T) {
		near(t, "cost", plan.Cost, want.Plan.Cost, tol*want.Plan.Cost)
		for k, u := range want.Plan.Unmet {
			near(t, fmt.Sprint("unmet of demand ", k), plan.Unmet[k], u, tol)
		}
		for e, f := range want.Plan.Flow {
			near(t, "flow on "+e, plan.Flow[at[e]], f, tol*1e3)
		}
		for e, f := range want.Plan.Use {
			near(t, "use of "+e, plan.Use(n, at[e]), f, tol)
		}
	})
	closures, err := n.Criticality(demands, params.Penalty)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range want.Criticality {
		t.Run("closure of "+w["edge"].(string), func(t *testing.T) {
			c := closures[at[w["edge"].(string)]]
			got := map[string]float64{"extra_cost_if_closed": c.Extra, "unmet_if_closed": c.Unmet, "expected_loss": c.Expected}
			for name, v := range w {
				if name == "edge" {
					continue
				}
				g, ok := got[name]
				if !ok {
					t.Errorf("expected %s is not compared", name)
					continue
				}
				near(t, name, g, v.(float64), tol*max(1, math.Abs(v.(float64))))
			}
		})
	}
	between := n.Betweenness()
	for e, w := range want.Between {
		t.Run("betweenness of "+e, func(t *testing.T) { near(t, "betweenness", between[at[e]], w, tol) })
	}
	kappa, err := strconv.ParseFloat(regexp.MustCompile(`gc_ij/([0-9.]+)`).FindStringSubmatch(want.AccessDef)[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	access, err := n.MarketAccess(params.GDP, kappa, params.Theta)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range n.Nodes() {
		t.Run("market access of "+name, func(t *testing.T) { near(t, "access", access[i], want.Access[name], tol*want.Access[name]) })
	}
}

// random returns a network of up to nodes places and legs legs, not always
// connected, with whole numbers for all figures so that ties occur.
func random(rng *rand.Rand, nodes, legs int) *Network {
	var ls []Leg
	for range legs {
		a, b := rng.IntN(nodes), rng.IntN(nodes-1)
		if b >= a {
			b++
		}
		l := Leg{From: fmt.Sprint("p", a), To: fmt.Sprint("p", b), OneWay: rng.IntN(4) == 0, Hours: float64(rng.IntN(9)),
			SD: float64(rng.IntN(4)), Cost: float64(1 + rng.IntN(9)), Capacity: float64(rng.IntN(10)), Closed: 0.05 * float64(rng.IntN(5))}
		if rng.IntN(9) == 0 {
			l.Capacity = math.Inf(1)
		}
		ls = append(ls, l)
	}
	n, err := New(ls, float64(rng.IntN(3)))
	if err != nil {
		panic(err)
	}
	return n
}

// every returns all loopless routes from a to b as legs.
func (n *Network) every(a, b int) (all [][]int) {
	var walk func(node int, seen []bool, legs []int)
	walk = func(node int, seen []bool, legs []int) {
		if node == b {
			all = append(all, slices.Clone(legs))
			return
		}
		for _, e := range n.out[node] {
			if !seen[e.to] {
				seen[e.to] = true
				walk(e.to, seen, append(legs, e.leg))
				seen[e.to] = false
			}
		}
	}
	seen := make([]bool, len(n.nodes))
	seen[a] = true
	walk(a, seen, nil)
	return all
}

// Yen's routes against all routes there are, in the order the docstring states.
func TestPathsAgainstEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 400 {
		n := random(rng, 3+rng.IntN(5), 3+rng.IntN(10))
		a, b := 0, len(n.nodes)-1
		var want []trail
		for _, legs := range n.every(a, b) {
			tr := trail{legs: legs}
			for _, i := range legs {
				tr.price += n.price[i]
			}
			want = append(want, tr)
		}
		slices.SortFunc(want, func(x, y trail) int {
			if x.before(y) {
				return -1
			}
			return 1
		})
		k := 1 + rng.IntN(12)
		got, err := n.Paths(n.nodes[a], n.nodes[b], k)
		if len(want) == 0 {
			if !errors.Is(err, ErrNoRoute) {
				t.Fatalf("no route: %v", err)
			}
			continue
		}
		if err != nil || len(got) != min(k, len(want)) {
			t.Fatalf("%d routes of %d, %v", len(got), len(want), err)
		}
		for i, p := range got {
			if !slices.Equal(p.Legs, want[i].legs) {
				t.Fatalf("route %d of %d: %v at %v, want %v at %v", i, k, p.Legs, p.Price, want[i].legs, want[i].price)
			}
			if p.Nodes[0] != n.nodes[a] || p.Nodes[len(p.Nodes)-1] != n.nodes[b] || len(p.Nodes) != len(p.Legs)+1 {
				t.Fatalf("%+v", p)
			}
		}
	}
}

// The flow is the capacity of the cut returned, and no set of places that holds
// the origin and not the destination has a smaller one.
func TestFlowIsCut(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	positive := 0
	for range 500 {
		n := random(rng, 2+rng.IntN(6), 2+rng.IntN(12))
		a, b := 0, len(n.nodes)-1
		cut, err := n.MaxFlow(n.nodes[a], n.nodes[b])
		if err != nil {
			t.Fatal(err)
		}
		least := math.Inf(1)
		for set := range 1 << len(n.nodes) {
			if set>>a&1 == 0 || set>>b&1 == 1 {
				continue
			}
			sum := 0.0
			for _, l := range n.legs {
				u, v := set>>n.index[l.From]&1, set>>n.index[l.To]&1
				if u == 1 && v == 0 || v == 1 && u == 0 && !l.OneWay {
					sum += l.Capacity
				}
			}
			least = min(least, sum)
		}
		if cut.Flow != least {
			t.Fatalf("flow %v, smallest cut %v", cut.Flow, least)
		}
		if math.IsInf(least, 1) {
			if len(cut.Legs) > 0 {
				t.Fatalf("no limit, and a cut %v", cut.Legs)
			}
			continue
		}
		var sum float64
		for _, i := range cut.Legs {
			sum += n.legs[i].Capacity
		}
		if sum != cut.Flow {
			t.Fatalf("cut of %v for a flow of %v", sum, cut.Flow)
		}
		if cut.Flow > 0 {
			positive++
			rest, err := n.Without(cut.Legs...)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := rest.MaxFlow(n.nodes[a], n.nodes[b]); err != nil || again.Flow != 0 {
				t.Fatalf("%v still passes without the cut, %v", again.Flow, err)
			}
		}
	}
	if positive < 200 {
		t.Errorf("only %d networks carry anything", positive)
	}
}

// The shortest route takes a leg that both of the two others would have to do
// without; the flow of 2 is found only by sending some of it back.
func TestFlowIsSentBack(t *testing.T) {
	var legs []Leg
	for _, e := range strings.Fields("S-A A-D D-T A-E E-F F-T S-B B-C C-D") {
		legs = append(legs, Leg{From: e[:1], To: e[2:], OneWay: true, Capacity: 1})
	}
	n, err := New(legs, 0)
	if err != nil {
		t.Fatal(err)
	}
	if cut, err := n.MaxFlow("S", "T"); err != nil || cut.Flow != 2 {
		t.Errorf("%+v, %v", cut, err)
	}
}

// A network without some legs is the network of the others.
func TestWithout(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for range 60 {
		n := random(rng, 6, 12)
		var closed []int
		var rest []Leg
		for i, l := range n.legs {
			if rng.IntN(4) == 0 {
				closed = append(closed, i)
			} else {
				rest = append(rest, l)
			}
		}
		a, err1 := n.Without(closed...)
		b, err2 := New(rest, 0)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Legs(), b.Legs()) {
			t.Fatalf("legs %v, want %v", a.Legs(), b.Legs())
		}
		for i := range b.price {
			b.price[i] = a.Price(i)
		}
		for _, from := range b.nodes {
			for _, to := range b.nodes {
				if from == to {
					continue
				}
				x, err1 := a.Paths(from, to, 4)
				y, err2 := b.Paths(from, to, 4)
				if (err1 == nil) != (err2 == nil) || fmt.Sprint(x) != fmt.Sprint(y) {
					t.Fatalf("from %s to %s: %v, %v; want %v, %v", from, to, x, err1, y, err2)
				}
			}
		}
	}
}

// A plan keeps the capacities and adds up, and its cost equals a bound that no
// plan can go below: with w_e the shadow prices, any plan costs at least
// Σ_k amount_k·min(penalty, cheapest route at g + w) − Σ_e w_e·capacity_e.
func TestAssignDual(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	full, partly := 0, 0
	for round := range 400 {
		n := random(rng, 3+rng.IntN(6), 3+rng.IntN(14))
		var demands []Demand
		for range 1 + rng.IntN(8) {
			a, b := rng.IntN(len(n.nodes)), rng.IntN(len(n.nodes))
			if a != b {
				demands = append(demands, Demand{n.nodes[a], n.nodes[b], float64(rng.IntN(12))})
			}
		}
		penalty := float64(rng.IntN(120))
		p, err := n.Assign(demands, penalty)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		flow := make([]float64, len(n.legs))
		carried := make([]float64, len(demands))
		var cost float64
		for _, s := range p.Shares {
			carried[s.Demand] += s.Amount
			node := n.index[demands[s.Demand].From]
			for _, i := range s.Legs {
				flow[i] += s.Amount
				cost += s.Amount * n.price[i]
				if n.legs[i].OneWay && n.index[n.legs[i].From] != node {
					t.Fatalf("round %d: leg %d used the wrong way", round, i)
				}
				node = n.across(i, node)
			}
			if node != n.index[demands[s.Demand].To] || s.Amount <= 0 {
				t.Fatalf("round %d: a share that leads to %q: %+v", round, n.nodes[node], s)
			}
		}
		bound := 0.0
		for k, d := range demands {
			near(t, "carried and unmet", carried[k]+p.Unmet[k], d.Amount, 1e-6)
			cost += penalty * p.Unmet[k]
			price := slices.Clone(n.price)
			for i := range price {
				price[i] += p.Shadow[i]
			}
			bound += d.Amount * min(penalty, n.tree(n.index[d.From], price).price[n.index[d.To]])
		}
		for i, l := range n.legs {
			near(t, "flow", p.Flow[i], flow[i], 1e-9)
			if flow[i] > l.Capacity+1e-6 {
				t.Fatalf("round %d: %v on a leg of %v", round, flow[i], l.Capacity)
			}
			if p.Shadow[i] > 0 {
				bound -= p.Shadow[i] * l.Capacity
				full++
			}
		}
		near(t, "cost of the shares", cost, p.Cost, 1e-6)
		near(t, fmt.Sprintf("round %d: cost against the bound", round), p.Cost, bound, 1e-6*(1+bound))
		if u := p.TotalUnmet(); u > 0 {
			partly++
		}
	}
	if full < 100 || partly < 100 {
		t.Errorf("%d full legs and %d unmet plans are too few to mean anything", full, partly)
	}
}

// Wants worked by hand. A cheap leg of 10 beside a dear one of 5; 12 to carry:
// ten at 1, two at 4. With a penalty of 3 the two are left. One more unit of
// the cheap leg saves what it spares: 3, or 2 with the penalty.
func TestAssignByHand(t *testing.T) {
	n, err := New([]Leg{{From: "A", To: "B", Cost: 1, Capacity: 10}, {From: "B", To: "A", Cost: 2, Hours: 1, Capacity: 5}}, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ amount, penalty, cost, unmet, shadow float64 }{
		{12, 9, 18, 0, 3}, {12, 3, 16, 2, 2}, {5, 3, 5, 0, 0}, {20, 9, 10 + 20 + 45, 5, 8}, {0, 9, 0, 0, 0},
	} {
		p, err := n.Assign([]Demand{{"A", "B", tt.amount}}, tt.penalty)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "cost", p.Cost, tt.cost, 1e-6)
		near(t, "unmet", p.Unmet[0], tt.unmet, 1e-6)
		near(t, "shadow price", p.Shadow[0], tt.shadow, 1e-9)
		near(t, "use", p.Use(n, 0), min(1, tt.amount/10), 1e-9)
	}
}

// Names and the order of legs make no difference.
func TestRelabelling(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 50 {
		n := random(rng, 6, 12)
		perm := rng.Perm(len(n.legs))
		rename := func(s string) string { return "z" + fmt.Sprint(99-int(s[1]-'0')) }
		legs := make([]Leg, len(perm))
		for i, p := range perm {
			legs[i] = n.legs[p]
			legs[i].From, legs[i].To = rename(legs[i].From), rename(legs[i].To)
		}
		m, err := New(legs, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range perm {
			m.price[i] = n.price[p]
		}
		demands := []Demand{{n.nodes[0], n.nodes[3], 7}, {n.nodes[2], n.nodes[1], 5}}
		moved := []Demand{{rename(n.nodes[0]), rename(n.nodes[3]), 7}, {rename(n.nodes[2]), rename(n.nodes[1]), 5}}
		a, err1 := n.Criticality(demands, 50)
		b, err2 := m.Criticality(moved, 50)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		x, y := n.Betweenness(), m.Betweenness()
		for i, p := range perm {
			if n.legs[p].Capacity > 0 {
				near(t, "extra cost", b[i].Extra, a[p].Extra, 1e-5)
			}
			near(t, "betweenness", y[i], x[p], 1e-12)
		}
	}
}

// Betweenness against counting every cheapest route.
func TestBetweennessAgainstEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for range 100 {
		n := random(rng, 3+rng.IntN(4), 3+rng.IntN(8))
		want := make([]float64, len(n.legs))
		for s := range n.nodes {
			for e := range n.nodes {
				if s == e {
					continue
				}
				least, best := math.Inf(1), [][]int{}
				for _, legs := range n.every(s, e) {
					var p float64
					for _, i := range legs {
						p += n.price[i]
					}
					if p < least {
						least, best = p, nil
					}
					if p == least {
						best = append(best, legs)
					}
				}
				for _, legs := range best {
					for _, i := range legs {
						want[i] += 1 / float64(len(best)) / float64(len(n.nodes)*(len(n.nodes)-1))
					}
				}
			}
		}
		for i, b := range n.Betweenness() {
			near(t, "betweenness", b, want[i], 1e-12)
		}
	}
}

// Random closures against the sum over every set of closed legs.
func TestSimulate(t *testing.T) {
	legs := []Leg{
		{From: "A", To: "B", Cost: 1, Capacity: 10, Closed: 0.3}, {From: "A", To: "B", Cost: 2, Capacity: 6, Closed: 0.2},
		{From: "B", To: "C", Cost: 1, Capacity: 20, Closed: 0.1}, {From: "A", To: "C", Cost: 9, Capacity: 4, Closed: 0.5},
	}
	n, err := New(legs, 0)
	if err != nil {
		t.Fatal(err)
	}
	demands := []Demand{{"A", "C", 8}, {"B", "C", 3}, {"A", "C", 0}}
	var cost float64
	served, whole := make([]float64, 3), make([]float64, 3)
	for set := range 1 << len(legs) {
		p := 1.0
		var closed []int
		for i, l := range legs {
			if set>>i&1 == 1 {
				p *= l.Closed
				closed = append(closed, i)
			} else {
				p *= 1 - l.Closed
			}
		}
		rest, err := n.Without(closed...)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := rest.Assign(demands, 30)
		if err != nil {
			t.Fatal(err)
		}
		cost += p * plan.Cost
		for k, d := range demands {
			if plan.Unmet[k] < 1e-6 {
				whole[k] += p
			}
			if d.Amount > 0 {
				served[k] += p * (1 - plan.Unmet[k]/d.Amount)
			}
		}
	}
	served[2] = 1
	r, err := n.Simulate(demands, 30, 40000, 0.95, rand.New(rand.NewPCG(6, 6)))
	if err != nil {
		t.Fatal(err)
	}
	// Four standard errors of a mean over 40 000 draws.
	near(t, "cost", r.Cost, cost, 4*150/200)
	for k := range demands {
		near(t, fmt.Sprint("share served of demand ", k), r.Served[k], served[k], 4*0.5/200)
		near(t, fmt.Sprint("periods whole of demand ", k), r.Whole[k], whole[k], 4*0.5/200)
		if !(r.WholeLo[k] <= r.Whole[k] && r.Whole[k] <= r.WholeHi[k]) {
			t.Errorf("%v outside %v to %v", r.Whole[k], r.WholeLo[k], r.WholeHi[k])
		}
	}
	near(t, "quiet periods", r.Undisturbed, 0.7*0.8*0.9*0.5, 4*0.5/200)
	if r.Different != 16 || r.Periods != 40000 || !(r.CostLo < r.Cost && r.Cost < r.CostHi) {
		t.Errorf("%+v", r)
	}
	again, err := n.Simulate(demands, 30, 40000, 0.95, rand.New(rand.NewPCG(6, 6)))
	if err != nil || again.Cost != r.Cost {
		t.Error("the same draws give another cost")
	}
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		n := random(rng, 6, 10)
		from, to := n.nodes[0], n.nodes[len(n.nodes)-1]
		paths, err := n.Paths(from, to, 5)
		if err == nil {
			cut, err := n.MaxFlow(from, to)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range paths {
				if p.Bottleneck > cut.Flow {
					t.Fatalf("a route carries %v, all of them %v", p.Bottleneck, cut.Flow)
				}
				if i > 0 && p.Price < paths[i-1].Price-1e-9 {
					t.Fatal("routes out of order")
				}
				if p.Quantile(0.95) < p.Hours || p.Quantile(0.05) > p.Hours || math.Abs(p.Quantile(0.5)-p.Hours) > 1e-9 {
					t.Fatalf("%+v", p)
				}
			}
		}
		// More capacity never costs more, and neither does a lower penalty.
		demands := []Demand{{from, to, 9}, {to, from, 4}}
		a, err1 := n.Assign(demands, 60)
		legs := n.Legs()
		legs[0].Capacity += 3
		wider := &Network{legs: legs, nodes: n.nodes, index: n.index, out: n.out, price: n.price}
		b, err2 := wider.Assign(demands, 60)
		c, err3 := n.Assign(demands, 30)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		if b.Cost > a.Cost+1e-5 || c.Cost > a.Cost+1e-5 {
			t.Fatalf("%v, with more room %v, with a lower penalty %v", a.Cost, b.Cost, c.Cost)
		}
		if saved := a.Cost - b.Cost; saved > 3*a.Shadow[0]+1e-5 {
			t.Fatalf("three units save %v at a shadow price of %v", saved, a.Shadow[0])
		}
		size := map[string]float64{to: 100}
		access, err := n.MarketAccess(size, 10, 2)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range access {
			if v < 0 || v > 100 || n.nodes[i] == to && v != 0 {
				t.Fatalf("access %v", access)
			}
		}
	})
}

func TestErrors(t *testing.T) {
	nan := math.NaN()
	good := Leg{From: "A", To: "B", Capacity: 1}
	for name, change := range map[string]func(*Leg){
		"no name": func(l *Leg) { l.To = "" }, "loop": func(l *Leg) { l.To = "A" }, "hours": func(l *Leg) { l.Hours = nan },
		"spread": func(l *Leg) { l.SD = -1 }, "cost": func(l *Leg) { l.Cost = math.Inf(1) }, "capacity": func(l *Leg) { l.Capacity = nan },
		"closed": func(l *Leg) { l.Closed = 1.1 }, "closed missing": func(l *Leg) { l.Closed = nan },
	} {
		l := good
		change(&l)
		if _, err := New([]Leg{l}, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, v := range []float64{-1, nan, math.Inf(1)} {
		if _, err := New([]Leg{good}, v); err == nil {
			t.Errorf("value of time %v: no error", v)
		}
	}
	n, err := New([]Leg{good, {From: "C", To: "D", Capacity: 1}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Paths("A", "D", 1); !errors.Is(err, ErrNoRoute) {
		t.Errorf("no route: %v", err)
	}
	_, a := n.Paths("A", "X", 1)
	_, b := n.MaxFlow("X", "A")
	_, c := n.Assign([]Demand{{"A", "X", 1}}, 1)
	_, d := n.MarketAccess(map[string]float64{"X": 1}, 1, 1)
	_, e := n.Criticality([]Demand{{"X", "A", 1}}, 1)
	for i, err := range []error{a, b, c, d, e} {
		if !errors.Is(err, ErrNoNode) {
			t.Errorf("unknown place %d: %v", i, err)
		}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	_, a = n.Paths("A", "B", 0)
	_, b = n.MaxFlow("A", "A")
	_, c = n.Assign([]Demand{{"A", "B", -1}}, 1)
	_, d = n.Assign(nil, nan)
	_, e = n.MarketAccess(nil, 0, 1)
	_, f := n.MarketAccess(map[string]float64{"A": -1}, 1, 1)
	_, g := n.Without(2)
	_, h := n.Simulate(nil, 1, 0, 0.9, rng)
	_, i := n.Simulate(nil, 1, 10, 1, rng)
	_, j := n.Simulate([]Demand{{"A", "A", 1}}, 1, 10, 0.9, rng)
	for k, err := range []error{a, b, c, d, e, f, g, h, i, j} {
		if err == nil {
			t.Errorf("request %d: no error", k)
		}
	}
	if cut, err := n.MaxFlow("A", "D"); err != nil || cut.Flow != 0 || len(cut.Legs) != 0 {
		t.Errorf("flow without a route: %+v, %v", cut, err)
	}
	p, err := n.Assign([]Demand{{"A", "D", 2}}, 5)
	if err != nil || p.Unmet[0] != 2 || p.Cost != 10 {
		t.Errorf("a demand without a route: %+v, %v", p, err)
	}
	empty, err := New(nil, 1)
	if err != nil || len(empty.Nodes()) != 0 || len(empty.Betweenness()) != 0 {
		t.Errorf("no legs: %v", err)
	}
	if q := (Path{Hours: 1, SD: 1}).Quantile(1); !math.IsNaN(q) {
		t.Errorf("certainty at %v", q)
	}
	if q := (Path{Hours: 1, SD: 9}).Quantile(0.05); q != 0 {
		t.Errorf("arrives before it left: %v", q)
	}
}

// The route map recomputes when a leg is closed on the screen: 40 legs and 200
// pairs should take less than a tenth of a second.
func BenchmarkAssign(b *testing.B) {
	rng := rand.New(rand.NewPCG(7, 7))
	var legs []Leg
	const places = 25
	for i := range 40 {
		a, c := i%places, (i*7+3)%places
		if i < places {
			c = (a + 1) % places
		}
		if a == c {
			c = (c + 2) % places
		}
		legs = append(legs, Leg{From: fmt.Sprint("p", a), To: fmt.Sprint("p", c), Hours: 10 + 90*rng.Float64(), SD: 5,
			Cost: 100 + 900*rng.Float64(), Capacity: 200 + 800*rng.Float64(), Closed: 0.02})
	}
	n, err := New(legs, 9)
	if err != nil {
		b.Fatal(err)
	}
	var demands []Demand
	for len(demands) < 200 {
		a, c := rng.IntN(places), rng.IntN(places)
		if a != c {
			demands = append(demands, Demand{fmt.Sprint("p", a), fmt.Sprint("p", c), 5 + 40*rng.Float64()})
		}
	}
	b.Run("40 legs, 200 pairs", func(b *testing.B) {
		for b.Loop() {
			if _, err := n.Assign(demands, 20000); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("each leg closed", func(b *testing.B) {
		for b.Loop() {
			if _, err := n.Criticality(demands, 20000); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("four routes of 200 pairs", func(b *testing.B) {
		for b.Loop() {
			for _, d := range demands {
				if _, err := n.Paths(d.From, d.To, 4); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
