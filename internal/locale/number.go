package locale

import (
	"math"
	"strconv"
	"strings"
)

const (
	noBreak = "\u00a0" // no-break space
	minus   = "\u2212" // minus sign
	dash    = "\u2013" // en dash, between the ends of a range
)

// Number returns v with that many digits after the decimal sign, thousands
// apart: 1,234.5 in English, 1 234,5 with a no-break space in Kazakh and
// Russian, and the minus sign U+2212 in all. Digits below zero count as zero.
// It returns a dash for what is not finite.
func (l *Locale) Number(v float64, digits int) string {
	return l.spell(v, -max(digits, 0), 0, true)
}

// Percent returns a share of 1 as a percentage with that many digits after the
// decimal sign: 39.2% in English, 39,2 % with a no-break space in Kazakh and
// Russian.
func (l *Locale) Percent(share float64, digits int) string {
	return l.spell(share, -max(digits, 0)-2, 2, true) + l.percent
}

// Compact returns v in words for large numbers, to three significant digits:
// 1.32 million. Below a million it is a number to three significant digits.
func (l *Locale) Compact(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return l.Number(v, 0)
	}
	v = roundTo(v, exponent(v)-2) // 999,999 is a million
	place := exponent(v) - 2
	if e := scaleOf(v); e > 0 {
		return l.spell(v, place, -e, true) + noBreak + l.T("scale.long."+strconv.Itoa(e))
	}
	return l.spell(v, max(place, lastPlace(v)), 0, true)
}

// scaleOf returns the power of ten a large number is written in: 6, 9 or 12,
// and 0 below a million.
func scaleOf(v float64) int {
	switch v = math.Abs(v); {
	case v >= 1e12:
		return 12
	case v >= 1e9:
		return 9
	case v >= 1e6:
		return 6
	}
	return 0
}

// spell returns v rounded to the place (the power of ten of its last digit,
// such as −1 for tenths) and multiplied by 10^shift, in the language's signs.
// Shifting moves the decimal sign, so it adds no noise.
func (l *Locale) spell(v float64, place, shift int, grouped bool) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "—"
	}
	digits, exp := decimalDigits(v, place)
	last := exp - len(digits) + 1 + shift // place of the last digit
	exp += shift
	whole, frac := "0", ""
	switch {
	case digits == "": // zero
	case last >= 0:
		whole = digits + strings.Repeat("0", last)
	case exp < 0:
		frac = strings.Repeat("0", -exp-1) + digits
	default:
		whole, frac = digits[:exp+1], digits[exp+1:]
	}
	if want := -(place + shift); len(frac) < want {
		frac += strings.Repeat("0", want-len(frac))
	}
	var b strings.Builder
	if v < 0 && digits != "" {
		b.WriteString(minus)
	}
	for i, d := range []byte(whole) {
		if grouped && i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(l.group)
		}
		b.WriteByte(d)
	}
	if frac != "" {
		b.WriteString(l.decimal)
		b.WriteString(frac)
	}
	return b.String()
}

// decimalDigits returns the significant digits of |v| rounded to the place,
// without zeros at the end, and the power of ten of the first. There are none
// when v rounds to zero. It rounds the shortest decimal that reads back as v,
// halves away from zero.
func decimalDigits(v float64, place int) (digits string, exp int) {
	if v == 0 {
		return "", 0
	}
	mantissa, e, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'e', -1, 64), "e")
	exp, _ = strconv.Atoi(e)
	d := []byte(strings.Replace(mantissa, ".", "", 1))
	keep := exp - place + 1 // how many digits stay
	switch {
	case keep < 0:
		return "", 0
	case keep < len(d):
		up := d[keep] >= '5'
		d = d[:keep]
		for i := keep - 1; up && i >= 0; i-- {
			if up = d[i] == '9'; up {
				d[i] = '0'
			} else {
				d[i]++
			}
		}
		if up {
			d = append([]byte{'1'}, d...)
			exp++
		}
	}
	digits = strings.TrimRight(string(d), "0")
	return digits, exp
}

// roundTo returns v rounded to the place, as it is shown.
func roundTo(v float64, place int) float64 {
	digits, exp := decimalDigits(v, place)
	if digits == "" {
		return 0
	}
	r, _ := strconv.ParseFloat(digits[:1]+"."+digits[1:]+"e"+strconv.Itoa(exp), 64)
	return math.Copysign(r, v)
}

// roundDown returns v rounded to the place, never above v but for noise.
func roundDown(v float64, place int) float64 {
	if v == 0 {
		return 0
	}
	v = roundTo(v, exponent(v)-11) // a sum may end in noise
	if r := roundTo(v, place); r <= v {
		return r
	}
	return roundTo(roundTo(v, place)-math.Pow10(place), place)
}

// roundUp returns v rounded to the place, never below v but for noise.
func roundUp(v float64, place int) float64 { return -roundDown(-v, place) }

// exponent returns the power of ten of the first digit of v, which is not 0.
func exponent(v float64) int {
	_, e, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'e', -1, 64), "e")
	exp, _ := strconv.Atoi(e)
	return exp
}

// lastPlace returns the power of ten of the last digit other than zero in the
// shortest decimal that reads back as v, and 0 for 0.
func lastPlace(v float64) int {
	if v == 0 {
		return 0
	}
	digits, exp := decimalDigits(v, -400)
	return exp - len(digits) + 1
}
