package arch_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/data"
	"shanyraq/internal/diaspora"
	"shanyraq/internal/hosts"
	"shanyraq/internal/ingest"
	"shanyraq/internal/locale"
	"shanyraq/internal/publishers"
	"shanyraq/internal/standing"
	"shanyraq/internal/store"
	"shanyraq/internal/vectors"
	"shanyraq/internal/view"
)

const root = "../.."

// computed are the beginnings of keys whose ends the program works out from
// something this test cannot list. Whatever begins so counts as asked for.
var computed = map[string]string{
	"nav.":             "the entries of the menu, in web",
	"page.theme.":      "light, dark, as the system",
	"publishers.":      "what is wrong with a publisher's file, and the remedy",
	"search.title.":    "of pages whose question names a country",
	"cli.check.lacks.": "by the part a source lacks",
}

// listed are the keys whose ends the program works out from something it can
// list.
func listed(t *testing.T) []string {
	t.Helper()
	var out []string
	add := func(before string, ends []string, after ...string) {
		for _, e := range ends {
			for _, a := range append([]string{""}, after...) {
				out = append(out, before+e+a)
			}
		}
	}
	for _, m := range view.Methods() {
		for _, part := range []string{"title", "says", "formula", "limits", "checks", "papers"} {
			out = append(out, "method."+string(m)+"."+part)
		}
	}
	for _, k := range shanyraq.IntervalKinds() {
		add("interval.", []string{k.String()}, ".long")
		if k.HasLevel() {
			out = append(out, "interval."+k.String()+".level")
		}
	}
	for s := shanyraq.Measured; s <= shanyraq.Opinion; s++ {
		add("strength.", []string{s.String()}, ".long")
	}
	for _, d := range []shanyraq.Direction{shanyraq.TooHigh, shanyraq.TooLow, shanyraq.EitherWay, shanyraq.TooNarrow} {
		out = append(out, "direction."+string(d))
	}
	for _, c := range standing.Components() {
		out = append(out, "standing.component."+string(c))
	}
	add("standing.", []string{"rank", "score", "above"})
	verdicts := []string{string(standing.Middle), string(standing.Contested), string(standing.Neither), string(standing.Unclear)}
	add("standing.power.verdict.", verdicts)
	add("standing.power.met.", verdicts)
	add("standing.power.kind.", []string{"traditional", "emerging", "neither", "contested", "unclear"})
	add("standing.power.recent.", []string{"yes", "no", "contested", "unclear"})
	add("standing.power.split.recent.", []string{"yes", "no", "contested", "unclear"})
	add("standing.power.asks.", []string{"traditional", "emerging"})
	for _, d := range standing.Definitions() {
		out = append(out, "standing.power.definition."+string(d))
	}
	for _, x := range standing.Tests() {
		out = append(out, "standing.power.test."+string(x), "standing.power.asks."+string(x))
		for _, c := range x.Criteria() {
			out = append(out, "standing.power.criterion."+string(c))
		}
	}
	for _, c := range standing.Marks() {
		out = append(out, "standing.power.criterion."+string(c), "standing.power.asks."+string(c))
	}
	for _, b := range standing.Bands() {
		out = append(out, "standing.power.band."+b.Key)
	}
	for _, k := range strings.Fields("p verdict needs flips definition test passed asks criterion value was threshold of from to unit basis list other sensitivity specificity kappa missed untold extra both") {
		out = append(out, "standing.power.col."+k)
	}
	for _, k := range strings.Fields("rank score above tier element value elementrank n better strength ranking edition agreement published theirs ours lacks dropped zeroed weight series options varied alone total now needed way best cause places finding evidence found measured") {
		out = append(out, "standing.index.col."+k)
	}
	add("standing.index.factor.", []string{"data", "weights", "method", "missing"})
	add("standing.moves.cause.", []string{"own", "others", "pool", "method"})
	add("standing.audit.verdict.", []string{"done", "partly", "not"})
	add("standing.own.col.", strings.Fields("raw denominate impute treat normalise score rank above weight_within gives"))
	add("standing.ownaudit.note.", strings.Fields("screened_after_imputing still_skewed one_indicator no_score mostly_imputed"))
	add("standing.says.step.", strings.Fields("denominate screen impute treat normalise weigh aggregate framework settings table"))
	add("standing.says.choice.", strings.Fields("key word number whole switch text list object"))
	add("standing.says.choice.", []string{"number", "switch"}, ".own")
	add("standing.audit.evidence.", strings.Fields("cells gaps ranked out twins odd removal tiers rank agreement"))
	for n := 1; n <= 10; n++ {
		out = append(out, "standing.audit.step."+strconv.Itoa(n))
	}
	for _, d := range vectors.Domains() {
		out = append(out, "vectors.domain."+d.Key)
	}
	add("vectors.domain.", []string{"votes", "organisations"})
	add("unit.", []string{"partners", "routes", "visits_per_year", "places"})
	add("diaspora.", []string{"shares", "students", "voters"})
	for _, set := range diaspora.Sets() {
		add("diaspora.set.", []string{string(set)}, ".who")
		add("diaspora.mistake.", []string{string(set)})
		add("diaspora.without.", []string{string(set)})
	}
	for _, p := range diaspora.Defaults() {
		add("diaspora.prior.", []string{p.Key})
	}
	add("diaspora.backtest.way.", diaspora.Ways())
	add("diaspora.backtest.", diaspora.Measures())
	add("diaspora.calibration.", []string{"all", "others", "widened", "factor"})
	add("diaspora.overlaps.", []string{"none", "leave", "share"})
	add("diaspora.sizing.", []string{"two-lists", "lists", "rds", "multiplier", "scale-up", "which-lists", "chain-size"})
	for _, kind := range view.SizingKinds() {
		add("diaspora.methods.", []string{kind})
	}
	add("diaspora.methods.sheet.", []string{"lists", "which-lists", "scale-up", "rds", "chain-size"})
	add("diaspora.methods.field.", strings.Fields("a b both level length se-length share se-share sheet seed lengths known target population group size bootstrap draws prior"))
	add("diaspora.sizing.bootstrap.", diaspora.Bootstraps())
	for _, x := range strings.Fields("waves equilibrium recruitment homophily activity convergence bottleneck trees") {
		out = append(out, "diaspora.sizing.seen."+x, "diaspora.sizing.read."+x)
	}
	add("diaspora.error.", strings.Fields("nested nooverlap nobody nobodyknown population degree recruiter twice circle groups fewdraws norespondent"))
	add("diaspora.sizing.way.", diaspora.Estimators())
	add("diaspora.sizing.way.", []string{"chapman", "graphs", "models", "coverage", "sparse", "classes", "multiplier", "scale-up", "which-lists", "chain-size"})
	add("common.", []string{"place", "partner", "series", "subject", "definition", "value", "who", "strength", "note", "source"})
	add("topic.", hosts.Topics())
	for _, p := range hosts.Pillars() {
		out = append(out, "hosts.pillar."+p.Key)
	}
	for _, w := range hosts.Ways() {
		out = append(out, "hosts.way."+string(w), "unit."+string(w.Unit()))
	}
	for _, k := range hosts.Kinds() {
		out = append(out, "hosts.kind."+string(k))
	}
	for _, c := range hosts.Components() {
		out = append(out, "hosts.component."+string(c))
	}
	for _, t := range hosts.Tiers() {
		add("hosts.tier.", []string{strconv.Itoa(int(t)), "means." + strconv.Itoa(int(t))})
	}
	for _, t := range hosts.Themes() {
		out = append(out, "hosts.theme."+string(t))
	}
	add("hosts.mood.", []string{string(hosts.Welcome), string(hosts.Mixed), string(hosts.Backlash), string(hosts.Untold)})
	for _, c := range hosts.Classes() {
		out = append(out, "hosts.axes."+string(c))
	}
	add("vectors.events.quad.", []string{"verbal", "material", "conflict", "force"})
	add("vectors.events.", []string{"net", "change"})
	add("vectors.stop.", []string{"aktau", "aktobe", "alashankou", "almaty", "altynkol", "astana", "astrakhan", "baku", "bandar-abbas", "brest", "budapest", "constanta", "dostyk", "duisburg", "irkutsk", "istanbul", "kars", "makhachkala", "manzhouli", "moscow", "mumbai", "novorossiysk", "orenburg", "petropavl", "poti", "rotterdam", "samara", "samara-pipeline", "saryagash", "shanghai", "tashkent", "tbilisi", "tehran", "urumqi", "warsaw", "xi-an", "yekaterinburg", "zhanaozen", "zhezqazghan", "oil-fields", "oil-market", "aktau-oil-berths", "suez-sea-route", "cape-sea-route", "sea"})
	for _, x := range hosts.Audiences() {
		out = append(out, "hosts.audience."+string(x))
	}
	for _, x := range hosts.Responses() {
		out = append(out, "hosts.response."+string(x))
	}
	for _, x := range hosts.Headings() {
		out = append(out, "hosts.heading."+strings.ReplaceAll(x, " ", "_"))
	}
	out = append(out, view.Terms()...)
	for _, x := range hosts.Regimes() {
		out = append(out, "hosts.regime."+string(x))
	}
	add("hosts.channel.", []string{"blocked", "partly", "slowed", "withdrawn", "paused", "restored", "none"})
	add("hosts.placings.before.", []string{"first", "same", "other", "unknown"})
	add("hosts.axes.", []string{"language", "returns", "bodies", "returned"})
	add("hosts.trials.held.", []string{"yes", "no", "untold"})
	add("hosts.goals.", []string{"partial", "whole"})
	add("hosts.tier.why.", []string{"judged", "speaks", "unknown", "decided", "expired", "worse", "unmet"})
	add("hosts.tier.met.", []string{"yes", "no", "unknown"})
	add("hosts.error.decision_", []string{"place", "tier", "memo", "by", "at", "steps", "rights", "short"})
	add("nav.", view.Rooms())
	for _, prefix := range []string{"page.search.kind.", "cli.search.kind."} {
		add(prefix, []string{"place", "room", "page", "series", "source", "method"})
	}
	for _, part := range publishers.Parts() {
		out = append(out, "web.import.map."+part)
	}
	for _, page := range view.IndexPages() {
		out = append(out, "standing.tab."+page, "search.words.standing."+page)
	}
	for _, path := range view.Pages() {
		page := strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", ".")
		out = append(out, page+".question", "search.words."+page)
	}
	for m := 1; m <= 12; m++ {
		add("month.", []string{strconv.Itoa(m)}, ".of", ".since", ".until")
	}
	add("date.", []string{"since", "until"}, ".year")
	for _, e := range []string{"6", "9", "12"} {
		out = append(out, "scale.short."+e, "scale.long."+e)
	}
	for _, k := range store.Kinds() {
		add("activity.put_", []string{k})
		add("activity.delete_", []string{k})
	}
	w, err := ingest.OpenWorkspace(data.Files)
	if err != nil {
		t.Fatal(err)
	}
	series, err := w.Series(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range series {
		out = append(out, "topic."+s.Topic, "unit."+string(s.Unit))
	}
	b, err := json.Marshal((&view.Table{}).JSON(locale.For("en")))
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Labels map[string]string }
	if err := json.Unmarshal(b, &table); err != nil {
		t.Fatal(err)
	}
	for label := range table.Labels {
		if !strings.HasPrefix(label, "kind.") {
			out = append(out, "chart."+label)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestListedMessagesExist(t *testing.T) {
	for _, key := range listed(t) {
		for _, lang := range locale.Supported() {
			if !locale.For(lang).Has(key) {
				t.Errorf("%s has no %s", lang, key)
			}
		}
	}
}

// catalogue returns the messages of the language as the files have them: a
// text, or texts by plural form.
func catalogue(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	names, err := filepath.Glob(root + "/internal/locale/messages/" + lang + "/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no messages", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file map[string]json.RawMessage
		if err := json.Unmarshal(b, &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for key, raw := range file {
			forms := map[string]string{}
			if raw[0] == '"' {
				forms["other"] = ""
				var s string
				err = json.Unmarshal(raw, &s)
				forms["other"] = s
			} else {
				err = json.Unmarshal(raw, &forms)
			}
			if err != nil {
				t.Fatalf("%s: %s: %v", name, key, err)
			}
			out[key] = forms
		}
	}
	return out
}

// The store and the reader of files carry the English of their own messages,
// for the log; the catalogue says the same.
func TestCarriersSayWhatTheCatalogueSays(t *testing.T) {
	english := catalogue(t, "en")
	for _, wording := range []map[string]string{store.Wording(), ingest.Wording()} {
		if len(wording) < 40 {
			t.Errorf("only %d messages: the test looks at the wrong thing", len(wording))
		}
		for key, want := range wording {
			switch forms, ok := english[key]; {
			case !ok:
				t.Errorf("the catalogue has no %s", key)
			case len(forms) != 1 || forms["other"] != want:
				t.Errorf("%s:\n\tcatalogue %q\n\tcarrier   %q", key, forms, want)
			}
		}
	}
	for key := range english {
		first, _, _ := strings.Cut(key, ".")
		_, ofStore := store.Wording()[key]
		_, ofIngest := ingest.Wording()[key]
		if (first == "store" || first == "ingest" || first == "activity") && !ofStore && !ofIngest {
			t.Errorf("nobody says %s", key)
		}
	}
}

// A call asks for a message by its whole key, with values of the names given.
type call struct {
	where, key string
	names      []string
	open       bool // whether names this test cannot read may be given too
}

// An account is what the sources of the program ask of the catalogue.
type account struct {
	calls []call
	texts map[string]bool // every string written out, asked for or not
}

// sources reads every source file of the program but tests.
func sources(t *testing.T) account {
	t.Helper()
	a := account{texts: map[string]bool{}}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := e.Name()
		switch {
		case e.IsDir() && (name == "node_modules" || name == "testdata" || name == "dist" || strings.HasPrefix(name, ".") && path != root):
			return fs.SkipDir
		case e.IsDir() || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".test.ts"):
			return nil
		}
		switch filepath.Ext(name) {
		case ".go":
			return a.code(path)
		case ".html", ".tmpl":
			return a.page(path)
		case ".ts":
			return a.script(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// code reads a Go file.
func (a *account) code(path string) error {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if s, ok := text(n); ok {
				a.texts[s] = true
			}
		case *ast.CallExpr:
			name := nameOf(n.Fun)
			if name == "Assume" && len(n.Args) > 0 {
				if s, ok := text(n.Args[0]); ok {
					a.texts["assume."+s] = true
				}
			}
			if !slices.Contains([]string{"T", "Say", "text", "tell", "because"}, name) {
				break
			}
			for i, arg := range n.Args {
				key, ok := text(arg)
				if !ok || !aKey.MatchString(key) {
					continue
				}
				c := call{where: fset.Position(n.Pos()).String(), key: key, open: n.Ellipsis.IsValid()}
				rest := n.Args[i+1:]
				if len(rest) == 1 && !c.open { // a map of all values
					c.open = true
				}
				for k := 0; k < len(rest); k += 2 {
					if s, ok := text(rest[k]); ok {
						c.names = append(c.names, s)
					} else {
						c.open = true
					}
				}
				a.calls = append(a.calls, c)
				break
			}
		case *ast.CompositeLit:
			if name := nameOf(n.Type); name != "Text" && name != "Sentence" {
				break
			}
			var c call
			for _, e := range n.Elts {
				kv, ok := e.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				switch nameOf(kv.Key) {
				case "Key":
					c.key, _ = text(kv.Value)
				case "Args":
					values, ok := kv.Value.(*ast.CompositeLit)
					if c.open = !ok; ok {
						for _, v := range values.Elts {
							if s, ok := text(v.(*ast.KeyValueExpr).Key); ok {
								c.names = append(c.names, s)
							}
						}
					}
				}
			}
			if c.where = fset.Position(n.Pos()).String(); aKey.MatchString(c.key) {
				a.calls = append(a.calls, c)
			}
		}
		return true
	})
	return nil
}

var (
	aKey     = regexp.MustCompile(`^[a-z]+\.[a-z0-9][a-z0-9_.-]*[a-z0-9_-]$`)
	inAction = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	inQuotes = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	asksInto = regexp.MustCompile(`\bT "([^"]+)"((?: +(?:"[A-Z]\w*"|[^"(){}|\s]+|\([^()]*\)))*)`)
	aName    = regexp.MustCompile(`"([A-Z]\w*)"`)
	aWord    = regexp.MustCompile(`\bword\("(\w+)"`)
	inText   = regexp.MustCompile(`"([^"\n]*)"`)
)

// page reads a template.
func (a *account) page(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, action := range inAction.FindAllString(string(b), -1) {
		for _, m := range inQuotes.FindAllStringSubmatch(action, -1) {
			a.texts[m[1]] = true
		}
		for _, m := range asksInto.FindAllStringSubmatch(action, -1) {
			if !aKey.MatchString(m[1]) {
				continue
			}
			c := call{where: path, key: m[1]}
			for _, n := range aName.FindAllStringSubmatch(m[2], -1) {
				c.names = append(c.names, n[1])
			}
			a.calls = append(a.calls, c)
		}
	}
	return nil
}

// script reads a script of the pages.
func (a *account) script(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, m := range aWord.FindAllStringSubmatch(string(b), -1) {
		a.texts["script."+m[1]] = true
		a.calls = append(a.calls, call{where: path, key: "script." + m[1]})
	}
	for _, m := range inText.FindAllStringSubmatch(string(b), -1) {
		a.texts[m[1]] = true
	}
	return nil
}

// text returns the value of a string written out.
func text(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
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

var (
	anAction = regexp.MustCompile(`\{\{.*?\}\}`)
	aValue   = regexp.MustCompile(`\.([A-Za-z]\w*)`)
)

// wants returns the names a message asks values for, in all its forms.
func wants(forms map[string]string) map[string]bool {
	out := map[string]bool{}
	for _, s := range forms {
		for _, action := range anAction.FindAllString(s, -1) {
			for _, m := range aValue.FindAllStringSubmatch(action, -1) {
				out[m[1]] = true
			}
		}
	}
	return out
}

// misfits returns the calls whose message is not there, or asks for a value
// the call does not give.
func misfits(calls []call, messages map[string]map[string]string) []string {
	var out []string
	for _, c := range calls {
		forms, ok := messages[c.key]
		if !ok {
			out = append(out, c.where+": there is no "+c.key)
			continue
		}
		for name := range wants(forms) {
			if !slices.Contains(c.names, name) && !c.open {
				out = append(out, c.where+": "+c.key+" asks for "+name+", which is not given")
			}
		}
		if len(forms) > 1 && !slices.Contains(c.names, "Count") && !c.open {
			out = append(out, c.where+": "+c.key+" has plural forms and no Count to choose by")
		}
	}
	return out
}

func TestCallsFitTheirMessages(t *testing.T) {
	a := sources(t)
	if len(a.calls) < 200 {
		t.Errorf("only %d calls: the test looks in the wrong place", len(a.calls))
	}
	for _, fault := range misfits(a.calls, catalogue(t, "en")) {
		t.Error(fault)
	}
}

func TestMisfitsAreSeen(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"p.go": "package p\n\nvar a = l.T(\"room.year\") + l.T(\"room.year\", \"Year\", 1) + l.T(\"room.lost\") + l.T(\"room.hosts\", \"N\", 3)\n\n" +
			"var b = shanyraq.Text{Key: \"room.year\", Args: map[string]any{\"Yaer\": 1}}\n",
		"p.html": `<p>{{$f.T "room.year" "Year" (.Get "y")}} {{$f.T "room.year"}} {{.T "room.gone"}}</p>`,
		"p.ts":   `announce(word("nowhere", "nowhere"));`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := account{texts: map[string]bool{}}
	for _, err := range []error{a.code(filepath.Join(dir, "p.go")), a.page(filepath.Join(dir, "p.html")), a.script(filepath.Join(dir, "p.ts"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got := misfits(a.calls, map[string]map[string]string{
		"room.year":  {"other": "in {{.Year}}"},
		"room.hosts": {"one": "{{.Count}} host", "other": "{{.Count}} hosts"},
	})
	for _, want := range []struct {
		text string
		n    int
	}{{"room.year asks for Year", 3}, {"there is no room.lost", 1}, {"there is no room.gone", 1}, {"there is no script.nowhere", 1},
		{"room.hosts asks for Count", 1}, {"room.hosts has plural forms and no Count", 1}} {
		n := 0
		for _, g := range got {
			if strings.Contains(g, want.text) {
				n++
			}
		}
		if n != want.n {
			t.Errorf("%q is said %d times, not %d, of\n%s", want.text, n, want.n, strings.Join(got, "\n"))
		}
	}
}

// A message nobody asks for is one nobody reads.
func TestEveryMessageIsAskedFor(t *testing.T) {
	texts := sources(t).texts
	for _, key := range listed(t) {
		texts[key] = true
	}
	needed := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(catalogue(t, "en"))) {
		if texts[key] {
			continue
		}
		found := strings.HasPrefix(key, "unit.") // of any table that is imported
		for before := range computed {
			if strings.HasPrefix(key, before) {
				found, needed[before] = true, true
			}
		}
		if !found {
			t.Errorf("nobody asks for %s", key)
		}
	}
	for before, why := range computed {
		if !needed[before] {
			t.Errorf("no message needs %s in the list of computed keys (%s)", before, why)
		}
		if !texts[before] {
			t.Errorf("no source begins a key with %s (%s)", before, why)
		}
	}
}
