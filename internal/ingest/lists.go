package ingest

import (
	"bytes"
	"strconv"
	"strings"

	"shanyraq"
)

// A list reads one of a workspace's own tables by the names of its columns.
type list struct {
	scan  *scanner // nil if the table cannot be read
	field map[string]int
	known []string
	names map[string]int // further columns, by name
	width int
	lines int
}

// openList reads the header of a table. Columns that begin with one of the
// prefixes, separated by spaces, are allowed beside the known ones.
func openList(file string, data []byte, faults *collector, known, required []string, prefixes string) *list {
	l := &list{known: known, field: map[string]int{}}
	if l.scan = newScanner(file, data, faults); l.scan == nil {
		return l
	}
	at, names, ok := l.scan.header(known, required, func(name string) bool {
		for p := range strings.FieldsSeq(prefixes) {
			if len(name) > len(p) && strings.HasPrefix(name, p) {
				return true
			}
		}
		return false
	})
	if !ok {
		l.scan = nil
		return l
	}
	for i, name := range known {
		if at[i] >= 0 {
			l.field[name] = at[i]
		}
	}
	l.names, l.width = names, len(l.scan.fields)
	return l
}

// next moves to the next line that has all its fields.
func (l *list) next() bool {
	if l.scan == nil {
		return false
	}
	for l.scan.scan() {
		l.lines++
		if l.scan.full(l.width) {
			return true
		}
	}
	if l.lines == 0 && !l.scan.faults.any() {
		l.scan.faults.add(l.scan.file, 0, 0, "no_rows", "rows")
	}
	return false
}

// get returns the content of a column without the spaces around it.
func (l *list) get(column string) string {
	i, ok := l.field[column]
	if !ok {
		return ""
	}
	return string(bytes.TrimSpace(l.scan.fields[i]))
}

// byLanguage returns what the columns prefix_en, prefix_ru, ... hold, by
// language, without the empty ones.
func (l *list) byLanguage(prefix string) map[string]string {
	out := map[string]string{}
	for name, i := range l.names {
		lang, ok := strings.CutPrefix(name, prefix)
		if v := bytes.TrimSpace(l.scan.fields[i]); ok && len(v) > 0 {
			if base, region, ok := strings.Cut(lang, "-"); ok { // as BCP 47 writes it: zh-Hans, pt-BR
				if len(region) == 4 {
					region = strings.ToUpper(region[:1]) + region[1:]
				} else {
					region = strings.ToUpper(region)
				}
				lang = base + "-" + region
			}
			out[lang] = string(v)
		}
	}
	return out
}

func (l *list) fault(column, what, remedy string, args ...any) {
	i, ok := l.field[column]
	if !ok {
		i, ok = l.names[column]
	}
	if !ok {
		i = -1
	}
	l.scan.fault(i, what, remedy, args...)
}

// place returns the country code in a column.
func (l *list) place(column string, known *Vocabulary) shanyraq.CountryCode {
	f := []byte(l.get(column))
	if len(f) == 0 {
		l.fault(column, "required", "fill", "Column", column)
		return ""
	}
	i := placeIndex(f)
	if i >= 0 && (known == nil || known.places[i]) {
		return shanyraq.CountryCode(f)
	}
	what := "place_unknown"
	if i < 0 {
		what = "place"
	}
	if near := known.nearPlace(f); near != "" {
		l.fault(column, what, "near", "Column", column, "Found", shown(f), "Near", near)
	} else {
		l.fault(column, what, "place", "Column", column, "Found", shown(f))
	}
	return ""
}

// year returns the year in a column, and 0 if it is empty.
func (l *list) year(column string) int {
	s := l.get(column)
	if s == "" {
		return 0
	}
	y, err := strconv.Atoi(s)
	if err != nil || len(s) != 4 || y <= 0 {
		l.fault(column, "year", "year", "Column", column, "Found", shown(s))
		return 0
	}
	return y
}

// once records a fault if the id in a column was there before.
func (l *list) once(seen map[string]int, column, id string) bool {
	if line, ok := seen[id]; ok {
		l.fault(column, "id_twice", "column_one", "Found", shown(id), "Line", line)
		return false
	}
	seen[id] = l.scan.line
	return true
}

func readPlaces(file string, data []byte, faults *collector) []shanyraq.Place {
	var out []shanyraq.Place
	seen := map[string]int{}
	l := openList(file, data, faults, strings.Fields("code alpha2 numeric region subregion"), []string{"code"}, "name_")
	for l.next() {
		p := shanyraq.Place{
			Code: l.place("code", nil), Alpha2: l.get("alpha2"), Numeric: l.get("numeric"),
			Region: l.get("region"), Subregion: l.get("subregion"), Names: l.byLanguage("name_"),
		}
		if p.Names["en"] == "" {
			l.fault("code", "name_missing", "fill", "Found", p.Code, "Column", "name_en")
		}
		if p.Code != "" && l.once(seen, "code", string(p.Code)) {
			out = append(out, p)
		}
	}
	return out
}

