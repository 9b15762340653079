package composite

import (
	"errors"
	"strings"
)

// The reasons an index cannot be built. Each comes wrapped in an [Error] that
// names the step, and the indicator and unit where there is one.
var (
	// ErrFramework: the framework is not a tree of distinct codes with usable
	// directions and weights.
	ErrFramework = errors.New("framework is not a tree that can be weighed")
	// ErrSettings: a choice that does not exist, contradicts another or lacks
	// what it needs.
	ErrSettings = errors.New("settings cannot be carried out")
	// ErrTable: a column is absent, of another length than the units, or holds
	// an infinite value.
	ErrTable = errors.New("table does not fit the framework")
	// ErrUnknown: no unit, indicator or group of that name.
	ErrUnknown = errors.New("no such name")
	// ErrNoValues: every value is missing, or every unit was screened out.
	ErrNoValues = errors.New("every value is missing")
	// ErrNoRange: no two values differ, or the posts or the target leave no
	// distance to measure by.
	ErrNoRange = errors.New("no distance to measure by")
	// ErrNoTotal: everything is missing or zero, so there is no total to hold a
	// share of.
	ErrNoTotal = errors.New("no total to share")
	// ErrNoDonor: a gap has nothing to be imputed from.
	ErrNoDonor = errors.New("nothing to impute from")
	// ErrNotPositive: the step divides by the value or takes its logarithm or
	// root, and the value does not allow it.
	ErrNotPositive = errors.New("value is too low for this step")
	// ErrZeroDenominator: a denominator is zero or negative.
	ErrZeroDenominator = errors.New("denominator is not above zero")
	// ErrMixedSigns: the first principal component loads some indicators with
	// one sign and some with the other, so that its loadings are no weights.
	ErrMixedSigns = errors.New("principal component loads with both signs")
	// ErrNoOptimum: the search for weights found no point where it could stop.
	ErrNoOptimum = errors.New("no optimum found")
)

// An Error says which step could not be carried out, where, and why. Its Err
// is one of the reasons above or wraps one.
type Error struct {
	Step string // denominate, screen, impute, treat, normalise, weigh, aggregate, framework, settings, table
	Code string // of the indicator or aggregate; empty if none
	Unit string // code of the unit; empty if none
	Err  error
}

// Error returns the step, the place and the reason in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("composite: " + e.Step)
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.Unit != "" {
		b.WriteString(", unit " + e.Unit)
	}
	b.WriteString(": " + e.Err.Error())
	return b.String()
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }
