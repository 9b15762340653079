package votes

import "strings"

// OnPart reports whether the title recorded for a roll call of the General
// Assembly quotes the chair, as the published record does for votes on single
// paragraphs, amendments and motions, instead of naming a resolution. The
// record of final votes has titles such as "NUCLEAR WEAPON-FREE WORLD"; votes
// on parts were coded later, from the verbatim record: "The Acting President:
// I now put to the vote operative paragraph 2."
//
// Accuracy: TestConformanceParts finds one roll call of 502 in sessions 70 to
// 74 marked otherwise by those who coded them: a final vote introduced in the
// chair's words.
//
// References: [bailey2017] for leaving such votes out after 1989.
func OnPart(title string) bool {
	return strings.Contains(title, "President:") || strings.Contains(title, "President (") ||
		strings.HasPrefix(title, "I shall ") || strings.HasPrefix(title, "I now ") || strings.HasPrefix(title, "I will ")
}
