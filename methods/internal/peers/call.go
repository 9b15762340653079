package peers

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// A Call is a function call in the language of the peers.
type Call struct {
	Name  string
	Args  []string          // without a name
	Named map[string]string // with one
}

// ParseCall reads f(a, b, k = v).
func ParseCall(s string) Call {
	name, rest, _ := strings.Cut(s, "(")
	c := Call{Name: strings.TrimSpace(name), Named: map[string]string{}}
	if i := strings.LastIndex(rest, ")"); i >= 0 {
		rest = rest[:i]
	}
	depth, quote, start := 0, rune(0), 0
	add := func(arg string) {
		arg = strings.TrimSpace(arg)
		if arg == "" {
			return
		}
		k, v, ok := strings.Cut(arg, "=")
		if ok && !strings.ContainsAny(k, "(['\"~") {
			c.Named[strings.TrimSpace(k)] = strings.Trim(strings.TrimSpace(v), `'"`)
			return
		}
		c.Args = append(c.Args, strings.Trim(arg, `'"`))
	}
	for i, r := range rest {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == '(' || r == '[':
			depth++
		case r == ')' || r == ']':
			depth--
		case r == ',' && depth == 0:
			add(rest[start:i])
			start = i + 1
		}
	}
	add(rest[start:])
	return c
}

// Data returns the first argument of the call, or its X.
func (c Call) Data() string {
	if x, ok := c.Named["X"]; ok {
		return x
	}
	return c.Args[0]
}

// Number returns a named number of the call, or the value given.
func (c Call) Number(name string, otherwise float64) float64 {
	s, ok := c.Named[name]
	if !ok {
		return otherwise
	}
	if a, b, ok := strings.Cut(s, "/"); ok {
		return Float(a) / Float(b)
	}
	return Float(s)
}

// Float returns the number written in s, and NaN for none.
func Float(s string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// Int returns the whole number written in s, and fails the test for none.
func Int(t testing.TB, s string) int {
	t.Helper()
	v, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
