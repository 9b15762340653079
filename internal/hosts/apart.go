package hosts

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/methods/distance"
)

// The methods of the room.
const (
	MethodApart     shanyraq.MethodKey = "composition-distance"
	MethodUnshared  shanyraq.MethodKey = "unshared-language"
	MethodScores    shanyraq.MethodKey = "kogut-singh"
	MethodJoint     shanyraq.MethodKey = "mahalanobis"
	MethodGroups    shanyraq.MethodKey = "host-groups"
	MethodPresence  shanyraq.MethodKey = "presence"
	MethodPotential shanyraq.MethodKey = "host-potential"
)

// Methods lists the methods of the room's figures, in the order of their pages.
func Methods() []shanyraq.MethodKey {
	return []shanyraq.MethodKey{MethodApart, MethodUnshared, MethodScores, MethodJoint, MethodGroups, MethodPresence, MethodPotential, MethodFit, MethodAudience, MethodKept, MethodAxes, MethodResponse, MethodPlaced, MethodSince}
}

// A Way is one way in which two countries are far apart.
type Way string

// The ways.
const (
	Geographic   Way = "geographic"
	Language     Way = "language"
	Tongue       Way = "tongue" // chance that two people share no listed language
	Religion     Way = "religion"
	Ethnic       Way = "ethnic"
	Institutions Way = "institutions"
	Governed     Way = "governed" // institutions, allowing for scores that go together
	Society      Way = "society"
	Living       Way = "living" // society, likewise
	Values       Way = "values"
	Valued       Way = "valued" // values, likewise
)

// Ways lists the ways, in the order of every table.
func Ways() []Way {
	return []Way{Geographic, Language, Tongue, Religion, Ethnic, Institutions, Governed, Society, Living, Values, Valued}
}

// Unit returns what distances of the way are in.
func (w Way) Unit() shanyraq.Unit {
	switch w {
	case Geographic:
		return "km"
	case Language, Tongue, Religion, Ethnic:
		return "percent"
	}
	return "index"
}

// composition returns the series of how populations divide, or "".
func (w Way) composition() shanyraq.SeriesID {
	switch w {
	case Language, Tongue:
		return "composition_language"
	case Religion:
		return "composition_religion"
	case Ethnic:
		return "composition_ethnic"
	}
	return ""
}

// joint reports whether the way allows for scores that go together.
func (w Way) joint() bool { return w == Governed || w == Living || w == Valued }

// scored returns the series compared under the way, or nil. Those of values
// are whatever has been imported.
func (w Way) scored(all []shanyraq.Series) []shanyraq.SeriesID {
	switch w {
	case Institutions, Governed:
		return []shanyraq.SeriesID{"WGI_voice_accountability_estimate", "WGI_political_stability_estimate", "WGI_government_effectiveness_estimate",
			"WGI_regulatory_quality_estimate", "WGI_rule_of_law_estimate", "WGI_control_of_corruption_estimate"}
	case Society, Living:
		return []shanyraq.SeriesID{"HDR_le", "HDR_eys", "HDR_mys", "HDR_gnipc", "internet_users", "SP.URB.TOTL.IN.ZS", "SP.DYN.TFRT.IN", "SP.POP.65UP.TO.ZS"}
	case Values, Valued:
		var out []shanyraq.SeriesID
		for _, s := range all {
			if TopicOf(s) == "values" {
				out = append(out, s.ID)
			}
		}
		return out
	}
	return nil
}

// onLog is the series compared by their logarithm: twice as much is as far at
// the bottom as at the top.
const onLog shanyraq.SeriesID = "HDR_gnipc"

// A Distance is how far apart two countries are in one way.
type Distance struct {
	Way     Way
	Figure  shanyraq.Figure     // zero if nothing can be said
	Of      int                 // series or populations there are to compare
	Missing []shanyraq.SeriesID // that one of the two lacks
}

