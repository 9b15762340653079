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
			p, err := page(cmd.Context(), h, ask, args)
			if err != nil {
				return err
			}
			return a.page(h, p)
		})
	}
	return a.tabled(a.reads(c))
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

func (a *app) standing() *cobra.Command {
	rank := &cobra.Command{
		Use:   "rank",
		Short: "rank countries by material capability, with the ranks each could hold",
		Long: `Rank prints the countries around home by their share of the world's output,
people and military spending, each with the ranks it could hold if the weights
of the three were others; then who calls home a middle power and who does not,
and what it has done.

The weights need not add up to anything: 2,1,1 and 50,25,25 are the same.`,
		Example: `  shanyraq standing rank --year 2020 --show all
  shanyraq standing rank --weights gdp=2,population=1,military=1 --with UZB,AZE
  shanyraq standing rank --table league --csv`,
		Args: cobra.NoArgs,
	}
	return noun("standing", "where home stands among other countries", a.pageOf(rank, view.Standing,
		year(rank), weights(rank),
		key(rank, "show", "`all` ranked countries, not only those around home"),
		key(rank, "with", "further countries, as `CODES` with commas between")))
}

func (a *app) vectors() *cobra.Command {
	return noun("vectors", "home's ties with the great powers",
		a.pageOf(&cobra.Command{Use: "list", Short: "how home's ties divide among the powers, domain by domain", Args: cobra.NoArgs}, view.Vectors),
		a.placePage(&cobra.Command{Use: "show POWER", Short: "home's ties with one power",
			Long: "Show prints home's ties with one power, named by its code or by its name.", Example: "  shanyraq vectors show CHN"}, view.Vector))
}

func (a *app) diaspora() *cobra.Command {
	list := &cobra.Command{Use: "list", Short: "people abroad: claims about the whole, then host by host",
		Long: `List prints who says how many people from home live abroad, under which
definition, and then the hosts. Numbers under different definitions are never
added up.`,
		Example: "  shanyraq diaspora list --stock ethnicity",
		Args:    cobra.NoArgs}
	return noun("diaspora", "home's people abroad",
		a.pageOf(list, view.Diaspora, key(list, "stock", "the `DEFINITION` by which hosts are put in order"), year(list)),
		a.placePage(&cobra.Command{Use: "show HOST", Short: "home's people in one host, claim by claim",
			Long: "Show prints every claim about home's people in one host, named by its code or\nby its name.", Example: "  shanyraq diaspora show Germany"}, view.DiasporaHost))
}

func (a *app) hosts() *cobra.Command {
	list := &cobra.Command{Use: "list", Short: "all countries, with a few measures of each", Args: cobra.NoArgs,
		Example: "  shanyraq hosts list --group turkic --series NY.GDP.PCAP.PP.CD"}
	return noun("hosts", "what is known of other countries",
		a.pageOf(list, view.Hosts, key(list, "group", "only the members of the `GROUP`"), key(list, "series", "a `SERIES` to show beside the others")),
		a.placePage(&cobra.Command{Use: "show COUNTRY", Short: "one country: what it is, and what ties it to home",
			Long: "Show prints one country, named by its code or by its name.", Example: "  shanyraq hosts show DEU"}, view.Host))
}
