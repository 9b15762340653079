package coin

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// An Error says where in a file something is wrong. Line and Column are 0 if
// it is about the whole.
type Error struct {
	File     string   // as the caller named it
	Line     int      // from 1, the heading's
	Column   string   // heading
	Settings string   // name of the settings, where it is about some
	Found    string   // what stands there, if that is what is wrong
	Known    []string // what could stand there, or the columns that are there
	Err      error
}

// Error returns place and reason in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, ", column %s", e.Column)
	}
	if e.Settings != "" {
		b.WriteString(": " + e.Settings)
	}
	b.WriteString(": " + e.Err.Error())
	return b.String()
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// The reasons a table cannot be read.
var (
	ErrNoColumn = errors.New("column is not there")
	ErrTwice    = errors.New("occurs twice")
	ErrNumber   = errors.New("not a number")
	ErrEmpty    = errors.New("nothing in it")
	ErrWord     = errors.New("not a word known here")
	ErrParent   = errors.New("parent does not fit")
	ErrShape    = errors.New("not a table")
)

// maxBytes bounds what is read of one table, so that a wrong file is an error
// and not a full memory.
const maxBytes = 256 << 20

// A sheet is a CSV file in memory.
type sheet struct {
	file  string
	comma rune // between cells
	head  []string
	at    map[string]int
	rows  []line
}

type line struct {
	number int
	cells  []string
}

// readSheet reads a CSV file with a heading and rows of equal length. Cells are
// parted by commas, semicolons or tabs, whichever the heading has most of; with
// semicolons a number may have a decimal comma, as spreadsheets write it where
// people do.
func readSheet(r io.Reader, file string) (*sheet, error) {
	limited := &io.LimitedReader{R: r, N: maxBytes + 1}
	in := bufio.NewReaderSize(limited, 1<<16)
	if b, err := in.Peek(3); err == nil && string(b) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	c := csv.NewReader(in)
	c.FieldsPerRecord = -1
	s := &sheet{file: file, comma: separator(in), at: map[string]int{}}
	c.Comma = s.comma
	for {
		cells, err := c.Read()
		if limited.N <= 0 {
			return nil, s.fail(0, "", fmt.Errorf("%w: more than %d MB", ErrShape, maxBytes>>20))
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			var p *csv.ParseError
			if errors.As(err, &p) {
				return nil, s.fail(p.Line, "", fmt.Errorf("%w: %w", ErrShape, p.Err))
			}
			return nil, s.fail(0, "", err)
		}
		number, _ := c.FieldPos(0)
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if s.head == nil {
			s.head = cells
			for i, name := range cells {
				if name == "" {
					continue
				}
				if _, twice := s.at[name]; twice {
					return nil, s.fail(number, name, ErrTwice)
				}
				s.at[name] = i
			}
			continue
		}
		if len(cells) != len(s.head) {
			return nil, s.fail(number, "", fmt.Errorf("%w: %d cells under %d headings", ErrShape, len(cells), len(s.head)))
		}
		s.rows = append(s.rows, line{number, cells})
	}
	if len(s.rows) == 0 {
		return nil, s.fail(0, "", ErrEmpty)
	}
	return s, nil
}

// separator returns what the heading parts its cells by.
func separator(in *bufio.Reader) rune {
	b, _ := in.Peek(in.Size()) // as much as there is
	count := map[byte]int{}
	quoted := false
	for _, x := range b {
		if x == '"' {
			quoted = !quoted
		}
		if x == '\n' && !quoted {
			if count[','] == 0 && count[';'] == 0 && count['\t'] == 0 {
				continue // lines of nothing before the heading
			}
			break
		}
		if !quoted {
			count[x]++
		}
	}
	best := byte(',')
	for _, x := range []byte{';', '\t'} {
		if count[x] > count[best] {
			best = x
		}
	}
	return rune(best)
}

func (s *sheet) fail(number int, column string, err error) error {
	return &Error{File: s.file, Line: number, Column: column, Err: err}
}

// found returns an error about what stands in a cell, and what could.
func (s *sheet) found(number int, column, text string, err error, known ...string) error {
	return &Error{File: s.file, Line: number, Column: column, Found: text, Known: known, Err: fmt.Errorf("%w: %q", err, text)}
}

// need returns an error unless all columns are there.
func (s *sheet) need(columns ...string) error {
	for _, c := range columns {
		if _, ok := s.at[c]; !ok {
			return &Error{File: s.file, Column: c, Known: slices.DeleteFunc(slices.Clone(s.head), func(h string) bool { return h == "" }), Err: ErrNoColumn}
		}
	}
	return nil
}

// cell returns the text under a heading, and "" if there is no such column.
func (s *sheet) cell(l line, column string) string {
	at, ok := s.at[column]
	if !ok {
		return ""
	}
	return l.cells[at]
}

// number returns the number under a heading, NaN if it is missing.
func (s *sheet) number(l line, column string) (float64, error) {
	return s.parse(l, column, s.cell(l, column))
}

func (s *sheet) parse(l line, column, text string) (float64, error) {
	if missing(text) {
		return math.NaN(), nil
	}
	number := text
	if s.comma == ';' && strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		number = strings.Replace(text, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(text, "_xX") {
		return 0, s.found(l.number, column, text, ErrNumber)
	}
	return v, nil
}

func missing(text string) bool { return text == "" || text == "NA" }

// format returns a number so that it reads back the same, and "" for NaN.
func format(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
