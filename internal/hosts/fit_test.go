package hosts_test

import (
	"math"
	"testing"

	"shanyraq"
	"shanyraq/internal/hosts"
)

// pointed is four countries at 0, 1, 2 and 4 in the General Assembly, with
// narrow ranges, and nothing else a theme asks for.
func pointed() *evidence {
	ev := governed()
	ev.claims = nil
	for place, v := range map[string]float64{"AAA": 0, "BBB": 1, "CCC": 2, "DDD": 4} {
		c := claim("un", "un_ideal_point", place, "2024", v, shanyraq.Estimated)
		c.Unit, c.Step = "points", 1e-9
		ev.claims = append(ev.claims, c)
	}
	return ev
}

// Pairs are 1, 2, 4, 1, 3 and 2 apart. Of six pairs two are as near as A and B,
// so their share is 1/6 and the fit 1 − 2/6; A and D are the farthest.
func TestFitByHand(t *testing.T) {
	r := hosts.New(pointed())
	for _, tt := range []struct {
		a, b shanyraq.CountryCode
		want float64
		mood hosts.Mood
	}{{"AAA", "BBB", 1 - 2.0/6, hosts.Welcome}, {"AAA", "CCC", 1 - 2*3.0/6, hosts.Mixed}, {"BBB", "DDD", 1 - 2*4.5/6, hosts.Backlash}, {"AAA", "DDD", 1 - 2*5.5/6, hosts.Backlash}} {
		f, err := r.Fit(t.Context(), "mediation", tt.a, tt.b)
		if err != nil || math.Abs(f.Predicted.Value()-tt.want) > 1e-9 {
			t.Errorf("%s in %s: %v, %v; want %v", tt.a, tt.b, f.Predicted.Value(), err, tt.want)
		}
		if len(f.Missing) != 2 || f.Predicted.Interval().Kind != shanyraq.Limits {
			t.Errorf("%d parts are missing of %+v", len(f.Missing), f.Predicted.Interval())
		}
		if m, err := f.Mood(); m != hosts.Untold || err != nil { // one part of three says too little
			t.Errorf("%s in %s: %s, %v", tt.a, tt.b, m, err)
		}
		back, err := r.Fit(t.Context(), "mediation", tt.b, tt.a)
		if err != nil || back.Predicted.Value() != f.Predicted.Value() {
			t.Errorf("%s in %s: %v back, %v", tt.b, tt.a, back.Predicted.Value(), err)
		}
		if got := hosts.MoodOf(f.Predicted); got != tt.mood && tt.mood != hosts.Mixed {
			t.Errorf("%s in %s: %s, want %s of %+v", tt.a, tt.b, got, tt.mood, f.Predicted.Interval())
		}
	}
	none, err := r.Fit(t.Context(), "women", "AAA", "BBB")
	if err != nil || !none.Predicted.IsZero() || hosts.MoodOf(none.Predicted) != hosts.Untold {
		t.Errorf("a theme nothing is held of: %v, %v", none.Predicted.Value(), err)
	}
	if _, err := r.Fit(t.Context(), "chess", "AAA", "BBB"); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("an unknown theme: %v", err)
	}
}

// What an analyst puts there counts, the newest of it, and the prediction stays.
func TestFitJudged(t *testing.T) {
	ev := pointed()
	for when, v := range map[string]float64{"2025-01-01": 0.5, "2026-01-01": -0.2} {
		c := claim("own", "fit_mediation", "BBB", when, v, shanyraq.Opinion)
		c.Partner, c.Unit, c.ID, c.Step = "AAA", "index", shanyraq.ClaimID("own/fit_mediation/BBB/AAA/"+when), 0.1
		ev.claims = append(ev.claims, c)
	}
	f, err := hosts.New(ev).Fit(t.Context(), "mediation", "AAA", "BBB")
	if err != nil {
		t.Fatal(err)
	}
	taken, err := f.Taken()
	if err != nil || taken.Value() != -0.2 || math.Abs(f.Predicted.Value()-2.0/3) > 1e-9 || len(f.Judged) != 2 {
		t.Errorf("taken %v beside %v, %d judged, %v", taken.Value(), f.Predicted.Value(), len(f.Judged), err)
	}
	if other, _ := hosts.New(ev).Fit(t.Context(), "mediation", "BBB", "AAA"); len(other.Judged) != 0 {
		t.Error("a judgement of one country's theme counts for another's")
	}
}

