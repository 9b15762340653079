package hosts

import (
	"context"
	"sync"

	"shanyraq"
)

// kept is what the room has worked out already. The evidence does not change,
// so nothing in it does.
type kept struct {
	mu       sync.Mutex
	frames   map[Way]*frame
	peoples  map[shanyraq.SeriesID]map[shanyraq.CountryCode]people
	tables   map[Way]*table
	clusters map[string][]Cluster
	parts    map[shanyraq.SeriesID]*apartness

	asking  sync.Mutex
	proxies map[[2]shanyraq.CountryCode][]Proxy // by home and host

	reading sync.Mutex
	newest  map[shanyraq.SeriesID]map[shanyraq.CountryCode]shanyraq.Claim
}

func newKept() *kept {
	return &kept{frames: map[Way]*frame{}, peoples: map[shanyraq.SeriesID]map[shanyraq.CountryCode]people{}, tables: map[Way]*table{}, clusters: map[string][]Cluster{}, parts: map[shanyraq.SeriesID]*apartness{},
		proxies: map[[2]shanyraq.CountryCode][]Proxy{}, newest: map[shanyraq.SeriesID]map[shanyraq.CountryCode]shanyraq.Claim{}}
}

// latest is [Room.Latest], worked out once for the series the room itself asks.
func (r *Room) latest(ctx context.Context, id shanyraq.SeriesID) (map[shanyraq.CountryCode]shanyraq.Claim, error) {
	r.kept.reading.Lock()
	defer r.kept.reading.Unlock()
	if m, ok := r.kept.newest[id]; ok {
		return m, nil
	}
	m, err := r.Latest(ctx, id)
	if err == nil {
		r.kept.newest[id] = m
	}
	return m, err
}
