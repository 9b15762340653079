package main

import "strconv"

func brandFinance(w *workspace) error {
	var cs []claim
	err := w.read("softpower/brand_finance_gspi.csv", func(r row) error {
		c := claim{place: r["iso3"], when: r["edition"], address: r["source_url"]}
		if r["rank"] != "" {
			c.series, c.value = "gspi_rank", r["rank"]
			c.step = asPrinted(c.value)
			cs = append(cs, c)
		}
		if r["score"] != "" {
			c.series, c.value, c.step = "gspi_score", r["score"], "0.1" // one decimal in every edition
			cs = append(cs, c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("brand-finance", "quoted", cs)
}

func rankings(w *workspace) error {
	series := map[string]string{
		"CEOWORLD most influential countries":      "ceoworld_influence_rank",
		"WEF Travel and Tourism Development Index": "wef_travel_tourism_rank",
	}
	notes := map[string]string{"ceoworld_influence_rank": "by a survey of 296,400 people", "wef_travel_tourism_rank": "of 119; 66th of 117 in the edition before"}
	var cs []claim
	err := w.read("softpower/other_rankings.csv", func(r row) error {
		if r["rank"] == "" {
			return nil
		}
		s := series[r["ranking"]]
		cs = append(cs, claim{series: s, place: r["iso3"], when: r["year"], value: r["rank"], address: r["source_url"], note: notes[s]})
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("rankings", "quoted", cs)
}

// institutes writes how many institutes of culture some states have in the
// world, network by network, as news pages print it.
func institutes(w *workspace) error {
	var cs []claim
	err := w.read("soft-instruments/rival_networks_world_totals.csv", func(r row) error {
		c := claim{series: "culture_institutes", place: r["owner_iso3"], subject: r["instrument"], when: r["year"], value: r["centres"], step: "1", address: r["source_url"]}
		switch c.subject {
		case "Yunus Emre Institute":
			c.note = "printed as nearly 54"
		case "Partner Russian Houses":
			c.note = "houses run by partners, without those of the state"
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("culture-institutes", "culture_institutes", cs)
}

// sustainable writes three figures of the Sustainable Development Report:
// Kazakhstan's score and rank, and how many states are ranked. The tables
// themselves are for uses that are not commercial, and stay outside.
func sustainable(w *workspace) error {
	const address = "https://doi.org/10.25546/102924"
	var cs []claim
	ranked, year := 0, ""
	err := w.read("sdg/sdr2023_dashboard.csv", func(r row) error {
		if r["variable"] == "sdg_index_rank" {
			ranked, year = ranked+1, r["year"]
		}
		if r["iso3"] != "KAZ" {
			return nil
		}
		switch r["variable"] {
		case "sdg_index_score":
			cs = append(cs, claim{series: "sdg_index_score", place: "KAZ", when: r["year"], value: r["value"], step: "0.1", address: address})
		case "sdg_index_rank":
			cs = append(cs, claim{series: "sdg_index_rank", place: "KAZ", when: r["year"], value: r["value"], address: address})
		}
		return nil
	})
	if err != nil {
		return err
	}
	cs = append(cs, claim{series: "sdg_index_ranked", place: "WLD", when: year, value: strconv.Itoa(ranked), address: address})
	return w.claims("sustainable-development-report", "quoted", cs)
}
