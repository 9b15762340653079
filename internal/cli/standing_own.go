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
their settings as "standing build" reads them, and prints lines of config,
dataset, level, code, unit and value.`

// ownFiles are the tables an index of the reader's own is built from, and how.
type ownFiles struct {
	data, meta, config, plan string
	only                     []string
	draws                    int
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
	c.Flags().IntVar(&f.draws, "draws", 0, "how many `TIMES` to build an index of your own anew")
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
	return own, nil
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

// settingsOf returns the settings that a workbook of "standing export" holds.
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
// index's own plan.
func (f *ownFiles) planOf(b *standing.Built) (standing.Plan, error) {
	p := b.Plan()
	if f.plan != "" {
		in, err := readable(f.plan)
		if err != nil {
			return p, err
		}
		defer func() { _ = in.Close() }() // it was only read
		if p, err = standing.ReadPlan(in, f.plan); err != nil {
			return p, err
		}
	}
	if f.draws != 0 {
		p.Draws = f.draws
	}
	return p, nil
}

// each builds the index under each of the settings asked for and prints what
// rows make of it. What cannot be built is told, and the others are printed.
func (a *app) each(own *standing.Own, only []string, rows func(*standing.Built) ([]standing.OwnRow, error)) ([]standing.OwnRow, error) {
	var all []standing.OwnRow
	failed, heading := false, true
	for _, name := range own.Names() {
		if len(only) > 0 && !slices.Contains(only, name) {
			continue
		}
		var some []standing.OwnRow
		b, err := own.Build(name)
		if err == nil {
			some, err = rows(b)
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
		all = append(all, some...)
		if a.json {
			continue
		}
		if len(some) == 0 {
			continue
		}
		if err := standing.WriteRows(a.out, some, heading); err != nil {
			return all, shanyraq.Errorf("cli", shanyraq.Other, "%w", err)
		}
		heading = false
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

// ownable lets c answer about an index of the reader's own as well: with --data
// it prints rows, and otherwise does what it did. The flags of the names are
// about built-in indices only.
func (a *app) ownable(c *cobra.Command, f *ownFiles, most int, rows func(ctx context.Context, b *standing.Built, args []string) ([]standing.OwnRow, error), not ...string) *cobra.Command {
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
			if f.meta != "" || f.config != "" || f.plan != "" || len(f.only) > 0 {
				return wrong("standing.error.files")
			}
			return run(cmd, given)
		}
		for _, name := range append(not, "year", "table", "at") {
			if cmd.Flags().Changed(name) {
				return wrong("cli.error.together", "One", "--data", "Other", "--"+name)
			}
		}
		own, err := f.open(cmd.Context())
		if err != nil {
			return err
		}
		all, err := a.each(own, f.only, func(b *standing.Built) ([]standing.OwnRow, error) { return rows(cmd.Context(), b, given) })
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
	return a.ownable(c, &f, 0, func(ctx context.Context, b *standing.Built, _ []string) ([]standing.OwnRow, error) {
		p, err := f.planOf(b)
		if err != nil {
			return nil, err
		}
		return b.League(ctx, p)
	}, "index", "weights", "show", "with")
}

// explained prints how the values of a unit came about.
func (a *app) explained(c *cobra.Command) *cobra.Command {
	return a.ownable(c, new(ownFiles), 1, func(_ context.Context, b *standing.Built, args []string) ([]standing.OwnRow, error) {
		return b.Explain(unitOf(args))
	}, "index", "missing", "show", "with", "recipe")
}

// moved prints what moves the ranks of an index of the reader's own.
func (a *app) moved(c *cobra.Command) *cobra.Command {
	var f ownFiles
	f.planned(c)
	return a.ownable(c, &f, 1, func(ctx context.Context, b *standing.Built, args []string) ([]standing.OwnRow, error) {
		p, err := f.planOf(b)
		if err != nil {
			return nil, err
		}
		gain := 1
		if s, _ := c.Flags().GetString("gain"); s != "" { // the flag is there
			if gain, err = strconv.Atoi(s); err != nil || gain < 1 || gain > standing.MostRanks {
				return nil, wrong("standing.error.gain", "Found", s, "Most", standing.MostRanks)
			}
		}
		return b.Sensitivity(ctx, p, unitOf(args), gain)
	}, "index", "missing", "from")
}

// compared prints units beside one another or, for none, what the second and
// each later of the settings make of the ranks under the first.
func (a *app) compared(c *cobra.Command) *cobra.Command {
	var f ownFiles
	var first *standing.Built
	f.planned(c)
	return a.ownable(c, &f, mostUnits, func(ctx context.Context, b *standing.Built, args []string) ([]standing.OwnRow, error) {
		if len(args) == 0 {
			if first == nil {
				first = b
				return nil, nil
			}
			return first.Moves(b)
		}
		p, err := f.planOf(b)
		if err != nil {
			return nil, err
		}
		return b.Compare(ctx, p, args)
	}, "index", "missing")
}

// mostUnits is how many units of an index can be compared at once.
const mostUnits = 20

// audited prints the evidence by which an index of the reader's own is judged.
func (a *app) audited(c *cobra.Command) *cobra.Command {
	return a.ownable(c, new(ownFiles), 0, func(_ context.Context, b *standing.Built, _ []string) ([]standing.OwnRow, error) { return b.Audit() }, "index", "missing")
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
		Use:   "build --data FILE [--meta FILE] [--config FILE] [--only NAME] [--book FILE]",
		Short: "build indices of your own from two tables and their settings",
		Long: `Build reads the values (iData: uCode, groups, denominators and indicators), the
framework (iMeta: Level, iCode, Direction, Weight, Parent, Type and so on) and
named settings, one JSON object, and prints every score and rank of every
aggregate as lines of config, dataset, level, code, unit and value. A missing
value is an empty cell. The steps are those of the page of the method, in the
order denominate, screen, impute, treat, normalise, aggregate.

FILE may be text in CSV or a workbook (XLSX). A workbook of values with the sheets
iData and iMeta, as COINr has them, needs no --meta, nor does one of the COIN
Tool, whose sheets Database and Framework are read. --book writes a workbook with
both tables and the scores, which build reads again; --coin-tool one with the two
sheets of the COIN Tool.

Nothing is stored. Settings that cannot be built are told on standard error,
with the step and the place; the others are printed all the same, and the exit
status is 1.

rank, explain, sensitivity, compare and audit take the same files.`,
		Example: `  shanyraq standing build --data input.csv --meta meta.csv --config configs.json --only A03
  shanyraq standing build --data index.xlsx --config configs.json --book scores.xlsx`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			own, err := f.open(cmd.Context())
			if err != nil {
				return err
			}
			rows, failed := a.each(own, f.only, func(b *standing.Built) ([]standing.OwnRow, error) { return b.Scores(), nil })
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
	c.Flags().StringVar(&book, "book", "", "`FILE` of a new workbook with the tables and the scores")
	c.Flags().StringVar(&tool, "coin-tool", "", "`FILE` of a new workbook with the two sheets of the COIN Tool")
	for _, name := range []string{"book", "coin-tool"} {
		_ = c.MarkFlagFilename(name) // the flag is there
	}
	return c
}

// writeOwn writes a new workbook of the tables and the scores.
func writeOwn(name string, own *standing.Own, rows []standing.OwnRow) error {
	var data, meta, scores bytes.Buffer
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
