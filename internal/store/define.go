package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"shanyraq"
	"shanyraq/internal/hosts"
)

// Kinds of definition. The first four are people's own; decisions are added
// with [Store.Decide], and series and sources come with imports.
const (
	KindGroup    = "group"
	KindIndex    = "index"
	KindPlan     = "plan"
	KindCampaign = "campaign"

	kindTier   = "tier" // decisions about the tier of a host, added and never taken back
	kindSeries = "series"
	kindSource = "source"
	kindNotes  = "notes" // the prose of a source's record, as a JSON string
)

// Kinds lists the kinds of definition that can be put and deleted.
func Kinds() []string { return []string{KindGroup, KindIndex, KindPlan, KindCampaign} }

// An Entry is a definition as it holds.
type Entry struct {
	Kind string          `json:"kind"`
	Key  string          `json:"key"`
	Body json.RawMessage `json:"body"` // "null" for a built-in group that is hidden
	Seq  int64           `json:"seq"`  // the line that put it
}

// hidden reports whether the entry hides what is built in.
func (e Entry) hidden() bool { return string(e.Body) == "null" }

// entryDigest returns the SHA-256 of a definition. The encoding is part of the
// file format.
func entryDigest(kind, key, body string) digest {
	return sha256.Sum256(field(field(field(field(nil, "definition"), kind), key), body))
}

// PutDefinition saves the definition under the kind and key, in place of the
// one that was there. The body is JSON, kept without its white space. One that
// is there already in the same words is left alone.
//
// It returns an Invalid error if the kind is none of [Kinds], the key is
// empty, the body is not JSON or is null, or that of a group is not a [shanyraq.Group] of
// that id with well-formed members.
func (s *Store) PutDefinition(ctx context.Context, kind, key string, body json.RawMessage, who string) (shanyraq.Activity, error) {
	const op = "store.PutDefinition"
	if err := checkKey(op, kind, key); err != nil {
		return shanyraq.Activity{}, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil || !utf8.Valid(body) {
		return shanyraq.Activity{}, tell(op, shanyraq.Invalid, "store.definition_body", "Key", key)
	}
	if compact.String() == "null" { // which stands for a hidden group
		return shanyraq.Activity{}, tell(op, shanyraq.Invalid, "store.definition_body", "Key", key)
	}
	if kind == KindGroup {
		if err := checkGroup(op, key, compact.Bytes()); err != nil {
			return shanyraq.Activity{}, err
		}
	}
	return s.write(ctx, op, who, func(c *change) error {
		c.text = text("activity.put_"+kind, "Key", key)
		return c.put(kind, key, compact.Bytes())
	})
}

// DeleteDefinition deletes the definition. A group that is built in stays
// hidden until [Store.RestoreGroup]. It returns a NotFound error if there is
// no such definition.
func (s *Store) DeleteDefinition(ctx context.Context, kind, key, who string) (shanyraq.Activity, error) {
	const op = "store.DeleteDefinition"
	if err := checkKey(op, kind, key); err != nil {
		return shanyraq.Activity{}, err
	}
	return s.write(ctx, op, who, func(c *change) error {
		c.text = text("activity.delete_"+kind, "Key", key)
		held, err := c.entry(kind, key)
		if err != nil {
			return err
		}
		builtIn := false
		if kind == KindGroup {
			if builtIn, err = s.groupBuiltIn(ctx, key); err != nil {
				return err
			}
		}
		switch {
		case builtIn && !(held.row != 0 && held.body == "null"):
			return c.put(kind, key, []byte("null"))
		case builtIn || held.row == 0:
			return tell(op, shanyraq.NotFound, "store.definition_unknown", "Key", key)
		}
		return c.drop(held)
	})
}

// Decide adds a decision about the tier of a host. Decisions are only ever
// added: none replaces another, and the line cannot be undone, since whoever
// undid a higher tier would lower it alone. It returns an Invalid error for a
// decision that is not whole, and a Conflict error for one of the same person
// at the same moment.
func (s *Store) Decide(ctx context.Context, d hosts.Decision, who string) (shanyraq.Activity, error) {
	const op = "store.Decide"
	if err := d.Check(); err != nil {
		return shanyraq.Activity{}, err
	}
	d.At = d.At.UTC()
	body, err := json.Marshal(d)
	if err != nil || !utf8.Valid(body) {
		return shanyraq.Activity{}, tell(op, shanyraq.Invalid, "store.definition_body", "Key", string(d.Place))
	}
	key := string(d.Place) + "/" + d.At.Format(time.RFC3339Nano) + "/" + d.Officer()
	return s.write(ctx, op, who, func(c *change) error {
		c.text = text("activity.decide_tier", "Key", string(d.Place), "Tier", int(d.Tier))
		held, err := c.entry(kindTier, key)
		if err != nil {
			return err
		}
		if held.row != 0 {
			return tell(op, shanyraq.Conflict, "store.decision_twice", "Key", string(d.Place))
		}
		return c.put(kindTier, key, body)
	})
}

// Redact takes back the text of what was decided about the place on that day,
// in UTC, by anybody or by the officer named; the decisions hold. The line
// cannot be undone. Earlier versions of the store, and copies of it, keep the
// text. It returns a NotFound error if nothing of the day has a text.
func (s *Store) Redact(ctx context.Context, place shanyraq.CountryCode, day time.Time, by, who string) (shanyraq.Activity, error) {
	const op = "store.Redact"
	r, err := s.Latest(ctx)
	if err != nil {
		return shanyraq.Activity{}, err
	}
	es, err := r.entries(ctx, kindTier)
	if err != nil {
		return shanyraq.Activity{}, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	}
	return s.write(ctx, op, who, func(c *change) error {
		n := 0
		for _, e := range es {
			var d hosts.Decision
			if err := json.Unmarshal(e.Body, &d); err != nil {
				return shanyraq.Errorf(op, shanyraq.Other, "%s: %w", e.Key, err)
			}
			if d.Place != place || d.Withdrawn || d.At.UTC().Format(time.DateOnly) != day.UTC().Format(time.DateOnly) || by != "" && d.Officer() != (hosts.Decision{By: by}).Officer() {
				continue
			}
			body, err := json.Marshal(d.Withdraw())
			if err != nil {
				return err
			}
			if err := c.put(kindTier, e.Key, body); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			return tell(op, shanyraq.NotFound, "store.decision_none", "Key", string(place), "Day", day.UTC().Format(time.DateOnly))
		}
		c.text = text("activity.redact_tier", "Key", string(place), "Day", day.UTC().Format(time.DateOnly))
		return nil
	})
}

// Decisions returns every decision about the tier of a host, by host and time.
func (r *Reader) Decisions(ctx context.Context) ([]hosts.Decision, error) {
	const op = "store.Reader.Decisions"
	es, err := r.entries(ctx, kindTier)
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	}
	out := make([]hosts.Decision, len(es))
	for i, e := range es {
		if err := json.Unmarshal(e.Body, &out[i]); err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", e.Key, err)
		}
	}
	return out, nil
}

