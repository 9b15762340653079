package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/standing"
	"shanyraq/internal/view"
)

// An indexed is a function of package view that makes a page of one index.
type indexed = func(context.Context, *view.House, *view.Ask, standing.IndexKey) (*view.Page, error)

// asHome makes the country that is the argument home for one answer.
func asHome(h *view.House, ask *view.Ask, s string) error {
	home, err := h.Home(string(place(h, s)))
	if err != nil {
		return err
	}
	ask.Home = home
	ask.Query.Set("home", string(home))
	return nil
}

// indexPage makes c print a page of the index that --index names, about the
// country that is its argument or else home.
func (a *app) indexPage(c *cobra.Command, page indexed, settings ...setting) *cobra.Command {
	var keys []string
	for _, k := range standing.IndexKeys() {
		keys = append(keys, string(k))
	}
	settings = append(settings, year(c), key(c, "index", "the index, as a `KEY`: "+strings.Join(keys, ", ")), key(c, "missing", "what a missing value counts as: `RULE` drop or zero"))
	_ = c.RegisterFlagCompletionFunc("index", cobra.FixedCompletions(keys, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		if len(args) > 0 {
			if err := asHome(h, ask, args[0]); err != nil {
				return nil, err
			}
		}
		return page(ctx, h, ask, standing.IndexKeys()[0])
	}, settings...)
}

// mostBeside is how many countries can stand beside home.
const mostBeside = 3

// indexCommands are the commands about the built-in indices.
func (a *app) indexCommands() []*cobra.Command {
	sensitivity := &cobra.Command{Use: "sensitivity [COUNTRY]", Short: "what moves a country's rank, and the least that gains ranks", Args: cobra.MaximumNArgs(1),
		Long: `Sensitivity prints how much of the uncertainty of the country's rank goes with its
data, the weights and the method; what each indicator alone would have to become
to gain so many ranks; and why the rank differs from that of another year: its
own values, those of others, who was counted, or the method.`,
		Example: "  shanyraq standing sensitivity --index cinc --gain 3\n  shanyraq standing sensitivity TUR --from 2015 --table change\n  shanyraq standing sensitivity U07 --data input.csv --meta meta.csv --config configs.json --only A03"}
	compare := &cobra.Command{Use: "compare COUNTRY [COUNTRY...]", Short: "home beside up to three countries, element by element",
		Args: cobra.ArbitraryArgs,
		Long: `Compare prints where home and up to three countries, named by code or name, stand
on an index and on each of its elements, and how often each stands above each.`,
		Example: "  shanyraq standing compare UZB AZE --index softpower\n  shanyraq standing compare --data input.csv --meta meta.csv --config configs.json --only A03,A05"}
	audit := &cobra.Command{Use: "audit", Short: "the ten steps by which an index is judged, with the evidence", Args: cobra.NoArgs,
		Long: `Audit prints the sheet of the ten steps of the handbook of composite indicators for
one index: whether each is done, and the figure that shows it.`,
		Example: "  shanyraq standing audit --index network --csv"}
	c := a.pageFor(compare, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		codes := make([]string, len(args))
		for i, s := range args {
			home, err := h.Home(string(place(h, s)))
			if err != nil {
				return nil, err
			}
			codes[i] = string(home)
		}
		ask.Query.Set("with", strings.Join(codes, ","))
		return view.StandingCompare(ctx, h, ask, standing.IndexKeys()[0])
	}, year(compare), key(compare, "index", "the index, as a `KEY`"), key(compare, "missing", "what a missing value counts as: `RULE` drop or zero"))
	beside := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) < 1 || len(args) > mostBeside {
			return wrong("cli.error.beside", "Found", len(args), "Most", mostBeside)
		}
		return beside(cmd, args)
	}
	return []*cobra.Command{
		a.explained(a.explain()),
		a.moved(a.indexPage(sensitivity, view.StandingSensitivity, key(sensitivity, "gain", "how many `RANKS` to gain"), key(sensitivity, "from", "the `YEAR` to compare with"))),
		a.compared(c),
		a.audited(a.indexPage(audit, view.StandingAudit)),
	}
}

// explain prints one index with where a country stands on each element, or the
// text file it is made from.
func (a *app) explain() *cobra.Command {
	c := &cobra.Command{Use: "explain [COUNTRY]", Short: "an index: its league, what it is made of, and a country's profile", Args: cobra.MaximumNArgs(1),
		Long: `Explain prints one built-in index: the countries around the country with the ranks
each could hold, its strengths and weaknesses, published rankings beside it, the
weights and sources of every element, and what is varied. With --recipe it
prints the text file the index is made from, and nothing else.`,
		Example: "  shanyraq standing explain --index cinc\n  shanyraq standing explain TUR --index softpower --table profile\n  shanyraq standing explain --index network --recipe"}
	recipe := c.Flags().Bool("recipe", false, "print the text file of the index")
	c = a.indexPage(c, view.StandingIndex, all(c, "`all` ranked countries, not only those around"), key(c, "with", "further countries, as `CODES` with commas between"))
	run := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if !*recipe {
			return run(cmd, args)
		}
		k := standing.IndexKeys()[0]
		if s, _ := cmd.Flags().GetString("index"); s != "" { // the flag is there
			k = standing.IndexKey(s)
		}
		b, err := standing.RecipeText(k)
		if err != nil {
			return err
		}
		if _, err := a.out.Write(b); err != nil {
			return shanyraq.Errorf("cli", shanyraq.Other, "%w", err)
		}
		return nil
	}
	return c
}
