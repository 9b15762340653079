package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// A Reader is the workspace as it was after one line of the log, for ever: the
// built-in tables with what the store says over them. It satisfies [Base] and
// may be used from many goroutines. What it returns may share memory with what
// it returns to others; change copies only.
type Reader struct {
	base    Base
	over    layer
	seq     int64
	version string
}

// A layer is what lies over a base.
type layer interface {
	// pick returns the claims the query picks, in order.
	pick(context.Context, shanyraq.Query) ([]shanyraq.Claim, error)
	// claim returns the claim of that id, and false if there is none.
	claim(context.Context, shanyraq.ClaimID) (shanyraq.Claim, bool, error)
	// entries returns the definitions of the kind, by key.
	entries(context.Context, string) ([]Entry, error)
}

// readersKept is how many versions are kept in memory once read.
const readersKept = 8

// reader returns the reader of the head, the same one each time while it is kept.
func (s *Store) reader(h head) *Reader {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.readers[h.seq]; r != nil {
		return r
	}
	if len(s.readers) >= readersKept {
		delete(s.readers, slices.Min(slices.Collect(maps.Keys(s.readers))))
	}
	r := &Reader{base: s.base, over: &past{store: s, head: h}, seq: h.seq, version: h.state.version(s.base.Version())}
	s.readers[h.seq] = r
	return r
}

// Latest returns the reader of the workspace as it is.
func (s *Store) Latest(ctx context.Context) (*Reader, error) {
	h, err := s.current(ctx)
	if err != nil {
		return nil, s.fail(ctx, "store.Latest", err)
	}
	return s.reader(h), nil
}

// Version returns the version of the workspace as it is, 12 hexadecimal digits.
func (s *Store) Version(ctx context.Context) (string, error) {
	h, err := s.current(ctx)
	if err != nil {
		return "", s.fail(ctx, "store.Version", err)
	}
	return h.state.version(s.base.Version()), nil
}

var (
	atSQL      = numbered(`SELECT seq, state, claims, hash FROM activity WHERE version = $2 AND base = $1 ORDER BY seq DESC LIMIT 1`)
	atOtherSQL = numbered(`SELECT seq, state FROM activity WHERE base <> $1 ORDER BY seq DESC`)
	headSQL    = numbered(`SELECT seq, state, claims, hash FROM activity WHERE seq = $1`)
	wasSQL     = numbered(`SELECT count(*) FROM activity WHERE version = $1 OR base = $1`)
)

// At returns the reader of the newest line that led to the version, and of the
// latest one if version is empty. It returns a NotFound error if the version
// was never here, or was here over other built-in tables.
func (s *Store) At(ctx context.Context, version string) (*Reader, error) {
	const op = "store.At"
	h, err := s.current(ctx)
	if err != nil {
		return nil, s.fail(ctx, op, err)
	}
	if version == "" || version == h.state.version(s.base.Version()) {
		return s.reader(h), nil
	}
	h, err = s.headAt(ctx, version)
	if err != nil {
		return nil, s.fail(ctx, op, err)
	}
	if h.seq == 0 && version != s.base.Version() {
		var n int
		if err := s.db.QueryRowContext(ctx, wasSQL, version).Scan(&n); err != nil {
			return nil, s.fail(ctx, op, err)
		}
		key := "store.version_unknown"
		if n > 0 {
			key = "store.version_base"
		}
		return nil, tell(op, shanyraq.NotFound, key, "Version", version)
	}
	return s.reader(h), nil
}

