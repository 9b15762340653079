package composite_test

import (
	"context"
	"fmt"

	"shanyraq/methods/composite"
)

// An index of four made-up countries: two pillars, one of them of two
// indicators, built as it is written down, and then asked how sure it is.
func Example() {
	definition, err := composite.ParseDefinition([]byte(`{
		"title": "Reach",
		"framework": {"code": "reach", "children": [
			{"code": "ties", "weight": 2, "children": [
				{"code": "embassies"},
				{"code": "visa", "name": "visas refused, percent", "direction": -1}]},
			{"code": "media", "children": [{"code": "viewers"}]}]},
		"normalise": {"method": "minmax", "lower": 1, "upper": 100},
		"aggregate_by_level": ["amean", "gmean"]
	}`))
	if err != nil {
		panic(err)
	}
	index, err := composite.New(definition, composite.Table{
		Units: []string{"A", "B", "C", "D"},
		Values: map[string][]float64{
			"embassies": {90, 80, 30, 10},
			"visa":      {5, 20, 10, 40},
			"viewers":   {2, 4, 3, 1},
		}})
	if err != nil {
		panic(err)
	}
	result, err := index.Build()
	if err != nil {
		panic(err)
	}
	ranks := result.Ranks("reach")
	sure, err := index.Simulate(context.Background(), composite.Plan{
		Draws: 4096, Seed: 1, Level: 0.9,
		Factors: []composite.Factor{{Name: "weights", Weights: &composite.WeightDraw{Kind: composite.Dirichlet}}}})
	if err != nil {
		panic(err)
	}
	for i, unit := range result.Units {
		best, worst := sure.RankRange(i)
		fmt.Printf("%s %5.1f  rank %d, %d to %d\n", unit, result.Scores()[i], ranks[i], best, worst)
	}
	fmt.Printf("A above B in %.0f of 100 weightings\n", 100*sure.Above(0, 1))
	account, err := result.Account("ties", "C")
	if err != nil {
		panic(err)
	}
	for _, part := range account.Parts {
		fmt.Printf("%s brings %.1f\n", part.Code, part.Gives)
	}
	// Output:
	// A  69.8  rank 2, 1 to 3
	// B  80.8  rank 1, 1 to 3
	// C  59.3  rank 3, 2 to 3
	// D   1.0  rank 4, 4 to 4
	// A above B in 23 of 100 weightings
	// embassies brings 12.9
	// visa brings 42.9
}
