package standing

import (
	"fmt"
	"io"
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

// Own is an index of the reader's own: values, at one time or several,
// framework and named settings.
type Own struct {
	meta    coin.Meta
	times   []int // rising; none where the values have no time
	tables  []composite.Table
	configs []coin.Config
}

// plainName is what the settings are called if the reader gives none: the
// arithmetic mean of the indicators put on 0 to 100.
const plainName = "plain"

// ReadOwn reads values (iData), framework (iMeta) and named settings (JSON);
// with none, what comes of the zero settings is called "plain". Values with a
// column Time are a table for each. It returns an [shanyraq.Invalid] error that
// names file, line and column.
func ReadOwn(data, meta, configs File) (*Own, error) {
	var o Own
	var err error
	if o.meta, err = coin.ReadFramework(meta.R, meta.Name); err != nil {
		return nil, misread(err)
	}
	if o.times, o.tables, err = coin.ReadData(data.R, data.Name, o.meta); err != nil {
		return nil, misread(err)
	}
	return &o, o.configure(configs)
}

// ReadTool reads values and framework from the sheets of a COIN Tool workbook,
// and named settings as [ReadOwn] does.
func ReadTool(name string, t Tool, configs File) (*Own, error) {
	o := Own{tables: make([]composite.Table, 1)}
	var err error
	if o.meta, o.tables[0], err = t.Read(name); err != nil {
		return nil, misread(err)
	}
	return &o, o.configure(configs)
}

func (o *Own) configure(configs File) error {
	if configs.R == nil {
		o.configs = []coin.Config{{Name: plainName}}
		return nil
	}
	var err error
	if o.configs, err = coin.ReadConfigs(configs.R, configs.Name); err != nil {
		return missettings(err)
	}
	return nil
}

// Tool lays values and framework out as the COIN Tool has them. It returns an
// [shanyraq.Invalid] error for what that has no place for.
func (o *Own) Tool() (Tool, error) {
	if len(o.tables) > 1 {
		return Tool{}, shanyraq.Tell("standing.Own.Tool", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.tool.times"}, "values of several times")
	}
	t, err := coin.NewTool(o.meta, o.tables[0])
	if err != nil {
		return t, misread(err)
	}
	return t, nil
}

// Write writes values and framework as they were read.
func (o *Own) Write(data, meta io.Writer) error {
	if err := coin.WriteData(data, o.times, o.tables, o.meta); err != nil {
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

// Keep leaves out the settings of other names; none means all.
func (o *Own) Keep(names []string) {
	if len(names) > 0 {
		o.configs = slices.DeleteFunc(slices.Clone(o.configs), func(c coin.Config) bool { return !slices.Contains(names, c.Name) })
	}
}

// Times returns the times of the values, rising, and none if they have none.
func (o *Own) Times() []int { return o.times }

// table returns the values of a time, filled over time if the settings ask for
// it; without times the only ones.
func (o *Own) table(c coin.Config, time int) (composite.Table, error) {
	at := 0
	if len(o.times) > 0 {
		if at = slices.Index(o.times, time); at < 0 {
			return composite.Table{}, fmt.Errorf("%w: time %d", composite.ErrUnknown, time)
		}
	}
	switch {
	case c.Series == nil:
		return o.tables[at], nil
	case len(o.times) == 0:
		return composite.Table{}, shanyraq.Tell("standing.Build", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.series", Args: map[string]any{"Name": c.Name}}, "%s: series without times", c.Name)
	}
	filled, err := composite.FillPanel(o.times, o.tables, *c.Series)
	if err != nil {
		return composite.Table{}, err
	}
	return filled[at], nil
}

// Build builds the index under the settings of that name, from the values of the
// time; without times it is not looked at. It returns an [shanyraq.Invalid] error
// with the step and the place that cannot be.
func (o *Own) Build(name string, time int) (*Built, error) {
	const op = "standing.Build"
	i := slices.Index(o.Names(), name)
	if i < 0 {
		return nil, shanyraq.Errorf(op, shanyraq.NotFound, "no settings %q", name)
	}
	b := &Built{Settings: name, Name: name, groups: labels(o.meta.Groups)}
	if len(o.times) > 0 {
		b.Name = fmt.Sprintf("%s@%d", name, time)
	}
	t, err := o.table(o.configs[i], time)
	if err != nil {
		return nil, b.fail(err)
	}
	if b.index, err = composite.New(composite.Definition{Framework: o.meta.Framework, Settings: o.configs[i].Settings}, t); err != nil {
		return nil, b.fail(err)
	}
	if b.result, err = b.index.Build(); err != nil {
		return nil, b.fail(err)
	}
	return b, nil
}

func labels(all []coin.Label) []string {
	out := make([]string, len(all))
	for i, l := range all {
		out[i] = l.Code
	}
	return out
}

// Changes divides what happened to the rank of a unit, or of each for none, since
// an earlier state of the index among its causes: places gained because of its own
// values, those of others, who was counted, and the settings. A unit without a
// rank in either, or in any mixture of the two, is left out unless it was asked for.
// Optimised weights are those of each time, and that they differ counts as settings.
func (b *Built) Changes(before *Built, unit string) ([]OwnRow, error) {
	units := b.result.Units
	if unit != "" {
		if err := b.known(unit); err != nil {
			return nil, err
		}
		if err := before.known(unit); err != nil {
			return nil, err
		}
		units = []string{unit}
	}
	from, err := before.settled()
	if err != nil {
		return nil, before.fail(err)
	}
	to, err := b.settled()
	if err != nil {
		return nil, b.fail(err)
	}
	var out []OwnRow
	for _, u := range units {
		rank, score, err := composite.Decompose(from, to, u)
		if err != nil {
			if unit == "" {
				continue
			}
			return nil, b.fail(err)
		}
		add := func(dataset string, v float64) {
			out = append(out, OwnRow{Config: before.Name + ">" + b.Name, Dataset: dataset, Level: b.index.Depth(), Code: b.index.Top(), Unit: u, Value: v})
		}
		add("rank_before", rank.Before)
		add("rank_after", rank.After)
		for _, x := range []struct {
			name string
			v    float64
		}{{"own", rank.Own}, {"others", rank.Others}, {"pool", rank.Pool}, {"method", rank.Method}} {
			add("places_"+x.name, 0-x.v)
		}
		add("score_before", score.Before)
		add("score_after", score.After)
	}
	return out, nil
}

// SettingsOf returns the settings of that name; the zero ones for none.
func (o *Own) SettingsOf(name string) composite.Settings {
	for _, c := range o.configs {
		if c.Name == name {
			return c.Settings
		}
	}
	return composite.Settings{}
}
