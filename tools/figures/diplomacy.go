package main

import (
	"fmt"
	"strings"
)

// chairs writes chairs held, summits hosted, good offices and seats on the
// Security Council.
func chairs(w *workspace) error {
	series := map[string]string{"chairmanship": "chairmanship", "hosted summit": "hosted_summit", "good offices": "good_offices"}
	var cs []claim
	err := w.read("diplomacy/kaz_chairs_and_good_offices.csv", func(r row) error {
		if r["type"] == "UN Security Council seat" {
			return nil // in the list of members below
		}
		c := claim{
			series: series[r["type"]], place: "KAZ", subject: r["subject"], when: span(r["start"], r["end"]),
			value: "1", address: r["source"], note: r["what"],
		}
		if c.series == "" {
			return fmt.Errorf("type %q", r["type"])
		}
		c.subject = strings.ReplaceAll(c.subject, "Turkiye", "Türkiye")
		c.note = strings.ReplaceAll(c.note, "Turkiye", "Türkiye")
		if r["start"] == "" {
			c.when = ".." + r["end"]
		}
		if r["end"] == "" && r["type"] == "good offices" && strings.Contains(c.note, "opens") {
			c.when += ".."
		}
		if !strings.HasPrefix(c.address, "http") {
			c.address = "https://history.state.gov/departmenthistory/travels"
			c.note = "OSCE meeting in Astana"
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.bySeries("chairs", cs); err != nil {
		return err
	}
	var seats []claim
	unnamed := 0
	err = w.read("diplomacy/unsc_nonpermanent_and_members.csv", func(r row) error {
		if !w.places[r["iso3"]] {
			unnamed++
			return nil
		}
		seats = append(seats, claim{
			series: "unsc_seat", place: r["iso3"], subject: "United Nations Security Council", when: r["year"], value: "1",
		})
		return nil
	})
	if err != nil {
		return err
	}
	note("chairs: %d seats without a member", unnamed)
	return w.claims("un-security-council", "unsc_seat", seats)
}

func embassies(w *workspace) error {
	var cs []claim
	uncoded := 0
	err := w.read("diplomacy/embassies_wikidata_2021.csv", func(r row) error {
		if !w.places[r["operator_iso3"]] || !w.places[r["host_iso3"]] {
			uncoded++
			return nil
		}
		cs = append(cs, claim{
			series: "diplomatic_post", place: r["host_iso3"], partner: r["operator_iso3"],
			subject: strings.TrimSpace(r["city"] + " " + strings.ToLower(r["type"])), value: "1",
			address: "https://www.wikidata.org/wiki/" + r["wikidata_qid"],
		})
		return nil
	})
	if err != nil {
		return err
	}
	note("embassies-wikidata: %d rows without a code for both sides", uncoded)
	n := len(cs)
	cs = merged(cs)
	note("embassies-wikidata: %d rows repeat a post", n-len(cs))
	return w.claims("embassies-wikidata", "diplomatic_post", cs)
}

func networkCounts(w *workspace) error {
	series := map[string]string{
		"embassies": "embassies_count", "diplomatic_missions": "diplomatic_missions_count", "consulates_general": "consulates_general_count",
		"consulates": "consulates_count", "permanent_missions": "permanent_missions_count",
		"foreign_establishments": "posts_abroad_count", "states_with_relations": "states_with_relations_count",
	}
	var cs []claim
	err := w.read("diplomacy/kaz_network_counts.csv", func(r row) error {
		c := claim{series: series[r["variable"]], place: "KAZ", when: r["as_of"], value: r["value"], address: r["source_url"]}
		if c.series == "" {
			return fmt.Errorf("variable %q", r["variable"])
		}
		if strings.Contains(c.when, "year") {
			c.when, c.note = "", "the page is of a 2 July, its year is not visible"
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("network-counts", "counts", toUnit(cs))
}

func passports(w *workspace) error {
	series := map[string]string{
		"visa_free": "visa_free_destinations", "visa_on_arrival": "visa_on_arrival_destinations", "eta": "eta_destinations",
		"e_visa": "e_visa_destinations", "visa_required_or_refused": "visa_required_destinations",
	}
	var cs []claim
	err := w.read("diplomacy/passport_strength_2025.csv", func(r row) error {
		for column, s := range series {
			cs = append(cs, claim{series: s, place: r["iso3"], when: "2025", value: r[column]})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("passport-index", "destinations", toUnit(cs))
}

func unesco(w *workspace) error {
	codes := map[string]string{"PAL": "PSE"}
	var cs []claim
	err := w.read("softpower/unesco_world_heritage_counts_2019.csv", func(r row) error {
		code := r["iso3"]
		if c := codes[code]; c != "" {
			code = c
		}
		if !w.places[code] {
			note("unesco-2019: dropped %s", code)
			return nil
		}
		cs = append(cs, claim{series: "unesco_sites", place: code, when: "2019", value: r["sites"]})
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("unesco-2019", "unesco_sites", toUnit(cs))
}

func distances(w *workspace) error {
	codes := map[string]string{"ROM": "ROU", "ZAR": "COD", "PAL": "PSE", "TMP": "TLS"}
	var cs []claim
	dropped := map[string]int{}
	err := w.read("distance/cepii_geodist_pairs.csv", func(r row) error {
		pair := [2]string{r["iso_o"], r["iso_d"]}
		for i, p := range pair {
			if c := codes[p]; c != "" {
				pair[i] = c
			}
			if !w.places[pair[i]] || p == "YUG" || p == "ANT" {
				dropped[p]++
				return nil
			}
		}
		if pair[0] > pair[1] {
			pair[0], pair[1] = pair[1], pair[0]
		}
		km, err := whole(r["dist"])
		if err != nil {
			return err
		}
		cs = append(cs, claim{series: "geo_distance", place: pair[0], partner: pair[1], value: km})
		return nil
	})
	if err != nil {
		return err
	}
	note("cepii-geodist: dropped %v", dropped)
	return w.claims("cepii-geodist", "geo_distance", toUnit(cs))
}
