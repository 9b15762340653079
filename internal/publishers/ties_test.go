package publishers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"shanyraq"
)

// big is more countries under their codes.
var big = func() world {
	w := world{"united states": "USA", "usa": "USA", "israel": "ISR", "isr": "ISR", "france": "FRA", "fra": "FRA", "156": "CHN", "840": "USA"}
	for k, v := range names {
		w[k] = v
	}
	return w
}()

// both converts text as a whole and as a stream, and checks that the same comes
// of it.
func both(t *testing.T, key, name, text string) Result {
	t.Helper()
	r, err := Convert(t.Context(), key, open(t, name, []byte(text)), big, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ConvertStream(t.Context(), key, name, strings.NewReader("\ufeff"+text), big)
	if err != nil {
		t.Fatal(err)
	}
	if string(r.Table) != string(s.Table) || r.Skipped != s.Skipped || fmt.Sprint(r.Origin) != fmt.Sprint(s.Origin) || len(r.Series) != len(s.Series) {
		t.Errorf("%s: as a stream\n%s\nas a whole\n%s", key, s.Table, r.Table)
	}
	if got := Recognise(open(t, name, []byte(text))); got != key {
		t.Errorf("%s is taken for %s", key, got)
	}
	return r
}

func TestRollCallFile(t *testing.T) {
	const head = "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,title,agenda_title,subjects,vote_note,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link\n"
	row := func(id, code, vote, date, session, resolution, title string) string {
		return strings.Join([]string{id, code, "", vote, date, session, resolution, "", "", "", title, "", "", "", "1", "1", "1", "1", "4", ""}, ",") + "\n"
	}
	text := head +
		row("2", "USA", "N", "2022-12-07", "77", "A/RES/77/1", "Peace : resolution") + row("2", "KAZ", "Y", "2022-12-07", "77", "A/RES/77/1", "Peace : resolution") +
		row("2", "CHN", "A", "2022-12-07", "77", "A/RES/77/1", "Peace : resolution") + row("2", "UZB", "X", "2022-12-07", "77", "A/RES/77/1", "Peace : resolution") +
		row("1", "KAZ", "A", "2022-03-02", "ES-11", "A/RES/ES-11/1", "War") + row("1", "SUN", "N", "2022-03-02", "ES-11", "A/RES/ES-11/1", "War")
	r := both(t, "un-votes", "votes.csv", text)
	same(t, lines(t, r),
		"un_roll_call WLD A/RES/ES-11/1 War 2022-03-02 1 records session 76; Y ; N ; A KAZ",
		"un_roll_call WLD A/RES/77/1 Peace : resolution 2022-12-07 1 records session 77; Y KAZ; N USA; A CHN")
	if r.Skipped != 2 || len(r.Series) != 1 || r.Series[0].ID != "un_roll_call" {
		t.Errorf("skipped %d, series %+v", r.Skipped, r.Series)
	}
	_, err := ConvertStream(t.Context(), "un-votes", "v.csv", strings.NewReader(head+row("1", "KAZ", "Y", "some day", "77", "R", "T")), big)
	if want := "v.csv:2:5: some day is no date"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
}

// Turnover of a pair stands once as each side books it; shares are of each
// state's own whole.
func TestComtrade(t *testing.T) {
	text := `typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,cmdCode,customsCode,motCode,primaryValue
C,A,20220101,2022,52,2022,398,KAZ,Kazakhstan,X,Export,0,W00,World,0,TOTAL,C00,0,84000000000
C,A,20220101,2022,52,2022,398,KAZ,Kazakhstan,X,Export,156,CHN,China,0,TOTAL,C00,0,13000000000
C,A,20220101,2022,52,2022,398,KAZ,Kazakhstan,X,Export,156,CHN,China,0,TOTAL,C00,2100,5
C,A,20220101,2022,52,2022,398,KAZ,Kazakhstan,X,Export,156,CHN,China,0,27,C00,0,9
C,A,20220101,2022,52,2022,398,KAZ,Kazakhstan,RX,Re-export,156,CHN,China,0,TOTAL,C00,0,7
C,A,20220101,2022,52,2022,398,KAZ,Kazakhstan,M,Import,156,CHN,China,0,TOTAL,C00,0,11000000000
C,A,20220101,2022,52,2022,398,KAZ,Kazakhstan,M,Import,0,W00,World,0,TOTAL,C00,0,50000000000
C,A,20220101,2022,52,2022,156,CHN,China,M,Import,398,KAZ,Kazakhstan,0,TOTAL,C00,0,15000000000
C,A,20220101,2022,52,2022,156,CHN,China,X,Export,398,KAZ,Kazakhstan,0,TOTAL,C00,0,16200000000
`
	r := both(t, "comtrade", "comtrade.csv", text)
	same(t, lines(t, r),
		"trade_turnover CHN KAZ 2022 31200000000 usd China exports 16200000000 and imports 15000000000 as CHN books them",
		"export_share KAZ CHN 2022 15.4762 0.0001 percent Kazakhstan of its whole trade as stated",
		"import_share KAZ CHN 2022 22.0000 0.0001 percent Kazakhstan of its whole trade as stated",
		"trade_turnover KAZ CHN 2022 24000000000 usd Kazakhstan exports 13000000000 and imports 11000000000 as KAZ books them")
	if r.Skipped != 1 {
		t.Errorf("skipped %d", r.Skipped)
	}
	_, err := Convert(t.Context(), "comtrade", open(t, "c.csv", []byte(strings.Replace(text, "84000000000", "much", 1))), big, nil)
	if want := "c.csv:2:19: much is no number"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
}

// Thousands of dollars of each good add up; numbers differ from those of the
// United Nations for a few countries; few partners make no whole.
func TestBACI(t *testing.T) {
	r := both(t, "baci", "BACI.csv", "t,i,j,k,v,q\n2023,398,842,270900,1000.5,1\n2023,398,842,720241,499.5,2\n2023,842,398,880240,250,NA\n2023,1,398,1,1,1\n")
	same(t, lines(t, r),
		"trade_turnover KAZ USA 2023 1750000 usd KAZ exports 1500000 and imports 250000 as KAZ books them",
		"trade_turnover USA KAZ 2023 1750000 usd USA exports 250000 and imports 1500000 as USA books them")
	if r.Skipped != 1 {
		t.Errorf("skipped %d", r.Skipped)
	}
}

func TestMerchandiseTrade(t *testing.T) {
	r := both(t, "imf-imts", "imts.csv", `DATAFLOW,COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE
IMF.STA:IMTS(1.0.0),KAZ,XG_FOB_USD,G001,A,2023,200,
IMF.STA:IMTS(1.0.0),KAZ,XG_FOB_USD,CHN,A,2023,50,
IMF.STA:IMTS(1.0.0),KAZ,XG_FOB_USD,CHN,M,2023-M01,4,
IMF.STA:IMTS(1.0.0),KAZ,MG_CIF_USD,CHN,A,2023,30,
IMF.STA:IMTS(1.0.0),KAZ,MG_CIF_USD,U005,A,2023,30,
IMF.STA:IMTS(1.0.0),KAZ,MG_CIF_USD,UZB,A,2023,NaN,
`)
	same(t, lines(t, r),
		"export_share KAZ CHN 2023 25.0000 0.0001 percent KAZ of its whole trade as stated",
		"trade_turnover KAZ CHN 2023 80 usd KAZ exports 50 and imports 30 as KAZ books them")
	if r.Skipped != 3 {
		t.Errorf("skipped %d", r.Skipped)
	}
}

func TestArmsRegister(t *testing.T) {
	r := both(t, "sipri-register", "register.csv", `Transfers of major conventional arms
A '?' in a column indicates uncertain data.
Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons
Kazakhstan,Israel,2012,?,8,?,Bell-212,helicopter,8,,2014; 2015,New,For police,1.5,12,12
Kazakhstan,Israel,2024,,2,,X-4,UAV,0,,,New,,5,10,
African Union**,Israel,2017,,3,,Aerostar,drone,3,?,2018,New,,0.1,0.3,0.3
`)
	same(t, lines(t, r), `military_act KAZ ISR "8 Bell-212  helicopter" 2014..2015 1 records ordered 2012; 12 million trend-indicator values; new`)
	if r.Skipped != 2 {
		t.Errorf("skipped %d", r.Skipped)
	}
}

// A nought is deliveries of up to half a million; an empty cell is none.
func TestArmsValues(t *testing.T) {
	text := `Volume of transfers of major arms
Figures are in millions of SIPRI trend-indicator values (TIVs).
Supplier,2022,2023,2022-2023,Percentage
United States,430,0,430,63%
Germany,,399,399,35%
Unknown supplier(s),1,,1,
Total exports to Kazakhstan,431,399,830,100%
`
	b := open(t, "tiv.csv", []byte(text))
	if got := Recognise(b); got != "sipri-values" {
		t.Errorf("taken for %s", got)
	}
	r, err := Convert(t.Context(), "sipri-values", b, big, nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, lines(t, r), "arms_from KAZ USA 2022 430 1 tiv", "arms_from KAZ USA 2023 0 0 0.5 bounds tiv", "arms_from KAZ DEU 2023 399 1 tiv")
	r, err = Convert(t.Context(), "sipri-values", open(t, "old.csv", []byte("\"TIV of arms exports from Russia, 2022-2023\"\nRecipient,2022,2023,Total\nKazakhstan,5,6,11\n")), world{"russia": "RUS", "kazakhstan": "KAZ"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, lines(t, r), "arms_from KAZ RUS 2022 5 1 tiv", "arms_from KAZ RUS 2023 6 1 tiv")
	_, err = Convert(t.Context(), "sipri-values", open(t, "x.csv", []byte("Supplier,2022\nGermany,1\n")), big, nil)
	if want := "x.csv:1:1: the table does not say whose transfers they are"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
}

func TestPosts(t *testing.T) {
	r := both(t, "cow-exchange", "dip.csv", "ccode1,ccode2,year,DR_at_1,DR_at_2,DE,version\n705,365,2005,3,3,1,2006.1\n705,704,2005,0,9,1,2006.1\n2,315,1990,3,3,1,2006.1\n")
	same(t, lines(t, r), "diplomatic_post KAZ RUS ambassador 2005 1 records", "diplomatic_post RUS KAZ ambassador 2005 1 records", "diplomatic_post UZB KAZ of another kind 2005 1 records")
	if r.Skipped != 1 {
		t.Errorf("skipped %d", r.Skipped)
	}
	r = both(t, "diplometrics", "ddr.csv", "Year,Sending Country,Destination,Embassy,Focus\n2020,Kazakhstan,Germany,4,1\n2020,Kazakhstan,Israel,0,0\n")
	same(t, lines(t, r), "diplomatic_post DEU KAZ representation 2020 1 records level 4 on the publisher's scale")
}

func TestCapabilities(t *testing.T) {
	r := both(t, "nmc", "NMC.csv", "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\nKZK,705,2016,804000,31,4292,-9,17988,3000,0.0055,2025\nUSR,364,1990,1,1,1,1,1,1,0.1,2025\nGDR,265,1989,1,1,1,1,1,1,0.01,2025\n")
	same(t, lines(t, r)[:6], "nmc_milex KAZ 2016 804000000 usd", "nmc_milper KAZ 2016 31000 persons", "nmc_irst KAZ 2016 4.292 million_t", "nmc_tpop KAZ 2016 17988000 persons", "nmc_upop KAZ 2016 3000000 persons", "nmc_cinc KAZ 2016 0.0055 share")
	if r.Skipped != 2 {
		t.Errorf("skipped %d", r.Skipped)
	}
	// Ranks are made of the scores of a year with states enough; equal ones share.
	var text strings.Builder
	text.WriteString("stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc\n")
	n := 0
	for code := range 1000 {
		if _, ok := correlates[code]; ok && n < 60 {
			n++
			fmt.Fprintf(&text, "XXX,%d,2016,1,1,1,1,1,1,%g\n", code, float64(1000-n+n%2)/1e5)
		}
	}
	ranks := map[string]bool{}
	for _, l := range lines(t, both(t, "nmc", "NMC.csv", text.String())) {
		if f := strings.Fields(l); f[0] == "nmc_cinc_rank" {
			ranks[f[3]] = true
		}
	}
	if !ranks["1"] || ranks["2"] && ranks["3"] && ranks["4"] || len(ranks) > 60 || len(ranks) < 30 {
		t.Errorf("ranks %v", ranks)
	}
}

func TestRankings(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"brand finance": {"table.csv", "Brand Finance Global Soft Power Index 2025\n2025 Rank,2024 Rank,Nation Brand,2025 Score\n1,1,United States,79.5\n77,80,Kazakhstan,37.1\n", []string{"gspi_rank USA 2024 1 1 rank", "gspi_rank USA 2025 1 1 rank", "gspi_score USA 2025 79.5 score", "gspi_rank KAZ 2024 80 1 rank", "gspi_rank KAZ 2025 77 1 rank", "gspi_score KAZ 2025 37.1 score"}},
		"lowy":          {"lowy-2024.csv", "Rank;Country;Comprehensive power\n2;China;72,7\n", []string{"lowy_rank CHN 2024 2 1 rank", "lowy_score CHN 2024 72.7 score"}},
		"a column":      {"r.csv", "index,year,country,score\nElcano Global Presence Index,2022,Kazakhstan,120.5\n", []string{"elcano_score KAZ 2022 120.5 score"}},
	} {
		b := open(t, c.file, []byte(c.text))
		if got := Recognise(b); got != "ranking" {
			t.Errorf("%s: taken for %s", name, got)
		}
		r, err := Convert(t.Context(), "ranking", b, big, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := map[string]bool{}
		for _, l := range lines(t, r) {
			got[l] = true
		}
		for _, w := range c.want {
			if !got[w] {
				t.Errorf("%s: no %q among %v", name, w, got)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %d lines, want %d", name, len(got), len(c.want))
		}
	}
	_, err := Convert(t.Context(), "ranking", open(t, "gspi.csv", []byte("Global Soft Power Index\nRank,Nation\n1,Kazakhstan\n")), big, nil)
	if err == nil || !strings.Contains(err.Error(), "name the year above the table") {
		t.Errorf("%v", err)
	}
	if got := Recognise(open(t, "x.csv", []byte("Rank,Nation,Score\n1,Kazakhstan,2\n"))); got != "table" {
		t.Errorf("a ranking nobody names is taken for %s", got)
	}
	// How many were ranked, of a table without gaps.
	w := world{}
	text := "Global Soft Power Index 2026\nRank,Nation,Score\n"
	for i := range 12 {
		w[fmt.Sprintf("c%d", i)] = shanyraq.CountryCode(fmt.Sprintf("C%02d", i))
		text += fmt.Sprintf("%d,c%d,%d\n", i+1, i, 50-i)
	}
	r, err := Convert(t.Context(), "ranking", open(t, "x.csv", []byte(text)), w, nil)
	if err != nil || !strings.Contains(string(r.Table), "gspi_ranked,WLD,,,,2026,12") {
		t.Errorf("%v\n%s", err, r.Table)
	}
}

func TestPresence(t *testing.T) {
	for name, rows := range map[string][][]any{
		"countries down": {{"Elcano Global Presence Index (Global Presence Index)"}, {nil, 2021, 2022}, {"Kazakhstan", 110.25, 120.5}, {"Atlantis", 1, 2}, {}, {"More information:"}},
		"years down":     {{"Elcano Global Presence Index (Global Presence Index)"}, {nil, "Kazakhstan", "Atlantis"}, {2021, 110.25, 1}, {2022, 120.5, 2}},
	} {
		b := open(t, "iepg.xlsx", workbook(t, map[string][][]any{"Note": {{"Real Instituto Elcano"}}, "Data 1": rows}))
		if got := Recognise(b); got != "elcano" {
			t.Errorf("%s: taken for %s", name, got)
		}
		r, err := Convert(t.Context(), "elcano", b, big, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		same(t, lines(t, r), "elcano_score KAZ 2021 110.25 0.01 score", "elcano_score KAZ 2022 120.5 0.01 score")
		if r.Skipped != 2 {
			t.Errorf("%s: skipped %d", name, r.Skipped)
		}
	}
}

// forever is a file without end.
type forever struct{ head string }

func (f *forever) Read(p []byte) (int, error) {
	if f.head == "" {
		f.head = "2023,398,842,270900,1,1\n"
	}
	n := copy(p, f.head)
	f.head = f.head[n:]
	return n, nil
}

// A stream can be stopped, and one that is not what it is said to be is refused
// at its beginning.
func TestConvertStreamStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	go stop()
	_, err := ConvertStream(ctx, "baci", "b.csv", &forever{"t,i,j,k,v,q\n"}, big)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	_, err = ConvertStream(t.Context(), "baci", "b.csv", &forever{"a,b,c\n"}, big)
	if err == nil || !strings.Contains(err.Error(), "the headings are not those of") {
		t.Errorf("%v", err)
	}
	if _, err := ConvertStream(t.Context(), "polls", "b.csv", io.LimitReader(&forever{}, 10), big); err == nil {
		t.Error("a layout read whole was streamed")
	}
	if !Streams("un-votes") || Streams("polls") || Streams("nothing") {
		t.Error("Streams")
	}
}
