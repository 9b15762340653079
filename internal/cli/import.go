package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/publishers"
	"shanyraq/internal/view"
)

// An intake is what the command line says of a table to import.
type intake struct {
	record, source, series string
	as, mapping            string
	dry                    bool
}

func (a *app) importing() *cobra.Command {
	in := &intake{}
	c := a.writes(&cobra.Command{
		Use:   "import FILE",
		Short: "take a table of claims into the store",
		Long: `Import reads a table of claims and stores it, all or nothing, in one line of
the log that can be undone. It prints what is new, what changed and which
headline numbers move, before and after. With --dry-run it stores nothing, and
needs no store.

FILE is text in UTF-8 with commas, a header and one claim to a line; - is
standard input. place and value are required; further columns are series, area,
partner, subject, when, low, high, kind, level, step, unit, definition, who,
strength, address and note. Without a column series the table is of --series,
or of the series it is named after.

Whose claims they are says a SOURCE.md: --record, or the one beside FILE. Or
--source names a source that is known already.

With --as, FILE is a publisher's own, text or workbook, in one of the layouts
that "import layouts" lists; of coded events it may be a folder of files, and
what is kept are months of home and each power. "--as table" takes any table by a mapping of its
columns: --map, or what "import guess" proposes.`,
		Example: `  shanyraq import students.csv --record SOURCE.md --dry-run
  shanyraq import students.csv --source students --db office.db
  shanyraq import V-Dem-CY-Core-v15.csv --as v-dem --record SOURCE.md --db office.db
  shanyraq import gdelt/2024 --as gdelt --record SOURCE.md --db office.db
  shanyraq import consulates.xlsx --as table --map consulates.json --record SOURCE.md --dry-run`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.take(cmd.Context(), args[0], in) },
	})
	f := c.Flags()
	f.StringVar(&in.record, "record", "", "`SOURCE.md` that says whose claims they are")
	f.StringVar(&in.source, "source", "", "`ID` of a source that is known")
	f.StringVar(&in.series, "series", "", "`ID` of the series of a table without that column")
	f.StringVar(&in.as, "as", "", "the publisher's `LAYOUT`, or table")
	f.StringVar(&in.mapping, "map", "", "`FILE` that says what the columns of a table are")
	f.BoolVar(&in.dry, "dry-run", false, "store nothing, only say what would change")
	c.AddCommand(a.layouts(), a.guess())
	return c
}

// layouts lists what --as takes.
func (a *app) layouts() *cobra.Command {
	return a.prints(&cobra.Command{Use: "layouts", Short: "publishers' files that can be imported as they are", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		if a.json {
			type line struct {
				Key   string `json:"key"`
				Title string `json:"title"`
			}
			var out []line
			for _, l := range publishers.Layouts() {
				out = append(out, line{l.Key, l.Title})
			}
			return a.encode(out)
		}
		for _, l := range publishers.Layouts() {
			if _, err := fmt.Fprintf(a.out, "%-14s %s\n", l.Key, l.Title); err != nil {
				return shanyraq.Errorf("cli", shanyraq.Other, "%w", err)
			}
		}
		return nil
	}})
}

// guess prints a mapping for a table, to be corrected and kept.
func (a *app) guess() *cobra.Command {
	return a.prints(&cobra.Command{Use: "guess FILE", Short: "a mapping for any table, to be corrected and used with --map", Args: cobra.ExactArgs(1),
		Long: `Guess reads a table, text or workbook, and prints what its columns seem to be, as
a mapping for "import --as table --map". Every part stands in it, empty where
nothing was seen, and under help what each is for. Say in it which series the
values are of, and under which definition people are counted. A file in the layout of a
publisher that is known needs none, and guess says so.`,
		Example: "  shanyraq import guess consulates.xlsx > consulates.json",
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := readable(args[0])
			if err != nil {
				return err
			}
			defer f.Close()
			data, err := io.ReadAll(io.LimitReader(f, publishers.MaxBytes+1))
			if err != nil {
				return shanyraq.Errorf("cli", shanyraq.Other, "%s: %w", args[0], err)
			}
			return a.using(cmd.Context(), OpenOptions{ReadOnly: true}, func(ws view.Workspace) error {
				h, err := ws.House(cmd.Context(), "")
				if err != nil {
					return err
				}
				b, err := publishers.Open(cmd.Context(), args[0], data)
				if err != nil {
					return err
				}
				if key := publishers.Recognise(b); key != "table" {
					if _, err := fmt.Fprintln(a.Stderr, a.loc.T("cli.guess.known", "Layout", key)); err != nil {
						return shanyraq.Errorf("cli", shanyraq.Other, "%w", err)
					}
				}
				if _, err := io.WriteString(a.out, publishers.Guess(b, h).Whole(func(part string) string { return a.loc.T("web.import.map." + part) })); err != nil {
					return shanyraq.Errorf("cli", shanyraq.Other, "%w", err)
				}
				return nil
			})
		}})
}

