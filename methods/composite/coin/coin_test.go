package coin

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"shanyraq/methods/composite"
	"shanyraq/methods/internal/peers"
)

const meta = `Level,iCode,iName,Direction,Weight,Denominator,Parent,Type,Unit,Target,capped,Note
1,A,Алма,1,1,Pop,P,Indicator,t,3.5,TRUE,first
1,B,"Pears, ripe",-1,0.5,,P,Indicator,%,,FALSE,second
1,C,,1,2,,Q,Indicator,,,,
2,Q,Other,1,1,,T,Aggregate,,,,
2,P,Fruit,1,2,,T,Aggregate,,,,
3,T,Whole,1,1,,,Aggregate,,,,
,g,Region,,,,,Group,,,,
,Pop,People,,,,,Denominator,,,,
,memo,,,,,,Other,,,,
`

const data = `uCode,uName,g,Pop,A,B,C,memo
KAZ,Қазақстан,east,20,1.5,-3,1e3,x
USA,"States, United",,330,NA,,0.25,
`

func parse(t *testing.T) (Meta, composite.Table) {
	t.Helper()
	m, err := ReadFramework(strings.NewReader(meta), "meta.csv")
	if err != nil {
		t.Fatal(err)
	}
	tb, err := ReadTable(strings.NewReader(data), "data.csv", m)
	if err != nil {
		t.Fatal(err)
	}
	return m, tb
}

