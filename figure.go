package shanyraq

import "encoding/json"

// A Figure is a number the program is prepared to show, with the range around
// it, the unit both are in, how they were obtained, and the path under which a
// reader can open all of that.
//
// Figures do not change and cannot be added or divided: a ratio of two needs
// their covariance, which neither carries. Ask the room that made them.
type Figure struct {
	path     string
	value    float64
	interval Interval
	unit     Unit
	lineage  Lineage
}

// NewFigure returns the Figure of value v that opens at path, or an [Invalid]
// error if the path is empty, the interval is malformed or leaves v out, or
// unit or lineage is missing. Of [Limits] v is not used.
func NewFigure(path string, v float64, iv Interval, u Unit, l Lineage) (Figure, error) {
	const op = "shanyraq.NewFigure"
	if iv.Kind == Limits {
		v = iv.Lo + (iv.Hi-iv.Lo)/2
	}
	if err := iv.check(op, v); err != nil {
		return Figure{}, err
	}
	switch {
	case path == "":
		return Figure{}, Errorf(op, Invalid, "figure has no path to open at")
	case !u.Valid():
		return Figure{}, Errorf(op, Invalid, "figure has no unit (%q)", u)
	case l.Method == "":
		return Figure{}, Errorf(op, Invalid, "figure has no method")
	case len(l.Sources) == 0:
		return Figure{}, Errorf(op, Invalid, "figure has no source")
	}
	return Figure{path, v, iv, u, l.clone()}, nil
}

// Path returns where the figure opens, such as "standing/material/KAZ/2024/rank".
func (f Figure) Path() string { return f.path }

// Value returns the number, in the figure's unit. Of [Limits] it is the middle,
// for drawing and putting in order: no reader is shown it.
func (f Figure) Value() float64 { return f.value }

// Interval returns the range around the value, in the figure's unit.
func (f Figure) Interval() Interval { return f.interval }

// Unit returns what the value and its interval are in.
func (f Figure) Unit() Unit { return f.unit }

// Lineage returns a copy of how the figure was obtained.
func (f Figure) Lineage() Lineage { return f.lineage.clone() }

// IsZero reports whether f is no figure at all.
func (f Figure) IsZero() bool { return f.path == "" }

type figureJSON struct {
	Path     string   `json:"path"`
	Value    *float64 `json:"value"` // null of limits
	Interval Interval `json:"interval"`
	Unit     Unit     `json:"unit"`
	Lineage  Lineage  `json:"lineage"`
}

// MarshalJSON writes the figure with all of its parts, or null if it is zero.
func (f Figure) MarshalJSON() ([]byte, error) {
	if f.IsZero() {
		return []byte("null"), nil
	}
	j := figureJSON{f.path, &f.value, f.interval, f.unit, f.lineage}
	if f.interval.Kind == Limits {
		j.Value = nil
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads a figure, with the checks of [NewFigure].
func (f *Figure) UnmarshalJSON(b []byte) error {
	var j *figureJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	if j == nil {
		*f = Figure{}
		return nil
	}
	var v float64
	switch {
	case j.Value != nil:
		v = *j.Value
	case j.Interval.Kind != Limits:
		return Errorf("shanyraq.Figure.UnmarshalJSON", Invalid, "figure has no value")
	}
	got, err := NewFigure(j.Path, v, j.Interval, j.Unit, j.Lineage)
	if err != nil {
		return err
	}
	*f = got
	return nil
}
