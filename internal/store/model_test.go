package store

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"shanyraq"
)

// fewer has rapid make n checks unless the command line asks for more than the
// usual hundred.
func fewer(t *testing.T, n int) {
	f := flag.Lookup("rapid.checks")
	if was := f.Value.String(); was == f.DefValue {
		if err := flag.Set(f.Name, strconv.Itoa(n)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(f.Name, was) }) // a value it had
	}
}

// A contents is what a store says over its base: claims, and the bodies of
// sources and groups, by name.
type contents map[string]string

// An effect is what a line did to one thing: "" stands for nothing.
type effect struct{ name, before, after string }

// A model is a store as simple as it can be thought of.
type model struct {
	base  *tables
	now   contents
	lines []modelLine       // from line 1
	names map[string]string // canonical contents by version
}

type modelLine struct {
	effects []effect
	undoes  int // line, 0 if none
	after   contents
	version string
}

func (m *model) claimName(c *shanyraq.Claim) (name, body string) {
	return "claim " + string(c.ID), fmt.Sprint(c.Value)
}

func (m *model) undone(seq int) bool {
	for i, l := range m.lines {
		if l.undoes == seq && !m.undone(i+1) {
			return true
		}
	}
	return false
}

// apply returns the contents with the effects.
func (m *model) apply(effects []effect) contents {
	out := maps.Clone(m.now)
	for _, e := range effects {
		if e.after == "" {
			delete(out, e.name)
		} else {
			out[e.name] = e.after
		}
	}
	return out
}

// grounded reports whether every claim of the contents has a known source.
func (m *model) grounded(c contents) bool {
	for name := range c {
		var id string
		if n, _ := fmt.Sscanf(name, "claim new/%s", &id); n == 1 && c["source new"] == "" {
			return false
		}
	}
	return true
}

// canonical writes the contents in one way only.
func (c contents) canonical() string {
	b, err := json.Marshal(c) // maps are written in order of key
	if err != nil {
		panic(err) // strings only
	}
	return string(b)
}

