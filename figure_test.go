package shanyraq

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// ground is the least lineage a figure can have.
var ground = Lineage{Method: "claim", Sources: []SourceID{"census"}}

func TestNewFigure(t *testing.T) {
	good := Interval{Lo: 361, Hi: 692, Level: 0.95, Kind: Confidence}
	for _, tt := range []struct {
		name    string
		path    string
		value   float64
		iv      Interval
		unit    Unit
		lineage Lineage
		refused string // what the error says; empty if the figure is made
	}{
		{"all of its parts", "a/b", 485, good, "persons", ground, ""},
		{"the value at the lower end", "a", 361, good, "persons", ground, ""},
		{"the value at the upper end", "a", 692, good, "persons", ground, ""},
		{"below zero", "a", -3, Interval{Lo: -4, Hi: -2, Kind: Judged}, "points", ground, ""},
		{"a count of records", "a", 7, Interval{Lo: 7, Hi: 7, Kind: Counted}, "records", ground, ""},
		{"first under all weights", "a", 1, Interval{Lo: 1, Hi: 1, Level: 0.95, Kind: Varied}, "rank", ground, ""},
		{"limits that meet", "a", 1, Interval{Lo: 1, Hi: 1, Kind: Bounds}, "index", ground, ""},

		{"no path", "", 485, good, "persons", ground, "no path"},
		{"no unit", "a", 485, good, "", ground, "no unit"},
		{"a unit that is no key", "a", 485, good, "US$", ground, "no unit"},
		{"no method", "a", 485, good, "persons", Lineage{Sources: []SourceID{"census"}}, "no method"},
		{"no source", "a", 485, good, "persons", Lineage{Method: "claim"}, "no source"},
		{"no interval", "a", 485, Interval{}, "persons", ground, "no kind"},
		{"value not a number", "a", math.NaN(), good, "persons", ground, "not finite"},
		{"value without end", "a", math.Inf(1), good, "persons", ground, "not finite"},
		{"value below its interval", "a", 360, good, "persons", ground, "outside its interval"},
		{"value above its interval", "a", 693, good, "persons", ground, "outside its interval"},
		{"ends the wrong way round", "a", 485, Interval{Lo: 692, Hi: 361, Level: 0.95, Kind: Confidence}, "persons", ground, "not a range"},
		{"an end that is not a number", "a", 485, Interval{Lo: math.NaN(), Hi: 692, Level: 0.95, Kind: Confidence}, "persons", ground, "not a range"},
		{"the other end that is not a number", "a", 485, Interval{Lo: 361, Hi: math.NaN(), Level: 0.95, Kind: Confidence}, "persons", ground, "not a range"},
		{"an interval without a lower end", "a", 485, Interval{Lo: math.Inf(-1), Hi: 692, Level: 0.95, Kind: Confidence}, "persons", ground, "not a range"},
		{"an interval without an upper end", "a", 485, Interval{Lo: 361, Hi: math.Inf(1), Kind: Judged}, "persons", ground, "not a range"},
		{"no kind", "a", 485, Interval{Lo: 361, Hi: 692, Level: 0.95}, "persons", ground, "no kind"},
		{"a kind there is not", "a", 485, Interval{Lo: 361, Hi: 692, Kind: Limits + 1}, "persons", ground, "no kind"},
		{"confidence of no level", "a", 485, Interval{Lo: 361, Hi: 692, Kind: Confidence}, "persons", ground, "no level"},
		{"certainty", "a", 485, Interval{Lo: 361, Hi: 692, Level: 1, Kind: Credible}, "persons", ground, "no level"},
		{"a level in per cent", "a", 485, Interval{Lo: 361, Hi: 692, Level: 95, Kind: Varied}, "persons", ground, "no level"},
		{"a level that is not a number", "a", 485, Interval{Lo: 361, Hi: 692, Level: math.NaN(), Kind: Confidence}, "persons", ground, "no level"},
		{"a level where the kind states none", "a", 485, Interval{Lo: 361, Hi: 692, Level: 0.95, Kind: Spread}, "persons", ground, "cannot state a level"},
		{"a count that is not exact", "a", 485, Interval{Lo: 361, Hi: 692, Kind: Counted}, "records", ground, "exact"},
		{"a count at a level", "a", 485, Interval{Lo: 485, Hi: 485, Level: 0.95, Kind: Counted}, "records", ground, "cannot state a level"},
		{"confidence of no width", "a", 485, Interval{Lo: 485, Hi: 485, Level: 0.95, Kind: Confidence}, "persons", ground, "no width"},
		{"credible of no width", "a", 485, Interval{Lo: 485, Hi: 485, Level: 0.95, Kind: Credible}, "persons", ground, "no width"},
		{"judged of no width", "a", 485, Interval{Lo: 485, Hi: 485, Kind: Judged}, "persons", ground, "no width"},
		{"rival claims of no width", "a", 485, Interval{Lo: 485, Hi: 485, Kind: Spread}, "persons", ground, "no width"},
		{"digits of no width", "a", 485, Interval{Lo: 485, Hi: 485, Kind: Printed}, "persons", ground, "no width"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := NewFigure(tt.path, tt.value, tt.iv, tt.unit, tt.lineage)
			if tt.refused == "" {
				if err != nil {
					t.Fatal(err)
				}
				if f.Path() != tt.path || f.Value() != tt.value || f.Interval() != tt.iv || f.Unit() != tt.unit || !reflect.DeepEqual(f.Lineage(), tt.lineage) || f.IsZero() {
					t.Errorf("made %+v", f)
				}
				return
			}
			if err == nil {
				t.Fatalf("made %+v", f)
			}
			if KindOf(err) != Invalid || !strings.Contains(err.Error(), tt.refused) {
				t.Errorf("got %v (kind %d), want one that says %q", err, KindOf(err), tt.refused)
			}
			if !f.IsZero() {
				t.Errorf("a refused figure is %+v", f)
			}
		})
	}
}

