package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/publishers"
	"shanyraq/internal/standing"
	"shanyraq/internal/view"
)

// ownHelp is told by every command that takes an index of the reader's own.
const ownHelp = `

With --data it does the same for an index of your own, read from two tables and
their settings as "standing build" reads them, and prints a table for each of the
settings; with --csv, lines of config, dataset, level, code, unit and value. Values
with a column Time are those of the latest time, or of --year.`

// ownFiles are the tables an index of the reader's own is built from, and how.
type ownFiles struct {
	data, meta, config, plan string
	draws                    string
	only                     []string
}

// flags adds the flags to c.
func (f *ownFiles) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.data, "data", "", "`FILE` of values, one row per unit")
	c.Flags().StringVar(&f.meta, "meta", "", "`FILE` of the framework")
	c.Flags().StringVar(&f.config, "config", "", "`FILE` of named settings, JSON; else the mean of the indicators put on 0 to 100")
	c.Flags().StringSliceVar(&f.only, "only", nil, "build only the settings of these `NAMES`, with commas between")
	for _, name := range []string{"data", "meta", "config"} {
		_ = c.MarkFlagFilename(name) // the flag is there
	}
}

// planned adds the flags about what varies.
func (f *ownFiles) planned(c *cobra.Command) {
	c.Flags().StringVar(&f.plan, "plan", "", "`FILE` of what is uncertain about an index of your own, JSON; else weights, scale, mean and filled gaps")
	c.Flags().StringVar(&f.draws, "draws", "", "how many `TIMES` to build an index of your own anew: 10 to 100000")
	_ = c.MarkFlagFilename("plan") // the flag is there
}

// read returns what is in a file, as a workbook if it is one.
func read(ctx context.Context, name string) ([]byte, *publishers.Book, error) {
	in, err := readable(name)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = in.Close() }() // it was only read
	b, err := io.ReadAll(io.LimitReader(in, publishers.MaxBytes+1))
	if err != nil {
		return nil, nil, shanyraq.Errorf("cli", shanyraq.Other, "%s: %w", name, err)
	}
	if !bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		return b, nil, nil
	}
	book, err := publishers.Open(ctx, name, b)
	return nil, book, err
}

// table returns one of the two tables as text.
func table(name, sheet string, b []byte, book *publishers.Book) (standing.File, error) {
	if book == nil {
		return standing.File{Name: name, R: bytes.NewReader(b)}, nil
	}
	s, ok := book.Find(sheet)
	if !ok {
		return standing.File{}, shanyraq.Tell("cli", shanyraq.Invalid, text("cli.error.sheet", "File", name, "Sheet", sheet), "%s has no sheet %s", name, sheet)
	}
	return standing.File{Name: s.File, R: bytes.NewReader(s.CSV())}, nil
}

// cellsOf returns the cells of a sheet, each row at its line.
func cellsOf(s publishers.Sheet) [][]string {
	var out [][]string
	for _, r := range s.Rows {
		for len(out) < r.Line {
			out = append(out, nil)
		}
		out[r.Line-1] = r.Cells
	}
	return out
}

// open reads the tables and the settings.
func (f *ownFiles) open(ctx context.Context) (*standing.Own, error) {
	if f.data == "" {
		return nil, wrong("standing.error.files")
	}
	if _, err := f.times(); err != nil {
		return nil, err
	}
	var configs standing.File
	if f.config != "" {
		in, err := readable(f.config)
		if err != nil {
			return nil, err
		}
		defer func() { _ = in.Close() }() // it was only read
		configs = standing.File{Name: f.config, R: in}
	}
	own, err := f.tables(ctx, configs)
	if err != nil {
		return nil, err
	}
	for _, name := range f.only {
		if !slices.Contains(own.Names(), name) {
			return nil, wrong("standing.error.config", "Found", name, "Known", strings.Join(own.Names(), ", "))
		}
	}
	own.Keep(f.only)
	return own, nil
}

