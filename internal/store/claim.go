package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"math"
	"strings"
	"unicode/utf8"

	"shanyraq"
)

// claimColumns are what a claim says, in the order of scanClaim and claimArgs.
const claimColumns = `id, source, series, place, area, partner, subject, period, year, value,
  low, high, level, kind, step, unit, definition, who, strength, address, note, digest`

// claimArgs returns the values of claimColumns.
func claimArgs(c *shanyraq.Claim, d digest) []any {
	var low, high, level any
	kind := ""
	if c.Stated != nil {
		low, high, level, kind = c.Stated.Lo, c.Stated.Hi, c.Stated.Level, c.Stated.Kind.String()
	}
	return []any{
		string(c.ID), string(c.Source), string(c.Series), string(c.Place), c.Area, string(c.Partner), c.Subject,
		string(c.When), int64(c.When.Year()), c.Value, low, high, level, kind, c.Step, string(c.Unit),
		string(c.Definition), c.Who, c.Strength.String(), c.Address, c.Note, d[:],
	}
}

// scanClaim reads claimColumns, and after them what more points at. A kind or
// strength that is no longer known reads as none, which changes the digest.
func scanClaim(rows *sql.Rows, more ...any) (c shanyraq.Claim, d []byte, err error) {
	var low, high, level sql.NullFloat64
	var kind, strength string
	var year int
	var raw sql.RawBytes
	to := append([]any{
		(*string)(&c.ID), (*string)(&c.Source), (*string)(&c.Series), (*string)(&c.Place), &c.Area, (*string)(&c.Partner),
		&c.Subject, (*string)(&c.When), &year, &c.Value, &low, &high, &level, &kind, &c.Step, (*string)(&c.Unit),
		(*string)(&c.Definition), &c.Who, &strength, &c.Address, &c.Note, &raw,
	}, more...)
	if err := rows.Scan(to...); err != nil {
		return c, nil, err
	}
	c.Strength, _ = shanyraq.ParseStrength(strength)
	if kind != "" {
		k, _ := shanyraq.ParseIntervalKind(kind)
		c.Stated = &shanyraq.Interval{Lo: low.Float64, Hi: high.Float64, Level: level.Float64, Kind: k}
	}
	return c, raw, nil
}

// claimDigest returns the SHA-256 of everything the claim says. The encoding is
// part of the file format. The buffer is scratch and comes back to be used again.
func claimDigest(buf []byte, c *shanyraq.Claim) (digest, []byte) {
	b := field(buf[:0], "claim")
	for _, s := range [...]string{
		string(c.ID), string(c.Source), string(c.Series), string(c.Place), c.Area, string(c.Partner), c.Subject,
		string(c.When), string(c.Unit), string(c.Definition), c.Who, c.Strength.String(), c.Address, c.Note,
	} {
		b = field(b, s)
	}
	b = number(number(b, c.Value), c.Step)
	if c.Stated != nil {
		b = field(b, c.Stated.Kind.String())
		b = number(number(number(b, c.Stated.Lo), c.Stated.Hi), c.Stated.Level)
	}
	return sha256.Sum256(b), b
}

// number appends the bits of v. Both zeros are one, as the file keeps them.
func number(b []byte, v float64) []byte {
	if v == 0 {
		v = 0
	}
	return binary.BigEndian.AppendUint64(b, math.Float64bits(v))
}

// checkClaim returns an Invalid error unless the claim is well formed in
// itself. Whether its source and series are known is for Import to say.
func checkClaim(op string, c *shanyraq.Claim) error {
	bad := func(what string) error { return tell(op, shanyraq.Invalid, "store.claim_"+what, "ID", string(c.ID)) }
	for _, s := range [...]string{
		string(c.ID), string(c.Source), string(c.Series), string(c.Place), c.Area, string(c.Partner), c.Subject,
		string(c.When), string(c.Unit), string(c.Definition), c.Who, c.Address, c.Note,
	} {
		if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
			return tell(op, shanyraq.Invalid, "store.claim_text", "ID", strings.ToValidUTF8(string(c.ID), "\uFFFD"))
		}
	}
	if _, err := shanyraq.ParseCountry(string(c.Place)); err != nil {
		return bad("place")
	}
	if c.Partner != "" {
		if _, err := shanyraq.ParseCountry(string(c.Partner)); err != nil {
			return bad("place")
		}
	}
	if _, err := shanyraq.ParsePeriod(string(c.When)); err != nil {
		return bad("when")
	}
	if !fits(c) {
		return bad("id")
	}
	if math.IsNaN(c.Value) || math.IsInf(c.Value, 0) {
		return bad("range")
	}
	if c.Stated != nil && c.Stated.Check(c.Value) != nil {
		return bad("range")
	}
	if !(c.Step >= 0) || math.IsInf(c.Step, 0) {
		return bad("step")
	}
	if !c.Unit.Valid() {
		return bad("unit")
	}
	if c.Strength.String() == "" {
		return bad("strength")
	}
	return nil
}

// fits reports whether the claim's id begins with its source, series, place
// and partner and ends with its time, so that claims of one id always answer
// to the same queries.
func fits(c *shanyraq.Claim) bool {
	if c.Source == "" || c.Series == "" {
		return false
	}
	rest := string(c.ID)
	partner := string(c.Partner)
	if partner == "" {
		partner = "-"
	}
	for _, s := range [...]string{string(c.Source), string(c.Series), string(c.Place), partner} {
		var ok bool
		if rest, ok = strings.CutPrefix(rest, s); !ok {
			return false
		}
		if rest, ok = strings.CutPrefix(rest, "/"); !ok {
			return false
		}
	}
	last, _, _ := strings.Cut(rest[strings.LastIndexByte(rest, '/')+1:], "~")
	if c.When == "" {
		return last == "undated"
	}
	return last == string(c.When)
}
