package vectors

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/methods/ties"
)

// The methods by which two sides are compared.
const (
	MethodDependence   shanyraq.MethodKey = "dependence"
	MethodAsymmetry    shanyraq.MethodKey = "asymmetry"
	MethodExposure     shanyraq.MethodKey = "exposure"
	MethodEquidistance shanyraq.MethodKey = "equidistance"
	MethodMirror       shanyraq.MethodKey = "mirror-gap"
)

// The measures of dependence, in the order of the table. The first two are
// Hirschman's, the third Barbieri's and the fourth that of Oneal and Russett;
// the last two are the third and fourth from turnover as either side states it.
var measures = []string{"buyer", "supplier", "trade", "product", "turnover", "turnover_product"}

// Measures lists the measures of dependence in the order of the table.
func Measures() []string { return slices.Clone(measures) }

// A Dependence is how much home and a power depend on each other by one
// measure in one year. OfPower is zero where nothing is known of the power's
// side.
type Dependence struct {
	Power   shanyraq.CountryCode
	Measure string
	Year    int
	OfHome  shanyraq.Figure // percent
	OfPower shanyraq.Figure // percent
	Lean    shanyraq.Figure // −1 to 1; positive where home depends more
}

// An Exposure is what home would lose if its tie with a power halved and
// nothing replaced it.
type Exposure struct {
	Power   shanyraq.CountryCode
	Domain  Domain
	Year    int
	Lost    shanyraq.Figure // percent of the domain's whole
	Product shanyraq.Figure // percent of home's product
	After   shanyraq.Figure // percent: the power's share in what is left
}

// A Mirror is what two sides say of one trade in one year.
type Mirror struct {
	Place, Partner shanyraq.CountryCode
	Year           int
	Claims         []shanyraq.Claim // at least two, lowest first
	// Range runs over all of them and Gap is the highest over the lowest. Both
	// are zero where the claims are of different parts of the year.
	Range, Gap shanyraq.Figure
}

// A Stance is where home stands between two powers in one domain.
type Stance struct {
	Key                       string // of the domain, or votes or organisations
	Year                      int
	A, B                      shanyraq.Figure // percent
	Equidistance, Depth, Lean shanyraq.Figure // index
}

// Asymmetry is how unevenly home and each power depend on each other.
type Asymmetry struct {
	Home       shanyraq.CountryCode
	Powers     []shanyraq.CountryCode
	Dependence []Dependence
	Exposure   []Exposure
	Mirrors    []Mirror
	Bonds      []Bond     // what a trade is to both sides together
	Pressures  []Pressure // by power, in the order of Powers
}

// Asymmetry returns how home and each power depend on each other, what halving
// a tie would cost home, and where two books of one trade differ.
func (r *Room) Asymmetry(ctx context.Context, home shanyraq.CountryCode) (Asymmetry, error) {
	return r.tilts.of(home, func() (Asymmetry, error) {
		a, err := r.asymmetry(ctx, home)
		if err != nil {
			return a, shanyraq.Errorf("vectors.Asymmetry", shanyraq.KindOf(err), "%s: %w", home, err)
		}
		return a, nil
	})
}

// The series of what a country trades with everyone, and of its product.
const (
	allExports shanyraq.SeriesID = "TX.VAL.MRCH.CD.WT"
	allImports shanyraq.SeriesID = "TM.VAL.MRCH.CD.WT"
	product    shanyraq.SeriesID = "NY.GDP.MKTP.CD"
	turnover   shanyraq.SeriesID = "trade_turnover"
)

// A ledger is the totals of places, by series and year.
type ledger map[shanyraq.SeriesID]map[shanyraq.CountryCode]map[int]shanyraq.Claim

func (r *Room) totals(ctx context.Context, places []shanyraq.CountryCode) (ledger, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{allExports, allImports, product}, Places: places})
	if err != nil {
		return nil, err
	}
	out := ledger{allExports: {}, allImports: {}, product: {}}
	for _, c := range cs {
		if out[c.Series][c.Place] == nil {
			out[c.Series][c.Place] = map[int]shanyraq.Claim{}
		}
		out[c.Series][c.Place][c.When.Year()] = c
	}
	return out, nil
}

