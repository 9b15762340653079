package hosts_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanyraq"
	"shanyraq/internal/hosts"
)

// today is the day of the tests.
var today = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// decided returns a decision made some days before today.
func decided(by string, tier hosts.Tier, daysAgo int) hosts.Decision {
	return hosts.Decision{Place: "UZB", Tier: tier, Found: hosts.Caution, Memo: "seen by the mission", By: by, At: today.AddDate(0, 0, -daysAgo)}
}

func TestWeigh(t *testing.T) {
	found := func(d hosts.Decision, f hosts.Tier) hosts.Decision { d.Found = f; return d }
	for _, tt := range []struct {
		name      string
		found     hosts.Tier
		decisions []hosts.Decision
		want      hosts.Tier
		expired   bool
		asked     int
	}{
		{"nobody decided", hosts.Caution, nil, hosts.Caution, false, 0},
		{"one raises at once", hosts.Caution, []hosts.Decision{decided("A", hosts.Refused, 0)}, hosts.Refused, false, 0},
		{"one cannot lower", hosts.Caution, []hosts.Decision{decided("A", hosts.Open, 5)}, hosts.Caution, false, 1},
		{"one cannot lower twice", hosts.Caution, []hosts.Decision{decided("A", hosts.Open, 5), decided("A", hosts.Open, 4)}, hosts.Caution, false, 2},
		{"one in Cyrillic letters", hosts.Caution, []hosts.Decision{decided("A. Petrov", hosts.Open, 5), decided("А. Реtrоv", hosts.Open, 4)}, hosts.Caution, false, 2},
		{"two lower by one tier at most", hosts.Refused, []hosts.Decision{found(decided("A", hosts.Open, 5), hosts.Refused), found(decided("B", hosts.Open, 4), hosts.Refused)}, hosts.Caution, false, 0},
		{"one under another spelling of the name", hosts.Caution, []hosts.Decision{decided("A. Officer", hosts.Open, 5), decided(" a.  officer ", hosts.Open, 4)}, hosts.Caution, false, 2},
		{"two lower", hosts.Caution, []hosts.Decision{decided("A", hosts.Open, 5), decided("B", hosts.Open, 4)}, hosts.Open, false, 0},
		{"two lower to the higher of what they ask", hosts.Refused, []hosts.Decision{found(decided("A", hosts.Open, 5), hosts.Refused), found(decided("B", hosts.Caution, 4), hosts.Refused)}, hosts.Caution, false, 0},
		{"the second comes after the first has lapsed", hosts.Caution, []hosts.Decision{decided("A", hosts.Open, 100), decided("B", hosts.Open, 4)}, hosts.Caution, false, 1},
		{"a raise between them ends the first", hosts.Caution, []hosts.Decision{decided("A", hosts.Open, 9), decided("C", hosts.Refused, 8), decided("B", hosts.Caution, 7)}, hosts.Refused, false, 1},
		{"89 days hold", hosts.Caution, []hosts.Decision{decided("A", hosts.Open, 89), decided("B", hosts.Open, 89)}, hosts.Open, false, 0},
		{"after 90 days one higher", hosts.Caution, []hosts.Decision{decided("A", hosts.Open, 90), decided("B", hosts.Open, 90)}, hosts.Caution, true, 0},
		{"a raise that lapsed is higher still", hosts.Open, []hosts.Decision{found(decided("A", hosts.Caution, 91), hosts.Open)}, hosts.Refused, true, 0},
		{"there is none above the highest", hosts.Caution, []hosts.Decision{decided("A", hosts.Refused, 400)}, hosts.Refused, true, 0},
		{"renewed by one", hosts.Caution, []hosts.Decision{decided("A", hosts.Open, 120), decided("B", hosts.Open, 119), decided("C", hosts.Open, 40)}, hosts.Open, false, 0},
		{"renewed too late, what lapsed is not there to renew", hosts.Caution, []hosts.Decision{decided("A", hosts.Open, 200), decided("B", hosts.Open, 199), decided("C", hosts.Open, 40)}, hosts.Caution, true, 1},
		{"worse evidence holds against a decision", hosts.Refused, []hosts.Decision{decided("A", hosts.Open, 5), decided("B", hosts.Open, 4)}, hosts.Refused, false, 0},
		{"a decision of tomorrow is not heard", hosts.Caution, []hosts.Decision{decided("A", hosts.Refused, -1)}, hosts.Caution, false, 0},
		{"one without a memo is not heard", hosts.Caution, []hosts.Decision{{Place: "UZB", Tier: hosts.Refused, Found: hosts.Caution, By: "A", At: today}}, hosts.Caution, false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := hosts.Weigh(tt.found, tt.decisions, today)
			if r.Tier != tt.want || r.Expired != tt.expired || len(r.Asked) != tt.asked {
				t.Errorf("tier %d, expired %v, %d asked; want %d, %v, %d", r.Tier, r.Expired, len(r.Asked), tt.want, tt.expired, tt.asked)
			}
		})
	}
}

