package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"shanyraq"
	"shanyraq/internal/view"
)

// A file is sent with an upload.
type file struct{ field, name, content string }

// upload sends an import as the form does; fields alternate names and values.
func (r *reader) upload(files []file, fields ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			r.t.Fatal(err)
		}
	}
	for _, f := range files {
		part, err := form.CreateFormFile(f.field, f.name)
		if err != nil {
			r.t.Fatal(err)
		}
		if _, err := part.Write([]byte(f.content)); err != nil {
			r.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		r.t.Fatal(err)
	}
	return r.do("POST", "/import", &body, "Content-Type", form.FormDataContentType(), "Sec-Fetch-Site", "same-origin", "Accept-Language", "en")
}

const goodTable = "place,partner,when,value\nUZB,KAZ,2021,310\nDEU,KAZ,2022,1002\n"

var actionOf = regexp.MustCompile(`action="(/import/[^"]*/(commit|discard)[^"]*)"`)

// actions returns where the forms of a preview lead.
func actions(body string) map[string]string {
	out := map[string]string{}
	for _, m := range actionOf.FindAllStringSubmatch(body, -1) {
		out[m[2]] = m[1]
	}
	return out
}

// A publisher's own file is staged as it is; any other shows what its columns
// seem to be, waits while they are named, and says what is wrong with them.
func TestImportOfAnyTable(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	table := file{"table", "k.csv", "Страна;2021;2022\nГермания;1 000;1 002*\nВсего;1 000;1 002\n"}
	sent := func(body string) string {
		t.Helper()
		m := regexp.MustCompile(`name="sent" value="([^"]+)"`).FindStringSubmatch(body)
		if m == nil {
			t.Fatal("the file does not wait")
		}
		return m[1]
	}
	first := r.upload([]file{table}, "source", "census", "as", "table")
	if first.Code != http.StatusOK {
		t.Fatalf("%d", first.Code)
	}
	has(t, "the columns", first.Body.String(), `name="map.place" value="Страна"`, `name="map.years" value="2021; 2022"`, "1 002*", "k.csv is here")
	naming := []string{"source", "census", "as", "table", "map.header", "1", "map.place", "Страна", "map.years", "2021; 2022", "map.series", "people_from", "map.of", "KAZ"}
	wrong := r.upload(nil, append([]string{"sent", sent(first.Body.String())}, naming...)...)
	if wrong.Code != http.StatusUnprocessableEntity {
		t.Fatalf("%d", wrong.Code)
	}
	has(t, "what is wrong", wrong.Body.String(), "no country is called Всего", `name="map.of" value="KAZ"`)
	preview := r.follow(r.upload(nil, append([]string{"sent", sent(wrong.Body.String()), "map.skip", "Всего"}, naming...)...))
	has(t, "the preview", preview, "k.csv", `<dd>2</dd>`, "1 row is about what is no country")
	if len(ws.lines) != 0 {
		t.Fatal("a preview changed something")
	}
	for _, bad := range [][]string{{"map.header", "first"}, {"map.times", "-1"}} {
		got := r.upload([]file{table}, append(bad, "source", "census", "as", "table")...)
		if got.Code != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, got.Code)
		}
		has(t, "a number that is none", got.Body.String(), "is no number")
	}
	if got := r.upload([]file{{"table", "k.csv", "<html>"}}, "source", "census", "as", "table"); got.Code != http.StatusUnprocessableEntity {
		t.Errorf("a web page: %d", got.Code)
	}
	if got := r.upload(nil, "sent", "nothing", "source", "census", "as", "table"); got.Code != http.StatusNotFound {
		t.Errorf("a file that never came: %d", got.Code)
	}
	if got := r.upload([]file{{"table", "k.csv", "a,b\n1,2\n"}}, "source", "census", "as", "v-dem"); got.Code != http.StatusUnprocessableEntity {
		t.Errorf("another layout: %d", got.Code)
	}
}

