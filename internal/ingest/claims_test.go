package ingest_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"shanyraq"
	"shanyraq/internal/ingest"
)

// known is a small vocabulary for tests.
func known() *ingest.Vocabulary {
	return ingest.NewVocabulary(
		[]shanyraq.Place{
			{Code: "KAZ", Alpha2: "KZ", Names: map[string]string{"en": "Kazakhstan", "ru": "Казахстан", "kk": "Қазақстан"}},
			{Code: "DEU", Alpha2: "DE", Names: map[string]string{"en": "Germany", "ru": "Германия", "kk": "Германия"}},
			{Code: "GBR", Alpha2: "GB", Names: map[string]string{"en": "United Kingdom", "ru": "Великобритания", "kk": "Ұлыбритания"}},
			{Code: "WLD", Names: map[string]string{"en": "World"}},
		},
		[]shanyraq.Series{
			{ID: "people_from", Unit: "persons", Definition: "migrant_stock"},
			{ID: "SM.POP.NETM", Unit: "persons"},
			{ID: "export_share", Unit: "percent"},
			{ID: "leader_visit", Unit: "records"},
			{ID: "un_ideal_point", Unit: "points"},
		},
		[]shanyraq.Definition{{ID: "migrant_stock"}, {ID: "birthplace"}, {ID: "ethnicity"}},
	)
}

func read(name, content string) (ingest.Batch, error) {
	return ingest.ReadClaims(strings.NewReader(content), name, ingest.Options{Known: known(), Source: "census", Strength: shanyraq.Measured})
}

func TestReadClaims(t *testing.T) {
	got, err := read("people_from.csv", "\ufeffWhen, place ,partner,value,low,high,kind,level,step,definition,strength,who,note,unit\r\n"+
		"2021,DEU,KAZ,1200.5,,,,,100,,,,\"said \"\"about\"\"\r\nso\",\r\n"+
		"\r\n,,,,,,,,,,,,,\r\n"+
		"2020-01..2020-06,DEU,KAZ,900,800,1000,,,,birthplace,opinion,A. Author,,persons\r\n"+
		" 2019 , DEU ,KAZ, 7 ,5,9,credible,0.9,,,,,,")
	if err != nil {
		t.Fatal(err)
	}
	base := shanyraq.Claim{Source: "census", Series: "people_from", Place: "DEU", Partner: "KAZ", Unit: "persons", Definition: "migrant_stock", Strength: shanyraq.Measured}
	a, b, c := base, base, base
	a.ID, a.When, a.Value, a.Stated = "census/people_from/DEU/KAZ/2019", "2019", 7, &shanyraq.Interval{Lo: 5, Hi: 9, Level: 0.9, Kind: shanyraq.Credible}
	b.ID, b.When, b.Value, b.Stated = "census/people_from/DEU/KAZ/2020-01..2020-06", "2020-01..2020-06", 900, &shanyraq.Interval{Lo: 800, Hi: 1000, Kind: shanyraq.Judged}
	b.Definition, b.Strength, b.Who = "birthplace", shanyraq.Opinion, "A. Author"
	c.ID, c.When, c.Value, c.Step, c.Note = "census/people_from/DEU/KAZ/2021", "2021", 1200.5, 100, "said \"about\"\r\nso"
	same(t, got.Claims, []shanyraq.Claim{a, b, c})
}

func TestReadClaimsTakes(t *testing.T) {
	for _, tt := range []struct{ name, file, content string }{
		{"a mean of persons, with its step", "people_from.csv", "place,value,step\nDEU,1.5,0.5\n"},
		{"a balance below zero", "SM.POP.NETM.csv", "place,value\nDEU,-5\n"},
		{"a percentage above a hundred", "export_share.csv", "place,value\nDEU,12000\n"},
		{"a percentage below zero", "export_share.csv", "place,value\nDEU,-250\n"},
		{"a count that is exact", "leader_visit.csv", "place,value,low,high,kind\nDEU,3,3,3,counted\n"},
		{"a number with an exponent", "export_share.csv", "place,value\nDEU,1.25e1\n"},
		{"carriage returns for line ends", "export_share.csv", "place,value\rDEU,1\rKAZ,2\r"},
		{"no line end at the end", "export_share.csv", "place,value\nDEU,1"},
		{"an undated period open at one end", "export_share.csv", "place,when,value\nDEU,2017..,1\nDEU,,2\n"},
		{"a new series with a unit", "new.csv", "place,value,unit\nDEU,1,usd\nKAZ,2,\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := read(tt.file, tt.content); err != nil || len(got.Claims) == 0 {
				t.Errorf("%d claims, error %v", len(got.Claims), err)
			}
		})
	}
}