// take imports the table, or says what importing it would do.
func (a *app) take(ctx context.Context, name string, in *intake) error {
	if in.record != "" && in.source != "" {
		return wrong("cli.error.both", "One", "--record", "Other", "--source")
	}
	up, done, err := a.upload(name, in)
	if err != nil {
		return err
	}
	defer done()
	m := a.watch("cli.progress.reading")
	defer m.end()
	size := sizeOf(up.Table)
	for _, f := range up.Files {
		if info, err := os.Stat(f); err == nil {
			size += info.Size()
		}
	}
	if size > 0 {
		up.Progress = func(done int64) { m.set(min(done, size), size) }
	}
	use := a.storing
	if in.dry {
		use = a.using
	}
	o := OpenOptions{ReadOnly: in.dry, Progress: func(done, total int) { m.set(int64(done), int64(total)) }}
	return use(ctx, o, func(ws view.Workspace) error {
		h, err := ws.House(ctx, "")
		if err != nil {
			return err
		}
		ask, err := a.ask(h)
		if err != nil {
			return err
		}
		s, err := ws.Stage(ctx, up, ask.Home)
		if err != nil {
			return err
		}
		t := taken{Name: s.Name, Source: s.Source, NewSource: s.NewSource, NewSeries: s.NewSeries, Counts: s.Counts, Skipped: s.Skipped, Version: h.Library.Version(), DryRun: in.dry}
		if !in.dry {
			m.next("cli.progress.storing")
			line, err := ws.Commit(ctx, s, a.who)
			if err != nil {
				return err
			}
			t.Line, t.Counts, t.Version = line.Seq, line.Counts, line.Version
		}
		return a.taken(h, ask, t, s)
	})
}

// upload opens the table and its record.
func (a *app) upload(name string, in *intake) (up view.Upload, done func(), err error) {
	var open []io.Closer
	done = func() {
		for _, f := range open {
			_ = f.Close() // it was only read
		}
	}
	defer func() {
		if err != nil {
			done()
		}
	}()
	up = view.Upload{Name: name, Table: a.Stdin, As: in.as, Source: shanyraq.SourceID(in.source), Series: shanyraq.SeriesID(in.series)}
	if in.mapping != "" {
		if in.as != "table" {
			return up, done, wrong("cli.error.map")
		}
		f, err := readable(in.mapping)
		if err != nil {
			return up, done, err
		}
		open = append(open, f)
		if up.Mapping, err = publishers.ReadMapping(f, in.mapping); err != nil {
			return up, done, err
		}
	}
	switch {
	case name == "-":
		up.Name = "-.csv"
	case in.as == publishers.Events:
		if up.Files, err = publishers.EventFiles([]string{name}); err != nil {
			return up, done, err
		}
		up.Table = strings.NewReader("")
	default:
		f, err := readable(name)
		if err != nil {
			return up, done, err
		}
		open = append(open, f)
		up.Table = f
	}
	if in.source != "" {
		return up, done, nil
	}
	up.RecName = in.record
	if in.record == "" {
		beside := filepath.Join(filepath.Dir(name), "SOURCE.md")
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			beside = filepath.Join(name, "SOURCE.md")
		}
		if _, err := os.Stat(beside); name == "-" || err != nil {
			return up, done, wrong("cli.error.whose", "Path", beside)
		}
		up.RecName = beside
	}
	f, err := readable(up.RecName)
	if err != nil {
		return up, done, err
	}
	open = append(open, f)
	up.Record = f
	return up, done, nil
}

// sizeOf returns the size of a file, in bytes, and 0 of what is none.
func sizeOf(r io.Reader) int64 {
	f, ok := r.(*os.File)
	if !ok {
		return 0
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// taken is what an import did, or would do.
type taken struct {
	Name      string            `json:"name"`
	DryRun    bool              `json:"dry_run"`
	Source    shanyraq.Source   `json:"source"`
	NewSource bool              `json:"new_source"`
	NewSeries []shanyraq.Series `json:"new_series"`
	Counts    shanyraq.Counts   `json:"counts"`
	Skipped   int               `json:"skipped"` // rows about what is no country
	Moves     []moved           `json:"moves"`
	Line      int64             `json:"line"`    // of the log; 0 if none was written
	Version   string            `json:"version"` // of the evidence, after the import if there was one
}

type moved struct {
	Path   string          `json:"path"`
	Before shanyraq.Figure `json:"before"`
	After  shanyraq.Figure `json:"after"`
}

// taken prints what an import did, or would do.
func (a *app) taken(h *view.House, ask *view.Ask, t taken, s *view.Staged) error {
	if a.json {
		t.Moves = []moved{}
		for _, m := range s.Moves {
			t.Moves = append(t.Moves, moved(m))
		}
		if t.NewSeries == nil {
			t.NewSeries = []shanyraq.Series{}
		}
		return a.encode(t)
	}
	a.line(a.loc.T("cli.import.counts", "File", t.Name, "Source", string(t.Source.ID), "Count", len(s.Claims)))
	a.line(a.loc.T("cli.import.kinds", "Added", t.Counts.Added, "Changed", t.Counts.Changed, "Same", t.Counts.Same))
	if t.Skipped > 0 {
		a.line(a.loc.T("cli.import.skipped", "Count", t.Skipped))
	}
	if t.NewSource {
		a.line(a.loc.T("cli.import.source", "Title", t.Source.Title, "Publisher", t.Source.Publisher))
	}
	if len(t.NewSeries) > 0 {
		names := make([]string, len(t.NewSeries))
		for i, x := range t.NewSeries {
			names[i] = string(x.ID) + " (" + a.loc.UnitLabel(x.Unit) + ")"
		}
		a.line(a.loc.T("cli.import.series", "Count", len(names), "Names", strings.Join(names, ", ")))
	}
	a.line("")
	if err := view.Moves(h, ask, s.Moves).WriteText(a.out, a.loc); err != nil {
		return err
	}
	a.line("")
	switch {
	case t.DryRun:
		a.line(a.loc.T("cli.import.dry"))
	case t.Line == 0:
		a.line(a.loc.T("cli.import.same"))
	default:
		a.line(a.loc.T("cli.import.done", "Line", t.Line, "Version", t.Version))
	}
	return nil
}
