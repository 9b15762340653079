package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shanyraq"
	"shanyraq/internal/ingest"
	"shanyraq/internal/locale"
	"shanyraq/internal/view"
)

// folder is a small set of built-in tables: people from Kazakhstan in two
// hosts, by a source that counts and by one that quotes rivals.
func folder() fstest.MapFS {
	record := func(id, strength, rivals string) string {
		return fmt.Sprintf("id: %s\npublisher: P\ntitle: T\naddress: https://example.org\ntaken: 2024\nlicence: CC0\nstrength: %s\nrivals: %s\n\nProse of %s.\n", id, strength, rivals, id)
	}
	out := fstest.MapFS{}
	for name, content := range map[string]string{
		"places.csv":      "code,alpha2,numeric,region,subregion,name_en,name_ru\nKAZ,KZ,398,Asia,Central Asia,Kazakhstan,Казахстан\nDEU,DE,276,Europe,Western Europe,Germany,Германия\nUSA,US,840,Americas,,United States,США\nUZB,UZ,860,Asia,Central Asia,Uzbekistan,Узбекистан\n",
		"definitions.csv": "definition,title_en,meaning_en\nbirthplace,By birthplace,Born there\ncitizenship,By citizenship,Holders of it\n",
		"series.csv":      "series,unit,definition,topic,title_en,meaning_en\npeople_from,persons,birthplace,diaspora,People from,Residents by origin\n",
		"groups.csv":      "group,name_en,name_ru,place,from,to,source,note\nwest,The West,Запад,DEU,1955,,,\n",

		"authors/SOURCE.md":       record("authors", "opinion", "yes"),
		"authors/people_from.csv": "place,partner,when,value,who\nDEU,KAZ,2020,900,A\nDEU,KAZ,2020,1200,B\n",
		"census/SOURCE.md":        record("census", "measured", "no"),
		"census/people_from.csv":  "place,partner,when,value\nUSA,KAZ,2020,300\nDEU,KAZ,2020,1000\nDEU,UZB,2020,77\n",
	} {
		out[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return out
}

// clock is a fixed instant.
func clock() time.Time { return time.Date(2026, 5, 11, 9, 30, 0, 0, time.UTC) }

var small = sync.OnceValues(func() (*ingest.Workspace, error) { return ingest.OpenWorkspace(folder()) })

// fresh returns a workspace over the small tables and a new store, and the
// path of the store.
func fresh(t testing.TB, o Options) (*Workspace, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "office.db")
	o.Create = true
	return reopened(t, path, o), path
}

func reopened(t testing.TB, path string, o Options) *Workspace {
	t.Helper()
	base, err := small()
	if err != nil {
		t.Fatal(err)
	}
	o.Now = clock
	w, err := open(t.Context(), path, base, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w
}

const ownRecord = "id: own\npublisher: Own office\ntitle: Own counts\naddress: https://example.org/own\ntaken: 2026\nlicence: CC0\nstrength: official\n\nMade up.\n"

// own is an upload of claims of a source of one's own.
func own(table string) view.Upload {
	return view.Upload{Name: "people_from.csv", Table: strings.NewReader(table), Record: strings.NewReader(ownRecord), RecName: "SOURCE.md"}
}

// of is an upload of claims of a known source.
func of(source shanyraq.SourceID, table string) view.Upload {
	return view.Upload{Name: "people_from.csv", Table: strings.NewReader(table), Source: source}
}

// tester is whoever needs a test to fail.
type tester interface {
	Helper()
	Fatal(...any)
}

func stage(t tester, w *Workspace, u view.Upload) *view.Staged {
	t.Helper()
	s, err := w.Stage(context.Background(), u, "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func commit(t tester, w *Workspace, s *view.Staged) shanyraq.Activity {
	t.Helper()
	line, err := w.Commit(context.Background(), s, "tester")
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func house(t tester, w *Workspace, version string) *view.House {
	t.Helper()
	h, err := w.House(context.Background(), version)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// headline returns the headline figures of Kazakhstan, by path.
func headline(t tester, h *view.House) map[string]shanyraq.Figure {
	t.Helper()
	all, err := h.Headline(context.Background(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]shanyraq.Figure{}
	for _, f := range all {
		out[f.Path()] = f
	}
	return out
}

// figures compares figures by what they show.
var figures = cmp.Comparer(func(a, b shanyraq.Figure) bool {
	return a.Path() == b.Path() && a.Value() == b.Value() && a.Interval() == b.Interval()
})

func TestVersionsArePinned(t *testing.T) {
	w, _ := fresh(t, Options{})
	versions := []string{house(t, w, "").Library.Version()}
	want := []map[string]shanyraq.Figure{headline(t, house(t, w, ""))}
	for i := range 2 * housesKept { // more than are kept
		line := commit(t, w, stage(t, w, own(fmt.Sprintf("place,partner,when,value\nDEU,KAZ,2025,%d\n", 5000+i))))
		h := house(t, w, "")
		if h.Library.Version() != line.Version {
			t.Fatalf("the newest version is %s, the line says %s", h.Library.Version(), line.Version)
		}
		versions, want = append(versions, line.Version), append(want, headline(t, h))
	}
	for i := range versions {
		if d := cmp.Diff(want[i], headline(t, house(t, w, versions[i])), figures); d != "" {
			t.Errorf("version %d has changed since:\n%s", i, d)
		}
		if i > 0 && cmp.Equal(want[i], want[i-1], figures) {
			t.Errorf("version %d shows what the one before did", i)
		}
	}
	if n := len(w.houses); n > housesKept {
		t.Errorf("%d houses are kept, want at most %d", n, housesKept)
	}
	once := house(t, w, versions[3])
	if again := house(t, w, versions[3]); again != once {
		t.Error("the rooms of one version are made twice")
	}
	_, err := w.House(t.Context(), "000000000000")
	if shanyraq.KindOf(err) != shanyraq.NotFound || shanyraq.TextOf(err).Key == "" {
		t.Errorf("a version that never was gives %v", err)
	}
}

func TestStage(t *testing.T) {
	for _, tt := range []struct {
		name   string
		upload view.Upload
		want   shanyraq.Counts
		source bool
		series []shanyraq.Series
		ids    []shanyraq.ClaimID
	}{
		{"claims of a new source", own("place,partner,when,value\nDEU,KAZ,2025,5000\nUSA,KAZ,2025,10\n"),
			shanyraq.Counts{Added: 2}, true, nil, []shanyraq.ClaimID{"own/people_from/DEU/KAZ/2025", "own/people_from/USA/KAZ/2025"}},
		{"a correction, a repetition and an addition to a built-in source", of("census", "place,partner,when,value\nDEU,KAZ,2020,1001\nUSA,KAZ,2020,300\nUSA,KAZ,2021,310\n"),
			shanyraq.Counts{Added: 1, Changed: 1, Same: 1}, false, nil, []shanyraq.ClaimID{"census/people_from/DEU/KAZ/2020", "census/people_from/USA/KAZ/2020", "census/people_from/USA/KAZ/2021"}},
		{"rival claims are named by their contents too", of("authors", "place,partner,when,value,who\nDEU,KAZ,2020,900,A\n"),
			shanyraq.Counts{Same: 1}, false, nil, nil},
		{"another range is another claim", of("census", "place,partner,when,value,low,high\nUSA,KAZ,2020,300,290,310\n"),
			shanyraq.Counts{Changed: 1}, false, nil, nil},
		{"a series of its own", of("census", "series,place,when,value,unit\nchess_clubs,DEU,2024,7,count\n"),
			shanyraq.Counts{Added: 1}, false, []shanyraq.Series{{ID: "chess_clubs", Unit: "count"}}, nil},
		{"the series is named apart", view.Upload{Name: "sheet.csv", Table: strings.NewReader("place,partner,when,value\nUSA,KAZ,2020,300\n"), Source: "census", Series: "people_from"},
			shanyraq.Counts{Same: 1}, false, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, path := fresh(t, Options{})
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s := stage(t, w, tt.upload)
			if s.Counts != tt.want || s.NewSource != tt.source {
				t.Errorf("counts %+v and new source %v, want %+v and %v", s.Counts, s.NewSource, tt.want, tt.source)
			}
			if d := cmp.Diff(tt.series, s.NewSeries); d != "" {
				t.Error(d)
			}
			var ids []shanyraq.ClaimID
			for _, c := range s.Claims {
				ids = append(ids, c.ID)
			}
			if tt.ids != nil && !slices.Equal(ids, tt.ids) {
				t.Errorf("claims %v, want %v", ids, tt.ids)
			}
			if lines, err := w.Log(t.Context(), 0); err != nil || len(lines) > 0 {
				t.Errorf("staging wrote %v (%v)", lines, err)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("staging changed the file (%v)", err)
			}
			if line := commit(t, w, s); line.Counts != tt.want {
				t.Errorf("the commit counts %+v, want %+v", line.Counts, tt.want)
			}
			again := stage(t, w, rewound(tt.upload))
			if n := len(s.Claims); again.Counts != (shanyraq.Counts{Same: n}) || again.NewSource || len(again.NewSeries) > 0 || len(again.Moves) > 0 {
				t.Errorf("staged again it would do something: %+v", again)
			}
			if line := commit(t, w, again); line.Seq != 0 {
				t.Errorf("a line %d is written for nothing", line.Seq)
			}
		})
	}
}

// rewound returns the upload to be read once more.
func rewound(u view.Upload) view.Upload {
	for _, r := range []io.Reader{u.Table, u.Record} {
		if s, ok := r.(io.Seeker); ok {
			_, _ = s.Seek(0, io.SeekStart) // a strings.Reader always can
		}
	}
	return u
}

func TestStagedMovesAreThoseAfterCommit(t *testing.T) {
	for _, tt := range []struct {
		name   string
		upload view.Upload
		moves  int
	}{
		{"a larger number of a weightier source", own("place,partner,when,value\nDEU,KAZ,2025,5000\n"), 1},
		{"a host nobody spoke of", own("place,partner,when,value\nUZB,KAZ,2025,5000\n"), 1},
		{"another definition", own("place,partner,when,value,definition\nDEU,KAZ,2025,40,citizenship\n"), 1},
		{"people of another country", own("place,partner,when,value\nDEU,UZB,2025,40\n"), 0},
		{"what is there", of("census", "place,partner,when,value\nUSA,KAZ,2020,300\n"), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, _ := fresh(t, Options{})
			before := house(t, w, "")
			s := stage(t, w, tt.upload)
			commit(t, w, s)
			got, err := view.Moved(t.Context(), before, house(t, w, ""), "KAZ")
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(got, s.Moves, figures); d != "" {
				t.Errorf("what moved is not what was said:\n%s", d)
			}
			if len(s.Moves) != tt.moves {
				t.Errorf("%d figures move, want %d: %v", len(s.Moves), tt.moves, s.Moves)
			}
		})
	}
}

func TestStageRefuses(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	silent, _ := io.Pipe() // says nothing, ever
	for _, tt := range []struct {
		name   string
		ctx    context.Context
		upload view.Upload
		kind   shanyraq.Kind
		key    string
		fault  string // of the first one, where there are any
	}{
		{"a source nobody knows", nil, of("nobody", "place,value\nDEU,1\n"), shanyraq.NotFound, "workspace.source", ""},
		{"no source at all", nil, of("", "place,value\nDEU,1\n"), shanyraq.NotFound, "workspace.source", ""},
		{"a table with a fault", nil, own("place,value\nGermany,1\n"), shanyraq.Invalid, "ingest.refused", "people_from.csv:2:1"},
		{"a record with a fault, in a folder of another name", nil, view.Upload{Name: "a.csv", Table: strings.NewReader(""), Record: strings.NewReader("id: own\n\nProse.\n"), RecName: "some/folder/SOURCE.md"}, shanyraq.Invalid, "ingest.refused", "some/folder/SOURCE.md: "},
		{"the reader has gone", ended, own("place,value\nDEU,1\n"), shanyraq.Other, "", ""},
		{"a table that never comes", ended, view.Upload{Name: "a.csv", Table: silent, Source: "census"}, shanyraq.Other, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, _ := fresh(t, Options{})
			ctx := tt.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			_, err := w.Stage(ctx, tt.upload, "KAZ")
			if err == nil || shanyraq.KindOf(err) != tt.kind || shanyraq.TextOf(err).Key != tt.key {
				t.Fatalf("%v (%v, %q)", err, shanyraq.KindOf(err), shanyraq.TextOf(err).Key)
			}
			var faults *ingest.Faults
			if errors.As(err, &faults) != (tt.fault != "") || tt.fault != "" && !strings.HasPrefix(faults.List[0].String(), tt.fault) {
				t.Errorf("faults %v, want %q", err, tt.fault)
			}
			if tt.ctx != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("it ended with %v", err)
			}
		})
	}
}

// A commit that is stopped half way leaves nothing of it.
func TestCommitStopped(t *testing.T) {
	var stop context.CancelFunc
	told := 0
	w, _ := fresh(t, Options{Progress: func(done, total int) {
		if told++; done > 0 && stop != nil {
			stop()
		}
	}})
	var table strings.Builder
	table.WriteString("place,partner,when,value\n")
	for day := range 5000 {
		fmt.Fprintf(&table, "DEU,KAZ,%s,1\n", time.Date(2000, 1, 1+day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	s := stage(t, w, own(table.String()))
	before := house(t, w, "").Library.Version()
	ctx, cancel := context.WithCancel(t.Context())
	stop = cancel
	if _, err := w.Commit(ctx, s, "tester"); !errors.Is(err, context.Canceled) {
		t.Fatalf("it ended with %v", err)
	}
	if told == 0 {
		t.Fatal("nobody was told how far it had come")
	}
	if after := house(t, w, "").Library.Version(); after != before {
		t.Errorf("the version is %s, was %s", after, before)
	}
	if lines, err := w.Log(t.Context(), 0); err != nil || len(lines) > 0 {
		t.Errorf("the log has %v (%v)", lines, err)
	}
	stop = nil
	if line := commit(t, w, s); line.Counts.Added != 5000 {
		t.Errorf("then %+v are stored", line.Counts)
	}
}

func TestOneWriterManyReaders(t *testing.T) {
	w, path := fresh(t, Options{})
	base, err := small()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t.Context(), path, base, Options{}); shanyraq.KindOf(err) != shanyraq.Conflict || shanyraq.TextOf(err).Key != "store.held" {
		t.Fatalf("a second writer gets %v", err)
	}
	r := reopened(t, path, Options{ReadOnly: true})
	if r.Writable() || !w.Writable() {
		t.Error("who may write is told wrongly")
	}
	line := commit(t, w, stage(t, w, own("place,partner,when,value\nDEU,KAZ,2025,5000\n")))
	if v := house(t, r, "").Library.Version(); v != line.Version {
		t.Errorf("the reader is at %s, the writer at %s", v, line.Version)
	}
	if _, err := r.Undo(t.Context(), 0, "tester"); shanyraq.TextOf(err).Key != "store.read_mode" {
		t.Errorf("a reader's change gives %v", err)
	}
}

// Readers of pinned and newest versions see whole imports only, while they
// come in.
func TestReadingWhileImporting(t *testing.T) {
	w, _ := fresh(t, Options{})
	pinned := house(t, w, "").Library.Version()
	first := headline(t, house(t, w, ""))
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				h, err := w.House(context.Background(), "")
				if err != nil {
					t.Error(err)
					return
				}
				cs, err := h.Library.Claims(context.Background(), shanyraq.Query{Sources: []shanyraq.SourceID{"own"}})
				if err != nil || len(cs)%2 != 0 {
					t.Errorf("%d claims of an import of two (%v)", len(cs), err)
					return
				}
				old, err := w.House(context.Background(), pinned)
				if err != nil {
					t.Error(err)
					return
				}
				if d := cmp.Diff(first, headline(t, old), figures); d != "" {
					t.Errorf("the pinned version moved:\n%s", d)
					return
				}
			}
		})
	}
	for i := range 20 {
		commit(t, w, stage(t, w, own(fmt.Sprintf("place,partner,when,value\nDEU,KAZ,%d,5000\nUSA,KAZ,%d,10\n", 2000+i, 2000+i))))
	}
	close(done)
	readers.Wait()
}

