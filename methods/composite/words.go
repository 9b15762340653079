package composite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A Want is what a place in a text of settings takes.
type Want string

// What a place takes.
const (
	WantKey    Want = "key"    // one of the keys known
	WantWord   Want = "word"   // one of the words known
	WantNumber Want = "number" // a number, or one of the words known
	WantWhole  Want = "whole"  // a whole number
	WantSwitch Want = "switch" // true or false, or one of the words known
	WantText   Want = "text"   // text in quotes
	WantList   Want = "list"   // a list in square brackets
	WantObject Want = "object" // keys and values in braces, with the keys known
)

// A Choice is a place in a text of settings at which something stands that it
// does not take. It is an [ErrSettings].
type Choice struct {
	Field string   // keys from the outermost in, with dots between; "" for the whole
	Found string   // as it stands there, cut short if long
	Want  Want     // what it takes
	Known []string // which ones, if they can be listed
}

// Error returns field, what was found and what is known in one line.
func (c *Choice) Error() string {
	s := fmt.Sprintf("%s: %s is not a %s", c.Field, c.Found, c.Want)
	if c.Field == "" {
		s = fmt.Sprintf("%s is not a %s", c.Found, c.Want)
	}
	if len(c.Known) > 0 {
		s += "; known are " + strings.Join(c.Known, ", ")
	}
	return s
}

// Unwrap returns [ErrSettings].
func (c *Choice) Unwrap() error { return ErrSettings }

// Parse reads one JSON value into v, a pointer to [Settings], to a [Plan] or to
// a struct of such. It returns a [Choice] for a key or a word that is not known
// and for a value of the wrong kind.
func Parse(b []byte, v any) error { return strict(b, v) }

// words are those that each kind of choice takes.
var words = map[reflect.Type][]string{
	reflect.TypeFor[MissingRule]():     all(Drop, Zero),
	reflect.TypeFor[Step]():            all(DefaultOrder()...),
	reflect.TypeFor[ImputeMethod]():    all(Mean, Median, GroupMean, GroupMedian, RowMean, RowMedian, WholeRow, WholeRowMedian, FrameMean, FrameMedian, Constant, Keep, NoImpute),
	reflect.TypeFor[Transform]():       all(Log, LogCT, LogCTPlus, BoxCox, Asinh),
	reflect.TypeFor[ScaleMethod]():     all(MethodMinMax, MethodZScore, MethodRank, MethodBorda, MethodPercentile, MethodToMax, MethodToReference, MethodToTarget, MethodScaled, MethodGoalposts, MethodOfBest, MethodShare, MethodAsIs),
	reflect.TypeFor[WeightMethod]():    all(Original, Equal, Given, PCA, Optimised),
	reflect.TypeFor[WeightGoal]():      all(ForBalance, ForInformation),
	reflect.TypeFor[AggregateMethod](): all(Arithmetic, Geometric, Harmonic, PowerMean, Minimum, Copeland, Doubt),
	reflect.TypeFor[Sampler]():         all(QuasiRandom, Random),
	reflect.TypeFor[WeightKind]():      all(Dirichlet, Noise, Sets),
	reflect.TypeFor[Shape]():           all(Uniform, Triangular, Normal, LogNormal),
	reflect.TypeFor[SeriesMethod]():    all(Latest, ConstantSeries, Linear, LinearConstant),
}

func all[T ~string](w ...T) []string {
	out := make([]string, len(w))
	for i, s := range w {
		out[i] = string(s)
	}
	return out
}

// shorts are the structs that a single word may stand for: their method.
var shorts = map[reflect.Type]reflect.Type{
	reflect.TypeFor[Scale]():      reflect.TypeFor[ScaleMethod](),
	reflect.TypeFor[Impute]():     reflect.TypeFor[ImputeMethod](),
	reflect.TypeFor[Weighting]():  reflect.TypeFor[WeightMethod](),
	reflect.TypeFor[Aggregator](): reflect.TypeFor[AggregateMethod](),
}

// written are the types that are read by way of another.
var written = map[reflect.Type]reflect.Type{
	reflect.TypeFor[Weighting]():  reflect.TypeFor[weightingJSON](),
	reflect.TypeFor[Aggregator](): reflect.TypeFor[aggregatorJSON](),
	reflect.TypeFor[Treat]():      reflect.TypeFor[treatJSON](),
}

// metaWord is how a number of an indicator's own is written.
const metaWord = `"meta.NAME"`