// times returns how often to build the index anew, and 0 where nothing is said.
func (f *ownFiles) times() (int, error) {
	if f.draws == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(f.draws)
	if err != nil || n < standing.FewestDraws || n > standing.MostDraws {
		return 0, wrong("standing.error.draws", "Field", "--draws", "Found", f.draws, "Least", standing.FewestDraws, "Most", standing.MostDraws)
	}
	return n, nil
}

// tables reads the two tables, whether they are text, sheets of a workbook as
// COINr has them, or a workbook of the COIN Tool.
func (f *ownFiles) tables(ctx context.Context, configs standing.File) (*standing.Own, error) {
	b, book, err := read(ctx, f.data)
	if err != nil {
		return nil, err
	}
	if book != nil && f.meta == "" {
		database, isTool := book.Find("Database")
		framework, hasFrame := book.Find("Framework")
		if isTool && hasFrame {
			return standing.ReadTool(f.data, standing.Tool{Database: cellsOf(database), Framework: cellsOf(framework)}, configs)
		}
	}
	if f.meta == "" && book == nil {
		return nil, wrong("standing.error.files")
	}
	data, err := table(f.data, "iData", b, book)
	if err != nil {
		return nil, err
	}
	if s, ok := settingsOf(book); ok && configs.R == nil {
		configs = s
	}
	if f.meta != "" {
		if b, book, err = read(ctx, f.meta); err != nil {
			return nil, err
		}
	}
	meta, err := table(cmp.Or(f.meta, f.data), "iMeta", b, book)
	if err != nil {
		return nil, err
	}
	if s, ok := settingsOf(book); ok && configs.R == nil {
		configs = s
	}
	return standing.ReadOwn(data, meta, configs)
}

// settingsOf returns the settings that a workbook of "standing export" or of
// "standing build --book" holds.
func settingsOf(book *publishers.Book) (standing.File, bool) {
	if book == nil {
		return standing.File{}, false
	}
	s, ok := book.Find("settings")
	if !ok {
		return standing.File{}, false
	}
	var text strings.Builder
	for _, r := range s.Rows[min(1, len(s.Rows)):] { // below the heading
		text.WriteString(r.Cell(0) + "\n")
	}
	return standing.File{Name: s.File, R: strings.NewReader(text.String())}, true
}

// export writes a built-in index as a workbook that can be built again.
func (a *app) export() *cobra.Command {
	c := a.reads(&cobra.Command{
		Use:   "export FILE.xlsx",
		Short: "a built-in index as a workbook: values, framework, settings, league, audit, sources",
		Long: `Export writes a built-in index to a new workbook: the values (iData), the framework
(iMeta) and the settings, from which "standing build --data FILE.xlsx" builds it
again, COINr its own object, and any spreadsheet what it likes; then the league
with the ranks each country could hold, what each element weighs, the audit sheet
of ten steps, and the sources with their licences.`,
		Example: "  shanyraq standing export cinc.xlsx --index cinc --year 2020\n  shanyraq standing build --data cinc.xlsx",
		Args:    cobra.ExactArgs(1),
	})
	settings := []setting{year(c), key(c, "index", "the index, as a `KEY`"), key(c, "missing", "what a missing value counts as: `RULE` drop or zero")}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := isBook("FILE.xlsx", args[0]); err != nil {
			return err
		}
		q := url.Values{}
		for _, set := range settings {
			if err := set(q); err != nil {
				return err
			}
		}
		return a.reading(cmd.Context(), func(h *view.House, ask *view.Ask) error {
			for k := range q {
				ask.Query.Set(k, q.Get(k))
			}
			_, sheets, err := view.IndexBook(cmd.Context(), h, ask, standing.IndexKeys()[0])
			if err != nil {
				return err
			}
			if err := writeBook(args[0], sheets); err != nil {
				return err
			}
			a.note(a.loc.T("cli.export.done", "Path", args[0]))
			return nil
		})
	}
	return c
}

