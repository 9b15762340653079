package view

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"shanyraq"
	"shanyraq/internal/locale"
)

// A Cell is one place in a table: a figure, a text, or nothing and why.
type Cell struct {
	Figure  shanyraq.Figure
	Text    string
	Href    string            // of the text, or of what is there in place of a figure
	When    string            // of the figure, in a column that is dated
	Note    string            // what the figure leaves out
	Missing string            // why there is neither figure nor text, in the reader's language
	Source  shanyraq.SourceID // that the text leads to; on paper a mark stands for it
	Site    string            // of the page a record was read on, where it has one of its own
	Mark    string            // on paper, in place of the text: where in the page's list the source is
	Badge   string            // a key that styles the text: measured, official, ...
}

// Fig returns the cell of a figure, or an empty one that gives the reason.
func Fig(f shanyraq.Figure, reason string) Cell {
	if f.IsZero() {
		return Cell{Missing: reason}
	}
	return Cell{Figure: f}
}

// A Column heads the cells of one kind.
type Column struct {
	Key     string
	Label   string
	Help    string // a sentence on what is in it
	Dated   bool   // its figures are of different times, which stand beside them
	Figures bool   // its cells are figures: the export gives value, ends, kind, unit and sources
}

// A Row is one line of a table.
type Row struct {
	Key   string
	Label string
	Href  string
	Home  bool
	Group string // what the chart groups it by; in a sunburst, the label of the row it is part of
	Cells []Cell // one per column
}

// A Chart says how the table beside it is drawn.
type Chart struct {
	Type    string `json:"type"`        // ranges, map, lines, panels, sunburst, legs
	Value   string `json:"value"`       // key of the column drawn
	X       string `json:"x,omitempty"` // key of the column along the axis, for lines
	Symbols bool   `json:"symbols,omitempty"`
	Reverse bool   `json:"reverse,omitempty"` // low values are best, as with ranks
	Log     bool   `json:"log,omitempty"`
	Unit    string `json:"unit,omitempty"` // spelled out
}

// A Table is the figures of one view, with the chart that may be drawn of them.
type Table struct {
	Key     string
	Title   string
	Lead    Sentence
	RowHead string // what the rows are
	Columns []Column
	Rows    []Row
	Chart   *Chart
	Drawn   *Table // when the chart needs the same figures one to a row
	Notes   []string
	Empty   string              // what to say when there are no rows
	Next    Link                // where to go when there are no rows
	More    string              // where the whole of an excerpt is
	Whole   *Table              // that it is an excerpt of
	Broad   bool                // takes the whole width of the paper on a page meant for it
	Cited   []shanyraq.SourceID // of rows that are records and no figures

	Gaps     bool // in plain text too a row without any figure says why
	Fleeting bool // made of what a reader typed: no address gives it again
}

// Add appends a row; the cells follow the columns.
func (t *Table) Add(r Row, cells ...Cell) {
	r.Cells = cells
	t.Rows = append(t.Rows, r)
}

// Sources returns the sources of every figure and record in the table, each once.
func (t *Table) Sources() []shanyraq.SourceID {
	out := slices.Compact(slices.Sorted(slices.Values(t.Cited)))
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			if c.Figure.IsZero() {
				continue
			}
			for _, s := range c.Figure.Lineage().Sources {
				if !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// HasFigures reports whether any cell is a figure.
func (t *Table) HasFigures() bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Figures })
}

// FigureHref returns the address at which the figure's lineage is a page, and ""
// of one that no page has.
func FigureHref(f shanyraq.Figure) string {
	if strings.HasPrefix(f.Path(), "given/") {
		return "" // of what a reader handed over for one answer nothing is kept
	}
	return "/f/" + escapePath(f.Path())
}

// escapePath escapes what would end or change a path in an address, leaving
// slashes, a query and letters of any script readable. A claim has no query: a
// question mark there is part of its name.
func escapePath(p string) string {
	p = addressEscaper.Replace(p)
	if strings.HasPrefix(p, "claim/") {
		p = strings.ReplaceAll(p, "?", "%3F")
	}
	return p
}

