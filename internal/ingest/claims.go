package ingest

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// The limits of one file, where [Options] set no others.
const (
	DefaultMaxBytes  = 256 << 20
	DefaultMaxClaims = 2_000_000
)

// Options say how a table of claims is to be read.
type Options struct {
	Known     *Vocabulary       // what the table may speak of; nil for anything well formed, series then stating their unit
	Series    shanyraq.SeriesID // of a table without a column series; else the file is named after it
	Source    shanyraq.SourceID
	Strength  shanyraq.Strength // of claims that state none
	Rivals    bool              // the source may make several claims about one thing
	Latest    int               // last year a claim may speak of; 0 for any
	MaxBytes  int64             // DefaultMaxBytes if 0
	MaxClaims int               // DefaultMaxClaims if 0; a claim takes up to half a kilobyte of memory
	Progress  func(done int64)  // called with the bytes read into claims, now and then and at the end
}

// A Batch is the content of one table of claims.
type Batch struct {
	Claims    []shanyraq.Claim  // by series, place, partner, subject, when, area
	NewSeries []shanyraq.Series // that the vocabulary lacks, with id and unit only, by id
}

// ReadClaims reads one table of claims, as the package comment describes it.
// The name is that of the file, for messages and for tables named after their
// series.
//
// It returns [*Faults] if anything is wrong with the table, and an error of
// kind [shanyraq.Other] if r fails.
func ReadClaims(r io.Reader, name string, o Options) (Batch, error) {
	var faults collector
	data, err := readAll(r, name, cmp.Or(o.MaxBytes, DefaultMaxBytes), &faults)
	if err != nil {
		return Batch{}, shanyraq.Errorf("ingest.ReadClaims", shanyraq.Other, "%s: %w", name, err)
	}
	sh := newShelf(o.Source, o.Strength, o.Rivals)
	if !faults.any() {
		t := table{shelf: sh, known: o.Known, series: o.Series, latest: o.Latest, max: cmp.Or(o.MaxClaims, DefaultMaxClaims), progress: o.Progress}
		t.read(name, data, &faults)
		sh.finish(&faults)
	}
	if err := faults.err(); err != nil {
		return Batch{}, err
	}
	var b Batch
	n := 0
	for _, k := range sh.blocks {
		n += len(k.rows)
	}
	b.Claims = make([]shanyraq.Claim, 0, n)
	for _, k := range sh.blocks {
		for i := range k.rows {
			b.Claims = append(b.Claims, sh.claim(k, &k.rows[i]))
		}
		if !k.known {
			b.NewSeries = append(b.NewSeries, shanyraq.Series{ID: k.series, Unit: k.unit})
		}
	}
	return b, nil
}

// readAll returns the content of r, and records a fault if it is longer than
// limit bytes.
func readAll(r io.Reader, name string, limit int64, faults *collector) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		faults.tooLarge(name, limit)
		return nil, nil
	}
	return data, nil
}

func (c *collector) tooLarge(name string, limit int64) {
	c.add(name, 0, 0, "too_large", "split", "Max", decimal(math.Round(float64(limit)/(1<<20)*100)/100))
}

// TooLarge returns what [ReadClaims] says of a file of more than limit bytes,
// for one whose size is known before it is read.
func TooLarge(name string, limit int64) error {
	var faults collector
	faults.tooLarge(name, limit)
	return faults.err()
}

// The columns of a table of claims, in the order in which WriteClaims writes them.
var columns = strings.Fields("series place area partner subject when value low high kind level step unit definition who strength address note")

const (
	colSeries = iota
	colPlace
	colArea
	colPartner
	colSubject
	colWhen
	colValue
	colLow
	colHigh
	colKind
	colLevel
	colStep
	colUnit
	colDefinition
	colWho
	colStrength
	colAddress
	colNote
)

// A table reads the lines of one file of claims onto a shelf.
type table struct {
	shelf    *shelf
	latest   int // last year a claim may speak of; 0 for any
	known    *Vocabulary
	series   shanyraq.SeriesID
	closed   bool // series must be in the vocabulary
	max      int  // claims; 0 for no limit
	progress func(int64)

	scan  *scanner
	col   []int
	file  uint32
	block *block // of the last line

	lastPlace, lastPartner word
}

