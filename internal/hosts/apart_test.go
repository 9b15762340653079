package hosts_test

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"testing"

	"shanyraq"
	"shanyraq/data"
	"shanyraq/internal/hosts"
	"shanyraq/internal/ingest"
)

const voice, law = "WGI_voice_accountability_estimate", "WGI_rule_of_law_estimate"

// governed is how four countries are governed, and what two of them speak.
func governed() *evidence {
	ev := &evidence{}
	for _, c := range []string{"AAA", "BBB", "CCC", "DDD", "KAZ"} {
		ev.places = append(ev.places, shanyraq.Place{Code: shanyraq.CountryCode(c), Alpha2: c[:2]})
	}
	rate := func(series, place string, v float64) {
		c := claim("wgi", series, place, "2023", v, shanyraq.Estimated)
		c.Unit = "points"
		ev.claims = append(ev.claims, c)
	}
	rate(voice, "AAA", 0)
	rate(voice, "BBB", 1)
	rate(voice, "CCC", 2)
	rate(law, "AAA", 0)
	rate(law, "BBB", 2)
	rate(law, "CCC", 4)
	rate(voice, "DDD", 1)
	speak := func(place, name string, v float64) {
		c := claim("cia", "composition_language", place, "2020", v, shanyraq.Estimated)
		c.Unit, c.Subject, c.ID = "percent", name, shanyraq.ClaimID("cia/composition_language/"+place+"/-/"+name+"/2020")
		ev.claims = append(ev.claims, c)
	}
	speak("AAA", "Kazakh", 60)
	speak("AAA", "Russian", 40)
	speak("BBB", "Kazak", 50) // one language under two spellings
	speak("BBB", "Turkish", 30)
	return ev
}

// The scores 0, 1, 2, 1 have variance 2/3 and 0, 2, 4 have 4, so A and B are
// ½(1/(2/3) + 4/4) = 1.25 apart, A and C four times as far, and B and D, which
// share one score, 0.
func TestDistanceByHand(t *testing.T) {
	r := hosts.New(governed())
	for _, tt := range []struct {
		way     hosts.Way
		a, b    shanyraq.CountryCode
		want    float64
		missing int
	}{
		{hosts.Institutions, "AAA", "BBB", 1.25, 0},
		{hosts.Institutions, "AAA", "CCC", 5, 0},
		{hosts.Institutions, "DDD", "BBB", 0, 1},
		{hosts.Language, "AAA", "BBB", 50, 0},
		{hosts.Tongue, "AAA", "BBB", 70, 0},
	} {
		d, err := r.Distance(t.Context(), tt.way, tt.a, tt.b)
		if err != nil || d.Figure.IsZero() {
			t.Fatalf("%s of %s and %s: %v", tt.way, tt.a, tt.b, err)
		}
		back, err := r.Distance(t.Context(), tt.way, tt.b, tt.a)
		if err != nil || back.Figure.Value() != d.Figure.Value() {
			t.Errorf("%s of %s and %s: %v there and %v back, %v", tt.way, tt.a, tt.b, d.Figure.Value(), back.Figure.Value(), err)
		}
		missing := len(slices.DeleteFunc(d.Missing, func(s shanyraq.SeriesID) bool { return s != law }))
		if math.Abs(d.Figure.Value()-tt.want) > 1e-9 || missing != tt.missing {
			t.Errorf("%s of %s and %s: %v without %d, want %v without %d", tt.way, tt.a, tt.b, d.Figure.Value(), missing, tt.want, tt.missing)
		}
		if iv := d.Figure.Interval(); iv.Lo > d.Figure.Value() || iv.Hi < d.Figure.Value() {
			t.Errorf("%s: %v outside %+v", tt.way, d.Figure.Value(), iv)
		}
		if f, err := r.Figure(t.Context(), "apart/"+string(tt.way)+"/"+string(tt.a)+"/"+string(tt.b), nil); err != nil || f.Value() != d.Figure.Value() {
			t.Errorf("it opens as %v, %v", f.Value(), err)
		}
	}
	// BBB leaves a fifth unnamed, which may be Russian: then only 30 in 100 differ.
	if d, _ := r.Distance(t.Context(), hosts.Language, "AAA", "BBB"); math.Abs(d.Figure.Interval().Lo-30) > 1e-9 || d.Figure.Interval().Hi != 50 {
		t.Errorf("languages between %+v", d.Figure.Interval())
	}
}

