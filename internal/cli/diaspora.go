package cli

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/diaspora"
	"shanyraq/internal/view"
)

func (a *app) diaspora() *cobra.Command {
	list := &cobra.Command{Use: "list", Short: "people abroad: how many in each set, claims about the whole, then host by host",
		Long: `List prints how many people from home live abroad in each of three sets that
overlap, what authors claim of the whole, and the hosts by pooled size and by
claim. Sets and definitions are never added up.`,
		Example: "  shanyraq diaspora list --stock ethnicity\n  shanyraq diaspora list --set citizens --table pooled --csv",
		Args:    cobra.NoArgs}
	claims := &cobra.Command{Use: "claims HOST", Aliases: []string{"show"}, Short: "home's people in one host, claim by claim",
		Long: "Claims prints the pooled sizes and every claim about home's people in one host,\nnamed by its code or by its name, each with its part in the size.", Example: "  shanyraq diaspora claims Germany"}
	pool := &cobra.Command{Use: "pool", Short: "what the claims say together, set by set and host by host",
		Long: `Pool prints the size of each set with its range, the limits of everybody in any
set, and every host. With --prior another value of a prior is tried.`,
		Example: "  shanyraq diaspora pool --set born --year 2020\n  shanyraq diaspora pool --prior walk=0.3,source=0.2", Args: cobra.NoArgs}
	project := &cobra.Command{Use: "project YEAR", Short: "the same for a year to come, with a wider range", Args: cobra.ExactArgs(1),
		Long:    "Project prints the sizes of each set and host in a year up to thirty past the\nnewest claim. The range widens with every year.",
		Example: "  shanyraq diaspora project 2035"}
	explain := &cobra.Command{Use: "explain [HOST]", Short: "why two editions of an estimate differ", Args: cobra.MaximumNArgs(1),
		Long:    "Explain prints where two editions of the United Nations' estimate differ, host by\nhost; and for one host the counts nearer to the one or the other.",
		Example: "  shanyraq diaspora explain RUS"}
	set := "order hosts by the `SET`: ethnic, born or citizens"
	prior := "other priors, as `KEY=NUMBER` with commas between"
	return noun("diaspora", "home's people abroad",
		a.pageOf(list, view.Diaspora, key(list, "stock", "the `DEFINITION` by which claims are put in order"), key(list, "set", set), key(list, "prior", prior), year(list)),
		a.placePage(claims, view.DiasporaHost),
		a.pageOf(pool, pooledOnly, key(pool, "set", set), key(pool, "prior", prior), year(pool)),
		a.pageFor(project, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
			ask.Query.Set("year", args[0])
			return pooledOnly(ctx, h, ask)
		}, key(project, "set", set), key(project, "prior", prior)),
		a.pageFor(explain, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
			if len(args) == 0 {
				return view.DiasporaRevisions(ctx, h, ask)
			}
			return view.DiasporaRevision(ctx, h, ask, place(h, args[0]))
		}),
		a.pageOf(&cobra.Command{Use: "coverage", Short: "which hosts anything is known of, gaps as gaps", Args: cobra.NoArgs}, view.DiasporaCoverage),
		a.pageOf(&cobra.Command{Use: "backtest", Short: "how well pooling foretells counts hidden from it", Args: cobra.NoArgs,
			Long: "Backtest hides the newest count of each host with three claims or more, foretells\nit from the rest, and prints how often the range held it, beside two plain rivals."}, view.DiasporaBacktest),
		a.pageOf(&cobra.Command{Use: "priors", Short: "what is believed before any claim is read, and what hangs on it", Args: cobra.NoArgs}, view.DiasporaPriors),
		a.twoLists(), a.lists(), a.chain(), a.multiplier(), a.scaleUp(), a.whichLists(), a.chainSize())
}

// pooledOnly is the page of the room with its pooled tables alone.
func pooledOnly(ctx context.Context, h *view.House, ask *view.Ask) (*view.Page, error) {
	p, err := view.Diaspora(ctx, h, ask)
	if err != nil {
		return nil, err
	}
	all := *p
	p.Tables = nil
	for _, k := range []string{"stock", "pooled", "old"} {
		if t := all.Table(k); t != nil {
			p.Tables = append(p.Tables, t)
		}
	}
	return p, nil
}

