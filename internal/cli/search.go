package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"shanyraq/internal/view"
)

// hitsShown is how many hits a search prints.
const hitsShown = 20

func (a *app) search() *cobra.Command {
	return a.reads(&cobra.Command{
		Use:   "search WORD...",
		Short: "find places, series, sources and methods, in any language and script",
		Long: `Search prints what answers the words, best first, with the address at which it
opens in the browser.`,
		Example: "  shanyraq search Германия\n  shanyraq search life expectancy",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(h *view.House, ask *view.Ask) error {
				return a.hits(view.Search(h, ask, strings.Join(args, " "), hitsShown))
			})
		},
	})
}

// A hit is something found, for programs.
type hit struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Note  string `json:"note,omitempty"`
	Href  string `json:"href"`
}

func (a *app) hits(found []view.Hit) error {
	all := []hit{}
	t := &view.Table{Key: "hits", RowHead: a.loc.T("cli.search.what"), Empty: a.loc.T("cli.search.none"),
		Columns: []view.Column{{Key: "kind", Label: a.loc.T("cli.search.kind")}, {Key: "note", Label: a.loc.T("cli.search.note")}, {Key: "href", Label: a.loc.T("cli.search.address")}}}
	for _, f := range found {
		all = append(all, hit{f.Kind, f.Title, f.Note, f.Href})
		t.Add(view.Row{Key: f.Href, Label: f.Title}, view.Cell{Text: a.loc.T("cli.search.kind." + f.Kind)}, view.Cell{Text: f.Note}, view.Cell{Text: f.Href})
	}
	if a.json {
		return a.encode(all)
	}
	return t.WriteText(a.out, a.loc)
}