func TestRead(t *testing.T) {
	m, tb := parse(t)
	want := Meta{
		Framework: composite.Node{Code: "T", Name: "Whole", Weight: 1, Children: []composite.Node{
			{Code: "Q", Name: "Other", Weight: 1, Children: []composite.Node{{Code: "C", Weight: 2, Direction: 1}}},
			{Code: "P", Name: "Fruit", Weight: 2, Children: []composite.Node{
				{Code: "A", Name: "Алма", Weight: 1, Direction: 1, Denominator: "Pop", Unit: "t", Params: map[string]float64{"Target": 3.5, "capped": 1}},
				{Code: "B", Name: "Pears, ripe", Weight: 0.5, Direction: -1, Unit: "%", Params: map[string]float64{"capped": 0}},
			}},
		}},
		Groups: []Label{{"g", "Region"}}, Denominators: []Label{{"Pop", "People"}}, Others: []Label{{"memo", ""}},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	table := composite.Table{Units: []string{"KAZ", "USA"}, Names: []string{"Қазақстан", "States, United"},
		Values: map[string][]float64{"A": {1.5, math.NaN()}, "B": {-3, math.NaN()}, "C": {1000, 0.25}, "Pop": {20, 330}},
		Groups: map[string][]string{"g": {"east", ""}}}
	if diff := cmp.Diff(table, tb, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

// What is written is read back the same.
func TestRoundTrip(t *testing.T) {
	m, tb := parse(t)
	var a, b bytes.Buffer
	if err := WriteFramework(&a, m); err != nil {
		t.Fatal(err)
	}
	again, err := ReadFramework(&a, "again")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, again); diff != "" {
		t.Error(diff)
	}
	if err := WriteTable(&b, tb, m); err != nil {
		t.Fatal(err)
	}
	back, err := ReadTable(&b, "again", m)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tb, back, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	m.Framework.Children[0].Aggregate = &composite.Aggregator{Method: composite.Minimum}
	if err := WriteFramework(&a, m); err == nil {
		t.Error("an aggregator of its own was lost")
	}
}

// A mark at the beginning, which spreadsheets put there, is no part of a name.
func TestByteOrderMark(t *testing.T) {
	if _, err := ReadFramework(strings.NewReader("\ufeff"+meta), "meta.csv"); err != nil {
		t.Error(err)
	}
}

// Every fault is named with its place.
func TestFaults(t *testing.T) {
	m, _ := parse(t)
	for _, tt := range []struct {
		name, old, new, in string
		line               int
		column             string
		err                error
	}{
		{"no column", "Direction", "Way", "meta", 0, "Direction", ErrNoColumn},
		{"a column twice", "Unit,Target", "Target,Target", "meta", 1, "Target", ErrTwice},
		{"a code twice", "1,B,", "1,A,", "meta", 3, "iCode", ErrTwice},
		{"no code", "1,B,", "1,,", "meta", 3, "iCode", ErrEmpty},
		{"no such type", "Aggregate,,,,\n2,P", "Agregate,,,,\n2,P", "meta", 5, "Type", ErrWord},
		{"a direction of two", ",-1,0.5", ",2,0.5", "meta", 3, "Direction", ErrWord},
		{"a weight in words", ",-1,0.5", ",-1,half", "meta", 3, "Weight", ErrNumber},
		{"a weight below zero", ",-1,0.5", ",-1,-0.5", "meta", 3, "Weight", ErrNumber},
		{"no weight", ",-1,0.5", ",-1,", "meta", 3, "Weight", ErrEmpty},
		{"a level in words", "3,T,", "top,T,", "meta", 7, "Level", ErrNumber},
		{"an indicator above", "1,C,", "2,C,", "meta", 4, "Level", ErrWord},
		{"no such parent", ",,Q,", ",,R,", "meta", 4, "Parent", ErrParent},
		{"a parent below", "2,P,Fruit,1,2,,T", "2,P,Fruit,1,2,,Q", "meta", 6, "Parent", ErrParent},
		{"two at the top", "2,P,Fruit,1,2,,T", "2,P,Fruit,1,2,,", "meta", 7, "Parent", ErrParent},
		{"a level too high", "3,T,", "4,T,", "meta", 7, "Level", ErrParent},
		{"a row too short", "3,T,Whole,1,1,,,Aggregate,,,,", "3,T", "meta", 7, "", ErrShape},
		{"a quote left open", "\"Pears", "Pe\"ars", "meta", 3, "", ErrShape},
		{"no unit code", "uCode", "code", "data", 0, "uCode", ErrNoColumn},
		{"no such indicator", ",B,", ",Z,", "data", 0, "B", ErrNoColumn},
		{"no such group", ",g,", ",h,", "data", 0, "g", ErrNoColumn},
		{"a unit twice", "USA", "KAZ", "data", 3, "uCode", ErrTwice},
		{"a unit without a code", "USA", "", "data", 3, "uCode", ErrEmpty},
		{"a word for a number", "-3", "few", "data", 2, "B", ErrNumber},
		{"infinity", "-3", "Inf", "data", 2, "B", ErrNumber},
		{"not a number", "-3", "NaN", "data", 2, "B", ErrNumber},
		{"a number in another base", "-3", "0x10", "data", 2, "B", ErrNumber},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := map[string]string{"meta": meta, "data": data}[tt.in]
			if !strings.Contains(text, tt.old) {
				t.Fatal("the case changes nothing")
			}
			text = strings.Replace(text, tt.old, tt.new, 1)
			var err error
			if tt.in == "meta" {
				_, err = ReadFramework(strings.NewReader(text), "file.csv")
			} else {
				_, err = ReadTable(strings.NewReader(text), "file.csv", m)
			}
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if e.File != "file.csv" || e.Line != tt.line || e.Column != tt.column {
				t.Errorf("at line %d, column %q: %v", e.Line, e.Column, err)
			}
		})
	}
	for name, text := range map[string]string{"nothing": "", "a heading alone": "uCode,A\n"} {
		if _, err := ReadTable(strings.NewReader(text), "f", m); !errors.Is(err, ErrEmpty) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := (&Error{File: "f.csv", Line: 3, Column: "B", Err: ErrNumber}).Error(); got != "f.csv:3, column B: not a number" {
		t.Error(got)
	}
}

// Cells may be parted by semicolons, with decimal commas, and by tabs; what is
// read is the same.
func TestSeparators(t *testing.T) {
	m, want := parse(t)
	for name, sep := range map[string]string{"semicolons": ";", "tabs": "\t"} {
		lines := strings.NewReplacer("\"Pears, ripe\"", "\"Pears, ripe\"", ",", sep)
		again, err := ReadFramework(strings.NewReader(lines.Replace(meta)), "m")
		if err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Error(name, diff)
		}
		text := strings.NewReplacer("\"States, United\"", "\"States, United\"", ",", sep).Replace(data)
		if sep == ";" {
			text = strings.Replace(text, "1.5", "1,5", 1)
		}
		got, err := ReadTable(strings.NewReader(text), "d", m)
		if err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
			t.Error(name, diff)
		}
	}
	var e *Error
	if _, err := ReadFramework(strings.NewReader(strings.ReplaceAll(strings.ReplaceAll(meta, "\"", ""), ",", "|")), "m"); !errors.As(err, &e) || e.Column != "Level" || len(e.Known) != 1 {
		t.Errorf("error %v", err)
	}
}