// history draws decisions of a few officers over a year.
func history(t *rapid.T, officers []string) []hosts.Decision {
	n := rapid.IntRange(0, 12).Draw(t, "decisions")
	out := make([]hosts.Decision, n)
	for i := range out {
		out[i] = decided(rapid.SampledFrom(officers).Draw(t, fmt.Sprint("by", i)), hosts.Tier(rapid.IntRange(1, 3).Draw(t, fmt.Sprint("tier", i))), rapid.IntRange(0, 365).Draw(t, fmt.Sprint("ago", i)))
		out[i].At = out[i].At.Add(time.Duration(i) * time.Minute) // no two at one moment
		out[i].Found = hosts.Tier(rapid.IntRange(1, 3).Draw(t, fmt.Sprint("found", i)))
	}
	return out
}

// A review that nobody holds never lowers protection: with no further decision
// a host's tier only rises with time.
func TestTimeNeverLowersATier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ds := history(t, []string{"A", "B", "C"})
		found := hosts.Tier(rapid.IntRange(1, 3).Draw(t, "found"))
		now := today.Add(time.Hour)
		before := hosts.Weigh(found, ds, now).Tier
		after := hosts.Weigh(found, ds, now.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "days"))).Tier
		if after < before {
			t.Fatalf("tier %d becomes %d by waiting", before, after)
		}
	})
}

// Nobody lowers a tier alone, however often they ask and whatever else they
// decide in between.
func TestNobodyLowersAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ds := history(t, []string{"A"})
		found := hosts.Tier(rapid.IntRange(1, 3).Draw(t, "found"))
		for i := range ds {
			ds[i].Found = found // the evidence stays as it is
		}
		slices.SortFunc(ds, func(a, b hosts.Decision) int { return a.At.Compare(b.At) })
		was := found
		for i, d := range ds {
			now := hosts.Weigh(found, ds[:i+1], d.At).Tier
			if just := hosts.Weigh(found, ds[:i], d.At).Tier; now < just {
				t.Fatalf("decision %d lowers %d to %d", i, just, now)
			}
			if now < was {
				t.Fatalf("%d under %d, where it began", now, was)
			}
			was = min(was, now)
		}
	})
}

