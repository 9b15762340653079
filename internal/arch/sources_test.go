package arch

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shanyraq/data"
)

var update = flag.Bool("update", false, "rewrite docs/sources.md from the records in data/")

// A record is the head of a SOURCE.md, as written there.
type record struct {
	folder string
	fields map[string]string
}

// records returns the records of the built-in sources, by folder.
func records(t *testing.T) []record {
	t.Helper()
	names, err := fs.Glob(data.Files, "*/SOURCE.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []record
	for _, name := range names {
		b, err := data.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, parseRecord(path.Dir(name), string(b)))
	}
	return out
}

// parseRecord reads the lines "key: value" before the first empty one.
func parseRecord(folder, text string) record {
	r := record{folder, map[string]string{}}
	head, _, _ := strings.Cut(text, "\n\n")
	for line := range strings.Lines(head) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			r.fields[key] = value
		}
	}
	return r
}

// claimsIn returns how many rows the tables of the folder hold.
func claimsIn(t *testing.T, folder string) int {
	t.Helper()
	n := 0
	err := fs.WalkDir(data.Files, folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".csv" || path.Base(name) == "states.csv" {
			return err
		}
		b, err := data.Files.ReadFile(name)
		if err != nil {
			return err
		}
		r := csv.NewReader(bytes.NewReader(b))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		n += max(0, len(rows)-1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSourcesTable fails when docs/sources.md is not what the records in data/
// say. After a change that is meant, run
//
//	go test ./internal/arch -run TestSourcesTable -update
//
// and read the difference before committing it.
func TestSourcesTable(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# Built-in sources

Every figure that ships belongs to one of these. Each folder of ` + "`data/`" + ` holds the tables and SOURCE.md: what was taken from where, under what terms, what was changed, and what is known to be wrong with it. This table is written from those records by a test (` + "`go test ./internal/arch -run TestSourcesTable -update`" + `).

How strong: *measured*, somebody counted; *official*, a public body says so; *estimated*, worked out from something; *opinion*, judged or quoted without a visible basis. Rows are claims, or roll calls for the votes.

| Folder | Source | Publisher | Edition | Rows | How strong | Licence |
|---|---|---|---|---:|---|---|
`)
	cell := func(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
	total := 0
	for _, r := range records(t) {
		n := claimsIn(t, r.folder)
		total += n
		fmt.Fprintf(&b, "| [%s](../data/%s/SOURCE.md) | %s | %s | %s | %d | %s | %s |\n", r.folder, r.folder,
			cell(r.fields["title"]), cell(r.fields["publisher"]), cell(r.fields["edition"]), n, r.fields["strength"], cell(r.fields["licence"]))
	}
	fmt.Fprintf(&b, "\n%d rows in all.\n", total)

	file := filepath.Join(root, "docs", "sources.md")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Error("docs/sources.md is not what the records in data/ say: run go test ./internal/arch -run TestSourcesTable -update")
	}
}

// TestFoldersAreSources fails on a folder of data/ that is not embedded with a
// record of its own.
func TestFoldersAreSources(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join(root, "data"))
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() && e.Name() != "testdata" {
			folders = append(folders, e.Name())
		}
	}
	report(t, folderFaults(folders, records(t)))
}

// folderFaults returns the folders without a record, and the records that name
// another folder than theirs or leave out a field.
func folderFaults(folders []string, rs []record) []string {
	var faults []string
	for _, f := range folders {
		if !slices.ContainsFunc(rs, func(r record) bool { return r.folder == f }) {
			faults = append(faults, fmt.Sprintf("data/%s has no SOURCE.md: no record, no figure", f))
		}
	}
	for _, r := range rs {
		if r.fields["id"] != r.folder {
			faults = append(faults, fmt.Sprintf("data/%s/SOURCE.md calls itself %q", r.folder, r.fields["id"]))
		}
		for _, key := range []string{"publisher", "title", "edition", "address", "taken", "licence", "terms", "strength", "faults"} {
			if r.fields[key] == "" {
				faults = append(faults, fmt.Sprintf("data/%s/SOURCE.md says nothing under %q", r.folder, key))
			}
		}
	}
	return faults
}

func TestFoldersAreSeen(t *testing.T) {
	r := parseRecord("wdi", "id: wdj\npublisher: P\ntitle: T\nedition: E\naddress: A\ntaken: 2026\nterms: X\nstrength: measured\nfaults: F\n\nlicence: in the prose\n")
	wantFaults(t, folderFaults([]string{"wdi", "bare"}, []record{r}), "data/bare has no SOURCE.md", `calls itself "wdj"`, `nothing under "licence"`)
}
