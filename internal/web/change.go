package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"shanyraq"
	"shanyraq/internal/ingest"
	"shanyraq/internal/locale"
	"shanyraq/internal/publishers"
	"shanyraq/internal/view"
)

// changing lets a request through to a handler that changes something: only
// where changes are kept, and always of the newest version.
func (s *site) changing(h handler) handler {
	return func(w http.ResponseWriter, q *request) error {
		if !s.ws.Writable() {
			return refuse(http.StatusConflict, "web.readonly.error")
		}
		q.ask.Query.Del("at")
		var err error
		if q.house, err = s.ws.House(q.Context(), ""); err != nil {
			return err
		}
		return h(w, q)
	}
}

// shownLines is how many lines of the log are shown at first.
const shownLines = 100

// An activityPage is the log as its template wants it.
type activityPage struct {
	Lines []activityLine
	More  string // address of all of them
}

// An activityLine is one line of the log in the reader's language.
type activityLine struct {
	shanyraq.Activity
	When, What string
	Note       string // that it was undone, or undoes another
	Open       string // address of the first page as it was after the line
	Undo       bool
}

// activity answers with the log of changes, newest first.
func (s *site) activity(w http.ResponseWriter, q *request) error {
	limit := shownLines + 1
	if q.ask.Get("show") == "all" || q.format != "" {
		limit = 0
	}
	log, err := s.ws.Log(q.Context(), limit)
	if err != nil {
		return err
	}
	loc := q.ask.Loc
	switch q.format {
	case "json":
		type line struct {
			shanyraq.Activity
			Said string `json:"said"`
		}
		out := []line{}
		for _, l := range log {
			out = append(out, line{l, loc.Text(l.Text)})
		}
		return s.sendJSON(w, q, http.StatusOK, "application/json", out)
	case "csv":
		t := &view.Table{Key: "activity", Columns: []view.Column{{Key: "who"}, {Key: "what"}, {Key: "undoes"}, {Key: "undone_by"}, {Key: "version"}}}
		number := func(n int64) view.Cell {
			if n == 0 {
				return view.Cell{}
			}
			return view.Cell{Text: strconv.FormatInt(n, 10)}
		}
		for _, l := range log {
			t.Add(view.Row{Key: strconv.FormatInt(l.Seq, 10), Label: l.At.UTC().Format(time.RFC3339)}, view.Cell{Text: l.Who}, view.Cell{Text: loc.Text(l.Text)}, number(l.Undoes), number(l.UndoneBy), view.Cell{Text: l.Version})
		}
		return s.sendCSV(w, q, t)
	}
	p := &activityPage{}
	if limit > 0 && len(log) > shownLines {
		log, p.More = log[:shownLines], q.view("show", "all")
	}
	for _, l := range log {
		x := activityLine{Activity: l, When: loc.Time(l.At), What: loc.Text(l.Text), Open: q.view("at", l.Version, "show", ""), Undo: l.UndoneBy == 0 && s.ws.Writable()}
		x.Open = "/" + strings.TrimPrefix(x.Open, q.path())
		if l.UndoneBy != 0 {
			x.Note = q.ask.T("page.activity.undone", "Seq", l.UndoneBy)
		}
		p.Lines = append(p.Lines, x)
	}
	f := s.frame(q, "activity", q.ask.T("page.activity.question"), p)
	f.Files = true
	f.Notes = unknownKeys(q)
	return s.render(w, q, http.StatusOK, "activity", f)
}

// undo takes back one line of the log.
func (s *site) undo(w http.ResponseWriter, q *request) error {
	seq, err := strconv.ParseInt(q.PostFormValue("seq"), 10, 64)
	if err != nil || seq < 1 {
		return refuse(http.StatusBadRequest, "web.error.seq")
	}
	a, err := s.ws.Undo(q.Context(), seq, s.o.Who)
	if err != nil {
		return err
	}
	tell(w, q, "/activity", a)
	return nil
}

