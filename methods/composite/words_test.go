package composite

import (
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// What does not fit a place says which place, what stands there and what could.
func TestParseSaysWhatFits(t *testing.T) {
	for text, want := range map[string]Choice{
		`{"normalise": "minmaxx"}`:                           {"normalise", `"minmaxx"`, WantWord, nil},
		`{"normalise": {"methd": "rank"}}`:                   {"normalise", "methd", WantKey, nil},
		`{"normalise": {"lower": "1"}}`:                      {"normalise.lower", `"1"`, WantNumber, nil},
		`{"normalise": {"cap": 1}}`:                          {"normalise.cap", "1", WantSwitch, nil},
		`{"normalise_exceptions": {"I1": {"method": 2}}}`:    {"normalise_exceptions.I1.method", "2", WantWord, nil},
		`{"normalise_exceptions": []}`:                       {"normalise_exceptions", "[]", WantObject, nil},
		`{"treat": "none"}`:                                  {"treat", `"none"`, WantObject, nil},
		`{"treat": {"exceptions": {"A": {"second": "ln"}}}}`: {"treat.exceptions.A.second", `"ln"`, WantWord, nil},
		`{"weights": "pca2"}`:                                {"weights", `"pca2"`, WantWord, nil},
		`{"weights": {"method": "given", "values": [1]}}`:    {"weights.values", "[1]", WantObject, nil},
		`{"weights": {"levels": [1.5]}}`:                     {"weights.levels[1]", "1.5", WantWhole, nil},
		`{"exclude": [1]}`:                                   {"exclude[1]", "1", WantText, nil},
		`{"order": "screen"}`:                                {"order", `"screen"`, WantList, nil},
		`{"denominate": "on"}`:                               {"denominate", `"on"`, WantSwitch, nil},
		`{"power": 1e999}`:                                   {"power", "1e999", WantNumber, nil},
		`[]`:                                                 {"", "[]", WantObject, nil},
	} {
		var s Settings
		err := Parse([]byte(text), &s)
		var got *Choice
		if !errors.As(err, &got) || !errors.Is(err, ErrSettings) {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got.Field != want.Field || got.Found != want.Found || got.Want != want.Want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
		if (got.Want == WantWord || got.Want == WantKey) && len(got.Known) < 3 {
			t.Errorf("%s: known are %v", text, got.Known)
		}
	}
	// What fits is read, a word for a method too.
	var s Settings
	if err := Parse([]byte(`{"normalise": "rank", "impute": "median", "weights": "pca_level2", "normalise_exceptions": {"A": {"method": "minmax", "lower": "meta.lo"}}, "treat": null}`), &s); err != nil {
		t.Fatal(err)
	}
	if s.Normalise.Method != MethodRank || s.Impute.Method != Median || !slices.Equal(s.Weights.Levels, []int{2}) || s.Exceptions["A"].Lower.Meta != "lo" {
		t.Errorf("%+v", s)
	}
	if err := Parse([]byte(`{"power": `), &s); err == nil {
		t.Error("cut off and read")
	}
}

// The description of the files names every key and every word they take.
func TestFormatIsDescribed(t *testing.T) {
	b, err := os.ReadFile("../../docs/index-format.md")
	if err != nil {
		t.Fatal(err)
	}
	said := string(b)
	seen := map[reflect.Type]bool{}
	var look func(x reflect.Type)
	look = func(x reflect.Type) {
		for x.Kind() == reflect.Pointer || x.Kind() == reflect.Slice || x.Kind() == reflect.Map {
			x = x.Elem()
		}
		if as, ok := written[x]; ok {
			x = as
		}
		if seen[x] {
			return
		}
		seen[x] = true
		for _, w := range words[x] {
			if w != "" && !strings.Contains(said, "`"+w+"`") {
				t.Errorf("nothing is said of the word %s", w)
			}
		}
		if x.Kind() != reflect.Struct || x == reflect.TypeFor[Number]() || x == reflect.TypeFor[Switch]() {
			return
		}
		for _, f := range fieldsOf(x) {
			if !strings.Contains(said, "`"+f.name+"`") {
				t.Errorf("nothing is said of the key %s", f.name)
			}
			look(f.is)
		}
	}
	for _, x := range []reflect.Type{reflect.TypeFor[Settings](), reflect.TypeFor[SeriesFill](), reflect.TypeFor[Plan]()} {
		look(x)
	}
	if len(seen) < 25 {
		t.Errorf("only %d types were looked at", len(seen))
	}
}

func TestGroupRanks(t *testing.T) {
	nan := gaps(1)[0]
	got := GroupRanks([]float64{3, 1, nan, 2, 2, 9}, []string{"a", "a", "a", "b", "b", ""})
	if want := []int{1, 2, 0, 1, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("ranks %v, want %v", got, want)
	}
}
