package cli

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/standing"
	"shanyraq/internal/view"
)

// A setting puts what a flag says under its key of the page's address.
type setting func(url.Values) error

// A paged is a function of package view that makes a page.
type paged = func(context.Context, *view.House, *view.Ask) (*view.Page, error)

// A paging makes a page of one place.
type paging = func(context.Context, *view.House, *view.Ask, shanyraq.CountryCode) (*view.Page, error)

// pageOf makes c print one page. The page is given the query that the settings
// make, so that a flag and a key of the address are read alike.
func (a *app) pageOf(c *cobra.Command, page paged, settings ...setting) *cobra.Command {
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, _ []string) (*view.Page, error) {
		return page(ctx, h, ask)
	}, settings...)
}

// placePage makes c print the page of the place that is its argument.
func (a *app) placePage(c *cobra.Command, page paging) *cobra.Command {
	c.Args = cobra.ExactArgs(1)
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		return page(ctx, h, ask, place(h, args[0]))
	})
}

func (a *app) pageFor(c *cobra.Command, page func(context.Context, *view.House, *view.Ask, []string) (*view.Page, error), settings ...setting) *cobra.Command {
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
			if err := withPlaces(h, ask); err != nil {
				return err
			}
			p, err := page(cmd.Context(), h, ask, args)
			if err != nil {
				return err
			}
			return a.page(h, p)
		})
	}
	return a.tabled(a.reads(c))
}

// withPlaces puts codes for the further places that are asked for by name, and
// refuses one that is none.
func withPlaces(h *view.House, ask *view.Ask) error {
	with := ask.Query.Get("with")
	if with == "" {
		return nil
	}
	var codes []string
	for s := range strings.SplitSeq(with, ",") {
		code, err := h.Home(string(place(h, s)))
		if err != nil {
			return err
		}
		codes = append(codes, string(code))
	}
	ask.Query.Set("with", strings.Join(codes, ","))
	return nil
}

// year adds a flag for a year.
func year(c *cobra.Command) setting {
	y := c.Flags().Int("year", 0, "`YEAR`; else the latest there is")
	return func(q url.Values) error {
		if c.Flags().Changed("year") {
			q.Set("year", strconv.Itoa(*y))
		}
		return nil
	}
}

// key adds a flag of the name of a key of the address.
func key(c *cobra.Command, name, usage string) setting {
	v := c.Flags().String(name, "", usage)
	return func(q url.Values) error {
		if *v != "" {
			q.Set(name, *v)
		}
		return nil
	}
}

// all adds a flag to show all there is, as the key of the address has it.
func all(c *cobra.Command, usage string) setting {
	v := c.Flags().String("show", "", usage)
	return func(q url.Values) error {
		switch {
		case !c.Flags().Changed("show"):
		case *v != "all":
			return wrong("cli.error.option", "Flag", "--show", "Found", *v, "Known", "all")
		default:
			q.Set("show", *v)
		}
		return nil
	}
}

// weights adds a flag for the weights of a composite.
func weights(c *cobra.Command) setting {
	given := c.Flags().StringToString("weights", nil, "`COMPONENT=NUMBER` and so on, with commas between: gdp, population, military")
	return func(q url.Values) error {
		for name, v := range *given {
			var known []string
			for _, k := range standing.Components() {
				known = append(known, string(k))
			}
			if !slices.Contains(known, name) {
				return wrong("cli.error.weight", "Found", name, "Known", strings.Join(known, ", "))
			}
			if _, err := strconv.ParseFloat(v, 64); err != nil {
				return wrong("cli.error.number", "Name", name, "Found", v)
			}
			q.Set("w."+name, v)
		}
		return nil
	}
}

// policy adds a flag for the weights of a stated policy.
func policy(c *cobra.Command) setting {
	given := c.Flags().StringToString("policy", nil, "the division home says it wants, as `POWER=WEIGHT` and so on, with commas between")
	return func(q url.Values) error {
		for name, v := range *given {
			if _, err := strconv.ParseFloat(v, 64); err != nil {
				return wrong("cli.error.number", "Name", name, "Found", v)
			}
			q.Set("policy."+strings.ToUpper(name), v)
		}
		return nil
	}
}

func (a *app) standing() *cobra.Command {
	rank := &cobra.Command{
		Use:   "rank",
		Short: "rank countries by material capability, with the ranks each could hold",
		Long: `Rank prints the countries around home by their share of the world's output,
people and military spending, each with the ranks it could hold if the weights
of the three were others; then who calls home a middle power and who does not,
and what it has done.

The weights need not add up to anything: 2,1,1 and 50,25,25 are the same. One
that is left out is 1.`,
		Example: `  shanyraq standing rank --year 2020 --show all
  shanyraq standing rank --weights gdp=2,population=1,military=1 --with UZB,AZE
  shanyraq standing rank --table league --csv
  shanyraq standing rank --data input.csv --meta meta.csv --config configs.json --only A03`,
		Args: cobra.NoArgs,
	}
	return noun("standing", "where home stands among other countries", append([]*cobra.Command{a.ranked(a.pageOf(rank, view.Standing,
		year(rank), weights(rank), key(rank, "index", "another index, as a `KEY`: cinc, net, network, softpower"),
		all(rank, "`all` ranked countries, not only those around home"),
		key(rank, "with", "further countries, as `CODES` with commas between"))), a.classify(), a.tiers(), a.conduct(), a.build(), a.export()}, a.indexCommands()...)...)
}

