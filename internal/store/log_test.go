package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shanyraq"
)

func TestUndo(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	imported := func(cs ...shanyraq.Claim) shanyraq.Activity {
		t.Helper()
		return must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: cs}, "w"))
	}
	undo := func(seq int64) shanyraq.Activity {
		t.Helper()
		return must[shanyraq.Activity](t)(s.Undo(ctx, seq, "u"))
	}
	kaz := func() string {
		t.Helper()
		return fmt.Sprint(must[shanyraq.Claim](t)(latest(t, s).Claim(ctx, "wdi/gdp/KAZ/-/2020")).Value)
	}
	_, err := s.Undo(ctx, 0, "u")
	refused(t, err, shanyraq.NotFound, "store.undo_none")

	one := imported(claim("wdi", "gdp", "KAZ", "2020", 11), claim("wdi", "gdp", "FRA", "2020", 30))
	two := imported(claim("wdi", "gdp", "KAZ", "2020", 12))
	for _, seq := range []int64{-1, 3, 99} {
		_, err := s.Undo(ctx, seq, "u")
		refused(t, err, shanyraq.NotFound, "store.undo_unknown")
	}
	_, err = s.Undo(ctx, 1, "u")
	refused(t, err, shanyraq.Conflict, "store.undo_changed")
	if args := shanyraq.TextOf(err).Args; args["Seq"] != 1 || args["Later"] != 2 || args["Key"] != "wdi/gdp/KAZ/-/2020" {
		t.Errorf("the conflict is %v", args)
	}
	a := undo(2) // line 3
	if a.Seq != 3 || a.Undoes != 2 || a.Version != one.Version || a.Text.Key != "activity.undo" || a.Text.Args["Seq"] != 2 || a.Counts != (shanyraq.Counts{Changed: 1}) || a.Who != "u" {
		t.Errorf("%+v", a)
	}
	if kaz() != "11" {
		t.Errorf("it is %s", kaz())
	}
	_, err = s.Undo(ctx, 2, "u")
	refused(t, err, shanyraq.Conflict, "store.undo_done")
	if args := shanyraq.TextOf(err).Args; args["Seq"] != 2 || args["Later"] != 3 {
		t.Errorf("the conflict is %v", args)
	}
	a = undo(3) // line 4 does line 2 again
	if a.Text.Key != "activity.redo" || a.Text.Args["Seq"] != 2 || a.Version != two.Version || kaz() != "12" {
		t.Errorf("%+v, and it is %s", a, kaz())
	}
	a = undo(4) // line 5 undoes line 2 again
	if a.Text.Key != "activity.undo" || a.Text.Args["Seq"] != 2 || kaz() != "11" {
		t.Errorf("%+v, and it is %s", a, kaz())
	}
	a = undo(0) // line 6: line 2 is undone, so the newest in effect is line 1
	if a.Undoes != 1 || a.Version != "0123456789ab" || a.Counts != (shanyraq.Counts{Removed: 2}) || kaz() != "10" {
		t.Errorf("%+v, and it is %s", a, kaz())
	}
	_, err = s.Undo(ctx, 0, "u")
	refused(t, err, shanyraq.NotFound, "store.undo_none")

	// The same contents put there by another line are as good.
	imported(claim("wdi", "gdp", "KAZ", "2020", 11), claim("wdi", "gdp", "FRA", "2020", 30)) // line 7
	_, err = s.Undo(ctx, 6, "u")                                                             // which removed them
	refused(t, err, shanyraq.Conflict, "store.undo_changed")
	must[shanyraq.Activity](t)(s.Remove(ctx, []shanyraq.ClaimID{"wdi/gdp/FRA/-/2020", "wdi/gdp/KAZ/-/2020"}, "w")) // line 8
	imported(claim("wdi", "gdp", "KAZ", "2020", 11), claim("wdi", "gdp", "FRA", "2020", 30))                       // line 9
	a = undo(7)
	if a.Seq != 10 || kaz() != "10" {
		t.Errorf("line %d, and it is %s", a.Seq, kaz())
	}
	clean(t, s)

	var lines []string
	log := must[[]shanyraq.Activity](t)(s.Log(ctx, 0))
	for _, l := range log {
		lines = append(lines, fmt.Sprintf("%d/%d/%d", l.Seq, l.Undoes, l.UndoneBy))
	}
	if len(log) < 7 || !slices.Contains(lines, "2/0/3") || !slices.Contains(lines, "3/2/0") || !slices.Contains(lines, "4/3/5") || !slices.Contains(lines, "1/0/6") {
		t.Errorf("lines %v", lines)
	}
	if got := must[[]shanyraq.Activity](t)(s.Log(ctx, 2)); len(got) != 2 || got[0].Seq != log[0].Seq || got[1].Seq != log[1].Seq {
		t.Errorf("the last two are %+v", got)
	}
	first := log[len(log)-1]
	if want := time.Date(2024, 6, 14, 12, 0, 1, 0, time.UTC); !first.At.Equal(want) || first.Who != "w" || first.Text.Args["Added"] != 1 || first.Text.Args["Changed"] != 1 || first.Text.Args["Source"] != "wdi" {
		t.Errorf("the first line is %+v", first)
	}
}