func TestImport(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	has(t, "the form", r.get("/import", http.StatusOK).Body.String(), `enctype="multipart/form-data"`, `name="table"`, `name="record"`, `<option value="census">`, `<option value="people_from">`)

	preview := r.follow(r.upload([]file{{"table", "people_from.csv", goodTable}}, "source", "census"))
	has(t, "the preview", preview, "people_from.csv", "Tables of census", `<dd>2</dd>`, `class="fig"`)
	if len(ws.lines) != 0 {
		t.Fatal("a preview changed something")
	}
	done := r.follow(r.post(actions(preview)["commit"], http.StatusSeeOther))
	has(t, "the page after it", done, `class="notice"`, "Imported census: added 2", `action="/activity/undo"`, `name="seq" value="1"`, "Tables of census")
	if len(ws.lines) != 1 || ws.lines[0].Who != "tester" {
		t.Fatalf("the log is %+v", ws.lines)
	}
	// It cannot be stored twice, nor found again.
	r.post(actions(preview)["commit"], http.StatusNotFound)

	undone := r.follow(r.post("/activity/undo", http.StatusSeeOther, "seq", "1"))
	has(t, "the log", undone, "Undid line 1", "undone by line 2", `id="line-1"`, `id="line-2"`)
	if n := strings.Count(undone, `name="seq" value="1"`); n != 0 {
		t.Errorf("a line that is undone is offered to be undone %d times", n)
	}
	// Undone twice is a conflict that says so.
	has(t, "the refusal", r.post("/activity/undo", http.StatusConflict, "seq", "1").Body.String(), "undone")
	has(t, "the notice of what is undone", r.get("/?done=1", http.StatusOK).Body.String(), "Imported census")
	hasNot(t, "the notice of what is undone", r.get("/?done=1", http.StatusOK).Body.String(), `action="/activity/undo"`)
}

func TestImportWithANewSource(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	record := "id: bureau\npublisher: Bureau\ntitle: Yearbook\naddress: https://example.org/y\ntaken: 2025\nlicence: CC0\nstrength: official\nrivals: no\n\nOne count a year.\n"
	preview := r.follow(r.upload([]file{{"table", "x.csv", goodTable}, {"record", "SOURCE.md", record}}, "series", "people_from"))
	has(t, "the preview", preview, "Yearbook", "x.csv")
}

func TestImportWithNothingToDo(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	ws.same = true
	preview := r.follow(r.upload([]file{{"table", "people_from.csv", goodTable}}, "source", "census"))
	done := r.follow(r.post(actions(preview)["commit"], http.StatusSeeOther))
	has(t, "the page after it", done, `class="notice"`, "Nothing had to be changed")
	hasNot(t, "the page after it", done, `action="/activity/undo"`)
}

func TestImportFaults(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	for _, tt := range []struct {
		name   string
		files  []file
		fields []string
		status int
		says   []string
	}{
		{"no table", nil, []string{"source", "census"}, 400, []string{"No table was chosen", `<option value="census" selected>`}},
		{"no source", []file{{"table", "people_from.csv", goodTable}}, nil, 400, []string{"whose claims these are"}},
		{"an unknown source", []file{{"table", "people_from.csv", goodTable}}, []string{"source", "nobody"}, 404, []string{"nobody"}},
		{"a wrong country and no number", []file{{"table", "people_from.csv", "place,partner,when,value\nUZB,KAZ,2021,310\nXQZ,KAZ,2021,many\n"}}, []string{"source", "census", "series", "people_from"}, 422,
			[]string{"<th scope=\"row\">people_from.csv</th><td class=\"n\">3</td><td class=\"n\">1</td>", "XQZ", "<td class=\"n\">14</td>", "many", `<option value="people_from" selected>`, `<option value="census" selected>`, "Nothing was stored"}},
		{"an empty file", []file{{"table", "people_from.csv", ""}}, []string{"source", "census"}, 422, []string{"empty"}},
		{"a spreadsheet", []file{{"table", "people_from.csv", "PK\x03\x04 and more"}}, []string{"source", "census"}, 422, []string{"spreadsheet"}},
		{"an unknown column", []file{{"table", "people_from.csv", "place,colour,value\nUZB,red,1\n"}}, []string{"source", "census"}, 422, []string{"colour"}},
		{"bytes that are not UTF-8", []file{{"table", "people_from.csv", "place,partner,when,value,note\nUZB,KAZ,2021,310,\xc0\xe1\xe2\n"}}, []string{"source", "census"}, 422, []string{"UTF-8"}},
		{"markup in a field", []file{{"table", "people_from.csv", "place,partner,when,value\n<script>,KAZ,2021,310\n"}}, []string{"source", "census"}, 422, []string{"&lt;script&gt;"}},
		{"a record cut short", []file{{"table", "people_from.csv", goodTable}, {"record", "SOURCE.md", "id: x\n"}}, nil, 422, []string{"SOURCE.md"}},
		{"more faults than are listed", []file{{"table", "people_from.csv", "place,partner,when,value\n" + strings.Repeat("XQZ,KAZ,2021,1\n", 70)}}, []string{"source", "census"}, 422, []string{"and 20 more"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := r.upload(tt.files, tt.fields...)
			if w.Code != tt.status {
				t.Errorf("answers %d, want %d", w.Code, tt.status)
			}
			has(t, "the page", w.Body.String(), tt.says...)
			hasNot(t, "the page", w.Body.String(), "<script>")
		})
	}
	if len(ws.lines) != 0 || ws.stages != 0 {
		t.Errorf("something was stored or staged: %v, %d", ws.lines, ws.stages)
	}
}

