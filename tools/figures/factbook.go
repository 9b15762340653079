package main

import (
	"fmt"
	"slices"
)

func factbook(w *workspace) error {
	var trade []claim
	unknown := 0
	err := w.read("trade/cia_factbook_top_partners.csv", func(r row) error {
		if r["partner_iso3"] == "" || !w.places[r["iso3"]] {
			unknown++
			return nil
		}
		c := claim{series: r["flow"] + "_share", place: r["iso3"], partner: r["partner_iso3"], when: r["year"], value: r["share_percent"]}
		if (c.place == "GMB" || c.partner == "GMB") && (c.place == "KAZ" || c.partner == "KAZ") {
			// Printed in the entries of both, and not to be believed.
			c.strength, c.note = "opinion", "as printed; implausible, and no other source here has such a trade"
		}
		trade = append(trade, c)
		return nil
	})
	if err != nil {
		return err
	}
	note("cia-factbook: %d partners without a code", unknown)
	for _, name := range []string{"export_share", "import_share"} {
		part := slices.DeleteFunc(slices.Clone(trade), func(c claim) bool { return c.series != name })
		if err := w.claims("cia-factbook", name, toUnit(part)); err != nil {
			return err
		}
	}

	var members []claim
	err = w.read("diplomacy/igo_participation_cia_factbook.csv", func(r row) error {
		members = append(members, claim{series: "igo_membership", place: r["iso3"], subject: r["organisation"], when: "2026", value: "1", note: r["status"]})
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.claims("cia-factbook", "igo_membership", merged(members)); err != nil {
		return err
	}

	series := map[string]string{"ethnic": "composition_ethnic", "languages": "composition_language", "religions": "composition_religion"}
	seen := map[string]bool{}
	repeated := 0
	var parts []claim
	err = w.read("culture/cia_factbook_shares_parsed.csv", func(r row) error {
		c := claim{series: series[r["dimension"]], place: r["iso3"], subject: r["label"], when: r["year"], value: r["percent"], step: asPrinted(r["percent"])}
		if c.series == "" {
			return fmt.Errorf("dimension %q", r["dimension"])
		}
		key := c.series + "/" + c.place + "/" + slug(c.subject) + "/" + c.when
		if seen[key] || slug(c.subject) == "" {
			repeated++
			return nil
		}
		seen[key] = true
		parts = append(parts, c)
		return nil
	})
	if err != nil {
		return err
	}
	note("cia-factbook: %d shares under a label already used", repeated)
	for _, name := range []string{"composition_ethnic", "composition_language", "composition_religion"} {
		part := slices.DeleteFunc(slices.Clone(parts), func(c claim) bool { return c.series != name })
		if err := w.claims("cia-factbook", name, part); err != nil {
			return err
		}
	}
	return nil
}
