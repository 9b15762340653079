package ties

import (
	"fmt"
	"math"
)

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
