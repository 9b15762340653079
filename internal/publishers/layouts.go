package publishers

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// desa is the International Migrant Stock of the United Nations by destination
// and origin, editions of 2020 and 2024: sheet "Table 1", a header that begins
// with "Index", codes of M49, and both sexes first.
func desa() Layout {
	names := []string{"Index", "Location code of destination", "Location code of origin"}
	return Layout{Key: "un-desa", Title: "International Migrant Stock by destination and origin, UN DESA, editions of 2020 and 2024", Known: has(names...), read: func(r *reading) error {
		h, _ := find(r.book, names...)
		// Years stand three times, for both sexes, men and women; the first are
		// those of both.
		head := h.sheet.Rows[h.at]
		years := map[int]int{} // column of each year
		var order []int
		for k := range head.Cells {
			if y, ok := whole(head.Cell(k)); ok && y >= 1950 && y <= 2100 {
				if _, twice := years[y]; twice {
					break
				}
				years[y] = k
				order = append(order, y)
			}
		}
		if len(order) == 0 {
			return refuse(h.sheet.File, head.Line, 0, "years", "layout", "Layout", "UN DESA")
		}
		for _, row := range h.rows() {
			host, ok := r.m49(h.get(row, names[1]))
			origin, ok2 := r.m49(h.get(row, names[2]))
			if !ok || !ok2 {
				r.skip++
				continue
			}
			for _, y := range order {
				s := row.Cell(years[y])
				if s == "" || s == ".." || s == "-" {
					continue
				}
				n, ok := number(s)
				if !ok || n < 0 {
					r.fault(h.sheet, row.Line, years[y], "number", "number", "Found", s)
					continue
				}
				r.add(h.sheet, row.Line, claim{"series": "people_from", "place": host, "partner": origin, "when": strconv.Itoa(y), "value": decimal(math.Round(n)), "step": "1", "definition": "migrant_stock"})
			}
		}
		return nil
	}}
}

// m49 returns the country of a number of the United Nations; 900 is the world,
// and what is above and below it are regions.
func (r *reading) m49(s string) (string, bool) {
	n, ok := whole(s)
	if !ok || n < 1 {
		return "", false
	}
	if n == 900 {
		return string(shanyraq.World), true
	}
	if n > 899 {
		return "", false
	}
	c, ok := r.names.Code(fmt.Sprintf("%03d", n))
	return string(c), ok
}

// vdem is the country-year file of Varieties of Democracy: indices with the
// ends of the interval of one standard deviation to either side.
func vdem() Layout {
	names := []string{"country_text_id", "year", "v2x_polyarchy", "v2x_polyarchy_codelow", "v2x_polyarchy_codehigh"}
	return Layout{Key: "v-dem", Title: "Country-year data of Varieties of Democracy, versions 8 to 15", Known: has(names...), read: func(r *reading) error {
		h, _ := find(r.book, names...)
		if _, there := h.col["v2x_freexp_altinf"]; there { // not among the built-in indices
			r.about("VDEM_v2x_freexp_altinf", "index", "politics", "Freedom of expression and of the media", "Свобода слова и СМИ", "Сөз және БАҚ бостандығы")
		}
		for _, row := range h.rows() {
			place, ok := r.names.Code(h.get(row, "country_text_id"))
			if !ok {
				r.skip++ // states that are no more
				continue
			}
			year := h.get(row, "year")
			for _, v := range []string{"v2x_polyarchy", "v2x_libdem", "v2x_partipdem", "v2x_delibdem", "v2x_egaldem", "v2x_api", "v2x_mpi", "v2x_freexp_altinf"} {
				k, there := h.col[v]
				if !there || row.Cell(k) == "" || strings.EqualFold(row.Cell(k), "NA") {
					continue
				}
				c := claim{"series": "VDEM_" + v, "place": string(place), "when": year, "step": "0.001"}
				for name, column := range map[string]string{"value": v, "low": v + "_codelow", "high": v + "_codehigh"} {
					s := h.get(row, column)
					n, ok := number(s)
					if !ok {
						if name == "value" || s != "" && !strings.EqualFold(s, "NA") {
							r.fault(h.sheet, row.Line, h.col[column], "number", "number", "Found", s)
						}
						continue
					}
					c[name] = decimal(n)
				}
				if c["low"] != "" && c["high"] != "" {
					c["kind"], c["level"] = "credible", "0.68"
				}
				r.add(h.sheet, row.Line, c)
			}
		}
		return nil
	}}
}

