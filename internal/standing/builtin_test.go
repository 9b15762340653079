package standing_test

import (
	"fmt"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"shanyraq"
	"shanyraq/data"
	"shanyraq/internal/ingest"
	"shanyraq/internal/standing"
)

// builtin is the workspace that ships, opened once.
var builtin = sync.OnceValues(func() (*ingest.Workspace, error) { return ingest.OpenWorkspace(data.Files) })

func workspace(t testing.TB) *ingest.Workspace {
	t.Helper()
	w, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// The league is the one anybody who knows the subject would expect.
func TestBuiltInLeagueIsPlausible(t *testing.T) {
	r := standing.New(workspace(t))
	newest, err := r.League(t.Context(), standing.Question{})
	if err != nil {
		t.Fatal(err)
	}
	if newest.Year < 2023 || !slices.Contains(newest.Years, 1995) {
		t.Errorf("the newest year is %d of %v", newest.Year, newest.Years)
	}
	for _, year := range newest.Years {
		l, err := r.League(t.Context(), standing.Question{Year: year})
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Entries) < 120 {
			t.Errorf("%d is on offer with %d countries", year, len(l.Entries))
		}
		if len(l.Entries)+len(l.Unranked) < 200 {
			t.Errorf("%d: %d ranked and %d not are not the world", year, len(l.Entries), len(l.Unranked))
		}
		var sum float64
		for _, e := range l.Entries {
			sum += e.Score.Value()
		}
		if !(sum > 95 && sum <= 100+1e-8) { // the rest is with countries that lack one of the three
			t.Errorf("sum of scores of %d is %v", year, sum)
		}
	}
	for _, year := range []int{2023, 2024} {
		l, err := r.League(t.Context(), standing.Question{Year: year})
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			place     shanyraq.CountryCode
			best, end float64
		}{{"USA", 1, 2}, {"CHN", 1, 2}, {"IND", 3, 3}, {"RUS", 4, 5}, {"DEU", 4, 8}, {"JPN", 4, 8}, {"POL", 18, 28}, {"KAZ", 40, 60}, {"KGZ", 90, 145}, {"MNG", 90, 145}} {
			e, ok := l.Of(tt.place)
			if !ok {
				t.Errorf("%s is not ranked in %d", tt.place, year)
				continue
			}
			if v := e.Rank.Value(); v < tt.best || v > tt.end {
				t.Errorf("%s stands at %v in %d, and was expected from %v to %v", tt.place, v, year, tt.best, tt.end)
			}
		}
	}
}

// World Development Indicators of July 2026, Kazakhstan in 2024: 40,890.8 (2024)
// dollars a head, 20,592,571 people, 0.43 % of output: read in the publisher's
// table, multiplied by hand.
func TestBuiltInKazakhstan(t *testing.T) {
	l, err := standing.New(workspace(t)).League(t.Context(), standing.Question{Year: 2024})
	if err != nil {
		t.Fatal(err)
	}
	e, _ := l.Of("KAZ")
	near(t, "output", e.Parts[0].Value(), 8.4205e11, 1e8)
	near(t, "people", e.Parts[1].Value(), 20592571, 0.5)
	near(t, "spending", e.Parts[2].Value(), 1.2488e9, 1e6)
	if u := fmt.Sprint(e.Parts[0].Unit(), e.Parts[1].Unit(), e.Parts[2].Unit()); u != "intl_usdpersonsusd" {
		t.Errorf("units %s", u)
	}
}

// Uzbekistan states no military spending: it is listed with what it lacks, and
// stands nowhere.
func TestBuiltInMissingStaysMissing(t *testing.T) {
	w := workspace(t)
	r := standing.New(w)
	for _, year := range []int{2010, 2023, 2024} {
		l, err := r.League(t.Context(), standing.Question{Year: year})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(l.Unranked, func(m standing.Missing) bool { return m.Place == "UZB" })
		if i < 0 || !slices.Equal(l.Unranked[i].Lacks, []standing.Component{standing.Armament}) {
			t.Errorf("Uzbekistan in %d: %v", year, l.Unranked)
		}
		if _, ok := l.Of("UZB"); ok {
			t.Errorf("Uzbekistan is ranked in %d", year)
		}
		for _, what := range []string{"rank", "score", "above"} {
			if f, err := r.Figure(t.Context(), fmt.Sprintf("material/UZB/%d/%s", year, what), nil); shanyraq.KindOf(err) != shanyraq.NotFound {
				t.Errorf("the %s of Uzbekistan is %v, %v", what, f.Value(), err)
			}
		}
		for _, m := range l.Unranked {
			if len(m.Lacks) == 0 {
				t.Errorf("%s is not ranked in %d and lacks nothing", m.Place, year)
			}
			if _, ok := l.Of(m.Place); ok {
				t.Errorf("%s is ranked and not ranked in %d", m.Place, year)
			}
			cs, err := w.Claims(t.Context(), shanyraq.Query{Series: []shanyraq.SeriesID{spending}, Places: []shanyraq.CountryCode{m.Place}, From: year, To: year})
			if err != nil {
				t.Fatal(err)
			}
			gdp, err := w.Claims(t.Context(), shanyraq.Query{Series: []shanyraq.SeriesID{dollars}, Places: []shanyraq.CountryCode{m.Place}, From: year, To: year})
			if err != nil {
				t.Fatal(err)
			}
			if lacks := slices.Contains(m.Lacks, standing.Armament); lacks != (len(cs)*len(gdp) == 0) {
				t.Errorf("%s in %d: %v is said to be lacking, and there are %d and %d claims", m.Place, year, m.Lacks, len(cs), len(gdp))
			}
		}
	}
}

