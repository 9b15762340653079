package hosts

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/methods/distance"
)

// MethodFit is how acceptance is predicted.
const MethodFit shanyraq.MethodKey = "predicted-fit"

// A Theme is what a programme is about.
type Theme string

// Themes lists the themes, in order. The last is the profile of values as a
// whole, which only imported surveys hold.
func Themes() []Theme {
	return []Theme{"women", "digital", "startups", "education", "science", "heritage", "mediation", "transport", "values"}
}

// series returns what a theme's likeness is over; for heritage, how populations
// divide.
func (t Theme) series(all []shanyraq.Series) []shanyraq.SeriesID {
	switch t {
	case "women":
		return []shanyraq.SeriesID{"HDR_gii", "HDR_gdi", "SG.GEN.PARL.ZS", "SL.TLF.CACT.FE.ZS", "HDR_se_f"}
	case "digital":
		return []shanyraq.SeriesID{"internet_users", "IT.NET.BBND.P2", "IT.CEL.SETS.P2"}
	case "startups":
		return []shanyraq.SeriesID{"WGI_regulatory_quality_estimate", "WGI_control_of_corruption_estimate", "HDR_gnipc", "SE.TER.ENRR"}
	case "education":
		return []shanyraq.SeriesID{"HDR_eys", "HDR_mys", "SE.TER.ENRR", "SE.XPD.TOTL.GD.ZS"}
	case "science":
		return []shanyraq.SeriesID{"GB.XPD.RSDV.GD.ZS", "SP.POP.SCIE.RD.P6", "SE.TER.ENRR"}
	case "heritage":
		return []shanyraq.SeriesID{"composition_language", "composition_religion", "composition_ethnic"}
	case "mediation":
		return []shanyraq.SeriesID{"un_ideal_point", "WGI_political_stability_estimate", "VDEM_v2x_polyarchy"}
	case "transport":
		return []shanyraq.SeriesID{"LP.LPI.OVRL.XQ", "TG.VAL.TOTL.GD.ZS", "geo_distance"}
	case "values":
		return Values.scored(all)
	}
	return nil
}

// judgement returns the series in which analysts put their own fit for a theme.
func (t Theme) judgement() shanyraq.SeriesID { return shanyraq.SeriesID("fit_" + string(t)) }

// Judged returns the series of analysts' own fit of a theme, and false for what
// is no theme.
func Judged(t Theme) (shanyraq.SeriesID, bool) { return t.judgement(), slices.Contains(Themes(), t) }

// A Fit is how well a theme of one country is likely to be taken in another, by
// how alike the two are in what the theme is about.
type Fit struct {
	Theme     Theme
	Predicted shanyraq.Figure // from −1 to 1, limits alone where something is missing; zero if nothing can be said
	Missing   []shanyraq.SeriesID
	Thin      bool             // more is missing than held
	Judged    []shanyraq.Claim // what analysts put in its place, newest first
}

// Taken returns the fit that counts: an analyst's, else the prediction.
func (f Fit) Taken() (shanyraq.Figure, error) {
	if len(f.Judged) > 0 {
		return f.Judged[0].Figure()
	}
	return f.Predicted, nil
}

// A Mood is what a fit warns of.
type Mood string

// The moods: the whole range above zero, on both sides of it, or below it.
const (
	Welcome  Mood = "welcome"
	Mixed    Mood = "mixed"
	Backlash Mood = "backlash"
	Untold   Mood = "untold"
)

// MoodOf returns what a fit warns of.
func MoodOf(f shanyraq.Figure) Mood {
	switch iv := f.Interval(); {
	case f.IsZero():
		return Untold
	case iv.Lo > 0:
		return Welcome
	case iv.Hi < 0:
		return Backlash
	}
	return Mixed
}

// Mood returns what the fit that counts warns of. A prediction of which more is
// missing than held warns of nothing.
func (f Fit) Mood() (Mood, error) {
	taken, err := f.Taken()
	if err != nil || len(f.Judged) == 0 && f.Thin {
		return Untold, err
	}
	return MoodOf(taken), nil
}

