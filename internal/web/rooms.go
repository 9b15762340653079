package web

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/locale"
	"shanyraq/internal/publishers"
	"shanyraq/internal/standing"
	"shanyraq/internal/view"
)

// room answers with the page of a room.
func (s *site) room(ask func(context.Context, *view.House, *view.Ask) (*view.Page, error)) handler {
	return func(w http.ResponseWriter, q *request) error {
		if s.unchanged(w, q) {
			return nil
		}
		p, err := ask(q.Context(), q.house, q.ask)
		if err != nil {
			return err
		}
		return s.show(w, q, p)
	}
}

// roomOf answers with the page of a room about the place in the path.
func (s *site) roomOf(ask func(context.Context, *view.House, *view.Ask, shanyraq.CountryCode) (*view.Page, error)) handler {
	return func(w http.ResponseWriter, q *request) error {
		code, err := placeOf(q)
		if err != nil {
			return err
		}
		return s.room(func(ctx context.Context, h *view.House, a *view.Ask) (*view.Page, error) { return ask(ctx, h, a, code) })(w, q)
	}
}

// index answers with a page about the index in the path.
func (s *site) index(ask func(context.Context, *view.House, *view.Ask, standing.IndexKey) (*view.Page, error)) handler {
	return func(w http.ResponseWriter, q *request) error {
		key := standing.IndexKey(q.PathValue("index"))
		return s.room(func(ctx context.Context, h *view.House, a *view.Ask) (*view.Page, error) { return ask(ctx, h, a, key) })(w, q)
	}
}

