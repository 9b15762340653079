package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq/internal/standing"
)

// buildFiles are the tables an index of the reader's own is built from.
type buildFiles struct {
	data, meta, config string
	only               []string
}

// build builds indices from tables of the reader's own and prints their scores.
func (a *app) build() *cobra.Command {
	var f buildFiles
	c := a.prints(&cobra.Command{
		Use:   "build --data FILE --meta FILE --config FILE [--only NAME]",
		Short: "build indices of your own from two tables and their settings",
		Long: `Build reads the values (iData: uCode, groups, denominators and indicators), the
framework (iMeta: Level, iCode, Direction, Weight, Parent, Type and so on) and
named settings, one JSON object, and prints every score and rank of every
aggregate as lines of config, dataset, level, code, unit and value. A missing
value is an empty cell. The steps are those of the page of the method, in the
order denominate, screen, impute, treat, normalise, aggregate.

Nothing is stored. Settings that cannot be built are told on standard error,
with the step and the place; the others are printed all the same, and the exit
status is 1.`,
		Example: `  shanyraq standing build --data input.csv --meta meta.csv --config configs.json --only A03`,
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return a.runBuild(f) },
	})
	c.Flags().StringVar(&f.data, "data", "", "`FILE` of values, one row per unit")
	c.Flags().StringVar(&f.meta, "meta", "", "`FILE` of the framework")
	c.Flags().StringVar(&f.config, "config", "", "`FILE` of named settings, JSON")
	c.Flags().StringSliceVar(&f.only, "only", nil, "build only the settings of these `NAMES`, with commas between")
	for _, name := range []string{"data", "meta", "config"} {
		_ = c.MarkFlagFilename(name) // the flag is there
	}
	return c
}

func (a *app) runBuild(f buildFiles) error {
	if f.data == "" || f.meta == "" || f.config == "" {
		return wrong("standing.error.files")
	}
	var files [3]standing.File
	for i, name := range []string{f.data, f.meta, f.config} {
		in, err := readable(name)
		if err != nil {
			return err
		}
		defer func() { _ = in.Close() }() // it was only read
		files[i] = standing.File{Name: name, R: in}
	}
	own, err := standing.ReadOwn(files[0], files[1], files[2])
	if err != nil {
		return err
	}
	names := own.Names()
	for _, name := range f.only {
		if !slices.Contains(names, name) {
			return wrong("standing.error.config", "Found", name, "Known", strings.Join(names, ", "))
		}
	}
	failed, heading := false, true
	all := []any{}
	for _, name := range names {
		if len(f.only) > 0 && !slices.Contains(f.only, name) {
			continue
		}
		b, err := own.Build(name)
		if err != nil {
			a.note(a.sentence(err))
			failed = true
			continue
		}
		if a.json {
			all = append(all, b.JSON())
			continue
		}
		if err := b.WriteCSV(a.out, heading); err != nil {
			return err
		}
		heading = false
	}
	if a.json {
		err = a.encode(all)
	}
	if failed {
		err = errors.Join(err, errFound)
	}
	return err
}