// apartness is how far countries are apart in one part of a theme, and how far
// any two of them usually are.
type apartness struct {
	id    shanyraq.SeriesID
	of    func(a, b shanyraq.CountryCode) (lo, v, hi float64, inputs []shanyraq.Claim) // v NaN where it is not known
	pairs []float64                                                                    // of all countries, in order
}

// share returns the share of pairs of countries that are nearer than d.
func (p apartness) share(d float64) float64 {
	lo, _ := slices.BinarySearch(p.pairs, d)
	hi := lo
	for hi < len(p.pairs) && p.pairs[hi] == d {
		hi++
	}
	return (float64(lo) + float64(hi)) / 2 / float64(len(p.pairs))
}

// part returns the apartness in one series, worked out once.
func (r *Room) part(ctx context.Context, id shanyraq.SeriesID) (*apartness, error) {
	r.kept.mu.Lock()
	held := r.kept.parts[id]
	r.kept.mu.Unlock()
	if held != nil {
		return held, nil
	}
	countries, err := r.countries(ctx)
	if err != nil {
		return nil, err
	}
	p := &apartness{id: id}
	switch {
	case strings.HasPrefix(string(id), "composition_"):
		of, err := r.peoples(ctx, id)
		if err != nil {
			return nil, err
		}
		p.of = func(a, b shanyraq.CountryCode) (lo, v, hi float64, inputs []shanyraq.Claim) {
			l, err := distance.Apart(of[a].parts, of[b].parts)
			if err != nil {
				return math.NaN(), math.NaN(), math.NaN(), nil
			}
			return l.Lo, l.Value, l.Hi, append(slices.Clone(of[a].claims), of[b].claims...)
		}
	case id == "geo_distance":
		cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{id}})
		if err != nil {
			return nil, err
		}
		km := map[[2]shanyraq.CountryCode]shanyraq.Claim{}
		for _, c := range cs {
			km[[2]shanyraq.CountryCode{min(c.Place, c.Partner), max(c.Place, c.Partner)}] = c
		}
		p.of = func(a, b shanyraq.CountryCode) (lo, v, hi float64, inputs []shanyraq.Claim) {
			c, ok := km[[2]shanyraq.CountryCode{min(a, b), max(a, b)}]
			if !ok {
				return math.NaN(), math.NaN(), math.NaN(), nil
			}
			iv := c.Range()
			return iv.Lo, c.Value, iv.Hi, []shanyraq.Claim{c}
		}
	default:
		latest, err := r.latest(ctx, id)
		if err != nil {
			return nil, err
		}
		scale := func(v float64) float64 {
			if id == onLog {
				return math.Log(max(v, 1))
			}
			return v
		}
		p.of = func(a, b shanyraq.CountryCode) (lo, v, hi float64, inputs []shanyraq.Claim) {
			x, y := latest[a], latest[b]
			if x.ID == "" || y.ID == "" {
				return math.NaN(), math.NaN(), math.NaN(), nil
			}
			v = math.Abs(scale(x.Value) - scale(y.Value))
			p, q := x.Range(), y.Range()
			xl, xh, yl, yh := scale(p.Lo), scale(p.Hi), scale(q.Lo), scale(q.Hi)
			return max(0, max(xl, yl)-min(xh, yh)), v, max(xh-yl, yh-xl), []shanyraq.Claim{x, y}
		}
	}
	for i, a := range countries {
		for _, b := range countries[:i] {
			if _, v, _, _ := p.of(a, b); !math.IsNaN(v) {
				p.pairs = append(p.pairs, v)
			}
		}
	}
	slices.Sort(p.pairs)
	r.kept.mu.Lock()
	r.kept.parts[id] = p
	r.kept.mu.Unlock()
	return p, nil
}

