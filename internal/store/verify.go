package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"shanyraq"
)

// A Report is what an examination of the store found.
type Report struct {
	Lines    int       `json:"lines"`    // of activity
	Claims   int       `json:"claims"`   // rows, those removed since included
	Entries  int       `json:"entries"`  // rows of definitions, likewise
	Problems []Problem `json:"problems"` // the first hundred
	More     int       `json:"more"`     // problems beyond those
}

// OK reports whether nothing is wrong.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// A Problem is one thing wrong with the store.
type Problem struct {
	Text shanyraq.Text `json:"text"`
	Seq  int64         `json:"seq,omitempty"` // the line it is about
	Key  string        `json:"key,omitempty"` // the claim or definition it is about
}

// String returns the problem in English.
func (p Problem) String() string { return english(p.Text) }

func (r *Report) add(key string, seq int64, id string, args ...any) {
	const most = 100
	if len(r.Problems) == most {
		r.More++
		return
	}
	r.Problems = append(r.Problems, Problem{Text: text("store.problem."+key, args...), Seq: seq, Key: id})
}

// Verify examines the whole store: the file's pages and indices, that its rules
// against edits are in force, that every
// row belongs to lines of the log, that no line was edited or is missing in
// the middle, that no row was edited, that every claim is well formed, and
// that the rows that hold after each line are those it recorded. It cannot see
// that the last lines were cut off together with all their rows; compare the
// version with one noted elsewhere for that.
//
// What is wrong is in the report. The error is for an examination that could
// not be made.
func (s *Store) Verify(ctx context.Context) (Report, error) {
	const op = "store.Verify"
	var r Report
	// One transaction, so that changes going on meanwhile are not half seen.
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return r, s.fail(ctx, op, err)
	}
	defer tx.Rollback() // nothing was written
	e := examination{ctx: ctx, q: tx, report: &r, moved: map[int64]*movement{}}
	for _, step := range []func() error{e.file, e.rules, e.links, e.claimRows, e.entryRows, e.lines} {
		if err := step(); err != nil {
			if ctx.Err() != nil || !damaged(err) {
				return r, s.fail(ctx, op, err)
			}
			r.add("file", 0, "", "Detail", err.Error())
		}
	}
	return r, nil
}

// An examination is a Verify under way.
type examination struct {
	ctx    context.Context
	q      querier
	report *Report
	moved  map[int64]*movement // by line
}

// A movement is what the rows say one line did.
type movement struct {
	added, removed state
	claims         int64
}

func (e *examination) at(seq int64) *movement {
	m := e.moved[seq]
	if m == nil {
		m = &movement{}
		e.moved[seq] = m
	}
	return m
}

// file lets SQLite check its pages, indices and constraints.
func (e *examination) file() error {
	rows, err := e.q.QueryContext(e.ctx, `PRAGMA integrity_check`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var detail string
		if err := rows.Scan(&detail); err != nil {
			return err
		}
		if detail != "ok" {
			e.report.add("file", 0, "", "Detail", detail)
		}
	}
	return rows.Err()
}

