package diaspora

import (
	"math"
	"testing"

	"shanyraq"
)

// Of a hundred misses spread evenly up to two half widths, 95 percent are within
// 1.92; ranges that hold enough are left as they are, and so are too few of them.
func TestWidening(t *testing.T) {
	var ms misses
	for i := range 100 {
		ms = append(ms, miss{home: shanyraq.CountryCode("A"), far: 2 * float64(i+1) / 100, half: 1})
	}
	w := ms.widening("B")
	if math.Abs(w.factor-1.92) > 1e-9 || w.usual != 1 {
		t.Errorf("%+v", w)
	}
	if own := ms.widening("A"); own.factor != 1 {
		t.Errorf("a home is widened by its own counts: %+v", own)
	}
	for i := range ms {
		ms[i].far /= 4
	}
	if w := ms.widening("B"); w.factor != 1 {
		t.Errorf("ranges that hold all are widened: %+v", w)
	}
	if w := ms[:19].widening("B"); w.factor != 1 {
		t.Errorf("nineteen counts widen: %+v", w)
	}
	w = widening{2, 1}
	for half, want := range map[float64]float64{0.5: 1, 1: 2, 3: math.Sqrt(12)} {
		if got := w.of(half); math.Abs(got-want) > 1e-12 {
			t.Errorf("half a width of %v becomes %v, want %v", half, got, want)
		}
	}
	if got := (widening{}).of(1.5); got != 1.5 {
		t.Errorf("nothing widens %v", got)
	}
}
