package vectors

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"shanyraq"
)

// The methods of acts: how many are held, and how many of them are people with
// people.
const (
	MethodActs        shanyraq.MethodKey = "acts-held"
	MethodPeopleShare shanyraq.MethodKey = "people-share"
)

// A Level says who acts: states, people, or both.
type Level string

// The levels.
const (
	States Level = "states" // governments with governments
	People Level = "people" // people with people
	Both   Level = "both"   // people or firms, by leave or with money of states
)

// A Nature says by what an act works.
type Nature string

// The natures.
const (
	Soft     Nature = "soft"     // attraction: visits, study, shared bodies
	Economic Nature = "economic" // trade and money
	Coercive Nature = "coercive" // force, or the threat of it
	Security Nature = "security" // arms and exercises together, which are neither attraction nor threat
)

// Natures lists the natures, in the order of the tables.
func Natures() []Nature { return []Nature{Soft, Economic, Security, Coercive} }

// A Tag is the rule for the records of one series. The series decides unless a
// record says otherwise at the end of its note, in square brackets: "[economic]",
// "[people, security]"; so that anybody can tell why an act is tagged as it is.
type Tag struct {
	Series shanyraq.SeriesID
	Level  Level
	Nature Nature
	Deed   bool // something done on a day, and not a post, an amount or a number of people
	Own    bool // said by the record itself
}

// Levels lists the levels, in the order of the tables.
func Levels() []Level { return []Level{States, Both, People} }

var ownTag = regexp.MustCompile(`\s*\[([a-z]+(?:, [a-z]+)*)\]\s*$`)

// tagOf returns the tag of a record, by the rule of its series and by what its
// own note says. Words in brackets that are neither level nor nature are no tag.
func tagOf(rule Tag, note string) Tag {
	m := ownTag.FindStringSubmatch(note)
	if m == nil {
		return rule
	}
	own := rule
	for _, word := range strings.Split(m[1], ", ") {
		switch l, n := Level(word), Nature(word); {
		case slices.Contains(Levels(), l):
			own.Level, own.Own = l, true
		case slices.Contains(Natures(), n):
			own.Nature, own.Own = n, true
		default:
			return rule
		}
	}
	return own
}

// Note returns the note of the act without the tag at its end.
func (a Act) Note() string {
	if !a.Tag.Own {
		return a.Claim.Note
	}
	return ownTag.ReplaceAllString(a.Claim.Note, "")
}

// Deed reports whether the record is an act: something done, of which the day,
// month or year is known. Only acts are counted.
func (a Act) Deed() bool { return a.Tag.Deed && a.Claim.When.Year() != 0 }

// Tags lists the rules, in the order of the table.
func Tags() []Tag {
	return []Tag{
		{Series: "leader_visit", Level: States, Nature: Soft, Deed: true},
		{Series: "leader_call", Level: States, Nature: Soft, Deed: true},
		{Series: "treaty", Level: States, Nature: Soft, Deed: true},
		{Series: "hosted_summit", Level: States, Nature: Soft, Deed: true},
		{Series: "chairmanship", Level: States, Nature: Soft, Deed: true},
		{Series: "good_offices", Level: States, Nature: Soft, Deed: true},
		{Series: "integration_project", Level: States, Nature: Economic, Deed: true},
		{Series: "military_act", Level: States, Nature: Security, Deed: true},
		{Series: "coercive_act", Level: States, Nature: Coercive, Deed: true},
		{Series: "people_programme", Level: People, Nature: Soft, Deed: true},
		{Series: "diplomatic_post", Level: States, Nature: Soft},
		{Series: "trade_turnover", Level: Both, Nature: Economic},
		{Series: "fdi_inflow", Level: Both, Nature: Economic},
		{Series: "fdi_cumulative", Level: Both, Nature: Economic},
		{Series: "bolashak_scholars_from", Level: Both, Nature: Soft},
		{Series: "students_from", Level: People, Nature: Soft},
		{Series: "exchange_students_from", Level: People, Nature: Soft},
		{Series: "diaspora_organisation", Level: People, Nature: Soft},
	}
}

