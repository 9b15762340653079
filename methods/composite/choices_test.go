package composite

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// filledBy returns what stands in the gap of B for the third unit after imputing.
func filledBy(t *testing.T, i Impute, direction int) (float64, error) {
	t.Helper()
	top := Node{Code: "T", Weight: 1, Children: []Node{
		{Code: "P", Weight: 1, Children: []Node{{Code: "A", Weight: 1}, {Code: "B", Weight: 1, Direction: direction}}},
		{Code: "Q", Weight: 1, Children: []Node{{Code: "C", Weight: 1}}},
	}}
	table := Table{Units: []string{"X", "Y", "Z"}, Values: map[string][]float64{"A": {0, 10, 10}, "B": {0, 4, math.NaN()}, "C": {1, 2, 1}}}
	x, err := New(Definition{Framework: top, Settings: Settings{Impute: &i}}, table)
	if err != nil {
		return 0, err
	}
	r, err := x.Build()
	if err != nil {
		return 0, err
	}
	s, _ := r.Stage(Imputing)
	return s.Column("B")[2], nil
}

// What a gap gets from the frame or the row is worked out by hand: on 0 to 1, A is
// 0, 1, 1, B is 0, 1 and C is 0, 1, 0, so that the mean of all eight is 4/8 and
// that of the pillar 3/5.
func TestImputeFromTheFrame(t *testing.T) {
	for _, c := range []struct {
		name      string
		impute    Impute
		direction int
		want      float64
	}{
		{"frame mean", Impute{Method: FrameMean}, 1, 4 * 4.0 / 8},
		{"frame mean of the pillar", Impute{Method: FrameMean, Level: 2}, 1, 4 * 3.0 / 5},
		{"frame median", Impute{Method: FrameMedian}, 1, 4 * 0.5},
		{"frame median of the pillar", Impute{Method: FrameMedian, Level: 2}, 1, 4},
		{"frame mean where less is better", Impute{Method: FrameMean, Level: 2}, -1, 4 * (1 - 3.0/5)},
		{"row mean", Impute{Method: WholeRow}, 1, 4 * 0.5},
		{"row mean of the pillar", Impute{Method: WholeRow, Level: 2}, 1, 4},
		{"row mean of the top", Impute{Method: WholeRow, Level: 3}, 1, 4 * 0.5},
		{"row median", Impute{Method: WholeRowMedian}, 1, 4 * 0.5},
	} {
		got, err := filledBy(t, c.impute, c.direction)
		if err != nil || math.Abs(got-c.want) > 1e-12 { // one multiplication's rounding
			t.Errorf("%s: %v, want %v: %v", c.name, got, c.want, err)
		}
	}
	for name, i := range map[string]Impute{"a level of a column": {Method: Mean, Level: 2}, "a level of indicators": {Method: FrameMean, Level: 1}, "a level above all": {Method: WholeRow, Level: 4}} {
		if _, err := filledBy(t, i, 1); !errors.Is(err, ErrSettings) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Drawn, a gap gets the place of some value of the frame.
func TestImputeDrawsFromTheFrame(t *testing.T) {
	top := Node{Code: "T", Weight: 1, Children: []Node{{Code: "A", Weight: 1}, {Code: "B", Weight: 1}}}
	table := Table{Units: []string{"X", "Y", "Z", "W"}, Values: map[string][]float64{"A": {0, 10, 10, 5}, "B": {0, 4, math.NaN(), 1}}}
	x, err := New(Definition{Framework: top, Settings: Settings{Impute: &Impute{Method: FrameMean}}}, table)
	if err != nil {
		t.Fatal(err)
	}
	d, err := x.Simulate(t.Context(), Plan{Draws: 200, Level: 0.9, Factors: []Factor{{Name: "imputed", Imputed: &ImputeDraw{}}}})
	if err != nil {
		t.Fatal(err)
	}
	if lo, hi := d.ScoreRange(2); !(lo < hi) || lo < 50-1e-9 || hi > 100+1e-9 {
		t.Errorf("Z has %v to %v, want within 50 to 100", lo, hi)
	}
}

// Weights that settings ask to be optimised are those of [Index.Optimise] with all
// else as it is.
func TestOptimisedWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	top := Node{Code: "T", Weight: 1}
	table := Table{Values: map[string][]float64{}}
	for i := range 40 {
		table.Units = append(table.Units, string(rune('A'+i/26))+string(rune('A'+i%26)))
	}
	for p := range 3 {
		pillar := Node{Code: "P" + string(rune('1'+p)), Weight: float64(1 + p)}
		for k := range 2 {
			code := pillar.Code + string(rune('a'+k))
			pillar.Children = append(pillar.Children, Node{Code: code, Weight: 1})
			for i := range table.Units {
				table.Values[code] = append(table.Values[code], rng.NormFloat64()+float64(i*(p+1))/40)
			}
		}
		top.Children = append(top.Children, pillar)
	}
	index := func(w string) (*Index, error) {
		var s Settings
		if err := Parse([]byte(`{"weights": `+w+`}`), &s); err != nil {
			return nil, err
		}
		b, err := json.Marshal(s.Weights)
		if err != nil {
			return nil, err
		}
		var again Weighting
		if err := json.Unmarshal(b, &again); err != nil || again.Method != s.Weights.Method || again.Goal != s.Weights.Goal || !slices.Equal(again.Levels, s.Weights.Levels) || len(again.Values) != len(s.Weights.Values) {
			t.Errorf("%s is written as %s and read as %+v: %v", w, b, again, err)
		}
		return New(Definition{Framework: top, Settings: s}, table)
	}
	plain, err := index(`"original"`)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]struct {
		goal       Goal
		importance []float64
	}{
		`"optimised_level2"`: {Balance, nil},
		`{"method": "optimised", "levels": [2], "goal": "information"}`:        {Information, nil},
		`{"method": "optimised", "levels": [2], "values": {"P2": 3, "P3": 2}}`: {Balance, []float64{1, 3, 2}},
	} {
		o, err := plain.Optimise(2, want.goal, want.importance)
		if err != nil {
			t.Fatal(err)
		}
		x, err := index(text)
		if err != nil {
			t.Fatal(text, err)
		}
		r, err := x.Build()
		if err != nil {
			t.Fatal(text, err)
		}
		for _, w := range r.Weights {
			if at := slices.Index(o.Codes, w.Code); at >= 0 && math.Abs(w.Within-o.Weights[at]) > 1e-12 {
				t.Errorf("%s: %s weighs %v, want %v", text, w.Code, w.Within, o.Weights[at])
			}
		}
		// A draw keeps them on any scale.
		given := Weighting{Method: Given, Values: map[string]float64{}}
		for _, w := range r.Weights {
			given.Values[w.Code] = w.Weight
		}
		kept, err := plain.With(Patch{Weights: &given, Normalise: &Scale{Method: MethodRank}})
		if err != nil {
			t.Fatal(err)
		}
		k, err := kept.Build()
		if err != nil {
			t.Fatal(err)
		}
		d, err := x.Simulate(t.Context(), Plan{Draws: 10, Level: 0.9, Factors: []Factor{{Name: "scale", Choice: []Option{{Patch: Patch{Normalise: &Scale{Method: MethodRank}}}}}}})
		if err != nil {
			t.Fatal(err)
		}
		for i, rank := range k.Ranks("T") {
			if best, worst := d.RankRange(i); best != rank || worst != rank {
				t.Errorf("%s: %s holds %d to %d in the draws, want %d", text, d.Units()[i], best, worst, rank)
			}
		}
		// A change of the settings themselves finds weights of its own.
		y, err := x.With(Patch{Normalise: &Scale{Method: MethodRank}})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := y.Build(); err != nil || slices.Equal(s.Weights, r.Weights) {
			t.Errorf("%s: the same weights on another scale: %v", text, err)
		}
	}
	for name, text := range map[string]string{"no level": `"optimised"`, "the top": `"optimised_level3"`, "nothing known": `{"method": "optimised", "levels": [2], "values": {"P9": 1}}`,
		"another level": `{"method": "optimised", "levels": [2], "values": {"P1a": 1}}`, "a goal of none": `{"method": "equal", "goal": "balance"}`, "importance of information": `{"method": "optimised", "levels": [2], "goal": "information", "values": {"P1": 2}}`} {
		var e *Error
		if _, err := index(text); !errors.As(err, &e) || e.Step != "weigh" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