// sizes prints what a way of sizing answers. Nothing is read from a store or
// kept in one.
func (a *app) sizes(kind string, find func() ([]diaspora.Sizing, error)) error {
	return a.found(func() (diaspora.Answer, error) {
		xs, err := find()
		return diaspora.Answer{Kind: kind, Sizes: xs}, err
	})
}

// found is [app.sizes] for a way with more to say than sizes.
func (a *app) found(find func() (diaspora.Answer, error)) error {
	x, err := find()
	if err != nil {
		return err
	}
	if a.json { // the whole lineage, since the figures open nowhere else
		out := []shanyraq.Figure{}
		for _, s := range slices.Concat(x.Sizes, x.Seen) {
			for _, f := range []shanyraq.Figure{s.Figure, s.Truth} {
				if !f.IsZero() {
					out = append(out, f)
				}
			}
		}
		return a.encode(out)
	}
	tables := view.Sizings(&view.Ask{Loc: a.loc}, x)
	if a.table != "" || a.csv {
		for _, t := range tables {
			if a.table == "" || t.Key == a.table {
				return a.one(t)
			}
		}
		var known []string
		for _, t := range tables {
			known = append(known, t.Key)
		}
		return wrong("cli.error.table", "Found", a.table, "Known", strings.Join(known, ", "))
	}
	for i, t := range tables[:len(tables)-1] { // how it was worked out is asked for by --table worked
		if i > 0 {
			a.line("")
		}
		if err := t.WriteText(a.out, a.loc); err != nil {
			return err
		}
	}
	return nil
}

// wholeNumber returns the whole number an argument says.
func wholeNumber(name, s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, wrong("cli.error.number", "Name", name, "Found", s)
	}
	return n, nil
}

func level(c *cobra.Command) *float64 {
	return c.Flags().Float64("level", 0.95, "`LEVEL` of the range")
}

func (a *app) twoLists() *cobra.Command {
	c := &cobra.Command{Use: "two-lists A B BOTH", Short: "size people abroad from two lists that overlap", Args: cobra.ExactArgs(3),
		Long: `Two-lists estimates how many people there are from A people on one list, B on
another and BOTH on both. Only the three numbers are needed; no name, and
nothing is stored.`,
		Example: "  shanyraq diaspora two-lists 100 100 20"}
	at := level(c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		var n [3]int
		for i, name := range []string{"A", "B", "BOTH"} {
			var err error
			if n[i], err = wholeNumber(name, args[i]); err != nil {
				return err
			}
		}
		return a.sizes("two-lists", func() ([]diaspora.Sizing, error) { return diaspora.FromTwoLists(n[0], n[1], n[2], *at) })
	}
	return a.tabled(a.prints(c))
}

func (a *app) lists() *cobra.Command {
	c := &cobra.Command{Use: "lists FILE", Short: "size people abroad from several lists that overlap", Args: cobra.ExactArgs(1),
		Long: `Lists reads a CSV table with a column of 0 and 1 for each list and a column
"count", or "freq", of how many people have that pattern; without it every row
is one person. It prints the size by every way that can answer, classes of
people that differ in all lists among them. The table needs no names, and
nothing is stored. - is standard input.`,
		Example: "  shanyraq diaspora lists overlaps.csv"}
	at := level(c)
	seed := c.Flags().Uint64("seed", 1, "`SEED` of random draws")
	c.RunE = func(_ *cobra.Command, args []string) error {
		sheet, err := a.sheet(args[0])
		if err != nil {
			return err
		}
		patterns, counts, err := sheet.Patterns()
		if err != nil {
			return err
		}
		return a.found(func() (diaspora.Answer, error) { return diaspora.FromLists(patterns, counts, *at, *seed) })
	}
	return a.tabled(a.prints(c))
}

