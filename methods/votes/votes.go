package votes

import (
	"fmt"
	"math"
)

// A Choice is what one voter did at one roll call.
type Choice byte

// The choices, as the letters of a record.
const (
	Yes     Choice = 'Y'
	Abstain Choice = 'A'
	No      Choice = 'N'
	Absent  Choice = '.' // absent or not a member: not compared
)

// step returns the choice's place between yes, 0, and no, 2, or −1 for one who
// did not vote; ok is false for what is no choice.
func (c Choice) step() (place int, ok bool) {
	switch c {
	case Yes:
		return 0, true
	case Abstain:
		return 1, true
	case No:
		return 2, true
	case Absent:
		return -1, true
	}
	return 0, false
}

// A Pair is how alike two voters voted. Without a roll call both voted on, all
// but Both and Table are NaN; the three corrected measures are NaN also when
// chance alone would make the two agree always.
type Pair struct {
	Both      int       // roll calls both voted on
	Table     [3][3]int // of those, by the first's choice and the second's: yes, abstain, no
	Identical float64   // share of 1: the same choice
	Opposite  float64   // share of 1: yes against no
	Agreement float64   // 1 − mean of |v_a − v_b|/2, with yes, abstain, no one apart; 0 to 1
	S         float64   // 2·Agreement − 1; −1 to 1
	Kappa     float64   // identical votes beyond chance; at most 1
	Weighted  float64   // kappa with linear weights: agreement beyond chance; at most 1
	Pi        float64   // pi with linear weights; at most 1
}

// Agreement returns how alike a and b voted, given as records with one
// [Choice] per roll call, in the same order. Roll calls at which either was
// absent are skipped. With p_ij the share of the rest at which a chose i and b
// chose j, p_i· and p_·j its margins, q_i = (p_i· + p_·i)/2 and
// d_ij = |i − j|/2:
//
//	Identical = Σ p_ii
//	Agreement = 1 − Σ p_ij d_ij
//	S         = 1 − 2 Σ p_ij d_ij
//	Kappa     = 1 − (1 − Σ p_ii) / (1 − Σ p_i· p_·i)
//	Weighted  = 1 − Σ p_ij d_ij / Σ p_i· p_·j d_ij
//	Pi        = 1 − Σ p_ij d_ij / Σ q_i q_j d_ij
//
// Assumptions: an abstention lies half-way between yes and no; where it is a
// polite no, Agreement and S are off, in either direction, and Identical is
// not. Absence says nothing; where a voter stays away to avoid opposing the
// other, all measures are too high.
//
// Accuracy: rounding only (TestConformanceAgreement, 48 pairs of the General
// Assembly).
//
// Agreement returns an error for records of different length and for a letter
// that is no choice.
//
// References: [signorino1999] for S; [cohen1960] and [cohen1968] for kappa;
// [scott1955] for pi; [hage2011] for their use on votes of states.
func Agreement(a, b string) (Pair, error) {
	p := Pair{}
	if err := p.count(a, b); err != nil {
		return Pair{}, err
	}
	p.measure()
	return p, nil
}

// count adds the roll calls of two records to p.
func (p *Pair) count(a, b string) error {
	if len(a) != len(b) {
		return fmt.Errorf("votes: %d votes against %d", len(a), len(b))
	}
	for t := range len(a) {
		i, ok := Choice(a[t]).step()
		j, also := Choice(b[t]).step()
		if !ok || !also {
			return fmt.Errorf("votes: %q against %q at roll call %d; want Y, A, N or a dot", a[t], b[t], t)
		}
		if i >= 0 && j >= 0 {
			p.Table[i][j]++
			p.Both++
		}
	}
	return nil
}

// measure fills in the measures from the table.
func (p *Pair) measure() {
	n := float64(p.Both)
	var first, second [3]float64
	var same, apart float64
	for i, row := range p.Table {
		for j, count := range row {
			first[i] += float64(count) / n
			second[j] += float64(count) / n
			apart += float64(count) * distance(i, j) / n
			if i == j {
				same += float64(count) / n
			}
		}
	}
	var alike, kappa, pi float64 // by chance: identical, and apart for either correction
	for i := range first {
		alike += first[i] * second[i]
		for j := range second {
			kappa += first[i] * second[j] * distance(i, j)
			pi += (first[i] + second[i]) / 2 * (first[j] + second[j]) / 2 * distance(i, j)
		}
	}
	p.Identical = same
	p.Opposite = float64(p.Table[0][2]+p.Table[2][0]) / n
	p.Agreement = 1 - apart
	p.S = 1 - 2*apart
	// With everything in one cell the margins leave nothing to chance. The
	// count says so exactly; the sums need not come out at zero.
	p.Kappa, p.Weighted, p.Pi = 1-(1-same)/(1-alike), 1-apart/kappa, 1-apart/pi
	for i := range p.Table {
		if p.Table[i][i] == p.Both {
			p.Kappa, p.Weighted, p.Pi = math.NaN(), math.NaN(), math.NaN()
		}
	}
}

// distance returns how far two choices are apart: 0, ½ or 1.
func distance(i, j int) float64 { return math.Abs(float64(i-j)) / 2 }

// Divided returns the positions of the roll calls on which those who voted did
// not all choose the same; calls has one record per roll call, with one
// [Choice] per voter. Roll calls nobody voted on are not divided. It returns an
// error for a letter that is no choice.
func Divided(calls []string) ([]int, error) {
	var index []int
	for t, call := range calls {
		seen := -1
		divided := false
		for v := range len(call) {
			step, ok := Choice(call[v]).step()
			if !ok {
				return nil, fmt.Errorf("votes: %q at roll call %d; want Y, A, N or a dot", call[v], t)
			}
			divided = divided || step >= 0 && seen >= 0 && step != seen
			if step >= 0 {
				seen = step
			}
		}
		if divided {
			index = append(index, t)
		}
	}
	return index, nil
}

// Pick returns the votes of a record at the positions of index, in that order,
// or an error for a position outside it.
func Pick(record string, index []int) (string, error) {
	picked := make([]byte, len(index))
	for at, t := range index {
		if t < 0 || t >= len(record) {
			return "", fmt.Errorf("votes: roll call %d of %d", t, len(record))
		}
		picked[at] = record[t]
	}
	return string(picked), nil
}
