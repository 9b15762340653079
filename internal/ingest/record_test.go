package ingest_test

import (
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/ingest"
)

const goodRecord = `id: census
publisher: Bureau of Statistics
title: Census: residents by birthplace
edition: 2021
address: https://example.org/a:b
carrier:
taken: 2022-05
licence: CC BY 4.0
terms: Cite the Bureau.
strength: measured
rivals: yes
faults: None known.

Residents by **birthplace**.

Second paragraph.
`

func TestReadRecord(t *testing.T) {
	for _, content := range []string{goodRecord, "\ufeff" + strings.ReplaceAll(goodRecord, "\n", "\r\n")} {
		got, err := ingest.ReadRecord(strings.NewReader(content), "census/SOURCE.md")
		if err != nil {
			t.Fatal(err)
		}
		want := ingest.Record{
			Source: shanyraq.Source{
				ID: "census", Publisher: "Bureau of Statistics", Title: "Census: residents by birthplace", Edition: "2021",
				Address: "https://example.org/a:b", Taken: "2022-05", Licence: "CC BY 4.0", Terms: "Cite the Bureau.",
				Strength: shanyraq.Measured, Faults: "None known.",
			},
			Rivals: true,
			Prose:  "Residents by **birthplace**.\n\nSecond paragraph.",
		}
		if got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

func TestReadRecordFaults(t *testing.T) {
	change := func(old, new string) string { return strings.Replace(goodRecord, old, new, 1) }
	for _, tt := range []struct{ name, content, want string }{
		{"empty", "", `census/SOURCE.md: the file is empty; save the table again`},
		{"not UTF-8", "id: \xcf\xf0\xe8\xe2\xe5\xf2\n", `census/SOURCE.md:1: byte 5 is not UTF-8; the text looks like Windows-1251; save the file as CSV UTF-8`},
		{"a line without a colon", change("edition: 2021", "edition 2021"), `census/SOURCE.md:4:1: the line is not a key, a colon and a value; write key: value, and leave an empty line before the prose`},
		{"a misspelt key", change("edition:", "editon:"), `census/SOURCE.md:4:1: "editon" is no key of a source record; did you mean edition?`},
		{"an unknown key", change("edition:", "doi:"), `census/SOURCE.md:4:1: "doi" is no key of a source record; use one of: id, publisher, title, edition, address, carrier, taken, licence, terms, strength, rivals, faults`},
		{"a key twice", change("edition: 2021", "title: again"), `census/SOURCE.md:4:1: the key title is there twice; rename or delete one of the two`},
		{"no licence", change("licence: CC BY 4.0\n", ""), `census/SOURCE.md: the key licence is missing or empty; write the key, a colon and its value in one line`},
		{"an empty licence", change("licence: CC BY 4.0", "licence:"), `census/SOURCE.md:8: the key licence is missing or empty; write the key, a colon and its value in one line`},
		{"another folder", change("id: census", "id: register"), `census/SOURCE.md:1:5: id "register" differs from the folder "census"; write the name of the folder`},
		{"an id that cannot be", change("id: census", "id: a/b"), `census/SOURCE.md:1:5: "a/b" cannot be a name here; use Latin letters, digits, underscores and hyphens`},
		{"no strength", change("strength: measured", "strength: strong"), `census/SOURCE.md:10:11: "strong" is not a strength; use one of: measured, official, estimated, opinion`},
		{"no time", change("taken: 2022-05", "taken: May"), `census/SOURCE.md:7:8: "May" is not a time; write 2024, 2024-05, 2024-05-11, 2024-01..2024-10 or leave it empty`},
		{"rivals neither", change("rivals: yes", "rivals: maybe"), `census/SOURCE.md:11:9: rivals is "maybe"; write yes or no`},
		{"no prose", goodRecord[:strings.Index(goodRecord, "\n\n")], `census/SOURCE.md: nothing is said below the keys; leave an empty line and say what is counted and what was changed`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ingest.ReadRecord(strings.NewReader(tt.content), "census/SOURCE.md")
			if err == nil || err.Error() != tt.want {
				t.Fatalf("got  %v\nwant %s", err, tt.want)
			}
			told(t, err)
		})
	}
}

func FuzzRecord(f *testing.F) {
	f.Add([]byte(goodRecord))
	f.Add([]byte("id: a\n\n"))
	f.Add([]byte(": \n:\n\xff"))
	f.Add([]byte("\n\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := ingest.ReadRecord(strings.NewReader(string(b)), "SOURCE.md")
		switch {
		case err != nil:
			told(t, err)
		case got.Source.ID == "" || got.Source.Licence == "" || got.Source.Strength == 0 || got.Prose == "":
			t.Errorf("taken without what it must say: %+v", got)
		}
	})
}
