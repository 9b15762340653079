package workspace

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"shanyraq"
	"shanyraq/data"
	"shanyraq/internal/hosts"
	"shanyraq/internal/ingest"
	"shanyraq/internal/store"
	"shanyraq/internal/view"
)

// tables are the built-in tables, read when they are first asked for.
var tables = sync.OnceValues(func() (*ingest.Workspace, error) { return ingest.OpenWorkspace(data.Files) })

// Options say how a store is opened. The zero value opens an existing one for
// writing.
type Options struct {
	Now      func() time.Time      // the clock; time.Now if nil
	Create   bool                  // make the file if there is none
	ReadOnly bool                  // change nothing, and do not keep others from changing it
	Progress func(done, total int) // told now and then how many claims of a commit are in; may be nil
}

// A Workspace is the evidence of one reader or officer. It satisfies
// [view.Workspace] and is safe for use by several goroutines.
type Workspace struct {
	builtIn  *store.Reader // the built-in tables as they are
	store    *store.Store  // nil over the built-in tables alone
	writable bool
	now      func() time.Time

	mu     sync.Mutex
	houses []*view.House // the last few asked for, newest use first
}

// housesKept is how many versions keep their rooms, and what those have worked
// out. A house takes up to a few megabytes.
const housesKept = 4

// BuiltIn returns the workspace over the built-in tables alone.
func BuiltIn() (*Workspace, error) {
	base, err := tables()
	if err != nil {
		return nil, shanyraq.Errorf("workspace.BuiltIn", shanyraq.Other, "built-in tables: %w", err)
	}
	return &Workspace{builtIn: store.Over(base), now: time.Now}, nil
}

// Open returns the workspace over the store in the file at path. Its errors
// are those of [store.Open].
func Open(ctx context.Context, path string, o Options) (*Workspace, error) {
	base, err := tables()
	if err != nil {
		return nil, shanyraq.Errorf("workspace.Open", shanyraq.Other, "built-in tables: %w", err)
	}
	return open(ctx, path, base, o)
}

// open is Open over any tables.
func open(ctx context.Context, path string, base store.Base, o Options) (*Workspace, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s, err := store.Open(ctx, path, base, store.Options{Now: o.Now, Create: o.Create, ReadOnly: o.ReadOnly, Progress: o.Progress})
	if err != nil {
		return nil, err
	}
	return &Workspace{builtIn: store.Over(base), store: s, writable: !o.ReadOnly, now: o.Now}, nil
}

// Writable reports whether changes are kept.
func (w *Workspace) Writable() bool { return w.writable }

// Close ends the use of the workspace.
func (w *Workspace) Close() error {
	if w.store == nil {
		return nil
	}
	return w.store.Close()
}

// reader returns the evidence of the version, and the newest for "".
func (w *Workspace) reader(ctx context.Context, version string) (*store.Reader, error) {
	if w.store != nil {
		return w.store.At(ctx, version)
	}
	if version == "" || version == w.builtIn.Version() {
		return w.builtIn, nil
	}
	say := shanyraq.Text{Key: "store.version_unknown", Args: map[string]any{"Version": version}}
	return nil, shanyraq.Tell("workspace.House", shanyraq.NotFound, say, "there is no version %s of this workspace", version)
}

// House returns the rooms over the version, and over the newest one for "". It
// returns a NotFound error for a version that was never here.
func (w *Workspace) House(ctx context.Context, version string) (*view.House, error) {
	r, err := w.reader(ctx, version)
	if err != nil {
		return nil, err
	}
	return w.house(ctx, r)
}

// house returns the rooms over r, the same ones while they are kept.
func (w *Workspace) house(ctx context.Context, r *store.Reader) (*view.House, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := slices.IndexFunc(w.houses, func(h *view.House) bool { return h.Library.Version() == r.Version() })
	if at >= 0 {
		h := w.houses[at]
		w.houses = slices.Insert(slices.Delete(w.houses, at, at+1), 0, h)
		return h, nil
	}
	h, err := view.NewHouse(ctx, r)
	if err != nil {
		return nil, err
	}
	w.houses = slices.Insert(w.houses, 0, h)
	if len(w.houses) > housesKept {
		w.houses = slices.Delete(w.houses, housesKept, len(w.houses))
	}
	return h, nil
}

// kept returns the store, or an Invalid error over the built-in tables alone.
func (w *Workspace) kept(op string) (*store.Store, error) {
	if w.store == nil {
		return nil, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "workspace.builtin"},
			"these are the built-in tables, which do not change; make a store of your own with: shanyraq init")
	}
	return w.store, nil
}

// Log returns the last limit lines of activity, newest first, and all if limit
// is 0 or less. There are none over the built-in tables alone.
func (w *Workspace) Log(ctx context.Context, limit int) ([]shanyraq.Activity, error) {
	if w.store == nil {
		return nil, nil
	}
	return w.store.Log(ctx, limit)
}

// Undo reverses line seq, or for 0 the newest that is still in effect.
func (w *Workspace) Undo(ctx context.Context, seq int64, who string) (shanyraq.Activity, error) {
	s, err := w.kept("workspace.Undo")
	if err != nil {
		return shanyraq.Activity{}, err
	}
	return s.Undo(ctx, seq, who)
}

// PutGroup saves the group in place of the one of its id.
func (w *Workspace) PutGroup(ctx context.Context, g shanyraq.Group, who string) (shanyraq.Activity, error) {
	s, err := w.kept("workspace.PutGroup")
	if err != nil {
		return shanyraq.Activity{}, err
	}
	return s.PutGroup(ctx, g, who)
}

