package cli

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/ingest"
	"shanyraq/internal/view"
)

func (a *app) source() *cobra.Command {
	list := a.pageOf(&cobra.Command{Use: "list", Short: "the sources held", Args: cobra.NoArgs},
		func(_ context.Context, h *view.House, ask *view.Ask) (*view.Page, error) {
			return view.Sources(h, ask), nil
		})
	show := a.tabled(a.reads(&cobra.Command{Use: "show ID", Short: "one source: its record, its own words and what is held of it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(h *view.House, ask *view.Ask) error {
				p, err := view.OpenSource(cmd.Context(), h, ask, shanyraq.SourceID(args[0]))
				if err != nil {
					return err
				}
				return a.sourcePage(p)
			})
		}}))
	check := a.prints(&cobra.Command{Use: "check [FOLDER or FILE]", Short: "whether sources have what makes their numbers worth showing", Args: cobra.MaximumNArgs(1),
		Long: `Check reads a folder with a SOURCE.md and tables of claims, or one of those files
with its SOURCE.md beside it, as import would, and lists what is wrong:
file:line:column, what, and what to do.

Without an argument it looks at every source held: whether it states a licence,
an address, the day it was taken and its basis, has a checksum, and has claims.
How many years ago it was taken is told too, and is no fault.

The exit status is 1 if anything is wrong.`,
		Example: "  shanyraq source check\n  shanyraq source check downloads/census-2021",
		RunE: func(cmd *cobra.Command, args []string) error {
			m := a.watch("cli.progress.verifying")
			defer m.end()
			if len(args) == 1 {
				return a.checkFiles(cmd.Context(), args[0])
			}
			return a.reading(cmd.Context(), func(h *view.House, ask *view.Ask) error { return a.checkHeld(cmd.Context(), h, ask) })
		}})
	check.Flags().StringVar(&a.at, "at", "", "data `VERSION` to look at")
	check.Flags().BoolVar(&a.csv, "csv", false, "print the table of the sources held as CSV")
	return noun("source", "publications that claims are taken from", list, show, check)
}

// sourcePage prints the record of a source and what is held of it.
func (a *app) sourcePage(p *view.SourcePage) error {
	if a.csv || a.table != "" {
		if a.table != "" && a.table != p.Held.Key {
			return wrong("cli.error.table", "Found", a.table, "Known", p.Held.Key)
		}
		return a.one(p.Held)
	}
	if a.json {
		return a.encode(struct {
			Source shanyraq.Source `json:"source"`
			Notes  string          `json:"notes"`
			Held   any             `json:"held"`
		}{p.Source, p.Notes, p.Held.JSON(a.loc)})
	}
	s := p.Source
	a.line(s.Title)
	a.named("sources.publisher", s.Publisher)
	a.named("sources.edition", s.Edition)
	a.named("cli.source.address", s.Address)
	a.named("cli.source.carrier", s.Carrier)
	a.named("sources.taken", p.Taken)
	a.named("common.strength", a.loc.Strength(s.Strength))
	a.named("sources.licence", s.Licence)
	a.named("cli.source.terms", s.Terms)
	a.named("cli.source.faults", s.Faults)
	a.named("cli.source.checksum", s.Checksum)
	if p.Notes != "" {
		a.line("\n" + p.Notes)
	}
	a.line("")
	return p.Held.WriteText(a.out, a.loc)
}

// A checkedSource is what was found of one source held.
type checkedSource struct {
	ID       shanyraq.SourceID `json:"id"`
	Taken    shanyraq.Period   `json:"taken"`
	Years    *int              `json:"years"` // since it was taken; null if that is not known
	Claims   int               `json:"claims"`
	Problems []string          `json:"problems"` // licence, address, taken, strength, checksum, claims
}

// checkHeld looks at the record of every source held.
func (a *app) checkHeld(ctx context.Context, h *view.House, ask *view.Ask) error {
	sources, err := h.Library.Sources(ctx)
	if err != nil {
		return err
	}
	calls, err := h.Library.RollCalls(ctx)
	if err != nil && shanyraq.KindOf(err) != shanyraq.NotFound {
		return err
	}
	var all []checkedSource
	bad := false
	for _, s := range sources {
		cs, err := h.Library.Claims(ctx, shanyraq.Query{Sources: []shanyraq.SourceID{s.ID}})
		if err != nil {
			return err
		}
		c := checkedSource{ID: s.ID, Taken: s.Taken, Claims: len(cs), Problems: recordProblems(s)}
		if y := s.Taken.Year(); y != 0 {
			years := ask.Today.Year() - y
			c.Years = &years
		}
		if len(cs) == 0 && !slices.Contains(calls.Sources, s.ID) {
			c.Problems = append(c.Problems, "claims")
		}
		bad = bad || len(c.Problems) > 0
		all = append(all, c)
	}
	if err := a.checkedTable(sources, all); err != nil {
		return err
	}
	if bad {
		return errFound
	}
	return nil
}

// recordProblems returns what a source lacks of what makes its numbers worth
// showing.
func recordProblems(s shanyraq.Source) []string {
	lacks := []string{}
	add := func(missing bool, what string) {
		if missing {
			lacks = append(lacks, what)
		}
	}
	add(s.Licence == "", "licence")
	u, err := url.Parse(s.Address)
	add(err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "", "address")
	add(s.Taken == "", "taken")
	add(s.Strength.String() == "", "strength")
	add(len(s.Checksum) != 64, "checksum") // SHA-256 in hexadecimal digits
	return lacks
}

