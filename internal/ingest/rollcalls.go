package ingest

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// ReadRollCalls reads recorded votes from two tables:
//
//	states.csv     position,code,first,last                     states in order, and the years they voted in
//	rollcalls.csv  session,date,resolution,important,title,votes   one letter per state: Y, N, A or a full stop
//
// and returns them oldest first. Votes on parts of a text and on motions have no
// symbol, so resolution and title may be empty. The folder stands before the names of the
// tables in messages. A nil vocabulary allows any well-formed code.
//
// It returns [*Faults] if anything is wrong with the tables, and an error of
// kind [shanyraq.Other] if a reader fails.
func ReadRollCalls(states, calls io.Reader, folder string, source shanyraq.SourceID, known *Vocabulary) (vectors.RollCalls, error) {
	var faults collector
	var data [2][]byte
	for i, r := range []io.Reader{states, calls} {
		var err error
		if data[i], err = readAll(r, inFolder(folder, rollCallFiles[i]), DefaultMaxBytes, &faults); err != nil {
			return vectors.RollCalls{}, shanyraq.Errorf("ingest.ReadRollCalls", shanyraq.Other, "%s: %w", inFolder(folder, rollCallFiles[i]), err)
		}
	}
	var rc vectors.RollCalls
	if !faults.any() {
		rc = parseRollCalls(data[0], data[1], folder, source, known, &faults)
	}
	if err := faults.err(); err != nil {
		return vectors.RollCalls{}, err
	}
	return rc, nil
}

var rollCallFiles = [2]string{"states.csv", "rollcalls.csv"}

func inFolder(folder, name string) string {
	if folder == "" || folder == "." {
		return name
	}
	return folder + "/" + name
}

func parseRollCalls(states, calls []byte, folder string, source shanyraq.SourceID, known *Vocabulary, faults *collector) vectors.RollCalls {
	rc := vectors.RollCalls{Sources: []shanyraq.SourceID{source}}
	t := openList(inFolder(folder, rollCallFiles[0]), states, faults, strings.Fields("position code first last"), strings.Fields("position code first last"), "")
	first := map[shanyraq.CountryCode]int{}
	for t.next() {
		var s vectors.VotingState
		s.Code = t.place("code", known)
		if line, ok := first[s.Code]; ok && s.Code != "" {
			t.fault("code", "id_twice", "column_one", "Found", s.Code, "Line", line)
		}
		first[s.Code] = t.scan.line
		if n, err := strconv.Atoi(t.get("position")); err != nil || n != len(rc.States)+1 {
			t.fault("position", "position", "position", "Found", shown(t.get("position")), "Want", len(rc.States))
		}
		s.First, s.Last = t.year("first"), t.year("last")
		if s.First > s.Last && s.Last != 0 {
			t.fault("first", "years_backwards", "swap", "Low", s.First, "High", s.Last)
		}
		rc.States = append(rc.States, s)
	}
	all := strings.Fields("session date resolution important title votes")
	t = openList(inFolder(folder, rollCallFiles[1]), calls, faults, all, all, "")
	for t.next() {
		c := vectors.RollCall{Resolution: t.get("resolution"), Title: t.get("title"), Votes: t.get("votes")}
		var err error
		if c.Session, err = strconv.Atoi(t.get("session")); err != nil || c.Session <= 0 {
			t.fault("session", "session", "session", "Found", shown(t.get("session")))
		}
		date := t.get("date")
		if c.Date, err = shanyraq.ParsePeriod(date); err != nil || len(date) != len("1992-09-03") || strings.Contains(date, "..") {
			t.fault("date", "day", "day", "Found", shown(date))
		}
		switch v := t.get("important"); v {
		case "1":
			c.Important = true
		case "0", "":
		default:
			t.fault("important", "yes_no", "yes_no", "Column", "important", "Found", shown(v))
		}
		if len(c.Votes) != len(rc.States) {
			t.fault("votes", "votes_length", "votes", "Found", len(c.Votes), "Want", len(rc.States))
		} else if i := strings.IndexFunc(c.Votes, func(r rune) bool { return !strings.ContainsRune("YNA.", r) }); i >= 0 {
			t.fault("votes", "vote", "votes", "Found", shown(c.Votes[i:i+1]), "Want", i+1)
		}
		rc.Calls = append(rc.Calls, c)
	}
	if faults.any() {
		return rc
	}
	slices.SortStableFunc(rc.Calls, func(a, b vectors.RollCall) int { return strings.Compare(string(a.Date), string(b.Date)) })
	return rc
}