func (a *app) vectors() *cobra.Command {
	balance := &cobra.Command{Use: "balance", Short: "how the balance among the powers changed, year by year", Args: cobra.NoArgs,
		Long: `Balance prints how home's ties divided among the powers in every year for which
there are claims, domain by domain, as if among how many equal partners (states,
and with the European Union as one), how near it was to a policy, and what changed
in the yearly series in 2022.

The policy is an equal division unless --policy gives weights. They need not add
up to anything, and powers without one are not compared.`,
		Example: "  shanyraq vectors balance --table history-people --csv\n  shanyraq vectors balance --policy RUS=30,CHN=30,EUU=40 --table history-exports"}
	asymmetry := &cobra.Command{Use: "asymmetry", Short: "who depends on whom, and what halving a tie would cost", Args: cobra.NoArgs,
		Long: `Asymmetry prints how much home and each power depend on each other, where home
stands between two of them, what home loses if a tie halves, and where two
sides' books of one trade differ; what each trade is to both sides (salience,
symmetry, interdependence), and how far each power could press home by their
ties, a measure of our own.`,
		Example: "  shanyraq vectors asymmetry --first CHN --second RUS --table between\n  shanyraq vectors asymmetry --table bonds\n  shanyraq vectors asymmetry --table pressure"}
	votes := &cobra.Command{Use: "votes", Short: "home's place in the General Assembly, and what moved it", Args: cobra.NoArgs,
		Long: `Votes prints home's position in each session of the General Assembly, estimated
from the recorded votes of all states, by all sessions together and by each alone
(--table alone), how far it is from each power, how alike they vote by four
measures (--table likeness), where every state stood in one session (--table
assembly), and the votes that moved home from one session to another.`,
		Example: "  shanyraq vectors votes --from 2014 --to 2019 --table moves\n  shanyraq vectors votes --table likeness --csv\n  shanyraq vectors votes --map 1992 --table assembly"}
	routes := &cobra.Command{Use: "routes", Short: "the routes out of the country, and what stops if one closes", Args: cobra.NoArgs,
		Long: `Routes prints what each route carries, what stops if it closes or a country it
crosses shuts, and the freight of corridors, year by year.`,
		Example: "  shanyraq vectors routes --table closed"}
	readings := &cobra.Command{Use: "readings", Aliases: []string{"hypotheses"}, Short: "rival readings of home's course, put to the figures", Args: cobra.NoArgs,
		Long: `Readings prints what each of five readings of home's course among the powers
expects, the figure, and whether it agrees.`,
		Example: "  shanyraq vectors readings --first CHN --second USA --table readings"}
	poles := func(c *cobra.Command) []setting {
		return []setting{key(c, "first", "the first pole, as a `CODE`"), key(c, "second", "the second pole, as a `CODE`")}
	}
	return noun("vectors", "home's ties with the great powers",
		a.pageOf(&cobra.Command{Use: "list", Short: "how home's ties divide among the powers, domain by domain", Args: cobra.NoArgs}, view.Vectors),
		a.placePage(&cobra.Command{Use: "show POWER", Short: "home's ties with one power",
			Long: "Show prints home's ties with one power, named by its code or by its name.", Example: "  shanyraq vectors show CHN"}, view.Vector),
		a.pageOf(balance, view.VectorsBalance, policy(balance)),
		a.pageOf(asymmetry, view.VectorsAsymmetry, poles(asymmetry)...),
		a.pageOf(votes, view.VectorsVotes,
			key(votes, "from", "the `YEAR` of the session home came from"), key(votes, "to", "the `YEAR` of the session it went to"),
			key(votes, "map", "the `YEAR` of the session whose positions are listed, else the last"),
			key(votes, "show", "`all` states, not only those nearest and farthest")),
		a.pageOf(routes, view.VectorsRoutes),
		a.pageOf(readings, view.VectorsReadings, poles(readings)...),
		a.vectorsFreight(), a.vectorsNetwork(), a.vectorsActs(), a.vectorsCoding(),
		a.vectorsEvents())
}

func (a *app) hosts() *cobra.Command {
	list := &cobra.Command{Use: "list", Short: "all countries, with a few measures of each", Args: cobra.NoArgs,
		Example: "  shanyraq hosts list --group turkic --series NY.GDP.PCAP.PP.CD"}
	return noun("hosts", "what is known of other countries",
		a.pageOf(list, view.Hosts, key(list, "group", "only the members of the `GROUP`"), key(list, "series", "a `SERIES` to show beside the others")),
		a.placePage(&cobra.Command{Use: "show COUNTRY", Short: "one country: what it is, and what ties it to home",
			Long: "Show prints one country, named by its code or by its name.", Example: "  shanyraq hosts show DEU"}, view.Host),
		a.hostsCompare(), a.hostsSimilar(), a.hostsRivals(), a.hostsCases(), a.hostsPerception(), a.hostsFit(), a.hostsAcculturation(), a.hostsCards(), a.hostsPotential(), a.hostsTier())
}
