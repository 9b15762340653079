package standing_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/locale"
	"shanyraq/internal/standing"
	"shanyraq/methods/composite"
)

// ownOf reads an index of one's own from texts.
func ownOf(t *testing.T, data, meta, configs string) *standing.Own {
	t.Helper()
	own, err := standing.ReadOwn(standing.File{Name: "data.csv", R: strings.NewReader(data)}, standing.File{Name: "meta.csv", R: strings.NewReader(meta)}, standing.File{Name: "configs.json", R: strings.NewReader(configs)})
	if err != nil {
		t.Fatal(err)
	}
	return own
}

// far is an index of which one value of many lies so far out that it is more than
// five standard deviations below the mean, so that a z-score of mean 10 and
// deviation 2 is below zero.
func far() (data, meta string) {
	var b strings.Builder
	b.WriteString("uCode,G,A,B\n")
	for i := range 40 {
		name := string(rune('A'+i/26)) + string(rune('A'+i%26))
		a := "10" + string(rune('0'+i%10))
		if i == 0 {
			a = "-4000"
		}
		b.WriteString(name + ",g" + string(rune('0'+i%2)) + "," + a + "," + string(rune('1'+i%9)) + "\n")
	}
	return b.String(), "Level,iCode,Direction,Weight,Parent,Type\n1,A,1,1,T,Indicator\n1,B,-1,2,T,Indicator\n2,T,1,1,,Aggregate\n,G,,,,Group\n"
}

// signedMean returns an option of the plan that puts z-scores together with a
// mean of what is above zero only, given the settings it changes.
func signedMean(s composite.Settings, p standing.Plan) string {
	for _, f := range p.Factors {
		for _, o := range f.Choice {
			now := o.Apply(s)
			if now.Normalise.Method != composite.MethodZScore || o.Normalise == nil && o.Aggregate == nil {
				continue
			}
			for _, a := range now.Aggregate {
				if a.Method == composite.Geometric || a.Method == composite.Harmonic || a.Method == composite.PowerMean {
					return f.Name + ": " + o.Label
				}
			}
		}
	}
	return ""
}