// rules finds tables, indices and triggers that are not as the program makes
// them: without its triggers a file could be edited and nobody stopped.
func (e *examination) rules() error {
	want, err := schema(e.ctx)
	if err != nil {
		return err
	}
	have, err := rulesIn(e.ctx, e.q)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if have[name] != want[name] {
			e.report.add("rules", 0, name, "Key", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[name]; !ok && have[name] != "" { // SQLite's own have no text
			e.report.add("rules", 0, name, "Key", name)
		}
	}
	return nil
}

// rulesIn returns the text of everything the file defines, by name.
func rulesIn(ctx context.Context, q querier) (map[string]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT name, coalesce(sql, '') FROM sqlite_schema`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		out[name] = text
	}
	return out, rows.Err()
}

// schema returns what a file of the present format defines, by name.
func schema(ctx context.Context) (map[string]string, error) {
	db, err := driver.Open(":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection would have a memory of its own
	if err := migrate(ctx, db, 0, migrations); err != nil {
		return nil, err
	}
	return rulesIn(ctx, db)
}

// links finds rows of lines that are not there.
func (e *examination) links() error {
	rows, err := e.q.QueryContext(e.ctx, `SELECT DISTINCT "table" FROM pragma_foreign_key_check`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return err
		}
		e.report.add("link", 0, table, "Table", table)
	}
	return rows.Err()
}

// moves notes when a row held, and finds what held before it was there or
// twice at once. Rows come by name and then by the line that added them.
func (e *examination) moves(key string, last *held, d digest, added int64, removed *int64) {
	e.at(added).added.add(d)
	if removed != nil {
		e.at(*removed).removed.add(d)
		if *removed <= added {
			e.report.add("order", *removed, key, "Key", key, "Seq", int(*removed))
		}
	}
	if last.key == key && (last.removed == nil || *last.removed > added) {
		e.report.add("twice", added, key, "Key", key)
	}
	*last = held{key, removed}
}

type held struct {
	key     string
	removed *int64
}

func (e *examination) claimRows() error {
	rows, err := e.q.QueryContext(e.ctx, `SELECT `+claimColumns+`, year, added_at, removed_at FROM claim ORDER BY id, added_at`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var last held
	var buf []byte
	for rows.Next() {
		var year int
		var added int64
		var removed *int64
		c, stored, err := scanClaim(rows, &year, &added, &removed)
		if err != nil {
			return err
		}
		e.report.Claims++
		var d digest
		d, buf = claimDigest(buf, &c)
		id := string(c.ID)
		if !bytes.Equal(d[:], stored) || year != c.When.Year() {
			e.report.add("claim", added, id, "Key", id, "Seq", int(added))
		}
		if checkClaim("store.Verify", &c) != nil {
			e.report.add("invalid", added, id, "Key", id, "Seq", int(added))
		}
		e.moves(id, &last, d, added, removed)
		e.at(added).claims++
		if removed != nil {
			e.at(*removed).claims--
		}
	}
	return rows.Err()
}

func (e *examination) entryRows() error {
	rows, err := e.q.QueryContext(e.ctx, `SELECT kind, key, body, digest, added_at, removed_at FROM definition ORDER BY kind, key, added_at`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var last held
	for rows.Next() {
		var kind, key, body string
		var stored []byte
		var added int64
		var removed *int64
		if err := rows.Scan(&kind, &key, &body, &stored, &added, &removed); err != nil {
			return err
		}
		e.report.Entries++
		d := entryDigest(kind, key, body)
		name := kind + "/" + key
		if !bytes.Equal(d[:], stored) {
			e.report.add("entry", added, name, "Key", name, "Seq", int(added))
		}
		e.moves(name, &last, d, added, removed)
	}
	return rows.Err()
}

// lines follows the chain of the log and the state from line to line. After a
// line whose state is wrong it goes on from the recorded one, so that one
// fault is not told for every line after it.
func (e *examination) lines() error {
	rows, err := e.q.QueryContext(e.ctx, `SELECT `+recordColumns+` FROM activity ORDER BY seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var before head
	for rows.Next() {
		var r record
		if err := r.scan(rows); err != nil {
			return err
		}
		e.report.Lines++
		told := func(what string) { e.report.add(what, r.seq, "", "Seq", int(r.seq)) }
		hash := r.digest()
		if r.seq != before.seq+1 || !bytes.Equal(r.prev, before.hash[:]) || !bytes.Equal(r.hash, hash[:]) {
			told("chain")
		}
		recorded, ok := stateOf(r.state)
		now, m := before.state, e.at(r.seq)
		now.plus(m.added)
		now.minus(m.removed)
		if !ok || now != recorded || before.claims+m.claims != r.claims {
			told("state")
		}
		if recorded.version(r.base) != r.version {
			told("version")
		}
		before = head{seq: r.seq, state: recorded, claims: r.claims}
		copy(before.hash[:], r.hash)
	}
	return rows.Err()
}

// damaged reports whether err is one of a damaged file.
func damaged(err error) bool {
	return errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, sqlite3.NOTADB)
}
