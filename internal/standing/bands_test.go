package standing_test

import (
	"net/url"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/standing"
)

// With thresholds of one's own the answer is that of those thresholds, opens
// with them, and leaves the answer of others alone.
func TestMovedBands(t *testing.T) {
	r := standing.New(append(seventy(), voting(nil)...))
	of := func(query string) standing.Power {
		t.Helper()
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		p, err := r.Power(t.Context(), shanyraq.CountryCode(code(20)), 2020, q)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	usual := outcome(of(""), standing.Positional).P
	// Rank 20 lies within 5 to 45 whatever is drawn, and not below 25.
	inside, outside := outcome(of("b.top=5&b.bottom=45&b.capability_of=1"), standing.Positional).P, outcome(of("b.top=25..30&b.capability_of=1"), standing.Positional).P
	if inside.Value() < usual.Value() || outside.Value() != 0 || inside.Value() <= outside.Value() {
		t.Errorf("usual %v, between ranks 5 and 45 %v, from rank 25 on %v", usual.Value(), inside.Value(), outside.Value())
	}
	path, query, ok := strings.Cut(inside.Path(), "?")
	if !ok || !strings.Contains(query, "b.top=5") {
		t.Fatalf("it opens at %s", inside.Path())
	}
	q, _ := url.ParseQuery(query)
	if f, err := r.Figure(t.Context(), strings.TrimPrefix(path, "standing/"), q); err != nil || f.Value() != inside.Value() || f.Path() != inside.Path() {
		t.Errorf("it opens as %v at %s, %v", f.Value(), f.Path(), err)
	}
	if again := outcome(of(""), standing.Positional).P; again.Value() != usual.Value() || strings.Contains(again.Path(), "?") {
		t.Errorf("the usual answer is now %v at %s", again.Value(), again.Path())
	}
	// Ends that are the usual ones are none of one's own.
	if same := outcome(of("b.top=5..12"), standing.Positional).P; same.Path() != usual.Path() {
		t.Errorf("the usual ends lead to %s", same.Path())
	}
	for _, bad := range []string{"b.top=first", "b.top=12..5", "b.top=5.5", "b.distance=", "b.top=1..Inf", "b.top=.."} {
		q, _ := url.ParseQuery(bad)
		_, err := r.Power(t.Context(), shanyraq.CountryCode(code(20)), 2020, q)
		if (shanyraq.KindOf(err) == shanyraq.Invalid) == strings.HasSuffix(bad, "=") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
