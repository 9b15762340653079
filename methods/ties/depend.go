package ties

import (
	"fmt"
	"math"
)

// A Book is what one side records of its trade, in one currency and year, each
// figure as a range: an exact one has both ends the same, and a pair of mirror
// books gives the ends of Exports and Imports.
type Book struct {
	Exports, Imports       Range // to and from the partner
	AllExports, AllImports Range // to and from everyone, the partner included
	GDP                    Range // product; NaN at both ends where missing
}

// A Dependence is how much one side depends on the other, in the four ways the
// field uses; shares of 1. Product is NaN where the product is missing, and
// Influence and Supply where a side exports or imports nothing at all.
type Dependence struct {
	Influence Range // share of its exports that the partner buys
	Supply    Range // share of its imports that the partner sells
	Trade     Range // share of its trade that is with the partner
	Product   Range // trade with the partner over its product; can exceed 1
}

// Depend returns the dependence of the side whose book it is on its partner.
//
//	Influence = exports to the partner / all exports
//	Supply    = imports from the partner / all imports
//	Trade     = (exports + imports) with the partner / all exports and imports
//	Product   = (exports + imports) with the partner / product
//
// The first two are Hirschman's: a partner that buys much can threaten to stop
// buying, one that sells much to stop selling, and they need not be the same
// partner. The other two are those of [Between].
//
// Assumptions: those of Between. A share says nothing of what could replace the
// partner.
//
// It returns an error for figures that are no amounts, a part that must exceed
// its whole, and a product that is not above zero.
//
// References: [hirschman1945]; [barbieri1996]; [oneal1997].
func Depend(b Book) (Dependence, error) {
	share := func(what string, part, whole Range) (Range, error) {
		r, err := ShareRange(part, whole)
		if err == ErrNoTotal {
			return Range{math.NaN(), math.NaN()}, nil
		}
		if err != nil {
			return r, fmt.Errorf("%s: %w", what, err)
		}
		return r, nil
	}
	var d Dependence
	var err error
	if d.Influence, err = share("exports", b.Exports, b.AllExports); err != nil {
		return Dependence{}, err
	}
	if d.Supply, err = share("imports", b.Imports, b.AllImports); err != nil {
		return Dependence{}, err
	}
	trade := Range{b.Exports.Lo + b.Imports.Lo, b.Exports.Hi + b.Imports.Hi}
	all := Range{b.AllExports.Lo + b.AllImports.Lo, b.AllExports.Hi + b.AllImports.Hi}
	if d.Trade, err = ShareRange(trade, all); err != nil {
		return Dependence{}, err
	}
	if math.IsNaN(b.GDP.Lo) && math.IsNaN(b.GDP.Hi) {
		d.Product = b.GDP
		return d, nil
	}
	if !b.GDP.valid() || b.GDP.Lo == 0 {
		return Dependence{}, fmt.Errorf("ties: a product between %v and %v", b.GDP.Lo, b.GDP.Hi)
	}
	d.Product = Range{trade.Lo / b.GDP.Hi, trade.Hi / b.GDP.Lo}
	return d, nil
}

// A Tilt is how unevenly two sides depend on each other. Difference is what the
// first depends by more than the second, in the unit of the dependence;
// Asymmetry is that over their sum, between −1 and 1: positive where the first
// depends more, 0.5 where it depends three times as much.
type Tilt struct {
	Difference, Asymmetry Range
}

// Lean returns the tilt of two dependences that stand in the ranges a and b,
// such as the shares each side's own book gives:
//
//	Difference = a − b,  Asymmetry = (a − b)/(a + b)
//
// Both limits of both are attained, one side at its upper end and the other at
// its lower. Asymmetry is NaN where neither depends at all.
//
// Assumptions: the two ranges have nothing to do with each other. Where both
// come from one disputed figure, as when the same trade is divided by two
// products, the limits are too wide: [BetweenRange] has those.
//
// It returns an error for ranges of anything but amounts.
func Lean(a, b Range) (Tilt, error) {
	if !a.valid() || !b.valid() {
		return Tilt{}, fmt.Errorf("ties: dependences between %v and %v, and %v and %v", a.Lo, a.Hi, b.Lo, b.Hi)
	}
	tilt := func(x, y float64) float64 {
		if x+y == 0 {
			return math.NaN()
		}
		return (x - y) / (x + y)
	}
	t := Tilt{Range{a.Lo - b.Hi, a.Hi - b.Lo}, Range{tilt(a.Lo, b.Hi), tilt(a.Hi, b.Lo)}}
	if a.Hi == 0 && b.Hi > 0 { // the first does not depend, the second may
		t.Asymmetry = Range{-1, -1}
	}
	if b.Hi == 0 && a.Hi > 0 {
		t.Asymmetry = Range{1, 1}
	}
	return t, nil
}

