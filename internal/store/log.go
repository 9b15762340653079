package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"shanyraq"
)

var logSQL = numbered(`SELECT ` + recordColumns + ` FROM activity ORDER BY seq DESC LIMIT $1`)

// Log returns the last limit lines, newest first, and all if limit is 0 or less.
func (s *Store) Log(ctx context.Context, limit int) ([]shanyraq.Activity, error) {
	const op = "store.Log"
	if limit <= 0 {
		limit = -1 // all
	}
	by, err := undoneBy(ctx, s.db)
	if err != nil {
		return nil, s.fail(ctx, op, err)
	}
	rows, err := s.db.QueryContext(ctx, logSQL, limit)
	if err != nil {
		return nil, s.fail(ctx, op, err)
	}
	defer rows.Close()
	var out []shanyraq.Activity
	for rows.Next() {
		var r record
		if err := r.scan(rows); err != nil {
			return nil, s.fail(ctx, op, err)
		}
		a, err := r.activity()
		if err != nil {
			return nil, s.fail(ctx, op, err)
		}
		a.UndoneBy = by[a.Seq]
		out = append(out, a)
	}
	return out, s.fail(ctx, op, rows.Err())
}

// activity returns the line as others see it.
func (r *record) activity() (shanyraq.Activity, error) {
	at, err := time.Parse(time.RFC3339Nano, r.at)
	if err != nil {
		return shanyraq.Activity{}, shanyraq.Errorf("store.record.activity", shanyraq.Other, "line %d: %w", r.seq, err)
	}
	a := shanyraq.Activity{Seq: r.seq, At: at, Who: r.who, Text: shanyraq.Text{Key: r.action}, Undoes: r.undoes.Int64, Version: r.version}
	d := json.NewDecoder(strings.NewReader(r.args))
	d.UseNumber()
	if err := d.Decode(&a.Text.Args); err != nil {
		return shanyraq.Activity{}, shanyraq.Errorf("store.record.activity", shanyraq.Other, "line %d: %w", r.seq, err)
	}
	for k, v := range a.Text.Args {
		if n, ok := v.(json.Number); ok {
			i, err := n.Int64() // all our numbers are whole
			if err != nil {
				return shanyraq.Activity{}, shanyraq.Errorf("store.record.activity", shanyraq.Other, "line %d: %w", r.seq, err)
			}
			a.Text.Args[k] = int(i)
		}
	}
	return a, nil
}

// undoneBy returns, for each line that is reversed as of now, the line that
// reverses it. A line that is itself reversed reverses nothing.
func undoneBy(ctx context.Context, q querier) (map[int64]int64, error) {
	rows, err := q.QueryContext(ctx, `SELECT seq, undoes FROM activity WHERE undoes IS NOT NULL ORDER BY seq DESC`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	by := map[int64]int64{}
	for rows.Next() {
		var seq, undoes int64
		if err := rows.Scan(&seq, &undoes); err != nil {
			return nil, err
		}
		if by[seq] == 0 && by[undoes] == 0 {
			by[undoes] = seq
		}
	}
	return by, rows.Err()
}

// Undo reverses exactly what the line did, with a line of its own: claims it
// added are removed, those it removed come back, definitions are as they were.
// Undoing that line in turn does it again. With seq 0 it reverses the newest
// line that was not an undoing and is still in effect.
//
// It returns a NotFound error if there is no such line, and a Conflict error
// if it is undone already, something it touched was changed since, claims would
// remain whose source or series nobody knows, or it is a decision about the
// tier of a host, against which there are only other decisions.
func (s *Store) Undo(ctx context.Context, seq int64, who string) (shanyraq.Activity, error) {
	const op = "store.Undo"
	return s.write(ctx, op, who, func(c *change) error {
		by, err := undoneBy(ctx, c.Tx)
		if err != nil {
			return err
		}
		if seq == 0 {
			if seq, err = c.newest(by); err != nil {
				return err
			}
			if seq == 0 {
				return tell(op, shanyraq.NotFound, "store.undo_none")
			}
		}
		root, again, err := c.origin(seq)
		if errors.Is(err, sql.ErrNoRows) {
			return tell(op, shanyraq.NotFound, "store.undo_unknown", "Seq", int(seq))
		}
		if err != nil {
			return err
		}
		if later := by[seq]; later != 0 {
			return tell(op, shanyraq.Conflict, "store.undo_done", "Seq", int(seq), "Later", int(later))
		}
		if err := c.undecided(op, seq); err != nil {
			return err
		}
		if err := c.reverse(op, seq); err != nil {
			return err
		}
		if err := c.grounded(op, seq, s.base); err != nil {
			return err
		}
		c.undoes = seq
		c.text = text("activity.undo", "Seq", int(root))
		if again {
			c.text.Key = "activity.redo"
		}
		return nil
	})
}

// newest returns the newest line that is in effect and not an undoing, and 0
// if there is none.
func (c *change) newest(undone map[int64]int64) (int64, error) {
	rows, err := c.QueryContext(c.ctx, `SELECT seq FROM activity WHERE undoes IS NULL ORDER BY seq DESC`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return 0, err
		}
		if undone[seq] == 0 {
			return seq, nil
		}
	}
	return 0, rows.Err()
}

var undoesSQL = numbered(`SELECT undoes FROM activity WHERE seq = $1`)

// origin returns the line that undoing seq is about in the end, and whether it
// does that line again.
func (c *change) origin(seq int64) (root int64, again bool, err error) {
	for {
		var undoes sql.NullInt64
		if err := c.QueryRowContext(c.ctx, undoesSQL, seq).Scan(&undoes); err != nil {
			return 0, false, err
		}
		if !undoes.Valid {
			return seq, again, nil
		}
		seq, again = undoes.Int64, !again
	}
}