// planOf returns what varies about an index: what the file says, or else the
// index's own plan, telling what is left out of that.
func (a *app) planOf(f *ownFiles, b *standing.Built) (standing.Plan, error) {
	var p standing.Plan
	if f.plan != "" {
		in, err := readable(f.plan)
		if err != nil {
			return p, err
		}
		defer func() { _ = in.Close() }() // it was only read
		if p, err = standing.ReadPlan(in, f.plan); err != nil {
			return p, err
		}
	} else {
		var left []shanyraq.Text
		p, left = b.Plan()
		for _, t := range left {
			a.note(a.loc.Text(t))
		}
	}
	n, err := f.times()
	if n != 0 {
		p.Draws = n
	}
	return p, err
}

// An ownAnswer is what a command says of an index of the reader's own: the rows
// for programs, and the tables for people. Without tables the rows are for both.
type ownAnswer struct {
	rows   []standing.OwnRow
	tables []*view.Table
}

// each builds the index under each of the settings and at each of the times, and
// prints what answer makes of it. What cannot be built is told, and the others are
// printed. The rows of all are returned.
func (a *app) each(own *standing.Own, times []int, answer func(*standing.Built) (ownAnswer, error)) ([]standing.OwnRow, error) {
	var all []standing.OwnRow
	failed, heading := false, true
	if len(times) == 0 {
		times = []int{0} // values without a time
	}
	for _, name := range own.Names() {
		for _, time := range times {
			var some ownAnswer
			b, err := own.Build(name, time)
			if err == nil {
				some, err = answer(b)
			}
			if err != nil {
				var use *misuse
				if shanyraq.KindOf(err) != shanyraq.Invalid || errors.As(err, &use) {
					return all, err
				}
				a.note(a.sentence(err))
				failed = true
				continue
			}
			all = append(all, some.rows...)
			switch {
			case a.json || len(some.rows) == 0:
			case a.csv || len(some.tables) == 0:
				if err := standing.WriteRows(a.out, some.rows, heading); err != nil {
					return all, shanyraq.Errorf("cli", shanyraq.Other, "%w", err)
				}
				heading = false
			default:
				for _, t := range some.tables {
					if !heading {
						a.line("")
					}
					heading = false
					if err := t.WriteText(a.out, a.loc); err != nil {
						return all, err
					}
				}
			}
		}
	}
	if a.json && len(all) > 0 {
		if err := a.encode(rowsJSON(all)); err != nil {
			return all, err
		}
	}
	if failed {
		return all, errFound
	}
	return all, nil
}

// rowsJSON returns the rows for programs; a missing value is null.
func rowsJSON(rows []standing.OwnRow) any {
	type row struct {
		Config  string   `json:"config"`
		Dataset string   `json:"dataset"`
		Level   int      `json:"level"`
		Code    string   `json:"code"`
		Unit    string   `json:"unit"`
		Value   *float64 `json:"value"`
	}
	out := make([]row, len(rows))
	for i, r := range rows {
		out[i] = row{r.Config, r.Dataset, r.Level, r.Code, r.Unit, nil}
		if !math.IsNaN(r.Value) {
			out[i].Value = &r.Value
		}
	}
	return out
}

// atTime returns the times of the values that are asked for: that of the flag,
// or else the latest, or all.
func atTime(flag string, cmd *cobra.Command, own *standing.Own, all bool) ([]int, error) {
	times := own.Times()
	f := cmd.Flags().Lookup(flag)
	switch {
	case f == nil || !f.Changed:
		if len(times) > 0 && !all {
			times = times[len(times)-1:]
		}
		return times, nil
	case len(times) == 0:
		return nil, wrong("standing.error.notimes", "Flag", "--"+flag)
	}
	t, err := strconv.Atoi(f.Value.String())
	if err != nil || !slices.Contains(times, t) {
		known := make([]string, len(times))
		for i, t := range times {
			known[i] = strconv.Itoa(t)
		}
		return nil, wrong("standing.error.time", "Flag", "--"+flag, "Found", f.Value.String(), "Known", strings.Join(known, ", "))
	}
	return []int{t}, nil
}

