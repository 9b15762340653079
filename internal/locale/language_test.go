package locale

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		name, accept string
		explicit     []string
		want         string
	}{
		{"nothing said", "", nil, "en"},
		{"the address says", "ru", []string{"kk"}, "kk"},
		{"a region does not matter", "", []string{"kk-KZ"}, "kk"},
		{"nor does a script", "", []string{"kk-Arab-CN"}, "kk"},
		{"capitals do not matter", "", []string{"RU"}, "ru"},
		{"the first wish that can be met", "", []string{"de", "", "ru", "kk"}, "ru"},
		{"malformed wishes are passed over", "ru", []string{"☃", strings.Repeat("x", 1000), "_-"}, "ru"},
		{"the browser asks for Kazakh", "kk-KZ,kk;q=0.9,ru;q=0.8", nil, "kk"},
		{"weights count", "ru;q=0.3,kk;q=0.7", nil, "kk"},
		{"what we do not have falls to what comes next", "ja,ru;q=0.5", nil, "ru"},
		{"nothing we have", "ja", nil, "en"},
		{"a malformed header", "en;;q=,,", nil, "en"},
		{"a star", "*", nil, "en"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Match(tt.accept, tt.explicit...); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestFor(t *testing.T) {
	for tag, want := range map[string]string{"en": "en", "kk": "kk", "ru": "ru", "ru-KZ": "ru", "": "en", "xx": "en", "☃": "en"} {
		if got := For(tag).Lang(); got != want {
			t.Errorf("%q: got %s, want %s", tag, got, want)
		}
	}
	if once, again := For("kk"), For("kk"); once != again {
		t.Error("a catalogue is read twice")
	}
	if got := For("kk").Name(); got != "Қазақша" || NativeName("uz") != "uz" {
		t.Errorf("names %s, %s", got, NativeName("uz"))
	}
	if got := Supported(); !slices.Equal(got, []string{"en", "kk", "ru"}) {
		t.Errorf("supported: %v", got)
	}
}

func TestDir(t *testing.T) {
	for lang, want := range map[string]string{"en": "ltr", "kk": "ltr", "kk-Arab": "rtl", "ar": "rtl", "ug": "rtl", "fa": "rtl", "he": "rtl", "uz": "ltr", "uz-AF": "rtl", "": "ltr", "☃": "ltr"} {
		if got := Dir(lang); got != want {
			t.Errorf("%q: got %s, want %s", lang, got, want)
		}
	}
	if For("ru").Dir() != "ltr" {
		t.Error("Russian is written the wrong way")
	}
}

// The Kazakh alphabet of 42 letters, in order.
const kazakhAlphabet = "А Ә Б В Г Ғ Д Е Ё Ж З И Й К Қ Л М Н Ң О Ө П Р С Т У Ұ Ү Ф Х Һ Ц Ч Ш Щ Ъ Ы І Ь Э Ю Я"

func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		lang string
		want []string // in order
	}{
		{"kk", strings.Fields(kazakhAlphabet)},
		{"kk", strings.Fields(strings.ToLower(kazakhAlphabet))},
		{"kk", []string{"Ауғанстан", "Әзербайжан", "Қазақстан", "Қырғызстан", "Ұлыбритания", "Үндістан", "Чад"}},
		{"ru", []string{"Австрия", "Бельгия", "Ёлка", "Женева", "Ирландия", "Йемен", "Казахстан", "Япония"}},
		{"en", []string{"Åland Islands", "Albania", "Côte d’Ivoire", "Czechia", "United States", "Zambia"}},
	} {
		l := For(tt.lang)
		got := slices.Clone(tt.want)
		slices.Reverse(got)
		slices.SortFunc(got, l.Compare)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v\nwant %v", tt.lang, got, tt.want)
		}
	}
}

// Whatever the names, an order is one: antisymmetric, transitive, and only
// equal for the same name.
func TestCompareOrders(t *testing.T) {
	name := rapid.StringN(0, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		l := For(rapid.SampledFrom(supported).Draw(t, "lang"))
		a, b, c := name.Draw(t, "a"), name.Draw(t, "b"), name.Draw(t, "c")
		if l.Compare(a, b) != -l.Compare(b, a) || (l.Compare(a, b) == 0) != (a == b) {
			t.Fatalf("%q and %q: %d, %d", a, b, l.Compare(a, b), l.Compare(b, a))
		}
		if l.Compare(a, b) <= 0 && l.Compare(b, c) <= 0 && l.Compare(a, c) > 0 {
			t.Fatalf("%q, %q, %q do not follow", a, b, c)
		}
	})
}