// read reads a whole file.
func (t *table) read(name string, data []byte, faults *collector) {
	if t.scan = newScanner(name, data, faults); t.scan == nil {
		return
	}
	t.file = uint32(len(t.shelf.files))
	t.shelf.files = append(t.shelf.files, name)
	var ok bool
	if t.col, _, ok = t.scan.header(columns, []string{"place", "value"}, nil); !ok {
		return
	}
	if t.col[colSeries] < 0 && t.series == "" {
		base := strings.TrimSuffix(path.Base(name), path.Ext(name))
		if !nameable(base, "._-") || t.lookup(shanyraq.SeriesID(base)) == nil && t.col[colUnit] < 0 {
			t.scan.fault(-1, "column_required", "series_add", "Column", "series")
			return
		}
		t.series = shanyraq.SeriesID(base)
	}
	if t.col[colSeries] < 0 && t.block == nil {
		t.blockFor(-1, []byte(t.series))
		if t.block == nil && t.col[colUnit] < 0 {
			return
		}
	}
	if t.block != nil && t.col[colSeries] < 0 {
		t.block.rows = slices.Grow(t.block.rows, bytes.Count(data, []byte{'\n'}))
	}
	width := len(t.scan.fields)
	lines, claims, told := 0, 0, 0
	for t.scan.scan() {
		lines++
		if !t.scan.full(width) {
			continue
		}
		if t.line() {
			claims++
		}
		if t.max > 0 && claims > t.max {
			faults.add(name, t.scan.line, 0, "too_many", "split", "Max", t.max)
			return
		}
		if t.progress != nil && t.scan.pos-told >= 1<<20 {
			told = t.scan.pos
			t.progress(int64(told))
		}
	}
	if lines == 0 && !faults.any() {
		faults.add(name, 0, 0, "no_rows", "rows")
	}
	if t.progress != nil {
		t.progress(int64(len(data)))
	}
}

// field returns the content of a column, without the spaces around it, and
// nil if the column is absent or the field empty.
func (t *table) field(column int) []byte {
	i := t.col[column]
	if i < 0 {
		return nil
	}
	f := t.scan.fields[i]
	if len(f) == 0 {
		return nil
	}
	if f[0] > ' ' && f[0] < 0x80 && f[len(f)-1] > ' ' && f[len(f)-1] < 0x80 {
		return f
	}
	return bytes.TrimSpace(f)
}

// prose returns the content of a column of free text, spaces and all.
func (t *table) prose(column int) []byte {
	if i := t.col[column]; i >= 0 {
		return t.scan.fields[i]
	}
	return nil
}

func (t *table) fault(column int, what, remedy string, args ...any) {
	t.scan.fault(t.col[column], what, remedy, args...)
}

// lookup returns the series in the vocabulary, and nil if it has none such.
func (t *table) lookup(id shanyraq.SeriesID) *shanyraq.Series {
	if t.known == nil {
		return nil
	}
	if s, ok := t.known.series[id]; ok {
		return &s
	}
	return nil
}

