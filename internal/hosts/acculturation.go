package hosts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"shanyraq"
	"shanyraq/methods/acculturation"
)

// The methods of acculturation.
const (
	MethodAxes shanyraq.MethodKey = "two-axes"
	MethodKept shanyraq.MethodKey = "heritage-proxy"
)

// given is the source of what a reader hands over and nobody keeps.
const given shanyraq.SourceID = "given"

// An Answered is what one respondent answered, and of which host and generation
// they are. It is used to make groups and not kept.
type Answered struct {
	Place      shanyraq.CountryCode
	Generation string
	Line       int
	acculturation.Answer
}

// A Class is one of the four ways of living with two cultures.
type Class = acculturation.Class

// Classes lists the classes, in order.
func Classes() []Class { return acculturation.Classes() }

// A Scale is what the items were answered on.
type Scale = acculturation.Scale

// A Group is what the answers of one host and generation say.
type Group struct {
	Place               shanyraq.CountryCode
	Generation          string
	N, Dropped          int
	Heritage, Residence shanyraq.Figure
	Shares              map[acculturation.Class]shanyraq.Figure // percent; none if Placing
	Placing             bool                                    // shares would all but place each of them, and are kept back
	AlphaHeritage       float64                                 // NaN if nothing can be said of it
	AlphaResidence      float64
}

// Shares of the classes are shown only where every class holds leastInClass
// answers and none more than mostInClass of them: else whoever knows that
// somebody answered knows how they live.
const (
	leastInClass = 5
	mostInClass  = 0.9
)

// Small is how many people a group must have at least in a tier.
func (t Tier) Small() int {
	if t == Open {
		return 10
	}
	return 20
}

// Acculturated returns what the answers say by host and generation, in that
// order, and how many people are in groups too small to be shown. It returns an
// [shanyraq.Invalid] error if an answer is of a host in the highest tier, of
// which no answer may be kept or read.
func (r *Room) Acculturated(ctx context.Context, answers []Answered, s Scale, on time.Time) (groups []Group, small int, err error) {
	const op = "hosts.Acculturated"
	type key struct {
		place      shanyraq.CountryCode
		generation string
	}
	of := map[key][]acculturation.Answer{}
	tiers := map[shanyraq.CountryCode]Tier{}
	for _, a := range answers {
		if _, ok := tiers[a.Place]; !ok {
			safe, err := r.Safety(ctx, a.Place, on)
			if err != nil {
				return nil, 0, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
			}
			tiers[a.Place] = safe.Tier
		}
		if tiers[a.Place] == Refused {
			return nil, 0, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "hosts.error.refused", Args: map[string]any{"Place": string(a.Place), "Line": a.Line}}, "line %d is of %s", a.Line, a.Place)
		}
		k := key{a.Place, a.Generation}
		of[k] = append(of[k], a.Answer)
	}
	for k, all := range of {
		p, err := acculturation.Of(all, s, tiers[k.place].Small(), 0.95)
		switch {
		case errors.Is(err, acculturation.ErrFew):
			small += len(all)
			continue
		case err != nil:
			return nil, 0, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "hosts.error.answers", Args: map[string]any{"Detail": err.Error()}}, "%w", err)
		}
		g := Group{Place: k.place, Generation: k.generation, N: p.N, Dropped: p.Dropped, Shares: map[acculturation.Class]shanyraq.Figure{}, AlphaHeritage: p.AlphaHeritage, AlphaResidence: p.AlphaResidence}
		figure := func(what string, e acculturation.Estimate, times float64, unit shanyraq.Unit) shanyraq.Figure {
			if err != nil {
				return shanyraq.Figure{}
			}
			iv := shanyraq.Interval{Lo: times * e.Lo, Hi: times * e.Hi, Level: 0.95, Kind: shanyraq.Confidence}
			if !(iv.Hi > iv.Lo) { // all answered alike, which says nothing of how others would
				iv = shanyraq.Interval{Lo: times * s.Min, Hi: times * s.Max, Kind: shanyraq.Bounds}
			}
			var f shanyraq.Figure
			f, err = shanyraq.NewFigure(fmt.Sprintf("given/axes/%s/%s/%s", k.place, k.generation, what), times*e.Value, iv, unit,
				shanyraq.Lineage{Method: MethodAxes, Sources: []shanyraq.SourceID{given}, Formula: fmt.Sprintf("%s of %d answers, as %.1f of equal weight", what, p.N, p.Effective),
					Assumptions: []shanyraq.Assumption{shanyraq.Assume("items_alike", shanyraq.EitherWay), shanyraq.Assume("answers_independent", shanyraq.TooNarrow)}})
			return f
		}
		g.Heritage, g.Residence = figure("heritage", p.Heritage, 1, "points"), figure("residence", p.Residence, 1, "points")
		for _, c := range acculturation.Classes() {
			g.Placing = g.Placing || p.Count[c] < leastInClass || p.Shares[c].Value > mostInClass
		}
		for _, c := range acculturation.Classes() {
			if g.Placing {
				break
			}
			g.Shares[c] = figure(string(c), p.Shares[c], 100, "percent")
		}
		if err != nil {
			return nil, 0, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", k.place, err)
		}
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Generation, b.Generation))
	})
	return groups, small, nil
}

