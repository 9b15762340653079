package standing

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"shanyraq"
	"shanyraq/methods/composite"
)

// The methods of the built-in indices.
const (
	MethodMeasure   shanyraq.MethodKey = "index-measure"
	MethodIndex     shanyraq.MethodKey = "index-score"
	MethodIndexRank shanyraq.MethodKey = "index-rank"
	MethodAgreement shanyraq.MethodKey = "rank-agreement"
)

// indexDraws is how often an index is built anew for its ranges.
const indexDraws = 1000

//go:embed indices/*.json
var indexFiles embed.FS

// An IndexKey names a built-in index, such as "cinc".
type IndexKey string

// IndexKeys lists the built-in indices, in the order of their pages.
func IndexKeys() []IndexKey { return []IndexKey{"material", "cinc", "net", "network", "softpower"} }

// A Recipe is a built-in index as its text file says: what is measured, where
// the values come from, how they become one, and what about it is uncertain.
type Recipe struct {
	Key        IndexKey                     `json:"-"`
	Titles     map[string]string            `json:"titles"` // by language
	Says       map[string]string            `json:"says"`   // what it measures and what it does not
	From       int                          `json:"from"`   // first year it can speak of; 0 for any
	Measures   []Measure                    `json:"measures"`
	Definition composite.Definition         `json:"definition"`
	Names      map[string]map[string]string `json:"names"`      // of aggregates, by code and language
	Factors    []composite.Factor           `json:"factors"`    // what is uncertain besides the values
	Validators []shanyraq.SeriesID          `json:"validators"` // published ranks to be held beside it
}

// A Measure says where the values of one indicator come from: a series, the
// product of two, or a count of records.
type Measure struct {
	Code    string              `json:"code"`
	Titles  map[string]string   `json:"titles"` // by language; the series' own if empty
	Unit    shanyraq.Unit       `json:"unit"`
	Series  []shanyraq.SeriesID `json:"series"`
	Scale   float64             `json:"scale"`   // of a product; 0 means 1
	Age     int                 `json:"age"`     // how many years old a claim may be
	Ahead   int                 `json:"ahead"`   // how many years later, where a table was taken just after the year
	Count   string              `json:"count"`   // "place" or "partner": by whom records are counted
	Note    string              `json:"note"`    // only records with this note
	Since   int                 `json:"since"`   // only records from this year to the one asked for
	Anytime bool                `json:"anytime"` // records whatever their date
	Stated  []shanyraq.SeriesID `json:"stated"`  // counts a state gives itself, which may be more than the records held
	Zero    shanyraq.SeriesID   `json:"zero"`    // a country without a record has none if it is in this series
}

// Title returns the measure's title in the language, or "" if its series has it.
func (m Measure) Title(lang string) string { return cmp.Or(m.Titles[lang], m.Titles["en"]) }

// Title returns the index's title in the language.
func (d Recipe) Title(lang string) string { return cmp.Or(d.Titles[lang], d.Titles["en"]) }

// About returns what the index measures and what it does not.
func (d Recipe) About(lang string) string { return cmp.Or(d.Says[lang], d.Says["en"]) }

// Name returns what an aggregate is called in the language.
func (d Recipe) Name(code, lang string) string {
	if n := d.Names[code]; n != nil {
		return cmp.Or(n[lang], n["en"])
	}
	return d.Title(lang)
}

// A Variation is one of the things that are uncertain about an index besides
// its values: weights, method or missing, and how it can go.
type Variation struct {
	Name    string
	Options []string // labels of choices, or the way weights are drawn
}

// Variations returns what is uncertain besides the values.
func (d Recipe) Variations() []Variation {
	var out []Variation
	for _, f := range d.Factors {
		v := Variation{Name: f.Name}
		for _, o := range f.Choice {
			v.Options = append(v.Options, o.Label)
		}
		if f.Weights != nil {
			v.Options = append(v.Options, string(f.Weights.Kind))
		}
		out = append(out, v)
	}
	return out
}

// Switchable reports whether the reader can choose what is done about missing
// values.
func (d Recipe) Switchable() bool {
	return slices.ContainsFunc(d.Factors, func(f composite.Factor) bool { return f.Name == "missing" })
}

