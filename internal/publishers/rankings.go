package publishers

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// capabilities is the National Material Capabilities of the Correlates of War
// project: one row a state and a year, −9 for what is missing.
func capabilities() Layout {
	parts := []struct {
		column     string
		scale      float64
		unit       shanyraq.Unit
		en, ru, kk string
	}{
		{"milex", 1000, "usd", "Military spending, NMC", "Военные расходы, NMC", "Әскери шығын, NMC"},
		{"milper", 1000, "persons", "Military personnel, NMC", "Военнослужащие, NMC", "Әскери қызметшілер, NMC"},
		{"irst", 0.001, "million_t", "Iron and steel, NMC", "Железо и сталь, NMC", "Темір мен болат, NMC"},
		{"pec", 0.001, "million_t", "Energy used, as coal, NMC", "Потребление энергии в пересчёте на уголь, NMC", "Тұтынылған қуат, көмірге шаққанда, NMC"},
		{"tpop", 1000, "persons", "Population, NMC", "Население, NMC", "Халық, NMC"},
		{"upop", 1000, "persons", "Urban population, NMC", "Городское население, NMC", "Қала халқы, NMC"},
		{"cinc", 1, "share", "Composite index of national capability", "Сводный индекс национального потенциала", "Ұлттық әлеуеттің құрама индексі"},
	}
	return rowed{[]string{"stateabb", "ccode", "year", "milex", "milper", "irst", "pec", "tpop", "upop", "cinc"}, func(r *reading) (func(header, Row), func()) {
		years := map[string][]score{}
		var file Sheet
		for _, p := range parts {
			r.about(shanyraq.SeriesID("nmc_"+p.column), p.unit, "military", p.en, p.ru, p.kk)
		}
		return func(h header, row Row) {
				file = h.sheet
				n, _ := whole(h.get(row, "ccode"))
				place := correlates[n]
				year, ok := fullYear(h.get(row, "year"))
				if place == "" || !ok {
					r.skip++ // states that are no more
					return
				}
				for _, p := range parts {
					v, ok := number(h.get(row, p.column))
					switch {
					case h.get(row, p.column) == "" || ok && v == -9:
						continue
					case !ok || v < 0:
						r.fault(h.sheet, row.Line, h.col[p.column], "number", "number", "Found", h.get(row, p.column))
						continue
					}
					r.add(h.sheet, row.Line, claim{"series": "nmc_" + p.column, "place": string(place), "when": year, "value": decimal(v * p.scale), "unit": string(p.unit)})
					if p.column == "cinc" {
						years[year] = append(years[year], score{string(place), v, row.Line})
					}
				}
			}, func() {
				r.about("nmc_cinc_rank", "rank", "military", "Rank by composite index of national capability", "Место по сводному индексу национального потенциала", "Ұлттық әлеуеттің құрама индексі бойынша орын")
				r.rank("nmc_cinc_rank", file, years)
			}
	}}.layout("nmc", "National Material Capabilities, Correlates of War, versions 5 to 7 (abridged)")
}

// A score is what one country has in a year, and the line it stands in.
type score struct {
	place string
	v     float64
	line  int
}

// fewestRanked is how many countries a year must have for ranks to be made of
// their scores: of a part of the list they would be wrong.
const fewestRanked = 50

