package view_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanyraq"
	"shanyraq/internal/locale"
	"shanyraq/internal/view"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code writes now")

// golden compares got with testdata/name. After a change that is meant, run
//
//	go test ./internal/view -update
//
// and read the difference in the files before committing them.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what the code writes now:\n%s", path, got)
	}
}

func figure(t testing.TB, path string, v, lo, hi float64, kind shanyraq.IntervalKind, unit shanyraq.Unit, sources ...shanyraq.SourceID) shanyraq.Figure {
	t.Helper()
	iv := shanyraq.Interval{Lo: lo, Hi: hi, Kind: kind}
	if kind.HasLevel() {
		iv.Level = 0.95
	}
	if len(sources) == 0 {
		sources = []shanyraq.SourceID{"census"}
	}
	f, err := shanyraq.NewFigure(path, v, iv, unit, shanyraq.Lineage{Method: "claim", Sources: sources})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// tables are one of each kind, with whatever a table can hold.
func tables(t testing.TB) map[string]*view.Table {
	ranges := &view.Table{
		Key: "hosts", Title: "Hosts", RowHead: "Host", Notes: []string{"A gap means that nothing is known."}, Chart: &view.Chart{Type: "ranges", Value: "size", Unit: "persons"},
		Columns: []view.Column{{Key: "size", Label: "Persons", Figures: true}, {Key: "who", Label: "Who"}},
	}
	ranges.Add(view.Row{Key: "DEU", Label: "Germany", Href: "/hosts/DEU", Home: true}, view.Cell{Figure: figure(t, "a/DEU", 485, 361, 692, shanyraq.Confidence, "persons", "census", "un")}, view.Cell{Text: "office", Badge: "measured"})
	ranges.Add(view.Row{Key: "RUS", Label: "Russia"}, view.Cell{Figure: figure(t, "a/RUS", 1321004, 1321003.5, 2558907.5, shanyraq.Spread, "persons")}, view.Cell{Text: `said "about", so`})
	ranges.Add(view.Row{Key: "NRU", Label: "Nauru"}, view.Fig(shanyraq.Figure{}, "nobody counted so"), view.Cell{})

	scripts := &view.Table{Key: "scripts", Title: "Кестелер", RowHead: "Ел", Columns: []view.Column{{Key: "v", Label: "Мән", Figures: true}, {Key: "text", Label: "Мәтін"}}}
	scripts.Add(view.Row{Key: "a", Label: "قازاقستان"}, view.Cell{Figure: figure(t, "a", -0.5, -0.58, -0.43, shanyraq.Credible, "points")}, view.Cell{Text: "哈萨克斯坦"})
	scripts.Add(view.Row{Key: "b", Label: "Экономикалық ынтымақтастық және даму ұйымына кірмейтін мемлекеттердің ұзын атауы"}, view.Cell{Figure: figure(t, "b", 12, 12, 12, shanyraq.Counted, "records")}, view.Cell{Text: "a\nb"})

	formulas := &view.Table{Key: "formulas", RowHead: "x", Columns: []view.Column{{Key: "text", Label: "Text"}}}
	for _, s := range []string{`=HYPERLINK("x","B")`, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "1-1", " =1", ""} {
		formulas.Add(view.Row{Key: s, Label: s}, view.Cell{Text: s})
	}

	empty := &view.Table{Key: "empty", Title: "Nothing", RowHead: "Host", Columns: ranges.Columns, Chart: ranges.Chart, Empty: "Import a census."}
	rank := &view.Table{Key: "rank", Title: "League", RowHead: "Country", Chart: &view.Chart{Type: "ranges", Value: "rank", Reverse: true}, Columns: []view.Column{{Key: "rank", Label: "Rank", Figures: true}, {Key: "gdp", Label: "Output", Figures: true}}}
	rank.Add(view.Row{Key: "KAZ", Label: "Kazakhstan", Group: "Central Asia"}, view.Cell{Figure: figure(t, "standing/material/KAZ/2024/rank?w.gdp=2", 51, 38, 70, shanyraq.Varied, "rank", "wdi")}, view.Cell{Figure: figure(t, "g", 8.4e11, 8.39e11, 8.41e11, shanyraq.Printed, "intl_usd")})

	lines := &view.Table{Key: "points-lines", Title: "Positions", RowHead: "Year", Chart: &view.Chart{Type: "lines", Value: "point", X: "year", Unit: "points"}, Columns: []view.Column{{Key: "year", Label: "Year"}, {Key: "point", Label: "Position", Figures: true}}}
	panels := &view.Table{Key: "panels", Title: "Ties", RowHead: "Power", Chart: &view.Chart{Type: "panels", Value: "share", Unit: "percent"}, Columns: []view.Column{{Key: "share", Label: "Share", Figures: true}}}
	for _, group := range []string{"Kazakhstan", "China"} {
		for _, year := range []string{"2023", "2024"} {
			lines.Add(view.Row{Key: group + "/" + year, Label: year, Group: group, Home: group == "Kazakhstan"}, view.Cell{Text: year}, view.Cell{Figure: figure(t, "p/"+group+"/"+year, -0.5058, -0.61, -0.4, shanyraq.Credible, "points")})
		}
		panels.Add(view.Row{Key: "exports/" + group, Label: group, Group: "Exports, 2023"}, view.Cell{Figure: figure(t, "s/"+group, 18.53, 15.5, 18.535, shanyraq.Spread, "percent", "bns-trade", "cia-factbook")})
	}
	panels.Add(view.Row{Key: "exports/USA", Label: "United States", Group: "Exports, 2023"}, view.Fig(shanyraq.Figure{}, "not listed: under 5.5%"))

	where := &view.Table{Key: "countries", Title: "People", RowHead: "Country", Chart: &view.Chart{Type: "map", Value: "n", Symbols: true, Log: true, Unit: "persons"}, Columns: []view.Column{{Key: "n", Label: "People", Figures: true}, {Key: "b", Label: "Limits", Figures: true}}}
	where.Add(view.Row{Key: "KAZ", Label: "Kazakhstan"}, view.Cell{Figure: figure(t, "n", 20843754, 20843753.5, 20843754.5, shanyraq.Printed, "persons", "wdi")}, view.Cell{Figure: figure(t, "b", 0.0796, 0.0591, 0.1041, shanyraq.Bounds, "index")})
	where.Add(view.Row{Key: "WLD", Label: "World"}, view.Cell{Figure: figure(t, "m", 4.5e6, 4.5e6, 7e6, shanyraq.Judged, "persons")}, view.Cell{Missing: "no data"})
	return map[string]*view.Table{"ranges": ranges, "scripts": scripts, "formulas": formulas, "empty": empty, "rank": rank, "lines": lines, "panels": panels, "map": where}
}

func TestTables(t *testing.T) {
	for name, table := range tables(t) {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := table.WriteCSV(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".csv", b.Bytes())
			for _, lang := range []string{"en", "kk", "ru"} {
				loc := locale.For(lang)
				b.Reset()
				if err := table.WriteText(&b, loc); err != nil {
					t.Fatal(err)
				}
				golden(t, name+"."+lang+".txt", b.Bytes())
			}
			j, err := json.MarshalIndent(table.JSON(locale.For("en")), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".json", append(withoutLabels(t, j), '\n'))
		})
	}
}

