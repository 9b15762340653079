package ingest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"shanyraq"
)

// MaxFaults is how many faults of one reading are kept; the rest are counted.
const MaxFaults = 50

// A Fault is one thing wrong with a file.
type Fault struct {
	File   string        `json:"file"`
	Line   int           `json:"line"`   // physical line, from 1; 0 if the fault is of the whole file
	Column int           `json:"column"` // character of the line at which the field begins, from 1; 0 if of the whole line or file
	Text   shanyraq.Text `json:"text"`   // what is wrong
	Remedy shanyraq.Text `json:"remedy"` // what to do
	Detail string        `json:"detail"` // both, in English
}

// String returns the fault as "file:line:column: what is wrong; remedy", in
// English, without the parts of the place that are not known.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
		if f.Column > 0 {
			fmt.Fprintf(&b, ":%d", f.Column)
		}
	}
	b.WriteString(": ")
	b.WriteString(f.Detail)
	return b.String()
}

// Faults is the error of a file, or of a workspace, that cannot be taken as it
// is. Its kind is [shanyraq.Invalid].
type Faults struct {
	List []Fault // in order of file, line and column; at most MaxFaults
	More int     // how many were found beyond those
}

// Error returns one line per fault, and a last one that counts the rest.
func (f *Faults) Error() string {
	lines := make([]string, 0, len(f.List)+1)
	for _, one := range f.List {
		lines = append(lines, one.String())
	}
	if f.More > 0 {
		lines = append(lines, english(text("ingest.more", "Count", f.More)))
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns an Invalid error with a message for the reader that counts
// the faults, so that [shanyraq.KindOf] and [shanyraq.TextOf] work on f.
func (f *Faults) Unwrap() error {
	say := text("ingest.refused", "Count", len(f.List)+f.More)
	return shanyraq.Tell("ingest.Read", shanyraq.Invalid, say, "%s", english(say))
}

// A collector gathers faults.
type collector struct {
	list []Fault
	more int
}

// add records a fault. The arguments fill the placeholders of both messages.
func (c *collector) add(file string, line, column int, what, remedy string, args ...any) {
	if len(c.list) >= MaxFaults {
		c.more++
		return
	}
	f := Fault{File: file, Line: line, Column: column, Text: text("ingest."+what, args...), Remedy: text("ingest.remedy."+remedy, args...)}
	f.Detail = english(f.Text) + "; " + english(f.Remedy)
	c.list = append(c.list, f)
}

// merge takes over the faults of another collector.
func (c *collector) merge(o collector) {
	room := min(MaxFaults-len(c.list), len(o.list))
	c.list = append(c.list, o.list[:room]...)
	c.more += o.more + len(o.list) - room
}

func (c *collector) any() bool  { return len(c.list) > 0 }
func (c *collector) full() bool { return len(c.list) >= MaxFaults }

// err returns the faults in order as an error, and nil if there are none.
func (c *collector) err() error {
	if !c.any() {
		return nil
	}
	slices.SortStableFunc(c.list, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return &Faults{List: c.list, More: c.more}
}

// Refused returns the faults found by another reader of files as an error, in
// order; more is how many it found beyond them.
func Refused(list []Fault, more int) error {
	return (&collector{list: list, more: more}).err()
}