// ownable lets c answer about an index of the reader's own as well: with --data
// it prints what answer says, and otherwise does what it did. The flags of the
// names are about built-in indices only.
func (a *app) ownable(c *cobra.Command, f *ownFiles, most int, answer func(ctx context.Context, own *standing.Own, b *standing.Built, args []string) (ownAnswer, error), not ...string) *cobra.Command {
	f.flags(c)
	c.Long = strings.TrimRight(c.Long, "\n") + ownHelp
	run, args := c.RunE, c.Args
	c.Args = func(cmd *cobra.Command, given []string) error {
		if f.data == "" {
			return args(cmd, given)
		}
		return cobra.MaximumNArgs(most)(cmd, given)
	}
	c.RunE = func(cmd *cobra.Command, given []string) error {
		if f.data == "" {
			switch {
			case len(f.only) > 0:
				return wrong("standing.error.only")
			case f.meta != "" || f.config != "":
				return wrong("standing.error.files")
			}
			for _, name := range []string{"draws", "plan"} {
				if cmd.Flags().Changed(name) {
					return wrong("standing.error.owned", "Flag", "--"+name)
				}
			}
			return run(cmd, given)
		}
		for _, name := range append(not, "table", "at") {
			if cmd.Flags().Changed(name) {
				return wrong("cli.error.together", "One", "--data", "Other", "--"+name)
			}
		}
		if cmd.Flags().Changed("draws") && f.draws == "" {
			f.draws = `""`
		}
		own, err := f.open(cmd.Context())
		if err != nil {
			return err
		}
		times, err := atTime("year", cmd, own, false)
		if err != nil {
			return err
		}
		all, err := a.each(own, times, func(b *standing.Built) (ownAnswer, error) { return answer(cmd.Context(), own, b, given) })
		if err == nil && len(all) == 0 {
			return wrong("standing.error.compare")
		}
		return err
	}
	return c
}

// ranked prints the league of an index of the reader's own.
func (a *app) ranked(c *cobra.Command) *cobra.Command {
	var f ownFiles
	f.planned(c)
	return a.ownable(c, &f, 0, func(ctx context.Context, _ *standing.Own, b *standing.Built, _ []string) (ownAnswer, error) {
		p, err := a.planOf(&f, b)
		if err != nil {
			return ownAnswer{}, err
		}
		rows, err := b.League(ctx, p)
		return ownAnswer{rows, []*view.Table{a.leagueTable(b, p, rows)}}, err
	}, "index", "weights", "show", "with")
}

// explained prints how the values of a unit came about, or for none what the
// index is made of.
func (a *app) explained(c *cobra.Command) *cobra.Command {
	c.Long += `

About an index of your own, without a unit, it prints what every element weighs;
with one, the unit's value of every indicator after each step.`
	return a.ownable(c, new(ownFiles), 1, func(_ context.Context, _ *standing.Own, b *standing.Built, args []string) (ownAnswer, error) {
		unit := unitOf(args)
		rows, err := b.Explain(unit)
		return ownAnswer{rows, []*view.Table{a.partsTable(b, unit, rows)}}, err
	}, "index", "missing", "show", "with", "recipe")
}

// moved prints what moves the ranks of an index of the reader's own.
func (a *app) moved(c *cobra.Command) *cobra.Command {
	var f ownFiles
	f.planned(c)
	return a.ownable(c, &f, 1, func(ctx context.Context, own *standing.Own, b *standing.Built, args []string) (ownAnswer, error) {
		gain := 1
		var err error
		if s, _ := c.Flags().GetString("gain"); c.Flags().Changed("gain") { // the flag is there
			if gain, err = strconv.Atoi(s); err != nil || gain < 1 || gain > standing.MostRanks {
				return ownAnswer{}, wrong("standing.error.gain", "Found", s, "Most", standing.MostRanks)
			}
		}
		var before *standing.Built
		if c.Flags().Changed("from") {
			from, err := atTime("from", c, own, false)
			if err != nil {
				return ownAnswer{}, err
			}
			if before, err = own.Build(b.Settings, from[0]); err != nil {
				return ownAnswer{}, err
			}
		}
		p, err := a.planOf(&f, b)
		if err != nil {
			return ownAnswer{}, err
		}
		unit := unitOf(args)
		rows, err := b.Sensitivity(ctx, p, unit, gain)
		if err != nil {
			return ownAnswer{}, err
		}
		out := ownAnswer{rows, a.moversTables(b, unit, gain, rows)}
		if before != nil {
			changes, err := b.Changes(before, unit)
			if err != nil {
				return out, err
			}
			out.rows = append(out.rows, changes...)
			out.tables = append(out.tables, a.changesTable(before, b, changes))
		}
		return out, nil
	}, "index", "missing")
}

