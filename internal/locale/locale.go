package locale

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"

	"shanyraq"
)

// supported are the languages with a complete catalogue. The first is the one
// a reader gets who asks for none of them.
var supported = []string{"en", "kk", "ru"}

var nativeNames = map[string]string{"en": "English", "kk": "Қазақша", "ru": "Русский"}

var matcher = sync.OnceValue(func() language.Matcher {
	tags := make([]language.Tag, len(supported))
	for i, s := range supported {
		tags[i] = language.Make(s)
	}
	return language.NewMatcher(tags)
})

// Supported lists the languages with a complete catalogue, by BCP 47 code.
func Supported() []string { return slices.Clone(supported) }

// NativeName returns what speakers of a supported language call it, and the
// code itself for any other.
func NativeName(lang string) string {
	if n, ok := nativeNames[lang]; ok {
		return n
	}
	return lang
}

// Match returns the supported language that serves a reader best: the first of
// the explicit wishes, such as the address or a cookie, that is supported, else
// the best for the Accept-Language header, else English. Malformed wishes are
// passed over.
func Match(acceptLanguage string, explicit ...string) string {
	for _, wish := range explicit {
		if len(wish) > 35 { // longer than any tag in use
			continue
		}
		tag, err := language.Parse(wish)
		if err != nil {
			continue
		}
		base, _ := tag.Base()
		if slices.Contains(supported, base.String()) {
			return base.String()
		}
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return supported[0]
	}
	_, i, confidence := matcher().Match(tags...)
	if confidence == language.No {
		return supported[0]
	}
	return supported[i]
}

// Dir returns "rtl" for a language written from right to left, such as "ar",
// else "ltr".
func Dir(lang string) string {
	script, _ := language.Make(lang).Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}

// A Locale speaks one language. It does not change and is safe for use by
// several goroutines.
type Locale struct {
	lang    string
	decimal string // between whole and fraction
	group   string // between thousands
	percent string // from number to percent sign, included
	*catalogue
	collators sync.Pool
}

var locales = func() map[string]func() *Locale {
	out := map[string]func() *Locale{}
	for _, lang := range supported {
		out[lang] = sync.OnceValue(func() *Locale { return newLocale(lang) })
	}
	return out
}()

// For returns the Locale of a supported language, and for any other tag the
// one [Match] picks. Its catalogue is read on the first call.
func For(lang string) *Locale {
	get, ok := locales[lang]
	if !ok {
		get = locales[Match(lang, lang)]
	}
	return get()
}

func newLocale(lang string) *Locale {
	// The error names files of this package that cannot be read. A test keeps
	// it nil; a reader sees the missing keys in brackets.
	c, _ := load(messages, lang)
	l := &Locale{lang: lang, decimal: ",", group: noBreak, percent: noBreak + "%", catalogue: c}
	if lang == "en" {
		l.decimal, l.group, l.percent = ".", ",", "%"
	}
	l.collators.New = func() any { return newCollator(lang) }
	return l
}

// Lang returns the language's BCP 47 code.
func (l *Locale) Lang() string { return l.lang }

// Dir returns the direction the language is written in, "ltr" or "rtl".
func (l *Locale) Dir() string { return Dir(l.lang) }

// Name returns what speakers of the language call it.
func (l *Locale) Name() string { return NativeName(l.lang) }

// Has reports whether the catalogue has a message of that key.
func (l *Locale) Has(key string) bool {
	_, plain := l.plain[key]
	_, template := l.templates[key]
	return plain || template
}

// parser fills in templates, and fails on a placeholder without a value.
var parser = &template.TextParser{Option: "missingkey=error"}

// T returns the message of the key. Args alternate placeholder and value, or
// are one map[string]any; Count, a number, picks the plural form.
//
// Values are written for the reader: Count with its thousands apart, other
// whole numbers below 10 000 plain, as years are, fractions with the
// language's decimal sign, a [shanyraq.Figure] with its range, a
// [shanyraq.Period] as a date, a [shanyraq.Text] as its message. Other values
// are as [fmt.Sprint] has them.
//
// A key the catalogue lacks, or a placeholder without a value, returns the key
// in brackets: ⟦standing.question⟧.
func (l *Locale) T(key string, args ...any) string {
	if text, ok := l.plain[key]; ok {
		return text
	}
	plural, known := l.templates[key]
	if !known {
		return "⟦" + key + "⟧"
	}
	c := &i18n.LocalizeConfig{MessageID: key, TemplateParser: parser}
	given := argMap(args)
	values := make(map[string]any, len(given))
	for name, v := range given {
		values[name] = l.argument(name, v)
	}
	c.TemplateData = values
	if n, ok := given["Count"]; ok && plural {
		if count, ok := pluralCount(n); ok {
			c.PluralCount = count
		}
	}
	text, err := l.localizer.Localize(c)
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return text
}

// Text returns the message, and "" for the zero Text.
func (l *Locale) Text(t shanyraq.Text) string {
	if t.Key == "" {
		return ""
	}
	return l.T(t.Key, t.Args)
}

func argMap(args []any) map[string]any {
	if len(args) == 1 {
		if m, ok := args[0].(map[string]any); ok {
			return m
		}
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[fmt.Sprint(args[i])] = args[i+1]
	}
	return m
}

// plainBelow is the size from which whole numbers in messages have their
// thousands apart. Years stay below it.
const plainBelow = 10_000

// argument returns how a message writes the value of a placeholder.
func (l *Locale) argument(name string, v any) any {
	switch v := v.(type) {
	case string:
		return v
	case shanyraq.Figure:
		if v.IsZero() {
			return l.T("common.nodata")
		}
		return l.Figure(v).Short
	case shanyraq.Period:
		return l.Period(v)
	case shanyraq.Text:
		return l.Text(v)
	}
	f, ok := number(v)
	switch {
	case !ok:
		return v
	case f == math.Trunc(f) && math.Abs(f) < plainBelow && name != "Count":
		return l.spell(f, 0, 0, false)
	case f == math.Trunc(f):
		return l.Number(f, 0)
	}
	return l.spell(f, lastPlace(f), 0, true)
}

// number returns v as a float64 if it is a number.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case int32:
		return float64(v), true
	case uint64:
		return float64(v), true
	case uint32:
		return float64(v), true
	case uint8:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case float32:
		return float64(v), !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
	}
	return 0, false
}

// pluralCount returns n as the plural rules want it: with the digits shown.
func pluralCount(n any) (string, bool) {
	if s, ok := n.(string); ok {
		_, err := strconv.ParseFloat(s, 64)
		return s, err == nil
	}
	f, ok := number(n)
	if !ok {
		return "", false
	}
	return strconv.FormatFloat(math.Abs(f), 'f', -1, 64), true
}