// A term is a number that goes into a dependence: its range, what it is called
// and where it opens.
type term struct {
	v  float64
	r  ties.Range
	in shanyraq.Input
	by []shanyraq.SourceID
}

// total returns the total of the series as a term, and false where none is held.
func (l ledger) total(s shanyraq.SeriesID, p shanyraq.CountryCode, year int, symbol string) (term, bool) {
	c, ok := l[s][p][year]
	if !ok || !(c.Value > 0) {
		return term{}, false
	}
	iv := c.Range()
	return term{c.Value, ties.Range{Lo: max(0, iv.Lo), Hi: iv.Hi}, shanyraq.InputOf(symbol, c), []shanyraq.SourceID{c.Source}}, true
}

// part returns a share in percent as a term, as a share of 1.
func part(f shanyraq.Figure, p shanyraq.CountryCode, year int, symbol string) term {
	iv := f.Interval()
	return term{f.Value() / 100, ties.Range{Lo: max(0, iv.Lo) / 100, Hi: iv.Hi / 100},
		shanyraq.Input{Symbol: symbol, Path: f.Path(), Place: p, When: shanyraq.YearPeriod(year), Value: f.Value(), Unit: f.Unit()}, f.Lineage().Sources}
}

func (r *Room) asymmetry(ctx context.Context, home shanyraq.CountryCode) (Asymmetry, error) {
	b, err := r.Balance(ctx, home)
	if err != nil {
		return Asymmetry{}, err
	}
	a := Asymmetry{Home: home, Powers: b.Powers}
	books, err := r.totals(ctx, append([]shanyraq.CountryCode{home}, b.Powers...))
	if err != nil {
		return a, err
	}
	turnovers, err := r.turnovers(ctx)
	if err != nil {
		return a, err
	}
	ex, im := b.row("exports"), b.row("imports")
	for _, p := range b.Powers {
		ds, bonds, err := r.dependence(ctx, home, p, ex, im, books)
		if err != nil {
			return a, fmt.Errorf("%s: %w", p, err)
		}
		more, others, err := stated(home, p, turnovers, books)
		if err != nil {
			return a, fmt.Errorf("%s: %w", p, err)
		}
		a.Dependence, a.Bonds = append(append(a.Dependence, ds...), more...), append(append(a.Bonds, bonds...), others...)
		for _, row := range []Row{ex, im} {
			x, ok, err := expose(home, p, row, books)
			if err != nil {
				return a, fmt.Errorf("%s: %w", p, err)
			}
			if ok {
				a.Exposure = append(a.Exposure, x)
			}
		}
	}
	if a.Mirrors, err = mirrors(home, turnovers); err != nil {
		return a, err
	}
	a.Pressures, err = b.press()
	return a, err
}

func (b Balance) row(key string) Row {
	if i := slices.IndexFunc(b.Rows, func(r Row) bool { return r.Domain.Key == key }); i >= 0 {
		return b.Rows[i]
	}
	return Row{}
}

// partner returns the share of the place in the row, and a zero figure where
// none is known.
func (row Row) partner(p shanyraq.CountryCode) shanyraq.Figure {
	if f, ok := row.Shares[p]; ok {
		return f
	}
	if i := slices.IndexFunc(row.Partners, func(x Partner) bool { return x.Place == p }); i >= 0 {
		return row.Partners[i].Share
	}
	return shanyraq.Figure{}
}

