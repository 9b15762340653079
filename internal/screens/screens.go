package screens

// A Screen is one page of the program, as an example of its kind.
type Screen struct {
	Name string // of its picture
	Path string // with whatever the page needs to have something to show
}

// All returns every screen of the program with the built-in tables, those of
// the menu first.
func All() []Screen {
	return []Screen{
		{"overview", "/"},
		{"standing", "/standing"},
		{"vectors", "/vectors"},
		{"diaspora", "/diaspora"},
		{"hosts", "/hosts"},
		{"sources", "/sources"},
		{"methods", "/methods"},
		{"groups", "/groups"},
		{"activity", "/activity"},
		{"vector", "/vectors/CHN"},
		{"vectors-balance", "/vectors/balance"},
		{"vectors-asymmetry", "/vectors/asymmetry"},
		{"vectors-votes", "/vectors/votes"},
		{"vectors-routes", "/vectors/routes"},
		{"standing-tiers", "/standing/tiers"},
		{"standing-conduct", "/standing/conduct"},
		{"vectors-readings", "/vectors/readings"},
		{"vectors-freight", "/vectors/freight"},
		{"vectors-network", "/vectors/network"},
		{"vectors-events", "/vectors/events"},
		{"vectors-acts", "/vectors/acts"},
		{"vectors-coding", "/vectors/coding"},
		{"standing-power", "/standing/power"},
		{"standing-index", "/standing/softpower"},
		{"standing-sensitivity", "/standing/softpower/sensitivity"},
		{"standing-compare", "/standing/softpower/compare?with=UZB,TUR"},
		{"standing-audit", "/standing/softpower/audit"},
		{"diaspora-host", "/diaspora/RUS"},
		{"diaspora-coverage", "/diaspora/coverage"},
		{"diaspora-revisions", "/diaspora/revisions"},
		{"diaspora-backtest", "/diaspora/backtest"},
		{"diaspora-priors", "/diaspora/priors"},
		{"diaspora-methods", "/diaspora/methods"},
		{"host", "/hosts/UZB"},
		{"hosts-compare", "/hosts/compare?with=UZB,TUR,DEU"},
		{"hosts-similar", "/hosts/similar"},
		{"hosts-rivals", "/hosts/rivals?in=UZB"},
		{"hosts-acculturation", "/hosts/acculturation"},
		{"hosts-cases", "/hosts/cases"},
		{"hosts-perception", "/hosts/perception"},
		{"hosts-fit", "/hosts/fit?in=UZB"},
		{"hosts-potential", "/hosts/potential"},
		{"hosts-tiers", "/hosts/tiers"},
		{"figure", "/f/standing/material/KAZ/2024/rank"},
		{"claim", "/f/claim/wdi/SP.POP.TOTL/KAZ/-/2024"},
		{"source", "/sources/ethnic-kazakhs"},
		{"method", "/methods/rank-over-weights"},
		{"group", "/groups/turkic"},
		{"import", "/import"},
		{"search", "/search?q=stan"},
		{"help", "/help"},
	}
}