// An Act is one record between home and another country, or of home with many.
type Act struct {
	Claim shanyraq.Claim
	Tag   Tag
	Other shanyraq.CountryCode // "" where no one country is named
}

// Acts is what is held of acts between home and others, and of the records that
// are no acts. Counts, natures and shares are of acts alone.
type Acts struct {
	Home    shanyraq.CountryCode
	Powers  []shanyraq.CountryCode
	Acts    []Act // newest first, records that are no acts among them
	Counts  map[shanyraq.CountryCode]map[Level]shanyraq.Figure
	Natures map[shanyraq.CountryCode]map[Nature]shanyraq.Figure
	// Shares are how many of the acts with a power are people with people, in
	// percent, over all years and by [Window]; those with all powers together
	// stand under the world.
	Shares  map[shanyraq.CountryCode]map[string]shanyraq.Figure
	Windows []string // in order, those in which there is an act with a power
	Undated int      // records of deeds without a year, which are not counted
}

// AllYears is the key of the share over all years.
const AllYears = "all"

// windowYears is how many years the share of people is taken over at a time.
const windowYears = 5

// Window returns the key of the five years in which the year lies: 2021-2025.
func Window(year int) string {
	first := year - (year-1)%windowYears
	return fmt.Sprintf("%d-%d", first, first+windowYears-1)
}

// Acts returns the acts held between home and others, each with its tag, and
// how many there are with each power.
func (r *Room) Acts(ctx context.Context, home shanyraq.CountryCode) (Acts, error) {
	return r.deeds.of(home, func() (Acts, error) {
		a, err := r.acts(ctx, home)
		if err != nil {
			return a, shanyraq.Errorf("vectors.Acts", shanyraq.KindOf(err), "%s: %w", home, err)
		}
		return a, nil
	})
}

func (r *Room) acts(ctx context.Context, home shanyraq.CountryCode) (Acts, error) {
	out := Acts{Home: home}
	tags := map[shanyraq.SeriesID]Tag{}
	var series []shanyraq.SeriesID
	for _, t := range Tags() {
		tags[t.Series], series = t, append(series, t.Series)
	}
	seen := map[shanyraq.ClaimID]bool{}
	for _, q := range []shanyraq.Query{
		{Series: series, Places: []shanyraq.CountryCode{home}},
		{Series: series, Partners: []shanyraq.CountryCode{home}},
	} {
		cs, err := r.ev.Claims(ctx, q)
		if err != nil {
			return out, err
		}
		for _, c := range cs {
			other := c.Partner
			if other == home {
				other = c.Place
			}
			if seen[c.ID] || other == shanyraq.World || other == home {
				continue
			}
			seen[c.ID] = true
			out.Acts = append(out.Acts, Act{c, tagOf(tags[c.Series], c.Note), other})
		}
	}
	slices.SortStableFunc(out.Acts, func(a, b Act) int {
		if c := strings.Compare(string(b.Claim.When), string(a.Claim.When)); c != 0 {
			return c
		}
		return strings.Compare(string(a.Claim.ID), string(b.Claim.ID))
	})
	b, err := r.Balance(ctx, home)
	if err != nil {
		return out, err
	}
	out.Powers = b.Powers
	return out, out.count("")
}

// Only returns the acts of one kind and one nature, counted anew; an empty one
// means any.
func (a Acts) Only(kind shanyraq.SeriesID, nature Nature) (Acts, error) {
	if kind == "" && nature == "" {
		return a, nil
	}
	a.Acts = slices.DeleteFunc(slices.Clone(a.Acts), func(x Act) bool {
		return kind != "" && x.Tag.Series != kind || nature != "" && x.Tag.Nature != nature
	})
	err := a.count(fmt.Sprintf("/%s/%s", cmp.Or(string(kind), anyOf), cmp.Or(string(nature), anyOf)))
	return a, err
}

