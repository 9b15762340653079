package composite

//go:generate go run sobolgen.go

import (
	"math/bits"
	"math/rand/v2"
)

type sobolDimension struct {
	degree int
	poly   uint32
	m      []uint32
}

// MaxSobol is the most dimensions a [Sequence] can have.
const MaxSobol = len(sobolTable) + 1

// A Sequence is a scrambled Sobol sequence: points that fill the unit cube
// more evenly than random ones, so that means over them settle sooner.
//
// Each dimension's generator matrix is multiplied by a random lower triangular
// one and all its points are shifted by one random number, digit by digit in
// base 2. Every point is then uniform on the cube and the even filling is
// kept, so a mean over the points is unbiased and two seeds give two honest
// estimates of it.
//
// Accuracy: any block of 2^m points that starts at a multiple of 2^m has one
// point in each of the 2^m equal parts of every axis (TestSequenceIsEven).
//
// References: [sobol1967]; [joe2008] for how direction numbers are chosen;
// [matousek1998] for the scrambling.
type Sequence struct {
	v     [][32]uint32 // direction numbers
	x     []uint32     // of the next point
	index uint32
}

// NewSequence returns the sequence of so many dimensions that belongs to a
// seed. It panics if they are not between 1 and [MaxSobol].
func NewSequence(dims int, seed uint64) *Sequence {
	s := plainSequence(dims)
	rng := rand.New(rand.NewPCG(seed, 0xa0761d6478bd642f))
	for d := range s.v {
		// Row r of the triangular matrix says which bits, from the highest down
		// to bit r itself, are added up to the new bit r.
		var rows [32]uint32
		for r := range rows {
			above := ^uint32(0) << (32 - r) // none for r = 0
			if r == 0 {
				above = 0
			}
			rows[r] = rng.Uint32()&above | 1<<(31-r)
		}
		for c, v := range s.v[d] {
			var w uint32
			for r, row := range rows {
				w |= uint32(bits.OnesCount32(row&v)&1) << (31 - r)
			}
			s.v[d][c] = w
		}
		s.x[d] = rng.Uint32()
	}
	return s
}

// plainSequence returns the sequence without scrambling; its first point is
// the corner nearest to zero.
func plainSequence(dims int) *Sequence {
	if dims < 1 || dims > MaxSobol {
		panic("composite: a Sobol sequence of that many dimensions is not in the table")
	}
	s := &Sequence{v: make([][32]uint32, dims), x: make([]uint32, dims)}
	for d := range s.v {
		v := &s.v[d]
		for i := range v {
			if d == 0 {
				v[i] = 1 << (31 - i)
				continue
			}
			t := sobolTable[d-1]
			if i < t.degree {
				v[i] = t.m[i] << (31 - i)
				continue
			}
			v[i] = v[i-t.degree] ^ v[i-t.degree]>>t.degree
			for k := 1; k < t.degree; k++ {
				if t.poly>>(t.degree-1-k)&1 == 1 {
					v[i] ^= v[i-k]
				}
			}
		}
	}
	return s
}

// Next writes the next point to u, each coordinate strictly between 0 and 1.
// Points come in the order of the Gray code. After 2³² points it begins again.
func (s *Sequence) Next(u []float64) {
	for d := range u {
		u[d] = (float64(s.x[d]) + 0.5) / (1 << 32)
	}
	s.index++
	c := bits.TrailingZeros32(s.index) & 31
	for d := range s.x {
		s.x[d] ^= s.v[d][c]
	}
}