// dependence compares home and the power by the shares of home's own book, and
// by the power's where it lists home.
func (r *Room) dependence(ctx context.Context, home, power shanyraq.CountryCode, ex, im Row, books ledger) (out []Dependence, bonds []Bond, err error) {
	sx, sm := ex.partner(power), im.partner(power)
	path := func(measure string, year int) string {
		return fmt.Sprintf("vectors/dependence/%s/%s/%s-%d", home, power, measure, year)
	}
	var theirs Balance
	if power != shanyraq.EuropeanUnion {
		if theirs, err = r.Balance(ctx, power); err != nil && shanyraq.KindOf(err) != shanyraq.NotFound {
			return nil, nil, err
		}
	}
	one := func(measure string, row Row, s shanyraq.Figure, whole, across shanyraq.SeriesID, back string) error {
		if s.IsZero() || row.Year == 0 {
			return nil
		}
		d := Dependence{Power: power, Measure: measure, Year: row.Year, OfHome: s}
		mine, ok1 := books.total(whole, home, row.Year, "T")
		other, ok2 := books.total(across, power, row.Year, "P")
		var err error
		if own := theirs.row(back); own.Year == row.Year && !own.partner(home).IsZero() {
			d.OfPower = own.partner(home)
			d.Lean, err = lean(path(measure, row.Year)+"/lean", d, ties.Range{}, ties.Range{})
		} else if ok1 && ok2 {
			share := part(s, power, row.Year, "s")
			if d.OfPower, err = over(path(measure, row.Year)+"/theirs", []term{share, mine}, nil, []term{other}); err == nil && !d.OfPower.IsZero() {
				d.Lean, err = lean(path(measure, row.Year)+"/lean", d, mine.r, other.r)
			}
		}
		out = append(out, d)
		return err
	}
	if err := one("buyer", ex, sx, allExports, allImports, "imports"); err != nil {
		return nil, nil, err
	}
	if err := one("supplier", im, sm, allImports, allExports, "exports"); err != nil {
		return nil, nil, err
	}
	if sx.IsZero() || sm.IsZero() || ex.Year != im.Year || ex.Year == 0 {
		return out, bonds, nil
	}
	year := ex.Year
	x, ok1 := books.total(allExports, home, year, "X")
	m, ok2 := books.total(allImports, home, year, "M")
	if !ok1 || !ok2 {
		return out, bonds, nil
	}
	first, second := []term{part(sx, power, year, "s"), x}, []term{part(sm, power, year, "m"), m}
	for _, measure := range []string{"trade", "product"} {
		d := Dependence{Power: power, Measure: measure, Year: year}
		mine, theirs := []term{x, m}, []term(nil)
		px, ok1 := books.total(allExports, power, year, "Y")
		pm, ok2 := books.total(allImports, power, year, "N")
		if ok1 && ok2 {
			theirs = []term{px, pm}
		}
		if measure == "product" {
			mine, theirs = nil, nil
			if g, ok := books.total(product, home, year, "G"); ok {
				mine = []term{g}
			}
			if g, ok := books.total(product, power, year, "H"); ok {
				theirs = []term{g}
			}
		}
		if mine == nil {
			continue
		}
		if d.OfHome, err = over(path(measure, year)+"/mine", first, second, mine); err != nil {
			return nil, nil, err
		}
		if theirs != nil && !d.OfHome.IsZero() {
			if d.OfPower, err = over(path(measure, year)+"/theirs", first, second, theirs); err != nil {
				return nil, nil, err
			}
			if !d.OfPower.IsZero() {
				if d.Lean, err = lean(path(measure, year)+"/lean", d, sum(mine), sum(theirs)); err != nil {
					return nil, nil, err
				}
				if measure == "trade" {
					if bonds, err = joined(bonds, home, d, both(first, second), mine, theirs); err != nil {
						return nil, nil, err
					}
				}
			}
		}
		if !d.OfHome.IsZero() {
			out = append(out, d)
		}
	}
	return out, bonds, nil
}

// outward returns the limits rounded outward to a multiple of step, or for 0 to
// the third digit of the larger. They hold as the narrower ones do, and claim no
// more than totals whose publisher states no error can bear.
func outward(lo, hi, step float64) shanyraq.Interval {
	if step == 0 && hi > 0 {
		step = math.Pow(10, math.Floor(math.Log10(hi))-2)
	}
	if step == 0 {
		return shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Bounds}
	}
	return shanyraq.Interval{Lo: min(lo, math.Floor(lo/step)*step), Hi: max(hi, math.Ceil(hi/step)*step), Kind: shanyraq.Bounds}
}

