package publishers

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/internal/ingest"
)

// A rowed layout is read row by row below one line of headings, so that a file
// of any length can be read as it streams by. begin returns what takes a row and
// what is done at the end.
type rowed struct {
	names []string
	begin func(r *reading) (row func(h header, row Row), end func())
}

// layout makes the layout of the rows.
func (x rowed) layout(key, title string) Layout {
	return Layout{Key: key, Title: title, Known: has(x.names...), stream: &x, read: func(r *reading) error {
		h, _ := find(r.book, x.names...)
		row, end := x.begin(r)
		for _, one := range h.rows() {
			row(h, one)
		}
		end()
		return nil
	}}
}

// mostHead is how many lines may stand above the headings.
const mostHead = 60

// Streams reports whether files of the layout are read as they stream by, so
// that none is too large.
func Streams(key string) bool {
	i := slices.IndexFunc(Layouts(), func(l Layout) bool { return l.Key == key })
	return i >= 0 && Layouts()[i].stream != nil
}

// ConvertStream reads text in the layout of that key, one for which [Streams]
// is true, row by row. It holds no more than what comes out. It returns errors as
// [Convert] does.
func ConvertStream(ctx context.Context, key, name string, in io.Reader, names Names) (Result, error) {
	i := slices.IndexFunc(Layouts(), func(l Layout) bool { return l.Key == key })
	if i < 0 || Layouts()[i].stream == nil {
		return Result{}, shanyraq.Errorf("publishers.ConvertStream", shanyraq.Invalid, "layout %q is not streamed", key)
	}
	l := Layouts()[i]
	c := csv.NewReader(in)
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	c.LazyQuotes = true
	r := &reading{ctx: ctx, names: names}
	var h header
	var row func(header, Row)
	var end func()
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return Result{}, shanyraq.Errorf("publishers.ConvertStream", shanyraq.Other, "%s: %w", name, ctx.Err())
		}
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var p *csv.ParseError
			if errors.As(err, &p) {
				return Result{}, refuse(name, p.Line, p.Column, "quotes", "quotes")
			}
			return Result{}, shanyraq.Errorf("publishers.ConvertStream", shanyraq.Other, "%s: %w", name, err)
		}
		line, _ := c.FieldPos(0)
		if n == 0 {
			cells[0] = strings.TrimPrefix(cells[0], "\ufeff")
		}
		if row != nil {
			row(h, Row{line, cells})
			continue
		}
		head := &Book{Name: name, Sheets: []Sheet{{File: name, Rows: []Row{{line, slices.Clone(cells)}}}}}
		if found, ok := find(head, l.stream.names...); ok {
			h = found
			row, end = l.stream.begin(r)
		} else if n > mostHead {
			break
		}
	}
	if row == nil {
		return Result{}, refuse(name, 0, 0, "layout", "layout", "Layout", l.Title)
	}
	end()
	switch {
	case len(r.faults) > 0:
		return Result{}, ingest.Refused(r.faults, r.more)
	case len(r.rows) == 0:
		return Result{}, refuse(name, 0, 0, "nothing", "layout", "Layout", l.Title)
	}
	return r.result()
}
