package cli

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/view"
)

// change opens the store for writing, makes the change and prints its line.
func (a *app) change(ctx context.Context, fn func(context.Context, view.Workspace) (shanyraq.Activity, error)) error {
	return a.storing(ctx, OpenOptions{}, func(ws view.Workspace) error {
		line, err := fn(ctx, ws)
		switch {
		case err != nil:
			return err
		case a.json:
			return a.encode(line)
		case line.Seq == 0:
			a.line(a.loc.T("cli.change.same"))
		default:
			a.line(a.loc.T("cli.change.done", "Line", line.Seq, "What", a.loc.Text(line.Text), "Version", line.Version))
		}
		return nil
	})
}

func (a *app) init() *cobra.Command {
	return a.prints(&cobra.Command{
		Use:   "init [FILE]",
		Short: "make a store of your own over the built-in tables",
		Long: `Init makes a store: one file that keeps what you import and define, and a log
of every change. Without FILE it makes the one that --db or SHANYRAQ_DB names,
else shanyraq.db in this folder.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.db = cmp.Or(a.db, "shanyraq.db"); len(args) > 0 {
				a.db = args[0]
			}
			switch _, err := os.Lstat(a.db); {
			case err == nil:
				return shanyraq.Tell("cli.init", shanyraq.Conflict, text("cli.error.exists", "Path", a.db), "%s exists", a.db)
			case errors.Is(err, fs.ErrPermission):
				return refuse("cli.error.denied", "Path", a.db)
			}
			return a.using(cmd.Context(), OpenOptions{Create: true}, func(ws view.Workspace) error {
				h, err := ws.House(cmd.Context(), "")
				if err != nil {
					return err
				}
				if a.json {
					return a.encode(map[string]string{"path": whole(a.db), "version": h.Library.Version()})
				}
				a.line(a.loc.T("cli.init.done", "Path", whole(a.db)))
				a.line("  shanyraq serve --db " + quoted(a.db))
				return nil
			})
		},
	})
}

// whole returns the name from the root of the file system.
func whole(name string) string {
	if path, err := filepath.Abs(name); err == nil {
		return path
	}
	return name
}

// quoted returns the name as a shell takes it in one piece.
func quoted(name string) string {
	for _, r := range name {
		if r == ' ' || r == '\'' || r == '"' || r == '$' || r == '\\' || r == '&' || r == ';' || r == '(' || r == ')' {
			return strconv.Quote(name)
		}
	}
	return name
}

func (a *app) log() *cobra.Command {
	var n int
	c := a.tabled(a.prints(&cobra.Command{Use: "log", Short: "who changed what and when, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.activity(cmd.Context(), n) }}))
	c.Flags().IntVarP(&n, "number", "n", 20, "how many lines; 0 for `ALL`")
	return c
}

// activity prints the last n lines of the log.
func (a *app) activity(ctx context.Context, n int) error {
	var lines []shanyraq.Activity
	err := a.using(ctx, OpenOptions{ReadOnly: true}, func(ws view.Workspace) (err error) {
		lines, err = ws.Log(ctx, n)
		return err
	})
	if err != nil {
		return err
	}
	if a.json {
		if lines == nil {
			lines = []shanyraq.Activity{}
		}
		return a.encode(lines)
	}
	t := &view.Table{Key: "log", RowHead: a.loc.T("cli.log.line"), Empty: a.loc.T("cli.log.none"),
		Columns: []view.Column{{Key: "when", Label: a.loc.T("cli.log.when")}, {Key: "who", Label: a.loc.T("cli.log.who")}, {Key: "what", Label: a.loc.T("cli.log.what")}, {Key: "version", Label: a.loc.T("cli.log.version")}, {Key: "undone", Label: a.loc.T("cli.log.undone")}}}
	for _, l := range lines {
		undone := view.Cell{}
		if l.UndoneBy != 0 {
			undone.Text = strconv.FormatInt(l.UndoneBy, 10)
		}
		seq := strconv.FormatInt(l.Seq, 10)
		t.Add(view.Row{Key: seq, Label: seq}, view.Cell{Text: a.loc.Time(l.At.Local())}, view.Cell{Text: l.Who}, view.Cell{Text: a.loc.Text(l.Text)}, view.Cell{Text: l.Version}, undone)
	}
	return a.one(t)
}

func (a *app) undo() *cobra.Command {
	return a.writes(&cobra.Command{Use: "undo [LINE]", Short: "take a change back", Args: cobra.MaximumNArgs(1),
		Long: `Undo reverses exactly what a line of the log did, with a line of its own; undoing
that line does it again. Without LINE it reverses the newest change that is
still in effect.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var seq int64
			if len(args) > 0 {
				var err error
				if seq, err = strconv.ParseInt(args[0], 10, 64); err != nil || seq < 1 {
					return wrong("cli.error.line", "Found", args[0])
				}
			}
			return a.change(cmd.Context(), func(ctx context.Context, ws view.Workspace) (shanyraq.Activity, error) {
				return ws.Undo(ctx, seq, a.who)
			})
		}})
}

func (a *app) backup() *cobra.Command {
	return a.prints(&cobra.Command{Use: "backup DEST", Short: "copy the whole store to a new file", Args: cobra.ExactArgs(1),
		Long: "Backup writes a copy that is complete in itself. The store may be in use meanwhile.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.storing(cmd.Context(), OpenOptions{ReadOnly: true}, func(ws view.Workspace) error {
				m := a.watch("cli.progress.copying")
				defer m.end()
				if err := ws.Backup(cmd.Context(), args[0]); err != nil {
					return err
				}
				if a.json {
					return a.encode(map[string]string{"path": whole(args[0])})
				}
				a.line(a.loc.T("cli.backup.done", "Path", whole(args[0])))
				return nil
			})
		}})
}

func (a *app) verify() *cobra.Command {
	return a.prints(&cobra.Command{Use: "verify", Short: "examine the whole store", Args: cobra.NoArgs,
		Long: `Verify reads the whole store: the file itself, that the log has no gap and no
edited line, that no claim was edited, and that what holds after each line is
what the line recorded. The exit status is 1 if anything is wrong.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.storing(cmd.Context(), OpenOptions{ReadOnly: true}, func(ws view.Workspace) error {
				m := a.watch("cli.progress.verifying")
				e, err := ws.Verify(cmd.Context())
				m.end()
				if err != nil {
					return err
				}
				return a.examined(e)
			})
		}})
}

// examined prints what an examination found.
func (a *app) examined(e view.Examination) error {
	if a.json {
		if err := a.encode(e); err != nil {
			return err
		}
	} else {
		a.line(a.loc.T("cli.verify.read", "Lines", e.Lines, "Claims", e.Claims, "Entries", e.Entries))
		for _, p := range e.Problems {
			a.line(a.loc.Text(p))
		}
		if e.More > 0 {
			a.line(a.loc.T("ingest.more", "Count", e.More))
		}
		if e.OK() {
			a.line(a.loc.T("cli.verify.sound"))
		}
	}
	if !e.OK() {
		return errFound
	}
	return nil
}