// joined returns the bonds with that of the trade, if it is one.
func joined(bonds []Bond, home shanyraq.CountryCode, d Dependence, trade ties.Range, mine, theirs []term) ([]Bond, error) {
	b, ok, err := bond(home, d, trade, mine, theirs)
	if ok {
		bonds = append(bonds, b)
	}
	return bonds, err
}

// both returns the range of the products of the terms in either list, added.
func both(first, second []term) ties.Range {
	var r ties.Range
	for _, product := range [][]term{first, second} {
		lo, hi := 1.0, 1.0
		for _, t := range product {
			lo, hi = lo*t.r.Lo, hi*t.r.Hi
		}
		r.Lo, r.Hi = r.Lo+lo, r.Hi+hi
	}
	return r
}

// sum returns the range of the sum of the terms.
func sum(terms []term) ties.Range {
	var r ties.Range
	for _, t := range terms {
		r.Lo, r.Hi = r.Lo+t.r.Lo, r.Hi+t.r.Hi
	}
	return r
}

// over makes the figure of the products of the terms in first and second,
// added, over the sum of the terms below, in percent. Where a term stands above
// and below the range is wider than it need be.
func over(path string, first, second, below []term) (shanyraq.Figure, error) {
	l := shanyraq.Lineage{Method: MethodDependence, Assumptions: []shanyraq.Assumption{shanyraq.Assume("one_book", shanyraq.EitherWay), shanyraq.Assume("no_transit", shanyraq.TooHigh)}}
	var v float64
	var top, bottom ties.Range
	var texts []string
	for _, product := range [][]term{first, second} {
		if len(product) == 0 {
			continue
		}
		p, lo, hi := 1.0, 1.0, 1.0
		var symbols []string
		for _, t := range product {
			p, lo, hi = p*t.v, lo*t.r.Lo, hi*t.r.Hi
			symbols = append(symbols, three(t.in.Value))
		}
		v, top.Lo, top.Hi = v+p, top.Lo+lo, top.Hi+hi
		text := strings.Join(symbols, " % × ")
		texts = append(texts, text)
	}
	whole := 0.0
	var parts []string
	for _, t := range below {
		whole, bottom.Lo, bottom.Hi = whole+t.v, bottom.Lo+t.r.Lo, bottom.Hi+t.r.Hi
		parts = append(parts, three(t.v))
	}
	for _, terms := range [][]term{first, second, below} {
		for _, t := range terms {
			if !slices.ContainsFunc(l.Inputs, func(in shanyraq.Input) bool { return in.Path == t.in.Path }) {
				l.Inputs, l.Sources = append(l.Inputs, t.in), union(l.Sources, t.by)
			}
		}
	}
	if !(whole > 0) || !(bottom.Lo > 0) {
		return shanyraq.Figure{}, nil
	}
	d, err := ties.ShareRange(top, bottom)
	if err != nil {
		return shanyraq.Figure{}, nil // the part is more than the whole: the books are of different things
	}
	v /= whole
	if v > 1 {
		return shanyraq.Figure{}, nil
	}
	l.Formula = fmt.Sprintf("100 × (%s) / (%s) = %s %%", strings.Join(texts, " + "), strings.Join(parts, " + "), three(100*v))
	return shanyraq.NewFigure(path, 100*v, outward(100*min(d.Lo, v), 100*max(d.Hi, v), 0), "percent", l)
}

