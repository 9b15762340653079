package cli

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/hosts"
	"shanyraq/internal/publishers"
	"shanyraq/internal/view"
)

func (a *app) hostsCompare() *cobra.Command {
	c := &cobra.Command{Use: "compare COUNTRY...", Short: "up to four countries side by side", Args: cobra.RangeArgs(1, 4),
		Long: `Compare prints up to four countries side by side: the care people there need,
every series with a value in one of them, and how far each is from home.`,
		Example: "  shanyraq hosts compare DEU TUR --table apart"}
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		var codes []string
		for _, s := range args {
			code := place(h, s)
			if _, ok := h.Place(code); !ok {
				return nil, shanyraq.Tell("cli.hostsCompare", shanyraq.NotFound, text("hosts.error.place", "Code", s), "no place %q", s)
			}
			codes = append(codes, string(code))
		}
		ask.Query.Set("with", strings.Join(codes, ","))
		return view.HostsCompare(ctx, h, ask)
	})
}

func (a *app) hostsSimilar() *cobra.Command {
	c := &cobra.Command{Use: "similar COUNTRY", Short: "the countries most like one, and the groups countries form", Args: cobra.ExactArgs(1),
		Long: `Similar prints the countries nearest to one in a way of being far apart
(geographic, language, tongue, religion, ethnic, institutions, governed,
society, living, values, valued), and the groups that all countries form, each
with how much of it is found again among countries drawn anew.`,
		Example: "  shanyraq hosts similar MNG --by living\n  shanyraq hosts similar KAZ --groups 4 --table groups"}
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		ask.Query.Set("to", string(place(h, args[0])))
		return view.HostsSimilar(ctx, h, ask)
	}, key(c, "by", "the `WAY` of being far apart; else governed"), key(c, "groups", "into how `MANY` groups; else 6"))
}

func (a *app) hostsRivals() *cobra.Command {
	c := &cobra.Command{Use: "rivals COUNTRY", Short: "who else is at work in one host, record by record", Args: cobra.ExactArgs(1),
		Long: `Rivals prints which other states are present in one host, in how many ways, and
the records behind it. A state of which nothing is held may be at work all the
same.`,
		Example: "  shanyraq hosts rivals UZB --table rivals"}
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		ask.Query.Set("in", string(place(h, args[0])))
		return view.HostsRivals(ctx, h, ask)
	})
}

func (a *app) hostsCases() *cobra.Command {
	c := &cobra.Command{Use: "cases [COUNTRY]", Short: "what other states tried, and where instruments showed their limits", Args: cobra.MaximumNArgs(1),
		Long: `Cases prints, state by state, doctrines, claims, programmes and setbacks of
other states' soft power, each with its source, and what went wrong with which
instrument. COUNTRY is the state whose experience is asked for.`,
		Example: "  shanyraq hosts cases TUR --about mediator"}
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		if len(args) > 0 {
			ask.Query.Set("of", string(place(h, args[0])))
		}
		return view.HostsCases(ctx, h, ask)
	}, key(c, "about", "one `HEADING`: doctrine, mediator, \"leadership claim\", \"business support\", \"diaspora policy\", education, culture or limits"))
}

func (a *app) hostsPerception() *cobra.Command {
	c := &cobra.Command{Use: "perception [COUNTRY]", Short: "how a country, else home, is seen in other countries", Args: cobra.MaximumNArgs(1),
		Long: `Perception prints what people in other countries answered about one in polls,
and its places in outside rankings, each year with how many were ranked, since
ranks among different numbers of countries do not compare.`,
		Example: "  shanyraq hosts perception TUR --table placings"}
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		if len(args) > 0 {
			ask.Query.Set("of", string(place(h, args[0])))
		}
		return view.HostsPerception(ctx, h, ask)
	})
}