// With the built-in tables every fit lies in its range, within −1 and 1, and
// opens; about half of all countries are below 0 in each theme; and what is said
// of the United States is tried, whichever way it comes out.
func TestFitsBuiltIn(t *testing.T) {
	r, _ := built(t)
	for _, theme := range hosts.Themes() {
		fits, order, err := r.FitIn(t.Context(), theme, "KAZ")
		if err != nil {
			t.Fatal(err)
		}
		said := 0
		last := 2.0
		for _, c := range order {
			f := fits[c].Predicted
			if f.IsZero() {
				continue
			}
			said++
			if f.Value() > last {
				t.Errorf("%s: %s stands under a worse one", theme, c)
			}
			last = f.Value()
			if iv := f.Interval(); iv.Lo < -1 || iv.Hi > 1 || iv.Lo > f.Value() || iv.Hi < f.Value() {
				t.Errorf("%s in %s: %v in %+v", theme, c, f.Value(), iv)
			}
		}
		if (said == 0) != (theme == "values") || said > 0 && said < 150 {
			t.Errorf("%s can be told of %d countries", theme, said)
		}
	}
	f, err := r.Fit(t.Context(), "education", "KAZ", "UZB")
	if err != nil {
		t.Fatal(err)
	}
	if g, err := r.Figure(t.Context(), "fit/education/KAZ/UZB", nil); err != nil || g.Value() != f.Predicted.Value() {
		t.Errorf("it opens as %v, %v", g.Value(), err)
	}
	trials, over, err := r.Trials(t.Context())
	if err != nil || len(trials) == 0 || len(trials)%len(over) != 0 {
		t.Fatalf("%d trials over %v, %v", len(trials), over, err)
	}
	held := 0
	for _, x := range trials {
		if x.Held() {
			held++
		}
	}
	if held == 0 || held == len(trials) {
		t.Errorf("%d of %d hold: it is not tried, or tried on what cannot fail", held, len(trials))
	}
}

// People from home stand between their host's public and home; what they keep
// is not known here, so the limits hold all between.
func TestFitForAudiences(t *testing.T) {
	r := hosts.New(pointed())
	for _, host := range []shanyraq.CountryCode{"BBB", "CCC", "DDD"} {
		f, err := r.Fit(t.Context(), "mediation", "AAA", host)
		if err != nil {
			t.Fatal(err)
		}
		public := f.Predicted
		for _, who := range hosts.Audiences() {
			got, err := r.For(t.Context(), f, who, "AAA", host)
			if err != nil {
				t.Fatal(err)
			}
			if who == hosts.Public {
				if got.Value() != public.Value() || got.Interval() != public.Interval() {
					t.Errorf("the public of %s has %v", host, got.Value())
				}
				continue
			}
			if iv := got.Interval(); got.Interval().Kind != shanyraq.Limits || math.Abs(iv.Lo-public.Interval().Lo) > 1e-12 || iv.Hi != 1 {
				t.Errorf("%s of %s have %v %+v of %v", who, host, got.Value(), iv, public.Value())
			}
			again, err := r.Figure(t.Context(), "audience/"+string(who)+"/mediation/AAA/"+string(host), nil)
			if err != nil || again.Value() != got.Value() {
				t.Errorf("it opens as %v, %v", again.Value(), err)
			}
		}
	}
	f, err := r.Fit(t.Context(), "women", "AAA", "BBB")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.For(t.Context(), f, hosts.Kin, "AAA", "BBB"); err != nil || !got.IsZero() {
		t.Errorf("a theme of which nothing is held has %v, %v", got.Value(), err)
	}
}

// Where half of those of home's people speak its language, they stand half way.
func TestFitOfThoseWhoKeepTheLanguage(t *testing.T) {
	ev := pointed()
	part := func(series shanyraq.SeriesID, place shanyraq.CountryCode, name string, v float64) {
		c := claim("s", string(series), string(place), "2020", v, shanyraq.Official)
		c.Subject, c.Unit, c.ID, c.Step = name, "percent", shanyraq.ClaimID(string(series)+string(place)+name), 1e-9
		ev.claims = append(ev.claims, c)
	}
	part("composition_ethnic", "AAA", "Alphan", 80)
	part("composition_ethnic", "BBB", "Alphan", 10)
	part("composition_language", "BBB", "Alphan", 5)
	r := hosts.New(ev)
	f, err := r.Fit(t.Context(), "mediation", "AAA", "BBB")
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.For(t.Context(), f, hosts.Kin, "AAA", "BBB")
	half := func(v float64) float64 { return 0.5 + 0.5*v }
	if want := half(f.Predicted.Value()); err != nil || math.Abs(got.Value()-want) > 1e-9 || math.Abs(got.Interval().Lo-half(f.Predicted.Interval().Lo)) > 1e-6 || math.Abs(got.Interval().Hi-half(f.Predicted.Interval().Hi)) > 1e-6 {
		t.Errorf("those who keep half have %v %+v, want %v, %v", got.Value(), got.Interval(), want, err)
	}
}
