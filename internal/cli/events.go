package cli

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"shanyraq/internal/publishers"
	"shanyraq/internal/vectors"
	"shanyraq/internal/view"
)

// vectorsEvents counts events coded from the news and prints their tone.
func (a *app) vectorsEvents() *cobra.Command {
	half := 90.0
	c := &cobra.Command{Use: "events FILE...", Short: "how home and the powers act towards each other in coded news", Args: cobra.MinimumNArgs(1),
		Long: `Events reads files of events of GDELT, version 2, 61 columns without a heading,
plain or zipped, or all of them in a folder, as they stream by. For home and each
power, both ways, it prints the reports, the weighted score of cooperation with
its interval, older acts faded, and what changed after 24 February 2022.

Scores are ratios, so that a pair the media watch closely does not score higher
for it. Nothing is stored.`,
		Example: "  shanyraq vectors events gdelt/2024 --half-life 60 --csv"}
	c.Flags().Float64Var(&half, "half-life", half, "`DAYS` after which an act counts half")
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		files, err := publishers.EventFiles(args)
		if err != nil {
			return nil, err
		}
		balance, err := h.Vectors.Balance(ctx, ask.Home)
		if err != nil {
			return nil, err
		}
		news := vectors.NewNews(ask.Home, balance.Powers)
		var total, done int64
		for _, name := range files {
			if info, err := os.Stat(name); err == nil {
				total += info.Size()
			}
		}
		m := a.watch("cli.progress.events")
		defer m.end()
		for _, name := range files {
			if err := publishers.ReadEvents(ctx, name, news, func(n int64) { m.set(min(total, done+n), total) }); err != nil {
				return nil, err
			}
			if info, err := os.Stat(name); err == nil {
				done += info.Size()
			}
		}
		return view.VectorsEvents(ctx, h, ask, news, half)
	}, key(c, "until", "the `DAY` acts are faded to, as 2024-06-30; else the last one read"))
}
