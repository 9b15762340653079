package publishers

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"shanyraq"
	"shanyraq/internal/ingest"
)

// The limits of one file. A workbook is packed, so what it unpacks to has a
// limit as well.
const (
	MaxBytes    = 256 << 20
	maxUnpacked = 1 << 30
	maxCells    = 40_000_000
)

// A Sheet is one table of cells.
type Sheet struct {
	File string // for messages: the file, and of a workbook the sheet
	Name string // of the sheet; "" of text
	Rows []Row
}

// A Row is cells and where they stand.
type Row struct {
	Line  int // from 1
	Cells []string
}

// Cell returns what stands in a column, from 0, without space around it; ""
// beyond the last.
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return strings.TrimSpace(r.Cells[i])
}

// A Book is a file that has been read.
type Book struct {
	Name   string
	Sheets []Sheet
}

// Open reads a file into sheets. The name is for messages only.
//
// It returns [*ingest.Faults] for a file that is neither text nor a workbook, is
// too large or cannot be unpacked, and an error of kind [shanyraq.Other] if the
// context ends.
func Open(ctx context.Context, name string, data []byte) (*Book, error) {
	switch {
	case len(data) > MaxBytes:
		return nil, ingest.TooLarge(name, MaxBytes)
	case len(bytes.TrimSpace(data)) == 0:
		return nil, refuse(name, 0, 0, "empty", "fill")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return openBook(ctx, name, data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, refuse(name, 0, 0, "old", "resave")
	}
	text, err := decode(data)
	if err != nil {
		return nil, refuse(name, 0, 0, "bytes", "utf8")
	}
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 400)]))
	if strings.HasPrefix(head, "<!doctype") || strings.HasPrefix(head, "<html") || strings.HasPrefix(head, "<?xml") {
		return nil, refuse(name, 1, 0, "page", "fetch")
	}
	s, err := openText(ctx, name, text)
	if err != nil {
		return nil, err
	}
	return &Book{Name: name, Sheets: []Sheet{s}}, nil
}

// decode returns text in UTF-8 without a mark at its beginning.
func decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		if len(data)%2 != 0 {
			return "", errors.New("half a character at the end")
		}
		units := make([]uint16, 0, len(data)/2-1)
		for i := 2; i+1 < len(data); i += 2 {
			u := uint16(data[i]) | uint16(data[i+1])<<8
			if data[0] == 0xfe {
				u = uint16(data[i])<<8 | uint16(data[i+1])
			}
			units = append(units, u)
		}
		return string(utf16.Decode(units)), nil
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return "", errors.New("not UTF-8")
	}
	return string(data), nil
}

// separator returns what parts the cells: whichever of semicolon, tab and comma
// parts the first lines most alike.
func separator(text string) rune {
	best, most := ',', 0
	for _, sep := range []rune{',', ';', '\t'} {
		var counts []int
		for line := range strings.Lines(text[:min(len(text), 64<<10)]) {
			if n := strings.Count(line, string(sep)); n > 0 {
				counts = append(counts, n)
			}
			if len(counts) == 50 {
				break
			}
		}
		if len(counts) == 0 {
			continue
		}
		slices.Sort(counts)
		typical := counts[len(counts)/2]
		alike := 0
		for _, n := range counts {
			if n == typical {
				alike++
			}
		}
		if score := alike * typical; score > most {
			best, most = sep, score
		}
	}
	return best
}

func openText(ctx context.Context, name, text string) (Sheet, error) {
	s := Sheet{File: name}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
	cells := 0
	for {
		if len(s.Rows)%4096 == 0 && ctx.Err() != nil {
			return s, shanyraq.Errorf("publishers.Open", shanyraq.Other, "%s: %w", name, ctx.Err())
		}
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			var at *csv.ParseError
			if errors.As(err, &at) {
				return s, refuse(name, at.Line, at.Column, "quotes", "quotes")
			}
			return s, shanyraq.Errorf("publishers.Open", shanyraq.Other, "%s: %w", name, err)
		}
		line, _ := r.FieldPos(0)
		if cells += len(record); cells > maxCells {
			return s, refuse(name, line, 0, "cells", "split")
		}
		s.Rows = append(s.Rows, Row{line, record})
	}
}