// A random history of imports, removals, groups and undos leaves the store as
// the model says, line by line: the same answers, the same counts, the same
// conflicts. Every version ever reached reads as it was. The version depends on
// what holds, not on how it came to hold. Undoing every line, newest first,
// leads back to the base.
func TestHistory(t *testing.T) {
	fewer(t, 30) // each writes to the disk and waits for it
	ctx := context.Background()
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		path := filepath.Join(dir, fmt.Sprintf("%d.shanyraq", run))
		base := builtIn()
		s, err := Open(ctx, path, base, Options{Create: true, Now: clock()})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			_ = s.Close() // the file goes
			_ = os.Remove(path)
		}()
		m := &model{base: base, now: contents{}, names: map[string]string{base.version: contents{}.canonical()}}
		step := func(a shanyraq.Activity, err error, effects []effect, undoes int) {
			if err != nil {
				t.Fatal(err)
			}
			effects = slices.DeleteFunc(effects, func(e effect) bool { return e.before == e.after })
			if len(effects) == 0 {
				if a.Seq != 0 {
					t.Fatalf("line %d was written and nothing changed", a.Seq)
				}
				return
			}
			m.now = m.apply(effects)
			m.lines = append(m.lines, modelLine{effects, undoes, m.now, a.Version})
			if a.Seq != int64(len(m.lines)) || a.Undoes != int64(undoes) {
				t.Fatalf("line %d undoes %d, want %d and %d", a.Seq, a.Undoes, len(m.lines), undoes)
			}
			what := m.now.canonical()
			if was, ok := m.names[a.Version]; ok && was != what {
				t.Fatalf("version %s is of two contents:\n%s\n%s", a.Version, was, what)
			}
			for v, was := range m.names {
				if was == what && v != a.Version {
					t.Fatalf("the same contents are versions %s and %s: %s", v, a.Version, what)
				}
			}
			m.names[a.Version] = what
		}
		built := map[string]string{}
		for i := range base.claims {
			name, body := m.claimName(&base.claims[i])
			built[name] = body
		}
		places := []string{"KAZ", "DEU"}
		t.Repeat(map[string]func(*rapid.T){
			"import": func(t *rapid.T) {
				var b Batch
				var effects []effect
				var counts shanyraq.Counts
				source := rapid.SampledFrom([]string{"wdi", "new"}).Draw(t, "source")
				if source == "new" {
					x := &shanyraq.Source{ID: "new", Title: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "title")}
					body, err := json.Marshal(x)
					if err != nil {
						t.Fatal(err)
					}
					b.Source = x
					effects = append(effects, effect{"source new", m.now["source new"], string(body)})
				}
				for range rapid.IntRange(0, 3).Draw(t, "claims") {
					c := claim(source, "gdp", rapid.SampledFrom(places).Draw(t, "place"), rapid.SampledFrom([]string{"2020", "2021"}).Draw(t, "when"), float64(rapid.IntRange(1, 3).Draw(t, "value")*10))
					if slices.ContainsFunc(b.Claims, func(x shanyraq.Claim) bool { return x.ID == c.ID }) {
						continue
					}
					b.Claims = append(b.Claims, c)
					name, body := m.claimName(&c)
					shown := cmp.Or(m.now[name], built[name])
					after := body
					switch {
					case shown == body:
						counts.Same++
						after = m.now[name]
					case shown != "":
						counts.Changed++
						if built[name] == body {
							after = ""
						}
					default:
						counts.Added++
					}
					effects = append(effects, effect{name, m.now[name], after})
				}
				a, err := s.Import(ctx, b, "w")
				step(a, err, effects, 0)
				if a.Counts != counts {
					t.Fatalf("counted %+v, want %+v", a.Counts, counts)
				}
			},
			"remove": func(t *rapid.T) {
				var ids []shanyraq.ClaimID
				var effects []effect
				missing := false
				for _, source := range []string{"wdi", "new"} {
					for _, p := range places {
						if c := claim(source, "gdp", p, "2020", 0); rapid.Bool().Draw(t, string(c.ID)) {
							ids = append(ids, c.ID)
							name, _ := m.claimName(&c)
							missing = missing || m.now[name] == ""
							effects = append(effects, effect{name, m.now[name], ""})
						}
					}
				}
				a, err := s.Remove(ctx, ids, "w")
				if missing {
					if err == nil {
						t.Fatal("removed what is not there")
					}
					return
				}
				step(a, err, effects, 0)
				if a.Counts.Removed != len(ids) {
					t.Fatalf("removed %d of %d", a.Counts.Removed, len(ids))
				}
			},
			"group": func(t *rapid.T) {
				id := rapid.SampledFrom([]shanyraq.GroupID{"eu", "mine"}).Draw(t, "id")
				name := "group " + string(id)
				switch rapid.IntRange(0, 2).Draw(t, "how") {
				case 0:
					g := shanyraq.Group{ID: id, Members: []shanyraq.Member{{Place: rapid.SampledFrom([]shanyraq.CountryCode{"KAZ", "POL"}).Draw(t, "member")}}}
					body, err := json.Marshal(g)
					if err != nil {
						t.Fatal(err)
					}
					a, err := s.PutGroup(ctx, g, "w")
					step(a, err, []effect{{name, m.now[name], string(body)}}, 0)
				case 1:
					a, err := s.DeleteGroup(ctx, id, "w")
					after := ""
					if id == "eu" {
						after = "null"
					}
					if m.now[name] == after {
						if shanyraq.KindOf(err) != shanyraq.NotFound {
							t.Fatalf("deleted a group that is not there: %v", err)
						}
						return
					}
					step(a, err, []effect{{name, m.now[name], after}}, 0)
				case 2:
					a, err := s.RestoreGroup(ctx, id, "w")
					if m.now[name] == "" || id != "eu" {
						if shanyraq.KindOf(err) != shanyraq.NotFound {
							t.Fatalf("restored a group nobody changed: %v", err)
						}
						return
					}
					step(a, err, []effect{{name, m.now[name], ""}}, 0)
				}
			},
			"undo": func(t *rapid.T) {
				if len(m.lines) == 0 {
					if _, err := s.Undo(ctx, 0, "w"); shanyraq.KindOf(err) != shanyraq.NotFound {
						t.Fatalf("undid nothing: %v", err)
					}
					return
				}
				seq := rapid.IntRange(1, len(m.lines)).Draw(t, "line")
				var effects []effect
				possible := !m.undone(seq)
				for _, e := range m.lines[seq-1].effects {
					possible = possible && m.now[e.name] == e.after
					effects = append(effects, effect{e.name, e.after, e.before})
				}
				possible = possible && m.grounded(m.apply(effects))
				a, err := s.Undo(ctx, int64(seq), "w")
				if !possible {
					if shanyraq.KindOf(err) != shanyraq.Conflict {
						t.Fatalf("line %d cannot be undone, and: %v", seq, err)
					}
					return
				}
				step(a, err, effects, seq)
			},
			"open again": func(t *rapid.T) {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if s, err = Open(ctx, path, base, Options{Now: clock()}); err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				at, want := 0, contents{}
				if n := rapid.IntRange(0, len(m.lines)).Draw(t, "read line"); n > 0 {
					at, want = n, m.lines[n-1].after
				}
				v := base.version
				if at > 0 {
					v = m.lines[at-1].version
				}
				r, err := s.At(ctx, v)
				if err != nil {
					t.Fatal(err)
				}
				if r.Version() != v {
					t.Fatalf("at %s stands %s", v, r.Version())
				}
				check(t, r, m, built, want)
				now, err := s.Latest(ctx)
				if err != nil {
					t.Fatal(err)
				}
				check(t, now, m, built, m.now)
			},
		})
		if r, err := s.Verify(ctx); err != nil || !r.OK() {
			t.Fatalf("found %v, %v", r.Problems, err)
		}
		for seq := len(m.lines); seq > 0; seq-- {
			if _, err := s.Undo(ctx, int64(seq), "w"); err != nil {
				t.Fatal(err)
			}
		}
		v, err := s.Version(ctx)
		if err != nil || v != base.version {
			t.Fatalf("undoing everything led to %s, %v", v, err)
		}
	})
}

