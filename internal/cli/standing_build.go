package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"shanyraq"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq/internal/publishers"
	"shanyraq/internal/standing"
)

// buildFiles are the tables an index of the reader's own is built from.
type buildFiles struct {
	data, meta, config string
	book               string
	only               []string
}

// build builds indices from tables of the reader's own and prints their scores.
func (a *app) build() *cobra.Command {
	var f buildFiles
	c := a.prints(&cobra.Command{
		Use:   "build --data FILE [--meta FILE] --config FILE [--only NAME] [--book FILE]",
		Short: "build indices of your own from two tables and their settings",
		Long: `Build reads the values (iData: uCode, groups, denominators and indicators), the
framework (iMeta: Level, iCode, Direction, Weight, Parent, Type and so on) and
named settings, one JSON object, and prints every score and rank of every
aggregate as lines of config, dataset, level, code, unit and value. A missing
value is an empty cell. The steps are those of the page of the method, in the
order denominate, screen, impute, treat, normalise, aggregate.

FILE may be text in CSV or a workbook (XLSX). A workbook of values with the sheets
iData and iMeta, as COINr has them, needs no --meta. --book writes a workbook with
both tables and the scores, which build reads again.

Nothing is stored. Settings that cannot be built are told on standard error,
with the step and the place; the others are printed all the same, and the exit
status is 1.`,
		Example: `  shanyraq standing build --data input.csv --meta meta.csv --config configs.json --only A03
  shanyraq standing build --data index.xlsx --config configs.json --book scores.xlsx`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runBuild(cmd.Context(), f) },
	})
	c.Flags().StringVar(&f.data, "data", "", "`FILE` of values, one row per unit")
	c.Flags().StringVar(&f.meta, "meta", "", "`FILE` of the framework")
	c.Flags().StringVar(&f.config, "config", "", "`FILE` of named settings, JSON")
	c.Flags().StringSliceVar(&f.only, "only", nil, "build only the settings of these `NAMES`, with commas between")
	c.Flags().StringVar(&f.book, "book", "", "`FILE` of a new workbook with the tables and the scores")
	for _, name := range []string{"data", "meta", "config", "book"} {
		_ = c.MarkFlagFilename(name) // the flag is there
	}
	return c
}

// tables returns the values and the framework as text, whether they come so or
// in a workbook.
func (f buildFiles) tables(ctx context.Context) (data, meta standing.File, err error) {
	read := func(name, sheet string) (standing.File, *publishers.Book, error) {
		in, err := readable(name)
		if err != nil {
			return standing.File{}, nil, err
		}
		defer func() { _ = in.Close() }() // it was only read
		b, err := io.ReadAll(io.LimitReader(in, publishers.MaxBytes+1))
		if err != nil {
			return standing.File{}, nil, shanyraq.Errorf("cli", shanyraq.Other, "%s: %w", name, err)
		}
		if !bytes.HasPrefix(b, []byte("PK\x03\x04")) {
			return standing.File{Name: name, R: bytes.NewReader(b)}, nil, nil
		}
		book, err := publishers.Open(ctx, name, b)
		if err != nil {
			return standing.File{}, nil, err
		}
		s, ok := book.Find(sheet)
		if !ok {
			return standing.File{}, nil, shanyraq.Tell("cli", shanyraq.Invalid, text("cli.error.sheet", "File", name, "Sheet", sheet), "%s has no sheet %s", name, sheet)
		}
		return standing.File{Name: s.File, R: bytes.NewReader(s.CSV())}, book, nil
	}
	data, book, err := read(f.data, "iData")
	if err != nil {
		return data, meta, err
	}
	if f.meta == "" && book != nil {
		f.meta = f.data
	}
	if f.meta == "" {
		return data, meta, wrong("standing.error.files")
	}
	meta, _, err = read(f.meta, "iMeta")
	return data, meta, err
}

func (a *app) runBuild(ctx context.Context, f buildFiles) (err error) {
	if f.data == "" || f.config == "" {
		return wrong("standing.error.files")
	}
	data, meta, err := f.tables(ctx)
	if err != nil {
		return err
	}
	config, err := readable(f.config)
	if err != nil {
		return err
	}
	defer func() { _ = config.Close() }() // it was only read
	own, err := standing.ReadOwn(data, meta, standing.File{Name: f.config, R: config})
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
	var scores bytes.Buffer
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
		if f.book != "" {
			if err := b.WriteCSV(&scores, scores.Len() == 0); err != nil {
				return err
			}
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
	if f.book != "" {
		if err := writeBook(f.book, own, scores.Bytes()); err != nil {
			return err
		}
	}
	if a.json {
		err = a.encode(all)
	}
	if failed {
		err = errors.Join(err, errFound)
	}
	return err
}

// writeBook writes a new workbook of the tables and the scores.
func writeBook(name string, own *standing.Own, scores []byte) (err error) {
	var data, meta bytes.Buffer
	if err := own.Write(&data, &meta); err != nil {
		return err
	}
	var sheets []publishers.Sheet
	for _, x := range []struct {
		name string
		text []byte
	}{{"iData", data.Bytes()}, {"iMeta", meta.Bytes()}, {"scores", scores}} {
		s, err := publishers.SheetOf(x.name, x.text)
		if err != nil {
			return err
		}
		sheets = append(sheets, s)
	}
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return shanyraq.Tell("cli", shanyraq.Conflict, text("cli.error.book", "Path", name), "%w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return publishers.WriteBook(out, sheets)
}
