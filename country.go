package shanyraq

import "slices"

// CountryCode is the ISO 3166-1 alpha-3 code of a country or territory, in
// capitals, such as "KAZ". Four codes outside the standard are used:
// [World], [EuropeanUnion], XKX for Kosovo, and CHI for the Channel Islands,
// as the publishers of the built-in tables write them. States that have ended
// keep their former codes (SUN, YUG, SCG, CSK, DDR).
type CountryCode string

// Places that are not countries but appear in publishers' tables as if they were.
const (
	World         CountryCode = "WLD" // every country, or every host but home
	EuropeanUnion CountryCode = "EUU" // the European Union as one partner
)

// ParseCountry returns the code written in s, or an [Invalid] error unless s
// is three capital Latin letters. Whether the code is in use is for the table
// of places to say.
func ParseCountry(s string) (CountryCode, error) {
	if len(s) != 3 {
		return "", Errorf("shanyraq.ParseCountry", Invalid, "%q is not a three-letter country code such as KAZ", s)
	}
	for _, r := range s {
		if r < 'A' || r > 'Z' {
			return "", Errorf("shanyraq.ParseCountry", Invalid, "%q is not a three-letter country code in capitals such as KAZ", s)
		}
	}
	return CountryCode(s), nil
}

// A Place is a country or territory and what it is called.
type Place struct {
	Code      CountryCode       `json:"code"`
	Alpha2    string            `json:"alpha2,omitempty"`    // ISO 3166-1 alpha-2
	Numeric   string            `json:"numeric,omitempty"`   // ISO 3166-1 numeric, three digits
	Region    string            `json:"region,omitempty"`    // UN M49 region, in English
	Subregion string            `json:"subregion,omitempty"` // UN M49 subregion, in English
	Names     map[string]string `json:"names"`               // by BCP 47 language: en, ru, kk, ar, zh, ...
	Cities    []string          `json:"-"`                   // its capital and larger cities, to be found by
}

// ended are the states that are no more, with the codes they had.
var ended = []CountryCode{"CSK", "DDR", "SCG", "SUN", "YUG"}

// Exists reports whether the place is a country or territory of today, which
// can be a home or a host: it has a two-letter code, is no union of states, and
// has not ended.
func (p Place) Exists() bool {
	return p.Alpha2 != "" && p.Code != EuropeanUnion && p.Code != World && !slices.Contains(ended, p.Code)
}

// Name returns the place's name in the language, else in English, else its code.
func (p Place) Name(lang string) string {
	if n := p.Names[lang]; n != "" {
		return n
	}
	if n := p.Names["en"]; n != "" {
		return n
	}
	return string(p.Code)
}

// GroupID names a [Group], such as "turkic".
type GroupID string

// A Group is a list of countries, each a member for a stated time: the South
// Caucasus, the Turkic states, a power with its members. Groups are
// definitions, so a user may change them.
type Group struct {
	ID      GroupID           `json:"id"`
	Names   map[string]string `json:"names"` // by language
	Members []Member          `json:"members"`
	Source  SourceID          `json:"source,omitempty"`
	Note    string            `json:"note,omitempty"`
}

// A Member is one country's time in a [Group].
type Member struct {
	Place CountryCode `json:"place"`
	From  int         `json:"from,omitempty"` // first year; 0 means open
	To    int         `json:"to,omitempty"`   // last year, in it; 0 means open
}

// Name returns the group's name in the language, else in English, else its id.
func (g Group) Name(lang string) string {
	if n := g.Names[lang]; n != "" {
		return n
	}
	if n := g.Names["en"]; n != "" {
		return n
	}
	return string(g.ID)
}

// In returns the members in the year, in order of code, each once.
func (g Group) In(year int) []CountryCode {
	var out []CountryCode
	for _, m := range g.Members {
		if (m.From == 0 || m.From <= year) && (m.To == 0 || year <= m.To) {
			out = append(out, m.Place)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