// What cannot be said is not said.
func TestDistanceMissing(t *testing.T) {
	r := hosts.New(governed())
	for _, tt := range []struct {
		way  hosts.Way
		a, b shanyraq.CountryCode
	}{{hosts.Institutions, "KAZ", "AAA"}, {hosts.Language, "AAA", "CCC"}, {hosts.Geographic, "AAA", "BBB"}, {hosts.Values, "AAA", "BBB"}, {hosts.Institutions, "AAA", "AAA"}} {
		d, err := r.Distance(t.Context(), tt.way, tt.a, tt.b)
		if err != nil || !d.Figure.IsZero() {
			t.Errorf("%s of %s and %s: %v, %v", tt.way, tt.a, tt.b, d.Figure.Value(), err)
		}
		if tt.a != tt.b && tt.way != hosts.Values && len(d.Missing) == 0 {
			t.Errorf("%s of %s and %s misses nothing", tt.way, tt.a, tt.b)
		}
	}
	for _, path := range []string{"apart/institutions/KAZ/AAA", "apart/size/AAA/BBB", "apart/institutions/AAA", "groups/living/x/AAA", "rival/AAA/BBB/presence", "potential/KAZ/ZZZ/2026-01-01", "potential/KAZ/KAZ/2026-01-01", "potential/KAZ/AAA/soon", "x"} {
		if _, err := r.Figure(t.Context(), path, url.Values{}); shanyraq.KindOf(err) != shanyraq.NotFound {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := r.Similar(t.Context(), "height", "AAA", 3); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("an unknown way: %v", err)
	}
	if _, err := r.Clusters(t.Context(), hosts.Governed, 1); shanyraq.KindOf(err) != shanyraq.Invalid {
		t.Errorf("one group: %v", err)
	}
	if cs, err := r.Clusters(t.Context(), hosts.Governed, 5); err != nil || cs != nil {
		t.Errorf("more groups than countries: %v, %v", cs, err)
	}
}

// built returns the room over the built-in tables.
func built(t testing.TB) (*hosts.Room, *ingest.Workspace) {
	t.Helper()
	w, err := ingest.OpenWorkspace(data.Files)
	if err != nil {
		t.Fatal(err)
	}
	return hosts.New(w), w
}

// With the built-in tables: the nearest are nearest, both ways round, and a
// country is in exactly one group; the same twice.
func TestSimilarAndGroups(t *testing.T) {
	r, _ := built(t)
	for _, w := range hosts.Ways() {
		ls, err := r.Similar(t.Context(), w, "KAZ", 10)
		if err != nil {
			t.Fatal(err)
		}
		if (len(ls) == 0) != (w == hosts.Values || w == hosts.Valued) {
			t.Errorf("%s: %d countries", w, len(ls))
		}
		for i, l := range ls {
			if l.Place == "KAZ" || i > 0 && l.Distance.Figure.Value() < ls[i-1].Distance.Figure.Value() {
				t.Errorf("%s: %s at %v after %v", w, l.Place, l.Distance.Figure.Value(), ls[max(0, i-1)].Distance.Figure.Value())
			}
		}
	}
	for _, w := range []hosts.Way{hosts.Governed, hosts.Living} {
		cs, err := r.Clusters(t.Context(), w, 6)
		if err != nil || len(cs) != 6 {
			t.Fatalf("%s: %d groups, %v", w, len(cs), err)
		}
		in := map[shanyraq.CountryCode]int{}
		for _, c := range cs {
			if !slices.Contains(c.Members, c.Typical) {
				t.Errorf("%s is typical of a group it is not in", c.Typical)
			}
			for _, m := range c.Members {
				in[m]++
			}
			if f := c.Found; f.IsZero() || f.Interval().Lo < 0 || f.Interval().Hi > 100 {
				t.Errorf("%s: found again %+v", c.Typical, f.Interval())
			}
		}
		for m, n := range in {
			if n != 1 {
				t.Errorf("%s is in %d groups", m, n)
			}
		}
		other, _ := built(t)
		again, err := other.Clusters(t.Context(), w, 6)
		if err != nil || fmt.Sprint(groupsText(again)) != fmt.Sprint(groupsText(cs)) {
			t.Errorf("%s: asked anew, other groups", w)
		}
	}
}

func groupsText(cs []hosts.Cluster) (out []string) {
	for _, c := range cs {
		out = append(out, fmt.Sprint(c.Typical, c.Members, c.Found.Value(), c.Found.Interval()))
	}
	return out
}

// Every series there is stands on the page of every country, with a value or
// among those missing; none is dropped in silence.
func TestMissingIsShownForEveryCountry(t *testing.T) {
	r, w := built(t)
	series, err := w.Series(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	places, err := w.Places(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var first []shanyraq.SeriesID
	seen := 0
	for _, p := range places {
		if !p.Exists() {
			continue
		}
		seen++
		prof, err := r.Profile(t.Context(), p.Code)
		if err != nil {
			t.Fatal(err)
		}
		var all []shanyraq.SeriesID
		for _, topic := range prof.Topics {
			for _, l := range topic.Lines {
				all = append(all, l.Series.ID)
				if l.Latest.ID == "" || l.Latest.Source == "" || l.Latest.Place != p.Code {
					t.Errorf("%s, %s: a line without a claim of its own", p.Code, l.Series.ID)
				}
			}
			for _, s := range topic.Missing {
				all = append(all, s.ID)
			}
		}
		slices.Sort(all)
		if len(slices.Compact(slices.Clone(all))) != len(all) {
			t.Errorf("%s: a series twice", p.Code)
		}
		if first == nil {
			first = all
		} else if !slices.Equal(all, first) {
			t.Errorf("%s shows %d series, others %d", p.Code, len(all), len(first))
		}
	}
	if seen < 195 || len(first) < 60 || len(first) > len(series) {
		t.Errorf("%d countries, %d series of %d", seen, len(first), len(series))
	}
}

// crowd is a number of people in each host.
type crowd map[shanyraq.CountryCode]float64

func (c crowd) Kin(ctx context.Context, home shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, error) {
	return c.People(ctx, home)
}

// Returned has a hundredth of the people come back from each host.
func (c crowd) Returned(ctx context.Context, home shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, int, error) {
	small := crowd{}
	for place, n := range c {
		small[place] = n / 100
	}
	back, err := small.People(ctx, home)
	return back, 2025, err
}

func (c crowd) People(context.Context, shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, error) {
	out := map[shanyraq.CountryCode]shanyraq.Figure{}
	for place, n := range c {
		f, err := shanyraq.NewFigure("diaspora/size/"+string(place), n, shanyraq.Interval{Lo: n / 2, Hi: 2 * n, Kind: shanyraq.Credible, Level: 0.95}, "persons",
			shanyraq.Lineage{Method: "m", Formula: "N", Sources: []shanyraq.SourceID{"s"}})
		if err != nil {
			return nil, err
		}
		out[place] = f
	}
	return out, nil
}

func TestPotential(t *testing.T) {
	ev := governed()
	net := claim("itu", "internet_users", "AAA", "2023", 80, shanyraq.Measured)
	net.Unit = "percent"
	post := claim("mfa", "diplomatic_post", "AAA", "2021", 1, shanyraq.Measured)
	post.Partner, post.ID, post.Unit = "KAZ", "mfa/diplomatic_post/AAA/KAZ/2021", "records"
	ev.claims = append(ev.claims, net, post)
	r := hosts.New(ev).Asking(crowd{"AAA": 10_000, "BBB": 1_000_000, "CCC": 5})
	ask := func(w hosts.Weights) map[shanyraq.CountryCode]hosts.Prospect {
		ps, err := r.Potential(t.Context(), "KAZ", today, w)
		if err != nil {
			t.Fatal(err)
		}
		out := map[shanyraq.CountryCode]hosts.Prospect{}
		for _, p := range ps {
			out[p.Host] = p
		}
		return out
	}
	all := ask(hosts.EqualWeights())
	if _, ok := all["KAZ"]; ok || len(all) != 4 {
		t.Errorf("%d hosts, home among them %v", len(all), ok)
	}
	a := all["AAA"]
	// Ten thousand is half way from a hundred to a million in multiples; 80 of a
	// hundred online and a post give 0.9; tier 2 gives 0.5, and rights are rated.
	for c, want := range map[hosts.Component]float64{hosts.Size: 0.5, hosts.Access: 0.9, hosts.Risk: 0.5} {
		if f := a.Parts[c]; math.Abs(f.Value()-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", c, f.Value(), want)
		}
	}
	for _, c := range []hosts.Component{hosts.Skills, hosts.Willingness} {
		if !a.Parts[c].IsZero() {
			t.Errorf("%s is known", c)
		}
	}
	if a.Total.Interval().Kind != shanyraq.Limits || a.Thin || !all["DDD"].Thin {
		t.Errorf("in all %+v, thin %v and %v", a.Total.Interval(), a.Thin, all["DDD"].Thin)
	}
	// With two of five missing the limits are at least two fifths wide.
	if iv := a.Total.Interval(); iv.Hi-iv.Lo < 0.4 || iv.Lo > (0.5+0.9+0.5)/5 || iv.Hi < (0.5+0.9+0.5+2)/5 {
		t.Errorf("limits %+v", iv)
	}
	if b := all["BBB"].Parts[hosts.Size]; b.Value() != 1 || all["CCC"].Parts[hosts.Size].Value() != 0 {
		t.Errorf("sizes %v and %v", b.Value(), all["CCC"].Parts[hosts.Size].Value())
	}
	// A component that counts nothing widens nothing.
	w := hosts.Weights{hosts.Size: 1}
	if iv := ask(w)["AAA"].Total.Interval(); math.Abs(iv.Lo-all["AAA"].Parts[hosts.Size].Interval().Lo) > 1e-9 {
		t.Errorf("size alone: %+v", iv)
	}
	for _, p := range []hosts.Prospect{a, ask(w)["AAA"]} {
		u, err := url.Parse(p.Total.Path())
		if err != nil {
			t.Fatal(err)
		}
		if f, err := r.Figure(t.Context(), u.Path[len("hosts/"):], u.Query()); err != nil || f.Value() != p.Total.Value() || f.Interval() != p.Total.Interval() {
			t.Errorf("%s opens as %v, %v", p.Total.Path(), f.Value(), err)
		}
	}
	for _, q := range []string{"w.size=-1", "w.size=many", "w.risk=NaN", "w.size=0&w.skills=0&w.willingness=0&w.access=0&w.risk=0"} {
		v, _ := url.ParseQuery(q)
		if _, err := hosts.ReadWeights(v); shanyraq.KindOf(err) != shanyraq.Invalid {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestRivals(t *testing.T) {
	ev := governed()
	record := func(series, host, rival, id string) {
		c := claim("s", series, host, "2020", 1, shanyraq.Measured)
		c.Partner, c.ID, c.Unit = shanyraq.CountryCode(rival), shanyraq.ClaimID("s/"+series+"/"+host+"/"+rival+"/"+id), "records"
		ev.claims = append(ev.claims, c)
	}
	record("diplomatic_post", "AAA", "CHN", "1")
	record("leader_visit", "AAA", "CHN", "1")
	record("leader_visit", "AAA", "CHN", "2")
	record("programme_aid", "AAA", "TUR", "1")
	record("leader_visit", "AAA", "XYZ", "1")
	rs, err := hosts.New(ev).Rivals(t.Context(), "KAZ", "AAA")
	if err != nil {
		t.Fatal(err)
	}
	if rs[0].Place != "CHN" || rs[1].Place != "TUR" || rs[0].Records["visits"].Value() != 2 || rs[0].Presence.Value() != 2 || rs[0].Presence.Interval().Hi != float64(len(hosts.Kinds())) {
		t.Errorf("first %s, then %s", rs[0].Place, rs[1].Place)
	}
	for _, v := range rs[2:] {
		if !v.Presence.IsZero() || len(v.Records) > 0 {
			t.Errorf("%s is present without a record", v.Place)
		}
	}
	if slices.ContainsFunc(rs, func(v hosts.Rival) bool { return v.Place == "XYZ" }) {
		t.Error("a state nobody counts among the rivals is there")
	}
	home, err := hosts.New(ev).Rivals(t.Context(), "CHN", "AAA")
	if err != nil || slices.ContainsFunc(home, func(v hosts.Rival) bool { return v.Place == "CHN" }) {
		t.Errorf("home is its own rival, %v", err)
	}
}

// All pairs in every way have to come in about a second, so that the page of
// similar countries opens at once.
func BenchmarkAllPairs(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		r, _ := built(b)
		b.StartTimer()
		for _, w := range hosts.Ways() {
			if _, err := r.Similar(b.Context(), w, "KAZ", 10); err != nil {
				b.Fatal(err)
			}
		}
	}
}
