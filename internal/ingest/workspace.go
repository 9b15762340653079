package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// A Workspace is a folder of tables as it was when opened, held in memory and
// indexed by series and place. It never changes, so any number of goroutines
// may read it. Maps inside what it returns are shared and not to be changed.
type Workspace struct {
	vocabulary  *Vocabulary
	places      []shanyraq.Place
	definitions []shanyraq.Definition
	series      []shanyraq.Series
	groups      []shanyraq.Group
	sources     []shanyraq.Source
	notes       map[shanyraq.SourceID]string
	calls       vectors.RollCalls
	version     string

	shelves  map[shanyraq.SourceID]*shelf
	bySeries map[shanyraq.SeriesID][]held
	spoken   []shanyraq.SeriesID // series about which there are claims, in order
}

// held is a block and the shelf it stands on.
type held struct {
	*shelf
	*block
}

// folder is one source as it was read.
type folder struct {
	id       string
	size     int64    // of its tables, in bytes
	tables   []string // paths, in order
	votes    bool     // has roll calls
	record   Record
	shelf    *shelf
	calls    vectors.RollCalls
	checksum string
	stamp    string // of record and tables, with their names
	faults   collector
	err      error
}

// OpenWorkspace reads the workspace in the root of fsys, in the layout of the
// package comment.
//
// It returns [*Faults] if anything is wrong with a table or record, and an
// error of kind [shanyraq.Other] if fsys fails.
func OpenWorkspace(fsys fs.FS) (*Workspace, error) {
	const op = "ingest.OpenWorkspace"
	w := &Workspace{
		notes:    map[shanyraq.SourceID]string{},
		shelves:  map[shanyraq.SourceID]*shelf{},
		bySeries: map[shanyraq.SeriesID][]held{},
	}
	var faults collector
	stamp := sha256.New()
	top := map[string][]byte{}
	for _, name := range []string{"cities.csv", "definitions.csv", "groups.csv", "places.csv", "series.csv"} {
		data, err := fs.ReadFile(fsys, name)
		switch {
		case err == nil:
			top[name] = data
			fmt.Fprintf(stamp, "%s %x\n", name, sha256.Sum256(data))
		case !errors.Is(err, fs.ErrNotExist):
			return nil, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
		case name == "places.csv" || name == "series.csv":
			faults.add(name, 0, 0, "missing", "restore", "Found", name)
		}
	}
	if faults.any() {
		return nil, faults.err()
	}
	w.places = readPlaces("places.csv", top["places.csv"], &faults)
	if data, ok := top["definitions.csv"]; ok {
		w.definitions = readDefinitions("definitions.csv", data, &faults)
	}
	w.series = readSeries("series.csv", top["series.csv"], w.definitions, &faults)
	w.vocabulary = NewVocabulary(w.places, w.series, w.definitions)
	if data, ok := top["cities.csv"]; ok {
		readCities("cities.csv", data, w.places, w.vocabulary, &faults)
	}

	folders, err := listFolders(fsys)
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	}
	sound := !faults.any() // else every claim would be found at fault again
	if sound {
		readFolders(fsys, folders, w.vocabulary)
	}
	sources := map[shanyraq.SourceID]bool{}
	for _, f := range folders {
		if f.err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", f.id, f.err)
		}
		faults.merge(f.faults)
		sources[shanyraq.SourceID(f.id)] = true
		fmt.Fprintf(stamp, "%s %s\n", f.id, f.stamp)
	}
	if data, ok := top["groups.csv"]; ok && sound {
		w.groups = readGroups("groups.csv", data, w.vocabulary, sources, &faults)
	}
	for _, f := range folders {
		if !f.votes {
			continue
		}
		if len(w.calls.Sources) > 0 {
			faults.add(f.id+"/rollcalls", 0, 0, "rollcalls_twice", "rollcalls")
		}
		w.calls = f.calls
		w.calls.Sources = []shanyraq.SourceID{shanyraq.SourceID(f.id)}
	}
	if err := faults.err(); err != nil {
		return nil, err
	}
	for _, f := range folders {
		w.shelve(f)
	}
	w.spoken = slices.Sorted(maps.Keys(w.bySeries))
	w.version = hex.EncodeToString(stamp.Sum(nil)[:6])
	slices.SortFunc(w.places, func(a, b shanyraq.Place) int { return cmp.Compare(a.Code, b.Code) })
	slices.SortFunc(w.definitions, func(a, b shanyraq.Definition) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(w.series, func(a, b shanyraq.Series) int { return cmp.Compare(a.ID, b.ID) })
	return w, nil
}