// book answers with the index in the path as a workbook.
func (s *site) book(w http.ResponseWriter, q *request) error {
	name, sheets, err := view.IndexBook(q.Context(), q.house, q.ask, standing.IndexKey(q.PathValue("index")))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := publishers.WriteBook(&b, sheets); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	s.send(w, q, http.StatusOK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
	return nil
}

// codingSheet answers with an empty coding sheet of the acts held.
func (s *site) codingSheet(w http.ResponseWriter, q *request) error {
	var b bytes.Buffer
	if err := view.CodingSheet(q.Context(), q.house, q.ask.Home, &b); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="coding-sheet.csv"`)
	s.send(w, q, http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
	return nil
}

// show writes a page of tables in the form asked for.
func (s *site) show(w http.ResponseWriter, q *request, p *view.Page) error {
	return s.showAs(w, q, p, http.StatusOK)
}

func (s *site) showAs(w http.ResponseWriter, q *request, p *view.Page, status int) error {
	key := q.ask.Get("table")
	sorted, err := sortPage(q, p)
	if err != nil {
		return err
	}
	switch q.format {
	case "json":
		if key == "" {
			return s.sendJSON(w, q, http.StatusOK, "application/json", p.JSON(q.ask.Loc, q.house.Library.Version()))
		}
		t, err := tableOf(p, key)
		if err != nil {
			return err
		}
		return s.sendJSON(w, q, http.StatusOK, "application/json", t.JSON(q.ask.Loc))
	case "csv":
		t, err := tableOf(p, key)
		if err != nil {
			return err
		}
		return s.sendCSV(w, q, t)
	}
	page := newRoomPage(q, p, sorted)
	if p.Path == "/vectors/coding" {
		page.Actions = []view.Link{{Label: q.ask.T("vectors.coding.sheet"), Href: q.ask.Carry("/vectors/coding/sheet")}}
	}
	if rest, ok := strings.CutPrefix(p.Path, "/standing/"); ok && slices.Contains(standing.IndexKeys(), standing.IndexKey(rest)) {
		kept := url.Values{} // what is on the screen is what the workbook builds
		for k, v := range q.ask.Query {
			if strings.HasPrefix(k, "w.") || k == "year" {
				kept[k] = v
			}
		}
		book := p.Path + "/book"
		if len(kept) > 0 {
			book += "?" + kept.Encode()
		}
		page.Actions = []view.Link{{Label: q.ask.T("standing.index.book"), Href: q.ask.Carry(book)}}
	}
	if !s.ws.Writable() {
		p.Forms = slices.DeleteFunc(p.Forms, func(f view.Form) bool { return !f.Asks })
	} else {
		switch p.Path {
		case "/diaspora", "/diaspora/coverage", "/hosts", "/vectors":
			page.Foot = []view.Link{{Label: q.ask.T("web.import.foot"), Href: q.ask.Carry("/import")}}
		case "/sources":
			page.Actions = []view.Link{{Label: q.ask.T("nav.import"), Href: q.ask.Carry("/import")}}
		case "/groups":
			page.Actions = []view.Link{{Label: q.ask.T("web.groups.new"), Href: q.ask.Carry("/groups/new")}}
		}
	}
	f := s.frame(q, p.Room, p.Question, page)
	f.Files, f.Keep = true, true
	for _, t := range p.Tables {
		f.Charts = f.Charts || t.Chart != nil && len(t.Rows) > 0
	}
	f.Notes = append(p.Notices, unknownKeys(q)...)
	return s.render(w, q, status, "room", f)
}

// sendCSV writes the table as a file to keep.
func (s *site) sendCSV(w http.ResponseWriter, q *request, t *view.Table) error {
	var b bytes.Buffer
	if err := t.WriteCSV(&b); err != nil {
		return err
	}
	name := strings.Trim(strings.ReplaceAll(q.URL.Path, "/", "-"), "-")
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z' {
			return r
		}
		return '_'
	}, name)
	w.Header().Set("Content-Disposition", `attachment; filename="shanyraq-`+name+"-"+t.Key+`.csv"`)
	s.send(w, q, http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
	return nil
}

// unknownKeys returns a notice of the keys of the address that mean nothing here.
func unknownKeys(q *request) []string {
	var out []string
	for _, k := range q.ask.Unknown() {
		if !slices.Contains(passing, k) {
			out = append(out, k)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return []string{q.ask.T("page.unknown", "Count", len(out), "Keys", strings.Join(out, ", "))}
}

// A sorting is the order a table was asked for: sort=TABLE.COLUMN, or with a
// minus before it from high to low.
type sorting struct {
	table, column string
	down          bool
}

// labelColumn is what sort calls the rows' own labels.
const labelColumn = "label"

// sortPage puts the rows of a table in the order the address asks for, if it
// does.
func sortPage(q *request, p *view.Page) (sorting, error) {
	spec := q.ask.Get("sort")
	if spec == "" {
		return sorting{}, nil
	}
	var by sorting
	by.table, by.column, _ = strings.Cut(spec, ".")
	by.table, by.down = strings.CutPrefix(by.table, "-")
	i := slices.IndexFunc(p.Tables, func(t *view.Table) bool { return t.Key == by.table })
	col := -1
	if i >= 0 {
		col = slices.IndexFunc(p.Tables[i].Columns, func(c view.Column) bool { return c.Key == by.column })
	}
	if i < 0 || col < 0 && by.column != labelColumn {
		return by, shanyraq.Tell("web.sortPage", shanyraq.Invalid, shanyraq.Text{Key: "web.error.sort", Args: map[string]any{"Value": spec}}, "no column %q to sort by", spec)
	}
	t := *p.Tables[i] // the rows may be shared with another page
	t.Rows = slices.Clone(t.Rows)
	p.Tables[i] = &t
	slices.SortStableFunc(t.Rows, func(x, y view.Row) int { return compareRows(q.ask.Loc, x, y, col, by.down) })
	return by, nil
}

// compareRows orders two rows by a column, or by their labels for -1. Rows
// without a value come last either way.
func compareRows(loc *locale.Locale, x, y view.Row, col int, down bool) int {
	sign := 1
	if down {
		sign = -1
	}
	if col < 0 {
		return sign * loc.Compare(x.Label, y.Label)
	}
	a, b := x.Cells[col], y.Cells[col]
	switch {
	case !a.Figure.IsZero() && !b.Figure.IsZero():
		return sign * cmp.Compare(a.Figure.Value(), b.Figure.Value())
	case a.Figure.IsZero() != b.Figure.IsZero():
		if a.Figure.IsZero() {
			return 1
		}
		return -1
	case (a.Text == "") != (b.Text == ""):
		if a.Text == "" {
			return 1
		}
		return -1
	}
	return sign * loc.Compare(a.Text, b.Text)
}

// A roomPage is a page of tables as its template wants it.
type roomPage struct {
	*view.Page
	Sections []*section
	Spreads  [][]*section // of a page meant for paper: narrow ones that stand together, broad ones alone
	Tabs     []entry
	Presets  []entry
	Actions  []view.Link
	Foot     []view.Link // where to go from here, below everything
	Kinds    []kindLine
	Sources  []shanyraq.Source
}

// A section is one table and the chart beside it.
type section struct {
	*view.Table
	ID    string
	Src   string // where the chart's figures are
	Heads []head
	CSV   string
	JSON  string
	Help  []view.Column // columns that need a word
	Gap   string        // why most of the empty cells are empty, said once under the table
	Long  bool          // scrolls under its head
	Wide  bool          // has many columns of figures
}

// A head is the heading of a column.
type head struct {
	Label   string
	Figures bool
	Href    string // of the table in the order of the column; "" where order tells nothing
	Sort    string // value of aria-sort
}

// A kindLine says what one kind of range on the page means.
type kindLine struct{ Key, Name, Long string }

// sortFrom is how many rows a table has to have to be worth sorting.
const sortFrom = 8

func newRoomPage(q *request, p *view.Page, by sorting) *roomPage {
	out := &roomPage{Page: p}
	for _, id := range p.Sources() {
		if s, ok := q.house.Source(id); ok {
			out.Sources = append(out.Sources, s)
		}
	}
	if p.Print {
		mark(p.Tables, out.Sources)
	}
	var figures []shanyraq.Figure
	for _, t := range p.Tables {
		out.Sections = append(out.Sections, newSection(q, t, by))
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				if !c.Figure.IsZero() {
					figures = append(figures, c.Figure)
				}
			}
		}
	}
	for _, c := range p.Cards {
		if !c.Figure.IsZero() {
			figures = append(figures, c.Figure)
		}
	}
	for i, x := range out.Sections {
		if n := len(out.Spreads); i > 0 && !x.Broad && !out.Sections[i-1].Broad {
			out.Spreads[n-1] = append(out.Spreads[n-1], x)
		} else {
			out.Spreads = append(out.Spreads, []*section{x})
		}
	}
	out.Kinds = kindsIn(q.ask.Loc, figures)
	for _, c := range slices.Concat(view.StandingTabs(q.ask, p.Path), view.VectorsTabs(q.ask, p.Path), view.DiasporaTabs(q.ask, p.Path), view.HostsTabs(q.ask, p.Path)) {
		e := entry{Key: c.Value, Label: c.Label, Href: q.ask.Carry(c.Value)}
		if c.Value == p.Path {
			e.Current = "page"
		}
		out.Tabs = append(out.Tabs, e)
	}
	out.Presets = presets(q, p.Weights)
	return out
}

// mark gives every way to a source what stands for it on paper, where nothing
// opens: its number in the list at the end of the page, after the site a record
// was read on.
func mark(tables []*view.Table, sources []shanyraq.Source) {
	number := map[shanyraq.SourceID]int{}
	for i, s := range sources {
		number[s.ID] = i + 1
	}
	for _, t := range tables {
		for _, r := range t.Rows {
			for i := range r.Cells {
				if c := &r.Cells[i]; c.Source != "" && number[c.Source] > 0 {
					c.Mark = strings.TrimSpace(c.Site + " [" + strconv.Itoa(number[c.Source]) + "]")
				}
			}
		}
	}
}

func newSection(q *request, t *view.Table, by sorting) *section {
	s := &section{Table: t, ID: q.id("t-" + t.Key), CSV: q.file("csv", t.Key), JSON: q.file("json", t.Key)}
	if t.More != "" {
		// An excerpt is drawn from the whole it was taken from.
		path, query, _ := strings.Cut(t.More, "?")
		v, _ := url.ParseQuery(query) // made by the page itself
		v.Set("table", t.Key)
		s.Src = path + ".json?" + v.Encode()
		s.CSV, s.JSON = strings.Replace(s.Src, ".json?", ".csv?", 1), s.Src
	} else if t.Chart != nil && len(t.Rows) > 0 {
		key := t.Key
		if t.Drawn != nil {
			key = t.Drawn.Key
		}
		s.Src = q.file("json", key)
	}
	if t.Chart == nil {
		s.Src = ""
	}
	t = withoutBlank(t)
	s.Table = t
	s.Gap = commonGap(t)
	s.Long = len(t.Rows) > longFrom
	figures := 0
	for _, c := range t.Columns {
		if c.Figures {
			figures++
		}
	}
	s.Wide = figures >= wideFrom
	order := func(column string, figures bool) (href, aria string) {
		if len(t.Rows) < sortFrom || t.More != "" || t.Fleeting {
			return "", ""
		}
		down := figures // the highest first, unless it is what is shown already
		if by.table == t.Key && by.column == column {
			if aria = "ascending"; by.down {
				aria = "descending"
			}
			down = !by.down
		}
		spec := t.Key + "." + column
		if down {
			spec = "-" + spec
		}
		return q.view("sort", spec) + "#t-" + t.Key, aria
	}
	first := head{Label: t.RowHead}
	first.Href, first.Sort = order(labelColumn, false)
	s.Heads = []head{first}
	for _, c := range t.Columns {
		h := head{Label: c.Label, Figures: c.Figures}
		if c.Figures {
			h.Href, h.Sort = order(c.Key, true)
		}
		s.Heads = append(s.Heads, h)
		if c.Help != "" {
			s.Help = append(s.Help, c)
		}
	}
	return s
}

// withoutBlank returns the table without its columns of texts that say nothing
// in any row. Files keep them.
func withoutBlank(t *view.Table) *view.Table {
	var keep []int
	for i, c := range t.Columns {
		said := c.Figures
		for _, r := range t.Rows {
			said = said || r.Cells[i].Text != "" || r.Cells[i].Missing != ""
		}
		if said {
			keep = append(keep, i)
		}
	}
	if len(keep) == len(t.Columns) || len(t.Rows) == 0 {
		return t
	}
	out := *t
	out.Columns, out.Rows = nil, slices.Clone(t.Rows)
	for _, i := range keep {
		out.Columns = append(out.Columns, t.Columns[i])
	}
	for j, r := range t.Rows {
		cells := make([]view.Cell, len(keep))
		for k, i := range keep {
			cells[k] = r.Cells[i]
		}
		out.Rows[j].Cells = cells
	}
	return &out
}

// A table of more rows than longFrom scrolls, and one of wideFrom columns of
// figures has ranges under their values.
const (
	longFrom = 40
	wideFrom = 5
)

// gapsFrom is how often a reason for an empty cell has to stand in a table to
// be said once for all.
const gapsFrom = 10

// commonGap returns the reason most empty cells of the table give, if many do.
func commonGap(t *view.Table) string {
	count := map[string]int{}
	best := ""
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			if c.Figure.IsZero() && c.Text == "" && c.Missing != "" {
				if count[c.Missing]++; count[c.Missing] > count[best] || count[c.Missing] == count[best] && c.Missing < best {
					best = c.Missing
				}
			}
		}
	}
	if count[best] < gapsFrom {
		return ""
	}
	return best
}

// kindsIn returns what the kinds of range among the figures mean, each once.
func kindsIn(loc *locale.Locale, figures []shanyraq.Figure) []kindLine {
	seen := map[shanyraq.IntervalKind]bool{}
	for _, f := range figures {
		seen[f.Interval().Kind] = true
	}
	var out []kindLine
	for _, k := range shanyraq.IntervalKinds() {
		if seen[k] {
			out = append(out, kindLine{k.String(), loc.Kind(k), loc.KindLong(k)})
		}
	}
	return out
}

// presets returns the weights worth a try: all alike, and each in turn as heavy
// as the others together.
func presets(q *request, weights []view.Control) []entry {
	if len(weights) == 0 {
		return nil
	}
	var alike []string
	for _, w := range weights {
		alike = append(alike, w.Name, "")
	}
	out := []entry{{Key: "equal", Label: q.ask.T("web.weights.equal"), Href: q.view(alike...)}}
	for i, w := range weights {
		change := make([]string, 0, 2*len(weights))
		for j, v := range weights {
			value := "50"
			if i != j {
				value = "25"
			}
			change = append(change, v.Name, value)
		}
		out = append(out, entry{Key: w.Name, Label: q.ask.T("web.weights.half", "Component", w.Label), Href: q.view(change...)})
	}
	return out
}

// figure answers with the lineage of one figure: a page, or for part=1 what the
// drawer shows.
func (s *site) figure(w http.ResponseWriter, q *request) error {
	path := q.PathValue("path")
	weights := url.Values{}
	for k, v := range q.ask.Query {
		if strings.HasPrefix(k, "w.") || strings.HasPrefix(k, "policy.") {
			weights[k] = v
		}
	}
	if len(weights) > 0 {
		path += "?" + weights.Encode()
	}
	if s.unchanged(w, q) {
		return nil
	}
	l, err := view.OpenFigure(q.Context(), q.house, q.ask, path)
	switch shanyraq.KindOf(err) {
	case shanyraq.NotFound, shanyraq.Withheld: // one answer for both, whoever gave it
		return shanyraq.Tell("web.figure", shanyraq.NotFound, shanyraq.Text{Key: "error.nofigure", Args: map[string]any{"Path": path}}, "figure %s: %w", path, err)
	}
	if err != nil {
		return err
	}
	key := q.ask.Get("table")
	if key != "" && (l.Rivals == nil || key != l.Rivals.Key) {
		return shanyraq.Tell("web.figure", shanyraq.NotFound, shanyraq.Text{Key: "web.error.table", Args: map[string]any{"Key": key}}, "no table %q", key)
	}
	switch {
	case q.format == "json" && key != "":
		return s.sendJSON(w, q, http.StatusOK, "application/json", l.Rivals.JSON(q.ask.Loc))
	case q.format == "json":
		return s.sendJSON(w, q, http.StatusOK, "application/json", l.JSON())
	case q.format == "csv" && key != "":
		return s.sendCSV(w, q, l.Rivals)
	case q.format == "csv":
		t := &view.Table{Key: "figure", Columns: []view.Column{{Key: "value", Figures: true}}}
		t.Add(view.Row{Key: l.Path, Label: strings.TrimSuffix(l.Title+", "+l.Subtitle, ", ")}, view.Cell{Figure: l.Figure})
		return s.sendCSV(w, q, t)
	}
	f := s.frame(q, roomOfFigure(path), l.Title+", "+l.Subtitle, newLineagePage(q, l))
	f.Files, f.Keep = true, true
	f.Notes = unknownKeys(q)
	return s.render(w, q, http.StatusOK, "figure", f)
}

// roomOfFigure returns the menu entry the figure belongs to.
func roomOfFigure(path string) string {
	room, _, _ := strings.Cut(path, "/")
	if room == "claim" {
		return "sources"
	}
	return room
}

// A lineagePage is a lineage as its template wants it.
type lineagePage struct {
	*view.Lineage
	Back   view.Link
	Rivals *section
	Kind   kindLine
	Lines  []string // of the formula
}

func newLineagePage(q *request, l *view.Lineage) *lineagePage {
	room := roomOfFigure(l.Path)
	out := &lineagePage{Lineage: l, Back: view.Link{Label: q.ask.T("nav." + room), Href: q.ask.Carry("/" + room)}}
	k := l.Figure.Interval().Kind
	out.Kind = kindLine{k.String(), q.ask.Loc.Kind(k), l.KindLong}
	if room == "sources" && len(l.Sources) > 0 {
		out.Back = l.Sources[0].Link
	}
	if l.Rivals != nil {
		out.Rivals = newSection(q, l.Rivals, sorting{})
		for i := range out.Rivals.Heads {
			out.Rivals.Heads[i].Href = ""
		}
		out.Rivals.CSV, out.Rivals.JSON = q.file("csv", l.Rivals.Key), q.file("json", l.Rivals.Key)
	}
	out.Lines = strings.Split(l.Formula, "\n")
	return out
}
