package publishers

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// fewPartners is how many partners a state must list for their sum to stand
// for its whole trade where it states no whole.
const fewPartners = 20

// A side is what one state says of its trade with another in one year, in US
// dollars; below zero for nothing.
type side struct {
	exports, imports float64
	line             int
}

// books are the trades of a file as each state books them.
type books struct {
	r     *reading
	file  Sheet
	sides map[[3]string]*side // who says it, with whom, in which year
}

func newBooks(r *reading) *books { return &books{r: r, sides: map[[3]string]*side{}} }

// add adds an amount to what a state says. Twice the same, as of goods one by
// one, adds up.
func (b *books) add(h header, line int, who, with, year string, exports bool, v float64) {
	b.file = h.sheet
	k := [3]string{who, with, year}
	s := b.sides[k]
	if s == nil {
		s = &side{-1, -1, line}
		b.sides[k] = s
	}
	if exports {
		s.exports = max(0, s.exports) + v
	} else {
		s.imports = max(0, s.imports) + v
	}
}

// end writes the shares of each state's own trade and the turnover of each pair
// as each side states it, so that two sides' books can be held beside each
// other.
func (b *books) end(names map[string]string) {
	type book struct{ who, year string }
	wholes, sums, count := map[book][2]float64{}, map[book][2]float64{}, map[book]int{}
	for k, s := range b.sides {
		at := book{k[0], k[2]}
		if k[1] == string(shanyraq.World) {
			wholes[at] = [2]float64{s.exports, s.imports}
			continue
		}
		t := sums[at]
		sums[at] = [2]float64{t[0] + max(0, s.exports), t[1] + max(0, s.imports)}
		count[at]++
	}
	keys := make([][3]string, 0, len(b.sides))
	for k := range b.sides {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y [3]string) int {
		return cmp.Or(strings.Compare(x[0], y[0]), strings.Compare(x[2], y[2]), strings.Compare(x[1], y[1]))
	})
	for _, k := range keys {
		if k[1] == string(shanyraq.World) {
			continue
		}
		s, at := b.sides[k], book{k[0], k[2]}
		who := cmp.Or(names[k[0]], k[0])
		whole, stated := wholes[at]
		for i, x := range []struct {
			series string
			v      float64
		}{{"export_share", s.exports}, {"import_share", s.imports}} {
			all, note := whole[i], "of its whole trade as stated"
			if !stated || all <= 0 {
				if count[at] < fewPartners {
					continue
				}
				all, note = sums[at][i], fmt.Sprintf("of the sum of %d partners", count[at])
			}
			if x.v >= 0 && all > 0 && x.v <= all {
				b.r.add(b.file, s.line, claim{"series": x.series, "place": k[0], "partner": k[1], "when": k[2], "value": fixed(100 * x.v / all), "step": "0.0001", "unit": "percent", "who": who, "note": note})
			}
		}
		if s.exports >= 0 && s.imports >= 0 {
			b.r.add(b.file, s.line, claim{"series": "trade_turnover", "place": k[0], "partner": k[1], "when": k[2], "value": decimal(s.exports + s.imports), "unit": "usd", "who": who,
				"note": fmt.Sprintf("exports %.0f and imports %.0f as %s books them", s.exports, s.imports, k[0])})
		}
	}
}

// any returns the first of the columns that has something in the row.
func (h header) any(row Row, names ...string) string {
	for _, n := range names {
		if s := h.get(row, n); s != "" {
			return s
		}
	}
	return ""
}

// year returns a whole year of four digits, and false for a month or a quarter.
func fullYear(s string) (string, bool) {
	y, ok := whole(s)
	return strconv.Itoa(y), ok && len(s) == 4 && y >= 1800 && y <= 2100
}

