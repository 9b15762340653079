package main

import (
	"fmt"
	"strings"
)

func oilRoutes(w *workspace) error {
	var cs []claim
	err := w.read("energy-transport/oil_routes.csv", func(r row) error {
		c := claim{series: "oil_route_volume", place: "KAZ", subject: r["route"], when: period(r["period"]), value: r["value"], address: r["source_url"], note: r["note"]}
		if strings.Contains(c.value, ".") {
			c.step = asPrinted(c.value)
		}
		switch {
		case r["unit"] == "percent":
			c.series, c.subject = "oil_route_share", "Caspian Pipeline Consortium"
			c.strength = "estimated"
		case r["unit"] != "million t":
			return fmt.Errorf("unit %q", r["unit"])
		case strings.Contains(c.note, "more than"):
			c.note, c.strength = "to China; stated as more than this", "estimated"
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("oil-routes", "routes", cs)
}

func corridors(w *workspace) error {
	var cs []claim
	err := w.read("energy-transport/titr_volumes.csv", func(r row) error {
		c := claim{place: "KAZ", subject: "Trans-Caspian International Transport Route", when: period(r["period"]), value: r["value"], address: r["source_url"], note: r["note"]}
		switch r["unit"] {
		case "million t":
			c.series = "corridor_volume"
		case "TEU":
			c.series = "corridor_containers"
		default:
			return fmt.Errorf("unit %q", r["unit"])
		}
		if y, ok := strings.CutSuffix(c.when, " forecast"); ok {
			c.when, c.strength, c.note = y, "estimated", "a forecast made during the year"
		}
		switch c.note {
		case `"doubled to 1.5 million"`:
			c.note = "the article also gives 3.2 for the same year"
		case `"nearly 3.2": the same article, another paragraph`:
			c.note = "stated as nearly this; the article also gives 1.5 for the same year"
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("corridor-volumes", "corridors", cs)
}
