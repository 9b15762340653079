package standing

import (
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

// Own is an index of the reader's own: values, framework and named settings.
type Own struct {
	meta    coin.Meta
	table   composite.Table
	configs []coin.Config
}

// plainName is what the settings are called if the reader gives none: the
// arithmetic mean of the indicators put on 0 to 100.
const plainName = "plain"

func misread(err error) error {
	return shanyraq.Tell("standing.ReadOwn", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.table", Args: map[string]any{"Detail": err.Error()}}, "%w", err)
}

// ReadOwn reads values (iData), framework (iMeta) and named settings (JSON);
// with none, what comes of the zero settings is called "plain". It returns an
// [shanyraq.Invalid] error that names file, line and column.
func ReadOwn(data, meta, configs File) (*Own, error) {
	var o Own
	var err error
	if o.meta, err = coin.ReadFramework(meta.R, meta.Name); err != nil {
		return nil, misread(err)
	}
	if o.table, err = coin.ReadTable(data.R, data.Name, o.meta); err != nil {
		return nil, misread(err)
	}
	return &o, o.configure(configs)
}

// ReadTool reads values and framework from the sheets of a COIN Tool workbook,
// and named settings as [ReadOwn] does.
func ReadTool(name string, t Tool, configs File) (*Own, error) {
	var o Own
	var err error
	if o.meta, o.table, err = t.Read(name); err != nil {
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
		return misread(err)
	}
	return nil
}

// Tool lays values and framework out as the COIN Tool has them. It returns an
// [shanyraq.Invalid] error for what that has no place for.
func (o *Own) Tool() (Tool, error) {
	t, err := coin.NewTool(o.meta, o.table)
	if err != nil {
		return t, misread(err)
	}
	return t, nil
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
	b := &Built{Name: name}
	var err error
	if b.index, err = composite.New(composite.Definition{Framework: o.meta.Framework, Settings: o.configs[i].Settings}, o.table); err != nil {
		return nil, b.fail(err)
	}
	if b.result, err = b.index.Build(); err != nil {
		return nil, b.fail(err)
	}
	return b, nil
}
