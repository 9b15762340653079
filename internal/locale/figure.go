package locale

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// A FigureText is a figure in a reader's language, rounded once.
type FigureText struct {
	Value string // 485; 39.2%; 306.2 bn
	Range string // 361–692; −0.58 to −0.43; "" for exact counts and for digits as printed
	Low   string // 361, the lower end alone
	High  string // 692, the upper end alone
	Unit  string // persons, in the form the value asks for
	Kind  string // 95% confidence
	Short string // 485 (361–692)
	Full  string // 485 persons (361 to 692, 95% confidence)
}

// Figure returns the figure in the reader's language, and the zero FigureText
// for no figure. Its range decides which digits are shown:
//
//   - value and ends are rounded to the place of the second significant digit
//     of half the width of the range: 0.4712 in 0.3904–0.5521 is 0.471
//     (0.390–0.552), for half the width is 0.081. Hundreds of whole units keep
//     their units (485 in 361–692); from a half width of 1000 on they do not
//     (4812 in 3600–6900 is 4,800). Persons and counts have no decimals.
//   - a value has at most four significant digits, or all those before its
//     decimal sign, and its ends stop at the same place: 0.3344796 in
//     0.3344738–0.3344852 is 0.3345. Ends that then read the same as the value
//     are in Full only, with the digits that tell them apart.
//   - ends have no zeros they do not need, those of 0.9404 in 0.94–0.95 are 0.94
//     and 0.95, and nor has the value beyond the place of its ends.
//   - a number that this would move by more than a quarter of itself keeps two
//     digits of its own, so that 361 beside 45 000 does not become 0; one
//     under a hundredth of the place does not.
//   - of Limits there is no value: the range stands in its place, its ends
//     rounded outward, to at most four significant digits of the larger.
//   - a Counted value is exact, and has no range. A share of what was counted
//     has at most four significant digits.
//   - a Printed value has at most four significant digits, or all those before
//     its decimal sign, and in Full the digits its publisher printed. Its ends,
//     half a step away, are in Full only, and not there either when whole things
//     are counted to the last or the ends read the same as the value. A Printed
//     range that is no rounding step, as of a product, is rounded as any other.
//   - a rank is a whole number; its ends are rounded outward.
//   - a range of no width that is not a count, as when all assumptions agree,
//     leaves a value of at most four significant digits, which is written once.
//   - a ratio and its ends have at most three significant digits of the largest.
//   - US dollars and international dollars from a million up are written in
//     millions, billions or trillions, to at most four significant digits.
//
// A share is shown as a percentage. Where an end is negative the range is
// written in words, since a dash could be a minus sign.
func (l *Locale) Figure(f shanyraq.Figure) FigureText {
	if f.IsZero() {
		return FigureText{}
	}
	v, iv, u := f.Value(), f.Interval(), f.Unit()
	s := shown(v, iv, u)
	var t FigureText
	low, high := l.end(s.lo, s), l.end(s.hi, s)
	mark := l.mark(u, s)
	whole, unit := l.end(s.value, s)+mark, l.unitOf(u, s)
	if iv.Kind == shanyraq.Printed {
		s.value.place = max(s.value.place, min(0, fourth(v)))
	}
	t.Value = l.end(s.value, s) + mark
	t.Low, t.High = low+mark, high+mark
	if iv.Kind != shanyraq.Counted && iv.Kind != shanyraq.Printed {
		if least := min(0, fourth(v)); s.capped {
			s.value.place = max(s.value.place, least)
			t.Value = l.end(s.value, s) + mark
			whole = t.Value
			lo, hi := s.lo, s.hi
			lo.place, hi.place = max(lo.place, least), max(hi.place, least)
			if a, b := l.end(lo, s), l.end(hi, s); a != b || a+mark != t.Value {
				low, high = a, b
				t.Low, t.High, t.Range = low+mark, high+mark, l.span(low, high, s)+mark
			}
		} else if low != high || low+mark != t.Value {
			t.Range = l.span(low, high, s) + mark
		}
	}
	t.Short = t.Value
	if t.Range != "" {
		t.Short += " (" + t.Range + ")"
	}
	t.Kind = l.kindLevel(iv)
	t.Unit = l.unitOf(u, s)
	t.Full = l.withUnit(whole, unit, u)
	if iv.Kind == shanyraq.Limits {
		t.Value, t.Range = t.Low, ""
		words := low + mark
		if low != high {
			t.Value, words = l.span(low, high, s)+mark, l.inWords(low, high)+mark
		}
		t.Short = t.Value
		t.Full = l.withUnit(words, t.Unit, u) + " (" + t.Kind + ")"
		return t
	}
	units := iv.Kind == shanyraq.Printed && countsWhole(u) && iv.Hi-iv.Lo <= 1
	if iv.Kind == shanyraq.Counted || units || iv.Kind == shanyraq.Printed && t.Low == whole {
		t.Low, t.High = whole, whole
		t.Full += " (" + t.Kind + ")"
		return t
	}
	t.Full += " (" + l.inWords(low, high) + mark + ", " + t.Kind + ")"
	return t
}