func (a *app) checkedTable(sources []shanyraq.Source, all []checkedSource) error {
	if a.json {
		return a.encode(all)
	}
	t := &view.Table{Key: "checked", Title: a.loc.T("cli.check.title", "Count", len(all)), RowHead: a.loc.T("common.source"),
		Columns: []view.Column{{Key: "strength", Label: a.loc.T("common.strength")}, {Key: "taken", Label: a.loc.T("sources.taken")}, {Key: "years", Label: a.loc.T("cli.check.years")}, {Key: "claims", Label: a.loc.T("cli.check.claims")}, {Key: "problems", Label: a.loc.T("cli.check.problems")}}}
	for i, c := range all {
		years, problems := "", make([]string, len(c.Problems))
		if c.Years != nil {
			years = strconv.Itoa(*c.Years)
		}
		for k, p := range c.Problems {
			problems[k] = a.loc.T("cli.check.lacks." + p)
		}
		t.Add(view.Row{Key: string(c.ID), Label: string(c.ID)}, view.Cell{Text: a.loc.Strength(sources[i].Strength)}, view.Cell{Text: a.loc.Period(c.Taken)},
			view.Cell{Text: years}, view.Cell{Text: a.loc.Number(float64(c.Claims), 0)}, view.Cell{Text: cmp.Or(strings.Join(problems, "; "), a.loc.T("cli.check.none"))})
	}
	return a.one(t)
}

// A checkedFile is what was found in one file.
type checkedFile struct {
	File   string         `json:"file"`
	Claims int            `json:"claims"`
	Faults []ingest.Fault `json:"faults"`
	More   int            `json:"more"` // faults beyond those
}

// checkFiles reads a folder, or one file, as import would.
func (a *app) checkFiles(ctx context.Context, name string) error {
	info, err := os.Stat(name)
	if err != nil {
		_, err = readable(name)
		return err
	}
	folder, files := name, []string{name}
	if !info.IsDir() {
		folder = filepath.Dir(name)
	} else if files, err = filepath.Glob(filepath.Join(escapeGlob(name), "*.csv")); err != nil {
		return shanyraq.Errorf("cli.checkFiles", shanyraq.Other, "%w", err)
	}
	record := filepath.Join(folder, "SOURCE.md")
	files = slices.DeleteFunc(files, func(f string) bool { return filepath.Base(f) == "SOURCE.md" })
	var all []checkedFile
	rec, faults, err := readRecord(record)
	if err != nil {
		return err
	}
	all = append(all, faults)
	if len(faults.Faults) == 0 {
		err = a.using(ctx, OpenOptions{ReadOnly: true}, func(ws view.Workspace) error {
			for _, f := range files {
				c, err := checkTable(ctx, ws, f, record, shanyraq.CountryCode(a.home))
				if err != nil {
					return err
				}
				all = append(all, c)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return a.checkedFiles(rec, all)
}

// escapeGlob returns the name as a pattern that only it matches.
func escapeGlob(name string) string {
	return strings.NewReplacer(`[`, `[[]`, `*`, `[*]`, `?`, `[?]`).Replace(name)
}

// readRecord reads a SOURCE.md as import does: the folder need not have the
// name of the source.
func readRecord(name string) (ingest.Record, checkedFile, error) {
	c := checkedFile{File: name, Faults: []ingest.Fault{}}
	f, err := readable(name)
	if err != nil {
		return ingest.Record{}, c, err
	}
	defer f.Close()
	rec, err := ingest.ReadRecord(f, filepath.Base(name))
	return rec, c, c.note(err)
}

// note takes over the faults in err, and returns any other error.
func (c *checkedFile) note(err error) error {
	var faults *ingest.Faults
	if !errors.As(err, &faults) {
		return err
	}
	c.Faults, c.More = faults.List, faults.More
	for i := range c.Faults {
		c.Faults[i].File = c.File
	}
	return nil
}

func checkTable(ctx context.Context, ws view.Workspace, name, record string, home shanyraq.CountryCode) (checkedFile, error) {
	c := checkedFile{File: name, Faults: []ingest.Fault{}}
	table, err := readable(name)
	if err != nil {
		return c, err
	}
	defer table.Close()
	rec, err := readable(record)
	if err != nil {
		return c, err
	}
	defer rec.Close()
	s, err := ws.Stage(ctx, view.Upload{Name: name, Table: table, Record: rec, RecName: record}, home)
	if err != nil {
		return c, c.note(err)
	}
	c.Claims = len(s.Claims)
	return c, nil
}

// checkedFiles prints what was found in files.
func (a *app) checkedFiles(rec ingest.Record, all []checkedFile) error {
	bad := slices.ContainsFunc(all, func(c checkedFile) bool { return len(c.Faults) > 0 })
	if a.json {
		if err := a.encode(all); err != nil {
			return err
		}
	} else {
		for _, c := range all {
			for _, line := range a.faultLines(&ingest.Faults{List: c.Faults, More: c.More}) {
				a.line(line)
			}
			switch {
			case len(c.Faults) > 0:
			case filepath.Base(c.File) == "SOURCE.md":
				a.line(a.loc.T("cli.check.record", "File", c.File, "Title", rec.Source.Title))
			default:
				a.line(a.loc.T("cli.check.table", "File", c.File, "Count", c.Claims))
			}
		}
	}
	if bad {
		return errFound
	}
	return nil
}
