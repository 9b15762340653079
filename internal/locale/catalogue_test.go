package locale

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"shanyraq"
)

// all returns every message of every language, by language and key.
func all(t *testing.T) map[string]map[string]forms {
	t.Helper()
	out := map[string]map[string]forms{}
	for _, lang := range supported {
		m, err := readMessages(messages, lang)
		if err != nil {
			t.Fatal(err)
		}
		out[lang] = m
	}
	return out
}

// pluralForms are the forms of CLDR that a language tells apart in the counts
// of this program.
var pluralForms = map[string][]string{
	"en": {"one", "other"},
	"kk": {"one", "other"},
	"ru": {"few", "many", "one", "other"},
}

func TestLanguagesHaveTheSameMessages(t *testing.T) {
	catalogues := all(t)
	if n := len(catalogues["en"]); n < 500 {
		t.Errorf("only %d messages in English: the test looks in the wrong place", n)
	}
	for _, lang := range supported {
		for _, other := range supported {
			for _, key := range slices.Sorted(maps.Keys(catalogues[lang])) {
				if _, ok := catalogues[other][key]; !ok {
					t.Errorf("%s is in %s and not in %s", key, lang, other)
				}
			}
		}
	}
}

func TestMessagesAreInTheFileOfTheirPrefix(t *testing.T) {
	for _, lang := range supported {
		names, err := fs.Glob(messages, "messages/"+lang+"/*.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := messages.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			one, err := readMessages(fstest.MapFS{name: {Data: b}}, lang)
			if err != nil {
				t.Error(err)
			}
			prefix := strings.TrimSuffix(path.Base(name), ".json")
			for key := range one {
				if first, _, _ := strings.Cut(key, "."); first != prefix {
					t.Errorf("%s has %s, which belongs in %s.json", name, key, first)
				}
			}
		}
	}
}

func TestPluralsAreComplete(t *testing.T) {
	catalogues := all(t)
	for key, english := range catalogues["en"] {
		for _, lang := range supported {
			f, ok := catalogues[lang][key]
			if !ok {
				continue // TestLanguagesHaveTheSameMessages says so
			}
			if f.hasPlural() != english.hasPlural() {
				t.Errorf("%s has plural forms in one of English and %s only", key, lang)
				continue
			}
			want := []string{"other"}
			if f.hasPlural() {
				want = pluralForms[lang]
			}
			if got := slices.Sorted(maps.Keys(f.byName())); !slices.Equal(got, want) {
				t.Errorf("%s in %s has the forms %v, not %v", key, lang, got, want)
			}
		}
	}
}

var (
	action      = regexp.MustCompile(`\{\{.*?\}\}`)
	placeholder = regexp.MustCompile(`\.([A-Za-z]\w*)`)
)

