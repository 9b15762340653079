package diaspora

import (
	"encoding/csv"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// SheetLimit is how large a table for sizing may be, in bytes.
const SheetLimit = 16 << 20

// A Sheet is a table with a head, as a reader gave it for one answer. It is not
// stored.
type Sheet struct {
	Name string // of the file; what an error begins with
	Head []string
	Rows [][]string
}

// told returns an Invalid error with the message of the key; args alternate name
// and value.
func told(op, key string, args ...any) error {
	t := shanyraq.Text{Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		t.Args[args[i].(string)] = args[i+1]
	}
	return shanyraq.Tell(op, shanyraq.Invalid, t, "%s", key)
}

// ReadSheet reads a table with a head and at least one row under it, its cells
// parted by commas, semicolons or tabs: whichever the head has most of. It
// returns an Invalid error that names the line for what cannot be read.
func ReadSheet(name string, body []byte) (Sheet, error) {
	const op = "diaspora.ReadSheet"
	bad := func(where, detail string) (Sheet, error) {
		return Sheet{}, told(op, "diaspora.error.csv", "Where", where, "Detail", detail)
	}
	if len(body) > SheetLimit {
		return bad(name, "> 16 MiB")
	}
	text := strings.TrimPrefix(string(body), "\ufeff")
	head, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	r := csv.NewReader(strings.NewReader(text))
	r.TrimLeadingSpace = true
	for _, sep := range []rune{';', '\t'} {
		if strings.Count(head, string(sep)) > strings.Count(head, string(r.Comma)) {
			r.Comma = sep
		}
	}
	if r.Comma == '\t' {
		r.TrimLeadingSpace = false // an empty cell is one
	}
	all, err := r.ReadAll()
	if err != nil {
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return bad(name+":"+strconv.Itoa(parse.Line)+":"+strconv.Itoa(parse.Column), parse.Err.Error())
		}
		return bad(name, err.Error())
	}
	if len(all) < 2 {
		return bad(name, "no rows under a head")
	}
	for i := range all {
		for j := range all[i] {
			all[i][j] = strings.TrimSpace(all[i][j])
		}
	}
	return Sheet{name, all[0], all[1:]}, nil
}

// plainName returns the heading without capitals, dots, lines and spaces, so
// that network.size and "Network size" are one.
func plainName(s string) string {
	return strings.NewReplacer(" ", "", "_", "", ".", "", "-", "").Replace(strings.ToLower(s))
}

// column returns where the first of the names stands in the head, and false if
// none does. A heading that is a name to the letter comes before one that is
// like it.
func (s Sheet) column(names ...string) (int, bool) {
	for _, name := range names {
		if i := slices.IndexFunc(s.Head, func(h string) bool { return strings.EqualFold(h, name) }); i >= 0 {
			return i, true
		}
	}
	for _, name := range names {
		if i := slices.IndexFunc(s.Head, func(h string) bool { return plainName(h) == plainName(name) }); i >= 0 {
			return i, true
		}
	}
	return 0, false
}

// columns returns where the names stand in the head, each of which must.
func (s Sheet) columns(names []string) ([]int, error) {
	out := make([]int, len(names))
	for i, name := range names {
		at, ok := s.column(name)
		if !ok {
			return nil, s.lacks(name)
		}
		out[i] = at
	}
	return out, nil
}

// lacks returns the error of a table without a column that may be called by any
// of the names.
func (s Sheet) lacks(names ...string) error {
	return told("diaspora.Sheet", "diaspora.error.column", "Where", s.Name+":1", "Name", names[0], "Also", strings.Join(names, ", "), "Found", strings.Join(s.Head, ", "), "Count", len(names))
}

// odd returns the error of a cell that cannot stand where it does.
func (s Sheet) odd(row, column int, want string) error {
	return told("diaspora.Sheet", "diaspora.error.cell", "Where", s.Name+":"+strconv.Itoa(row+2)+", "+s.Head[column], "Found", strconv.Quote(s.Rows[row][column]), "Want", want)
}

// ParseNumber returns the number a reader wrote, with a decimal point or a
// decimal comma, and spaces between thousands.
func ParseNumber(s string) (float64, error) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "−", "-").Replace(strings.TrimSpace(s))
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(s, 64)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		err = strconv.ErrRange
	}
	return v, err
}

// countNames are what a column of how many people have a pattern is called.
var countNames = []string{"count", "freq", "frequency", "Freq", "n"}

// Patterns returns the patterns of presence of a table with a column of 0 and 1
// for each list, and how many people have each: by its column count, freq,
// frequency or n, or one to a row without it.
func (s Sheet) Patterns() (patterns []string, counts []int, err error) {
	at, counted := s.column(countNames...)
	for i, r := range s.Rows {
		p, n := "", 1
		for j, v := range r {
			if counted && j == at {
				f, err := ParseNumber(v)
				if err != nil || f < 0 || f != math.Trunc(f) || f > worldPeople {
					return nil, nil, s.odd(i, j, "0, 1, 2, ...")
				}
				n = int(f)
				continue
			}
			if v != "0" && v != "1" {
				return nil, nil, s.odd(i, j, "0, 1")
			}
			p += v
		}
		patterns, counts = append(patterns, p), append(counts, n)
	}
	return patterns, counts, nil
}

