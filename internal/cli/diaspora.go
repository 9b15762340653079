package cli

import (
	"context"
	"encoding/csv"
	"errors"
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
	for _, k := range []string{"stock", "pooled"} {
		p.Tables = append(p.Tables, all.Table(k))
	}
	return p, nil
}

// sizes prints what a way of sizing answers. Nothing is read from a store or
// kept in one.
func (a *app) sizes(kind string, find func() ([]diaspora.Sizing, error)) error {
	xs, err := find()
	if err != nil {
		return err
	}
	if a.json { // the whole lineage, since the figures open nowhere else
		out := make([]shanyraq.Figure, len(xs))
		for i, x := range xs {
			out[i] = x.Figure
		}
		return a.encode(out)
	}
	return a.one(view.Sizings(&view.Ask{Loc: a.loc}, kind, xs))
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
"count" of how many people have that pattern; without it every row is one
person. It prints the size by every way that can answer. The table needs no
names, and nothing is stored. - is standard input.`,
		Example: "  shanyraq diaspora lists overlaps.csv"}
	at := level(c)
	seed := c.Flags().Uint64("seed", 1, "`SEED` of random draws")
	c.RunE = func(_ *cobra.Command, args []string) error {
		head, rows, err := a.readCSV(args[0])
		if err != nil {
			return err
		}
		var patterns []string
		var counts []int
		for i, r := range rows {
			p, n := "", 1
			for j, v := range r {
				if strings.EqualFold(head[j], "count") {
					if n, err = strconv.Atoi(v); err != nil || n < 0 {
						return refuse("cli.error.cell", "Where", cellOf(args[0], i+2, head[j]), "Found", v, "Want", "0, 1, 2, ...")
					}
					continue
				}
				if v != "0" && v != "1" {
					return refuse("cli.error.cell", "Where", cellOf(args[0], i+2, head[j]), "Found", v, "Want", "0, 1")
				}
				p += v
			}
			patterns, counts = append(patterns, p), append(counts, n)
		}
		return a.sizes("lists", func() ([]diaspora.Sizing, error) { return diaspora.FromLists(patterns, counts, *at, *seed) })
	}
	return a.tabled(a.prints(c))
}

func (a *app) chain() *cobra.Command {
	c := &cobra.Command{Use: "rds FILE", Short: "shares of groups from a chain of people who recruited one another", Args: cobra.ExactArgs(1),
		Long: `Rds reads a CSV table with the columns id, recruiter, degree and group, in the
order of the interviews: a number of a coupon, that of whoever passed it on
(empty for a seed), how many of the population the person knows, and the group
asked about. It prints each group's share with its range from the tree
bootstrap. Nothing is stored. - is standard input.`,
		Example: "  shanyraq diaspora rds chain.csv --population 20000"}
	at := level(c)
	seed := c.Flags().Uint64("seed", 1, "`SEED` of the bootstrap")
	draws := c.Flags().Int("draws", 1000, "`NUMBER` of bootstrap samples")
	population := c.Flags().Float64("population", 0, "`SIZE` of the population, if it is known")
	c.RunE = func(_ *cobra.Command, args []string) error {
		chain, err := a.readChain(args[0])
		if err != nil {
			return err
		}
		chain.Population = *population
		return a.sizes("rds", func() ([]diaspora.Sizing, error) { return diaspora.FromChain(chain, *at, *draws, *seed) })
	}
	return a.tabled(a.prints(c))
}

// readChain reads respondents who recruited one another.
func (a *app) readChain(file string) (chain diaspora.Chain, err error) {
	head, rows, err := a.readCSV(file)
	if err != nil {
		return chain, err
	}
	column := map[string]int{}
	for j, name := range head {
		column[strings.ToLower(name)] = j
	}
	for _, name := range []string{"id", "recruiter", "degree", "group"} {
		if _, ok := column[name]; !ok {
			return chain, refuse("cli.error.column", "Where", file+":1", "Name", name)
		}
	}
	for i, r := range rows {
		d, err := strconv.ParseFloat(r[column["degree"]], 64)
		if err != nil {
			return chain, refuse("cli.error.cell", "Where", cellOf(file, i+2, "degree"), "Found", r[column["degree"]], "Want", "1, 2, 3, ...")
		}
		chain.IDs = append(chain.IDs, r[column["id"]])
		chain.Recruiters = append(chain.Recruiters, r[column["recruiter"]])
		chain.Degrees = append(chain.Degrees, d)
		chain.Groups = append(chain.Groups, r[column["group"]])
	}
	return chain, nil
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
		chain, err := a.readChain(args[0])
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
		v, err := strconv.ParseFloat(given[name], 64)
		if err != nil || !(v > 0) {
			return nil, nil, wrong("cli.error.number", "Name", name, "Found", given[name])
		}
		sizes = append(sizes, v)
	}
	if len(names) == 0 {
		return nil, nil, wrong("cli.error.sizes", "Flag", "--"+flag)
	}
	return names, sizes, nil
}

// columnsOf returns where the names stand in the head of a table.
func columnsOf(file string, head, names []string) ([]int, error) {
	out := make([]int, len(names))
	for i, name := range names {
		if out[i] = slices.IndexFunc(head, func(h string) bool { return strings.EqualFold(h, name) }); out[i] < 0 {
			return nil, refuse("cli.error.column", "Where", file+":1", "Name", name)
		}
	}
	return out, nil
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
		head, rows, err := a.readCSV(args[0])
		if err != nil {
			return err
		}
		at0, err := columnsOf(args[0], head, append(slices.Clone(names), *target))
		if err != nil {
			return err
		}
		var groups []diaspora.Known
		for i, name := range names {
			groups = append(groups, diaspora.Known{Name: name, Size: sizes[i]})
		}
		var answers [][]float64
		var targets []float64
		for i, r := range rows {
			row := make([]float64, len(at0))
			for j, k := range at0 {
				if row[j], err = strconv.ParseFloat(r[k], 64); err != nil || row[j] < 0 {
					return refuse("cli.error.cell", "Where", cellOf(args[0], i+2, head[k]), "Found", r[k], "Want", "0, 1, 2, ...")
				}
			}
			answers, targets = append(answers, row[:len(names)]), append(targets, row[len(names)])
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
		head, rows, err := a.readCSV(args[0])
		if err != nil {
			return err
		}
		at0, err := columnsOf(args[0], head, names)
		if err != nil {
			return err
		}
		weight := slices.IndexFunc(head, func(h string) bool { return strings.EqualFold(h, "weight") })
		var on [][]bool
		var weights []float64
		for i, r := range rows {
			row := make([]bool, len(at0))
			for j, k := range at0 {
				if r[k] != "0" && r[k] != "1" {
					return refuse("cli.error.cell", "Where", cellOf(args[0], i+2, head[k]), "Found", r[k], "Want", "0, 1")
				}
				row[j] = r[k] == "1"
			}
			on = append(on, row)
			if weight >= 0 {
				w, err := strconv.ParseFloat(r[weight], 64)
				if err != nil || w < 0 {
					return refuse("cli.error.cell", "Where", cellOf(args[0], i+2, head[weight]), "Found", r[weight], "Want", "0.5, 1, 2, ...")
				}
				weights = append(weights, w)
			}
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
			if v[i], err = strconv.ParseFloat(args[i], 64); err != nil {
				return wrong("cli.error.number", "Name", name, "Found", args[i])
			}
		}
		return a.sizes("multiplier", func() ([]diaspora.Sizing, error) {
			return diaspora.FromMultiplier(v[0], *seLength, v[1], *seShare, *at)
		})
	}
	return a.tabled(a.prints(c))
}

// csvLimit is how large a table for sizing may be, in bytes.
const csvLimit = 16 << 20

// readCSV reads a table with a head and at least one row.
func (a *app) readCSV(name string) (head []string, rows [][]string, err error) {
	in := a.Stdin
	if name != "-" {
		f, err := readable(name)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, csvLimit+1))
	if err != nil {
		return nil, nil, shanyraq.Errorf("cli.readCSV", shanyraq.Other, "%s: %w", name, err)
	}
	if len(body) > csvLimit {
		return nil, nil, refuse("cli.error.csv", "Where", name, "Detail", "> 16 MiB")
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(body), "\ufeff")))
	r.TrimLeadingSpace = true
	all, err := r.ReadAll()
	if err != nil {
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return nil, nil, refuse("cli.error.csv", "Where", name+":"+strconv.Itoa(parse.Line)+":"+strconv.Itoa(parse.Column), "Detail", parse.Err.Error())
		}
		return nil, nil, refuse("cli.error.csv", "Where", name, "Detail", err.Error())
	}
	if len(all) < 2 {
		return nil, nil, refuse("cli.error.csv", "Where", name, "Detail", "no rows under a head")
	}
	for i := range all {
		for j := range all[i] {
			all[i][j] = strings.TrimSpace(all[i][j])
		}
	}
	return all[0], all[1:], nil
}

// cellOf names a cell of a table: file, line and column.
func cellOf(file string, line int, name string) string {
	return file + ":" + strconv.Itoa(line) + ", " + name
}