// anyOf stands in a path for any kind or nature.
const anyOf = "any"

// With returns the acts with one country alone, the counts as they are.
func (a Acts) With(other shanyraq.CountryCode) []Act {
	return slices.DeleteFunc(slices.Clone(a.Acts), func(x Act) bool { return x.Other != other })
}

// count makes the figures; those of a choice of acts have it at the end of their
// path.
func (a *Acts) count(choice string) error {
	a.Counts, a.Natures, a.Shares = map[shanyraq.CountryCode]map[Level]shanyraq.Figure{}, map[shanyraq.CountryCode]map[Nature]shanyraq.Figure{}, map[shanyraq.CountryCode]map[string]shanyraq.Figure{}
	a.Windows, a.Undated = nil, 0
	lineage := func(m shanyraq.MethodKey, cs []shanyraq.Claim, formula string) shanyraq.Lineage {
		l := shanyraq.Lineage{Method: m, Sources: shanyraq.SourcesOf(cs...), Formula: formula,
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("held_not_all", shanyraq.TooLow)}}
		for i, c := range cs {
			l.Inputs = append(l.Inputs, shanyraq.InputOf(fmt.Sprintf("x%d", i+1), c))
		}
		return l
	}
	path := func(p shanyraq.CountryCode, what string) string {
		return fmt.Sprintf("vectors/acts/%s/%s/%s%s", a.Home, p, what, choice)
	}
	count := func(p shanyraq.CountryCode, what string, cs []shanyraq.Claim) (shanyraq.Figure, error) {
		n := float64(len(cs))
		return shanyraq.NewFigure(path(p, what), n, shanyraq.Interval{Lo: n, Hi: n, Kind: shanyraq.Counted}, "records", lineage(MethodActs, cs, fmt.Sprintf("n = %d", len(cs))))
	}
	share := func(p shanyraq.CountryCode, window string, acts []Act) error {
		var cs []shanyraq.Claim
		people := 0
		for _, x := range acts {
			if cs = append(cs, x.Claim); x.Tag.Level == People {
				people++
			}
		}
		if len(cs) == 0 {
			return nil
		}
		v, lo, hi := wilson(people, len(cs))
		l := lineage(MethodPeopleShare, cs, fmt.Sprintf("100 × %d / %d = %.1f %%", people, len(cs), 100*v))
		l.Assumptions = []shanyraq.Assumption{shanyraq.Assume("held_like_all", shanyraq.EitherWay)}
		f, err := shanyraq.NewFigure(path(p, "share-"+window), 100*v, shanyraq.Interval{Lo: 100 * lo, Hi: 100 * hi, Level: voteLevel, Kind: shanyraq.Confidence}, "percent", l)
		if a.Shares[p] == nil {
			a.Shares[p] = map[string]shanyraq.Figure{}
		}
		a.Shares[p][window] = f
		return err
	}
	together := map[string][]Act{}
	for _, x := range a.Acts {
		if x.Tag.Deed && !x.Deed() {
			a.Undated++
		}
	}
	var err error
	for _, p := range a.Powers {
		levels, natures, windows := map[Level][]shanyraq.Claim{}, map[Nature][]shanyraq.Claim{}, map[string][]Act{}
		for _, x := range a.With(p) {
			if !x.Deed() {
				continue
			}
			levels[x.Tag.Level] = append(levels[x.Tag.Level], x.Claim)
			natures[x.Tag.Nature] = append(natures[x.Tag.Nature], x.Claim)
			for _, w := range []string{AllYears, Window(x.Claim.When.Year())} {
				windows[w], together[w] = append(windows[w], x), append(together[w], x)
			}
		}
		a.Counts[p], a.Natures[p] = map[Level]shanyraq.Figure{}, map[Nature]shanyraq.Figure{}
		for level, cs := range levels {
			if a.Counts[p][level], err = count(p, string(level), cs); err != nil {
				return err
			}
		}
		for nature, cs := range natures {
			if a.Natures[p][nature], err = count(p, string(nature), cs); err != nil {
				return err
			}
		}
		for _, w := range slices.Sorted(maps.Keys(windows)) {
			if err := share(p, w, windows[w]); err != nil {
				return err
			}
		}
	}
	for _, w := range slices.Sorted(maps.Keys(together)) {
		if w != AllYears {
			a.Windows = append(a.Windows, w)
		}
		if err := share(shanyraq.World, w, together[w]); err != nil {
			return err
		}
	}
	return nil
}

