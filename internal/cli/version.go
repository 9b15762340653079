package cli

import (
	"runtime"

	"github.com/spf13/cobra"

	"shanyraq/internal/view"
)

func (a *app) version() *cobra.Command {
	return a.prints(&cobra.Command{
		Use:   "version",
		Short: "which program and which built-in tables this is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.db = "" // whatever store is about
			return a.reading(cmd.Context(), func(h *view.House, _ *view.Ask) error {
				v := struct {
					Program string `json:"program"`
					Tables  string `json:"tables"` // version of the built-in ones
					Go      string `json:"go"`
					System  string `json:"system"`
				}{a.Version, h.Library.Version(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
				if a.json {
					return a.encode(v)
				}
				a.line("shanyraq " + v.Program)
				a.named("cli.version.tables", v.Tables)
				a.line(v.Go + " " + v.System)
				return nil
			})
		},
	})
}
