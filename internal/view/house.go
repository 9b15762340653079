// Package view turns a room's answer into what a reader is shown: a page with
// a question, a sentence that answers it, tables whose cells are figures, and
// the charts that are drawn from the same cells. The web and the command line
// render the same pages.
//
// The package computes no number. It chooses, orders and labels.
package view

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"

	"shanyraq"
	"shanyraq/internal/diaspora"
	"shanyraq/internal/hosts"
	"shanyraq/internal/standing"
	"shanyraq/internal/vectors"
)

// Library is one version of the evidence; package store supplies it.
type Library interface {
	Claims(ctx context.Context, q shanyraq.Query) ([]shanyraq.Claim, error)
	Claim(ctx context.Context, id shanyraq.ClaimID) (shanyraq.Claim, error)
	Series(ctx context.Context) ([]shanyraq.Series, error)
	Sources(ctx context.Context) ([]shanyraq.Source, error)
	SourceNotes(ctx context.Context, id shanyraq.SourceID) (string, error)
	Definitions(ctx context.Context) ([]shanyraq.Definition, error)
	Places(ctx context.Context) ([]shanyraq.Place, error)
	Groups(ctx context.Context) ([]shanyraq.Group, error)
	RollCalls(ctx context.Context) (vectors.RollCalls, error)
	Version() string
}

// House is the rooms over one version of the evidence, and what things in it
// are called. It does not change and is safe for use by several goroutines.
type House struct {
	Library  Library
	Standing *standing.Room
	Vectors  *vectors.Room
	Diaspora *diaspora.Room
	Hosts    *hosts.Room

	places      []shanyraq.Place
	sources     []shanyraq.Source
	series      []shanyraq.Series
	definitions []shanyraq.Definition
	groups      []shanyraq.Group

	placeOf      map[shanyraq.CountryCode]shanyraq.Place
	sourceOf     map[shanyraq.SourceID]shanyraq.Source
	seriesOf     map[shanyraq.SeriesID]shanyraq.Series
	definitionOf map[shanyraq.DefinitionID]shanyraq.Definition

	naming sync.Once
	named  map[string]int // place in places, by every code and folded name
}

// NewHouse returns the rooms over the library.
func NewHouse(ctx context.Context, l Library) (*House, error) {
	h := &House{Library: l, Standing: standing.New(l), Vectors: vectors.New(l), Diaspora: diaspora.New(l), Hosts: hosts.New(l),
		placeOf:      map[shanyraq.CountryCode]shanyraq.Place{},
		sourceOf:     map[shanyraq.SourceID]shanyraq.Source{},
		seriesOf:     map[shanyraq.SeriesID]shanyraq.Series{},
		definitionOf: map[shanyraq.DefinitionID]shanyraq.Definition{}}
	h.Hosts.Asking(crowds{h.Diaspora})
	fail := func(err error) (*House, error) {
		return nil, shanyraq.Errorf("view.NewHouse", shanyraq.KindOf(err), "opening the evidence: %w", err)
	}
	var err error
	if h.places, err = l.Places(ctx); err != nil {
		return fail(err)
	}
	if h.sources, err = l.Sources(ctx); err != nil {
		return fail(err)
	}
	if h.series, err = l.Series(ctx); err != nil {
		return fail(err)
	}
	if h.definitions, err = l.Definitions(ctx); err != nil {
		return fail(err)
	}
	if h.groups, err = l.Groups(ctx); err != nil {
		return fail(err)
	}
	for _, p := range h.places {
		h.placeOf[p.Code] = p
	}
	for _, s := range h.sources {
		h.sourceOf[s.ID] = s
	}
	for _, s := range h.series {
		h.seriesOf[s.ID] = s
	}
	for _, d := range h.definitions {
		h.definitionOf[d.ID] = d
	}
	return h, nil
}

// Place returns the place of that code, and false if there is none.
func (h *House) Place(code shanyraq.CountryCode) (shanyraq.Place, bool) {
	p, ok := h.placeOf[code]
	return p, ok
}

