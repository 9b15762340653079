package hosts

import (
	"context"
	"maps"
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

	listing sync.Mutex
	latest  map[shanyraq.SeriesID]map[shanyraq.CountryCode]shanyraq.Claim // of [Room.Latest]

	reading sync.Mutex
	newest  map[shanyraq.SeriesID]map[shanyraq.CountryCode]shanyraq.Claim
}

func newKept() *kept {
	return &kept{frames: map[Way]*frame{}, peoples: map[shanyraq.SeriesID]map[shanyraq.CountryCode]people{}, tables: map[Way]*table{}, clusters: map[string][]Cluster{}, parts: map[shanyraq.SeriesID]*apartness{},
		proxies: map[[2]shanyraq.CountryCode][]Proxy{}, newest: map[shanyraq.SeriesID]map[shanyraq.CountryCode]shanyraq.Claim{}, latest: map[shanyraq.SeriesID]map[shanyraq.CountryCode]shanyraq.Claim{}}
}

// latestKept is of how many series the newest claims are kept.
const latestKept = 16

// Old is how many years older than the newest a value may be and still count:
// beyond it says how a country was.
const Old = 10

// fresh is [Room.Latest] without what is too old beside the newest of the
// series to be compared with it.
func (r *Room) fresh(ctx context.Context, id shanyraq.SeriesID) (map[shanyraq.CountryCode]shanyraq.Claim, error) {
	m, err := r.Latest(ctx, id)
	newest := 0
	for _, c := range m {
		newest = max(newest, c.When.Year())
	}
	maps.DeleteFunc(m, func(_ shanyraq.CountryCode, c shanyraq.Claim) bool {
		return c.When.Year() != 0 && newest-c.When.Year() > Old
	})
	return m, err
}

// latest is [Room.fresh], worked out once for the series the room itself asks.
func (r *Room) latest(ctx context.Context, id shanyraq.SeriesID) (map[shanyraq.CountryCode]shanyraq.Claim, error) {
	r.kept.reading.Lock()
	defer r.kept.reading.Unlock()
	if m, ok := r.kept.newest[id]; ok {
		return m, nil
	}
	m, err := r.fresh(ctx, id)
	if err == nil {
		r.kept.newest[id] = m
	}
	return m, err
}
