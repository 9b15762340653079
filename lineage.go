package shanyraq

import (
	"maps"
	"slices"
)

// MethodKey names a method, such as "claim" or "material-capability". Each has
// a page in the program.
type MethodKey string

// A Lineage is how a figure was obtained, complete enough to do it again.
type Lineage struct {
	Method      MethodKey    `json:"method"`
	Formula     string       `json:"formula,omitempty"` // with the numbers put in
	Inputs      []Input      `json:"inputs,omitempty"`
	Sources     []SourceID   `json:"sources"`
	Assumptions []Assumption `json:"assumptions,omitempty"`
	Seed        uint64       `json:"seed,omitempty"`  // of the random draws, if any
	Draws       int          `json:"draws,omitempty"` // how many
}

// An Input is a number that went into a figure, itself a figure that opens.
type Input struct {
	Symbol string      `json:"symbol,omitempty"` // what the formula calls it
	Path   string      `json:"path"`             // where it opens
	Series SeriesID    `json:"series,omitempty"`
	Place  CountryCode `json:"place,omitempty"`
	When   Period      `json:"when,omitempty"`
	Value  float64     `json:"value"`
	Unit   Unit        `json:"unit"`
}

// Direction is which way a figure errs when an assumption fails.
type Direction string

// The directions.
const (
	TooHigh   Direction = "too_high"
	TooLow    Direction = "too_low"
	EitherWay Direction = "either_way"
	TooNarrow Direction = "too_narrow" // the value stands, the interval does not
)

// An Assumption is something that must hold for a figure to be right, and
// which way the figure errs where it does not.
type Assumption struct {
	Text Text      `json:"text"`
	Errs Direction `json:"errs"`
}

// Assume returns the assumption whose wording has the key in the catalogue.
func Assume(key string, errs Direction) Assumption {
	return Assumption{Text: Text{Key: "assume." + key}, Errs: errs}
}

func (l Lineage) clone() Lineage {
	l.Inputs = slices.Clone(l.Inputs)
	l.Sources = slices.Clone(l.Sources)
	l.Assumptions = slices.Clone(l.Assumptions)
	for i := range l.Assumptions {
		l.Assumptions[i].Text.Args = maps.Clone(l.Assumptions[i].Text.Args)
	}
	return l
}

// InputOf returns c as an input under the symbol.
func InputOf(symbol string, c Claim) Input {
	return Input{Symbol: symbol, Path: "claim/" + string(c.ID), Series: c.Series, Place: c.Place, When: c.When, Value: c.Value, Unit: c.Unit}
}

// SourcesOf returns the sources of the claims, each once, in order of first use.
func SourcesOf(claims ...Claim) []SourceID {
	var out []SourceID
	for _, c := range claims {
		if !slices.Contains(out, c.Source) {
			out = append(out, c.Source)
		}
	}
	return out
}
