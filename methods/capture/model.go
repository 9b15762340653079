package capture

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Effects says how the chance of being on a list depends on the list and on
// having been on an earlier one.
type Effects uint8

// The effects, with the letters that name them in the literature.
const (
	Equal       Effects = iota // one chance for all lists: M0, and Mh with heterogeneity
	Separate                   // one chance for each list: Mt, and Mth with heterogeneity
	Given                      // the terms of the model say: lists that go together
	Behaviour                  // one chance before the first list, another after it: Mb
	FirstApart                 // as Behaviour, with a chance of its own for the first list: Mbh
	effectsKind                // how many there are
)

// Heterogeneity says how people differ in their chance of being on lists.
type Heterogeneity uint8

// The kinds of heterogeneity, each a column h(k) of the log-linear model, for
// people on k lists. A curve that rises faster says that more of those on no
// list belong to a part of the population that is hard to meet.
const (
	None       Heterogeneity = iota
	Chao                     // one parameter for each k > 2: a lower bound, whatever the differences
	Poisson                  // θᵏ − 1, θ = 2 unless given
	Darroch                  // k²/2: chances logit-normal among those on no list
	Gamma                    // −log(θ + k) + log θ, θ = 3.5 unless given
	Normal                   // chances logit-normal in the population, by quadrature
	heteroKind               // how many there are
)

var heteroName = [heteroKind]string{"", "Chao (LB)", "Poisson", "Darroch", "Gamma", "Normal"}

// A Model says which effects a log-linear model of the lists has. The zero
// Model is M0: all lists alike, all people alike.
type Model struct {
	Effects Effects
	// Terms are the effects of a Given model: patterns of lists on which being
	// together is more or less likely than the lists alone say. A single list
	// is the effect of that list. The model has just these, so a hierarchical
	// one names the parts of each term too; ParseModel and Hierarchical add
	// them.
	Terms []int
	Het   Heterogeneity
	// Theta is the base of Poisson or the shift of Gamma; 0 takes the usual
	// one.
	Theta float64
	// KeepNegative keeps the parameters of Chao that come out negative, which
	// would say that people differ less than not at all. Otherwise they are
	// set to zero one by one.
	KeepNegative bool
}

// theta returns the parameter of the heterogeneity.
func (m Model) theta() float64 {
	switch {
	case m.Theta != 0:
		return m.Theta
	case m.Het == Gamma:
		return 3.5
	}
	return 2
}

// Hierarchical returns the model of the terms and of all their parts, for a
// number of lists: {1, 2} brings {1} and {2}. It returns an error for a term
// that is empty or names a list there is not.
func Hierarchical(lists int, terms ...int) (Model, error) {
	m := Model{Effects: Given}
	has := map[int]bool{}
	for _, t := range terms {
		if t <= 0 || t >= 1<<lists {
			return Model{}, fmt.Errorf("capture: term %b is not of %d lists", t, lists)
		}
		for part := t; part > 0; part = (part - 1) & t {
			if !has[part] {
				has[part] = true
				m.Terms = append(m.Terms, part)
			}
		}
	}
	slices.SortFunc(m.Terms, byOrder)
	return m, nil
}

// byOrder puts terms of fewer lists first and then those of earlier lists.
func byOrder(a, b int) int {
	return cmp.Or(cmp.Compare(bits.OnesCount(uint(a)), bits.OnesCount(uint(b))), compareLists(a, b))
}

// compareLists puts patterns in the order of their lists as words: 12 before
// 13 before 23.
func compareLists(a, b int) int {
	for a != b {
		i, j := bits.TrailingZeros(uint(a)), bits.TrailingZeros(uint(b))
		if i != j {
			return cmp.Compare(i, j)
		}
		a, b = a&^(1<<i), b&^(1<<j)
	}
	return 0
}

// String returns the name of the model: M0, Mt, Mb, Mbh, "Mh Darroch", or for
// a Given model its terms in brackets, the highest only: [12,13,4]. Lists are
// counted from 1.
func (m Model) String() string {
	var name string
	switch m.Effects {
	case Equal:
		name = "M0"
		if m.Het != None {
			name = "Mh"
		}
	case Separate:
		name = "Mt"
		if m.Het != None {
			name = "Mth"
		}
	case Behaviour:
		name = "Mb"
	case FirstApart:
		name = "Mbh"
	case Given:
		name = m.brackets()
	default:
		name = fmt.Sprintf("Effects(%d)", m.Effects)
	}
	if m.Het != None && m.Het < heteroKind {
		name += " " + heteroName[m.Het]
		if m.Het == Poisson || m.Het == Gamma {
			name += strconv.FormatFloat(m.theta(), 'g', -1, 64)
		}
	}
	return name
}

