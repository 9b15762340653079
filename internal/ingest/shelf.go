package ingest

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"shanyraq"
)

// A shelf holds the claims of one source in a compact form: strings once each,
// numbers beside them, claims made only when asked for. It does not change
// after finish and may then be read from many goroutines.
type shelf struct {
	source   shanyraq.SourceID
	strength shanyraq.Strength
	rivals   bool

	words   []string        // by word; the first is ""
	ids     map[string]word // of words
	periods map[string]word // of words that are well-formed times
	slugs   map[word]string // of words that are subjects or areas
	blocks  []*block        // in order of series after finish
	at      map[shanyraq.SeriesID]*block
	files   []string
}

// A word is the number of a string in a shelf; 0 is the empty string.
type word uint32

// A block holds the claims of one source about one series.
type block struct {
	series     shanyraq.SeriesID
	unit       shanyraq.Unit
	definition word // of claims that name no other
	known      bool // the series is in the vocabulary
	counts     bool // values cannot be below zero
	rows       []row
	more       []more
}

// A row is a claim. Most need no more than a place, a time and a value.
type row struct {
	value          float64
	place, partner word
	when           word
	more           uint32 // index in the block's more, from 1; 0 for none
	line           uint32 // where it stood
	file           uint32
}

// more is what only some claims have.
type more struct {
	low, high, level, step                        float64
	area, subject, definition, who, address, note word
	kind                                          shanyraq.IntervalKind // 0 if no range is stated
	strength                                      shanyraq.Strength     // 0 if the source's
}

var nothingMore more

func newShelf(source shanyraq.SourceID, strength shanyraq.Strength, rivals bool) *shelf {
	return &shelf{
		source: source, strength: strength, rivals: rivals,
		words:   []string{""},
		ids:     map[string]word{"": 0},
		periods: map[string]word{"": 0},
		slugs:   map[word]string{0: ""},
		at:      map[shanyraq.SeriesID]*block{},
	}
}

// word returns the number of the string, keeping a copy if it is new.
func (sh *shelf) word(b []byte) word {
	if w, ok := sh.ids[string(b)]; ok {
		return w
	}
	w, s := word(len(sh.words)), string(b)
	sh.words = append(sh.words, s)
	sh.ids[s] = w
	return w
}

// slugged returns the number of a subject or area and remembers its slug.
func (sh *shelf) slugged(b []byte) word {
	w := sh.word(b)
	if _, ok := sh.slugs[w]; !ok {
		sh.slugs[w] = slug(sh.words[w])
	}
	return w
}

func (b *block) moreOf(r *row) *more {
	if r.more == 0 {
		return &nothingMore
	}
	return &b.more[r.more-1]
}

// compareWords orders words as the strings they stand for.
func (sh *shelf) compareWords(a, b word) int {
	if a == b {
		return 0
	}
	return strings.Compare(sh.words[a], sh.words[b])
}

// compare orders the rows of a block by place, partner, subject, when, area.
func (sh *shelf) compare(b *block, x, y *row) int {
	if c := sh.compareWords(x.place, y.place); c != 0 {
		return c
	}
	if c := sh.compareWords(x.partner, y.partner); c != 0 {
		return c
	}
	mx, my := b.moreOf(x), b.moreOf(y)
	if c := sh.compareWords(mx.subject, my.subject); c != 0 {
		return c
	}
	if c := sh.compareWords(x.when, y.when); c != 0 {
		return c
	}
	return sh.compareWords(mx.area, my.area)
}

// finish sorts the blocks and records a fault for each claim made twice.
func (sh *shelf) finish(faults *collector) {
	slices.SortFunc(sh.blocks, func(a, b *block) int { return cmp.Compare(a.series, b.series) })
	for _, b := range sh.blocks {
		b.rows, b.more = slices.Clip(b.rows), slices.Clip(b.more)
		order := func(x, y row) int { return sh.compare(b, &x, &y) }
		if !slices.IsSortedFunc(b.rows, order) {
			slices.SortStableFunc(b.rows, order)
		}
		sh.checkTwice(b, faults)
	}
}

func (sh *shelf) checkTwice(b *block, faults *collector) {
	twice := func(first, again *row) {
		what, remedy := "twice", "twice"
		if sh.rivals {
			what, remedy = "repeated", "repeated"
		}
		if first.file > again.file || first.file == again.file && first.line > again.line {
			first, again = again, first
		}
		faults.add(sh.files[again.file], int(again.line), 0, what, remedy, "Line", first.line, "File", sh.files[first.file])
	}
	plain := !sh.rivals && !slices.ContainsFunc(b.more, func(m more) bool { return m.subject != 0 || m.area != 0 })
	if plain {
		for i := 1; i < len(b.rows); i++ {
			x, y := &b.rows[i-1], &b.rows[i]
			if x.place == y.place && x.partner == y.partner && x.when == y.when {
				twice(x, y)
			}
		}
		return
	}
	seen := make(map[shanyraq.ClaimID]*row, len(b.rows))
	for i := range b.rows {
		r := &b.rows[i]
		c := sh.claim(b, r)
		if first := seen[c.ID]; first != nil {
			twice(first, r)
			continue
		}
		seen[c.ID] = r
	}
}

// claim returns the claim of a row.
func (sh *shelf) claim(b *block, r *row) shanyraq.Claim {
	m := b.moreOf(r)
	c := shanyraq.Claim{
		Source:     sh.source,
		Series:     b.series,
		Place:      shanyraq.CountryCode(sh.words[r.place]),
		Area:       sh.words[m.area],
		Partner:    shanyraq.CountryCode(sh.words[r.partner]),
		Subject:    sh.words[m.subject],
		When:       shanyraq.Period(sh.words[r.when]),
		Value:      r.value,
		Step:       m.step,
		Unit:       b.unit,
		Definition: shanyraq.DefinitionID(sh.words[b.definition]),
		Who:        sh.words[m.who],
		Strength:   sh.strength,
		Address:    sh.words[m.address],
		Note:       sh.words[m.note],
	}
	if m.kind != 0 {
		c.Stated = &shanyraq.Interval{Lo: m.low, Hi: m.high, Level: m.level, Kind: m.kind}
	}
	if m.definition != 0 {
		c.Definition = shanyraq.DefinitionID(sh.words[m.definition])
	}
	if m.strength != 0 {
		c.Strength = m.strength
	}
	c.ID = claimID(&c, sh.slugs[m.subject], sh.slugs[m.area], sh.rivals)
	return c
}

// within returns the rows about the place.
func (sh *shelf) within(b *block, place shanyraq.CountryCode) []row {
	if _, ok := sh.ids[string(place)]; !ok {
		return nil
	}
	lo := sort.Search(len(b.rows), func(i int) bool { return sh.words[b.rows[i].place] >= string(place) })
	n := sort.Search(len(b.rows)-lo, func(i int) bool { return sh.words[b.rows[lo+i].place] > string(place) })
	return b.rows[lo : lo+n]
}