// Fits returns how well each theme of the sender is likely to be taken in the
// host, theme by theme.
func (r *Room) Fits(ctx context.Context, sender, host shanyraq.CountryCode) ([]Fit, error) {
	var out []Fit
	for _, t := range Themes() {
		f, err := r.Fit(ctx, t, sender, host)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// Fit returns how well one theme of the sender is likely to be taken in the
// host:
//
//	f = 1 − 2 × mean of F_s(d_s)
//
// d_s is how far the two are apart in a part s of what the theme is about, and
// F_s(d) the share of pairs of countries that are nearer than d. Two countries
// as far apart as most have 0, the same country 1. The range is over the ends of
// the two values and over parts left out, none or one at a time.
func (r *Room) Fit(ctx context.Context, t Theme, sender, host shanyraq.CountryCode) (Fit, error) {
	f := Fit{Theme: t}
	fail := func(err error) (Fit, error) {
		return f, shanyraq.Errorf("hosts.Fit", shanyraq.KindOf(err), "%s, %s in %s: %w", t, sender, host, err)
	}
	if !slices.Contains(Themes(), t) {
		return fail(shanyraq.Tell("hosts.Fit", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.theme", Args: map[string]any{"Value": string(t), "Known": known(Themes())}}, "no theme %q", t))
	}
	if sender == host {
		return f, nil
	}
	judged, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{t.judgement()}, Places: []shanyraq.CountryCode{host}, Partners: []shanyraq.CountryCode{sender}})
	if err != nil {
		return fail(err)
	}
	slices.SortStableFunc(judged, func(a, b shanyraq.Claim) int { return strings.Compare(string(b.When), string(a.When)) })
	f.Judged = judged
	all, err := r.ev.Series(ctx)
	if err != nil {
		return fail(err)
	}
	var values, lows, highs []float64
	var claims []shanyraq.Claim
	var inputs []shanyraq.Input
	var terms []string
	for _, id := range t.series(all) {
		p, err := r.part(ctx, id)
		if err != nil {
			return fail(err)
		}
		lo, v, hi, used := p.of(sender, host)
		if math.IsNaN(v) || len(p.pairs) == 0 {
			f.Missing = append(f.Missing, id)
			continue
		}
		values, lows, highs = append(values, p.share(v)), append(lows, p.share(lo)), append(highs, p.share(hi))
		claims = append(claims, used...)
		for _, c := range used[:min(len(used), 12)] {
			inputs = append(inputs, shanyraq.InputOf("", c))
		}
		terms = append(terms, fmt.Sprintf("%.3f (%s)", p.share(v), id))
	}
	if len(values) == 0 {
		return f, nil
	}
	mean := func(xs []float64, without int) float64 {
		var sum, n float64
		for i, x := range xs {
			if i != without {
				sum, n = sum+x, n+1
			}
		}
		return sum / n
	}
	v := 1 - 2*mean(values, -1)
	lo, hi := v, v
	for without := -1; without < len(values); without++ {
		if without >= 0 && len(values) < 2 {
			break
		}
		lo, hi = min(lo, 1-2*mean(highs, without)), max(hi, 1-2*mean(lows, without))
	}
	kind := shanyraq.Bounds
	if f.Thin = len(f.Missing) > len(values); len(f.Missing) > 0 {
		kind = shanyraq.Limits
	}
	f.Predicted, err = shanyraq.NewFigure(fmt.Sprintf("hosts/fit/%s/%s/%s", t, sender, host), v, shanyraq.Interval{Lo: max(-1, lo), Hi: min(1, hi), Kind: kind}, "index",
		shanyraq.Lineage{Method: MethodFit, Sources: shanyraq.SourcesOf(claims...), Inputs: inputs, Formula: fmt.Sprintf("1 − 2 × mean of %s", strings.Join(terms, ", ")),
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("likeness_accepted", shanyraq.EitherWay), shanyraq.Assume("scores_chosen", shanyraq.EitherWay), shanyraq.Assume("national_means", shanyraq.EitherWay)}})
	if err != nil {
		return fail(err)
	}
	return f, nil
}

func known[S ~string](all []S) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}

