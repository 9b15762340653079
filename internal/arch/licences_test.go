package arch

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// allowed are the licences a dependency may have, and where.
var allowed = map[string]string{
	"Apache-2.0":   "",
	"BSD-2-Clause": "",
	"BSD-3-Clause": "",
	"ISC":          "",
	"MIT":          "",
	"MIT-0":        "",
	"Unlicense":    "",
	"MPL-2.0":      "only in tests",
	"OFL-1.1":      "only fonts",
}

// A dependency is a module or package that somebody else wrote.
type dependency struct {
	name    string
	where   string // the file that asks for it
	licence string // as its own licence file or its registry entry says; "" if it is not on this machine
	test    bool   // nothing that ships imports it
}

// TestDependencies fails on a dependency without a line in the decisions, a
// line without a dependency, and a licence that is not allowed or not the one
// the line states.
func TestDependencies(t *testing.T) {
	deps := append(goDependencies(t), npmDependencies(t, "package.json")...)
	report(t, dependencyFaults(deps, dependencyLines(read(t, "docs/decisions/0001-dependencies.md"))))
	read := 0
	for _, d := range deps {
		if d.licence != "" {
			read++
		}
	}
	if read < len(deps)/2 {
		t.Errorf("the licences of only %d of %d dependencies were read", read, len(deps))
	}
}

// TestBundledLicences fails on a package that comes with another, however far
// down, under a licence that is not allowed.
func TestBundledLicences(t *testing.T) {
	for _, d := range npmDependencies(t, "package-lock.json") {
		report(t, licenceFaults(d))
	}
}

// dependencyFaults compares the dependencies with the lines about them.
func dependencyFaults(deps []dependency, lines map[string]string) []string {
	var faults []string
	named := map[string]bool{}
	for _, d := range deps {
		named[d.name] = true
		stated, ok := lines[d.name]
		switch {
		case !ok:
			faults = append(faults, fmt.Sprintf("%s asks for %s, which has no line in docs/decisions/0001-dependencies.md: say what it replaces and what taking it out would cost", d.where, d.name))
			continue
		case d.licence != "" && d.licence != stated:
			faults = append(faults, fmt.Sprintf("%s is under %s; the decisions say %s", d.name, d.licence, stated))
		}
		d.licence = stated
		faults = append(faults, licenceFaults(d)...)
	}
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		if !named[name] {
			faults = append(faults, fmt.Sprintf("docs/decisions/0001-dependencies.md has a line for %s, which nothing asks for", name))
		}
	}
	return faults
}

// licenceFaults returns what is wrong with taking d under its licence.
func licenceFaults(d dependency) []string {
	switch only, ok := allowed[d.licence]; {
	case !ok:
		return []string{fmt.Sprintf("%s (%s) is under %q, which is not allowed", d.name, d.where, d.licence)}
	case only == "only in tests" && !d.test:
		return []string{fmt.Sprintf("%s (%s) is under %s and would ship: that licence is allowed %s", d.name, d.where, d.licence, only)}
	case only == "only fonts" && !strings.HasPrefix(d.name, "@fontsource/"):
		return []string{fmt.Sprintf("%s (%s) is under %s: that licence is allowed for %s", d.name, d.where, d.licence, only)}
	}
	return nil
}

// dependencyLine is a row of a table of the decisions: name first, licence last.
var dependencyLine = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|.*\\| ([^| ]+) \\|$")

