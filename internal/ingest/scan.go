package ingest

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// A scanner splits a table into lines and fields and knows where each began.
// It keeps to RFC 4180: commas, fields with commas or line ends in quotation
// marks, a quotation mark inside them doubled. Lines with nothing in any field
// are passed over.
type scanner struct {
	file   string
	data   []byte
	faults *collector

	fields [][]byte // of the current line; valid until the next
	at     []int    // where each begins in data
	start  int      // where the current line begins
	line   int      // its physical number, from 1
	pos    int      // where the next begins
	next   int      // its physical number
}

// newScanner returns a scanner of the file, or nil after a fault if the file
// as a whole is no comma-separated UTF-8 text.
func newScanner(file string, data []byte, faults *collector) *scanner {
	fault := func(line int, what, remedy string, args ...any) *scanner {
		faults.add(file, line, 0, what, remedy, args...)
		return nil
	}
	head := data[:min(len(data), 1024)]
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")), bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return fault(0, "spreadsheet", "csv")
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return fault(0, "utf16", "utf8")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return fault(0, "empty", "empty")
	}
	if lower := bytes.ToLower(bytes.TrimSpace(data[:min(len(data), 256)])); bytes.HasPrefix(lower, []byte("<!doctype")) || bytes.HasPrefix(lower, []byte("<html")) {
		return fault(0, "web_page", "download")
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		if i < 2 {
			return fault(0, "utf16", "utf8")
		}
		return fault(1+bytes.Count(data[:i], []byte{'\n'}), "binary", "utf8", "Offset", i+1)
	}
	if !utf8.Valid(data) {
		i := firstInvalid(data)
		what := "not_utf8"
		if looksCyrillic(data) {
			what = "cp1251"
		}
		return fault(1+bytes.Count(data[:i], []byte{'\n'}), what, "utf8", "Offset", i+1)
	}
	if bytes.IndexByte(data, '\n') < 0 && bytes.IndexByte(data, '\r') >= 0 {
		data = bytes.ReplaceAll(data, []byte{'\r'}, []byte{'\n'})
	}
	first, _, _ := bytes.Cut(data, []byte{'\n'})
	commas := bytes.Count(first, []byte{','})
	switch {
	case bytes.Count(first, []byte{';'}) > commas:
		return fault(1, "semicolons", "commas")
	case bytes.Count(first, []byte{'\t'}) > commas:
		return fault(1, "tabs", "commas")
	}
	return &scanner{file: file, data: data, faults: faults, next: 1}
}

// firstInvalid returns the offset of the first byte that is not UTF-8.
func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(data)
}

// looksCyrillic guesses whether text that is not UTF-8 is in Windows-1251: its
// high bytes are mostly letters that stand side by side, as they do in words
// of Cyrillic and do not in words of accented Latin.
func looksCyrillic(data []byte) bool {
	high, paired := 0, 0
	for i, b := range data {
		if b < 0x80 {
			continue
		}
		high++
		if b >= 0xc0 && (i > 0 && data[i-1] >= 0xc0 || i+1 < len(data) && data[i+1] >= 0xc0) {
			paired++
		}
	}
	return high > 1 && paired*3 >= high*2
}

// scan moves to the next line and reports whether there is one.
func (s *scanner) scan() bool {
	for s.pos < len(s.data) {
		s.start, s.line = s.pos, s.next
		if s.split() && !s.blank() {
			return true
		}
	}
	return false
}

func (s *scanner) blank() bool {
	for _, f := range s.fields {
		if len(f) > 1 || len(f) == 1 && f[0] != ' ' {
			if len(bytes.TrimSpace(f)) > 0 {
				return false
			}
		}
	}
	return true
}

// split cuts the line at pos into fields and moves pos behind it. It reports
// false, after a fault, if the line's quotation marks do not match.
func (s *scanner) split() bool {
	s.fields, s.at = s.fields[:0], s.at[:0]
	data, i := s.data, s.pos
	for {
		s.at = append(s.at, i)
		if i < len(data) && data[i] == '"' {
			field, end, ok := s.quoted(i)
			if !ok {
				return false
			}
			s.fields = append(s.fields, field)
			i = end
			if i < len(data) && data[i] == ',' {
				i++
				continue
			}
			if i < len(data) && data[i] == '\r' {
				i++
			}
			if i < len(data) && data[i] != '\n' {
				return s.stray(len(s.at)-1, i)
			}
			break
		}
		begin := i
		for i < len(data) && data[i] != ',' && data[i] != '\n' {
			if data[i] == '"' {
				return s.stray(len(s.at)-1, i)
			}
			i++
		}
		field := data[begin:i]
		if i < len(data) && data[i] == ',' {
			s.fields = append(s.fields, field)
			i++
			continue
		}
		s.fields = append(s.fields, bytes.TrimSuffix(field, []byte{'\r'}))
		break
	}
	if i < len(data) { // a line end
		i++
		s.next++
	}
	s.pos = i
	return true
}

