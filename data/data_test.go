package data

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"shanyraq"
)

// tableOf returns the lines of a CSV file of the workspace, by column.
func tableOf(t *testing.T, name string) (head []string, lines []map[string]string) {
	t.Helper()
	b, err := Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, r := range rows[1:] {
		line := make(map[string]string, len(r))
		for i, v := range r {
			line[rows[0][i]] = v
		}
		lines = append(lines, line)
	}
	return rows[0], lines
}

// keys returns the values of a column, each of which must be there once.
func keys(t *testing.T, name, column string) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	_, lines := tableOf(t, name)
	for _, l := range lines {
		if out[l[column]] != nil {
			t.Errorf("%s: %s twice", name, l[column])
		}
		out[l[column]] = l
	}
	return out
}

// record returns the front part of a SOURCE.md.
func record(t *testing.T, id string) (keys map[string]string, prose string) {
	t.Helper()
	b, err := Files.ReadFile(id + "/SOURCE.md")
	if err != nil {
		t.Fatal(err)
	}
	front, prose, ok := strings.Cut(string(b), "\n\n")
	if !ok {
		t.Fatalf("%s: SOURCE.md has no prose", id)
	}
	keys = map[string]string{}
	for _, l := range strings.Split(front, "\n") {
		k, v, ok := strings.Cut(l, ": ")
		if !ok {
			t.Errorf("%s: SOURCE.md: %q is not a key and a value", id, l)
		}
		keys[k] = v
	}
	return keys, prose
}

// sources returns the folders of the workspace.
func sources(t *testing.T) []string {
	t.Helper()
	entries, err := fs.ReadDir(Files, ".")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() {
			ids = append(ids, e.Name())
		}
	}
	return ids
}

var topics = strings.Fields("economy people military diplomacy politics society development transport softpower composition diaspora trade law channels programmes cases perception powers")

var units = strings.Fields(`persons usd intl_usd percent share index score rank count records years km2 million_t teu ratio
	per_100 per_million kwh tiv births_per_woman points lcu_per_usd intl_usd_per_person usd_per_person persons_per_million km days degrees usd_per_container`)

func TestEverySeriesIsDescribedInThreeLanguages(t *testing.T) {
	definitions := keys(t, "definitions.csv", "definition")
	for id, s := range keys(t, "series.csv", "series") {
		for _, c := range strings.Fields("title_en title_ru title_kk meaning_en meaning_ru meaning_kk") {
			if strings.TrimSpace(s[c]) == "" {
				t.Errorf("series %s has no %s", id, c)
			}
		}
		if !slices.Contains(units, s["unit"]) {
			t.Errorf("series %s has unit %q", id, s["unit"])
		}
		if !slices.Contains(topics, s["topic"]) {
			t.Errorf("series %s has topic %q", id, s["topic"])
		}
		if d := s["definition"]; d != "" && definitions[d] == nil {
			t.Errorf("series %s has definition %q", id, d)
		}
	}
	for id, d := range definitions {
		for c, v := range d {
			if strings.TrimSpace(v) == "" {
				t.Errorf("definition %s has no %s", id, c)
			}
		}
	}
}

func TestEveryPlaceIsNamed(t *testing.T) {
	for code, p := range keys(t, "places.csv", "code") {
		if _, err := shanyraq.ParseCountry(code); err != nil {
			t.Error(err)
		}
		for c, v := range p {
			if strings.HasPrefix(c, "name_") && strings.TrimSpace(v) == "" {
				t.Errorf("place %s has no %s", code, c)
			}
		}
	}
}

func TestGroupsNameTheirMembersAndSources(t *testing.T) {
	places := keys(t, "places.csv", "code")
	ids := sources(t)
	_, lines := tableOf(t, "groups.csv")
	named := map[string]bool{}
	for _, l := range lines {
		g := l["group"]
		if !named[g] {
			named[g] = true
			for _, c := range []string{"name_en", "name_ru", "name_kk"} {
				if l[c] == "" {
					t.Errorf("group %s has no %s", g, c)
				}
			}
		}
		if places[l["place"]] == nil {
			t.Errorf("group %s: no place %q", g, l["place"])
		}
		if s := l["source"]; s != "" && !slices.Contains(ids, s) {
			t.Errorf("group %s: no source %q", g, s)
		}
		if f, to := l["from"], l["to"]; f != "" && to != "" && f > to {
			t.Errorf("group %s: %s from %s to %s", g, l["place"], f, to)
		}
	}
	for _, g := range strings.Fields(`great_powers vector_powers eu south_caucasus turkic turkic_observers central_asia
		south_east_asia neighbours_kaz eaeu sco csto cis gulf mikta swp_12 g20 p5 brics`) {
		if !named[g] {
			t.Errorf("no group %s", g)
		}
	}
}

