package standing

import (
	"cmp"
	"context"
	"strings"

	"shanyraq"
)

// A Shelf tells when each source was taken. Evidence that is one lets the newer
// of two sources of one strength stand before the older.
type Shelf interface {
	Sources(ctx context.Context) ([]shanyraq.Source, error)
}

// taken returns when each source was taken, nothing if the evidence does not say.
func (r *Room) taken(ctx context.Context) (map[shanyraq.SourceID]shanyraq.Period, error) {
	out := map[shanyraq.SourceID]shanyraq.Period{}
	s, ok := r.ev.(Shelf)
	if !ok {
		return out, nil
	}
	sources, err := s.Sources(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range sources {
		out[x.ID] = x.Taken
	}
	return out, nil
}

// better orders the claims of several sources about the same thing: the
// stronger first, then the one about the whole year, then that of the source
// taken last, then the one whose id sorts first.
func better(a, b shanyraq.Claim, year int, taken map[shanyraq.SourceID]shanyraq.Period) int {
	whole := func(c shanyraq.Claim) int {
		if c.When == shanyraq.YearPeriod(year) {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.Strength, b.Strength), whole(a)-whole(b), later(taken[a.Source], taken[b.Source]), cmp.Compare(a.ID, b.ID))
}

// later is negative if a is later than b, and positive if it is earlier.
func later(a, b shanyraq.Period) int {
	return cmp.Or(cmp.Compare(b.Year(), a.Year()), strings.Compare(string(b), string(a)))
}