// A ledger is a table of rows that hold for a time, as undoing sees it.
type ledger struct {
	name                              string
	conflictSQL, addedSQL, removedSQL string
	retireSQL, copySQL                string
}

var ledgers = []ledger{
	newLedger("claim", "id", "%s.id = t.id", claimColumns),
	newLedger("definition", "key", "%[1]s.kind = t.kind AND %[1]s.key = t.key", "kind, key, body, digest"),
}

// newLedger returns the statements that reverse line $1 in line $2. Of the
// things line $1 touched, "was" is how it left one and "now" is how it stands;
// the same contents count as unchanged, whichever line put them there.
func newLedger(name, key, same, columns string) ledger {
	at := func(alias string) string { return fmt.Sprintf(same, alias) }
	return ledger{
		name: name,
		conflictSQL: numbered(`
SELECT t.` + key + `,
  (SELECT max(max(later.added_at), max(coalesce(later.removed_at, 0))) FROM ` + name + ` later WHERE ` + at("later") + `)
FROM   ` + name + ` t
LEFT   JOIN ` + name + ` was ON ` + at("was") + ` AND was.added_at = $1
LEFT   JOIN ` + name + ` now ON ` + at("now") + ` AND now.removed_at IS NULL
WHERE  (t.added_at = $1 OR t.removed_at = $1) AND was.digest IS NOT now.digest
LIMIT  1`),
		addedSQL: numbered(`
SELECT now.digest FROM ` + name + ` t JOIN ` + name + ` now ON ` + at("now") + ` AND now.removed_at IS NULL
WHERE  t.added_at = $1`),
		removedSQL: numbered(`SELECT digest FROM ` + name + ` WHERE removed_at = $1`),
		retireSQL: numbered(`
UPDATE ` + name + ` SET removed_at = $2 WHERE row IN (
  SELECT now.row FROM ` + name + ` t JOIN ` + name + ` now ON ` + at("now") + ` AND now.removed_at IS NULL
  WHERE  t.added_at = $1)`),
		copySQL: numbered(`
INSERT INTO ` + name + ` (` + columns + `, added_at) SELECT ` + columns + `, $2 FROM ` + name + ` WHERE removed_at = $1 ORDER BY row`),
	}
}

// reverse undoes line seq in the line under way.
func (c *change) reverse(op string, seq int64) error {
	for _, l := range ledgers {
		var key string
		var later int64
		err := c.QueryRowContext(c.ctx, l.conflictSQL, seq).Scan(&key, &later)
		switch {
		case err == nil:
			return tell(op, shanyraq.Conflict, "store.undo_changed", "Seq", int(seq), "Later", int(later), "Key", key)
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		gone, err := c.sum(l.addedSQL, seq, (*state).sub)
		if err != nil {
			return err
		}
		back, err := c.sum(l.removedSQL, seq, (*state).add)
		if err != nil {
			return err
		}
		if _, err := c.ExecContext(c.ctx, l.retireSQL, seq, c.seq); err != nil {
			return err
		}
		if _, err := c.ExecContext(c.ctx, l.copySQL, seq, c.seq); err != nil {
			return err
		}
		c.rows += gone + back
		if l.name != "claim" {
			continue
		}
		c.claims += int64(back - gone)
		if err := c.QueryRowContext(c.ctx, changedSQL, c.seq).Scan(&c.counts.Changed); err != nil {
			return err
		}
		c.counts.Added, c.counts.Removed = back-c.counts.Changed, gone-c.counts.Changed
	}
	return nil
}

var heldKeysSQL = numbered(`SELECT key FROM definition WHERE kind = $1 AND removed_at IS NULL`)

// grounded returns a Conflict error unless the source and the series of every
// imported claim are known, as they are after the line under way.
func (c *change) grounded(op string, seq int64, base Base) error {
	sources, err := base.Sources(c.ctx)
	if err != nil {
		return err
	}
	series, err := base.Series(c.ctx)
	if err != nil {
		return err
	}
	known := map[string]map[string]bool{kindSource: {}, kindSeries: {}}
	for _, x := range sources {
		known[kindSource][string(x.ID)] = true
	}
	for _, x := range series {
		known[kindSeries][string(x.ID)] = true
	}
	for kind, keys := range known {
		if err := c.each(heldKeysSQL, func(key string) error { keys[key] = true; return nil }, kind); err != nil {
			return err
		}
	}
	for _, kind := range []string{kindSource, kindSeries} { // columns of the same names
		err := c.each(`SELECT DISTINCT `+kind+` FROM claim WHERE removed_at IS NULL ORDER BY 1`, func(key string) error {
			if known[kind][key] {
				return nil
			}
			return tell(op, shanyraq.Conflict, "store.undo_ground", "Seq", int(seq), "Key", key)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each calls fn with the one text each row of the query has.
func (c *change) each(query string, fn func(string) error, args ...any) error {
	rows, err := c.QueryContext(c.ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		if err := fn(s); err != nil {
			return err
		}
	}
	return rows.Err()
}

// changedSQL counts the claims that line $1 superseded.
var changedSQL = numbered(`SELECT count(*) FROM claim a JOIN claim b ON b.id = a.id AND b.removed_at = $1 WHERE a.added_at = $1`)

// sum puts each digest the query finds into the state and returns how many
// there were.
func (c *change) sum(query string, seq int64, put func(*state, digest)) (n int, err error) {
	rows, err := c.QueryContext(c.ctx, query, seq)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var b sql.RawBytes
		if err := rows.Scan(&b); err != nil {
			return 0, err
		}
		var d digest
		copy(d[:], b)
		put(&c.state, d)
		n++
	}
	return n, rows.Err()
}
