package publishers

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/ingest"
	"shanyraq/internal/locale"
)

// Names resolves what tables call countries.
type Names interface {
	// Code returns the country of a name in any language, of a code of two or
	// three letters, or of a number of the United Nations (M49).
	Code(name string) (shanyraq.CountryCode, bool)
}

// A Layout is one publisher's file.
type Layout struct {
	Key   string // as on the command line
	Title string // what it is, in English: names of publications are not translated
	// Known reports whether the book has the layout's header.
	Known func(*Book) bool
	read  func(*reading) error
	// stream reads the layout row by row; nil where the whole must be at hand.
	stream *rowed
}

// Layouts lists the layouts, in the order of the choice; "table" is last.
func Layouts() []Layout {
	return []Layout{desa(), vdem(), worldValues(), hofstede(), aidData(), travel(), poll(), coding(), rollCalls(), comtrade(), baci(), imts(), armsRegister(), armsValues(), exchange(), representation(), capabilities(), presence(), rankingTable(), gdelt(), {Key: "table", Title: "Any table, by a mapping of its columns"}}
}

// Recognise returns the key of the first layout the book has, and "table" for
// none.
func Recognise(b *Book) string {
	for _, l := range Layouts() {
		if l.Known != nil && l.Known(b) {
			return l.Key
		}
	}
	return "table"
}

// A Result is a file as a table of claims.
type Result struct {
	Table   []byte            // as package ingest reads it
	Origin  []Place           // of each of its lines after the header
	Series  []shanyraq.Series // it speaks of, with titles
	Skipped int               // rows about what is no country here, such as regions
}

// A Place is where a line came from.
type Place struct {
	File string
	Line int
}

// Convert reads the book in the layout of that key; the mapping is that of
// "table", else nil.
//
// It returns [*ingest.Faults] if the file has another layout or a row cannot be
// read, and a [shanyraq.NotFound] error for a key nobody has.
func Convert(ctx context.Context, key string, b *Book, names Names, m *Mapping) (Result, error) {
	i := slices.IndexFunc(Layouts(), func(l Layout) bool { return l.Key == key })
	if i < 0 {
		var known []string
		for _, l := range Layouts() {
			known = append(known, l.Key)
		}
		return Result{}, shanyraq.Tell("publishers.Convert", shanyraq.NotFound, text("publishers.error.layout", "Found", key, "Known", strings.Join(known, ", ")), "no layout %q", key)
	}
	l := Layouts()[i]
	r := &reading{ctx: ctx, book: b, names: names}
	switch {
	case key == "table":
		if m == nil {
			g := Guess(b, names)
			m = &g
		}
		l.read = m.read
	case !l.Known(b):
		return Result{}, refuse(b.Name, 0, 0, "layout", "layout", "Layout", l.Title)
	}
	if err := l.read(r); err != nil {
		return Result{}, err
	}
	if len(r.faults) > 0 {
		return Result{}, ingest.Refused(r.faults, r.more)
	}
	if len(r.rows) == 0 {
		return Result{}, refuse(b.Name, 0, 0, "nothing", "layout", "Layout", l.Title)
	}
	return r.result()
}

// columns are those of the table that is written, in order.
var columns = []string{"series", "place", "area", "partner", "subject", "when", "value", "low", "high", "kind", "level", "step", "unit", "definition", "who", "strength", "address", "note"}

// A claim is one line of the table by column.
type claim map[string]string

// A reading is a file on its way to a table.
type reading struct {
	ctx    context.Context
	book   *Book
	names  Names
	rows   []claim
	origin []Place
	series []shanyraq.Series
	skip   int
	faults []ingest.Fault
	more   int
}

// about says that the file speaks of a series.
func (r *reading) about(id shanyraq.SeriesID, unit shanyraq.Unit, topic, en, ru, kk string) {
	r.series = append(r.series, shanyraq.Series{ID: id, Unit: unit, Topic: topic, Titles: map[string]string{"en": en, "ru": ru, "kk": kk}})
}

func (r *reading) add(s Sheet, line int, c claim) {
	r.rows = append(r.rows, c)
	r.origin = append(r.origin, Place{s.File, line})
}

// fault records what is wrong with a cell, its column from 0.
func (r *reading) fault(s Sheet, line, column int, what, remedy string, args ...any) {
	if len(r.faults) >= ingest.MaxFaults {
		r.more++
		return
	}
	r.faults = append(r.faults, newFault(s.File, line, column+1, what, remedy, args...))
}