// line reads the current line and reports whether a claim came of it. It looks
// at every field, so that all faults of a line are told at once.
func (t *table) line() bool {
	before := len(t.scan.faults.list) + t.scan.faults.more
	var r row
	var m more

	if t.col[colSeries] >= 0 {
		f := t.field(colSeries)
		if f == nil && t.series != "" {
			f = []byte(t.series)
		}
		if f == nil {
			t.fault(colSeries, "required", "fill", "Column", "series")
			t.block = nil
		} else if t.block == nil || string(t.block.series) != string(f) {
			t.blockFor(colSeries, f)
		}
	} else if t.block == nil {
		t.blockFor(colSeries, []byte(t.series))
	}
	t.unit()

	r.place = t.place(colPlace, &t.lastPlace)
	r.partner = t.place(colPartner, &t.lastPartner)
	r.when = t.when()
	if v, ok := t.number(colValue); ok {
		r.value = v
		if v < 0 && t.block != nil && t.block.counts {
			t.fault(colValue, "negative", "negative", "Column", "value", "Found", decimal(v), "Unit", t.block.unit)
		}
	} else if t.field(colValue) == nil {
		t.fault(colValue, "required", "no_value", "Column", "value")
	}
	t.rangeOf(r.value, &m)
	if v, ok := t.number(colStep); ok {
		if m.step = v; v <= 0 {
			t.fault(colStep, "step", "step", "Found", shown(t.field(colStep)))
		}
	}
	if t.block != nil && t.block.counts && t.block.unit == "persons" && m.step == 0 && r.value != math.Trunc(r.value) && !math.IsNaN(r.value) {
		t.fault(colValue, "fraction", "fraction", "Column", "value", "Found", decimal(r.value), "Unit", t.block.unit)
	}
	m.definition = t.definition()
	if f := t.field(colStrength); f != nil {
		var err error
		if m.strength, err = shanyraq.ParseStrength(string(f)); err != nil {
			t.fault(colStrength, "strength", "one_of", "Found", shown(f), "Known", "measured, official, estimated, opinion")
		}
	}
	if len(t.scan.faults.list)+t.scan.faults.more > before || t.block == nil {
		return false
	}

	sh := t.shelf
	m.area, m.subject = sh.slugged(t.prose(colArea)), sh.slugged(t.prose(colSubject))
	m.who, m.address, m.note = sh.word(t.prose(colWho)), sh.word(t.field(colAddress)), sh.word(t.prose(colNote))
	if m.definition == t.block.definition {
		m.definition = 0
	}
	if m.strength == sh.strength {
		m.strength = 0
	}
	if m != nothingMore {
		t.block.more = append(t.block.more, m)
		r.more = uint32(len(t.block.more))
	}
	r.line, r.file = uint32(t.scan.line), t.file
	t.block.rows = append(t.block.rows, r)
	return true
}

// blockFor makes the block of the series the one claims go to, and none, after
// a fault, if the series cannot be.
func (t *table) blockFor(column int, f []byte) {
	sh := t.shelf
	if t.block = sh.at[shanyraq.SeriesID(f)]; t.block != nil {
		return
	}
	at := -1
	if column >= 0 {
		at = t.col[column]
	}
	id := shanyraq.SeriesID(f)
	b := &block{series: id}
	if s := t.lookup(id); s != nil {
		b.known, b.unit, b.definition = true, s.Unit, sh.word([]byte(s.Definition))
	} else {
		near := ""
		if t.known != nil && !t.scan.faults.full() {
			near = nearest(string(f), func(yield func(string) bool) {
				for id := range t.known.series {
					if !yield(string(id)) {
						return
					}
				}
			})
		}
		var unit []byte
		if column >= 0 { // in a line
			unit = t.field(colUnit)
		}
		switch {
		case !nameable(string(f), "._-"):
			t.scan.fault(at, "series", "series_name", "Found", shown(f))
			return
		case t.closed && near == "":
			t.scan.fault(at, "series_unknown", "series_csv", "Found", shown(f))
			return
		case t.closed:
			t.scan.fault(at, "series_unknown", "near", "Found", shown(f), "Near", near)
			return
		case column < 0 && t.col[colUnit] >= 0: // the first line will tell
			return
		case unit == nil && near == "":
			t.scan.fault(at, "series_no_unit", "series_unit", "Found", shown(f))
			return
		case unit == nil:
			t.scan.fault(at, "series_no_unit", "near", "Found", shown(f), "Near", near)
			return
		case !t.knownUnit(unit):
			return // unit tells
		}
		b.unit = shanyraq.Unit(unit)
	}
	b.counts = (b.unit == "persons" || b.unit == "count" || b.unit == "records") && !balance(id)
	sh.at[id] = b
	sh.blocks = append(sh.blocks, b)
	t.block = b
}

func (t *table) knownUnit(f []byte) bool {
	if t.known == nil {
		return shanyraq.Unit(f).Valid()
	}
	return t.known.units[shanyraq.Unit(f)]
}

