package publishers

import (
	"fmt"
	"math"
	"strings"

	"shanyraq/internal/hosts"
	"shanyraq/internal/ingest"
)

// Answers reads survey answers about acculturation: one row a respondent, with
// the columns place, generation, weight, h1, h2 and so on, r1, r2 and so on. An
// empty weight counts 1, an empty answer is none.
//
// It returns [*ingest.Faults] for a table without the columns or with a cell that
// cannot be read.
func Answers(b *Book, names Names) ([]hosts.Answered, error) {
	h, ok := find(b, "place", "generation", "h1", "r1")
	if !ok {
		return nil, refuse(b.Name, 0, 0, "answers", "answers")
	}
	items := func(axis string) (out []int) {
		for i := 1; ; i++ {
			k, ok := h.col[fmt.Sprint(axis, i)]
			if !ok {
				return out
			}
			out = append(out, k)
		}
	}
	heritage, residence := items("h"), items("r")
	r := &reading{book: b, names: names}
	var out []hosts.Answered
	for _, row := range h.rows() {
		place, ok := names.Code(h.get(row, "place"))
		if !ok {
			r.fault(h.sheet, row.Line, h.col["place"], "place", "place", "Found", h.get(row, "place"))
			continue
		}
		a := hosts.Answered{Place: place, Generation: h.get(row, "generation"), Line: row.Line}
		a.Weight = 1
		if s := h.get(row, "weight"); s != "" {
			if a.Weight, ok = number(s); !ok || a.Weight < 0 {
				r.fault(h.sheet, row.Line, h.col["weight"], "number", "number", "Found", s)
				continue
			}
		}
		for _, axis := range []struct {
			columns []int
			to      *[]float64
		}{{heritage, &a.Heritage}, {residence, &a.Residence}} {
			for _, k := range axis.columns {
				v := math.NaN()
				if s := row.Cell(k); s != "" && !strings.EqualFold(s, "NA") {
					if v, ok = number(s); !ok {
						r.fault(h.sheet, row.Line, k, "number", "number", "Found", s)
						v = math.NaN()
					}
				}
				*axis.to = append(*axis.to, v)
			}
		}
		out = append(out, a)
	}
	if len(r.faults) > 0 {
		return nil, ingest.Refused(r.faults, r.more)
	}
	return out, nil
}
