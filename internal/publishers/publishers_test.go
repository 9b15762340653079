package publishers

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"shanyraq"
	"shanyraq/internal/ingest"
)

// world is a few countries under their names.
type world map[string]shanyraq.CountryCode

func (w world) Code(s string) (shanyraq.CountryCode, bool) {
	c, ok := w[strings.ToLower(s)]
	return c, ok
}

var names = world{"kaz": "KAZ", "398": "KAZ", "kazakhstan": "KAZ", "казахстан": "KAZ", "deu": "DEU", "276": "DEU", "germany": "DEU", "германия": "DEU", "rus": "RUS", "643": "RUS", "россия": "RUS", "chn": "CHN", "china": "CHN", "uzb": "UZB", "860": "UZB", "uzbekistan": "UZB"}

// workbook makes a workbook of sheets of cells.
func workbook(t *testing.T, sheets map[string][][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for name, rows := range sheets {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t *testing.T, name string, data []byte) *Book {
	t.Helper()
	b, err := Open(t.Context(), name, data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// lines are the lines of a result without empty columns, column=value.
func lines(t *testing.T, r Result) []string {
	t.Helper()
	var out []string
	for i, l := range strings.Split(strings.TrimSpace(string(r.Table)), "\n") {
		if i == 0 {
			if l != strings.Join(columns, ",") {
				t.Errorf("header %s", l)
			}
			continue
		}
		var kept []string
		for _, c := range strings.Split(l, ",") {
			if c != "" {
				kept = append(kept, c)
			}
		}
		out = append(out, strings.Join(kept, " "))
	}
	if len(out) != len(r.Origin) {
		t.Errorf("%d lines come from %d places", len(out), len(r.Origin))
	}
	return out
}

func convert(t *testing.T, key string, b *Book, m *Mapping) Result {
	t.Helper()
	r, err := Convert(t.Context(), key, b, names, m)
	if err != nil {
		t.Fatal(err)
	}
	// Whatever comes out is a table of claims.
	if _, err := ingest.ReadClaims(bytes.NewReader(r.Table), "claims.csv", ingest.Options{Source: "s", Strength: shanyraq.Estimated, Rivals: true}); err != nil {
		var f *ingest.Faults
		if !errors.As(err, &f) || !strings.Contains(err.Error(), "states no unit") && !strings.Contains(err.Error(), "unit") {
			t.Errorf("%s: %v", key, err)
		}
	}
	return r
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// migrants is Table 1 of the edition of 2024: prose above, the years three
// times, regions and the world among the countries.
func migrants(t *testing.T) []byte {
	head := []any{"Index", "Region, development group, country or area of destination", "Coverage", "Data type", "Location code of destination", "Region, development group, country or area of origin", "Location code of origin", 1990, 2024, 1990, 2024, 1990, 2024}
	return workbook(t, map[string][][]any{"Contents": {{"Table 1"}}, "Table 1": {
		{"United Nations"}, {"Population Division"}, {}, {}, {}, {}, {}, {}, {nil, nil, nil, nil, nil, nil, nil, "International migrant stock at mid-year (both sexes)"}, {},
		head,
		{1, "WORLD", nil, nil, 900, "WORLD", 900, 150, 300, 1, 1, 1, 1},
		{2, "Germany", nil, "B", 276, "Kazakhstan", 398, "..", 896268, 1, 2, 3, 4},
		{3, "Central Asia", nil, nil, 5500, "Kazakhstan", 398, 5, 6, 1, 2, 3, 4},
		{4, "Germany*", nil, "B", 276, "Other", 2003, 5, 6, 1, 2, 3, 4},
		{5, "Russian Federation", nil, "B", 643, "Kazakhstan", 398, "1 500", 1321004, 1, 2, 3, 4},
	}})
}

func TestMigrantStock(t *testing.T) {
	b := open(t, "ims.xlsx", migrants(t))
	if key := Recognise(b); key != "un-desa" {
		t.Errorf("taken for %s", key)
	}
	r := convert(t, "un-desa", b, nil)
	same(t, lines(t, r),
		"people_from WLD WLD 1990 150 1 migrant_stock", "people_from WLD WLD 2024 300 1 migrant_stock",
		"people_from DEU KAZ 2024 896268 1 migrant_stock",
		"people_from RUS KAZ 1990 1500 1 migrant_stock", "people_from RUS KAZ 2024 1321004 1 migrant_stock")
	if r.Skipped != 2 || r.Origin[2] != (Place{"ims.xlsx [Table 1]", 13}) {
		t.Errorf("skipped %d, the third line from %+v", r.Skipped, r.Origin[2])
	}
}

func TestVDem(t *testing.T) {
	r := convert(t, "v-dem", open(t, "v.csv", []byte("country_name,country_text_id,country_id,year,v2x_polyarchy,v2x_polyarchy_codelow,v2x_polyarchy_codehigh,v2x_libdem,v2x_freexp_altinf\nKazakhstan,KAZ,121,2024,0.272,0.25,0.3,0.134,0.31\nPrussia,PRU,1,1900,0.1,0.05,0.2,NA,\nUzbekistan,UZB,140,2024,0.2,,,,\n")), nil)
	same(t, lines(t, r), "VDEM_v2x_polyarchy KAZ 2024 0.272 0.25 0.3 credible 0.68 0.001", "VDEM_v2x_libdem KAZ 2024 0.134 0.001", "VDEM_v2x_freexp_altinf KAZ 2024 0.31 0.001", "VDEM_v2x_polyarchy UZB 2024 0.2 0.001")
	if r.Skipped != 1 {
		t.Errorf("skipped %d", r.Skipped)
	}
	_, err := Convert(t.Context(), "v-dem", open(t, "v.csv", []byte("country_text_id,year,v2x_polyarchy,v2x_polyarchy_codelow,v2x_polyarchy_codehigh\nKAZ,2024,high,0.2,0.3\n")), names, nil)
	if want := "v.csv:2:3: high is no number; write a number, or leave the cell empty"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// Three in four of weight 1 say yes, one of weight 3 says no: half of the
// weight, in 36/12 answers of equal weight.
func TestWorldValues(t *testing.T) {
	rows := "B_COUNTRY_ALPHA,A_YEAR,W_WEIGHT,Q57,Q49\n" + strings.Repeat("KAZ,2018,1,1,8\n", 3) + "KAZ,2018,3,2,8\nKAZ,2018,1,-1,-2\nXXX,2018,1,1,1\n"
	r := convert(t, "wvs", open(t, "w.csv", []byte(rows)), nil)
	n := 36.0 / 12
	half := 1.959963984540054 * math.Sqrt(2500/(n-1))
	same(t, lines(t, r),
		"values_satisfied KAZ 2018 8.0000 points \"question Q49  about 3 answers of equal weight\"",
		fmt.Sprintf("values_trust KAZ 2018 50.0000 %.4f %.4f confidence 0.95 percent \"question Q57  about 3 answers of equal weight\"", max(0, 50-half), min(100, 50+half)))
	if r.Skipped != 1 || len(r.Series) != 2 || r.Series[0].Topic != "values" {
		t.Errorf("%d skipped, series %+v", r.Skipped, r.Series)
	}
}

func TestHofstede(t *testing.T) {
	r := convert(t, "hofstede", open(t, "h.csv", []byte("ctr;country;pdi;idv;mas;uai;ltowvs;ivr\nGER;Germany;35;67;66;65;83;40\nAFE;Africa East;64;27;41;52;32;40\nKAZ;Kazakhstan;#NULL!;#NULL!;#NULL!;#NULL!;85;#NULL!\n")), nil)
	got := lines(t, r)
	if len(got) != 7 || got[0] != "values_hofstede_pdi DEU 2015 35 1 points" || got[6] != "values_hofstede_ltowvs KAZ 2015 85 1 points" || r.Skipped != 1 {
		t.Errorf("%q, %d skipped", got, r.Skipped)
	}
}

func TestAidData(t *testing.T) {
	data := workbook(t, map[string][][]any{"GCDF_3.0": {
		{"AidData Record ID", "Recommended For Aggregates", "Financier Country", "Recipient", "Recipient ISO-3", "Commitment Year", "Title", "Flow Type", "Flow Class", "Sector Name", "Amount (Nominal USD)"},
		{101, "Yes", "China", "Kazakhstan", "KAZ", 2014, "Chinese  government\nlends", "Loan", "OOF-like", "ENERGY", 5e8},
		{102, "No", "China", "Kazakhstan", "KAZ", 2014, "Part of 101", "Loan", "OOF-like", "ENERGY", 5e8},
		{103, "Yes", "China", "Africa, regional", "", 2014, "Many", "Grant", "ODA-like", "HEALTH", nil},
	}})
	r := convert(t, "aiddata", open(t, "g.xlsx", data), nil)
	same(t, lines(t, r), "programme_aid KAZ CHN 101 Chinese government lends 2014 1 records Loan; OOF-like; ENERGY; 500000000 US dollars of the year")
	if r.Skipped != 2 {
		t.Errorf("skipped %d", r.Skipped)
	}
}

func TestTravel(t *testing.T) {
	rows := "LeaderCountryOrIGO,LeaderCountryISO,LeaderFullName,LeaderRole,CountryVisitedISO,TripYear,TripStartDate\nChina,CHN,Xi Jinping,HOS,KAZ,2022,2022-09-14\nUN,UNO,Somebody,SG,KAZ,2022,2022-09-14\nChina,CHN,Xi Jinping,HOS,UZB,2022,44819\nChina,CHN,Xi Jinping,HOS,UZB,soon,\n"
	b := open(t, "c.csv", []byte(rows))
	_, err := Convert(t.Context(), "colt", b, names, nil)
	if want := "c.csv:5:6: soon is no date; write a year such as 2024, or a day such as 2024-06-01"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	b = open(t, "c.csv", []byte(strings.Replace(rows, "soon", "2013", 1)))
	same(t, lines(t, convert(t, "colt", b, nil)), "leader_visit KAZ CHN HOS Xi Jinping 2022-09-14 1", "leader_visit UZB CHN HOS Xi Jinping 2022-09-15 1", "leader_visit UZB CHN HOS Xi Jinping 2013 1")
}

func TestPolls(t *testing.T) {
	head := "place,question,wording,answer,percent,n,deff,date,weighting\n"
	r := convert(t, "polls", open(t, "p.csv", []byte(head+"Germany,View of Kazakhstan,What do you think of it?,good,50,1000,,2024-05,age\nGermany,View of Kazakhstan,,bad,50,1000,4,2024-05,\n")), nil)
	got := lines(t, r)
	// Wilson for 500 of 1000, and for 125 of 250 under a design effect of 4.
	if len(got) != 2 || !strings.HasPrefix(got[0], "poll_view_of_kazakhstan DEU good 2024-05 50 46.9070 53.0930 confidence 0.95 percent") || !strings.HasPrefix(got[1], "poll_view_of_kazakhstan DEU bad 2024-05 50 43.8491 56.1509") {
		t.Errorf("%q", got)
	}
	about := "place,about,question,answer,percent,n,date\n"
	r = convert(t, "polls", open(t, "p.csv", []byte(about+"Germany,Казахстан,View,good,50,1000,2024\nGermany,,View,good,50,1000,2024\n")), nil)
	if got := lines(t, r); len(got) != 2 || !strings.HasPrefix(got[0], "poll_view DEU KAZ good 2024 50 ") || !strings.HasPrefix(got[1], "poll_view DEU good 2024 50 ") {
		t.Errorf("%q", got)
	}
	if _, err := Convert(t.Context(), "polls", open(t, "p.csv", []byte(about+"Germany,Atlantis,View,good,50,1000,2024\n")), names, nil); err == nil || !strings.HasPrefix(err.Error(), "p.csv:2:2: no country is called Atlantis") {
		t.Errorf("%v", err)
	}
	for row, want := range map[string]string{
		"Atlantis,q,,a,50,1000,,2024,":   "p.csv:2:1: no country is called Atlantis",
		"Germany,q,,a,150,1000,,2024,":   "p.csv:2:5: 150 is no percentage",
		"Germany,q,,a,50,none,,2024,":    "p.csv:2:6: none is no number of people asked",
		"Germany,q,,a,50,1000,0.5,2024,": "p.csv:2:7: 0.5 is no design effect",
	} {
		if _, err := Convert(t.Context(), "polls", open(t, "p.csv", []byte(head+row+"\n")), names, nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A consulate's table: a title above, semicolons, Russian names, numbers with
// spaces, a total below.
const consulates = "Численность граждан за рубежом;;\n;;\nСтрана;2023 г.;2024 г.\nГермания;46 535;47 560*\nРоссия;93 000;нет данных\nВсего;139 535;140 560\n"

func TestGuessAndMap(t *testing.T) {
	b := open(t, "k.csv", []byte(consulates))
	m := Guess(b, names)
	if m.Header != 3 || m.Place != "Страна" || strings.Join(m.Years, "|") != "2023 г.|2024 г." || m.Value != "" {
		t.Fatalf("guessed %+v", m)
	}
	if _, err := Convert(t.Context(), "table", b, names, &m); err == nil || !strings.Contains(err.Error(), "does not say what is counted") {
		t.Errorf("without a series: %v", err)
	}
	m.Series, m.Definition, m.Of = "people_from", "citizenship", "KAZ"
	if _, err := Convert(t.Context(), "table", b, names, &m); err == nil || !strings.HasPrefix(err.Error(), "k.csv:6:1: no country is called Всего") {
		t.Errorf("with a total: %v", err)
	}
	m.Skip = []string{"Всего"}
	kept, err := ReadMapping(strings.NewReader(m.Say()), "m.json")
	if err != nil {
		t.Fatal(err)
	}
	same(t, lines(t, convert(t, "table", b, kept)), "people_from DEU KAZ 2023 46535 citizenship", "people_from DEU KAZ 2024 47560 citizenship", "people_from RUS KAZ 2023 93000 citizenship")
	if _, err := ReadMapping(strings.NewReader("{\n\"place\": \"A\",\n\"colour\": 1}"), "m.json"); err == nil || !strings.HasPrefix(err.Error(), "m.json:") || !strings.Contains(err.Error(), "colour") {
		t.Errorf("an unknown word: %v", err)
	}
	kept.Years, kept.Value = nil, "Сколько"
	if _, err := Convert(t.Context(), "table", b, names, kept); err == nil || !strings.Contains(err.Error(), "no column is headed Сколько; use one of: Страна, 2023 г., 2024 г.") {
		t.Errorf("an unknown column: %v", err)
	}
	kept.Value, kept.Place = "[C]", "[A]"
	same(t, lines(t, convert(t, "table", b, kept)), "people_from DEU KAZ 47560 citizenship")
	// A country named where a column belongs is the partner of every row.
	kept.Partner, kept.Of = "KAZ", ""
	same(t, lines(t, convert(t, "table", b, kept)), "people_from DEU KAZ 47560 citizenship")
	// Every part stands in what is proposed, with what it is for, and it can be read back.
	whole := m.Whole(func(part string) string { return "for " + part })
	for _, part := range Parts() {
		if !strings.Contains(whole, "\n  \""+part+"\": ") || !strings.Contains(whole, "\""+part+"\": \"for "+part+"\"") {
			t.Errorf("%s is not in %s", part, whole)
		}
	}
	if back, err := ReadMapping(strings.NewReader(whole), "m.json"); err != nil || back.Place != m.Place || back.Series != m.Series || len(back.Skip) != 1 {
		t.Errorf("%+v, %v", back, err)
	}
	fixed := Guess(open(t, "f.csv", []byte("partner,host,n\nKAZ,Germany,47560\nKAZ,China,93000\n")), names)
	if fixed.Place != "host" || fixed.Of != "KAZ" || fixed.Value != "n" {
		t.Errorf("guessed %+v", fixed)
	}
	// A long table in thousands, with a column of years.
	b = open(t, "l.csv", []byte("Year,Country,Thousands\n2020,Germany,1.5\n2021,China,\"1,250\"\n"))
	m = Guess(b, names)
	if m.Place != "Country" || m.When != "Year" || m.Value != "Thousands" || len(m.Years) != 0 {
		t.Fatalf("guessed %+v", m)
	}
	m.Series, m.Unit, m.Times = "students_abroad", "persons", 1000
	same(t, lines(t, convert(t, "table", b, &m)), "students_abroad DEU 2020 1500 1000 persons", "students_abroad CHN 2021 1250000 1000 persons")
}

// Wrong files are told from right ones by what is in them.
func TestOpenRefuses(t *testing.T) {
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	zero := bytes.Repeat([]byte("0"), 1<<20)
	for range 1100 {
		if _, err := w.Write(zero); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"empty":     "",
		"white":     " \n\t\n",
		"page":      "<!DOCTYPE html><html><body>403</body></html>",
		"old":       "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on",
		"bytes":     "place,value\nKAZ,\xff\xfe\x00\n",
		"half":      "\xff\xfea",
		"broken":    "PK\x03\x04 and nothing of a workbook",
		"bomb.xlsx": bomb.String(),
	} {
		_, err := Open(t.Context(), name, []byte(data))
		var f *ingest.Faults
		if !errors.As(err, &f) || shanyraq.KindOf(err) != shanyraq.Invalid || !strings.HasPrefix(err.Error(), name+":") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A workbook under the name of text is read all the same.
	if b := open(t, "ims.csv", migrants(t)); len(b.Sheets) != 2 {
		t.Errorf("%d sheets", len(b.Sheets))
	}
	// So is text with marks and in UTF-16.
	for _, data := range []string{"\xef\xbb\xbfplace,value\nKAZ,1\n", wide("place\tvalue\nKAZ\t1\n", false), wide("place;value\nKAZ;1\n", true)} {
		b := open(t, "t", []byte(data))
		if len(b.Sheets) != 1 || len(b.Sheets[0].Rows) != 2 || b.Sheets[0].Rows[1].Cell(1) != "1" || b.Sheets[0].Rows[0].Cell(0) != "place" {
			t.Errorf("%q: %+v", data, b.Sheets)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Open(ctx, "t", []byte("a,b\n")); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if _, err := Convert(t.Context(), "gallup", open(t, "t", []byte("a,b\n")), names, nil); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("a layout nobody has: %v", err)
	}
	if _, err := Convert(t.Context(), "v-dem", open(t, "t", []byte("a,b\n1,2\n")), names, nil); err == nil || !strings.Contains(err.Error(), "the headings are not those of") {
		t.Errorf("another layout: %v", err)
	}
}

// wide is text in UTF-16 with a mark.
func wide(s string, bigEndian bool) string {
	var b bytes.Buffer
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(s))...) {
		if bigEndian {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.String()
}

func TestNumbers(t *testing.T) {
	for s, want := range map[string]float64{"1": 1, "-2.5": -2.5, "−3": -3, "1 234": 1234, "1\u00a0234,5": 1234.5, "1,234": 1234, "1,234,567": 1234567, "1.234.567": 1234567, "1.234,5": 1234.5, "1,234.5": 1234.5, "0,123": 0.123, "12,5": 12.5, "1.234": 1.234, "1’000": 1000, "5e8": 5e8} {
		if got, ok := number(s); !ok || got != want {
			t.Errorf("%q is %v, %v; want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "x", "1-2", "1,2,3.4.5", "NaN", "Inf", "1 million"} {
		if got, ok := number(s); ok {
			t.Errorf("%q is %v", s, got)
		}
	}
	for s, want := range map[string]string{"2024": "2024", "01.06.2024": "2024-06-01", "1/6/2024": "2024-06-01", "06.2024": "2024-06", "2024-06-01": "2024-06-01", "45444": "2024-06-01", "soon": "", "": ""} {
		if got := when(s); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string]string{"2024": "2024", "2023 г.": "2023", "pop_1999": "1999", "12024": "", "Total": "", "2010-2020": ""} {
		if got := yearOf(s); got != want {
			t.Errorf("%q names %q, want %q", s, got, want)
		}
	}
}

// A file of the size of the United Nations' table is read while one waits.
func BenchmarkMigrantStock(b *testing.B) {
	var rows strings.Builder
	rows.WriteString("Index,a,b,c,Location code of destination,d,Location code of origin,1990,1995,2000,2005,2010,2015,2020,2024,1990\n")
	for i := range 33_000 {
		fmt.Fprintf(&rows, "%d,x,y,z,276,q,398,1,2,3,4,5,6,7,8,9\n", i)
	}
	data := []byte(rows.String())
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		book, err := Open(b.Context(), "t", data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Convert(b.Context(), "un-desa", book, names, nil); err != nil {
			b.Fatal(err)
		}
	}
}