func (a *app) chain() *cobra.Command {
	c := &cobra.Command{Use: "rds FILE", Short: "shares of groups from a chain of people who recruited one another", Args: cobra.ExactArgs(1),
		Long: `Rds reads a CSV table with the columns id, recruiter, degree and group, in the
order of the interviews: a number of a coupon, that of whoever passed it on
(empty for a seed), how many of the population the person knows, and the group
asked about. recruiter.id, network.size and a recruiter called seed, as other
programs have them, are understood. It prints each group's share by each
estimator (RDS-I, RDS-I with smoothed recruitment, RDS-II, and with --population
successive sampling) with its range from a bootstrap, and what the chain shows
of itself: homophily, convergence, bottlenecks. Nothing is stored. - is standard
input.`,
		Example: "  shanyraq diaspora rds chain.csv --population 20000\n  shanyraq diaspora rds chain.csv --group language --bootstrap salganik"}
	at := level(c)
	seed := c.Flags().Uint64("seed", 1, "`SEED` of the bootstrap")
	draws := c.Flags().Int("draws", 1000, "`NUMBER` of bootstrap samples")
	population := c.Flags().Float64("population", 0, "`SIZE` of the population, if it is known")
	group := c.Flags().String("group", "group", "`COLUMN` of the group asked about")
	bootstrap := c.Flags().String("bootstrap", diaspora.Bootstraps()[0], "`KIND` of bootstrap: tree, salganik or gile")
	c.RunE = func(_ *cobra.Command, args []string) error {
		sheet, err := a.sheet(args[0])
		if err != nil {
			return err
		}
		chain, err := sheet.Chain(*group)
		if err != nil {
			return err
		}
		chain.Population = *population
		return a.found(func() (diaspora.Answer, error) {
			return diaspora.FromChain(chain, *bootstrap, *at, *draws, *seed)
		})
	}
	return a.tabled(a.prints(c))
}

func (a *app) chainSize() *cobra.Command {
	c := &cobra.Command{Use: "chain-size FILE", Short: "a check: what the order of recruits says of how many there are", Args: cobra.ExactArgs(1),
		Long: `Chain-size reads the table that rds reads. Where people of many ties come first
and people of few later, the population is running out; how many that makes
depends much on what was thought before, which --prior has to say. A check beside
other sizes and no estimate by itself. Nothing is stored.`,
		Example: "  shanyraq diaspora chain-size chain.csv --prior 20000"}
	at := level(c)
	prior := c.Flags().Float64("prior", 0, "`SIZE` thought likeliest before, the median")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if !(*prior > 0) {
			return wrong("cli.error.prior")
		}
		sheet, err := a.sheet(args[0])
		if err != nil {
			return err
		}
		chain, err := sheet.ChainOnly()
		if err != nil {
			return err
		}
		return a.sizes("chain-size", func() ([]diaspora.Sizing, error) { return diaspora.CheckChain(chain, *prior, *at) })
	}
	return a.tabled(a.prints(c))
}

// sizesOf reads NAME=NUMBER of a flag for columns of a table; without the flag
// nothing can be said.
func sizesOf(given map[string]string, flag string) (names []string, sizes []float64, err error) {
	for name := range given {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		v, err := diaspora.ParseNumber(given[name])
		if err != nil || !(v > 0) {
			return nil, nil, wrong("cli.error.number", "Name", name, "Found", given[name])
		}
		sizes = append(sizes, v)
	}
	if len(names) == 0 {
		return nil, nil, wrong("cli.error.flagsizes", "Flag", "--"+flag)
	}
	return names, sizes, nil
}