// lean makes the figure of how unevenly the two sides depend. Where both
// dependences have one amount above, given by the totals below it, only those
// tell; else each side's range does.
func lean(path string, d Dependence, mine, theirs ties.Range) (shanyraq.Figure, error) {
	a, b := d.OfHome, d.OfPower
	if a.IsZero() || b.IsZero() || !(a.Value()+b.Value() > 0) {
		return shanyraq.Figure{}, nil
	}
	v := (a.Value() - b.Value()) / (a.Value() + b.Value())
	x, y := ties.Range{Lo: max(0, a.Interval().Lo), Hi: a.Interval().Hi}, ties.Range{Lo: max(0, b.Interval().Lo), Hi: b.Interval().Hi}
	if mine.Hi > 0 && theirs.Hi > 0 {
		x, y = theirs, mine // t/T against t/P is P against T
	}
	t, err := ties.Lean(x, y)
	if err != nil {
		return shanyraq.Figure{}, err
	}
	if math.IsNaN(t.Asymmetry.Lo) || math.IsNaN(t.Asymmetry.Hi) {
		return shanyraq.Figure{}, nil
	}
	l := shanyraq.Lineage{Method: MethodAsymmetry, Sources: union(a.Lineage().Sources, b.Lineage().Sources),
		Assumptions: []shanyraq.Assumption{shanyraq.Assume("share_is_dependence", shanyraq.EitherWay)},
		Formula:     fmt.Sprintf("(%s − %s) / (%s + %s) = %.3f", three(a.Value()), three(b.Value()), three(a.Value()), three(b.Value()), v)}
	for i, f := range []shanyraq.Figure{a, b} {
		l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(rune('a' + i)), Path: f.Path(), When: shanyraq.YearPeriod(d.Year), Value: f.Value(), Unit: f.Unit()})
	}
	return shanyraq.NewFigure(path, v, outward(max(-1, min(t.Asymmetry.Lo, v)), min(1, max(t.Asymmetry.Hi, v)), 0.01), "index", l)
}

// A deal is a pair of places and a year.
type deal struct {
	place, partner shanyraq.CountryCode
	year           int
}

// turnovers returns the claims about the trade of two places, by pair and year,
// lowest first.
func (r *Room) turnovers(ctx context.Context) (map[deal][]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{turnover}})
	if err != nil {
		return nil, err
	}
	out := map[deal][]shanyraq.Claim{}
	for _, c := range cs {
		if c.Partner == "" || c.Partner == shanyraq.World || c.When.Year() == 0 {
			continue
		}
		k := deal{c.Place, c.Partner, c.When.Year()}
		if k.partner < k.place { // either side may stand first
			k.place, k.partner = k.partner, k.place
		}
		out[k] = append(out[k], c)
	}
	for _, cs := range out {
		slices.SortStableFunc(cs, func(a, b shanyraq.Claim) int {
			switch {
			case a.Value < b.Value:
				return -1
			case a.Value > b.Value:
				return 1
			}
			return strings.Compare(string(a.ID), string(b.ID))
		})
	}
	return out, nil
}

// wholeYear reports whether every claim is about one calendar year.
func wholeYear(cs []shanyraq.Claim) bool {
	return !slices.ContainsFunc(cs, func(c shanyraq.Claim) bool { return len(c.When) != 4 })
}

// stated compares home and the power by the turnover that either states.
func stated(home, power shanyraq.CountryCode, all map[deal][]shanyraq.Claim, books ledger) (out []Dependence, bonds []Bond, err error) {
	k := deal{home, power, 0}
	if power < home {
		k.place, k.partner = power, home
	}
	var years []int
	for d, cs := range all {
		if d.place == k.place && d.partner == k.partner && wholeYear(cs) {
			years = append(years, d.year)
		}
	}
	slices.Sort(years)
	slices.Reverse(years)
	for _, year := range years {
		k.year = year
		cs := all[k]
		c := strongest(cs)
		lo, hi := spread(cs)
		t := term{c.Value, ties.Range{Lo: lo, Hi: hi}, shanyraq.InputOf("t", c), shanyraq.SourcesOf(cs...)}
		for _, measure := range []string{"turnover", "turnover_product"} {
			mine, theirs := books.below(measure, home, year), books.below(measure, power, year)
			if mine == nil {
				continue
			}
			path := fmt.Sprintf("vectors/dependence/%s/%s/%s-%d", home, power, measure, year)
			d := Dependence{Power: power, Measure: measure, Year: year}
			if d.OfHome, err = over(path+"/mine", []term{t}, nil, mine); err != nil || d.OfHome.IsZero() {
				return out, bonds, err
			}
			if theirs != nil {
				if d.OfPower, err = over(path+"/theirs", []term{t}, nil, theirs); err != nil {
					return out, bonds, err
				}
				if !d.OfPower.IsZero() {
					if d.Lean, err = lean(path+"/lean", d, sum(mine), sum(theirs)); err != nil {
						return out, bonds, err
					}
					if measure == "turnover" {
						if bonds, err = joined(bonds, home, d, t.r, mine, theirs); err != nil {
							return out, bonds, err
						}
					}
				}
			}
			out = append(out, d)
		}
	}
	return out, bonds, nil
}

