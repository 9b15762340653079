package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"shanyraq"
	"shanyraq/data"
	"shanyraq/internal/hosts"
	"shanyraq/internal/ingest"
	"shanyraq/internal/publishers"
	"shanyraq/internal/view"
)

// today is the day of every test.
var today = time.Date(2026, 3, 21, 9, 0, 0, 0, time.UTC)

// house opens the tables in fsys.
func house(fsys fs.FS) (*view.House, *ingest.Vocabulary, error) {
	w, err := ingest.OpenWorkspace(fsys)
	if err != nil {
		return nil, nil, err
	}
	h, err := view.NewHouse(context.Background(), w)
	return h, w.Vocabulary(), err
}

// builtIn is the built-in workspace, opened once.
var builtIn = sync.OnceValues(func() (*memory, error) {
	h, v, err := house(data.Files)
	return &memory{houses: []*view.House{h}, known: v}, err
})

// smallTables are a workspace that can be looked through: two hosts, one
// source with rival claims, one with counts.
func smallTables() fstest.MapFS {
	record := func(id, strength, rivals string) string {
		return "id: " + id + "\npublisher: Office of " + id + "\ntitle: Tables of " + id + "\nedition: first\naddress: https://example.org/" + id + "\ntaken: 2024-05-11\nlicence: CC0 1.0\nterms: Cite <it>.\nstrength: " + strength + "\nrivals: " + rivals + "\nfaults: Rounded, see https://example.org/faults.\n\nWritten *by hand*.\n\n- <b>not bold</b>\n- [a page](https://example.org/page)\n"
	}
	files := map[string]string{
		"places.csv":              "code,alpha2,numeric,region,subregion,name_en,name_ru,name_kk\nKAZ,KZ,398,Asia,Central Asia,Kazakhstan,Казахстан,Қазақстан\nDEU,DE,276,Europe,Western Europe,Germany,Германия,Германия\nUZB,UZ,860,Asia,Central Asia,Uzbekistan,Узбекистан,Өзбекстан\nWLD,,001,,,World,Весь мир,Бүкіл әлем\n",
		"definitions.csv":         "definition,title_en,title_ru,title_kk,meaning_en,meaning_ru,meaning_kk\nbirthplace,Born there,Родившиеся там,Сонда туғандар,Born in the country.,Родившиеся в стране.,Елде туғандар.\nethnicity,By own word,По своему слову,Өз сөзімен,Those who say so.,Кто так говорит.,Солай дегендер.\n",
		"series.csv":              "series,unit,definition,topic,title_en,title_ru,title_kk,meaning_en\npeople_from,persons,birthplace,diaspora,People from,Выходцы,Шыққандар,Residents by origin.\nSP.POP.TOTL,persons,,people,Population,Население,Халық,All residents.\nNY.GDP.PCAP.PP.CD,intl_usd,,economy,Output per person,Выпуск на человека,Бір адамға шаққандағы өнім,At purchasing power.\nMS.MIL.XPND.GD.ZS,percent,,military,Military spending,Военные расходы,Әскери шығын,Share of output.\nNY.GDP.MKTP.CD,usd,,economy,Output,Выпуск,Өнім,In dollars.\nHDR_hdi,index,,development,Human development,Развитие человека,Адам дамуы,Index.\nVDEM_v2x_polyarchy,index,,politics,Democracy,Демократия,Демократия,Index.\nWGI_rule_of_law_estimate,score,,politics,Rule of law,Верховенство права,Заң үстемдігі,Score.\ninternet_users,percent,,society,Internet users,Пользователи интернета,Интернет пайдаланушылар,Share.\n",
		"groups.csv":              "group,name_en,name_ru,name_kk,place,from,to,source,note\nasia,Central Asia,Центральная Азия,Орталық Азия,KAZ,1991,,census,a <definition>\nasia,,,,UZB,1991,2020,,\n",
		"authors/SOURCE.md":       record("authors", "opinion", "yes"),
		"authors/people_from.csv": "place,partner,when,value,low,high,definition,who,note\nDEU,KAZ,2020,900,,,ethnicity,A. Author,said <aloud>\nDEU,KAZ,2021,1200,1000,1500,ethnicity,B. Author,\nWLD,KAZ,2021,5000,4500,7000,ethnicity,A. Author,\n",
		"census/SOURCE.md":        record("census", "measured", "no"),
		"census/people_from.csv":  "place,partner,when,value\nUZB,KAZ,2020,300\nDEU,KAZ,2021,1001\nDEU,KAZ,2020,1000\n",
		"census/more.csv":         "series,place,when,value\nSP.POP.TOTL,KAZ,2024,20592571\nSP.POP.TOTL,DEU,2024,83510950\nSP.POP.TOTL,UZB,2024,36361859\nNY.GDP.PCAP.PP.CD,KAZ,2024,40000\nNY.GDP.PCAP.PP.CD,DEU,2024,70000\nNY.GDP.PCAP.PP.CD,UZB,2024,11000\nNY.GDP.MKTP.CD,KAZ,2024,288000000000\nNY.GDP.MKTP.CD,DEU,2024,4600000000000\nNY.GDP.MKTP.CD,UZB,2024,115000000000\nMS.MIL.XPND.GD.ZS,KAZ,2024,0.5\nMS.MIL.XPND.GD.ZS,DEU,2024,1.9\nHDR_hdi,KAZ,2022,0.802\n",
	}
	out := fstest.MapFS{}
	for name, content := range files {
		out[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return out
}

// memory is a workspace kept in memory: the versions of it there were, and a
// log. What is staged is read with the real reader; groups are kept beside the
// library.
type memory struct {
	known    *ingest.Vocabulary
	readonly bool
	refusal  error // of the next change
	same     bool  // everything staged is there already

	mu     sync.Mutex
	houses []*view.House // oldest first
	lines  []shanyraq.Activity
	groups map[shanyraq.GroupID]*shanyraq.Group // put in place of the built-in ones; nil where hidden
	stages int
}

// small returns a fresh small workspace.
func small(t testing.TB) *memory {
	t.Helper()
	h, v, err := house(smallTables())
	if err != nil {
		t.Fatal(err)
	}
	return &memory{houses: []*view.House{h}, known: v}
}

func (m *memory) House(ctx context.Context, version string) (*view.House, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	newest := m.houses[len(m.houses)-1]
	if version == "" {
		if len(m.groups) == 0 {
			return newest, nil
		}
		return view.NewHouse(ctx, grouped{newest.Library, m.groups})
	}
	for _, h := range m.houses {
		if h.Library.Version() == version {
			return h, nil
		}
	}
	return nil, shanyraq.Tell("memory.House", shanyraq.NotFound, shanyraq.Text{Key: "store.version_unknown", Args: map[string]any{"Version": version}}, "no version %s", version)
}

// grouped is a library with groups put in place of its own.
type grouped struct {
	view.Library
	put map[shanyraq.GroupID]*shanyraq.Group
}

func (g grouped) Groups(ctx context.Context) ([]shanyraq.Group, error) {
	own, err := g.Library.Groups(ctx)
	if err != nil {
		return nil, err
	}
	var out []shanyraq.Group
	for _, x := range own {
		if _, replaced := g.put[x.ID]; !replaced {
			out = append(out, x)
		}
	}
	for _, x := range g.put {
		if x != nil {
			out = append(out, *x)
		}
	}
	slices.SortFunc(out, func(a, b shanyraq.Group) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out, nil
}

func (m *memory) Log(_ context.Context, limit int) ([]shanyraq.Activity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := slices.Clone(m.lines)
	slices.Reverse(out)
	if limit > 0 {
		out = out[:min(limit, len(out))]
	}
	return out, nil
}

// write adds a line of the log, or fails as the test wants it to.
func (m *memory) write(who, key string, undoes int64, args ...any) (shanyraq.Activity, error) {
	if err := m.refusal; err != nil {
		m.refusal = nil
		return shanyraq.Activity{}, err
	}
	texts := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		texts[args[i].(string)] = args[i+1]
	}
	a := shanyraq.Activity{Seq: int64(len(m.lines) + 1), At: today, Who: who, Text: shanyraq.Text{Key: key, Args: texts}, Undoes: undoes, Version: m.houses[len(m.houses)-1].Library.Version()}
	m.lines = append(m.lines, a)
	return a, nil
}

func (m *memory) Undo(_ context.Context, seq int64, who string) (shanyraq.Activity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if seq > int64(len(m.lines)) {
		return shanyraq.Activity{}, shanyraq.Tell("memory.Undo", shanyraq.NotFound, shanyraq.Text{Key: "store.undo_unknown", Args: map[string]any{"Seq": seq}}, "no line %d", seq)
	}
	if by := m.lines[seq-1].UndoneBy; by != 0 {
		return shanyraq.Activity{}, shanyraq.Tell("memory.Undo", shanyraq.Conflict, shanyraq.Text{Key: "store.undo_done", Args: map[string]any{"Seq": seq, "Later": by}}, "line %d is undone", seq)
	}
	a, err := m.write(who, "activity.undo", seq, "Seq", seq)
	if err != nil {
		return a, err
	}
	m.lines[seq-1].UndoneBy = a.Seq
	clear(m.groups)
	return a, nil
}

func (m *memory) Stage(ctx context.Context, u view.Upload, home shanyraq.CountryCode) (*view.Staged, error) {
	h, err := m.House(ctx, "")
	if err != nil {
		return nil, err
	}
	out := &view.Staged{Name: u.Name}
	if u.Record != nil {
		r, err := ingest.ReadRecord(u.Record, u.RecName)
		if err != nil {
			return nil, err
		}
		out.Source, out.NewSource = r.Source, true
	} else {
		var ok bool
		if out.Source, ok = h.Source(u.Source); !ok {
			return nil, shanyraq.Tell("memory.Stage", shanyraq.NotFound, shanyraq.Text{Key: "workspace.source", Args: map[string]any{"ID": string(u.Source)}}, "no source %s", u.Source)
		}
	}
	if u.As != "" {
		data, err := io.ReadAll(u.Table)
		if err != nil {
			return nil, err
		}
		book, err := publishers.Open(ctx, u.Name, data)
		if err != nil {
			return nil, err
		}
		r, err := publishers.Convert(ctx, u.As, book, h, u.Mapping)
		if err != nil {
			return nil, err
		}
		u.Table, out.Skipped = bytes.NewReader(r.Table), r.Skipped
	}
	b, err := ingest.ReadClaims(u.Table, u.Name, ingest.Options{Known: m.known, Series: u.Series, Source: out.Source.ID, Strength: out.Source.Strength})
	if err != nil {
		return nil, err
	}
	out.Claims, out.NewSeries = b.Claims, b.NewSeries
	out.Counts = shanyraq.Counts{Added: len(b.Claims)}
	if m.same {
		out.Counts = shanyraq.Counts{Same: len(b.Claims)}
	}
	figures, err := h.Headline(ctx, home)
	if err != nil {
		return nil, err
	}
	for _, f := range figures[:min(2, len(figures))] {
		out.Moves = append(out.Moves, view.Move{Path: f.Path(), Before: f, After: figures[len(figures)-1]})
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stages++
	return out, nil
}

func (m *memory) Commit(_ context.Context, s *view.Staged, who string) (shanyraq.Activity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.same {
		return shanyraq.Activity{}, nil
	}
	return m.write(who, "activity.import", 0, "Source", string(s.Source.ID), "Added", s.Counts.Added, "Changed", s.Counts.Changed, "Same", s.Counts.Same)
}

func (m *memory) putGroup(id shanyraq.GroupID, g *shanyraq.Group) {
	if m.groups == nil {
		m.groups = map[shanyraq.GroupID]*shanyraq.Group{}
	}
	m.groups[id] = g
}

func (m *memory) PutGroup(_ context.Context, g shanyraq.Group, who string) (shanyraq.Activity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, err := m.write(who, "activity.put_group", 0, "Key", string(g.ID))
	if err == nil {
		m.putGroup(g.ID, &g)
	}
	return a, err
}

func (m *memory) DeleteGroup(_ context.Context, id shanyraq.GroupID, who string) (shanyraq.Activity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, err := m.write(who, "activity.delete_group", 0, "Key", string(id))
	if err == nil {
		m.putGroup(id, nil)
	}
	return a, err
}

func (m *memory) RestoreGroup(_ context.Context, id shanyraq.GroupID, who string) (shanyraq.Activity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, err := m.write(who, "activity.restore_group", 0, "Key", string(id))
	if err == nil {
		delete(m.groups, id)
	}
	return a, err
}

func (m *memory) Decide(_ context.Context, place shanyraq.CountryCode, tier hosts.Tier, memo, who string) (shanyraq.Activity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := (hosts.Decision{Place: place, Tier: tier, Found: hosts.Caution, Memo: memo, By: who, At: today}).Check(); err != nil {
		return shanyraq.Activity{}, err
	}
	return m.write(who, "activity.decide_tier", 0, "Key", string(place), "Tier", int(tier))
}

func (m *memory) Redact(context.Context, shanyraq.CountryCode, time.Time, string, string) (shanyraq.Activity, error) {
	return shanyraq.Activity{}, errors.ErrUnsupported
}

func (m *memory) Judge(_ context.Context, home, place shanyraq.CountryCode, theme hosts.Theme, fit float64, why, who string) (shanyraq.Activity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if why == "" {
		return shanyraq.Activity{}, shanyraq.Tell("memory", shanyraq.Invalid, shanyraq.Text{Key: "hosts.error.reason"}, "no reason")
	}
	return m.write(who, "activity.import", 0, "Source", fmt.Sprint(home, " ", place, " ", theme, " ", fit), "Added", 1, "Changed", 0, "Same", 0)
}

func (m *memory) Backup(context.Context, string) error { return errors.ErrUnsupported }

func (m *memory) Verify(context.Context) (view.Examination, error) {
	return view.Examination{}, errors.ErrUnsupported
}

func (m *memory) Writable() bool { return !m.readonly }
func (m *memory) Close() error   { return nil }

// A reader asks the pages, as a browser on this machine does.
type reader struct {
	t     testing.TB
	pages http.Handler
	log   *strings.Builder
}

// read returns a reader of the workspace's pages.
func read(t testing.TB, ws view.Workspace, o ...Options) *reader {
	t.Helper()
	r := &reader{t: t, log: &strings.Builder{}}
	opt := Options{Now: func() time.Time { return today }, Log: slog.New(slog.NewTextHandler(r.log, nil)), Who: "tester"}
	if len(o) > 0 {
		opt = o[0]
		opt.Now, opt.Log = func() time.Time { return today }, slog.New(slog.NewTextHandler(r.log, nil))
	}
	var err error
	if r.pages, err = New(ws, opt); err != nil {
		t.Fatal(err)
	}
	return r
}

// do sends a request; head alternates names and values of headers.
func (r *reader) do(method, target string, body io.Reader, head ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	req := httptest.NewRequest(method, target, body)
	req.Host = "localhost:8090"
	for i := 0; i+1 < len(head); i += 2 {
		if head[i] == "Host" {
			req.Host = head[i+1]
			continue
		}
		req.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	r.pages.ServeHTTP(w, req)
	if i := bytes.Index(w.Body.Bytes(), []byte("⟦")); i >= 0 {
		r.t.Errorf("%s %s: a message is missing: %q", method, target, shorten(w.Body.String()[i:]))
	}
	return w
}

// get returns the answer at an address and fails unless its status is want.
func (r *reader) get(target string, want int, head ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	w := r.do("GET", target, nil, head...)
	if w.Code != want {
		r.t.Fatalf("GET %s answers %d, want %d\n%s\n%s", target, w.Code, want, shorten(w.Body.String()), r.log)
	}
	return w
}

// post sends a form from a page of the program and fails unless the status is
// want; fields alternate names and values.
func (r *reader) post(target string, want int, fields ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	w := r.do("POST", target, strings.NewReader(v.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
	if w.Code != want {
		r.t.Fatalf("POST %s answers %d, want %d\n%s\n%s", target, w.Code, want, shorten(w.Body.String()), r.log)
	}
	return w
}

// follow returns the page a change led to.
func (r *reader) follow(w *httptest.ResponseRecorder) string {
	r.t.Helper()
	if w.Code != http.StatusSeeOther {
		r.t.Fatalf("answers %d, want a redirect", w.Code)
	}
	return r.get(w.Header().Get("Location"), http.StatusOK).Body.String()
}

func shorten(s string) string {
	if i := strings.Index(s, "<main"); i >= 0 {
		s = s[i:]
	}
	if len(s) > 1500 {
		s = s[:1500] + "…(" + strconv.Itoa(len(s)) + ")"
	}
	return s
}

// has fails unless the text holds every one of the parts.
func has(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s lacks %q\n%s", what, p, shorten(text))
		}
	}
}

// hasNot fails if the text holds any of the parts.
func hasNot(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%s has %q\n%s", what, p, shorten(text))
		}
	}
}

// fstestFile is one more table for the small workspace.
var fstestFile = fstest.MapFile{Data: []byte("series,place,when,value\nHDR_hdi,DEU,2022,0.950\n")}

func mustHouse(t testing.TB, l view.Library) *view.House {
	t.Helper()
	h, err := view.NewHouse(context.Background(), l)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// refusing is a library whose claims cannot be had one by one, for a reason of
// the kind.
type refusing struct {
	view.Library
	kind shanyraq.Kind
}

func (l refusing) Claim(context.Context, shanyraq.ClaimID) (shanyraq.Claim, error) {
	return shanyraq.Claim{}, shanyraq.Tell("refusing", l.kind, shanyraq.Text{}, "kept back because it is %d", l.kind)
}

// panicking is a workspace with a mistake in it.
type panicking struct{ *memory }

func (panicking) House(context.Context, string) (*view.House, error) { panic("made to fail") }
