package ingest

import (
	"bytes"
	"iter"
	"maps"
	"slices"
	"strings"

	"shanyraq"
)

// units are the units of the built-in workspace.
var units = strings.Fields(`persons usd intl_usd percent share index score rank count records years km2 km million_t
	teu ratio per_100 per_million kwh tiv births_per_woman points lcu_per_usd intl_usd_per_person usd_per_person
	persons_per_million`)

// A Vocabulary is what a file may speak of: places, series, definitions and
// units. It does not change and may be used from many goroutines.
type Vocabulary struct {
	places      [26 * 26 * 26]bool
	names       map[string]shanyraq.CountryCode // by ISO code or name, in small letters
	series      map[shanyraq.SeriesID]shanyraq.Series
	definitions map[shanyraq.DefinitionID]bool
	units       map[shanyraq.Unit]bool
}

// NewVocabulary returns the vocabulary of the places, series and definitions,
// and of the units of the built-in workspace and of the series.
func NewVocabulary(places []shanyraq.Place, series []shanyraq.Series, definitions []shanyraq.Definition) *Vocabulary {
	v := &Vocabulary{
		names:       make(map[string]shanyraq.CountryCode, 8*len(places)),
		series:      make(map[shanyraq.SeriesID]shanyraq.Series, len(series)),
		definitions: make(map[shanyraq.DefinitionID]bool, len(definitions)),
		units:       make(map[shanyraq.Unit]bool, len(units)),
	}
	for wrong, right := range mistaken {
		v.names[wrong] = right
	}
	for _, p := range places {
		if i := placeIndex([]byte(p.Code)); i >= 0 {
			v.places[i] = true
		}
		for _, lang := range slices.Sorted(maps.Keys(p.Names)) {
			v.names[strings.ToLower(p.Names[lang])] = p.Code
		}
	}
	for _, p := range places { // codes win over names
		if p.Alpha2 != "" {
			v.names[strings.ToLower(p.Alpha2)] = p.Code
		}
		v.names[strings.ToLower(string(p.Code))] = p.Code
	}
	delete(v.names, "")
	for _, s := range series {
		v.series[s.ID] = s
		v.units[s.Unit] = true
	}
	for _, d := range definitions {
		v.definitions[d.ID] = true
	}
	for _, u := range units {
		v.units[shanyraq.Unit(u)] = true
	}
	return v
}

// mistaken are codes and names in common use that are not ISO's.
var mistaken = map[string]shanyraq.CountryCode{
	"uk": "GBR", "ger": "DEU", "sui": "CHE", "ned": "NLD", "por": "PRT", "den": "DNK", "gre": "GRC", "cro": "HRV",
	"lat": "LVA", "mgl": "MNG", "iri": "IRN", "ksa": "SAU", "uae": "ARE", "rsa": "ZAF", "rom": "ROU", "zar": "COD",
	"tmp": "TLS", "wbg": "PSE", "ksv": "XKX", "kos": "XKX", "ado": "AND", "eu": "EUU",
	"great britain": "GBR", "britain": "GBR", "england": "GBR", "great britain and northern ireland": "GBR",
	"usa": "USA", "america": "USA", "сша": "USA", "ақш": "USA", "russian federation": "RUS",
	"российская федерация": "RUS", "рф": "RUS", "ресей федерациясы": "RUS", "turkey": "TUR", "türkiye": "TUR",
	"türkiye cumhuriyeti": "TUR", "prc": "CHN", "кнр": "CHN", "қхр": "CHN", "korea": "KOR", "south korea": "KOR",
	"республика корея": "KOR", "republic of korea": "KOR", "киргизия": "KGZ", "белоруссия": "BLR", "фрг": "DEU",
	"республика казахстан": "KAZ", "republic of kazakhstan": "KAZ", "қазақстан республикасы": "KAZ", "рк": "KAZ",
	"czech republic": "CZE", "holland": "NLD", "viet nam": "VNM", "iran, islamic rep.": "IRN", "оаэ": "ARE",
}

// placeIndex returns a number for a code of three capital Latin letters, and
// -1 for anything else.
func placeIndex(code []byte) int {
	if len(code) != 3 {
		return -1
	}
	i := 0
	for _, b := range code {
		if b < 'A' || b > 'Z' {
			return -1
		}
		i = i*26 + int(b-'A')
	}
	return i
}

// nearPlace returns the code meant by an ISO alpha-2 code, a code in small
// letters, a name in any language of the table, or a slip of the pen in a
// name, and "" if none comes near or several do.
func (v *Vocabulary) nearPlace(field []byte) string {
	if v == nil {
		return ""
	}
	s := strings.ToLower(string(bytes.TrimSpace(field)))
	if code := v.names[s]; code != "" {
		if i := placeIndex([]byte(code)); i >= 0 && v.places[i] {
			return string(code)
		}
		return ""
	}
	if len([]rune(s)) < 5 || len(s) > 100 {
		return ""
	}
	if name := nearest(s, maps.Keys(v.names)); name != "" {
		return string(v.names[name])
	}
	return ""
}

// nearest returns the word closest to s by single-character edits, the first
// in the alphabet of those equally close, and "" if none is within a third of
// the length of s.
func nearest(s string, words iter.Seq[string]) string {
	a := []rune(s)
	if len(a) > 100 {
		return ""
	}
	best, found := len(a)/3+1, ""
	if len(a) < 3 {
		best = 1
	}
	for w := range words {
		b := []rune(w)
		if d := len(a) - len(b); max(d, -d) > best {
			continue
		}
		if d := edits(a, b); d < best || d == best && found != "" && w < found {
			best, found = d, w
		}
	}
	return found
}

// edits returns how many letters must be added, dropped, changed or swapped
// with the next to turn a into b.
func edits(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := last[j]
			if a[i] != b[j] {
				cost++
			}
			row[j+1] = min(cost, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// balance reports whether a series is of balances, which may be negative in
// any unit: "net" is a part of its name.
func balance(id shanyraq.SeriesID) bool {
	parts := strings.FieldsFunc(strings.ToLower(string(id)), func(r rune) bool { return r == '.' || r == '_' || r == '-' })
	return slices.Contains(parts, "net") || slices.Contains(parts, "netm")
}

// nameable reports whether s can name a series or another thing of the
// workspace: Latin letters, digits and, after the first, any of marks; at most
// 100 characters.
func nameable(s, marks string) bool {
	if s == "" || len(s) > 100 {
		return false
	}
	for i := range len(s) {
		b := s[i]
		if b|0x20 >= 'a' && b|0x20 <= 'z' || b >= '0' && b <= '9' || i > 0 && strings.IndexByte(marks, b) >= 0 {
			continue
		}
		return false
	}
	return true
}
