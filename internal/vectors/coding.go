package vectors

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/methods/agreement"
)

// MethodCoding is how far coders agree.
const MethodCoding shanyraq.MethodKey = "coder-agreement"

// codingPrefix begins the series of codes, one an item.
const codingPrefix = "coding_"

// Items lists the questions of the coding sheet for soft balancing, in order: the
// means by which a state checks a stronger one without arms, after Pape (2005),
// "Soft balancing against the United States", International Security 30(1), 7-45.
// Each is answered 0 for no, 1 for partly and 2 for plainly.
//
//   - territory: does the act deny the power use of land, air or transit?
//   - entangle: does it bind or delay the power by a body, a rule or a procedure?
//   - economy: does it build ties that go round the power?
//   - resolve: does it show that the country will not follow the power?
func Items() []string { return []string{"territory", "entangle", "economy", "resolve"} }

// A Coded is one act and what each coder answered.
type Coded struct {
	Power shanyraq.CountryCode
	Act   string
	When  shanyraq.Period
	Codes map[string]map[string]float64 // by item and coder
}

// An ItemAgreement is how far the coders agree on one item, or on all together
// for Item "".
type ItemAgreement struct {
	Item  string
	Acts  int             // that two coders or more answered
	Alpha shanyraq.Figure // zero where it cannot be told, as all others
	Kappa shanyraq.Figure // Fleiss's, over acts that all coders answered
	Same  shanyraq.Figure // percent of pairs of codes
}

// A Coding is a sheet of codes and how far those who filled it in agree.
type Coding struct {
	Home   shanyraq.CountryCode
	Coders []string
	Acts   []Coded
	Items  []ItemAgreement
}

// codingDraws is how often acts are drawn anew for an interval.
const codingDraws = 1000

// codingSeed begins the draws.
const codingSeed = 20050701

// Coding returns what is held of how coders answered the sheet about the acts of
// home. For codes that are not held but given for one answer, claims are those.
func (r *Room) Coding(ctx context.Context, home shanyraq.CountryCode, claims []shanyraq.Claim) (Coding, error) {
	if claims == nil {
		var series []shanyraq.SeriesID
		for _, item := range Items() {
			series = append(series, shanyraq.SeriesID(codingPrefix+item))
		}
		var err error
		if claims, err = r.ev.Claims(ctx, shanyraq.Query{Series: series, Places: []shanyraq.CountryCode{home}}); err != nil {
			return Coding{}, shanyraq.Errorf("vectors.Coding", shanyraq.KindOf(err), "%s: %w", home, err)
		}
	}
	out := Coding{Home: home}
	at := map[string]int{}
	for _, c := range claims {
		item := strings.TrimPrefix(string(c.Series), codingPrefix)
		if c.Place != home || !slices.Contains(Items(), item) || c.Who == "" {
			continue
		}
		key := string(c.Partner) + "/" + c.Subject + "/" + string(c.When)
		i, ok := at[key]
		if !ok {
			i = len(out.Acts)
			at[key] = i
			out.Acts = append(out.Acts, Coded{c.Partner, c.Subject, c.When, map[string]map[string]float64{}})
		}
		if out.Acts[i].Codes[item] == nil {
			out.Acts[i].Codes[item] = map[string]float64{}
		}
		out.Acts[i].Codes[item][c.Who] = c.Value
		if !slices.Contains(out.Coders, c.Who) {
			out.Coders = append(out.Coders, c.Who)
		}
	}
	slices.Sort(out.Coders)
	slices.SortStableFunc(out.Acts, func(a, b Coded) int {
		if c := strings.Compare(string(b.When), string(a.When)); c != 0 {
			return c
		}
		return strings.Compare(a.Act, b.Act)
	})
	sources := shanyraq.SourcesOf(claims...)
	for _, item := range append(Items(), "") {
		a, err := out.agreement(item, sources)
		if err != nil {
			return out, shanyraq.Errorf("vectors.Coding", shanyraq.Other, "%s %s: %w", home, item, err)
		}
		out.Items = append(out.Items, a)
	}
	return out, nil
}

