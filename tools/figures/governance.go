package main

import (
	"math"
	"strconv"
	"strings"
)

// whole returns a number rounded to a whole.
func whole(s string) (string, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return "", err
	}
	return strconv.FormatFloat(math.Round(v), 'f', 0, 64), nil
}

// governance writes the sources of how countries are governed whose terms
// allow it: the World Bank's, UNDP's and V-Dem's.
func governance(w *workspace) error {
	for source, of := range map[string]string{"wgi": "WB_WGI", "undp-hdr": "UNDP_HDR_2023_24", "vdem": "VDEM"} {
		cs, err := w.longTable("governance/governance_long.csv", func(r row) string {
			if r["source_id"] != of || r["year"] < "1990" ||
				strings.HasSuffix(r["variable"], "_percentile_rank") || r["variable"] == "HDR_mmr" {
				return ""
			}
			if source == "vdem" && r["iso3"] == "PSE" && r["year"] >= "2007" {
				return "" // two units since then, the West Bank and Gaza, under one code
			}
			return r["variable"]
		})
		if err != nil {
			return err
		}
		if err := w.bySeries(source, cs); err != nil {
			return err
		}
	}
	return nil
}
