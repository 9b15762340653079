package shanyraq

import (
	"math"
	"slices"
	"strings"
)

// whole are the series in percent of a whole: of people, of trade, of seats. A
// value can be neither below 0 nor above 100, whatever its digits leave open.
// Growth and inflation are percent too, and are not among them.
var whole = []SeriesID{
	"HDR_lfpr_f", "HDR_pr_f", "HDR_se_f", "SE.ADT.LITR.ZS", "SG.GEN.PARL.ZS", "SL.TLF.CACT.FE.ZS", "SL.TLF.CACT.MA.ZS", "SL.UEM.TOTL.ZS",
	"SP.POP.65UP.TO.ZS", "SP.URB.TOTL.IN.ZS", "TX.VAL.FUEL.ZS.UN", "channel_reach", "emigrant_share", "export_share", "import_share",
	"internet_users", "kandas_share", "oil_route_share", "share_of_population_ethnic",
}

// wholes are the beginnings of names of series in percent of a whole.
var wholes = []string{"composition_", "poll_", "view_"}

// spent are the series in percent of output or of an age group, which cannot be
// below 0 and may well be above 100.
var spent = []SeriesID{"GB.XPD.RSDV.GD.ZS", "MS.MIL.XPND.GD.ZS", "SE.TER.ENRR", "SE.XPD.TOTL.GD.ZS", "TG.VAL.TOTL.GD.ZS"}

// NaturalBounds returns the least and the greatest number that values of the
// series in the unit can be, infinite where there is no such limit.
func NaturalBounds(series SeriesID, unit Unit) (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	switch {
	case unit == "percent" && (slices.Contains(whole, series) || slices.ContainsFunc(wholes, func(p string) bool { return strings.HasPrefix(string(series), p) })):
		return 0, 100
	case unit == "percent" && slices.Contains(spent, series):
		return 0, hi
	case unit == "index" && (strings.HasPrefix(string(series), "VDEM_") || series == "HDR_hdi" || series == "HDR_ihdi" || series == "HDR_gii" || series == "HDR_phdi"):
		return 0, 1
	}
	return lo, hi
}
