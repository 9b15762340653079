package arch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const module = "shanyraq"

// A layer is packages that stand on the same floor.
type layer struct {
	name     string
	packages []string // import paths without the module, or patterns; see matches
	siblings bool     // whether they may import one another
}

// layers are the floors of the house, from the ground up. A package imports
// floors below its own. To add a package, say here where it stands; the
// architecture document explains the floors.
var layers = []layer{
	{name: "methods", packages: []string{"methods/..."}, siblings: true}, // one family may use another below it
	{name: "words", packages: []string{"."}},
	{name: "rooms", packages: []string{"internal/standing", "internal/vectors", "internal/diaspora", "internal/hosts"}},
	{name: "carriers", packages: []string{"internal/store", "internal/ingest", "internal/locale", "data"}},
	{name: "publishers", packages: []string{"internal/publishers"}},
	{name: "view", packages: []string{"internal/view"}},
	{name: "faces and workspace", packages: []string{"internal/web", "internal/cli", "internal/workspace"}},
	{name: "wiring", packages: []string{"cmd/shanyraq"}},
	{name: "checks", packages: []string{"internal/arch", "internal/screens"}},
	{name: "measures", packages: []string{"bench", "bench/..."}},
}

// walls are imports that point down and are forbidden all the same.
var walls = map[string][]string{
	".":              {"methods/..."},                                              // the words know no method
	"internal/store": {"methods/..."},                                              // carriers and faces compute nothing
	"internal/view":  {"methods/...", "internal/store", "internal/ingest", "data"}, // pages are made of any evidence, wherever it is kept
	"internal/web":   {"methods/...", "internal/store", "data"},                    // a face asks the workspace
	"internal/cli":   {"methods/...", "internal/store", "data"},
}

// lodgers are the modules from elsewhere that the program imports, each with
// the packages that may know of it. Modules that only tests need are not here.
var lodgers = map[string][]string{
	"github.com/ncruces/go-sqlite3": {"internal/store"},
	"github.com/nicksnyder/go-i18n": {"internal/locale"},
	"golang.org/x/text":             {"internal/locale"},
	"gonum.org/v1/gonum":            {"methods/...", "bench/peers"},
	"github.com/spf13/cobra":        {"internal/cli"},
	"github.com/xuri/excelize":      {"internal/publishers"},
}

// TestLayers fails when an import points up, sideways or through a wall, when
// a package is on no floor, and when a module from elsewhere is used where it
// does not lodge.
func TestLayers(t *testing.T) {
	all, err := graph()
	if err != nil {
		t.Fatal(err)
	}
	report(t, layerFaults(all))
	for name, hosts := range lodgers {
		used := slices.ContainsFunc(all, func(p goPackage) bool {
			return p.Module != nil && p.Module.Main && slices.ContainsFunc(p.Imports, func(i string) bool { return within(i, name) })
		})
		if !used {
			t.Errorf("%s lodges in %s and nothing imports it: take its line out of lodgers", name, strings.Join(hosts, ", "))
		}
	}
}

// layerFaults returns what is wrong with the imports of the house's packages.
func layerFaults(all []goPackage) []string {
	var faults []string
	standard := map[string]bool{}
	for _, p := range all {
		standard[p.ImportPath] = p.Standard
	}
	for _, p := range all {
		name, ours := inHouse(p.ImportPath)
		if !ours {
			continue
		}
		floor := floorOf(name)
		if floor < 0 {
			faults = append(faults, fmt.Sprintf("%s stands on no floor: say in layers (internal/arch) what it may import, and in docs/ARCHITECTURE.md what it is", name))
			continue
		}
		for _, i := range p.Imports {
			to, ours := inHouse(i)
			if !ours {
				if !standard[i] && !lodges(i, name) {
					faults = append(faults, fmt.Sprintf("%s imports %s, which lodges elsewhere: use the package that wraps it, or give it a room in lodgers", name, i))
				}
				continue
			}
			other := floorOf(to)
			switch {
			case other < 0: // said already
			case other > floor:
				faults = append(faults, fmt.Sprintf("%s (%s) imports %s (%s), which stands above it: declare a small interface and let cmd/shanyraq supply it", name, layers[floor].name, to, layers[other].name))
			case other == floor && !layers[floor].siblings:
				faults = append(faults, fmt.Sprintf("%s imports %s beside it (%s): siblings do not know each other", name, to, layers[floor].name))
			case matches(walls[name], to):
				faults = append(faults, fmt.Sprintf("%s imports %s through a wall", name, to))
			}
		}
	}
	return faults
}

// inHouse returns the import path without the module, "." for its root, and
// whether the package is of this module at all.
func inHouse(path string) (string, bool) {
	if path == module {
		return ".", true
	}
	return strings.CutPrefix(path, module+"/")
}

// floorOf returns the index of the layer the package stands in, or -1.
func floorOf(name string) int {
	return slices.IndexFunc(layers, func(l layer) bool { return matches(l.packages, name) })
}

// lodges reports whether the package may import the path from elsewhere.
func lodges(path, name string) bool {
	for mod, hosts := range lodgers {
		if within(path, mod) {
			return matches(hosts, name)
		}
	}
	return false
}

// within reports whether the import path is the module's or below it.
func within(path, mod string) bool { return path == mod || strings.HasPrefix(path, mod+"/") }

// matches reports whether name fits one of the patterns: a path, or one that
// ends in "/..." for all below it.
func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if above, ok := strings.CutSuffix(p, "..."); ok {
			return strings.HasPrefix(name, above)
		}
		return p == name
	})
}

func TestLayersAreSeen(t *testing.T) {
	pkg := func(path string, imports ...string) []goPackage {
		return []goPackage{{ImportPath: path, Imports: imports}, {ImportPath: "fmt", Standard: true}}
	}
	for _, tt := range []struct {
		name string
		in   []goPackage
		want []string
	}{
		{"down is right", pkg("shanyraq/internal/view", "fmt", "shanyraq", "shanyraq/internal/standing", "shanyraq/internal/locale"), nil},
		{"a method may use a method", pkg("shanyraq/methods/votes", "shanyraq/methods/ties", "gonum.org/v1/gonum/stat"), nil},
		{"a method below a method", pkg("shanyraq/methods/composite/coin", "shanyraq/methods/composite"), nil},
		{"up", pkg("shanyraq/internal/standing", "shanyraq/internal/view"), []string{"stands above it"}},
		{"sideways", pkg("shanyraq/internal/standing", "shanyraq/internal/vectors"), []string{"siblings do not know each other"}},
		{"a face and the workspace", pkg("shanyraq/internal/web", "shanyraq/internal/workspace"), []string{"siblings"}},
		{"a face and the store", pkg("shanyraq/internal/web", "shanyraq/internal/store"), []string{"through a wall"}},
		{"the words and a method", pkg("shanyraq", "shanyraq/methods/ties"), []string{"through a wall"}},
		{"a method and the words", pkg("shanyraq/methods/ties", "shanyraq"), []string{"stands above it"}},
		{"nobody placed it", pkg("shanyraq/internal/util", "fmt"), []string{"internal/util stands on no floor"}},
		{"a lodger elsewhere", pkg("shanyraq/internal/view", "github.com/spf13/cobra"), []string{"lodges elsewhere"}},
		{"a stranger", pkg("shanyraq/internal/view", "example.org/strange"), []string{"lodges elsewhere"}},
	} {
		t.Run(tt.name, func(t *testing.T) { wantFaults(t, layerFaults(tt.in), tt.want...) })
	}
}