// Values with a column Time are a table for each time, unless the framework says
// that the column is something else, and are written as they were read.
func TestReadData(t *testing.T) {
	m := Meta{Framework: composite.Node{Code: "T", Weight: 1, Children: []composite.Node{{Code: "X", Weight: 1}}}}
	const text = "uCode,uName,Time,X\nB,,2020,2\nA,,2021,1\n"
	times, tables, err := ReadData(strings.NewReader(text), "p.csv", m)
	if err != nil || !slices.Equal(times, []int{2020, 2021}) || len(tables) != 2 {
		t.Fatal(times, tables, err)
	}
	var b bytes.Buffer
	if err := WriteData(&b, times, tables, m); err != nil || b.String() != text {
		t.Errorf("written %q: %v", b.String(), err)
	}
	m.Others = []Label{{"Time", ""}}
	if times, _, err := ReadData(strings.NewReader(text), "p.csv", m); err != nil || len(times) != 2 {
		t.Error(times, err)
	}
	m.Groups = []Label{{"Time", ""}}
	if times, tables, err := ReadData(strings.NewReader(text), "p.csv", m); err != nil || times != nil || len(tables[0].Units) != 2 {
		t.Error(times, tables, err)
	}
}

func TestReadPanel(t *testing.T) {
	m := Meta{Framework: composite.Node{Code: "T", Weight: 1, Children: []composite.Node{{Code: "X", Weight: 1}}}}
	times, tables, err := ReadPanel(strings.NewReader("uCode,Time,X\nA,2021,1\nA,2020,2\nB,2020,\n"), "p.csv", m)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(times, []int{2020, 2021}) || !slices.Equal(tables[0].Units, []string{"A", "B"}) || tables[1].Values["X"][0] != 1 {
		t.Errorf("%v %v", times, tables)
	}
	var e *Error
	if _, _, err := ReadPanel(strings.NewReader("uCode,Time,X\nA,soon,1\n"), "p.csv", m); !errors.As(err, &e) || e.Line != 2 || e.Column != "Time" {
		t.Errorf("error %v", err)
	}
	if _, _, err := ReadPanel(strings.NewReader("uCode,Time,X\nA,2020,1\nA,2020,1\n"), "p.csv", m); !errors.Is(err, ErrTwice) {
		t.Errorf("error %v", err)
	}
}

