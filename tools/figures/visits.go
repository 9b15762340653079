package main

import (
	"fmt"
	"regexp"
	"strings"
)

// occasions are the kinds of visit told apart in the remarks, first match wins.
var occasions = []struct {
	words *regexp.Regexp
	what  string
}{
	{regexp.MustCompile(`(?i)state visit`), "state visit"},
	{regexp.MustCompile(`(?i)official working visit`), "official working visit"},
	{regexp.MustCompile(`(?i)official visit`), "official visit"},
	{regexp.MustCompile(`(?i)working visit`), "working visit"},
	{regexp.MustCompile(`(?i)funeral`), "funeral"},
	{regexp.MustCompile(`(?i)inaugurat`), "inauguration"},
	{regexp.MustCompile(`(?i)u\.?n\.? general assembly|united nations`), "at the United Nations"},
	{regexp.MustCompile(`(?i)\bNATO\b|north atlantic`), "NATO meeting"},
	{regexp.MustCompile(`C5`), "C5+1 meeting"},
	{regexp.MustCompile(`(?i)\bG-?(7|8|20)\b`), "G7, G8 or G20 meeting"},
	{regexp.MustCompile(`(?i)\bAPEC\b`), "APEC meeting"},
	{regexp.MustCompile(`(?i)\bASEAN\b`), "ASEAN meeting"},
	{regexp.MustCompile(`(?i)\bOSCE\b|\bCSCE\b`), "OSCE meeting"},
	{regexp.MustCompile(`(?i)summit`), "summit meeting"},
	{regexp.MustCompile(`(?i)conference|ministerial`), "conference or ministerial meeting"},
	{regexp.MustCompile(`(?i)private visit|vacation`), "private visit"},
	{regexp.MustCompile(`(?i)accompanied`), "in company of the President"},
	{regexp.MustCompile(`(?i)troops|military personnel|air base`), "visit to troops"},
	{regexp.MustCompile(`(?i)stop|en route|refuel`), "stop on the way"},
	{regexp.MustCompile(`(?i)met with|meeting`), "talks"},
}

func occasion(remarks string) string {
	for _, o := range occasions {
		if o.words.MatchString(remarks) {
			return o.what
		}
	}
	return "visit"
}

// usVisits writes the journeys of the President and the Secretary of State
// and the visits of foreign leaders. The note is the kind of visit and the
// towns, not the publisher's remarks.
func usVisits(w *workspace) error {
	var cs []claim
	uncoded := 0
	err := w.read("visits/us_official_visits_1990_2026.csv", func(r row) error {
		if !w.places[r["visitor_iso3"]] || !w.places[r["host_iso3"]] {
			uncoded++
			return nil
		}
		subject := r["name"]
		switch r["role"] {
		case "president":
			subject = "President " + subject
		case "secretary":
			subject = "Secretary of State " + subject
		case "foreign leader":
		default:
			return fmt.Errorf("role %q", r["role"])
		}
		cs = append(cs, claim{
			series: "leader_visit", place: r["host_iso3"], partner: r["visitor_iso3"], subject: subject,
			when: span(r["start"], r["end"]), value: "1", note: joined(occasion(r["remarks"]), r["locale"]),
		})
		return nil
	})
	if err != nil {
		return err
	}
	note("us-visits: %d rows without a code for both sides", uncoded)
	return w.claims("us-visits", "leader_visit", merged(cs))
}

// span returns the period from one day to another, one of which may be unknown.
func span(from, to string) string {
	if from == to {
		return from
	}
	if from == "" && to == "" {
		return ""
	}
	if to == "" {
		return from
	}
	return from + ".." + to
}

// curatedVisits writes the visits read on news pages one by one; those that
// opened the discussion stand in a table of their own, written by hand.
func curatedVisits(w *workspace) error {
	people := map[string]string{"Putin": "President Vladimir Putin", "Tokayev": "President Kassym-Jomart Tokayev", "Macron": "President Emmanuel Macron"}
	what := map[string]string{
		"2023-11-09": "official visit", "2024-07": "SCO summit, Astana", "2024-11-27": "state visit, the second visit of the year",
		"2022-11-28": "first journey after re-election", "2022-11-29": "official visit, 29 and 30 November",
		"2023-11": "in the week before 9 November", "2024-03-11": "11 and 12 March",
	}
	var cs []claim
	err := w.read("visits/kaz_visits_curated.csv", func(r row) error {
		c := claim{series: "leader_visit", place: r["host_iso3"], partner: r["visitor_iso3"], when: r["date"], value: "1", address: r["source_url"], note: what[r["date"]]}
		for k, name := range people {
			if strings.Contains(r["what"], k) {
				c.subject = name
			}
		}
		switch r["date"] {
		case "2022-11-29":
			c.when = "2022-11-29..2022-11-30"
		case "2024-03-11":
			c.when = "2024-03-11..2024-03-12"
		}
		if c.subject == "" || c.note == "" {
			return fmt.Errorf("visit %q is not described", r["what"])
		}
		cs = append(cs, c)
		return nil
	})
	if err != nil {
		return err
	}
	return w.claims("visits-curated", "leader_visit", cs)
}