// PlaceName returns what the place is called in the language, or its code.
func (h *House) PlaceName(code shanyraq.CountryCode, lang string) string {
	if p, ok := h.placeOf[code]; ok {
		return p.Name(lang)
	}
	return string(code)
}

// Source returns the source of that id, and false if there is none.
func (h *House) Source(id shanyraq.SourceID) (shanyraq.Source, bool) {
	s, ok := h.sourceOf[id]
	return s, ok
}

// Series returns the series of that id, and false if there is none.
func (h *House) Series(id shanyraq.SeriesID) (shanyraq.Series, bool) {
	s, ok := h.seriesOf[id]
	return s, ok
}

// SeriesTitle returns what the series is called in the language, or its id.
func (h *House) SeriesTitle(id shanyraq.SeriesID, lang string) string {
	if s, ok := h.seriesOf[id]; ok {
		return s.Title(lang)
	}
	return string(id)
}

// Definition returns the definition of that id; one nobody described has its
// id for a title.
func (h *House) Definition(id shanyraq.DefinitionID) shanyraq.Definition {
	if d, ok := h.definitionOf[id]; ok {
		return d
	}
	return shanyraq.Definition{ID: id}
}

// Countries returns the places that can be a home or a host: all but the
// aggregates and the states that have ended, by name in the language.
func (h *House) Countries(compare func(a, b string) int, lang string) []shanyraq.Place {
	out := slices.DeleteFunc(slices.Clone(h.places), func(p shanyraq.Place) bool {
		return !p.Exists()
	})
	slices.SortStableFunc(out, func(a, b shanyraq.Place) int { return compare(a.Name(lang), b.Name(lang)) })
	return out
}

// Home returns the country of that code if it can be a home, or an
// [shanyraq.Invalid] error.
func (h *House) Home(code string) (shanyraq.CountryCode, error) {
	c := shanyraq.CountryCode(strings.ToUpper(code))
	if p, ok := h.placeOf[c]; !ok || !p.Exists() {
		return "", shanyraq.Tell("view.Home", shanyraq.Invalid, shanyraq.Text{Key: "error.home", Args: map[string]any{"Code": code}}, "%q is no country in the table of places; use a three-letter code such as KAZ", code)
	}
	return c, nil
}

// Figure returns the figure that opens at path, such as
// "standing/material/KAZ/2024/rank" or "claim/" and a claim's id, or a
// [shanyraq.NotFound] error. A query after "?" belongs to the path.
func (h *House) Figure(ctx context.Context, path string) (shanyraq.Figure, error) {
	f, err := h.figure(ctx, path)
	if shanyraq.KindOf(err) == shanyraq.NotFound && shanyraq.TextOf(err).Key == "" {
		return f, shanyraq.Tell("view.Figure", shanyraq.NotFound, shanyraq.Text{Key: "error.nofigure", Args: map[string]any{"Path": path}}, "%w", err)
	}
	return f, err
}

func (h *House) figure(ctx context.Context, path string) (shanyraq.Figure, error) {
	if id, ok := strings.CutPrefix(path, "claim/"); ok && strings.Contains(id, "?") {
		// A question mark may belong to the name of a claim.
		if c, err := h.Library.Claim(ctx, shanyraq.ClaimID(id)); err == nil {
			return c.Figure()
		}
	}
	path, query, _ := strings.Cut(path, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		return shanyraq.Figure{}, shanyraq.Errorf("view.Figure", shanyraq.Invalid, "query of %s: %w", path, err)
	}
	room, rest, _ := strings.Cut(path, "/")
	switch room {
	case "claim":
		c, err := h.Library.Claim(ctx, shanyraq.ClaimID(rest))
		if err != nil {
			return shanyraq.Figure{}, err
		}
		return c.Figure()
	case "standing":
		return h.Standing.Figure(ctx, rest, q)
	case "vectors":
		if query != "" {
			rest += "?" + query
		}
		return h.Vectors.Figure(ctx, rest)
	case "diaspora":
		return h.Diaspora.Figure(ctx, rest)
	case "hosts":
		return h.Hosts.Figure(ctx, rest, q)
	}
	return shanyraq.Figure{}, shanyraq.Errorf("view.Figure", shanyraq.NotFound, "no figure at %q", path)
}