// table returns the codes of an item, one row an act and one column a coder; of
// all items for "".
func (c Coding) table(item string) (rows [][]float64) {
	for _, one := range Items() {
		if item != "" && one != item {
			continue
		}
		for _, a := range c.Acts {
			row := make([]float64, len(c.Coders))
			for k, who := range c.Coders {
				v, ok := a.Codes[one][who]
				if row[k] = v; !ok {
					row[k] = math.NaN()
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func (c Coding) agreement(item string, sources []shanyraq.SourceID) (ItemAgreement, error) {
	rows := c.table(item)
	out := ItemAgreement{Item: item}
	for _, row := range rows {
		n := 0
		for _, v := range row {
			if !math.IsNaN(v) {
				n++
			}
		}
		if n > 1 {
			out.Acts++
		}
	}
	name := item
	if name == "" {
		name = "all"
	}
	figure := func(what string, measure func([][]float64) float64, scale float64, unit shanyraq.Unit, formula string) (shanyraq.Figure, error) {
		v := measure(rows)
		if math.IsNaN(v) {
			return shanyraq.Figure{}, nil
		}
		lo, hi := agreement.Interval(rows, measure, voteLevel, codingDraws, codingSeed)
		if math.IsNaN(lo) || math.IsNaN(hi) {
			return shanyraq.Figure{}, nil
		}
		iv := shanyraq.Interval{Lo: scale * min(lo, v), Hi: scale * max(hi, v), Level: voteLevel, Kind: shanyraq.Confidence}
		if !(iv.Hi > iv.Lo) { // all draws alike: what one more act would do on which two coders are wholly apart
			apart := make([]float64, len(c.Coders))
			for i := range apart {
				apart[i] = math.NaN()
			}
			apart[0], apart[len(apart)-1] = 0, 2
			w := measure(append(slices.Clone(rows), apart))
			iv = shanyraq.Interval{Lo: scale * min(v, w), Hi: scale * max(v, w), Kind: shanyraq.Bounds}
		}
		return shanyraq.NewFigure(fmt.Sprintf("vectors/coding/%s/%s/%s", c.Home, name, what), scale*v, iv, unit,
			shanyraq.Lineage{Method: MethodCoding, Sources: sources, Seed: codingSeed, Draws: codingDraws, Formula: fmt.Sprintf("%s = %.4g,  n = %d, k = %d", formula, v, out.Acts, len(c.Coders)),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("coders_apart", shanyraq.TooNarrow), shanyraq.Assume("coders_these", shanyraq.TooNarrow)}})
	}
	var err error
	if out.Alpha, err = figure("alpha", func(x [][]float64) float64 { return agreement.Alpha(x, agreement.Ordinal) }, 1, "index", "1 − D_o / D_e"); err != nil {
		return out, err
	}
	if out.Kappa, err = figure("kappa", agreement.Fleiss, 1, "index", "(P − P_e) / (1 − P_e)"); err != nil {
		return out, err
	}
	out.Same, err = figure("same", agreement.Same, 100, "percent", "pairs alike / pairs")
	return out, err
}

// Figures returns every figure of the coding.
func (c Coding) Figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, a := range c.Items {
		out = append(out, a.Alpha, a.Kappa, a.Same)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}

// Sheet returns the acts of home with a power that a coder could be asked about:
// what states and people did, not posts, amounts or numbers of people.
func (a Acts) Sheet() []Act {
	asked := []shanyraq.SeriesID{"treaty", "integration_project", "military_act", "people_programme", "leader_visit", "coercive_act"}
	return slices.DeleteFunc(slices.Clone(a.Acts), func(x Act) bool { return x.Other == "" || !slices.Contains(asked, x.Claim.Series) })
}
