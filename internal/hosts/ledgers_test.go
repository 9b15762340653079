package hosts_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/hosts"
	"shanyraq/methods/composite"
)

// record returns a claim of a record.
func record(series shanyraq.SeriesID, place, partner shanyraq.CountryCode, subject, when string) shanyraq.Claim {
	return shanyraq.Claim{ID: shanyraq.ClaimID(string(series) + string(place) + string(partner) + subject + when), Source: "census", Series: series, Place: place, Partner: partner, Subject: subject, When: shanyraq.Period(when), Value: 1, Unit: "records", Strength: shanyraq.Official}
}

func TestAServiceIsBlockedByItsNewestRecord(t *testing.T) {
	r := hosts.New(listed{claims: []shanyraq.Claim{
		record(hosts.Blocked, "AAA", "", "Telegram", "2018-04"), record(hosts.Restored, "AAA", "", "telegram", "2020-06"),
		record(hosts.Restored, "AAA", "", "TikTok", "2021"), record(hosts.Blocked, "AAA", "", "TikTok", "2024"),
		record(hosts.Blocked, "AAA", "", "X", "2022"), record(hosts.Restored, "AAA", "", "X", "2022"),
		record("law_migration", "AAA", "", "Older", "2001"), record("law_migration", "AAA", "", "Newer", "2011"), record("law_kin_ties", "AAA", "", "Kin", "1999"),
		record(hosts.Blocked, "BBB", "", "Signal", "2020"),
	}})
	s, err := r.Setting(t.Context(), "AAA")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, c := range s.Channels {
		got[c.Name] = c.State == hosts.Blocked
	}
	if len(got) != 3 || got["Telegram"] || got["telegram"] || !got["TikTok"] || !got["X"] {
		t.Errorf("blocked are %v; of two records on one day the block stands", got)
	}
	if s.Channels[0].State != hosts.Blocked || s.Channels[2].State == hosts.Blocked {
		t.Error("blocked services do not come first")
	}
	for _, tt := range []struct {
		host, service string
		state         shanyraq.SeriesID
	}{
		{"RUS", "WhatsApp", hosts.Slowed}, {"RUS", "Telegram", hosts.Slowed}, {"RUS", "TikTok", hosts.Withdrawn}, {"RUS", "Instagram", hosts.Blocked},
		{"CHN", "Google", hosts.Partly}, {"UZB", "YouTube", hosts.Paused}, {"TUR", "Instagram", hosts.Restored},
	} {
		w, err := builtin()
		if err != nil {
			t.Fatal(err)
		}
		s, err := hosts.New(w).Setting(t.Context(), shanyraq.CountryCode(tt.host))
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(s.Channels, func(c hosts.Channel) bool { return c.Name == tt.service }); i < 0 || s.Channels[i].State != tt.state {
			t.Errorf("%s in %s is not %s: %+v", tt.service, tt.host, tt.state, s.Channels)
		}
	}
	var rules []string
	for _, c := range s.Rules {
		rules = append(rules, c.Subject)
	}
	if !slices.Equal(rules, []string{"Kin", "Newer", "Older"}) {
		t.Errorf("rules are %v", rules)
	}
}

