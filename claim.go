package shanyraq

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// ClaimID names a [Claim]. It is stable across versions of the tables:
// source/series/place/partner/when, with "-" for what is absent, and a suffix
// "~xxxxxx" from the claim's content where a source makes rival claims.
type ClaimID string

// A Claim is what somebody says: that a quantity is so many, in a place, at a
// time, under a definition. Claims are the raw material of every figure. Two
// claims may contradict each other, and both are kept.
type Claim struct {
	ID         ClaimID      `json:"id"`
	Source     SourceID     `json:"source"`
	Series     SeriesID     `json:"series"`
	Place      CountryCode  `json:"place"`             // where; for a tie, the side the series describes first
	Area       string       `json:"area,omitempty"`    // ISO 3166-2 part of the place, or a city
	Partner    CountryCode  `json:"partner,omitempty"` // the other country: origin of migrants, visitor, buyer
	Subject    string       `json:"subject,omitempty"` // what else it is about: an organisation, a route, a person in office
	When       Period       `json:"when"`
	Value      float64      `json:"value"`
	Stated     *Interval    `json:"stated,omitempty"` // the range the source itself gives, if any
	Step       float64      `json:"step,omitempty"`   // unit the value is rounded to; 0 if only its digits tell
	Unit       Unit         `json:"unit"`
	Definition DefinitionID `json:"definition,omitempty"`
	Who        string       `json:"who,omitempty"` // who says so, where not the publisher
	Strength   Strength     `json:"strength"`
	Address    string       `json:"address,omitempty"` // of the page or table, where not the source's own
	Note       string       `json:"note,omitempty"`
}

// Range returns the interval the claim supports: the one its source states,
// else [Printed], half a rounding step either side of the value, never less
// than the next numbers a float64 can hold, and cut at what the quantity can be.
func (c Claim) Range() Interval {
	if c.Stated != nil {
		return *c.Stated
	}
	step := c.Step
	if step <= 0 {
		step = LastDigit(c.Value)
	}
	iv := Interval{
		Lo:   min(c.Value-step/2, math.Nextafter(c.Value, math.Inf(-1))),
		Hi:   max(c.Value+step/2, math.Nextafter(c.Value, math.Inf(1))),
		Kind: Printed,
	}
	if least, most := NaturalBounds(c.Series, c.Unit); c.Value >= least && c.Value <= most {
		iv.Lo, iv.Hi = max(iv.Lo, least), min(iv.Hi, most)
	}
	return iv
}

// LastDigit returns the place of the last digit other than zero in the
// shortest decimal that reads back as v: 1000 for 45000, 0.01 for 3.25, and 1
// for 0.
func LastDigit(v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return 1
	}
	s := strconv.FormatFloat(math.Abs(v), 'e', -1, 64)
	mantissa, exp, _ := strings.Cut(s, "e")
	e, _ := strconv.Atoi(exp)
	if _, frac, ok := strings.Cut(mantissa, "."); ok {
		e -= len(frac)
	}
	return math.Pow10(e)
}

// Figure returns the claim as a figure that opens at "claim/" and its id. It
// adds nothing to what the source says.
func (c Claim) Figure() (Figure, error) {
	return NewFigure("claim/"+string(c.ID), c.Value, c.Range(), c.Unit, Lineage{
		Method:  "claim",
		Sources: []SourceID{c.Source},
	})
}

// A Query picks claims. The zero value of a field picks all.
type Query struct {
	Series   []SeriesID
	Places   []CountryCode
	Partners []CountryCode
	Sources  []SourceID
	From, To int // years in which a claim's period ends, ends included; undated claims pass unless From is set
}

// Match reports whether the query picks c.
func (q Query) Match(c *Claim) bool {
	if len(q.Series) > 0 && !slices.Contains(q.Series, c.Series) ||
		len(q.Places) > 0 && !slices.Contains(q.Places, c.Place) ||
		len(q.Partners) > 0 && !slices.Contains(q.Partners, c.Partner) ||
		len(q.Sources) > 0 && !slices.Contains(q.Sources, c.Source) {
		return false
	}
	if q.From == 0 && q.To == 0 {
		return true
	}
	y := c.When.Year()
	return !(q.From != 0 && y < q.From) && !(q.To != 0 && y > q.To)
}