// compared prints units beside one another or, for none, what the second and
// each later of the settings make of the ranks under the first.
func (a *app) compared(c *cobra.Command) *cobra.Command {
	var f ownFiles
	var first *standing.Built
	f.planned(c)
	return a.ownable(c, &f, mostUnits, func(ctx context.Context, _ *standing.Own, b *standing.Built, args []string) (ownAnswer, error) {
		if len(args) == 0 {
			if first == nil {
				first = b
				return ownAnswer{}, nil
			}
			rows, err := first.Moves(b)
			return ownAnswer{rows, []*view.Table{a.gainsTable(first, b, rows)}}, err
		}
		p, err := a.planOf(&f, b)
		if err != nil {
			return ownAnswer{}, err
		}
		rows, err := b.Compare(ctx, p, args)
		return ownAnswer{rows, a.besideTables(b, args, rows)}, err
	}, "index", "missing")
}

// mostUnits is how many units of an index can be compared at once.
const mostUnits = 20

// audited prints the ten steps by which an index of the reader's own is judged;
// for programs, the evidence too.
func (a *app) audited(c *cobra.Command) *cobra.Command {
	var f ownFiles
	f.planned(c)
	return a.ownable(c, &f, 0, func(ctx context.Context, _ *standing.Own, b *standing.Built, _ []string) (ownAnswer, error) {
		p, err := a.planOf(&f, b)
		if err != nil {
			return ownAnswer{}, err
		}
		steps, notes, err := b.Sheet(ctx, p)
		if err != nil {
			return ownAnswer{}, err
		}
		var rows []standing.OwnRow
		for _, s := range steps {
			rows = append(rows, standing.OwnRow{Config: b.Name, Dataset: "step_" + strconv.Itoa(s.Number), Value: s.Done()})
		}
		evidence, err := b.Audit()
		return ownAnswer{append(rows, evidence...), []*view.Table{a.sheetTable(b, steps, notes)}}, err
	}, "index", "missing")
}

// unitOf returns the unit that is the argument, or "".
func unitOf(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// build builds indices from tables of the reader's own and prints their scores.
func (a *app) build() *cobra.Command {
	var f ownFiles
	var book, tool string
	c := a.prints(&cobra.Command{
		Use:   "build --data FILE [--meta FILE] [--config FILE] [--only NAME] [--year YEAR] [--book FILE]",
		Short: "build indices of your own from two tables and their settings",
		Long: `Build reads the values (iData: uCode, groups, denominators and indicators), the
framework (iMeta: Level, iCode, Direction, Weight, Parent, Type and so on) and
named settings, one JSON object, and prints every score and rank of every
aggregate as lines of config, dataset, level, code, unit and value. A missing
value is an empty cell. The steps are those of the page of the method, in the
order denominate, screen, impute, treat, normalise, aggregate.

FILE may be text in CSV, parted by commas, semicolons or tabs, or a workbook
(XLSX). A workbook of values with the sheets iData and iMeta, as COINr has them,
needs no --meta, nor does one of the COIN Tool, whose sheets Database and Framework
are read. --book writes a workbook with both tables, the settings built and the
scores, which build reads again and builds the same; --coin-tool one with the two
sheets of the COIN Tool, which have no place for settings.

Values with a column Time are built for each time on its own, or for --year alone;
the settings are then called NAME@TIME.

Nothing is stored. Settings that cannot be built are told on standard error,
with the step and the place; the others are printed all the same, and the exit
status is 1.

rank, explain, sensitivity, compare and audit take the same files. Every column and
every key, with its values and what it is where left out, is in
docs/index-format.md, with a small index to start from in docs/sample-index.`,
		Example: `  shanyraq standing build --data input.csv --meta meta.csv --config configs.json --only A03
  shanyraq standing build --data index.xlsx --config configs.json --book scores.xlsx`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for flag, name := range map[string]string{"--book": book, "--coin-tool": tool} {
				if name == "" {
					continue
				}
				if err := isBook(flag, name); err != nil {
					return err
				}
			}
			own, err := f.open(cmd.Context())
			if err != nil {
				return err
			}
			times, err := atTime("year", cmd, own, true)
			if err != nil {
				return err
			}
			rows, failed := a.each(own, times, func(b *standing.Built) (ownAnswer, error) { return ownAnswer{rows: b.Scores()}, nil })
			if failed != nil && !errors.Is(failed, errFound) {
				return failed
			}
			if book != "" {
				if err := writeOwn(book, own, rows); err != nil {
					return err
				}
			}
			if tool != "" {
				if err := writeTool(tool, own); err != nil {
					return err
				}
			}
			return failed
		},
	})
	f.flags(c)
	c.Flags().BoolVar(&a.csv, "csv", false, "print CSV, as without it")
	c.Flags().Int("year", 0, "build the values of this `YEAR` alone, where they have a column Time")
	c.Flags().StringVar(&book, "book", "", "`FILE` of a new workbook with the tables, the settings and the scores")
	c.Flags().StringVar(&tool, "coin-tool", "", "`FILE` of a new workbook with the two sheets of the COIN Tool")
	for _, name := range []string{"book", "coin-tool"} {
		_ = c.MarkFlagFilename(name) // the flag is there
	}
	return c
}

