package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// programFiles returns the Go files of the repository that are not tests.
func programFiles(t *testing.T) []file {
	t.Helper()
	return slices.DeleteFunc(textsOf(t, ".go"), func(f file) bool { return strings.HasSuffix(f.path, "_test.go") })
}

// TestExportedNamesAreDocumented fails on an exported name without a docstring
// and on a package without one.
func TestExportedNamesAreDocumented(t *testing.T) {
	report(t, docFaults(t, programFiles(t)))
}

// docFaults returns the exported names of the files that say nothing of
// themselves, and the folders whose package does not.
func docFaults(t *testing.T, files []file) []string {
	t.Helper()
	var faults []string
	packages := map[string]bool{}
	for _, f := range files {
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, f.path, f.text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		packages[path.Dir(f.path)] = packages[path.Dir(f.path)] || tree.Doc != nil
		for _, d := range tree.Decls {
			for _, id := range undocumented(d) {
				faults = append(faults, fmt.Sprintf("%s: %s has no docstring: say what it is or gives back, and in what unit", fset.Position(id.Pos()), id.Name))
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		if !packages[dir] {
			faults = append(faults, fmt.Sprintf("%s: no file says what the package is, and what it is not", dir))
		}
	}
	return faults
}

// fixed are methods whose meaning the standard library fixes.
var fixed = []string{"Error", "String", "Unwrap", "Is", "Len", "Less", "Swap"}

// undocumented returns the exported names of a declaration that have no
// docstring of their own, on their line, or on the group they stand in.
func undocumented(d ast.Decl) []*ast.Ident {
	var out []*ast.Ident
	switch d := d.(type) {
	case *ast.FuncDecl:
		hidden := d.Recv != nil && (!ast.IsExported(receiver(d)) || slices.Contains(fixed, d.Name.Name))
		if d.Name.IsExported() && !hidden && d.Doc == nil {
			out = append(out, d.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
					out = append(out, s.Name)
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if id.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						out = append(out, id)
					}
				}
			}
		}
	}
	return out
}