// Every figure of a league: its value in its range, its level and kind as the
// method has them, probabilities in [0, 100], its formula coming to its value,
// and every input opening to the number the lineage prints.
func TestBuiltInFigures(t *testing.T) {
	w := workspace(t)
	r := standing.New(w)
	open := func(path string) (shanyraq.Figure, error) {
		path, query, _ := strings.Cut(path, "?")
		q, err := url.ParseQuery(query)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		if id, ok := strings.CutPrefix(path, "claim/"); ok {
			c, err := w.Claim(t.Context(), shanyraq.ClaimID(id))
			if err != nil {
				return shanyraq.Figure{}, err
			}
			return c.Figure()
		}
		return r.Figure(t.Context(), strings.TrimPrefix(path, "standing/"), q)
	}
	sources, err := w.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	known := map[shanyraq.SourceID]bool{}
	for _, s := range sources {
		known[s.ID] = true
	}
	for _, q := range []standing.Question{{Year: 2024}, {Year: 1996}, {Year: 2023, Weights: standing.Weights{1, 2, 4}}} {
		l, err := r.League(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		check := func(f shanyraq.Figure, kind shanyraq.IntervalKind, unit shanyraq.Unit) {
			t.Helper()
			iv := f.Interval()
			if err := iv.Check(f.Value()); err != nil || iv.Kind != kind || f.Unit() != unit {
				t.Errorf("%s: %v %+v %s: %v", f.Path(), f.Value(), iv, f.Unit(), err)
			}
			got, err := open(f.Path())
			if err != nil || !reflect.DeepEqual(got, f) {
				t.Errorf("%s opens to %v, %v; it is %v", f.Path(), got.Value(), err, f.Value())
			}
			for _, s := range f.Lineage().Sources {
				if !known[s] {
					t.Errorf("%s: no source %q", f.Path(), s)
				}
			}
			for _, in := range f.Lineage().Inputs {
				g, err := open(in.Path)
				if err != nil || g.Value() != in.Value || g.Unit() != in.Unit {
					t.Errorf("%s: input %s is %v %s and opens to %v %s, %v", f.Path(), in.Path, in.Value, in.Unit, g.Value(), g.Unit(), err)
				}
			}
		}
		n := float64(len(l.Entries))
		for i, e := range l.Entries {
			check(e.Rank, shanyraq.Varied, "rank")
			check(e.Score, shanyraq.Varied, "percent")
			check(e.Parts[0], shanyraq.Printed, "intl_usd")
			check(e.Parts[1], shanyraq.Printed, "persons")
			check(e.Parts[2], shanyraq.Printed, "usd")
			if iv := e.Rank.Interval(); iv.Lo < 1 || iv.Hi > n || iv.Lo != math.Trunc(iv.Lo) || iv.Hi != math.Trunc(iv.Hi) || iv.Level != 0.95 {
				t.Errorf("%s: ranks from %v to %v of %v at %v", e.Place, iv.Lo, iv.Hi, n, iv.Level)
			}
			if i > 0 && (e.Score.Value() > l.Entries[i-1].Score.Value() || e.Rank.Value() < l.Entries[i-1].Rank.Value()) {
				t.Errorf("%s stands under %s with a higher score", e.Place, l.Entries[i-1].Place)
			}
			left, right := evaluate(t, e.Score.Lineage().Formula)
			near(t, e.Score.Lineage().Formula, left, e.Score.Value(), 0.03) // weights to three decimals times shares up to 40 %
			near(t, e.Score.Lineage().Formula, right, e.Score.Value(), 5e-5)
			for _, k := range []int{0, 2} {
				left, _ := evaluate(t, e.Parts[k].Lineage().Formula)
				near(t, e.Parts[k].Lineage().Formula, left, e.Parts[k].Value(), 1e-12*e.Parts[k].Value()) // all digits are printed
			}
			if i == len(l.Entries)-1 {
				if !e.Above.IsZero() {
					t.Errorf("the last, %s, stands above somebody", e.Place)
				}
				continue
			}
			check(e.Above, shanyraq.Confidence, "percent")
			if iv := e.Above.Interval(); iv.Lo < 0 || iv.Hi > 100 {
				t.Errorf("%s stands above the next with %+v %%", e.Place, iv)
			}
		}
	}
}

// The range over weights holds the rank at equal weights, at each component
// alone in nearly all cases, and does not depend on the weights chosen save to
// take in the rank they give.
func TestBuiltInRangesOverWeights(t *testing.T) {
	r := standing.New(workspace(t))
	equal, err := r.League(t.Context(), standing.Question{Year: 2024})
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	for _, w := range []standing.Weights{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {5, 1, 1}} {
		l, err := r.League(t.Context(), standing.Question{Year: 2024, Weights: w})
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Entries) != len(equal.Entries) || len(l.Unranked) != len(equal.Unranked) {
			t.Errorf("weights %v rank %d, and equal ones %d", w, len(l.Entries), len(equal.Entries))
		}
		for _, e := range l.Entries {
			base, ok := equal.Of(e.Place)
			if !ok {
				t.Fatalf("%s is not ranked at equal weights", e.Place)
			}
			if e.Rank.Value() != base.Rank.Value() {
				moved++
			}
			if !reflect.DeepEqual(e.Parts, base.Parts) {
				t.Errorf("%s: weights moved a component", e.Place)
			}
			was, is := base.Rank.Interval(), e.Rank.Interval()
			if is.Lo != min(was.Lo, e.Rank.Value()) && is.Lo != was.Lo || is.Hi < was.Hi && base.Rank.Value() != was.Hi {
				t.Errorf("%s: ranks %v to %v at equal weights, %v to %v at %v", e.Place, was.Lo, was.Hi, is.Lo, is.Hi, w)
			}
		}
		if top := l.Entries[0].Place; w == (standing.Weights{0, 1, 0}) && top != "IND" || w == (standing.Weights{0, 0, 1}) && top != "USA" || w == (standing.Weights{1, 0, 0}) && top != "CHN" {
			t.Errorf("first by %v: %s", w, top)
		}
	}
	if moved < 300 {
		t.Errorf("four other weightings moved %d ranks", moved)
	}
}

