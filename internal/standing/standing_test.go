package standing_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanyraq"
	"shanyraq/internal/standing"
)

// evidence is a list of claims.
type evidence []shanyraq.Claim

func (e evidence) Claims(_ context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	var out []shanyraq.Claim
	for i := range e {
		if q.Match(&e[i]) {
			out = append(out, e[i])
		}
	}
	return out, nil
}

const (
	perHead  = "NY.GDP.PCAP.PP.CD"
	people   = "SP.POP.TOTL"
	spending = "MS.MIL.XPND.GD.ZS"
	dollars  = "NY.GDP.MKTP.CD"
)

func claim(source, series, place, when string, v float64, unit shanyraq.Unit) shanyraq.Claim {
	return shanyraq.Claim{
		ID:     shanyraq.ClaimID(fmt.Sprintf("%s/%s/%s/-/%s", source, series, place, when)),
		Source: shanyraq.SourceID(source), Series: shanyraq.SeriesID(series), Place: shanyraq.CountryCode(place),
		When: shanyraq.Period(when), Value: v, Unit: unit, Strength: shanyraq.Measured,
	}
}

// country is the four claims of one country and year: output per head, people,
// military spending in percent and output in dollars.
func country(place, when string, y, n, m, g float64) evidence {
	return evidence{
		claim("wdi", perHead, place, when, y, "intl_usd"), claim("wdi", people, place, when, n, "persons"),
		claim("wdi", spending, place, when, m, "percent"), claim("wdi", dollars, place, when, g, "usd"),
	}
}

// three countries whose shares can be worked by hand: of output 60, 30 and
// 10 %, of people 10, 30 and 60 %, of spending 20, 60 and 20 %.
func three() evidence {
	return slices.Concat(
		country("AAA", "2020", 60, 100, 2, 1000),
		country("BBB", "2020", 10, 300, 6, 1000),
		country("CCC", "2020", 10.0/6, 600, 1, 2000),
	)
}

func league(t testing.TB, e standing.Evidence, q standing.Question) standing.League {
	t.Helper()
	l, err := standing.New(e).League(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func order(l standing.League) string {
	var out []string
	for _, e := range l.Entries {
		out = append(out, string(e.Place))
	}
	return strings.Join(out, " ")
}

func near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}

// Wants worked by hand from the shares above.
func TestLeague(t *testing.T) {
	for _, tt := range []struct {
		name    string
		weights standing.Weights
		order   string
		scores  [3]float64 // of AAA, BBB, CCC, percent
	}{
		{"equal weights by default", standing.Weights{}, "BBB AAA CCC", [3]float64{30, 40, 30}},
		{"equal weights", standing.Equal, "BBB AAA CCC", [3]float64{30, 40, 30}},
		{"any equal numbers", standing.Weights{7, 7, 7}, "BBB AAA CCC", [3]float64{30, 40, 30}},
		{"output alone", standing.Weights{1, 0, 0}, "AAA BBB CCC", [3]float64{60, 30, 10}},
		{"people alone", standing.Weights{0, 5, 0}, "CCC BBB AAA", [3]float64{10, 30, 60}},
		{"spending alone", standing.Weights{0, 0, 1}, "BBB AAA CCC", [3]float64{20, 60, 20}},
		{"output twice", standing.Weights{2, 1, 1}, "AAA BBB CCC", [3]float64{37.5, 37.5, 25}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := league(t, three(), standing.Question{Year: 2020, Weights: tt.weights})
			if got := order(l); got != tt.order {
				t.Errorf("order %s, want %s", got, tt.order)
			}
			for i, place := range []shanyraq.CountryCode{"AAA", "BBB", "CCC"} {
				e, ok := l.Of(place)
				if !ok {
					t.Fatalf("%s is not ranked", place)
				}
				near(t, "score of "+string(place), e.Score.Value(), tt.scores[i], 1e-9) // rounding of a sum of three
			}
			last := l.Entries[2]
			if !last.Above.IsZero() {
				t.Errorf("the last stands above somebody: %v", last.Above.Value())
			}
		})
	}
}