func TestEverySourceIsOnRecord(t *testing.T) {
	for _, id := range sources(t) {
		rec, prose := record(t, id)
		for _, k := range strings.Fields("id publisher title edition address carrier taken licence terms strength rivals faults") {
			if rec[k] == "" {
				t.Errorf("%s: SOURCE.md has no %s", id, k)
			}
			delete(rec, k)
			if k == "id" {
				rec["id"] = id
			}
		}
		delete(rec, "id")
		for k := range rec {
			t.Errorf("%s: SOURCE.md has key %s, which nothing reads", id, k)
		}
		if len(strings.TrimSpace(prose)) < 40 {
			t.Errorf("%s: SOURCE.md explains nothing", id)
		}
		rec, _ = record(t, id)
		if rec["id"] != id {
			t.Errorf("%s: SOURCE.md has id %s", id, rec["id"])
		}
		if _, err := shanyraq.ParseStrength(rec["strength"]); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		if r := rec["rivals"]; r != "yes" && r != "no" {
			t.Errorf("%s: rivals: %s", id, r)
		}
		if _, err := shanyraq.ParsePeriod(rec["taken"]); err != nil {
			t.Errorf("%s: taken: %v", id, err)
		}
	}
}

var columns = strings.Fields("series place area partner subject when value low high kind level step unit definition who strength address note")

func TestEveryClaimIsWellFormed(t *testing.T) {
	series := keys(t, "series.csv", "series")
	definitions := keys(t, "definitions.csv", "definition")
	places := keys(t, "places.csv", "code")
	used := map[string]bool{}
	for _, id := range sources(t) {
		rec, _ := record(t, id)
		seen := map[string]string{}
		files, err := fs.Glob(Files, id+"/*.csv")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			head, lines := tableOf(t, name)
			for _, h := range head {
				if !slices.Contains(columns, h) {
					t.Errorf("%s: column %q", name, h)
				}
			}
			if len(lines) == 0 {
				t.Errorf("%s is empty", name)
			}
			bad := 0
			fault := func(line int, format string, args ...any) {
				if bad++; bad <= 5 {
					t.Errorf("%s:%d: "+format, append([]any{name, line + 2}, args...)...)
				}
			}
			for i, l := range lines {
				s := l["series"]
				if s == "" {
					s = strings.TrimSuffix(path.Base(name), ".csv")
				}
				if series[s] == nil {
					fault(i, "no series %q", s)
					continue
				}
				used[s] = true
				if u := l["unit"]; u != "" && !slices.Contains(units, u) {
					fault(i, "unit %q", u)
				}
				if d := l["definition"]; d != "" && definitions[d] == nil {
					fault(i, "no definition %q", d)
				}
				if places[l["place"]] == nil {
					fault(i, "no place %q", l["place"])
				}
				if p := l["partner"]; p != "" && places[p] == nil {
					fault(i, "no partner %q", p)
				}
				if _, err := shanyraq.ParsePeriod(l["when"]); err != nil {
					fault(i, "%v", err)
				}
				if st := l["strength"]; st != "" {
					if _, err := shanyraq.ParseStrength(st); err != nil {
						fault(i, "%v", err)
					}
				}
				v, err := strconv.ParseFloat(l["value"], 64)
				if err != nil || strings.ContainsAny(l["value"], "eE ,") {
					fault(i, "value %q", l["value"])
				}
				if st := l["step"]; st != "" {
					if step, err := strconv.ParseFloat(st, 64); err != nil || step <= 0 {
						fault(i, "step %q", st)
					}
				}
				if s == "export_share" || s == "import_share" || strings.HasPrefix(s, "composition_") || strings.HasPrefix(s, "kandas_share") {
					if v < 0 || v > 100 {
						fault(i, "%s %v is no share in per cent", s, v)
					}
				}
				if l["low"] != "" || l["high"] != "" {
					iv := shanyraq.Interval{Kind: shanyraq.Judged}
					iv.Lo, _ = strconv.ParseFloat(l["low"], 64)
					iv.Hi, _ = strconv.ParseFloat(l["high"], 64)
					iv.Level, _ = strconv.ParseFloat(l["level"], 64)
					if k := l["kind"]; k != "" {
						if iv.Kind, err = shanyraq.ParseIntervalKind(k); err != nil {
							fault(i, "%v", err)
						}
					}
					if err := iv.Check(v); err != nil {
						fault(i, "%v", err)
					}
				}
				if a := l["address"]; a != "" && !strings.HasPrefix(a, "http") {
					fault(i, "address %q", a)
				}
				key := strings.Join([]string{s, l["place"], l["partner"], slug(l["subject"]), slug(l["area"]), l["when"]}, "/")
				if rec["rivals"] == "yes" {
					key += "~" + strings.Join([]string{l["value"], l["low"], l["high"], l["definition"], l["who"], l["address"], l["note"], l["area"], l["subject"]}, "|")
				}
				if at := seen[key]; at != "" {
					fault(i, "says again what %s says: %s", at, key)
				}
				seen[key] = name + ":" + strconv.Itoa(i+2)
			}
			if bad > 5 {
				t.Errorf("%s: %d more", name, bad-5)
			}
		}
	}
	for s := range series {
		if !used[s] {
			t.Errorf("no source makes a claim about %s", s)
		}
	}
}

