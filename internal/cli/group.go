package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/view"
)

func (a *app) group() *cobra.Command {
	list := a.tabled(a.reads(&cobra.Command{Use: "list", Short: "the groups, and who is in them this year", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.reading(cmd.Context(), func(h *view.House, ask *view.Ask) error {
				groups, err := h.Library.Groups(cmd.Context())
				if err != nil {
					return err
				}
				if a.json {
					return a.encode(groups)
				}
				return a.one(a.groupsTable(h, ask, groups))
			})
		}}))
	show := a.tabled(a.reads(&cobra.Command{Use: "show ID", Short: "one group and its members, each for its time", Args: cobra.ExactArgs(1),
		Long: `Show prints a group: its members and the years each belongs. With --json it
prints what "group put" takes.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(h *view.House, ask *view.Ask) error {
				g, err := findGroup(cmd.Context(), h, args[0])
				if err != nil {
					return err
				}
				if a.json {
					return a.encode(g)
				}
				return a.one(a.membersTable(h, g))
			})
		}}))
	put := a.writes(&cobra.Command{Use: "put FILE", Short: "save a group, in place of the one of its id", Args: cobra.ExactArgs(1),
		Long:    `Put saves the group written in FILE, as "group show --json" prints one; - is standard input.`,
		Example: "  shanyraq group show turkic --json > turkic.json\n  shanyraq group put turkic.json --db office.db",
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := a.readGroup(args[0])
			if err != nil {
				return err
			}
			return a.change(cmd.Context(), func(ctx context.Context, ws view.Workspace) (shanyraq.Activity, error) {
				return ws.PutGroup(ctx, g, a.who)
			})
		}})
	del := a.writes(&cobra.Command{Use: "delete ID", Short: "delete a group, or hide a built-in one", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.change(cmd.Context(), func(ctx context.Context, ws view.Workspace) (shanyraq.Activity, error) {
				return ws.DeleteGroup(ctx, shanyraq.GroupID(args[0]), a.who)
			})
		}})
	restore := a.writes(&cobra.Command{Use: "restore ID", Short: "show a built-in group again as it was", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.change(cmd.Context(), func(ctx context.Context, ws view.Workspace) (shanyraq.Activity, error) {
				return ws.RestoreGroup(ctx, shanyraq.GroupID(args[0]), a.who)
			})
		}})
	return noun("group", "dated lists of countries, such as the Turkic states", list, show, put, del, restore)
}

func findGroup(ctx context.Context, h *view.House, id string) (shanyraq.Group, error) {
	groups, err := h.Library.Groups(ctx)
	if err != nil {
		return shanyraq.Group{}, err
	}
	i := slices.IndexFunc(groups, func(g shanyraq.Group) bool { return string(g.ID) == id })
	if i < 0 {
		return shanyraq.Group{}, shanyraq.Tell("cli.findGroup", shanyraq.NotFound, text("hosts.error.group", "Value", id), "no group %q", id)
	}
	return groups[i], nil
}

func (a *app) groupsTable(h *view.House, ask *view.Ask, groups []shanyraq.Group) *view.Table {
	year := ask.Today.Year()
	t := &view.Table{Key: "groups", Title: a.loc.T("cli.group.title"), RowHead: a.loc.T("common.group"),
		Columns: []view.Column{{Key: "id", Label: a.loc.T("cli.group.id")}, {Key: "count", Label: a.loc.T("cli.group.count", "Year", year)}, {Key: "members", Label: a.loc.T("cli.group.members")}}}
	for _, g := range groups {
		in := g.In(year)
		names := make([]string, len(in))
		for i, c := range in {
			names[i] = string(c)
		}
		t.Add(view.Row{Key: string(g.ID), Label: g.Name(a.loc.Lang())},
			view.Cell{Text: string(g.ID)}, view.Cell{Text: strconv.Itoa(len(in))}, view.Cell{Text: strings.Join(names, " ")})
	}
	return t
}

func (a *app) membersTable(h *view.House, g shanyraq.Group) *view.Table {
	t := &view.Table{Key: "members", Title: g.Name(a.loc.Lang()), RowHead: a.loc.T("common.country"),
		Columns: []view.Column{{Key: "code", Label: a.loc.T("cli.group.id")}, {Key: "when", Label: a.loc.T("common.date")}}}
	if g.Note != "" {
		t.Notes = []string{g.Note}
	}
	for _, m := range g.Members {
		var from, to string
		if m.From != 0 {
			from = strconv.Itoa(m.From)
		}
		if m.To != 0 {
			to = strconv.Itoa(m.To)
		}
		when := ""
		if from+to != "" {
			when = a.loc.Period(shanyraq.Period(from + ".." + to))
		}
		t.Add(view.Row{Key: string(m.Place), Label: h.PlaceName(m.Place, a.loc.Lang())}, view.Cell{Text: string(m.Place)}, view.Cell{Text: when})
	}
	return t
}

// groupLimit is how large a file with a group may be, in bytes.
const groupLimit = 1 << 20

// readGroup reads the group written in the file.
func (a *app) readGroup(name string) (g shanyraq.Group, err error) {
	in := a.Stdin
	if name != "-" {
		f, err := readable(name)
		if err != nil {
			return g, err
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, groupLimit+1))
	if err != nil {
		return g, shanyraq.Errorf("cli.readGroup", shanyraq.Other, "%s: %w", name, err)
	}
	if len(body) > groupLimit {
		return g, refuse("cli.error.group", "Where", name, "Detail", "> 1 MiB")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err = d.Decode(&g); err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("text after the group")
		}
	}
	if err != nil {
		return g, refuse("cli.error.group", "Where", where(name, body, err), "Detail", strings.TrimPrefix(err.Error(), "json: "))
	}
	return g, nil
}

// where returns the file with the line and column at which its JSON went wrong.
func where(name string, body []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var at int64
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	case errors.Is(err, io.ErrUnexpectedEOF):
		at = int64(len(body))
	default:
		return name
	}
	before := body[:min(at, int64(len(body)))] // with the byte itself
	return fmt.Sprintf("%s:%d:%d", name, 1+bytes.Count(before, []byte{'\n'}), max(1, len(before)-1-bytes.LastIndexByte(before, '\n')))
}
