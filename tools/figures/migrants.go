package main

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// stockPlace returns the place for a code of the migrant stock tables, and
// false for the ones that stand for regions and for other or unknown.
func (w *workspace) stockPlace(code string) (string, bool) {
	if code == "WORLD" {
		return "WLD", true
	}
	return code, w.places[code]
}

func migrantStock2024(w *workspace) error {
	var cs []claim
	dropped := map[string]int{}
	err := w.read("migrant-stock/un_desa_ims2024_bilateral.csv", func(r row) error {
		host, ok := w.stockPlace(r["destination"])
		if !ok {
			dropped[r["destination"]]++
			return nil
		}
		origin, ok := w.stockPlace(r["origin"])
		if !ok {
			dropped[r["origin"]]++
			return nil
		}
		cs = append(cs, claim{series: "people_from", place: host, partner: origin, when: r["year"], value: r["value"]})
		return nil
	})
	if err != nil {
		return err
	}
	note("un-desa-stock-2024: dropped %v", dropped)
	return w.claims("un-desa-stock-2024", "people_from", toUnit(cs))
}

func migrantStock2020(w *workspace) error {
	var cs []claim
	dropped := map[string]int{}
	err := w.read("migrant-stock/kaz_migrant_stock_revisions.csv", func(r row) error {
		if r["source_id"] != "UNDESA_IMS_2020" || r["sex"] != "both" || r["variable"] != "migrant_stock" {
			return nil
		}
		host, ok := w.stockPlace(r["destination"])
		if !ok {
			dropped[r["destination"]]++
			return nil
		}
		origin, ok := w.stockPlace(r["origin"])
		if !ok {
			dropped[r["origin"]]++
			return nil
		}
		cs = append(cs, claim{series: "people_from", place: host, partner: origin, when: r["year"], value: r["value"]})
		return nil
	})
	if err != nil {
		return err
	}
	note("un-desa-stock-2020: dropped %v", dropped)
	return w.claims("un-desa-stock-2020", "people_from", toUnit(cs))
}

// evidenceDefinitions are the definitions the observations behind the
// estimates were made under.
var evidenceDefinitions = map[string]string{
	"foreign-born":     "birthplace",
	"foreign citizens": "citizenship",
	"refugees":         "refugees",
	"asylum seekers":   "asylum",
	"stateless":        "stateless",
	"other people in need of international protection": "protection",
}

func migrantEvidence(w *workspace) error {
	var cs []claim
	dropped := map[string]int{}
	err := w.read("migrant-stock/kaz_migrant_stock_empirical.csv", func(r row) error {
		if r["sex"] != "both" {
			return nil
		}
		d := evidenceDefinitions[r["definition"]]
		if d == "" {
			return fmt.Errorf("definition %q", r["definition"])
		}
		host, ok := w.stockPlace(r["destination"])
		if !ok {
			dropped[r["destination"]]++
			return nil
		}
		origin, ok := w.stockPlace(r["origin"])
		if !ok {
			dropped[r["origin"]]++
			return nil
		}
		when, err := day(r["date"])
		if err != nil {
			return err
		}
		c := claim{series: "people_from", place: host, partner: origin, when: when, value: r["value"], definition: d, who: r["source_label"]}
		if r["source_label"] == "WorldBank" {
			c.strength = "estimated"
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	note("un-desa-evidence: dropped %v", dropped)
	return w.claims("un-desa-evidence", "people_from", cs)
}

// day returns the day a decimal year stands for, or the year alone if it has
// no fraction.
func day(s string) (string, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return "", err
	}
	year, frac := math.Modf(v)
	if frac == 0 {
		return fmt.Sprintf("%04.0f", year), nil
	}
	first := time.Date(int(year), 1, 1, 0, 0, 0, 0, time.UTC)
	days := first.AddDate(1, 0, 0).Sub(first).Hours() / 24
	return first.AddDate(0, 0, int(math.Round(frac*days))).Format(time.DateOnly), nil
}
