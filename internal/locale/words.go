package locale

import (
	"math"
	"strconv"

	"shanyraq"
)

// Unit returns the unit spelled out in the form that goes with v: "person",
// "persons". A unit the catalogue does not know is its own name.
func (l *Locale) Unit(u shanyraq.Unit, v float64) string {
	return l.unit(u, strconv.FormatFloat(math.Abs(v), 'f', -1, 64))
}

// UnitLabel returns the unit as the heading of a column or an axis: "persons",
// in Russian in the genitive plural, as after "thousand".
func (l *Locale) UnitLabel(u shanyraq.Unit) string { return l.unit(u, "1000") }

func (l *Locale) unit(u shanyraq.Unit, count string) string {
	key := "unit." + string(u)
	if !l.Has(key) {
		return string(u)
	}
	return l.T(key, "Count", count)
}

// Kind returns the name of a kind of interval: "confidence".
func (l *Locale) Kind(k shanyraq.IntervalKind) string { return l.T("interval." + k.String()) }

// KindLong returns a sentence on what the ends of such an interval mean.
func (l *Locale) KindLong(k shanyraq.IntervalKind) string {
	return l.T("interval." + k.String() + ".long")
}

// kindLevel returns the kind with its level: "95% confidence".
func (l *Locale) kindLevel(iv shanyraq.Interval) string {
	if !iv.Kind.HasLevel() {
		return l.Kind(iv.Kind)
	}
	level := l.spell(iv.Level, min(lastPlace(iv.Level), -2), 2, false) + l.percent
	return l.T("interval."+iv.Kind.String()+".level", "Level", level)
}

// Strength returns what kind of statement it is: "measured", and "" if unknown.
func (l *Locale) Strength(s shanyraq.Strength) string {
	if s.String() == "" {
		return ""
	}
	return l.T("strength." + s.String())
}

// StrengthLong returns a sentence on what such a statement rests on, and "" if
// the strength is unknown.
func (l *Locale) StrengthLong(s shanyraq.Strength) string {
	if s.String() == "" {
		return ""
	}
	return l.T("strength." + s.String() + ".long")
}

// Direction returns which way a figure errs: "comes out too high".
func (l *Locale) Direction(d shanyraq.Direction) string { return l.T("direction." + string(d)) }
