package publishers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanyraq"
	"shanyraq/internal/ingest"
)

// A Mapping says what the columns of anybody's table are. Columns are named by
// their heading, whatever its case, or by their letter in brackets: [A].
type Mapping struct {
	Sheet      string                `json:"sheet,omitempty"`   // of a workbook; else the first with a table
	Header     int                   `json:"header"`            // line of the headings
	Place      string                `json:"place,omitempty"`   // column of the host
	At         shanyraq.CountryCode  `json:"at,omitempty"`      // the host of every row, where there is no column
	Area       string                `json:"area,omitempty"`    // column of a part of the host
	Partner    string                `json:"partner,omitempty"` // column of the other country
	Of         shanyraq.CountryCode  `json:"of,omitempty"`      // the other country of every row
	Subject    string                `json:"subject,omitempty"`
	When       string                `json:"when,omitempty"` // column of the date
	On         shanyraq.Period       `json:"on,omitempty"`   // the date of every row
	Value      string                `json:"value,omitempty"`
	Years      []string              `json:"years,omitempty"` // columns of values, each headed by its year, in place of value and when
	Note       string                `json:"note,omitempty"`
	Series     shanyraq.SeriesID     `json:"series"`
	Unit       shanyraq.Unit         `json:"unit,omitempty"` // of a series nobody knows yet
	Title      string                `json:"title,omitempty"`
	Definition shanyraq.DefinitionID `json:"definition,omitempty"`
	Times      float64               `json:"times,omitempty"` // every value by this, such as 1000 for thousands; 0 means 1
	Skip       []string              `json:"skip,omitempty"`  // names of rows to leave out, such as totals

	Help map[string]string `json:"help,omitempty"` // what each part is for, as [Mapping.Whole] writes it; not read
}

// Parts lists the parts of a mapping by their names in JSON, in order.
func Parts() []string {
	return []string{"sheet", "header", "place", "at", "partner", "of", "when", "on", "value", "years", "area", "subject", "note", "series", "unit", "title", "definition", "times", "skip"}
}