// A Partner is one of two sides of a trade whose figures lie in ranges.
type Partner struct {
	Trade Range // its trade with everyone, exports and imports
	GDP   Range // its product; NaN at both ends where missing
}

// A DyadRange is the limits of the measures of a [Dyad].
type DyadRange struct {
	ShareA, ShareB           Range
	Salience                 Range
	Symmetry                 Range
	Interdependence          Range
	DependenceA, DependenceB Range
	Lower                    Range
	Asymmetry                Range
}

// BetweenRange returns the limits of what [Between] returns when the trade of
// the pair, each side's total and each side's product lie in ranges. All limits
// are attained, each by itself.
//
// With a = t/T_a and b = t/T_b, interdependence is √(ab)·(1 − |a − b|). It rises
// with the smaller share, and along the larger up to a = (1+b)/3, and with the
// trade up to where |a − b| is one half; so it is largest at a corner, at such a
// point or where the shares are equal, and smallest at a corner or where they
// are equal. Asymmetry by product does not depend on the trade at all: the same
// figure stands above both products.
//
// Assumptions: those of Between, and that the totals hold the trade wherever in
// their ranges the two lie.
//
// Accuracy: exact but for rounding (TestBetweenRange).
//
// It returns an error for trade that is no amount or can exceed a total, a total
// that can be zero, and a product that can be zero.
//
// References: [barbieri1996]; [oneal1997].
func BetweenRange(trade Range, a, b Partner) (DyadRange, error) {
	if !trade.valid() {
		return DyadRange{}, fmt.Errorf("ties: trade between %v and %v", trade.Lo, trade.Hi)
	}
	for _, p := range []Partner{a, b} {
		missing := math.IsNaN(p.GDP.Lo) && math.IsNaN(p.GDP.Hi)
		switch {
		case !p.Trade.valid() || p.Trade.Lo == 0:
			return DyadRange{}, fmt.Errorf("ties: a total trade between %v and %v", p.Trade.Lo, p.Trade.Hi)
		case trade.Hi > p.Trade.Lo:
			return DyadRange{}, fmt.Errorf("ties: trade of up to %v in a total of from %v", trade.Hi, p.Trade.Lo)
		case !missing && (!p.GDP.valid() || p.GDP.Lo == 0):
			return DyadRange{}, fmt.Errorf("ties: a product between %v and %v", p.GDP.Lo, p.GDP.Hi)
		}
	}
	nan := Range{math.NaN(), math.NaN()}
	d := DyadRange{
		ShareA: Range{trade.Lo / a.Trade.Hi, trade.Hi / a.Trade.Lo}, ShareB: Range{trade.Lo / b.Trade.Hi, trade.Hi / b.Trade.Lo},
		DependenceA: nan, DependenceB: nan, Lower: nan, Asymmetry: nan,
	}
	d.Salience = Range{math.Sqrt(d.ShareA.Lo * d.ShareB.Lo), math.Sqrt(d.ShareA.Hi * d.ShareB.Hi)}
	// Trade over total is trade times p or q, the inverses of the totals.
	p, q := Range{1 / a.Trade.Hi, 1 / a.Trade.Lo}, Range{1 / b.Trade.Hi, 1 / b.Trade.Lo}
	wide := max(p.Hi-q.Lo, q.Hi-p.Lo)      // largest |p − q|
	narrow := max(0, p.Lo-q.Hi, q.Lo-p.Hi) // smallest
	d.Symmetry = Range{1 - trade.Hi*wide, 1 - trade.Lo*narrow}
	d.Interdependence = interdependence(trade, p, q)
	if math.IsNaN(a.GDP.Lo) || math.IsNaN(b.GDP.Lo) {
		return d, nil
	}
	d.DependenceA = Range{trade.Lo / a.GDP.Hi, trade.Hi / a.GDP.Lo}
	d.DependenceB = Range{trade.Lo / b.GDP.Hi, trade.Hi / b.GDP.Lo}
	d.Lower = Range{min(d.DependenceA.Lo, d.DependenceB.Lo), min(d.DependenceA.Hi, d.DependenceB.Hi)}
	if trade.Hi > 0 {
		tilt := func(a, b float64) float64 { return (b - a) / (a + b) } // of products
		d.Asymmetry = Range{tilt(a.GDP.Hi, b.GDP.Lo), tilt(a.GDP.Lo, b.GDP.Hi)}
	}
	return d, nil
}

