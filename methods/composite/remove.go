package composite

import "math"

// A Removal is what leaving out one element does to the ranks of all units.
type Removal struct {
	Code   string
	Mean   float64 // mean over units of |rank without − rank with|, in ranks
	Most   int     // the largest of them
	MostAt string  // the unit it befell
}

// Removals returns what leaving out each element of a level does, the others
// keeping their weights relative to each other. Ranks are of the whole index.
// Where the element is the only one of its parent, the parent goes with it.
//
// It returns an [Error] if a step cannot be carried out.
func (x *Index) Removals(level int) ([]Removal, error) {
	e := x.newEngine()
	if err := e.run(x.plan); err != nil {
		return nil, err
	}
	n := len(x.table.Units)
	with, without := make([]int32, n), make([]int32, n)
	ranks := func(to []int32) {
		clear(to)
		for _, p := range e.rank(0) {
			to[p.unit] = p.rank
		}
	}
	ranks(with)
	var all []Removal
	for at, el := range x.tree.elements {
		if el.level != level || e.value[at] == nil || el.parent < 0 {
			continue
		}
		copy(e.w, x.plan.weigh.base)
		e.w[at] = 0
		if err := e.build(x.plan, false); err != nil {
			return nil, err
		}
		ranks(without)
		r := Removal{Code: el.Code}
		sum, count := 0, 0
		for i := range n {
			if with[i] == 0 || without[i] == 0 {
				continue
			}
			d := int(without[i] - with[i])
			sum += max(d, -d)
			count++
			if max(d, -d) > r.Most {
				r.Most, r.MostAt = max(d, -d), x.table.Units[i]
			}
		}
		r.Mean = float64(sum) / float64(count)
		if count == 0 {
			r.Mean = math.NaN()
		}
		all = append(all, r)
	}
	return all, nil
}
