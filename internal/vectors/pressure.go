package vectors

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"shanyraq"
	"shanyraq/methods/ties"
)

// The methods of what a trade is to both sides, and of pressure in reach.
const (
	MethodMutual shanyraq.MethodKey = "mutual-trade"
	MethodPress  shanyraq.MethodKey = "pressure"
)

// A Bond is what the trade of home and a power in one year is to the two
// together: Barbieri's three measures, each an index from 0 to 1.
type Bond struct {
	Power                               shanyraq.CountryCode
	Measure                             string // trade, or turnover as either side states it
	Year                                int
	Salience, Symmetry, Interdependence shanyraq.Figure
}

// bond makes the three measures of a trade in the range from the shares of d.
// It reports false where the trade could be more than a side's whole.
func bond(home shanyraq.CountryCode, d Dependence, trade ties.Range, mine, theirs []term) (Bond, bool, error) {
	out := Bond{Power: d.Power, Measure: d.Measure, Year: d.Year}
	nan := ties.Range{Lo: math.NaN(), Hi: math.NaN()}
	r, err := ties.BetweenRange(trade, ties.Partner{Trade: sum(mine), GDP: nan}, ties.Partner{Trade: sum(theirs), GDP: nan})
	if err != nil {
		return out, false, nil // the books are of different things
	}
	a, b := d.OfHome.Value()/100, d.OfPower.Value()/100
	l := shanyraq.Lineage{Method: MethodMutual, Sources: union(d.OfHome.Lineage().Sources, d.OfPower.Lineage().Sources),
		Assumptions: []shanyraq.Assumption{shanyraq.Assume("one_book", shanyraq.EitherWay), shanyraq.Assume("no_transit", shanyraq.TooHigh)}}
	for i, f := range []shanyraq.Figure{d.OfHome, d.OfPower} {
		l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(rune('a' + i)), Path: f.Path(), When: shanyraq.YearPeriod(d.Year), Value: f.Value(), Unit: f.Unit()})
	}
	salience, symmetry := math.Sqrt(a*b), 1-math.Abs(a-b)
	x, y := three(a), three(b)
	for _, m := range []struct {
		to      *shanyraq.Figure
		part    string
		v       float64
		r       ties.Range
		formula string
	}{
		{&out.Salience, "salience", salience, r.Salience, fmt.Sprintf("√(%s × %s) = %s", x, y, three(salience))},
		{&out.Symmetry, "symmetry", symmetry, r.Symmetry, fmt.Sprintf("1 − |%s − %s| = %s", x, y, three(symmetry))},
		{&out.Interdependence, "interdependence", salience * symmetry, r.Interdependence, fmt.Sprintf("√(%s × %s) × (1 − |%s − %s|) = %s", x, y, x, y, three(salience*symmetry))},
	} {
		l := l
		l.Formula = m.formula
		if *m.to, err = shanyraq.NewFigure(fmt.Sprintf("vectors/mutual/%s/%s/%s-%d/%s", home, d.Power, d.Measure, d.Year, m.part), m.v,
			outward(min(m.r.Lo, m.v), min(1, max(m.r.Hi, m.v)), 0), "index", l); err != nil {
			return out, false, err
		}
	}
	return out, true, nil
}

// A Pressure is how far a power could press home by the ties they have: a
// measure of our own.
type Pressure struct {
	Power    shanyraq.CountryCode
	Channels []Channel
	Of       int // how many kinds of ties there are
	// Width is how wide the ties are beside the widest home has, Reliance how
	// much of home's ties the power holds, and Value the product: indices from 0
	// to 1. All are zero where fewer than half the kinds are known.
	Width, Reliance, Value shanyraq.Figure
}

// A Channel is one kind of tie through which a power could press.
type Channel struct {
	Key      string          // of the domain, or organisations
	Layer    string          // economic, political, security or people
	Share    shanyraq.Figure // percent; zero where only a limit is known
	Below    float64         // that limit, in percent
	Width    ties.Range
	Reliance ties.Range
	w, d     float64 // at the value
}

// Layers lists the layers of pressure; each counts the same.
func Layers() []string { return []string{"economic", "political", "security", "people"} }

// layerOf returns the layer of each kind of tie.
var layerOf = map[string]string{"exports": "economic", "imports": "economic", "investment": "economic", "organisations": "political", "arms": "security", "people": "people", "students": "people"}

