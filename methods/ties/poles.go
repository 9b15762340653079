package ties

import (
	"fmt"
	"math"
)

// A Stance is where one side stands between two poles. Equidistance is 1 where
// it is as near to one as to the other and 0 where it is near to one only; Depth
// is how near it is to both on average, as a share of 1. Lean is positive where
// it is nearer the first.
type Stance struct {
	Equidistance, Depth, Lean Range
}

// Stand returns the stance between two poles of a side whose alignment with the
// first lies in the range a and with the second in b, shares of 1 in one domain:
// shares of trade, of visits, agreement of votes.
//
//	Equidistance = 1 − |a − b|/(a + b)
//	Depth        = (a + b)/2
//	Lean         = (a − b)/(a + b)
//
// Equidistance alone does not tell a side that is close to both from one that
// is close to neither, which is the difference between hedging and standing
// aside: plot it against depth. All limits are attained. Equidistance and lean
// are NaN where there is no tie to either.
//
// Assumptions: the two alignments are measured alike. The measure is
// descriptive; that a side stands in the middle does not say that it means to.
//
// It returns an error for an alignment outside [0, 1].
//
// References: none; no validated index of hedging is known to us, and this one
// is ours.
func Stand(a, b Range) (Stance, error) {
	for _, r := range []Range{a, b} {
		if !r.valid() || r.Hi > 1 {
			return Stance{}, fmt.Errorf("ties: an alignment between %v and %v", r.Lo, r.Hi)
		}
	}
	t, err := Lean(a, b)
	if err != nil {
		return Stance{}, err
	}
	s := Stance{Depth: Range{(a.Lo + b.Lo) / 2, (a.Hi + b.Hi) / 2}, Lean: t.Asymmetry}
	lo, hi := math.Abs(s.Lean.Lo), math.Abs(s.Lean.Hi)
	s.Equidistance = Range{1 - max(lo, hi), 1 - min(lo, hi)}
	if s.Lean.Lo <= 0 && s.Lean.Hi >= 0 {
		s.Equidistance.Hi = 1
	}
	return s, nil
}

// A Channel is one kind of tie through which one side may press another.
type Channel struct {
	Weight     float64 // within its layer, any unit
	Bandwidth  Range   // volume of the tie as a share of the largest such tie anywhere; NaN where missing
	Dependence Range   // share of the receiver's ties of this kind, or of its product, that it is; NaN where missing
}

// A Leverage is the capacity of one side to press another through their ties,
// between 0 and 1. Coverage is the share of the weights for which figures were
// there.
type Leverage struct {
	Value                 Range
	Bandwidth, Dependence Range
	Coverage              float64
}

// Press returns the leverage of one side over another from layers of channels,
// such as economic, political and security ones, each layer counting the same:
//
//	B = mean over layers of Σ w·bandwidth / Σ w
//	D = mean over layers of Σ w·dependence / Σ w
//	Value = B·D
//
// Volume without dependence is exchange between equals; dependence without
// volume is a thread. The product is high only where both are. It has the
// structure of the index of formal bilateral influence capacity of
// [moyer2018], and is not that index: layers, indicators and weights are the
// caller's, so its values are to be compared with each other only.
//
// A channel with a figure missing is left out and its layer weighted over the
// rest; a layer without any is left out of the mean. All limits are attained.
//
// It returns [ErrNoTotal] without any figures, and an error for a weight, a
// bandwidth or a dependence that is none.
//
// References: [moyer2018].
func Press(layers [][]Channel) (Leverage, error) {
	var l Leverage
	var used, weights, found float64
	for i, layer := range layers {
		var w float64
		var b, d Range
		for j, c := range layer {
			if !(c.Weight >= 0) || math.IsInf(c.Weight, 0) {
				return Leverage{}, fmt.Errorf("ties: channel %d of layer %d weighs %v", j, i, c.Weight)
			}
			weights += c.Weight
			if math.IsNaN(c.Bandwidth.Lo) || math.IsNaN(c.Bandwidth.Hi) || math.IsNaN(c.Dependence.Lo) || math.IsNaN(c.Dependence.Hi) {
				continue
			}
			for _, r := range []Range{c.Bandwidth, c.Dependence} {
				if !r.valid() || r.Hi > 1 {
					return Leverage{}, fmt.Errorf("ties: channel %d of layer %d has a share between %v and %v", j, i, r.Lo, r.Hi)
				}
			}
			w += c.Weight
			b = Range{b.Lo + c.Weight*c.Bandwidth.Lo, b.Hi + c.Weight*c.Bandwidth.Hi}
			d = Range{d.Lo + c.Weight*c.Dependence.Lo, d.Hi + c.Weight*c.Dependence.Hi}
		}
		found += w
		if w > 0 {
			used++
			l.Bandwidth = Range{l.Bandwidth.Lo + b.Lo/w, l.Bandwidth.Hi + b.Hi/w}
			l.Dependence = Range{l.Dependence.Lo + d.Lo/w, l.Dependence.Hi + d.Hi/w}
		}
	}
	if used == 0 {
		return Leverage{}, ErrNoTotal
	}
	l.Bandwidth = Range{l.Bandwidth.Lo / used, l.Bandwidth.Hi / used}
	l.Dependence = Range{l.Dependence.Lo / used, l.Dependence.Hi / used}
	l.Value = Range{l.Bandwidth.Lo * l.Dependence.Lo, l.Bandwidth.Hi * l.Dependence.Hi}
	l.Coverage = found / weights
	return l, nil
}
