package store

import (
	"context"
	"testing"
	"time"

	"shanyraq"
	"shanyraq/internal/hosts"
)

// The text of a decision can be taken back, and nothing else of it: the tier,
// the officer and the line stay, no version shows the text, and it stays so.
func TestRedact(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	day := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	decide := func(by, memo string, at time.Time) {
		t.Helper()
		must[shanyraq.Activity](t)(s.Decide(ctx, hosts.Decision{Place: "KAZ", Tier: hosts.Refused, Found: hosts.Caution, Memo: memo, By: by, At: at}, by))
	}
	decide("A. Officer", "names somebody", day)
	decide("B. Officer", "names nobody", day.Add(time.Hour))
	decide("A. Officer", "another day", day.AddDate(0, 0, 1))
	old := latest(t, s)
	if ds := must[[]hosts.Decision](t)(old.Decisions(ctx)); len(ds) != 3 || ds[0].Memo != "names somebody" {
		t.Fatalf("%+v", ds)
	}
	_, err := s.Redact(ctx, "KAZ", day, "Nobody", "C")
	refused(t, err, shanyraq.NotFound, "store.decision_none")
	line := must[shanyraq.Activity](t)(s.Redact(ctx, "KAZ", day, "а. officer", "C")) // the first letter is Cyrillic
	for name, r := range map[string]*Reader{"the newest": latest(t, s), "an earlier one": old} {
		ds := must[[]hosts.Decision](t)(r.Decisions(ctx))
		if len(ds) != 3 || ds[0].Memo != "withdrawn" || !ds[0].Withdrawn || ds[0].Tier != hosts.Refused || ds[0].By != "A. Officer" || ds[0].Check() != nil {
			t.Errorf("%s: %+v", name, ds)
		}
		if ds[1].Memo != "names nobody" || ds[2].Memo != "another day" {
			t.Errorf("%s: others changed: %+v", name, ds)
		}
	}
	_, err = s.Redact(ctx, "KAZ", day, "A. Officer", "C")
	refused(t, err, shanyraq.NotFound, "store.decision_none")
	_, err = s.Undo(ctx, line.Seq, "C")
	refused(t, err, shanyraq.Conflict, "store.undo_decision")
	if r := must[Report](t)(s.Verify(ctx)); !r.OK() {
		t.Errorf("%v", r.Problems)
	}
}