// unit checks the unit a line states against that of its series.
func (t *table) unit() {
	f := t.field(colUnit)
	switch {
	case f == nil || t.block != nil && string(f) == string(t.block.unit):
	case !t.knownUnit(f):
		near := ""
		if t.known != nil && !t.scan.faults.full() {
			near = nearest(string(f), func(yield func(string) bool) {
				for u := range t.known.units {
					if !yield(string(u)) {
						return
					}
				}
			})
		}
		if near != "" {
			t.fault(colUnit, "unit_unknown", "near", "Found", shown(f), "Near", near)
		} else {
			t.fault(colUnit, "unit_unknown", "one_of", "Found", shown(f), "Known", strings.Join(units, ", "))
		}
	case t.block != nil:
		t.fault(colUnit, "unit_differs", "unit_same", "Found", string(f), "Series", t.block.series, "Unit", t.block.unit)
	}
}

// place returns the code in a column. The last one is at hand, since lines
// come in order.
func (t *table) place(column int, last *word) word {
	f := t.field(column)
	if f == nil {
		if column == colPlace {
			t.fault(column, "required", "fill", "Column", columns[column])
		}
		return 0
	}
	if *last != 0 && t.shelf.words[*last] == string(f) {
		return *last
	}
	i := placeIndex(f)
	if i < 0 || t.known != nil && !t.known.places[i] {
		what := "place_unknown"
		if i < 0 {
			what = "place"
		}
		near := ""
		if !t.scan.faults.full() {
			near = t.known.nearPlace(f)
		}
		if near != "" {
			t.fault(column, what, "near", "Column", columns[column], "Found", shown(f), "Near", near)
		} else {
			t.fault(column, what, "place", "Column", columns[column], "Found", shown(f))
		}
		return 0
	}
	*last = t.shelf.word(f)
	return *last
}

// when returns the time of the line.
func (t *table) when() word {
	f := t.field(colWhen)
	if w, ok := t.shelf.periods[string(f)]; ok {
		return w
	}
	if _, err := shanyraq.ParsePeriod(string(f)); err != nil {
		t.period(f)
		return 0
	}
	if t.latest > 0 && shanyraq.Period(f).Year() > t.latest {
		t.fault(colWhen, "period_future", "past", "Found", shown(f))
		return 0
	}
	w := t.shelf.word(f)
	t.shelf.periods[t.shelf.words[w]] = w
	return w
}

// period records what is wrong with a time, with the one probably meant.
func (t *table) period(f []byte) {
	s := string(f)
	from, to, span := strings.Cut(s, "..")
	if span && from != "" && to != "" {
		_, e1 := shanyraq.ParsePeriod(from)
		_, e2 := shanyraq.ParsePeriod(to)
		if e1 == nil && e2 == nil {
			t.fault(colWhen, "period_backwards", "swap", "Found", shown(f))
			return
		}
	}
	if near := nearPeriod(s); near != "" {
		t.fault(colWhen, "period", "write", "Found", shown(f), "Near", near)
		return
	}
	t.fault(colWhen, "period", "period", "Found", shown(f))
}

// nearPeriod returns the time meant by 31.12.2024, 12/2024, 2024.0, 2020-2024
// and 2024/25, and "" for what is not as plain: 03/04/2024 may be either day.
func nearPeriod(s string) string {
	try := func(p string) string {
		if got, err := shanyraq.ParsePeriod(p); err == nil {
			return string(got)
		}
		return ""
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("./-–— ", r) })
	digits := func(i, n int) bool {
		return len(parts[i]) == n && strings.Trim(parts[i], "0123456789") == ""
	}
	switch {
	case len(parts) == 3 && digits(0, 2) && digits(1, 2) && digits(2, 4) && strings.Count(s, ".") == 2:
		return try(parts[2] + "-" + parts[1] + "-" + parts[0])
	case len(parts) == 3 && digits(0, 4) && digits(1, 2) && digits(2, 2):
		return try(parts[0] + "-" + parts[1] + "-" + parts[2])
	case len(parts) == 2 && digits(0, 4) && digits(1, 4):
		return try(parts[0] + ".." + parts[1])
	case len(parts) == 2 && digits(0, 2) && digits(1, 4):
		return try(parts[1] + "-" + parts[0])
	case len(parts) == 2 && digits(0, 4) && digits(1, 1) && parts[1] == "0" && strings.Contains(s, "."):
		return try(parts[0])
	case len(parts) == 2 && digits(0, 4) && digits(1, 2) && strings.Contains(s, "/"):
		return try(parts[0] + ".." + parts[0][:2] + parts[1])
	}
	return ""
}