// below returns what a turnover is divided by: all trade, or the product.
func (l ledger) below(measure string, p shanyraq.CountryCode, year int) []term {
	if measure == "turnover_product" {
		if g, ok := l.total(product, p, year, "G"); ok {
			return []term{g}
		}
		return nil
	}
	x, ok1 := l.total(allExports, p, year, "X")
	m, ok2 := l.total(allImports, p, year, "M")
	if !ok1 || !ok2 {
		return nil
	}
	return []term{x, m}
}

// halved is the part by which a tie is cut to ask what home is exposed to.
const halved = 0.5

// expose asks what home loses if its tie with the power halves.
func expose(home, power shanyraq.CountryCode, row Row, books ledger) (Exposure, bool, error) {
	e := Exposure{Power: power, Domain: row.Domain, Year: row.Year}
	s := row.partner(power)
	if s.IsZero() || row.Year == 0 {
		return e, false, nil
	}
	share := part(s, power, row.Year, "s")
	x := []ties.Range{share.r, {Lo: 1 - share.r.Hi, Hi: 1 - share.r.Lo}}
	whole, ok1 := books.total(allExports, home, row.Year, "X")
	if row.Domain.Key == "imports" {
		whole, ok1 = books.total(allImports, home, row.Year, "M")
	}
	g, ok2 := books.total(product, home, row.Year, "G")
	ratio := ties.Range{Lo: math.NaN(), Hi: math.NaN()}
	if ok1 && ok2 && whole.r.Lo > 0 {
		ratio = ties.Range{Lo: g.r.Lo / whole.r.Hi, Hi: g.r.Hi / whole.r.Lo}
	}
	got, err := ties.Expose(x, 0, halved, 0, ratio)
	if errors.Is(err, ties.ErrNoTotal) {
		return e, false, nil
	}
	if err != nil {
		return e, false, err
	}
	path := fmt.Sprintf("vectors/halved/%s/%s/%s-%d", home, power, row.Domain.Key, row.Year)
	make := func(part string, v float64, r ties.Range, formula string, terms ...term) (shanyraq.Figure, error) {
		l := shanyraq.Lineage{Method: MethodExposure, Formula: formula,
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("first_round_only", shanyraq.EitherWay), shanyraq.Assume("nothing_regained", shanyraq.TooHigh)}}
		for _, t := range terms {
			l.Inputs, l.Sources = append(l.Inputs, t.in), union(l.Sources, t.by)
		}
		return shanyraq.NewFigure(path+"/"+part, 100*v, outward(100*min(r.Lo, v), 100*max(r.Hi, v), 0), "percent", l)
	}
	v := halved * share.v
	if e.Lost, err = make("lost", v, got.OfTotal, fmt.Sprintf("½ × %s = %s %%", three(100*share.v), three(100*v)), share); err != nil {
		return e, false, err
	}
	after := v / (1 - v)
	if e.After, err = make("after", after, got.After, fmt.Sprintf("100 × %s / (100 − %s) = %s %%", three(100*v), three(100*v), three(100*after)), share); err != nil {
		return e, false, err
	}
	if !math.IsNaN(got.OfProduct.Lo) {
		p := v * whole.v / g.v
		if e.Product, err = make("product", p, got.OfProduct, fmt.Sprintf("½ × %s %% × %s / %s = %s %%", three(100*share.v), three(whole.v), three(g.v), three(100*p)), share, whole, g); err != nil {
			return e, false, err
		}
	}
	return e, true, nil
}

