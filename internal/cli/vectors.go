package cli

import (
	"bytes"
	"context"
	"io"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/ingest"
	"shanyraq/internal/publishers"
	"shanyraq/internal/view"
)

// vectorsActs prints the ledgers of acts and memberships.
func (a *app) vectorsActs() *cobra.Command {
	c := &cobra.Command{Use: "acts", Short: "treaties, visits, projects and other acts with each power", Args: cobra.NoArgs,
		Long: `Acts prints what home and others did together or to each other, record by record:
who acts (states, people or both), by what (attraction, money, arms, pressure),
how many records are held with each power, and who takes part in which
organisation. A kind is a series, such as treaty.`,
		Example: "  shanyraq vectors acts --power CHN --table acts\n  shanyraq vectors acts --kind treaty --show all --table acts --csv"}
	return a.pageOf(c, view.VectorsActs, key(c, "power", "only acts with the country of this `CODE`"), key(c, "kind", "only acts of this `SERIES`"),
		key(c, "nature", "only acts that work by this `MEANS`: soft, economic, security, coercive"), key(c, "show", "`all` acts, not only the newest"))
}

// vectorsFreight prints ways for freight between two places.
func (a *app) vectorsFreight() *cobra.Command {
	c := &cobra.Command{Use: "freight", Short: "ways for freight: days, price, what is tightest, and what if a leg closes", Args: cobra.NoArgs,
		Long: `Freight prints up to five ways between two places, the cheapest first with their
time counted: days on average and to plan for, the price of a container, how
often the way is cheapest when everything supposed is varied, the months in which
nothing on it is closed, and the tightest leg; what a container costs more if a
leg of the cheapest way closes; the most that gets through; then what is stated
of legs, ports and gates, and the closures on record.`,
		Example: "  shanyraq vectors freight --table ways\n  shanyraq vectors freight --from Altynkol --to Poti"}
	return a.pageOf(c, view.VectorsFreight, key(c, "from", "the `PLACE` it begins at"), key(c, "to", "the `PLACE` it goes to"))
}

// vectorsNetwork prints what hangs on which leg.
func (a *app) vectorsNetwork() *cobra.Command {
	c := &cobra.Command{Use: "network", Short: "what hangs on which leg of the freight network, and on which country", Args: cobra.NoArgs,
		Long: `Network prints how much of home's reach of markets would go if a country shut;
what each leg carries when all demands meet at the lowest cost, how full it is,
what is left behind if it closes, and how many pairs of places go over it; each
demand, and the months in which all of it is carried; and every leg with its
figures, stated or supposed. Import legs, places and suppositions to change them.`,
		Example: "  shanyraq vectors network --table load\n  shanyraq vectors network --table access --csv"}
	return a.pageOf(c, view.VectorsNetwork)
}

// given is the source of what a reader hands over for one answer.
const given shanyraq.SourceID = "given"

// vectorsCoding prints how coders answered the sheet for soft balancing and how
// far they agree.
func (a *app) vectorsCoding() *cobra.Command {
	c := &cobra.Command{Use: "coding [FILE]", Short: "acts coded as soft balancing, and how far coders agree", Args: cobra.MaximumNArgs(1),
		Long: `Coding prints how several coders answered four questions about each act, and how
far they agree beyond chance: alpha with its interval, kappa, and the share of
equal codes. FILE is a sheet that they filled in, text or workbook; without it,
codes that were imported ("import --as coding"). Nothing is stored.

--template prints an empty sheet of the acts held, one row an act and an item.
Copy it for each coder, who writes a name and 0 (no), 1 (partly) or 2 (plainly);
coders should not see each other's sheets. Put the rows of all into one file.`,
		Example: "  shanyraq vectors coding --template > sheet.csv\n  shanyraq vectors coding sheets.csv --table agreement"}
	template := c.Flags().Bool("template", false, "print an empty sheet of the acts held")
	c = a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		if len(args) == 0 {
			return view.VectorsCoding(ctx, h, ask)
		}
		claims, err := codesOf(ctx, h, args[0])
		if err != nil {
			return nil, err
		}
		return view.VectorsCodingOf(ctx, h, ask, claims)
	})
	run := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if !*template {
			return run(cmd, args)
		}
		return a.reading(cmd.Context(), func(h *view.House, ask *view.Ask) error {
			return view.CodingSheet(cmd.Context(), h, ask.Home, a.out)
		})
	}
	return c
}

// codesOf reads a coding sheet.
func codesOf(ctx context.Context, h *view.House, name string) ([]shanyraq.Claim, error) {
	in, err := readable(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(in, publishers.MaxBytes+1))
	if err != nil {
		return nil, shanyraq.Errorf("cli", shanyraq.Other, "%s: %w", name, err)
	}
	book, err := publishers.Open(ctx, name, data)
	if err != nil {
		return nil, err
	}
	laid, err := publishers.Convert(ctx, "coding", book, h, nil)
	if err != nil {
		return nil, err
	}
	batch, err := ingest.ReadClaims(bytes.NewReader(laid.Table), name, ingest.Options{Source: given, Strength: shanyraq.Opinion, Rivals: true})
	if err != nil {
		return nil, err
	}
	return batch.Claims, nil
}
