package locale

import (
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

func newCollator(lang string) *collate.Collator { return collate.New(language.Make(lang)) }

// Compare returns -1, 0 or +1 as name a comes before, is, or comes after b in
// the language's alphabet. Names the alphabet holds equal are ordered by code
// point, so that an order never depends on where it started.
func (l *Locale) Compare(a, b string) int {
	c := l.collators.Get().(*collate.Collator) // one to a goroutine: a collator keeps its state
	defer l.collators.Put(c)
	if n := c.CompareString(a, b); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}