// mirrors returns the pairs of which two speakers state the same year's trade,
// home's own first, then by pair, newest first.
func mirrors(home shanyraq.CountryCode, all map[deal][]shanyraq.Claim) ([]Mirror, error) {
	var out []Mirror
	for k, cs := range all {
		speakers := map[string]bool{}
		for _, c := range cs {
			speakers[c.Who] = true
		}
		if len(speakers) < 2 {
			continue
		}
		m := Mirror{Place: k.place, Partner: k.partner, Year: k.year, Claims: cs}
		if m.Partner == home {
			m.Place, m.Partner = m.Partner, m.Place
		}
		if wholeYear(cs) {
			path := fmt.Sprintf("vectors/mirror/%s/%s/%d", k.place, k.partner, k.year)
			l := shanyraq.Lineage{Method: MethodMirror, Sources: shanyraq.SourcesOf(cs...), Assumptions: []shanyraq.Assumption{shanyraq.Assume("truth_between_books", shanyraq.EitherWay)}}
			var ranges []ties.Range
			for i, c := range cs {
				l.Inputs = append(l.Inputs, shanyraq.InputOf(fmt.Sprintf("x%d", i+1), c))
				ranges = append(ranges, ties.Range{Lo: c.Range().Lo, Hi: c.Range().Hi})
			}
			low, high := cs[0], cs[len(cs)-1]
			if high.Range().Lo <= low.Range().Hi {
				continue // one number, rounded twice
			}
			s, err := ties.Span(ranges...)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			mid := (low.Value + high.Value) / 2
			l.Formula = fmt.Sprintf("(%s + %s) / 2 = %s", three(low.Value), three(high.Value), three(mid))
			if m.Range, err = shanyraq.NewFigure(path+"/range", mid, shanyraq.Interval{Lo: s.Lo, Hi: s.Hi, Kind: shanyraq.Spread}, low.Unit, l); err != nil {
				return nil, err
			}
			if lo := low.Range(); lo.Lo > 0 {
				v := high.Value / low.Value
				l.Formula = fmt.Sprintf("%s / %s = %.2f", three(high.Value), three(low.Value), v)
				if m.Gap, err = shanyraq.NewFigure(path+"/gap", v, shanyraq.Interval{Lo: high.Range().Lo / lo.Hi, Hi: high.Range().Hi / lo.Lo, Kind: shanyraq.Bounds}, "ratio", l); err != nil {
					return nil, err
				}
			}
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b Mirror) int {
		if (a.Place == home) != (b.Place == home) {
			if a.Place == home {
				return -1
			}
			return 1
		}
		if c := strings.Compare(string(a.Place)+string(a.Partner), string(b.Place)+string(b.Partner)); c != 0 {
			return c
		}
		return b.Year - a.Year
	})
	return out, nil
}