// definition returns the definition the line names, or that of its series.
func (t *table) definition() word {
	f := t.field(colDefinition)
	if f == nil {
		if t.block == nil {
			return 0
		}
		return t.block.definition
	}
	if t.known == nil && nameable(string(f), "_-") || t.known != nil && t.known.definitions[shanyraq.DefinitionID(f)] {
		return t.shelf.word(f)
	}
	near, all := "", []string{}
	if t.known != nil && !t.scan.faults.full() {
		for d := range t.known.definitions {
			all = append(all, string(d))
		}
		slices.Sort(all)
		near = nearest(string(f), slices.Values(all))
	}
	switch {
	case near != "":
		t.fault(colDefinition, "definition_unknown", "near", "Found", shown(f), "Near", near)
	case len(all) > 0:
		t.fault(colDefinition, "definition_unknown", "one_of", "Found", shown(f), "Known", strings.Join(all, ", "))
	default:
		t.fault(colDefinition, "definition_unknown", "id", "Found", shown(f))
	}
	return 0
}

// rangeOf reads the range the line states around the value.
func (t *table) rangeOf(value float64, m *more) {
	if t.col[colLow] < 0 && t.col[colHigh] < 0 && t.col[colKind] < 0 && t.col[colLevel] < 0 {
		return
	}
	before := len(t.scan.faults.list) + t.scan.faults.more
	low, hasLow := t.number(colLow)
	high, hasHigh := t.number(colHigh)
	level, hasLevel := t.number(colLevel)
	_, hasValue := t.value()
	kind := t.field(colKind)
	if len(t.scan.faults.list)+t.scan.faults.more > before || !hasValue {
		return
	}
	iv := shanyraq.Interval{Lo: low, Hi: high, Level: level, Kind: shanyraq.Judged}
	if kind != nil {
		var err error
		if iv.Kind, err = shanyraq.ParseIntervalKind(string(kind)); err != nil {
			t.fault(colKind, "kind", "one_of", "Found", shown(kind), "Known", "judged, confidence, credible, counted, spread, bounds")
			return
		}
	}
	ends := []any{"Low", decimal(low), "High", decimal(high), "Found", decimal(value)}
	switch {
	case hasLevel && kind == nil:
		t.fault(colLevel, "level_no_kind", "kind_add")
	case hasLow != hasHigh:
		column := colLow
		if hasLow {
			column = colHigh
		}
		at := t.col[column]
		if at < 0 {
			at = t.col[colLow+colHigh-column]
		}
		t.scan.fault(at, "range_half", "range_both", "Column", columns[column])
	case !hasLow && kind != nil:
		t.fault(colKind, "range_missing", "range_both", "Column", "kind")
	case !hasLow:
	case low > high:
		t.fault(colLow, "range_backwards", "swap", ends...)
	case !iv.Contains(value):
		t.fault(colValue, "range_outside", "range", ends...)
	case iv.Kind.HasLevel() && !hasLevel:
		t.fault(colKind, "level_missing", "level_add", "Found", iv.Kind.String())
	case !iv.Kind.HasLevel() && hasLevel:
		t.fault(colLevel, "level_unwanted", "level_none", "Found", iv.Kind.String())
	case hasLevel && !(level > 0 && level < 1):
		near := level / 100
		if near > 0 && near < 1 && level > 1 {
			t.fault(colLevel, "level", "write", "Found", decimal(level), "Near", decimal(near))
		} else {
			t.fault(colLevel, "level", "level", "Found", decimal(level))
		}
	case iv.Kind == shanyraq.Counted && low != high:
		t.fault(colLow, "range_counted", "range_point", ends...)
	case iv.Check(value) != nil: // no width
		t.fault(colLow, "range_point", "range_point", ends...)
	default:
		m.low, m.high, m.level, m.kind = low, high, level, iv.Kind
	}
}