// headAt returns the newest head of the version over the present base, and the
// zero head if there is none.
func (s *Store) headAt(ctx context.Context, version string) (head, error) {
	base := s.base.Version()
	h, err := scanHead(s.db.QueryRowContext(ctx, atSQL, base, version))
	if err != nil {
		return head{}, err
	}
	// Lines written over other built-in tables led to other versions then.
	rows, err := s.db.QueryContext(ctx, atOtherSQL, base)
	if err != nil {
		return head{}, err
	}
	defer rows.Close()
	var found int64
	for rows.Next() {
		var seq int64
		var b []byte
		if err := rows.Scan(&seq, &b); err != nil {
			return head{}, err
		}
		if st, ok := stateOf(b); ok && st.version(base) == version {
			found = seq
			break
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return head{}, err
	}
	if found <= h.seq {
		return h, nil
	}
	return scanHead(s.db.QueryRowContext(ctx, headSQL, found))
}

// Over returns the reader of the base as it is, with nothing over it.
func Over(base Base) *Reader {
	return &Reader{base: base, over: &draft{sheet: newSheet(nil)}, version: base.Version()}
}

// With returns a reader with the claims and series over r, in memory only, to
// see what they would move. Its version is one that nothing can be opened at.
func (r *Reader) With(claims []shanyraq.Claim, series []shanyraq.Series) *Reader {
	d := &draft{sheet: newSheet(slices.Clone(claims))}
	sum := state{}
	var buf []byte
	for i := range d.sheet.claims {
		var dg digest
		dg, buf = claimDigest(buf, &d.sheet.claims[i])
		sum.add(dg)
	}
	for _, x := range series {
		body, err := json.Marshal(x)
		if err != nil {
			continue // a series is strings only
		}
		d.series = append(d.series, Entry{Kind: kindSeries, Key: string(x.ID), Body: body})
		sum.add(entryDigest(kindSeries, string(x.ID), string(body)))
	}
	slices.SortStableFunc(d.series, func(a, b Entry) int { return strings.Compare(a.Key, b.Key) })
	out := &Reader{base: r, over: d, seq: r.seq, version: r.version}
	if sum != (state{}) {
		v := sha256.Sum256(append(field(field(nil, "draft"), r.version), sum.bytes()...))
		out.version = hex.EncodeToString(v[:6])
	}
	return out
}

// Version returns the version the reader reads, 12 hexadecimal digits.
func (r *Reader) Version() string { return r.version }

// Seq returns the line after which the reader reads; 0 is before the first.
func (r *Reader) Seq() int64 { return r.seq }

// Claims returns the claims the query picks by series, place, partner, subject
// and when. An imported claim stands in place of a built-in one of its name.
func (r *Reader) Claims(ctx context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	over, err := r.over.pick(ctx, q)
	if err != nil {
		return nil, err
	}
	under, err := r.base.Claims(ctx, q)
	if err != nil {
		return nil, err
	}
	return merge(under, over), nil
}

// Claim returns the claim of that id, or a NotFound error.
func (r *Reader) Claim(ctx context.Context, id shanyraq.ClaimID) (shanyraq.Claim, error) {
	if c, ok, err := r.over.claim(ctx, id); ok || err != nil {
		return c, err
	}
	return r.base.Claim(ctx, id)
}

// Series returns the series, by id.
func (r *Reader) Series(ctx context.Context) ([]shanyraq.Series, error) {
	under, err := r.base.Series(ctx)
	if err != nil {
		return nil, err
	}
	over, err := decode[shanyraq.Series](ctx, r.over, kindSeries)
	if err != nil || len(over) == 0 {
		return under, err
	}
	return lay(under, over, func(x shanyraq.Series) string { return string(x.ID) }, true), nil
}

// Sources returns the sources, by id.
func (r *Reader) Sources(ctx context.Context) ([]shanyraq.Source, error) {
	under, err := r.base.Sources(ctx)
	if err != nil {
		return nil, err
	}
	over, err := decode[shanyraq.Source](ctx, r.over, kindSource)
	if err != nil || len(over) == 0 {
		return under, err
	}
	return lay(under, over, func(x shanyraq.Source) string { return string(x.ID) }, true), nil
}

// SourceNotes returns the prose of the source's record, which may be empty, or
// a NotFound error.
func (r *Reader) SourceNotes(ctx context.Context, id shanyraq.SourceID) (string, error) {
	over, err := decode[string](ctx, r.over, kindNotes)
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(over, func(l laid[string]) bool { return l.key == string(id) && l.value != nil }); i >= 0 {
		return *over[i].value, nil
	}
	notes, err := r.base.SourceNotes(ctx, id)
	if err == nil || shanyraq.KindOf(err) != shanyraq.NotFound {
		return notes, err
	}
	entries, lost := r.over.entries(ctx, kindSource)
	if lost != nil {
		return "", lost
	}
	if slices.ContainsFunc(entries, func(e Entry) bool { return e.Key == string(id) }) {
		return "", nil
	}
	return "", err
}

// Groups returns the groups: the built-in ones in their order, changed or left
// out as the store says, and then the others by id.
func (r *Reader) Groups(ctx context.Context) ([]shanyraq.Group, error) {
	under, err := r.base.Groups(ctx)
	if err != nil {
		return nil, err
	}
	over, err := decode[shanyraq.Group](ctx, r.over, KindGroup)
	if err != nil || len(over) == 0 {
		return under, err
	}
	return lay(under, over, func(x shanyraq.Group) string { return string(x.ID) }, false), nil
}

// Definitions returns the rules under which things are counted, by id.
func (r *Reader) Definitions(ctx context.Context) ([]shanyraq.Definition, error) {
	return r.base.Definitions(ctx)
}

// Places returns the places, by code.
func (r *Reader) Places(ctx context.Context) ([]shanyraq.Place, error) { return r.base.Places(ctx) }

// RollCalls returns the recorded votes, oldest first, or a NotFound error.
func (r *Reader) RollCalls(ctx context.Context) (vectors.RollCalls, error) {
	return r.base.RollCalls(ctx)
}

// Entries returns the definitions of the kind, by key: indices, plans,
// campaigns, and groups that were put. What is hidden is left out.
func (r *Reader) Entries(ctx context.Context, kind string) ([]Entry, error) {
	entries, err := r.entries(ctx, kind)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(entries), Entry.hidden), nil
}