// checkPlan draws the plan that an index has if the reader gives none in every
// way a command does.
func checkPlan(t *testing.T, own *standing.Own, name string) []shanyraq.Text {
	t.Helper()
	b, err := own.Build(name, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, left := b.Plan()
	if s := signedMean(own.SettingsOf(name), p); s != "" {
		t.Errorf("%s is drawn", s)
	}
	var units []string
	for _, r := range b.Scores() {
		if !slices.Contains(units, r.Unit) && len(units) < 2 {
			units = append(units, r.Unit)
		}
	}
	if _, err := b.League(t.Context(), p); err != nil {
		t.Errorf("league: %v", err)
	}
	if _, err := b.Sensitivity(t.Context(), p, "", 1); err != nil {
		t.Errorf("sensitivity: %v", err)
	}
	if _, err := b.Compare(t.Context(), p, units); err != nil {
		t.Errorf("compare: %v", err)
	}
	steps, _, err := b.Sheet(t.Context(), p)
	if err != nil || len(steps) != 10 {
		t.Errorf("sheet of %d steps: %v", len(steps), err)
	}
	for _, lang := range locale.Supported() {
		for _, l := range left {
			if s := locale.For(lang).Text(l); !strings.Contains(s, name) || strings.Contains(s, "⟦") {
				t.Errorf("%s: %s", lang, s)
			}
		}
	}
	return left
}

// TestOwnPlanCanBeDrawn: what varies if the reader does not say can be built in
// every draw, and what was left out is told.
func TestOwnPlanCanBeDrawn(t *testing.T) {
	data, meta := far()
	for name, c := range map[string]struct{ settings, says string }{
		"plain":      {`{}`, "standing.plan.crossed"},
		"zscores":    {`{"normalise": "zscore"}`, "standing.plan.crossed"},
		"harmonic":   {`{"normalise": {"method": "minmax", "lower": 1, "upper": 100}, "aggregate_by_level": ["hmean"]}`, "standing.plan.signed"},
		"exceptions": {`{"normalise_exceptions": {"B": "rank"}}`, "standing.plan.exceptions"},
		"zero":       {`{"missing": "zero"}`, "standing.plan.zero"},
		"ranks":      {`{"normalise": "rank"}`, ""},
		"optimised":  {`{"weights": "optimised_level1"}`, "standing.plan.crossed"},
		"winsorised": {`{"treat": {"winmax": 5, "skew_threshold": 2, "kurtosis_threshold": 3.5}}`, "standing.plan.crossed"},
	} {
		t.Run(name, func(t *testing.T) {
			left := checkPlan(t, ownOf(t, data, meta, `{"`+name+`": `+c.settings+`}`), name)
			if says := slices.ContainsFunc(left, func(l shanyraq.Text) bool { return l.Key == c.says }); says != (c.says != "") {
				t.Errorf("says %v, want %s", left, c.says)
			}
		})
	}
}

// TestOwnPlanThatCannotBeDrawn: a plan of the reader's own that cannot be built in
// some draw is told as that, and stops.
func TestOwnPlanThatCannotBeDrawn(t *testing.T) {
	data, meta := far()
	b, err := ownOf(t, data, meta, `{"one": {}}`).Build("one", 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := standing.ReadPlan(strings.NewReader(`{"factors": [{"name": "crossed", "choice": [{"label": "as it is"}, {"normalise": "zscore", "aggregate_by_level": ["gmean"]}]}]}`), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{"league": func() error { _, err := b.League(t.Context(), p); return err }(), "sensitivity": func() error { _, err := b.Sensitivity(t.Context(), p, "", 1); return err }()} {
		if said := shanyraq.TextOf(err); said.Key != "standing.error.plan" || shanyraq.KindOf(err) != shanyraq.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestConformanceOwnPlan draws the plan of every configuration of the reference
// cases.
func TestConformanceOwnPlan(t *testing.T) {
	dir := os.Getenv("SHANYRAQ_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "cases")
	}
	dir = filepath.Join(dir, "composite")
	var text [3]string
	for i, name := range []string{"input.csv", "meta.csv", "configs.json"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Skip("no reference cases: ", err)
		}
		text[i] = string(b)
	}
	own := ownOf(t, text[0], text[1], text[2])
	for _, name := range own.Names() {
		t.Run(name, func(t *testing.T) { checkPlan(t, own, name) })
	}
	more := ownOf(t, text[0], text[1], `{"plain": {}, "loadings": {"denominate": true, "normalise": "none", "weights": "pca"}}`)
	t.Run("plain", func(t *testing.T) { checkPlan(t, more, "plain") })
	// Weights drawn below the loadings of a principal component would turn their
	// signs in some draw.
	if _, err := more.Build("loadings", 0); err == nil {
		t.Run("loadings", func(t *testing.T) { checkPlan(t, more, "loadings") })
	}
}

// TestOwnPanel: values of several times are an index each, and a change of rank
// between two divides among its causes.
func TestOwnPanel(t *testing.T) {
	const meta = "Level,iCode,Direction,Weight,Parent,Type\n1,A,1,1,T,Indicator\n1,B,1,1,T,Indicator\n2,T,1,1,,Aggregate\n"
	const data = "uCode,Time,A,B\nX,2020,1,1\nY,2020,2,2\nZ,2020,3,3\nX,2021,4,4\nY,2021,2,\nZ,2021,3,3\n"
	own := ownOf(t, data, meta, `{"plain": {}, "carried": {"series": {"method": "latest"}}}`)
	if !slices.Equal(own.Times(), []int{2020, 2021}) {
		t.Fatalf("times %v", own.Times())
	}
	value := func(rows []standing.OwnRow, dataset, code, unit string) float64 {
		for _, r := range rows {
			if r.Dataset == dataset && r.Code == code && r.Unit == unit {
				return r.Value
			}
		}
		t.Errorf("no %s of %s, %s", dataset, code, unit)
		return 0
	}
	before, err := own.Build("plain", 2020)
	if err != nil {
		t.Fatal(err)
	}
	after, err := own.Build("plain", 2021)
	if err != nil {
		t.Fatal(err)
	}
	if before.Name != "plain@2020" || value(before.Scores(), "rank", "T", "X") != 3 || value(after.Scores(), "rank", "T", "X") != 1 {
		t.Errorf("%s: %v, %v", before.Name, before.Scores(), after.Scores())
	}
	// X rose from 3rd to 1st by its own values: 2 places. By itself Z would have
	// stayed second; nobody joined and no setting changed.
	rows, err := after.Changes(before, "X")
	if err != nil {
		t.Fatal(err)
	}
	for dataset, want := range map[string]float64{"rank_before": 3, "rank_after": 1, "places_own": 2, "places_others": 0, "places_pool": 0, "places_method": 0} {
		if got := value(rows, dataset, "T", "X"); got != want {
			t.Errorf("%s is %v, want %v", dataset, got, want)
		}
	}
	// Carried forward, Y's B of 2020 stands in 2021: (2−2)/2 and (2−2)/2.
	carried, err := own.Build("carried", 2021)
	if err != nil {
		t.Fatal(err)
	}
	explained, err := carried.Explain("Y")
	if err != nil {
		t.Fatal(err)
	}
	if got := value(explained, "raw", "B", "Y"); got != 2 {
		t.Errorf("carried value %v, want 2", got)
	}
	if _, err := ownOf(t, "uCode,A,B\nX,1,1\nY,2,2\n", meta, `{"carried": {"series": {"method": "latest"}}}`).Build("carried", 0); shanyraq.TextOf(err).Key != "standing.error.series" {
		t.Errorf("a series without times: %v", err)
	}
}

// TestOwnGroupRanks: a league has ranks within each column of groups.
func TestOwnGroupRanks(t *testing.T) {
	const meta = "Level,iCode,Direction,Weight,Parent,Type\n1,A,1,1,T,Indicator\n2,T,1,1,,Aggregate\n,G,,,,Group\n"
	own := ownOf(t, "uCode,G,A\nX,east,1\nY,west,2\nZ,east,3\nW,,4\n", meta, `{"one": {"normalise": "rank"}}`)
	b, err := own.Build("one", 0)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.League(t.Context(), standing.Plan{Factors: []composite.Factor{{Name: "w", Weights: &composite.WeightDraw{Kind: composite.Sets, Sets: []map[string]float64{{}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, r := range rows {
		if r.Dataset == "rank_in_G" {
			got[r.Unit] = r.Value
		}
	}
	if got["Z"] != 1 || got["X"] != 2 || got["Y"] != 1 || len(got) != 3 {
		t.Errorf("ranks in groups %v", got)
	}
}

// TestOwnSays: what is wrong with settings, a plan or a table is told with the
// place, what stands there and what could, in every language.
func TestOwnSays(t *testing.T) {
	const meta = "Level,iCode,Direction,Weight,Parent,Type\n1,A,1,1,T,Indicator\n1,B,1,1,T,Indicator\n2,T,1,1,,Aggregate\n"
	const data = "uCode,A,B\nX,1,2\nY,2,1\n"
	read := func(data, meta, configs string) error {
		_, err := standing.ReadOwn(standing.File{Name: "data.csv", R: strings.NewReader(data)}, standing.File{Name: "meta.csv", R: strings.NewReader(meta)}, standing.File{Name: "c.json", R: strings.NewReader(configs)})
		return err
	}
	settings := func(configs string) error { return read(data, meta, configs) }
	plan := func(text string) error {
		_, err := standing.ReadPlan(strings.NewReader(text), "p.json")
		return err
	}
	for name, c := range map[string]struct {
		err  error
		says []string
	}{
		"a word":            {settings(`{"X": {"normalise": "minmaxx"}}`), []string{"c.json:1", "X.normalise", `"minmaxx"`, "minmax, zscore"}},
		"a method":          {settings(`{"X": {"impute": {"method": "guess"}}}`), []string{"X.impute.method", `"guess"`, "median"}},
		"a key":             {settings(`{"X": {"normalize": {}}}`), []string{"X: ", "normalize", "normalise_exceptions"}},
		"a weight":          {settings(`{"X": {"weights": 3}}`), []string{"X.weights", "3", "original, equal"}},
		"a number":          {settings(`{"X": {"normalise": {"method": "minmax", "lower": "low"}}}`), []string{"X.normalise.lower", `"low"`, "meta.NAME"}},
		"a whole number":    {settings(`{"X": {"treat": {"winmax": 1.5}}}`), []string{"X.treat.winmax", "1.5"}},
		"a switch":          {settings(`{"X": {"denominate": "yes"}}`), []string{"X.denominate", `"yes"`, "true"}},
		"a list":            {settings(`{"X": {"exclude": "A"}}`), []string{"X.exclude", `"A"`}},
		"an item":           {settings(`{"X": {"aggregate_by_level": ["amean", "mean"]}}`), []string{"aggregate_by_level[2]", `"mean"`, "gmean"}},
		"no settings":       {settings(`{}`), []string{"c.json", "NAME"}},
		"a list of them":    {settings(`[]`), []string{"c.json", "NAME"}},
		"cut off":           {settings(`{"X": {`), []string{"JSON"}},
		"a kind of draws":   {plan(`{"factors": [{"name": "w", "weights": {"kind": "gauss"}}]}`), []string{"p.json", "factors[1].weights.kind", `"gauss"`, "dirichlet, noise, sets"}},
		"no factors":        {plan(`{}`), []string{"p.json", "factors"}},
		"too many draws":    {plan(`{"draws": 1000000000, "factors": [{"name": "w", "weights": {"kind": "noise", "spread": 0.1}}]}`), []string{"p.json, draws", "10"}},
		"a column":          {read("uCode,A\nX,1\n", meta, `{"X":{}}`), []string{"data.csv", "B", "uCode, A"}},
		"another separator": {read("uCode|A|B\nX|1|2\n", meta, `{"X":{}}`), []string{"data.csv", "uCode|A|B"}},
		"a cell":            {read("uCode,A,B\nX,1,much\n", meta, `{"X":{}}`), []string{"data.csv:2", "B", "much"}},
		"a type":            {read(data, strings.Replace(meta, "Indicator", "Indikator", 1), `{"X":{}}`), []string{"meta.csv:2", "Type", "Indikator", "Indicator, Aggregate"}},
		"a direction":       {read(data, strings.Replace(meta, "A,1,1", "A,2,1", 1), `{"X":{}}`), []string{"meta.csv:2", "Direction", "2", "1, -1"}},
	} {
		if c.err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if shanyraq.KindOf(c.err) != shanyraq.Invalid {
			t.Errorf("%s: kind of %v", name, c.err)
		}
		for _, lang := range locale.Supported() {
			got := locale.For(lang).Text(shanyraq.TextOf(c.err))
			for _, w := range c.says {
				if !strings.Contains(got, w) {
					t.Errorf("%s in %s: %q without %q", name, lang, got, w)
				}
			}
			for _, leak := range []string{" json:", "strconv", "Go ", "⟦", "composite."} {
				if strings.Contains(got, leak) {
					t.Errorf("%s in %s: %q", name, lang, got)
				}
			}
		}
	}
	var choice *composite.Choice
	if err := settings(`{"X": {"normalise": "minmaxx"}}`); !errors.As(err, &choice) || choice.Field != "normalise" {
		t.Errorf("no choice: %v", err)
	}
	// A step that cannot be carried out says which, where and why.
	own := ownOf(t, data, meta, `{"X": {"aggregate_by_level": ["gmean"]}}`)
	_, err := own.Build("X", 0)
	for lang, want := range map[string]string{"en": "step aggregate, element T, unit X: the value is too low", "ru": "шаг aggregate (сведение), элемент T, единица X", "kk": "aggregate қадамы (біріктіру), T элементі, X бірлігі"} {
		if got := locale.For(lang).Text(shanyraq.TextOf(err)); !strings.Contains(got, want) {
			t.Errorf("%s: %s", lang, got)
		}
	}
}
