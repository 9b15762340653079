package ingest_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanyraq"
	"shanyraq/internal/ingest"
)

// claim draws a claim that a table can hold.
func claim(source shanyraq.SourceID, rivals bool) *rapid.Generator[shanyraq.Claim] {
	code := rapid.StringMatching(`[A-Z]{3}`)
	prose := rapid.OneOf(rapid.Just(""), rapid.SampledFrom([]string{"a, b", "«қазақ» \"үйі\"", "two\nlines", "cr\r\nlf", " spaced ", "=1+1", "-"}),
		rapid.StringOf(rapid.RuneFrom([]rune("abж,\"\n\r ;'\tқ中"))))
	return rapid.Custom(func(t *rapid.T) shanyraq.Claim {
		series := rapid.SampledFrom([]shanyraq.SeriesID{"people_from", "a.B-c", "net_flow"}).Draw(t, "series")
		c := shanyraq.Claim{
			Source: source, Series: series, Unit: map[shanyraq.SeriesID]shanyraq.Unit{"people_from": "persons", "a.B-c": "usd", "net_flow": "count"}[series],
			Place:      shanyraq.CountryCode(code.Draw(t, "place")),
			Area:       prose.Draw(t, "area"),
			Subject:    prose.Draw(t, "subject"),
			When:       rapid.SampledFrom([]shanyraq.Period{"", "2020", "2020-02", "2020-02-29", "2019..2020", "2017..", "..2024-12-17"}).Draw(t, "when"),
			Value:      rapid.Float64Range(0, 1e15).Draw(t, "value"),
			Definition: shanyraq.DefinitionID(rapid.SampledFrom([]string{"", "birthplace"}).Draw(t, "definition")),
			Who:        prose.Draw(t, "who"),
			Strength:   rapid.SampledFrom([]shanyraq.Strength{shanyraq.Measured, shanyraq.Official, shanyraq.Estimated, shanyraq.Opinion}).Draw(t, "strength"),
			Address:    rapid.SampledFrom([]string{"", "https://example.org/?a=1,2"}).Draw(t, "address"),
			Note:       prose.Draw(t, "note"),
		}
		if rapid.Bool().Draw(t, "tie") {
			c.Partner = shanyraq.CountryCode(code.Draw(t, "partner"))
		}
		if rapid.Bool().Draw(t, "rounded") {
			c.Step = rapid.Float64Range(1e-9, 1e9).Draw(t, "step")
		}
		if c.Unit == "persons" && c.Step == 0 {
			c.Value = math.Trunc(c.Value) // there are no parts of persons
		}
		if series == "net_flow" && rapid.Bool().Draw(t, "negative") {
			c.Value = -c.Value + 0 // never minus zero
		}
		switch width := rapid.Float64Range(0.5, 1e15).Draw(t, "width"); rapid.IntRange(0, 3).Draw(t, "kind") {
		case 1:
			c.Stated = &shanyraq.Interval{Lo: c.Value - width, Hi: c.Value + width, Kind: shanyraq.Judged}
		case 2:
			c.Stated = &shanyraq.Interval{Lo: c.Value - width, Hi: c.Value + width, Kind: shanyraq.Credible, Level: rapid.Float64Range(0.01, 0.99).Draw(t, "level")}
		case 3:
			c.Stated = &shanyraq.Interval{Lo: c.Value, Hi: c.Value, Kind: shanyraq.Counted}
		}
		c.ID = ingest.ID(c, rivals)
		return c
	})
}

// order is the order of claims: series, place, partner, subject, when, area.
func order(a, b shanyraq.Claim) int {
	for _, c := range [...]int{
		strings.Compare(string(a.Series), string(b.Series)), strings.Compare(string(a.Place), string(b.Place)),
		strings.Compare(string(a.Partner), string(b.Partner)), strings.Compare(a.Subject, b.Subject),
		strings.Compare(string(a.When), string(b.When)), strings.Compare(a.Area, b.Area),
	} {
		if c != 0 {
			return c
		}
	}
	return 0
}

// What is written is read back the same, in order, whatever the order and the
// text it was written with.
func TestWhatIsWrittenReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rivals := rapid.Bool().Draw(t, "rivals")
		claims := rapid.SliceOfNDistinct(claim("src", rivals), 1, 20, func(c shanyraq.Claim) shanyraq.ClaimID { return c.ID }).Draw(t, "claims")
		var table bytes.Buffer
		if err := ingest.WriteClaims(&table, claims); err != nil {
			t.Fatalf("%v", err)
		}
		text := table.String()
		got, err := ingest.ReadClaims(&table, "claims.csv", ingest.Options{Source: "src", Strength: shanyraq.Official, Rivals: rivals})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		slices.SortStableFunc(claims, order)
		same(t, got.Claims, claims)
	})
}

func FuzzReadClaims(f *testing.F) {
	f.Add("people_from.csv", "place,when,value\nDEU,2020,5\n", false)
	f.Add("a.csv", "series,place,area,partner,subject,when,value,low,high,kind,level,step,unit,definition,who,strength,address,note\nx,DEU,Berlin,KAZ,\"a \"\"b\"\"\",2020..,5,4,6,credible,0.9,1,usd,d,w,opinion,https://a,\"n\n\"\n", true)
	f.Add("a.csv", "place;value\n", false)
	f.Add("a.csv", "place,value,note\nDEU,1,\"", false)
	f.Add("a.csv", "\ufeffplace,value,unit\r\nDEU,\"1 234,5\",usd\r\n", false)
	f.Add("a.csv", "\xff\xfep\x00", false)
	f.Add("a.csv", "place,value,unit\rDEU,1e999,usd\r", false)
	f.Fuzz(func(t *testing.T, name, content string, rivals bool) {
		for _, v := range []*ingest.Vocabulary{nil, known()} {
			got, err := ingest.ReadClaims(strings.NewReader(content), name, ingest.Options{Known: v, Source: "s", Strength: shanyraq.Measured, Rivals: rivals})
			if err != nil {
				told(t, err)
				continue
			}
			if len(got.Claims) == 0 {
				t.Fatal("neither claims nor faults")
			}
			for i := range got.Claims {
				c := &got.Claims[i]
				if c.Stated != nil {
					if err := c.Stated.Check(c.Value); err != nil {
						t.Errorf("%+v: %v", c, err)
					}
				}
				if c.ID != ingest.ID(*c, rivals) {
					t.Errorf("id %s, want %s", c.ID, ingest.ID(*c, rivals))
				}
			}
			if v != nil {
				continue // series' own definitions would be filled in
			}
			var again bytes.Buffer
			if err := ingest.WriteClaims(&again, got.Claims); err != nil {
				t.Fatal(err)
			}
			back, err := ingest.ReadClaims(&again, "again.csv", ingest.Options{Source: "s", Strength: shanyraq.Measured, Rivals: rivals})
			if err != nil {
				t.Fatal(err)
			}
			same(t, back.Claims, got.Claims)
		}
	})
}