// tell sends the reader on to a page that tells of the change and offers to
// take it back.
func tell(w http.ResponseWriter, q *request, to string, a shanyraq.Activity) {
	done := "none" // nothing had to be changed
	if a.Seq != 0 {
		done = strconv.FormatInt(a.Seq, 10)
	}
	sep := "?"
	if strings.Contains(to, "?") {
		sep = "&"
	}
	redirect(w, q, to+sep+"done="+done)
}

// maxUpload is how large what is sent to be imported may be, in bytes.
const maxUpload = 64 << 20

// An importPage is the form of an import, with what was wrong with the last try.
type importPage struct {
	Sources, Series []view.Choice
	Source          string
	ForSeries       string
	As              string
	Layouts         []view.Choice
	Map             []view.Choice     // the parts of a mapping
	Mapped          map[string]string // and what each is
	Sent            string            // the name under which the file waits, if it was sent already
	SentName        string
	Headings        []string
	Sample          [][]string
	Trouble         string
	Faults          []faultLine
	More            int
	Columns         []string
	Max             int
}

// A faultLine is one thing wrong with a file, in the reader's language.
type faultLine struct {
	File         string
	Line, Column string
	Text, Remedy string
}

// importForm answers with the form to send a table of claims.
func (s *site) importForm(w http.ResponseWriter, q *request) error {
	return s.showImport(w, q, http.StatusOK, &importPage{})
}

func (s *site) showImport(w http.ResponseWriter, q *request, status int, p *importPage) error {
	if q.format != "" {
		return shanyraq.Errorf("web.import", shanyraq.NotFound, "the import is a page only")
	}
	p.Max = maxUpload >> 20
	sources, err := q.house.Library.Sources(q.Context())
	if err != nil {
		return err
	}
	for _, x := range sources {
		p.Sources = append(p.Sources, view.Choice{Value: string(x.ID), Label: x.Publisher + ": " + x.Title})
	}
	series, err := q.house.Library.Series(q.Context())
	if err != nil {
		return err
	}
	for _, x := range series {
		p.Series = append(p.Series, view.Choice{Value: string(x.ID), Label: x.Title(q.ask.Loc.Lang())})
	}
	for _, c := range [][]view.Choice{p.Sources, p.Series} {
		slices.SortStableFunc(c, func(a, b view.Choice) int { return q.ask.Loc.Compare(a.Label, b.Label) })
	}
	for _, l := range publishers.Layouts() {
		title := l.Title
		if l.Key == "table" {
			title = q.ask.T("web.import.as.table")
		}
		p.Layouts = append(p.Layouts, view.Choice{Value: l.Key, Label: title})
	}
	for _, part := range publishers.Parts() {
		p.Map = append(p.Map, view.Choice{Value: part, Label: q.ask.T("web.import.map." + part)})
	}
	f := s.frame(q, "sources", q.ask.T("nav.import"), p)
	f.Notes = unknownKeys(q)
	return s.render(w, q, status, "import", f)
}

