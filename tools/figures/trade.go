package main

import (
	"fmt"
	"strings"
)

func bnsTrade(w *workspace) error {
	var cs []claim
	err := w.read("trade/kaz_trade_curated.csv", func(r row) error {
		if r["variable"] != "export_share" {
			return nil
		}
		c := claim{series: "export_share", place: r["iso3"], partner: r["partner"], when: r["period"], value: r["value"], step: "0.01"}
		if c.partner == "EU27" {
			c.partner = "EUU"
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("bns-trade", "export_share", cs)
}

// speakers are the ones who state a figure, by words in the note that names them.
var speakers = []struct{ words, who string }{
	{"Chinese side", "Chinese customs"},
	{"General Administration of Customs", "Chinese customs"},
	{"Chinese customs", "Chinese customs"},
	{"Kazakh government", "Government of Kazakhstan"},
	{"Kyrgyz statistics", "National Statistical Committee of Kyrgyzstan"},
}

func tradeReports(w *workspace) error {
	var cs []claim
	err := w.read("trade/kaz_trade_curated.csv", func(r row) error {
		if r["variable"] != "turnover" {
			return nil
		}
		if r["unit"] != "billion US$" {
			return fmt.Errorf("unit %q", r["unit"])
		}
		c := claim{series: "trade_turnover", place: r["iso3"], partner: r["partner"], when: period(r["period"]), address: r["source"], note: r["note"]}
		c.value, c.step = times(r["value"], 9)
		for _, s := range speakers {
			if strings.Contains(c.note, s.words) {
				c.who = s.who
			}
		}
		switch {
		case strings.Contains(c.note, "11 months"):
			c.when += "-01.." + c.when + "-11"
		case strings.Contains(c.note, "nearly"):
			c.strength, c.note = "estimated", "stated as nearly this much"
		}
		if c.who == "" && c.partner == "CHN" {
			c.who = "Chinese customs"
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("trade-reports", "trade_turnover", cs)
}

func fdiReports(w *workspace) error {
	var cs []claim
	err := w.read("trade/kaz_fdi_by_source.csv", func(r row) error {
		c := claim{place: "KAZ", partner: r["source_iso3"], when: r["year"], address: r["source_url"], note: r["note"]}
		switch r["variable"] {
		case "gross_inflow":
			c.series = "fdi_inflow"
		case "cumulative_since_independence":
			c.series = "fdi_cumulative"
			c.note = "since independence; the end of the period is not stated, the article is of 5 September 2019"
		default:
			return fmt.Errorf("variable %q", r["variable"])
		}
		c.value, c.step = times(r["value_busd"], 9)
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.bySeries("fdi-reports", cs)
}
