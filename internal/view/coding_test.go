package view_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/ingest"
	"shanyraq/internal/publishers"
	"shanyraq/internal/view"
)

// The empty sheet, filled in by two coders, is read again whole: acts with the
// European Union, without a date and over a span of time too.
func TestCodingSheetReadsBack(t *testing.T) {
	h := house(t)
	var sheet bytes.Buffer
	if err := view.CodingSheet(t.Context(), h, "KAZ", &sheet); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&sheet).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var filled bytes.Buffer
	w := csv.NewWriter(&filled)
	_ = w.Write(rows[0]) // the writer keeps its first error
	powers := map[string]bool{}
	for i, row := range rows[1:] {
		powers[row[2]] = true
		for k, coder := range []string{"A", "B"} {
			_ = w.Write(append(append([]string{}, row[:4]...), coder, row[5], string('0'+rune((i+k*(i%3)/2)%3))))
		}
	}
	if w.Flush(); w.Error() != nil {
		t.Fatal(w.Error())
	}
	if !powers["EUU"] {
		t.Fatal("the sheet asks of no act with the European Union")
	}
	book, err := publishers.Open(t.Context(), "filled.csv", filled.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	laid, err := publishers.Convert(t.Context(), "coding", book, h, nil)
	if err != nil {
		t.Fatal(err)
	}
	batch, err := ingest.ReadClaims(bytes.NewReader(laid.Table), "filled.csv", ingest.Options{Source: "given", Strength: shanyraq.Opinion, Rivals: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(batch.Claims), 2*(len(rows)-1); got != want {
		t.Errorf("%d codes of %d", got, want)
	}
	c, err := h.Vectors.Coding(t.Context(), "KAZ", batch.Claims)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Coders) != 2 || 4*len(c.Acts) != len(rows)-1 {
		t.Errorf("%d acts by %v, of %d rows", len(c.Acts), c.Coders, len(rows)-1)
	}
	p, err := view.VectorsCodingOf(t.Context(), h, ask(t, "KAZ", "en", ""), batch.Claims)
	if err != nil || !strings.Contains(p.Answer.Key, "vectors.coding.answer") || p.Table("codes") == nil {
		t.Errorf("%v, %v", p, err)
	}
}
