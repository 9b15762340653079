package vectors_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// Months counted of events and held as claims give the tone that the events
// have day by day, the balance by hand, and the jump that was put in.
func TestNews(t *testing.T) {
	n := vectors.NewNews("KAZ", []shanyraq.CountryCode{"CHN"}, nil)
	day := func(y, m, d int) int { return int(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / 86400) }
	for m := range 48 { // from January 2020
		y, mo := 2020+m/12, 1+m%12
		wobble := 0.2 * float64(m%3-1)
		tone := 2 + wobble
		if m >= 25 { // February 2022
			tone = 5 + wobble
		}
		n.Add("CHN", "KAZ", day(y, mo, 3), "043", tone+1, 10)
		n.Add("CHN", "KAZ", day(y, mo, 20), "043", tone-1, 10)
		if m%2 == 1 {
			n.Add("CHN", "KAZ", day(y, mo, 22), "112", math.NaN(), 10)
		}
		n.Add("CHN", "KAZ", day(y, mo, 21), "112", math.NaN(), 10) // a code without a score is counted and not averaged
	}
	months, err := n.Months()
	if err != nil || len(months) != 48 {
		t.Fatalf("%d months, %v", len(months), err)
	}
	if m := months[0]; m.When != "2020-01" || m.Quads != [4]int{2, 0, 1, 0} || math.Abs(m.Tone-1.8) > 1e-9 || !(m.Lo < 1.8 && m.Hi > 1.8) {
		t.Errorf("first month %+v", m)
	}
	var cs []shanyraq.Claim
	for _, m := range months {
		for q, count := range m.Quads {
			cs = append(cs, shanyraq.Claim{ID: shanyraq.ClaimID(fmt.Sprintf("g/n/%s/%d", m.When, q)), Source: "g", Series: vectors.NewsReports, Place: m.From, Partner: m.To, Subject: vectors.NewsClasses()[q], When: m.When, Value: float64(count), Unit: "records"})
		}
		cs = append(cs, shanyraq.Claim{ID: shanyraq.ClaimID("g/t/" + string(m.When)), Source: "g", Series: vectors.NewsTone, Place: m.From, Partner: m.To, When: m.When, Value: m.Tone, Stated: &shanyraq.Interval{Lo: m.Lo, Hi: m.Hi, Level: 0.9, Kind: shanyraq.Confidence}, Unit: "points"})
	}
	ev := &evidence{groups: powers(), claims: cs}
	held, err := vectors.New(ev).NewsHeld(t.Context(), "KAZ")
	if err != nil || len(held) != 1 {
		t.Fatalf("%d pairs, %v", len(held), err)
	}
	h := held[0]
	if h.N != 42 || h.Days != 12 || h.Quads != [4]int{24, 0, 18, 0} || len(h.Months) != 48 {
		t.Errorf("%d reports in %d months, %v, %d drawn", h.N, h.Days, h.Quads, len(h.Months))
	}
	tones, err := n.Tones(t.Context(), time.Date(2023, 12, 31, 0, 0, 0, 0, time.UTC), 90)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		what string
		f    shanyraq.Figure
		want float64
	}{{"score", h.Score, 5}, {"net", h.Net, 1.0 / 7}, {"change", h.Change, tones[0].Change.Value()}} {
		if iv := x.f.Interval(); x.f.IsZero() || math.Abs(x.f.Value()-x.want) > 1e-9 || !(iv.Lo <= x.want && iv.Hi >= x.want) {
			t.Errorf("%s %v in %+v, want %v", x.what, x.f.Value(), x.f.Interval(), x.want)
		}
	}
	if v := h.Change.Value(); math.Abs(v-3) > 0.2 {
		t.Errorf("a jump of 3 is seen as %v", v)
	}
	for _, f := range append(h.Months, h.Score, h.Net, h.Change) {
		got, err := vectors.New(ev).Figure(t.Context(), strings.TrimPrefix(f.Path(), "vectors/"))
		if err != nil || got.Value() != f.Value() {
			t.Errorf("%s: %v", f.Path(), err)
		}
	}
	none, err := vectors.New(&evidence{groups: powers()}).NewsHeld(t.Context(), "KAZ")
	if err != nil || len(none) != 0 {
		t.Errorf("without news %d pairs, %v", len(none), err)
	}
}
