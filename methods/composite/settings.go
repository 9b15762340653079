package composite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Definition is everything that makes an index but the figures: what is
// measured by what, and how the parts become one. It is meant to be kept as a
// text file and read by people; [ParseDefinition] reads the JSON it marshals
// to, and refuses a word it does not know.
type Definition struct {
	Title     string `json:"title,omitempty"`
	Framework Node   `json:"framework"`
	Settings
}

// ParseDefinition reads a definition from JSON. It returns an error for a key
// it does not know, so that a misspelt choice cannot pass for the default.
func ParseDefinition(b []byte) (Definition, error) {
	var d Definition
	if err := strict(b, &d); err != nil {
		return Definition{}, fmt.Errorf("composite: definition: %w", err)
	}
	return d, nil
}

// Settings say how an index is built over a framework, in the order of
// [DefaultOrder] unless Order says otherwise; then values are normalised and
// aggregated. A step that is nil or zero is left out. The zero Settings give
// the arithmetic mean of the indicators put on 0 to 100, over what each unit has.
type Settings struct {
	Exclude    []string `json:"exclude,omitempty"`    // indicators left out
	Denominate bool     `json:"denominate,omitempty"` // divide by the framework's denominators
	Screen
	Impute          *Impute          `json:"impute,omitempty"`
	Treat           *Treat           `json:"treat,omitempty"`
	Normalise       Scale            `json:"normalise,omitzero"`
	Exceptions      map[string]Scale `json:"normalise_exceptions,omitempty"` // by indicator
	Weights         Weighting        `json:"weights,omitzero"`
	Aggregate       []Aggregator     `json:"aggregate_by_level,omitempty"`        // indicators first; one serves all levels
	Power           float64          `json:"power,omitempty"`                     // of aggregators that need one and state none
	MinAvailability []float64        `json:"min_availability_by_level,omitempty"` // share of children below which an aggregate is missing; one serves all levels
	Missing         MissingRule      `json:"missing,omitempty"`
	Order           []Step           `json:"order,omitempty"`
}

// A Patch changes some of the settings; what is nil stays. It is how a choice
// of method is put to the test: see [Option].
type Patch struct {
	Exclude         *[]string         `json:"exclude,omitempty"`
	Denominate      *bool             `json:"denominate,omitempty"`
	Screen          *Screen           `json:"screen,omitempty"`
	Impute          *Impute           `json:"impute,omitempty"` // method "none" for none
	Treat           *Treat            `json:"treat,omitempty"`  // method "none" for none
	Normalise       *Scale            `json:"normalise,omitempty"`
	Exceptions      *map[string]Scale `json:"normalise_exceptions,omitempty"`
	Weights         *Weighting        `json:"weights,omitempty"`
	Aggregate       *[]Aggregator     `json:"aggregate_by_level,omitempty"`
	Power           *float64          `json:"power,omitempty"`
	MinAvailability *[]float64        `json:"min_availability_by_level,omitempty"`
	Missing         *MissingRule      `json:"missing,omitempty"`
	Order           *[]Step           `json:"order,omitempty"`
}

// Apply returns the settings with the changes of p.
func (p Patch) Apply(s Settings) Settings {
	set(&s.Exclude, p.Exclude)
	set(&s.Denominate, p.Denominate)
	set(&s.Screen, p.Screen)
	if p.Impute != nil {
		s.Impute = p.Impute
	}
	if p.Treat != nil {
		s.Treat = p.Treat
	}
	set(&s.Normalise, p.Normalise)
	set(&s.Exceptions, p.Exceptions)
	set(&s.Weights, p.Weights)
	set(&s.Aggregate, p.Aggregate)
	set(&s.Power, p.Power)
	set(&s.MinAvailability, p.MinAvailability)
	set(&s.Missing, p.Missing)
	set(&s.Order, p.Order)
	return s
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// A Step is one of the four that prepare the values and whose order can be chosen.
type Step string

// The steps whose order can be chosen.
const (
	Denominating Step = "denominate"
	Screening    Step = "screen"
	Imputing     Step = "impute"
	Treating     Step = "treat"
)

// DefaultOrder is the order of steps when a definition states none. Imputing
// first would make every unit look complete to the screen.
func DefaultOrder() []Step { return []Step{Denominating, Screening, Imputing, Treating} }

// MissingRule says what an aggregate does with a child a unit lacks.
type MissingRule string

// The rules. A unit with no child at all has no value under either. For no
// value with any child missing, set the least availability to 1.
const (
	Drop MissingRule = "drop" // aggregate the children present, weights renormalised; the default
	Zero MissingRule = "zero" // a missing child counts as zero
)

// A Screen keeps the units that have enough values; the zero Screen keeps all.
type Screen struct {
	MinAvailability float64  `json:"screen_min_availability,omitempty"` // share of indicators a unit must have
	MinNonZero      float64  `json:"screen_min_nonzero,omitempty"`      // share of those present that must not be zero
	Keep            []string `json:"screen_keep,omitempty"`             // units kept whatever they have
	Drop            []string `json:"screen_drop,omitempty"`             // units left out whatever they have
}

func (s Screen) none() bool {
	return s.MinAvailability <= 0 && s.MinNonZero <= 0 && len(s.Drop) == 0
}

// A Number is a setting that is one number, or the name of an indicator's own:
// "meta.Target" is [Node.Params]["Target"].
type Number struct {
	Value float64
	Meta  string // name of the parameter, or empty
}

// UnmarshalJSON reads a number or "meta.NAME".
func (n *Number) UnmarshalJSON(b []byte) error {
	if name, ok, err := metaName(b); ok || err != nil {
		*n = Number{Meta: name}
		return err
	}
	*n = Number{}
	return json.Unmarshal(b, &n.Value)
}

// MarshalJSON writes a number or "meta.NAME".
func (n Number) MarshalJSON() ([]byte, error) {
	if n.Meta != "" {
		return json.Marshal("meta." + n.Meta)
	}
	return json.Marshal(n.Value)
}

// of returns the number for one indicator, or an [ErrSettings] if it has none.
func (n Number) of(what string, e *Node) (float64, error) {
	if n.Meta == "" {
		return n.Value, nil
	}
	v, ok := e.Params[n.Meta]
	if !ok || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, &Error{Step: "normalise", Code: e.Code, Err: fmt.Errorf("%w: no %s: the framework gives no %s", ErrSettings, what, n.Meta)}
	}
	return v, nil
}