// Methods lists every method a figure can have, in the order of their pages.
func Methods() []shanyraq.MethodKey {
	return slices.Concat([]shanyraq.MethodKey{"claim"}, standing.Methods(), vectors.Methods(), diaspora.Methods(), hosts.Methods())
}

// Headline returns the figures by which a reader knows the home country here:
// those compared before and after an import to say what would move.
func (h *House) Headline(ctx context.Context, home shanyraq.CountryCode) ([]shanyraq.Figure, error) {
	var out []shanyraq.Figure
	l, err := h.Standing.League(ctx, standing.Question{})
	if err != nil && shanyraq.KindOf(err) != shanyraq.NotFound {
		return nil, err
	}
	for _, e := range l.Entries {
		if out = append(out, e.Rank); e.Place == home {
			out = append(out, e.Score, e.Above, e.Parts[0], e.Parts[1], e.Parts[2])
		}
	}
	b, err := h.Vectors.Balance(ctx, home)
	if err != nil && shanyraq.KindOf(err) != shanyraq.NotFound {
		return nil, err
	}
	out = append(out, b.Figures()...)
	o, err := h.Diaspora.Overview(ctx, home, 0)
	if err != nil {
		return nil, err
	}
	out = append(out, o.Figures()...)
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero), nil
}

// Warm works out what takes a second or more for home, so that no reader waits
// for it: positions in the General Assembly, what the claims about its people
// say together, how well that foretells, and what hangs on each prior. What
// cannot be worked out is told to whoever asks.
func (h *House) Warm(ctx context.Context, home shanyraq.CountryCode) {
	_, _ = h.Diaspora.Pool(ctx, home, 0, diaspora.Priors{})
	_, _ = h.Vectors.Votes(ctx, home)
	if n, err := h.Vectors.Network(ctx); err == nil && n != nil {
		from, to := n.Usual()
		_, _ = h.Vectors.Ways(ctx, from, to)
		_, _ = h.Vectors.Load(ctx)
		_, _ = h.Vectors.Access(ctx, home)
	}
	_, _, _ = h.Standing.Validation(ctx, 0, nil)
	for _, t := range hosts.Themes() {
		_, _, _ = h.Hosts.FitIn(ctx, t, home)
	}
	_, _ = h.Diaspora.Backtest(ctx, home)
	_, _ = h.Diaspora.Calibration(ctx, home)
	_, _ = h.Diaspora.Sensitivity(ctx, home, 0)
}

// A Move is a figure that differs between two versions of the evidence.
type Move struct {
	Path          string
	Before, After shanyraq.Figure // zero where there was, or will be, none
}

// Moved returns the headline figures of home that differ from before to after,
// in the order of after.
func Moved(ctx context.Context, before, after *House, home shanyraq.CountryCode) ([]Move, error) {
	old, err := before.Headline(ctx, home)
	if err != nil {
		return nil, err
	}
	now, err := after.Headline(ctx, home)
	if err != nil {
		return nil, err
	}
	was := make(map[string]shanyraq.Figure, len(old))
	for _, f := range old {
		was[f.Path()] = f
	}
	var out []Move
	told := make(map[string]bool, len(now)) // a figure may be a headline twice
	for _, f := range now {
		if told[f.Path()] {
			continue
		}
		told[f.Path()] = true
		o, ok := was[f.Path()]
		delete(was, f.Path())
		if !ok || o.Value() != f.Value() || o.Interval() != f.Interval() {
			out = append(out, Move{f.Path(), o, f})
		}
	}
	for _, f := range old {
		if _, gone := was[f.Path()]; gone {
			out = append(out, Move{f.Path(), f, shanyraq.Figure{}})
			delete(was, f.Path())
		}
	}
	return out, nil
}