// A source or series that came with one import may have claims of another by
// now. Undoing the first must not leave them without it.
func TestUndoKeepsTheGround(t *testing.T) {
	ctx := context.Background()
	tall := func(place string, v float64) shanyraq.Claim {
		c := claim("new", "height", place, "2020", v)
		c.Unit = "km"
		return c
	}
	source, series := &shanyraq.Source{ID: "new"}, []shanyraq.Series{{ID: "height", Unit: "km"}}

	s := create(t, builtIn())
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Source: source, Series: series, Claims: []shanyraq.Claim{tall("NPL", 8.8)}}, "w")) // 1
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{tall("KAZ", 7)}}, "w"))                                   // 2
	_, err := s.Undo(ctx, 1, "u")
	refused(t, err, shanyraq.Conflict, "store.undo_ground")
	must[shanyraq.Activity](t)(s.Undo(ctx, 2, "u")) // 3
	must[shanyraq.Activity](t)(s.Undo(ctx, 1, "u")) // 4
	_, err = s.Undo(ctx, 3, "u")                    // would bring line 2's claim back
	refused(t, err, shanyraq.Conflict, "store.undo_ground")
	if key := shanyraq.TextOf(err).Args["Key"]; key != "new" {
		t.Errorf("the conflict is about %v", key)
	}
	must[shanyraq.Activity](t)(s.Undo(ctx, 4, "u")) // 5
	must[shanyraq.Activity](t)(s.Undo(ctx, 3, "u")) // 6
	if got := all(t, latest(t, s)); !strings.Contains(got, "height/KAZ/-/2020=7") || !strings.Contains(got, "height/NPL/-/2020=8.8") {
		t.Errorf("there is %s", got)
	}
	clean(t, s)

	// Of a series alone, whose source is built in.
	s = create(t, builtIn())
	mine := tall("KAZ", 7)
	mine.Source, mine.ID = "wdi", "wdi/height/KAZ/-/2020"
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Series: series}, "w"))
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{mine}}, "w"))
	_, err = s.Undo(ctx, 1, "u")
	refused(t, err, shanyraq.Conflict, "store.undo_ground")
}

