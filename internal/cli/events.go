package cli

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"shanyraq/internal/publishers"
	"shanyraq/internal/view"
)

// vectorsEvents counts events coded from the news and prints their tone.
func (a *app) vectorsEvents() *cobra.Command {
	half := 90.0
	c := &cobra.Command{Use: "events [FILE...]", Short: "how home and the powers act towards each other in coded news", Args: cobra.ArbitraryArgs,
		Long: `Events prints how home and each power act towards each other, both ways, by the
months of coded news that are held: reports, the weighted score of cooperation
with its interval, and what changed after 24 February 2022. "import --as gdelt"
stores months.

Given files of events of GDELT, version 2, 61 columns without a heading, plain or
zipped, or a folder of them, it counts those instead, day by day as they stream
by, older acts faded, and stores nothing. The members of the European Union count
as one. A line that cannot be read is put aside and named.

Scores are ratios, so that a pair the media watch closely does not score higher
for it.`,
		Example: "  shanyraq vectors events\n  shanyraq vectors events gdelt/2024 --half-life 60 --csv"}
	c.Flags().Float64Var(&half, "half-life", half, "`DAYS` after which an act counts half")
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		if len(args) == 0 {
			return view.VectorsEvents(ctx, h, ask)
		}
		files, err := publishers.EventFiles(args)
		if err != nil {
			return nil, err
		}
		news, err := h.Vectors.NewsOf(ctx, ask.Home)
		if err != nil {
			return nil, err
		}
		count := &publishers.EventCount{News: news}
		var total, done int64
		for _, name := range files {
			if info, err := os.Stat(name); err == nil {
				total += info.Size()
			}
		}
		m := a.watch("cli.progress.events")
		defer m.end()
		for _, name := range files {
			if err := publishers.ReadEvents(ctx, name, count, func(n int64) { m.set(min(total, done+n), total) }); err != nil {
				return nil, err
			}
			if info, err := os.Stat(name); err == nil {
				done += info.Size()
			}
		}
		return view.VectorsEventsOf(ctx, h, ask, count, half)
	}, key(c, "until", "the `DAY` acts are faded to, as 2024-06-30; else the last one read"), key(c, "pair", "the `PAIR` whose months held are listed, as CHN-KAZ"))
}