// wilson returns a share of k in n with Wilson's interval of level [voteLevel].
func wilson(k, n int) (v, lo, hi float64) {
	const z = 1.959963984540054
	m := float64(n)
	v = float64(k) / m
	mid, half := v+z*z/(2*m), z*math.Sqrt(v*(1-v)/m+z*z/(4*m*m))
	lo, hi = (mid-half)/(1+z*z/m), (mid+half)/(1+z*z/m)
	return v, max(0, min(lo, v)), min(1, max(hi, v))
}

// Figures returns every figure of the acts.
func (a Acts) Figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, by := range a.Counts {
		for _, f := range by {
			out = append(out, f)
		}
	}
	for _, by := range a.Natures {
		for _, f := range by {
			out = append(out, f)
		}
	}
	for _, by := range a.Shares {
		for _, f := range by {
			out = append(out, f)
		}
	}
	return out
}

// ProfileSeries are the parts of the profile of a power, in order.
func ProfileSeries() []shanyraq.SeriesID {
	return []shanyraq.SeriesID{"power_aim", "power_tool", "power_project", "power_red_line"}
}

// Profile returns what is held of what a power seeks in home, by what, what it
// builds there and what it would not accept, each as somebody named says, in the
// order of [ProfileSeries] and newest first.
func (r *Room) Profile(ctx context.Context, home, power shanyraq.CountryCode) ([]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: ProfileSeries(), Places: []shanyraq.CountryCode{power}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return nil, shanyraq.Errorf("vectors.Profile", shanyraq.KindOf(err), "%s: %w", power, err)
	}
	order := ProfileSeries()
	slices.SortStableFunc(cs, func(a, b shanyraq.Claim) int {
		if i, j := slices.Index(order, a.Series), slices.Index(order, b.Series); i != j {
			return i - j
		}
		return strings.Compare(string(b.When), string(a.When))
	})
	return cs, nil
}

// A Body is an international organisation home takes part in, and the claims that
// it and each power do.
type Body struct {
	Name   string
	Home   shanyraq.Claim
	Powers map[shanyraq.CountryCode]shanyraq.Claim
}

// Bodies returns the organisations home takes part in, by name, with which of the
// powers do.
func (r *Room) Bodies(ctx context.Context, home shanyraq.CountryCode) ([]Body, error) {
	b, err := r.Balance(ctx, home)
	if err != nil {
		return nil, err
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{memberSeries}, Places: append([]shanyraq.CountryCode{home}, b.Powers...)})
	if err != nil {
		return nil, shanyraq.Errorf("vectors.Bodies", shanyraq.KindOf(err), "%s: %w", home, err)
	}
	at := map[string]int{}
	var out []Body
	for _, c := range cs {
		if _, twice := at[c.Subject]; c.Place == home && !twice {
			at[c.Subject] = len(out)
			out = append(out, Body{Name: c.Subject, Home: c, Powers: map[shanyraq.CountryCode]shanyraq.Claim{}})
		}
	}
	for _, c := range cs {
		if i, ok := at[c.Subject]; ok && c.Place != home {
			out[i].Powers[c.Place] = c
		}
	}
	slices.SortFunc(out, func(a, b Body) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}
