package cli

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/locale"
	"shanyraq/internal/view"
)

const about = `Shanyraq helps a country know its people abroad, see where it stands among
larger powers and place its soft power well, with evidence that opens: every
number leads to its formula, its inputs and its sources.

Try it on the built-in tables:

  shanyraq demo                     pages in the browser, on a store that goes when you stop
  shanyraq standing rank            where Kazakhstan stands, and how sure that is
  shanyraq figure PATH              where a number comes from

Commands that read answer from the built-in tables unless --db, or SHANYRAQ_DB,
names a store of your own; "shanyraq init" makes one.`

const exits = `Exit statuses

  0  done
  1  refused, with the reason on standard error: no such country, a table with
     faults, a store that another program is writing to, a port that is taken.
     Also when "source check" or "verify" found something wrong, which is then
     on standard output, and when a command was stopped
  2  wrong command line: an unknown command or flag, a missing argument, a value
     that cannot be read

Results go to standard output, everything else to standard error. Nothing is
ever asked, so commands can stand in scripts.`

// root returns the whole tree of commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "shanyraq",
		Short:         "A country among powers, and its people abroad, with evidence that opens",
		Long:          about,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			a.parsed = true
			return a.settle()
		},
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	f := root.PersistentFlags()
	f.StringVar(&a.db, "db", "", "store `FILE`; else SHANYRAQ_DB; else the built-in tables, to be read only")
	f.StringVar(&a.home, "home", "KAZ", "home country, as a three-letter `CODE`")
	f.StringVar(&a.lang, "lang", "", "language of the answers: `en`, kk or ru; else that of the system, else English")
	root.AddGroup(&cobra.Group{ID: "rooms", Title: "Rooms:"}, &cobra.Group{ID: "evidence", Title: "Evidence:"}, &cobra.Group{ID: "store", Title: "Store:"}, &cobra.Group{ID: "serve", Title: "Pages:"})
	add := func(group string, all ...*cobra.Command) {
		for _, c := range all {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("serve", a.demo(), a.serve())
	add("rooms", a.standing(), a.vectors(), a.diaspora(), a.hosts())
	add("evidence", a.figure(), a.search(), a.source(), a.importing(), a.group())
	add("store", a.init(), a.log(), a.undo(), a.backup(), a.verify())
	root.AddCommand(a.version(), &cobra.Command{Use: "exit", Short: "what the exit statuses mean", Long: exits})
	_ = root.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(locale.Supported(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	_ = root.RegisterFlagCompletionFunc("home", cobra.NoFileCompletions)
	root.SetHelpCommand(helping(root))
	for _, c := range root.Commands() {
		wordArgs(c)
	}
	return root
}

// wordArgs makes the command and those below it say in the reader's language
// what is wrong with their arguments.
func wordArgs(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			err := check(cmd, args)
			if err == nil {
				return nil
			}
			use := cmd.Parent().CommandPath() + " " + cmd.Use
			if len(args) == 0 || check(cmd, append(slices.Clone(args), args[0])) == nil {
				return wrong("cli.error.missing", "Command", cmd.CommandPath(), "Use", use)
			}
			return wrong("cli.error.extra", "Command", cmd.CommandPath(), "Found", args[len(args)-1], "Use", use)
		}
	}
	for _, below := range c.Commands() {
		wordArgs(below)
	}
}

// helping returns the command that explains the others, and refuses what is
// none of them.
func helping(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "explain a command, or the exit statuses with: help exit",
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil || c == nil || len(rest) > 0 {
				return wrong("cli.error.topic", "Found", strings.Join(args, " "))
			}
			c.InitDefaultHelpFlag()
			return c.Help()
		},
	}
}

// settle makes up what the flags left open.
func (a *app) settle() error {
	if a.lang != "" {
		if !slices.Contains(locale.Supported(), a.lang) {
			return wrong("cli.error.lang", "Value", a.lang, "Known", strings.Join(locale.Supported(), ", "))
		}
		a.loc = locale.For(a.lang)
	}
	if a.db == "" {
		a.db = a.Getenv("SHANYRAQ_DB")
	}
	if a.who == "" {
		a.who = a.Who
	}
	if a.json && a.csv {
		return wrong("cli.error.both", "One", "--json", "Other", "--csv")
	}
	return nil
}