// What a caller does to a lineage it gave or got must not reach the figure.
func TestFigureDoesNotChange(t *testing.T) {
	given := Lineage{
		Method: "product", Sources: []SourceID{"wdi"}, Inputs: []Input{{Symbol: "y", Value: 1}},
		Assumptions: []Assumption{{Text: Text{Key: "assume.a", Args: map[string]any{"Year": 2024}}, Errs: TooHigh}},
	}
	f, err := NewFigure("a", 1, Interval{Lo: 0, Hi: 2, Kind: Judged}, "usd", given)
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(l Lineage) {
		l.Sources[0] = "spoilt"
		l.Inputs[0].Value = 99
		l.Assumptions[0].Errs = TooLow
		l.Assumptions[0].Text.Args["Year"] = 1
	}
	spoil(given)
	spoil(f.Lineage())
	got := f.Lineage()
	if got.Sources[0] != "wdi" || got.Inputs[0].Value != 1 || got.Assumptions[0].Errs != TooHigh || got.Assumptions[0].Text.Args["Year"] != 2024 {
		t.Errorf("the lineage became %+v", got)
	}
}

func TestFigureJSON(t *testing.T) {
	f, err := NewFigure("diaspora/KAZ/DEU/birthplace", 485, Interval{Lo: 361, Hi: 692, Level: 0.95, Kind: Confidence}, "persons", ground)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"path":"diaspora/KAZ/DEU/birthplace","value":485,"interval":{"lo":361,"hi":692,"level":0.95,"kind":"confidence"},"unit":"persons","lineage":{"method":"claim","sources":["census"]}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if b, err := json.Marshal(Figure{}); err != nil || string(b) != "null" {
		t.Errorf("no figure is written as %s, %v", b, err)
	}
	var none Figure
	if err := json.Unmarshal([]byte("null"), &none); err != nil || !none.IsZero() {
		t.Errorf("null was read as %+v, %v", none, err)
	}
	for _, part := range []string{"path", "value", "interval", "unit", "lineage"} {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(got, &fields); err != nil {
			t.Fatal(err)
		}
		delete(fields, part)
		b, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		kept := f
		err = json.Unmarshal(b, &kept)
		if part == "value" { // 0 lies outside
			part = "outside"
		}
		if err == nil {
			t.Errorf("read without its %s as %+v", part, kept)
		}
		if !reflect.DeepEqual(kept, f) {
			t.Errorf("a refused figure overwrote another: %+v", kept)
		}
	}
}

func TestFigureJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := figures().Draw(t, "figure")
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back Figure
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if !reflect.DeepEqual(back, f) {
			t.Fatalf("%s came back as %+v", b, back)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(b) {
			t.Fatalf("wrote %s, then %s", b, again)
		}
	})
}