func (w *Workspace) shelve(f *folder) {
	src := f.record.Source
	src.Checksum = f.checksum
	w.sources = append(w.sources, src)
	w.notes[src.ID] = f.record.Prose
	w.shelves[src.ID] = f.shelf
	for _, b := range f.shelf.blocks {
		w.bySeries[b.series] = append(w.bySeries[b.series], held{f.shelf, b})
	}
}

// listFolders returns the folders that hold a source, by name, without those
// whose names begin with a full stop or an underscore.
func listFolders(fsys fs.FS) ([]*folder, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	var out []*folder
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "_") {
			continue
		}
		f := &folder{id: e.Name()}
		found := false
		err := fs.WalkDir(fsys, f.id, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			found = found || name == f.id+"/SOURCE.md"
			votes := path.Dir(name) == f.id+"/rollcalls"
			if path.Ext(name) != ".csv" || path.Dir(name) != f.id && !votes {
				return nil
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			f.votes = f.votes || votes
			f.size += info.Size()
			f.tables = append(f.tables, name)
			return nil
		})
		if err != nil {
			return nil, err
		}
		if found || len(f.tables) > 0 {
			slices.Sort(f.tables)
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *folder) int { return strings.Compare(a.id, b.id) })
	return out, nil
}

// readFolders reads the sources side by side, the largest first so that none
// is left to run alone at the end.
func readFolders(fsys fs.FS, folders []*folder, known *Vocabulary) {
	queue := make(chan *folder, len(folders))
	for _, f := range slices.SortedFunc(slices.Values(folders), func(a, b *folder) int { return cmp.Compare(b.size, a.size) }) {
		queue <- f
	}
	close(queue)
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(folders)) {
		wait.Go(func() {
			for f := range queue {
				f.err = f.read(fsys, known)
			}
		})
	}
	wait.Wait()
}

// read reads one source. The checksum is of the contents of its tables one
// after the other in order of path, as "cat */*.csv | sha256sum" makes it.
func (f *folder) read(fsys fs.FS, known *Vocabulary) error {
	name := f.id + "/SOURCE.md"
	data, err := fs.ReadFile(fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.faults.add(name, 0, 0, "record_missing", "record_add", "Found", shown(f.id))
	case err != nil:
		return err
	default:
		f.record = parseRecord(data, name, &f.faults)
	}
	stamp, sum := sha256.New(), sha256.New()
	fmt.Fprintf(stamp, "SOURCE.md %x\n", sha256.Sum256(data))
	f.shelf = newShelf(shanyraq.SourceID(f.id), f.record.Source.Strength, f.record.Rivals)
	votes := map[string][]byte{}
	for _, name := range f.tables {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		sum.Write(data)
		fmt.Fprintf(stamp, "%s %d\n", name, len(data))
		if path.Dir(name) != f.id {
			votes[path.Base(name)] = data
			continue
		}
		t := table{shelf: f.shelf, known: known, closed: true}
		t.read(name, data, &f.faults)
	}
	if f.votes {
		for _, one := range rollCallFiles {
			if _, ok := votes[one]; !ok {
				f.faults.add(f.id+"/rollcalls/"+one, 0, 0, "missing", "restore", "Found", one)
			}
		}
		if len(votes) >= len(rollCallFiles) && !f.faults.any() {
			f.calls = parseRollCalls(votes[rollCallFiles[0]], votes[rollCallFiles[1]], f.id+"/rollcalls", shanyraq.SourceID(f.id), known, &f.faults)
		}
	}
	f.shelf.finish(&f.faults)
	f.checksum = hex.EncodeToString(sum.Sum(nil))
	fmt.Fprintln(stamp, f.checksum)
	f.stamp = hex.EncodeToString(stamp.Sum(nil))
	return nil
}

// Claims returns the claims the query picks by series, place, partner,
// subject, when and source. It returns no error when there are none, and that
// of ctx if it ends.
func (w *Workspace) Claims(ctx context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	series := w.spoken
	if len(q.Series) > 0 {
		series = slices.Compact(slices.Sorted(slices.Values(q.Series)))
	}
	places := slices.Compact(slices.Sorted(slices.Values(q.Places)))
	var picked []pick
	for _, id := range series {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		first, runs := len(picked), 0
		for _, h := range w.bySeries[id] {
			if len(q.Sources) > 0 && !slices.Contains(q.Sources, h.source) {
				continue
			}
			before := len(picked)
			picked = h.pick(picked, places, q)
			if len(picked) > before {
				runs++
			}
		}
		if runs > 1 {
			slices.SortStableFunc(picked[first:], comparePicks)
		}
	}
	out := make([]shanyraq.Claim, 0, len(picked))
	for i, p := range picked {
		if i%(1<<14) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		out = append(out, p.claim(p.block, p.row))
	}
	return out, nil
}