// A decision for a higher tier holds from the moment it is made; the evidence
// counts one way; and the order in which a list is kept does not matter.
func TestTierProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ds := history(t, []string{"A", "B", "C"})
		found := hosts.Tier(rapid.IntRange(1, 3).Draw(t, "found"))
		now := today.Add(time.Hour)
		r := hosts.Weigh(found, ds, now)
		if r.Tier < hosts.Open || r.Tier > hosts.Refused {
			t.Fatalf("tier %d", r.Tier)
		}
		raise := decided("D", hosts.Refused, 0)
		raise.At = now
		if up := hosts.Weigh(found, append(slices.Clone(ds), raise), now); up.Tier != hosts.Refused {
			t.Fatalf("raised, and %d", up.Tier)
		}
		if found < hosts.Refused {
			if worse := hosts.Weigh(found+1, ds, now); worse.Tier < r.Tier {
				t.Fatalf("worse evidence lowers %d to %d", r.Tier, worse.Tier)
			}
		}
		turned := slices.Clone(ds)
		slices.Reverse(turned)
		if other := hosts.Weigh(found, turned, now); other.Tier != r.Tier || other.Expired != r.Expired || len(other.Asked) != len(r.Asked) {
			t.Fatalf("in another order %+v instead of %+v", other, r)
		}
	})
}

func TestDecisionCheck(t *testing.T) {
	whole := decided("A", hosts.Caution, 1)
	if err := whole.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*hosts.Decision){
		"place": func(d *hosts.Decision) { d.Place = "" }, "tier": func(d *hosts.Decision) { d.Tier = 4 }, "memo": func(d *hosts.Decision) { d.Memo = " \n" },
		"by": func(d *hosts.Decision) { d.By = "\t" }, "at": func(d *hosts.Decision) { d.At = time.Time{} },
	} {
		d := whole
		change(&d)
		if err := d.Check(); shanyraq.KindOf(err) != shanyraq.Invalid || !strings.Contains(err.Error(), name) {
			t.Errorf("without its %s: %v", name, err)
		}
	}
}

// kept is evidence with a ledger of decisions.
type keptEvidence struct {
	*evidence
	decisions []hosts.Decision
}

func (k keptEvidence) Decisions(context.Context) ([]hosts.Decision, error) { return k.decisions, nil }

func TestSafety(t *testing.T) {
	rate := func(series, place string, v float64) shanyraq.Claim {
		c := claim("s", series, place, "2024", v, shanyraq.Estimated)
		c.Unit, c.Step = "index", 0.001
		return c
	}
	ev := &evidence{places: []shanyraq.Place{{Code: "CHN"}, {Code: "DEU"}, {Code: "UZB"}}, claims: []shanyraq.Claim{
		rate("VDEM_v2x_libdem", "DEU", 0.79), rate("WGI_voice_accountability_estimate", "DEU", 1.46),
		rate("VDEM_v2x_libdem", "CHN", 0.04), rate("VDEM_v2x_libdem", "UZB", 0.6), rate("WGI_voice_accountability_estimate", "UZB", 0.9),
	}}
	ds := []hosts.Decision{{Place: "DEU", Tier: hosts.Open, Found: hosts.Caution, Memo: "m", By: "A", At: today.AddDate(0, 0, -3)}, {Place: "DEU", Tier: hosts.Open, Found: hosts.Caution, Memo: "m", By: "B", At: today.AddDate(0, 0, -2)},
		{Place: "FRA", Tier: hosts.Open, Found: hosts.Caution, Memo: "m", By: "A", At: today.AddDate(0, 0, -3)}, {Place: "FRA", Tier: hosts.Open, Found: hosts.Caution, Memo: "m", By: "B", At: today.AddDate(0, 0, -2)}}
	for _, tt := range []struct {
		place            shanyraq.CountryCode
		ledger           bool
		tier             hosts.Tier
		judged, speaks   bool
		readable, wanted bool
	}{
		{"CHN", false, hosts.Refused, true, false, false, false},
		{"DEU", false, hosts.Caution, false, true, false, false}, // rights rated high alone open nothing
		{"DEU", true, hosts.Open, false, true, true, true},
		{"FRA", true, hosts.Caution, false, false, true, true},    // decided open, and rights are not reached
		{"UZB", false, hosts.Caution, false, false, false, false}, // 0.6 to a thousandth may be less
		{"FRA", false, hosts.Caution, false, false, false, false}, // nothing held counts as caution
	} {
		var room *hosts.Room
		if tt.ledger {
			room = hosts.New(keptEvidence{ev, ds})
		} else {
			room = hosts.New(ev)
		}
		s, err := room.Safety(t.Context(), tt.place, today)
		if err != nil || s.Tier != tt.tier || s.Judged != tt.judged || s.Speaks != tt.speaks || s.Readable != tt.readable || len(s.Past) > 0 != tt.wanted {
			t.Errorf("%s: %+v, %v", tt.place, s, err)
		}
		if n, err := room.Protection(t.Context(), tt.place, today); err != nil || n != int(tt.tier) {
			t.Errorf("%s: protection %d, %v", tt.place, n, err)
		}
	}
	ev.failed = context.DeadlineExceeded
	if n, err := hosts.New(ev).Protection(t.Context(), "DEU", today); err == nil || n != int(hosts.Refused) {
		t.Errorf("evidence that cannot be read protects at %d, %v", n, err)
	}
}

