package standing

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// A Test is one of the five questions by which a middle power is known.
type Test string

// The tests, in the order of every table.
const (
	Capability  Test = "capability"  // in a band of ranks, in some of five measures of size
	Network     Test = "network"     // posts held, organisations joined, seats and acts
	Behaviour   Test = "behaviour"   // some of: votes with neither pole, sends peacekeepers, proposes and bears burdens
	Autonomy    Test = "autonomy"    // no partner holds too large a share
	Recognition Test = "recognition" // others call it one, more than deny it
)

// Tests lists the tests in order.
func Tests() []Test { return []Test{Capability, Network, Behaviour, Autonomy, Recognition} }

// A Definition is a published way to say what a middle power is.
type Definition string

// The definitions. Which tests stand for each is [Definition.Tests]; the
// authors wrote no formula, so that is a reading of them.
const (
	Positional  Definition = "positional"  // Holbraad 1984: where a state stands by its means
	Behavioural Definition = "behavioural" // Cooper, Higgott and Nossal 1993: what it does
	SWP2024     Definition = "swp2024"     // Lippert and Mair 2024: a weight and a role others ascribe
	Jordaan2003 Definition = "jordaan2003" // Jordaan 2003: neither great nor small, and steadying
)

// Definitions lists the definitions in order.
func Definitions() []Definition {
	return []Definition{Positional, Behavioural, SWP2024, Jordaan2003}
}

// Tests returns the tests a state has to pass to be a middle power under the
// definition: all of them, and under [SWP2024], which names traits and no
// formula, as many as its threshold says.
func (d Definition) Tests() []Test {
	switch d {
	case Positional:
		return []Test{Capability}
	case Behavioural:
		return []Test{Network, Behaviour}
	case SWP2024:
		return []Test{Capability, Network, Autonomy, Recognition}
	case Jordaan2003:
		return []Test{Capability, Behaviour}
	}
	return nil
}

// A Criterion is one measured part of a test or of the split into traditional
// and emerging.
type Criterion string

// The criteria.
const (
	OutputRank   Criterion = "output"
	PeopleRank   Criterion = "people"
	SpendingRank Criterion = "spending"
	NetRank      Criterion = "net"      // output times output per head
	MaterialRank Criterion = "material" // material capability at equal weights
	Posts        Criterion = "posts"
	Joined       Criterion = "organisations"
	Council      Criterion = "council" // years since it last sat in the Security Council
	Acts         Criterion = "acts"    // bodies chaired, summits hosted, good offices
	Distance     Criterion = "distance"
	Peacekeepers Criterion = "peacekeepers"
	Initiatives  Criterion = "initiatives" // proposals, forums and burdens for more than itself
	Exports      Criterion = "exports"
	Imports      Criterion = "imports"
	Arms         Criterion = "arms"
	Named        Criterion = "named"
	NetNamed     Criterion = "balance"
	Income       Criterion = "income"
	Inequality   Criterion = "inequality"
	Democracy    Criterion = "democracy"
	Region       Criterion = "region"
)

// Criteria returns the criteria of the test.
func (t Test) Criteria() []Criterion {
	switch t {
	case Capability:
		return []Criterion{OutputRank, PeopleRank, SpendingRank, NetRank, MaterialRank}
	case Network:
		return []Criterion{Posts, Joined, Council, Acts}
	case Behaviour:
		return []Criterion{Distance, Peacekeepers, Initiatives}
	case Autonomy:
		return []Criterion{Exports, Imports, Arms}
	case Recognition:
		return []Criterion{Named, NetNamed}
	}
	return nil
}

// Marks lists the criteria by which a middle power is traditional or emerging.
func Marks() []Criterion { return []Criterion{Income, Inequality, Democracy, Region} }

// criteria lists every criterion, in order.
func criteria() []Criterion {
	var out []Criterion
	for _, t := range Tests() {
		out = append(out, t.Criteria()...)
	}
	return append(out, Marks()...)
}

// A Band is a threshold nobody has settled: each draw takes a number between
// its ends, every one as likely as every other.
type Band struct {
	Key    string // of the message that names it
	Of     string // the test, the definition, or "split"
	Lo, Hi float64
	Whole  bool // only whole numbers
	Unit   shanyraq.Unit
	Wider  int // +1 if a higher number lets more states pass, -1 if a lower one does, 0 for the split
}

