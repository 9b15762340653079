package view_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/hosts"
	"shanyraq/internal/locale"
	"shanyraq/internal/view"
	"shanyraq/methods/acculturation"
)

// row returns the row of the key, or fails.
func row(t *testing.T, table *view.Table, key string) view.Row {
	t.Helper()
	i := slices.IndexFunc(table.Rows, func(r view.Row) bool { return r.Key == key })
	if i < 0 {
		t.Fatalf("%s has no row %s", table.Key, key)
	}
	return table.Rows[i]
}

// at returns the cell of the row under the column.
func at(t *testing.T, table *view.Table, key, column string) view.Cell {
	t.Helper()
	i := slices.IndexFunc(table.Columns, func(c view.Column) bool { return c.Key == column })
	if i < 0 {
		t.Fatalf("%s has no column %s", table.Key, column)
	}
	return row(t, table, key).Cells[i]
}

// A value stands in the list with its year, and one that is old as missing,
// with the way to it.
func TestHostsListDatesItsValues(t *testing.T) {
	p, err := view.Hosts(t.Context(), house(t), ask(t, "KAZ", "en", ""))
	if err != nil {
		t.Fatal(err)
	}
	list := p.Table("countries")
	if c := at(t, list, "DEU", "internet_users"); c.Figure.IsZero() || c.When < "2020" {
		t.Errorf("Germany: %+v", c)
	}
	for place, says := range map[string]string{"PRK": "only 2012", "ASM": "only 1990"} {
		if !slices.ContainsFunc(list.Rows, func(r view.Row) bool { return r.Key == place }) {
			continue
		}
		if c := at(t, list, place, "internet_users"); !c.Figure.IsZero() || c.Missing != says || !strings.Contains(c.Href, "/f/claim/") {
			t.Errorf("%s: %+v", place, c)
		}
	}
	var csv, text bytes.Buffer
	if err := list.WriteCSV(&csv); err != nil {
		t.Fatal(err)
	}
	if err := list.WriteText(&text, locale.For("en")); err != nil {
		t.Fatal(err)
	}
	for what, s := range map[string]string{"internet_users_when": csv.String(), "only 2012": text.String(), " (2024)": text.String()} {
		if !strings.Contains(s, what) {
			t.Errorf("%s is not there", what)
		}
	}
}

// What is too old to be shown as it is now is in no composite.
func TestOldValuesAreInNoComposite(t *testing.T) {
	h := house(t)
	d, err := h.Hosts.Distance(t.Context(), hosts.Society, "KAZ", "PRK")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(d.Missing, shanyraq.SeriesID("internet_users")) {
		t.Errorf("of North Korea %v is missing", d.Missing)
	}
	p, err := h.Hosts.Prospect(t.Context(), "KAZ", "PRK", today, hosts.EqualWeights())
	if err != nil {
		t.Fatal(err)
	}
	if f := p.Parts[hosts.Access]; !f.IsZero() {
		t.Errorf("access of %v, from 2012", f.Value())
	}
}

// A host's ties begin with what all claims say together, and its potential takes
// the larger of the sizes.
func TestTiesBeginWithPooledSizes(t *testing.T) {
	h, a := house(t), ask(t, "KAZ", "en", "")
	p, err := view.Host(t.Context(), h, a, "RUS")
	if err != nil {
		t.Fatal(err)
	}
	ties := p.Table("ties")
	if ties.Rows[0].Key != "pooled/ethnic" || ties.Rows[1].Key != "pooled/born" {
		t.Fatalf("ties begin with %s and %s", ties.Rows[0].Key, ties.Rows[1].Key)
	}
	size := at(t, p.Table("potential"), "RUS", "size").Figure
	larger := ties.Rows[0].Cells[0].Figure
	if born := ties.Rows[1].Cells[0].Figure; born.Value() > larger.Value() {
		larger = born
	}
	if in := size.Lineage().Inputs; len(in) != 1 || in[0].Path != larger.Path() {
		t.Errorf("the potential's size is of %+v", in)
	}
	claims, err := view.DiasporaHost(t.Context(), h, a, "RUS")
	if err != nil {
		t.Fatal(err)
	}
	once := 0
	for _, r := range claims.Table("parts-born").Rows {
		for _, c := range r.Cells {
			if strings.HasPrefix(c.Missing, "counts once with ") {
				once++
			}
		}
	}
	if once == 0 {
		t.Error("no repeated claim says with whom it counts")
	}
	union := at(t, claims.Table("pooled"), "union", "who")
	if !strings.HasPrefix(union.Text, "Without citizens, whom nobody counted") {
		t.Errorf("the union is said to be of %s", union.Text)
	}
}

