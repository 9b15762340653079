package hosts

import "shanyraq"

// A Regime is how a country is governed by thresholds on two indices of V-Dem:
// a derived class, and not the institute's own, which asks for more than these.
type Regime string

// The regimes.
const (
	Autocracy        Regime = "autocracy" // electoral democracy not above DemocracyFrom
	Electoral        Regime = "electoral" // above it
	Liberal          Regime = "liberal"   // above it, and liberal democracy at least LiberalFrom
	BetweenElectoral Regime = "between"   // the range of electoral democracy is on both sides
	BetweenLiberal   Regime = "nearly"    // a democracy by the first, and the range of the second is on both sides
	RegimeNotRated   Regime = "unrated"
)

// The thresholds: that of Regimes of the World (Lührmann, Tannenberg and
// Lindberg, 2018) on electoral democracy, and a judged one, which the risk tiers
// ask too, on liberal democracy.
const (
	DemocracyFrom = 0.5
	LiberalFrom   = 0.6
)

// Unsure is how near a threshold an index without a range of its own, but for
// its printed digits, says nothing: judged.
const Unsure = 0.05

const (
	electoralSeries shanyraq.SeriesID = "VDEM_v2x_polyarchy"
	liberalSeries   shanyraq.SeriesID = "VDEM_v2x_libdem"
)

// Regimes lists the regimes.
func Regimes() []Regime {
	return []Regime{Autocracy, Electoral, Liberal, BetweenElectoral, BetweenLiberal, RegimeNotRated}
}

// RegimeOf returns the regime that the indices of electoral and of liberal
// democracy say, of one year; a claim that is zero says nothing.
func RegimeOf(electoral, liberal shanyraq.Claim) Regime {
	side := func(c shanyraq.Claim, from float64) (above, told bool) {
		iv := c.Range()
		if iv.Kind == shanyraq.Printed || iv.Kind == shanyraq.Counted {
			iv.Lo, iv.Hi = c.Value-Unsure, c.Value+Unsure
		}
		return iv.Lo > from, c.ID != "" && (iv.Lo > from || iv.Hi <= from)
	}
	above, told := side(electoral, DemocracyFrom)
	switch {
	case electoral.ID == "":
		return RegimeNotRated
	case !told:
		return BetweenElectoral
	case !above:
		return Autocracy
	}
	switch high, told := side(liberal, LiberalFrom); {
	case liberal.ID != "" && !told:
		return BetweenLiberal
	case high && told:
		return Liberal
	}
	return Electoral
}

// A Course is the regime of a country in the newest year, and ten years before
// or in the nearest year within two of it.
type Course struct {
	Now, Then Regime // Then is RegimeNotRated if nothing is held
	Index     shanyraq.Claim
	Before    shanyraq.Claim  // zero if nothing is held
	Change    shanyraq.Figure // of the index; zero if it is not known
}

// Course returns the country's regime and where it came from, by what its
// profile holds.
func (p Profile) Course() Course {
	c := Course{Now: RegimeNotRated, Then: RegimeNotRated}
	var electoral, liberal Line
	for _, t := range p.Topics {
		for _, l := range t.Lines {
			switch l.Series.ID {
			case electoralSeries:
				electoral = l
			case liberalSeries:
				liberal = l
			}
		}
	}
	if electoral.Latest.ID == "" {
		return c
	}
	of := func(year int) (out shanyraq.Claim) {
		for _, x := range liberal.Past {
			if x.When.Year() == year {
				out = x
			}
		}
		return out
	}
	c.Index, c.Change = electoral.Latest, electoral.Change
	c.Now = RegimeOf(c.Index, of(c.Index.When.Year()))
	if c.Before = tenBefore(electoral.Past); c.Before.ID != "" {
		c.Then = RegimeOf(c.Before, of(c.Before.When.Year()))
	}
	return c
}
