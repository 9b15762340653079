package diaspora

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// A Moment is the size of a set in a host in one year, by all that is known.
type Moment struct {
	Year    int
	Size    shanyraq.Figure
	Claims  int  // dated in the year
	Ahead   bool // past the newest claim
	Carried bool // no claim of the host is of the year
}

func overPath(home, host shanyraq.CountryCode, set Set, year, other int) string {
	return fmt.Sprintf("diaspora/%s/%s/over-%s/%d/%d", home, host, set, year, other)
}

// Over returns the host's size in every fifth year from the oldest dated claim
// to ten years past the year of the pooling, and in that year itself, the oldest
// first: what the claims of all years say of each, so that stocks of different
// years are of one kind. A year far from any claim has the wider range. A host
// without a dated claim has only the year itself.
func (s *PooledSet) Over(host shanyraq.CountryCode) ([]Moment, error) {
	c := slices.Index(s.post.Hosts, string(host))
	if c < 0 {
		return nil, nil
	}
	first := s.Year
	dated := map[int]int{}
	for _, claim := range s.claims {
		if y := claim.When.Year(); claim.Place == host && y != 0 {
			first = min(first, y)
			dated[y]++
		}
	}
	years := []int{s.Year}
	for y := (first + 4) / 5 * 5; y <= s.Year+10 && len(dated) > 0; y += 5 {
		if y != s.Year {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	var out []Moment
	for _, y := range years {
		f, err := s.over(c, y)
		if err != nil {
			return nil, fmt.Errorf("%s %d: %w", host, y, err)
		}
		out = append(out, Moment{y, f, dated[y], y > s.newest, dated[y] == 0})
	}
	return out, nil
}

// over makes the figure of host c in another year.
func (s *PooledSet) over(c, year int) (shanyraq.Figure, error) {
	host := s.post.Hosts[c]
	place := shanyraq.CountryCode(host)
	shift, unsure := s.shift(host, float64(year)+0.5, float64(s.Year))
	if year == s.Year {
		shift, unsure = 0, 0
	}
	st := s.post.At(c, float64(year), shift, unsure)
	f := s.sizes[place]
	l := shanyraq.Lineage{Method: MethodPooled, Assumptions: assumptions(), Sources: f.Lineage().Sources,
		Formula: fmt.Sprintf("ln N(%d) = ln N(%d) + growth, walk and counted returns = %.3f, N = %.0f", year, s.Year, math.Log(st.Median), st.Median),
		Inputs:  []shanyraq.Input{{Symbol: "N", Path: f.Path(), Place: place, When: shanyraq.YearPeriod(s.Year), Value: f.Value(), Unit: "persons"}}}
	return shanyraq.NewFigure(overPath(s.Home, place, s.Set, s.Year, year), st.Median, s.interval(st), "persons", l)
}

// overAt returns the figure at the path of a size in another year.
func (p *Pooled) overAt(path string) (shanyraq.Figure, error) {
	none := shanyraq.Errorf("diaspora.Figure", shanyraq.NotFound, "no figure %s", path)
	seg := strings.Split(path, "/")
	year, err := strconv.Atoi(seg[len(seg)-1])
	if err != nil || year < 1900 || year > p.Newest+horizon {
		return shanyraq.Figure{}, none
	}
	for _, s := range p.Sets {
		c := slices.Index(s.post.Hosts, seg[2])
		if c >= 0 && overPath(p.Home, shanyraq.CountryCode(seg[2]), s.Set, p.Year, year) == path {
			return s.over(c, year)
		}
	}
	return shanyraq.Figure{}, none
}