// The thresholds, by their place in [Bands].
const (
	bandTop = iota
	bandBottom
	bandCapabilityOf
	bandNetworkRank
	bandCouncil
	bandActs
	bandNetworkOf
	bandDistance
	bandPeacekeepers
	bandInitiatives
	bandBehaviourOf
	bandShare
	bandArms
	bandAutonomyOf
	bandNamed
	bandBalance
	bandRoleOf
	bandIncome
	bandInequality
	bandDemocracy
	bandAge
	bandRegion
	bandMarks
	bandCount
)

// Bands returns every threshold with its ends, all of them judged: the authors
// state none. The ends are wide on purpose.
func Bands() []Band {
	b := bands
	return b[:]
}

// moved is the thresholds, some of them a reader's own.
type moved struct {
	bands [bandCount]Band
	query string // those of the reader as they stand in a path, "" for none
}

// BandKey is the key of the query under which a threshold's ends are given, as
// 5..12, or as one number.
func BandKey(b Band) string { return "b." + b.Key }

// Text is the ends of a band as they stand in a query.
func (b Band) Text() string {
	lo, hi := strconv.FormatFloat(b.Lo, 'g', -1, 64), strconv.FormatFloat(b.Hi, 'g', -1, 64)
	if b.Lo == b.Hi {
		return lo
	}
	return lo + ".." + hi
}

// MovedBands returns the thresholds with the ends the query gives, or an
// [shanyraq.Invalid] error for one that cannot be read.
func MovedBands(q url.Values) ([]Band, error) {
	m, err := readBands(q)
	return m.bands[:], err
}

