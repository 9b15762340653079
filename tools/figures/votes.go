package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The General Assembly's regular sessions kept, 1992 to 2019.
const firstSession, lastSession = 47, 74

// rollCalls writes every recorded vote, one letter per state, without the
// columns of states that had ended before the first session kept.
func rollCalls(w *workspace) error {
	type state struct {
		column      int
		code        string
		first, last string
	}
	var states []state
	err := w.read("un-votes/unga_vote_columns.csv", func(r row) error {
		if r["last"] < "1992" {
			return nil
		}
		column, err := strconv.Atoi(r["position"])
		if err != nil {
			return err
		}
		s := state{column - 1, w.alpha3[strings.TrimSuffix(r["code"], "_")], r["first"], r["last"]}
		switch r["code"] {
		case "CS":
			s.code = "CSK"
		case "YU": // Yugoslavia kept the seat until 1992; its successor, now Serbia, was admitted in 2000
			s.code, s.first = "SRB", "2000"
		}
		if !w.places[s.code] {
			return fmt.Errorf("no place for %q", r["code"])
		}
		states = append(states, s)
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(states, func(a, b state) int { return strings.Compare(a.code, b.code) })
	var rows [][]string
	for i, s := range states {
		rows = append(rows, []string{strconv.Itoa(i + 1), s.code, s.first, s.last})
	}
	b, err := table([]string{"position", "code", "first", "last"}, rows)
	if err != nil {
		return err
	}
	if err := w.store("un-votes/rollcalls/states.csv", b); err != nil {
		return err
	}
	rows = nil
	err = w.read("un-votes/unga_rollcalls_1946_2019.csv", func(r row) error {
		n, err := strconv.Atoi(r["session"])
		if err != nil || n < firstSession || n > lastSession {
			return err
		}
		votes := make([]byte, len(states))
		for i, s := range states {
			votes[i] = r["votes"][s.column]
		}
		rows = append(rows, []string{r["session"], r["date"], r["unres"], r["important"], r["title"], string(votes)})
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(rows, func(a, b []string) int { return strings.Compare(a[1], b[1]) })
	b, err = table([]string{"session", "date", "resolution", "important", "title", "votes"}, rows)
	if err != nil {
		return err
	}
	note("un-votes: %d roll calls, %d states", len(rows), len(states))
	return w.store("un-votes/rollcalls/rollcalls.csv", b)
}

func idealPoints(w *workspace) error {
	var cs []claim
	unnamed := 0
	err := w.read("un-votes/ideal_points_jul2025.csv", func(r row) error {
		if r["idealpointfp"] == "" || r["year"] < "1992" {
			return nil
		}
		code := r["iso3c"]
		if code == "" {
			unnamed++
			return nil
		}
		cs = append(cs, claim{
			series: "un_ideal_point", place: code, when: r["year"], value: r["idealpointfp"],
			low: r["q5fp"], high: r["q95fp"], kind: "credible", level: "0.9",
		})
		return nil
	})
	if err != nil {
		return err
	}
	note("un-ideal-points: %d rows without a code", unnamed)
	return w.claims("un-ideal-points", "un_ideal_point", cs)
}