// Distances returns how far apart the two countries are in every way.
func (r *Room) Distances(ctx context.Context, a, b shanyraq.CountryCode) ([]Distance, error) {
	var out []Distance
	for _, w := range Ways() {
		d, err := r.Distance(ctx, w, a, b)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// Distance returns how far apart the two countries are in one way.
func (r *Room) Distance(ctx context.Context, w Way, a, b shanyraq.CountryCode) (Distance, error) {
	d, err := r.distance(ctx, w, a, b)
	if err != nil {
		return d, shanyraq.Errorf("hosts.Distance", shanyraq.KindOf(err), "%s, %s and %s: %w", w, a, b, err)
	}
	return d, nil
}

func (r *Room) distance(ctx context.Context, w Way, a, b shanyraq.CountryCode) (Distance, error) {
	d := Distance{Way: w}
	if a == b {
		return d, nil
	}
	path := fmt.Sprintf("hosts/apart/%s/%s/%s", w, a, b)
	switch {
	case w == Geographic:
		d.Of = 1
		cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"geo_distance"}, Places: []shanyraq.CountryCode{a, b}, Partners: []shanyraq.CountryCode{a, b}})
		if err != nil {
			return d, err
		}
		cs = slices.DeleteFunc(cs, func(c shanyraq.Claim) bool { return c.Place == c.Partner })
		if len(cs) == 0 {
			d.Missing = []shanyraq.SeriesID{"geo_distance"}
			return d, nil
		}
		d.Figure, err = cs[0].Figure()
		return d, err
	case w.composition() != "":
		return r.composed(ctx, d, path, a, b)
	}
	f, err := r.frame(ctx, w)
	if err != nil {
		return d, err
	}
	d.Of = len(f.series)
	i, j := f.at(a), f.at(b)
	for k, s := range f.series {
		if i < 0 || j < 0 || math.IsNaN(f.x[i][k]) || math.IsNaN(f.x[j][k]) {
			d.Missing = append(d.Missing, s)
		}
	}
	if len(d.Missing) == len(f.series) {
		return d, nil
	}
	v := f.between(w, i, j, nil)
	if math.IsNaN(v) {
		return d, nil
	}
	d.Figure, err = f.figure(w, path, i, j, v)
	return d, err
}

// A frame is the scores of every country under one way.
type frame struct {
	series   []shanyraq.SeriesID
	places   []shanyraq.CountryCode // sorted
	x        [][]float64            // a row per place, a column per series
	claims   [][]shanyraq.Claim     // likewise
	variance []float64
	spread   distance.Spread // of complete rows; zero where there are too few
	whole    bool            // the spread is known
}

func (f *frame) at(c shanyraq.CountryCode) int {
	i, ok := slices.BinarySearch(f.places, c)
	if !ok {
		return -1
	}
	return i
}

// frame returns the scores under the way, worked out once.
func (r *Room) frame(ctx context.Context, w Way) (*frame, error) {
	base := w
	switch w {
	case Governed:
		base = Institutions
	case Living:
		base = Society
	case Valued:
		base = Values
	}
	r.kept.mu.Lock()
	defer r.kept.mu.Unlock()
	if f := r.kept.frames[base]; f != nil {
		return f, nil
	}
	all, err := r.ev.Series(ctx)
	if err != nil {
		return nil, err
	}
	countries, err := r.countries(ctx)
	if err != nil {
		return nil, err
	}
	f := &frame{series: base.scored(all)}
	var latest []map[shanyraq.CountryCode]shanyraq.Claim
	for _, id := range f.series {
		m, err := r.fresh(ctx, id)
		if err != nil {
			return nil, err
		}
		latest = append(latest, m)
	}
	for _, c := range countries {
		row, claims := make([]float64, len(f.series)), make([]shanyraq.Claim, len(f.series))
		some := false
		for k, id := range f.series {
			row[k] = math.NaN()
			if claims[k] = latest[k][c]; claims[k].ID != "" {
				if row[k], some = claims[k].Value, true; id == onLog {
					row[k] = math.Log(row[k])
				}
			}
		}
		if some {
			f.places, f.x, f.claims = append(f.places, c), append(f.x, row), append(f.claims, claims)
		}
	}
	f.variance = distance.Variances(f.x)
	if len(f.x) > 0 {
		if f.spread, err = distance.Shrink(f.x); err == nil {
			f.whole = true
		}
	}
	r.kept.frames[base] = f
	return f, nil
}