// slug returns s as it stands in the id of a claim.
func slug(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

func TestRollCallsFillEveryColumn(t *testing.T) {
	places := keys(t, "places.csv", "code")
	_, states := tableOf(t, "un-votes/rollcalls/states.csv")
	for i, s := range states {
		if s["position"] != strconv.Itoa(i+1) || places[s["code"]] == nil || s["first"] > s["last"] {
			t.Errorf("state %v", s)
		}
	}
	_, calls := tableOf(t, "un-votes/rollcalls/rollcalls.csv")
	for i, c := range calls {
		if n := len(c["votes"]); n != len(states) || strings.Trim(c["votes"], "YNA.") != "" {
			t.Errorf("roll call %d has %d votes of %d states: %s", i, n, len(states), c["votes"])
		}
		if _, err := shanyraq.ParsePeriod(c["date"]); err != nil {
			t.Error(err)
		}
	}
	if len(calls) != 2490 { // sessions 47 to 74 of the published collection
		t.Errorf("%d roll calls", len(calls))
	}
}

// The values were read in the publishers' own tables.
func TestKnownValues(t *testing.T) {
	for _, tt := range []struct{ name, file, place, partner, when, value string }{
		{"born in Kazakhstan, in Germany, revision of 2024", "un-desa-stock-2024/people_from.csv", "DEU", "KAZ", "2024", "896268"},
		{"born in Kazakhstan, in Russia, revision of 2024", "un-desa-stock-2024/people_from.csv", "RUS", "KAZ", "2024", "1321004"},
		{"the same in 2020, revision of 2024", "un-desa-stock-2024/people_from.csv", "RUS", "KAZ", "2020", "1635008"},
		{"the same in 2020, revision of 2020", "un-desa-stock-2020/people_from.csv", "RUS", "KAZ", "2020", "2558907"},
		{"population of Kazakhstan", "wdi/SP.POP.TOTL.csv", "KAZ", "", "2025", "20843754"},
		{"position in the General Assembly", "un-ideal-points/un_ideal_point.csv", "KAZ", "", "2024", "-0.5058"},
		{"electoral democracy", "vdem/VDEM_v2x_polyarchy.csv", "KAZ", "", "2024", "0.272"},
		{"human development", "undp-hdr/HDR_hdi.csv", "KAZ", "", "2022", "0.802"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, lines := tableOf(t, tt.file)
			i := slices.IndexFunc(lines, func(l map[string]string) bool {
				return l["place"] == tt.place && l["partner"] == tt.partner && l["when"] == tt.when
			})
			if i < 0 {
				t.Fatal("no such claim")
			}
			if got := lines[i]["value"]; got != tt.value {
				t.Errorf("got %s, want %s", got, tt.value)
			}
		})
	}
}