// figures draws figures that can be made.
func figures() *rapid.Generator[Figure] {
	return rapid.Custom(func(t *rapid.T) Figure {
		kind := rapid.SampledFrom(IntervalKinds()).Draw(t, "kind")
		v := rapid.Float64Range(-1e12, 1e12).Draw(t, "value")
		iv := Interval{Lo: v, Hi: v, Kind: kind}
		if kind != Counted {
			iv.Lo -= rapid.Float64Range(1e-3, 1e12).Draw(t, "below")
			iv.Hi += rapid.Float64Range(1e-3, 1e12).Draw(t, "above")
		}
		if kind.HasLevel() {
			iv.Level = rapid.Float64Range(1e-3, 1-1e-3).Draw(t, "level")
		}
		l := Lineage{
			Method:  MethodKey(rapid.StringN(1, 20, -1).Draw(t, "method")),
			Formula: rapid.String().Draw(t, "formula"),
			Sources: rapid.SliceOfN(rapid.Map(rapid.String(), func(s string) SourceID { return SourceID(s) }), 1, 3).Draw(t, "sources"),
			Seed:    rapid.Uint64().Draw(t, "seed"),
			Draws:   rapid.Int().Draw(t, "draws"),
		}
		if rapid.Bool().Draw(t, "input") {
			l.Inputs = []Input{{Symbol: "y", Path: "claim/a", Series: "s", Place: "KAZ", When: "2024", Value: v, Unit: "usd"}}
			l.Assumptions = []Assumption{Assume("a", EitherWay)}
		}
		f, err := NewFigure(rapid.StringN(1, 40, -1).Draw(t, "path"), v, iv, "intl_usd_2", l)
		if err != nil {
			t.Fatal(err)
		}
		return f
	})
}

// Whatever is in the text, what comes out of it is a figure that can be made,
// or nothing.
func FuzzFigureUnmarshalJSON(f *testing.F) {
	for _, s := range []string{
		"null", "{}", "[]", `"x"`, "",
		`{"path":"a","value":5,"interval":{"lo":5,"hi":5,"kind":"counted"},"unit":"records","lineage":{"method":"claim","sources":["s"]}}`,
		`{"path":"a","value":1,"interval":{"lo":0,"hi":2,"level":0.9,"kind":"credible"},"unit":"usd","lineage":{"method":"m","sources":["s"],"assumptions":[{"text":{"key":"k","args":{"A":[1]}},"errs":"too_low"}]}}`,
		`{"path":"a","value":1e999,"interval":{"lo":0,"hi":2,"kind":"spread"},"unit":"usd","lineage":{"method":"m","sources":["s"]}}`,
		`{"path":"a","value":1,"interval":{"lo":2,"hi":0,"kind":"spread"},"unit":"usd","lineage":{"method":"m","sources":["s"]}}`,
		`{"path":"a","value":1,"interval":{"kind":"guessed"},"unit":"usd","lineage":{"method":"m","sources":["s"]}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var got Figure
		if err := json.Unmarshal(b, &got); err != nil {
			if !got.IsZero() {
				t.Fatalf("refused with %v and left %+v", err, got)
			}
			return
		}
		if got.IsZero() {
			if strings.TrimSpace(string(b)) != "null" {
				t.Fatalf("%q was read as no figure", b)
			}
			return
		}
		if _, err := NewFigure(got.Path(), got.Value(), got.Interval(), got.Unit(), got.Lineage()); err != nil {
			t.Fatalf("%q was read as a figure that cannot be made: %v", b, err)
		}
		once, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var back Figure
		if err := json.Unmarshal(once, &back); err != nil {
			t.Fatal(err)
		}
		if twice, err := json.Marshal(back); err != nil || string(twice) != string(once) {
			t.Fatalf("wrote %s, then %s", once, twice)
		}
	})
}

func TestUnitValid(t *testing.T) {
	for u, want := range map[Unit]bool{
		"persons": true, "per_100": true, "km2": true, "_": true,
		"": false, "Persons": false, "us dollars": false, "%": false, "тонна": false, "a-b": false,
	} {
		if u.Valid() != want {
			t.Errorf("%q.Valid() = %v", u, !want)
		}
	}
}

// Of limits alone no value is written; what is read back is drawn at the middle.
func TestLimitsHaveNoValue(t *testing.T) {
	f, err := NewFigure("a", 12345, Interval{Lo: 0, Hi: 400, Kind: Limits}, "persons", Lineage{Method: "m", Sources: []SourceID{"s"}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(f)
	if err != nil || !strings.Contains(string(b), `"value":null`) || !strings.Contains(string(b), `"lo":0,"hi":400`) {
		t.Fatalf("%s, %v", b, err)
	}
	var back Figure
	if err := json.Unmarshal(b, &back); err != nil || back.Value() != 200 || back.Interval() != f.Interval() {
		t.Errorf("%v, %v", back, err)
	}
	bad := strings.Replace(string(b), "limits", "bounds", 1)
	if err := json.Unmarshal([]byte(bad), &back); KindOf(err) != Invalid {
		t.Errorf("a figure without a value was read: %v", err)
	}
}