// countries returns the codes of the countries there are, sorted.
func (r *Room) countries(ctx context.Context) ([]shanyraq.CountryCode, error) {
	places, err := r.ev.Places(ctx)
	if err != nil {
		return nil, err
	}
	var out []shanyraq.CountryCode
	for _, p := range places {
		if p.Exists() {
			out = append(out, p.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// shared returns how many scores both places have.
func (f *frame) shared(i, j int) (n int) {
	for k := range f.series {
		if !math.IsNaN(f.x[i][k]) && !math.IsNaN(f.x[j][k]) {
			n++
		}
	}
	return n
}

// between returns the distance of two rows without the columns named, or NaN.
func (f *frame) between(w Way, i, j int, without []int) float64 {
	a, b := slices.Clone(f.x[i]), f.x[j]
	for _, k := range without {
		a[k] = math.NaN()
	}
	if !w.joint() {
		d, _ := distance.KogutSingh(a, b, f.variance)
		return d
	}
	if !f.whole {
		return math.NaN()
	}
	d, m, err := distance.Mahalanobis(a, b, f.spread.Cov)
	if err != nil || m == 0 {
		return math.NaN()
	}
	return d / math.Sqrt(float64(m))
}

// kept share of the ways of leaving out scores that the interval holds.
const keptShare = 0.9

// figure makes the figure of a distance over scores. Its range is over which
// scores are compared: none, one or two of them left out.
func (f *frame) figure(w Way, path string, i, j int, v float64) (shanyraq.Figure, error) {
	var at []int
	for k := range f.series {
		if !math.IsNaN(f.x[i][k]) && !math.IsNaN(f.x[j][k]) {
			at = append(at, k)
		}
	}
	tried := []float64{v}
	for n, k := range at {
		if len(at) > 1 {
			tried = append(tried, f.between(w, i, j, []int{k}))
		}
		for _, l := range at[:n] {
			if len(at) > 2 {
				tried = append(tried, f.between(w, i, j, []int{k, l}))
			}
		}
	}
	tried = slices.DeleteFunc(tried, math.IsNaN)
	slices.Sort(tried)
	out := int((1 - keptShare) / 2 * float64(len(tried)))
	iv := shanyraq.Interval{Lo: min(v, tried[out]), Hi: max(v, tried[len(tried)-1-out]), Level: keptShare, Kind: shanyraq.Varied}
	l := shanyraq.Lineage{Method: MethodScores, Assumptions: []shanyraq.Assumption{shanyraq.Assume("scores_chosen", shanyraq.EitherWay), shanyraq.Assume("national_means", shanyraq.TooHigh)}}
	var claims []shanyraq.Claim
	var terms []string
	for _, k := range at {
		a, b := f.claims[i][k], f.claims[j][k]
		claims = append(claims, a, b)
		n := strconv.Itoa(len(terms) + 1)
		l.Inputs = append(l.Inputs, shanyraq.InputOf("a"+n, a), shanyraq.InputOf("b"+n, b))
		name := fmt.Sprintf("(%.4g − %.4g)² / %.4g", f.x[i][k], f.x[j][k], f.variance[k])
		terms = append(terms, name)
	}
	l.Sources = shanyraq.SourcesOf(claims...)
	l.Formula = fmt.Sprintf("1/%d × [ %s ]", len(at), strings.Join(terms, " + "))
	if w.joint() {
		l.Method = MethodJoint
		l.Formula = fmt.Sprintf("root of ( (a − b) · inverse of S · (a − b) / %d ),  shrunk by %.3f,  n = %d", len(at), f.spread.Lambda, f.spread.N)
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("neighbours_alike", shanyraq.EitherWay))
	} else {
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("scores_apart", shanyraq.EitherWay))
	}
	return shanyraq.NewFigure(path, v, iv, w.Unit(), l)
}

// A people is a population divided into named groups.
type people struct {
	parts  []distance.Part
	claims []shanyraq.Claim
}

// peoples returns how every population divides, worked out once.
func (r *Room) peoples(ctx context.Context, id shanyraq.SeriesID) (map[shanyraq.CountryCode]people, error) {
	r.kept.mu.Lock()
	defer r.kept.mu.Unlock()
	if m := r.kept.peoples[id]; m != nil {
		return m, nil
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{id}})
	if err != nil {
		return nil, err
	}
	out := map[shanyraq.CountryCode]people{}
	for _, c := range cs {
		if c.Area != "" || c.Partner != "" || c.Subject == "" || !(c.Value >= 0 && c.Value <= 100) {
			continue
		}
		p := out[c.Place]
		p.claims = append(p.claims, c)
		if name := groupName(c.Subject); name != "" {
			if i := slices.IndexFunc(p.parts, func(x distance.Part) bool { return x.Name == name }); i < 0 {
				p.parts = append(p.parts, distance.Part{Name: name, Share: c.Value / 100})
			} else {
				p.parts[i].Share = min(1, p.parts[i].Share+c.Value/100)
			}
		}
		out[c.Place] = p
	}
	r.kept.peoples[id] = out
	return out, nil
}

// oneGroup are names that sources print for one and the same group.
var oneGroup = map[string]string{
	"kazak": "kazakh", "kazakhs": "kazakh", "uyghurs": "uyghur", "uighur": "uyghur", "buriad": "buryat",
	"english only": "english", "mandarin": "chinese", "buddhism": "buddhist",
	"eastern orthodox": "orthodox", "russian orthodox": "orthodox", "no religion": "none", "unaffiliated": "none", "non-believers": "none", "catholic": "roman catholic",
}

// groupName returns the name by which groups of two countries are the same one,
// and "" for a row that names no group.
func groupName(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	s = strings.TrimRight(s, " 0123456789.<>~") // bounds of a range the source printed beside the name
	for _, no := range []string{"other", "unspecified", "unknown", "no answer", "no response", "refused", "don't know", "none declared", "less than", "about", "ethnic minorities", "minority languages", "undeclared", "not stated"} {
		if s == no || strings.HasPrefix(s, no+" ") || strings.HasPrefix(s, no+"/") {
			return ""
		}
	}
	if t := oneGroup[s]; t != "" {
		return t
	}
	return s
}

// composed returns the distance of two populations.
func (r *Room) composed(ctx context.Context, d Distance, path string, a, b shanyraq.CountryCode) (Distance, error) {
	id := d.Way.composition()
	d.Of = 1
	of, err := r.peoples(ctx, id)
	if err != nil {
		return d, err
	}
	p, q := of[a], of[b]
	measure, method := distance.Apart, MethodApart
	if d.Way == Tongue {
		measure, method = distance.Unshared, MethodUnshared
	}
	l, err := measure(p.parts, q.parts)
	if err != nil { // nobody named, on one side or both
		d.Missing = []shanyraq.SeriesID{id}
		return d, nil
	}
	claims := append(slices.Clone(p.claims), q.claims...)
	lin := shanyraq.Lineage{Method: method, Sources: shanyraq.SourcesOf(claims...), Formula: "1 − sum of min(p, q)",
		Assumptions: []shanyraq.Assumption{shanyraq.Assume("one_group_each", shanyraq.EitherWay), shanyraq.Assume("names_alike", shanyraq.TooHigh), shanyraq.Assume("unnamed_elsewhere", shanyraq.TooHigh)}}
	if d.Way == Tongue {
		lin.Formula = "1 − sum of p × q"
	}
	var terms []string
	for _, x := range p.parts {
		if i := slices.IndexFunc(q.parts, func(y distance.Part) bool { return y.Name == x.Name }); i >= 0 {
			terms = append(terms, fmt.Sprintf("%s %.3g, %.3g", x.Name, x.Share, q.parts[i].Share))
		}
	}
	if len(terms) > 0 {
		lin.Formula += ",  " + strings.Join(terms, "; ")
	}
	for _, c := range p.claims {
		lin.Inputs = append(lin.Inputs, shanyraq.InputOf("p", c))
	}
	for _, c := range q.claims {
		lin.Inputs = append(lin.Inputs, shanyraq.InputOf("q", c))
	}
	d.Figure, err = shanyraq.NewFigure(path, 100*l.Value, shanyraq.Interval{Lo: 100 * l.Lo, Hi: 100 * l.Hi, Kind: shanyraq.Bounds}, "percent", lin)
	return d, err
}

// A table is the distances of every two countries in one way.
type table struct {
	places []shanyraq.CountryCode
	d      [][]float64
}

// table returns the distances of all pairs, worked out once.
func (r *Room) table(ctx context.Context, w Way) (*table, error) {
	r.kept.mu.Lock()
	t := r.kept.tables[w]
	r.kept.mu.Unlock()
	if t != nil {
		return t, nil
	}
	t = &table{}
	var of func(i, j int) (float64, error)
	switch {
	case w == Geographic:
		cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"geo_distance"}})
		if err != nil {
			return nil, err
		}
		km := map[[2]shanyraq.CountryCode]float64{}
		for _, c := range cs {
			km[[2]shanyraq.CountryCode{min(c.Place, c.Partner), max(c.Place, c.Partner)}] = c.Value
		}
		if t.places, err = r.countries(ctx); err != nil {
			return nil, err
		}
		of = func(i, j int) (float64, error) {
			a, b := t.places[i], t.places[j]
			if v, ok := km[[2]shanyraq.CountryCode{min(a, b), max(a, b)}]; ok {
				return v, nil
			}
			return math.NaN(), nil
		}
	case w.composition() != "":
		people, err := r.peoples(ctx, w.composition())
		if err != nil {
			return nil, err
		}
		all, err := r.countries(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			if len(people[c].parts) > 0 {
				t.places = append(t.places, c)
			}
		}
		measure := distance.Apart
		if w == Tongue {
			measure = distance.Unshared
		}
		of = func(i, j int) (float64, error) {
			l, err := measure(people[t.places[i]].parts, people[t.places[j]].parts)
			if err != nil {
				return math.NaN(), nil
			}
			return 100 * l.Value, nil
		}
	default:
		f, err := r.frame(ctx, w)
		if err != nil {
			return nil, err
		}
		t.places = f.places
		of = func(i, j int) (float64, error) {
			if w != Values && w != Valued && 3*f.shared(i, j) < 2*len(f.series) {
				return math.NaN(), nil // two of whom little is held are near each other for want of it
			}
			return f.between(w, i, j, nil), nil
		}
	}
	var err error
	if t.d, err = distance.Pairs(len(t.places), of); err != nil {
		return nil, err
	}
	r.kept.mu.Lock()
	r.kept.tables[w] = t
	r.kept.mu.Unlock()
	return t, nil
}

