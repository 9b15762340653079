package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"shanyraq"
)

// A Batch is what one import brings.
type Batch struct {
	Source *shanyraq.Source // of the claims, if it is not known yet or has changed
	Series []shanyraq.Series
	Claims []shanyraq.Claim
	Notes  string // the prose of the source's record; what is held stays if it is empty
}

// progressStep is after how many claims Options.Progress is told.
const progressStep = 1000

// Import adds the batch, all of it or nothing. A claim that is there with the
// same contents, imported or built in, is left alone; one of the same name
// with other contents is superseded. The answer counts both.
//
// It returns an Invalid error that names the claim if one is not well formed,
// is of a source or series nobody knows, is in another unit than its series,
// or comes twice with different contents; and that of ctx if it ends first.
func (s *Store) Import(ctx context.Context, b Batch, who string) (shanyraq.Activity, error) {
	const op = "store.Import"
	return s.write(ctx, op, who, func(c *change) error {
		in := intake{Store: s, change: c, op: op}
		if err := in.definitions(b); err != nil {
			return err
		}
		if err := in.takeAll(b.Claims); err != nil {
			return err
		}
		c.text = text("activity.import", "Source", sourcesIn(b),
			"Added", c.counts.Added, "Changed", c.counts.Changed, "Same", c.counts.Same)
		return nil
	})
}

// sourcesIn names the sources of the batch, three at most.
func sourcesIn(b Batch) string {
	const most = 3
	var ids []string
	if b.Source != nil {
		ids = append(ids, string(b.Source.ID))
	}
	for i := range b.Claims {
		if id := string(b.Claims[i].Source); !slices.Contains(ids, id) {
			if len(ids) == most {
				return strings.Join(ids, ", ") + ", …"
			}
			ids = append(ids, id)
		}
	}
	return strings.Join(ids, ", ")
}

// An intake is an import under way.
type intake struct {
	*Store
	*change
	op      string
	units   map[shanyraq.SeriesID]shanyraq.Unit
	sources map[shanyraq.SourceID]bool // true if built in
}

// definitions takes in the batch's source and series and learns all that are
// known.
func (in *intake) definitions(b Batch) error {
	now := in.reader(in.before)
	sources, err := now.Sources(in.ctx)
	if err != nil {
		return err
	}
	series, err := now.Series(in.ctx)
	if err != nil {
		return err
	}
	builtIn, err := in.base.Sources(in.ctx)
	if err != nil {
		return err
	}
	in.sources = make(map[shanyraq.SourceID]bool)
	in.units = make(map[shanyraq.SeriesID]shanyraq.Unit)
	known := map[string]digest{}
	for _, x := range sources {
		in.sources[x.ID] = false
		known[kindSource+"/"+string(x.ID)] = bodyDigest(x)
	}
	for _, x := range builtIn {
		in.sources[x.ID] = true
	}
	for _, x := range series {
		in.units[x.ID] = x.Unit
		known[kindSeries+"/"+string(x.ID)] = bodyDigest(x)
	}
	take := func(kind, key string, v any) error {
		if known[kind+"/"+key] == bodyDigest(v) {
			return nil
		}
		body, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return in.put(kind, key, body)
	}
	if b.Source != nil {
		if b.Source.ID == "" || strings.ContainsAny(string(b.Source.ID), "/\x00") {
			return tell(in.op, shanyraq.Invalid, "store.source_id")
		}
		if err := take(kindSource, string(b.Source.ID), b.Source); err != nil {
			return err
		}
		if _, ok := in.sources[b.Source.ID]; !ok {
			in.sources[b.Source.ID] = false
		}
		if err := in.notes(now, b); err != nil {
			return err
		}
	}
	for _, x := range b.Series {
		if x.ID == "" || strings.ContainsAny(string(x.ID), "/\x00") || !x.Unit.Valid() {
			return tell(in.op, shanyraq.Invalid, "store.series_id", "ID", string(x.ID))
		}
		if unit, ok := in.units[x.ID]; ok && unit != x.Unit {
			return tell(in.op, shanyraq.Invalid, "store.series_unit", "ID", string(x.ID), "Unit", string(unit))
		}
		if err := take(kindSeries, string(x.ID), x); err != nil {
			return err
		}
		in.units[x.ID] = x.Unit
	}
	return nil
}

// notes keeps the prose of the source's record, unless it is held already.
func (in *intake) notes(now *Reader, b Batch) error {
	if b.Notes == "" {
		return nil
	}
	held, err := now.SourceNotes(in.ctx, b.Source.ID)
	if err != nil && shanyraq.KindOf(err) != shanyraq.NotFound || err == nil && held == b.Notes {
		return err
	}
	body, err := json.Marshal(b.Notes)
	if err != nil {
		return err
	}
	return in.put(kindNotes, string(b.Source.ID), body)
}

// bodyDigest returns the digest of the value's JSON, and a zero one if it has
// none.
func bodyDigest(v any) digest {
	body, err := json.Marshal(v)
	if err != nil {
		return digest{}
	}
	return entryDigest("", "", string(body))
}

var (
	findClaimSQL   = numbered(`SELECT row, digest FROM claim WHERE id = $1 AND removed_at IS NULL`)
	retireClaimSQL = numbered(`UPDATE claim SET removed_at = $2 WHERE row = $1`)
	insertClaimSQL = numbered(`INSERT INTO claim (` + claimColumns + `, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`)
)