func TestReadClaimsNewSeries(t *testing.T) {
	got, err := read("upload.csv", "series,place,value,unit\nb_new,DEU,1,usd\nexport_share,DEU,2,\na_new,DEU,3,km\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := []shanyraq.SeriesID{"a_new", "b_new"}; len(got.NewSeries) != 2 || got.NewSeries[0].ID != want[0] || got.NewSeries[1].ID != want[1] || got.NewSeries[1].Unit != "usd" {
		t.Errorf("new series %v, want %v", got.NewSeries, want)
	}
}

func TestReadClaimsRivals(t *testing.T) {
	o := ingest.Options{Known: known(), Source: "authors", Strength: shanyraq.Opinion, Rivals: true}
	got, err := ingest.ReadClaims(strings.NewReader("place,value,who\nDEU,900,A\nDEU,1200,B\n"), "people_from.csv", o)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Claims) != 2 || got.Claims[0].ID == got.Claims[1].ID || !strings.HasPrefix(string(got.Claims[0].ID), "authors/people_from/DEU/-/undated~") {
		t.Errorf("ids %q and %q", got.Claims[0].ID, got.Claims[1].ID)
	}
}

func TestReadClaimsFaults(t *testing.T) {
	const people = "people_from.csv"
	for _, tt := range []struct{ name, file, content, want string }{
		// the file
		{"empty", people, "", `people_from.csv: the file is empty; save the table again`},
		{"only a byte order mark", people, "\ufeff\n", `people_from.csv: the file is empty; save the table again`},
		{"only a header", people, "place,value\n", `people_from.csv: the file has a header and nothing under it; write one line for each under the header`},
		{"a spreadsheet", people, "PK\x03\x04\x14\x00", `people_from.csv: this is a spreadsheet or an archive, not a CSV file; open it and save the sheet as CSV UTF-8`},
		{"an old spreadsheet", people, "\xd0\xcf\x11\xe0\xa1\xb1", `people_from.csv: this is a spreadsheet or an archive, not a CSV file; open it and save the sheet as CSV UTF-8`},
		{"a web page", people, "\n<!DOCTYPE html><html>", `people_from.csv: this is a web page, not a CSV file; download the CSV file itself`},
		{"UTF-16 with a mark", people, "\xff\xfep\x00l\x00", `people_from.csv: the text is in UTF-16, not UTF-8; save the file as CSV UTF-8`},
		{"UTF-16 without a mark", people, "p\x00l\x00", `people_from.csv: the text is in UTF-16, not UTF-8; save the file as CSV UTF-8`},
		{"a zero byte", people, "place,value\nDEU,\x001\n", `people_from.csv:2: byte 17 is zero, so this is not text; save the file as CSV UTF-8`},
		{"Windows-1251", people, "place,value,note\nDEU,1,\xcf\xee \xee\xf6\xe5\xed\xea\xe5\n", `people_from.csv:2: byte 24 is not UTF-8; the text looks like Windows-1251; save the file as CSV UTF-8`},
		{"Latin-1", people, "place,value,note\nDEU,1,C\xf4te d'Ivoire, Cura\xe7ao\n", `people_from.csv:2: byte 25 is not UTF-8; save the file as CSV UTF-8`},
		{"semicolons", people, "place;value\nDEU;1\n", `people_from.csv:1: the columns are separated by semicolons; save the file with commas between the columns`},
		{"tabs", people, "place\tvalue\nDEU\t1\n", `people_from.csv:1: the columns are separated by tabs; save the file with commas between the columns`},

		// the header and the shape of lines
		{"no header", people, "DEU,2020,5\n", `people_from.csv:1: the first line names no column; write a first line with the names of the columns, such as place,when,value`},
		{"a misspelt column", people, "place,valeu\nDEU,1\n", `people_from.csv:1:7: no column is called "valeu"; did you mean value?`},
		{"a column by another name", people, "place,Год,value\nDEU,2020,1\n", `people_from.csv:1:7: no column is called "Год"; did you mean when?`},
		{"a column nobody knows", people, "place,value,xyzzy\nDEU,1,2\n", `people_from.csv:1:13: no column is called "xyzzy"; use one of: series, place, area, partner, subject, when, value, low, high, kind, level, step, unit, definition, who, strength, address, note`},
		{"a column twice", people, "place,value,Place\nDEU,1,2\n", `people_from.csv:1:13: the column "Place" is there twice; rename or delete one of the two`},
		{"no place", people, "partner,value\nDEU,1\n", `people_from.csv:1: the column place is missing; add the column place to the header and its values below`},
		{"no series anywhere", "upload (3).csv", "place,value\nDEU,1\n", `upload (3).csv:1: the column series is missing; add a column series, or name the file after its series`},
		{"too few fields", people, "place,when,value\nDEU,2020\n", `people_from.csv:2: fields in the line: 2; in the header: 3; put fields that contain a comma in quotation marks and keep the empty ones`},
		{"too many fields", people, "place,value,note\nDEU,1,a, b\n", `people_from.csv:2: fields in the line: 4; in the header: 3; put fields that contain a comma in quotation marks and keep the empty ones`},
		{"an open quotation mark", people, "place,value,note\nDEU,1,a\nKAZ,1,\"cut o", `people_from.csv:3:7: a quotation mark opens here and never closes; close it; if the end of the file is missing, fetch the file again`},
		{"a quotation mark in a field", people, "place,value,note\nDEU,1,the \"best\"\n", `people_from.csv:2:7: a quotation mark stands inside a field; write it twice and put the whole field in quotation marks`},
		{"text behind a quotation mark", people, "place,value,note\nDEU,1,\"the\" best\n", `people_from.csv:2:7: a quotation mark stands inside a field; write it twice and put the whole field in quotation marks`},
		{"a line and column behind a field of two lines", people, "place,note,value\nDEU,\"қаз\nақ\",x\n", `people_from.csv:3:5: value "x" is not a number; write plain digits with a decimal point, such as 1234.5`},

		// values
		{"no value", people, "place,value\nDEU,\n", `people_from.csv:2:5: value is empty; delete the line if there is no value`},
		{"no place in a line", people, "place,value\n,5\n", `people_from.csv:2:1: place is empty; fill it in, or delete the line`},
		{"words for a value", people, "place,value\nDEU,many\n", `people_from.csv:2:5: value "many" is not a number; write plain digits with a decimal point, such as 1234.5`},
		{"a decimal comma", people, "place,value\nDEU,\"1 234,5\"\n", `people_from.csv:2:5: value "1 234,5" is not a number; write 1234.5`},
		{"thousands separators", people, "place,value\nDEU,\"1,234,567.5\"\n", `people_from.csv:2:5: value "1,234,567.5" is not a number; write 1234567.5`},
		{"thousands points", people, "place,value\nDEU,\"1.234.567,5\"\n", `people_from.csv:2:5: value "1.234.567,5" is not a number; write 1234567.5`},
		{"a comma that may be either", people, "place,value\nDEU,\"1,234\"\n", `people_from.csv:2:5: value "1,234" is not a number; write plain digits with a decimal point, such as 1234.5`},
		{"a percent sign", "export_share.csv", "place,value\nDEU,12.5%\n", `export_share.csv:2:5: value "12.5%" is not a number; write 12.5`},
		{"not a number", people, "place,value\nDEU,NaN\n", `people_from.csv:2:5: value "NaN" is not a finite number; delete the line if there is no value`},
		{"infinite", people, "place,value\nDEU,-Inf\n", `people_from.csv:2:5: value "-Inf" is not a finite number; delete the line if there is no value`},
		{"too large for a number", people, "place,value\nDEU,1e999\n", `people_from.csv:2:5: value "1e999" is not a finite number; delete the line if there is no value`},
		{"hexadecimal", people, "place,value\nDEU,0x10\n", `people_from.csv:2:5: value "0x10" is not a number; write plain digits with a decimal point, such as 1234.5`},
		{"a thousands separator read as a point", people, "place,value\nDEU,1.200\n", `people_from.csv:2:5: value 1.2 is no whole number of persons; it looks as if a thousands separator was read as a decimal point; write thousands without a separator, such as 1200; where part of a person is meant, as in a mean, give the step it is rounded to`},
		{"fewer than no persons", people, "place,value\nDEU,-5\n", `people_from.csv:2:5: value -5 is below zero, in persons; correct it; a balance that may be negative needs net in the name of its series, such as net_migration`},
		{"a step of nothing", people, "place,value,step\nDEU,5,0\n", `people_from.csv:2:7: step "0" is not above zero; write the unit the value is rounded to, such as 1000, or leave it empty`},
		{"no time", people, "place,when,value\nDEU,lately,1\n", `people_from.csv:2:5: "lately" is not a time; write 2024, 2024-05, 2024-05-11, 2024-01..2024-10 or leave it empty`},
		{"a date with points", people, "place,when,value\nDEU,31.12.2024,1\n", `people_from.csv:2:5: "31.12.2024" is not a time; write 2024-12-31`},
		{"a span with a hyphen", people, "place,when,value\nDEU,2019-2021,1\n", `people_from.csv:2:5: "2019-2021" is not a time; write 2019..2021`},
		{"a year with a decimal", people, "place,when,value\nDEU,2020.0,1\n", `people_from.csv:2:5: "2020.0" is not a time; write 2020`},
		{"a date that may be two", people, "place,when,value\nDEU,03/04/2024,1\n", `people_from.csv:2:5: "03/04/2024" is not a time; write 2024, 2024-05, 2024-05-11, 2024-01..2024-10 or leave it empty`},
		{"a day that is not", people, "place,when,value\nDEU,2023-02-29,1\n", `people_from.csv:2:5: "2023-02-29" is not a time; write 2024, 2024-05, 2024-05-11, 2024-01..2024-10 or leave it empty`},
		{"a time that ends before it begins", people, "place,when,value\nDEU,2021..2019,1\n", `people_from.csv:2:5: "2021..2019" ends before it begins; swap the two ends`},
		{"a code of two letters", people, "place,value\nDE,1\n", `people_from.csv:2:1: place "DE" is not a country code; did you mean DEU?`},
		{"a code in small letters", people, "place,value\ndeu,1\n", `people_from.csv:2:1: place "deu" is not a country code; did you mean DEU?`},
		{"a name in English", people, "place,value\nGermany,1\n", `people_from.csv:2:1: place "Germany" is not a country code; did you mean DEU?`},
		{"a name in Russian", people, "place,value\nГермания,1\n", `people_from.csv:2:1: place "Германия" is not a country code; did you mean DEU?`},
		{"a name in Kazakh", people, "place,value\nҚазақстан,1\n", `people_from.csv:2:1: place "Қазақстан" is not a country code; did you mean KAZ?`},
		{"a misspelt name", people, "place,value\nKazahkstan,1\n", `people_from.csv:2:1: place "Kazahkstan" is not a country code; did you mean KAZ?`},
		{"a code in use that is not ISO's", people, "place,value\nUK,1\n", `people_from.csv:2:1: place "UK" is not a country code; did you mean GBR?`},
		{"a sporting code", people, "place,value\nGER,1\n", `people_from.csv:2:1: place "GER" is not in the list of places; did you mean DEU?`},
		{"a code not in the table", people, "place,value\nZZZ,1\n", `people_from.csv:2:1: place "ZZZ" is not in the list of places; write the three-letter ISO code, such as KAZ`},
		{"a partner not in the table", people, "place,partner,value\nDEU,ZZZ,1\n", `people_from.csv:2:5: partner "ZZZ" is not in the list of places; write the three-letter ISO code, such as KAZ`},
		{"a misspelt series", "a.csv", "series,place,value\npeople_form,DEU,1\n", `a.csv:2:1: the series "people_form" is not known and states no unit; did you mean people_from?`},
		{"an unknown series", "a.csv", "series,place,value\nqwertz,DEU,1\n", `a.csv:2:1: the series "qwertz" is not known and states no unit; correct its name, or add a column unit to make a new series`},
		{"no series in a line", "a.csv", "series,place,value\n,DEU,1\n", `a.csv:2:1: series is empty; fill it in, or delete the line`},
		{"no name for a series", "a.csv", "series,place,value,unit\na/b,DEU,1,usd\n", `a.csv:2:1: "a/b" cannot be the name of a series; use Latin letters, digits, points, underscores and hyphens`},
		{"a misspelt unit", people, "place,value,unit\nDEU,1,person\n", `people_from.csv:2:7: the unit "person" is not known; did you mean persons?`},
		{"another unit than the series'", people, "place,value,unit\nDEU,1,usd\n", `people_from.csv:2:7: the series people_from is in persons, not usd; convert the value to persons, or give the series another name`},
		{"two units in a new series", "new.csv", "place,value,unit\nDEU,1,usd\nKAZ,1,km\n", `new.csv:3:7: the series new is in usd, not km; convert the value to usd, or give the series another name`},
		{"a misspelt definition", people, "place,value,definition\nDEU,1,birth_place\n", `people_from.csv:2:7: the definition "birth_place" is not known; did you mean birthplace?`},
		{"an unknown definition", people, "place,value,definition\nDEU,1,xyz\n", `people_from.csv:2:7: the definition "xyz" is not known; use one of: birthplace, ethnicity, migrant_stock`},
		{"no strength", people, "place,value,strength\nDEU,1,strong\n", `people_from.csv:2:7: "strong" is not a strength; use one of: measured, official, estimated, opinion`},

		// ranges
		{"half a range", people, "place,value,low,high\nDEU,5,4,\n", `people_from.csv:2:9: high is empty and the other end of the range is not; give both low and high, or neither`},
		{"low above high", people, "place,value,low,high\nDEU,5,9,4\n", `people_from.csv:2:7: low 9 is above high 4; swap the two ends`},
		{"a value outside its range", people, "place,value,low,high\nDEU,5,6,9\n", `people_from.csv:2:5: value 5 is outside its range, 6 to 9; correct value, low or high`},
		{"a range of no width", people, "place,value,low,high\nDEU,5,5,5\n", `people_from.csv:2:7: low and high are both 5, so the range has no width; leave low and high empty`},
		{"a count with a range", people, "place,value,low,high,kind\nDEU,5,4,6,counted\n", `people_from.csv:2:7: a count of records has no range, and this is 4 to 6; leave low and high empty`},
		{"no kind", people, "place,value,low,high,kind\nDEU,5,4,6,sure\n", `people_from.csv:2:11: "sure" is not a kind of range; use one of: judged, confidence, credible, counted, spread, bounds`},
		{"a kind without a range", people, "place,value,kind\nDEU,5,judged\n", `people_from.csv:2:7: the line has a kind and no range; give both low and high, or neither`},
		{"a level without a kind", people, "place,value,low,high,level\nDEU,5,4,6,0.9\n", `people_from.csv:2:11: the line has a level and no kind; add the kind, confidence or credible, or leave the level empty`},
		{"a kind that needs a level", people, "place,value,low,high,kind\nDEU,5,4,6,credible\n", `people_from.csv:2:11: a credible range states no level; give the level, such as 0.95`},
		{"a level where none can be", people, "place,value,low,high,kind,level\nDEU,5,4,6,judged,0.9\n", `people_from.csv:2:18: a judged range cannot have a level; leave the level empty`},
		{"a level in per cent", people, "place,value,low,high,kind,level\nDEU,5,4,6,credible,90\n", `people_from.csv:2:20: level 90 is not between 0 and 1; write 0.9`},
		{"a level of one", people, "place,value,low,high,kind,level\nDEU,5,4,6,credible,1\n", `people_from.csv:2:20: level 1 is not between 0 and 1; write it as a share of 1, such as 0.95`},

		// claims
		{"a claim twice", people, "place,when,value\nDEU,2020,1\nKAZ,2020,1\nDEU,2020,2\n", `people_from.csv:4: this is the same claim as line 2 of people_from.csv; keep one of the two, or mark the source as one that makes rival claims`},
		{"a claim twice by its slug", "leader_visit.csv", "place,subject,value\nDEU,President A.,1\nDEU,president a,1\n", `leader_visit.csv:3: this is the same claim as line 2 of leader_visit.csv; keep one of the two, or mark the source as one that makes rival claims`},
		{"two faults in one line", people, "place,when,value\nXX,soon,1\n", "people_from.csv:2:1: place \"XX\" is not a country code; write the three-letter ISO code, such as KAZ\n" +
			`people_from.csv:2:4: "soon" is not a time; write 2024, 2024-05, 2024-05-11, 2024-01..2024-10 or leave it empty`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read(tt.file, tt.content)
			if err == nil {
				t.Fatalf("taken, with %d claims", len(got.Claims))
			}
			if err.Error() != tt.want {
				t.Errorf("got  %s\nwant %s", err, tt.want)
			}
			if shanyraq.KindOf(err) != shanyraq.Invalid {
				t.Errorf("kind %v", shanyraq.KindOf(err))
			}
			if len(got.Claims) > 0 {
				t.Error("claims beside an error")
			}
			told(t, err)
		})
	}
}