// item is one question of a survey of values, and which answers are counted.
type item struct {
	series     shanyraq.SeriesID
	question   string
	yes        func(int) bool // nil to take the mean of the answers
	unit       shanyraq.Unit
	en, ru, kk string
}

// items are the questions of the World Values Survey, wave 7, that are read.
func items() []item {
	one := func(v int) bool { return v == 1 }
	return []item{
		{"values_trust", "q57", one, "percent", "Most people can be trusted", "Большинству людей можно доверять", "Адамдардың көбіне сенуге болады"},
		{"values_happy", "q46", func(v int) bool { return v == 1 || v == 2 }, "percent", "Very or rather happy", "Очень или скорее счастливы", "Өте не едәуір бақытты"},
		{"values_family", "q1", one, "percent", "Family very important", "Семья очень важна", "Отбасы өте маңызды"},
		{"values_religion", "q6", one, "percent", "Religion very important", "Религия очень важна", "Дін өте маңызды"},
		{"values_work", "q5", one, "percent", "Work very important", "Работа очень важна", "Жұмыс өте маңызды"},
		{"values_satisfied", "q49", nil, "points", "Satisfaction with life, 1 to 10", "Удовлетворённость жизнью, от 1 до 10", "Өмірге қанағат, 1-ден 10-ға дейін"},
		{"values_democracy", "q250", nil, "points", "Importance of democracy, 1 to 10", "Важность демократии, от 1 до 10", "Демократияның маңызы, 1-ден 10-ға дейін"},
	}
}

// worldValues is the file of answers of the World Values Survey, wave 7: one
// row a respondent, answers below zero missing, one weight. Means and shares by
// country, with intervals of level 0.95 that allow for unequal weights [kish1965]
// and not for clusters, so that they are too narrow where a survey had them.
func worldValues() Layout {
	names := []string{"B_COUNTRY_ALPHA", "A_YEAR", "W_WEIGHT", "Q57"}
	return Layout{Key: "wvs", Title: "Answers of the World Values Survey, wave 7 (cross-national CSV)", Known: has(names...), read: func(r *reading) error {
		h, _ := find(r.book, names...)
		type sums struct {
			w, w2, y, y2 float64
			line         int
		}
		type key struct {
			place, year string
			item        int
		}
		all := map[key]*sums{}
		for _, row := range h.rows() {
			place, ok := r.names.Code(h.get(row, "b_country_alpha"))
			if !ok {
				r.skip++
				continue
			}
			w, ok := number(h.get(row, "w_weight"))
			if !ok || w < 0 {
				r.fault(h.sheet, row.Line, h.col["w_weight"], "number", "number", "Found", h.get(row, "w_weight"))
				continue
			}
			for i, it := range items() {
				v, ok := number(h.get(row, it.question))
				if !ok || v < 0 {
					continue // not asked, or no answer
				}
				if it.yes != nil {
					if it.yes(int(v)) {
						v = 100
					} else {
						v = 0
					}
				}
				k := key{string(place), h.get(row, "a_year"), i}
				s := all[k]
				if s == nil {
					s = &sums{line: row.Line}
					all[k] = s
				}
				s.w += w
				s.w2 += w * w
				s.y += w * v
				s.y2 += w * v * v
			}
		}
		for i, it := range items() {
			used := false
			for k, s := range all {
				if k.item != i || !(s.w > 0) {
					continue
				}
				used = true
				mean := s.y / s.w
				n := s.w * s.w / s.w2 // as many answers of equal weight
				se := math.Sqrt(max(0, s.y2/s.w-mean*mean) / max(1, n-1))
				lo, hi := mean-1.959963984540054*se, mean+1.959963984540054*se
				if it.unit == "percent" {
					lo, hi = max(0, lo), min(100, hi)
				}
				c := claim{"series": string(it.series), "place": k.place, "when": k.year, "value": fixed(mean), "unit": string(it.unit)}
				if hi > lo { // where all answer alike nothing is known of the spread
					c["low"], c["high"], c["kind"], c["level"] = fixed(lo), fixed(hi), "confidence", "0.95"
				}
				c["note"] = fmt.Sprintf("question %s, about %.0f answers of equal weight", strings.ToUpper(it.question), n)
				r.add(h.sheet, s.line, c)
			}
			if used {
				r.about(it.series, it.unit, "values", it.en, it.ru, it.kk)
			}
		}
		slices.SortFunc(r.rows, func(a, b claim) int {
			return cmp.Or(cmp.Compare(a["series"], b["series"]), cmp.Compare(a["place"], b["place"]), cmp.Compare(a["when"], b["when"]))
		})
		r.origin = nil
		for range r.rows { // made of many rows, so of none in particular
			r.origin = append(r.origin, Place{h.sheet.File, 0})
		}
		return nil
	}}
}