// ReadMapping reads a mapping from JSON.
func ReadMapping(r io.Reader, name string) (*Mapping, error) {
	b, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, shanyraq.Errorf("publishers.ReadMapping", shanyraq.Other, "%s: %w", name, err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var m Mapping
	if err := d.Decode(&m); err != nil {
		line := 1 + bytes.Count(b[:min(int(d.InputOffset()), len(b))], []byte("\n"))
		return nil, refuse(name, line, 0, "mapping", "mapping", "Detail", err.Error())
	}
	return &m, nil
}

// noNumber is whatever a table prints where a number belongs and none is.
var noNumber = []string{"", "-", "–", "—", "..", "...", "…", "x", "n/a", "na", "null", "нет данных", "н/д", "дерек жоқ"}

// marked is what tables print after a number to point at a note.
const marked = "*†‡"

func isNumber(s string) bool { _, ok := number(strings.TrimRight(s, marked)); return ok }

var digits = regexp.MustCompile(`[0-9]+`)

// yearOf returns the year a heading names, "" if it names none or several.
func yearOf(s string) string {
	year := ""
	for _, d := range digits.FindAllString(s, -1) {
		if y, err := strconv.Atoi(d); err != nil || len(d) != 4 || y < 1800 || y > 2100 {
			continue
		}
		if year != "" {
			return ""
		}
		year = d
	}
	if len(s) > 40 {
		return ""
	}
	return year
}

// Guess proposes a mapping: the first row below which most cells of one column
// name countries is the heading's; columns of numbers are values, those headed by
// years a series of them.
func Guess(b *Book, names Names) Mapping {
	best, score := Mapping{Header: 1}, -1
	for _, s := range b.Sheets {
		for at := range s.Rows[:min(len(s.Rows), 30)] {
			below := s.Rows[at+1:]
			below = below[:min(len(below), 60)]
			if len(below) == 0 {
				continue
			}
			m, points := guessBelow(s, at, below, names)
			if points > score {
				best, score = m, points
				best.Sheet = s.Name
			}
		}
	}
	return best
}

func guessBelow(s Sheet, at int, below []Row, names Names) (Mapping, int) {
	head := s.Rows[at]
	m := Mapping{Header: head.Line}
	width := 0
	for _, r := range below {
		width = max(width, len(r.Cells))
	}
	share := func(k int, is func(string) bool) float64 {
		n, all := 0, 0
		for _, r := range below {
			if c := r.Cell(k); !slices.Contains(noNumber, strings.ToLower(c)) {
				all++
				if is(c) {
					n++
				}
			}
		}
		if all == 0 {
			return 0
		}
		return float64(n) / float64(all)
	}
	call := func(k int) string {
		if h := head.Cell(k); h != "" {
			return h
		}
		return "[" + letter(k) + "]"
	}
	isPlace := func(c string) bool { _, ok := names.Code(c); return ok && !isNumber(c) }
	isYear := func(c string) bool { y, ok := whole(c); return ok && y >= 1850 && y <= 2100 }
	points, most := 0, 0.49
	codes := func(k int) (out []shanyraq.CountryCode) { // the countries a column names, each once
		for _, r := range below {
			if c, ok := names.Code(r.Cell(k)); ok && !isNumber(r.Cell(k)) && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
		return out
	}
	place, kinds := -1, 0
	for k := range width {
		v := share(k, isPlace)
		if n := len(codes(k)); v > most || v == most && place >= 0 && n > kinds { // of two that name countries, the one that names more of them
			place, most, kinds = k, v, n
		}
	}
	if place < 0 {
		return m, 0
	}
	m.Place = call(place)
	points += int(100 * most)
	if head.Cell(place) != "" && !isPlace(head.Cell(place)) {
		points += 40 // a heading, not the first row
	}
	for k := range width { // another column of countries is the other side; one country throughout stands for all rows
		if k == place || m.Of != "" || m.Partner != "" || share(k, isPlace) < 0.9 {
			continue
		}
		if only := codes(k); len(only) == 1 {
			m.Of = only[0]
		} else if len(only) > 1 {
			m.Partner = call(k)
		}
	}
	value := -1
	for k := range width {
		if k == place || share(k, isNumber) < 0.5 {
			continue
		}
		switch y := yearOf(head.Cell(k)); {
		case y != "":
			m.Years = append(m.Years, call(k))
			points += 5
		case m.When == "" && share(k, isYear) > 0.9 && !isYear(head.Cell(k)):
			m.When = call(k)
			points += 20
		case value < 0:
			value = k
		}
	}
	if len(m.Years) == 0 && value >= 0 {
		m.Value = call(value)
		points += 20
	}
	if len(m.Years) > 0 {
		m.When = ""
	}
	return m, points
}

// letter is the name of a column in a workbook.
func letter(k int) string {
	s := ""
	for k++; k > 0; k = (k - 1) / 26 {
		s = string(rune('A'+(k-1)%26)) + s
	}
	return s
}

// Headings returns the headings the mapping can name, in order, of its sheet.
func (m Mapping) Headings(b *Book) []string {
	s, at, ok := m.sheet(b)
	if !ok {
		return nil
	}
	var out []string
	for k := range s.Rows[at].Cells {
		if h := s.Rows[at].Cell(k); h != "" {
			out = append(out, h)
		} else {
			out = append(out, "$"+letter(k))
		}
	}
	return out
}

// Sample returns the first rows below the headings.
func (m Mapping) Sample(b *Book, n int) [][]string {
	s, at, ok := m.sheet(b)
	if !ok {
		return nil
	}
	var out [][]string
	for _, r := range s.Rows[at+1:] {
		if len(out) == n {
			break
		}
		row := make([]string, len(s.Rows[at].Cells))
		for k := range row {
			row[k] = shorten(r.Cell(k), 60)
		}
		out = append(out, row)
	}
	return out
}

func (m Mapping) sheet(b *Book) (Sheet, int, bool) {
	for _, s := range b.Sheets {
		if m.Sheet != "" && s.Name != m.Sheet {
			continue
		}
		for i, r := range s.Rows {
			if r.Line == max(1, m.Header) {
				return s, i, true
			}
		}
	}
	return Sheet{}, 0, false
}

// read turns rows into claims as the mapping says.
func (m Mapping) read(r *reading) error {
	s, at, ok := m.sheet(r.book)
	if !ok {
		return refuse(r.book.Name, max(1, m.Header), 0, "heading", "heading", "Sheet", m.Sheet)
	}
	head := s.Rows[at]
	column := func(name string) (int, error) {
		if name == "" {
			return -1, nil
		}
		if rest, ok := strings.CutPrefix(name, "["); ok && strings.HasSuffix(rest, "]") {
			rest = strings.TrimSuffix(rest, "]")
			k := 0
			for _, c := range strings.ToUpper(rest) {
				if c < 'A' || c > 'Z' {
					k = 0
					break
				}
				k = 26*k + int(c-'A') + 1
			}
			if k > 0 && k < 20_000 {
				return k - 1, nil
			}
		}
		for k := range head.Cells {
			if strings.EqualFold(strings.Join(strings.Fields(head.Cell(k)), " "), strings.Join(strings.Fields(name), " ")) {
				return k, nil
			}
		}
		return -1, refuse(s.File, head.Line, 0, "column", "column", "Found", name, "Known", strings.Join(m.Headings(r.book), ", "))
	}
	// A country where a column belongs is meant for all rows.
	for _, x := range []struct {
		column *string
		all    *shanyraq.CountryCode
	}{{&m.Place, &m.At}, {&m.Partner, &m.Of}} {
		if _, err := column(*x.column); err == nil || *x.all != "" {
			continue
		}
		if code, ok := r.names.Code(*x.column); ok {
			*x.column, *x.all = "", code
		}
	}
	at2 := map[string]int{}
	for key, name := range map[string]string{"place": m.Place, "area": m.Area, "partner": m.Partner, "subject": m.Subject, "when": m.When, "value": m.Value, "note": m.Note} {
		k, err := column(name)
		if err != nil {
			return err
		}
		at2[key] = k
	}
	switch {
	case m.Series == "":
		return refuse(r.book.Name, 0, 0, "noseries", "noseries")
	case at2["place"] < 0 && m.At == "":
		return refuse(s.File, head.Line, 0, "noplace", "noplace")
	case at2["value"] < 0 && len(m.Years) == 0:
		return refuse(s.File, head.Line, 0, "novalue", "novalue")
	}
	type valued struct {
		k    int
		year string
	}
	var values []valued
	for _, name := range m.Years {
		k, err := column(name)
		if err != nil {
			return err
		}
		y := yearOf(name)
		if y == "" {
			return refuse(s.File, head.Line, k+1, "noyear", "year", "Found", name)
		}
		values = append(values, valued{k, y})
	}
	if len(values) == 0 {
		values = []valued{{at2["value"], ""}}
	}
	if m.Unit != "" || m.Title != "" {
		r.about(m.Series, m.Unit, "", m.Title, m.Title, m.Title)
	}
	times := m.Times
	if times == 0 {
		times = 1
	}
	for _, row := range s.Rows[at+1:] {
		name := row.Cell(at2["place"])
		if at2["place"] >= 0 && (name == "" || slices.ContainsFunc(m.Skip, func(x string) bool { return strings.EqualFold(x, name) })) {
			if name != "" {
				r.skip++
			}
			continue
		}
		c := claim{"series": string(m.Series), "definition": string(m.Definition), "unit": string(m.Unit), "place": string(m.At), "partner": string(m.Of), "when": string(m.On)}
		bad := false
		country := func(key string, k int) {
			if k < 0 {
				return
			}
			code, ok := r.names.Code(row.Cell(k))
			if !ok {
				r.fault(s, row.Line, k, "place", "placeskip", "Found", row.Cell(k))
				bad = true
			}
			c[key] = string(code)
		}
		country("place", at2["place"])
		country("partner", at2["partner"])
		if k := at2["when"]; k >= 0 {
			if c["when"] = when(row.Cell(k)); c["when"] == "" {
				r.fault(s, row.Line, k, "year", "year", "Found", row.Cell(k))
				bad = true
			}
		}
		for _, key := range []string{"area", "subject", "note"} {
			if k := at2[key]; k >= 0 {
				c[key] = shorten(row.Cell(k), 200)
			}
		}
		if bad {
			continue
		}
		for _, v := range values {
			cell := row.Cell(v.k)
			if slices.Contains(noNumber, strings.ToLower(cell)) {
				continue // missing stays missing
			}
			n, ok := number(strings.TrimRight(cell, marked))
			if !ok {
				r.fault(s, row.Line, v.k, "number", "number", "Found", cell)
				continue
			}
			one := claim{}
			for key, x := range c {
				one[key] = x
			}
			one["value"] = decimal(n * times)
			if times > 1 {
				one["step"] = decimal(times)
			}
			if v.year != "" {
				one["when"] = v.year
			}
			r.add(s, row.Line, one)
		}
	}
	return nil
}

// when returns a date as tables print it: a year, a day as 2006-01-02, as
// 02.01.2006 or as 2/1/2006 with the day first, or a workbook's count of days.
func when(s string) string {
	if y, ok := whole(s); ok && y >= 1000 && y <= 2999 && len(s) == 4 {
		return s
	}
	if _, err := shanyraq.ParsePeriod(s); err == nil && s != "" {
		return s
	}
	for _, form := range []string{"02.01.2006", "2.1.2006", "02/01/2006", "2/1/2006", "01.2006"} {
		if t, err := time.Parse(form, s); err == nil {
			if form == "01.2006" {
				return t.Format("2006-01")
			}
			return t.Format("2006-01-02")
		}
	}
	return day(s)
}

// excelDay is the day of a workbook's count, which begins on the last but one
// day of 1899.
func excelDay(n int) string {
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format("2006-01-02")
}

// Say is the mapping as a file to keep and use again.
func (m Mapping) Say() string {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Sprint(err) // nothing in it can fail
	}
	return string(b) + "\n"
}

// Whole is the mapping with every part in the order of [Parts], those that say
// nothing empty, and what each is for.
func (m Mapping) Whole(help func(part string) string) string {
	said, err := json.Marshal(m)
	if err != nil {
		return fmt.Sprint(err) // nothing in it can fail
	}
	given := map[string]json.RawMessage{}
	if err := json.Unmarshal(said, &given); err != nil {
		return fmt.Sprint(err) // it was just written
	}
	var b strings.Builder
	quoted := func(s string) []byte {
		var q bytes.Buffer
		e := json.NewEncoder(&q)
		e.SetEscapeHTML(false)
		_ = e.Encode(s) // text can be written
		return bytes.TrimSpace(q.Bytes())
	}
	b.WriteString("{\n")
	for _, part := range Parts() {
		v, ok := given[part]
		switch {
		case ok:
		case part == "years" || part == "skip":
			v = json.RawMessage("[]")
		case part == "times":
			v = json.RawMessage("1")
		default:
			v = json.RawMessage(`""`)
		}
		fmt.Fprintf(&b, "  %q: %s,\n", part, v)
	}
	b.WriteString("  \"help\": {\n")
	for i, part := range Parts() {
		end := ","
		if i == len(Parts())-1 {
			end = ""
		}
		fmt.Fprintf(&b, "    %q: %s%s\n", part, quoted(help(part)), end)
	}
	b.WriteString("  }\n}\n")
	return b.String()
}

// Told returns the faults a later reading found in the table, said of the rows
// they came from.
func (res Result) Told(f *ingest.Faults, name string) *ingest.Faults {
	out := &ingest.Faults{More: f.More}
	for _, x := range f.List {
		if i := x.Line - 2; i >= 0 && i < len(res.Origin) {
			x.File, x.Line, x.Column = res.Origin[i].File, res.Origin[i].Line, 0
		} else {
			x.File, x.Line, x.Column = name, 0, 0
		}
		out.List = append(out.List, x)
	}
	return out
}