// Measure returns the measure of that code, and false if there is none.
func (d Recipe) Measure(code string) (Measure, bool) {
	i := slices.IndexFunc(d.Measures, func(m Measure) bool { return m.Code == code })
	if i < 0 {
		return Measure{}, false
	}
	return d.Measures[i], true
}

// RecipeText returns the text file of the index, or a [shanyraq.NotFound] error.
func RecipeText(key IndexKey) ([]byte, error) {
	if !slices.Contains(IndexKeys(), key) {
		return nil, shanyraq.Tell("standing.RecipeText", shanyraq.NotFound, shanyraq.Text{Key: "standing.error.index", Args: map[string]any{"Found": string(key), "Known": knownIndices()}}, "no index %q", key)
	}
	b, err := indexFiles.ReadFile("indices/" + string(key) + ".json")
	if err != nil {
		return nil, shanyraq.Errorf("standing.RecipeText", shanyraq.Other, "%w", err)
	}
	return b, nil
}

func knownIndices() string {
	var out []string
	for _, k := range IndexKeys() {
		out = append(out, string(k))
	}
	return strings.Join(out, ", ")
}

// ReadRecipe returns the built-in index of that key, or a [shanyraq.NotFound]
// error.
func ReadRecipe(key IndexKey) (Recipe, error) {
	b, err := RecipeText(key)
	if err != nil {
		return Recipe{}, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	out := Recipe{Key: key}
	if err := d.Decode(&out); err != nil {
		return Recipe{}, shanyraq.Errorf("standing.ReadRecipe", shanyraq.Other, "indices/%s.json: %w", key, err)
	}
	return out, nil
}

// A measuredValue is a value of one indicator with the limits around it.
type measuredValue struct {
	value, lo, hi float64
	figure        func() (shanyraq.Figure, error)
	sources       []shanyraq.SourceID
}

// An Index is a built-in index over the countries of one year.
type Index struct {
	Recipe
	Year    int
	Years   []int
	Missing composite.MissingRule // chosen by the reader in place of the recipe's; "" for the recipe's

	x       *composite.Index
	built   *composite.Result
	dist    *composite.Distribution
	plan    composite.Plan
	places  []shanyraq.CountryCode // in the order of the table
	values  map[string]map[shanyraq.CountryCode]measuredValue
	sources []shanyraq.SourceID
	ranks   []int     // by place, 0 for none
	scores  []float64 // by place, NaN for none
	weights url.Values
	checked map[shanyraq.SeriesID][]shanyraq.Claim // published ranks, one a country

	base *Index // with the recipe's own weights
	side *aside
}

// aside is what is worked out once for an index and kept.
type aside struct {
	mu   sync.Mutex
	kept map[string]any
}

// keep returns what make made the first time it was asked for under the key.
// What is asked for twice at once may be made twice.
func keep[T any](a *aside, key string, make func() (T, error)) (T, error) {
	a.mu.Lock()
	v, ok := a.kept[key]
	a.mu.Unlock()
	if ok {
		return v.(T), nil
	}
	made, err := make()
	if err != nil {
		return made, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept[key] = made
	return made, nil
}

// indicesKept is how many indices of one year keep their draws.
const indicesKept = 16

// Index returns the built-in index over the countries of the year, or of the
// newest year of the league for year 0. Weights of elements come as w.CODE in
// the query; rule, "drop" or "zero", stands in place of the recipe's rule.
func (r *Room) Index(ctx context.Context, key IndexKey, year int, rule string, q url.Values) (*Index, error) {
	missing := composite.MissingRule(rule)
	const op = "standing.Index"
	rec, err := ReadRecipe(key)
	if err != nil {
		return nil, err
	}
	if missing != "" && missing != composite.Drop && missing != composite.Zero {
		return nil, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "standing.error.missing", Args: map[string]any{"Found": string(missing)}}, "no rule %q", missing)
	}
	if !rec.Switchable() || missing == cmp.Or(rec.Definition.Missing, composite.Drop) {
		missing = ""
	}
	years, err := r.yearsOffered(ctx)
	if err != nil {
		return nil, err
	}
	years = slices.DeleteFunc(slices.Clone(years), func(y int) bool { return y < rec.From })
	if year == 0 {
		if len(years) == 0 {
			return nil, shanyraq.Tell(op, shanyraq.NotFound, shanyraq.Text{Key: "standing.error.nothing"}, "no year has figures")
		}
		year = years[0]
	}
	none := func() error {
		return shanyraq.Tell(op, shanyraq.NotFound, shanyraq.Text{Key: "standing.error.indexyear", Args: map[string]any{"Year": year}}, "%s has nothing of %d", key, year)
	}
	if year < rec.From {
		return nil, none()
	}
	at := fmt.Sprintf("%s~%s/%d", key, missing, year)
	r.indexMu.Lock()
	defer r.indexMu.Unlock()
	x, ok := r.indices[at]
	if !ok {
		if x, err = r.buildIndex(ctx, rec, year, missing); err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s of %d: %w", key, year, err)
		}
		if x == nil {
			return nil, none()
		}
		x.Years = years
		if len(r.indices) >= indicesKept || r.indices == nil {
			r.indices = map[string]*Index{}
		}
		r.indices[at] = x
	}
	return x.weighed(q)
}