var addressEscaper = strings.NewReplacer("%", "%25", " ", "%20", "#", "%23", `"`, "%22", "<", "%3C", ">", "%3E", `\`, "%5C", "\t", "%09", "\n", "%0A", "\r", "%0D")

type cellJSON struct {
	V       *float64            `json:"v"` // null of limits
	Lo      float64             `json:"lo"`
	Hi      float64             `json:"hi"`
	Level   float64             `json:"level,omitempty"`
	Kind    string              `json:"kind"`
	Unit    shanyraq.Unit       `json:"unit"`
	Method  shanyraq.MethodKey  `json:"method"`
	Sources []shanyraq.SourceID `json:"sources"`
	Text    string              `json:"text"`
	When    string              `json:"when,omitempty"`
	Href    string              `json:"href,omitempty"` // of figures that have a page
	Note    string              `json:"note,omitempty"` // what the figure leaves out
}

type rowJSON struct {
	Key   string         `json:"key"`
	Label string         `json:"label"`
	Href  string         `json:"href,omitempty"`
	Home  bool           `json:"home,omitempty"`
	Group string         `json:"group,omitempty"`
	Cells map[string]any `json:"cells"`
}

type tableJSON struct {
	Key     string            `json:"key"`
	Title   string            `json:"title"`
	Summary string            `json:"summary"`
	Labels  map[string]string `json:"labels"`
	Columns []columnJSON      `json:"columns"`
	Rows    []rowJSON         `json:"rows"`
	Chart   *Chart            `json:"chart,omitempty"`
}

type columnJSON struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Type  string `json:"type"`
}

// JSON returns the table for programs and for the chart beside it.
func (t *Table) JSON(loc *locale.Locale) any {
	out := tableJSON{Key: t.Key, Title: t.Title, Summary: t.Summary(loc), Chart: t.Chart, Columns: []columnJSON{}, Rows: []rowJSON{}, Labels: chartLabels(loc)}
	for _, c := range t.Columns {
		kind := "text"
		if c.Figures {
			kind = "figure"
		}
		out.Columns = append(out.Columns, columnJSON{c.Key, c.Label, kind})
	}
	for _, r := range t.Rows {
		j := rowJSON{Key: r.Key, Label: r.Label, Href: r.Href, Home: r.Home, Group: r.Group, Cells: map[string]any{}}
		for i, c := range r.Cells {
			switch {
			case !c.Figure.IsZero():
				f := c.Figure
				iv, l := f.Interval(), f.Lineage()
				j.Cells[t.Columns[i].Key] = cellJSON{valueOf(f), iv.Lo, iv.Hi, iv.Level, iv.Kind.String(), f.Unit(), l.Method, l.Sources, loc.Figure(f).Short, c.When, FigureHref(f), c.Note}
			case c.Text != "":
				j.Cells[t.Columns[i].Key] = c.Text
			default:
				j.Cells[t.Columns[i].Key] = nil
			}
		}
		out.Rows = append(out.Rows, j)
	}
	return out
}

// valueOf returns the figure's value, and nil of limits, which have none.
func valueOf(f shanyraq.Figure) *float64 {
	if f.Interval().Kind == shanyraq.Limits {
		return nil
	}
	v := f.Value()
	return &v
}

func chartLabels(loc *locale.Locale) map[string]string {
	out := map[string]string{}
	for _, k := range []string{"value", "range", "nodata", "low", "high", "uncertain", "home", "year", "place", "certain", "middling", "legend", "offmap", "borders"} {
		out[k] = loc.T("chart." + k)
	}
	for _, k := range shanyraq.IntervalKinds() {
		out["kind."+k.String()] = loc.Kind(k)
	}
	return out
}

// Summary returns the chart in one sentence: what is drawn, and its extremes
// with their ranges.
func (t *Table) Summary(loc *locale.Locale) string {
	switch {
	case t.Whole != nil:
		return t.Whole.Summary(loc)
	case t.Drawn != nil:
		return t.Drawn.Summary(loc)
	}
	if t.Chart == nil {
		return t.Title
	}
	col := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == t.Chart.Value })
	if col < 0 {
		return t.Title
	}
	lo, hi, n, limits := -1, -1, 0, 0
	for i, r := range t.Rows {
		f := r.Cells[col].Figure
		if !f.IsZero() && f.Interval().Kind == shanyraq.Limits { // they are neither lowest nor highest
			limits++
			continue
		}
		if f.IsZero() {
			continue
		}
		if n++; lo < 0 || f.Value() < t.Rows[lo].Cells[col].Figure.Value() {
			lo = i
		}
		if hi < 0 || f.Value() > t.Rows[hi].Cells[col].Figure.Value() {
			hi = i
		}
	}
	if n == 0 && limits > 0 {
		return loc.T("chart.summary.limits", "Title", t.Title, "N", limits)
	}
	if n == 0 {
		return loc.T("chart.summary.none", "Title", t.Title)
	}
	name := func(i int) string {
		if g := t.Rows[i].Group; g != "" && g != t.Rows[i].Label {
			return g + ", " + t.Rows[i].Label
		}
		return t.Rows[i].Label
	}
	if low := loc.Figure(t.Rows[lo].Cells[col].Figure).Short; n > 1 && low == loc.Figure(t.Rows[hi].Cells[col].Figure).Short {
		return loc.T("chart.summary.same", "Title", t.Title, "N", n, "Figure", low)
	}
	return loc.T("chart.summary", "Title", t.Title, "N", n,
		"Low", name(lo), "LowFigure", loc.Figure(t.Rows[lo].Cells[col].Figure).Short,
		"High", name(hi), "HighFigure", loc.Figure(t.Rows[hi].Cells[col].Figure).Short)
}

// WriteCSV writes the table: a key and a label per row, each text column as it
// is, and each column of figures as value, low, high, level, kind, unit, method
// and sources, with the time where they are dated. Numbers have a decimal point in every language.
func (t *Table) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	head := []string{"key", "label"}
	for _, c := range t.Columns {
		if head = append(head, c.Key); c.Figures {
			for _, s := range []string{"low", "high", "level", "kind", "unit", "method", "sources"} {
				head = append(head, c.Key+"_"+s)
			}
			if c.Dated {
				head = append(head, c.Key+"_when")
			}
		}
	}
	if err := out.Write(head); err != nil {
		return err
	}
	num := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	for _, r := range t.Rows {
		line := []string{plainCell(r.Key), plainCell(r.Label)}
		for i, c := range r.Cells {
			switch f := c.Figure; {
			case !t.Columns[i].Figures:
				line = append(line, plainCell(c.Text))
			case f.IsZero():
				line = append(line, "", "", "", "", "", "", "", "")
			default:
				iv, l := f.Interval(), f.Lineage()
				level := ""
				if iv.Level > 0 {
					level = num(iv.Level)
				}
				ids := make([]string, len(l.Sources))
				for k, s := range l.Sources {
					ids[k] = string(s)
				}
				value := ""
				if v := valueOf(f); v != nil {
					value = num(*v)
				}
				line = append(line, value, num(iv.Lo), num(iv.Hi), level, iv.Kind.String(), string(f.Unit()), string(l.Method), strings.Join(ids, " "))
			}
			if t.Columns[i].Figures && t.Columns[i].Dated {
				line = append(line, c.When)
			}
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// oneLine keeps a text within its line; it has as many runes after as before.
var oneLine = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")

// plainCell keeps a spreadsheet from reading a text as a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// WriteText writes the table for a terminal: title, lead, columns aligned,
// notes. One without rows says why instead.
func (t *Table) WriteText(w io.Writer, loc *locale.Locale) error {
	lines := [][]string{{t.RowHead}}
	for _, c := range t.Columns {
		lines[0] = append(lines[0], c.Label)
	}
	for _, r := range t.Rows {
		line := []string{r.Label}
		said := !t.Gaps || slices.ContainsFunc(r.Cells, func(c Cell) bool { return !c.Figure.IsZero() })
		for i, c := range r.Cells {
			s := c.Text
			switch {
			case !c.Figure.IsZero():
				if s = loc.Figure(c.Figure).Short; c.When != "" {
					s += " (" + c.When + ")"
				}
				if c.Note != "" {
					s += ", " + c.Note
				}
			case s == "" && c.Href != "":
				s = c.Missing
			case s == "" && !said && t.Columns[i].Figures && c.Missing != "": // once
				s, said = c.Missing, true
			case s == "":
				s = "·"
			}
			line = append(line, s)
		}
		lines = append(lines, line)
	}
	width := make([]int, len(lines[0]))
	for _, l := range lines {
		for i, s := range l {
			width[i] = max(width[i], min(60, utf8.RuneCountInString(s)))
		}
	}
	var b strings.Builder
	for _, s := range []string{t.Title, t.Lead.Plain(loc)} {
		if s != "" {
			b.WriteString(s + "\n")
		}
	}
	if len(t.Rows) == 0 {
		lines = nil
		if t.Empty != "" {
			b.WriteString("  " + t.Empty + "\n")
		}
	}
	for _, l := range lines {
		for i, s := range l {
			b.WriteString(oneLine.Replace(s))
			if i < len(l)-1 {
				b.WriteString(strings.Repeat(" ", max(0, width[i]-utf8.RuneCountInString(s))+2))
			}
		}
		b.WriteByte('\n')
	}
	for _, n := range t.Notes {
		b.WriteString("  " + n + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
