package vectors_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"shanyraq"
	"shanyraq/internal/vectors"
	"shanyraq/methods/votes"
)

// assembled is the room over the built-in votes, whose fit is dear.
var assembled = sync.OnceValues(func() (*vectors.Room, error) {
	w, err := builtin()
	return vectors.New(w), err
})

func assembly(t testing.TB) *vectors.Room {
	t.Helper()
	r, err := assembled()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The order in which Yuneman (2023) has Kazakhstan's partners by votes alike of
// 2007 to 2022, on the window held here: China first, then Russia, Türkiye and
// Germany, the United States last. Of all states the United States is among the
// ten farthest.
func TestBuiltInYuneman(t *testing.T) {
	near, err := assembly(t).Nearest(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	at := func(p shanyraq.CountryCode) int {
		return slices.IndexFunc(near, func(n vectors.Nearness) bool { return n.Place == p })
	}
	order := []shanyraq.CountryCode{"CHN", "RUS", "TUR", "DEU", "USA"}
	for i, p := range order[1:] {
		if at(order[i]) < 0 || at(order[i]) >= at(p) {
			t.Errorf("%s stands at %d and %s at %d", order[i], at(order[i]), p, at(p))
		}
	}
	if len(near)-at("USA") > 10 {
		t.Errorf("the United States stands at %d of %d", at("USA"), len(near))
	}
	if !slices.IsSortedFunc(near, func(a, b vectors.Nearness) int {
		switch {
		case a.Alike.Value() > b.Alike.Value():
			return -1
		case a.Alike.Value() < b.Alike.Value():
			return 1
		}
		return 0
	}) {
		t.Error("the nearest are not first")
	}
}

// Every session of Kazakhstan: a position in its range, the published one
// beside it, distances that are what the two positions are apart, the votes
// alike recounted from the roll calls, and figures that open.
func TestBuiltInVotes(t *testing.T) {
	w := workspace(t)
	rc, err := w.RollCalls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	column := map[shanyraq.CountryCode]int{}
	for i, s := range rc.States {
		column[s.Code] = i
	}
	r := assembly(t)
	v, err := r.Votes(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Sessions) != 28 || v.Used < 2000 {
		t.Fatalf("%d sessions, %d votes", len(v.Sessions), v.Used)
	}
	for _, s := range v.Sessions {
		if s.Position["KAZ"].IsZero() || s.Published.IsZero() || len(s.Distance) != len(v.Powers) {
			t.Errorf("session %d: position %v, published %v, %d distances", s.Number, s.Position["KAZ"].Value(), s.Published.Value(), len(s.Distance))
			continue
		}
		for p, f := range s.Distance {
			if q := s.Position[p]; !q.IsZero() {
				near(t, f.Path(), f.Value(), math.Abs(s.Position["KAZ"].Value()-q.Value()), 1e-9)
			}
		}
		for p, f := range s.Agreement {
			same, both := 0, 0
			for _, c := range rc.Calls {
				x, y := c.Votes[column["KAZ"]], c.Votes[column[p]]
				if c.Session != s.Number || x == '.' || y == '.' || votes.OnPart(c.Title) {
					continue
				}
				both++
				if x == y {
					same++
				}
			}
			near(t, f.Path(), f.Value(), 100*float64(same)/float64(both), 1e-9)
		}
	}
	for _, f := range v.Figures() {
		got, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "vectors/"))
		if err != nil || got.Value() != f.Value() || got.Interval() != f.Interval() {
			t.Errorf("%s: %v opens to %v, %v", f.Path(), f.Value(), got.Value(), err)
		}
		for _, in := range f.Lineage().Inputs {
			if got, err := r.Figure(t.Context(), strings.TrimPrefix(in.Path, "vectors/")); err != nil || got.Value() != in.Value {
				t.Errorf("%s: input %s is %v and opens to %v, %v", f.Path(), in.Path, in.Value, got.Value(), err)
			}
		}
	}
}

