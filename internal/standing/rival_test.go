package standing_test

import (
	"context"
	"errors"
	"testing"

	"shanyraq"
	"shanyraq/internal/standing"
)

// shelved is evidence that says when its sources were taken.
type shelved struct {
	evidence
	sources []shanyraq.Source
	failed  error
}

func (s shelved) Sources(context.Context) ([]shanyraq.Source, error) { return s.sources, s.failed }

// Of rivals the strongest stands; of two as strong that of the source taken
// last, whatever they are called and in whatever order they come.
func TestNewestSourceStands(t *testing.T) {
	newer := claim("zzz", people, "AAA", "2020", 140, "persons")
	weak := newer
	weak.Strength = shanyraq.Opinion
	partly := claim("zzz", people, "AAA", "2020-06", 140, "persons")
	for _, tt := range []struct {
		name  string
		rival shanyraq.Claim
		taken []shanyraq.Source
		want  float64
	}{
		{"the newer source", newer, []shanyraq.Source{{ID: "wdi", Taken: "2025"}, {ID: "zzz", Taken: "2025-02"}}, 140},
		{"the older source", newer, []shanyraq.Source{{ID: "wdi", Taken: "2025-03"}, {ID: "zzz", Taken: "2025-02"}}, 100},
		{"a newer source that is weaker", weak, []shanyraq.Source{{ID: "wdi", Taken: "2025"}, {ID: "zzz", Taken: "2026"}}, 100},
		{"a newer source about part of the year", partly, []shanyraq.Source{{ID: "wdi", Taken: "2025"}, {ID: "zzz", Taken: "2026"}}, 100},
		{"sources that say nothing", newer, nil, 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, e := range []evidence{append(three(), tt.rival), append(evidence{tt.rival}, three()...)} {
				l := league(t, shelved{evidence: e, sources: tt.taken}, standing.Question{Year: 2020})
				me, _ := l.Of("AAA")
				if got := me.Parts[1]; got.Value() != tt.want || !got.Interval().Contains(140) {
					t.Errorf("people %v in %+v, want %v", got.Value(), got.Interval(), tt.want)
				}
			}
		})
	}
	broken := shelved{evidence: three(), failed: errors.New("disk")}
	if _, err := standing.New(broken).League(t.Context(), standing.Question{Year: 2020}); !errors.Is(err, broken.failed) {
		t.Errorf("with a failing disk: %v", err)
	}
}