func TestUploadsHaveALimit(t *testing.T) {
	r := read(t, small(t))
	w := r.upload([]file{{"table", "people_from.csv", strings.Repeat("x", maxUpload+1)}}, "source", "census")
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("answers %d", w.Code)
	}
	has(t, "the page", w.Body.String(), "64 MB")
	w = r.do("POST", "/import", strings.NewReader("not a form"), "Content-Type", "multipart/form-data; boundary=x", "Sec-Fetch-Site", "same-origin")
	if w.Code != http.StatusBadRequest {
		t.Errorf("half a form answers %d", w.Code)
	}
}

func TestDiscard(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	preview := r.follow(r.upload([]file{{"table", "people_from.csv", goodTable}}, "source", "census"))
	r.follow(r.post(actions(preview)["discard"], http.StatusSeeOther))
	r.post(actions(preview)["commit"], http.StatusNotFound)
	if len(ws.lines) != 0 {
		t.Error("what was discarded is stored")
	}
}

func TestCommitThatComesTooLate(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	preview := r.follow(r.upload([]file{{"table", "people_from.csv", goodTable}}, "source", "census"))
	ws.refusal = shanyraq.Errorf("memory", shanyraq.Conflict, "somebody was faster")
	has(t, "the refusal", r.post(actions(preview)["commit"], http.StatusConflict).Body.String(), `class="error error-page"`)
	r.post(actions(preview)["commit"], http.StatusSeeOther) // it waits to be tried again
}

func TestShelfIsSmallAndForgets(t *testing.T) {
	now := today
	h := newShelf[*view.Staged](func() time.Time { return now })
	var tokens []string
	for i := range shelfSize + 1 {
		tokens = append(tokens, h.put(&view.Staged{Name: strconv.Itoa(i)}))
		now = now.Add(time.Second)
	}
	if _, err := h.get(tokens[0]); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Error("the oldest table did not make room")
	}
	for _, token := range tokens[1:] {
		if _, err := h.get(token); err != nil {
			t.Error(err)
		}
	}
	now = now.Add(shelfLife + time.Second)
	if _, err := h.get(tokens[shelfSize]); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Error("a table is kept for ever")
	}
	if len(h.held) != 0 {
		t.Errorf("%d tables are held", len(h.held))
	}
}