func (r *reading) result() (Result, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(columns) // a buffer takes everything
	line := make([]string, len(columns))
	for _, c := range r.rows {
		for i, name := range columns {
			line[i] = c[name]
		}
		_ = w.Write(line)
	}
	w.Flush()
	return Result{Table: b.Bytes(), Origin: r.origin, Series: r.series, Skipped: r.skip}, nil
}

// header is a row of names and where each stands.
type header struct {
	sheet Sheet
	at    int // index of the row
	col   map[string]int
}

// find returns the first row, in any sheet, that has all the names, whatever
// their case and the spaces around them.
func find(b *Book, names ...string) (header, bool) {
	for _, s := range b.Sheets {
		for i, row := range s.Rows[:min(len(s.Rows), 60)] {
			h := header{s, i, map[string]int{}}
			for k := range row.Cells {
				name := strings.ToLower(strings.Join(strings.Fields(row.Cell(k)), " "))
				if _, twice := h.col[name]; name != "" && !twice {
					h.col[name] = k
				}
			}
			if !slices.ContainsFunc(names, func(n string) bool { _, ok := h.col[strings.ToLower(n)]; return !ok }) {
				return h, true
			}
		}
	}
	return header{}, false
}

// has returns a function that reports whether a book has a header with all the
// names.
func has(names ...string) func(*Book) bool {
	return func(b *Book) bool { _, ok := find(b, names...); return ok }
}

func (h header) get(row Row, name string) string {
	i, ok := h.col[strings.ToLower(name)]
	if !ok {
		return ""
	}
	return row.Cell(i)
}

// rows are those below the header that have anything in them.
func (h header) rows() []Row {
	var out []Row
	for _, row := range h.sheet.Rows[h.at+1:] {
		if slices.ContainsFunc(row.Cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			out = append(out, row)
		}
	}
	return out
}

// whole returns a whole number as tables print it, and false for what is none.
func whole(s string) (int, bool) {
	v, ok := number(s)
	if !ok || v != float64(int(v)) {
		return 0, false
	}
	return int(v), true
}

// number returns a number as tables print it: with spaces, or commas or points
// between thousands, and a comma or a point before decimals. It returns false
// for what is no number, or may be two: 1,234 counts as one thousand and more,
// 1,23 as one and a part.
func number(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	for _, sp := range []string{" ", "\u00a0", "\u202f", "\u2009", "'", "’"} {
		s = strings.ReplaceAll(s, sp, "")
	}
	s = strings.Replace(s, "−", "-", 1)
	commas, points := strings.Count(s, ","), strings.Count(s, ".")
	switch {
	case commas > 0 && points > 0:
		if strings.LastIndex(s, ",") > strings.LastIndex(s, ".") {
			s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
		} else {
			s = strings.ReplaceAll(s, ",", "")
		}
	case commas > 1 || commas == 1 && threeAfter(s, ","):
		s = strings.ReplaceAll(s, ",", "")
	case commas == 1:
		s = strings.Replace(s, ",", ".", 1)
	case points > 1:
		s = strings.ReplaceAll(s, ".", "")
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && v-v == 0
}

// threeAfter reports whether exactly three digits follow the mark and some, not
// a lone zero, stand before it.
func threeAfter(s, mark string) bool {
	before, after, _ := strings.Cut(s, mark)
	before = strings.TrimLeft(before, "-")
	return len(after) == 3 && before != "" && before != "0"
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// text returns a message with arguments given as name, value.
func text(key string, args ...any) shanyraq.Text {
	t := shanyraq.Text{Key: key}
	if len(args) > 0 {
		t.Args = map[string]any{}
		for i := 0; i+1 < len(args); i += 2 {
			t.Args[args[i].(string)] = args[i+1]
		}
	}
	return t
}

func newFault(file string, line, column int, what, remedy string, args ...any) ingest.Fault {
	f := ingest.Fault{File: file, Line: line, Column: column, Text: text("publishers."+what, args...), Remedy: text("publishers.remedy."+remedy, args...)}
	en := locale.For("en")
	f.Detail = en.Text(f.Text) + "; " + en.Text(f.Remedy)
	return f
}

func refuse(file string, line, column int, what, remedy string, args ...any) error {
	return ingest.Refused([]ingest.Fault{newFault(file, line, column, what, remedy, args...)}, 0)
}