// A Trial is one thing somebody said of whom a country's example pleases, and
// what the prediction makes of it.
type Trial struct {
	Host   shanyraq.CountryCode
	Wanted Mood // Welcome or Backlash
	Fit    shanyraq.Figure
}

// Held reports whether the prediction says the same; a fit on both sides of
// zero does not.
func (t Trial) Held() bool { return MoodOf(t.Fit) == t.Wanted }

// tried are what is said of the example of the United States: taken well in
// Japan and South Korea, ill in the Middle East.
var tried = []struct {
	host   shanyraq.CountryCode
	wanted Mood
}{
	{"JPN", Welcome}, {"KOR", Welcome},
	{"SAU", Backlash}, {"IRN", Backlash}, {"IRQ", Backlash}, {"EGY", Backlash}, {"JOR", Backlash}, {"YEM", Backlash}, {"SYR", Backlash}, {"QAT", Backlash}, {"KWT", Backlash}, {"ARE", Backlash}, {"LBN", Backlash},
}

// Trials returns what the prediction makes of what is said of the United States,
// over the profile of values where surveys of it are held, else over how
// countries are governed and treat women, which the answer names.
func (r *Room) Trials(ctx context.Context) (out []Trial, over []Theme, err error) {
	fail := func(err error) ([]Trial, []Theme, error) {
		return nil, nil, shanyraq.Errorf("hosts.Trials", shanyraq.Other, "%w", err)
	}
	over = []Theme{"values"}
	probe, err := r.Fit(ctx, "values", "USA", "JPN")
	if err != nil {
		return fail(err)
	}
	if probe.Predicted.IsZero() {
		over = []Theme{"women", "mediation"}
	}
	for _, theme := range over {
		for _, x := range tried {
			f, err := r.Fit(ctx, theme, "USA", x.host)
			if err != nil {
				return fail(err)
			}
			out = append(out, Trial{x.host, x.wanted, f.Predicted})
		}
	}
	return out, over, nil
}

// A Goal is a target of the Sustainable Development Goals that a theme serves.
type Goal struct {
	Target string
	Whole  bool // all of the target; else a part of it
}

// Goals returns the targets a theme serves, as judged here. None serves the
// whole of one.
func (t Theme) Goals() []Goal {
	of := map[Theme][]string{
		"women": {"5.1", "5.5", "5.b"}, "digital": {"9.c", "17.8", "5.b"}, "startups": {"8.3", "9.3"}, "education": {"4.3", "4.4", "4.b"}, "science": {"9.5", "17.6"},
		"heritage": {"11.4", "4.7"}, "mediation": {"16.1", "16.8", "17.16"}, "transport": {"9.1", "17.11"},
	}
	var out []Goal
	for _, s := range of[t] {
		out = append(out, Goal{Target: s})
	}
	return out
}

// byFit orders fits of several hosts, the best first.
func byFit(a, b shanyraq.Figure) int {
	switch {
	case a.IsZero() || b.IsZero():
		return cmp.Compare(boolInt(a.IsZero()), boolInt(b.IsZero()))
	}
	return cmp.Compare(b.Value(), a.Value())
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// FitIn returns the fit of a theme of the sender in every country, the best
// first.
func (r *Room) FitIn(ctx context.Context, t Theme, sender shanyraq.CountryCode) (map[shanyraq.CountryCode]Fit, []shanyraq.CountryCode, error) {
	countries, err := r.countries(ctx)
	if err != nil {
		return nil, nil, err
	}
	out := map[shanyraq.CountryCode]Fit{}
	var order []shanyraq.CountryCode
	for _, c := range countries {
		if c == sender {
			continue
		}
		f, err := r.Fit(ctx, t, sender, c)
		if err != nil {
			return nil, nil, err
		}
		out[c] = f
		order = append(order, c)
	}
	slices.SortStableFunc(order, func(a, b shanyraq.CountryCode) int { return byFit(out[a].Predicted, out[b].Predicted) })
	return out, order, nil
}
