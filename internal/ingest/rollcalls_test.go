package ingest_test

import (
	"strings"
	"testing"

	"shanyraq/internal/ingest"
)

const (
	goodStates = "position,code,first,last\n1,DEU,1974,2020\n2,KAZ,1992,\n"
	goodCalls  = "session,date,resolution,important,title,votes\n48,1993-11-03,R/48/2,0,\"B, second\",.N\n47,1992-09-03,R/47/1,1,A,YA\n"
)

func TestReadRollCalls(t *testing.T) {
	rc, err := ingest.ReadRollCalls(strings.NewReader(goodStates), strings.NewReader(goodCalls), "un/rollcalls", "un", known())
	if err != nil {
		t.Fatal(err)
	}
	if len(rc.Sources) != 1 || rc.Sources[0] != "un" || len(rc.States) != 2 || rc.States[1].Code != "KAZ" || rc.States[1].First != 1992 || rc.States[1].Last != 0 {
		t.Errorf("states %+v", rc.States)
	}
	if len(rc.Calls) != 2 || rc.Calls[0].Date != "1992-09-03" || !rc.Calls[0].Important || rc.Calls[0].Votes != "YA" || rc.Calls[1].Title != "B, second" {
		t.Errorf("calls %+v", rc.Calls)
	}
}

func TestReadRollCallsFaults(t *testing.T) {
	swap := strings.NewReplacer
	for _, tt := range []struct {
		name          string
		states, calls string
		want          string
	}{
		{"a state out of place", swap("\n2,", "\n3,").Replace(goodStates), goodCalls, `un/rollcalls/states.csv:3:1: position "3" follows 1 states; number the states 1, 2, 3 in order`},
		{"a state twice", swap("KAZ", "DEU").Replace(goodStates), goodCalls, `un/rollcalls/states.csv:3:3: DEU is there twice, first in line 2; rename or delete one of the two`},
		{"no state", swap("KAZ", "Kazakhstan").Replace(goodStates), goodCalls, `un/rollcalls/states.csv:3:3: code "Kazakhstan" is not a country code; did you mean KAZ?`},
		{"no year", swap("1992", "92").Replace(goodStates), goodCalls, `un/rollcalls/states.csv:3:7: first "92" is not a year; write a year such as 2024, or leave it empty`},
		{"years backwards", swap("1974,2020", "2020,1974").Replace(goodStates), goodCalls, `un/rollcalls/states.csv:2:7: first year 2020 is after last year 1974; swap the two ends`},
		{"no session", goodStates, swap("\n48", "\nx").Replace(goodCalls), `un/rollcalls/rollcalls.csv:2:1: session "x" is not a whole number above zero; write the number of the regular session, such as 47`},
		{"no day", goodStates, swap("1993-11-03", "1993-11").Replace(goodCalls), `un/rollcalls/rollcalls.csv:2:4: "1993-11" is not a day; write a day such as 1992-09-03`},
		{"neither important nor not", goodStates, swap("R/47/1,1", "R/47/1,yes").Replace(goodCalls), `un/rollcalls/rollcalls.csv:3:22: important "yes" is neither 0 nor 1; write 1 for yes or 0 for no`},
		{"a vote missing", goodStates, swap("YA", "Y").Replace(goodCalls), `un/rollcalls/rollcalls.csv:3:26: votes: 1; states: 2; write one letter for each state in the order of states.csv: Y, N, A or a full stop`},
		{"a letter too many", goodStates, swap("YA", "YX").Replace(goodCalls), `un/rollcalls/rollcalls.csv:3:26: vote "X" of state 2 is none of Y, N, A and the full stop; write one letter for each state in the order of states.csv: Y, N, A or a full stop`},
		{"a column missing", goodStates, "session,date\n", `un/rollcalls/rollcalls.csv:1: the column resolution is missing; add the column resolution to the header and its values below
un/rollcalls/rollcalls.csv:1: the column important is missing; add the column important to the header and its values below
un/rollcalls/rollcalls.csv:1: the column title is missing; add the column title to the header and its values below
un/rollcalls/rollcalls.csv:1: the column votes is missing; add the column votes to the header and its values below`},
		{"empty", goodStates, "", `un/rollcalls/rollcalls.csv: the file is empty; save the table again`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ingest.ReadRollCalls(strings.NewReader(tt.states), strings.NewReader(tt.calls), "un/rollcalls", "un", known())
			if err == nil || err.Error() != tt.want {
				t.Fatalf("got  %v\nwant %s", err, tt.want)
			}
			told(t, err)
		})
	}
}

func FuzzRollCalls(f *testing.F) {
	f.Add(goodStates, goodCalls)
	f.Add("", "")
	f.Add("position,code,first,last\n1,DEU,,\n", "session,date,resolution,important,title,votes\n1,2020-01-01,,,,é\n")
	f.Fuzz(func(t *testing.T, states, calls string) {
		rc, err := ingest.ReadRollCalls(strings.NewReader(states), strings.NewReader(calls), "", "un", nil)
		if err != nil {
			told(t, err)
			return
		}
		for i, c := range rc.Calls {
			if len(c.Votes) != len(rc.States) || strings.Trim(c.Votes, "YNA.") != "" {
				t.Errorf("votes %q of %d states", c.Votes, len(rc.States))
			}
			if i > 0 && c.Date < rc.Calls[i-1].Date {
				t.Errorf("%s before %s", rc.Calls[i-1].Date, c.Date)
			}
		}
	})
}