// receiver returns the name of the type the method belongs to.
func receiver(d *ast.FuncDecl) string {
	e := d.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

func TestExportedNamesAreSeen(t *testing.T) {
	in := `package p

type Bare struct{}

// Said is a type.
type Said struct{}

func (Said) Mute() {}

func (Said) String() string { return "" }

type hidden struct{}

func (hidden) Free() {}

// The kinds.
const (
	A = 1
	B = 2
)

var Loose, Other = 1, 2

var Lined = 3 // on its line

func Silent() {}
`
	wantFaults(t, docFaults(t, []file{{"p/p.go", []byte(in)}}),
		"Bare has no docstring", "Mute has no docstring", "Loose has", "Other has", "Silent has", "p: no file says what the package is")
}

// referenceKey is a reference as docstrings write it, such as [wilson1927].
var referenceKey = regexp.MustCompile(`\[([a-z]+(?:1[5-9]|20)\d\d[a-z]?)\]`)

// TestReferencesAreListed fails on a reference key that the package's doc.go
// does not list, and on a listed one that nothing in the package uses.
func TestReferencesAreListed(t *testing.T) {
	faults, keys := referenceFaults(programFiles(t))
	report(t, faults)
	if keys == 0 {
		t.Error("no reference key was seen anywhere: the test looks for the wrong thing")
	}
}

// referenceFaults returns the keys that are used and not listed, or listed and
// not used, and how many keys there are.
func referenceFaults(files []file) (faults []string, keys int) {
	used, listed := map[string]map[string]string{}, map[string]map[string]string{}
	for _, f := range files {
		dir := path.Dir(f.path)
		if used[dir] == nil {
			used[dir], listed[dir] = map[string]string{}, map[string]string{}
		}
		for i, line := range strings.Split(string(f.text), "\n") {
			line = strings.TrimSpace(line)
			if !strings.HasPrefix(line, "//") && !strings.Contains(line, "// ") {
				continue
			}
			for _, m := range referenceKey.FindAllStringSubmatch(line, -1) {
				where := fmt.Sprintf("%s:%d", f.path, i+1)
				if path.Base(f.path) == "doc.go" && strings.HasPrefix(line, "//   - ["+m[1]+"]") {
					listed[dir][m[1]] = where
				} else {
					used[dir][m[1]] = where
				}
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(used)) {
		for _, key := range slices.Sorted(maps.Keys(used[dir])) {
			if keys++; listed[dir][key] == "" {
				faults = append(faults, fmt.Sprintf("%s: [%s] is not in the list of references of %s/doc.go", used[dir][key], key, dir))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(listed[dir])) {
			if used[dir][key] == "" {
				faults = append(faults, fmt.Sprintf("%s: [%s] is listed and nothing in the package refers to it", listed[dir][key], key))
			}
		}
	}
	return faults, keys
}

func TestReferencesAreSeen(t *testing.T) {
	faults, keys := referenceFaults([]file{
		{"methods/m/doc.go", []byte("// Package m.\n//\n//   - [known1999] A. Known, 1999.\n//   - [idle2001] An Idle, 2001.\npackage m\n")},
		{"methods/m/m.go", []byte("package m\n\n// F follows [known1999] and [lost2020a].\nfunc F(a [9]int) {}\n")},
	})
	wantFaults(t, faults, "[lost2020a] is not in the list", "[idle2001] is listed and nothing")
	if keys != 2 {
		t.Errorf("%d keys used, want 2", keys)
	}
}

// TestArchitectureNamesEveryPackage fails on a package that the architecture
// document does not mention, and on a folder it mentions that is not there.
func TestArchitectureNamesEveryPackage(t *testing.T) {
	var names []string
	for _, p := range housePackages(t) {
		if name, _ := inHouse(p.ImportPath); name != "." {
			names = append(names, name)
		}
	}
	report(t, architectureFaults(read(t, "docs/ARCHITECTURE.md"), names, func(p string) bool {
		_, err := os.Stat(filepath.Join(root, filepath.FromSlash(p)))
		return err == nil
	}))
}

// codePath is a path of the repository as the document writes it.
var codePath = regexp.MustCompile("`((?:internal|methods|cmd|data|tools|docs|bench)/[\\w./-]*)`")

// architectureFaults returns the packages the text does not name, and the
// paths it names that do not exist.
func architectureFaults(text string, packages []string, exists func(string) bool) []string {
	var faults []string
	for _, p := range packages {
		if !strings.Contains(text, "`"+p+"`") {
			faults = append(faults, fmt.Sprintf("docs/ARCHITECTURE.md does not say what `%s` is", p))
		}
	}
	for _, m := range codePath.FindAllStringSubmatch(text, -1) {
		if !exists(m[1]) {
			faults = append(faults, fmt.Sprintf("docs/ARCHITECTURE.md names `%s`, which does not exist", m[1]))
		}
	}
	return faults
}

func TestArchitectureIsSeen(t *testing.T) {
	got := architectureFaults("`internal/a` and `internal/gone` stand.", []string{"internal/a", "internal/b"}, func(p string) bool { return p == "internal/a" })
	wantFaults(t, got, "does not say what `internal/b` is", "names `internal/gone`, which does not exist")
}

// mdLink is a link or picture of Markdown; the first group is its address.
var mdLink = regexp.MustCompile(`\]\(([^)\s]+)(?:\s+"[^"]*")?\)`)

// TestLinksLeadSomewhere fails on a link in a document to a file of the
// repository that is not there.
func TestLinksLeadSomewhere(t *testing.T) {
	report(t, linkFaults(textsOf(t, ".md"), func(p string) bool {
		_, err := os.Stat(filepath.Join(root, filepath.FromSlash(p)))
		return err == nil
	}))
}

// linkFaults returns the links to files that do not exist.
func linkFaults(files []file, exists func(string) bool) []string {
	var faults []string
	for _, f := range files {
		for i, line := range strings.Split(string(f.text), "\n") {
			for _, m := range mdLink.FindAllStringSubmatch(line, -1) {
				u, err := url.Parse(m[1])
				if err != nil {
					faults = append(faults, fmt.Sprintf("%s:%d: %q is no address", f.path, i+1, m[1]))
					continue
				}
				if u.Scheme != "" || u.Path == "" { // elsewhere, or on the same page
					continue
				}
				if to := path.Join(path.Dir(f.path), u.Path); !exists(to) {
					faults = append(faults, fmt.Sprintf("%s:%d: leads to %s, which does not exist", f.path, i+1, to))
				}
			}
		}
	}
	return faults
}

func TestLinksAreSeen(t *testing.T) {
	in := "[here](../README.md), [out](https://example.org/x), [below](#part), ![lost](images/no.png \"A picture\")\n"
	wantFaults(t, linkFaults([]file{{"docs/a.md", []byte(in)}}, func(p string) bool { return p == "README.md" }), "leads to docs/images/no.png")
}

// The command a newcomer is told to run is the command the build server runs.
func TestTestCommandIsOne(t *testing.T) {
	const command = "go test ./..."
	for _, name := range []string{"README.md", "CONTRIBUTING.md"} {
		if !strings.Contains(read(t, name), command) {
			t.Errorf("%s does not give the test command, %q", name, command)
		}
	}
	if !slices.Contains(strings.Split(read(t, ".ci/run"), "\n"), command) {
		t.Errorf(".ci/run has no line that is %q and nothing else", command)
	}
}