// Whatever is imported, undoing it leads back to the version and the figures
// from before, and undoing that to those after.
func TestImportThenUndo(t *testing.T) {
	w, _ := fresh(t, Options{})
	rapid.Check(t, func(t *rapid.T) {
		before := house(t, w, "").Library.Version()
		shown := headline(t, house(t, w, ""))
		s := stage(t, w, anyUpload(t))
		line := commit(t, w, s)
		if line.Counts != s.Counts {
			t.Fatalf("staged %+v, stored %+v", s.Counts, line.Counts)
		}
		if line.Seq == 0 {
			if s.Counts.Added+s.Counts.Changed > 0 || s.NewSource {
				t.Fatal("nothing was written of a change")
			}
			return
		}
		after := headline(t, house(t, w, ""))
		back, err := w.Undo(context.Background(), line.Seq, "tester")
		if err != nil {
			t.Fatal(err)
		}
		if back.Version != before || house(t, w, "").Library.Version() != before {
			t.Fatalf("undone to %s, was %s", back.Version, before)
		}
		if d := cmp.Diff(shown, headline(t, house(t, w, "")), figures); d != "" {
			t.Fatal(d)
		}
		if rapid.Bool().Draw(t, "again") {
			again, err := w.Undo(context.Background(), back.Seq, "tester")
			if err != nil || again.Version != line.Version {
				t.Fatalf("done again to %s (%v), was %s", again.Version, err, line.Version)
			}
			if d := cmp.Diff(after, headline(t, house(t, w, "")), figures); d != "" {
				t.Fatal(d)
			}
		}
	})
	if e, err := w.Verify(t.Context()); err != nil || !e.OK() || e.Lines == 0 {
		t.Errorf("the store is not sound: %+v, %v", e, err)
	}
}