// interdependence returns the limits of √(ab)·(1 − |a − b|) with a = t·x and
// b = t·y, t, x and y in their ranges.
func interdependence(t, x, y Range) Range {
	value := func(t, x, y float64) float64 { return t * math.Sqrt(x*y) * (1 - t*math.Abs(x-y)) }
	r := Range{math.Inf(1), math.Inf(-1)}
	take := func(t0, x0, y0 float64) {
		if t.Contains(t0) && x.Contains(x0) && y.Contains(y0) {
			v := value(t0, x0, y0)
			r = Range{min(r.Lo, v), max(r.Hi, v)}
		}
	}
	xs := []float64{x.Lo, x.Hi, min(x.Hi, max(x.Lo, y.Lo)), min(x.Hi, max(x.Lo, y.Hi))}
	ys := []float64{y.Lo, y.Hi, min(y.Hi, max(y.Lo, x.Lo)), min(y.Hi, max(y.Lo, x.Hi))}
	for _, x0 := range xs {
		for _, y0 := range ys {
			for _, t0 := range []float64{t.Lo, t.Hi} {
				take(t0, x0, y0)
				if t0 > 0 {
					take(t0, (1/t0+y0)/3, y0) // a = (1+b)/3
					take(t0, x0, (1/t0+x0)/3)
				}
			}
			if x0 != y0 {
				take(1/(2*math.Abs(x0-y0)), x0, y0)
			}
		}
	}
	return r
}

// An Exposure is what a side loses when a tie is cut by a part.
type Exposure struct {
	OfTotal   Range // lost share of all its trade
	OfProduct Range // lost trade over its product; NaN where the product is missing
	After     Range // share of the partner in what is left
}

// Expose returns what the side with partners' amounts x loses when the tie with
// partner j falls by the part cut, of which the part regained is made up
// elsewhere: cut 0.5 asks what happens if the tie halves. With s the share of
// the partner,
//
//	OfTotal   = s·cut·(1 − regained)
//	OfProduct = amount·cut·(1 − regained) / product
//	After     = s·(1 − cut) / (1 − s·cut·(1 − regained))
//
// Product is NaN at both ends where missing.
//
// Assumptions: what is lost is lost at its recorded value, which is the first
// round of a loss. Where the goods are inputs that nothing replaces, output
// falls by more than their value; where a substitute costs little more, by much
// less. The regained part is the user's judgement and deserves a range of its
// own: call at both ends.
//
// It returns the errors of [ShareRanges], and an error for a partner that is
// not there, a part outside [0, 1], and a product that is not above zero.
//
// References: [hirschman1945] for the thought.
func Expose(x []Range, j int, cut, regained float64, product Range) (Exposure, error) {
	s, err := ShareRanges(x)
	if err != nil {
		return Exposure{}, err
	}
	missing := math.IsNaN(product.Lo) && math.IsNaN(product.Hi)
	switch {
	case j < 0 || j >= len(x):
		return Exposure{}, fmt.Errorf("ties: partner %d of %d", j, len(x))
	case !(cut >= 0 && cut <= 1) || !(regained >= 0 && regained <= 1):
		return Exposure{}, fmt.Errorf("ties: a cut of %v of which %v is regained", cut, regained)
	case !missing && (!product.valid() || product.Lo == 0):
		return Exposure{}, fmt.Errorf("ties: a product between %v and %v", product.Lo, product.Hi)
	}
	lost := cut * (1 - regained)
	after := func(s float64) float64 {
		if s*lost == 1 { // nothing is left to have a share of
			return math.NaN()
		}
		return s * (1 - cut) / (1 - s*lost)
	}
	e := Exposure{OfTotal: Range{s[j].Lo * lost, s[j].Hi * lost}, OfProduct: product, After: Range{after(s[j].Lo), after(s[j].Hi)}}
	if !missing {
		e.OfProduct = Range{x[j].Lo * lost / product.Hi, x[j].Hi * lost / product.Lo}
	}
	return e, nil
}