func TestReactionsAreSharesOfAStatesEpisodes(t *testing.T) {
	e := func(place, rival shanyraq.CountryCode, response, when string) shanyraq.Claim {
		return record(hosts.Episodes, place, rival, response, when)
	}
	r := hosts.New(listed{claims: []shanyraq.Claim{
		e("AAA", "RRR", "countered", "2020"), e("BBB", "RRR", "countered", "2021"), e("BBB", "RRR", "matched", "2022"), e("BBB", "RRR", "pressed", "2023"),
		e("AAA", "UUU", "matched", "2020"), e("BBB", "UUU", "matched", "2021"), e("BBB", "UUU", "pressed", "2022"),
		e("BBB", "SSS", "matched", "2020"), e("AAA", "SSS", "cooperated", "2021"),
		e("AAA", "HHH", "matched", "2020"), e("AAA", "RRR", "smiled", "2020"), e("AAA", "AAA", "countered", "2020"), e("BBB", "TTT", "countered", "2020"),
	}})
	rs, err := r.Reactions(t.Context(), "HHH", "AAA")
	if err != nil {
		t.Fatal(err)
	}
	if len(rs) != 3 || rs[0].Rival != "RRR" || len(rs[0].All) != 4 || len(rs[0].Here) != 1 || rs[0].Likely != "" || rs[1].Likely != "matched" || rs[2].Likely != "" {
		t.Fatalf("reactions are %+v", rs)
	}
	if own, err := r.Own(t.Context(), "AAA"); err != nil || len(own) != 1 {
		t.Errorf("the host itself responded %d times, %v", len(own), err)
	}
	var sum float64
	for _, k := range hosts.Responses() {
		f := rs[0].Shares[k]
		sum += f.Value()
		again, err := r.Figure(t.Context(), "response/AAA/RRR/"+string(k), nil)
		if err != nil || again.Value() != f.Value() {
			t.Errorf("%s opens as %v, %v", k, again.Value(), err)
		}
	}
	// Wilson, 2 of 4: 0.15 to 0.85 (E. B. Wilson's formula by hand).
	if f := rs[0].Shares["countered"]; math.Abs(sum-100) > 1e-9 || f.Value() != 50 || math.Abs(f.Interval().Lo-15.0039) > 1e-3 || math.Abs(f.Interval().Hi-84.9961) > 1e-3 {
		t.Errorf("shares add to %v; countered is %v %+v", sum, f.Value(), f.Interval())
	}
	if f := rs[0].Shares["withdrew"]; f.Value() != 0 || f.Interval().Lo != 0 || f.Interval().Hi < 30 {
		t.Errorf("what never happened is %v %+v", f.Value(), f.Interval())
	}
}