// fits returns a [Choice] if b is not what t is read from. Null, or no letters
// where a word belongs, stands for nothing said and fits.
func fits(b []byte, t reflect.Type, field string) error {
	b = bytes.TrimSpace(b)
	fail := func(w Want, known ...string) error {
		return &Choice{Field: field, Found: shown(b), Want: w, Known: known}
	}
	if len(b) == 0 || string(b) == "null" {
		return nil
	}
	quoted := b[0] == '"'
	switch t {
	case reflect.TypeFor[Number](), reflect.TypeFor[Switch]():
		if _, ok, err := metaName(b); ok && err == nil {
			return nil
		}
		if t == reflect.TypeFor[Switch]() {
			if b[0] != 't' && b[0] != 'f' {
				return fail(WantSwitch, metaWord)
			}
			return nil
		}
		if !numeric(b) {
			return fail(WantNumber, metaWord)
		}
		return nil
	}
	if method, ok := shorts[t]; ok && b[0] != '{' {
		var s string
		if quoted && json.Unmarshal(b, &s) == nil {
			if m := atLevel.FindStringSubmatch(s); m != nil && t == reflect.TypeFor[Weighting]() {
				s = m[1]
			}
			if s == "" || slices.Contains(words[method], s) {
				return nil
			}
		}
		return fail(WantWord, words[method]...)
	}
	if as, ok := written[t]; ok {
		t = as
	}
	switch t.Kind() {
	case reflect.Pointer:
		return fits(b, t.Elem(), field)
	case reflect.String:
		known, listed := words[t]
		var s string
		switch {
		case quoted && json.Unmarshal(b, &s) == nil && (!listed || s == "" || slices.Contains(known, s)):
			return nil
		case listed:
			return fail(WantWord, known...)
		}
		return fail(WantText)
	case reflect.Bool:
		if b[0] != 't' && b[0] != 'f' {
			return fail(WantSwitch)
		}
	case reflect.Int, reflect.Uint64:
		_, err := strconv.ParseInt(string(b), 10, 64)
		if t.Kind() == reflect.Uint64 {
			_, err = strconv.ParseUint(string(b), 10, 64)
		}
		if err != nil {
			return fail(WantWhole)
		}
	case reflect.Float64:
		if !numeric(b) {
			return fail(WantNumber)
		}
	case reflect.Slice:
		if b[0] != '[' {
			return fail(WantList)
		}
		var list []json.RawMessage
		if err := json.Unmarshal(b, &list); err != nil {
			return err
		}
		for i, raw := range list {
			if err := fits(raw, t.Elem(), fmt.Sprintf("%s[%d]", field, i+1)); err != nil {
				return err
			}
		}
	case reflect.Map:
		if b[0] != '{' {
			return fail(WantObject)
		}
		return members(b, func(key string, raw []byte) error { return fits(raw, t.Elem(), within(field, key)) })
	case reflect.Struct:
		fields := fieldsOf(t)
		known := make([]string, len(fields))
		for i, f := range fields {
			known[i] = f.name
		}
		if b[0] != '{' {
			return fail(WantObject, known...)
		}
		return members(b, func(key string, raw []byte) error {
			for _, f := range fields {
				if strings.EqualFold(f.name, key) {
					return fits(raw, f.is, within(field, f.name))
				}
			}
			return &Choice{Field: field, Found: key, Want: WantKey, Known: known}
		})
	}
	return nil
}

func within(field, key string) string {
	if field == "" {
		return key
	}
	return field + "." + key
}

// numeric reports whether a JSON value is a number that can be held.
func numeric(b []byte) bool {
	_, err := strconv.ParseFloat(string(b), 64)
	return err == nil && (b[0] == '-' || b[0] >= '0' && b[0] <= '9')
}

// shown returns what stands in a text, cut short.
func shown(b []byte) string {
	var short bytes.Buffer
	if json.Compact(&short, b) != nil {
		short.Reset()
		short.Write(b)
	}
	if r := []rune(short.String()); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return short.String()
}

// members calls f for the keys of a JSON object in the order they stand in.
func members(b []byte, f func(key string, raw []byte) error) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		if err := f(key, raw); err != nil {
			return err
		}
	}
	_, err := d.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// fieldOf is a field of a struct as JSON has it.
type fieldOf struct {
	name string
	is   reflect.Type
}

var fieldsKept sync.Map

// fieldsOf returns the keys of a struct, those of embedded ones where they stand.
func fieldsOf(t reflect.Type) []fieldOf {
	if kept, ok := fieldsKept.Load(t); ok {
		return kept.([]fieldOf)
	}
	var out []fieldOf
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			for _, g := range fieldsOf(f.Type) {
				if !slices.ContainsFunc(out, func(o fieldOf) bool { return o.name == g.name }) {
					out = append(out, g)
				}
			}
		case name != "" && name != "-":
			out = append(out, fieldOf{name, f.Type})
		}
	}
	fieldsKept.Store(t, out)
	return out
}