// check fails unless the reader reads the contents over the base.
func check(t *rapid.T, r *Reader, m *model, built map[string]string, want contents) {
	ctx := context.Background()
	claims := maps.Clone(built)
	for name, body := range want {
		if len(name) > 5 && name[:5] == "claim" {
			claims[name] = body
		}
	}
	cs, err := r.Claims(ctx, shanyraq.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(cs, func(a, b shanyraq.Claim) int { return compare(&a, &b) }) {
		t.Fatalf("out of order: %s", values(cs))
	}
	if len(cs) != len(claims) {
		t.Fatalf("%d claims, want %v", len(cs), claims)
	}
	for i := range cs {
		name, body := m.claimName(&cs[i])
		one, err := r.Claim(ctx, cs[i].ID)
		if err != nil || claims[name] != body || one.Value != cs[i].Value {
			t.Fatalf("%s is %s, want %s; alone %v, %v", name, body, claims[name], one.Value, err)
		}
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, g := range groups {
		b, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		got["group "+string(g.ID)] = string(b)
	}
	expect := map[string]string{}
	for _, g := range m.base.groups {
		b, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		expect["group "+string(g.ID)] = string(b)
	}
	for name, body := range want {
		if len(name) > 5 && name[:5] == "group" {
			if expect[name] = body; body == "null" {
				delete(expect, name)
			}
		}
	}
	if !maps.Equal(got, expect) {
		t.Fatalf("groups %v, want %v", got, expect)
	}
	sources, err := r.Sources(ctx)
	if err != nil {
		t.Fatal(err)
	}
	known := slices.ContainsFunc(sources, func(x shanyraq.Source) bool { return x.ID == "new" })
	if known != (want["source new"] != "") {
		t.Fatalf("the new source is known: %v", known)
	}
}