// DeleteGroup deletes the group, or hides it if it is built in.
func (w *Workspace) DeleteGroup(ctx context.Context, id shanyraq.GroupID, who string) (shanyraq.Activity, error) {
	s, err := w.kept("workspace.DeleteGroup")
	if err != nil {
		return shanyraq.Activity{}, err
	}
	return s.DeleteGroup(ctx, id, who)
}

// RestoreGroup shows the built-in group again as it was.
func (w *Workspace) RestoreGroup(ctx context.Context, id shanyraq.GroupID, who string) (shanyraq.Activity, error) {
	s, err := w.kept("workspace.RestoreGroup")
	if err != nil {
		return shanyraq.Activity{}, err
	}
	return s.RestoreGroup(ctx, id, who)
}

// Decide adds who's decision to hold the place in the tier, with what the
// evidence says of it now.
func (w *Workspace) Decide(ctx context.Context, place shanyraq.CountryCode, tier hosts.Tier, memo, who string) (shanyraq.Activity, error) {
	s, err := w.kept("workspace.Decide")
	if err != nil {
		return shanyraq.Activity{}, err
	}
	h, err := w.House(ctx, "")
	if err != nil {
		return shanyraq.Activity{}, err
	}
	if p, ok := h.Place(place); !ok || !p.Exists() {
		return shanyraq.Activity{}, shanyraq.Tell("workspace.Decide", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(place)}}, "no place %q", place)
	}
	now := w.now()
	safe, err := h.Hosts.Safety(ctx, place, now)
	if err != nil {
		return shanyraq.Activity{}, err
	}
	d := hosts.Decision{Place: place, Tier: tier, Found: safe.Found, Memo: memo, By: who, At: now}
	if err := safe.Allow(d); err != nil {
		return shanyraq.Activity{}, err
	}
	return s.Decide(ctx, d, who)
}

// Redact takes back the text of what was decided about the place on that day.
func (w *Workspace) Redact(ctx context.Context, place shanyraq.CountryCode, day time.Time, by, who string) (shanyraq.Activity, error) {
	s, err := w.kept("workspace.Redact")
	if err != nil {
		return shanyraq.Activity{}, err
	}
	return s.Redact(ctx, place, day, by, who)
}

// Judgements is the source of what analysts put beside predictions.
const Judgements shanyraq.SourceID = "own-judgements"

// Judge puts who's own fit of home's theme in the place beside the prediction.
func (w *Workspace) Judge(ctx context.Context, home, place shanyraq.CountryCode, theme hosts.Theme, fit float64, reason, who string) (shanyraq.Activity, error) {
	const op = "workspace.Judge"
	s, err := w.kept(op)
	if err != nil {
		return shanyraq.Activity{}, err
	}
	h, err := w.House(ctx, "")
	if err != nil {
		return shanyraq.Activity{}, err
	}
	series, ok := hosts.Judged(theme)
	if !ok {
		_, err := h.Hosts.Fit(ctx, theme, home, place) // it says which there are
		return shanyraq.Activity{}, err
	}
	for _, code := range []shanyraq.CountryCode{home, place} {
		if p, ok := h.Place(code); !ok || !p.Exists() || home == place {
			return shanyraq.Activity{}, shanyraq.Tell(op, shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(code)}}, "no place %q", code)
		}
	}
	if !(fit >= -1 && fit <= 1) {
		return shanyraq.Activity{}, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "hosts.error.fit", Args: map[string]any{"Value": fit}}, "a fit of %v", fit)
	}
	if strings.TrimSpace(reason) == "" {
		return shanyraq.Activity{}, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "hosts.error.reason"}, "no reason")
	}
	c := shanyraq.Claim{Source: Judgements, Series: series, Place: place, Partner: home, When: shanyraq.Period(w.now().UTC().Format("2006-01-02")), Value: fit, Step: 0.1, Unit: "index", Who: who, Note: reason, Strength: shanyraq.Opinion}
	c.ID = ingest.ID(c, true)
	b := store.Batch{Series: []shanyraq.Series{{ID: series, Unit: "index"}}, Claims: []shanyraq.Claim{c},
		Source: &shanyraq.Source{ID: Judgements, Publisher: "Shanyraq", Title: "Judgements of this office", Address: "/log", Taken: shanyraq.YearPeriod(w.now().Year()), Licence: "own", Strength: shanyraq.Opinion}}
	if _, known := h.Source(Judgements); known {
		b.Source = nil
	}
	return s.Import(ctx, b, who)
}

// Backup writes a whole copy of the store to a new file.
func (w *Workspace) Backup(ctx context.Context, dest string) error {
	s, err := w.kept("workspace.Backup")
	if err != nil {
		return err
	}
	return s.Backup(ctx, dest)
}

// Verify examines the whole store.
func (w *Workspace) Verify(ctx context.Context) (view.Examination, error) {
	s, err := w.kept("workspace.Verify")
	if err != nil {
		return view.Examination{}, err
	}
	r, err := s.Verify(ctx)
	if err != nil {
		return view.Examination{}, err
	}
	e := view.Examination{Lines: r.Lines, Claims: r.Claims, Entries: r.Entries, More: r.More, Problems: []shanyraq.Text{}}
	for _, p := range r.Problems {
		e.Problems = append(e.Problems, p.Text)
	}
	return e, nil
}