// placeholders returns the names a text asks values for, sorted, each once.
func placeholders(text string) []string {
	var out []string
	for _, a := range action.FindAllString(text, -1) {
		for _, m := range placeholder.FindAllStringSubmatch(a, -1) {
			out = append(out, m[1])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestLanguagesAskForTheSameValues(t *testing.T) {
	catalogues := all(t)
	for _, key := range slices.Sorted(maps.Keys(catalogues["en"])) {
		want := placeholders(catalogues["en"][key].Other)
		for _, lang := range supported {
			for form, text := range catalogues[lang][key].byName() {
				got := placeholders(text)
				if slices.Equal(got, want) {
					continue
				}
				// "One host" may leave the number out where the form is of 1 alone.
				if form == "one" && lang != "ru" && slices.Equal(got, slices.DeleteFunc(slices.Clone(want), func(s string) bool { return s == "Count" })) {
					continue
				}
				t.Errorf("%s in %s, form %s, asks for %v, English for %v", key, lang, form, got, want)
			}
		}
	}
}

// Every message must come out whole, with every count a plural may be asked for.
func TestEveryMessageSpeaks(t *testing.T) {
	for lang, catalogue := range all(t) {
		l := For(lang)
		for key, f := range catalogue {
			args := map[string]any{}
			for _, name := range placeholders(f.Other) {
				args[name] = "¤" + name
			}
			counts := []any{0, 1, 2, 3, 5, 11, 21, 22, 25, 101, 1000, "1.5"}
			if _, asked := args["Count"]; !asked && !f.hasPlural() {
				counts = counts[:1]
			}
			for _, n := range counts {
				if f.hasPlural() || args["Count"] != nil {
					args["Count"] = n
				}
				got := l.T(key, args)
				if strings.ContainsAny(got, "⟦⟧{}") || strings.Contains(got, "<no value>") || strings.TrimSpace(got) == "" {
					t.Errorf("%s in %s with Count %v: %q", key, lang, n, got)
				}
				for name := range args {
					if form := f.byName()["one"]; name != "Count" && strings.Contains(f.Other, "."+name) && (form == "" || strings.Contains(form, "."+name)) && !strings.Contains(got, "¤"+name) {
						t.Errorf("%s in %s leaves out %s: %q", key, lang, name, got)
					}
				}
			}
		}
	}
}

// punctuation may stand in a text beside letters and digits. The web fonts have
// all of it; they lack the signs for "about", "at most", "at least" and arrows.
const punctuation = " \u00a0.,;:!?()[]/'’“”«»-–—−+×=·…%²_|#*@"

var (
	kazakhOnly  = "әғқңөұүһі"
	percentSign = regexp.MustCompile(`.%`)
	words       = regexp.MustCompile(`[\p{L}\p{M}]+`)
)

// faults returns what an editor would strike in a text of the language.
func faults(lang, text string) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	bare := action.ReplaceAllString(text, "0")
	for _, r := range bare {
		switch {
		case unicode.IsDigit(r) && r < 0x80, strings.ContainsRune(punctuation, r), unicode.Is(unicode.Latin, r):
		case lang != "en" && unicode.Is(unicode.Cyrillic, r):
			if lang == "ru" && strings.ContainsRune(kazakhOnly, unicode.ToLower(r)) {
				add("has the Kazakh letter %q", r)
			}
		default:
			add("has %q", r)
		}
	}
	for _, w := range words.FindAllString(bare, -1) {
		latin := strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
		if latin && strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			add("has letters of two alphabets in %q", w)
		}
	}
	if lang != "en" && strings.ContainsAny(text, "“”") {
		add("has the quotation marks of English")
	}
	if strings.TrimSpace(text) != text || strings.Contains(text, "  ") || text == "" {
		add("has a space too many, or nothing")
	}
	for _, m := range percentSign.FindAllString(bare, -1) {
		if spaced := m == noBreak+"%"; spaced == (lang == "en") || m == " %" {
			add("writes the percent sign as %q", m)
		}
	}
	return out
}

func TestTextsAreFitToPrint(t *testing.T) {
	for lang, catalogue := range all(t) {
		for key, f := range catalogue {
			for form, text := range f.byName() {
				for _, fault := range faults(lang, text) {
					t.Errorf("%s in %s, form %s, %s: %q", key, lang, form, fault, text)
				}
			}
		}
	}
}

func TestUnfitTextsAreSeen(t *testing.T) {
	for _, tt := range []struct{ name, lang, text string }{
		{"markup", "en", "a <b>bold</b> word"},
		{"an escaped letter", "en", "this &amp; that"},
		{"a sign the fonts lack", "en", "at ≥ 3"},
		{"an arrow", "ru", "от → до"},
		{"straight quotation marks", "ru", `слово "слово"`},
		{"English quotation marks in Russian", "ru", "слово “слово”"},
		{"Cyrillic in English", "en", "Алматы"},
		{"a Latin letter in a Cyrillic word", "kk", "Қазaқстан"},
		{"a Kazakh letter in Russian", "ru", "қала"},
		{"a loose percent sign", "en", "5 %"},
		{"a tight percent sign", "ru", "5%"},
		{"a breaking space before it", "kk", "5 %"},
		{"two spaces", "en", "two  spaces"},
		{"a space at the end", "en", "end "},
		{"nothing", "en", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if len(faults(tt.lang, tt.text)) == 0 {
				t.Errorf("%q passes", tt.text)
			}
		})
	}
	for lang, text := range map[string]string{"en": "{{.Count}} hosts, 5% (−3 to 4).", "ru": "{{.Share}}\u00a0% — «доля» по данным ООН.", "kk": "{{.Level}}-ы, 95\u00a0%-ы: ДБ мен CSV."} {
		if f := faults(lang, text); len(f) > 0 {
			t.Errorf("%q: %v", text, f)
		}
	}
}

