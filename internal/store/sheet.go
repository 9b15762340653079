package store

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"shanyraq"
)

// A sheet is claims in memory, sorted, with an index by series and by id. It
// does not change.
type sheet struct {
	claims   []shanyraq.Claim
	bySeries map[shanyraq.SeriesID][]shanyraq.Claim // parts of claims
	byID     map[shanyraq.ClaimID]int
}

// newSheet takes over the claims. Of two with one id the later counts.
func newSheet(claims []shanyraq.Claim) *sheet {
	sh := &sheet{bySeries: map[shanyraq.SeriesID][]shanyraq.Claim{}, byID: make(map[shanyraq.ClaimID]int, len(claims))}
	for i := range claims {
		sh.byID[claims[i].ID] = i
	}
	if len(sh.byID) < len(claims) {
		kept := claims[:0:0]
		for i := range claims {
			if sh.byID[claims[i].ID] == i {
				kept = append(kept, claims[i])
			}
		}
		claims = kept
	}
	slices.SortFunc(claims, func(a, b shanyraq.Claim) int { return compareFully(&a, &b) })
	start := 0
	for i := range claims {
		sh.byID[claims[i].ID] = i
		if i+1 == len(claims) || claims[i+1].Series != claims[i].Series {
			sh.bySeries[claims[i].Series] = claims[start : i+1]
			start = i + 1
		}
	}
	sh.claims = claims
	return sh
}

// pick returns the claims the query picks, in order.
func (sh *sheet) pick(q shanyraq.Query) []shanyraq.Claim {
	var out []shanyraq.Claim
	add := func(claims []shanyraq.Claim) {
		for i := range claims {
			if q.Match(&claims[i]) {
				out = append(out, claims[i])
			}
		}
	}
	if len(q.Series) == 0 {
		add(sh.claims)
		return out
	}
	places := slices.Compact(slices.Sorted(slices.Values(q.Places)))
	for _, id := range slices.Compact(slices.Sorted(slices.Values(q.Series))) {
		claims := sh.bySeries[id]
		if len(places) == 0 {
			add(claims)
		}
		for _, p := range places {
			lo := sort.Search(len(claims), func(i int) bool { return claims[i].Place >= p })
			n := sort.Search(len(claims)-lo, func(i int) bool { return claims[lo+i].Place > p })
			add(claims[lo : lo+n])
		}
	}
	return out
}

func (sh *sheet) claim(id shanyraq.ClaimID) (shanyraq.Claim, bool) {
	i, ok := sh.byID[id]
	if !ok {
		return shanyraq.Claim{}, false
	}
	return sh.claims[i], true
}

// compare orders claims by series, place, partner, subject and when.
func compare(a, b *shanyraq.Claim) int {
	if c := strings.Compare(string(a.Series), string(b.Series)); c != 0 {
		return c
	}
	if c := strings.Compare(string(a.Place), string(b.Place)); c != 0 {
		return c
	}
	if c := strings.Compare(string(a.Partner), string(b.Partner)); c != 0 {
		return c
	}
	if c := strings.Compare(a.Subject, b.Subject); c != 0 {
		return c
	}
	return strings.Compare(string(a.When), string(b.When))
}

// compareFully is compare, and then by source, area and id.
func compareFully(a, b *shanyraq.Claim) int {
	if c := compare(a, b); c != 0 {
		return c
	}
	return cmp.Or(
		strings.Compare(string(a.Source), string(b.Source)),
		strings.Compare(a.Area, b.Area),
		strings.Compare(string(a.ID), string(b.ID)),
	)
}

// merge returns the claims of over and those of under whose ids over lacks, in
// order. Both are in order; where they tie, under comes first.
func merge(under, over []shanyraq.Claim) []shanyraq.Claim {
	if len(over) == 0 {
		return under
	}
	if len(under) == 0 {
		return over
	}
	replaced := make(map[shanyraq.ClaimID]bool, len(over))
	for i := range over {
		replaced[over[i].ID] = true
	}
	out := make([]shanyraq.Claim, 0, len(under)+len(over))
	for i := range under {
		if replaced[under[i].ID] {
			continue
		}
		for len(over) > 0 && compare(&over[0], &under[i]) < 0 {
			out, over = append(out, over[0]), over[1:]
		}
		out = append(out, under[i])
	}
	return append(out, over...)
}
