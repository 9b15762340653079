package store

import (
	"fmt"
	"maps"
	"strings"

	"shanyraq"
)

// wording is the English of every message by key.
var wording = map[string]string{
	// opening
	"store.missing":   "there is no store at {{.Path}}; make one with: shanyraq init",
	"store.foreign":   "{{.Path}} is not a Shanyraq store; choose another file",
	"store.newer":     "{{.Path}} was written by a newer program (format {{.Found}}); this one reads formats up to {{.Known}}, so install the newer one",
	"store.older":     "{{.Path}} is of an earlier format ({{.Found}}; now {{.Known}}); open it once for writing with: shanyraq serve",
	"store.readonly":  "{{.Path}} cannot be written to; check the rights to the file and its folder, or choose another folder",
	"store.denied":    "{{.Path}} cannot be read; check the rights to the file and its folder",
	"store.held":      "another Shanyraq is writing to {{.Path}}; stop it and try again",
	"store.busy":      "{{.Path}} is busy; try again in a moment",
	"store.corrupt":   "{{.Path}} is damaged; restore it from a backup",
	"store.full":      "the disk that holds {{.Path}} is full; nothing was changed; free some space and try again",
	"store.read_mode": "the store is open for reading only",

	// versions
	"store.version_unknown": "there is no version {{.Version}} of this workspace",
	"store.version_base":    "version {{.Version}} was made with other built-in tables; open it with the program of that time",

	// importing and removing
	"store.claim_id":       "claim {{.ID}}: the name does not fit its source, series, place, partner and time",
	"store.claim_text":     "claim {{.ID}} contains bytes that are not text in UTF-8",
	"store.claim_place":    "claim {{.ID}}: place or partner is not a three-letter country code such as KAZ",
	"store.claim_when":     "claim {{.ID}}: the time is not written as 2024, 2024-05, 2024-05-11 or 2024-01..2024-10",
	"store.claim_range":    "claim {{.ID}}: the value and its range do not fit together",
	"store.claim_step":     "claim {{.ID}}: the rounding step is not a finite number of zero or more",
	"store.claim_unit":     "claim {{.ID}}: the unit is not the one of its series",
	"store.claim_strength": "claim {{.ID}} does not say how strong it is",
	"store.claim_source":   "claim {{.ID}}: its source is not known; import it with its source",
	"store.claim_series":   "claim {{.ID}}: its series is not known; import it with its series",
	"store.claim_twice":    "claim {{.ID}} is there twice with different contents; keep one",
	"store.claim_unknown":  "there is no claim {{.ID}}",
	"store.claim_builtin":  "claim {{.ID}} is built in and cannot be removed; import one of the same name to replace it",
	"store.source_id":      "the source has no name; give it one of Latin letters, digits and hyphens",
	"store.series_id":      "the series {{.ID}} has no name or no unit",
	"store.series_unit":    "the series {{.ID}} is in {{.Unit}} already; give the new one another name",

	// definitions
	"store.definition_kind":    "{{.Kind}} is no kind of definition",
	"store.definition_key":     "the definition has no name; give it one",
	"store.definition_body":    "the definition {{.Key}} is not well-formed JSON",
	"store.definition_unknown": "there is no definition {{.Key}}",
	"store.group_member":       "group {{.Key}}: {{.Place}} is not a member with a country code and years in order",
	"store.group_id":           "group {{.Key}} names itself differently inside",

	// undoing
	"store.undo_none":    "there is nothing to undo",
	"store.undo_unknown": "there is no line {{.Seq}} in the log",
	"store.undo_done":    "line {{.Seq}} is undone already, by line {{.Later}}",
	"store.undo_ground":  "line {{.Seq}} cannot be undone: claims would remain whose source or series, {{.Key}}, nobody knows; undo the lines that added them first",
	"store.undo_changed": "line {{.Seq}} cannot be undone: line {{.Later}} changed {{.Key}} after it; undo that first",

	"store.undo_decision": "line {{.Seq}} is a decision about a host's tier and is not undone; decide anew, or name another line",

	"store.decision_twice": "you decided about {{.Key}} at this very moment already; nothing was added",

	"store.decision_none": "nothing with a text was decided about {{.Key}} on {{.Day}}; see the decisions with: hosts tier show {{.Key}}",

	// copies
	"store.backup_exists": "{{.Path}} exists already; choose another name for the copy",
	"store.backup_folder": "the copy cannot be written to {{.Path}}; check the folder and its rights",

	// what an examination finds
	"store.problem.file":    "the file itself is damaged: {{.Detail}}",
	"store.problem.rules":   "the file's own rules were changed: {{.Key}}",
	"store.problem.link":    "a row of {{.Table}} belongs to a line of the log that is not there",
	"store.problem.chain":   "line {{.Seq}} of the log was edited, or one before it is missing",
	"store.problem.state":   "the rows that hold after line {{.Seq}} are not those it recorded",
	"store.problem.version": "line {{.Seq}} records a version that does not follow from its rows",
	"store.problem.claim":   "claim {{.Key}}, added in line {{.Seq}}, was edited",
	"store.problem.entry":   "definition {{.Key}}, added in line {{.Seq}}, was edited",
	"store.problem.invalid": "claim {{.Key}}, added in line {{.Seq}}, is not well formed",
	"store.problem.twice":   "{{.Key}} holds twice at once",
	"store.problem.order":   "{{.Key}} was removed in line {{.Seq}}, no later than it was added",

	// what was done
	"activity.import":          "Imported {{.Source}}: added {{.Added}}, changed {{.Changed}}, already there {{.Same}}",
	"activity.remove":          "Removed claims: {{.Count}}",
	"activity.put_group":       "Saved the group {{.Key}}",
	"activity.put_index":       "Saved the index {{.Key}}",
	"activity.put_plan":        "Saved the plan {{.Key}}",
	"activity.put_campaign":    "Saved the campaign {{.Key}}",
	"activity.delete_group":    "Deleted the group {{.Key}}",
	"activity.delete_index":    "Deleted the index {{.Key}}",
	"activity.delete_plan":     "Deleted the plan {{.Key}}",
	"activity.delete_campaign": "Deleted the campaign {{.Key}}",
	"activity.decide_tier":     "Asked for tier {{.Tier}} in {{.Key}}",
	"activity.redact_tier":     "Withdrew the text of what was decided about {{.Key}} on {{.Day}}",
	"activity.restore_group":   "Restored the built-in group {{.Key}}",
	"activity.undo":            "Undid line {{.Seq}}",
	"activity.redo":            "Redid line {{.Seq}}",
}

