package ingest

import (
	"fmt"
	"maps"
	"strings"
	"unicode"

	"shanyraq"
)

// wording is the English of every message of the package by key. The catalogue
// of package locale has the same keys in every language.
var wording = map[string]string{
	"ingest.refused": "The file was not taken. Things to correct: {{.Count}}.",
	"ingest.more":    "and {{.Count}} more",

	// the file
	"ingest.empty":       "the file is empty",
	"ingest.no_rows":     "the file has a header and nothing under it",
	"ingest.too_large":   "the file is larger than {{.Max}} MiB",
	"ingest.too_many":    "the file holds more than {{.Max}} claims",
	"ingest.spreadsheet": "this is a spreadsheet or an archive, not a CSV file",
	"ingest.web_page":    "this is a web page, not a CSV file",
	"ingest.utf16":       "the text is in UTF-16, not UTF-8",
	"ingest.cp1251":      "byte {{.Offset}} is not UTF-8; the text looks like Windows-1251",
	"ingest.not_utf8":    "byte {{.Offset}} is not UTF-8",
	"ingest.binary":      "byte {{.Offset}} is zero, so this is not text",
	"ingest.semicolons":  "the columns are separated by semicolons",
	"ingest.tabs":        "the columns are separated by tabs",
	"ingest.missing":     "the file {{.Found}} is missing",

	// the header and the shape of lines
	"ingest.header_missing":  "the first line names no column",
	"ingest.column_unknown":  "no column is called {{.Found}}",
	"ingest.column_twice":    "the column {{.Found}} is there twice",
	"ingest.column_required": "the column {{.Column}} is missing",
	"ingest.fields":          "fields in the line: {{.Found}}; in the header: {{.Want}}",
	"ingest.quote_open":      "a quotation mark opens here and never closes",
	"ingest.quote_stray":     "a quotation mark stands inside a field",

	// values
	"ingest.required":           "{{.Column}} is empty",
	"ingest.number":             "{{.Column}} {{.Found}} is not a number",
	"ingest.number_infinite":    "{{.Column}} {{.Found}} is not a finite number",
	"ingest.negative":           "{{.Column}} {{.Found}} is below zero, in {{.Unit}}",
	"ingest.fraction":           "{{.Column}} {{.Found}} is no whole number of {{.Unit}}; it looks as if a thousands separator was read as a decimal point",
	"ingest.step":               "step {{.Found}} is not above zero",
	"ingest.period":             "{{.Found}} is not a time",
	"ingest.period_backwards":   "{{.Found}} ends before it begins",
	"ingest.period_future":      "{{.Found}} is still to come",
	"ingest.place":              "{{.Column}} {{.Found}} is not a country code",
	"ingest.place_unknown":      "{{.Column}} {{.Found}} is not in the list of places",
	"ingest.series":             "{{.Found}} cannot be the name of a series",
	"ingest.series_unknown":     "the series {{.Found}} is not known",
	"ingest.series_no_unit":     "the series {{.Found}} is not known and states no unit",
	"ingest.unit_unknown":       "the unit {{.Found}} is not known",
	"ingest.unit_differs":       "the series {{.Series}} is in {{.Unit}}, not {{.Found}}",
	"ingest.definition_unknown": "the definition {{.Found}} is not known",
	"ingest.strength":           "{{.Found}} is not a strength",
	"ingest.kind":               "{{.Found}} is not a kind of range",
	"ingest.range_half":         "{{.Column}} is empty and the other end of the range is not",
	"ingest.range_missing":      "the line has a {{.Column}} and no range",
	"ingest.range_backwards":    "low {{.Low}} is above high {{.High}}",
	"ingest.range_outside":      "value {{.Found}} is outside its range, {{.Low}} to {{.High}}",
	"ingest.range_point":        "low and high are both {{.Low}}, so the range has no width",
	"ingest.range_counted":      "a count of records has no range, and this is {{.Low}} to {{.High}}",
	"ingest.level_no_kind":      "the line has a level and no kind",
	"ingest.level_missing":      "a {{.Found}} range states no level",
	"ingest.level_unwanted":     "a {{.Found}} range cannot have a level",
	"ingest.level":              "level {{.Found}} is not between 0 and 1",
	"ingest.twice":              "this is the same claim as line {{.Line}} of {{.File}}",
	"ingest.repeated":           "this line repeats line {{.Line}} of {{.File}}",

	// tables of a workspace
	"ingest.id":             "{{.Found}} cannot be a name here",
	"ingest.id_twice":       "{{.Found}} is there twice, first in line {{.Line}}",
	"ingest.name_missing":   "{{.Found}} has no {{.Column}}",
	"ingest.year":           "{{.Column}} {{.Found}} is not a year",
	"ingest.source_unknown": "there is no source {{.Found}}",

	// records of sources
	"ingest.record_missing":     "the folder {{.Found}} has tables and no SOURCE.md",
	"ingest.record_line":        "the line is not a key, a colon and a value",
	"ingest.record_key":         "{{.Found}} is no key of a source record",
	"ingest.record_key_twice":   "the key {{.Found}} is there twice",
	"ingest.record_key_missing": "the key {{.Found}} is missing or empty",
	"ingest.record_id":          "id {{.Found}} differs from the folder {{.Want}}",
	"ingest.record_rivals":      "rivals is {{.Found}}",
	"ingest.record_prose":       "nothing is said below the keys",

	// roll calls
	"ingest.rollcalls_twice": "two sources hold roll calls",
	"ingest.position":        "position {{.Found}} follows {{.Want}} states",
	"ingest.years_backwards": "first year {{.Low}} is after last year {{.High}}",
	"ingest.session":         "session {{.Found}} is not a whole number above zero",
	"ingest.day":             "{{.Found}} is not a day",
	"ingest.yes_no":          "{{.Column}} {{.Found}} is neither 0 nor 1",
	"ingest.votes_length":    "votes: {{.Found}}; states: {{.Want}}",
	"ingest.vote":            "vote {{.Found}} of state {{.Want}} is none of Y, N, A and the full stop",

	// what to do
	"ingest.remedy.empty":          "save the table again",
	"ingest.remedy.rows":           "write one line for each under the header",
	"ingest.remedy.split":          "split it by series or by years",
	"ingest.remedy.csv":            "open it and save the sheet as CSV UTF-8",
	"ingest.remedy.download":       "download the CSV file itself",
	"ingest.remedy.utf8":           "save the file as CSV UTF-8",
	"ingest.remedy.commas":         "save the file with commas between the columns",
	"ingest.remedy.restore":        "put the file back, or check that it can be read",
	"ingest.remedy.header":         "write a first line with the names of the columns, such as place,when,value",
	"ingest.remedy.near":           "did you mean {{.Near}}?",
	"ingest.remedy.one_of":         "use one of: {{.Known}}",
	"ingest.remedy.column_one":     "rename or delete one of the two",
	"ingest.remedy.column_add":     "add the column {{.Column}} to the header and its values below",
	"ingest.remedy.series_add":     "add a column series, or name the file after its series",
	"ingest.remedy.fields":         "put fields that contain a comma in quotation marks and keep the empty ones",
	"ingest.remedy.quote_close":    "close it; if the end of the file is missing, fetch the file again",
	"ingest.remedy.quote_twice":    "write it twice and put the whole field in quotation marks",
	"ingest.remedy.fill":           "fill it in, or delete the line",
	"ingest.remedy.number":         "write plain digits with a decimal point, such as 1234.5",
	"ingest.remedy.write":          "write {{.Near}}",
	"ingest.remedy.no_value":       "delete the line if there is no value",
	"ingest.remedy.fraction":       "write thousands without a separator, such as 1200; where part of a person is meant, as in a mean, give the step it is rounded to",
	"ingest.remedy.negative":       "correct it; a balance that may be negative needs net in the name of its series, such as net_migration",
	"ingest.remedy.step":           "write the unit the value is rounded to, such as 1000, or leave it empty",
	"ingest.remedy.period":         "write 2024, 2024-05, 2024-05-11, 2024-01..2024-10 or leave it empty",
	"ingest.remedy.swap":           "swap the two ends",
	"ingest.remedy.past":           "correct the year; projections are no claims",
	"ingest.remedy.place":          "write the three-letter ISO code, such as KAZ",
	"ingest.remedy.series_name":    "use Latin letters, digits, points, underscores and hyphens",
	"ingest.remedy.series_unit":    "correct its name, or add a column unit to make a new series",
	"ingest.remedy.series_csv":     "correct its name, or add it to series.csv",
	"ingest.remedy.definition_csv": "correct it, or add it to definitions.csv",
	"ingest.remedy.unit_same":      "convert the value to {{.Unit}}, or give the series another name",
	"ingest.remedy.range_both":     "give both low and high, or neither",
	"ingest.remedy.range":          "correct value, low or high",
	"ingest.remedy.range_point":    "leave low and high empty",
	"ingest.remedy.kind_add":       "add the kind, confidence or credible, or leave the level empty",
	"ingest.remedy.level_add":      "give the level, such as 0.95",
	"ingest.remedy.level_none":     "leave the level empty",
	"ingest.remedy.level":          "write it as a share of 1, such as 0.95",
	"ingest.remedy.twice":          "keep one of the two, or mark the source as one that makes rival claims",
	"ingest.remedy.repeated":       "keep one of the two",
	"ingest.remedy.id":             "use Latin letters, digits, underscores and hyphens",
	"ingest.remedy.year":           "write a year such as 2024, or leave it empty",
	"ingest.remedy.source":         "add its folder, or leave the field empty",
	"ingest.remedy.record_add":     "add a SOURCE.md that says who published the tables and under what licence",
	"ingest.remedy.record_fill":    "write the key, a colon and its value in one line",
	"ingest.remedy.record_line":    "write key: value, and leave an empty line before the prose",
	"ingest.remedy.record_id":      "write the name of the folder",
	"ingest.remedy.record_yes":     "write yes or no",
	"ingest.remedy.record_say":     "leave an empty line and say what is counted and what was changed",
	"ingest.remedy.rollcalls":      "keep one of the two folders",
	"ingest.remedy.position":       "number the states 1, 2, 3 in order",
	"ingest.remedy.session":        "write the number of the regular session, such as 47",
	"ingest.remedy.day":            "write a day such as 1992-09-03",
	"ingest.remedy.yes_no":         "write 1 for yes or 0 for no",
	"ingest.remedy.votes":          "write one letter for each state in the order of states.csv: Y, N, A or a full stop",
}

// Wording returns the English of every message of the package by key, with
// placeholders such as {{.Found}}.
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

// shown returns what stands in a field as a message can quote it: in
// quotation marks, on one line, no longer than 60 characters.
func shown[T string | []byte](field T) string {
	const limit = 60
	var b strings.Builder
	b.WriteByte('"')
	n := 0
	for _, r := range string(field) {
		if n++; n > limit {
			b.WriteRune('…')
			break
		}
		if unicode.IsControl(r) {
			r = '␣'
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}