func openBook(ctx context.Context, name string, data []byte) (*Book, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: 64 << 20, RawCellValue: true})
	if err != nil {
		return nil, refuse(name, 0, 0, "workbook", "resave")
	}
	defer func() { _ = f.Close() }() // only temporary files of the reading
	b := &Book{Name: name}
	cells := 0
	for _, sheet := range f.GetSheetList() {
		s := Sheet{File: fmt.Sprintf("%s [%s]", name, sheet), Name: sheet}
		rows, err := f.Rows(sheet)
		if err != nil {
			continue // a chart
		}
		for line := 1; rows.Next(); line++ {
			if line%4096 == 0 && ctx.Err() != nil {
				return nil, errors.Join(shanyraq.Errorf("publishers.Open", shanyraq.Other, "%s: %w", name, ctx.Err()), rows.Close())
			}
			record, err := rows.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				return nil, errors.Join(refuse(s.File, line, 0, "workbook", "resave"), rows.Close())
			}
			if cells += len(record); cells > maxCells {
				return nil, errors.Join(refuse(s.File, line, 0, "cells", "split"), rows.Close())
			}
			if len(record) > 0 {
				s.Rows = append(s.Rows, Row{line, record})
			}
		}
		if err := rows.Close(); err != nil {
			return nil, refuse(s.File, 0, 0, "workbook", "resave")
		}
		b.Sheets = append(b.Sheets, s)
	}
	if !slices.ContainsFunc(b.Sheets, func(s Sheet) bool { return len(s.Rows) > 0 }) {
		return nil, refuse(name, 0, 0, "empty", "fill")
	}
	return b, nil
}

// Find returns the sheet of that name, whatever its case.
func (b *Book) Find(name string) (Sheet, bool) {
	i := slices.IndexFunc(b.Sheets, func(s Sheet) bool { return strings.EqualFold(s.Name, name) })
	if i < 0 {
		return Sheet{}, false
	}
	return b.Sheets[i], true
}

// CSV returns the sheet as text with commas, an empty line where a row is
// missing, so that lines are numbered as the rows are.
func (s Sheet) CSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	width := 0
	for _, r := range s.Rows {
		width = max(width, len(r.Cells))
	}
	line := 1
	for _, r := range s.Rows {
		for ; line < r.Line; line++ {
			w.Flush()
			b.WriteByte('\n')
		}
		cells := make([]string, width)
		for i := range cells {
			cells[i] = r.Cell(i)
		}
		_ = w.Write(cells) // a buffer takes everything
		line++
	}
	w.Flush()
	return b.Bytes()
}

// WriteBook writes a workbook of the sheets, in order. What reads as a plain
// decimal number becomes one.
func WriteBook(w io.Writer, sheets []Sheet) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // only memory
	first := f.GetSheetName(0)
	for _, s := range sheets {
		if _, err := f.NewSheet(s.Name); err != nil {
			return shanyraq.Errorf("publishers.WriteBook", shanyraq.Invalid, "sheet %q: %w", s.Name, err)
		}
		out, err := f.NewStreamWriter(s.Name)
		if err != nil {
			return shanyraq.Errorf("publishers.WriteBook", shanyraq.Other, "sheet %q: %w", s.Name, err)
		}
		for i, r := range s.Rows {
			cells := make([]any, len(r.Cells))
			for k, c := range r.Cells {
				cells[k] = c
				if v, err := strconv.ParseFloat(c, 64); err == nil && plain.MatchString(c) {
					cells[k] = v
				}
			}
			if err := out.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
				return shanyraq.Errorf("publishers.WriteBook", shanyraq.Other, "sheet %q, row %d: %w", s.Name, i+1, err)
			}
		}
		if err := out.Flush(); err != nil {
			return shanyraq.Errorf("publishers.WriteBook", shanyraq.Other, "sheet %q: %w", s.Name, err)
		}
	}
	if len(sheets) > 0 {
		if err := f.DeleteSheet(first); err != nil {
			return shanyraq.Errorf("publishers.WriteBook", shanyraq.Other, "%w", err)
		}
	}
	if err := f.Write(w); err != nil {
		return shanyraq.Errorf("publishers.WriteBook", shanyraq.Other, "%w", err)
	}
	return nil
}

// plain is a number that a workbook may keep as one: no code with a zero before
// it, and no more digits than it can hold.
var plain = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?(e[+-]?[0-9]+)?$`)

// SheetOf reads a table in CSV as a sheet.
func SheetOf(name string, data []byte) (Sheet, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return Sheet{}, shanyraq.Errorf("publishers.SheetOf", shanyraq.Invalid, "%s: %w", name, err)
	}
	s := Sheet{Name: name}
	for i, cells := range rows {
		s.Rows = append(s.Rows, Row{i + 1, cells})
	}
	return s, nil
}
