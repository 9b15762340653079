package ingest

import (
	"encoding/csv"
	"io"
	"math"

	"shanyraq"
)

// WriteClaims writes claims as a table that [ReadClaims] reads back the same,
// given their source, its strength and whether it makes rival claims. Columns
// that no claim fills are left out. Kinds, levels and numbers are written in
// full; ids and sources are not written.
//
// It returns an [shanyraq.Invalid] error for a claim without series, place or
// unit or with a value that is not finite, and an error of w as it is.
func WriteClaims(w io.Writer, claims []shanyraq.Claim) error {
	const op = "ingest.WriteClaims"
	used := make([]bool, len(columns))
	used[colSeries], used[colPlace], used[colWhen], used[colValue], used[colUnit] = true, true, true, true, true
	for i := range claims {
		c := &claims[i]
		switch {
		case c.Series == "" || c.Place == "" || c.Unit == "":
			return shanyraq.Errorf(op, shanyraq.Invalid, "claim %d (%s) has no series, place or unit", i, c.ID)
		case math.IsNaN(c.Value) || math.IsInf(c.Value, 0):
			return shanyraq.Errorf(op, shanyraq.Invalid, "claim %d (%s): value is not finite", i, c.ID)
		}
		for k, f := range fieldsOf(c) {
			used[k] = used[k] || f != ""
		}
	}
	out := csv.NewWriter(w)
	line := make([]string, 0, len(columns))
	write := func(fields []string) error {
		line = line[:0]
		for k, f := range fields {
			if used[k] {
				line = append(line, f)
			}
		}
		return out.Write(line)
	}
	if err := write(columns); err != nil {
		return err
	}
	for i := range claims {
		fields := fieldsOf(&claims[i])
		if err := write(fields[:]); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// fieldsOf returns the claim's fields in the order of columns.
func fieldsOf(c *shanyraq.Claim) [colNote + 1]string {
	f := [colNote + 1]string{
		colSeries: string(c.Series), colPlace: string(c.Place), colArea: c.Area, colPartner: string(c.Partner),
		colSubject: c.Subject, colWhen: string(c.When), colValue: decimal(c.Value), colUnit: string(c.Unit),
		colDefinition: string(c.Definition), colWho: c.Who, colStrength: c.Strength.String(),
		colAddress: c.Address, colNote: c.Note,
	}
	if c.Stated != nil {
		f[colLow], f[colHigh], f[colKind] = decimal(c.Stated.Lo), decimal(c.Stated.Hi), c.Stated.Kind.String()
		if c.Stated.Level != 0 {
			f[colLevel] = decimal(c.Stated.Level)
		}
	}
	if c.Step != 0 {
		f[colStep] = decimal(c.Step)
	}
	return f
}