func (r *Room) yearsOffered(ctx context.Context) ([]int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.years == nil {
		years, err := r.offered(ctx)
		if err != nil {
			return nil, err
		}
		r.years = years
	}
	return r.years, nil
}

// buildIndex gathers the values and draws the ranks; it returns nil if fewer
// than two countries can be ranked.
func (r *Room) buildIndex(ctx context.Context, rec Recipe, year int, missing composite.MissingRule) (*Index, error) {
	x := &Index{Recipe: rec, Year: year, Missing: missing, values: map[string]map[shanyraq.CountryCode]measuredValue{}, checked: map[shanyraq.SeriesID][]shanyraq.Claim{}, side: &aside{kept: map[string]any{}}}
	x.base = x
	all := map[shanyraq.CountryCode]bool{}
	for _, m := range rec.Measures {
		vs, err := r.measure(ctx, x, m)
		if err != nil {
			return nil, err
		}
		x.values[m.Code] = vs
		for place := range vs {
			all[place] = true
		}
	}
	for place := range all {
		x.places = append(x.places, place)
	}
	slices.Sort(x.places)
	t := composite.Table{Values: map[string][]float64{}}
	for _, place := range x.places {
		t.Units = append(t.Units, string(place))
	}
	var cells []composite.Cell
	for _, m := range rec.Measures {
		col := make([]float64, len(x.places))
		for i, place := range x.places {
			v, ok := x.values[m.Code][place]
			if col[i] = v.value; !ok {
				col[i] = math.NaN()
				continue
			}
			x.sources = merge(x.sources, v.sources)
			if v.hi > v.lo {
				cells = append(cells, composite.Cell{Code: m.Code, Unit: string(place), Lo: v.lo, Hi: v.hi})
			}
		}
		t.Values[m.Code] = col
	}
	def := rec.Definition
	for _, m := range rec.Measures {
		if len(x.values[m.Code]) == 0 { // no table reaches that year
			def.Exclude = append(slices.Clip(def.Exclude), m.Code)
		}
	}
	if missing != "" {
		def.Missing = missing
	}
	if len(x.places) < 2 {
		return nil, nil
	}
	var err error
	if x.x, err = composite.New(def, t); err != nil {
		return nil, err
	}
	if err := x.rank(x.x); err != nil {
		return nil, err
	}
	ranked := 0
	for _, k := range x.ranks {
		if k > 0 {
			ranked++
		}
	}
	if ranked < 2 {
		return nil, nil
	}
	x.plan = composite.Plan{Draws: indexDraws, Seed: seed, Level: level}
	if len(cells) > 0 {
		x.plan.Factors = append(x.plan.Factors, composite.Factor{Name: "data", Data: &composite.DataDraw{Shape: composite.Uniform, Cells: cells}})
	}
	for _, f := range rec.Factors {
		if f.Name == "missing" && missing != "" {
			continue // the reader has settled it
		}
		x.plan.Factors = append(x.plan.Factors, f)
	}
	if x.dist, err = x.x.Simulate(ctx, x.plan); err != nil {
		return nil, err
	}
	for _, id := range rec.Validators {
		cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{id}, From: year - 3, To: year + 3})
		if err != nil {
			return nil, err
		}
		x.checked[id] = nearest(cs, year)
	}
	return x, nil
}

