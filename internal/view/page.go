package view

import (
	"html"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanyraq"
	"shanyraq/internal/locale"
)

// A Sentence is a message whose arguments may be figures: on a page each is a
// door to its lineage, in a terminal it is spelled out.
type Sentence struct {
	Key  string
	Args map[string]any
}

// Say returns the sentence of that key; args alternate name and value.
func Say(key string, args ...any) Sentence {
	s := Sentence{Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		s.Args[args[i].(string)] = args[i+1]
	}
	return s
}

// Plain returns the sentence with figures spelled out.
func (s Sentence) Plain(loc *locale.Locale) string {
	if s.Key == "" {
		return ""
	}
	args := map[string]any{}
	for k, v := range s.Args {
		if f, ok := v.(shanyraq.Figure); ok {
			v = loc.Figure(f).Short
		}
		args[k] = v
	}
	return loc.T(s.Key, args)
}

// HTML returns the sentence with each figure a link to its lineage. Arguments
// are escaped.
func (s Sentence) HTML(a *Ask) template.HTML {
	if s.Key == "" {
		return ""
	}
	args := map[string]any{}
	for k, v := range s.Args {
		switch v := v.(type) {
		case shanyraq.Figure:
			args[k] = string(Door(a, v))
		case string:
			args[k] = html.EscapeString(v)
		case shanyraq.Period:
			args[k] = html.EscapeString(a.Loc.Period(v))
		case shanyraq.Text:
			args[k] = html.EscapeString(a.Loc.Text(v))
		default:
			args[k] = v
		}
	}
	return template.HTML(a.T(s.Key, args)) //nolint:gosec // the catalogue is ours, the arguments are escaped
}

// Door returns the figure as a link to its lineage: value, then range.
func Door(a *Ask, f shanyraq.Figure) template.HTML {
	if f.IsZero() {
		return template.HTML(`<span class="missing">` + html.EscapeString(a.T("common.nodata")) + `</span>`)
	}
	t := a.Loc.Figure(f)
	class, href := "fig", a.Carry(FigureHref(f))
	if strings.HasPrefix(f.Path(), "sizing/") { // it is nowhere but on this page
		class, href = "fig here", "#t-worked"
	}
	var b strings.Builder
	b.WriteString(`<a class="` + class + `" href="` + html.EscapeString(href) + `" data-kind="` + f.Interval().Kind.String() + `" title="` + html.EscapeString(t.Full) + `"><span class="v">` + html.EscapeString(t.Value) + `</span>`)
	if t.Range != "" {
		b.WriteString(` <span class="iv">(` + html.EscapeString(t.Range) + `)</span>`)
	}
	b.WriteString(`</a>`)
	return template.HTML(b.String()) //nolint:gosec // every part is escaped above
}

// A Control is one setting of a view: a choice, or a number to type or slide.
type Control struct {
	Name    string
	Label   string
	Value   string
	Choices []Choice
	Weight  bool // a number field with buttons and a slider
}

// A Choice is one value of a [Control].
type Choice struct{ Value, Label string }

// A Page is a view: a question, its answer in a sentence, and tables.
type Page struct {
	Room         string // the key of the menu entry it belongs to
	Path         string // of the view, without the extension
	Question     string
	Answer       Sentence
	Controls     []Control
	Further      []Control // settings few readers change, under a fold
	FurtherTitle string
	FurtherHelp  string
	FurtherOpen  bool // some of them are changed
	Weights      []Control
	WeightsHelp  string // what to know of them; else what holds for ranges over all weights
	Tables       []*Table
	Cards        []Card
	Facts        []Fact
	Crumbs       []Choice // address and label, outermost first
	Notes        []string
	Notices      []string // on what was asked for, such as an unknown key
	Print        bool     // meant for paper first
	Forms        []Form   // that change something; shown where changes are kept
}