// Answers that are all alike give no shares and no alpha.
func TestAlikeAnswersPlaceNobody(t *testing.T) {
	var answers []hosts.Answered
	for i := range 25 {
		answers = append(answers, hosts.Answered{Place: "DEU", Generation: "1", Line: i + 2, Answer: acculturation.Answer{Heritage: []float64{5, 5}, Residence: []float64{1, 1}, Weight: 1}})
	}
	p, err := view.HostsAcculturation(t.Context(), house(t), ask(t, "KAZ", "en", ""), answers, hosts.Scale{Min: 1, Max: 5})
	if err != nil {
		t.Fatal(err)
	}
	axes := p.Table("axes")
	if c := at(t, axes, "DEU-1", "separation"); !c.Figure.IsZero() || c.Missing != "kept back" {
		t.Errorf("separation: %+v", c)
	}
	if c := at(t, axes, "DEU-1", "alpha"); c.Text != "— / —" {
		t.Errorf("alpha is %q", c.Text)
	}
	if len(axes.Notes) == 0 {
		t.Error("nobody says why")
	}
}

// The neighbours to be watched stand first, those of which nothing is held too.
func TestNeighboursStandFirst(t *testing.T) {
	p, err := view.HostsHeritage(t.Context(), house(t), ask(t, "KAZ", "en", ""))
	if err != nil {
		t.Fatal(err)
	}
	heritage := p.Table("heritage")
	var first []string
	for _, r := range heritage.Rows[:min(6, len(heritage.Rows))] {
		first = append(first, r.Key)
	}
	if !slices.Equal(first, []string{"CHN", "RUS", "UZB", "MNG", "KGZ", "TKM"}) {
		t.Errorf("first are %v", first)
	}
	if !strings.HasSuffix(heritage.Columns[0].Label, "kilometres") {
		t.Errorf("the distance is in %q", heritage.Columns[0].Label)
	}
	for i, c := range heritage.Columns {
		if !slices.ContainsFunc(heritage.Rows, func(r view.Row) bool { return !r.Cells[i].Figure.IsZero() }) {
			t.Errorf("nothing stands under %s", c.Label)
		}
	}
	if !strings.Contains(strings.Join(heritage.Notes, " "), "composition_language") {
		t.Error("nobody says that the language kept is not held")
	}
}

// A host where nobody may be recorded has no rank among those where something
// can be done, and those between the tiers are not all alike.
func TestRefusedHostsStandApart(t *testing.T) {
	p, err := view.HostsPotential(t.Context(), house(t), ask(t, "KAZ", "en", ""))
	if err != nil {
		t.Fatal(err)
	}
	ranked := p.Table("potential")
	safe := map[float64]int{}
	for i, r := range ranked.Rows {
		if c := at(t, ranked, r.Key, "tier"); c.Badge == "tier-3" {
			t.Errorf("%s is %d of those in tier 3", r.Key, i+1)
		}
		safe[at(t, ranked, r.Key, "risk").Figure.Value()]++
		for _, c := range r.Cells {
			if s := locale.For("en").Figure(c.Figure).Short; len(s) > len("0.0123 (0.0123–0.0123)") {
				t.Errorf("%s shows %s", r.Key, s)
			}
		}
	}
	if len(safe) < 20 {
		t.Errorf("safety has %d values", len(safe))
	}
	apart := p.Table("refused")
	if apart == nil || len(apart.Columns) != 2 {
		t.Fatal("the hosts of tier 3 do not stand apart")
	}
	row(t, apart, "CHN")
	row(t, apart, "RUS")
}

// What one of the compared lacks, or all of them, stands as missing.
func TestComparedCountriesShowWhatIsMissing(t *testing.T) {
	h := house(t)
	p, err := view.HostsCompare(t.Context(), h, ask(t, "KAZ", "en", "with=PRK,TKM"))
	if err != nil {
		t.Fatal(err)
	}
	prof, err := h.Hosts.Profile(t.Context(), "PRK")
	if err != nil {
		t.Fatal(err)
	}
	missing := 0
	for _, topic := range prof.Topics {
		for _, s := range topic.Missing {
			missing++
			if c := at(t, p.Table(topic.Key), string(s.ID), "PRK"); !c.Figure.IsZero() || c.Missing == "" {
				t.Errorf("%s: %+v", s.ID, c)
			}
		}
	}
	if missing == 0 {
		t.Error("of North Korea nothing is missing")
	}
}