// press makes the pressure of every power.
func (b Balance) press() ([]Pressure, error) {
	rows := b.Rows
	if len(b.Memberships) > 0 {
		rows = append(rows[:len(rows):len(rows)], Row{Domain: Domain{Key: "organisations"}, Shares: b.Memberships})
	}
	kinds := 0
	for _, row := range rows {
		if len(row.Shares) > 1 {
			kinds++
		}
	}
	var out []Pressure
	for _, p := range b.Powers {
		x := Pressure{Power: p, Of: kinds}
		layers, points := make([][]ties.Channel, len(Layers())), make([][]ties.Channel, len(Layers()))
		for _, row := range rows {
			c, ok := channel(row, p)
			if !ok || len(row.Shares) < 2 {
				continue
			}
			x.Channels = append(x.Channels, c)
			for i, layer := range Layers() {
				if layer == c.Layer {
					layers[i] = append(layers[i], ties.Channel{Weight: 1, Bandwidth: c.Width, Dependence: c.Reliance})
					points[i] = append(points[i], ties.Channel{Weight: 1, Bandwidth: ties.Range{Lo: c.w, Hi: c.w}, Dependence: ties.Range{Lo: c.d, Hi: c.d}})
				}
			}
		}
		if err := x.weigh(b.Home, layers, points); err != nil {
			return nil, fmt.Errorf("pressure of %s: %w", p, err)
		}
		out = append(out, x)
	}
	return out, nil
}

// channel returns one kind of tie with the power, and false where nothing is
// known of it. Of a power that is not on a list of the largest partners the
// middle between nothing and the last on the list stands.
func channel(row Row, power shanyraq.CountryCode) (Channel, bool) {
	c := Channel{Key: row.Domain.Key, Layer: layerOf[row.Domain.Key]}
	f, ok := row.Shares[power]
	limit, below := row.Below[power]
	var v float64
	var r ties.Range
	switch {
	case ok:
		c.Share, v, r = f, f.Value(), ties.Range{Lo: max(0, f.Interval().Lo), Hi: min(100, f.Interval().Hi)}
	case below:
		c.Below, v, r = limit, limit/2, ties.Range{Hi: min(100, limit)}
	default:
		return c, false
	}
	most, top := v, ties.Range{} // the widest of all, and of the others
	for p, other := range row.Shares {
		if p != power {
			most = max(most, other.Value())
			top = ties.Range{Lo: max(top.Lo, other.Interval().Lo), Hi: max(top.Hi, other.Interval().Hi)}
		}
	}
	if !(most > 0) || !(max(top.Lo, r.Hi) > 0) {
		return c, false
	}
	c.w, c.d = v/most, v/100
	c.Reliance = ties.Range{Lo: r.Lo / 100, Hi: r.Hi / 100}
	if c.Width.Lo = 1; top.Hi > r.Lo {
		c.Width.Lo = r.Lo / top.Hi
	}
	if c.Width.Hi = 1; top.Lo > r.Hi {
		c.Width.Hi = r.Hi / top.Lo
	}
	return c, true
}

// weigh makes the three figures of the pressure.
func (x *Pressure) weigh(home shanyraq.CountryCode, layers, points [][]ties.Channel) error {
	at, err := ties.Press(points)
	if errors.Is(err, ties.ErrNoTotal) || err == nil && 2*len(x.Channels) < x.Of {
		return nil
	}
	if err != nil {
		return err
	}
	in, err := ties.Press(layers)
	if err != nil {
		return err
	}
	l := shanyraq.Lineage{Method: MethodPress, Assumptions: []shanyraq.Assumption{shanyraq.Assume("channels_alike", shanyraq.EitherWay), shanyraq.Assume("share_is_dependence", shanyraq.EitherWay)}}
	var keys []string
	for _, c := range x.Channels {
		keys = append(keys, c.Key)
		if !c.Share.IsZero() {
			l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: c.Key, Path: c.Share.Path(), Place: x.Power, Value: c.Share.Value(), Unit: c.Share.Unit()})
			l.Sources = union(l.Sources, c.Share.Lineage().Sources)
		}
	}
	if len(l.Sources) == 0 {
		return nil // only limits are known
	}
	for _, m := range []struct {
		to      *shanyraq.Figure
		part    string
		v       float64
		r       ties.Range
		formula string
	}{
		{&x.Width, "width", at.Bandwidth.Lo, in.Bandwidth, fmt.Sprintf("B = %s", three(at.Bandwidth.Lo))},
		{&x.Reliance, "reliance", at.Dependence.Lo, in.Dependence, fmt.Sprintf("D = %s", three(at.Dependence.Lo))},
		{&x.Value, "value", at.Value.Lo, in.Value, fmt.Sprintf("B × D = %s × %s = %s", three(at.Bandwidth.Lo), three(at.Dependence.Lo), three(at.Value.Lo))},
	} {
		l := l
		l.Formula = fmt.Sprintf("%s,  %d of %d: %s", m.formula, len(x.Channels), x.Of, strings.Join(keys, ", "))
		iv := outward(min(m.r.Lo, m.v), min(1, max(m.r.Hi, m.v)), 0)
		if !(iv.Lo < iv.Hi) { // all ties are the widest: no more is claimed than the third digit
			iv.Lo -= 0.001
		}
		if *m.to, err = shanyraq.NewFigure(fmt.Sprintf("vectors/press/%s/%s/%s", home, x.Power, m.part), m.v, iv, "index", l); err != nil {
			return err
		}
	}
	return nil
}