// quoted returns the content of the field in quotation marks that begins at i
// and the offset behind it.
func (s *scanner) quoted(i int) (field []byte, end int, ok bool) {
	data, begin := s.data, i+1
	var joined []byte
	for j := begin; ; {
		k := bytes.IndexByte(data[j:], '"')
		if k < 0 {
			line, column := s.where(i)
			s.faults.add(s.file, line, column, "quote_open", "quote_close")
			s.pos = len(data)
			return nil, 0, false
		}
		k += j
		if k+1 < len(data) && data[k+1] == '"' {
			joined = append(joined, data[begin:k+1]...)
			begin, j = k+2, k+2
			continue
		}
		field = data[begin:k]
		if joined != nil {
			field = append(joined, field...)
		}
		s.next += bytes.Count(data[i:k], []byte{'\n'})
		return field, k + 1, true
	}
}

// stray records a quotation mark out of place in a field and moves on to the
// next physical line.
func (s *scanner) stray(field, i int) bool {
	line, column := s.where(s.at[field])
	s.faults.add(s.file, line, column, "quote_stray", "quote_twice")
	if k := bytes.IndexByte(s.data[i:], '\n'); k >= 0 {
		s.pos = i + k + 1
		s.next++
	} else {
		s.pos = len(s.data)
	}
	return false
}

// where returns the physical line and the character in it, both from 1, of an
// offset in the current line.
func (s *scanner) where(offset int) (line, column int) {
	part := s.data[s.start:offset]
	begin := s.start
	if k := bytes.LastIndexByte(part, '\n'); k >= 0 {
		begin += k + 1
	}
	return s.line + bytes.Count(part, []byte{'\n'}), 1 + utf8.RuneCount(s.data[begin:offset])
}

// fault records what is wrong with a field of the current line, or with the
// line as a whole if field is below zero.
func (s *scanner) fault(field int, what, remedy string, args ...any) {
	if s.faults.full() {
		s.faults.more++
		return
	}
	line, column := s.line, 0
	if field >= 0 && field < len(s.at) {
		line, column = s.where(s.at[field])
	}
	s.faults.add(s.file, line, column, what, remedy, args...)
}

// header reads the first line and returns the field of each known column, -1
// if it is absent, and the fields of further columns that extra accepts. It
// reports false, after a fault, if lines cannot be read under this header.
func (s *scanner) header(known, required []string, extra func(string) bool) (field []int, more map[string]int, ok bool) {
	field = make([]int, len(known))
	for i := range field {
		field[i] = -1
	}
	if !s.scan() {
		if !s.faults.any() {
			s.faults.add(s.file, 0, 0, "empty", "empty")
		}
		return field, nil, false
	}
	named := false
	for _, f := range s.fields {
		name := columnName(f)
		named = named || slices.Contains(known, name) || slices.Contains(known, synonyms[name])
	}
	if !named {
		s.fault(-1, "header_missing", "header")
		return field, nil, false
	}
	ok, more = true, map[string]int{}
	for i, f := range s.fields {
		name := columnName(f)
		k := slices.Index(known, name)
		_, seen := more[name]
		switch {
		case k >= 0 && field[k] >= 0, seen:
			s.fault(i, "column_twice", "column_one", "Found", shown(f))
		case k >= 0:
			field[k] = i
			continue
		case extra != nil && extra(name):
			more[name] = i
			continue
		default:
			near := synonyms[name]
			if !slices.Contains(known, near) && !s.faults.full() {
				near = nearest(name, slices.Values(known))
			}
			if slices.Contains(known, near) {
				s.fault(i, "column_unknown", "near", "Found", shown(f), "Near", near)
			} else {
				s.fault(i, "column_unknown", "one_of", "Found", shown(f), "Known", strings.Join(known, ", "))
			}
		}
		ok = false
	}
	if !ok { // a misspelt column is not also missing
		return field, more, false
	}
	for _, name := range required {
		if field[slices.Index(known, name)] < 0 {
			s.fault(-1, "column_required", "column_add", "Column", name)
			ok = false
		}
	}
	return field, more, ok
}

// full reports whether the current line has as many fields as the header, and
// records a fault if not.
func (s *scanner) full(want int) bool {
	if len(s.fields) == want {
		return true
	}
	s.fault(-1, "fields", "fields", "Found", len(s.fields), "Want", want)
	return false
}

func columnName(f []byte) string { return strings.ToLower(string(bytes.TrimSpace(f))) }

// synonyms are names publishers give to columns of ours.
var synonyms = map[string]string{
	"country": "place", "iso3": "place", "iso": "place", "country_code": "place", "code": "place", "host": "place",
	"страна": "place", "место": "place", "ел": "place", "country code": "place",
	"year": "when", "date": "when", "time": "when", "period": "when", "год": "when", "дата": "when", "жыл": "when",
	"amount": "value", "number": "value", "obs_value": "value", "значение": "value", "мән": "value", "саны": "value",
	"origin": "partner", "counterpart": "partner", "партнёр": "partner", "серіктес": "partner",
	"indicator": "series", "indicator_code": "series", "variable": "series", "показатель": "series", "көрсеткіш": "series",
	"lower": "low", "lo": "low", "min": "low", "upper": "high", "hi": "high", "max": "high",
	"author": "who", "url": "address", "link": "address", "comment": "note", "notes": "note", "примечание": "note",
	"units": "unit", "единица": "unit", "city": "area", "region": "area",
}