// nearest returns the claims of the one edition nearest to the year that ranks
// most countries, one claim a country.
func nearest(cs []shanyraq.Claim, year int) []shanyraq.Claim {
	of := map[int]map[shanyraq.CountryCode]shanyraq.Claim{}
	for _, c := range cs {
		y := c.When.Year()
		if !ofCountry(c) || y == 0 {
			continue
		}
		if of[y] == nil {
			of[y] = map[shanyraq.CountryCode]shanyraq.Claim{}
		}
		if was, ok := of[y][c.Place]; !ok || c.ID < was.ID {
			of[y][c.Place] = c
		}
	}
	best := 0
	away := func(y int) int { return max(y-year, year-y) }
	for y := range of {
		if best == 0 || len(of[y]) > len(of[best]) || len(of[y]) == len(of[best]) && (away(y) < away(best) || away(y) == away(best) && y > best) {
			best = y
		}
	}
	var out []shanyraq.Claim
	for _, c := range of[best] {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b shanyraq.Claim) int { return cmp.Compare(a.Place, b.Place) })
	return out
}

// rank builds the index once and keeps scores and ranks by place.
func (x *Index) rank(from *composite.Index) error {
	built, err := from.Build()
	if err != nil {
		return err
	}
	x.x, x.built = from, built
	x.scores, x.ranks = make([]float64, len(x.places)), make([]int, len(x.places))
	for i := range x.scores {
		x.scores[i] = math.NaN()
	}
	scores := built.Scores()
	ranks := composite.Ranks(scores)
	for i, u := range built.Units {
		at, _ := slices.BinarySearch(x.places, shanyraq.CountryCode(u))
		x.scores[at], x.ranks[at] = scores[i], ranks[i]
	}
	return nil
}

