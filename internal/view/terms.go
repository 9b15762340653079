package view

import (
	"strings"
	"unicode"

	"shanyraq"
)

// terms are short texts of the tables that are in our own words or common to
// many rows, in English as they stand there; the catalogue has them in every
// language under "term." and their letters.
var terms = map[string]bool{
	"institutes":            true,
	"broadcasting":          true,
	"kin citizenship":       true,
	"kin cards":             true,
	"diaspora mobilisation": true,
	"religious staff":       true,
	"schools":               true,
	"aid":                   true,
	"statements":            true,
	"Encyclopaedia box, its own source not visible":    true,
	"An official, fund, institute or association":      true,
	"Census or state statistics, read on another page": true,
	"Newspapers and agencies":                          true,
	"other":                                            true,
	"unspecified":                                      true,
	"none":                                             true,
	"mixed":                                            true,
	"Russian":                                          true,
	"Kazakh":                                           true,
	"Uzbek":                                            true,
	"Tatar":                                            true,
	"Ukrainian":                                        true,
	"Bashkir":                                          true,
	"Chechen":                                          true,
	"Chuvash":                                          true,
	"Tajik":                                            true,
	"Kyrgyz":                                           true,
	"Turkmen":                                          true,
	"Uyghur":                                           true,
	"Mongolian":                                        true,
	"Khalkh":                                           true,
	"Han Chinese":                                      true,
	"Chinese":                                          true,
	"Turkish":                                          true,
	"Kurdish":                                          true,
	"German":                                           true,
	"English":                                          true,
	"French":                                           true,
	"Spanish":                                          true,
	"Portuguese":                                       true,
	"Italian":                                          true,
	"Polish":                                           true,
	"Romanian":                                         true,
	"Hungarian":                                        true,
	"Armenian":                                         true,
	"Azerbaijani":                                      true,
	"Georgian":                                         true,
	"White":                                            true,
	"Black":                                            true,
	"Asian":                                            true,
	"Muslim":                                           true,
	"Christian":                                        true,
	"other Christian":                                  true,
	"Eastern Orthodox":                                 true,
	"Russian Orthodox":                                 true,
	"Orthodox":                                         true,
	"Roman Catholic":                                   true,
	"Catholic":                                         true,
	"Protestant":                                       true,
	"other Protestant":                                 true,
	"Buddhist":                                         true,
	"Hindu":                                            true,
	"Jewish":                                           true,
	"unaffiliated":                                     true,
	"no religion":                                      true,
	"folk religion":                                    true,
	"atheist":                                          true,
	"agnostic":                                         true,
}

// Terms returns the keys of the catalogue under which terms of the tables are.
func Terms() []string {
	var out []string
	for t := range terms {
		out = append(out, termKey(t))
	}
	return out
}

func termKey(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return "term." + strings.Join(words, "_")
}

// worded returns a short text of a table in the reader's language, or as it
// stands there if it is no term.
func worded(a *Ask, s string) string {
	if terms[s] {
		return a.T(termKey(s))
	}
	return s
}

// saidBy is who makes a claim: as its source has it, else its publisher.
func (h *House) saidBy(a *Ask, c shanyraq.Claim) string {
	if c.Who == "" {
		return h.sourceOf[c.Source].Publisher
	}
	return worded(a, c.Who)
}

// saysEnglish says once under each table that its notes, or the names its rows
// bear, are in English where the reader's language is another.
func saysEnglish(a *Ask, tables []*Table) {
	if a.Loc.Lang() == "en" {
		return
	}
	for _, t := range tables {
		notes, names := false, strings.HasPrefix(t.Key, "composition_")
		some := false
		for _, r := range t.Rows {
			some = some || names && inLatin(r.Label, 1)
			for i, c := range t.Columns[:min(len(t.Columns), len(r.Cells))] {
				switch c.Key {
				case "note", "rule", "poll", "subject":
					notes = notes || inLatin(r.Cells[i].Text, 2)
				}
			}
		}
		if notes {
			t.Notes = append(t.Notes, a.T("hosts.english"))
		}
		if some {
			t.Notes = append(t.Notes, a.T("hosts.english.names"))
		}
	}
}

// inLatin reports whether a text is of that many words or more, and none in
// Cyrillic.
func inLatin(s string, words int) bool {
	n := 0
	for _, w := range strings.Fields(s) {
		for _, r := range w {
			if unicode.Is(unicode.Cyrillic, r) {
				return false
			}
		}
		if strings.IndexFunc(w, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) >= 0 {
			n++
		}
	}
	return n >= words
}