// dependencyLines returns the licence stated for each dependency with a line.
func dependencyLines(text string) map[string]string {
	out := map[string]string{}
	for _, m := range dependencyLine.FindAllStringSubmatch(text, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// goDependencies returns the modules the two go.mod files ask for, with the
// licence of those on this machine.
func goDependencies(t *testing.T) []dependency {
	t.Helper()
	ships := map[string]bool{}
	program, err := graph()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range program {
		if p.Module != nil {
			ships[p.Module.Path] = true
		}
	}
	var out []dependency
	for _, dir := range []string{".", "tools"} {
		cmd := exec.Command("go", "mod", "edit", "-json")
		cmd.Dir = filepath.Join(root, dir)
		b, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var mod struct {
			Require []struct{ Path, Version string }
		}
		if err := json.Unmarshal(b, &mod); err != nil {
			t.Fatal(err)
		}
		for _, r := range mod.Require {
			d := dependency{name: r.Path, where: path.Join(dir, "go.mod"), test: dir == "tools" || !ships[r.Path]}
			d.licence = licenceIn(filepath.Join(moduleCache(t), escapeUpper(r.Path)+"@"+r.Version))
			if i := slices.IndexFunc(out, func(o dependency) bool { return o.name == d.name }); i >= 0 {
				continue // both files ask for it
			}
			out = append(out, d)
		}
	}
	return out
}

// moduleCache returns the folder the go command keeps modules in.
func moduleCache(t *testing.T) string {
	t.Helper()
	b, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// escapeUpper writes a module path as the module cache does: "!a" for "A".
func escapeUpper(p string) string {
	var b strings.Builder
	for _, r := range p {
		if 'A' <= r && r <= 'Z' {
			b.WriteByte('!')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// npmDependencies returns the packages that a file of the assets names: those
// asked for in package.json, or all that come along in package-lock.json.
// Their licences are those the lock file records.
func npmDependencies(t *testing.T, name string) []dependency {
	t.Helper()
	var asked struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(read(t, assets+"/package.json")), &asked); err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			License string
			Dev     bool
		}
	}
	if err := json.Unmarshal([]byte(read(t, assets+"/package-lock.json")), &lock); err != nil {
		t.Fatal(err)
	}
	var out []dependency
	for _, key := range slices.Sorted(maps.Keys(lock.Packages)) {
		_, pkg, ok := cutLast(key, "node_modules/")
		if !ok { // the assets themselves
			continue
		}
		_, run := asked.Dependencies[pkg]
		_, dev := asked.DevDependencies[pkg]
		if name == "package.json" && !run && !dev {
			continue
		}
		out = append(out, dependency{pkg, assets + "/" + name, lock.Packages[key].License, lock.Packages[key].Dev})
	}
	if len(out) < len(asked.Dependencies)+len(asked.DevDependencies) {
		t.Errorf("%s/package-lock.json lacks packages that package.json asks for: run npm install there", assets)
	}
	return out
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// licenceIn returns the licence of the licence file in the folder, "" if the
// folder is not there, and "unknown" for a text nobody here has read.
func licenceIn(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	for _, e := range entries {
		name := strings.ToUpper(strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".txt"), ".md"))
		if e.Type()&fs.ModeType == 0 && (name == "LICENSE" || name == "LICENCE" || name == "COPYING") {
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return "unknown"
			}
			return licenceOf(string(b))
		}
	}
	return "unknown"
}

// licenceOf returns the SPDX name of the licence a text is, or "unknown".
func licenceOf(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	has := func(s string) bool { return strings.Contains(text, s) }
	switch {
	case has("GNU GENERAL PUBLIC LICENSE"), has("GNU AFFERO"), has("GNU LESSER"):
		return "GPL"
	case has("Mozilla Public License Version 2.0"), has("Mozilla Public License, version 2.0"):
		return "MPL-2.0"
	case has("Apache License Version 2.0"):
		return "Apache-2.0"
	case has("SIL OPEN FONT LICENSE Version 1.1"):
		return "OFL-1.1"
	case has("Permission is hereby granted, free of charge") && has("shall be included in all copies"):
		return "MIT"
	case has("Permission is hereby granted, free of charge"):
		return "MIT-0"
	case has("Redistribution and use in source and binary forms") && has("endorse or promote"):
		return "BSD-3-Clause"
	case has("Redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("Permission to use, copy, modify, and/or distribute this software"):
		return "ISC"
	case has("This is free and unencumbered software"):
		return "Unlicense"
	}
	return "unknown"
}

func TestDependenciesAreSeen(t *testing.T) {
	lines := dependencyLines("| `a` | x | y | z | MIT |\n| `b` | x | y | z | MPL-2.0 |\n| `c` | x | y | z | GPL-3.0 |\n| `d` | x | y | z | ISC |\n| `gone` | x | y | z | MIT |\n")
	got := dependencyFaults([]dependency{
		{name: "a", where: "go.mod", licence: "MIT"},
		{name: "b", where: "go.mod"},
		{name: "c", where: "go.mod"},
		{name: "d", where: "go.mod", licence: "BSD-2-Clause"},
		{name: "e", where: "go.mod"},
	}, lines)
	wantFaults(t, got, "b (go.mod) is under MPL-2.0 and would ship", `"GPL-3.0", which is not allowed`, "d is under BSD-2-Clause; the decisions say ISC", "asks for e, which has no line", "a line for gone")
}

func TestLicencesAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"GNU GENERAL PUBLIC LICENSE\nVersion 3":                                    "GPL",
		"Apache License\n  Version 2.0, January 2004":                              "Apache-2.0",
		"All rights reserved. We may change our mind.":                             "unknown",
		"Permission is hereby granted, free of charge, to any person":              "MIT-0",
		"Redistribution and use in source and binary forms, with or without":       "BSD-2-Clause",
		"Mozilla Public License Version 2.0\n=====":                                "MPL-2.0",
		"Permission to use, copy, modify, and/or distribute this software for any": "ISC",
	} {
		if got := licenceOf(text); got != want {
			t.Errorf("licenceOf(%q) = %s, want %s", text, got, want)
		}
	}
	if got := licenceOf(read(t, "LICENSE")); got != "Apache-2.0" {
		t.Errorf("LICENSE is %s, want Apache-2.0", got)
	}
}

