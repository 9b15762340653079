package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"shanyraq"
)

func TestOpen(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	other := filepath.Join(dir, "other.db")
	if _, err := raw(t, other).ExecContext(ctx, `CREATE TABLE mine (x)`); err != nil {
		t.Fatal(err)
	}
	written := filepath.Join(dir, "written.db")
	s := reopen(t, written, builtIn(), Options{Create: true})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	changed := func(name, statement string) string {
		b, err := os.ReadFile(written)
		if err != nil {
			t.Fatal(err)
		}
		path := file(name, string(b))
		db := raw(t, path)
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, tt := range []struct {
		name, path string
		o          Options
		kind       shanyraq.Kind
		key        string // empty if it opens
	}{
		{"a store", written, Options{}, 0, ""},
		{"a store, to be made if there is none", written, Options{Create: true}, 0, ""},
		{"a store, for reading", written, Options{ReadOnly: true}, 0, ""},
		{"nothing, to be made", filepath.Join(dir, "new.db"), Options{Create: true}, 0, ""},
		{"a name with everything in it", filepath.Join(dir, "Деректер ?#%;& 1.db"), Options{Create: true}, 0, ""},
		{"an empty file, to be made", file("empty1", ""), Options{Create: true}, 0, ""},
		{"an empty file", file("empty2", ""), Options{}, shanyraq.Invalid, "store.foreign"},
		{"nothing", filepath.Join(dir, "none"), Options{}, shanyraq.NotFound, "store.missing"},
		{"nothing, for reading", filepath.Join(dir, "none"), Options{ReadOnly: true, Create: true}, shanyraq.NotFound, "store.missing"},
		{"in a folder that is not there", filepath.Join(dir, "no", "such", "a.db"), Options{Create: true}, shanyraq.Invalid, "store.readonly"},
		{"a folder", dir, Options{Create: true}, shanyraq.Invalid, "store.foreign"},
		{"a text", file("text", strings.Repeat("place,value\n", 100)), Options{Create: true}, shanyraq.Invalid, "store.foreign"},
		{"a short text", file("short", "x"), Options{Create: true}, shanyraq.Invalid, "store.foreign"},
		{"another program's database", other, Options{Create: true}, shanyraq.Invalid, "store.foreign"},
		{"another program's database, for reading", other, Options{ReadOnly: true}, shanyraq.Invalid, "store.foreign"},
		{"the start of a database", file("start", "SQLite format 3\x00"), Options{}, shanyraq.Other, "store.corrupt"},
		{"of a newer program", changed("newer", `PRAGMA user_version = 99`), Options{}, shanyraq.Invalid, "store.newer"},
		{"of a newer program, for reading", changed("newer2", `PRAGMA user_version = 99`), Options{ReadOnly: true}, shanyraq.Invalid, "store.newer"},
		{"of an older program, for reading", changed("older", `PRAGMA user_version = 0`), Options{ReadOnly: true}, shanyraq.Invalid, "store.older"},
		{"with another mark", changed("mark", `PRAGMA application_id = 7`), Options{}, shanyraq.Invalid, "store.foreign"},
		{"with a log nobody can read", changed("log", `INSERT INTO activity VALUES (1,'','','','{}',NULL,'','',x'00',0,x'',x'')`), Options{}, shanyraq.Other, "store.problem.chain"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, _ := os.ReadFile(tt.path) // nothing where there is none
			s, err := Open(ctx, tt.path, builtIn(), tt.o)
			if tt.key != "" {
				refused(t, err, tt.kind, tt.key)
				if after, _ := os.ReadFile(tt.path); string(after) != string(before) {
					t.Error("a file that was refused was changed")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if v := version(t, s); v != "0123456789ab" {
				t.Errorf("version %s", v)
			}
			if !filepath.IsAbs(s.Path()) {
				t.Errorf("path %s", s.Path())
			}
			clean(t, s)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// One may write; the second is told at once. Any number may read.
func TestOneWriterManyReaders(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	_, err := Open(ctx, s.Path(), builtIn(), Options{})
	refused(t, err, shanyraq.Conflict, "store.held")
	var readers []*Store
	for range 3 {
		readers = append(readers, reopen(t, s.Path(), builtIn(), Options{ReadOnly: true}))
	}
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2020", 11)}}, "w"))
	for _, r := range readers {
		if got, want := version(t, r), version(t, s); got != want {
			t.Errorf("a reader sees %s, the writer %s", got, want)
		}
		if got := all(t, latest(t, r)); !strings.Contains(got, "wdi/gdp/KAZ/-/2020=11") {
			t.Errorf("a reader sees %s", got)
		}
		_, err := r.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2020", 12)}}, "w")
		refused(t, err, shanyraq.Invalid, "store.read_mode")
		_, err = r.Undo(ctx, 0, "w")
		refused(t, err, shanyraq.Invalid, "store.read_mode")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := reopen(t, s.Path(), builtIn(), Options{})
	if got := all(t, latest(t, again)); !strings.Contains(got, "wdi/gdp/KAZ/-/2020=11") {
		t.Errorf("opened again it says %s", got)
	}
	clean(t, again)
}

func TestReadOnlyFolder(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("whoever runs this may write everywhere")
	}
	ctx := context.Background()
	s := create(t, builtIn())
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2020", 11)}}, "w"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(s.Path())
	for path, mode := range map[string]os.FileMode{s.Path(): 0o444, dir: 0o555} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(path, 0o755) // so that the test's folder can be removed
	}
	_, err := Open(ctx, s.Path(), builtIn(), Options{})
	refused(t, err, shanyraq.Invalid, "store.readonly")
	_, err = Open(ctx, filepath.Join(dir, "new.db"), builtIn(), Options{Create: true})
	refused(t, err, shanyraq.Invalid, "store.readonly")
	r := reopen(t, s.Path(), builtIn(), Options{ReadOnly: true})
	if got := all(t, latest(t, r)); !strings.Contains(got, "wdi/gdp/KAZ/-/2020=11") {
		t.Errorf("a reader sees %s", got)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := os.Chmod(s.Path(), 0); err != nil {
		t.Fatal(err)
	}
	_, err = Open(ctx, s.Path(), builtIn(), Options{ReadOnly: true})
	refused(t, err, shanyraq.Invalid, "store.denied")
}

// A script that fails leaves the format as it was; one that is added later
// brings an old file up, once.
func TestMigrate(t *testing.T) {
	ctx := context.Background()
	db := raw(t, filepath.Join(t.TempDir(), "a.db"))
	format := func() (app, version int) {
		t.Helper()
		if err := db.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)`).Scan(&app, &version); err != nil {
			t.Fatal(err)
		}
		return app, version
	}
	scripts := []string{"CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)"}
	if err := migrate(ctx, db, 0, scripts); err == nil || !strings.Contains(err.Error(), "format 2") {
		t.Errorf("a broken script: %v", err)
	}
	if app, v := format(); app != applicationID || v != 1 {
		t.Errorf("after a broken second script: mark %x, format %d", app, v)
	}
	var n int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d tables, %v", n, err)
	}
	scripts[1] = "CREATE TABLE b (x)"
	for range 2 {
		_, v := format()
		if err := migrate(ctx, db, v, scripts); err != nil {
			t.Fatal(err)
		}
	}
	if _, v := format(); v != 2 {
		t.Errorf("format %d", v)
	}
	if len(migrations) == 0 || !strings.Contains(migrations[0], "CREATE TABLE activity") {
		t.Error("the scripts of the program are not there")
	}
}

// SQLite takes $1 for a name and binds names as they appear. Without the
// rewriting both answers would be the wrong way round.
func TestArgumentsOutOfOrder(t *testing.T) {
	ctx := context.Background()
	db := raw(t, filepath.Join(t.TempDir(), "a.db"))
	var two, one, again string
	if err := db.QueryRowContext(ctx, numbered(`SELECT $2, $1, $2`), "one", "two").Scan(&two, &one, &again); err != nil || two != "two" || one != "one" || again != "two" {
		t.Errorf("$2 is %q, $1 is %q, $2 is %q, %v", two, one, again, err)
	}
	if got := numbered(`SELECT $2, $10, '$', $1x`); got != `SELECT ?2, ?10, '$', ?1x` {
		t.Errorf("rewritten to %s", got)
	}
	for name, statement := range map[string]string{
		"atSQL": atSQL, "atOtherSQL": atOtherSQL, "headSQL": headSQL, "wasSQL": wasSQL, "claimSQL": claimSQL, "entriesSQL": entriesSQL, "signSQL": signSQL, "logSQL": logSQL,
		"undoesSQL": undoesSQL, "changedSQL": changedSQL, "backupSQL": backupSQL, "findClaimSQL": findClaimSQL, "retireClaimSQL": retireClaimSQL, "insertClaimSQL": insertClaimSQL,
		"findEntrySQL": findEntrySQL, "retireEntrySQL": retireEntrySQL, "insertEntrySQL": insertEntrySQL, "heldKeysSQL": heldKeysSQL, "pastSQL": pastSQL,
		"claims": ledgers[0].conflictSQL + ledgers[0].retireSQL + ledgers[0].copySQL + ledgers[0].addedSQL + ledgers[0].removedSQL,
	} {
		if strings.Contains(statement, "$") {
			t.Errorf("%s was not rewritten: %s", name, statement)
		}
	}
}

func TestCloseTwice(t *testing.T) {
	s := create(t, builtIn())
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Import(context.Background(), Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2021", 1)}}, "w"); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("a closed store took an import: %v", err)
	}
}