func readBands(q url.Values) (moved, error) {
	m := moved{bands: bands}
	kept := url.Values{}
	for i, b := range bands {
		s := strings.TrimSpace(q.Get(BandKey(b)))
		if s == "" || s == b.Text() {
			continue
		}
		from, to, two := strings.Cut(strings.ReplaceAll(s, "…", ".."), "..")
		if !two {
			to = from
		}
		lo, err1 := strconv.ParseFloat(strings.TrimSpace(from), 64)
		hi, err2 := strconv.ParseFloat(strings.TrimSpace(to), 64)
		if err1 != nil || err2 != nil || !(lo <= hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) || b.Whole && (lo != math.Trunc(lo) || hi != math.Trunc(hi)) {
			return moved{bands: bands}, shanyraq.Tell("standing.MovedBands", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.band", Args: map[string]any{"Key": b.Key, "Found": s, "Usual": b.Text()}}, "%s: %q is no range", b.Key, s)
		}
		m.bands[i].Lo, m.bands[i].Hi = lo, hi
		kept.Set(BandKey(b), m.bands[i].Text())
	}
	m.query = kept.Encode()
	return m, nil
}

var bands = [bandCount]Band{
	bandTop:          {"top", string(Capability), 5, 12, true, "rank", -1},
	bandBottom:       {"bottom", string(Capability), 45, 65, true, "rank", +1},
	bandCapabilityOf: {"capability_of", string(Capability), 2, 4, true, "count", -1},
	bandNetworkRank:  {"network_rank", string(Network), 40, 80, true, "rank", +1},
	bandCouncil:      {"council", string(Network), 10, 25, true, "years", +1},
	bandActs:         {"acts", string(Network), 1, 5, true, "records", -1},
	bandNetworkOf:    {"network_of", string(Network), 2, 3, true, "count", -1},
	bandDistance:     {"distance", string(Behaviour), 0.1, 0.5, false, "points", -1},
	bandPeacekeepers: {"peacekeepers", string(Behaviour), 20, 400, true, "persons", -1},
	bandInitiatives:  {"initiatives", string(Behaviour), 1, 3, true, "records", -1},
	bandBehaviourOf:  {"behaviour_of", string(Behaviour), 1, 2, true, "count", -1},
	bandShare:        {"share", string(Autonomy), 25, 40, false, "percent", +1},
	bandArms:         {"arms", string(Autonomy), 50, 70, false, "percent", +1},
	bandAutonomyOf:   {"autonomy_of", string(Autonomy), 2, 3, true, "count", -1},
	bandNamed:        {"named", string(Recognition), 1, 2, true, "records", -1},
	bandBalance:      {"balance", string(Recognition), 0, 1, true, "records", -1},
	bandRoleOf:       {"role_of", "swp2024", 3, 4, true, "count", -1},
	bandIncome:       {"income", "split", 12000, 16000, false, "usd", 0},
	bandInequality:   {"inequality", "split", 33, 40, false, "percent", 0},
	bandDemocracy:    {"democracy", "split", 0.42, 0.6, false, "index", 0},
	bandAge:          {"age", "split", 20, 30, true, "years", 0},
	bandRegion:       {"region", "split", 20, 40, false, "percent", 0},
	bandMarks:        {"marks", "split", 2, 4, true, "count", 0},
}

// cut is one draw of every threshold.
type cut [bandCount]float64

// at returns the threshold a share u of the way through the band, 0 <= u < 1.
func (b Band) at(u float64) float64 {
	if b.Whole {
		return min(b.Hi, b.Lo+math.Floor(u*(b.Hi-b.Lo+1)))
	}
	return b.Lo + u*(b.Hi-b.Lo)
}

// powerSeed is the seed of the thresholds.
const powerSeed = 20241125

// cuts draws the thresholds.
func cuts(bs [bandCount]Band) []cut {
	rng := rand.New(rand.NewPCG(powerSeed, 0)) //nolint:gosec // a repeatable draw, not a secret
	out := make([]cut, draws)
	for d := range out {
		for i, b := range bs {
			out[d][i] = b.at(rng.Float64())
		}
	}
	return out
}

// An Answer is that of a test in one draw. Answers are ordered, so that of
// several that must all hold the least is the answer.
type Answer uint8

// The answers.
const (
	No Answer = iota
	Unknown
	Yes
)

// atLeastOf returns whether at least k of the answers are yes.
func atLeastOf(k float64, as []Answer) Answer {
	yes, maybe := 0.0, 0.0
	for _, a := range as {
		switch a {
		case Yes:
			yes++
		case Unknown:
			maybe++
		}
	}
	switch {
	case yes >= k:
		return Yes
	case yes+maybe < k:
		return No
	}
	return Unknown
}

// A measure is what is known of a country under one criterion: a number, two
// limits, draws, or nothing.
type measure struct {
	known  bool
	lo, hi float64   // the limits of the number
	drawn  []float64 // or its draws
	years  []float64 // for democracy: the index of each year on end, newest first
}

func exactly(v float64) measure { return measure{known: true, lo: v, hi: v} }

func (m measure) in(d int) (lo, hi float64) {
	if m.drawn != nil {
		return m.drawn[d], m.drawn[d]
	}
	return m.lo, m.hi
}

// atLeast returns whether the number is at least x in draw d.
func (m measure) atLeast(x float64, d int) Answer {
	lo, hi := m.in(d)
	switch {
	case !m.known:
		return Unknown
	case lo >= x:
		return Yes
	case hi < x:
		return No
	}
	return Unknown
}

// atMost returns whether the number is at most x in draw d.
func (m measure) atMost(x float64, d int) Answer {
	lo, hi := m.in(d)
	switch {
	case !m.known:
		return Unknown
	case hi <= x:
		return Yes
	case lo > x:
		return No
	}
	return Unknown
}

func not(a Answer) Answer { return Yes - a }

// within returns whether a rank lies from the top to the bottom threshold.
func (m measure) within(top, bottom float64, d int) Answer {
	return min(m.atLeast(top, d), m.atMost(bottom, d))
}

// meets answers one criterion of a test in draw d.
func meets(c Criterion, m measure, t *cut, d int) Answer {
	switch c {
	case OutputRank, PeopleRank, SpendingRank, NetRank, MaterialRank:
		return m.within(t[bandTop], t[bandBottom], d)
	case Posts, Joined:
		return m.atMost(t[bandNetworkRank], d)
	case Council:
		return m.atMost(t[bandCouncil], d)
	case Acts:
		return m.atLeast(t[bandActs], d)
	case Distance:
		return m.atLeast(t[bandDistance], d)
	case Peacekeepers:
		return m.atLeast(t[bandPeacekeepers], d)
	case Initiatives:
		return m.atLeast(t[bandInitiatives], d)
	case Exports, Imports:
		return m.atMost(t[bandShare], d)
	case Arms:
		return m.atMost(t[bandArms], d)
	case Named:
		return m.atLeast(t[bandNamed], d)
	case NetNamed:
		return m.atLeast(t[bandBalance], d)
	}
	return Unknown
}

// passes answers a test in draw d.
func passes(test Test, ms map[Criterion]measure, t *cut, d int) Answer {
	var as [5]Answer
	cs := test.Criteria()
	for i, c := range cs {
		as[i] = meets(c, ms[c], t, d)
	}
	k := float64(len(cs)) // all of them
	switch test {
	case Capability:
		k = t[bandCapabilityOf]
	case Network:
		k = t[bandNetworkOf]
	case Behaviour:
		k = t[bandBehaviourOf]
	case Autonomy:
		k = t[bandAutonomyOf]
	}
	return atLeastOf(k, as[:len(cs)])
}

// marked answers whether the country bears a mark of a traditional and of an
// emerging middle power in draw d. One that never was a democracy bears
// neither mark of democracy.
func marked(c Criterion, m measure, t *cut, d int) (traditional, emerging Answer) {
	switch c {
	case Income:
		a := m.atLeast(t[bandIncome], d)
		return a, not(a)
	case Inequality:
		a := m.atMost(t[bandInequality], d)
		return a, not(a)
	case Region:
		a := m.atMost(t[bandRegion], d)
		return a, not(a)
	}
	if !m.known {
		return Unknown, Unknown
	}
	age := 0
	for age < len(m.years) && m.years[age] >= t[bandDemocracy] {
		age++
	}
	switch {
	case age == 0:
		return No, No
	case float64(age) >= t[bandAge]:
		return Yes, No
	case age == len(m.years): // as far back as the tables go
		return Unknown, Unknown
	}
	return No, Yes
}

// A judged country is the answers of every draw.
type judged struct {
	tests                 map[Test][]Answer
	traditional, emerging []Answer
	recent                []Answer  // recently democratised
	roleOf                []float64 // the tests that weight and role need
}

// judge puts a country to every test under every draw of the thresholds.
func judge(ms map[Criterion]measure, ts []cut) judged {
	j := judged{tests: map[Test][]Answer{}}
	for _, test := range Tests() {
		as := make([]Answer, len(ts))
		for d := range ts {
			as[d] = passes(test, ms, &ts[d], d)
		}
		j.tests[test] = as
	}
	for d := range ts {
		var old, new [4]Answer
		for i, c := range Marks() {
			old[i], new[i] = marked(c, ms[c], &ts[d], d)
			if c == Democracy {
				j.recent = append(j.recent, new[i])
			}
		}
		j.roleOf = append(j.roleOf, ts[d][bandRoleOf])
		k := ts[d][bandMarks]
		o, n := atLeastOf(k, old[:]), atLeastOf(k, new[:])
		// One that bears enough marks of both is neither.
		j.traditional = append(j.traditional, min(o, not(n)))
		j.emerging = append(j.emerging, min(n, not(o)))
	}
	return j
}

// under answers the definition in every draw, with the tests left out taken as
// passed.
func (j judged) under(d Definition, without ...Test) []Answer {
	out := make([]Answer, len(j.recent))
	tests := d.Tests()
	for i := range out {
		var as [5]Answer
		for n, t := range tests {
			if as[n] = Yes; !slices.Contains(without, t) {
				as[n] = j.tests[t][i]
			}
		}
		k := float64(len(tests))
		if d == SWP2024 {
			k = j.roleOf[i]
		}
		out[i] = atLeastOf(k, as[:len(tests)])
	}
	return out
}

// tally counts the draws that say yes and those that cannot tell.
func tally(as []Answer) (yes, unknown int) {
	for _, a := range as {
		switch a {
		case Yes:
			yes++
		case Unknown:
			unknown++
		}
	}
	return yes, unknown
}

// A Verdict is a probability in a word.
type Verdict string

// The verdicts.
const (
	Middle    Verdict = "middle"    // yes in two draws of three or more
	Contested Verdict = "contested" // thresholds decide
	Neither   Verdict = "neither"   // yes or unknown in no more than one draw of three
	Unclear   Verdict = "unclear"   // missing data decide
)

// verdict returns the word for shares of draws, of those that say yes and of
// those that say yes or cannot tell.
func verdict(lo, hi float64) Verdict {
	switch {
	case lo >= 2.0/3:
		return Middle
	case hi <= 1.0/3:
		return Neither
	case hi-lo > 1.0/3:
		return Unclear
	}
	return Contested
}

func verdictOf(as []Answer) Verdict {
	yes, unknown := tally(as)
	n := float64(len(as))
	return verdict(float64(yes)/n, float64(yes+unknown)/n)
}

// overall returns the verdict of several definitions together: what all but one
// say if none says the opposite; unclear if half are and none says yes; else
// contested.
func overall(vs []Verdict) Verdict {
	n := map[Verdict]int{}
	for _, v := range vs {
		n[v]++
	}
	most := len(vs) - 1
	switch {
	case n[Middle] >= most && n[Neither] == 0:
		return Middle
	case n[Neither] >= most && n[Middle] == 0:
		return Neither
	case n[Unclear] >= len(vs)/2 && n[Middle] == 0:
		return Unclear
	}
	return Contested
}

// A Power is whether one country is a middle power.
type Power struct {
	Place       shanyraq.CountryCode
	Year        int
	Years       []int
	Verdict     Verdict
	Outcomes    []Outcome
	Tests       []Tested
	Marks       []Measured
	Traditional shanyraq.Figure // share of all draws, percent
	Emerging    shanyraq.Figure // share of the draws in which it is a middle power, percent
	Kind        string          // traditional, emerging, neither, contested, unclear
	Recent      string          // recently democratised: yes, no, contested, unclear
	Dissent     []shanyraq.Claim
	Claims      []shanyraq.Claim
}

// An Outcome is what one definition says.
type Outcome struct {
	Definition Definition
	P          shanyraq.Figure // zero if nothing is known
	Verdict    Verdict
	Without    []Lifted // with each of its tests taken as passed, if it has several
	Flips      []Test   // the single tests that change the verdict so
	Weakest    Test     // the test passed least often
}

// A Lifted is an outcome with one test taken as passed.
type Lifted struct {
	Test    Test
	P       shanyraq.Figure
	Verdict Verdict
}

// A Tested is how often a country passes one test.
type Tested struct {
	Test     Test
	P        shanyraq.Figure
	Verdict  Verdict // Middle if passed
	Criteria []Measured
}

// A Measured is what is known under one criterion, and how often it is met.
type Measured struct {
	Criterion Criterion
	Figure    shanyraq.Figure // zero if nothing is known, or if it never happened
	Never     bool            // it is known that it never happened
	Verdict   Verdict         // Middle if met
}

// Power answers whether the country is a middle power, from the claims of the
// year or, for year 0, of the newest year of the league. The query may move
// thresholds; see [MovedBands].
func (r *Room) Power(ctx context.Context, place shanyraq.CountryCode, year int, q url.Values) (Power, error) {
	p, years, err := r.powers(ctx, year, q)
	if err != nil {
		return Power{}, err
	}
	out := Power{Place: place, Year: p.year, Years: years}
	fail := func(err error) (Power, error) {
		return Power{}, shanyraq.Errorf("standing.Power", shanyraq.Other, "%s %d: %w", place, p.year, err)
	}
	j := p.judged(place)
	var vs []Verdict
	for _, d := range Definitions() {
		o := Outcome{Definition: d, Verdict: verdictOf(j.under(d))}
		if o.P, err = p.probability(d, place, ""); err != nil {
			return fail(err)
		}
		least := math.Inf(1)
		for _, t := range d.Tests() {
			if yes, unknown := tally(j.tests[t]); float64(yes)+float64(unknown)/2 < least {
				least, o.Weakest = float64(yes)+float64(unknown)/2, t
			}
			if len(d.Tests()) < 2 {
				continue
			}
			l := Lifted{Test: t, Verdict: verdictOf(j.under(d, t))}
			if l.P, err = p.probability(d, place, t); err != nil {
				return fail(err)
			}
			if o.Without = append(o.Without, l); l.Verdict != o.Verdict {
				o.Flips = append(o.Flips, t)
			}
		}
		out.Outcomes = append(out.Outcomes, o)
		vs = append(vs, o.Verdict)
	}
	out.Verdict = overall(vs)
	for _, t := range Tests() {
		x := Tested{Test: t, Verdict: verdictOf(j.tests[t])}
		if x.P, err = p.passing(t, place); err != nil {
			return fail(err)
		}
		for _, c := range t.Criteria() {
			m, err := p.measured(c, place)
			if err != nil {
				return fail(err)
			}
			as := make([]Answer, draws)
			for d := range as {
				as[d] = meets(c, p.of[place][c].measure, &p.cuts[d], d)
			}
			m.Verdict = verdictOf(as)
			x.Criteria = append(x.Criteria, m)
		}
		out.Tests = append(out.Tests, x)
	}
	for _, c := range Marks() {
		m, err := p.measured(c, place)
		if err != nil {
			return fail(err)
		}
		out.Marks = append(out.Marks, m)
	}
	if out.Traditional, err = p.traditional(place); err != nil {
		return fail(err)
	}
	if out.Emerging, err = p.emerging(place); err != nil {
		return fail(err)
	}
	out.Kind = kind(j)
	out.Recent = map[Verdict]string{Middle: "yes", Neither: "no", Contested: "contested", Unclear: "unclear"}[verdictOf(j.recent)]
	for _, c := range p.status {
		switch c.Place {
		case shanyraq.World:
			out.Dissent = append(out.Dissent, c)
		case place:
			out.Claims = append(out.Claims, c)
		}
	}
	return out, nil
}

// kind returns whether the country bears the marks of a traditional or of an
// emerging middle power, of neither, or cannot be said to.
func kind(j judged) string {
	t, e := verdictOf(j.traditional), verdictOf(j.emerging)
	switch {
	case t == Middle:
		return "traditional"
	case e == Middle:
		return "emerging"
	case t == Neither && e == Neither:
		return "neither"
	case t == Unclear || e == Unclear:
		return "unclear"
	}
	return "contested"
}

// powersKept is how many years, with how many thresholds of readers' own, keep
// their answers.
const powersKept = 4

// powers returns the countries of a year put to the tests, and the years on offer.
func (r *Room) powers(ctx context.Context, year int, q url.Values) (*powers, []int, error) {
	m, err := readBands(q)
	if err != nil {
		return nil, nil, err
	}
	l, err := r.League(ctx, Question{Year: year})
	if err != nil {
		return nil, nil, err
	}
	r.powerMu.Lock()
	defer r.powerMu.Unlock()
	keep := func(query string, make func() (*powers, error)) (*powers, error) {
		key := fmt.Sprintf("%d?%s", l.Year, query)
		if p, ok := r.judgedYears[key]; ok {
			return p, nil
		}
		p, err := make()
		if err != nil {
			return nil, err
		}
		if len(r.judgedYears) >= powersKept || r.judgedYears == nil {
			r.judgedYears = map[string]*powers{}
		}
		r.judgedYears[key] = p
		return p, nil
	}
	p, err := keep("", func() (*powers, error) { return r.gather(ctx, l) })
	if err != nil {
		return nil, nil, shanyraq.Errorf("standing.Power", shanyraq.KindOf(err), "middle powers of %d: %w", l.Year, err)
	}
	if m.query != "" {
		p, _ = keep(m.query, func() (*powers, error) { return p.under(m), nil }) // it cannot fail
	}
	return p, l.Years, nil
}

// newest returns the claims of the newest year from year-stale to year, the
// strongest first.
func newest(cs []shanyraq.Claim, year, stale int) []shanyraq.Claim {
	var out []shanyraq.Claim
	for _, c := range cs {
		y := c.When.Year()
		if y > year || y < year-stale || y == 0 {
			continue
		}
		if len(out) > 0 && y > out[0].When.Year() {
			out = out[:0]
		}
		if len(out) == 0 || y == out[0].When.Year() {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b shanyraq.Claim) int {
		return cmp.Or(cmp.Compare(a.Strength, b.Strength), cmp.Compare(a.ID, b.ID))
	})
	return out
}