func TestConfigs(t *testing.T) {
	text := `{"b": {"weights": "equal", "screen_min_availability": null}, "a": {"aggregate_by_level": ["gmean"], "treat": {"winmax": null}, "series": {"method": "latest", "max_age": 2}}}`
	all, err := ReadConfigs(strings.NewReader(text), "c.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].Name != "b" || all[0].Settings.Weights.Method != composite.Equal || all[1].Settings.Treat.WinMax != composite.Unlimited {
		t.Errorf("%+v", all)
	}
	var b bytes.Buffer
	if err := WriteConfigs(&b, all); err != nil {
		t.Fatal(err)
	}
	again, err := ReadConfigs(&b, "again")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(all, again); diff != "" {
		t.Error(diff)
	}
	for name, bad := range map[string]string{
		"a list": "[]", "cut off": `{"a":`, "an unknown key": `{"a": {"wieghts": "equal"}}`, "twice": `{"a": {}, "a": {}}`, "two": `{} {}`, "none": `{}`, "a series": `{"a": {"series": "latest"}}`, "nothing": "", "open": `{"a": {}`,
	} {
		if _, err := ReadConfigs(strings.NewReader(bad), "c.json"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	_, err = ReadConfigs(strings.NewReader("{\n\"a\": {},\n\"b\": {\"wieghts\": 1}}"), "c.json")
	var e *Error
	if !errors.As(err, &e) || e.Line != 3 || !strings.Contains(err.Error(), "b: ") {
		t.Errorf("error %v", err)
	}
}

func TestWriteRows(t *testing.T) {
	m, tb := parse(t)
	tb.Values["A"][1], tb.Values["C"][1] = 2, math.NaN()
	m.Framework.Children[1].Weight = 3
	x, err := composite.New(composite.Definition{Framework: m.Framework, Settings: composite.Settings{Normalise: composite.Scale{Method: composite.MethodAsIs}}}, tb)
	if err != nil {
		t.Fatal(err)
	}
	r, err := x.Build()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteRows(&b, Scores("own", r, x), true); err != nil {
		t.Fatal(err)
	}
	// P is (1·1.5 + 0.5·3)/1.5 and T (1·1000 + 3·2)/4 for the first unit; the second lacks B and C.
	want := `config,dataset,level,code,unit,value
own,score,2,Q,KAZ,1000
own,score,2,Q,USA,
own,score,2,P,KAZ,2
own,score,2,P,USA,2
own,score,3,T,KAZ,251.5
own,score,3,T,USA,2
own,rank,2,Q,KAZ,1
own,rank,2,Q,USA,
own,rank,2,P,KAZ,1
own,rank,2,P,USA,1
own,rank,3,T,KAZ,1
own,rank,3,T,USA,2
`
	if got := b.String(); got != want {
		t.Errorf("%s", got)
	}
}

// Every reference case reads, and reads back the same once written.
func TestConformanceTables(t *testing.T) {
	open := func(name string) *os.File {
		f, err := os.Open(peers.Dir(t, "composite", name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	m, err := ReadFramework(open("meta.csv"), "meta.csv")
	if err != nil {
		t.Fatal(err)
	}
	tb, err := ReadTable(open("input.csv"), "input.csv", m)
	if err != nil {
		t.Fatal(err)
	}
	configs, err := ReadConfigs(open("configs.json"), "configs.json")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("framework", func(t *testing.T) {
		var b bytes.Buffer
		if err := WriteFramework(&b, m); err != nil {
			t.Fatal(err)
		}
		again, err := ReadFramework(&b, "again")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("table", func(t *testing.T) {
		var b bytes.Buffer
		if err := WriteTable(&b, tb, m); err != nil {
			t.Fatal(err)
		}
		again, err := ReadTable(&b, "again", m)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tb, again, cmpopts.EquateNaNs()); diff != "" {
			t.Error(diff)
		}
	})
	for _, c := range configs {
		t.Run(c.Name, func(t *testing.T) {
			b, err := json.Marshal(composite.Definition{Framework: m.Framework, Settings: c.Settings})
			if err != nil {
				t.Fatal(err)
			}
			d, err := composite.ParseDefinition(b)
			if err != nil {
				t.Fatal(err)
			}
			// An empty list and none are the same choice.
			if diff := cmp.Diff(c.Settings, d.Settings, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// No input makes a reader panic, and what it takes it gives back the same.
func FuzzRead(f *testing.F) {
	f.Add(meta, data)
	f.Add("Level,iCode,Direction,Weight,Parent,Type\n1,A,1,1,T,Indicator\n2,T,1,1,,Aggregate\n", "uCode,A\nx,1\n")
	f.Add("Level,iCode,Direction,Weight,Parent,Type\n2,T,1,1,T,Aggregate\n", "uCode\n")
	f.Fuzz(func(t *testing.T, meta, data string) {
		m, err := ReadFramework(strings.NewReader(meta), "meta")
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.File != "meta" {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		var b bytes.Buffer
		if err := WriteFramework(&b, m); err != nil {
			t.Fatal(err)
		}
		again, err := ReadFramework(&b, "again")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Fatal(diff)
		}
		tb, err := ReadTable(strings.NewReader(data), "data", m)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		// A table that was read can be built or is refused with a reason.
		x, err := composite.New(composite.Definition{Framework: m.Framework}, tb)
		if err == nil {
			_, err = x.Build()
		}
		var e *composite.Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("error without a place: %v", err)
		}
	})
}

// No text makes the reader of settings panic, and what it takes it gives back
// the same.
func FuzzConfigs(f *testing.F) {
	f.Add(`{"a": {"weights": "pca_level1", "normalise": {"method": "scaled", "lower": "meta.x", "cap": true}}}`)
	f.Add(`{"a": {"treat": {"winmax": null, "exceptions": {"A": null}}, "power": -1.5}}`)
	f.Fuzz(func(t *testing.T, text string) {
		all, err := ReadConfigs(strings.NewReader(text), "c")
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteConfigs(&b, all); err != nil {
			t.Fatal(err)
		}
		again, err := ReadConfigs(&b, "again")
		if err != nil {
			t.Fatalf("%v in %s", err, b.String())
		}
		if diff := cmp.Diff(all, again, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}