// anyUpload draws a table about a few places and years, of a source of one's
// own or a built-in one.
func anyUpload(t *rapid.T) view.Upload {
	var b strings.Builder
	b.WriteString("place,partner,when,value\n")
	seen := map[string]bool{}
	for range rapid.IntRange(1, 6).Draw(t, "claims") {
		key := rapid.SampledFrom([]string{"DEU", "USA", "UZB"}).Draw(t, "place") + ",KAZ," + rapid.SampledFrom([]string{"2019", "2020", "2025", ""}).Draw(t, "when")
		if !seen[key] {
			seen[key] = true
			fmt.Fprintf(&b, "%s,%d\n", key, rapid.SampledFrom([]int{0, 300, 1000, 1001, 5000}).Draw(t, "value"))
		}
	}
	if rapid.Bool().Draw(t, "built in") {
		return of("census", b.String())
	}
	return own(b.String())
}

func TestRecordOfABuiltInSource(t *testing.T) {
	w, _ := fresh(t, Options{})
	record := string(folder()["census/SOURCE.md"].Data)
	up := func(record string) view.Upload {
		return view.Upload{Name: "people_from.csv", Table: strings.NewReader("place,partner,when,value\nUSA,KAZ,2021,310\n"), Record: strings.NewReader(record)}
	}
	builtIn, _ := house(t, w, "").Source("census")
	s := stage(t, w, up(record))
	if s.NewSource || s.Source != builtIn {
		t.Errorf("the same record makes another source: %+v, was %+v", s.Source, builtIn)
	}
	s = stage(t, w, up(strings.Replace(record, "title: T", "title: Corrected", 1)))
	commit(t, w, s)
	if notes, err := house(t, w, "").Library.SourceNotes(t.Context(), "census"); err != nil || notes != "Prose of census." {
		t.Errorf("its prose is %q (%v)", notes, err)
	}
	if got, _ := house(t, w, "").Source("census"); got.Title != "Corrected" || got.Checksum != builtIn.Checksum {
		t.Errorf("the record is not corrected, or the checksum not that of the built-in tables: %+v", got)
	}
}

