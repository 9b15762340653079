package diaspora

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/methods/pooling"
)

// A Prior is one setting of the pooling: what is believed of claims before any
// claim about the home country is read. Standard deviations are of natural
// logarithms: 0.2 is a fifth, more or less.
type Prior struct {
	Key    string
	Value  float64
	Source shanyraq.SourceID // that it was fitted to; "" if it is judged
	Factor float64           // by which its sensitivity is tried, up and down
	Sets   []Set             // whose sizes it moves
}

// fittedTo is the source that the fitted priors were fitted to.
const fittedTo shanyraq.SourceID = "un-desa-evidence"

// Defaults lists the priors in the order of their table.
//
// Those with a source were fitted to the counts of people born in Kazakhstan, and
// of its citizens, that the United Nations collected from 90 hosts: one setting
// for both sets was sought around what [pooling.Model.Learn] gives for each
// (error of a count 0.04 to 0.16, its voice 0.07 to 0.36, growth 0.01 to 0.10,
// walk 0.16 to 0.17, source 0.18 to 0.56, dispersion 1 to 6; error of an estimate
// 0.51, its voice 0.12). The walk, on which the width of a range hangs most, was
// chosen among [Tried] by how near the share of hidden newest counts inside the
// range comes to 95 percent, and the choice is judged on hosts that had no part
// in it ([Room.Backtest]). Growth is kept small: where an office counted ever
// more of the same people, as in Germany from 2007 to 2020, a loose growth runs
// on past every later count. Too few
// official statements and opinions stand beside a count to fit theirs, and they
// are judged. So are births, deaths and naturalisations: no source held counts
// them among people abroad.
func Defaults() []Prior {
	all := Sets()
	fitted := func(key string, v float64, sets ...Set) Prior {
		return Prior{Key: key, Value: v, Source: fittedTo, Factor: 1.5, Sets: sets}
	}
	judged := func(key string, v, factor float64, sets ...Set) Prior {
		return Prior{Key: key, Value: v, Factor: factor, Sets: sets}
	}
	return []Prior{
		fitted("measured_error", 0.1, all...),
		fitted("measured_voice", 0.2, all...),
		judged("official_error", 0.3, 1.5, all...),
		judged("official_voice", 0.2, 1.5, all...),
		fitted("estimated_error", 0.5, all...),
		fitted("estimated_voice", 0.7, all...),
		judged("opinion_error", 0.6, 1.5, all...),
		judged("opinion_voice", 0.4, 1.5, all...),
		judged("undated_error", 0.4, 1.5, Ethnic, Born),
		fitted("growth", 0.02, Born, Citizens),
		fitted("walk", 0.16, Born, Citizens),
		fitted("walk_size", 300, Born, Citizens),
		judged("settled_growth", 0.015, 1.5, Ethnic),
		judged("settled_walk", 0.05, 1.5, Ethnic),
		judged("births", 0.018, 1.5, Ethnic),
		judged("deaths", 0.01, 1.5, all...),
		judged("naturalised", 0.01, 2, Citizens),
		fitted("source", 0.05, all...),
		fitted("dispersion", 4, all...),
		judged("forgiving", 4, 1.5, all...),
		judged("unstated_ratio", 1.2, 1.2, Ethnic),
		judged("unstated_unsure", 0.3, 1.5, Ethnic),
		judged("unstated_spread", 0.4, 1.5, Ethnic),
		judged("stock_unsure", 0.1, 1.5, Born),
		fitted("stock_spread", 0.1, Born),
		judged("origin_ratio", 1.2, 1.2, Born),
		judged("origin_unsure", 0.2, 1.5, Born),
		judged("origin_spread", 0.2, 1.5, Born),
	}
}

// Tried lists the settings of the walk among which those of the set were chosen,
// the defaults among them. People settled for generations move by other steps
// than migrants, so that the set by ethnicity has its own; too few of its counts
// can be hidden to choose by, and its walk is judged.
func Tried(set Set) []Priors {
	if set == Ethnic {
		return []Priors{nil}
	}
	var out []Priors
	for _, walk := range []float64{0.12, 0.16, 0.2, 0.25} {
		for _, size := range []float64{10, 300, 3000} {
			out = append(out, Priors{"walk": walk, "walk_size": size})
		}
	}
	return out
}

// Priors are the settings that differ from [Defaults], by key.
type Priors map[string]float64