// A message is a sentence in all languages or in none, so that no page mixes
// the two.
func TestLanguagesPunctuateAlike(t *testing.T) {
	catalogues := all(t)
	end := func(s string) string {
		if i := strings.LastIndexAny(s, ".?!"); i >= 0 && i == len(s)-1 && !strings.HasSuffix(s, "...") {
			return s[i:]
		}
		return ""
	}
	for key, english := range catalogues["en"] {
		for _, lang := range supported[1:] {
			text := catalogues[lang][key].Other
			if end(english.Other) != end(text) {
				t.Errorf("%s ends otherwise in %s:\n\t%s\n\t%s", key, lang, english.Other, text)
			}
			if a, b := capital(english.Other), capital(text); a*b < 0 && !strings.HasPrefix(key, "month.") {
				t.Errorf("%s begins otherwise in %s:\n\t%s\n\t%s", key, lang, english.Other, text)
			}
		}
	}
}

// capital returns 1 if the text begins with a capital, −1 if with a small
// letter, and 0 if that says nothing: a figure, a placeholder, an abbreviation.
func capital(s string) int {
	r := []rune(s)
	if len(r) < 2 || !unicode.IsLetter(r[0]) || unicode.IsUpper(r[1]) {
		return 0
	}
	if unicode.IsUpper(r[0]) {
		return 1
	}
	return -1
}

