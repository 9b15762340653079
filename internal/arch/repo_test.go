package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// root is the repository as seen from this package.
const root = "../.."

// report fails the test once for each fault.
func report(t *testing.T, faults []string) {
	t.Helper()
	for _, f := range faults {
		t.Error(f)
	}
}

// wantFaults fails the test unless there are as many faults as wanted texts
// and each holds its text.
func wantFaults(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d faults, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i, w := range want {
		if !strings.Contains(got[i], w) {
			t.Errorf("fault %q does not say %q", got[i], w)
		}
	}
}

// A file is one text of the repository.
type file struct {
	path string // from the root, with slashes
	text []byte
}

// texts returns every text file that is in the repository or about to be:
// what git tracks or would track, and without git whatever lies in the folder.
// Files that are not UTF-8, such as fonts and pictures, are left out.
var texts = sync.OnceValues(func() ([]file, error) {
	names, err := gitFiles()
	if err != nil {
		if names, err = folderFiles(); err != nil {
			return nil, err
		}
	}
	var out []file
	for _, name := range names {
		full := filepath.Join(root, filepath.FromSlash(name))
		info, err := os.Stat(full)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() { // deleted and not yet committed, or a link to a folder
			continue
		}
		if err != nil {
			return nil, err
		}
		b, err := os.ReadFile(full)
		if err != nil {
			return nil, err
		}
		if utf8.Valid(b) && !bytes.ContainsRune(b, 0) {
			out = append(out, file{name, b})
		}
	}
	return out, nil
})

func gitFiles() ([]string, error) {
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	names := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	slices.Sort(names)
	return slices.Compact(names), nil
}

func folderFiles() ([]string, error) {
	var names []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "node_modules", "bin"}, d.Name()):
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		rel, err := filepath.Rel(root, path)
		names = append(names, filepath.ToSlash(rel))
		return err
	})
	return names, err
}

// textsOf returns the texts whose name ends in the suffix.
func textsOf(t *testing.T, suffix string) []file {
	t.Helper()
	all, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	out := slices.DeleteFunc(slices.Clone(all), func(f file) bool { return !strings.HasSuffix(f.path, suffix) })
	if len(out) == 0 {
		t.Fatalf("no file ends in %q: the test looks in the wrong place", suffix)
	}
	return out
}

// read returns the text of one file of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A goPackage is what go list says of a package.
type goPackage struct {
	ImportPath string
	Imports    []string
	Standard   bool
	Module     *goModule
}

// A goModule is where a package comes from.
type goModule struct {
	Path string
	Dir  string
	Main bool
}

// goList runs go list with the arguments in a folder of the repository and
// returns the packages it names.
func goList(dir string, args ...string) ([]goPackage, error) {
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Standard,Module"}, args...)...)
	cmd.Dir = filepath.Join(root, dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New(err.Error() + "\n" + stderr.String())
	}
	var list []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, err
		}
		list = append(list, p)
	}
}

// graph is every package the program is made of, those from elsewhere included.
var graph = sync.OnceValues(func() ([]goPackage, error) { return goList(".", "-deps", "./...") })

// housePackages returns the packages of this module.
func housePackages(t *testing.T) []goPackage {
	t.Helper()
	all, err := graph()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Clone(all), func(p goPackage) bool { return p.Module == nil || !p.Module.Main })
}
