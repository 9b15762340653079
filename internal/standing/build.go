package standing

import (
	"io"
	"math"
	"slices"

	"shanyraq"
	"shanyraq/methods/composite"
	"shanyraq/methods/composite/coin"
)

// A File is a table of the reader's own and what it is called.
type File struct {
	Name string
	R    io.Reader
}

// Own is an index of the reader's own: values, framework and named settings.
type Own struct {
	meta    coin.Meta
	table   composite.Table
	configs []coin.Config
}

// ReadOwn reads values (iData), framework (iMeta) and named settings (JSON). It
// returns an [shanyraq.Invalid] error that names file, line and column.
func ReadOwn(data, meta, configs File) (*Own, error) {
	fail := func(err error) (*Own, error) {
		return nil, shanyraq.Tell("standing.ReadOwn", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.table", Args: map[string]any{"Detail": err.Error()}}, "%w", err)
	}
	var o Own
	var err error
	if o.meta, err = coin.ReadFramework(meta.R, meta.Name); err != nil {
		return fail(err)
	}
	if o.table, err = coin.ReadTable(data.R, data.Name, o.meta); err != nil {
		return fail(err)
	}
	if o.configs, err = coin.ReadConfigs(configs.R, configs.Name); err != nil {
		return fail(err)
	}
	return &o, nil
}

// Write writes values and framework as they were read.
func (o *Own) Write(data, meta io.Writer) error {
	if err := coin.WriteTable(data, o.table, o.meta); err != nil {
		return shanyraq.Errorf("standing.Own.Write", shanyraq.Other, "%w", err)
	}
	if err := coin.WriteFramework(meta, o.meta); err != nil {
		return shanyraq.Errorf("standing.Own.Write", shanyraq.Other, "%w", err)
	}
	return nil
}

// Names returns the names of the settings, in the order they stand in.
func (o *Own) Names() []string {
	out := make([]string, len(o.configs))
	for i, c := range o.configs {
		out[i] = c.Name
	}
	return out
}

// Build builds the index under the settings of that name. It returns an
// [shanyraq.Invalid] error with the step and the place that cannot be.
func (o *Own) Build(name string) (*Built, error) {
	const op = "standing.Build"
	i := slices.Index(o.Names(), name)
	if i < 0 {
		return nil, shanyraq.Errorf(op, shanyraq.NotFound, "no settings %q", name)
	}
	fail := func(err error) (*Built, error) {
		return nil, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "standing.error.build", Args: map[string]any{"Name": name, "Detail": err.Error()}}, "%s: %w", name, err)
	}
	x, err := composite.New(composite.Definition{Framework: o.meta.Framework, Settings: o.configs[i].Settings}, o.table)
	if err != nil {
		return fail(err)
	}
	r, err := x.Build()
	if err != nil {
		return fail(err)
	}
	return &Built{Name: name, index: x, result: r}, nil
}

// Built is an index of the reader's own, built once.
type Built struct {
	Name   string
	index  *composite.Index
	result *composite.Result
}

// WriteCSV writes every score and rank of every aggregate as lines of config,
// dataset, level, code, unit and value; a missing value is an empty cell.
// heading says whether to write the first line.
func (b *Built) WriteCSV(w io.Writer, heading bool) error {
	return coin.WriteScores(w, b.Name, b.result, b.index, heading)
}

// JSON returns the same for programs.
func (b *Built) JSON() any {
	type score struct {
		Level int      `json:"level"`
		Code  string   `json:"code"`
		Unit  string   `json:"unit"`
		Score *float64 `json:"score"` // null if missing
		Rank  *int     `json:"rank"`
	}
	out := struct {
		Config  string           `json:"config"`
		Dropped []string         `json:"dropped,omitempty"` // screened out
		Notes   []composite.Note `json:"notes,omitempty"`
		Scores  []score          `json:"scores"`
	}{Config: b.Name, Dropped: b.result.Dropped, Notes: b.result.Notes, Scores: []score{}}
	for level := 2; level <= b.index.Depth(); level++ {
		for _, code := range b.index.Codes(level) {
			values, ranks := b.result.Values(code), b.result.Ranks(code)
			for i, u := range b.result.Units {
				s := score{Level: level, Code: code, Unit: u}
				if values != nil && !math.IsNaN(values[i]) {
					s.Score, s.Rank = &values[i], &ranks[i]
				}
				out.Scores = append(out.Scores, s)
			}
		}
	}
	return out
}
