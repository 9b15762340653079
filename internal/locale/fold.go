package locale

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s as search compares it: lower case, without accents, Cyrillic
// spelled in Latin letters, the forms of an Arabic letter as one, digits as 0
// to 9, anything that is neither letter nor digit as one space. Letters of
// other scripts stay. Fold(Fold(s)) is Fold(s).
//
// Cyrillic letters have one spelling whatever the language, the one common in
// passports and on maps, so that Алматы is "almaty" and Маңғыстау "mangystau".
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	s = fold(s)
	for range 4 { // a letter may decompose into one that has a spelling here
		again := fold(s)
		if again == s {
			break
		}
		s = again
	}
	return s
}

// isFolded reports whether s is Latin letters and digits that Fold leaves alone.
func isFolded(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != ' ' || i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

func fold(s string) string {
	// Composed first, so that й and ё meet the table whole; decomposed after,
	// to lose the accents of what the table does not have.
	if !isASCII(s) {
		s = norm.NFKC.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		r = unicode.ToLower(r)
		if to, ok := spelling[r]; ok {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
	}
	s = b.String()
	if !isASCII(s) {
		s = norm.NFKD.String(s)
	}
	b.Reset()
	space := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r) || r == 'ـ' || silent(r):
			continue
		case unicode.IsLetter(r) || unicode.Is(unicode.M, r):
		case unicode.IsDigit(r):
			r = '0' + digitValue(r)
		default:
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// silent reports whether r is an apostrophe, a modifier or a joiner inside
// words, which writers leave out as often as not.
func silent(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʻ', 'ʼ', '`', 'ʹ', 'ʺ', 'ٴ', 'ء', '\u200c', '\u200d', '\u00ad':
		return true
	}
	return unicode.Is(unicode.Lm, r) && r < 0x300
}

// digitValue returns the value of a decimal digit of any script: they stand in
// runs of ten, from zero to nine.
func digitValue(r rune) rune {
	for zero := r; ; zero-- {
		if !unicode.IsDigit(zero - 1) {
			return (r - zero) % 10
		}
	}
}

// spelling is how a lower-case letter is written for search: Cyrillic and
// uncommon Latin letters in plain Latin, variants of Arabic letters as one.
var spelling = map[rune]string{
	// Russian, and what its neighbours share with it
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z",
	'и': "i", 'й': "y", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r",
	'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch",
	'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	// Kazakh, Kyrgyz, Tatar, Bashkir, Mongolian
	'ә': "a", 'ғ': "g", 'қ': "q", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", 'і': "i",
	'җ': "j", 'ҙ': "z", 'ҡ': "q", 'ҫ': "s", 'ҥ': "n",
	// Uzbek, Tajik, Karakalpak
	'ў': "o", 'ҳ': "h", 'ҷ': "j", 'ӣ': "i", 'ӯ': "u",
	// Ukrainian, Serbian, Macedonian
	'є': "ye", 'ї': "yi", 'ґ': "g", 'ђ': "dj", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dz", 'ѓ': "g", 'ќ': "k", 'ѕ': "dz",
	// Latin letters that are no letter with an accent
	'ı': "i", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ß': "ss", 'ə': "e", 'ŋ': "n",
	// Arabic, Persian, Urdu, Kazakh and Uyghur in Arabic letters
	'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ې': "ي", 'ے': "ي", 'ة': "ه", 'ہ': "ه", 'ھ': "ه", 'ۀ': "ه", 'ە': "ه", 'ک': "ك",
}

// arabic is a rough Latin spelling of folded Arabic letters. Short vowels are
// not written in Arabic, and so not here.
var arabic = map[rune]string{
	'ا': "a", 'ب': "b", 'ت': "t", 'ث': "th", 'ج': "j", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "z",
	'ر': "r", 'ز': "z", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "",
	'غ': "gh", 'ف': "f", 'ق': "q", 'ك': "k", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'و': "u", 'ي': "i",
	'پ': "p", 'چ': "ch", 'ژ': "zh", 'گ': "g", 'ڭ': "n", 'ۆ': "o", 'ۇ': "u", 'ۈ': "u", 'ۋ': "v",
}

// latin returns folded text with Arabic letters spelled in Latin.
func latin(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if to, ok := arabic[r]; ok {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// near evens out what spellers of one name differ in: Kazakh, Qazaq and Qazaq
// in Arabic letters meet here.
var near = strings.NewReplacer("kh", "k", "gh", "g", "q", "k", "iy", "i", "yi", "i", "y", "i", "w", "v", "dzh", "j", "zh", "j", "ph", "f", "x", "ks")

// sound returns folded text as near spellings share it, without doubled letters.
func sound(s string) string {
	s = near.Replace(latin(s))
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