// A pick is a row of a block that a query picks.
type pick struct {
	held
	row *row
}

// pick adds the rows of the block that the query picks, in their order.
func (h held) pick(to []pick, places []shanyraq.CountryCode, q shanyraq.Query) []pick {
	var partners []word
	for _, p := range q.Partners {
		if w, ok := h.ids[string(p)]; ok {
			partners = append(partners, w)
		}
	}
	if len(q.Partners) > 0 && len(partners) == 0 {
		return to
	}
	add := func(rows []row) {
		for i := range rows {
			r := &rows[i]
			if len(partners) > 0 && !slices.Contains(partners, r.partner) {
				continue
			}
			if q.From != 0 || q.To != 0 {
				y := shanyraq.Period(h.words[r.when]).Year()
				if q.From != 0 && y < q.From || q.To != 0 && y > q.To {
					continue
				}
			}
			to = append(to, pick{h, r})
		}
	}
	if len(places) == 0 {
		add(h.rows)
	}
	for _, p := range places {
		add(h.within(h.block, p))
	}
	return to
}

// comparePicks orders rows of several blocks of one series.
func comparePicks(x, y pick) int {
	mx, my := x.moreOf(x.row), y.moreOf(y.row)
	return cmp.Or(
		strings.Compare(x.words[x.row.place], y.words[y.row.place]),
		strings.Compare(x.words[x.row.partner], y.words[y.row.partner]),
		strings.Compare(x.words[mx.subject], y.words[my.subject]),
		strings.Compare(x.words[x.row.when], y.words[y.row.when]),
	)
}

// Claim returns the claim of that id, or a NotFound error.
func (w *Workspace) Claim(ctx context.Context, id shanyraq.ClaimID) (shanyraq.Claim, error) {
	const op = "ingest.Workspace.Claim"
	if err := ctx.Err(); err != nil {
		return shanyraq.Claim{}, err
	}
	parts := strings.SplitN(string(id), "/", 5)
	if len(parts) == 5 {
		if sh := w.shelves[shanyraq.SourceID(parts[0])]; sh != nil {
			if b := sh.at[shanyraq.SeriesID(parts[1])]; b != nil {
				partner := strings.TrimPrefix(parts[3], "-")
				rows := sh.within(b, shanyraq.CountryCode(parts[2]))
				for i := range rows {
					if sh.words[rows[i].partner] != partner {
						continue
					}
					if c := sh.claim(b, &rows[i]); c.ID == id {
						return c, nil
					}
				}
			}
		}
	}
	return shanyraq.Claim{}, shanyraq.Errorf(op, shanyraq.NotFound, "no claim %q", string(id))
}

// Series returns the series, by id.
func (w *Workspace) Series(context.Context) ([]shanyraq.Series, error) {
	return slices.Clone(w.series), nil
}

// Sources returns the sources, by id, each with the checksum of its tables.
func (w *Workspace) Sources(context.Context) ([]shanyraq.Source, error) {
	return slices.Clone(w.sources), nil
}

// SourceNotes returns the prose of the source's record, in Markdown, or a
// NotFound error.
func (w *Workspace) SourceNotes(_ context.Context, id shanyraq.SourceID) (string, error) {
	if s, ok := w.notes[id]; ok {
		return s, nil
	}
	return "", shanyraq.Errorf("ingest.Workspace.SourceNotes", shanyraq.NotFound, "no source %q", string(id))
}

// Definitions returns the definitions, by id.
func (w *Workspace) Definitions(context.Context) ([]shanyraq.Definition, error) {
	return slices.Clone(w.definitions), nil
}

// Places returns the places, by code.
func (w *Workspace) Places(context.Context) ([]shanyraq.Place, error) {
	return slices.Clone(w.places), nil
}

// Groups returns the groups in the order of groups.csv.
func (w *Workspace) Groups(context.Context) ([]shanyraq.Group, error) {
	return slices.Clone(w.groups), nil
}

// RollCalls returns the recorded votes, oldest first, or a NotFound error if
// no source holds any.
func (w *Workspace) RollCalls(context.Context) (vectors.RollCalls, error) {
	if len(w.calls.Sources) == 0 {
		return vectors.RollCalls{}, shanyraq.Errorf("ingest.Workspace.RollCalls", shanyraq.NotFound, "no source holds roll calls")
	}
	rc := w.calls
	rc.States, rc.Calls = slices.Clone(rc.States), slices.Clone(rc.Calls)
	return rc, nil
}

// Version returns 12 hexadecimal digits that change with any table or record.
func (w *Workspace) Version() string { return w.version }

// Vocabulary returns what the workspace speaks of, for [Options].
func (w *Workspace) Vocabulary() *Vocabulary { return w.vocabulary }
