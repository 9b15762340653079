package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// claim is one line of a table of claims; every field is as it is written.
type claim struct {
	series, place, area, partner, subject, when    string
	value, low, high, kind, level, step            string
	unit, definition, who, strength, address, note string
}

var columns = []string{
	"series", "place", "area", "partner", "subject", "when",
	"value", "low", "high", "kind", "level", "step",
	"unit", "definition", "who", "strength", "address", "note",
}

func (c claim) fields() []string {
	return []string{
		c.series, c.place, c.area, c.partner, c.subject, c.when,
		c.value, c.low, c.high, c.kind, c.level, c.step,
		c.unit, c.definition, c.who, c.strength, c.address, c.note,
	}
}

// order sorts by series, place, partner, subject and when, and by what is
// left where those are equal.
func order(a, b claim) int {
	ka := append([]string{a.series, a.place, a.partner, a.subject, a.when, a.area}, a.fields()...)
	kb := append([]string{b.series, b.place, b.partner, b.subject, b.when, b.area}, b.fields()...)
	return slices.Compare(ka, kb)
}

// claims writes a table of claims as data/source/name.csv with the columns
// that are used, and checks what is common to all: known places and numbers.
// A table that holds one series and is named after it has no such column.
func (w *workspace) claims(source, name string, cs []claim) error {
	for i := range cs {
		c := &cs[i]
		for _, p := range []string{c.place, c.partner} {
			if p != "" && !w.places[p] {
				return fmt.Errorf("%s/%s: no place %q", source, name, p)
			}
		}
		if c.place == "" {
			return fmt.Errorf("%s/%s: claim without a place: %+v", source, name, *c)
		}
		for _, n := range []*string{&c.value, &c.low, &c.high, &c.step} {
			if *n == "" && n != &c.value {
				continue
			}
			v, err := plain(*n)
			if err != nil {
				return fmt.Errorf("%s/%s: %+v: %w", source, name, *c, err)
			}
			*n = v
		}
		if c.low != "" {
			v, _ := strconv.ParseFloat(c.value, 64)
			lo, _ := strconv.ParseFloat(c.low, 64)
			hi, _ := strconv.ParseFloat(c.high, 64)
			if !(lo < hi && lo <= v && v <= hi) {
				return fmt.Errorf("%s/%s: %s outside %s to %s", source, name, c.value, c.low, c.high)
			}
		}
	}
	slices.SortFunc(cs, order)
	n := len(cs)
	cs = slices.CompactFunc(cs, func(a, b claim) bool { return a == b })
	if len(cs) != n {
		note("%s/%s: %d rows said the same twice", source, name, n-len(cs))
	}
	used := make([]bool, len(columns))
	for _, c := range cs {
		for i, f := range c.fields() {
			used[i] = used[i] || f != ""
		}
	}
	if !slices.ContainsFunc(cs, func(c claim) bool { return c.series != name }) {
		used[0] = false
	}
	pick := func(fields []string) (out []string) {
		for i, f := range fields {
			if used[i] {
				out = append(out, f)
			}
		}
		return out
	}
	rows := make([][]string, len(cs))
	for i, c := range cs {
		rows[i] = pick(c.fields())
	}
	b, err := table(pick(columns), rows)
	if err != nil {
		return err
	}
	return w.store(source+"/"+name+".csv", b)
}

// toUnit returns cs with a step of 1 where the value ends in zeros that were
// counted, not rounded: otherwise 80 would read as 75 to 85.
func toUnit(cs []claim) []claim {
	for i := range cs {
		if c := &cs[i]; c.step == "" && strings.HasSuffix(c.value, "0") && !strings.Contains(c.value, ".") && c.value != "0" {
			c.step = "1"
		}
	}
	return cs
}

// asPrinted returns the step the last printed digit of s stands for, or
// nothing if the number alone tells.
func asPrinted(s string) string {
	whole, frac, ok := strings.Cut(s, ".")
	switch {
	case ok && strings.HasSuffix(frac, "0"):
		return "0." + strings.Repeat("0", len(frac)-1) + "1"
	case !ok && whole != "0" && strings.HasSuffix(whole, "0"):
		return "1"
	}
	return ""
}

// withSteps returns the claims of one series with a step where trailing zeros
// were lost. What a publisher prints in one year has the same last decimal
// place, or, where a carrier cut the values, the same number of significant
// digits; the finest that one value in twenty reaches is taken for both. One
// value in ten ends in zero by chance. Where more than one in five does,
// countries round each in their own way, and their zeros are left to tell.
func withSteps(cs []claim) []claim {
	years := map[string][]*claim{}
	for i := range cs {
		if v, _ := strconv.ParseFloat(cs[i].value, 64); v != 0 {
			years[cs[i].when] = append(years[cs[i].when], &cs[i])
		}
	}
	for _, year := range years {
		if len(year) < 20 {
			continue
		}
		var places, digits []int
		for _, c := range year {
			places = append(places, lastDigit(c.value))
			digits = append(digits, lastDigit(c.value)-magnitude(c.value))
		}
		slices.Sort(places)
		slices.Sort(digits)
		at := len(year) / 20
		steps := map[*claim]string{}
		for _, c := range year {
			exp := max(places[at], digits[at]+magnitude(c.value))
			if lastDigit(c.value) > exp {
				steps[c] = strconv.FormatFloat(math.Pow10(exp), 'f', -1, 64)
			}
		}
		if 5*len(steps) > len(year) {
			continue
		}
		for c, s := range steps {
			c.step = s
		}
	}
	return cs
}

// magnitude returns the power of ten of the first digit of s.
func magnitude(s string) int {
	v, _ := strconv.ParseFloat(s, 64)
	return int(math.Floor(math.Log10(math.Abs(v))))
}

// lastDigit returns the power of ten of the last digit of s other than zero.
func lastDigit(s string) int {
	if _, frac, ok := strings.Cut(s, "."); ok {
		return -len(strings.TrimRight(frac, "0"))
	}
	return len(s) - len(strings.TrimRight(s, "0"))
}

// bySeries writes the claims of each series as a table of its own.
func (w *workspace) bySeries(source string, cs []claim) error {
	by := map[string][]claim{}
	for _, c := range cs {
		by[c.series] = append(by[c.series], c)
	}
	for name, part := range by {
		if len(part) > 1000 { // a publisher's whole table, not figures typed one by one
			part = withSteps(part)
		}
		if err := w.claims(source, name, part); err != nil {
			return err
		}
	}
	return nil
}

// merged returns cs with the claims that share series, place, area, partner,
// subject, time and value made one, their notes joined.
func merged(cs []claim) []claim {
	slices.SortFunc(cs, order)
	at := map[claim]int{}
	var out []claim
	for _, c := range cs {
		key := c
		key.note, key.address = "", ""
		key.subject = slug(c.subject)
		i, ok := at[key]
		if !ok {
			at[key] = len(out)
			out = append(out, c)
			continue
		}
		if c.note != "" && !strings.Contains(out[i].note, c.note) {
			out[i].note = strings.TrimPrefix(out[i].note+"; "+c.note, "; ")
		}
	}
	return out
}

// slug returns s as it stands in the id of a claim.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if isLetterOrDigit(r) {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}
