package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// folder returns the folder of reference cases of composite indices, or skips.
func folder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SHANYRAQ_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "cases")
	}
	dir = filepath.Join(dir, "composite")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no reference cases: ", err)
	}
	return dir
}

// told runs the program without a store and returns what it printed.
func told(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = Run(t.Context(), Env{Args: args, Getenv: func(string) string { return "" }, Now: func() time.Time { return time.Time{} }, Stdout: &o, Stderr: &e})
	return status, o.String(), e.String()
}

// scoresOf reads lines of config, dataset, level, code, unit and value.
func scoresOf(t *testing.T, b []byte) map[[5]string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatal("no table of scores: ", err)
	}
	out := map[[5]string]string{}
	for _, r := range rows[1:] {
		out[[5]string(r[:5])] = r[5]
	}
	return out
}

// TestConformanceStandingBuild builds every configuration of the reference
// cases by the command and compares each score and rank with that of another
// program, printed to ten digits: 1e-9 relative, 1e-12 near zero.
func TestConformanceStandingBuild(t *testing.T) {
	dir := folder(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	b, err := os.ReadFile(at("configs.json"))
	if err != nil {
		t.Fatal(err)
	}
	var configs map[string]json.RawMessage
	if err := json.Unmarshal(b, &configs); err != nil {
		t.Fatal(err)
	}
	if b, err = os.ReadFile(at("expected.csv")); err != nil {
		t.Fatal(err)
	}
	want := map[string]map[[5]string]string{}
	for k, v := range scoresOf(t, b) {
		if want[k[0]] == nil {
			want[k[0]] = map[[5]string]string{}
		}
		want[k[0]][k] = v
	}
	for name := range configs {
		t.Run(name, func(t *testing.T) {
			status, out, errs := told(t, "standing", "build", "--data", at("input.csv"), "--meta", at("meta.csv"), "--config", at("configs.json"), "--only", name)
			if status != Done || errs != "" {
				t.Fatalf("status %d: %s", status, errs)
			}
			got := scoresOf(t, []byte(out))
			if len(got) != len(want[name]) {
				t.Errorf("%d lines, want %d", len(got), len(want[name]))
			}
			for k, w := range want[name] {
				g, ok := got[k]
				if w == "NA" {
					w = ""
				}
				if !ok || (g == "") != (w == "") {
					t.Errorf("%v is %q, want %q", k, g, w)
					continue
				}
				if w == "" {
					continue
				}
				x, errX := strconv.ParseFloat(g, 64)
				y, errY := strconv.ParseFloat(w, 64)
				if errX != nil || errY != nil || math.Abs(x-y) > max(1e-9*math.Abs(y), 1e-12) {
					t.Errorf("%v is %s, want %s", k, g, w)
				}
			}
		})
	}
}

// small writes a small index of one's own and returns the flags that name it.
func small(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	for name, s := range map[string]string{
		"data.csv": "uCode,A,B,C\nKAZ,1,10,3\nUZB,2,5,NA\nKGZ,4,1,2\nTJK,3,2,1\nTKM,,,4\n",
		"meta.csv": "Level,iCode,iName,Direction,Weight,Denominator,Parent,Type\n1,A,,1,1,,P,Indicator\n1,B,,-1,3,,P,Indicator\n1,C,,1,1,,Q,Indicator\n2,P,,1,2,,T,Aggregate\n2,Q,,1,1,,T,Aggregate\n3,T,,1,1,,,Aggregate\n",
		"sets.json": `{"one":{"screen_min_availability":0.5,"normalise":{"method":"minmax","lower":1,"upper":100},"weights":"original","aggregate_by_level":["amean","amean"]},
			"two":{"screen_min_availability":0.5,"normalise":{"method":"minmax","lower":1,"upper":100},"weights":"original","aggregate_by_level":["gmean","gmean"]}}`,
		"plan.json": `{"draws":64,"factors":[{"name":"data","data":{"shape":"uniform","cells":[{"code":"A","unit":"KAZ","lo":1,"hi":4}]}}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	return []string{"--data", at("data.csv"), "--meta", at("meta.csv"), "--config", at("sets.json")}
}

// ran runs a command of standing on the files and returns its rows.
func ran(t *testing.T, command []string, files ...string) map[[5]string]string {
	t.Helper()
	status, out, errs := told(t, append(append(append([]string{"standing"}, command...), files...), "--csv")...)
	if status != Done {
		t.Fatalf("%v: status %d: %s", command, status, errs)
	}
	return scoresOf(t, []byte(out))
}

// TestStandingOwnCommands asks every command about an index of one's own, each
// against numbers worked out by hand: with both indicators put on 1 to 100,
// (1·1 + 3·1)/4 is Kazakhstan's pillar and (2·1 + 100)/3 its index.
func TestStandingOwnCommands(t *testing.T) {
	files := small(t)
	one := append(files, "--only", "one")
	rank := ran(t, []string{"rank"}, one...)
	built := ran(t, []string{"build"}, one...)
	for k, v := range built {
		if k[3] == "T" && rank[k] != v {
			t.Errorf("rank has %q for %v, build %q", rank[k], k, v)
		}
	}
	if got := rank[[5]string{"one", "score", "3", "T", "KAZ"}]; !close34(got) {
		t.Errorf("score %s, want 34", got)
	}
	lo, mid, hi := rank[[5]string{"one", "rank_lo", "3", "T", "KGZ"}], rank[[5]string{"one", "rank", "3", "T", "KGZ"}], rank[[5]string{"one", "rank_hi", "3", "T", "KGZ"}]
	if lo != "1" || mid != "1" || hi == "" {
		t.Errorf("rank of KGZ %s in %s to %s", mid, lo, hi)
	}
	explained := ran(t, []string{"explain", "KAZ"}, one...)
	for k, want := range map[[5]string]string{
		{"one", "raw", "1", "B", "KAZ"}: "10", {"one", "normalise", "1", "B", "KAZ"}: "1", {"one", "weight_within", "1", "B", "KAZ"}: "0.75",
		{"one", "gives", "1", "B", "KAZ"}: "0.75", {"one", "rank", "2", "P", "KAZ"}: "4",
	} {
		if got := explained[k]; got != want {
			t.Errorf("explain %v is %q, want %s", k, got, want)
		}
	}
	if got := ran(t, []string{"explain"}, one...)[[5]string{"one", "weight_of_all", "1", "B", ""}]; got != "0.5" {
		t.Errorf("B weighs %s of all, want 0.5", got)
	}
	// Without the gap in C, Uzbekistan is left with its pillar.
	compared := ran(t, []string{"compare", "KAZ", "UZB"}, one...)
	if a, b := compared[[5]string{"one", "above", "3", "T", "KAZ>UZB"}], compared[[5]string{"one", "above", "3", "T", "UZB>KAZ"}]; a == "" || b == "" || a == b {
		t.Errorf("above %q and %q", a, b)
	}
	if _, ok := ran(t, []string{"compare"}, files...)[[5]string{"one>two", "rank_gain", "3", "T", "KAZ"}]; !ok {
		t.Error("no gain between the settings")
	}
	// Only the data vary, and only one country's.
	moved := ran(t, []string{"sensitivity", "--plan", filepath.Join(filepath.Dir(files[1]), "plan.json")}, one...)
	if len(moved) != 6 {
		t.Errorf("%d rows of sensitivity, want six of one factor", len(moved))
	}
	if got := ran(t, []string{"sensitivity", "TJK", "--draws", "64"}, one...)[[5]string{"one", "reach_from", "1", "A", "TJK"}]; got != "3" {
		t.Errorf("reach from %q, want 3", got)
	}
	audit := ran(t, []string{"audit"}, one...)
	for k, want := range map[[5]string]string{
		{"one", "screened_out", "0", "", "TKM"}: "1", {"one", "available", "0", "", "UZB"}: "0.6666666666666666", {"one", "available", "1", "C", ""}: "0.8",
	} {
		if got := audit[k]; got != want {
			t.Errorf("audit %v is %q, want %s", k, got, want)
		}
	}
}

// close34 reports whether a number as printed is 34 but for rounding.
func close34(s string) bool {
	v, err := strconv.ParseFloat(s, 64)
	return err == nil && math.Abs(v-34) < 1e-12
}

// TestStandingOwnWorkbooks: what either workbook holds builds to the same
// scores.
func TestStandingOwnWorkbooks(t *testing.T) {
	files := small(t)
	dir := t.TempDir()
	book, tool := filepath.Join(dir, "own.xlsx"), filepath.Join(dir, "tool.xlsx")
	want := ran(t, []string{"build", "--book", book, "--coin-tool", tool}, files...)
	for name, renamed := range map[string]map[string]string{book: {"T": "T", "P": "P", "Q": "Q"}, tool: {"T": "Index", "P": "p.01", "Q": "p.02"}} {
		got := ran(t, []string{"build"}, "--data", name, "--config", files[5])
		for k, v := range want {
			k[3] = renamed[k[3]]
			if got[k] != v {
				t.Errorf("%s: %v is %q, want %s", filepath.Base(name), k, got[k], v)
			}
		}
	}
	if status, _, errs := told(t, append([]string{"standing", "build", "--book", book}, files...)...); status != Refused || errs == "" {
		t.Errorf("written over: status %d: %s", status, errs)
	}
}

// TestStandingOwnBook: a workbook holds the settings it was built under, and
// builds to the same scores without being told them again.
func TestStandingOwnBook(t *testing.T) {
	dir := folder(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	b, err := os.ReadFile(at("configs.json"))
	if err != nil {
		t.Fatal(err)
	}
	var configs map[string]json.RawMessage
	if err := json.Unmarshal(b, &configs); err != nil {
		t.Fatal(err)
	}
	book := filepath.Join(t.TempDir(), "all.xlsx")
	want := ran(t, []string{"build", "--book", book}, "--data", at("input.csv"), "--meta", at("meta.csv"), "--config", at("configs.json"))
	if got := ran(t, []string{"build"}, "--data", book); !maps.Equal(got, want) {
		t.Errorf("%d lines from the workbook, want the same %d", len(got), len(want))
	}
	for name := range configs {
		book := filepath.Join(t.TempDir(), "one.xlsx")
		want := ran(t, []string{"build", "--book", book, "--only", name}, "--data", at("input.csv"), "--meta", at("meta.csv"), "--config", at("configs.json"))
		if got := ran(t, []string{"build"}, "--data", book); !maps.Equal(got, want) {
			t.Errorf("%s: %d lines from the workbook, want the same %d", name, len(got), len(want))
		}
	}
	// The settings stand in the workbook of values, wherever the framework is.
	if got := ran(t, []string{"build"}, "--data", book, "--meta", at("meta.csv")); !maps.Equal(got, want) {
		t.Errorf("%d lines with another framework, want %d", len(got), len(want))
	}
}

// TestSampleIndex: the sample that the description of the files begins with is
// built, and every command answers about it.
func TestSampleIndex(t *testing.T) {
	at := func(name string) string { return filepath.Join("..", "..", "docs", "sample-index", name) }
	files := []string{"--data", at("data.csv"), "--meta", at("meta.csv"), "--config", at("configs.json")}
	built := ran(t, []string{"build"}, files...)
	for name, units := range map[string]int{"plain": 8, "strict": 5, "goals": 8} {
		n := 0
		for k := range built {
			if k[0] == name && k[1] == "rank" && k[3] == "Index" {
				n++
			}
		}
		if n != units {
			t.Errorf("%s ranks %d units, want %d", name, n, units)
		}
	}
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "index-format.md"))
	if err != nil {
		t.Fatal(err)
	}
	if line := "plain,score,2,Care,COA," + built[[5]string{"plain", "score", "2", "Care", "COA"}]; !strings.Contains(string(b), "\n"+line+"\n") {
		t.Errorf("the description has not the line %s", line)
	}
	// 93 of 100 who finish school, and 105/300 = 0.35 of 0.4 doctors: (93 + 87.5)/2.
	if got := built[[5]string{"goals", "score", "2", "Care", "ISL"}]; got != "90.25" {
		t.Errorf("Care of Islands is %s, want 90.25", got)
	}
	for _, command := range [][]string{{"rank"}, {"rank", "--plan", at("plan.json"), "--only", "plain"}, {"explain", "ISL", "--only", "plain,goals"}, {"explain"}, {"sensitivity", "COA"},
		{"compare", "COA", "LAK"}, {"compare", "--only", "plain,goals"}, {"audit"}} {
		if status, out, errs := told(t, append(append([]string{"standing"}, command...), files...)...); status != Done || out == "" {
			t.Errorf("%v: status %d: %s", command, status, errs)
		}
	}
}

// TestStandingOwnTables: people get tables, and programs lines.
func TestStandingOwnTables(t *testing.T) {
	one := append(small(t), "--only", "one")
	for name, c := range map[string]struct {
		args []string
		says []string
	}{
		"rank":        {[]string{"rank"}, []string{"one: 4 units by T", "Rank", "weights", "KGZ  "}},
		"framework":   {[]string{"explain"}, []string{"one: what T is made of", "    B  ", "less", "50.0%"}},
		"unit":        {[]string{"explain", "KAZ"}, []string{"one: KAZ", "On its scale", "75.0%"}},
		"sensitivity": {[]string{"sensitivity", "TJK", "--draws", "64"}, []string{"what moves the rank of TJK", "weights", "gain 1 rank"}},
		"compare":     {[]string{"compare", "KAZ", "UZB"}, []string{"34 (", "above UZB"}},
		"audit":       {[]string{"audit"}, []string{"Audit sheet: one", "1. Framework", "2. Selection of data", "3. Missing data", "4. Structure", "5. Normalisation", "6. Weights", "7. Uncertainty", "8. Back", "9. Links", "10. Presentation", "TKM"}},
	} {
		status, out, errs := told(t, append(append([]string{"standing"}, c.args...), one...)...)
		if status != Done {
			t.Errorf("%s: status %d: %s", name, status, errs)
		}
		for _, s := range c.says {
			if !strings.Contains(out, s) {
				t.Errorf("%s: no %q in\n%s", name, s, out)
			}
		}
		if strings.Contains(out, "config,dataset") || strings.Contains(out, "⟦") {
			t.Errorf("%s is not for people:\n%s", name, out)
		}
	}
	steps := ran(t, []string{"audit"}, one...)
	if steps[[5]string{"one", "step_1", "0", "", ""}] != "1" || steps[[5]string{"one", "step_9", "0", "", ""}] != "0" {
		t.Error("no steps among the lines")
	}
	if _, out, _ := told(t, append([]string{"standing", "build"}, one...)...); !strings.HasPrefix(out, "config,dataset,level,code,unit,value\n") {
		t.Errorf("build prints %.60s", out)
	}
}

// TestStandingOwnPanel: values with a column Time are built for each on its own,
// by text and by workbook, and a change of rank is divided among its causes.
func TestStandingOwnPanel(t *testing.T) {
	files := small(t)
	dir := t.TempDir()
	panel, book := filepath.Join(dir, "panel.csv"), filepath.Join(dir, "panel.xlsx")
	if err := os.WriteFile(panel, []byte("uCode;Time;A;B;C\nKAZ;2020;1,5;10;1\nUZB;2020;2;5;2\nKGZ;2020;4;1;2\nKAZ;2022;5;1;4\nUZB;2022;2;5;2\nKGZ;2022;4;2;2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := []string{"--data", panel, "--meta", files[3], "--config", files[5], "--only", "one"}
	built := ran(t, []string{"build", "--book", book}, flags...)
	if built[[5]string{"one@2020", "rank", "3", "T", "KAZ"}] != "3" || built[[5]string{"one@2022", "rank", "3", "T", "KAZ"}] != "1" {
		t.Errorf("built %v", built)
	}
	if got := ran(t, []string{"build"}, "--data", book); !maps.Equal(got, built) {
		t.Error("the workbook builds to something else")
	}
	if got := ran(t, []string{"build", "--year", "2020"}, flags...); len(got) != len(built)/2 {
		t.Errorf("%d lines for one year of two, all being %d", len(got), len(built))
	}
	if got := ran(t, []string{"rank"}, flags...); got[[5]string{"one@2022", "rank", "3", "T", "KAZ"}] != "1" {
		t.Error("rank is not of the latest time")
	}
	moved := ran(t, []string{"sensitivity", "KAZ", "--from", "2020", "--draws", "64"}, flags...)
	if moved[[5]string{"one@2020>one@2022", "rank_before", "3", "T", "KAZ"}] != "3" || moved[[5]string{"one@2020>one@2022", "places_own", "3", "T", "KAZ"}] != "2" {
		t.Errorf("moved %v", moved)
	}
	if status, _, errs := told(t, append([]string{"standing", "sensitivity", "--from", "1800"}, flags...)...); status != Misused || !strings.Contains(errs, "2020, 2022") {
		t.Errorf("status %d: %s", status, errs)
	}
	if status, out, errs := told(t, append([]string{"standing", "sensitivity", "--from", "2020"}, flags...)...); status != Done || !strings.Contains(out, "Why ranks changed from one@2020 to one@2022") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

// TestStandingOwnRefuses: what cannot be is told with what to do about it.
func TestStandingOwnRefuses(t *testing.T) {
	files := small(t)
	for name, c := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"alone":    {[]string{"rank", "--meta", "x.csv"}, Misused, "--data"},
		"only":     {[]string{"rank", "--only", "A03"}, Misused, "--config"},
		"drawn":    {[]string{"rank", "--draws", "50"}, Misused, "--data"},
		"words":    {append([]string{"rank", "--draws", "abc"}, files...), Misused, "10 to 100,000"},
		"none":     {append([]string{"rank", "--draws", "0"}, files...), Misused, "10 to 100,000"},
		"empty":    {append([]string{"rank", "--draws", ""}, files...), Misused, "10 to 100,000"},
		"many":     {append([]string{"sensitivity", "--draws", "1000000000"}, files...), Misused, "10 to 100,000"},
		"show":     {[]string{"explain", "--show", "foo"}, Misused, "all"},
		"shown":    {[]string{"tiers", "--show", ""}, Misused, "all"},
		"beside":   {[]string{"compare"}, Misused, "one to 3"},
		"besides":  {[]string{"compare", "A", "B", "C", "D"}, Misused, "4"},
		"workbook": {[]string{"export", "x.xls"}, Misused, ".xlsx"},
		"book":     {append([]string{"build", "--book", "x.xls"}, files...), Misused, ".xlsx"},
		"from":     {append([]string{"sensitivity", "KAZ", "--from", "2020"}, files...), Misused, "Time"},
		"year":     {append([]string{"rank", "--year", "2020"}, files...), Misused, "Time"},
		"together": {append([]string{"rank", "--index", "cinc"}, files...), Misused, "--index"},
		"unit":     {append([]string{"explain", "ZZZ"}, files...), Refused, "ZZZ"},
		"dropped":  {append([]string{"explain", "TKM"}, files...), Refused, "screen_min_availability"},
		"nothing":  {append([]string{"compare", "--only", "one"}, files...), Misused, "--only"},
		"settings": {append([]string{"audit", "--only", "three"}, files...), Misused, "one, two"},
		"gain":     {append([]string{"sensitivity", "KAZ", "--gain", "0"}, files...), Misused, "0"},
		"plan":     {append([]string{"rank", "--plan", files[1]}, files...), Refused, "data.csv"},
	} {
		status, out, errs := told(t, append([]string{"standing"}, c.args...)...)
		if status != c.status || out != "" || !strings.Contains(errs, c.says) || strings.Contains(errs, "Something went wrong") {
			t.Errorf("%s: status %d, out %q, %s", name, status, out, errs)
		}
	}
}