func TestGroups(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	has(t, "the list", r.get("/groups", http.StatusOK).Body.String(), `href="/groups/asia"`, `href="/groups/new"`, "Kazakhstan")
	hasNot(t, "the list of members in 2026", r.get("/groups", http.StatusOK).Body.String(), "Kazakhstan, Uzbekistan")
	has(t, "the group", r.get("/groups/asia", http.StatusOK).Body.String(), "1991", "2020", "a &lt;definition&gt;", `name="place" value="Uzbekistan"`)

	// Changed: a country by its name in Russian, another by its code.
	page := r.follow(r.post("/groups/asia", http.StatusSeeOther, "name_en", "Middle Asia", "note", "changed", "place", "Казахстан", "from", "1991", "to", "", "place", "deu", "from", "2001", "to", "2002", "place", "", "from", "", "to", ""))
	has(t, "the page after it", page, "Middle Asia", "Germany", `class="notice"`, `name="seq" value="1"`)
	if g := ws.groups["asia"]; g == nil || len(g.Members) != 2 || g.Members[1] != (shanyraq.Member{Place: "DEU", From: 2001, To: 2002}) || g.Source != "census" {
		t.Errorf("the group is %+v", g)
	}

	// New.
	page = r.follow(r.post("/groups", http.StatusSeeOther, "name_ru", "Мои друзья", "place", "DEU", "from", "", "to", ""))
	has(t, "the page of the new group", page, "Мои друзья", `action="/groups/moi_druzya"`)
	has(t, "a second of that name", r.post("/groups", http.StatusBadRequest, "name_ru", "Мои друзья", "place", "DEU").Body.String(), "Мои друзья", `name="place" value="DEU"`)

	// Deleted, and back.
	page = r.follow(r.post("/groups/asia/delete", http.StatusSeeOther))
	hasNot(t, "the list", page, `href="/groups/asia"`)
	r.get("/groups/asia", http.StatusNotFound)
	page = r.follow(r.post("/groups/asia/restore", http.StatusSeeOther))
	has(t, "the group restored", page, "Central Asia", "Uzbekistan")
}

func TestAnOfficerDecidesInTheBrowser(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	has(t, "the form", r.get("/hosts/tiers", http.StatusOK).Body.String(), `action="/hosts/tiers/decide" method="post"`, "tester", "two officers need two accounts")

	// Wrong: no reason. What was typed stays.
	page := r.post("/hosts/tiers/decide", http.StatusUnprocessableEntity, "place", "DEU", "tier", "3", "memo", "  ").Body.String()
	has(t, "the page with the mistake", page, "A decision has to say why.", `<option value="DEU" selected>`, `<option value="3" selected>`)
	r.post("/hosts/tiers/decide", http.StatusUnprocessableEntity, "place", "DEU", "tier", "many", "memo", "why")

	page = r.follow(r.post("/hosts/tiers/decide", http.StatusSeeOther, "place", "DEU", "tier", "3", "memo", "see note 12"))
	has(t, "the page after it", page, "Asked for tier 3 in DEU")

	ws.readonly = true
	hasNot(t, "a page to be read only", r.get("/hosts/tiers", http.StatusOK).Body.String(), "/hosts/tiers/decide")
	r.post("/hosts/tiers/decide", http.StatusConflict, "place", "DEU", "tier", "3", "memo", "see note 12")
}

func TestAnAnalystJudgesInTheBrowser(t *testing.T) {
	r := read(t, small(t))
	has(t, "the form", r.get("/hosts/fit?in=DEU&about=science", http.StatusOK).Body.String(), `action="/hosts/fit/judge"`, `<option value="science" selected>`)
	page := r.post("/hosts/fit/judge", http.StatusUnprocessableEntity, "place", "UZB", "theme", "science", "fit", "good", "why", "a <reason>").Body.String()
	has(t, "the page with the mistake", page, "not good", "a &lt;reason&gt;", `value="good"`, `<option value="UZB" selected>`)
	r.post("/hosts/fit/judge", http.StatusUnprocessableEntity, "place", "UZB", "theme", "science", "fit", "0.3", "why", "")
	page = r.follow(r.post("/hosts/fit/judge", http.StatusSeeOther, "place", "UZB", "theme", "science", "fit", "−0,3", "why", "see note 12"))
	has(t, "the page after it", page, "KAZ UZB science -0.3")
}