func (a *app) scaleUp() *cobra.Command {
	c := &cobra.Command{Use: "scale-up FILE", Short: "size a group by how many of it people know", Args: cobra.ExactArgs(1),
		Long: `Scale-up reads a CSV table with one row a respondent and a column for each group:
how many people of it they know. --known gives the sizes of the groups whose size
is known, --target names the group to size, --population how many people there
are in all. After the estimate each known group is estimated from the others, so
that it is seen how far off such numbers are. Nothing is stored.`,
		Example: "  shanyraq diaspora scale-up answers.csv --known nurses=40000,twins=9000 --target abroad --population 2000000"}
	at := level(c)
	known := c.Flags().StringToString("known", nil, "`GROUP=SIZE` and so on, with commas between")
	target := c.Flags().String("target", "", "`COLUMN` of the group to size")
	population := c.Flags().Float64("population", 0, "`SIZE` of the whole population")
	c.RunE = func(_ *cobra.Command, args []string) error {
		names, sizes, err := sizesOf(*known, "known")
		if err != nil {
			return err
		}
		sheet, err := a.sheet(args[0])
		if err != nil {
			return err
		}
		var groups []diaspora.Known
		for i, name := range names {
			groups = append(groups, diaspora.Known{Name: name, Size: sizes[i]})
		}
		answers, targets, err := sheet.Answers(groups, *target)
		if err != nil {
			return err
		}
		return a.sizes("scale-up", func() ([]diaspora.Sizing, error) {
			return diaspora.FromAcquaintances(groups, answers, targets, *population, *at)
		})
	}
	return a.tabled(a.prints(c))
}

func (a *app) whichLists() *cobra.Command {
	c := &cobra.Command{Use: "which-lists FILE", Short: "size people abroad from a survey that asked which lists they are on", Args: cobra.ExactArgs(1),
		Long: `Which-lists reads a CSV table with one row a respondent and a column of 0 and 1
for each list, and if there is one a column weight. --lengths gives how many
people each list holds. Lists that contradict each other widen the range, and
each list alone comes after the estimate. No list is opened, and nothing is
stored.`,
		Example: "  shanyraq diaspora which-lists answers.csv --lengths consulate=47560,voters=12040"}
	at := level(c)
	lengths := c.Flags().StringToString("lengths", nil, "`LIST=PEOPLE` and so on, with commas between")
	c.RunE = func(_ *cobra.Command, args []string) error {
		names, sizes, err := sizesOf(*lengths, "lengths")
		if err != nil {
			return err
		}
		sheet, err := a.sheet(args[0])
		if err != nil {
			return err
		}
		on, weights, err := sheet.OnLists(names)
		if err != nil {
			return err
		}
		return a.sizes("which-lists", func() ([]diaspora.Sizing, error) {
			return diaspora.FromWhichLists(names, sizes, on, weights, *at)
		})
	}
	return a.tabled(a.prints(c))
}

func (a *app) multiplier() *cobra.Command {
	c := &cobra.Command{Use: "multiplier LENGTH SHARE", Short: "size people abroad from one list and a survey that asked who is on it", Args: cobra.ExactArgs(2),
		Long: `Multiplier divides the length of a list by the share of the population that a
survey found on it. Neither holds names, and nothing is stored. At least one
standard error is needed, or the range would be none.`,
		Example: "  shanyraq diaspora multiplier 4200 0.12 --se-share 0.02"}
	at := level(c)
	seLength := c.Flags().Float64("se-length", 0, "standard `ERROR` of the length")
	seShare := c.Flags().Float64("se-share", 0, "standard `ERROR` of the share")
	c.RunE = func(_ *cobra.Command, args []string) error {
		var v [2]float64
		for i, name := range []string{"LENGTH", "SHARE"} {
			var err error
			if v[i], err = diaspora.ParseNumber(args[i]); err != nil {
				return wrong("cli.error.number", "Name", name, "Found", args[i])
			}
		}
		return a.sizes("multiplier", func() ([]diaspora.Sizing, error) {
			return diaspora.FromMultiplier(v[0], *seLength, v[1], *seShare, *at)
		})
	}
	return a.tabled(a.prints(c))
}

// sheet reads a table with a head and at least one row; - is standard input.
func (a *app) sheet(name string) (diaspora.Sheet, error) {
	in := a.Stdin
	if name != "-" {
		f, err := readable(name)
		if err != nil {
			return diaspora.Sheet{}, err
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, diaspora.SheetLimit+1))
	if err != nil {
		return diaspora.Sheet{}, shanyraq.Errorf("cli.sheet", shanyraq.Other, "%s: %w", name, err)
	}
	return diaspora.ReadSheet(name, body)
}
