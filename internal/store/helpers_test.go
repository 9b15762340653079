package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3/driver"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// tables is a small hand-written base.
type tables struct {
	claims  []shanyraq.Claim
	sources []shanyraq.Source
	series  []shanyraq.Series
	groups  []shanyraq.Group
	version string
}

func (b *tables) Claims(_ context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	var out []shanyraq.Claim
	for i := range b.claims {
		if q.Match(&b.claims[i]) {
			out = append(out, b.claims[i])
		}
	}
	return out, nil
}

func (b *tables) Claim(_ context.Context, id shanyraq.ClaimID) (shanyraq.Claim, error) {
	for _, c := range b.claims {
		if c.ID == id {
			return c, nil
		}
	}
	return shanyraq.Claim{}, shanyraq.Errorf("tables.Claim", shanyraq.NotFound, "no claim %s", id)
}

func (b *tables) Series(context.Context) ([]shanyraq.Series, error)          { return b.series, nil }
func (b *tables) Sources(context.Context) ([]shanyraq.Source, error)         { return b.sources, nil }
func (b *tables) Definitions(context.Context) ([]shanyraq.Definition, error) { return nil, nil }
func (b *tables) Places(context.Context) ([]shanyraq.Place, error) {
	return []shanyraq.Place{{Code: "KAZ"}}, nil
}
func (b *tables) Groups(context.Context) ([]shanyraq.Group, error) { return b.groups, nil }
func (b *tables) RollCalls(context.Context) (vectors.RollCalls, error) {
	return vectors.RollCalls{}, shanyraq.Errorf("tables.RollCalls", shanyraq.NotFound, "none")
}
func (b *tables) Version() string { return b.version }

func (b *tables) SourceNotes(_ context.Context, id shanyraq.SourceID) (string, error) {
	if slices.ContainsFunc(b.sources, func(s shanyraq.Source) bool { return s.ID == id }) {
		return "prose of " + string(id), nil
	}
	return "", shanyraq.Errorf("tables.SourceNotes", shanyraq.NotFound, "no source %s", id)
}

// builtIn are two sources with two series, three claims and two groups.
func builtIn() *tables {
	return &tables{
		version: "0123456789ab",
		sources: []shanyraq.Source{{ID: "census", Title: "Census"}, {ID: "wdi", Title: "Indicators"}},
		series:  []shanyraq.Series{{ID: "gdp", Unit: "usd"}, {ID: "people", Unit: "persons"}},
		groups:  []shanyraq.Group{{ID: "eu", Members: []shanyraq.Member{{Place: "DEU"}}}, {ID: "turkic", Members: []shanyraq.Member{{Place: "KAZ"}, {Place: "TUR"}}}},
		claims:  []shanyraq.Claim{claim("wdi", "gdp", "DEU", "2020", 40), claim("wdi", "gdp", "KAZ", "2020", 10), claim("census", "people", "KAZ", "2020", 19)},
	}
}

func claim(source, series, place, when string, v float64) shanyraq.Claim {
	unit := shanyraq.Unit("usd")
	if series == "people" {
		unit = "persons"
	}
	return shanyraq.Claim{
		ID: shanyraq.ClaimID(strings.Join([]string{source, series, place, "-", cmp.Or(when, "undated")}, "/")), Source: shanyraq.SourceID(source), Series: shanyraq.SeriesID(series),
		Place: shanyraq.CountryCode(place), When: shanyraq.Period(when), Value: v, Unit: unit, Strength: shanyraq.Measured,
	}
}

// noon is when the tests happen; each change is a second later than the last.
func clock() func() time.Time {
	at := time.Date(2024, 6, 14, 12, 0, 0, 0, time.UTC)
	return func() time.Time { at = at.Add(time.Second); return at }
}

func create(t testing.TB, b Base) *Store {
	t.Helper()
	return reopen(t, filepath.Join(t.TempDir(), "test.shanyraq"), b, Options{Create: true, Now: clock()})
}

func reopen(t testing.TB, path string, b Base, o Options) *Store {
	t.Helper()
	s, err := Open(context.Background(), path, b, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // most tests close it themselves
	return s
}

// must fails the test on an error.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// refused fails unless the error is of the kind and carries the message.
func refused(t testing.TB, err error, k shanyraq.Kind, key string) {
	t.Helper()
	if err == nil {
		t.Errorf("not refused with %s", key)
		return
	}
	if shanyraq.KindOf(err) != k || shanyraq.TextOf(err).Key != key {
		t.Errorf("refused with %v (kind %d, message %q), want kind %d, %q", err, shanyraq.KindOf(err), shanyraq.TextOf(err).Key, k, key)
	}
	if _, ok := wording[key]; !ok {
		t.Errorf("message %q has no wording", key)
	}
	if text := english(shanyraq.TextOf(err)); strings.Contains(text, "{{") {
		t.Errorf("the message lacks an argument: %s", text)
	}
}

// values are the claims as "source/series/place/…=value", in order.
func values(cs []shanyraq.Claim) string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = fmt.Sprintf("%s=%v", c.ID, c.Value)
	}
	return strings.Join(out, " ")
}

func all(t testing.TB, r *Reader) string {
	t.Helper()
	return values(must[[]shanyraq.Claim](t)(r.Claims(context.Background(), shanyraq.Query{})))
}

func latest(t testing.TB, s *Store) *Reader {
	t.Helper()
	return must[*Reader](t)(s.Latest(context.Background()))
}

func version(t testing.TB, s *Store) string {
	t.Helper()
	return must[string](t)(s.Version(context.Background()))
}

func clean(t testing.TB, s *Store) {
	t.Helper()
	r := must[Report](t)(s.Verify(context.Background()))
	for _, p := range r.Problems {
		t.Errorf("found: %s", p)
	}
}

// raw opens the file as anybody with a copy of SQLite could.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := driver.Open("file:" + filepath.ToSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() }) // the file goes with the test
	return db
}