// The state of a store is a sum: taking a digest away undoes adding it, and
// order does not matter.
func TestState(t *testing.T) {
	var ds []digest
	for i := range 50 {
		ds = append(ds, entryDigest("k", fmt.Sprint(i), ""))
	}
	var forth, back state
	for i := range ds {
		forth.add(ds[i])
		back.add(ds[len(ds)-1-i])
	}
	if forth != back || forth == (state{}) {
		t.Errorf("%x and %x", forth, back)
	}
	if got, ok := stateOf(forth.bytes()); !ok || got != forth {
		t.Errorf("written and read it is %x, %v", got, ok)
	}
	if _, ok := stateOf([]byte{1}); ok {
		t.Error("one byte is a state")
	}
	if forth.version("a") == forth.version("b") || forth.version("a") == back.version("") || len(forth.version("a")) != 12 {
		t.Error("the version does not depend on the base")
	}
	for _, d := range ds {
		forth.sub(d)
	}
	if forth != (state{}) || forth.version("base") != "base" {
		t.Errorf("of nothing it is %x", forth)
	}
	full := state{1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1}
	full.plus(state{0, 0, 0, 1})
	if full != (state{}) {
		t.Errorf("past the end it is %x", full)
	}
	full.minus(state{0, 0, 0, 1})
	if full != (state{1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1}) {
		t.Errorf("below zero it is %x", full)
	}
}

const (
	wantClaimDigest = "55441203a1e497f45bf77f6f596a5633b6a6d2d317804302e56e6ffb3e56449e"
	wantEntryDigest = "e396e4c3f02f67524c46fee738b144a689919575e2995671989c5ae8098dbaff"
	wantLineDigest  = "8fa391fa4f6f8a5bbf0b45364eebf5f09e72c574658975f2ccbddca18a3ed4bc"
)

// Digests are part of the file format: they may never change. The SHA-256 was
// worked outside this program, over the bytes the comments of the functions
// describe.
func TestDigestsStayAsTheyAre(t *testing.T) {
	c := claim("wdi", "gdp", "KAZ", "2020", 10)
	d, _ := claimDigest(nil, &c)
	r := record{seq: 1, at: "2024-06-14T12:00:00Z", who: "w", action: "activity.remove", args: `{"Count":1}`, base: "b", version: "v", state: []byte("s"), claims: 1, prev: make([]byte, 32)}
	h := r.digest()
	for _, tt := range []struct{ name, got, want string }{
		{"claim", fmt.Sprintf("%x", d), wantClaimDigest},
		{"definition", fmt.Sprintf("%x", entryDigest("group", "eu", "{}")), wantEntryDigest},
		{"line", fmt.Sprintf("%x", h), wantLineDigest},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

func TestBackup(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2020", 11)}}, "w"))
	dir := t.TempDir()
	dest := filepath.Join(dir, "copy ?#%.db")
	if err := s.Backup(ctx, dest); err != nil {
		t.Fatal(err)
	}
	refused(t, s.Backup(ctx, dest), shanyraq.Conflict, "store.backup_exists")
	refused(t, s.Backup(ctx, filepath.Join(dir, "no", "such", "copy.db")), shanyraq.Invalid, "store.backup_folder")
	refused(t, s.Backup(ctx, dir), shanyraq.Conflict, "store.backup_exists")
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Backup(stopped, filepath.Join(dir, "stopped.db")); err == nil {
		t.Error("a copy was made after its end")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(dest) {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
	at := version(t, s)
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2020", 12)}}, "w"))

	copied := reopen(t, dest, builtIn(), Options{Now: clock()})
	clean(t, copied)
	if version(t, copied) != at || !strings.Contains(all(t, latest(t, copied)), "KAZ/-/2020=11") {
		t.Errorf("the copy is at %s and says %s", version(t, copied), all(t, latest(t, copied)))
	}
	if log := must[[]shanyraq.Activity](t)(copied.Log(ctx, 0)); len(log) != 1 {
		t.Errorf("its log is %+v", log)
	}
	must[shanyraq.Activity](t)(copied.Undo(ctx, 0, "w")) // it is a store like any other

	r := reopen(t, s.Path(), builtIn(), Options{ReadOnly: true})
	if err := r.Backup(ctx, filepath.Join(dir, "by-reader.db")); err != nil {
		t.Errorf("a reader cannot make a copy: %v", err)
	}
}
