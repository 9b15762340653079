package arch

import (
	"bytes"
	"fmt"
	"go/format"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestFormat fails on a Go file that gofmt would change.
func TestFormat(t *testing.T) { report(t, formatFaults(textsOf(t, ".go"))) }

// formatFaults returns the files that are not as gofmt writes them.
func formatFaults(files []file) []string {
	var faults []string
	for _, f := range files {
		switch want, err := format.Source(f.text); {
		case err != nil:
			faults = append(faults, fmt.Sprintf("%s: %v", f.path, err))
		case !bytes.Equal(want, f.text):
			faults = append(faults, fmt.Sprintf("%s is not formatted: run gofmt -w %s", f.path, f.path))
		}
	}
	return faults
}

func TestFormatIsSeen(t *testing.T) {
	wantFaults(t, formatFaults([]file{
		{"a.go", []byte("package a\n")},
		{"b.go", []byte("package  b\n")},
		{"c.go", []byte("packag c\n")},
	}), "b.go is not formatted", "c.go: ")
}

// unwanted is what no text of the repository may hold: any of the words where
// the pattern, in which %s stands for them, says. The words are put together
// from parts so that this file does not hold them either.
var unwanted = []struct {
	words []string
	in    string
	what  string
}{
	{[]string{"/ho" + "me", "/ro" + "ot", "/Us" + "ers", "/t" + "mp", "/wo" + "rk", "/pri" + "vate"}, "(?:^|[\\s\"'`(=:,])%s(?:/[\\w.-]|[\\s\"'`]|$)",
		"the path of one machine; pass it in, or use a path relative to the repository or a temporary folder of the test"},
	{[]string{`:\Us` + `ers`, `:\\Us` + `ers`}, `\b[A-Za-z]%s\b`,
		"the path of one machine"},
	{[]string{"registry.npm" + "js.org", "proxy.go" + "lang.org", "sum.go" + "lang.org", "py" + "pi.org", "crates." + "io", "deb.deb" + "ian.org", "repo1.mav" + "en.org"}, `\b%s\b`,
		"the host of a package registry; name the package and let the client find it"},
	{[]string{"TO" + "DO", "FIX" + "ME", "HA" + "CK"}, `\b%s\b`,
		"a mark of unfinished work; finish it, or take it out"},
	{[]string{"<<<<" + "<<<", ">>>>" + ">>>"}, `^%s `,
		"a leftover of a merge"},
}

// TestTexts fails on a text that holds something unwanted.
func TestTexts(t *testing.T) { report(t, textFaults(textsOf(t, ""))) }

// textFaults returns the lines that hold something unwanted.
func textFaults(files []file) []string {
	var faults []string
	for _, u := range unwanted {
		quoted := make([]string, len(u.words))
		for i, w := range u.words {
			quoted[i] = regexp.QuoteMeta(w)
		}
		re := regexp.MustCompile(fmt.Sprintf(u.in, "(?:"+strings.Join(quoted, "|")+")"))
		for _, f := range files {
			if !slices.ContainsFunc(u.words, func(w string) bool { return bytes.Contains(f.text, []byte(w)) }) {
				continue // most files, at a glance
			}
			for i, line := range strings.Split(string(f.text), "\n") {
				if m := re.FindString(line); m != "" {
					faults = append(faults, fmt.Sprintf("%s:%d: %q is %s", f.path, i+1, strings.TrimSpace(m), u.what))
				}
			}
		}
	}
	return faults
}

func TestTextsAreSeen(t *testing.T) {
	in := strings.Join([]string{
		"see /ho" + "me/aigerim/x for it",
		`db := "/t` + `mp/store.db"`,
		`C:\Us` + `ers\x`,
		"npm from https://registry.npm" + "js.org/axe-core",
		"// TO" + "DO: later",
		"a page at /f/claim/home/x, a temporary folder, https://example.org/home/page",
	}, "\n")
	wantFaults(t, textFaults([]file{{"x.txt", []byte(in)}}),
		"x.txt:1: ", "x.txt:2: ", "x.txt:3: ", "x.txt:4: ", "x.txt:5: ")
}