func (m Model) brackets() string {
	var top []int
	for _, t := range m.Terms {
		inside := slices.ContainsFunc(m.Terms, func(o int) bool { return o != t && o&t == t })
		if !inside {
			top = append(top, t)
		}
	}
	slices.SortFunc(top, func(a, b int) int {
		return cmp.Or(cmp.Compare(bits.OnesCount(uint(b)), bits.OnesCount(uint(a))), compareLists(a, b))
	})
	var names []string
	for _, t := range slices.Compact(top) {
		names = append(names, termName(t))
	}
	return "[" + strings.Join(names, ",") + "]"
}

// termName returns the lists of a term, counted from 1: 13. From the tenth
// list on they are letters, as in base 36.
func termName(term int) string {
	var s strings.Builder
	for i := range MaxLists {
		if term>>i&1 == 1 {
			s.WriteString(strconv.FormatInt(int64(i+1), 36))
		}
	}
	return s.String()
}

// ParseModel returns the model of a name as [Model.String] writes it, for a
// number of lists: "Mt", "Mh Poisson2", "[12,3,4]", "[12,13] Darroch". In
// brackets it is enough to name the highest terms; their parts follow. "Chao"
// and "LB" are Chao's lower bound, and Poisson and Gamma without a number have
// the usual one.
//
// It returns an error that says what it did not understand.
func ParseModel(name string, lists int) (Model, error) {
	fail := func(format string, args ...any) (Model, error) {
		return Model{}, fmt.Errorf("capture: model %q: "+format, append([]any{name}, args...)...)
	}
	if lists < 2 || lists > MaxLists {
		return fail("%d lists; want 2 to %d", lists, MaxLists)
	}
	effects, het, _ := strings.Cut(strings.TrimSpace(name), " ")
	het = strings.TrimSpace(het)
	var m Model
	wantHet := false
	switch effects {
	case "M0":
	case "Mt":
		m.Effects = Separate
	case "Mh":
		wantHet = true
	case "Mth":
		m.Effects, wantHet = Separate, true
	case "Mb":
		m.Effects = Behaviour
	case "Mbh":
		m.Effects = FirstApart
	default:
		inner, ok := strings.CutPrefix(effects, "[")
		if ok {
			inner, ok = strings.CutSuffix(inner, "]")
		}
		if !ok {
			return fail("want M0, Mt, Mh, Mth, Mb, Mbh or terms in brackets, not %q", effects)
		}
		var terms []int
		if inner != "" {
			for word := range strings.SplitSeq(inner, ",") {
				term := 0
				for _, c := range word {
					i, err := strconv.ParseInt(string(c), 36, 32)
					if err != nil || i < 1 || int(i) > lists {
						return fail("%q is no list of %d", c, lists)
					}
					term |= 1 << (i - 1)
				}
				if term == 0 {
					return fail("a term without lists")
				}
				terms = append(terms, term)
			}
		}
		var err error
		if m, err = Hierarchical(lists, terms...); err != nil {
			return Model{}, err
		}
	}
	switch {
	case het == "" && wantHet:
		return fail("want a kind of heterogeneity after %s", effects)
	case het == "":
		return m, nil
	case !wantHet && m.Effects != Given:
		return fail("%s has no heterogeneity", effects)
	}
	word, number := het, ""
	if i := strings.IndexAny(het, "0123456789."); i >= 0 {
		word, number = het[:i], het[i:]
	}
	switch word {
	case "Chao", "LB", "Chao (LB)":
		m.Het = Chao
	case "Poisson":
		m.Het = Poisson
	case "Darroch":
		m.Het = Darroch
	case "Gamma":
		m.Het = Gamma
	case "Normal":
		m.Het = Normal
	default:
		return fail("no heterogeneity is called %q", word)
	}
	if number != "" {
		v, err := strconv.ParseFloat(number, 64)
		if err != nil || m.Het != Poisson && m.Het != Gamma {
			return fail("%q after %s", number, word)
		}
		m.Theta = v
	}
	if err := m.valid(lists); err != nil {
		return fail("%w", err)
	}
	return m, nil
}

