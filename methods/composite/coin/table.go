package coin

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"shanyraq/methods/composite"
)

// ReadTable reads an iData table with one row per unit; meta says which of its
// columns are groups, and which must be there and hold numbers. file is what
// errors call it. It returns an [Error].
func ReadTable(r io.Reader, file string, meta Meta) (composite.Table, error) {
	s, err := readSheet(r, file)
	if err != nil {
		return composite.Table{}, err
	}
	return s.table(meta, s.rows)
}

// ReadPanel reads an iData table with a column Time and one row per unit and
// time, and returns a table for each time, in order.
func ReadPanel(r io.Reader, file string, meta Meta) ([]int, []composite.Table, error) {
	s, err := readSheet(r, file)
	if err != nil {
		return nil, nil, err
	}
	if err := s.need("Time"); err != nil {
		return nil, nil, err
	}
	return s.panel(meta)
}

// ReadData reads an iData table as [ReadPanel] does if it has a column Time that
// meta does not say is something else, and otherwise as [ReadTable] does; then
// there are no times and one table.
func ReadData(r io.Reader, file string, meta Meta) ([]int, []composite.Table, error) {
	s, err := readSheet(r, file)
	if err != nil {
		return nil, nil, err
	}
	if _, timed := s.at["Time"]; timed && !meta.uses("Time") {
		return s.panel(meta)
	}
	t, err := s.table(meta, s.rows)
	return nil, []composite.Table{t}, err
}

// uses reports whether a column is an indicator, a denominator or a group.
func (m Meta) uses(code string) bool {
	found := slices.ContainsFunc(slices.Concat(m.Denominators, m.Groups), func(l Label) bool { return l.Code == code })
	m.Framework.Walk(func(n composite.Node, _ string, _ int) {
		found = found || len(n.Children) == 0 && (n.Code == code || n.Denominator == code)
	})
	return found
}

func (s *sheet) panel(meta Meta) ([]int, []composite.Table, error) {
	at := map[int][]line{}
	var times []int
	for _, l := range s.rows {
		t, err := strconv.Atoi(s.cell(l, "Time"))
		if err != nil {
			return nil, nil, s.found(l.number, "Time", s.cell(l, "Time"), ErrNumber)
		}
		if at[t] == nil {
			times = append(times, t)
		}
		at[t] = append(at[t], l)
	}
	slices.Sort(times)
	tables := make([]composite.Table, len(times))
	for i, t := range times {
		var err error
		if tables[i], err = s.table(meta, at[t]); err != nil {
			return nil, nil, err
		}
	}
	return times, tables, nil
}

func (s *sheet) table(meta Meta, rows []line) (composite.Table, error) {
	if err := s.need("uCode"); err != nil {
		return composite.Table{}, err
	}
	t := composite.Table{Values: map[string][]float64{}, Groups: map[string][]string{}}
	seen := map[string]bool{}
	_, named := s.at["uName"]
	for _, l := range rows {
		u := s.cell(l, "uCode")
		if u == "" {
			return t, s.fail(l.number, "uCode", ErrEmpty)
		}
		if seen[u] {
			return t, s.fail(l.number, "uCode", fmt.Errorf("%s %w", u, ErrTwice))
		}
		seen[u] = true
		t.Units = append(t.Units, u)
		if named {
			t.Names = append(t.Names, s.cell(l, "uName"))
		}
	}
	var numbers []string
	meta.Framework.Walk(func(n composite.Node, _ string, _ int) {
		if len(n.Children) == 0 {
			numbers = append(numbers, n.Code)
			if n.Denominator != "" && !slices.Contains(numbers, n.Denominator) {
				numbers = append(numbers, n.Denominator)
			}
		}
	})
	for _, d := range meta.Denominators {
		if !slices.Contains(numbers, d.Code) {
			numbers = append(numbers, d.Code)
		}
	}
	if err := s.need(numbers...); err != nil {
		return t, err
	}
	for _, code := range numbers {
		col := make([]float64, len(rows))
		for i, l := range rows {
			v, err := s.number(l, code)
			if err != nil {
				return t, err
			}
			col[i] = v
		}
		t.Values[code] = col
	}
	for _, g := range meta.Groups {
		if err := s.need(g.Code); err != nil {
			return t, err
		}
		col := make([]string, len(rows))
		for i, l := range rows {
			if text := s.cell(l, g.Code); !missing(text) {
				col[i] = text
			}
		}
		t.Groups[g.Code] = col
	}
	return t, nil
}