func (a *app) hostsPotential() *cobra.Command {
	c := &cobra.Command{Use: "potential", Short: "what each host offers for work with people there", Args: cobra.NoArgs,
		Long: `Potential prints size, skills, willingness, access and risk of each host, and
their weighted mean with limits in which whatever is missing may be anything.`,
		Example: "  shanyraq hosts potential --weights size=2,risk=3 --csv"}
	given := c.Flags().StringToString("weights", nil, "`COMPONENT=NUMBER` and so on, with commas between: size, skills, willingness, access, risk")
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, _ []string) (*view.Page, error) {
		var known []string
		for _, k := range hosts.Components() {
			known = append(known, string(k))
		}
		for name, v := range *given {
			if !slices.Contains(known, name) {
				return nil, wrong("cli.error.weight", "Found", name, "Known", strings.Join(known, ", "))
			}
			if _, err := strconv.ParseFloat(v, 64); err != nil {
				return nil, wrong("cli.error.number", "Name", name, "Found", v)
			}
			ask.Query.Set("w."+name, v)
		}
		return view.HostsPotential(ctx, h, ask)
	})
}

func (a *app) hostsFit() *cobra.Command {
	show := &cobra.Command{Use: "show COUNTRY", Short: "how well home's themes are likely to be taken in one host", Args: cobra.ExactArgs(1),
		Long: `Show prints, theme by theme, how alike home and the host are in what the theme is
about, from -1 to 1, and what analysts put in its place; one theme in every
host; what the prediction makes of what is said of the United States; and which
targets of the Sustainable Development Goals each theme serves in part.`,
		Example: "  shanyraq hosts fit show UZB --about education"}
	shown := a.pageFor(show, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		ask.Query.Set("in", string(place(h, args[0])))
		return view.HostsFit(ctx, h, ask)
	}, key(show, "about", "the `THEME` shown in every host"))
	var why string
	set := a.writes(&cobra.Command{Use: "set COUNTRY THEME FIT", Short: "put a judgement of your own beside a prediction", Args: cobra.ExactArgs(3),
		Long: `Set adds a dated judgement, from -1 to 1, with its reason, as a claim of the
office. It counts in place of the prediction, which stays beside it.`,
		Example: "  shanyraq hosts fit set --why \"see note 12\" --db office.db UZB women -- -0.3",
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := strconv.ParseFloat(args[2], 64)
			if err != nil {
				return wrong("cli.error.number", "Name", "FIT", "Found", args[2])
			}
			if strings.TrimSpace(why) == "" {
				return wrong("cli.error.why")
			}
			return a.change(cmd.Context(), func(ctx context.Context, ws view.Workspace) (shanyraq.Activity, error) {
				h, err := ws.House(ctx, "")
				if err != nil {
					return shanyraq.Activity{}, err
				}
				ask, err := a.ask(h)
				if err != nil {
					return shanyraq.Activity{}, err
				}
				return ws.Judge(ctx, ask.Home, place(h, args[0]), hosts.Theme(args[1]), v, why, a.who)
			})
		}})
	set.Flags().StringVar(&why, "why", "", "`REASON`; a judgement has to say")
	return noun("fit", "how well home's themes are likely to be taken", shown, set)
}

func (a *app) hostsAcculturation() *cobra.Command {
	s := hosts.Scale{Min: 1, Max: 5}
	c := &cobra.Command{Use: "acculturation [FILE]", Short: "what survey answers say of heritage kept and society joined, by group", Args: cobra.MaximumNArgs(1),
		Long: `Acculturation without FILE prints what public data say of heritage kept, host by
host: proxies, and no measures. With FILE it reads a table with one row a respondent and the columns place,
generation, weight, h1, h2 and so on for the items about heritage, r1, r2 and so
on for those about where they live. It prints two means for each host and
generation, with intervals, then the shares of the four classes by the middle of
the scale. Three quarters of the items of an axis must be answered.

Groups of fewer than 20 people, 10 in hosts of the lowest tier, are not shown;
answers from a host of the highest tier are refused. Nothing is stored and
nobody is placed.`,
		Example: "  shanyraq hosts acculturation answers.csv --max 7"}
	c.Flags().Float64Var(&s.Min, "min", 1, "least `ANSWER` of the scale")
	c.Flags().Float64Var(&s.Max, "max", 5, "greatest `ANSWER` of the scale")
	return a.pageFor(c, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		if len(args) == 0 {
			return view.HostsHeritage(ctx, h, ask)
		}
		answers, err := a.answers(ctx, h, args[0])
		if err != nil {
			return nil, err
		}
		return view.HostsAcculturation(ctx, h, ask, answers, s)
	})
}