// digits is a number and the place of its last digit to show.
type digits struct {
	v     float64
	place int
}

// rounded is a figure's three numbers, each with its place, and the power of
// ten they are all written in: 9 for billions, −2 for a share in percent.
type rounded struct {
	value, lo, hi digits
	scale         int
	capped        bool // to four significant digits of the value
}

// shown applies the rules of [Locale.Figure].
func shown(v float64, iv shanyraq.Interval, u shanyraq.Unit) rounded {
	half := iv.Hi/2 - iv.Lo/2
	r := rounded{value: digits{v, 0}, lo: digits{iv.Lo, 0}, hi: digits{iv.Hi, 0}}
	switch {
	case compact(u):
		r.scale = scaleOf(v)
	case u == "share":
		r.scale = -2
	}
	switch {
	case iv.Kind == shanyraq.Counted:
		r.value.place = min(max(lastPlace(v), fourth(v)), 0)
		r.lo.place, r.hi.place = r.value.place, r.value.place
	case iv.Kind == shanyraq.Printed && isStep(2*half):
		if r.value.place = printedPlace(v, half); countsWhole(u) {
			r.value.place = max(r.value.place, 0)
		}
		end := r.value.place - 1
		if roundTo(half, end) != roundTo(half, end-1) {
			end-- // half a step of 0.25
		}
		r.lo.place, r.hi.place = end, end
	case u == "rank":
		r.lo.v, r.hi.v = math.Floor(iv.Lo), math.Ceil(iv.Hi)
	case half == 0:
		p := min(max(fourth(v), lastPlace(v)), 0)
		r.value.place, r.lo.place, r.hi.place = p, p, p
	default:
		p := widthPlace(half)
		for _, d := range []*digits{&r.value, &r.lo, &r.hi} {
			d.place = ownPlace(d.v, p)
		}
		if iv.Kind == shanyraq.Limits {
			r.lo.place, r.hi.place = ownPlaceBy(iv.Lo, p, roundDown), ownPlaceBy(iv.Hi, p, roundUp)
		}
		r.trim()
		r.capped = r.scale <= 0 && v != 0 && iv.Kind != shanyraq.Limits
	}
	if countsWhole(u) && !(iv.Kind == shanyraq.Printed && isStep(2*half)) && iv.Kind != shanyraq.Counted {
		for _, d := range []*digits{&r.value, &r.lo, &r.hi} {
			d.place = max(d.place, 0)
		}
	}
	if r.scale > 0 {
		r.sum(v)
	}
	if u == "ratio" && iv.Kind != shanyraq.Printed && iv.Kind != shanyraq.Counted {
		if most := max(math.Abs(v), math.Abs(iv.Lo), math.Abs(iv.Hi)); most > 0 {
			for _, d := range []*digits{&r.value, &r.lo, &r.hi} {
				d.place = max(d.place, exponent(most)-2)
			}
		}
	}
	if iv.Kind == shanyraq.Limits && half > 0 {
		least := min(0, fourth(max(math.Abs(iv.Lo), math.Abs(iv.Hi))))
		r.lo.place, r.hi.place = max(r.lo.place, least), max(r.hi.place, least)
		r.lo.v, r.hi.v = roundDown(r.lo.v, r.lo.place), roundUp(r.hi.v, r.hi.place)
	}
	return r
}

// sum drops what nobody reads of a sum of millions and more: all but the first
// four digits of the value v, and in the ends what stands to their right.
func (r *rounded) sum(v float64) {
	least := fourth(v)
	if up := roundTo(v, max(r.value.place, least)); exponent(up) > exponent(v) {
		least = exponent(up) - 3 // 999.96 million is 1.000 billion
		r.scale = max(r.scale, scaleOf(up))
	}
	for _, d := range []*digits{&r.value, &r.lo, &r.hi} {
		d.place = max(d.place, least)
	}
}

