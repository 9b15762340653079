package shanyraq

import (
	"encoding/json"
	"testing"
)

func TestIntervalKinds(t *testing.T) {
	seen := map[string]bool{}
	for i, k := range IntervalKinds() {
		if int(k) != i+1 {
			t.Errorf("kind %d stands at %d", k, i)
		}
		if k.String() == "" || seen[k.String()] {
			t.Errorf("kind %d is called %q", k, k)
		}
		seen[k.String()] = true
		back, err := ParseIntervalKind(k.String())
		if err != nil || back != k {
			t.Errorf("%q was read as %v, %v", k, back, err)
		}
	}
	if len(IntervalKinds()) != len(kindNames)-1 {
		t.Errorf("%d kinds have %d names", len(IntervalKinds()), len(kindNames)-1)
	}
	for _, s := range []string{"", "Confidence", "ci", "IntervalKind(10)"} {
		if k, err := ParseIntervalKind(s); KindOf(err) != Invalid || k != 0 {
			t.Errorf("%q was read as %v, %v", s, k, err)
		}
	}
	if got := IntervalKind(10).String(); got != "IntervalKind(10)" {
		t.Errorf("a kind there is not is called %q", got)
	}
}

// Which kinds state a level, and which may have no width.
func TestIntervalKindRules(t *testing.T) {
	for _, tt := range []struct {
		kind         IntervalKind
		level, point bool
	}{
		{Confidence, true, false}, {Credible, true, false}, {Judged, false, false}, {Counted, false, true},
		{Spread, false, false}, {Bounds, false, true}, {Varied, true, true}, {Printed, false, false},
	} {
		iv := Interval{Lo: 1, Hi: 1, Kind: tt.kind}
		if tt.level {
			iv.Level = 0.5
		}
		if got := iv.Check(1) == nil; got != tt.point {
			t.Errorf("%s of no width: allowed %v, want %v", tt.kind, got, tt.point)
		}
		if tt.kind.HasLevel() != tt.level {
			t.Errorf("%s.HasLevel() = %v", tt.kind, !tt.level)
		}
		iv.Level = 0.5 - iv.Level
		if iv.Check(1) == nil {
			t.Errorf("%s passes with level %v", tt.kind, iv.Level)
		}
	}
}

func TestIntervalContains(t *testing.T) {
	iv := Interval{Lo: -1, Hi: 2}
	for v, want := range map[float64]bool{-1.001: false, -1: true, 0: true, 2: true, 2.001: false} {
		if iv.Contains(v) != want {
			t.Errorf("Contains(%v) = %v", v, !want)
		}
	}
}

func TestIntervalJSON(t *testing.T) {
	for _, tt := range []struct {
		iv   Interval
		want string
	}{
		{Interval{Lo: 1, Hi: 2, Level: 0.9, Kind: Credible}, `{"lo":1,"hi":2,"level":0.9,"kind":"credible"}`},
		{Interval{Lo: 0, Hi: 0, Kind: Counted}, `{"lo":0,"hi":0,"kind":"counted"}`},
	} {
		b, err := json.Marshal(tt.iv)
		if err != nil || string(b) != tt.want {
			t.Errorf("wrote %s, %v; want %s", b, err, tt.want)
		}
		var back Interval
		if err := json.Unmarshal(b, &back); err != nil || back != tt.iv {
			t.Errorf("%s was read as %+v, %v", b, back, err)
		}
	}
	for _, s := range []string{`{"lo":1,"hi":2}`, `{"lo":1,"hi":2,"kind":"guess"}`, `{"lo":"1","hi":2,"kind":"judged"}`, `[]`} {
		var iv Interval
		if err := json.Unmarshal([]byte(s), &iv); err == nil {
			t.Errorf("%s was read as %+v", s, iv)
		}
	}
}