// The mean coverage, exactly, over true shares of 0.1 to 0.9.
func TestShareOfResponsesCovers(t *testing.T) {
	for _, n := range []int{5, 20} {
		var mean float64
		for i := range 81 {
			p := 0.1 + 0.01*float64(i)
			for x := 0; x <= n; x++ {
				if lo, hi := composite.Wilson(float64(x)/float64(n), n, 0.95); lo <= p && p <= hi {
					mean += math.Exp(logChoose(n, x)+float64(x)*math.Log(p)+float64(n-x)*math.Log(1-p)) / 81
				}
			}
		}
		if mean < 0.94 || mean > 0.97 {
			t.Errorf("of %d episodes the range covers %.3f", n, mean)
		}
	}
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

func TestARankIsPlacedAmongThoseRanked(t *testing.T) {
	c := func(series shanyraq.SeriesID, place shanyraq.CountryCode, when string, v float64) shanyraq.Claim {
		x := record(series, place, "", "", when)
		x.Value, x.Unit = v, "rank"
		return x
	}
	r := hosts.New(listed{claims: []shanyraq.Claim{
		c("gspi_rank", "AAA", "2026", 4), c("gspi_rank", "AAA", "2024", 193), c("gspi_ranked", "WLD", "2024", 193), c("gspi_rank", "AAA", "2023", 61), c("gspi_ranked", "WLD", "2023", 121), c("gspi_rank", "AAA", "2022", 1), c("gspi_ranked", "WLD", "2022", 121), c("gspi_rank", "BBB", "2024", 1),
	}})
	ps, err := r.Placings(t.Context(), "AAA")
	if err != nil || len(ps) != 4 {
		t.Fatalf("%d placings, %v", len(ps), err)
	}
	if !ps[0].Placed.IsZero() || !ps[0].Apart {
		t.Error("a rank of an unknown number is placed")
	}
	if ps[1].Placed.Value() != 0 || !ps[1].Apart || ps[2].Placed.Value() != 50 || ps[2].Apart || ps[3].Placed.Value() != 100 {
		t.Errorf("placed at %v, %v and %v", ps[1].Placed.Value(), ps[2].Placed.Value(), ps[3].Placed.Value())
	}
	if f, err := r.Figure(t.Context(), "placed/gspi_rank/AAA/2023", nil); err != nil || f.Value() != 50 {
		t.Errorf("it opens as %v, %v", f.Value(), err)
	}
}

func TestCasesAreInOrder(t *testing.T) {
	l, err := hosts.New(listed{claims: []shanyraq.Claim{
		record(hosts.Cases, "AAA", "", "mediator", "2020"), record(hosts.Cases, "BBB", "", "limits", "2020"), record(hosts.Cases, "BBB", "AAA", "doctrine", "2001"), record(hosts.Limits, "AAA", "", "broadcasting", "2001"),
	}}).Compared(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(l.States, []shanyraq.CountryCode{"BBB", "AAA"}) || !slices.Equal(l.Headings, []string{"doctrine", "limits", "mediator"}) || len(l.Cases) != 3 || l.Cases[0].Subject != "doctrine" || l.Cases[2].Place != "AAA" || len(l.Limits) != 1 {
		t.Errorf("the library is %+v", l)
	}
}

// listed is evidence of some claims.
type listed struct{ claims []shanyraq.Claim }

func (l listed) Claims(_ context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	return slices.DeleteFunc(slices.Clone(l.claims), func(c shanyraq.Claim) bool {
		return len(q.Series) > 0 && !slices.Contains(q.Series, c.Series) || len(q.Places) > 0 && !slices.Contains(q.Places, c.Place) || len(q.Partners) > 0 && !slices.Contains(q.Partners, c.Partner)
	}), nil
}
func (l listed) Series(context.Context) ([]shanyraq.Series, error) { return nil, nil }
func (l listed) Groups(context.Context) ([]shanyraq.Group, error)  { return nil, nil }
func (l listed) Places(context.Context) ([]shanyraq.Place, error)  { return nil, nil }

func TestProxiesOfHeritageKept(t *testing.T) {
	r := hosts.New(listed{claims: []shanyraq.Claim{record(hosts.Bodies, "AAA", "HHH", "A house", ""), record(hosts.Bodies, "AAA", "HHH", "A school", ""), record(hosts.Bodies, "AAA", "GGG", "Another", "")}}).Asking(crowd{"AAA": 10_000})
	for host, want := range map[shanyraq.CountryCode][3]float64{"AAA": {0, 1, 2}, "BBB": {}} {
		ps, err := r.Proxies(t.Context(), "HHH", host)
		if err != nil || len(ps) != 3 {
			t.Fatalf("%d proxies, %v", len(ps), err)
		}
		for i, p := range ps {
			if p.Figure.Value() != want[i] || p.Figure.IsZero() != (want[i] == 0) {
				t.Errorf("%s of %s is %v, want %v", p.Key, host, p.Figure.Value(), want[i])
			}
			if p.Figure.IsZero() {
				continue
			}
			again, err := r.Figure(t.Context(), strings.TrimPrefix(p.Figure.Path(), "hosts/"), nil)
			if err != nil || again.Value() != p.Figure.Value() {
				t.Errorf("%s opens as %v, %v", p.Figure.Path(), again.Value(), err)
			}
		}
		// Both numbers are from half to twice, so the share is from a quarter to four times.
		if f := ps[1].Figure; host == "AAA" && (f.Interval().Lo != 0.25 || f.Interval().Hi != 4) {
			t.Errorf("returns range from %v to %v", f.Interval().Lo, f.Interval().Hi)
		}
	}
}

func TestChangeIsOverTenYears(t *testing.T) {
	c := func(source shanyraq.SourceID, when string, v float64) shanyraq.Claim {
		x := record("rule", "AAA", "", "", when)
		x.ID, x.Source, x.Value, x.Unit, x.Step = shanyraq.ClaimID(string(source)+when), source, v, "index", 0.1
		return x
	}
	for name, tt := range map[string]struct {
		claims []shanyraq.Claim
		want   float64
		some   bool
	}{
		"the very year before the nearest":    {[]shanyraq.Claim{c("s", "2013", 9), c("s", "2014", 0.5), c("s", "2015", 9), c("s", "2024", 0.2)}, -0.3, true},
		"the nearest within two":              {[]shanyraq.Claim{c("s", "2009", 9), c("s", "2016", 0.4), c("s", "2024", 0.2)}, -0.2, true},
		"none within two":                     {[]shanyraq.Claim{c("s", "2011", 9), c("s", "2017", 9), c("s", "2024", 0.2)}, 0, false},
		"another source is not compared":      {[]shanyraq.Claim{c("other", "2014", 9), c("s", "2024", 0.2)}, 0, false},
		"nothing held, nothing to be told of": {nil, 0, false},
	} {
		f, err := hosts.New(listed{claims: tt.claims}).Since(t.Context(), "rule", "AAA")
		if err != nil || f.IsZero() == tt.some || math.Abs(f.Value()-tt.want) > 1e-9 {
			t.Errorf("%s: %v, %v; want %v", name, f.Value(), err, tt.want)
		}
		if tt.some && (math.Abs(f.Interval().Lo-tt.want+0.1) > 1e-9 || math.Abs(f.Interval().Hi-tt.want-0.1) > 1e-9) {
			t.Errorf("%s: the digits printed leave %+v", name, f.Interval())
		}
	}
}
