package cli

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq/internal/view"
)

func (a *app) figure() *cobra.Command {
	return a.reads(&cobra.Command{
		Use:   "figure PATH",
		Short: "where one number comes from",
		Long: `Figure prints the lineage of one number, the same as its page: the value in
full, the formula with the numbers put in, the inputs, the sources, what must
hold and which way the number errs where it does not, what others say of the
same thing, and how to cite it.

PATH is where the number opens: what follows /f/ in the address of its page,
"path" and "href" in JSON. An address is taken as well.`,
		Example: `  shanyraq figure standing/material/KAZ/2024/rank
  shanyraq figure 'standing/material/KAZ/2024/rank?w.gdp=2' --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(h *view.House, ask *view.Ask) error {
				l, err := view.OpenFigure(cmd.Context(), h, ask, figurePath(args[0]))
				if err != nil {
					return err
				}
				if a.json {
					return a.encode(l.Figure)
				}
				return a.lineage(l)
			})
		},
	})
}

// figurePath returns the path in what may be an address of a figure's page.
func figurePath(s string) string {
	rest, ok := s, false
	if strings.Contains(s, "://") {
		_, rest, ok = strings.Cut(s, "/f/")
	} else {
		rest, ok = strings.CutPrefix(strings.TrimPrefix(s, "/"), "f/")
	}
	if !ok {
		return s
	}
	path, query, more := strings.Cut(rest, "?")
	if p, err := url.PathUnescape(path); err == nil {
		path = p
	}
	if more {
		path += "?" + query
	}
	return path
}

// lineage prints the page of a figure.
func (a *app) lineage(l *view.Lineage) error {
	a.line(l.Title)
	if l.Subtitle != "" {
		a.line(l.Subtitle)
	}
	a.line(l.Value)
	a.line(l.KindLong)
	a.line("")
	a.named("cli.figure.method", l.Method.Label)
	a.named("cli.figure.formula", l.Formula)
	if l.Draws > 0 {
		a.line(a.loc.T("cli.figure.draws", "Count", l.Draws, "Seed", strconv.FormatUint(l.Seed, 10)))
	}
	if c := l.Claim; c != nil {
		a.named("cli.figure.who", c.Who)
		a.named("cli.figure.when", c.When)
		a.named("cli.figure.definition", c.Definition)
		a.named("cli.figure.meaning", c.Meaning)
		a.named("cli.figure.strength", c.Strength)
		a.named("cli.figure.note", c.Note)
	}
	if len(l.Inputs) > 0 {
		a.line("\n" + a.loc.T("cli.figure.inputs"))
		paths := l.Figure.Lineage().Inputs // in the same order
		for i, in := range l.Inputs {
			s := "  "
			if in.Symbol != "" {
				s += in.Symbol + " = "
			}
			a.line(s + in.Value)
			a.line("    " + in.Label)
			a.line("    " + paths[i].Path)
		}
	}
	a.line("\n" + a.loc.T("cli.figure.sources"))
	for _, s := range l.Sources {
		a.line("  " + s.Label)
		for _, part := range []string{joined(s.Publisher, s.Strength, s.Taken), s.Licence, s.Address} {
			if part != "" {
				a.line("    " + part)
			}
		}
	}
	if len(l.Assumptions) > 0 {
		a.line("\n" + a.loc.T("cli.figure.assumptions"))
		for _, x := range l.Assumptions {
			a.line("  " + x.Text)
			a.line("    " + a.loc.T("cli.figure.errs", "Way", x.Errs))
		}
	}
	if l.Rivals != nil {
		a.line("")
		if err := l.Rivals.WriteText(a.out, a.loc); err != nil {
			return err
		}
	}
	a.line("\n" + a.loc.T("cli.figure.cite"))
	a.line("  " + l.Cite)
	return nil
}

// joined returns the parts that say something, with semicolons between.
func joined(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "; ")
}