var decidedSQL = numbered(`SELECT count(*) FROM definition WHERE kind = $2 AND (added_at = $1 OR removed_at = $1)`)

// undecided returns a Conflict error if the line added a decision.
func (c *change) undecided(op string, seq int64) error {
	var n int
	if err := c.QueryRowContext(c.ctx, decidedSQL, seq, kindTier).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return tell(op, shanyraq.Conflict, "store.undo_decision", "Seq", int(seq))
	}
	return nil
}

// PutGroup saves the group, in place of a built-in one of its id if there is one.
func (s *Store) PutGroup(ctx context.Context, g shanyraq.Group, who string) (shanyraq.Activity, error) {
	body, err := json.Marshal(g)
	if err != nil {
		return shanyraq.Activity{}, shanyraq.Errorf("store.PutGroup", shanyraq.Invalid, "%w", err)
	}
	return s.PutDefinition(ctx, KindGroup, string(g.ID), body, who)
}

// DeleteGroup deletes the group; see [Store.DeleteDefinition].
func (s *Store) DeleteGroup(ctx context.Context, id shanyraq.GroupID, who string) (shanyraq.Activity, error) {
	return s.DeleteDefinition(ctx, KindGroup, string(id), who)
}

// RestoreGroup drops what was put in place of the group, or hid it, so that
// the built-in one shows again. It returns a NotFound error if nothing was, or
// no group of that id is built in.
func (s *Store) RestoreGroup(ctx context.Context, id shanyraq.GroupID, who string) (shanyraq.Activity, error) {
	const op = "store.RestoreGroup"
	return s.write(ctx, op, who, func(c *change) error {
		c.text = text("activity.restore_group", "Key", string(id))
		held, err := c.entry(KindGroup, string(id))
		if err != nil {
			return err
		}
		builtIn, err := s.groupBuiltIn(ctx, string(id))
		if err != nil {
			return err
		}
		if held.row == 0 || !builtIn {
			return tell(op, shanyraq.NotFound, "store.definition_unknown", "Key", string(id))
		}
		return c.drop(held)
	})
}