// stage reads what was sent and shows what importing it would do, or what is
// wrong with it.
func (s *site) stage(w http.ResponseWriter, q *request) error {
	q.Body = http.MaxBytesReader(w, q.Body, maxUpload)
	if err := q.ParseMultipartForm(8 << 20); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return refuse(http.StatusRequestEntityTooLarge, "web.error.too_large", "Max", maxUpload>>20)
		}
		return refuse(http.StatusBadRequest, "web.error.form")
	}
	defer func() { _ = q.MultipartForm.RemoveAll() }() // temporary files of the upload
	p := &importPage{Source: q.PostFormValue("source"), ForSeries: q.PostFormValue("series"), As: q.PostFormValue("as"), Mapped: map[string]string{}}
	for _, part := range publishers.Parts() {
		p.Mapped[part] = strings.TrimSpace(q.PostFormValue("map." + part))
	}
	files, err := s.filesOf(q)
	if err != nil {
		return err
	}
	if files == nil {
		p.Trouble = q.ask.T("web.import.notable")
		return s.showImport(w, q, http.StatusBadRequest, p)
	}
	u := view.Upload{Name: files.name, Table: bytes.NewReader(files.table), As: p.As, Series: shanyraq.SeriesID(p.ForSeries)}
	switch {
	case files.record != nil:
		u.Record, u.RecName = bytes.NewReader(files.record), files.recName
	case p.Source != "":
		u.Source = shanyraq.SourceID(p.Source)
	default:
		p.Trouble = q.ask.T("web.import.nosource")
		return s.showImport(w, q, http.StatusBadRequest, p)
	}
	if p.As == "table" {
		done, err := s.mapped(w, q, p, files, &u)
		if done || err != nil {
			return err
		}
	}
	staged, err := s.ws.Stage(q.Context(), u, q.ask.Home)
	var faults *ingest.Faults
	if errors.As(err, &faults) {
		p.Trouble, p.More = q.ask.Loc.Text(shanyraq.TextOf(err)), faults.More
		for _, f := range faults.List {
			p.Faults = append(p.Faults, faultOf(q.ask.Loc, f))
		}
		if p.As == "table" {
			p.Sent, p.SentName = s.sent.put(files), files.name
		}
		return s.showImport(w, q, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	redirect(w, q, "/import/"+s.held.put(staged))
	return nil
}

// sentFiles are a table and its record as they were sent, kept while their
// columns are being named.
type sentFiles struct {
	name, recName string
	table, record []byte
}

// filesOf returns the files of the form, or those sent before under its token;
// nil if there is no table.
func (s *site) filesOf(q *request) (*sentFiles, error) {
	out := &sentFiles{}
	if token := q.PostFormValue("sent"); token != "" {
		kept, err := s.sent.get(token)
		if err != nil {
			return nil, err
		}
		*out = *kept
	}
	for _, x := range []struct {
		field string
		name  *string
		data  *[]byte
	}{{"table", &out.name, &out.table}, {"record", &out.recName, &out.record}} {
		f, head, err := q.FormFile(x.field)
		if err != nil {
			continue // none was chosen
		}
		data, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, shanyraq.Errorf("web.import", shanyraq.Other, "%s: %w", head.Filename, err)
		}
		*x.name, *x.data = head.Filename, data
	}
	if out.table == nil {
		return nil, nil
	}
	return out, nil
}

