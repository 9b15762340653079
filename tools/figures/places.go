package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// languages are those country names are kept in, as BCP 47 codes.
var languages = []string{"en", "ru", "kk", "ar", "tr", "zh", "uz", "ky", "mn", "de", "fr", "fa"}

// shortNames replaces names that the CLDR gives in a longer or an unusual form.
var shortNames = map[string]map[string]string{
	"COD": {"en": "DR Congo", "ru": "ДР Конго", "kk": "Конго ДР"},
	"COG": {"en": "Congo", "ru": "Конго", "kk": "Конго"},
	"HKG": {"en": "Hong Kong", "ru": "Гонконг", "kk": "Гонконг", "de": "Hongkong", "fr": "Hong Kong", "tr": "Hong Kong", "zh": "香港", "uz": "Gonkong", "ky": "Гонконг", "mn": "Хонконг", "ar": "هونغ كونغ", "fa": "هنگ‌کنگ"},
	"MAC": {"en": "Macao", "ru": "Макао", "kk": "Макао", "de": "Macau", "fr": "Macao", "tr": "Makao", "zh": "澳门", "uz": "Makao", "ky": "Макао", "mn": "Макао", "ar": "مكاو", "fa": "ماکائو"},
	"MMR": {"en": "Myanmar", "ru": "Мьянма", "kk": "Мьянма", "de": "Myanmar", "fr": "Myanmar", "tr": "Myanmar", "uz": "Myanma", "ky": "Мьянма", "ar": "ميانمار", "fa": "میانمار"},
	"PSE": {"en": "Palestine", "ru": "Палестина", "kk": "Палестина", "de": "Palästina", "fr": "Palestine", "tr": "Filistin", "zh": "巴勒斯坦", "uz": "Falastin", "ky": "Палестина", "mn": "Палестин", "ar": "فلسطين", "fa": "فلسطین"},
	"KGZ": {"ru": "Кыргызстан"},
	"USA": {"kk": "АҚШ", "ru": "США"},
	"SWZ": {"uz": "Esvatini", "ky": "Эсватини"},
}

// extras are the places that the standard's current list does not have.
var extras = []struct {
	code, alpha2, numeric, region, subregion string
	names                                    map[string]string
}{
	{"WLD", "", "", "", "", map[string]string{"en": "World", "ru": "Весь мир", "kk": "Дүние жүзі", "ar": "العالم", "tr": "Dünya", "zh": "世界", "uz": "Dunyo", "ky": "Дүйнө", "mn": "Дэлхий", "de": "Welt", "fr": "Monde", "fa": "جهان"}},
	{"EUU", "EU", "", "Europe", "", map[string]string{"en": "European Union", "ru": "Европейский союз", "kk": "Еуропалық одақ", "ar": "الاتحاد الأوروبي", "tr": "Avrupa Birliği", "zh": "欧洲联盟", "uz": "Yevropa Ittifoqi", "ky": "Европа Биримдиги", "mn": "Европын Холбоо", "de": "Europäische Union", "fr": "Union européenne", "fa": "اتحادیهٔ اروپا"}},
	{"XKX", "XK", "", "Europe", "Southern Europe", map[string]string{"en": "Kosovo", "ru": "Косово", "kk": "Косово", "ar": "كوسوفو", "tr": "Kosova", "zh": "科索沃", "uz": "Kosovo", "ky": "Косово", "mn": "Косово", "de": "Kosovo", "fr": "Kosovo", "fa": "کوزوو"}},
	{"CHI", "", "", "Europe", "Northern Europe", map[string]string{"en": "Channel Islands", "ru": "Нормандские острова", "kk": "Нормандия аралдары", "ar": "جزر القنال", "tr": "Manş Adaları", "zh": "海峡群岛", "uz": "Normand orollari", "ky": "Норманд аралдары", "mn": "Нормандын арлууд", "de": "Kanalinseln", "fr": "Îles Anglo-Normandes", "fa": "جزایر مانش"}},
	{"SUN", "SU", "810", "Europe", "", map[string]string{"en": "Soviet Union", "ru": "СССР", "kk": "КСРО", "ar": "الاتحاد السوفيتي", "tr": "Sovyetler Birliği", "zh": "苏联", "uz": "SSSR", "ky": "СССР", "mn": "ЗХУ", "de": "Sowjetunion", "fr": "Union soviétique", "fa": "شوروی"}},
	{"YUG", "YU", "891", "Europe", "Southern Europe", map[string]string{"en": "Yugoslavia", "ru": "Югославия", "kk": "Югославия", "ar": "يوغوسلافيا", "tr": "Yugoslavya", "zh": "南斯拉夫", "uz": "Yugoslaviya", "ky": "Югославия", "mn": "Югослав", "de": "Jugoslawien", "fr": "Yougoslavie", "fa": "یوگسلاوی"}},
	{"SCG", "CS", "891", "Europe", "Southern Europe", map[string]string{"en": "Serbia and Montenegro", "ru": "Сербия и Черногория", "kk": "Сербия және Черногория", "ar": "صربيا والجبل الأسود", "tr": "Sırbistan ve Karadağ", "zh": "塞尔维亚和黑山", "uz": "Serbiya va Chernogoriya", "ky": "Сербия жана Черногория", "mn": "Серби ба Монтенегро", "de": "Serbien und Montenegro", "fr": "Serbie-et-Monténégro", "fa": "صربستان و مونته‌نگرو"}},
	{"CSK", "CS", "200", "Europe", "Eastern Europe", map[string]string{"en": "Czechoslovakia", "ru": "Чехословакия", "kk": "Чехословакия", "ar": "تشيكوسلوفاكيا", "tr": "Çekoslovakya", "zh": "捷克斯洛伐克", "uz": "Chexoslovakiya", "ky": "Чехословакия", "mn": "Чехословак", "de": "Tschechoslowakei", "fr": "Tchécoslovaquie", "fa": "چکسلواکی"}},
	{"DDR", "DD", "278", "Europe", "Western Europe", map[string]string{"en": "East Germany", "ru": "ГДР", "kk": "ГДР", "ar": "ألمانيا الشرقية", "tr": "Doğu Almanya", "zh": "东德", "uz": "GDR", "ky": "ГДР", "mn": "БНАГУ", "de": "DDR", "fr": "Allemagne de l’Est", "fa": "آلمان شرقی"}},
}