// The names of the columns of a chain of recruits, ours first.
var (
	idNames        = []string{"id", "respondent", "respondent_id", "coupon"}
	recruiterNames = []string{"recruiter", "recruiter_id", "recruiter.id", "rid", "referrer"}
	degreeNames    = []string{"degree", "network_size", "network.size", "network.size.variable", "size"}
)

// seedMarks are what other programs write for the recruiter of a seed.
var seedMarks = []string{"", "seed", "0", "-1", "na", "none"}

// Chain returns the respondents of a table with the columns id, recruiter,
// degree and group, or what other programs call them; group is the name of the
// column of groups where it is another. A seed has no recruiter, or the word
// seed, 0, -1 or NA where nobody has that id.
func (s Sheet) Chain(group string) (Chain, error) {
	c, err := s.ChainOnly()
	if err != nil {
		return c, err
	}
	if group == "" {
		group = "group"
	}
	at, ok := s.column(group)
	if !ok {
		return c, s.lacks(group)
	}
	for _, r := range s.Rows {
		c.Groups = append(c.Groups, r[at])
	}
	return c, nil
}

// ChainOnly is [Sheet.Chain] without the groups, for which no column is needed.
func (s Sheet) ChainOnly() (Chain, error) {
	var c Chain
	var at [3]int
	for i, names := range [][]string{idNames, recruiterNames, degreeNames} {
		var ok bool
		if at[i], ok = s.column(names...); !ok {
			return c, s.lacks(names...)
		}
	}
	known := map[string]bool{}
	for _, r := range s.Rows {
		known[r[at[0]]] = true
	}
	for i, r := range s.Rows {
		d, err := ParseNumber(r[at[2]])
		if err != nil || d < 1 {
			return c, s.odd(i, at[2], "1, 2, 3, ...")
		}
		recruiter := r[at[1]]
		if slices.Contains(seedMarks, strings.ToLower(recruiter)) && !known[recruiter] {
			recruiter = ""
		}
		c.IDs, c.Recruiters = append(c.IDs, r[at[0]]), append(c.Recruiters, recruiter)
		c.Degrees = append(c.Degrees, d)
	}
	return c, nil
}

// Answers returns how many people of each known group and of the target each
// respondent knows.
func (s Sheet) Answers(known []Known, target string) (answers [][]float64, targets []float64, err error) {
	var names []string
	for _, k := range known {
		names = append(names, k.Name)
	}
	at, err := s.columns(append(names, target))
	if err != nil {
		return nil, nil, err
	}
	for i, r := range s.Rows {
		row := make([]float64, len(at))
		for j, k := range at {
			if row[j], err = ParseNumber(r[k]); err != nil || row[j] < 0 {
				return nil, nil, s.odd(i, k, "0, 1, 2, ...")
			}
		}
		answers, targets = append(answers, row[:len(known)]), append(targets, row[len(known)])
	}
	return answers, targets, nil
}

// OnLists returns which of the lists each respondent is on, and their weights if
// the table has a column weight, else nil.
func (s Sheet) OnLists(names []string) (on [][]bool, weights []float64, err error) {
	at, err := s.columns(names)
	if err != nil {
		return nil, nil, err
	}
	weight, weighed := s.column("weight", "weights")
	for i, r := range s.Rows {
		row := make([]bool, len(at))
		for j, k := range at {
			if r[k] != "0" && r[k] != "1" {
				return nil, nil, s.odd(i, k, "0, 1")
			}
			row[j] = r[k] == "1"
		}
		on = append(on, row)
		if weighed {
			w, err := ParseNumber(r[weight])
			if err != nil || w < 0 {
				return nil, nil, s.odd(i, weight, "0.5, 1, 2, ...")
			}
			weights = append(weights, w)
		}
	}
	return on, weights, nil
}

// ParseSizes reads NAME=NUMBER with commas or line breaks between, in the order
// of the names.
func ParseSizes(s string) (names []string, sizes []float64, err error) {
	const op = "diaspora.ParseSizes"
	by := map[string]float64{}
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '\n' || r == ';' }) {
		name, number, ok := strings.Cut(part, "=")
		name = strings.TrimSpace(name)
		v, bad := ParseNumber(number)
		if !ok || name == "" || bad != nil || !(v > 0) {
			return nil, nil, told(op, "diaspora.error.sizes", "Found", strings.TrimSpace(part))
		}
		if _, twice := by[name]; !twice {
			names = append(names, name)
		}
		by[name] = v
	}
	if len(names) == 0 {
		return nil, nil, told(op, "diaspora.error.sizes", "Found", strings.TrimSpace(s))
	}
	slices.Sort(names)
	for _, name := range names {
		sizes = append(sizes, by[name])
	}
	return names, sizes, nil
}