func TestFold(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Алматы", "almaty"},
		{"Almaty", "almaty"},
		{"АЛМАТЫ", "almaty"},
		{"ألماتي", "الماتي"},
		{"Алма-Ата", "alma ata"},
		{"Маңғыстау", "mangystau"},
		{"Қазақстан", "qazaqstan"},
		{"Côte d’Ivoire", "cote divoire"},
		{"Türkiye", "turkiye"},
		{"TÜRKİYE", "turkiye"},
		{"O‘zbekiston", "ozbekiston"},
		{"Ґданськ", "gdansk"},
		{"  two   words ", "two words"},
		{"ＧＤＰ ２０２４", "gdp 2024"},
		{"٢٠٢٤", "2024"},
		{"Straße", "strasse"},
		{"哈萨克斯坦", "哈萨克斯坦"},
		{"e\u0301", "e"},
		{"—", ""},
		{"", ""},
	} {
		if got := Fold(tt.in); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestScore(t *testing.T) {
	for _, tt := range []struct {
		query, name string
		lo, hi      float64
	}{
		{"Алматы", "Almaty", 1, 1},
		{"almaty", "Алматы", 1, 1},
		{"ألماتي", "Алматы", 0.9, 1},
		{"Алма-Ата", "Алматы", 0.34, 0.6}, // another name, and still nearer than any stranger
		{"Алма-Ата", "Астана", 0, 0.2},
		{"timorleste", "Timor-Leste", 0.96, 0.96},
		{"Кот Дивуар", "Кот-д’Ивуар", 0.96, 1},
		{"Қазақстан", "Kazakhstan", 0.96, 1},
		{"Казахстан", "Kazakhstan", 1, 1},
		{"kazak", "Kazakhstan", 0.85, 0.96},
		{"states united", "United States", 0.7, 0.86},
		{"kingdom", "United Kingdom", 0.7, 0.86},
		{"ermany", "Germany", 0.6, 0.6},
		{"Germnay", "Germany", 0.5, 0.58},
		{"militry", "Military expenditure", 0.5, 0.58},
		{"expenditrue military", "Military expenditure", 0.5, 0.58},
		{"Kyrgyzistan", "Kyrgyzstan", 0.5, 0.96},
		{"Iran", "Iraq", 0, 0.34}, // too short for a slip
		{"Gabun", "Ghana", 0, 0.34},
		{"Мали", "Малави", 0, 0.9},
		{"xyz", "Germany", 0, 0.1},
		{"", "Germany", 0, 0},
		{"Germany", "", 0, 0},
		{"—", "—", 0, 0},
		{"de", "Sweden", 0, 0},
	} {
		if got := Score(tt.query, tt.name); got < tt.lo || got > tt.hi {
			t.Errorf("%q for %q: %v, want %v to %v", tt.name, tt.query, got, tt.lo, tt.hi)
		}
	}
	// The better answer comes first.
	for _, tt := range []struct{ query, first, second string }{
		{"niger", "Niger", "Nigeria"},
		{"guinea", "Guinea", "Guinea-Bissau"},
		{"guinea", "Guinea-Bissau", "Equatorial Guinea"},
		{"korea", "Korea", "South Korea"},
		{"Монголия", "Mongolia", "Angola"},
		{"Моңғолия", "Монголия", "Ангола"},
		{"Алма-Ата", "Алматы", "Ямайка"},
	} {
		if a, b := Score(tt.query, tt.first), Score(tt.query, tt.second); a <= b {
			t.Errorf("%q: %s has %v, %s %v", tt.query, tt.first, a, tt.second, b)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Алматы", "ألماتي", "İ", "ǅ", "ﬁ", "ё", "й", "\u0345", "ᾳ", "\xff", "ʼ", "ۋ", "가", "٠"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Fold(s)
		if again := Fold(got); again != got {
			t.Errorf("%q folds to %q and that to %q", s, got, again)
		}
		if strings.Contains(got, "  ") || strings.TrimSpace(got) != got {
			t.Errorf("%q folds to %q, with spaces to spare", s, got)
		}
	})
}

func FuzzScore(f *testing.F) {
	f.Add("Алматы", "Almaty")
	f.Add("ألماتي", "Алматы")
	f.Add("", "x")
	f.Add("aa aa", "aa")
	f.Add("\xff", "\xff")
	f.Fuzz(func(t *testing.T, query, name string) {
		s := Score(query, name)
		if !(s >= 0 && s <= 1) {
			t.Errorf("%q for %q: %v", name, query, s)
		}
		if want := 1.0; Fold(query) != "" && Score(query, query) != want {
			t.Errorf("%q does not answer itself: %v", query, Score(query, query))
		}
		if Score(Fold(query), name) != s {
			t.Errorf("%q for %q: %v folded, %v as typed", name, query, Score(Fold(query), name), s)
		}
	})
}

// A search compares the query with every name of every place, some three
// thousand, at each key pressed, so that has to stay under a twentieth of a
// second.
func BenchmarkScore(b *testing.B) {
	names := strings.Fields("Қазақстан Kazakhstan Казахстан قازاقستان 哈萨克斯坦 Kasachstan Bosnia-Herzegovina Папуа-Новая-Гвинея")
	for _, query := range []string{"kaz", "Қазақстан", "new guinea"} {
		b.Run(query, func(b *testing.B) {
			q := NewQuery(query)
			b.ReportAllocs()
			for b.Loop() {
				for range 3000 / len(names) {
					for _, n := range names {
						q.Score(n)
					}
				}
			}
		})
	}
}