// Between returns where home stands between two powers, domain by domain.
func (r *Room) Between(ctx context.Context, home, first, second shanyraq.CountryCode) ([]Stance, error) {
	const op = "vectors.Between"
	if first == second || first == home || second == home {
		return nil, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.poles"}, "poles %q and %q of %q", first, second, home)
	}
	b, err := r.Balance(ctx, home)
	if err != nil {
		return nil, err
	}
	var out []Stance
	for _, row := range b.Rows {
		s, err := stand(home, first, second, row.Domain.Key, row.Year, row.partner(first), row.partner(second))
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s: %w", row.Domain.Key, err)
		}
		out = append(out, s)
	}
	for _, x := range []struct {
		key  string
		of   map[shanyraq.CountryCode]shanyraq.Figure
		year int
	}{{"votes", b.Agreement, b.VoteYears[1]}, {"organisations", b.Memberships, 0}} {
		s, err := stand(home, first, second, x.key, x.year, x.of[first], x.of[second])
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s: %w", x.key, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// stand makes the three figures of one domain; they are zero where the share of
// either power is unknown.
func stand(home, first, second shanyraq.CountryCode, key string, year int, a, b shanyraq.Figure) (Stance, error) {
	s := Stance{Key: key, Year: year, A: a, B: b}
	if a.IsZero() || b.IsZero() || !(a.Value()+b.Value() > 0) {
		return s, nil
	}
	of := func(f shanyraq.Figure) ties.Range {
		return ties.Range{Lo: max(0, f.Interval().Lo) / 100, Hi: min(100, f.Interval().Hi) / 100}
	}
	in, err := ties.Stand(of(a), of(b))
	if err != nil {
		return s, err
	}
	x, y := a.Value()/100, b.Value()/100
	l := shanyraq.Lineage{Method: MethodEquidistance, Sources: union(a.Lineage().Sources, b.Lineage().Sources),
		Assumptions: []shanyraq.Assumption{shanyraq.Assume("alike_measured", shanyraq.EitherWay)}}
	for i, f := range []shanyraq.Figure{a, b} {
		l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(rune('a' + i)), Path: f.Path(), Place: []shanyraq.CountryCode{first, second}[i], Value: f.Value(), Unit: f.Unit()})
	}
	make := func(part string, v float64, r ties.Range, formula string) (shanyraq.Figure, error) {
		if math.IsNaN(r.Lo) || math.IsNaN(r.Hi) {
			return shanyraq.Figure{}, nil
		}
		l := l
		l.Formula = formula
		return shanyraq.NewFigure(fmt.Sprintf("vectors/between/%s/%s-%s/%s/%s", home, first, second, key, part), v, outward(min(r.Lo, v), max(r.Hi, v), 0.01), "index", l)
	}
	d := math.Abs(x-y) / (x + y)
	if s.Equidistance, err = make("equidistance", 1-d, in.Equidistance, fmt.Sprintf("1 − |%.3f − %.3f| / (%.3f + %.3f) = %.3f", x, y, x, y, 1-d)); err != nil {
		return s, err
	}
	if s.Depth, err = make("depth", (x+y)/2, in.Depth, fmt.Sprintf("(%.3f + %.3f) / 2 = %.3f", x, y, (x+y)/2)); err != nil {
		return s, err
	}
	s.Lean, err = make("lean", (x-y)/(x+y), in.Lean, fmt.Sprintf("(%.3f − %.3f) / (%.3f + %.3f) = %.3f", x, y, x, y, (x-y)/(x+y)))
	return s, err
}

// With returns the part of the asymmetry that is about one power.
func (a Asymmetry) With(power shanyraq.CountryCode) Asymmetry {
	a.Dependence = slices.DeleteFunc(slices.Clone(a.Dependence), func(d Dependence) bool { return d.Power != power })
	a.Exposure = slices.DeleteFunc(slices.Clone(a.Exposure), func(x Exposure) bool { return x.Power != power })
	a.Mirrors = slices.DeleteFunc(slices.Clone(a.Mirrors), func(m Mirror) bool { return m.Place != power && m.Partner != power })
	a.Bonds = slices.DeleteFunc(slices.Clone(a.Bonds), func(b Bond) bool { return b.Power != power })
	a.Pressures = slices.DeleteFunc(slices.Clone(a.Pressures), func(p Pressure) bool { return p.Power != power })
	return a
}

// Figures returns every figure of the asymmetry, in the order of the tables.
func (a Asymmetry) Figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, d := range a.Dependence {
		out = append(out, d.OfHome, d.OfPower, d.Lean)
	}
	for _, x := range a.Exposure {
		out = append(out, x.Lost, x.Product, x.After)
	}
	for _, m := range a.Mirrors {
		out = append(out, m.Range, m.Gap)
	}
	for _, b := range a.Bonds {
		out = append(out, b.Salience, b.Symmetry, b.Interdependence)
	}
	for _, p := range a.Pressures {
		out = append(out, p.Width, p.Reliance, p.Value)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}