// A Likeness is a country and how far it is from the one asked about.
type Likeness struct {
	Place    shanyraq.CountryCode
	Distance Distance
}

// Similar returns the k countries nearest to the place in one way, nearest
// first: of those that share two thirds of what is compared, unless it is
// values, of which each country has what was imported. There are none if nothing
// is held of the place.
func (r *Room) Similar(ctx context.Context, w Way, place shanyraq.CountryCode, k int) ([]Likeness, error) {
	fail := func(err error) ([]Likeness, error) {
		return nil, shanyraq.Errorf("hosts.Similar", shanyraq.KindOf(err), "%s, %s: %w", w, place, err)
	}
	if !slices.Contains(Ways(), w) {
		return fail(shanyraq.Tell("hosts.Similar", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.way", Args: map[string]any{"Value": string(w)}}, "no way %q", w))
	}
	t, err := r.table(ctx, w)
	if err != nil {
		return fail(err)
	}
	i, ok := slices.BinarySearch(t.places, place)
	if !ok {
		return nil, nil
	}
	var out []Likeness
	for _, j := range distance.Nearest(t.d, i, k) {
		d, err := r.Distance(ctx, w, place, t.places[j])
		if err != nil {
			return fail(err)
		}
		out = append(out, Likeness{t.places[j], d})
	}
	return out, nil
}

// groupSeed and groupDraws are of the resampling behind the stability of groups.
const (
	groupSeed  = 20260614
	groupDraws = 100
)

// MaxGroups is into how many groups countries can be divided at most.
const MaxGroups = 12

// A Cluster is countries alike in one way, around a typical one.
type Cluster struct {
	Typical shanyraq.CountryCode
	Members []shanyraq.CountryCode
	Found   shanyraq.Figure // how much of it is found again among countries drawn anew, percent
}

// Clusters returns the countries with every score, divided into k groups by
// how they are governed or how they live, largest group first.
func (r *Room) Clusters(ctx context.Context, w Way, k int) ([]Cluster, error) {
	fail := func(err error) ([]Cluster, error) {
		return nil, shanyraq.Errorf("hosts.Clusters", shanyraq.KindOf(err), "%s in %d: %w", w, k, err)
	}
	if !w.joint() {
		return fail(shanyraq.Tell("hosts.Clusters", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.way", Args: map[string]any{"Value": string(w)}}, "no groups by %q", w))
	}
	if k < 2 || k > MaxGroups {
		return fail(shanyraq.Tell("hosts.Clusters", shanyraq.Invalid, shanyraq.Text{Key: "hosts.error.groups", Args: map[string]any{"Max": MaxGroups}}, "%d groups", k))
	}
	key := fmt.Sprintf("%s/%d", w, k)
	r.kept.mu.Lock()
	held := r.kept.clusters[key]
	r.kept.mu.Unlock()
	if held != nil {
		return held, nil
	}
	f, err := r.frame(ctx, w)
	if err != nil {
		return fail(err)
	}
	var at []int
	var claims []shanyraq.Claim
	for i, row := range f.x {
		if !slices.ContainsFunc(row, math.IsNaN) {
			at = append(at, i)
			claims = append(claims, f.claims[i]...)
		}
	}
	if !f.whole || len(at) <= k {
		return nil, nil
	}
	d, err := distance.Pairs(len(at), func(i, j int) (float64, error) { return f.between(w, at[i], at[j], nil), nil })
	if err != nil {
		return fail(err)
	}
	p, err := distance.Medoids(d, k)
	if err != nil {
		return fail(err)
	}
	again, err := distance.Stability(d, p, groupDraws, rand.New(rand.NewPCG(groupSeed, uint64(k))))
	if err != nil {
		return fail(err)
	}
	sources := shanyraq.SourcesOf(claims...)
	var out []Cluster
	for g, m := range p.Medoids {
		c := Cluster{Typical: f.places[at[m]]}
		for i, of := range p.Group {
			if of == g {
				c.Members = append(c.Members, f.places[at[i]])
			}
		}
		js := slices.DeleteFunc(slices.Clone(again[g]), math.IsNaN)
		if len(js) > 0 {
			slices.Sort(js)
			var mean float64
			for _, v := range js {
				mean += 100 * v / float64(len(js))
			}
			cut := int((1 - keptShare) / 2 * float64(len(js)))
			iv := shanyraq.Interval{Lo: min(mean, 100*js[cut]), Hi: max(mean, 100*js[len(js)-1-cut]), Level: keptShare, Kind: shanyraq.Varied}
			var inputs []shanyraq.Input
			for k, x := range f.claims[at[m]] {
				inputs = append(inputs, shanyraq.InputOf("m"+strconv.Itoa(k+1), x))
			}
			if c.Found, err = shanyraq.NewFigure(fmt.Sprintf("hosts/groups/%s/%d/%s", w, k, c.Typical), mean, iv, "percent", shanyraq.Lineage{
				Method: MethodGroups, Inputs: inputs, Sources: sources, Seed: groupSeed, Draws: groupDraws,
				Formula:     fmt.Sprintf("mean over %d of the largest likeness,  G = %d of n = %d, k = %d", len(js), len(c.Members), len(at), k),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("scores_chosen", shanyraq.TooHigh), shanyraq.Assume("groups_there", shanyraq.EitherWay)},
			}); err != nil {
				return fail(err)
			}
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Cluster) int { return len(b.Members) - len(a.Members) })
	r.kept.mu.Lock()
	r.kept.clusters[key] = out
	r.kept.mu.Unlock()
	return out, nil
}