// takeAll checks all claims before it writes the first.
func (in *intake) takeAll(claims []shanyraq.Claim) error {
	digests := make([]digest, len(claims))
	seen := make(map[shanyraq.ClaimID]int32, len(claims))
	var buf []byte
	for i := range claims {
		c := &claims[i]
		if i%progressStep == 0 && in.ctx.Err() != nil {
			return in.ctx.Err()
		}
		if err := in.check(c); err != nil {
			return err
		}
		digests[i], buf = claimDigest(buf, c)
		if first, twice := seen[c.ID]; !twice {
			seen[c.ID] = int32(i)
		} else if digests[first] != digests[i] {
			return tell(in.op, shanyraq.Invalid, "store.claim_twice", "ID", string(c.ID))
		}
	}
	find, err := in.PrepareContext(in.ctx, findClaimSQL)
	if err != nil {
		return err
	}
	defer find.Close()
	insert, err := in.PrepareContext(in.ctx, insertClaimSQL)
	if err != nil {
		return err
	}
	defer insert.Close()
	for i := range claims {
		if i%progressStep == 0 && in.o.Progress != nil {
			in.o.Progress(i, len(claims))
		}
		if seen[claims[i].ID] != int32(i) {
			in.counts.Same++
			continue
		}
		if err := in.take(&claims[i], digests[i], find, insert); err != nil {
			return err
		}
	}
	if in.o.Progress != nil {
		in.o.Progress(len(claims), len(claims))
	}
	return nil
}

// check returns an Invalid error unless the claim is well formed and of a known
// source and series.
func (in *intake) check(c *shanyraq.Claim) error {
	if err := checkClaim(in.op, c); err != nil {
		return err
	}
	what := ""
	if _, ok := in.sources[c.Source]; !ok {
		what = "source"
	} else if unit, ok := in.units[c.Series]; !ok {
		what = "series"
	} else if unit != c.Unit {
		what = "unit"
	}
	if what != "" {
		return tell(in.op, shanyraq.Invalid, "store.claim_"+what, "ID", string(c.ID))
	}
	return nil
}

// take writes one claim, unless it is there already.
func (in *intake) take(c *shanyraq.Claim, d digest, find, insert *sql.Stmt) error {
	row, was, err := in.find(find, c.ID)
	if err != nil {
		return err
	}
	under, builtIn, err := in.builtIn(c)
	if err != nil {
		return err
	}
	if row == 0 {
		was = under
	}
	switch {
	case (row != 0 || builtIn) && was == d:
		in.counts.Same++
		return nil
	case row != 0 || builtIn:
		in.counts.Changed++
	default:
		in.counts.Added++
	}
	if row != 0 {
		if err := in.retire(row, was); err != nil {
			return err
		}
		if builtIn && under == d { // what is built in shows again
			return nil
		}
	}
	if _, err := insert.ExecContext(in.ctx, append(claimArgs(c, d), in.seq)...); err != nil {
		return err
	}
	in.state.add(d)
	in.claims++
	in.rows++
	return nil
}

// builtIn returns the digest of the built-in claim of the name, and whether
// there is one.
func (in *intake) builtIn(c *shanyraq.Claim) (d digest, ok bool, err error) {
	if !in.sources[c.Source] {
		return d, false, nil
	}
	built, err := in.base.Claim(in.ctx, c.ID)
	switch {
	case err == nil:
		d, _ = claimDigest(nil, &built)
		return d, true, nil
	case shanyraq.KindOf(err) == shanyraq.NotFound:
		return d, false, nil
	}
	return d, false, err
}

// find returns the row of the claim that holds, and zero if none does.
func (c *change) find(find *sql.Stmt, id shanyraq.ClaimID) (row int64, d digest, err error) {
	if c.before.claims == 0 {
		return 0, d, nil
	}
	var b []byte
	err = find.QueryRowContext(c.ctx, string(id)).Scan(&row, &b)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, d, nil
	}
	copy(d[:], b)
	return row, d, err
}

// retire ends a claim's row with this line.
func (c *change) retire(row int64, d digest) error {
	if _, err := c.ExecContext(c.ctx, retireClaimSQL, row, c.seq); err != nil {
		return err
	}
	c.state.sub(d)
	c.claims--
	c.rows++
	return nil
}

// Remove removes imported claims; built-in ones of the same name show again.
// It returns a NotFound error if one of them is not there, an Invalid one if
// one is built in, and then removes none.
func (s *Store) Remove(ctx context.Context, ids []shanyraq.ClaimID, who string) (shanyraq.Activity, error) {
	const op = "store.Remove"
	return s.write(ctx, op, who, func(c *change) error {
		find, err := c.PrepareContext(ctx, findClaimSQL)
		if err != nil {
			return err
		}
		defer find.Close()
		ids = slices.Compact(slices.Sorted(slices.Values(ids)))
		for _, id := range ids {
			row, d, err := c.find(find, id)
			if err != nil {
				return err
			}
			if row == 0 {
				if _, err := s.base.Claim(ctx, id); err == nil {
					return tell(op, shanyraq.Invalid, "store.claim_builtin", "ID", string(id))
				}
				return tell(op, shanyraq.NotFound, "store.claim_unknown", "ID", string(id))
			}
			if err := c.retire(row, d); err != nil {
				return err
			}
			c.counts.Removed++
		}
		c.text = text("activity.remove", "Count", len(ids))
		return nil
	})
}