// value returns the number in the column value without telling faults again.
func (t *table) value() (float64, bool) {
	v, err := parseNumber(t.field(colValue))
	return v, err == nil
}

// number returns the number in a column, and false if there is none or, after
// a fault, if it is not one.
func (t *table) number(column int) (float64, bool) {
	f := t.field(column)
	if f == nil {
		return 0, false
	}
	v, err := parseNumber(f)
	switch {
	case err == nil:
		return v, true
	case errors.Is(err, errInfinite):
		t.fault(column, "number_infinite", "no_value", "Column", columns[column], "Found", shown(f))
	default:
		if near := nearNumber(string(f)); near != "" {
			t.fault(column, "number", "write", "Column", columns[column], "Found", shown(f), "Near", near)
		} else {
			t.fault(column, "number", "number", "Column", columns[column], "Found", shown(f))
		}
	}
	return 0, false
}

var (
	errInfinite  = errors.New("not finite")
	errNotNumber = errors.New("not a number")
)

// parseNumber returns the number written in f with digits, a decimal point and
// perhaps a sign and an exponent.
func parseNumber(f []byte) (float64, error) {
	// Up to 15 digits and 22 places a quotient of two floats is correctly
	// rounded; the rest is left to strconv.
	i, negative := 0, false
	if len(f) > 0 && (f[0] == '-' || f[0] == '+') {
		negative, i = f[0] == '-', 1
	}
	var mantissa uint64
	digits, point := 0, -1
	for ; i < len(f); i++ {
		switch b := f[i]; {
		case b >= '0' && b <= '9':
			mantissa = mantissa*10 + uint64(b-'0')
			digits++
		case b == '.' && point < 0:
			point = digits
		default:
			return parseSlow(f)
		}
		if digits > 15 {
			return parseSlow(f)
		}
	}
	if digits == 0 {
		return parseSlow(f)
	}
	v := float64(mantissa)
	if point >= 0 {
		v /= tens[digits-point]
	}
	if negative && v != 0 {
		v = -v
	}
	return v, nil
}

var tens = func() (t [16]float64) {
	for i := range t {
		t[i] = math.Pow10(i)
	}
	return t
}()

func parseSlow(f []byte) (float64, error) {
	for _, b := range f {
		if (b < '0' || b > '9') && b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E' {
			switch strings.ToLower(strings.TrimLeft(string(f), "+-")) {
			case "nan", "inf", "infinity", "∞":
				return 0, errInfinite
			}
			return 0, errNotNumber
		}
	}
	v, err := strconv.ParseFloat(string(f), 64)
	switch {
	case math.IsInf(v, 0):
		return 0, errInfinite
	case err != nil:
		return 0, errNotNumber
	}
	return v + 0, nil
}

// nearNumber returns the plain decimal meant by a number with a decimal comma,
// thousands separators, a percent sign or another minus, and "" if it is not
// plain which was meant: 1,234 may be either.
func nearNumber(s string) string {
	s = strings.NewReplacer("\u00a0", "", "\u202f", "", "\u2009", "", " ", "", "'", "", "’", "", "−", "-", "–", "-").Replace(s)
	s = strings.TrimSuffix(s, "%")
	if strings.Trim(s, "0123456789.,+-") != "" {
		return ""
	}
	point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	points, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case commas == 1 && points == 0 && len(s)-comma-1 == 3 && strings.Trim(s[:comma], "+-0") != "":
		return ""
	case commas == 1 && points == 0:
		s = strings.Replace(s, ",", ".", 1)
	case commas >= 1 && points == 1 && point > comma, commas > 1 && points == 0:
		s = strings.ReplaceAll(s, ",", "")
	case points >= 1 && commas == 1 && comma > point:
		s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
	case points > 1 && commas == 0:
		s = strings.ReplaceAll(s, ".", "")
	}
	if v, err := parseNumber([]byte(s)); err == nil {
		return decimal(v)
	}
	return ""
}