// What the workspace is meant to hold of Kazakhstan and the discussion of its
// standing: each line is one claim, by table, columns and value.
func TestWhatIsPromisedIsHeld(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"4.5 to 7 million, as an author says", "ethnic-kazakhs/authors.csv", "place=WLD value=4500000 low=4500000 high=7000000 strength=opinion"},
		{"a claim to reject, kept: Afghanistan", "ethnic-kazakhs/people_from.csv", "place=AFG value=440000 strength=opinion"},
		{"a claim to reject, kept: Mongolia", "ethnic-kazakhs/people_from.csv", "place=MNG value=201526 strength=opinion"},
		{"the census of Russia", "ethnic-kazakhs/people_from.csv", "place=RUS when=2021 value=591970 strength=measured"},
		{"kandas by 2015", "kandas/returns.csv", "series=kandas_cumulative value=952882"},
		{"kandas by 2024", "kandas/returns.csv", "series=kandas_cumulative value=1140700"},
		{"voters abroad", "citizens-abroad/votes.csv", "place=WLD value=12841"},
		{"students in Russia", "students/students.csv", "series=students_from place=RUS partner=KAZ value=60000"},
		{"observed: born in Kazakhstan, census of Russia", "un-desa-evidence/people_from.csv", "place=RUS partner=KAZ value=1547167 definition=birthplace"},
		{"observed: citizens in Turkey", "un-desa-evidence/people_from.csv", "place=TUR partner=KAZ value=45530 definition=citizenship"},
		{"turnover with China, by Kazakhstan", "trade-reports/trade_turnover.csv", "place=KAZ partner=CHN when=2022 value=24000000000"},
		{"the same, by China", "trade-reports/trade_turnover.csv", "place=KAZ partner=CHN when=2022 value=31200000000"},
		{"turnover of Kyrgyzstan with China, by China", "trade-reports/trade_turnover.csv", "place=KGZ partner=CHN when=2024 value=22710000000"},
		{"export share of the union", "bns-trade/export_share.csv", "partner=EUU when=2024 value=46.7"},
		{"investment from the Netherlands", "fdi-reports/fdi_cumulative.csv", "partner=NLD value=90400000000"},
		{"Xi Jinping, 2022", "visits-curated/first-four.csv", "place=KAZ partner=CHN subject=President Xi Jinping"},
		{"David Cameron, 2024", "visits-curated/first-four.csv", "place=KAZ partner=GBR"},
		{"Vladimir Putin, 2023", "visits-curated/leader_visit.csv", "place=KAZ partner=RUS when=2023-11-09"},
		{"talks in Almaty", "chairs/good_offices.csv", "place=KAZ when=2024-05-10..2024-05-11"},
		{"a seat in the Security Council", "un-security-council/unsc_seat.csv", "place=KAZ when=2017"},
		{"embassies, as counted in 2022", "network-counts/counts.csv", "series=embassies_count place=KAZ when=2022-06-30 value=67"},
		{"an organisation joined", "cia-factbook/igo_membership.csv", "place=KAZ subject=SCO note=member"},
		{"rule of law", "wgi/WGI_rule_of_law_estimate.csv", "place=KAZ when=2023"},
		{"ethnic composition", "cia-factbook/composition_ethnic.csv", "place=KAZ subject=Kazakh value=71"},
		{"goals of development, one quoted score", "sustainable-development-report/quoted.csv", "series=sdg_index_score place=KAZ value=71.6"},
		{"and its rank among so many", "sustainable-development-report/quoted.csv", "series=sdg_index_ranked value=166"},
		{"the Middle Corridor, two numbers for one year", "corridor-volumes/corridors.csv", "when=2022 value=1.5"},
		{"the Middle Corridor, the other", "corridor-volumes/corridors.csv", "when=2022 value=3.2"},
		{"oil by the Caspian pipeline", "oil-routes/routes.csv", "value=46.3"},
		{"soft power, rank", "brand-finance/quoted.csv", "series=gspi_rank place=KAZ when=2024 value=80"},
		{"soft power, of how many", "brand-finance/gspi_ranked.csv", "when=2024 value=193"},
		{"a middle power, says SWP", "status-claims/status_claim.csv", "place=KAZ subject=middle power when=2024-01-23"},
		{"not one, say others", "status-claims/status_claim.csv", "place=KAZ subject=not a middle power"},
		{"and some doubt the notion", "status-claims/status_claim.csv", "place=WLD subject=concept questioned"},
		{"a trade that cannot be, marked", "cia-factbook/import_share.csv", "place=KAZ partner=GMB strength=opinion"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, lines := tableOf(t, tt.file)
			if !slices.ContainsFunc(lines, func(l map[string]string) bool {
				for _, part := range fieldsOf(tt.want) {
					column, value, _ := strings.Cut(part, "=")
					if l[column] != value {
						return false
					}
				}
				return true
			}) {
				t.Errorf("%s has no claim with %s", tt.file, tt.want)
			}
		})
	}
	count := func(file, column, value string) int {
		n := 0
		_, lines := tableOf(t, file)
		for _, l := range lines {
			if strings.HasPrefix(l[column], value) {
				n++
			}
		}
		return n
	}
	if n := count("status-claims/status_claim.csv", "who", "Lippert and Mair"); n != 12 {
		t.Errorf("the list of twelve has %d", n)
	}
	if n := count("status-claims/status_claim.csv", "who", "MIKTA"); n != 5 {
		t.Errorf("MIKTA has %d", n)
	}
	if n := count("us-visits/leader_visit.csv", "subject", "Secretary of State Antony"); n == 0 {
		t.Error("no journey of Antony Blinken")
	}
}