// ParsePriors reads settings written as key=number with commas between. It
// returns an Invalid error for an unknown key and for a number that is not
// above zero, or beyond a hundred times the default either way.
func ParsePriors(s string) (Priors, error) {
	const op = "diaspora.ParsePriors"
	out := Priors{}
	if s == "" {
		return out, nil
	}
	for _, part := range strings.Split(s, ",") {
		key, number, _ := strings.Cut(part, "=")
		d, ok := Default(key)
		if !ok {
			var known []string
			for _, p := range Defaults() {
				known = append(known, p.Key)
			}
			return nil, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "diaspora.error.prior", Args: map[string]any{"Value": key, "Known": strings.Join(known, ", ")}}, "no prior %q", key)
		}
		v, err := strconv.ParseFloat(number, 64)
		if err != nil || !(v >= d.Value/100) || !(v <= d.Value*100) {
			return nil, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "diaspora.error.priorvalue", Args: map[string]any{"Key": key, "Value": number}}, "%s cannot be %q", key, number)
		}
		if v != d.Value {
			out[key] = v
		}
	}
	return out, nil
}

// Default returns the prior of that key, and false if there is none.
func Default(key string) (Prior, bool) {
	d := Defaults()
	i := slices.IndexFunc(d, func(p Prior) bool { return p.Key == key })
	if i < 0 {
		return Prior{}, false
	}
	return d[i], true
}

// String writes the settings as [ParsePriors] reads them, in the order of the
// table; "" if none differs.
func (p Priors) String() string {
	var out []string
	for _, d := range Defaults() {
		if v, ok := p[d.Key]; ok && v != d.Value {
			out = append(out, d.Key+"="+strconv.FormatFloat(v, 'g', -1, 64))
		}
	}
	return strings.Join(out, ",")
}

// only returns the settings that move sizes of the set.
func (p Priors) only(set Set) Priors {
	out := Priors{}
	for _, d := range Defaults() {
		if v, ok := p[d.Key]; ok && slices.Contains(d.Sets, set) {
			out[d.Key] = v
		}
	}
	return out
}

// undated marks the class of a claim without a date. It may be of any time
// since independence, which its own error makes room for.
const undated = "_undated"

// Before any claim a host has 2,000 people of home, give or take a factor of
// fifty, or at two deviations three thousand: next to nothing, and enough to
// keep a host with one poor claim from running away.
const (
	sizeMedian = 2000
	sizeSD     = 4
)

// definitionsOf lists the definitions under which claims speak of a set. The
// first is the set's own.
func definitionsOf(set Set) []shanyraq.DefinitionID {
	switch set {
	case Ethnic:
		return []shanyraq.DefinitionID{"ethnicity", "ethnicity_unstated"}
	case Born:
		return []shanyraq.DefinitionID{"birthplace", "migrant_stock", "origin"}
	}
	return []shanyraq.DefinitionID{"citizenship"}
}

// model returns the stock model of a set, its stocks being of the year.
func (p Priors) model(set Set, year int) pooling.Model {
	v := map[string]float64{}
	for _, d := range Defaults() {
		v[d.Key] = d.Value
	}
	for k, x := range p {
		v[k] = x
	}
	m := pooling.Model{Shared: true, Robust: v["forgiving"], Dispersion: v["dispersion"],
		Mean: math.Log(sizeMedian), SD: sizeSD, GrowthSD: v["growth"], WalkSD: v["walk"], WalkSize: v["walk_size"], GrowthMean: -v["deaths"], Reference: float64(year), SourceSD: []float64{v["source"]}}
	switch set {
	case Ethnic: // who are born to members abroad are members
		m.GrowthSD, m.WalkSD, m.WalkSize = v["settled_growth"], v["settled_walk"], 0
		m.GrowthMean += v["births"]
	case Citizens:
		m.GrowthMean -= v["naturalised"]
	}
	for _, d := range definitionsOf(set) {
		def := pooling.Definition{Name: string(d)}
		square := func(key string) float64 { return v[key] * v[key] }
		switch d {
		case "ethnicity_unstated":
			def.Mean, def.Var, def.Spread = math.Log(v["unstated_ratio"]), square("unstated_unsure"), v["unstated_spread"]
		case "migrant_stock":
			def.Var, def.Spread = square("stock_unsure"), v["stock_spread"]
		case "origin":
			def.Mean, def.Var, def.Spread = math.Log(v["origin_ratio"]), square("origin_unsure"), v["origin_spread"]
		default:
			def.Target = true
		}
		m.Definitions = append(m.Definitions, def)
	}
	for _, s := range []shanyraq.Strength{shanyraq.Measured, shanyraq.Official, shanyraq.Estimated, shanyraq.Opinion} {
		c := pooling.Class{Name: s.String(), Tau: v[s.String()+"_error"], Voice: v[s.String()+"_voice"]}
		m.Classes = append(m.Classes, c)
		c.Name, c.Tau = c.Name+undated, math.Hypot(c.Tau, v["undated_error"])
		m.Classes = append(m.Classes, c)
	}
	return m
}
