package shanyraq

import "time"

// An Activity is one line of the log of changes: who did what when, and which
// version of the evidence it led to. Lines are never edited or deleted.
type Activity struct {
	Seq      int64     `json:"seq"` // from 1; 0 if nothing had to be changed, so that no line was written
	At       time.Time `json:"at"`
	Who      string    `json:"who"`
	Text     Text      `json:"text"`                // what was done, such as activity.import
	Counts   Counts    `json:"counts"`              // in the answer to a change only
	Undoes   int64     `json:"undoes,omitempty"`    // the line this one reverses
	UndoneBy int64     `json:"undone_by,omitempty"` // the line that reverses this one, as of now
	Version  string    `json:"version"`             // of the evidence after the line
}

// Counts are how many claims a change touched.
type Counts struct {
	Added   int `json:"added"`
	Changed int `json:"changed"` // superseded by one of the same name
	Removed int `json:"removed"`
	Same    int `json:"same"` // there already, with the same contents
}