// fixed writes a number to a ten-thousandth.
func fixed(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }

// hofstede is the matrix of six dimensions of national culture of 2015.
func hofstede() Layout {
	names := []string{"ctr", "country", "pdi", "idv", "mas", "uai", "ltowvs", "ivr"}
	return Layout{Key: "hofstede", Title: "Six dimensions of national culture, matrix of August 2015", Known: has(names...), read: func(r *reading) error {
		h, _ := find(r.book, names...)
		dims := []struct{ code, en, ru, kk string }{
			{"pdi", "Power distance", "Дистанция власти", "Билік қашықтығы"}, {"idv", "Individualism", "Индивидуализм", "Дарашылдық"}, {"mas", "Masculinity", "Маскулинность", "Маскулиндік"},
			{"uai", "Uncertainty avoidance", "Избегание неопределённости", "Белгісіздіктен қашу"}, {"ltowvs", "Long-term orientation", "Долгосрочная ориентация", "Ұзақ мерзімді бағдар"}, {"ivr", "Indulgence", "Потворство желаниям", "Қалауға ерік беру"},
		}
		for _, d := range dims {
			r.about(shanyraq.SeriesID("values_hofstede_"+d.code), "points", "values", d.en, d.ru, d.kk)
		}
		for _, row := range h.rows() {
			place, ok := r.names.Code(h.get(row, "country"))
			if !ok {
				r.skip++ // parts of countries and regions
				continue
			}
			for _, d := range dims {
				s := h.get(row, d.code)
				if s == "" || s == "#NULL!" {
					continue
				}
				v, ok := number(s)
				if !ok {
					r.fault(h.sheet, row.Line, h.col[d.code], "number", "number", "Found", s)
					continue
				}
				r.add(h.sheet, row.Line, claim{"series": "values_hofstede_" + d.code, "place": string(place), "when": "2015", "value": decimal(v), "step": "1", "unit": "points"})
			}
		}
		return nil
	}}
}

// aidData is the Global Chinese Development Finance Dataset, version 3: one row
// a project, of which those recommended for aggregates are taken, one record
// each.
func aidData() Layout {
	names := []string{"AidData Record ID", "Recipient ISO-3", "Commitment Year", "Title", "Recommended For Aggregates"}
	return Layout{Key: "aiddata", Title: "Global Chinese Development Finance Dataset, AidData, version 3", Known: has(names...), read: func(r *reading) error {
		h, _ := find(r.book, names...)
		r.about("programme_aid", "records", "programmes", "Projects of development finance", "Проекты финансирования развития", "Даму қаржысының жобалары")
		for _, row := range h.rows() {
			place, ok := r.names.Code(h.get(row, "recipient iso-3"))
			if !ok || !strings.EqualFold(h.get(row, "recommended for aggregates"), "yes") {
				r.skip++
				continue
			}
			year := h.get(row, "commitment year")
			if y, ok := whole(year); !ok || y < 1900 || y > 2100 {
				r.fault(h.sheet, row.Line, h.col["commitment year"], "year", "year", "Found", year)
				continue
			}
			var note []string
			for _, name := range []string{"flow type", "flow class", "sector name"} {
				if s := h.get(row, name); s != "" {
					note = append(note, s)
				}
			}
			if usd := h.get(row, "amount (nominal usd)"); usd != "" {
				if v, ok := number(usd); ok {
					note = append(note, fmt.Sprintf("%.0f US dollars of the year", v))
				}
			}
			r.add(h.sheet, row.Line, claim{"series": "programme_aid", "place": string(place), "partner": "CHN", "subject": h.get(row, "aiddata record id") + " " + shorten(h.get(row, "title"), 120), "when": year, "value": "1", "unit": "records", "note": strings.Join(note, "; ")})
		}
		return nil
	}}
}

// shorten cuts a text at a number of characters.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n])) + "…"
	}
	return s
}

