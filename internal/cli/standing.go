package cli

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq/internal/standing"
	"shanyraq/internal/view"
)

// classify prints whether a country is a middle power.
func (a *app) classify() *cobra.Command {
	c := &cobra.Command{
		Use:   "classify [COUNTRY]",
		Short: "whether a country is a middle power, under four definitions",
		Long: `Classify puts a country, named by its code or its name, or else home, to five
tests: capability, network, behaviour, autonomy and recognition. Four published
definitions each ask for some of them. No threshold is settled, so each is drawn
2,000 times from a band, and the answer is the share of draws in which the
country passes: from those that say yes to those that say yes or cannot tell.

Then come the test that decides, every threshold, and how far the definitions
agree with published lists of middle powers.`,
		Example: `  shanyraq standing classify
  shanyraq standing classify TUR --table definitions
  shanyraq standing classify --bands top=10,bottom=40..60
  shanyraq standing classify KAZ --year 2015 --csv --table checks`,
		Args: cobra.MaximumNArgs(1),
	}
	given := c.Flags().StringToString("bands", nil, "`THRESHOLD=ENDS` and so on, with commas between, as top=5..10")
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		for name, ends := range *given {
			var known []string
			for _, b := range standing.Bands() {
				known = append(known, b.Key)
			}
			if !slices.Contains(known, name) {
				return nil, wrong("cli.error.band", "Found", name, "Known", strings.Join(known, ", "))
			}
			ask.Query.Set("b."+name, ends)
		}
		if len(args) > 0 {
			home, err := h.Home(string(place(h, args[0])))
			if err != nil {
				return nil, err
			}
			ask.Home = home
			ask.Query.Set("home", string(home))
		}
		return view.StandingPower(ctx, h, ask)
	}, year(c))
}

// conduct prints what a country did for more than itself and how it was received.
func (a *app) conduct() *cobra.Command {
	c := &cobra.Command{
		Use:   "conduct [COUNTRY]",
		Short: "talks helped, bodies chaired, initiatives, burdens, and who was for or against",
		Long: `Conduct prints what a country, named by its code or its name, or else home, did
for more than itself, matter by matter: good offices, chairs, summits, forums,
initiatives and burdens, with the records of support and of criticism, each with
who said it and where.`,
		Example: "  shanyraq standing conduct\n  shanyraq standing conduct QAT --table reception",
		Args:    cobra.MaximumNArgs(1),
	}
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		if len(args) > 0 {
			ask.Query.Set("place", string(place(h, args[0])))
		}
		return view.StandingConduct(ctx, h, ask)
	})
}

// tiers prints great, middle and small powers by rank.
func (a *app) tiers() *cobra.Command {
	c := &cobra.Command{
		Use:   "tiers",
		Short: "great, middle and small powers by rank, with cut-offs that can be moved",
		Long: `Tiers prints how often each country falls among great, middle and small powers by
its rank in material capability, over all weights of its parts and over the places
that the two cut-offs may have. A country is said to be in a tier if two draws in
three put it there.`,
		Example: "  shanyraq standing tiers\n  shanyraq standing tiers --top 10 --bottom 40..60 --show all --csv",
		Args:    cobra.NoArgs,
	}
	band := func(name, usage string) setting {
		v := c.Flags().String(name, "", usage)
		return func(q url.Values) error {
			if *v != "" {
				q.Set("b."+name, *v)
			}
			return nil
		}
	}
	return a.pageOf(c, view.StandingTiers, year(c), band("top", "the lowest `RANK` of a great power, or a range of ranks"), band("bottom", "the lowest `RANK` of a middle power, or a range of ranks"),
		all(c, "`all` ranked countries, not only those around home and between tiers"), key(c, "with", "further countries, as `CODES` with commas between"))
}
