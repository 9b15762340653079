package view

import (
	"context"
	"io"
	"time"

	"shanyraq"
	"shanyraq/internal/hosts"
	"shanyraq/internal/publishers"
)

// A Workspace is the evidence as one reader or officer keeps it: every version
// of it, and the ways to change it. cmd/shanyraq supplies it, over a store or
// over the built-in tables alone. It is safe for use by several goroutines.
type Workspace interface {
	// House returns the rooms over the version, and over the newest one for
	// "". It returns a NotFound error for a version that was never here.
	House(ctx context.Context, version string) (*House, error)

	// Log returns the last limit lines of activity, newest first, and all if
	// limit is 0 or less.
	Log(ctx context.Context, limit int) ([]shanyraq.Activity, error)

	// Undo reverses line seq, or for 0 the newest that is still in effect.
	Undo(ctx context.Context, seq int64, who string) (shanyraq.Activity, error)

	// Stage reads a table and says what importing it would do; nothing is
	// stored. What is wrong with the file is an *ingest.Faults.
	Stage(ctx context.Context, u Upload, home shanyraq.CountryCode) (*Staged, error)

	// Commit stores what was staged, all or nothing.
	Commit(ctx context.Context, s *Staged, who string) (shanyraq.Activity, error)

	// PutGroup saves the group in place of the one of its id.
	PutGroup(ctx context.Context, g shanyraq.Group, who string) (shanyraq.Activity, error)

	// DeleteGroup deletes the group, or hides it if it is built in.
	DeleteGroup(ctx context.Context, id shanyraq.GroupID, who string) (shanyraq.Activity, error)

	// RestoreGroup shows the built-in group again as it was.
	RestoreGroup(ctx context.Context, id shanyraq.GroupID, who string) (shanyraq.Activity, error)

	// Decide adds who's decision to hold the place in the tier, as of now; see
	// [hosts.Weigh] for what it does, and [hosts.Safety.Allow] for what is
	// refused. It cannot be undone.
	Decide(ctx context.Context, place shanyraq.CountryCode, tier hosts.Tier, memo, who string) (shanyraq.Activity, error)

	// Redact takes back the text of what was decided about the place on that
	// day, by anybody or by the officer named; the decisions hold.
	Redact(ctx context.Context, place shanyraq.CountryCode, day time.Time, by, who string) (shanyraq.Activity, error)

	// Judge puts who's own fit of home's theme in the place beside the
	// prediction, with the reason. It is a claim like any other, and can be
	// undone.
	Judge(ctx context.Context, home, place shanyraq.CountryCode, theme hosts.Theme, fit float64, reason, who string) (shanyraq.Activity, error)

	// Backup writes a whole copy of the store to a new file.
	Backup(ctx context.Context, dest string) error

	// Verify examines the whole store.
	Verify(ctx context.Context) (Examination, error)

	// Writable reports whether changes are kept: false over the built-in
	// tables alone.
	Writable() bool

	Close() error
}

// An Upload is a table of claims to be read, and whose claims they are: either
// Record, the text of a SOURCE.md, or Source, a source that is known already.
type Upload struct {
	Name     string // of the file, for messages
	Table    io.Reader
	Files    []string            // of coded events, in place of Table
	Record   io.Reader           // nil if Source is set
	RecName  string              // of the record's file, for messages
	As       string              // the publisher's layout, a key of package publishers; "" for a table of claims
	Mapping  *publishers.Mapping // of the layout table; nil to guess
	Source   shanyraq.SourceID
	Series   shanyraq.SeriesID // of a table without a column series; else the file is named after it
	Progress func(done int64)  // told the bytes read, now and then; may be nil
}

// A Staged is a table that was read and not stored yet: what storing it would
// change.
type Staged struct {
	Name      string
	Source    shanyraq.Source
	Notes     string // the prose of its record, if it came with one
	NewSource bool   // the source is not known yet, or its record has changed
	NewSeries []shanyraq.Series
	Claims    []shanyraq.Claim
	Counts    shanyraq.Counts
	Moves     []Move // the headline figures of home that would move
	Skipped   int    // rows of a publisher's file about what is no country here
}

// An Examination is what verifying a store found.
type Examination struct {
	Lines    int             `json:"lines"`    // of activity
	Claims   int             `json:"claims"`   // rows, those removed since included
	Entries  int             `json:"entries"`  // rows of definitions, likewise
	Problems []shanyraq.Text `json:"problems"` // the first hundred
	More     int             `json:"more"`     // problems beyond those
}

// OK reports whether nothing is wrong.
func (e Examination) OK() bool { return len(e.Problems) == 0 }