// valid says what is wrong with a model of so many lists.
func (m Model) valid(lists int) error {
	switch {
	case m.Effects >= effectsKind:
		return fmt.Errorf("capture: no effects %d", m.Effects)
	case m.Het >= heteroKind:
		return fmt.Errorf("capture: no heterogeneity %d", m.Het)
	case m.Het != None && (m.Effects == Behaviour || m.Effects == FirstApart):
		return fmt.Errorf("capture: %s with heterogeneity %s", Model{Effects: m.Effects}, heteroName[m.Het])
	case m.Theta < 0 || math.IsNaN(m.Theta) || math.IsInf(m.Theta, 0) || m.Het == Poisson && m.theta() <= 1:
		return fmt.Errorf("capture: %s with θ = %v", heteroName[m.Het], m.Theta)
	case m.Effects != Given && len(m.Terms) > 0:
		return fmt.Errorf("capture: terms beside %s", Model{Effects: m.Effects})
	}
	for i, t := range m.Terms {
		if t <= 0 || t >= 1<<lists {
			return fmt.Errorf("capture: term %b is not of %d lists", t, lists)
		}
		if slices.Contains(m.Terms[:i], t) {
			return fmt.Errorf("capture: term %s twice", termName(t))
		}
	}
	return nil
}

// common returns how many columns of the design, the intercept included, do
// not model heterogeneity.
func (m Model) common(lists int) int {
	switch m.Effects {
	case Separate:
		return lists + 1
	case Given:
		return len(m.Terms) + 1
	case FirstApart:
		return 4
	case Behaviour:
		return 3
	}
	return 2
}

// design returns the regression of the counts of each pattern.
func (m Model) design(h Histories) design {
	var d design
	d.names = append(d.names, "(Intercept)")
	switch m.Effects {
	case Equal:
		d.names = append(d.names, "beta")
	case Separate:
		for i := range h.lists {
			d.names = append(d.names, "beta"+strconv.FormatInt(int64(i+1), 36))
		}
	case Given:
		for _, t := range m.Terms {
			kind := "lambda"
			if t&(t-1) == 0 {
				kind = "beta"
			}
			d.names = append(d.names, kind+termName(t))
		}
	case Behaviour:
		d.names = append(d.names, "beta1", "beta2")
	case FirstApart:
		d.names = append(d.names, "eta", "beta1", "beta2")
	}
	d.names = append(d.names, m.heteroNames(h.lists)...)
	for p := 1; p < len(h.counts); p++ {
		k := bits.OnesCount(uint(p))
		row := []float64{1}
		switch m.Effects {
		case Equal:
			row = append(row, float64(k))
		case Separate:
			for i := range h.lists {
				row = append(row, float64(p>>i&1))
			}
		case Given:
			for _, t := range m.Terms {
				row = append(row, indicator(p&t == t))
			}
		case FirstApart:
			row = append(row, indicator(p&1 == 0))
			fallthrough
		case Behaviour:
			row = append(row, float64(bits.TrailingZeros(uint(p))), float64(k-1))
		}
		d.x = append(d.x, m.heteroRow(row, k, h.lists))
		d.y = append(d.y, float64(h.counts[p]))
	}
	return d
}

// frequencyDesign returns the regression of the counts of people met once,
// twice and so on. The model must treat lists alike.
func (m Model) frequencyDesign(f Frequencies) design {
	d := design{names: append([]string{"(Intercept)", "beta"}, m.heteroNames(f.used)...)}
	for k := 1; k <= f.used; k++ {
		d.x = append(d.x, m.heteroRow([]float64{1, float64(k)}, k, f.used))
		d.y = append(d.y, float64(f.Met(k)))
		lk, _ := math.Lgamma(float64(k + 1))
		if f.lists == 0 {
			d.offset = append(d.offset, -lk)
			continue
		}
		ln, _ := math.Lgamma(float64(f.lists + 1))
		lnk, _ := math.Lgamma(float64(f.lists - k + 1))
		d.offset = append(d.offset, ln-lk-lnk)
	}
	return d
}

func (m Model) heteroNames(most int) []string {
	switch m.Het {
	case Chao:
		var names []string
		for j := 3; j <= most; j++ {
			names = append(names, "eta"+strconv.Itoa(j))
		}
		return names
	case Poisson, Darroch, Gamma:
		return []string{"tau"}
	}
	return nil
}

// heteroRow appends the heterogeneity of people on k of the lists to the row.
func (m Model) heteroRow(row []float64, k, most int) []float64 {
	if m.Het == Chao {
		for j := 3; j <= most; j++ {
			row = append(row, float64(max(k-j+1, 0)))
		}
		return row
	}
	if m.Het == Poisson || m.Het == Darroch || m.Het == Gamma {
		row = append(row, m.curve(float64(k)))
	}
	return row
}

// curve returns the heterogeneity column h(k).
func (m Model) curve(k float64) float64 {
	switch m.Het {
	case Poisson:
		return math.Pow(m.theta(), k) - 1
	case Darroch:
		return k * k / 2
	case Gamma:
		return math.Log(m.theta()) - math.Log(m.theta()+k)
	}
	return 0
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
