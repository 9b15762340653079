package arch

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"shanyraq/internal/view"
)

// languages are those the program is complete in.
var languages = []string{"en", "kk", "ru"}

// catalogues returns the keys of every language's messages.
func catalogues(t *testing.T) map[string]map[string]bool {
	t.Helper()
	out := map[string]map[string]bool{}
	for _, lang := range languages {
		out[lang] = map[string]bool{}
	}
	for _, f := range textsOf(t, ".json") {
		rest, ok := strings.CutPrefix(f.path, "internal/locale/messages/")
		if !ok {
			continue
		}
		lang := path.Dir(rest)
		if out[lang] == nil {
			t.Errorf("%s is in no language the program is complete in (%s)", f.path, strings.Join(languages, ", "))
			continue
		}
		var texts map[string]json.RawMessage
		if err := json.Unmarshal(f.text, &texts); err != nil {
			t.Errorf("%s: %v", f.path, err)
		}
		for key, text := range texts {
			if s := string(text); s != `""` && s != "{}" && s != "null" {
				out[lang][key] = true
			}
		}
	}
	return out
}

// methodParts are the messages that make the page of a method.
var methodParts = []string{"title", "says", "formula", "limits", "checks", "papers"}

// TestMethodsHavePages fails on a method that lacks a part of its page in some
// language, and on a page of a method that no longer is.
func TestMethodsHavePages(t *testing.T) {
	var keys []string
	for _, m := range view.Methods() {
		keys = append(keys, string(m))
	}
	report(t, methodFaults(keys, catalogues(t)))
}

// methodFaults returns the missing parts of pages, and the pages without a method.
func methodFaults(methods []string, have map[string]map[string]bool) []string {
	var faults []string
	for _, lang := range slices.Sorted(maps.Keys(have)) {
		for _, m := range methods {
			for _, part := range methodParts {
				if key := "method." + m + "." + part; !have[lang][key] {
					faults = append(faults, fmt.Sprintf("messages/%s/method.json lacks %s: every method has a page", lang, key))
				}
			}
		}
		for _, key := range slices.Sorted(maps.Keys(have[lang])) {
			m, ok := strings.CutPrefix(key, "method.")
			if !ok || !slices.Contains(methodParts, m[strings.LastIndex(m, ".")+1:]) {
				continue
			}
			if m = m[:strings.LastIndex(m, ".")]; !slices.Contains(methods, m) {
				faults = append(faults, fmt.Sprintf("messages/%s/method.json has %s, and no method has the key %s", lang, key, m))
			}
		}
	}
	return faults
}

func TestMethodPagesAreSeen(t *testing.T) {
	have := map[string]map[string]bool{"en": {"method.gone.title": true}}
	for _, part := range methodParts {
		have["en"]["method.claim."+part] = part != "limits"
	}
	wantFaults(t, methodFaults([]string{"claim"}, have), "lacks method.claim.limits", "no method has the key gone")
}

// TestMessagesExist fails on a message that code or a page asks for by name
// and that some language lacks.
func TestMessagesExist(t *testing.T) {
	have := catalogues(t)
	asked := append(askedInCode(t, programFiles(t)), askedInPages(slices.DeleteFunc(textsOf(t, ""), func(f file) bool {
		return !strings.HasPrefix(f.path, "internal/web/") || path.Ext(f.path) != ".html" && path.Ext(f.path) != ".tmpl"
	}))...)
	if len(asked) < 100 {
		t.Errorf("only %d messages are asked for by name: the test looks for the wrong thing", len(asked))
	}
	report(t, messageFaults(asked, have))
}

// An asked message is a key in the code: whole, or the beginning of one whose
// end is worked out.
type asked struct {
	where, key string
	prefix     bool
}

// messageFaults returns the keys asked for that some language lacks.
func messageFaults(all []asked, have map[string]map[string]bool) []string {
	var faults []string
	for _, a := range all {
		var without []string
		for _, lang := range slices.Sorted(maps.Keys(have)) {
			found := have[lang][a.key]
			if a.prefix {
				for key := range have[lang] {
					found = found || strings.HasPrefix(key, a.key)
				}
			}
			if !found {
				without = append(without, lang)
			}
		}
		if len(without) > 0 {
			faults = append(faults, fmt.Sprintf("%s: no message %s in %s", a.where, a.key, strings.Join(without, ", ")))
		}
	}
	return faults
}

// aKey is the form of a key, or of the beginning of one.
var aKey = regexp.MustCompile(`^[a-z]+\.(?:[\w.-]+)?$`)

// askedInCode returns the keys that are written out as the first argument of T
// or Say, or as the Key of a Text or Sentence.
func askedInCode(t *testing.T, files []file) []asked {
	t.Helper()
	var out []asked
	for _, f := range files {
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, f.path, f.text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		note := func(e ast.Expr) {
			sum, isSum := e.(*ast.BinaryExpr)
			if isSum {
				e = sum.X
			}
			lit, ok := e.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return
			}
			if key, err := strconv.Unquote(lit.Value); err == nil && aKey.MatchString(key) {
				out = append(out, asked{fset.Position(e.Pos()).String(), key, isSum})
			}
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if len(n.Args) > 0 && slices.Contains([]string{"T", "Say"}, nameOf(n.Fun)) {
					note(n.Args[0])
				}
			case *ast.CompositeLit:
				if !slices.Contains([]string{"Text", "Sentence"}, nameOf(n.Type)) {
					break
				}
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok && nameOf(kv.Key) == "Key" {
						note(kv.Value)
					}
				}
			}
			return true
		})
	}
	return out
}

// nameOf returns the last name of an expression such as loc.T or shanyraq.Text.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// askInPage is a call of t or T in a template with a key written out.
var askInPage = regexp.MustCompile(`(?:\{\{|\(|\s)[-.$\w]*\b[tT] "([a-z]+\.[\w.-]+)"`)

// askedInPages returns the keys that templates ask for.
func askedInPages(files []file) []asked {
	var out []asked
	for _, f := range files {
		for i, line := range strings.Split(string(f.text), "\n") {
			for _, m := range askInPage.FindAllStringSubmatch(line, -1) {
				out = append(out, asked{fmt.Sprintf("%s:%d", f.path, i+1), m[1], strings.HasSuffix(m[1], ".")})
			}
		}
	}
	return out
}

func TestMessagesAreSeen(t *testing.T) {
	code := `package p

var x = loc.T("room.whole", "N", 1) + T("room.part."+kind) + Say("room.lost").Key

var y = shanyraq.Text{Key: "error.lost"}

var z = t.Error("not.a.key of anything")
`
	page := "<p>{{.T \"page.lost\"}} {{$.T \"room.whole\" \"N\" 1}}</p>"
	all := append(askedInCode(t, []file{{"p.go", []byte(code)}}), askedInPages([]file{{"p.html", []byte(page)}})...)
	wantFaults(t, messageFaults(all, map[string]map[string]bool{"en": {"room.whole": true, "room.part.one": true}}),
		"p.go:3:", "no message error.lost", "no message page.lost")
}