// A Proxy is something public that goes with an axis of acculturation, and no
// measure of it.
type Proxy struct {
	Key    string // language, returns or bodies
	Figure shanyraq.Figure
	Year   int // of returns
}

// Watched are the hosts that stand first where home's people abroad are asked
// about, whether anything is held of them or not.
func Watched(home shanyraq.CountryCode) []shanyraq.CountryCode {
	if home == "KAZ" {
		return []shanyraq.CountryCode{"CHN", "RUS", "UZB", "MNG", "KGZ", "TKM"}
	}
	return nil
}

// Bodies is the series of associations, schools and media of home's people.
const Bodies shanyraq.SeriesID = "diaspora_organisation"

// Proxies returns what public data hold on the axis of heritage kept in a host:
// the language kept, how many came back of those who live there, and how many
// associations are held. A proxy without data has no figure. Nothing public
// speaks to the other axis.
func (r *Room) Proxies(ctx context.Context, home, host shanyraq.CountryCode) ([]Proxy, error) {
	r.kept.asking.Lock()
	defer r.kept.asking.Unlock()
	at := [2]shanyraq.CountryCode{home, host}
	if ps, ok := r.kept.proxies[at]; ok {
		return slices.Clone(ps), nil
	}
	ps, err := r.proxies(ctx, home, host)
	if err != nil {
		return nil, err
	}
	if len(r.kept.proxies) > 100_000 { // every pair once; more is somebody trying codes
		clear(r.kept.proxies)
	}
	r.kept.proxies[at] = ps
	return slices.Clone(ps), nil
}