// answers reads survey answers for one answer; nothing is kept.
func (a *app) answers(ctx context.Context, h *view.House, name string) ([]hosts.Answered, error) {
	f, err := readable(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, publishers.MaxBytes+1))
	if err != nil {
		return nil, shanyraq.Errorf("cli", shanyraq.Other, "%s: %w", name, err)
	}
	b, err := publishers.Open(ctx, name, data)
	if err != nil {
		return nil, err
	}
	return publishers.Answers(b, h)
}

func (a *app) hostsTier() *cobra.Command {
	show := &cobra.Command{Use: "show [COUNTRY]", Short: "the care people in a host need, and why; without COUNTRY, in every host", Args: cobra.MaximumNArgs(1),
		Example: "  shanyraq hosts tier show DEU"}
	shown := a.pageFor(show, func(ctx context.Context, h *view.House, ask *view.Ask, args []string) (*view.Page, error) {
		if len(args) == 0 {
			return view.HostsTiers(ctx, h, ask)
		}
		return view.HostTier(ctx, h, ask, place(h, args[0]))
	})
	var memo string
	set := a.writes(&cobra.Command{Use: "set COUNTRY TIER", Short: "decide that a host is in tier 1, 2 or 3", Args: cobra.ExactArgs(2),
		Long: `Set adds a dated decision, with its reason, to the store. A higher tier holds at
once. A lower one, one tier at a time, waits until a second person, of a name
that looks different in any script, has asked for a lower tier too; its memo has
at least 40 characters and six different words, and tier 1 is refused while a
rating of rights is not reached. The tier in force is renewed. After 90 days
without a decision a host counts one tier higher. Decisions are never undone,
only followed by others.`,
		Example: "  shanyraq hosts tier set DEU 1 --memo \"no case known to the mission or the press since 2020, see note 12\" --who \"A. Officer\" --db office.db",
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := strconv.Atoi(args[1])
			if err != nil || t < int(hosts.Open) || t > int(hosts.Refused) {
				return wrong("cli.error.tier", "Found", args[1])
			}
			if strings.TrimSpace(memo) == "" {
				return wrong("cli.error.memo")
			}
			return a.change(cmd.Context(), func(ctx context.Context, ws view.Workspace) (shanyraq.Activity, error) {
				h, err := ws.House(ctx, "")
				if err != nil {
					return shanyraq.Activity{}, err
				}
				done, err := ws.Decide(ctx, place(h, args[0]), hosts.Tier(t), memo, a.who)
				if err == nil && hosts.NamesAPerson(memo) {
					code := place(h, args[0])
					a.note(a.loc.T("hosts.tier.named", "Country", h.PlaceName(code, a.loc.Lang()), "Code", string(code), "Day", a.Now().UTC().Format(time.DateOnly)))
				}
				return done, err
			})
		}})
	set.Flags().StringVar(&memo, "memo", "", "`WHY`; a decision has to say")
	var by string
	redact := a.writes(&cobra.Command{Use: "redact COUNTRY DAY", Short: "take back the text of what was decided on a day", Args: cobra.ExactArgs(2),
		Long: `Redact puts "withdrawn" in place of the memo of what was decided about a host on
a day, such as 2026-06-01 or today: a memo is no place for persons. The decision itself
stays, and so does the line in the log. No version shows the text any more; the
store's file, which is never rewritten, and copies of it keep it.`,
		Example: "  shanyraq hosts tier redact DEU 2026-06-01 --by \"A. Officer\" --db office.db",
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := time.Parse(time.DateOnly, args[1])
			switch {
			case args[1] == "today":
				day = a.Now()
			case err != nil:
				return wrong("cli.error.day", "Found", args[1])
			}
			return a.change(cmd.Context(), func(ctx context.Context, ws view.Workspace) (shanyraq.Activity, error) {
				h, err := ws.House(ctx, "")
				if err != nil {
					return shanyraq.Activity{}, err
				}
				return ws.Redact(ctx, place(h, args[0]), day, by, a.who)
			})
		}})
	redact.Flags().StringVar(&by, "by", "", "only what this `NAME` decided")
	return noun("tier", "how much care people in a host need", shown, set, redact)
}