// entries looks through drafts, which hold series only, to the store.
func (r *Reader) entries(ctx context.Context, kind string) ([]Entry, error) {
	if under, ok := r.base.(*Reader); ok {
		return under.entries(ctx, kind)
	}
	return r.over.entries(ctx, kind)
}

// Entry returns the definition of the kind and key, or a NotFound error.
func (r *Reader) Entry(ctx context.Context, kind, key string) (Entry, error) {
	entries, err := r.entries(ctx, kind)
	if err != nil {
		return Entry{}, err
	}
	for _, e := range entries {
		if e.Key == key && !e.hidden() {
			return e, nil
		}
	}
	return Entry{}, tell("store.Reader.Entry", shanyraq.NotFound, "store.definition_unknown", "Key", key)
}

// A laid is an entry's body as a value, or nothing if the entry hides it.
type laid[T any] struct {
	key   string
	value *T
}

// decode returns the entries of the kind as values.
func decode[T any](ctx context.Context, l layer, kind string) ([]laid[T], error) {
	entries, err := l.entries(ctx, kind)
	if err != nil {
		return nil, err
	}
	out := make([]laid[T], 0, len(entries))
	for _, e := range entries {
		v := laid[T]{key: e.Key}
		if err := json.Unmarshal(e.Body, &v.value); err != nil {
			return nil, shanyraq.Errorf("store.decode", shanyraq.Other, "%s %q: %w", kind, e.Key, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// lay returns what lies under with each value in place of the one of its key,
// hidden ones left out and new ones at the end, all sorted by key if asked.
func lay[T any](under []T, over []laid[T], key func(T) string, sorted bool) []T {
	byKey := make(map[string]*T, len(over))
	for _, o := range over {
		byKey[o.key] = o.value
	}
	out := make([]T, 0, len(under)+len(over))
	for _, x := range under {
		o, ok := byKey[key(x)]
		switch {
		case !ok:
			out = append(out, x)
		case o != nil:
			out = append(out, *o)
		}
		delete(byKey, key(x))
	}
	for _, o := range over {
		if v := byKey[o.key]; v != nil {
			out = append(out, *v)
			delete(byKey, o.key)
		}
	}
	if sorted {
		slices.SortStableFunc(out, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	}
	return out
}

// A draft is a layer in memory only.
type draft struct {
	sheet  *sheet
	series []Entry // by key
}

func (d *draft) pick(_ context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	return d.sheet.pick(q), nil
}

func (d *draft) claim(_ context.Context, id shanyraq.ClaimID) (shanyraq.Claim, bool, error) {
	c, ok := d.sheet.claim(id)
	return c, ok, nil
}

func (d *draft) entries(_ context.Context, kind string) ([]Entry, error) {
	if kind == kindSeries {
		return d.series, nil
	}
	return nil, nil
}

// inMemory is up to how many claims a past reads once and then keeps. A claim
// takes about 400 bytes.
const inMemory = 50_000

// A past is the layer of a store's rows that hold after one line.
type past struct {
	store *Store
	head  head

	mu    sync.Mutex
	sheet *sheet             // nil until asked for
	kinds map[string][]Entry // nil until asked for
}

// pastSQL selects the claims that hold after line $1. The plus signs keep
// SQLite from looking them up by line, which would be all of them.
var pastSQL = numbered(`SELECT ` + claimColumns + ` FROM claim
WHERE +added_at <= $1 AND (+removed_at IS NULL OR +removed_at > $1)`)

func (p *past) small() bool { return p.head.claims <= inMemory }

// load returns the sheet of all claims.
func (p *past) load(ctx context.Context) (*sheet, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sheet != nil {
		return p.sheet, nil
	}
	claims, err := p.query(ctx, pastSQL, p.head.seq)
	if err != nil {
		return nil, err
	}
	p.sheet = newSheet(claims)
	return p.sheet, nil
}

func (p *past) query(ctx context.Context, query string, args ...any) ([]shanyraq.Claim, error) {
	const op = "store.Reader.Claims"
	rows, err := p.store.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, p.store.fail(ctx, op, err)
	}
	defer rows.Close()
	var out []shanyraq.Claim
	for rows.Next() {
		c, _, err := scanClaim(rows)
		if err != nil {
			return nil, p.store.fail(ctx, op, err)
		}
		out = append(out, c)
	}
	return out, p.store.fail(ctx, op, rows.Err())
}

func (p *past) pick(ctx context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	if p.head.claims == 0 {
		return nil, nil
	}
	if p.small() {
		sh, err := p.load(ctx)
		if err != nil {
			return nil, err
		}
		return sh.pick(q), nil
	}
	query, args, err := pickSQL(p.head.seq, q)
	if err != nil {
		return nil, err
	}
	out, err := p.query(ctx, query, args...)
	slices.SortFunc(out, func(a, b shanyraq.Claim) int { return compareFully(&a, &b) })
	return out, err
}

// pickSQL returns the statement for the claims that hold after the line and
// that the query picks, with its arguments: the line, lists as JSON, years.
func pickSQL(seq int64, q shanyraq.Query) (string, []any, error) {
	args := []any{seq}
	var b strings.Builder
	b.WriteString(pastSQL)
	and := func(condition string, arg any) {
		args = append(args, arg)
		b.WriteString(" AND " + fmt.Sprintf(condition, "?"+strconv.Itoa(len(args))))
	}
	for _, list := range []struct {
		column string
		n      int
		values any
	}{
		{"series", len(q.Series), q.Series},
		{"place", len(q.Places), q.Places},
		{"partner", len(q.Partners), q.Partners},
		{"source", len(q.Sources), q.Sources},
	} {
		if list.n == 0 {
			continue
		}
		values, err := json.Marshal(list.values)
		if err != nil {
			return "", nil, err
		}
		and(list.column+" IN (SELECT value FROM json_each(%s))", string(values))
	}
	if q.From != 0 {
		and("year >= %s", q.From)
	}
	if q.To != 0 {
		and("year <= %s", q.To)
	}
	return b.String(), args, nil
}

var claimSQL = numbered(pastSQL + ` AND id = $2`)

func (p *past) claim(ctx context.Context, id shanyraq.ClaimID) (c shanyraq.Claim, ok bool, err error) {
	if p.head.claims == 0 {
		return c, false, nil
	}
	if p.small() {
		sh, err := p.load(ctx)
		if err != nil {
			return c, false, err
		}
		c, ok = sh.claim(id)
		return c, ok, nil
	}
	found, err := p.query(ctx, claimSQL, p.head.seq, string(id))
	if err != nil || len(found) == 0 {
		return c, false, err
	}
	return found[0], true, nil
}

var entriesSQL = numbered(`SELECT kind, key, body, added_at FROM definition
WHERE added_at <= $1 AND (removed_at IS NULL OR removed_at > $1) ORDER BY kind, key`)

// withdrawnSQL selects the decisions whose text was taken back, in whichever
// line: earlier versions do not show it either.
var withdrawnSQL = numbered(`SELECT key, body FROM definition
WHERE kind = $1 AND removed_at IS NULL AND added_at > $2 AND json_extract(body, '$.withdrawn')`)

// withdrawn puts decisions without their text in place of those of this version.
func (p *past) withdrawn(ctx context.Context, of []Entry) error {
	rows, err := p.store.db.QueryContext(ctx, withdrawnSQL, kindTier, p.head.seq)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var body sql.RawBytes
		if err := rows.Scan(&key, &body); err != nil {
			return err
		}
		if i := slices.IndexFunc(of, func(e Entry) bool { return e.Key == key }); i >= 0 {
			of[i].Body = slices.Clone(json.RawMessage(body))
		}
	}
	return rows.Err()
}

// forget lets the readers in memory read definitions anew.
func (s *Store) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.readers {
		if p, ok := r.over.(*past); ok {
			p.mu.Lock()
			p.kinds = nil
			p.mu.Unlock()
		}
	}
}

func (p *past) entries(ctx context.Context, kind string) ([]Entry, error) {
	const op = "store.Reader.Entries"
	if p.head.state == (state{}) {
		return nil, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kinds != nil {
		return p.kinds[kind], nil
	}
	rows, err := p.store.db.QueryContext(ctx, entriesSQL, p.head.seq)
	if err != nil {
		return nil, p.store.fail(ctx, op, err)
	}
	defer rows.Close()
	kinds := map[string][]Entry{}
	for rows.Next() {
		var e Entry
		var body sql.RawBytes
		if err := rows.Scan(&e.Kind, &e.Key, &body, &e.Seq); err != nil {
			return nil, p.store.fail(ctx, op, err)
		}
		e.Body = slices.Clone(json.RawMessage(body))
		kinds[e.Kind] = append(kinds[e.Kind], e)
	}
	if err := rows.Err(); err != nil {
		return nil, p.store.fail(ctx, op, err)
	}
	if err := p.withdrawn(ctx, kinds[kindTier]); err != nil {
		return nil, p.store.fail(ctx, op, err)
	}
	p.kinds = kinds
	return kinds[kind], nil
}