// envLang returns the language of the system, as its variables have it.
func (a *app) envLang() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := a.Getenv(name); v != "" {
			v, _, _ = strings.Cut(v, ".")
			v, _, _ = strings.Cut(v, "@")
			return locale.Match("", strings.ReplaceAll(v, "_", "-"))
		}
	}
	return locale.Match("")
}

// noun returns the command of a room, which only has commands below it.
func noun(use, short string, verbs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short,
		RunE: func(cmd *cobra.Command, args []string) error {
			names := make([]string, len(verbs))
			for i, v := range verbs {
				names[i] = v.Name()
			}
			known := strings.Join(names, ", ")
			if len(args) == 0 {
				return wrong("cli.error.noverb", "Command", cmd.CommandPath(), "Known", known)
			}
			return wrong("cli.error.verb", "Command", cmd.CommandPath(), "Found", args[0], "Known", known)
		}}
	c.AddCommand(verbs...)
	return c
}

// reads gives a command the flags of one that only reads.
func (a *app) reads(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&a.at, "at", "", "data `VERSION` to answer from, such as a citation names")
	return a.prints(c)
}

// prints gives a command the flag of one that prints.
func (a *app) prints(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&a.json, "json", false, "print JSON")
	return c
}

// tabled gives a command the flags of one that prints tables.
func (a *app) tabled(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&a.csv, "csv", false, "print one table as CSV: the first, or that of --table")
	c.Flags().StringVar(&a.table, "table", "", "print only the table of that `KEY`")
	return c
}

// writes gives a command the flag of one that changes the store.
func (a *app) writes(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&a.who, "who", "", "`NAME` in the log of changes; else that of the user")
	return a.prints(c)
}

// using calls fn with the workspace: the store that is named, else the built-in
// tables.
func (a *app) using(ctx context.Context, o OpenOptions, fn func(view.Workspace) error) error {
	var ws view.Workspace
	var err error
	if a.db != "" {
		ws, err = a.Open(ctx, a.db, o)
	} else {
		ws, err = a.BuiltIn()
	}
	if err != nil {
		return err
	}
	err = fn(ws)
	if e := ws.Close(); err == nil {
		err = e
	}
	return err
}

// storing calls fn with the store that is named. Without one the command line
// is wrong.
func (a *app) storing(ctx context.Context, o OpenOptions, fn func(view.Workspace) error) error {
	if a.db == "" {
		return wrong("cli.error.nodb")
	}
	return a.using(ctx, o, fn)
}

// reading calls fn with the rooms over the version asked for.
func (a *app) reading(ctx context.Context, fn func(h *view.House, ask *view.Ask) error) error {
	return a.using(ctx, OpenOptions{ReadOnly: true}, func(ws view.Workspace) error {
		h, err := ws.House(ctx, a.at)
		if err != nil {
			return err
		}
		ask, err := a.ask(h)
		if err != nil {
			return err
		}
		return fn(h, ask)
	})
}

// ask returns a question of the reader's, without keys of its own yet. What
// they chose for all views is in its query, so that addresses carry it along.
func (a *app) ask(h *view.House) (*view.Ask, error) {
	home, err := h.Home(a.home)
	if err != nil {
		return nil, err
	}
	q := url.Values{}
	if home != "KAZ" {
		q.Set("home", string(home))
	}
	if a.lang != "" {
		q.Set("lang", a.lang)
	}
	if a.at != "" {
		q.Set("at", a.at)
	}
	return &view.Ask{Home: home, Query: q, Loc: a.loc, Today: a.Now()}, nil
}

// place returns the place that the reader named by code or by name. One that
// is not known is left for the room to refuse.
func place(h *view.House, s string) shanyraq.CountryCode {
	code := shanyraq.CountryCode(strings.ToUpper(strings.TrimSpace(s)))
	if _, ok := h.Place(code); ok {
		return code
	}
	if p, ok := h.Named(s); ok {
		return p.Code
	}
	return code
}

// encode writes v as JSON to standard output.
func (a *app) encode(v any) error { return encode(a.out, v) }

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