// travel is the Country and Organizational Leader Travel dataset: one row a
// visit.
func travel() Layout {
	names := []string{"LeaderCountryISO", "CountryVisitedISO", "TripYear", "LeaderFullName"}
	return Layout{Key: "colt", Title: "Country and Organizational Leader Travel (COLT)", Known: has(names...), read: func(r *reading) error {
		h, _ := find(r.book, names...)
		for _, row := range h.rows() {
			from, ok := r.names.Code(h.get(row, "leadercountryiso"))
			to, ok2 := r.names.Code(h.get(row, "countryvisitediso"))
			if !ok || !ok2 || from == to {
				r.skip++ // organisations, and travel at home
				continue
			}
			when := h.get(row, "tripyear")
			if y, ok := whole(when); !ok || y < 1900 || y > 2100 {
				r.fault(h.sheet, row.Line, h.col["tripyear"], "year", "year", "Found", when)
				continue
			}
			if d := day(h.get(row, "tripstartdate")); strings.HasPrefix(d, when) {
				when = d
			}
			who := h.get(row, "leaderfullname")
			if role := cmp.Or(h.get(row, "leaderrole"), h.get(row, "leadertitle")); role != "" {
				who = role + " " + who
			}
			r.add(h.sheet, row.Line, claim{"series": "leader_visit", "place": string(to), "partner": string(from), "subject": shorten(who, 120), "when": when, "value": "1"})
		}
		return nil
	}}
}

// day returns a day as 2006-01-02 from text of that form, with or without a time,
// or from a workbook's count of days since 1899-12-30; "" for anything else.
func day(s string) string {
	if len(s) >= 10 && s[4] == '-' && s[7] == '-' {
		return s[:10]
	}
	if v, ok := number(s); ok && v > 10_000 && v < 80_000 {
		return excelDay(int(v))
	}
	return ""
}

// poll is a table of opinion polls: one row an answer to a question in a
// country; about, if there is such a column, is the country asked about. deff is how much the design widens the sampling error; where it is
// not given the range is that of a simple sample, and too narrow.
func poll() Layout {
	names := []string{"place", "question", "answer", "percent", "n", "date"}
	return Layout{Key: "polls", Title: "Opinion polls: place, about, question, wording, answer, percent, n, deff, date, weighting", Known: has(names...), read: func(r *reading) error {
		h, _ := find(r.book, names...)
		titles := map[string]bool{}
		for _, row := range h.rows() {
			place, ok := r.names.Code(h.get(row, "place"))
			if !ok {
				r.fault(h.sheet, row.Line, h.col["place"], "place", "place", "Found", h.get(row, "place"))
				continue
			}
			p, ok := number(h.get(row, "percent"))
			if !ok || p < 0 || p > 100 {
				r.fault(h.sheet, row.Line, h.col["percent"], "percent", "percent", "Found", h.get(row, "percent"))
				continue
			}
			n, ok := whole(h.get(row, "n"))
			if !ok || n < 1 {
				r.fault(h.sheet, row.Line, h.col["n"], "asked", "asked", "Found", h.get(row, "n"))
				continue
			}
			deff := 1.0
			if s := h.get(row, "deff"); s != "" {
				if deff, ok = number(s); !ok || deff < 1 {
					r.fault(h.sheet, row.Line, h.col["deff"], "deff", "deff", "Found", s)
					continue
				}
			}
			about := shanyraq.CountryCode("")
			if s := h.get(row, "about"); s != "" {
				if about, ok = r.names.Code(s); !ok {
					r.fault(h.sheet, row.Line, h.col["about"], "place", "place", "Found", s)
					continue
				}
			}
			lo, hi := wilson(p/100, float64(n)/deff)
			id := "poll_" + slug(h.get(row, "question"))
			if !titles[id] {
				titles[id] = true
				q := h.get(row, "question")
				r.about(shanyraq.SeriesID(id), "percent", "softpower", q, q, q)
			}
			note := []string{fmt.Sprintf("%d asked", n)}
			for name, says := range map[string]string{"wording": "wording", "weighting": "weighted by"} {
				if s := h.get(row, name); s != "" {
					note = append(note, says+": "+s)
				}
			}
			slices.Sort(note[1:])
			r.add(h.sheet, row.Line, claim{"series": id, "place": string(place), "partner": string(about), "subject": h.get(row, "answer"), "when": h.get(row, "date"), "value": decimal(p), "low": fixed(min(p, 100*lo)), "high": fixed(max(p, 100*hi)), "kind": "confidence", "level": "0.95", "unit": "percent", "note": strings.Join(note, "; ")})
		}
		return nil
	}}
}