// fieldsOf splits "a=1 b=two words c=3" at the blanks before a name.
func fieldsOf(s string) []string {
	var out []string
	for _, word := range strings.Fields(s) {
		if strings.Contains(word, "=") || len(out) == 0 {
			out = append(out, word)
		} else {
			out[len(out)-1] += " " + word
		}
	}
	return out
}

// A figure compiled by hand says where it was read, in its own row.
func TestCompiledClaimsHaveAddresses(t *testing.T) {
	compiled := 0
	for _, id := range sources(t) {
		rec, _ := record(t, id)
		if !strings.HasPrefix(rec["carrier"], "compiled by hand") {
			continue
		}
		compiled++
		files, err := fs.Glob(Files, id+"/*.csv")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			_, lines := tableOf(t, name)
			for i, l := range lines {
				if !strings.HasPrefix(l["address"], "http") {
					t.Errorf("%s:%d has no address", name, i+2)
				}
			}
		}
	}
	if compiled < 12 {
		t.Errorf("%d sources are compiled by hand", compiled)
	}
}

// Nothing ships whose owner has not allowed it: no series of publishers whose
// tables are for research or for non-commercial use only, and no licence that
// says so.
func TestNothingShipsThatMayNot(t *testing.T) {
	for id := range keys(t, "series.csv", "series") {
		for _, owner := range []string{"hofstede", "eiu", "freedom_house", "fiw", "wvs", "survself", "cow_", "atop", "polity", "bti", "lied", "rsf", "iie", "open_doors", "gdelt", "icews", "colt", "nmc", "cinc"} {
			if strings.Contains(strings.ToLower(id), owner) {
				t.Errorf("series %s is of %s", id, owner)
			}
		}
	}
	for _, id := range sources(t) {
		rec, _ := record(t, id)
		l := strings.ToLower(rec["licence"])
		if strings.Contains(l, "nc") && strings.Contains(l, "cc") || strings.Contains(l, "non-commercial") || strings.Contains(l, "academic") {
			t.Errorf("%s: licence %s", id, rec["licence"])
		}
		if l == "quotation of single figures" {
			n := 0
			files, err := fs.Glob(Files, id+"/*.csv")
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range files {
				_, lines := tableOf(t, name)
				n += len(lines)
			}
			if n > 50 {
				t.Errorf("%s quotes %d figures, which is a table", id, n)
			}
		}
	}
}

func TestFilesStayReadable(t *testing.T) {
	err := fs.WalkDir(Files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := Files.ReadFile(name)
		if err != nil {
			return err
		}
		if len(b) > 2_500_000 {
			t.Errorf("%s has %d bytes; split it", name, len(b))
		}
		for sc := bufio.NewScanner(bytes.NewReader(b)); sc.Scan(); {
			if strings.HasSuffix(name, ".csv") && len(sc.Text()) > 2000 {
				t.Errorf("%s has a line of %d bytes", name, len(sc.Text()))
				break
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