// Names that nobody can tell apart on a screen are one officer's.
func TestOfficer(t *testing.T) {
	of := func(name string) string { return hosts.Decision{By: name}.Officer() }
	for _, same := range [][2]string{
		{"A", "А"}, {"A", "Α"}, {"A. Officer", " a.  OFFICER"}, {"Ann Lee", "AnnLee"}, {"Алия", "алия\u200b"}, {"Ivan", "lvan"}, {"Moor", "Mооr"}, {"Ann", "Ａnn"}, {"Zoë", "Zoe"}, {"Marn", "Mam"},
	} {
		if of(same[0]) != of(same[1]) {
			t.Errorf("%q and %q: %q and %q", same[0], same[1], of(same[0]), of(same[1]))
		}
	}
	for _, other := range [][2]string{{"A", "B"}, {"Алия", "Асель"}, {"A. Officer", "B. Officer"}, {"王", "李"}} {
		if of(other[0]) == of(other[1]) {
			t.Errorf("%q and %q are both %q", other[0], other[1], of(other[0]))
		}
	}
	if of(" -") != "" {
		t.Error("a stroke is a name")
	}
}

func TestAllow(t *testing.T) {
	long := "no case known to the mission or the press since 2020, note 12"
	for _, tt := range []struct {
		name   string
		held   hosts.Tier
		speaks bool
		asked  hosts.Tier
		memo   string
		want   string // key of what is wrong
	}{
		{"one down", hosts.Refused, false, hosts.Caution, long, ""},
		{"two down", hosts.Refused, true, hosts.Open, long, "decision_steps"},
		{"open where rights are not reached", hosts.Caution, false, hosts.Open, long, "decision_rights"},
		{"open where they are", hosts.Caution, true, hosts.Open, long, ""},
		{"with a letter for a memo", hosts.Caution, true, hosts.Open, "x", "decision_short"},
		{"with one word for a memo", hosts.Caution, true, hosts.Open, strings.Repeat("note ", 20), "decision_short"},
		{"raised with a word", hosts.Open, true, hosts.Refused, "x", ""},
		{"renewed with a word", hosts.Caution, false, hosts.Caution, "x", ""},
		{"without a memo", hosts.Open, true, hosts.Refused, " ", "decision_memo"},
	} {
		d := decided("A", tt.asked, 0)
		d.Memo = tt.memo
		err := hosts.Safety{Place: "UZB", Ruling: hosts.Ruling{Tier: tt.held}, Speaks: tt.speaks}.Allow(d)
		if got := strings.TrimPrefix(shanyraq.TextOf(err).Key, "hosts.error."); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestNamesAPerson(t *testing.T) {
	for text, want := range map[string]bool{
		"Aigul Serik, born 12.03.1987, was asked": true, "Айгуль Серик, 1987 г.р.": true, "Aigul Serik of the mission": false,
		"seen on 2026-05-03 by the mission": false, "Seen by Almaty Office on 12.03.2026": true, "no case known since 2020": false,
	} {
		if got := hosts.NamesAPerson(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