// A Form asks what to change.
type Form struct {
	Key     string
	Action  string // the address it is sent to
	Title   string
	Lead    string // what sending it does
	Fields  []Field
	Send    string // what the button says
	Trouble string // what was wrong with the last try
	Asks    bool   // nothing is stored: it is shown where nothing can be changed too
	Upload  bool   // a table may be sent as a file
}

// A Field is one thing a [Form] asks.
type Field struct {
	Name, Label, Value string
	Choices            []Choice // to choose one from
	Help               string
	Long               bool   // of several lines
	Sheet              bool   // a table, pasted or sent as a file
	Optional           bool   // may be left empty; what sending makes of it is said then
	Min, Max, Step     string // of a number; Step is empty where it is none
}

// Fill puts what was typed into the fields of the form.
func (f *Form) Fill(typed func(name string) string) {
	for i := range f.Fields {
		f.Fields[i].Value = typed(f.Fields[i].Name)
	}
}

// A Card is one room on the overview.
type Card struct {
	Room   string
	Title  string
	Href   string
	Figure shanyraq.Figure
	Text   Sentence
}

// A Fact is a short line at the head of a page.
type Fact struct {
	Label string
	Text  string
	Cell  Cell
}

// Table returns the page's table of that key, its first for "", or nil.
func (p *Page) Table(key string) *Table {
	for _, t := range p.Tables {
		if key == "" || t.Key == key {
			return t
		}
		if t.Drawn != nil && t.Drawn.Key == key {
			return t.Drawn
		}
	}
	return nil
}

// Sources returns the sources of every figure on the page, each once.
func (p *Page) Sources() []shanyraq.SourceID {
	var out []shanyraq.SourceID
	for _, t := range p.Tables {
		out = append(out, t.Sources()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// JSON returns the page for programs: its question, its answer and every table.
func (p *Page) JSON(loc *locale.Locale, version string) any {
	tables := []any{}
	for _, t := range p.Tables {
		tables = append(tables, t.JSON(loc))
	}
	return struct {
		Path     string              `json:"path"`
		Question string              `json:"question"`
		Answer   string              `json:"answer"`
		Version  string              `json:"version"`
		Tables   []any               `json:"tables"`
		Notes    []string            `json:"notes,omitempty"`
		Sources  []shanyraq.SourceID `json:"sources"`
	}{p.Path, p.Question, p.Answer.Plain(loc), version, tables, p.Notes, p.Sources()}
}

// Ask is what a reader asked a view for: the query of its address.
type Ask struct {
	Home  shanyraq.CountryCode
	Query url.Values
	Loc   *locale.Locale
	Today time.Time // by which memberships and staleness are judged
	used  map[string]bool
}

// Get returns the value of a key of the address, and notes that it is known.
func (a *Ask) Get(key string) string {
	if a.used == nil {
		a.used = map[string]bool{}
	}
	a.used[key] = true
	return a.Query.Get(key)
}

// Year returns the year asked for under the key, or 0. It returns an
// [shanyraq.Invalid] error for what is no year.
func (a *Ask) Year(key string) (int, error) {
	s := a.Get(key)
	if s == "" {
		return 0, nil
	}
	y, err := strconv.Atoi(s)
	if err != nil || y < 1800 || y > 2100 {
		return 0, shanyraq.Tell("view.Year", shanyraq.Invalid, shanyraq.Text{Key: "error.year", Args: map[string]any{"Value": s}}, "%q is no year between 1800 and 2100", s)
	}
	return y, nil
}

// generalKeys are understood by every view.
var generalKeys = []string{"home", "lang", "theme", "at", "part", "view"}

// Unknown returns the keys of the address nobody asked for, sorted.
func (a *Ask) Unknown() []string {
	var out []string
	for k := range a.Query {
		if !a.used[k] && !slices.Contains(generalKeys, k) && !strings.HasPrefix(k, "w.") {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// T is short for the reader's catalogue.
func (a *Ask) T(key string, args ...any) string { return a.Loc.T(key, args...) }