func TestGroupMistakesStayOnThePage(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	for _, tt := range []struct {
		name   string
		fields []string
		says   []string
	}{
		{"no name", []string{"place", "DEU"}, []string{"no name", `value="DEU"`}},
		{"no members", []string{"name_en", "Lonely"}, []string{"no members", `value="Lonely"`}},
		{"an unknown country", []string{"name_en", "G", "place", "Atlantis <i>", "from", "1", "to", ""}, []string{"Atlantis &lt;i&gt; is no country", `value="Atlantis &lt;i&gt;"`, `aria-invalid="true"`}},
		{"a year that is none", []string{"name_en", "G", "place", "DEU", "from", "soon", "to", ""}, []string{"soon is not a year"}},
		{"an end before the beginning", []string{"name_en", "G", "place", "DEU", "from", "2001", "to", "1999"}, []string{"before the first"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, target := range []string{"/groups", "/groups/asia"} {
				has(t, "the page", r.post(target, http.StatusBadRequest, tt.fields...).Body.String(), tt.says...)
			}
		})
	}
	if len(ws.lines) != 0 {
		t.Errorf("something was saved: %v", ws.lines)
	}
	r.post("/groups/nobody", http.StatusNotFound, "name_en", "x", "place", "DEU")
}

func TestActivity(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	has(t, "an empty log", r.get("/activity", http.StatusOK).Body.String(), `class="empty"`)
	for i := range shownLines + 5 {
		if _, err := ws.write(fmt.Sprintf("officer %d", i), "activity.put_group", 0, "Key", "asia"); err != nil {
			t.Fatal(err)
		}
	}
	body := r.get("/activity", http.StatusOK).Body.String()
	has(t, "the log", body, `id="line-105"`, `id="line-6"`, "officer 104", "Saved the group asia", "/activity?show=all", `href="/?at=`)
	hasNot(t, "the first lines", body, `id="line-5"`)
	has(t, "all lines", r.get("/activity?show=all", http.StatusOK).Body.String(), `id="line-1"`)
	var lines []struct {
		Seq  int64
		Said string
	}
	r.json(t, "/activity.json", &lines)
	if len(lines) != shownLines+5 || lines[0].Said != "Saved the group asia" {
		t.Errorf("%d lines, the first %+v", len(lines), lines[0])
	}
	r.post("/activity/undo", http.StatusBadRequest, "seq", "first")
	r.post("/activity/undo", http.StatusNotFound, "seq", "1000")
}

func TestReadOnly(t *testing.T) {
	ws := small(t)
	ws.readonly = true
	r := read(t, ws)
	for _, p := range []string{"/", "/activity", "/import", "/groups", "/groups/asia", "/groups/new", "/sources"} {
		body := r.get(p, http.StatusOK, "Accept-Language", "en").Body.String()
		hasNot(t, p, body, `method="post"`)
		if p != "/" && p != "/sources" && p != "/groups" {
			has(t, p, body, "shanyraq init")
		}
	}
	for _, p := range []string{"/activity/undo", "/import", "/import/X/commit", "/groups", "/groups/asia", "/groups/asia/delete", "/groups/asia/restore"} {
		has(t, p, r.post(p, http.StatusConflict, "seq", "1").Body.String(), "shanyraq init")
	}
	if len(ws.lines) != 0 {
		t.Error("something was changed")
	}
}

// A change is of the newest version, whichever the reader was looking at.
func TestChangesAreOfTheNewestVersion(t *testing.T) {
	ws := small(t)
	tables := smallTables()
	tables["census/extra.csv"] = &fstestFile
	newer, _, err := house(tables)
	if err != nil {
		t.Fatal(err)
	}
	old := ws.houses[0].Library.Version()
	ws.houses = append(ws.houses, newer)
	r := read(t, ws)
	w := r.post("/groups/asia?at="+old+"&lang=kk", http.StatusSeeOther, "name_en", "A", "place", "DEU")
	to := w.Header().Get("Location")
	has(t, "where it leads", to, "lang=kk", "done=1")
	hasNot(t, "where it leads", to, "at=")
}