// withoutLabels drops the words charts are labelled with, which are the
// catalogue's and the same in every table.
func withoutLabels(t *testing.T, b []byte) []byte {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	labels, _ := m["labels"].(map[string]any)
	if len(labels) < len(shanyraq.IntervalKinds()) {
		t.Errorf("labels %v", labels)
	}
	delete(m, "labels")
	out, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSummary(t *testing.T) {
	en := locale.For("en")
	all := tables(t)
	s := all["ranges"].Summary(en)
	for _, part := range []string{"Hosts", "Germany", "485 (361–692)", "Russia", "1,320,000"} {
		if !strings.Contains(s, part) {
			t.Errorf("%q does not say %s", s, part)
		}
	}
	if s := all["rank"].Summary(en); !strings.Contains(s, "Central Asia, Kazakhstan") {
		t.Errorf("%q does not say which group", s)
	}
	if s := all["empty"].Summary(en); !strings.Contains(s, "Nothing") || strings.Contains(s, "{{") || strings.Contains(s, "⟦") {
		t.Errorf("of nothing: %q", s)
	}
	if s := all["scripts"].Summary(en); s != "Кестелер" {
		t.Errorf("of a table without a chart: %q", s)
	}
	wrong := *all["ranges"]
	wrong.Chart = &view.Chart{Value: "none"}
	if s := wrong.Summary(en); s != "Hosts" {
		t.Errorf("of a chart of no column: %q", s)
	}
}

// A spreadsheet reads no text of ours as a formula, whatever it is, and every
// other reader gets every field back.
func TestCSVIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := &view.Table{Columns: []view.Column{{Key: "a"}, {Key: "b"}}}
		texts := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+@\t\r\n-].*`)), 4, 4).Draw(t, "texts")
		table.Add(view.Row{Key: texts[0], Label: texts[1]}, view.Cell{Text: texts[2]}, view.Cell{Text: texts[3]})
		var b bytes.Buffer
		if err := table.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%v, %v", rows, err)
		}
		for i, got := range rows[1] {
			if got != "" && strings.ContainsRune("=+-@\t\r", rune(got[0])) {
				t.Fatalf("field %d is %q", i, got)
			}
			want := strings.ReplaceAll(texts[i], "\r\n", "\n") // as the format has it
			if strings.TrimPrefix(got, "'") != want && got != want {
				t.Fatalf("field %d is %q, want %q", i, got, want)
			}
		}
	})
}

func TestTableSources(t *testing.T) {
	table := tables(t)["ranges"]
	if got := table.Sources(); !reflect.DeepEqual(got, []shanyraq.SourceID{"census", "un"}) {
		t.Errorf("sources %v", got)
	}
	if !table.HasFigures() || tables(t)["formulas"].HasFigures() {
		t.Error("which table has figures?")
	}
	p := &view.Page{Tables: []*view.Table{table, {Key: "second", Drawn: &view.Table{Key: "drawn"}}}}
	if p.Table("") != table || p.Table("second") != p.Tables[1] || p.Table("drawn") != p.Tables[1].Drawn || p.Table("none") != nil {
		t.Error("tables are not found by their keys")
	}
	if got := p.Sources(); len(got) != 2 {
		t.Errorf("sources of the page %v", got)
	}
}