// With flat weights a weighted sum of the differences −a, b and c is below zero
// with probability a²/((a+b)(a+c)). BBB less AAA is −30, 20 and 40; AAA less CCC
// is 50, −50 and 0.
func TestAbove(t *testing.T) {
	l := league(t, three(), standing.Question{Year: 2020})
	for i, want := range []float64{100 * (1 - 900.0/(50*70)), 50} {
		f := l.Entries[i].Above
		near(t, string(l.Entries[i].Place), f.Value(), want, 3.4) // three standard errors of 2000 draws
		if iv := f.Interval(); iv.Hi-iv.Lo < 3 || iv.Hi-iv.Lo > 5 || iv.Kind != shanyraq.Confidence || iv.Level != 0.95 {
			t.Errorf("%s: from %v to %v (%s at %v)", f.Path(), iv.Lo, iv.Hi, iv.Kind, iv.Level)
		}
	}
}

// Level scores share the better rank, and the next is counted past them.
func TestLevelScoresShareARank(t *testing.T) {
	e := slices.Concat(country("BBB", "2020", 1, 100, 1, 100), country("AAA", "2020", 1, 100, 1, 100), country("CCC", "2020", 1, 50, 1, 50))
	l := league(t, e, standing.Question{Year: 2020})
	var got []string
	for _, x := range l.Entries {
		got = append(got, fmt.Sprint(x.Place, x.Rank.Value()))
	}
	if want := []string{"AAA1", "BBB1", "CCC3"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if p := l.Entries[0].Above; p.Value() != 0 {
		t.Errorf("one that is level with the next in every draw stands above it with %v %%", p.Value())
	}
}

func TestWhoIsRanked(t *testing.T) {
	with := func(more ...shanyraq.Claim) evidence { return append(three(), more...) }
	area, pair, thing := claim("city", people, "CCC", "2020", 5, "persons"), claim("pair", people, "CCC", "2020", 5, "persons"), claim("thing", people, "CCC", "2020", 5, "persons")
	area.Area, pair.Partner, thing.Subject = "CC-1", "AAA", "men"
	weak, strong := claim("a", people, "CCC", "2020", 5, "persons"), claim("z", people, "CCC", "2020", 1200, "persons")
	weak.Strength = shanyraq.Opinion
	month := claim("a", people, "CCC", "2020-05", 5, "persons")
	estimated := slices.Clone(three())
	for i := range estimated {
		estimated[i].Strength = shanyraq.Estimated
	}
	for _, tt := range []struct {
		name     string
		claims   evidence
		ranked   string
		unranked string
		people   float64 // of CCC
	}{
		{"all who have all three", three(), "BBB AAA CCC", "", 600},
		{"not one without military spending, which is not zero", with(country("DDD", "2020", 1, 1, 1, 1)[:2]...), "BBB AAA CCC", "DDD [military]", 600},
		{"nor one without output in dollars", with(country("DDD", "2020", 1, 1, 1, 1)[:3]...), "BBB AAA CCC", "DDD [military]", 600},
		{"nor one without people", with(append(country("DDD", "2020", 1, 1, 1, 1)[:1], country("DDD", "2020", 1, 1, 1, 1)[2:]...)...), "BBB AAA CCC", "DDD [gdp population]", 600},
		{"nor one of another year", with(country("DDD", "2019", 9, 9, 9, 9)...), "BBB AAA CCC", "", 600},
		{"one that spends nothing is", with(country("DDD", "2020", 0.001, 1, 0, 1)...), "BBB AAA CCC DDD", "", 600},
		{"less than nothing is not a component", with(country("DDD", "2020", 1, 1, -1, 1)...), "BBB AAA CCC", "DDD [military]", 600},
		{"the world and the union are no countries", with(append(country("WLD", "2020", 9, 9, 9, 9), country("EUU", "2020", 9, 9, 9, 9)...)...), "BBB AAA CCC", "", 600},
		{"a city is not its country", with(area), "BBB AAA CCC", "", 600},
		{"nor is a pair", with(pair), "BBB AAA CCC", "", 600},
		{"nor a part by name", with(thing), "BBB AAA CCC", "", 600},
		{"the stronger of two claims", with(weak), "BBB AAA CCC", "", 600},
		{"the whole year before a month of it", with(month), "BBB AAA CCC", "", 600},
		{"a measured claim before an estimate", append(estimated, strong), "CCC BBB AAA", "", 1200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, claims := range []evidence{tt.claims, reversed(tt.claims)} {
				l := league(t, claims, standing.Question{Year: 2020})
				if got := order(l); got != tt.ranked {
					t.Errorf("ranked %q, want %q", got, tt.ranked)
				}
				var lacks []string
				for _, m := range l.Unranked {
					lacks = append(lacks, fmt.Sprint(m.Place, " ", m.Lacks))
				}
				if got := strings.Join(lacks, " "); got != tt.unranked {
					t.Errorf("unranked %q, want %q", got, tt.unranked)
				}
				if e, _ := l.Of("CCC"); e.Parts[1].Value() != tt.people {
					t.Errorf("CCC has %v people, want %v", e.Parts[1].Value(), tt.people)
				}
			}
		})
	}
}