// mapped puts the mapping of the form into the upload. Where the form has none it
// shows what the columns seem to be, to be corrected, and reports that the answer
// is given.
func (s *site) mapped(w http.ResponseWriter, q *request, p *importPage, files *sentFiles, u *view.Upload) (done bool, err error) {
	book, err := publishers.Open(q.Context(), files.name, files.table)
	var faults *ingest.Faults
	if errors.As(err, &faults) {
		p.Trouble = q.ask.Loc.Text(shanyraq.TextOf(err))
		for _, f := range faults.List {
			p.Faults = append(p.Faults, faultOf(q.ask.Loc, f))
		}
		return true, s.showImport(w, q, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return true, err
	}
	given := slices.ContainsFunc(publishers.Parts(), func(part string) bool { return p.Mapped[part] != "" })
	m := publishers.Guess(book, q.house)
	if given {
		if m, err = mappingOf(p.Mapped); err != nil {
			p.Trouble = q.ask.Loc.Text(shanyraq.TextOf(err))
			p.Sent, p.SentName = s.sent.put(files), files.name
			return true, s.showImport(w, q, http.StatusUnprocessableEntity, p)
		}
	}
	if m.Series == "" {
		m.Series = shanyraq.SeriesID(p.ForSeries)
	}
	p.Headings, p.Sample = m.Headings(book), m.Sample(book, 5)
	if given {
		u.Mapping = &m
		return false, nil
	}
	p.Mapped = map[string]string{"sheet": m.Sheet, "header": strconv.Itoa(m.Header), "place": m.Place, "when": m.When, "value": m.Value, "years": strings.Join(m.Years, "; "), "series": string(m.Series)}
	p.Sent, p.SentName = s.sent.put(files), files.name
	return true, s.showImport(w, q, http.StatusOK, p)
}

// mappingOf returns the mapping that the parts of a form make.
func mappingOf(of map[string]string) (publishers.Mapping, error) {
	list := func(s string) []string {
		var out []string
		for x := range strings.SplitSeq(s, ";") {
			if x = strings.TrimSpace(x); x != "" {
				out = append(out, x)
			}
		}
		return out
	}
	m := publishers.Mapping{Sheet: of["sheet"], Header: 1, Place: of["place"], At: shanyraq.CountryCode(strings.ToUpper(of["at"])), Area: of["area"], Partner: of["partner"], Of: shanyraq.CountryCode(strings.ToUpper(of["of"])),
		Subject: of["subject"], When: of["when"], On: shanyraq.Period(of["on"]), Value: of["value"], Years: list(of["years"]), Note: of["note"], Series: shanyraq.SeriesID(of["series"]), Unit: shanyraq.Unit(of["unit"]), Title: of["title"],
		Definition: shanyraq.DefinitionID(of["definition"]), Skip: list(of["skip"])}
	bad := func(s string) error {
		return shanyraq.Tell("web.import", shanyraq.Invalid, shanyraq.Text{Key: "web.import.map.number", Args: map[string]any{"Found": s}}, "%q is no number", s)
	}
	var err error
	if s := of["header"]; s != "" {
		if m.Header, err = strconv.Atoi(s); err != nil || m.Header < 1 {
			return m, bad(s)
		}
	}
	if s := of["times"]; s != "" {
		if m.Times, err = strconv.ParseFloat(s, 64); err != nil || !(m.Times > 0) {
			return m, bad(s)
		}
	}
	return m, nil
}

func faultOf(loc *locale.Locale, f ingest.Fault) faultLine {
	out := faultLine{File: f.File, Text: loc.Text(f.Text), Remedy: loc.Text(f.Remedy)}
	if f.Line > 0 {
		out.Line = strconv.Itoa(f.Line)
	}
	if f.Column > 0 {
		out.Column = strconv.Itoa(f.Column)
	}
	return out
}

// A stagedPage says what importing a table would do.
type stagedPage struct {
	*view.Staged
	Token  string
	Series []string // titles of the new ones
	Lines  []moveLine
	More   int
}

// A moveLine is one headline figure that would move.
type moveLine struct {
	Title, Subtitle string
	Before          shanyraq.Figure
	After           string
}

// shownMoves is how many of the figures that would move are listed.
const shownMoves = 60

// staged answers with what importing the table would do.
func (s *site) staged(w http.ResponseWriter, q *request) error {
	x, err := s.held.get(q.PathValue("token"))
	if err != nil {
		return err
	}
	p := &stagedPage{Staged: x, Token: q.PathValue("token")}
	lang := q.ask.Loc.Lang()
	for _, ser := range x.NewSeries {
		p.Series = append(p.Series, ser.Title(lang))
	}
	for _, m := range x.Moves {
		if len(p.Lines) == shownMoves {
			p.More = len(x.Moves) - shownMoves
			break
		}
		shown := m.After
		after := q.ask.T("moves.gone")
		if shown.IsZero() {
			shown = m.Before
		} else {
			after = q.ask.Loc.Figure(m.After).Short
		}
		title, subtitle := q.house.FigureTitle(q.ask, shown)
		p.Lines = append(p.Lines, moveLine{title, subtitle, m.Before, after})
	}
	f := s.frame(q, "sources", q.ask.T("web.import.preview"), p)
	return s.render(w, q, http.StatusOK, "staged", f)
}

// commit stores what was staged.
func (s *site) commit(w http.ResponseWriter, q *request) error {
	token := q.PathValue("token")
	x, err := s.held.get(token)
	if err != nil {
		return err
	}
	a, err := s.ws.Commit(q.Context(), x, s.o.Who)
	if err != nil {
		return err
	}
	s.held.drop(token)
	tell(w, q, "/sources/"+string(x.Source.ID), a)
	return nil
}

// discard forgets what was staged.
func (s *site) discard(w http.ResponseWriter, q *request) error {
	s.held.drop(q.PathValue("token"))
	redirect(w, q, "/import")
	return nil
}

// A shelf keeps what waits for a reader's next step, a few things and not for
// long, since each may be large.
type shelf[T any] struct {
	now func() time.Time

	mu   sync.Mutex
	held map[string]heldTable[T]
}

type heldTable[T any] struct {
	what T
	at   time.Time
}

const (
	shelfSize = 4
	shelfLife = 30 * time.Minute
)

func newShelf[T any](now func() time.Time) *shelf[T] {
	return &shelf[T]{now: now, held: map[string]heldTable[T]{}}
}

// put keeps the table and returns the name it can be asked for by. The oldest
// makes room for it.
func (h *shelf[T]) put(x T) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tidy()
	for len(h.held) >= shelfSize {
		oldest := ""
		for token, t := range h.held {
			if oldest == "" || t.at.Before(h.held[oldest].at) {
				oldest = token
			}
		}
		delete(h.held, oldest)
	}
	token := rand.Text()
	h.held[token] = heldTable[T]{x, h.now()}
	return token
}