// weighed returns the index under the weights of the query, the same if it
// gives none.
func (x *Index) weighed(q url.Values) (*Index, error) {
	given := composite.Weighting{Method: composite.Given, Values: map[string]float64{}}
	kept := url.Values{}
	fail := func(err error) (*Index, error) {
		return nil, shanyraq.Tell("standing.Index", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.weights"}, "weights of %s: %w", x.Key, err)
	}
	for _, code := range x.Elements() {
		s := q.Get("w." + code)
		if s == "" {
			continue
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !(v >= 0) || math.IsInf(v, 0) {
			return fail(fmt.Errorf("w.%s=%q is no number of zero or more", code, s))
		}
		given.Values[code] = v
		kept.Set("w."+code, strconv.FormatFloat(v, 'g', -1, 64))
	}
	if len(kept) == 0 {
		return x, nil
	}
	y := *x
	y.weights = kept
	from, err := x.x.With(composite.Patch{Weights: &given})
	if err != nil {
		return fail(err)
	}
	if err := y.rank(from); err != nil {
		return fail(err)
	}
	return &y, nil
}

// Absent returns the codes of indicators of which nothing is held for the year,
// so that the index is built without them.
func (x *Index) Absent() []string {
	var out []string
	for _, m := range x.Measures {
		if len(x.values[m.Code]) == 0 {
			out = append(out, m.Code)
		}
	}
	return out
}

// Elements returns the codes of all but the whole, parents first.
func (x *Index) Elements() []string {
	var out []string
	x.Definition.Framework.Walk(func(n composite.Node, parent string, _ int) {
		if parent != "" {
			out = append(out, n.Code)
		}
	})
	return out
}

// Parts returns the codes right under the whole, whose weights a reader can move.
func (x *Index) Parts() []string {
	var out []string
	for _, n := range x.Definition.Framework.Children {
		out = append(out, n.Code)
	}
	return out
}

// Weight returns the weight of an element among its siblings and in the whole,
// as shares of 1.
func (x *Index) Weight(code string) (within, share float64) {
	for _, w := range x.built.Weights {
		if w.Code == code {
			return w.Within, w.Share
		}
	}
	return math.NaN(), math.NaN()
}

// Ranked returns how many countries have a rank.
func (x *Index) Ranked() int {
	n := 0
	for _, k := range x.ranks {
		if k > 0 {
			n++
		}
	}
	return n
}

// path returns where a figure of the index opens.
func (x *Index) path(place shanyraq.CountryCode, what string) string {
	key := string(x.Key)
	if x.Missing != "" {
		key += "~" + string(x.Missing)
	}
	s := fmt.Sprintf("standing/index/%s/%s/%d/%s", key, place, x.Year, what)
	if len(x.weights) > 0 && what != "above" { // draws have weights of their own
		s += "?" + x.weights.Encode()
	}
	return s
}

// An IndexEntry is one country's line in an [Index].
type IndexEntry struct {
	Place shanyraq.CountryCode
	Rank  shanyraq.Figure // with the range over everything that is uncertain
	Score shanyraq.Figure
	Above shanyraq.Figure // probability of standing above the next; zero for the last
	Tier  int             // from 1; countries of one tier cannot be told apart
}

// order returns the places that have a rank, by rank and then by code.
func (x *Index) order() []int {
	var out []int
	for i, k := range x.ranks {
		if k > 0 {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(x.ranks[a], x.ranks[b]) })
	return out
}

// Tiers returns the countries in groups of which none is told apart from the
// one that opens it in 95 of 100 draws, best first.
func (x *Index) Tiers() [][]shanyraq.CountryCode {
	out, _ := keep(x.side, "tiers", func() ([][]shanyraq.CountryCode, error) { // nothing in it can fail
		var out [][]shanyraq.CountryCode
		for _, tier := range x.dist.Tiers(level) {
			var codes []shanyraq.CountryCode
			for _, i := range tier {
				codes = append(codes, x.places[i])
			}
			out = append(out, codes)
		}
		return out, nil
	})
	return out
}

// League returns all countries that have a rank, in order.
func (x *Index) League() ([]IndexEntry, error) {
	tier := map[shanyraq.CountryCode]int{}
	for k, codes := range x.Tiers() {
		for _, c := range codes {
			tier[c] = k + 1
		}
	}
	order := x.order()
	out := make([]IndexEntry, 0, len(order))
	for at, i := range order {
		next := -1
		if at+1 < len(order) {
			next = order[at+1]
		}
		e, err := x.entry(i, next)
		if err != nil {
			return nil, shanyraq.Errorf("standing.Index", shanyraq.Other, "%s %s: %w", x.Key, x.places[i], err)
		}
		e.Tier = tier[e.Place]
		out = append(out, e)
	}
	return out, nil
}

func (x *Index) assumptions() []shanyraq.Assumption {
	return []shanyraq.Assumption{shanyraq.Assume("index_plan", shanyraq.TooNarrow), shanyraq.Assume("index_measures", shanyraq.EitherWay), shanyraq.Assume("index_pool", shanyraq.EitherWay)}
}

// scale brings scores to what is shown: shares of 1 to percent.
func (x *Index) scale() (float64, shanyraq.Unit) {
	switch x.Definition.Normalise.Method {
	case composite.MethodShare:
		return 100, "percent"
	case composite.MethodPercentile, composite.MethodOfBest, composite.MethodMinMax: // all from 0 to 1 here
		return 100, "score"
	}
	return 1, "score"
}

func (x *Index) entry(i, next int) (IndexEntry, error) {
	place := x.places[i]
	e := IndexEntry{Place: place}
	inputs, sources, err := x.inputs(place)
	if err != nil {
		return e, err
	}
	k, unit := x.scale()
	v := k * x.scores[i]
	acc, err := x.built.Account(x.x.Top(), string(place))
	if err != nil {
		return e, err
	}
	var terms []string
	for _, p := range acc.Parts {
		if p.Weight > 0 {
			terms = append(terms, fmt.Sprintf("%.3f × %.4g (%s)", p.Weight, k*p.Value, p.Code))
		}
	}
	lo, hi := x.dist.ScoreRange(i)
	iv := shanyraq.Interval{Lo: k * min(lo, x.scores[i]), Hi: k * max(hi, x.scores[i]), Level: level, Kind: shanyraq.Varied}
	e.Score, err = shanyraq.NewFigure(x.path(place, "score"), v, iv, unit, shanyraq.Lineage{Method: MethodIndex, Sources: sources, Inputs: inputs, Assumptions: x.assumptions(), Seed: seed, Draws: indexDraws,
		Formula: fmt.Sprintf("%s( %s ) = %.5g", cmp.Or(string(acc.Method), string(composite.Arithmetic)), strings.Join(terms, ", "), v)})
	if err != nil {
		return e, err
	}
	rlo, rhi := x.dist.RankRange(i)
	held, rank := level, x.ranks[i]
	if rank < rlo || rank > rhi {
		rlo, rhi = min(rlo, rank), max(rhi, rank)
		held = min(max(x.dist.Within(i, rhi)-x.dist.Within(i, rlo-1), 1.0/indexDraws), 1-1.0/indexDraws)
	}
	ofScore := shanyraq.Input{Symbol: "score", Path: e.Score.Path(), Place: place, When: shanyraq.YearPeriod(x.Year), Value: v, Unit: unit}
	e.Rank, err = shanyraq.NewFigure(x.path(place, "rank"), float64(rank), shanyraq.Interval{Lo: float64(rlo), Hi: float64(rhi), Level: held, Kind: shanyraq.Varied}, "rank",
		shanyraq.Lineage{Method: MethodIndexRank, Sources: sources, Inputs: []shanyraq.Input{ofScore}, Assumptions: x.assumptions(), Seed: seed, Draws: indexDraws,
			Formula: fmt.Sprintf("1 + |{ j : score(j) > %.5g }| = %d,  n = %d", v, rank, x.Ranked())})
	if err != nil || next < 0 {
		return e, err
	}
	share := x.dist.Above(i, next)
	if math.IsNaN(share) {
		return e, nil
	}
	plo, phi := composite.Wilson(share, indexDraws, level)
	what := "above"
	if len(x.weights) > 0 { // whoever stands next at these weights
		what += "-" + string(x.places[next])
	}
	e.Above, err = shanyraq.NewFigure(x.path(place, what), 100*share, shanyraq.Interval{Lo: 100 * plo, Hi: 100 * phi, Level: level, Kind: shanyraq.Confidence}, "percent",
		shanyraq.Lineage{Method: MethodAbove, Sources: sources, Inputs: []shanyraq.Input{ofScore}, Assumptions: x.assumptions(), Seed: seed, Draws: indexDraws,
			Formula: fmt.Sprintf("P( score(%s) > score(%s) ) = %d / %d", place, x.places[next], int(math.Round(share*indexDraws)), indexDraws)})
	return e, err
}

// inputs returns the figures of a country's values as inputs, and their sources.
func (x *Index) inputs(place shanyraq.CountryCode) ([]shanyraq.Input, []shanyraq.SourceID, error) {
	var inputs []shanyraq.Input
	var sources []shanyraq.SourceID
	for _, m := range x.Measures {
		v, ok := x.values[m.Code][place]
		if !ok {
			continue
		}
		f, err := v.figure()
		if err != nil {
			return nil, nil, err
		}
		inputs = append(inputs, shanyraq.Input{Symbol: m.Code, Path: f.Path(), Place: place, When: shanyraq.YearPeriod(x.Year), Value: f.Value(), Unit: f.Unit()})
		sources = merge(sources, v.sources)
	}
	return inputs, sources, nil
}

// Of returns one country's entry, and false if it has no rank.
func (x *Index) Of(place shanyraq.CountryCode) (IndexEntry, bool, error) {
	order := x.order()
	at := slices.IndexFunc(order, func(i int) bool { return x.places[i] == place })
	if at < 0 {
		return IndexEntry{}, false, nil
	}
	next := -1
	if at+1 < len(order) {
		next = order[at+1]
	}
	e, err := x.entry(order[at], next)
	for k, codes := range x.Tiers() {
		if slices.Contains(codes, place) {
			e.Tier = k + 1
		}
	}
	return e, err == nil, err
}

// Unranked returns the countries that have some values and no rank, with the
// codes they lack.
func (x *Index) Unranked() map[shanyraq.CountryCode][]string {
	out := map[shanyraq.CountryCode][]string{}
	for i, place := range x.places {
		if x.ranks[i] > 0 {
			continue
		}
		for _, m := range x.Measures {
			if _, ok := x.values[m.Code][place]; !ok {
				out[place] = append(out[place], m.Code)
			}
		}
	}
	return out
}

// A Line is where a country stands on one element of an index.
type Line struct {
	Code  string
	Level int             // 1 for an indicator
	Value shanyraq.Figure // of an indicator; zero for an aggregate and for what is missing
	Rank  shanyraq.Figure // among those that have a value
	Of    int
	Share float64 // weight in the whole, share of 1
	// Better is the share of 1 of the others it stands above, NaN without a rank.
	Better float64
}

// Profile returns where the country stands on every element but the whole,
// parents first; nothing if it has no rank.
func (x *Index) Profile(place shanyraq.CountryCode) ([]Line, error) {
	i, ok := slices.BinarySearch(x.places, place)
	if !ok || x.ranks[i] == 0 {
		return nil, nil
	}
	ps, err := x.built.Profile(string(place))
	if err != nil {
		return nil, shanyraq.Errorf("standing.Profile", shanyraq.Other, "%s: %w", place, err)
	}
	var out []Line
	for _, p := range ps {
		if p.Code == x.x.Top() {
			continue
		}
		_, share := x.Weight(p.Code)
		l := Line{Code: p.Code, Level: p.Level, Of: p.Of, Share: share, Better: p.Better}
		v, held := x.values[p.Code][place]
		if held {
			if l.Value, err = v.figure(); err != nil {
				return nil, err
			}
		}
		if l.Rank, err = x.elementRank(place, p.Code, p.Rank, p.Of); err != nil {
			return nil, shanyraq.Errorf("standing.Profile", shanyraq.Other, "%s %s: %w", place, p.Code, err)
		}
		out = append(out, l)
	}
	return out, nil
}

// elementRank makes the figure of a rank on one element, with the limits that
// the values' own limits leave; an aggregate's are over the draws of nothing,
// so that its rank is that of its parts as they are.
func (x *Index) elementRank(place shanyraq.CountryCode, code string, rank, of int) (shanyraq.Figure, error) {
	if rank == 0 {
		return shanyraq.Figure{}, nil
	}
	inputs, sources, err := x.inputs(place)
	if err != nil {
		return shanyraq.Figure{}, err
	}
	lo, hi := rank, rank
	if me, ok := x.values[code][place]; ok {
		lo, hi = 1, 1
		for other, v := range x.values[code] {
			if at, _ := slices.BinarySearch(x.places, other); other == place || x.ranks[at] == 0 {
				continue
			}
			if v.lo > me.hi {
				lo++
			}
			if v.hi > me.lo && (v.value > me.value || v.hi > v.lo || me.hi > me.lo) {
				hi++
			}
		}
		lo, hi = min(lo, rank), max(hi, rank)
		inputs = slices.DeleteFunc(inputs, func(in shanyraq.Input) bool { return in.Symbol != code })
		sources = me.sources
	}
	return shanyraq.NewFigure(x.path(place, "rank-"+code), float64(rank), shanyraq.Interval{Lo: float64(lo), Hi: float64(hi), Kind: shanyraq.Bounds}, "rank",
		shanyraq.Lineage{Method: MethodIndexRank, Sources: sources, Inputs: inputs, Assumptions: x.assumptions()[1:], Formula: fmt.Sprintf("1 + |{ j : %s(j) > %s(%s) }| = %d,  n = %d", code, code, place, rank, of)})
}