// told fails the test unless every fault has wording for both messages with
// every placeholder filled.
func told(t *testing.T, err error) {
	t.Helper()
	var faults *ingest.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("%T is not *Faults", err)
	}
	if shanyraq.TextOf(err).Key != "ingest.refused" {
		t.Errorf("message for the reader %v", shanyraq.TextOf(err))
	}
	words := ingest.Wording()
	for _, f := range faults.List {
		if words[f.Text.Key] == "" || words[f.Remedy.Key] == "" {
			t.Errorf("no wording for %s or %s", f.Text.Key, f.Remedy.Key)
		}
		if strings.Contains(f.Detail, "{{") {
			t.Errorf("placeholder left in %s", f.Detail)
		}
	}
}

func TestReadClaimsLimits(t *testing.T) {
	table := "place,when,value\nDEU,2020,1\nDEU,2021,1\nDEU,2022,1\n" + strings.Repeat(",,\n", 1<<19) // 1.5 MiB of empty lines
	for _, tt := range []struct {
		name string
		o    ingest.Options
		want string
	}{
		{"bytes", ingest.Options{MaxBytes: 3 << 19}, "people_from.csv: the file is larger than 1.5 MiB; split it by series or by years"},
		{"claims", ingest.Options{MaxClaims: 2}, "people_from.csv:4: the file holds more than 2 claims; split it by series or by years"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Known = known()
			_, err := ingest.ReadClaims(strings.NewReader(table), "people_from.csv", tt.o)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestReadClaimsKeepsFiftyFaults(t *testing.T) {
	_, err := read("people_from.csv", "place,value\n"+strings.Repeat("Nowhereland,1\n", 80))
	var faults *ingest.Faults
	if !errors.As(err, &faults) || len(faults.List) != ingest.MaxFaults || faults.More != 30 {
		t.Fatalf("%v", err)
	}
	if !strings.HasSuffix(err.Error(), "\nand 30 more") {
		t.Errorf("%s", err)
	}
}

// A header of half a million wrong names takes no longer than one of fifty.
func TestReadClaimsOfManyColumns(t *testing.T) {
	_, err := read("a.csv", "place"+strings.Repeat(",valeu", 1<<19)+"\n")
	var faults *ingest.Faults
	if !errors.As(err, &faults) || faults.More != 1<<19-ingest.MaxFaults {
		t.Errorf("%.200v", err)
	}
}

func TestReadClaimsPassesOnFailures(t *testing.T) {
	broken := errors.New("line dropped")
	_, err := ingest.ReadClaims(io.MultiReader(strings.NewReader("place,"), iotest.ErrReader(broken)), "a.csv", ingest.Options{})
	if !errors.Is(err, broken) || shanyraq.KindOf(err) != shanyraq.Other {
		t.Errorf("%v of kind %v", err, shanyraq.KindOf(err))
	}
}

func TestReadClaimsTellsProgress(t *testing.T) {
	content := "place,when,value,note\n" + strings.Repeat(",,,\n", 1<<19) + "DEU,2020,1,\n"
	var done []int64
	_, err := ingest.ReadClaims(strings.NewReader(content), "people_from.csv", ingest.Options{Known: known(), Progress: func(n int64) { done = append(done, n) }})
	if err != nil {
		t.Fatal(err)
	}
	if len(done) == 0 || !slices.IsSorted(done) || done[len(done)-1] != int64(len(content)) {
		t.Errorf("progress %v of %d bytes", done, len(content))
	}
}

func TestWriteClaimsRefuses(t *testing.T) {
	for _, c := range []shanyraq.Claim{
		{Place: "DEU", Unit: "usd"},
		{Series: "s", Unit: "usd"},
		{Series: "s", Place: "DEU"},
	} {
		if err := ingest.WriteClaims(&bytes.Buffer{}, []shanyraq.Claim{c}); shanyraq.KindOf(err) != shanyraq.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestID(t *testing.T) {
	base := shanyraq.Claim{Source: "wdi", Series: "SP.POP.TOTL", Place: "KAZ", When: "2024", Value: 20592571}
	with := func(f func(*shanyraq.Claim)) shanyraq.Claim { c := base; f(&c); return c }
	for _, tt := range []struct {
		name   string
		c      shanyraq.Claim
		rivals bool
		want   shanyraq.ClaimID
	}{
		{"place and time", base, false, "wdi/SP.POP.TOTL/KAZ/-/2024"},
		{"no time", with(func(c *shanyraq.Claim) { c.When = "" }), false, "wdi/SP.POP.TOTL/KAZ/-/undated"},
		{"partner", with(func(c *shanyraq.Claim) { c.Partner = "DEU" }), false, "wdi/SP.POP.TOTL/KAZ/DEU/2024"},
		{"subject and area", with(func(c *shanyraq.Claim) { c.Subject, c.Area = " Abai uii (2nd) ", "RU-OMS" }), false, "wdi/SP.POP.TOTL/KAZ/-/abai-uii-2nd/ru-oms/2024"},
		{"letters of any script", with(func(c *shanyraq.Claim) { c.Subject = "Қазақ үйі" }), false, "wdi/SP.POP.TOTL/KAZ/-/қазақ-үйі/2024"},
		{"no letters", with(func(c *shanyraq.Claim) { c.Subject = "?!" }), false, "wdi/SP.POP.TOTL/KAZ/-/-/2024"},
		// printf '20592571||||||||' | sha256sum
		{"rivals", base, true, "wdi/SP.POP.TOTL/KAZ/-/2024~" + rivalsBase},
		// printf '0.5|0.25|0.75|birthplace|A|https://b|c|D|E' | sha256sum
		{"rivals with everything", with(func(c *shanyraq.Claim) {
			c.Value, c.Stated, c.Definition = 0.5, &shanyraq.Interval{Lo: 0.25, Hi: 0.75, Kind: shanyraq.Judged}, "birthplace"
			c.Who, c.Address, c.Note, c.Area, c.Subject = "A", "https://b", "c", "D", "E"
		}), true, "wdi/SP.POP.TOTL/KAZ/-/e/d/2024~" + rivalsFull},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := ingest.ID(tt.c, tt.rivals); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// The first six digits of what sha256sum prints for the commands in TestID.
const (
	rivalsBase = "7b5b15"
	rivalsFull = "d15446"
)

// A claim about a time to come is a slip of the pen.
func TestReadClaimsRefusesWhatCannotBe(t *testing.T) {
	table := "series,place,partner,when,value,unit\npeople,DEU,KAZ,2990,5,persons\npeople,DEU,KAZ,2024..2031,5,persons\npeople,DEU,KAZ,2026,6,persons\n"
	_, err := ingest.ReadClaims(strings.NewReader(table), "t.csv", ingest.Options{Source: "s", Strength: shanyraq.Measured, Latest: 2026})
	var faults *ingest.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("error %v", err)
	}
	var got []string
	for _, f := range faults.List {
		got = append(got, fmt.Sprintf("%d %s", f.Line, f.Text.Key))
	}
	want := []string{"2 ingest.period_future", "3 ingest.period_future"}
	if !slices.Equal(got, want) {
		t.Errorf("faults %v, want %v", got, want)
	}
	if _, err := ingest.ReadClaims(strings.NewReader("series,place,when,value,unit\nx,DEU,2990,5,persons\n"), "t.csv", ingest.Options{Source: "s", Strength: shanyraq.Measured}); err != nil {
		t.Errorf("without a last year: %v", err)
	}
}