func TestBuiltInClaimsOfStatus(t *testing.T) {
	r := standing.New(workspace(t))
	cs, err := r.StatusClaims(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for _, c := range cs {
		said[c.Subject]++
		if c.Who == "" {
			t.Errorf("nobody says %s", c.ID)
		}
	}
	if said["middle power"] == 0 || len(said) < 2 {
		t.Errorf("of Kazakhstan it is said: %v", said)
	}
	conduct, err := r.Conduct(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	found := map[shanyraq.SeriesID]bool{}
	almaty := false
	for i, e := range conduct.Events {
		if i > 0 && e.Acts[0].When > conduct.Events[i-1].Acts[0].When {
			t.Errorf("%s stands after %s", e.Subject, conduct.Events[i-1].Subject)
		}
		for _, c := range e.Acts {
			found[c.Series] = true
			almaty = almaty || c.Series == "good_offices" && strings.HasPrefix(string(c.When), "2024-05")
		}
		if e.Subject == "OSCE" && (len(e.Kinds) != 2 || e.For.IsZero() || e.Against.IsZero() || e.Against.Value() <= e.For.Value()) {
			t.Errorf("OSCE: %v, %d for and %d against", e.Kinds, len(e.Support), len(e.Criticism))
		}
	}
	if len(conduct.Strays) > 0 {
		t.Errorf("reception of what nobody did: %s", conduct.Strays[0].ID)
	}
	for _, f := range conduct.Figures() {
		if g, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "standing/"), nil); err != nil || g.Value() != f.Value() {
			t.Errorf("%s: %v", f.Path(), err)
		}
	}
	if len(found) != 7 || !almaty {
		t.Errorf("acts of %v; talks in Almaty in May 2024: %v", found, almaty)
	}
	ranks, err := r.Rankings(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, c := range ranks {
		got[string(c.Series)+" "+string(c.Place)+" "+string(c.When)] = c.Value
	}
	for key, want := range map[string]float64{"gspi_rank KAZ 2023": 79, "gspi_rank KAZ 2024": 80, "gspi_ranked WLD 2023": 121, "gspi_ranked WLD 2024": 193} {
		if got[key] != want {
			t.Errorf("%s: %v, want %v", key, got[key], want)
		}
	}
}
