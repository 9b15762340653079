package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"

	"shanyraq"
)

// A change is a transaction under way and the line it will append.
type change struct {
	*sql.Tx
	ctx    context.Context
	seq    int64 // of the line
	before head
	state  state
	claims int64 // that hold
	rows   int   // touched
	counts shanyraq.Counts
	text   shanyraq.Text
	undoes int64
}

// write makes a change and appends its line, both or neither. It is the only
// way anything is written. The function sets the line's text; if it touches no
// row there is no line.
func (s *Store) write(ctx context.Context, op, who string, fn func(*change) error) (shanyraq.Activity, error) {
	if s.o.ReadOnly {
		return shanyraq.Activity{}, tell(op, shanyraq.Invalid, "store.read_mode")
	}
	select {
	case s.slot <- struct{}{}:
		defer func() { <-s.slot }()
	case <-ctx.Done():
		return shanyraq.Activity{}, s.fail(ctx, op, ctx.Err())
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return shanyraq.Activity{}, s.fail(ctx, op, err)
	}
	defer tx.Rollback() // does nothing after a commit
	before, err := readHead(ctx, tx)
	if err != nil {
		return shanyraq.Activity{}, s.fail(ctx, op, err)
	}
	c := &change{Tx: tx, ctx: ctx, seq: before.seq + 1, before: before, state: before.state, claims: before.claims}
	if err := fn(c); err != nil {
		return shanyraq.Activity{}, s.fail(ctx, op, err)
	}
	line := shanyraq.Activity{
		At: s.o.Now().UTC().Truncate(time.Millisecond), Who: who, Text: c.text, Counts: c.counts,
		Undoes: c.undoes, Version: c.state.version(s.base.Version()),
	}
	if c.rows == 0 {
		return line, nil
	}
	line.Seq = c.seq
	after, err := c.sign(line, s.base.Version())
	if err != nil {
		return shanyraq.Activity{}, s.fail(ctx, op, err)
	}
	if err := tx.Commit(); err != nil {
		return shanyraq.Activity{}, s.fail(ctx, op, err)
	}
	s.mu.Lock()
	s.head = after
	s.mu.Unlock()
	return line, nil
}

var signSQL = numbered(`
INSERT INTO activity (seq, at, who, action, args, undoes, base, version, state, claims, prev, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)

// sign appends the line, chained to the one before.
func (c *change) sign(line shanyraq.Activity, base string) (head, error) {
	args, err := json.Marshal(line.Text.Args)
	if err != nil {
		return head{}, err
	}
	r := record{
		seq: line.Seq, at: line.At.Format(time.RFC3339Nano), who: line.Who, action: line.Text.Key, args: string(args),
		undoes: sql.NullInt64{Int64: line.Undoes, Valid: line.Undoes != 0},
		base:   base, version: line.Version, state: c.state.bytes(), claims: c.claims, prev: c.before.hash[:],
	}
	hash := r.digest()
	var undoes any
	if line.Undoes != 0 {
		undoes = line.Undoes
	}
	_, err = c.ExecContext(c.ctx, signSQL, r.seq, r.at, r.who, r.action, r.args, undoes, r.base, r.version, r.state, r.claims, r.prev, hash[:])
	return head{seq: c.seq, state: c.state, claims: c.claims, hash: hash}, err
}

// A record is a line of activity as the file keeps it.
type record struct {
	seq                   int64
	at, who, action, args string
	undoes                sql.NullInt64
	base, version         string
	state                 []byte
	claims                int64
	prev, hash            []byte
}

const recordColumns = `seq, at, who, action, args, undoes, base, version, state, claims, prev, hash`

func (r *record) scan(rows *sql.Rows) error {
	return rows.Scan(&r.seq, &r.at, &r.who, &r.action, &r.args, &r.undoes, &r.base, &r.version, &r.state, &r.claims, &r.prev, &r.hash)
}

// digest returns the hash of the line. The encoding is part of the file format.
func (r *record) digest() digest {
	b := field(nil, "activity")
	b = field(b, string(r.prev))
	for _, n := range [...]int64{r.seq, r.undoes.Int64, r.claims} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, s := range [...]string{r.at, r.who, r.action, r.args, r.base, r.version, string(r.state)} {
		b = field(b, s)
	}
	return sha256.Sum256(b)
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// readHead returns what the last line left, and the zero head if there is none.
func readHead(ctx context.Context, q querier) (head, error) {
	return scanHead(q.QueryRowContext(ctx, `SELECT seq, state, claims, hash FROM activity ORDER BY seq DESC LIMIT 1`))
}

func scanHead(row *sql.Row) (head, error) {
	var h head
	var st, hash []byte
	err := row.Scan(&h.seq, &st, &h.claims, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return head{}, nil
	}
	if err != nil {
		return head{}, err
	}
	var ok bool
	if h.state, ok = stateOf(st); !ok || len(hash) != len(h.hash) {
		return head{}, tell("store.readHead", shanyraq.Other, "store.problem.chain", "Seq", h.seq)
	}
	copy(h.hash[:], hash)
	return h, nil
}

// current returns what the last line left.
func (s *Store) current(ctx context.Context) (head, error) {
	if s.o.ReadOnly {
		return readHead(ctx, s.db) // another process may have written
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.head, nil
}