// Wording returns the English of every message of the package by key, with
// placeholders such as {{.Path}}.
func Wording() map[string]string { return maps.Clone(wording) }

// text returns the message of the key with arguments given as name, value.
func text(key string, args ...any) shanyraq.Text {
	t := shanyraq.Text{Key: key}
	if len(args) > 0 {
		t.Args = make(map[string]any, len(args)/2)
		for i := 0; i+1 < len(args); i += 2 {
			t.Args[args[i].(string)] = args[i+1]
		}
	}
	return t
}

// english returns the message in English.
func english(t shanyraq.Text) string {
	pairs := make([]string, 0, 2*len(t.Args))
	for name, v := range t.Args {
		pairs = append(pairs, "{{."+name+"}}", fmt.Sprint(v))
	}
	return strings.NewReplacer(pairs...).Replace(wording[t.Key])
}

// tell returns an error of the kind with the message of the key, in English
// for the log.
func tell(op string, k shanyraq.Kind, key string, args ...any) error {
	say := text(key, args...)
	return shanyraq.Tell(op, k, say, "%s", english(say))
}

// because is tell with the error that caused it underneath.
func because(op string, k shanyraq.Kind, cause error, key string, args ...any) error {
	say := text(key, args...)
	return shanyraq.Tell(op, k, say, "%s: %w", english(say), cause)
}
