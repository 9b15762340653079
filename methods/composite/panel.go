package composite

import (
	"fmt"
	"math"
	"slices"
)

// SeriesFill says how gaps in a series over time are filled. Nothing is ever
// filled in a series without any value.
//
// Assumptions: what is not seen moved as the rule says. Carrying a value
// forward makes change look slower than it was, and a unit that stopped
// reporting look stable.
type SeriesFill struct {
	Method SeriesMethod `json:"method"`
	MaxAge int          `json:"max_age,omitempty"` // of Latest: oldest value to carry, in units of time; 0 for any
}

// A SeriesMethod fills gaps in a series.
type SeriesMethod string

// The methods.
const (
	Latest         SeriesMethod = "latest"          // the last earlier value
	ConstantSeries SeriesMethod = "constant"        // the last earlier value, and the first one before there is any
	Linear         SeriesMethod = "linear"          // on the line between the neighbours; nothing outside them
	LinearConstant SeriesMethod = "linear-constant" // Linear inside, the nearest value outside
)

// Fill returns the series with gaps filled; times rise and x has one value for
// each, NaN where missing. It returns an [ErrSettings] for a method that does
// not exist or times that do not rise.
func (s SeriesFill) Fill(times []int, x []float64) ([]float64, error) {
	fail := func(format string, args ...any) ([]float64, error) {
		return nil, &Error{Step: "impute", Err: fmt.Errorf("%w: "+format, append([]any{ErrSettings}, args...)...)}
	}
	if len(times) != len(x) {
		return fail("%d times for %d values", len(times), len(x))
	}
	for i := range times {
		if i > 0 && times[i] <= times[i-1] {
			return fail("time %d after %d", times[i], times[i-1])
		}
	}
	switch s.Method {
	case Latest, ConstantSeries, Linear, LinearConstant:
	default:
		return fail("no method %q for series", s.Method)
	}
	out := slices.Clone(x)
	for i, v := range x {
		if v == v {
			continue
		}
		before, after := i-1, i+1
		for before >= 0 && x[before] != x[before] {
			before--
		}
		for after < len(x) && x[after] != x[after] {
			after++
		}
		early, late := before >= 0, after < len(x)
		switch s.Method {
		case Latest:
			if early && (s.MaxAge == 0 || times[i]-times[before] <= s.MaxAge) {
				out[i] = x[before]
			}
		case ConstantSeries:
			if early {
				out[i] = x[before]
			} else if late {
				out[i] = x[after]
			}
		default:
			switch {
			case early && late:
				part := float64(times[i]-times[before]) / float64(times[after]-times[before])
				out[i] = x[before] + part*(x[after]-x[before])
			case s.Method == Linear:
			case early:
				out[i] = x[before]
			case late:
				out[i] = x[after]
			}
		}
	}
	return out, nil
}

// FillPanel returns the tables, one for each time, with the gaps of every
// unit's series filled. Units may stand in different orders and need not be in
// every table; a unit has a series over the tables it is in. Groups and names
// are kept.
func FillPanel(times []int, tables []Table, s SeriesFill) ([]Table, error) {
	if len(times) != len(tables) {
		return nil, &Error{Step: "impute", Err: fmt.Errorf("%w: %d times for %d tables", ErrTable, len(times), len(tables))}
	}
	out := make([]Table, len(tables))
	type place struct{ table, row int }
	where := map[string][]place{}
	var units []string
	codes := map[string]bool{}
	for i, t := range tables {
		if err := t.check(); err != nil {
			return nil, err
		}
		out[i] = t
		out[i].Values = make(map[string][]float64, len(t.Values))
		for k, v := range t.Values {
			out[i].Values[k] = slices.Clone(v)
			codes[k] = true
		}
		for row, u := range t.Units {
			if where[u] == nil {
				units = append(units, u)
			}
			where[u] = append(where[u], place{i, row})
		}
	}
	for _, code := range sortedKeys(codes) {
		for _, u := range units {
			var at []place
			var when []int
			var x []float64
			for _, p := range where[u] {
				if col := tables[p.table].Values[code]; col != nil {
					at, when, x = append(at, p), append(when, times[p.table]), append(x, col[p.row])
				}
			}
			y, err := s.Fill(when, x)
			if err != nil {
				return nil, err
			}
			for i, p := range at {
				out[p.table].Values[code][p.row] = y[i]
			}
		}
	}
	return out, nil
}

// Stack returns one table of all units at all times, with codes like
// "KAZ@2020", so that all are put on one scale and scores can be compared over
// time. Columns that a table lacks are missing there.
func Stack(times []int, tables []Table) (Table, error) {
	if len(times) != len(tables) {
		return Table{}, &Error{Step: "table", Err: fmt.Errorf("%w: %d times for %d tables", ErrTable, len(times), len(tables))}
	}
	all := Table{Values: map[string][]float64{}, Groups: map[string][]string{}}
	for i, t := range tables {
		if err := t.check(); err != nil {
			return Table{}, err
		}
		n := len(all.Units)
		for row, u := range t.Units {
			all.Units = append(all.Units, fmt.Sprintf("%s@%d", u, times[i]))
			name := ""
			if t.Names != nil {
				name = t.Names[row]
			}
			all.Names = append(all.Names, name)
		}
		for k, v := range t.Values {
			if all.Values[k] == nil {
				all.Values[k] = gaps(n)
			}
			all.Values[k] = append(all.Values[k], v...)
		}
		for k, v := range t.Groups {
			if all.Groups[k] == nil {
				all.Groups[k] = make([]string, n)
			}
			all.Groups[k] = append(all.Groups[k], v...)
		}
		for k, v := range all.Values {
			all.Values[k] = append(v, gaps(len(all.Units)-len(v))...)
		}
		for k, v := range all.Groups {
			all.Groups[k] = append(v, make([]string, len(all.Units)-len(v))...)
		}
	}
	return all, all.check()
}

// gaps returns n missing values.
func gaps(n int) []float64 {
	g := make([]float64, n)
	for i := range g {
		g[i] = math.NaN()
	}
	return g
}

// Growth returns the compound rate of growth per unit of time between the
// first and the last value present, as a share of 1:
//
//	(x_last/x_first)^(1/(t_last−t_first)) − 1
//
// and 0 if they are equal. It is NaN for fewer than two values, or if the two
// differ and are not both above zero.
func Growth(times []int, x []float64) float64 {
	t, y := present(times, x)
	n := len(y)
	switch {
	case n < 2:
		return math.NaN()
	case y[0] == y[n-1]:
		return 0
	case y[0] <= 0 || y[n-1] <= 0:
		return math.NaN()
	}
	return math.Expm1(math.Log(y[n-1]/y[0]) / (t[n-1] - t[0]))
}

// Trend returns the change per unit of time in percent of where the series
// begins: with three values or more the slope of the least squares line over
// its height at the first of them, with two their difference per unit of time
// over the first. It is NaN for fewer, or if what it divides by is zero.
func Trend(times []int, x []float64) float64 {
	t, y := present(times, x)
	n := len(y)
	if n < 2 {
		return math.NaN()
	}
	slope, start := (y[n-1]-y[0])/(t[n-1]-t[0]), y[0]
	if n > 2 {
		slope = covariance(t, y) / covariance(t, t)
		start = mean(y) + slope*(t[0]-mean(t))
	}
	if start == 0 {
		return math.NaN()
	}
	return 100 * slope / start
}

func present(times []int, x []float64) (t, y []float64) {
	for i, v := range x {
		if v == v {
			t, y = append(t, float64(times[i])), append(y, v)
		}
	}
	return t, y
}