// readCities adds to each place the cities it is to be found by.
func readCities(file string, data []byte, places []shanyraq.Place, known *Vocabulary, faults *collector) {
	at := map[shanyraq.CountryCode]int{}
	for i, p := range places {
		at[p.Code] = i
	}
	l := openList(file, data, faults, []string{"place", "city"}, []string{"place", "city"}, "")
	for l.next() {
		code, city := l.place("place", known), l.get("city")
		if city == "" {
			l.fault("city", "name_missing", "fill", "Found", code, "Column", "city")
		}
		if i, ok := at[code]; ok && city != "" {
			places[i].Cities = append(places[i].Cities, city)
		}
	}
}

func readDefinitions(file string, data []byte, faults *collector) []shanyraq.Definition {
	var out []shanyraq.Definition
	seen := map[string]int{}
	l := openList(file, data, faults, []string{"definition"}, []string{"definition"}, "title_ meaning_")
	for l.next() {
		id := l.get("definition")
		if !nameable(id, "_-") {
			l.fault("definition", "id", "id", "Found", shown(id))
			continue
		}
		d := shanyraq.Definition{ID: shanyraq.DefinitionID(id), Titles: l.byLanguage("title_"), Meaning: l.byLanguage("meaning_")}
		if d.Titles["en"] == "" {
			l.fault("definition", "name_missing", "fill", "Found", shown(id), "Column", "title_en")
		}
		if l.once(seen, "definition", id) {
			out = append(out, d)
		}
	}
	return out
}

func readSeries(file string, data []byte, definitions []shanyraq.Definition, faults *collector) []shanyraq.Series {
	known := map[string]bool{"": true}
	for _, d := range definitions {
		known[string(d.ID)] = true
	}
	var out []shanyraq.Series
	seen := map[string]int{}
	l := openList(file, data, faults, strings.Fields("series unit definition topic"), strings.Fields("series unit topic"), "title_ meaning_")
	for l.next() {
		id, unit, definition := l.get("series"), shanyraq.Unit(l.get("unit")), l.get("definition")
		if !nameable(id, "._-") {
			l.fault("series", "series", "series_name", "Found", shown(id))
			continue
		}
		s := shanyraq.Series{
			ID: shanyraq.SeriesID(id), Unit: unit, Definition: shanyraq.DefinitionID(definition), Topic: l.get("topic"),
			Titles: l.byLanguage("title_"), Meaning: l.byLanguage("meaning_"),
		}
		if !unit.Valid() {
			l.fault("unit", "unit_unknown", "one_of", "Found", shown(string(unit)), "Known", strings.Join(units, ", "))
		}
		if !known[definition] {
			l.fault("definition", "definition_unknown", "definition_csv", "Found", shown(definition))
		}
		if s.Topic == "" {
			l.fault("topic", "required", "fill", "Column", "topic")
		}
		if s.Titles["en"] == "" {
			l.fault("series", "name_missing", "fill", "Found", shown(id), "Column", "title_en")
		}
		if l.once(seen, "series", id) {
			out = append(out, s)
		}
	}
	return out
}

// readGroups returns the groups in order of first member. Names and note stand
// on a group's first line; its source is the first its lines name.
func readGroups(file string, data []byte, known *Vocabulary, sources map[shanyraq.SourceID]bool, faults *collector) []shanyraq.Group {
	var out []shanyraq.Group
	at := map[string]int{}
	l := openList(file, data, faults, strings.Fields("group place from to source note"), strings.Fields("group place"), "name_")
	for l.next() {
		id := l.get("group")
		if !nameable(id, "_-") {
			l.fault("group", "id", "id", "Found", shown(id))
			continue
		}
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			g := shanyraq.Group{ID: shanyraq.GroupID(id), Names: l.byLanguage("name_"), Note: l.get("note")}
			if g.Names["en"] == "" {
				l.fault("group", "name_missing", "fill", "Found", shown(id), "Column", "name_en")
			}
			out = append(out, g)
		}
		m := shanyraq.Member{Place: l.place("place", known), From: l.year("from"), To: l.year("to")}
		if m.From > m.To && m.To != 0 {
			l.fault("from", "years_backwards", "swap", "Low", m.From, "High", m.To)
		}
		if s := shanyraq.SourceID(l.get("source")); s != "" {
			if !sources[s] {
				l.fault("source", "source_unknown", "source", "Found", shown(string(s)))
			}
			if out[i].Source == "" {
				out[i].Source = s
			}
		}
		out[i].Members = append(out[i].Members, m)
	}
	return out
}
