package main

import "strings"

// worldBankSeries are the indicators kept of the World Development Indicators.
var worldBankSeries = strings.Fields(`
NY.GDP.MKTP.CD NY.GDP.PCAP.CD NY.GDP.PCAP.PP.CD NY.GDP.MKTP.KD.ZG NY.GNP.PCAP.CD
SP.POP.TOTL SP.URB.TOTL.IN.ZS SP.POP.65UP.TO.ZS SP.DYN.TFRT.IN SP.DYN.LE00.IN
SM.POP.NETM SM.POP.TOTL BX.TRF.PWKR.CD.DT BX.KLT.DINV.CD.WD MS.MIL.XPND.GD.ZS
GB.XPD.RSDV.GD.ZS SP.POP.SCIE.RD.P6 IP.JRN.ARTC.SC TX.VAL.FUEL.ZS.UN
TG.VAL.TOTL.GD.ZS TX.VAL.MRCH.CD.WT TM.VAL.MRCH.CD.WT IT.CEL.SETS.P2
IT.NET.BBND.P2 LP.LPI.OVRL.XQ SE.TER.ENRR SE.XPD.TOTL.GD.ZS SE.ADT.LITR.ZS
SL.TLF.CACT.FE.ZS SL.TLF.CACT.MA.ZS SL.UEM.TOTL.ZS SG.GEN.PARL.ZS SI.POV.GINI
FP.CPI.TOTL.ZG AG.SRF.TOTL.K2`)

// gapminderSeries are the series kept of Gapminder's compilation, by the name
// the extract gives them.
var gapminderSeries = map[string]string{
	"GM_armed_forces_personnel_total": "armed_forces_personnel_total",
	"GM_internet_users":               "internet_users",
	"GM_arms_imports_sipri_tiv":       "arms_imports_sipri_tiv",
	"GM_un_peakeeper_num":             "un_peacekeepers",
}

// longTable returns the claims of a table of iso3, year, variable and value
// whose variable keep names a series for.
func (w *workspace) longTable(path string, keep func(row) string) ([]claim, error) {
	var cs []claim
	dropped := map[string]int{}
	err := w.read(path, func(r row) error {
		s := keep(r)
		if s == "" || r["value"] == "" {
			return nil
		}
		if !w.places[r["iso3"]] {
			dropped[r["iso3"]]++
			return nil
		}
		value, err := plain(r["value"])
		if err != nil {
			return err
		}
		cs = append(cs, claim{series: s, place: r["iso3"], when: r["year"], value: value})
		return nil
	})
	if len(dropped) > 0 {
		note("%s: no such place %v", path, dropped)
	}
	return cs, err
}

func worldBank(w *workspace) error {
	keep := map[string]bool{}
	for _, s := range worldBankSeries {
		keep[s] = true
	}
	cs, err := w.longTable("wdi/wdi_long.csv", func(r row) string {
		if keep[r["variable"]] {
			return r["variable"]
		}
		return ""
	})
	if err != nil {
		return err
	}
	return w.bySeries("wdi", cs)
}

func gapminder(w *workspace) error {
	cs, err := w.longTable("wdi/wdi_long.csv", func(r row) string { return gapminderSeries[r["variable"]] })
	if err != nil {
		return err
	}
	return w.bySeries("gapminder", cs)
}
