// Figures rewrites publishers' extracts as tables of claims, one folder per
// source, in the layout of the built-in workspace.
//
//	go run ./figures -from extracts -names cldr/main -to ../data
//
// The extracts are CSV files with a header, in folders by subject:
//
//	wdi/wdi_long.csv                          iso3,year,variable,value
//	migrant-stock/un_desa_ims2024_bilateral.csv, kaz_migrant_stock_revisions.csv,
//	              kaz_migrant_stock_empirical.csv
//	diaspora/ethnic_kazakhs_by_host.csv, russia_regions_2010.csv,
//	              kandas_repatriation.csv, citizens_abroad.csv, students.csv,
//	              organisations.csv
//	un-votes/unga_rollcalls_1946_2019.csv, unga_vote_columns.csv,
//	              ideal_points_jul2025.csv
//	culture/cia_factbook_shares_parsed.csv
//	trade/cia_factbook_top_partners.csv, kaz_trade_curated.csv, kaz_fdi_by_source.csv
//	visits/us_official_visits_1990_2026.csv, kaz_visits_curated.csv
//	diplomacy/igo_participation_cia_factbook.csv, kaz_chairs_and_good_offices.csv,
//	              unsc_nonpermanent_and_members.csv, embassies_wikidata_2021.csv,
//	              kaz_network_counts.csv, passport_strength_2025.csv
//	distance/cepii_geodist_pairs.csv
//	governance/governance_long.csv            iso3,year,variable,value,source_id
//	softpower/brand_finance_gspi.csv, other_rankings.csv,
//	              unesco_world_heritage_counts_2019.csv
//	soft-instruments/rival_networks_world_totals.csv
//	sdg/sdr2023_dashboard.csv                 iso3,year,variable,value
//	energy-transport/oil_routes.csv, titr_volumes.csv
//	geo/country_names.csv, cities15000_geonames.csv
//
// Country names come from the Unicode CLDR: -names is the folder with one
// territories.json per language (package cldr-localenames-full).
//
// What is written by hand (series.csv, definitions.csv, groups.csv, each
// SOURCE.md, and the tables named in their prose) is left alone. The same
// extracts always give the same bytes. Rows that are dropped are counted on
// standard error.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	from := flag.String("from", "", "`folder` of the publishers' extracts")
	names := flag.String("names", "", "`folder` of the CLDR's territory names, by language")
	to := flag.String("to", "data", "`folder` to write the tables in")
	flag.Parse()
	if *from == "" || *names == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	w := &workspace{from: *from, names: *names, to: *to}
	for _, source := range []func(*workspace) error{
		places, cities,
		worldBank, gapminder,
		migrantStock2024, migrantStock2020, migrantEvidence,
		ethnicKazakhs, kandas, citizensAbroad, students, organisations,
		rollCalls, idealPoints,
		factbook, bnsTrade, tradeReports, fdiReports,
		usVisits, curatedVisits,
		chairs, embassies, networkCounts, passports, unesco,
		governance, distances,
		oilRoutes, corridors, brandFinance, rankings, institutes, sustainable,
	} {
		if err := source(w); err != nil {
			fmt.Fprintln(os.Stderr, "figures:", err)
			os.Exit(1)
		}
	}
}