// dataLicences are the terms under which figures may ship, and what each asks.
var dataLicences = map[string]struct {
	credit  bool // the publisher is named in NOTICE
	text    bool // the folder holds the licence, because it binds who passes it on
	maxRows int  // single figures only, if not 0
}{
	"CC0 1.0":                     {},
	"CC BY 3.0 IGO":               {credit: true},
	"CC BY 4.0":                   {credit: true},
	"CC BY-SA 4.0":                {credit: true, text: true},
	"MIT":                         {credit: true},
	"Open Licence 2.0 (Etalab)":   {credit: true},
	"public domain":               {},
	"facts":                       {},
	"facts; the compilation CC0":  {},
	"quotation of single figures": {maxRows: 60},
}

// A holding is a built-in source as the rule on licences sees it.
type holding struct {
	record
	rows    int
	licence bool // the folder holds LICENSE.md
}

// TestDataLicences fails on a built-in source whose licence does not allow
// passing it on, or asks for something that is not done.
func TestDataLicences(t *testing.T) {
	var hs []holding
	for _, r := range records(t) {
		_, err := os.Stat(filepath.Join(root, "data", r.folder, "LICENSE.md"))
		hs = append(hs, holding{r, claimsIn(t, r.folder), err == nil})
	}
	report(t, dataLicenceFaults(hs, read(t, "NOTICE")))
}

// dataLicenceFaults returns the sources that may not ship as they do.
func dataLicenceFaults(hs []holding, notice string) []string {
	var faults []string
	notice = strings.Join(strings.Fields(notice), " ")
	credits := func(where, publisher string) bool {
		return regexp.MustCompile(regexp.QuoteMeta(where)+`(?:[^\w-]|$)`).MatchString(notice) && strings.Contains(notice, publisher)
	}
	for _, h := range hs {
		where, licence := "data/"+h.folder, h.fields["licence"]
		asks, ok := dataLicences[licence]
		switch {
		case !ok:
			faults = append(faults, fmt.Sprintf("%s is under %q, which is not on the list of licences that allow passing figures on", where, licence))
		case asks.credit && !credits(where, h.fields["publisher"]):
			faults = append(faults, fmt.Sprintf("%s is under %s, which asks for credit: NOTICE must name the folder and %s", where, licence, h.fields["publisher"]))
		case asks.text && !h.licence:
			faults = append(faults, fmt.Sprintf("%s is under %s, which binds who passes it on: put the notice in %s/LICENSE.md", where, licence, where))
		case asks.maxRows > 0 && h.rows > asks.maxRows:
			faults = append(faults, fmt.Sprintf("%s quotes single figures and holds %d rows; more than %d is a table of the publisher", where, h.rows, asks.maxRows))
		}
	}
	return faults
}

func TestDataLicencesAreSeen(t *testing.T) {
	h := func(folder, licence string, rows int) holding {
		return holding{record: record{folder, map[string]string{"licence": licence, "publisher": "P"}}, rows: rows}
	}
	got := dataLicenceFaults([]holding{
		h("free", "CC0 1.0", 9), h("closed", "all rights reserved", 9), h("unnamed", "CC BY 4.0", 9), h("alike", "CC BY-SA 4.0", 9), h("quoted", "quotation of single figures", 900),
	}, "data/alike is by P\n")
	wantFaults(t, got, `data/closed is under "all rights reserved"`, "data/unnamed is under CC BY 4.0, which asks for credit", "put the notice in data/alike/LICENSE.md", "holds 900 rows")
}