// rank adds the rank of every country in every year, the highest score first;
// equal scores share the better rank.
func (r *reading) rank(series string, s Sheet, years map[string][]score) {
	for _, year := range sortedKeys(years) {
		all := years[year]
		if len(all) < fewestRanked {
			continue
		}
		slices.SortStableFunc(all, func(a, b score) int { return cmp.Or(cmp.Compare(b.v, a.v), strings.Compare(a.place, b.place)) })
		rank := 0
		for i, x := range all {
			if i == 0 || x.v < all[i-1].v {
				rank = i + 1
			}
			r.add(s, x.line, claim{"series": series, "place": x.place, "when": year, "value": strconv.Itoa(rank), "step": "1", "unit": "rank", "note": "of " + strconv.Itoa(len(all)) + " in the file, by their scores"})
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// ranking is a published ranking known by its name.
type ranking struct {
	prefix     string // of its series
	names      []string
	en, ru, kk string
}

var rankings = []ranking{
	{"gspi", []string{"soft power index", "brand finance"}, "Global Soft Power Index", "Глобальный индекс мягкой силы", "Жаһандық жұмсақ күш индексі"},
	{"lowy", []string{"asia power index", "lowy"}, "Asia Power Index", "Индекс мощи в Азии", "Азиядағы қуат индексі"},
	{"elcano", []string{"global presence index", "índice de presencia global", "elcano"}, "Elcano Global Presence Index", "Индекс глобального присутствия Элькано", "Элькано жаһандық қатысу индексі"},
}

// known returns the ranking that a text names.
func knownRanking(texts ...string) (ranking, bool) {
	for _, t := range texts {
		t = strings.ToLower(t)
		for _, k := range rankings {
			if slices.ContainsFunc(k.names, func(n string) bool { return strings.Contains(t, n) }) {
				return k, true
			}
		}
	}
	return ranking{}, false
}

var (
	rankHead  = regexp.MustCompile(`(?i)^(?:(\d{4}) )?(?:overall )?(rank|ranking|position|place|score|index score|overall score|total score|value|comprehensive power|overall power)(?: (\d{4}))?$`)
	yearIn    = regexp.MustCompile(`\b(?:19|20)\d{2}\b`)
	nationsIn = []string{"country", "nation", "nation brand", "economy", "state", "country/territory", "country name"}
	yearsIn   = []string{"year", "edition"}
)

// A league is where the columns of a published ranking stand.
type league struct {
	sheet         Sheet
	at            int
	nation, year  int            // columns; year −1 if the table is of one year
	ranks, scores map[string]int // columns by year; "" for the year of the row or table
	of            ranking
	when          string // year of the table
}

// findLeague finds a table of a ranking: headings of rank or score and of
// countries, and above them, in a column or in the name of the file or sheet,
// what ranking it is.
func findLeague(b *Book) (league, bool) {
	for _, s := range b.Sheets {
		for i, row := range s.Rows[:min(len(s.Rows), mostHead)] {
			l := league{sheet: s, at: i, nation: -1, year: -1, ranks: map[string]int{}, scores: map[string]int{}}
			named := -1
			for k := range row.Cells {
				name := strings.ToLower(strings.Join(strings.Fields(row.Cell(k)), " "))
				switch m := rankHead.FindStringSubmatch(name); {
				case slices.Contains(nationsIn, name):
					l.nation = k
				case slices.Contains(yearsIn, name):
					l.year = k
				case name == "index" || name == "ranking name" || name == "source":
					named = k
				case m != nil:
					year := cmp.Or(m[1], m[3])
					if m[2] == "rank" || m[2] == "ranking" || m[2] == "position" || m[2] == "place" {
						l.ranks[year] = k
					} else {
						l.scores[year] = k
					}
				}
			}
			if l.nation < 0 || len(l.ranks)+len(l.scores) == 0 {
				continue
			}
			texts := []string{s.Name, b.Name}
			for _, above := range s.Rows[:i] {
				texts = append(texts, strings.Join(above.Cells, " "))
			}
			if named >= 0 && i+1 < len(s.Rows) {
				texts = append(texts, s.Rows[i+1].Cell(named))
			}
			var ok bool
			if l.of, ok = knownRanking(texts...); !ok {
				continue
			}
			for _, t := range texts {
				if l.when == "" {
					l.when = yearIn.FindString(t)
				}
			}
			return l, true
		}
	}
	return league{}, false
}

// rankingTable is a table of a published ranking that somebody keeps: rank,
// country, score, for one year or several.
func rankingTable() Layout {
	return Layout{Key: "ranking", Title: "A ranking by Brand Finance, the Lowy Institute or Elcano: rank, country, score, under its name", Known: func(b *Book) bool { _, ok := findLeague(b); return ok }, read: func(r *reading) error {
		l, _ := findLeague(r.book)
		r.about(shanyraq.SeriesID(l.of.prefix+"_rank"), "rank", "softpower", l.of.en+": rank", l.of.ru+": место", l.of.kk+": орын")
		r.about(shanyraq.SeriesID(l.of.prefix+"_score"), "score", "softpower", l.of.en+": score", l.of.ru+": балл", l.of.kk+": ұпай")
		ranked := map[string][]int{}
		for _, row := range l.sheet.Rows[l.at+1:] {
			if strings.TrimSpace(strings.Join(row.Cells, "")) == "" {
				continue
			}
			place, ok := r.names.Code(row.Cell(l.nation))
			if !ok {
				r.skip++
				continue
			}
			for kind, columns := range map[string]map[string]int{"rank": l.ranks, "score": l.scores} {
				for _, year := range sortedKeys(columns) {
					k := columns[year]
					s := strings.TrimPrefix(row.Cell(k), "=")
					if s == "" || s == "-" || s == "–" || strings.EqualFold(s, "n/a") {
						continue
					}
					when := cmp.Or(year, l.when)
					if year == "" && l.year >= 0 {
						when = row.Cell(l.year)
					}
					if _, ok := fullYear(when); !ok {
						r.fault(l.sheet, row.Line, max(0, l.year), "year", "rankyear", "Found", when)
						continue
					}
					v, ok := number(s)
					if !ok || v < 0 || kind == "rank" && (v < 1 || v != float64(int(v))) {
						r.fault(l.sheet, row.Line, k, "number", "number", "Found", s)
						continue
					}
					if kind == "rank" {
						ranked[when] = append(ranked[when], int(v))
					}
					c := claim{"series": l.of.prefix + "_" + kind, "place": string(place), "when": when, "value": decimal(v), "unit": kind}
					if kind == "rank" {
						c["step"] = "1"
					}
					r.add(l.sheet, row.Line, c)
				}
			}
		}
		// How many were ranked can be told only of a table without gaps.
		for _, year := range sortedKeys(ranked) {
			all := ranked[year]
			n := len(all)
			if slices.Sort(all); n >= 10 && all[0] == 1 && all[n-1] <= n && r.skip == 0 {
				r.about(shanyraq.SeriesID(l.of.prefix+"_ranked"), "count", "softpower", l.of.en+": states ranked", l.of.ru+": сколько стран", l.of.kk+": неше ел")
				r.add(l.sheet, l.sheet.Rows[l.at].Line, claim{"series": l.of.prefix + "_ranked", "place": string(shanyraq.World), "when": year, "value": strconv.Itoa(n), "unit": "count"})
			}
		}
		return nil
	}}
}

// presence is a workbook as the site of the Elcano Global Presence Index gives it:
// a title, then countries down and years across, or the other way round.
func presence() Layout {
	title := func(s Sheet) bool {
		return len(s.Rows) > 2 && slices.ContainsFunc(rankings[2].names[:2], func(n string) bool {
			return strings.HasPrefix(strings.ToLower(strings.TrimPrefix(s.Rows[0].Cell(0), "Elcano ")), n)
		})
	}
	headed := func(s Sheet) (across, down bool) {
		_, across = fullYear(s.Rows[1].Cell(1))
		_, down = fullYear(s.Rows[2].Cell(0))
		return across, down
	}
	first := func(b *Book) (Sheet, bool, bool) {
		for _, s := range b.Sheets {
			if title(s) {
				if across, down := headed(s); across != down {
					return s, across, true
				}
			}
		}
		return Sheet{}, false, false
	}
	return Layout{Key: "elcano", Title: "Elcano Global Presence Index, workbook of its site", Known: func(b *Book) bool { _, _, ok := first(b); return ok }, read: func(r *reading) error {
		s, across, _ := first(r.book)
		r.about("elcano_score", "score", "softpower", rankings[2].en+": score", rankings[2].ru+": балл", rankings[2].kk+": ұпай")
		head, years := s.Rows[1], map[string][]score{}
		for _, row := range s.Rows[2:] {
			for k := 1; k < len(head.Cells); k++ {
				name, year := row.Cell(0), head.Cell(k)
				if !across {
					name, year = year, name
				}
				when, ok := fullYear(year)
				place, ok2 := r.names.Code(name)
				if !ok || !ok2 || row.Cell(k) == "" {
					if ok && name != "" && row.Cell(k) != "" {
						r.skip++
					}
					continue
				}
				v, ok := number(row.Cell(k))
				if !ok || v < 0 {
					r.fault(s, row.Line, k, "number", "number", "Found", row.Cell(k))
					continue
				}
				r.add(s, row.Line, claim{"series": "elcano_score", "place": string(place), "when": when, "value": decimal(v), "step": "0.01", "unit": "score"})
				years[when] = append(years[when], score{string(place), v, row.Line})
			}
		}
		r.about("elcano_rank", "rank", "softpower", rankings[2].en+": rank", rankings[2].ru+": место", rankings[2].kk+": орын")
		r.rank("elcano_rank", s, years)
		return nil
	}}
}
