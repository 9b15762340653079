// Command assets builds what the pages load: one style sheet, two scripts, the
// map, the mark and the fonts.
//
//	go run -C tools ./assets [-src DIR] [-out DIR] [-places FILE] [-check]
//
// The sources are in -src, with the packages named in its package-lock.json
// installed under node_modules; the result is written to -out, whose other
// files are removed. The same sources give the same bytes on every machine.
//
// With -check nothing is written, and the command fails if -out holds anything
// but what it would have written. It fails in either case when scripts, style
// and map together are larger than a page may be.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// pageBudget is how many bytes, compressed, a page may load beyond its fonts.
// What is left of 250 000 is for the page itself.
const pageBudget = 215_000

func main() {
	src := flag.String("src", "../internal/web/assets", "`directory` of the sources")
	out := flag.String("out", "../internal/web/dist", "`directory` of the result")
	places := flag.String("places", "../data/places.csv", "`file` of places, for the codes on the map")
	check := flag.Bool("check", false, "write nothing; fail if the result is not up to date")
	flag.Parse()
	if err := run(*src, *out, *places, *check); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

// run builds from src and writes out, or with check compares the two.
func run(src, out, places string, check bool) error {
	files, err := build(src, places)
	if err != nil {
		return err
	}
	total := 0
	names := sorted(files)
	for _, name := range names {
		n := compressed(files[name])
		if slices.Contains(loaded, name) {
			total += n
		}
		if !check && !strings.HasPrefix(name, "fonts/") {
			fmt.Printf("%8d bytes %8d compressed  %s\n", len(files[name]), n, name)
		}
	}
	if total > pageBudget {
		return fmt.Errorf("a page would load %d bytes compressed beyond its fonts; the budget is %d", total, pageBudget)
	}
	if check {
		return compare(out, files)
	}
	if err := write(out, files); err != nil {
		return err
	}
	fmt.Printf("%d files, %d bytes compressed beyond fonts\n", len(names), total)
	return nil
}

// loaded are the files a page with a map loads beyond its fonts.
var loaded = []string{"app.css", "app.js", "charts.js", "world.json"}

// build returns every file of the result by its slash-separated name.
func build(src, places string) (map[string][]byte, error) {
	src, err := filepath.Abs(src)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(src, "node_modules")); err != nil {
		return nil, fmt.Errorf("the packages are not installed; run npm ci in %s", src)
	}
	files, packages, err := bundle(src)
	if err != nil {
		return nil, err
	}
	modules := filepath.Join(src, "node_modules")
	if files["world.json"], err = world(filepath.Join(modules, "world-atlas"), places); err != nil {
		return nil, err
	}
	if files["mark.svg"], err = os.ReadFile(filepath.Join(src, "mark.svg")); err != nil {
		return nil, err
	}
	if err := fonts(modules, files); err != nil {
		return nil, err
	}
	if files["LICENSES.txt"], err = licences(modules, append(packages, "world-atlas")); err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for name, b := range files {
		sum := sha256.Sum256(b)
		sums[name] = hex.EncodeToString(sum[:])[:12]
	}
	manifest, err := json.MarshalIndent(sums, "", "  ") // keys sorted
	if err != nil {
		return nil, err
	}
	files["manifest.json"] = append(manifest, '\n')
	return files, nil
}

// bundle returns the style sheet and the scripts, and the packages in them.
func bundle(src string) (map[string][]byte, []string, error) {
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     src,
		EntryPoints:       []string{"app.ts", "charts.ts", "app.css"},
		Outdir:            src, // names only; nothing is written here
		Bundle:            true,
		MinifySyntax:      true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		Format:            api.FormatESModule,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone, // LICENSES.txt has them
		External:          []string{"./fonts/*"},
		Metafile:          true,
		LogLevel:          api.LogLevelSilent,
	})
	var faults []error
	for _, m := range append(result.Errors, result.Warnings...) {
		where := ""
		if l := m.Location; l != nil {
			where = fmt.Sprintf("%s:%d:%d: ", l.File, l.Line, l.Column)
		}
		faults = append(faults, errors.New(where+m.Text))
	}
	if len(faults) > 0 {
		return nil, nil, errors.Join(faults...)
	}
	files := map[string][]byte{}
	for _, f := range result.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	var meta struct {
		Inputs  map[string]struct{}
		Outputs map[string]struct {
			Inputs map[string]struct{ BytesInOutput int }
		}
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, nil, err
	}
	var packages []string
	for _, o := range meta.Outputs {
		for name, in := range o.Inputs {
			_, rest, ok := strings.Cut(name, "node_modules/")
			if !ok || in.BytesInOutput == 0 {
				continue
			}
			parts := strings.SplitN(rest, "/", 3)
			if strings.HasPrefix(rest, "@") {
				packages = append(packages, path.Join(parts[:2]...))
			} else {
				packages = append(packages, parts[0])
			}
		}
	}
	return files, packages, nil
}

