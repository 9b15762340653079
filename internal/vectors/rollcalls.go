package vectors

import "shanyraq"

// RollCalls are the recorded votes of the United Nations General Assembly
// held, oldest first, with the states in the order in which each vote lists
// them.
type RollCalls struct {
	Source shanyraq.SourceID
	States []VotingState
	Calls  []RollCall
}

// A VotingState is one column of the roll calls and the years in which the
// state was recorded at all.
type VotingState struct {
	Code        shanyraq.CountryCode
	First, Last int
}

// A RollCall is one recorded vote.
type RollCall struct {
	Session    int // regular session, 47 for 1992
	Date       shanyraq.Period
	Resolution string // the United Nations' symbol
	Important  bool   // listed as important by the United States' Department of State
	Title      string
	Votes      string // one byte per state: Y yes, N no, A abstained, '.' absent or not a member
}
