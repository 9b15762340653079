package workspace

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/internal/ingest"
	"shanyraq/internal/publishers"
	"shanyraq/internal/store"
	"shanyraq/internal/view"
)

// Stage reads a table of claims and says what importing it would do to the
// newest version; nothing is stored.
//
// What is wrong with the table or its record is an [*ingest.Faults]. A source
// that is named and not known is a NotFound error. When ctx ends, so does the
// reading, though the table may come from a pipe that says nothing.
func (w *Workspace) Stage(ctx context.Context, u view.Upload, home shanyraq.CountryCode) (*view.Staged, error) {
	r, err := w.reader(ctx, "")
	if err != nil {
		return nil, err
	}
	rec, err := record(ctx, r, u)
	if err != nil {
		return nil, err
	}
	known, err := vocabulary(ctx, r)
	if err != nil {
		return nil, err
	}
	if f, ok := u.Table.(fs.File); ok && !publishers.Streams(u.As) {
		if info, err := f.Stat(); err == nil && info.Size() > ingest.DefaultMaxBytes {
			return nil, ingest.TooLarge(u.Name, ingest.DefaultMaxBytes)
		}
	}
	sum := sha256.New()
	in, done := untilDone(ctx, io.TeeReader(u.Table, sum))
	defer done()
	var laid publishers.Result
	table := in
	if u.As != "" {
		if laid, err = w.convert(ctx, r, in, u, home); err != nil {
			return nil, err
		}
		if table = bytes.NewReader(laid.Table); len(u.Files) > 0 {
			sum.Write(laid.Table) // of many files what came out is known by
		}
	}
	batch, err := ingest.ReadClaims(table, u.Name, ingest.Options{
		Known: known, Series: u.Series, Source: rec.Source.ID, Strength: rec.Source.Strength, Rivals: rec.Rivals, Latest: w.now().Year(), Progress: u.Progress,
	})
	if ctx.Err() != nil {
		return nil, shanyraq.Errorf("workspace.Stage", shanyraq.Other, "%s: %w", u.Name, ctx.Err())
	}
	if err != nil {
		var faults *ingest.Faults
		if u.As != "" && errors.As(err, &faults) {
			return nil, laid.Told(faults, u.Name)
		}
		return nil, err
	}
	s := &view.Staged{Name: u.Name, Source: rec.Source, NewSeries: titled(batch.NewSeries, laid.Series), Claims: batch.Claims, Skipped: laid.Skipped}
	if u.Record != nil {
		s.Source.Checksum, s.Notes = hex.EncodeToString(sum.Sum(nil)), rec.Prose
		if err = w.compareSource(ctx, r, s); err != nil {
			return nil, err
		}
	}
	if s.Counts, err = count(ctx, r, s.Source.ID, s.Claims); err != nil {
		return nil, err
	}
	if s.Counts.Added+s.Counts.Changed > 0 {
		if s.Moves, err = w.moves(ctx, r, s, home); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// convert reads a publisher's file as a table of claims.
func (w *Workspace) convert(ctx context.Context, r *store.Reader, in io.Reader, u view.Upload, home shanyraq.CountryCode) (publishers.Result, error) {
	h, err := w.house(ctx, r)
	if err != nil {
		return publishers.Result{}, err
	}
	if u.As == publishers.Events {
		return events(ctx, h, in, u, home)
	}
	if publishers.Streams(u.As) {
		b := bufio.NewReader(in)
		if start, _ := b.Peek(4); string(start) != "PK\x03\x04" { // a workbook is read whole
			return publishers.ConvertStream(ctx, u.As, u.Name, b, h)
		}
		in = b
	}
	data, err := io.ReadAll(io.LimitReader(in, publishers.MaxBytes+1))
	if err != nil {
		return publishers.Result{}, shanyraq.Errorf("workspace.Stage", shanyraq.Other, "%s: %w", u.Name, err)
	}
	book, err := publishers.Open(ctx, u.Name, data)
	if err != nil {
		return publishers.Result{}, err
	}
	return publishers.Convert(ctx, u.As, book, h, u.Mapping)
}

// events reads files of coded events as months of home and the powers.
func events(ctx context.Context, h *view.House, in io.Reader, u view.Upload, home shanyraq.CountryCode) (publishers.Result, error) {
	news, err := h.Vectors.NewsOf(ctx, home)
	if err != nil {
		return publishers.Result{}, err
	}
	count := &publishers.EventCount{News: news}
	if len(u.Files) == 0 {
		if err := publishers.ReadEventsOf(ctx, u.Name, in, count); err != nil {
			return publishers.Result{}, err
		}
	}
	var done int64
	for _, name := range u.Files {
		last := done
		if err := publishers.ReadEvents(ctx, name, count, func(n int64) {
			if done = last + n; u.Progress != nil {
				u.Progress(done)
			}
		}); err != nil {
			return publishers.Result{}, err
		}
	}
	return publishers.EventMonths(count)
}

// titled gives series that came with a table the titles the layout has for them.
func titled(series, known []shanyraq.Series) []shanyraq.Series {
	for i, s := range series {
		if at := slices.IndexFunc(known, func(k shanyraq.Series) bool { return k.ID == s.ID }); at >= 0 {
			series[i].Titles, series[i].Topic = known[at].Titles, known[at].Topic
		}
	}
	return series
}

// Commit stores what was staged, all or nothing. It compares with what is held
// by then, so its counts are those of the answer and not of the staging.
func (w *Workspace) Commit(ctx context.Context, s *view.Staged, who string) (shanyraq.Activity, error) {
	st, err := w.kept("workspace.Commit")
	if err != nil {
		return shanyraq.Activity{}, err
	}
	b := store.Batch{Series: s.NewSeries, Claims: s.Claims}
	if s.NewSource {
		b.Source, b.Notes = &s.Source, s.Notes
	}
	return st.Import(ctx, b, who)
}

// record returns whose claims the upload holds.
func record(ctx context.Context, r *store.Reader, u view.Upload) (ingest.Record, error) {
	if u.Record != nil {
		name := cmp.Or(u.RecName, "SOURCE.md")
		in, done := untilDone(ctx, u.Record)
		defer done()
		// Where it lies says nothing of an imported source: only its own
		// folder in a workspace must have its name.
		rec, err := ingest.ReadRecord(in, base(name))
		return rec, renamed(err, name)
	}
	sources, err := r.Sources(ctx)
	if err != nil {
		return ingest.Record{}, err
	}
	at := slices.IndexFunc(sources, func(s shanyraq.Source) bool { return s.ID == u.Source })
	if at < 0 {
		say := shanyraq.Text{Key: "workspace.source", Args: map[string]any{"ID": string(u.Source)}}
		return ingest.Record{}, shanyraq.Tell("workspace.Stage", shanyraq.NotFound, say, "there is no source %s; give its record, a SOURCE.md, with the table", u.Source)
	}
	rivals, err := makesRivals(ctx, r, u.Source)
	return ingest.Record{Source: sources[at], Rivals: rivals}, err
}

// base returns the last part of a file's name as any system writes it.
func base(name string) string { return path.Base(filepath.ToSlash(name)) }

// renamed returns the error with its faults said of the file of that name.
func renamed(err error, name string) error {
	var faults *ingest.Faults
	if !errors.As(err, &faults) {
		return err
	}
	for i := range faults.List {
		faults.List[i].File = name
	}
	return faults
}

// makesRivals reports whether the claims held of the source are named by their
// contents too, so that new ones must be named alike. All of one source are
// named by one rule, so the first series it speaks of tells.
func makesRivals(ctx context.Context, r *store.Reader, id shanyraq.SourceID) (bool, error) {
	series, err := r.Series(ctx)
	if err != nil {
		return false, err
	}
	for _, s := range series {
		held, err := r.Claims(ctx, shanyraq.Query{Sources: []shanyraq.SourceID{id}, Series: []shanyraq.SeriesID{s.ID}})
		if err != nil {
			return false, err
		}
		if len(held) > 0 {
			return strings.Contains(string(held[0].ID), "~"), nil
		}
	}
	return false, nil
}

// vocabulary returns what a table may speak of: the built-in words and those
// of earlier imports.
func vocabulary(ctx context.Context, r *store.Reader) (*ingest.Vocabulary, error) {
	places, err := r.Places(ctx)
	if err != nil {
		return nil, err
	}
	series, err := r.Series(ctx)
	if err != nil {
		return nil, err
	}
	definitions, err := r.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	return ingest.NewVocabulary(places, series, definitions), nil
}

// compareSource says of what is staged whether its source must be stored: it is
// not known, or its record or its table differ from the one held. A built-in
// source has the checksum of the built-in tables, which an import does not
// change.
func (w *Workspace) compareSource(ctx context.Context, r *store.Reader, s *view.Staged) error {
	held, err := r.Sources(ctx)
	if err != nil {
		return err
	}
	builtIn, err := w.builtIn.Sources(ctx)
	if err != nil {
		return err
	}
	s.NewSource = true
	i := slices.IndexFunc(held, func(x shanyraq.Source) bool { return x.ID == s.Source.ID })
	if i < 0 {
		return nil
	}
	if slices.ContainsFunc(builtIn, func(x shanyraq.Source) bool { return x.ID == s.Source.ID }) {
		s.Source.Checksum = held[i].Checksum
	}
	notes, err := r.SourceNotes(ctx, s.Source.ID)
	s.NewSource = s.Source != held[i] || s.Notes != notes
	return err
}

// count returns how many of the claims are new, differ from the one held of
// their name, or are there already.
func count(ctx context.Context, r *store.Reader, id shanyraq.SourceID, claims []shanyraq.Claim) (shanyraq.Counts, error) {
	q := shanyraq.Query{Sources: []shanyraq.SourceID{id}}
	for i := range claims {
		if i == 0 || claims[i].Series != claims[i-1].Series { // they come by series
			q.Series = append(q.Series, claims[i].Series)
		}
	}
	var n shanyraq.Counts
	if len(claims) == 0 {
		return n, nil
	}
	held, err := r.Claims(ctx, q)
	if err != nil {
		return n, err
	}
	at := make(map[shanyraq.ClaimID]*shanyraq.Claim, len(held))
	for i := range held {
		at[held[i].ID] = &held[i]
	}
	for i := range claims {
		switch was := at[claims[i].ID]; {
		case was == nil:
			n.Added++
		case alike(*was, claims[i]):
			n.Same++
		default:
			n.Changed++
		}
	}
	return n, nil
}

// alike reports whether two claims say the same.
func alike(a, b shanyraq.Claim) bool {
	if (a.Stated == nil) != (b.Stated == nil) || a.Stated != nil && *a.Stated != *b.Stated {
		return false
	}
	a.Stated, b.Stated = nil, nil
	return a == b
}

// moves returns the headline figures of home that the staged claims would move.
func (w *Workspace) moves(ctx context.Context, r *store.Reader, s *view.Staged, home shanyraq.CountryCode) ([]view.Move, error) {
	before, err := w.house(ctx, r)
	if err != nil {
		return nil, err
	}
	after, err := view.NewHouse(ctx, r.With(s.Claims, s.NewSeries))
	if err != nil {
		return nil, err
	}
	return view.Moved(ctx, before, after, home)
}

// untilDone returns r as a reader that fails as soon as ctx ends, even while r
// itself is waiting. The function returned must be called when no more is read.
func untilDone(ctx context.Context, r io.Reader) (io.Reader, func()) {
	out, in := io.Pipe()
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	stop := context.AfterFunc(ctx, func() { in.CloseWithError(ctx.Err()) })
	return out, func() {
		stop()
		out.Close() // always nil; a writer that waits is let go
	}
}