func reversed(e evidence) evidence {
	e = slices.Clone(e)
	slices.Reverse(e)
	return e
}

func TestLeagueRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		e    evidence
		q    standing.Question
		kind shanyraq.Kind
		key  string
	}{
		{"a weight below zero", three(), standing.Question{Year: 2020, Weights: standing.Weights{-1, 1, 1}}, shanyraq.Invalid, "standing.error.weights"},
		{"a weight that is no number", three(), standing.Question{Year: 2020, Weights: standing.Weights{math.NaN(), 1, 1}}, shanyraq.Invalid, "standing.error.weights"},
		{"a weight without end", three(), standing.Question{Year: 2020, Weights: standing.Weights{math.Inf(1), 1, 1}}, shanyraq.Invalid, "standing.error.weights"},
		{"weights whose sum has no end", three(), standing.Question{Year: 2020, Weights: standing.Weights{math.MaxFloat64, math.MaxFloat64, 1}}, shanyraq.Invalid, "standing.error.weights"},
		{"a year of which nothing is known", three(), standing.Question{Year: 1999}, shanyraq.NotFound, "standing.error.year"},
		{"a year with one country", country("AAA", "2020", 1, 1, 1, 1), standing.Question{Year: 2020}, shanyraq.NotFound, "standing.error.year"},
		{"the newest year where none has enough countries", three(), standing.Question{}, shanyraq.NotFound, "standing.error.nothing"},
		{"no evidence", nil, standing.Question{}, shanyraq.NotFound, "standing.error.nothing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := standing.New(tt.e).League(t.Context(), tt.q)
			if shanyraq.KindOf(err) != tt.kind || shanyraq.TextOf(err).Key != tt.key {
				t.Errorf("got %v, of kind %d with message %q", err, shanyraq.KindOf(err), shanyraq.TextOf(err).Key)
			}
		})
	}
}

// A failing disk is not an empty one.
func TestLeaguePassesFailuresOn(t *testing.T) {
	broken := errors.New("disk")
	_, err := standing.New(failing{broken}).League(t.Context(), standing.Question{Year: 2020})
	if !errors.Is(err, broken) || shanyraq.KindOf(err) != shanyraq.Other {
		t.Errorf("got %v", err)
	}
}

type failing struct{ error }

func (f failing) Claims(context.Context, shanyraq.Query) ([]shanyraq.Claim, error) {
	return nil, f.error
}