// get returns the table of that name, or a NotFound error if it was never
// there, was stored, or has been waiting too long.
func (h *shelf[T]) get(token string) (T, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tidy()
	t, ok := h.held[token]
	if !ok {
		var none T
		return none, shanyraq.Tell("web.staged", shanyraq.NotFound, shanyraq.Text{Key: "web.import.lapsed"}, "nothing staged under this name")
	}
	return t.what, nil
}

func (h *shelf[T]) drop(token string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.held, token)
}

func (h *shelf[T]) tidy() {
	for token, t := range h.held {
		if h.now().Sub(t.at) > shelfLife {
			delete(h.held, token)
		}
	}
}

// groups answers with the list of country groups.
func (s *site) groups(w http.ResponseWriter, q *request) error {
	return s.room(func(ctx context.Context, h *view.House, a *view.Ask) (*view.Page, error) {
		all, err := h.Library.Groups(ctx)
		if err != nil {
			return nil, err
		}
		p := &view.Page{Room: "groups", Path: "/groups", Question: a.T("web.groups.question"), Answer: view.Say("web.groups.answer", "Count", len(all))}
		t := &view.Table{Key: "groups", Title: a.T("web.groups.title"), RowHead: a.T("common.group"), Empty: a.T("web.groups.empty"),
			Columns: []view.Column{{Key: "members", Label: a.T("web.groups.members", "Year", a.Today.Year())}, {Key: "note", Label: a.T("common.note")}}}
		for _, g := range all {
			var names []string
			for _, c := range g.In(a.Today.Year()) {
				names = append(names, h.PlaceName(c, a.Loc.Lang()))
			}
			slices.SortFunc(names, a.Loc.Compare)
			t.Add(view.Row{Key: string(g.ID), Label: g.Name(a.Loc.Lang()), Href: a.Carry("/groups/" + string(g.ID))}, view.Cell{Text: strings.Join(names, ", ")}, view.Cell{Text: g.Note})
		}
		p.Tables = []*view.Table{t}
		return p, nil
	})(w, q)
}

// A groupPage is one group, and the form to change it.
type groupPage struct {
	New     bool
	ID      string
	Title   string
	Names   []view.Control // one per language
	Note    string
	Source  view.Link
	Members *section
	Lines   []memberLine // of the form
	Places  []view.Choice
	Trouble string
}

// A memberLine is one country's time in a group, as typed.
type memberLine struct {
	Place, From, To string
	Wrong           string // what is wrong with it
}

// spareLines is how many empty lines the form of a group offers.
const spareLines = 4

// group answers with one group, or for "new" with an empty form.
func (s *site) group(w http.ResponseWriter, q *request) error {
	id := q.PathValue("id")
	if id == "new" {
		return s.showGroup(w, q, http.StatusOK, &groupPage{New: true, Names: namesOf(q, nil)})
	}
	g, err := groupOf(q, shanyraq.GroupID(id))
	if err != nil {
		return err
	}
	p := &groupPage{ID: id, Title: g.Name(q.ask.Loc.Lang()), Names: namesOf(q, g.Names), Note: g.Note}
	for _, m := range g.Members {
		p.Lines = append(p.Lines, memberLine{Place: q.house.PlaceName(m.Place, q.ask.Loc.Lang()), From: year(m.From), To: year(m.To)})
	}
	return s.showGroup(w, q, http.StatusOK, p)
}