// comtrade is a table of annual trade of UN Comtrade, as its site and its
// interface of 2022 and later give it: all goods together, all modes and
// procedures, exports and imports.
func comtrade() Layout {
	return rowed{[]string{"refYear", "reporterISO", "flowCode", "partnerISO", "cmdCode", "primaryValue"}, func(r *reading) (func(header, Row), func()) {
		b, names := newBooks(r), map[string]string{}
		return func(h header, row Row) {
			if !strings.EqualFold(h.get(row, "cmdcode"), "TOTAL") {
				return // goods one by one
			}
			for name, all := range map[string]string{"partner2Code": "0", "motCode": "0", "customsCode": "C00"} {
				if s := h.get(row, name); s != "" && s != all {
					return // a part of what another row holds
				}
			}
			flow := h.get(row, "flowcode")
			year, ok := fullYear(cmp.Or(h.get(row, "period"), h.get(row, "refyear")))
			if flow != "X" && flow != "M" || !ok {
				r.skip++
				return
			}
			who, ok := r.names.Code(h.get(row, "reporteriso"))
			with, ok2 := r.names.Code(h.get(row, "partneriso"))
			if s := h.get(row, "partneriso"); s == "W00" || h.get(row, "partnercode") == "0" {
				with, ok2 = shanyraq.World, true
			}
			if !ok || !ok2 || who == with {
				r.skip++
				return
			}
			v, ok := number(h.get(row, "primaryvalue"))
			if !ok || v < 0 {
				r.fault(h.sheet, row.Line, h.col["primaryvalue"], "number", "number", "Found", h.get(row, "primaryvalue"))
				return
			}
			names[string(who)] = h.get(row, "reporterdesc")
			b.add(h, row.Line, string(who), string(with), year, flow == "X", v)
		}, func() { b.end(names) }
	}}.layout("comtrade", "Annual trade of UN Comtrade, all goods together (CSV of 2022 and later)")
}

// baciNumbers are numbers of BACI for countries that the United Nations number
// otherwise.
var baciNumbers = map[string]shanyraq.CountryCode{"251": "FRA", "381": "ITA", "490": "TWN", "579": "NOR", "699": "IND", "757": "CHE", "842": "USA"}

// baci is a year of BACI of CEPII: one row a good and a pair, thousands of US
// dollars, both sides' books reconciled into one.
func baci() Layout {
	return rowed{[]string{"t", "i", "j", "k", "v", "q"}, func(r *reading) (func(header, Row), func()) {
		b := newBooks(r)
		code := func(s string) (string, bool) {
			if c, ok := baciNumbers[s]; ok {
				return string(c), true
			}
			n, ok := whole(s)
			if !ok {
				return "", false
			}
			c, ok := r.names.Code(fmt.Sprintf("%03d", n))
			return string(c), ok
		}
		return func(h header, row Row) {
			from, ok := code(h.get(row, "i"))
			to, ok2 := code(h.get(row, "j"))
			year, ok3 := fullYear(h.get(row, "t"))
			if !ok || !ok2 || !ok3 || from == to {
				r.skip++
				return
			}
			v, ok := number(h.get(row, "v"))
			if !ok || v < 0 {
				r.fault(h.sheet, row.Line, h.col["v"], "number", "number", "Found", h.get(row, "v"))
				return
			}
			b.add(h, row.Line, from, to, year, true, 1000*v)
			b.add(h, row.Line, to, from, year, false, 1000*v)
		}, func() { b.end(nil) }
	}}.layout("baci", "BACI of CEPII, one year of trade by good (t, i, j, k, v, q)")
}

// imts is the International Merchandise Trade Statistics of the International
// Monetary Fund, formerly Direction of Trade: yearly, US dollars.
func imts() Layout {
	return rowed{[]string{"COUNTRY", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY", "TIME_PERIOD", "OBS_VALUE"}, func(r *reading) (func(header, Row), func()) {
		b := newBooks(r)
		return func(h header, row Row) {
			flow := h.get(row, "indicator")
			year, ok := fullYear(h.get(row, "time_period"))
			s := h.get(row, "obs_value")
			if h.get(row, "frequency") != "A" || !ok || flow != "XG_FOB_USD" && flow != "MG_CIF_USD" || s == "" || strings.EqualFold(s, "NaN") {
				r.skip++
				return
			}
			who, ok := r.names.Code(h.get(row, "country"))
			with, ok2 := r.names.Code(h.get(row, "counterpart_country"))
			if h.get(row, "counterpart_country") == "G001" {
				with, ok2 = shanyraq.World, true
			}
			if !ok || !ok2 || who == with {
				r.skip++
				return
			}
			v, ok := number(s)
			if !ok || v < 0 {
				r.fault(h.sheet, row.Line, h.col["obs_value"], "number", "number", "Found", s)
				return
			}
			b.add(h, row.Line, string(who), string(with), year, flow == "XG_FOB_USD", v)
		}, func() { b.end(nil) }
	}}.layout("imf-imts", "International Merchandise Trade Statistics, IMF (SDMX-CSV, yearly)")
}
