package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
)

// A digest is the SHA-256 of one row or line.
type digest [sha256.Size]byte

// A state is the sum of the digests of the rows that hold, modulo 2^256. It is
// the same in whatever order they came, and taking a digest away undoes adding
// it.
type state [4]uint64 // most significant first

func (s *state) add(d digest) { s.plus(d.state()) }

func (s *state) sub(d digest) { s.minus(d.state()) }

func (s *state) plus(o state) {
	var carry uint64
	for i := 3; i >= 0; i-- {
		s[i], carry = bits.Add64(s[i], o[i], carry)
	}
}

func (s *state) minus(o state) {
	var borrow uint64
	for i := 3; i >= 0; i-- {
		s[i], borrow = bits.Sub64(s[i], o[i], borrow)
	}
}

// state returns the state in which the row of d alone holds.
func (d digest) state() (s state) {
	for i := range s {
		s[i] = binary.BigEndian.Uint64(d[8*i:])
	}
	return s
}

// bytes returns the state as 32 bytes.
func (s state) bytes() []byte {
	b := make([]byte, 0, 32)
	for _, w := range s {
		b = binary.BigEndian.AppendUint64(b, w)
	}
	return b
}

// stateOf returns the state written in b, and false if it is none.
func stateOf(b []byte) (s state, ok bool) {
	if len(b) != len(digest{}) {
		return s, false
	}
	return digest(b).state(), true
}

// version returns the version of the base with the rows of the state over it.
func (s state) version(base string) string {
	if s == (state{}) {
		return base
	}
	sum := sha256.Sum256(append(field(nil, base), s.bytes()...))
	return hex.EncodeToString(sum[:6])
}

// field appends s with its length before it, so that no two lists of fields
// run together to the same bytes.
func field(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