// typefaces lists what the pages are set in: package, weights and the subsets
// that hold Kazakh, Russian, English, Arabic and the names of places in the
// other languages written in Latin letters.
var typefaces = []struct {
	name    string
	weights []string
	subsets []string
}{
	{"ibm-plex-sans", []string{"400", "600"}, []string{"latin", "latin-ext", "cyrillic", "cyrillic-ext"}},
	{"ibm-plex-sans-arabic", []string{"400", "600"}, []string{"arabic"}},
	{"ibm-plex-mono", []string{"400"}, []string{"latin", "cyrillic", "cyrillic-ext"}},
	{"source-serif-4", []string{"600"}, []string{"latin", "latin-ext", "cyrillic", "cyrillic-ext"}},
}

// fonts adds the fonts and their licences to files.
func fonts(modules string, files map[string][]byte) error {
	var notice bytes.Buffer
	for _, t := range typefaces {
		dir := filepath.Join(modules, "@fontsource", t.name)
		for _, subset := range t.subsets {
			for _, weight := range t.weights {
				name := t.name + "-" + subset + "-" + weight + "-normal.woff2"
				b, err := os.ReadFile(filepath.Join(dir, "files", name))
				if err != nil {
					return err
				}
				files["fonts/"+t.name+"-"+subset+"-"+weight+".woff2"] = b
			}
		}
		b, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
		if err != nil {
			return err
		}
		fmt.Fprintf(&notice, "==== %s ====\n\n%s\n\n", t.name, bytes.TrimSpace(b))
	}
	files["fonts/LICENSES.txt"] = notice.Bytes()
	return nil
}

// licences returns the licence of each package, by name.
func licences(modules string, packages []string) ([]byte, error) {
	slices.Sort(packages)
	var out bytes.Buffer
	for _, p := range slices.Compact(packages) {
		b, err := os.ReadFile(filepath.Join(modules, filepath.FromSlash(p), "LICENSE"))
		if err != nil {
			return nil, fmt.Errorf("licence of %s: %w", p, err)
		}
		fmt.Fprintf(&out, "==== %s ====\n\n%s\n\n", p, bytes.TrimSpace(b))
	}
	out.WriteString("==== the map ====\n\nCountries from Natural Earth (naturalearthdata.com), in the public domain.\n")
	return out.Bytes(), nil
}

// compare returns an error naming each file of dir that differs from files.
func compare(dir string, files map[string][]byte) error {
	have, err := held(dir)
	if err != nil {
		return err
	}
	var faults []error
	for _, name := range sorted(files) {
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			faults = append(faults, fmt.Errorf("%s is missing", name))
		case err != nil:
			faults = append(faults, err)
		case !bytes.Equal(b, files[name]):
			faults = append(faults, fmt.Errorf("%s differs from its sources", name))
		}
	}
	for _, name := range have {
		if _, ok := files[name]; !ok {
			faults = append(faults, fmt.Errorf("%s has no source", name))
		}
	}
	if len(faults) > 0 {
		return errors.Join(append(faults, errors.New("run go run -C tools ./assets"))...)
	}
	return nil
}

// write makes dir hold exactly files.
func write(dir string, files map[string][]byte) error {
	have, err := held(dir)
	if err != nil {
		return err
	}
	for _, name := range have {
		if _, ok := files[name]; !ok {
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
				return err
			}
		}
	}
	for _, name := range sorted(files) {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(p, files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// held returns the slash-separated names of the files in dir, none if there is
// no such directory.
func held(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return fs.SkipAll
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		out = append(out, filepath.ToSlash(rel))
		return err
	})
	return out, err
}

// compressed returns how many bytes b has when sent.
func compressed(b []byte) int {
	var buf bytes.Buffer
	z, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression) // the level is valid
	_, _ = z.Write(b)                                       // memory does not fail
	_ = z.Close()
	return buf.Len()
}

func sorted(files map[string][]byte) []string {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