// A group that is found again too seldom is said not to be relied on.
func TestLooseGroupsAreNotReliedOn(t *testing.T) {
	p, err := view.HostsSimilar(t.Context(), house(t), ask(t, "KAZ", "en", "by=governed"))
	if err != nil {
		t.Fatal(err)
	}
	groups := p.Table("groups")
	loose := 0
	for _, r := range groups.Rows {
		found, said := at(t, groups, r.Key, "found").Figure.Value(), at(t, groups, r.Key, "relied").Text
		if found < 60 != (said == "not to be relied on") {
			t.Errorf("%s, found again %v: %q", r.Label, found, said)
		}
		if found < 60 {
			loose++
		}
	}
	if loose > 0 != (len(groups.Notes) > 0) {
		t.Errorf("%d groups are loose, and the notes say %v", loose, groups.Notes)
	}
}

// On a Russian or Kazakh page our own short words are in that language, and what
// stays in English is said to be, once a table.
func TestOwnWordsAreInTheReadersLanguage(t *testing.T) {
	for _, lang := range []string{"ru", "kk"} {
		p, err := view.Host(t.Context(), house(t), ask(t, "KAZ", lang, ""), "RUS")
		if err != nil {
			t.Fatal(err)
		}
		says := locale.For(lang).T("hosts.english")
		for _, key := range []string{"rules", "channels", "setbacks", "views"} {
			n := 0
			for _, note := range p.Table(key).Notes {
				if note == says {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s: %s says %d times that its notes are in English", lang, key, n)
			}
		}
		for _, r := range p.Table("setbacks").Rows {
			if s := r.Cells[0].Text; strings.ContainsAny(s, "abcdefghijklmnopqrstuvwxyz") {
				t.Errorf("%s: an instrument is %q", lang, s)
			}
		}
		if s := row(t, p.Table("composition_ethnic"), "Russian").Label; s == "Russian" {
			t.Errorf("%s: a people is %q", lang, s)
		}
	}
	p, err := view.HostsCases(t.Context(), house(t), ask(t, "KAZ", "ru", ""))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Table("limits").Rows {
		if strings.ContainsAny(r.Label, "abcdefghijklmnopqrstuvwxyz") {
			t.Errorf("an instrument is %q", r.Label)
		}
	}
	in, err := view.Host(t.Context(), house(t), ask(t, "KAZ", "en", ""), "RUS")
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(in.Table("rules").Notes, locale.For("en").T("hosts.english")) {
		t.Error("an English page says that it is in English")
	}
}

// The political pillar says the regime and where it came from, and the empty
// pillar of values where to bring them.
func TestPillarsSayWhatTheyHold(t *testing.T) {
	for _, lang := range []string{"en", "ru", "kk"} {
		p, err := view.Host(t.Context(), house(t), ask(t, "KAZ", lang, ""), "HUN")
		if err != nil {
			t.Fatal(err)
		}
		if lead := p.Table("politics").Lead; lead.Key != "hosts.regime.course" || !strings.Contains(lead.Plain(locale.For(lang)), "2014") {
			t.Errorf("%s: %+v", lang, lead)
		}
		if next := p.Table("values").Next; !strings.HasPrefix(next.Href, "/import") || next.Label == "" {
			t.Errorf("%s: %+v", lang, next)
		}
	}
}

// A country of which little is held is nobody's nearest for want of it.
func TestNearestShareMostOfWhatIsCompared(t *testing.T) {
	for _, w := range []hosts.Way{hosts.Society, hosts.Living} {
		near, err := house(t).Hosts.Similar(t.Context(), w, "KAZ", 15)
		if err != nil {
			t.Fatal(err)
		}
		if len(near) != 15 {
			t.Errorf("%s: %d are near", w, len(near))
		}
		for _, l := range near {
			if 3*len(l.Distance.Missing) > l.Distance.Of {
				t.Errorf("%s: of %s %v is missing", w, l.Place, l.Distance.Missing)
			}
		}
	}
}
