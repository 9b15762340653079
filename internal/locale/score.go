package locale

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A Query is what a reader typed, ready to be compared with many names.
type Query struct {
	folded string
	words  []string
	sound  string
	grams  []gram
	joined string // the sound of the words written as one
	runs   []gram // of joined
}

// NewQuery returns the query typed as s.
func NewQuery(s string) Query {
	f := Fold(s)
	q := Query{folded: f, words: strings.Fields(f), sound: sound(f)}
	if 2*utf8.RuneCountInString(q.sound) < utf8.RuneCountInString(f) { // a key held down is no spelling of anything
		q.sound = f
	}
	q.grams = grams(q.sound)
	q.joined = join(f)
	q.runs = grams(q.joined)
	return q
}

// Score returns how well the candidate answers a query typed as query; see
// [Query.Score].
func Score(query, candidate string) float64 { return NewQuery(query).Score(candidate) }

// Score returns how well the name answers the query, from 0 for not at all to
// 1 for the same name. Case, accents and script do not matter ([Fold]). From
// best to worst:
//
//	1          the same name
//	0.96       the same in a near spelling, or with words joined or parted
//	0.85–0.95  the name begins with the query
//	0.70–0.85  every word of the query begins a word of the name
//	0.60       the query, of three letters or more, stands inside the name
//	0.50–0.58  every word of the query, but for a slip, begins a word of the name
//	0–0.48     as many runs of three letters are shared (Dice)
//
// Within a band a name is better the less of it the query leaves out.
func (q Query) Score(name string) float64 {
	if q.folded == "" {
		return 0
	}
	f := Fold(name)
	if f == "" {
		return 0
	}
	if f == q.folded {
		return 1
	}
	s := sound(f)
	if q.sound == "" || s == "" {
		return 0
	}
	joined := s
	if strings.Contains(f, " ") {
		joined = join(f)
	}
	share := min(1, float64(len(q.sound))/float64(len(s)))
	switch {
	case s == q.sound || joined == q.joined:
		return 0.96
	case strings.HasPrefix(f, q.folded) || strings.HasPrefix(s, q.sound):
		return 0.85 + 0.1*share
	case beginWords(q.words, f) || beginWords(strings.Fields(q.sound), s):
		return 0.7 + 0.15*share
	}
	if utf8.RuneCountInString(q.sound) < 3 {
		return 0
	}
	if strings.Contains(s, q.sound) {
		return 0.6
	}
	d := dice(q.grams, grams(s))
	if joined != s || q.joined != q.sound {
		d = max(d, dice(q.runs, grams(joined)))
	}
	if slipped(strings.Fields(q.sound), s) {
		return 0.5 + 0.08*share
	}
	return 0.48 * d
}

// slipped reports whether each query word begins a different word of the name
// but for a slip of the finger: a letter too many, too few, wrong, or two of
// them in the wrong order; two slips in a word of eight letters or more. Words
// of four letters or fewer allow none, for too many others are one slip away.
func slipped(query []string, name string) bool {
	words := strings.Fields(name)
	if len(query) > len(words) {
		return false
	}
	for _, w := range query {
		i := slices.IndexFunc(words, func(word string) bool { return nearPrefix([]rune(w), []rune(word)) })
		if i < 0 {
			return false
		}
		words = slices.Delete(words, i, i+1)
	}
	return len(query) > 0
}

// nearPrefix reports whether some beginning of the word is the query but for as
// many slips as its length allows (optimal string alignment).
func nearPrefix(query, word []rune) bool {
	slips := 0
	switch {
	case len(query) >= 8:
		slips = 2
	case len(query) >= 5:
		slips = 1
	}
	if len(word) < len(query)-slips || len(query) > 40 {
		return false
	}
	word = word[:min(len(word), len(query)+slips)]
	before, last, row := make([]int, len(word)+1), make([]int, len(word)+1), make([]int, len(word)+1)
	for j := range last {
		last[j] = j
	}
	for i := range query {
		row[0] = i + 1
		for j := range word {
			cost := 1
			if query[i] == word[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && query[i] == word[j-1] && query[i-1] == word[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return slices.Min(last) <= slips
}

// join returns the sound of folded text as if it were one word.
func join(folded string) string { return sound(strings.ReplaceAll(folded, " ", "")) }

// beginWords reports whether each query word begins a different word of the
// name, in any order.
func beginWords(query []string, name string) bool {
	words := strings.Fields(name)
	if len(query) > len(words) {
		return false
	}
	for _, w := range query {
		i := slices.IndexFunc(words, func(word string) bool { return strings.HasPrefix(word, w) })
		if i < 0 {
			return false
		}
		words = slices.Delete(words, i, i+1)
	}
	return len(query) > 0
}

// A gram is three runes in a row, spaces for what is before and after a name.
type gram [3]rune

// grams returns the sorted grams of s.
func grams(s string) []gram {
	out := make([]gram, 0, len(s)+2)
	g := gram{' ', ' ', ' '}
	for _, r := range s {
		g = gram{g[1], g[2], r}
		out = append(out, g)
	}
	out = append(out, gram{g[1], g[2], ' '})
	slices.SortFunc(out, compareGrams)
	return out
}

func compareGrams(a, b gram) int { return slices.Compare(a[:], b[:]) }

// dice returns twice the number of shared grams by the number of all.
func dice(a, b []gram) float64 {
	shared, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch c := compareGrams(a[i], b[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			shared++
			i++
			j++
		}
	}
	return 2 * float64(shared) / float64(len(a)+len(b))
}