// What a record says of its source in prose is kept with it, and changes with it.
func TestProseOfARecord(t *testing.T) {
	w, _ := fresh(t, Options{})
	up := func(prose string) view.Upload {
		u := own("place,partner,when,value\nDEU,KAZ,2025,5000\n")
		u.Record = strings.NewReader(strings.Replace(ownRecord, "Made up.", prose, 1))
		return u
	}
	for i, tt := range []struct{ prose, want string }{{"First words.", "First words."}, {"Better words.", "Better words."}, {"Better words.", "Better words."}} {
		line := commit(t, w, stage(t, w, up(tt.prose)))
		if again := i == 2; (line.Seq == 0) != again {
			t.Errorf("%d: line %d is written", i, line.Seq)
		}
		if got, err := house(t, w, "").Library.SourceNotes(t.Context(), "own"); err != nil || got != tt.want {
			t.Errorf("%d: the prose is %q (%v)", i, got, err)
		}
	}
	if _, err := w.Undo(t.Context(), 2, "tester"); err != nil {
		t.Fatal(err)
	}
	if got, err := house(t, w, "").Library.SourceNotes(t.Context(), "own"); err != nil || got != "First words." {
		t.Errorf("undone, the prose is %q (%v)", got, err)
	}
}

// Over the built-in tables alone everything can be asked and nothing changed.
func TestBuiltIn(t *testing.T) {
	w, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	h := house(t, w, "")
	if house(t, w, h.Library.Version()) != h {
		t.Error("the version of the tables opens something else")
	}
	if _, err := w.House(t.Context(), "000000000000"); shanyraq.KindOf(err) != shanyraq.NotFound || shanyraq.TextOf(err).Key != "store.version_unknown" {
		t.Errorf("a version that never was gives %v", err)
	}
	if lines, err := w.Log(t.Context(), 0); err != nil || lines != nil {
		t.Errorf("the log has %v (%v)", lines, err)
	}
	s := stage(t, w, own("place,partner,when,value\nDEU,KAZ,2025,5000000\n"))
	if s.Counts.Added != 1 || len(s.Moves) == 0 {
		t.Errorf("an import cannot be tried: %+v", s)
	}
	ctx := t.Context()
	for name, change := range map[string]func() error{
		"commit":  func() error { _, err := w.Commit(ctx, s, "t"); return err },
		"undo":    func() error { _, err := w.Undo(ctx, 0, "t"); return err },
		"put":     func() error { _, err := w.PutGroup(ctx, shanyraq.Group{ID: "g"}, "t"); return err },
		"delete":  func() error { _, err := w.DeleteGroup(ctx, "eu", "t"); return err },
		"restore": func() error { _, err := w.RestoreGroup(ctx, "eu", "t"); return err },
		"backup":  func() error { return w.Backup(ctx, filepath.Join(t.TempDir(), "b.db")) },
		"verify":  func() error { _, err := w.Verify(ctx); return err },
	} {
		if err := change(); shanyraq.KindOf(err) != shanyraq.Invalid || shanyraq.TextOf(err).Key != "workspace.builtin" {
			t.Errorf("%s gives %v", name, err)
		}
	}
	if w.Writable() || w.Close() != nil {
		t.Error("it is not closed as it should be")
	}
	for _, lang := range locale.Supported() {
		for _, key := range []string{"workspace.builtin", "workspace.source"} {
			if !locale.For(lang).Has(key) {
				t.Errorf("%s has no %s", lang, key)
			}
		}
	}
}