// trim takes from both ends the zeros after the decimal sign that neither needs,
// and from the value those it does not need where the ends have none.
func (r *rounded) trim() {
	need := 0
	for _, d := range []digits{r.lo, r.hi} {
		if d.v != 0 {
			need = min(need, lastPlace(roundTo(d.v, exponent(d.v)-9))) // a difference may end in noise
		}
	}
	if r.scale < 0 { // written in percent
		need = min(need, r.scale)
	}
	r.lo.place, r.hi.place = max(r.lo.place, need), max(r.hi.place, need)
	if r.value.v != 0 {
		need = min(need, lastPlace(roundTo(r.value.v, exponent(r.value.v)-9)))
	}
	r.value.place = max(r.value.place, need)
}

// widthPlace returns the place of the last digit that half the width of a
// range supports: of its second significant digit, but not of the tens while
// it is below a thousand.
func widthPlace(half float64) int {
	p := int(math.Floor(math.Log10(half)+1e-9)) - 1
	if p == 1 {
		return 0
	}
	return p
}

// ownPlace returns the place v is rounded to where the range supports place p:
// p, unless that would move v by more than a quarter of itself.
func ownPlace(v float64, p int) int { return ownPlaceBy(v, p, roundTo) }

func ownPlaceBy(v float64, p int, round func(float64, int) float64) int {
	if math.Abs(v) < math.Pow10(p-2) || math.Abs(round(v, p)-v) <= math.Abs(v)/4 {
		return p
	}
	return min(p, exponent(v)-1)
}

// fourth returns the place of the fourth significant digit of v, and 0 for 0.
func fourth(v float64) int {
	if v == 0 {
		return 0
	}
	return exponent(v) - 3
}

// isStep reports whether numbers are printed to multiples of v: 1, 2, 2.5 or 5
// of some power of ten. It looks at six digits, for v is a difference.
func isStep(v float64) bool {
	if !(v > 0) {
		return false
	}
	digits, _ := decimalDigits(v, exponent(v)-5)
	return slices.Contains([]string{"1", "2", "25", "5"}, digits)
}

// printedPlace returns the place of the last digit a publisher printed, given
// half the step it rounds to: that of the step, or one finer where the value
// has a digit there, as when a table is rounded to halves.
func printedPlace(v, half float64) int {
	p := int(math.Floor(math.Log10(2*half) + 1e-6))
	return min(p, max(lastPlace(roundTo(v, p-1)), p-1))
}

// end returns one number of the figure, without its mark.
func (l *Locale) end(d digits, r rounded) string {
	return l.spell(d.v, d.place, -r.scale, true)
}

// mark returns what stands after each number: a percent sign, or the word for
// millions or billions.
func (l *Locale) mark(u shanyraq.Unit, r rounded) string {
	switch {
	case u == "percent" || u == "share":
		return l.percent
	case r.scale > 0:
		return noBreak + l.T("scale.short."+strconv.Itoa(r.scale))
	}
	return ""
}

// span returns a range without its mark: with a dash, or in words if an end is
// negative.
func (l *Locale) span(low, high string, r rounded) string {
	if r.lo.v < 0 {
		return l.inWords(low, high)
	}
	return low + dash + high
}

func (l *Locale) inWords(low, high string) string {
	return l.T("figure.range", "Low", low, "High", high)
}

// unitOf returns the unit in the form the value as shown asks for.
func (l *Locale) unitOf(u shanyraq.Unit, r rounded) string {
	if r.scale > 0 {
		return l.Unit(u, 1e6)
	}
	n := strconv.FormatFloat(math.Abs(roundTo(r.value.v, r.value.place)), 'f', max(-r.value.place, 0), 64)
	return l.unit(u, n)
}

// withUnit joins a value and its unit as the language does: after it, or by a
// pattern of the unit's own, such as "rank 47".
func (l *Locale) withUnit(value, unit string, u shanyraq.Unit) string {
	if u == "percent" || u == "share" {
		return value
	}
	if key := "unit." + string(u) + ".value"; l.Has(key) {
		return l.T(key, "Value", value)
	}
	return strings.TrimSpace(value + " " + unit)
}

// compact reports whether large values of the unit are written in millions and
// billions.
func compact(u shanyraq.Unit) bool { return u == "usd" || u == "intl_usd" }

// countsWhole reports whether the unit counts things that have no fractions.
func countsWhole(u shanyraq.Unit) bool {
	switch u {
	case "persons", "count", "records", "rank":
		return true
	}
	return false
}