// A Switch is a setting that is on or off, or the name of an indicator's own.
type Switch struct {
	On   bool
	Meta string // name of the parameter, or empty
}

// UnmarshalJSON reads true, false or "meta.NAME".
func (s *Switch) UnmarshalJSON(b []byte) error {
	if name, ok, err := metaName(b); ok || err != nil {
		*s = Switch{Meta: name}
		return err
	}
	*s = Switch{}
	return json.Unmarshal(b, &s.On)
}

// MarshalJSON writes true, false or "meta.NAME".
func (s Switch) MarshalJSON() ([]byte, error) {
	if s.Meta != "" {
		return json.Marshal("meta." + s.Meta)
	}
	return json.Marshal(s.On)
}

func (s Switch) of(what string, e *Node) (bool, error) {
	if s.Meta == "" {
		return s.On, nil
	}
	v, err := Number{Meta: s.Meta}.of(what, e)
	return v != 0, err
}

// metaName returns NAME and true if b is the JSON string "meta.NAME", and an
// error if it is another string.
func metaName(b []byte) (string, bool, error) {
	if len(b) == 0 || b[0] != '"' {
		return "", false, nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return "", false, err
	}
	name, ok := strings.CutPrefix(s, "meta.")
	if !ok || name == "" {
		return "", false, fmt.Errorf(`%q is neither a number nor "meta." and the name of a parameter`, s)
	}
	return name, true, nil
}

// strict decodes one JSON value into v and refuses what does not fit and
// anything after the value.
func strict(b []byte, v any) error {
	if json.Valid(b) { // else the decoder says where it breaks off
		if err := fits(b, reflect.TypeOf(v).Elem(), ""); err != nil {
			return err
		}
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("something follows the value")
	}
	return nil
}

// A Weighting says where weights come from.
type Weighting struct {
	Method WeightMethod
	Levels []int              // at which the method applies, 1 for indicators; none means all below the top
	Values map[string]float64 // by code; for Given: elements not named keep the framework's; for Optimised: what each should count for, 1 if not named
	Goal   WeightGoal         // of Optimised; nothing means ForBalance
}

// A WeightMethod is a source of weights.
type WeightMethod string

// The sources of weights.
const (
	Original WeightMethod = "original" // those of the framework; the default
	Equal    WeightMethod = "equal"    // the same within each group
	Given    WeightMethod = "given"    // Values, in place of the framework's
	PCA      WeightMethod = "pca"      // loadings of each group's first principal component: see [PrincipalComponents]

	// Optimised: those that [Index.Optimise] finds at each of Levels, which must
	// be named and are taken in that order, the others being the framework's.
	Optimised WeightMethod = "optimised"
)

// A WeightGoal is what optimised weights are to achieve: see [Goal].
type WeightGoal string

// The goals by name.
const (
	ForBalance     WeightGoal = "balance"     // [Balance]
	ForInformation WeightGoal = "information" // [Information]
)

var atLevel = regexp.MustCompile(`^([a-z]+)_level([1-9][0-9]*)$`)

type weightingJSON struct {
	Method WeightMethod       `json:"method"`
	Levels []int              `json:"levels,omitempty"`
	Values map[string]float64 `json:"values,omitempty"`
	Goal   WeightGoal         `json:"goal,omitempty"`
}

// UnmarshalJSON reads a word, such as "equal" or "pca_level1", or an object
// with method, levels, values and goal.
func (w *Weighting) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var o weightingJSON
		if err := strict(b, &o); err != nil {
			return err
		}
		*w = Weighting(o)
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	*w = Weighting{Method: WeightMethod(s)}
	if m := atLevel.FindStringSubmatch(s); m != nil {
		level, err := strconv.Atoi(m[2])
		if err != nil {
			return err
		}
		*w = Weighting{Method: WeightMethod(m[1]), Levels: []int{level}}
	}
	return nil
}

// MarshalJSON writes the shortest form that reads back the same.
func (w Weighting) MarshalJSON() ([]byte, error) {
	switch {
	case len(w.Values) > 0 || w.Goal != "":
	case w.Method == "" && len(w.Levels) == 0:
		return json.Marshal(Original)
	case len(w.Levels) == 0:
		return json.Marshal(w.Method)
	case len(w.Levels) == 1 && w.Levels[0] > 0 && w.Method != "":
		return json.Marshal(fmt.Sprintf("%s_level%d", w.Method, w.Levels[0]))
	}
	return json.Marshal(weightingJSON(w))
}

// applies reports whether the method is for elements of the level.
func (w Weighting) applies(level int) bool {
	return len(w.Levels) == 0 || slices.Contains(w.Levels, level)
}
