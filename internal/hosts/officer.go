package hosts

import (
	"regexp"
	"strings"
	"unicode"
)

// alike are letters that look like another, in small letters, each with the
// Latin one it is taken for: Cyrillic, Greek and accented ones, digits, and the
// upright strokes that nobody can tell apart.
var alike = func() map[rune]string {
	m := map[rune]string{}
	for to, from := range map[string]string{
		"a": "аαàáâãäåāăąǎ", "b": "вьβъ", "c": "сϲςçćčĉċ", "d": "ԁďđ", "e": "еёэεєèéêëēĕėęěҽ", "f": "ғϝ", "g": "ԍɡĝğġģ",
		"h": "нһηћђĥħң", "i": "іїιl1|ıìíîïĩīĭįӏłĺļľŀ", "j": "јϳĵ", "k": "кκқќķҡ", "m": "мμ", "n": "пνñńņňŋ", "o": "оοσөӧòóôõöøōŏő0ө", "p": "рρþ",
		"q": "ԛգ", "r": "гяŕŗř", "s": "ѕśŝşš", "t": "тτţťŧ", "u": "цυùúûüũūŭůűų", "v": "ѵѷ", "w": "ѡωшщԝŵ", "x": "хχҳ", "y": "уүұўγýÿŷ", "z": "зζźżž",
	} {
		for _, r := range from {
			m[r] = to
		}
	}
	return m
}()

// skeleton returns what is left of a name when case, spaces, marks and the
// choice among letters that look alike are taken away. Two names of one
// skeleton cannot be told apart on a screen. Two people may share one: they
// count as one, which only ever asks for a third.
func skeleton(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= '！' && r <= '～' { // as wide as a Chinese character
			r -= '！' - '!'
		}
		r = unicode.ToLower(r)
		switch to, ok := alike[r]; {
		case ok:
			b.WriteString(to)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("rn", "m", "vv", "w").Replace(b.String())
}

var (
	twoNames = regexp.MustCompile(`\p{Lu}\p{Ll}+[\s,]+\p{Lu}\p{Ll}+`)
	birthday = regexp.MustCompile(`\b(\d{1,2}[./-]\d{1,2}[./-](19|20)\d\d|(19|20)\d\d-\d{2}-\d{2})\b|(?i)\b(born|b\.|geb\.)\s*\D{0,12}(19|20)\d\d|(?i)(род\.|родил\p{L}*|р\.|туған)\s*\D{0,12}(19|20)\d\d|(19|20)\d\d\s*(г\.?\s*р\.|года рождения|жылы туған)`)
)

// NamesAPerson reports whether a text seems to name somebody: two words with
// capitals, and what looks like a day or year of birth. It is a hint to the one
// who wrote it, and finds neither all nor only persons.
func NamesAPerson(text string) bool { return twoNames.MatchString(text) && birthday.MatchString(text) }