// The years on offer are those in which 120 countries state what they spend,
// each counted once.
func TestYearsOnOffer(t *testing.T) {
	var e evidence
	for i := range 120 {
		place := fmt.Sprintf("%c%c%c", 'A'+i/26, 'A'+i%26, 'X')
		e = append(e, country(place, "2021", 1, float64(i+1), 1, 1)...)
		if i < 119 {
			e = append(e, country(place, "2022", 1, 1, 1, 1)...)
		}
		if i < 60 { // told twice
			e = append(e, claim("other", spending, place, "2023", 1, "percent"), claim("wdi", spending, place, "2023", 1, "percent"))
		}
	}
	l := league(t, e, standing.Question{})
	if l.Year != 2021 || !slices.Equal(l.Years, []int{2021}) {
		t.Errorf("year %d of %v, want 2021 alone", l.Year, l.Years)
	}
	if l := league(t, e, standing.Question{Year: 2022}); len(l.Entries) != 119 {
		t.Errorf("a year that is not on offer has %d countries when asked for", len(l.Entries))
	}
}

func TestParseWeights(t *testing.T) {
	for _, tt := range []struct {
		query string
		want  standing.Weights
		fails bool
	}{
		{"", standing.Equal, false},
		{"w.gdp=3&w.population=1&w.military=0", standing.Weights{3, 1, 0}, false},
		{"w.gdp=0.5", standing.Weights{0.5, 1, 1}, false},
		{"w.gdp=&w.population=2", standing.Weights{1, 2, 1}, false},
		{"w.gdp=a", standing.Weights{}, true},
		{"w.gdp=1,5", standing.Weights{}, true},
		{"w.gdp=NaN", standing.Weights{}, true},
		{"w.gdp=Inf", standing.Weights{}, true},
		{"w.gdp=1e999", standing.Weights{}, true},
		{"w.gdp=-1", standing.Weights{}, true},
		{"w.gdp=0&w.population=0&w.military=0", standing.Weights{}, true},
	} {
		t.Run(tt.query, func(t *testing.T) {
			q, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			got, err := standing.ParseWeights(q)
			if tt.fails {
				if shanyraq.KindOf(err) != shanyraq.Invalid || shanyraq.TextOf(err).Key != "standing.error.weights" {
					t.Errorf("read as %v, %v", got, err)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("read as %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

// What Query writes ParseWeights reads, to the last bit, so that a figure's
// address leads to the figure.
func TestWeightsQueryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w standing.Weights
		for i := range w {
			w[i] = rapid.OneOf(rapid.Float64Range(0, 100), rapid.SampledFrom([]float64{0, 1, 1.0 / 3, 33, 1e-9})).Draw(t, "weight")
		}
		if w == (standing.Weights{}) {
			return
		}
		s := w.Query()
		q, err := url.ParseQuery(s)
		if err != nil {
			t.Fatal(err)
		}
		back, err := standing.ParseWeights(q)
		if err != nil {
			t.Fatal(err)
		}
		if equal := w[0] == w[1] && w[1] == w[2]; equal != (s == "") {
			t.Fatalf("%v are written %q", w, s)
		}
		if s != "" && back != w {
			t.Fatalf("%v are written %q and read as %v", w, s, back)
		}
	})
}

// Ranks do not depend on the order of the evidence, on the unit output is
// counted in, or on the scale of the weights; every range contains its value;
// more of anything never worsens a rank.
func TestLeagueProperties(t *testing.T) {
	places := []string{"AAA", "BBB", "CCC", "DDD", "EEE"}
	rapid.Check(t, func(t *rapid.T) {
		var e, scaled evidence
		for _, p := range places {
			n := func(what string) float64 { return float64(rapid.IntRange(1, 50).Draw(t, p+" "+what)) }
			y, pop, m, g := n("output"), n("people"), n("spending"), n("dollars")
			e = append(e, country(p, "2020", y, pop, m, g)...)
			scaled = append(scaled, country(p, "2020", y*1024, pop, m, g*4096)...)
		}
		w := standing.Weights{}
		for i := range w {
			w[i] = float64(rapid.IntRange(1, 9).Draw(t, "weight"))
		}
		ask := func(e evidence, w standing.Weights) standing.League {
			l, err := standing.New(e).League(context.Background(), standing.Question{Year: 2020, Weights: w})
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		l := ask(e, w)
		for name, other := range map[string]standing.League{
			"claims in another order":  ask(reversed(e), w),
			"output in another unit":   ask(scaled, w),
			"weights at another scale": ask(e, standing.Weights{w[0] * 8, w[1] * 8, w[2] * 8}),
		} {
			for i, x := range l.Entries {
				y := other.Entries[i]
				if x.Place != y.Place || x.Rank.Value() != y.Rank.Value() || x.Rank.Interval() != y.Rank.Interval() || math.Abs(x.Score.Value()-y.Score.Value()) > 1e-9 {
					t.Fatalf("%s: %s stands at %v, was %s at %v", name, y.Place, y.Rank.Value(), x.Place, x.Rank.Value())
				}
			}
		}
		var sum float64
		for _, x := range l.Entries {
			sum += x.Score.Value()
			for _, f := range []shanyraq.Figure{x.Rank, x.Score, x.Above} {
				if iv := f.Interval(); !f.IsZero() && !iv.Contains(f.Value()) {
					t.Fatalf("%s: %v outside %+v", f.Path(), f.Value(), iv)
				}
			}
		}
		if math.Abs(sum-100) > 1e-9 {
			t.Fatalf("the scores add to %v", sum)
		}
		grown := slices.Clone(e)
		for i := range grown {
			if grown[i].Place == "CCC" && string(grown[i].Series) == rapid.SampledFrom([]string{perHead, people, spending, dollars}).Draw(t, "grows") {
				grown[i].Value *= 2
			}
		}
		was, _ := l.Of("CCC")
		now, _ := ask(grown, w).Of("CCC")
		if now.Rank.Value() > was.Rank.Value() || now.Score.Value() < was.Score.Value()-1e-9 {
			t.Fatalf("CCC grew and fell from %v to %v", was.Rank.Value(), now.Rank.Value())
		}
	})
}

func TestFigurePaths(t *testing.T) {
	r := standing.New(three())
	for _, tt := range []struct {
		path, query string
		value       float64 // NaN if there is none
		kind        shanyraq.Kind
	}{
		{"material/BBB/2020/rank", "", 1, 0},
		{"material/BBB/2020/score", "", 40, 0},
		{"material/AAA/2020/rank", "w.gdp=1&w.population=0&w.military=0", 1, 0},
		{"material/AAA/2020/score", "w.gdp=1&w.population=0&w.military=0&lang=kk&home=KAZ", 60, 0},
		{"gdp/AAA/2020", "", 6000, 0},
		{"military/CCC/2020", "", 20, 0},
		{"population/AAA/2020", "", math.NaN(), shanyraq.NotFound}, // it is a claim, and opens as one
		{"material/CCC/2020/above", "", math.NaN(), shanyraq.NotFound},
		{"material/DDD/2020/rank", "", math.NaN(), shanyraq.NotFound},
		{"material/AAA/2020/worth", "", math.NaN(), shanyraq.NotFound},
		{"material/AAA/2020", "", math.NaN(), shanyraq.NotFound},
		{"material/AAA/2020/rank/x", "", math.NaN(), shanyraq.NotFound},
		{"material/AAA/20x0/rank", "", math.NaN(), shanyraq.NotFound},
		{"material/AAA/-5/rank", "", math.NaN(), shanyraq.NotFound},
		{"material/AAA/1999/rank", "", math.NaN(), shanyraq.NotFound},
		{"gdp/AAA", "", math.NaN(), shanyraq.NotFound},
		{"worth/AAA/2020", "", math.NaN(), shanyraq.NotFound},
		{"", "", math.NaN(), shanyraq.NotFound},
		{"material/AAA/2020/rank", "w.gdp=x", math.NaN(), shanyraq.Invalid},
	} {
		t.Run(tt.path+"?"+tt.query, func(t *testing.T) {
			q, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			f, err := r.Figure(t.Context(), tt.path, q)
			if math.IsNaN(tt.value) {
				if shanyraq.KindOf(err) != tt.kind || !f.IsZero() {
					t.Errorf("opened to %v, %v", f.Value(), err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			near(t, tt.path, f.Value(), tt.value, 1e-9)
		})
	}
}

// The same question has the same answer, whoever asks first.
func TestLeagueIsDeterministic(t *testing.T) {
	first := league(t, three(), standing.Question{Year: 2020, Weights: standing.Weights{1, 2, 3}})
	room := standing.New(reversed(three()))
	if _, err := room.League(t.Context(), standing.Question{Year: 2020}); err != nil {
		t.Fatal(err)
	}
	again, err := room.League(t.Context(), standing.Question{Year: 2020, Weights: standing.Weights{1, 2, 3}})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first.Entries, again.Entries) {
		t.Errorf("got %+v, then %+v", first.Entries, again.Entries)
	}
}

func TestNear(t *testing.T) {
	var e evidence
	for i := range 9 {
		e = append(e, country(fmt.Sprintf("%c%c%c", 'A'+i, 'A'+i, 'A'+i), "2020", 1, float64(100-i), 1, float64(100-i))...)
	}
	l := league(t, e, standing.Question{Year: 2020})
	for _, tt := range []struct {
		place shanyraq.CountryCode
		n     int
		want  string
	}{
		{"EEE", 1, "DDD EEE FFF"}, {"AAA", 1, "AAA BBB CCC"}, {"III", 1, "GGG HHH III"}, {"BBB", 2, "AAA BBB CCC DDD EEE"},
		{"ZZZ", 1, "AAA BBB CCC"}, {"EEE", 20, "AAA BBB CCC DDD EEE FFF GGG HHH III"}, {"EEE", 0, "EEE"},
	} {
		var got []string
		for _, x := range l.Near(tt.place, tt.n) {
			got = append(got, string(x.Place))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("within %d of %s: %v, want %s", tt.n, tt.place, got, tt.want)
		}
	}
}

func TestMethods(t *testing.T) {
	l := league(t, three(), standing.Question{Year: 2020})
	made := map[shanyraq.MethodKey]bool{}
	for _, e := range l.Entries {
		for _, f := range append(e.Parts[:], e.Rank, e.Score, e.Above) {
			if !f.IsZero() {
				made[f.Lineage().Method] = true
			}
		}
	}
	e := append(seventy(), voting(nil)...)
	for _, rank := range []int{20, 21, 22} {
		e = append(e, says("a list", code(rank), "middle power"))
	}
	p := power(t, e, code(20))
	checks, _, err := standing.New(e).Validation(t.Context(), 2020, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []shanyraq.Figure{p.Outcomes[0].P, p.Tests[0].Criteria[0].Figure, checks[0].Specificity} {
		made[f.Lineage().Method] = true
	}
	conduct, err := standing.New(deeds()).Conduct(t.Context(), "AAA")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range conduct.Figures() {
		made[f.Lineage().Method] = true
	}
	tiers, err := standing.New(seventy()).Tiers(t.Context(), 2020, nil)
	if err != nil {
		t.Fatal(err)
	}
	made[tiers.Entries[0].Share[standing.Great].Lineage().Method] = true
	delete(made, "claim")
	ofIndices := []shanyraq.MethodKey{standing.MethodMeasure, standing.MethodIndex, standing.MethodIndexRank, standing.MethodAgreement, standing.MethodEffect, standing.MethodReach, standing.MethodChange, standing.MethodAudit, standing.MethodIndexWeight} // see TestBuiltInIndices
	for _, m := range standing.Methods() {
		if !made[m] && !slices.Contains(ofIndices, m) {
			t.Errorf("no figure is made by %s", m)
		}
		delete(made, m)
	}
	if len(made) > 0 {
		t.Errorf("methods nobody lists: %v", made)
	}
}

var numbers = regexp.MustCompile(`-?\d+(\.\d+)?(e[+-]?\d+)?`)

// evaluate returns what the left side of a formula such as "0.333 × 15.2 % +
// 0.5 × 3 % = 6.6 %" comes to, and the right side. A number followed by /100 is
// a percentage.
func evaluate(t testing.TB, formula string) (left, right float64) {
	t.Helper()
	if _, numeric, ok := strings.Cut(formula, "× n = "); ok {
		formula = numeric
	} else if _, numeric, ok := strings.Cut(formula, "× g = "); ok {
		formula = numeric
	}
	lhs, rhs, _ := strings.Cut(formula, " = ")
	for _, term := range strings.Split(lhs, " + ") {
		product := 1.0
		for _, factor := range strings.Split(term, "×") {
			v, err := strconv.ParseFloat(numbers.FindString(factor), 64)
			if err != nil {
				t.Fatalf("%q in %q: %v", factor, formula, err)
			}
			if strings.Contains(factor, "/100") {
				v /= 100
			}
			product *= v
		}
		left += product
	}
	right, _ = strconv.ParseFloat(numbers.FindString(rhs), 64)
	return left, right
}

// The formula with its numbers put in comes to the value, to the digits it shows.
func TestFormulasRecompute(t *testing.T) {
	for _, w := range []standing.Weights{standing.Equal, {5, 2, 1}} {
		for _, e := range league(t, three(), standing.Question{Year: 2020, Weights: w}).Entries {
			left, right := evaluate(t, e.Score.Lineage().Formula)
			near(t, e.Score.Path(), left, e.Score.Value(), 100*0.0005+0.001) // weights have three decimals, shares four
			near(t, e.Score.Path(), right, e.Score.Value(), 5e-5)
			for _, k := range []int{0, 2} {
				left, _ := evaluate(t, e.Parts[k].Lineage().Formula)
				near(t, e.Parts[k].Path(), left, e.Parts[k].Value(), 1e-5*e.Parts[k].Value()) // %g has all digits
			}
			rank := fmt.Sprintf("= %d,  n = 3", int(e.Rank.Value()))
			if f := e.Rank.Lineage().Formula; !strings.HasSuffix(f, rank) {
				t.Errorf("%s: formula %q does not end in %q", e.Rank.Path(), f, rank)
			}
			if !e.Above.IsZero() {
				f := e.Above.Lineage().Formula
				n := numbers.FindAllString(f, -1)
				of, _ := strconv.ParseFloat(n[len(n)-2], 64)
				all, _ := strconv.ParseFloat(n[len(n)-1], 64)
				near(t, f, 100*of/all, e.Above.Value(), 1e-9)
			}
		}
	}
}

// A rival claim is never passed over in silence: the strongest stands, the
// range runs over all, and each is an input that opens.
func TestRivalsAreNamed(t *testing.T) {
	rival := func(source, series string, v float64, unit shanyraq.Unit) shanyraq.Claim {
		c := claim(source, series, "AAA", "2020", v, unit)
		c.Strength = shanyraq.Opinion
		return c
	}
	e := append(three(), rival("other", people, 140, "persons"), rival("other", perHead, 50, "intl_usd"))
	l := league(t, e, standing.Question{Year: 2020})
	me, ok := l.Of("AAA")
	if !ok {
		t.Fatal("AAA is not ranked")
	}
	plain, _ := league(t, three(), standing.Question{Year: 2020}).Of("AAA")
	if me.Score.Value() != plain.Score.Value() || me.Rank.Value() != plain.Rank.Value() {
		t.Errorf("a weaker rival moves the score from %v to %v", plain.Score.Value(), me.Score.Value())
	}
	out, pop := me.Parts[0], me.Parts[1]
	if got := pop.Interval(); pop.Value() != 100 || got.Kind != shanyraq.Spread || !got.Contains(140) || !got.Contains(100) {
		t.Errorf("people %v in %+v", pop.Value(), got)
	}
	if got := out.Interval(); out.Value() != 6000 || got.Kind != shanyraq.Spread || !got.Contains(50*100) || !got.Contains(60*140) {
		t.Errorf("output %v in %+v", out.Value(), got)
	}
	for _, f := range []shanyraq.Figure{out, pop} {
		if !slices.Contains(f.Lineage().Sources, "other") {
			t.Errorf("%s does not name the rival's source", f.Path())
		}
		if !slices.ContainsFunc(f.Lineage().Inputs, func(in shanyraq.Input) bool { return in.Path == "claim/other/"+people+"/AAA/-/2020" }) {
			t.Errorf("%s does not open the rival", f.Path())
		}
		again, err := standing.New(e).Figure(t.Context(), strings.TrimPrefix(f.Path(), "standing/"), nil)
		if err != nil || !reflect.DeepEqual(again, f) {
			t.Errorf("%s opens to another figure: %v", f.Path(), err)
		}
	}
}

// deeds are two matters of one country, one with a reception, and a reception of
// a matter nothing is held of.
func deeds() evidence {
	act := func(series, subject, when, who string) shanyraq.Claim {
		return shanyraq.Claim{ID: shanyraq.ClaimID("l/" + series + subject + when + who), Source: "ledger", Series: shanyraq.SeriesID(series), Place: "AAA", Subject: subject, When: shanyraq.Period(when), Value: 1, Unit: "records", Who: who}
	}
	return evidence{
		act("good_offices", "War of B and C", "2017-01", ""), act("good_offices", "War of B and C", "2019-05", ""),
		act("hosted_summit", "Union", "2018-03", ""), act("chairmanship", "Union", "2018", ""),
		act("reception_support", "Union", "2018-04", "State D"), act("reception_criticism", "Union", "2018-05", "Club E"), act("reception_criticism", "Union", "2018-06", "Club F"),
		act("reception_criticism", "Nothing of this name", "2018-06", "Club F"),
	}
}

// TestConduct: records of one subject are one matter, whatever their kind, and
// reception goes to it; what is not held stays missing.
func TestConduct(t *testing.T) {
	r := standing.New(deeds())
	c, err := r.Conduct(t.Context(), "AAA")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Events) != 2 || c.Events[0].Subject != "War of B and C" || c.Events[1].Subject != "Union" || len(c.Strays) != 1 {
		t.Fatalf("events %+v, strays %v", c.Events, c.Strays)
	}
	war, union := c.Events[0], c.Events[1]
	if war.Done.Value() != 2 || war.Acts[0].When != "2019-05" || !war.For.IsZero() || !war.Against.IsZero() {
		t.Errorf("war %+v", war)
	}
	if union.Done.Value() != 2 || union.For.Value() != 1 || union.Against.Value() != 2 || !slices.Equal(union.Kinds, []shanyraq.SeriesID{"chairmanship", "hosted_summit"}) || union.Criticism[0].When != "2018-06" {
		t.Errorf("union %+v", union)
	}
	if c.For.Value() != 1 || c.Against.Value() != 2 {
		t.Errorf("in all %v for and %v against", c.For.Value(), c.Against.Value())
	}
	seen := map[string]bool{}
	for _, f := range c.Figures() {
		if seen[f.Path()] {
			t.Errorf("%s twice", f.Path())
		}
		seen[f.Path()] = true
		if g, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "standing/"), nil); err != nil || g.Value() != f.Value() || len(g.Lineage().Inputs) != int(g.Value()) {
			t.Errorf("%s opens to %v, %v", f.Path(), g.Value(), err)
		}
	}
	if _, err := r.Figure(t.Context(), "conduct/AAA/nothing/acts", nil); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("a matter that is not there: %v", err)
	}
	if none, err := r.Conduct(t.Context(), "BBB"); err != nil || len(none.Events) != 0 || !none.For.IsZero() {
		t.Errorf("of a country nothing is held of: %+v, %v", none, err)
	}
}