// coding is a sheet of codes: one row an act, a coder and an item, as the command
// "vectors coding --template" lays it out. Codes are 0, 1 or 2; an empty one was
// not answered.
func coding() Layout {
	names := []string{"home", "act", "power", "coder", "item", "code"}
	return Layout{Key: "coding", Title: "Coding sheet of acts: home, act, power, when, coder, item, code", Known: has(names...), read: func(r *reading) error {
		h, _ := find(r.book, names...)
		seen, told := map[string]int{}, map[string]int{}
		for _, item := range vectors.Items() {
			t := codingTitles[item]
			r.about(shanyraq.SeriesID("coding_"+item), "points", "diplomacy", t[0], t[1], t[2])
		}
		for _, row := range h.rows() {
			code, coder, item := h.get(row, "code"), h.get(row, "coder"), strings.ToLower(h.get(row, "item"))
			if code == "" {
				r.skip++
				continue
			}
			power, ok := codedPower(r.names, h.get(row, "power"))
			place, there := r.names.Code(h.get(row, "home"))
			key := strings.Join([]string{string(place), string(power), h.get(row, "act"), h.get(row, "when"), coder, item}, "\x00")
			fault := func(column, what, remedy string, args ...any) {
				same := fmt.Sprint(append([]any{column, what}, args...)...)
				if told[same]++; told[same] > sameFaults {
					r.more++
					return
				}
				r.fault(h.sheet, row.Line, h.col[column], what, remedy, args...)
			}
			switch {
			case !there:
				fault("home", "place", "place", "Found", h.get(row, "home"))
			case !ok:
				fault("power", "place", "place", "Found", h.get(row, "power"))
			case !slices.Contains(vectors.Items(), item):
				fault("item", "item", "column", "Found", item, "Known", strings.Join(vectors.Items(), ", "))
			case code != "0" && code != "1" && code != "2":
				fault("code", "code", "code", "Found", code)
			case coder == "":
				fault("coder", "coder", "coder")
			case seen[key] != 0:
				fault("code", "again", "again", "Line", seen[key])
			default:
				seen[key] = row.Line
				r.add(h.sheet, row.Line, claim{"series": "coding_" + item, "place": string(place), "partner": string(power), "subject": h.get(row, "act"), "when": h.get(row, "when"), "value": code, "unit": "points", "who": coder, "strength": "opinion"})
			}
		}
		return nil
	}}
}

// sameFaults is how often the same thing wrong with a coding sheet is told before
// it is only counted: one slip of a coder can stand in every row.
const sameFaults = 3

// codedPower returns the country of a name or code, or the European Union, which
// is a power and no country.
func codedPower(names Names, name string) (shanyraq.CountryCode, bool) {
	switch strings.ToLower(name) {
	case "euu", "eu", "european union", "ес", "европейский союз", "ео", "еуропалық одақ":
		return shanyraq.EuropeanUnion, true
	}
	return names.Code(name)
}

// codingTitles are what the items of the coding sheet are called.
var codingTitles = map[string][3]string{
	"territory": {"Coded: denies the use of territory", "Код: отказ в использовании территории", "Код: аумақты пайдалануға бермеу"},
	"entangle":  {"Coded: binds by rules and bodies", "Код: связывание правилами и организациями", "Код: ережемен және ұйыммен байлау"},
	"economy":   {"Coded: builds ties that go round the power", "Код: связи в обход державы", "Код: державаны айналып өтетін байланыс"},
	"resolve":   {"Coded: shows it will not follow", "Код: показывает, что не последует", "Код: ермейтінін көрсетеді"},
}

// wilson returns the interval of level 0.95 of a share of n [wilson1927].
func wilson(p, n float64) (lo, hi float64) {
	const z = 1.959963984540054
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, mid-half), min(1, mid+half)
}

// slug returns what a text is called in a series' name.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		if b.Len() >= 40 {
			break
		}
	}
	if out := strings.Trim(b.String(), "_"); out != "" {
		return out
	}
	h := uint32(2166136261) // a name in another script: told apart by its letters
	for _, c := range []byte(s) {
		h = (h ^ uint32(c)) * 16777619
	}
	return fmt.Sprintf("q%08x", h)
}