// The positions estimated here go with the published ones, session by session.
// In the sessions of 1993, 1995 and 2010 the published runs differ among
// themselves, and no more can be asked.
func TestBuiltInCorrelation(t *testing.T) {
	v, err := assembly(t).Votes(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	least := map[int]float64{1993: 0.96, 1995: 0.985, 2010: 0.98}
	for _, s := range v.Sessions {
		want, ok := least[s.Year()]
		if !ok {
			want = 0.99
		}
		if f := s.Correlation; f.Value() < want || f.Interval().Hi >= 1 {
			t.Errorf("%d: %v in %+v, want %v", s.Year(), f.Value(), f.Interval(), want)
		}
	}
}

// Which votes moved Kazakhstan from 2015 to 2019: those of session 74 by the
// United Nations' symbols, whose parts point the way it went, and figures that
// open.
func TestBuiltInMoved(t *testing.T) {
	r := assembly(t)
	m, err := r.Moved(t.Context(), "KAZ", 70, 74)
	if err != nil {
		t.Fatal(err)
	}
	if m.Change.Value() >= 0 || len(m.Votes) < 20 {
		t.Fatalf("moved by %v, %d votes", m.Change.Value(), len(m.Votes))
	}
	ends := m.Change.Lineage().Inputs
	near(t, "from one position to the other", ends[1].Value-ends[0].Value, m.Change.Value(), 1e-9)
	for _, in := range ends {
		if got, err := r.Figure(t.Context(), strings.TrimPrefix(in.Path, "vectors/")); err != nil || got.Value() != in.Value {
			t.Errorf("input %s is %v and opens to %v, %v", in.Path, in.Value, got.Value(), err)
		}
	}
	sum := 0.0
	for i, x := range m.Votes {
		sum += x.By.Value()
		if !strings.HasPrefix(x.Call.Resolution, "A/RES/74/") || x.Call.Session != 74 || !strings.ContainsRune("YAN", rune(x.Choice)) {
			t.Errorf("%+v", x.Call)
		}
		if i > 0 && math.Abs(x.By.Value()) > math.Abs(m.Votes[i-1].By.Value()) {
			t.Errorf("%s is larger than the one before", x.Call.Resolution)
		}
		got, err := r.Figure(t.Context(), strings.TrimPrefix(x.By.Path(), "vectors/"))
		if err != nil || got.Value() != x.By.Value() {
			t.Errorf("%s opens to %v, %v", x.By.Path(), got.Value(), err)
		}
	}
	near(t, "the largest parts and the rest", sum+m.Rest, m.Change.Value(), 0.15)
	for _, tt := range []struct {
		place    shanyraq.CountryCode
		from, to int
	}{{"KAZ", 74, 70}, {"KAZ", 70, 70}, {"KAZ", 1, 74}, {"HKG", 70, 74}} {
		if _, err := r.Moved(t.Context(), tt.place, tt.from, tt.to); shanyraq.KindOf(err) != shanyraq.NotFound {
			t.Errorf("%s from %d to %d: %v", tt.place, tt.from, tt.to, err)
		}
	}
}

// assemblyOf are roll calls of three states over two sessions: the first two
// always against each other, the third with the first in one session and with
// the second in the other.
func assemblyOf() vectors.RollCalls {
	rc := vectors.RollCalls{Sources: []shanyraq.SourceID{"un-votes"}, States: []vectors.VotingState{{Code: "USA"}, {Code: "CHN"}, {Code: "KAZ"}}}
	for session, third := range map[int]string{50: "Y", 51: "N"} {
		for i := range 24 {
			votes := "YN" + third
			if i%6 == 5 { // now and then it is the other way
				votes = "YN" + map[string]string{"Y": "N", "N": "Y"}[third]
			}
			if i%2 == 1 {
				votes = strings.NewReplacer("Y", "N", "N", "Y").Replace(votes)
			}
			rc.Calls = append(rc.Calls, vectors.RollCall{Session: session, Date: shanyraq.Period([]string{"1995-10-01", "1995-11-01", "1995-12-01"}[i/8]), Title: "A QUESTION", Votes: votes})
		}
	}
	slices.SortStableFunc(rc.Calls, func(a, b vectors.RollCall) int { return a.Session - b.Session })
	return rc
}

// A state that turns from one side to the other is seen to turn.
func TestVotesOfATurn(t *testing.T) {
	r := vectors.New(&evidence{groups: powers(), calls: assemblyOf()})
	v, err := r.Votes(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Sessions) != 2 {
		t.Fatalf("%d sessions", len(v.Sessions))
	}
	before, after := v.Sessions[0], v.Sessions[1]
	if before.Distance["USA"].Value() >= before.Distance["CHN"].Value() || after.Distance["USA"].Value() <= after.Distance["CHN"].Value() {
		t.Errorf("from the United States %v and then %v, from China %v and then %v", before.Distance["USA"].Value(), after.Distance["USA"].Value(), before.Distance["CHN"].Value(), after.Distance["CHN"].Value())
	}
	near(t, "alike with the United States", before.Agreement["USA"].Value(), 100*20.0/24, 1e-9)
	m, err := r.Moved(t.Context(), "KAZ", 50, 51)
	if err != nil || m.Change.Value() >= 0 {
		t.Errorf("turned from the United States by %v, %v", m.Change.Value(), err)
	}
}

// Without roll calls, and for who never votes, there is no position and no
// error; a failing disk is one, and it is tried again.
func TestVotesOfNobody(t *testing.T) {
	for home, calls := range map[shanyraq.CountryCode]vectors.RollCalls{"KAZ": {}, "POL": assemblyOf()} {
		v, err := vectors.New(&evidence{groups: powers(), calls: calls}).Votes(t.Context(), home)
		if err != nil || len(v.Figures()) != 0 {
			t.Errorf("%s: %v, %v", home, v.Figures(), err)
		}
	}
	e := &flaky{evidence: evidence{groups: powers(), calls: assemblyOf()}, failures: 1}
	r := vectors.New(e)
	if _, err := r.Votes(t.Context(), "KAZ"); !errors.Is(err, errDisk) {
		t.Errorf("with a failing disk: %v", err)
	}
	if v, err := r.Votes(t.Context(), "KAZ"); err != nil || len(v.Sessions) != 2 {
		t.Errorf("asked again: %d sessions, %v", len(v.Sessions), err)
	}
}

var errDisk = errors.New("disk")

// flaky is evidence whose roll calls cannot be read so many times.
type flaky struct {
	evidence
	failures int
}

func (f *flaky) RollCalls(ctx context.Context) (vectors.RollCalls, error) {
	if f.failures > 0 {
		f.failures--
		return vectors.RollCalls{}, errDisk
	}
	return f.evidence.RollCalls(ctx)
}

// A reader who leaves does not stop the fit for those who wait.
func TestVotesOutliveTheReader(t *testing.T) {
	r := vectors.New(&evidence{groups: powers(), calls: assemblyOf()})
	gone, leave := context.WithCancel(t.Context())
	r.Prepare(gone)
	leave()
	if _, err := r.Votes(t.Context(), "KAZ"); err != nil {
		t.Error(err)
	}
}

// Many readers at once get one answer.
func TestVotesAreFittedOnce(t *testing.T) {
	e := &evidence{groups: powers(), calls: assemblyOf()}
	r := vectors.New(e)
	var wait sync.WaitGroup
	values := make([]float64, 8)
	for i := range values {
		wait.Go(func() {
			v, err := r.Votes(context.Background(), "KAZ")
			if err == nil {
				values[i] = v.Sessions[1].Position["KAZ"].Value()
			}
		})
	}
	wait.Wait()
	for _, v := range values {
		if v != values[0] || v == 0 {
			t.Fatalf("%v", values)
		}
	}
}

// TestRollCallsOfClaims: votes kept as claims join those of the tables if they
// are of later days; a state that comes with them was absent before.
func TestRollCallsOfClaims(t *testing.T) {
	vote := func(when shanyraq.Period, subject, note string) shanyraq.Claim {
		return shanyraq.Claim{ID: shanyraq.ClaimID("undl/" + string(when)), Source: "undl", Series: "un_roll_call", Place: shanyraq.World, Subject: subject, When: when, Value: 1, Unit: "records", Note: note}
	}
	base := vectors.RollCalls{Sources: []shanyraq.SourceID{"un"}, States: []vectors.VotingState{{Code: "CHN", First: 1971}, {Code: "KAZ", First: 1992}},
		Calls: []vectors.RollCall{{Session: 74, Date: "2019-12-12", Votes: "YY"}, {Session: 74, Date: "2019-12-13", Votes: "NY"}}}
	ev := &evidence{calls: base, claims: []shanyraq.Claim{
		vote("2022-12-07", "A/RES/77/1 Peace", "session 77; Y KAZ UZB; N ; A CHN"),
		vote("2019-12-12", "A/RES/74/1 Held already", "session 74; Y KAZ; N CHN; A "),
		vote("2020-12-07", "A/RES/75/1 Water", "session 75; Y CHN KAZ UZB; N ; A "),
		vote("2023-01-01", "A/RES/77/9 Nobody", "session 77; Y ; N ; A "),
	}}
	near, err := vectors.New(ev).Nearest(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	got := map[shanyraq.CountryCode]float64{}
	for _, n := range near {
		got[n.Place] = n.Alike.Value()
		if n.Place == "CHN" && !slices.Equal(n.Alike.Lineage().Sources, []shanyraq.SourceID{"un", "undl"}) {
			t.Errorf("sources %v", n.Alike.Lineage().Sources)
		}
	}
	// Of the last five sessions held, China voted as Kazakhstan did in two of four.
	if got["CHN"] != 50 || got["UZB"] != 100 {
		t.Errorf("alike %v", got)
	}
}

// The measures are what [votes.Agreement] finds in the same votes, and each
// session alone goes with the published series.
func TestBuiltInLikeness(t *testing.T) {
	w := workspace(t)
	r := vectors.New(w)
	v, err := r.Votes(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Likeness) != len(v.Powers) || v.Years != [2]int{2015, 2019} {
		t.Fatalf("%d of %d powers, %v", len(v.Likeness), len(v.Powers), v.Years)
	}
	rc, err := w.RollCalls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	column := map[shanyraq.CountryCode]int{}
	for i, s := range rc.States {
		column[s.Code] = i
	}
	for _, l := range v.Likeness {
		if l.Power == shanyraq.EuropeanUnion {
			if l.S.Interval().Kind != shanyraq.Spread {
				t.Errorf("of the union %s", l.S.Interval().Kind)
			}
			continue
		}
		var a, b []byte
		for _, c := range rc.Calls {
			if c.Session >= 70 {
				a, b = append(a, c.Votes[column["KAZ"]]), append(b, c.Votes[column[l.Power]])
			}
		}
		p, err := votes.Agreement(string(a), string(b))
		if err != nil {
			t.Fatal(err)
		}
		const tol = 1e-9 // sums in another order
		near(t, string(l.Power)+" agreement", l.Agreement.Value(), p.Agreement, tol)
		near(t, string(l.Power)+" S", l.S.Value(), p.S, tol)
		near(t, string(l.Power)+" kappa", l.Kappa.Value(), p.Weighted, tol)
		near(t, string(l.Power)+" pi", l.Pi.Value(), p.Pi, tol)
	}
	for _, s := range v.Sessions {
		if s.Alone.IsZero() || s.AloneCorrelation.Value() < 0.95 {
			t.Errorf("session %d: alone %v, which goes with the published at %v", s.Number, s.Alone.Value(), s.AloneCorrelation.Value())
		}
	}
	all, err := r.Assembly(t.Context(), 74)
	if err != nil || len(all) < 180 {
		t.Fatalf("%d states, %v", len(all), err)
	}
	for i, x := range all {
		if i > 0 && x.Position.Value() > all[i-1].Position.Value() {
			t.Errorf("%s stands out of order", x.Place)
		}
		if x.Place == "KAZ" && x.Position.Value() != v.Sessions[len(v.Sessions)-1].Position["KAZ"].Value() {
			t.Error("home stands in two places")
		}
	}
	if none, err := r.Assembly(t.Context(), 3); err != nil || none != nil {
		t.Errorf("of a session that is not held: %v, %v", none, err)
	}
}