func TestGroups(t *testing.T) {
	w, _ := fresh(t, Options{})
	names := func() string {
		groups, err := house(t, w, "").Library.Groups(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(groups)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	built := names()
	if _, err := w.PutGroup(t.Context(), shanyraq.Group{ID: "west", Names: map[string]string{"en": "Ours"}, Members: []shanyraq.Member{{Place: "USA"}}}, "t"); err != nil {
		t.Fatal(err)
	}
	if got := names(); !strings.Contains(got, "Ours") || strings.Contains(got, "The West") {
		t.Errorf("after putting: %s", got)
	}
	if _, err := w.DeleteGroup(t.Context(), "west", "t"); err != nil {
		t.Fatal(err)
	}
	if got := names(); strings.Contains(got, "west") {
		t.Errorf("after deleting: %s", got)
	}
	if _, err := w.RestoreGroup(t.Context(), "west", "t"); err != nil {
		t.Fatal(err)
	}
	if got := names(); got != built {
		t.Errorf("after restoring: %s", got)
	}
}

func TestBackupAndVerify(t *testing.T) {
	w, _ := fresh(t, Options{})
	line := commit(t, w, stage(t, w, own("place,partner,when,value\nDEU,KAZ,2025,5000\n")))
	dest := filepath.Join(t.TempDir(), "copy.db")
	if err := w.Backup(t.Context(), dest); err != nil {
		t.Fatal(err)
	}
	if err := w.Backup(t.Context(), dest); shanyraq.TextOf(err).Key != "store.backup_exists" {
		t.Errorf("a second copy of the name gives %v", err)
	}
	c := reopened(t, dest, Options{})
	if v := house(t, c, "").Library.Version(); v != line.Version {
		t.Errorf("the copy is at %s, want %s", v, line.Version)
	}
	e, err := c.Verify(t.Context())
	if want := (view.Examination{Lines: 1, Claims: 1, Entries: 2, Problems: []shanyraq.Text{}}); err != nil || !cmp.Equal(e, want) {
		t.Errorf("examined: %+v, %v", e, err)
	}
}