// WriteTable writes an iData table that [ReadTable] reads back the same:
// groups, denominators and indicators in the order meta has them.
func WriteTable(w io.Writer, t composite.Table, meta Meta) error {
	return WriteData(w, nil, []composite.Table{t}, meta)
}

// WriteData writes an iData table that [ReadData] reads back the same, with a
// column Time if there are times.
func WriteData(w io.Writer, times []int, tables []composite.Table, meta Meta) error {
	c := csv.NewWriter(w)
	head := []string{"uCode", "uName"}
	if len(times) > 0 {
		head = append(head, "Time")
	}
	var groups, numbers []string
	for _, g := range meta.Groups {
		groups = append(groups, g.Code)
	}
	for _, d := range meta.Denominators {
		numbers = append(numbers, d.Code)
	}
	meta.Framework.Walk(func(n composite.Node, _ string, _ int) {
		if len(n.Children) == 0 {
			numbers = append(numbers, n.Code)
		}
	})
	_ = c.Write(slices.Concat(head, groups, numbers)) // the writer keeps its first error
	for k, t := range tables {
		for i, u := range t.Units {
			row := []string{u, ""}
			if t.Names != nil {
				row[1] = t.Names[i]
			}
			if len(times) > 0 {
				row = append(row, strconv.Itoa(times[k]))
			}
			for _, g := range groups {
				row = append(row, t.Groups[g][i])
			}
			for _, k := range numbers {
				v := math.NaN()
				if col := t.Values[k]; col != nil {
					v = col[i]
				}
				row = append(row, format(v))
			}
			_ = c.Write(row)
		}
	}
	c.Flush()
	return c.Error()
}

// A Row is one number of an index in long form.
type Row struct {
	Config  string // name of the settings
	Dataset string // what the number is: score, rank and so on
	Level   int    // of the element, 1 for indicators; 0 if it is about none
	Code    string // of the element
	Unit    string // or empty
	Value   float64
}

// WriteRows writes rows of config, dataset, level, code, unit and value. NaN is
// an empty cell. heading says whether to write the first line.
func WriteRows(w io.Writer, rows []Row, heading bool) error {
	c := csv.NewWriter(w)
	if heading {
		_ = c.Write([]string{"config", "dataset", "level", "code", "unit", "value"}) // the writer keeps its first error
	}
	for _, r := range rows {
		_ = c.Write([]string{r.Config, r.Dataset, strconv.Itoa(r.Level), r.Code, r.Unit, format(r.Value)})
	}
	c.Flush()
	return c.Error()
}

// Scores returns what was built under the name config in long form, as dataset
// score and then rank: every aggregate, lowest level first. A rank is missing
// where the score is.
func Scores(config string, r *composite.Result, x *composite.Index) []Row {
	var out []Row
	for _, dataset := range []string{"score", "rank"} {
		for level := 2; level <= x.Depth(); level++ {
			for _, code := range x.Codes(level) {
				values := r.Values(code)
				if values == nil {
					continue
				}
				ranks := r.Ranks(code)
				for i, u := range r.Units {
					v := values[i]
					if dataset == "rank" && !math.IsNaN(v) {
						v = float64(ranks[i])
					}
					out = append(out, Row{config, dataset, level, code, u, v})
				}
			}
		}
	}
	return out
}