// places writes places.csv, the table of every code a claim may use.
func places(w *workspace) error {
	names := map[string]map[string]string{} // language, alpha-2
	for _, l := range languages {
		n, err := territories(filepath.Join(w.names, l, "territories.json"), l)
		if err != nil {
			return err
		}
		names[l] = n
	}
	w.places, w.alpha3 = map[string]bool{}, map[string]string{}
	var rows [][]string
	add := func(code, alpha2, numeric, region, subregion string, name func(lang string) string) {
		line := []string{code, alpha2, numeric, region, subregion}
		for _, l := range languages {
			line = append(line, name(l))
		}
		rows = append(rows, line)
		w.places[code] = true
	}
	err := w.read("geo/country_names.csv", func(r row) error {
		code := r["iso3"]
		w.alpha3[r["iso2"]] = code
		add(code, r["iso2"], fmt.Sprintf("%03s", r["num"]), r["region"], r["subregion"], func(l string) string {
			if n := shortNames[code][l]; n != "" {
				return n
			}
			return names[l][r["iso2"]]
		})
		return nil
	})
	if err != nil {
		return err
	}
	for _, e := range extras {
		add(e.code, e.alpha2, e.numeric, e.region, e.subregion, func(l string) string { return e.names[l] })
	}
	slices.SortFunc(rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	header := []string{"code", "alpha2", "numeric", "region", "subregion"}
	for _, l := range languages {
		header = append(header, "name_"+l)
	}
	b, err := table(header, rows)
	if err != nil {
		return err
	}
	return w.store("places.csv", b)
}

// renamed are the cities whose name has changed since the gazetteer's extract,
// by its number.
var renamed = map[string]string{"1526273": "Astana"}

// cities writes cities.csv: capitals and cities of 100,000 and more, by country,
// the capital first and then by the alphabet.
func cities(w *workspace) error {
	const least = 100_000
	var rows [][]string
	err := w.read("geo/cities15000_geonames.csv", func(r row) error {
		people, err := strconv.Atoi(r["population"])
		if err != nil {
			return err
		}
		code, order := w.alpha3[r["iso2"]], "1"
		if r["feature_code"] == "PPLC" {
			order = "0"
		} else if people < least {
			return nil
		}
		if code == "" {
			return nil
		}
		for _, name := range []string{r["name"], renamed[r["geonames_id"]]} {
			if name != "" {
				rows = append(rows, []string{code, name, order})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b []string) int {
		return cmp.Or(strings.Compare(a[0], b[0]), strings.Compare(a[2], b[2]), strings.Compare(a[1], b[1]))
	})
	for i, r := range rows {
		rows[i] = r[:2]
	}
	rows = slices.CompactFunc(rows, slices.Equal)
	b, err := table([]string{"place", "city"}, rows)
	if err != nil {
		return err
	}
	return w.store("cities.csv", b)
}

// territories returns the CLDR's names by alpha-2 code, the short form where
// there is one.
func territories(path, lang string) (map[string]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Main map[string]struct {
			Names struct {
				Territories map[string]string `json:"territories"`
			} `json:"localeDisplayNames"`
		} `json:"main"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	out := doc.Main[lang].Names.Territories
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no names in %s", path, lang)
	}
	if lang == "en" {
		out["TR"] = "Türkiye" // the name the state uses
	}
	return out, nil
}