func TestLoadKeepsWhatItCanRead(t *testing.T) {
	c, err := load(fstest.MapFS{
		"messages/en/a.json": {Data: []byte(`{"a.plain": "plain", "a.name": "of {{.Name}}", "a.count": {"one": "{{.Count}} host", "other": "{{.Count}} hosts"}}`)},
		"messages/en/b.json": {Data: []byte(`{"a.plain": "again"}`)},
		"messages/en/c.json": {Data: []byte(`{"c.cut": "`)},
	}, "en")
	if err == nil || !strings.Contains(err.Error(), "c.json") || !strings.Contains(err.Error(), "a.plain is in another file too") {
		t.Errorf("error %v", err)
	}
	l := &Locale{lang: "en", decimal: ".", group: ",", percent: "%", catalogue: c}
	for _, tt := range []struct{ got, want string }{
		{l.T("a.name", "Name", "Aral"), "of Aral"},
		{l.T("a.count", "Count", 1), "1 host"},
		{l.T("a.count", "Count", 0), "0 hosts"},
		{l.T("c.cut"), "⟦c.cut⟧"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
	if _, err := load(fstest.MapFS{}, "en"); err == nil {
		t.Error("no folder of messages is no error")
	}
}

func TestT(t *testing.T) {
	figure := fig(t, 485, 361, 692, 0.95, shanyraq.Confidence, "persons")
	for _, tt := range []struct {
		name, lang, key string
		args            []any
		want            string
	}{
		{"a text without placeholders", "en", "common.nodata", nil, "no data"},
		{"a year is not split into thousands", "en", "standing.league", []any{"Year", 2024}, "Material capability, 2024"},
		{"a count is", "en", "search.count", []any{"Count", 2024}, "⟦search.count⟧"},
		{"Count in thousands", "en", "vectors.posts.held", []any{"Count", 1234}, "1,234 posts"},
		{"one", "en", "vectors.posts.held", []any{"Count", 1}, "1 post"},
		{"Russian one, at 21", "ru", "vectors.posts.held", []any{"Count", 21}, "21 представительство"},
		{"Russian few", "ru", "vectors.posts.held", []any{"Count", 3}, "3 представительства"},
		{"Russian many", "ru", "vectors.posts.held", []any{"Count", 11}, "11 представительств"},
		{"Russian thousands", "ru", "vectors.posts.held", []any{"Count", int64(1234)}, "1\u00a0234 представительства"},
		{"Kazakh does not mind", "kk", "vectors.posts.held", []any{"Count", 5}, "5 өкілдік"},
		{"a count without plural forms", "ru", "ingest.more", []any{"Count", 1}, "и ещё 1"},
		{"a map", "en", "error.year", []any{map[string]any{"Value": "12"}}, "12 is not a year between 1800 and 2100."},
		{"a fraction has the decimal sign of the language", "ru", "vectors.missing.below", []any{"Share", 4.5}, "до 4,5\u00a0%"},
		{"a figure comes with its range", "en", "overview.standing", []any{"N", 145, "Year", 2024, "Score", figure}, "Rank among 145 by material capability, 2024: a mean of 485 (361–692) of all their output, people and military spending."},
		{"no figure is no data", "en", "chart.summary.none", []any{"Title", shanyraq.Figure{}}, "no data. There is no number to draw."},
		{"a period is written out", "kk", "chart.summary.none", []any{"Title", shanyraq.Period("2024-05")}, "2024 ж. мамыр. Суретке салатын сан жоқ."},
		{"a text is put in its language", "ru", "chart.summary.none", []any{"Title", shanyraq.Text{Key: "common.year"}}, "Год. Нет ни одного числа для рисунка."},
		{"a missing value", "en", "standing.league", nil, "⟦standing.league⟧"},
		{"another value", "en", "standing.league", []any{"Years", 2024}, "⟦standing.league⟧"},
		{"an unknown key", "en", "nobody.says", []any{"Year", 2024}, "⟦nobody.says⟧"},
		{"values in angle brackets stay as they are", "en", "error.year", []any{"Value", "<b>"}, "<b> is not a year between 1800 and 2100."},
		{"a template in a value is a value", "en", "error.year", []any{"Value", "{{.Value}}"}, "{{.Value}} is not a year between 1800 and 2100."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := For(tt.lang).T(tt.key, tt.args...); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := For("en").Text(shanyraq.Text{}); got != "" {
		t.Errorf("no text says %q", got)
	}
	if l := For("kk"); !l.Has("common.nodata") || !l.Has("standing.league") || l.Has("nobody.says") {
		t.Error("Has is wrong")
	}
}

// A page may be rendered by many goroutines at once; the race detector looks on.
func TestLocaleIsShared(t *testing.T) {
	l := For("ru")
	want := l.T("vectors.posts.held", "Count", 5)
	done := make(chan string)
	for range 8 {
		go func() {
			var got string
			for range 50 {
				got = l.T("vectors.posts.held", "Count", 5)
				l.Compare("Алматы", "Астана")
			}
			done <- got
		}()
	}
	for range 8 {
		if got := <-done; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func FuzzT(f *testing.F) {
	for _, key := range []string{"common.nodata", "vectors.posts.held", "error.year", "", "⟦", "chart.summary"} {
		f.Add(key, "Value", "x", 3.5)
		f.Add(key, "Count", "{{", -1.0)
	}
	f.Fuzz(func(t *testing.T, key, name, value string, n float64) {
		for _, lang := range supported {
			l := For(lang)
			if got := l.T(key, name, value, "Count", n, "Title"); got == "" {
				t.Errorf("%q says nothing", key)
			} else if !l.Has(key) && got != "⟦"+key+"⟧" {
				t.Errorf("%q says %q", key, got)
			}
		}
	})
}
