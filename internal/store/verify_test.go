package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shanyraq"
)

// history is a store with a few lines of everything.
func history(t testing.TB) *Store {
	t.Helper()
	ctx := context.Background()
	s := create(t, builtIn())
	c := claim("wdi", "gdp", "FRA", "2020", 30)
	c.Stated = &shanyraq.Interval{Lo: 29, Hi: 31, Kind: shanyraq.Judged}
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Source: &shanyraq.Source{ID: "new", Title: "New"}, Claims: []shanyraq.Claim{c, claim("new", "gdp", "KAZ", "2021", 12), claim("wdi", "gdp", "KAZ", "2020", 11)}}, "w"))
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2020", 12)}}, "w"))
	must[shanyraq.Activity](t)(s.PutGroup(ctx, shanyraq.Group{ID: "mine"}, "w"))
	must[shanyraq.Activity](t)(s.Undo(ctx, 2, "w"))
	return s
}

// Whatever is done to the file behind the program's back, the file refuses; and
// with its rules taken away, an examination finds it.
func TestVerifyFindsTampering(t *testing.T) {
	ctx := context.Background()
	s := history(t)
	clean(t, s)
	r := must[Report](t)(s.Verify(ctx))
	if r.Lines != 4 || r.Claims != 5 || r.Entries != 2 || !r.OK() {
		t.Errorf("%+v", r)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	const loose = `PRAGMA writable_schema = on; DELETE FROM sqlite_schema WHERE type = 'trigger'; PRAGMA writable_schema = reset;`
	for i, tt := range []struct {
		name, statement string
		guarded         bool // the file's own rules stop it
		found           string
	}{
		{"a value edited", `UPDATE claim SET value = 99 WHERE source = 'new'`, true, "claim state"},
		{"a range edited", `UPDATE claim SET low = 1 WHERE low IS NOT NULL`, true, "claim state"},
		{"a note added", `UPDATE claim SET note = 'x' WHERE source = 'new'`, true, "claim state"},
		{"a year that is not that of the time", `UPDATE claim SET year = 1999 WHERE source = 'new'`, true, "claim"},
		{"a value edited with its digest", `UPDATE claim SET digest = (SELECT digest FROM claim WHERE source = 'new') WHERE place = 'FRA'`, true, "claim"},
		{"a claim ill-formed", `UPDATE claim SET strength = 'firm' WHERE source = 'new'`, true, "claim invalid state"},
		{"a claim of another name", `UPDATE claim SET id = 'new/gdp/DEU/-/2021' WHERE source = 'new'`, true, "claim invalid state"},
		{"a claim deleted", `DELETE FROM claim WHERE source = 'new'`, true, "state"},
		{"a claim replaced", `INSERT OR REPLACE INTO claim SELECT row, id, source, series, place, area, partner, subject, period, year, 77, low, high, level, kind, step, unit, definition, who, strength, address, note, digest, added_at, removed_at FROM claim WHERE source = 'new'`, false, "claim state"},
		{"a claim slipped in", `INSERT INTO claim SELECT 900, 'new/gdp/DEU/-/2021', source, series, 'DEU', area, partner, subject, period, year, value, low, high, level, kind, step, unit, definition, who, strength, address, note, digest, added_at, NULL FROM claim WHERE source = 'new'`, false, "claim state"},
		{"a claim twice at once", `INSERT INTO claim SELECT 900, id, source, series, place, area, partner, subject, period, year, value, low, high, level, kind, step, unit, definition, who, strength, address, note, digest, 3, NULL FROM claim WHERE source = 'new'`, false, "twice state"},
		{"a claim removed early", `UPDATE claim SET removed_at = 4 WHERE source = 'new'`, false, "state"},
		{"a claim removed before it came", `UPDATE claim SET removed_at = 1 WHERE added_at = 4`, false, "order state"},
		{"a removal taken back", `UPDATE claim SET removed_at = NULL WHERE removed_at = 2`, true, "twice state"},
		{"a claim of a line that is not there", `UPDATE claim SET removed_at = 50 WHERE source = 'new'`, false, "link"},
		{"a claim moved to another line", `UPDATE claim SET added_at = 2 WHERE source = 'new'`, true, "state state"},
		{"a definition edited", `UPDATE definition SET body = '{"id":"mine","note":"x"}' WHERE kind = 'group'`, true, "entry state"},
		{"a definition deleted", `DELETE FROM definition WHERE kind = 'source'`, true, "state"},
		{"a definition under another name", `UPDATE definition SET key = 'other' WHERE kind = 'group'`, true, "entry state"},
		{"who did it", `UPDATE activity SET who = 'x' WHERE seq = 2`, true, "chain"},
		{"when", `UPDATE activity SET at = '2020-01-01T00:00:00Z' WHERE seq = 4`, true, "chain"},
		{"what", `UPDATE activity SET args = '{"Source":"x"}' WHERE seq = 1`, true, "chain"},
		{"what was undone", `UPDATE activity SET undoes = 1 WHERE seq = 4`, true, "chain"},
		{"the version", `UPDATE activity SET version = 'aaaaaaaaaaaa' WHERE seq = 3`, true, "chain version"},
		{"the base", `UPDATE activity SET base = 'aaaaaaaaaaaa' WHERE seq = 3`, true, "chain version"},
		{"the state", `UPDATE activity SET state = zeroblob(32) WHERE seq = 3`, true, "chain state version state"},
		{"a state that is none", `UPDATE activity SET state = x'00' WHERE seq = 2`, true, "chain state version state"},
		{"the count", `UPDATE activity SET claims = 9 WHERE seq = 3`, true, "chain state state"},
		{"the hash", `UPDATE activity SET hash = zeroblob(32) WHERE seq = 3`, true, "chain chain"},
		{"a line deleted", `DELETE FROM activity WHERE seq = 3`, true, "link chain state"},
		{"the last line deleted", `DELETE FROM activity WHERE seq = 4`, true, "link"},
		{"a line slipped in", `INSERT INTO activity SELECT 5, at, who, action, args, undoes, base, version, state, claims, prev, hash FROM activity WHERE seq = 4`, false, "chain"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, strip := range []bool{false, true} {
				path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.db", i))
				if err := os.WriteFile(path, whole, 0o644); err != nil {
					t.Fatal(err)
				}
				db := raw(t, path)
				if strip {
					if _, err := db.ExecContext(ctx, loose); err != nil {
						t.Fatal(err)
					}
				}
				_, err := db.ExecContext(ctx, `PRAGMA foreign_keys = off`)
				if err != nil {
					t.Fatal(err)
				}
				_, err = db.ExecContext(ctx, tt.statement)
				if closed := db.Close(); closed != nil {
					t.Fatal(closed)
				}
				if !strip && tt.guarded {
					if err == nil {
						t.Error("the file let it happen")
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				s, err := Open(ctx, path, builtIn(), Options{ReadOnly: true})
				if err != nil { // the head cannot be read
					if shanyraq.TextOf(err).Key != "store.problem.chain" {
						t.Fatal(err)
					}
					continue
				}
				r := must[Report](t)(s.Verify(ctx))
				var found []string
				rules := 0
				for _, p := range r.Problems {
					key := strings.TrimPrefix(p.Text.Key, "store.problem.")
					if strings.Contains(p.String(), "{{") {
						t.Errorf("the message lacks an argument: %s", p)
					}
					if key == "rules" {
						rules++
						continue
					}
					found = append(found, key)
				}
				if got := strings.Join(found, " "); got != tt.found {
					t.Errorf("found %q, want %q: %v", got, tt.found, r.Problems)
				}
				if r.OK() || (rules > 0) != strip {
					t.Errorf("%d rules are missing", rules)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestVerifyFindsMissingRules(t *testing.T) {
	ctx := context.Background()
	for name, statement := range map[string]string{
		"claim_no_edit":      `DROP TRIGGER claim_no_edit`,
		"claim_series":       `DROP INDEX claim_series`,
		"mine":               `CREATE TABLE mine (x)`,
		"activity_no_edit":   `CREATE TRIGGER activity_no_edit AFTER INSERT ON activity BEGIN SELECT 1; END`,
		"definition_no_edit": `DROP TRIGGER definition_no_edit; CREATE TRIGGER definition_no_edit BEFORE UPDATE OF row ON definition BEGIN SELECT 1; END`,
	} {
		t.Run(name, func(t *testing.T) {
			s := history(t)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := raw(t, s.Path()).ExecContext(ctx, statement); err != nil {
				t.Fatal(err)
			}
			s = reopen(t, s.Path(), builtIn(), Options{ReadOnly: true})
			r := must[Report](t)(s.Verify(ctx))
			if len(r.Problems) != 1 || r.Problems[0].Text.Key != "store.problem.rules" || r.Problems[0].Key != name {
				t.Errorf("found %v", r.Problems)
			}
		})
	}
}

// Damage to the bytes of the file is found, or nothing that matters was hit.
func TestVerifyFindsDamage(t *testing.T) {
	ctx := context.Background()
	s := history(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	contents := func(path string) (string, error) {
		s, err := Open(ctx, path, builtIn(), Options{ReadOnly: true})
		if err != nil {
			return "", err
		}
		defer s.Close() // for reading only
		rep, err := s.Verify(ctx)
		if err != nil {
			return "", err
		}
		if !rep.OK() {
			return "", fmt.Errorf("found %s", rep.Problems[0])
		}
		r, err := s.Latest(ctx)
		if err != nil {
			return "", err
		}
		cs, err := r.Claims(ctx, shanyraq.Query{})
		if err != nil {
			return "", err
		}
		log, err := s.Log(ctx, 0)
		return fmt.Sprint(values(cs), log, r.Version()), err
	}
	path := filepath.Join(t.TempDir(), "a.db")
	write := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(whole)
	want, err := contents(path)
	if err != nil {
		t.Fatal(err)
	}
	noticed := 0
	for at := 0; at < len(whole); at += 1009 { // a prime, so that every part of a page is hit
		b := append([]byte(nil), whole...)
		b[at] ^= 0x55
		write(b)
		got, err := contents(path)
		switch {
		case err != nil:
			noticed++
		case got != want:
			t.Errorf("byte %d: unnoticed it says %s", at, got)
		}
	}
	if noticed == 0 {
		t.Error("no damage was noticed")
	}
	for _, n := range []int{len(whole) / 2, len(whole) - 4096, 4096, 100} {
		write(whole[:n])
		if got, err := contents(path); err == nil {
			t.Errorf("cut to %d bytes it says %s", n, got)
		}
	}
}

// Only the first hundred problems are told, and how many more there are.
func TestVerifyTellsAHundred(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	var b Batch
	for i := range 150 {
		c := claim("wdi", "gdp", "KAZ", fmt.Sprint(1800+i), 1)
		b.Claims = append(b.Claims, c)
	}
	must[shanyraq.Activity](t)(s.Import(ctx, b, "w"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db := raw(t, s.Path())
	for _, statement := range []string{`DROP TRIGGER claim_no_edit`, `UPDATE claim SET note = 'x'`} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	s = reopen(t, s.Path(), builtIn(), Options{ReadOnly: true})
	if r := must[Report](t)(s.Verify(ctx)); len(r.Problems) != 100 || r.More != 52 { // 150 claims, one rule, one state
		t.Errorf("%d problems and %d more", len(r.Problems), r.More)
	}
}

func TestVerifyStops(t *testing.T) {
	s := history(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Verify(ctx); err == nil {
		t.Error("examined after its end")
	}
}
