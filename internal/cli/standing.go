package cli

import (
	"context"
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
