package shanyraq

import (
	"encoding/json"
	"fmt"
	"math"
)

// An Interval is the range a value is believed to lie in.
type Interval struct {
	Lo, Hi float64 // in the unit of the value; Lo <= Hi, both finite
	Level  float64 // coverage, 0 < Level < 1; 0 for kinds that state none
	Kind   IntervalKind
}

// IntervalKind says what an Interval's ends and Level are a statement about.
// Intervals of different kinds are drawn differently and never share one axis
// unmarked.
type IntervalKind uint8

// The kinds of interval. The first two and Varied have a level, the others none.
const (
	Confidence IntervalKind = iota + 1 // long-run coverage of the procedure
	Credible                           // posterior probability
	Judged                             // bounds stated by a named source
	Counted                            // exact count of records held; Lo == Hi
	Spread                             // lowest to highest of rival claims under one definition
	Bounds                             // logical limits: the value cannot lie outside, given what is known
	Varied                             // share of the assumptions tried (weights, cut-offs) that stay inside
	Printed                            // range of the digits printed; the publisher states no error
	Limits                             // logical limits and nothing else: no value between them means anything
)

var kindNames = [...]string{"", "confidence", "credible", "judged", "counted", "spread", "bounds", "varied", "printed", "limits"}

// IntervalKinds lists every kind, in order of declaration.
func IntervalKinds() []IntervalKind {
	return []IntervalKind{Confidence, Credible, Judged, Counted, Spread, Bounds, Varied, Printed, Limits}
}

// String returns the kind's key, such as "confidence".
func (k IntervalKind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("IntervalKind(%d)", uint8(k))
}

// HasLevel reports whether intervals of the kind state a coverage.
func (k IntervalKind) HasLevel() bool { return k == Confidence || k == Credible || k == Varied }

// mayBePoint reports whether an interval of the kind may have no width: a
// count of records is exact, every assumption tried can agree (a state that is
// first under all weights), and limits can meet when nothing is unknown.
func (k IntervalKind) mayBePoint() bool {
	return k == Counted || k == Varied || k == Bounds || k == Limits
}

// Contains reports whether v lies in the interval, ends included.
func (iv Interval) Contains(v float64) bool { return iv.Lo <= v && v <= iv.Hi }

// ParseIntervalKind returns the kind of that key, or an [Invalid] error.
func ParseIntervalKind(s string) (IntervalKind, error) {
	for _, k := range IntervalKinds() {
		if k.String() == s {
			return k, nil
		}
	}
	return 0, Errorf("shanyraq.ParseIntervalKind", Invalid, "%q is no kind of interval", s)
}

// Check returns an [Invalid] error unless the interval is well formed around v.
func (iv Interval) Check(v float64) error { return iv.check("shanyraq.Interval.Check", v) }

type intervalJSON struct {
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
	Level float64 `json:"level,omitempty"`
	Kind  string  `json:"kind"`
}

// MarshalJSON writes the interval with its kind by key.
func (iv Interval) MarshalJSON() ([]byte, error) {
	return json.Marshal(intervalJSON{iv.Lo, iv.Hi, iv.Level, iv.Kind.String()})
}

// UnmarshalJSON reads an interval whose kind is known.
func (iv *Interval) UnmarshalJSON(b []byte) error {
	var j intervalJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	k, err := ParseIntervalKind(j.Kind)
	if err != nil {
		return err
	}
	*iv = Interval{j.Lo, j.Hi, j.Level, k}
	return nil
}

// check returns an Invalid error unless the interval is well formed around v.
func (iv Interval) check(op string, v float64) error {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return Errorf(op, Invalid, "value is not finite")
	case !(iv.Lo <= iv.Hi) || math.IsInf(iv.Lo, 0) || math.IsInf(iv.Hi, 0):
		return Errorf(op, Invalid, "interval [%g, %g] is not a range", iv.Lo, iv.Hi)
	case iv.Kind == 0 || int(iv.Kind) >= len(kindNames):
		return Errorf(op, Invalid, "interval states no kind")
	case iv.Kind.HasLevel() && !(iv.Level > 0 && iv.Level < 1):
		return Errorf(op, Invalid, "%s interval states no level between 0 and 1", iv.Kind)
	case !iv.Kind.HasLevel() && iv.Level != 0:
		return Errorf(op, Invalid, "%s interval cannot state a level", iv.Kind)
	case iv.Kind == Counted && iv.Lo != iv.Hi:
		return Errorf(op, Invalid, "a count of records is exact, not [%g, %g]", iv.Lo, iv.Hi)
	case iv.Lo == iv.Hi && !iv.Kind.mayBePoint():
		return Errorf(op, Invalid, "%s interval has no width", iv.Kind)
	case !iv.Contains(v):
		return Errorf(op, Invalid, "value %g outside its interval [%g, %g]", v, iv.Lo, iv.Hi)
	}
	return nil
}
