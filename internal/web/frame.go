package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/internal/locale"
	"shanyraq/internal/view"
)

//go:embed templates/*.html
var templateFiles embed.FS

// parsePages returns the template of every page by name: the layout and the
// shared parts with the page's own "content" in them.
func parsePages() (map[string]*template.Template, error) {
	base, err := template.New("layout").Funcs(template.FuncMap{
		"in": func(f any, v any) (within, error) {
			switch f := f.(type) {
			case *frame:
				return within{f, v}, nil
			case within:
				return within{f.frame, v}, nil
			}
			return within{}, fmt.Errorf("a part of %T", f)
		},
	}).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, name := range names {
		key := strings.TrimSuffix(path.Base(name), ".html")
		if key == "layout" || key == "parts" {
			continue
		}
		t, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if pages[key], err = t.ParseFS(templateFiles, name); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// within is what a shared part is given: the page, and what the part is of.
type within struct {
	*frame
	Of any
}

// A frame is what a template is given: the page's own content, and what every
// page has around it. Its methods are the templates' vocabulary.
type frame struct {
	q      *request
	s      *site
	Title  string // of the browser's window
	Room   string // the menu entry the page belongs to
	Charts bool   // something is drawn
	Files  bool   // .json is to be had
	Keep   bool   // the address can be kept: it shows the same tomorrow
	Notes  []string
	Done   *done
	Of     any // the page's own content
}

// done is a change just made, and whether it can be taken back.
type done struct {
	Text string
	Seq  int64
	Undo bool
}

// frame returns the frame of a page of the room.
func (s *site) frame(q *request, room, title string, of any) *frame {
	return &frame{q: q, s: s, Room: room, Title: title, Of: of}
}

// render writes the page with the template of that name, in full, or for
// part=1 its content alone.
func (s *site) render(w http.ResponseWriter, q *request, status int, name string, f *frame) error {
	if err := f.lookBack(); err != nil {
		return err
	}
	t := "layout"
	if q.ask.Query.Get("part") != "" {
		t = "part"
	}
	var b bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&b, t, f); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	s.send(w, q, status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// lookBack finds the change that brought the reader here.
func (f *frame) lookBack() error {
	key := f.q.ask.Get("done")
	if key == "" || f.q.house == nil {
		return nil
	}
	if key == "none" {
		f.Done = &done{Text: f.T("web.notice.same")}
		return nil
	}
	lines, err := f.s.ws.Log(f.q.Context(), 0)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if fmt.Sprint(l.Seq) == key {
			f.Done = &done{Text: f.q.ask.Loc.Text(l.Text), Seq: l.Seq, Undo: l.UndoneBy == 0 && f.s.ws.Writable()}
		}
	}
	return nil
}

// T returns the message of the key.
func (f *frame) T(key string, args ...any) string { return f.q.ask.T(key, args...) }

// Ask returns what was asked.
func (f *frame) Ask() *view.Ask { return f.q.ask }

// Say returns the sentence with each figure a door.
func (f *frame) Say(s view.Sentence) template.HTML { return s.HTML(f.q.ask) }

// Door returns the figure as a link to its lineage.
func (f *frame) Door(v shanyraq.Figure) template.HTML { return view.Door(f.q.ask, v) }

// To returns the address with what the reader chose for every view.
func (f *frame) To(path string) string { return f.q.ask.Carry(path) }

// Asset returns the address of an asset.
func (f *frame) Asset(name string) string { return f.s.files.address(name) }

// Mark returns the drawing of the crown, in the colour of the text around it.
func (f *frame) Mark() template.HTML { return f.s.files.mark }

// Lang and Dir say what the page is written in, and which way.
func (f *frame) Lang() string { return f.q.ask.Loc.Lang() }

// Dir returns "ltr" or "rtl".
func (f *frame) Dir() string { return f.q.ask.Loc.Dir() }

// Theme returns "light", "dark", or "" for what the reader's system prefers.
func (f *frame) Theme() string { return f.q.theme }

// Writable reports whether changes are kept.
func (f *frame) Writable() bool { return f.s.ws.Writable() }

// Who returns the name under which changes are kept.
func (f *frame) Who() string { return f.s.o.Who }

// Home returns the code of the home country.
func (f *frame) Home() string { return string(f.q.ask.Home) }

// HomeName returns what the home country is called.
func (f *frame) HomeName() string {
	if f.q.house == nil {
		return f.Home()
	}
	return f.q.house.PlaceName(f.q.ask.Home, f.Lang())
}

// Homes returns the countries that can be home, by name.
func (f *frame) Homes() []view.Choice {
	if f.q.house == nil {
		return nil
	}
	var out []view.Choice
	for _, p := range f.q.house.Countries(f.q.ask.Loc.Compare, f.Lang()) {
		out = append(out, view.Choice{Value: string(p.Code), Label: p.Name(f.Lang())})
	}
	return out
}

// Version returns the version of the evidence shown.
func (f *frame) Version() string {
	if f.q.house == nil {
		return ""
	}
	return f.q.house.Library.Version()
}

// Newest returns the address of the same view of the newest evidence where an
// earlier version is shown, else "".
func (f *frame) Newest() string {
	if f.q.newest == "" {
		return ""
	}
	return f.q.view("at", "")
}

// An entry is a line of a menu.
type entry struct {
	Key, Label, Href, Letter string
	Current                  string // value of aria-current
}

// letters are the keys that lead to a menu entry after "g".
var letters = map[string]string{"overview": "o", "standing": "s", "vectors": "v", "diaspora": "d", "hosts": "h", "sources": "r", "methods": "m", "groups": "c", "activity": "a"}

// Rooms returns the menu of rooms.
func (f *frame) Rooms() []entry { return f.menu(append([]string{"overview"}, view.Rooms()...)) }

// Library returns the menu of what stands behind the rooms.
func (f *frame) Library() []entry {
	return f.menu([]string{"sources", "methods", "groups", "activity"})
}

func (f *frame) menu(keys []string) []entry {
	var out []entry
	for _, k := range keys {
		e := entry{Key: k, Label: f.navName(k), Href: f.To("/" + k), Letter: letters[k]}
		if k == "overview" {
			e.Href = f.To("/")
		}
		if k == f.Room {
			e.Current = "true"
			if f.q.URL.Path == "/"+k || f.q.URL.Path == "/" {
				e.Current = "page"
			}
		}
		out = append(out, e)
	}
	return out
}

// Languages returns the languages, each leading to this view in it.
func (f *frame) Languages() []entry {
	var out []entry
	for _, l := range locale.Supported() {
		e := entry{Key: l, Label: locale.NativeName(l), Href: f.q.view("lang", l)}
		if l == f.Lang() {
			e.Current = "true"
		}
		out = append(out, e)
	}
	return out
}

// Themes returns the themes, each leading to this view in it.
func (f *frame) Themes() []entry {
	var out []entry
	for _, t := range []string{"system", "light", "dark"} {
		e := entry{Key: t, Label: f.T("page.theme." + t), Href: f.q.view("theme", t)}
		if t == f.q.theme || t == "system" && f.q.theme == "" {
			e.Current = "true"
		}
		out = append(out, e)
	}
	return out
}

// Hidden returns the settings of the address, but for the keys named, as the
// fields a form has to carry along.
func (f *frame) Hidden(but ...string) []view.Choice {
	var out []view.Choice
	for k, values := range f.q.ask.Query {
		if slices.Contains(but, k) || slices.Contains(passing, k) {
			continue
		}
		for _, v := range values {
			out = append(out, view.Choice{Value: k, Label: v})
		}
	}
	slices.SortStableFunc(out, func(a, b view.Choice) int { return strings.Compare(a.Value, b.Value) })
	return out
}

// Carried returns what the reader chose for every view, as a form to another
// page has to carry it.
func (f *frame) Carried() []view.Choice {
	return slices.DeleteFunc(f.Hidden(), func(c view.Choice) bool { return !slices.Contains([]string{"home", "lang", "at"}, c.Value) })
}

// Path returns the path of the view.
func (f *frame) Path() string { return f.q.path() }

// File returns the address of the same content for programs.
func (f *frame) File(format, table string) string { return f.q.file(format, table) }

// Pinned returns the address of the view with the version it shows.
func (f *frame) Pinned() string { return f.q.view("at", f.Version()) }

// Host returns the name the reader calls the server by.
func (f *frame) Host() string { return f.q.Request.Host }

// Query returns what was searched for.
func (f *frame) Query() string {
	if f.q.URL.Path != "/search" {
		return ""
	}
	return f.q.ask.Query.Get("q")
}

// ID returns the id of an element, which is another in the drawer than on the
// page it may lie over.
func (f *frame) ID(name string) string { return f.q.id(name) }

// Words returns the words the scripts say, by key.
func (f *frame) Words() []view.Choice {
	var out []view.Choice
	for _, k := range []string{"copied", "failed", "close", "page", "less", "more", "nodata"} {
		out = append(out, view.Choice{Value: k, Label: f.T("script." + k)})
	}
	return out
}

// HiddenBut returns the settings of the address as a form with the controls
// has to carry them along.
func (f *frame) HiddenBut(controls []view.Control) []view.Choice {
	names := make([]string, len(controls))
	for i, c := range controls {
		names[i] = c.Name
	}
	return f.Hidden(names...)
}

// IsDoor reports whether an address is that of a figure.
func (f *frame) IsDoor(href string) bool { return strings.HasPrefix(href, "/f/") }

// Strength returns what kind of statement it is, in the reader's language.
func (f *frame) Strength(s shanyraq.Strength) string { return f.q.ask.Loc.Strength(s) }

// N returns a count as it is written.
func (f *frame) N(n int) string { return f.q.ask.Loc.Number(float64(n), 0) }

// Plus returns the number of the line with index i.
func (f *frame) Plus(i int) int { return i + 1 }

// navName returns what a menu entry is called.
func (f *frame) navName(key string) string {
	if key == "groups" {
		return f.T("web.nav.groups")
	}
	return f.T("nav." + key)
}