// groupOf returns the group of that id, or a NotFound error.
func groupOf(q *request, id shanyraq.GroupID) (shanyraq.Group, error) {
	all, err := q.house.Library.Groups(q.Context())
	if err != nil {
		return shanyraq.Group{}, err
	}
	i := slices.IndexFunc(all, func(g shanyraq.Group) bool { return g.ID == id })
	if i < 0 {
		return shanyraq.Group{}, shanyraq.Tell("web.group", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.group", Args: map[string]any{"Value": string(id)}}, "no group %q", id)
	}
	return all[i], nil
}

// year returns a year as it is typed: nothing for an open end.
func year(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}

func namesOf(q *request, names map[string]string) []view.Control {
	var out []view.Control
	for _, l := range locale.Supported() {
		out = append(out, view.Control{Name: "name_" + l, Label: locale.NativeName(l), Value: names[l]})
	}
	return out
}

func (s *site) showGroup(w http.ResponseWriter, q *request, status int, p *groupPage) error {
	lang := q.ask.Loc.Lang()
	if !p.New {
		g, err := groupOf(q, shanyraq.GroupID(p.ID))
		if err != nil {
			return err
		}
		if p.Title == "" {
			p.Title = g.Name(lang)
		}
		if src, ok := q.house.Source(g.Source); ok {
			p.Source = view.Link{Label: src.Title, Href: q.ask.Carry("/sources/" + string(g.Source))}
		}
		t := memberTable(q, g)
		switch q.format {
		case "json":
			return s.sendJSON(w, q, http.StatusOK, "application/json", g)
		case "csv":
			return s.sendCSV(w, q, t)
		}
		p.Members = newSection(q, t, sorting{}).unsorted()
	} else {
		p.Title = q.ask.T("web.groups.new")
	}
	for range spareLines {
		p.Lines = append(p.Lines, memberLine{})
	}
	for _, c := range q.house.Countries(q.ask.Loc.Compare, lang) {
		p.Places = append(p.Places, view.Choice{Value: string(c.Code), Label: c.Name(lang)})
	}
	f := s.frame(q, "groups", p.Title, p)
	f.Files, f.Keep = !p.New, !p.New
	f.Notes = unknownKeys(q)
	return s.render(w, q, status, "group", f)
}

// memberTable returns the members of a group with their years.
func memberTable(q *request, g shanyraq.Group) *view.Table {
	t := &view.Table{Key: "members", Title: q.ask.T("web.groups.members.title"), RowHead: q.ask.T("common.country"), Empty: q.ask.T("web.groups.members.empty"),
		Columns: []view.Column{{Key: "from", Label: q.ask.T("web.groups.from")}, {Key: "to", Label: q.ask.T("web.groups.to")}}}
	open := q.ask.T("web.groups.open")
	for _, m := range g.Members {
		from, to := view.Cell{Text: year(m.From)}, view.Cell{Text: year(m.To)}
		if m.From == 0 {
			from.Missing = open
		}
		if m.To == 0 {
			to.Missing = open
		}
		t.Add(view.Row{Key: string(m.Place), Label: q.house.PlaceName(m.Place, q.ask.Loc.Lang()), Href: q.ask.Carry("/hosts/" + string(m.Place)), Home: m.Place == q.ask.Home}, from, to)
	}
	slices.SortStableFunc(t.Rows, func(a, b view.Row) int { return q.ask.Loc.Compare(a.Label, b.Label) })
	return t
}

// putGroup saves what was typed into the form of a group. What is wrong is
// said beside it, and what was typed stays.
func (s *site) putGroup(w http.ResponseWriter, q *request) error {
	if err := q.ParseForm(); err != nil {
		return refuse(http.StatusBadRequest, "web.error.form")
	}
	p := &groupPage{ID: q.PathValue("id"), Names: namesOf(q, nil), Note: strings.TrimSpace(q.PostFormValue("note"))}
	p.New = p.ID == ""
	g := shanyraq.Group{Names: map[string]string{}, Note: p.Note}
	any := ""
	for i := range p.Names {
		n := &p.Names[i]
		if n.Value = strings.TrimSpace(q.PostFormValue(n.Name)); n.Value != "" {
			g.Names[strings.TrimPrefix(n.Name, "name_")] = n.Value
			if any == "" {
				any = n.Value
			}
		}
	}
	wrong := false
	places, froms, tos := q.PostForm["place"], q.PostForm["from"], q.PostForm["to"]
	for i, typed := range places {
		line := memberLine{Place: strings.TrimSpace(typed)}
		if i < len(froms) {
			line.From = strings.TrimSpace(froms[i])
		}
		if i < len(tos) {
			line.To = strings.TrimSpace(tos[i])
		}
		if line == (memberLine{}) {
			continue
		}
		m, problem := memberOf(q, line)
		if line.Wrong = problem; problem != "" {
			wrong = true
		}
		p.Lines = append(p.Lines, line)
		g.Members = append(g.Members, m)
	}
	switch {
	case any == "":
		p.Trouble = q.ask.T("web.groups.error.name")
	case wrong:
		p.Trouble = q.ask.T("web.groups.error.lines")
	case len(g.Members) == 0:
		p.Trouble = q.ask.T("web.groups.error.empty")
	}
	if p.New {
		p.ID = groupKey(any)
		if _, err := groupOf(q, shanyraq.GroupID(p.ID)); err == nil && p.Trouble == "" {
			p.Trouble = q.ask.T("web.groups.error.exists", "Name", any)
		}
	} else {
		old, err := groupOf(q, shanyraq.GroupID(p.ID))
		if err != nil {
			return err
		}
		g.Source = old.Source
	}
	if p.Trouble != "" {
		return s.showGroup(w, q, http.StatusBadRequest, p)
	}
	g.ID = shanyraq.GroupID(p.ID)
	a, err := s.ws.PutGroup(q.Context(), g, s.o.Who)
	if err != nil {
		return err
	}
	tell(w, q, "/groups/"+p.ID, a)
	return nil
}

// memberOf reads one line of the form; problem says what is wrong with it.
func memberOf(q *request, line memberLine) (m shanyraq.Member, problem string) {
	place, ok := q.house.Place(shanyraq.CountryCode(strings.ToUpper(line.Place)))
	if !ok {
		if place, ok = q.house.Named(line.Place); !ok {
			return m, q.ask.T("web.groups.error.place", "Value", line.Place)
		}
	}
	m.Place = place.Code
	for _, end := range []struct {
		typed string
		to    *int
	}{{line.From, &m.From}, {line.To, &m.To}} {
		if end.typed == "" {
			continue
		}
		y, err := strconv.Atoi(end.typed)
		if err != nil || y < 1 || y > 9999 {
			return m, q.ask.T("web.groups.error.year", "Value", end.typed)
		}
		*end.to = y
	}
	if m.To != 0 && m.To < m.From {
		return m, q.ask.T("web.groups.error.order")
	}
	return m, ""
}

// groupKey makes the id of a new group from its name: "Turkic states" is
// "turkic_states".
func groupKey(name string) string {
	key := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '_'
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			return r
		}
		return -1
	}, locale.Fold(name))
	if key == "" || key == "new" {
		key = "group_" + strings.ToLower(rand.Text()[:6])
	}
	return key
}

// deleteGroup deletes a group, or hides a built-in one.
func (s *site) deleteGroup(w http.ResponseWriter, q *request) error {
	a, err := s.ws.DeleteGroup(q.Context(), shanyraq.GroupID(q.PathValue("id")), s.o.Who)
	if err != nil {
		return err
	}
	tell(w, q, "/groups", a)
	return nil
}

// restoreGroup shows a built-in group as it was.
func (s *site) restoreGroup(w http.ResponseWriter, q *request) error {
	id := q.PathValue("id")
	a, err := s.ws.RestoreGroup(q.Context(), shanyraq.GroupID(id), s.o.Who)
	if err != nil {
		return err
	}
	tell(w, q, "/groups/"+id, a)
	return nil
}
