package web

import (
	"net/http"
	"strings"
	"testing"
)

// What a reader counted is answered on the page and kept nowhere, also where
// nothing can be changed.
func TestSizing(t *testing.T) {
	ws := small(t)
	ws.readonly = true
	r := read(t, ws)
	has(t, "the page", r.get("/diaspora/methods", http.StatusOK, "Accept-Language", "en").Body.String(), `action="/diaspora/methods/two-lists"`, `action="/diaspora/methods/rds"`, `enctype="multipart/form-data"`, `name="sheet-file"`, "Nothing you send is stored")

	send := func(kind string, files []file, fields ...string) (int, string) {
		w := r.uploadTo("/diaspora/methods/"+kind, files, fields...)
		if got := w.Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", kind, got)
		}
		return w.Code, w.Body.String()
	}
	code, body := send("two-lists", nil, "a", "100", "b", "100", "both", "20", "level", "0.95")
	if code != http.StatusOK {
		t.Fatalf("two lists: %d", code)
	}
	has(t, "the answer", body, `<span class="v">485</span>`, "(361–692)", `href="#t-worked"`, `id="t-worked"`, "N = (100", `value="100"`)
	hasNot(t, "the answer", body, `/f/sizing`, `table=two-lists`)

	overlaps := "a;b;c;freq\n1;0;0;120\n0;1;0;90\n0;0;1;60\n1;1;0;40\n1;0;1;25\n0;1;1;18\n1;1;1;9\n"
	_, pasted := send("lists", nil, "sheet", overlaps, "level", "0.95", "seed", "1")
	has(t, "a pasted table", pasted, "Latent classes of people", "Sample coverage", "0;1;0;90")
	_, sent := send("lists", []file{{"sheet-file", "overlaps.csv", overlaps}}, "level", "0.95", "seed", "1")
	has(t, "a table sent as a file", sent, "Latent classes of people")

	chain := "id,recruiter.id,network.size,group\ns1,seed,4,x\ns2,seed,6,y\n1,s1,5,x\n2,s1,7,y\n3,s2,2,y\n4,s2,9,x\n5,1,3,x\n6,1,4,y\n7,2,8,x\n8,3,2,y\n"
	_, body = send("rds", nil, "sheet", chain, "level", "0.95", "seed", "1", "draws", "200", "bootstrap", "tree", "size", "5000")
	has(t, "a chain", body, "Successive sampling", "tree bootstrap", "Homophily of recruitment", "Bottleneck")
	_, body = send("chain-size", nil, "sheet", chain, "level", "0.95", "prior", "1000")
	has(t, "the order of recruits", body, "a check beside other sizes")
	_, body = send("which-lists", nil, "sheet", "a,b\n1,1\n1,0\n0,1\n0,0\n", "lengths", "a=100,b=40", "level", "0.95")
	has(t, "a survey on lists", body, "All lists together")
	_, body = send("scale-up", nil, "sheet", "nurses,twins,abroad\n1,3,1\n1,3,3\n", "known", "nurses=100,twins=300", "target", "abroad", "population", "10000", "level", "0.95")
	has(t, "acquaintances", body, "Known size", "nurses, from the other groups")

	// What is wrong is said, and what was typed stays.
	for name, tt := range map[string]struct {
		kind   string
		fields []string
		say    string
	}{
		"a standard error of 5":   {"multiplier", []string{"length", "4200", "share", "0.12", "se-share", "5", "level", "0.95"}, "a survey of a single person would have 0.32"},
		"a word":                  {"two-lists", []string{"a", "many", "b", "1", "both", "1", "level", "0.95"}, "“many” is not a whole number"},
		"no table":                {"lists", []string{"level", "0.95", "seed", "1"}, "nothing was pasted"},
		"a table of another kind": {"rds", []string{"sheet", overlaps, "level", "0.95", "seed", "1", "draws", "200"}, "there is no column id"},
	} {
		code, body := send(tt.kind, nil, tt.fields...)
		if code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, code)
		}
		has(t, name, body, tt.say, `role="alert"`)
	}
	if code, _ := send("nothing", nil); code != http.StatusNotFound {
		t.Errorf("a form there is not: %d", code)
	}
	// What a form answers has no address of its own.
	for _, ext := range []string{"", ".json"} {
		if got := r.get("/diaspora/methods/rds"+ext+"?home=KAZ&lang=kk", http.StatusSeeOther).Header().Get("Location"); got != "/diaspora/methods?home=KAZ&lang=kk#rds-h" {
			t.Errorf("the address of a form leads to %q", got)
		}
	}
	r.get("/diaspora/methods/nothing", http.StatusNotFound)
	// Another site's form is refused.
	w := r.do("POST", "/diaspora/methods/two-lists", strings.NewReader("a=1&b=1&both=1"), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site")
	if w.Code != http.StatusForbidden {
		t.Errorf("another site's form: %d", w.Code)
	}
	if r.log.Len() > 0 {
		t.Errorf("logged:\n%s", r.log)
	}
}

// Who has other numbers finds where to bring them.
func TestImportIsAtTheFoot(t *testing.T) {
	r := read(t, small(t))
	for _, page := range []string{"/diaspora", "/hosts"} { // vectors need powers, of which this world has none
		has(t, page, r.get(page, http.StatusOK, "Accept-Language", "en").Body.String(), `<a href="/import">Have other numbers? Import a table</a>`)
	}
	ws := small(t)
	ws.readonly = true
	hasNot(t, "where nothing can be changed", read(t, ws).get("/diaspora", http.StatusOK, "Accept-Language", "en").Body.String(), "Have other numbers?")
}