func (r *Room) proxies(ctx context.Context, home, host shanyraq.CountryCode) ([]Proxy, error) {
	fail := func(err error) ([]Proxy, error) {
		return nil, shanyraq.Errorf("hosts.Proxies", shanyraq.Other, "%s in %s: %w", home, host, err)
	}
	language, err := r.HeritageKept(ctx, home, host)
	if err != nil {
		return fail(err)
	}
	out := []Proxy{{Key: "language", Figure: language}, {Key: "returns"}, {Key: "bodies"}}
	if r.crowds != nil {
		kin, err := r.crowds.Kin(ctx, home)
		if err != nil {
			return fail(err)
		}
		back, year, err := r.crowds.Returned(ctx, home)
		if err != nil {
			return fail(err)
		}
		if n, b := kin[host], back[host]; !n.IsZero() && !b.IsZero() && n.Interval().Lo > 0 {
			out[1].Year = year
			v := 100 * b.Value() / n.Value()
			out[1].Figure, err = shanyraq.NewFigure(fmt.Sprintf("hosts/returned/%s/%s", home, host), v,
				shanyraq.Interval{Lo: 100 * b.Interval().Lo / n.Interval().Hi, Hi: 100 * b.Interval().Hi / n.Interval().Lo, Kind: shanyraq.Judged}, "percent", shanyraq.Lineage{
					Method: MethodKept, Formula: fmt.Sprintf("100 × b / n = 100 × %.0f / %.0f", b.Value(), n.Value()), Sources: append(slices.Clone(b.Lineage().Sources), n.Lineage().Sources...),
					Inputs:      []shanyraq.Input{{Symbol: "b", Path: b.Path(), Place: host, Value: b.Value(), Unit: b.Unit()}, {Symbol: "n", Path: n.Path(), Place: host, Value: n.Value(), Unit: n.Unit()}},
					Assumptions: []shanyraq.Assumption{shanyraq.Assume("return_is_heritage", shanyraq.EitherWay)}})
			if err != nil {
				return fail(err)
			}
		}
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{Bodies}, Places: []shanyraq.CountryCode{host}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return fail(err)
	}
	if n := float64(len(cs)); n > 0 {
		l := shanyraq.Lineage{Method: MethodPresence, Formula: fmt.Sprintf("records held = %.0f", n), Sources: shanyraq.SourcesOf(cs...), Assumptions: []shanyraq.Assumption{shanyraq.Assume("records_partial", shanyraq.TooLow)}}
		for _, c := range cs {
			l.Inputs = append(l.Inputs, shanyraq.InputOf("", c))
		}
		if out[2].Figure, err = shanyraq.NewFigure(fmt.Sprintf("hosts/bodies/%s/%s", home, host), n, shanyraq.Interval{Lo: n, Hi: n, Kind: shanyraq.Counted}, "records", l); err != nil {
			return fail(err)
		}
	}
	return out, nil
}

// HeritageKept returns a proxy of how far the people of home in a host keep their
// language: the share of the host's population that speaks the language called
// after home's largest people, by the share that is of that people. It is zero
// where the tables do not list both. Above 1 others speak it too.
func (r *Room) HeritageKept(ctx context.Context, home, host shanyraq.CountryCode) (shanyraq.Figure, error) {
	var none shanyraq.Figure
	fail := func(err error) (shanyraq.Figure, error) {
		return none, shanyraq.Errorf("hosts.HeritageKept", shanyraq.Other, "%s in %s: %w", home, host, err)
	}
	tongues, err := r.peoples(ctx, "composition_language")
	if err != nil {
		return fail(err)
	}
	nations, err := r.peoples(ctx, "composition_ethnic")
	if err != nil {
		return fail(err)
	}
	// Home's people is its largest, and their language the one that bears their
	// name; what most people speak may be another's.
	name := ""
	var most float64
	for _, c := range nations[home].claims {
		if n := groupName(c.Subject); n != "" && c.Value > most {
			name, most = n, c.Value
		}
	}
	named := func(of people) shanyraq.Claim {
		i := slices.IndexFunc(of.claims, func(c shanyraq.Claim) bool { return groupName(c.Subject) == name })
		if i < 0 || name == "" {
			return shanyraq.Claim{}
		}
		return of.claims[i]
	}
	spoken, people := named(tongues[host]), named(nations[host])
	if home == host || spoken.ID == "" || people.ID == "" || !(people.Value > 0) {
		return none, nil
	}
	s, p := spoken.Range(), people.Range()
	v := spoken.Value / people.Value
	lo, hi := max(0, s.Lo)/p.Hi, v
	if p.Lo > 0 {
		hi = s.Hi / p.Lo
	}
	f, err := shanyraq.NewFigure(fmt.Sprintf("hosts/kept/%s/%s", home, host), v, shanyraq.Interval{Lo: min(lo, v), Hi: max(hi, v), Kind: shanyraq.Bounds}, "ratio",
		shanyraq.Lineage{Method: MethodKept, Sources: shanyraq.SourcesOf(spoken, people), Inputs: []shanyraq.Input{shanyraq.InputOf("s", spoken), shanyraq.InputOf("p", people)},
			Formula:     fmt.Sprintf("s / p = %g / %g", spoken.Value, people.Value),
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("speakers_theirs", shanyraq.TooHigh), shanyraq.Assume("language_is_heritage", shanyraq.EitherWay)}})
	if err != nil {
		return fail(err)
	}
	return f, nil
}