// isBook refuses a name of a new workbook that does not end as one. what is the
// flag or the argument it was given for.
func isBook(what, name string) error {
	if !strings.EqualFold(filepath.Ext(name), ".xlsx") {
		return wrong("cli.error.xlsx", "Field", what, "Found", name)
	}
	return nil
}

// writeOwn writes a new workbook of the tables, the settings and the scores.
func writeOwn(name string, own *standing.Own, rows []standing.OwnRow) error {
	var data, meta, settings, scores bytes.Buffer
	if err := own.WriteConfigs(&settings); err != nil {
		return err
	}
	if err := own.Write(&data, &meta); err != nil {
		return err
	}
	if err := standing.WriteRows(&scores, rows, true); err != nil {
		return shanyraq.Errorf("cli", shanyraq.Other, "%w", err)
	}
	var sheets []publishers.Sheet
	for _, x := range []struct {
		name string
		text []byte
	}{{"iData", data.Bytes()}, {"iMeta", meta.Bytes()}, {"scores", scores.Bytes()}} {
		s, err := publishers.SheetOf(x.name, x.text)
		if err != nil {
			return err
		}
		sheets = append(sheets, s)
	}
	set := publishers.Sheet{Name: "settings", Rows: []publishers.Row{{Line: 1, Cells: []string{"json"}}}}
	for text := range strings.Lines(settings.String()) {
		set.Rows = append(set.Rows, publishers.Row{Line: len(set.Rows) + 1, Cells: []string{strings.TrimRight(text, "\n")}})
	}
	sheets = slices.Insert(sheets, 2, set)
	return writeBook(name, sheets)
}

// writeTool writes a new workbook as the COIN Tool has it.
func writeTool(name string, own *standing.Own) error {
	t, err := own.Tool()
	if err != nil {
		return err
	}
	var sheets []publishers.Sheet
	for _, x := range []struct {
		name string
		rows [][]string
	}{{"Framework", t.Framework}, {"Database", t.Database}} {
		s := publishers.Sheet{Name: x.name}
		for i, cells := range x.rows {
			s.Rows = append(s.Rows, publishers.Row{Line: i + 1, Cells: cells})
		}
		sheets = append(sheets, s)
	}
	return writeBook(name, sheets)
}

// writeBook writes a new workbook, never over a file that is there.
func writeBook(name string, sheets []publishers.Sheet) (err error) {
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return shanyraq.Tell("cli", shanyraq.Conflict, text("cli.error.book", "Path", name), "%w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return publishers.WriteBook(out, sheets)
}