func (s *Store) groupBuiltIn(ctx context.Context, id string) (bool, error) {
	groups, err := s.base.Groups(ctx)
	return slices.ContainsFunc(groups, func(g shanyraq.Group) bool { return string(g.ID) == id }), err
}

// Definition returns the definition as it holds now, or a NotFound error.
func (s *Store) Definition(ctx context.Context, kind, key string) (json.RawMessage, error) {
	const op = "store.Definition"
	r, err := s.Latest(ctx)
	if err != nil {
		return nil, err
	}
	e, err := r.Entry(ctx, kind, key)
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%w", err)
	}
	return e.Body, nil
}

// Definitions returns the definitions of the kind that hold now, by key.
func (s *Store) Definitions(ctx context.Context, kind string) ([]Entry, error) {
	r, err := s.Latest(ctx)
	if err != nil {
		return nil, err
	}
	return r.Entries(ctx, kind)
}

// checkKey returns an Invalid error unless people may define things of the
// kind and key.
func checkKey(op, kind, key string) error {
	if !slices.Contains(Kinds(), kind) {
		return tell(op, shanyraq.Invalid, "store.definition_kind", "Kind", kind)
	}
	if key == "" || !utf8.ValidString(key) || bytes.IndexByte([]byte(key), 0) >= 0 {
		return tell(op, shanyraq.Invalid, "store.definition_key")
	}
	return nil
}

// checkGroup returns an Invalid error unless the body is the group of that key.
func checkGroup(op, key string, body []byte) error {
	var g *shanyraq.Group
	if err := json.Unmarshal(body, &g); err != nil || g == nil {
		return tell(op, shanyraq.Invalid, "store.definition_body", "Key", key)
	}
	if string(g.ID) != key {
		return tell(op, shanyraq.Invalid, "store.group_id", "Key", key)
	}
	for _, m := range g.Members {
		_, err := shanyraq.ParseCountry(string(m.Place))
		if err != nil || m.From < 0 || m.To < 0 || m.To != 0 && m.To < m.From {
			return tell(op, shanyraq.Invalid, "store.group_member", "Key", key, "Place", string(m.Place))
		}
	}
	return nil
}

// heldEntry is the row of a definition that holds; row is 0 if none does.
type heldEntry struct {
	row    int64
	body   string
	digest digest
}

var (
	findEntrySQL   = numbered(`SELECT row, body, digest FROM definition WHERE kind = $1 AND key = $2 AND removed_at IS NULL`)
	retireEntrySQL = numbered(`UPDATE definition SET removed_at = $2 WHERE row = $1`)
	insertEntrySQL = numbered(`INSERT INTO definition (kind, key, body, digest, added_at) VALUES ($1, $2, $3, $4, $5)`)
)

func (c *change) entry(kind, key string) (h heldEntry, err error) {
	var d []byte
	err = c.QueryRowContext(c.ctx, findEntrySQL, kind, key).Scan(&h.row, &h.body, &d)
	if errors.Is(err, sql.ErrNoRows) {
		return heldEntry{}, nil
	}
	copy(h.digest[:], d)
	return h, err
}

// put writes a definition in place of the one that holds.
func (c *change) put(kind, key string, body []byte) error {
	held, err := c.entry(kind, key)
	if err != nil {
		return err
	}
	if held.row != 0 && held.body == string(body) {
		return nil
	}
	if held.row != 0 {
		if err := c.drop(held); err != nil {
			return err
		}
	}
	d := entryDigest(kind, key, string(body))
	if _, err := c.ExecContext(c.ctx, insertEntrySQL, kind, key, string(body), d[:], c.seq); err != nil {
		return err
	}
	c.state.add(d)
	c.rows++
	return nil
}

// drop ends a definition's row with this line.
func (c *change) drop(h heldEntry) error {
	if _, err := c.ExecContext(c.ctx, retireEntrySQL, h.row, c.seq); err != nil {
		return err
	}
	c.state.sub(h.digest)
	c.rows++
	return nil
}
