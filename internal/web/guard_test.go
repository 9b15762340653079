package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"
)

func TestOnlyOwnFormsAreFollowed(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	form := func(head ...string) int {
		return r.do("POST", "/groups/asia/delete", strings.NewReader(""), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, head...)...).Code
	}
	for _, tt := range []struct {
		name string
		head []string
		want int
	}{
		{"another site", []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"another host of this site", []string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		{"another origin, from an old browser", []string{"Origin", "https://example.org"}, http.StatusForbidden},
		{"an origin that hides", []string{"Origin", "null"}, http.StatusForbidden},
		{"our own page", []string{"Sec-Fetch-Site", "same-origin"}, http.StatusSeeOther},
		{"our own page, in an old browser", []string{"Origin", "http://localhost:8090"}, http.StatusSeeOther},
		{"no browser", nil, http.StatusSeeOther},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := form(tt.head...); got != tt.want {
				t.Errorf("answers %d, want %d", got, tt.want)
			}
		})
	}
	w := r.do("POST", "/groups/asia/delete", nil, "Sec-Fetch-Site", "cross-site", "Accept-Language", "en")
	has(t, "the refusal", w.Body.String(), "came from another site", "</html>")
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
		if got := r.do(method, "/standing", nil, "Sec-Fetch-Site", "same-origin").Code; got != http.StatusMethodNotAllowed {
			t.Errorf("%s answers %d", method, got)
		}
	}
}

func TestHostNames(t *testing.T) {
	r := read(t, small(t), Options{Hosts: []string{"shanyraq.example"}})
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8090": 200, "LOCALHOST": 200, "127.0.0.1:8090": 200, "[::1]:8090": 200, "[::1]": 200, "192.168.1.7:8090": 200, "office.localhost": 200,
		"shanyraq.example": 200, "shanyraq.example:8090": 200, "Shanyraq.Example.": 200,
		"evil.example": 421, "evil.example:8090": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "": 421, "notlocalhost": 421,
	} {
		if got := r.do("GET", "/help", nil, "Host", host).Code; got != want {
			t.Errorf("%q answers %d, want %d", host, got, want)
		}
	}
}

func TestPagesAreKeptWhileTheyHold(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	first := r.get("/hosts", http.StatusOK, "Accept-Language", "en")
	tag := first.Header().Get("ETag")
	if tag == "" || first.Header().Get("Cache-Control") != "private, no-cache" {
		t.Fatalf("headers are %v", first.Header())
	}
	if w := r.get("/hosts", http.StatusNotModified, "Accept-Language", "en", "If-None-Match", `"x", `+tag); w.Body.Len() != 0 {
		t.Error("an answer without contents has some")
	}
	for name, head := range map[string][]string{
		"another language": {"Accept-Language", "kk"},
		"another theme":    {"Accept-Language", "en", "Cookie", "theme=dark"},
	} {
		if w := r.get("/hosts", http.StatusOK, append(head, "If-None-Match", tag)...); w.Header().Get("ETag") == tag {
			t.Errorf("%s has the same tag", name)
		}
	}
	for name, target := range map[string]string{"another home": "/hosts?home=DEU", "another form": "/hosts.json", "another group": "/hosts?group=asia"} {
		if w := r.get(target, http.StatusOK, "Accept-Language", "en", "If-None-Match", tag); w.Header().Get("ETag") == tag {
			t.Errorf("%s has the same tag", name)
		}
	}
	tables := smallTables()
	tables["census/extra.csv"] = &fstestFile
	newer, _, err := house(tables)
	if err != nil {
		t.Fatal(err)
	}
	ws.houses = append(ws.houses, newer)
	r.get("/hosts", http.StatusOK, "Accept-Language", "en", "If-None-Match", tag)

	// What tells of a change, lists changes or failed is not kept.
	for target, status := range map[string]int{"/hosts?done=none": 200, "/activity": 200, "/import": 200, "/hosts/XYZ": 404} {
		w := r.get(target, status)
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("ETag") != "" {
			t.Errorf("%s may be kept: %v", target, w.Header())
		}
	}
}

func TestCompression(t *testing.T) {
	r := withBuiltIn(t)
	plain := r.get("/hosts", http.StatusOK)
	zipped := r.get("/hosts", http.StatusOK, "Accept-Encoding", "br, gzip;q=0.5")
	if zipped.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" {
		t.Fatalf("compressed: %v; not: %v", zipped.Header(), plain.Header())
	}
	if got := unzip(t, zipped.Body); got != plain.Body.String() {
		t.Error("compressed, the page is another")
	}
	if w := r.get("/hosts", http.StatusOK, "Accept-Encoding", "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("who refuses gzip gets it")
	}
	// Twice, so that a writer is used again.
	if got := unzip(t, r.get("/hosts", http.StatusOK, "Accept-Encoding", "gzip").Body); got != plain.Body.String() {
		t.Error("compressed again, the page is another")
	}
}

func TestAssetsAreServed(t *testing.T) {
	r := withBuiltIn(t)
	css := r.asset(t, "app.css")
	for name, kind := range map[string]string{
		"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8", "charts.js": "text/javascript; charset=utf-8", "world.json": "application/json",
		"mark.svg": "image/svg+xml", "fonts/ibm-plex-sans-latin-400.woff2": "font/woff2", "LICENSES.txt": "text/plain; charset=utf-8",
	} {
		address := strings.TrimSuffix(css, "app.css") + name
		w := r.get(address, http.StatusOK)
		if w.Header().Get("Content-Type") != kind || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %v", name, w.Header())
		}
		want, err := dist.ReadFile("dist/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(w.Body.Bytes(), want) {
			t.Errorf("%s is not the file that ships", name)
		}
		if w = r.get(address, http.StatusOK, "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s compressed is not the file that ships: %v", name, err)
			}
		} else if strings.HasSuffix(name, ".woff2") == (w.Header().Get("Content-Encoding") == "gzip") {
			t.Errorf("%s is sent as %q", name, w.Header().Get("Content-Encoding"))
		}
	}
	if w := r.get("/assets/0123/app.css", http.StatusOK); w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("an asset of another build may be kept: %v", w.Header())
	}
	for _, p := range []string{"/assets/0123/nothing.css", "/assets/0123/../web.go", "/assets/", "/assets/0123/manifest.json"} {
		if w := r.do("GET", p, nil); w.Code == http.StatusOK {
			t.Errorf("%s answers %d", p, w.Code)
		}
	}
	if w := r.get("/favicon.ico", http.StatusFound); !strings.HasSuffix(w.Header().Get("Location"), "/mark.svg") {
		t.Errorf("the icon is at %q", w.Header().Get("Location"))
	}
}

// The files that ship are those the manifest names, with the sums it gives.
func TestManifest(t *testing.T) {
	b, err := dist.ReadFile("dist/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var sums map[string]string
	if err := json.Unmarshal(b, &sums); err != nil {
		t.Fatal(err)
	}
	found := 0
	err = fs.WalkDir(dist, "dist", func(p string, d fs.DirEntry, err error) error {
		name := strings.TrimPrefix(p, "dist/")
		if err != nil || d.IsDir() || name == "manifest.json" {
			return err
		}
		found++
		body, err := dist.ReadFile(p)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		if got := hex.EncodeToString(sum[:])[:12]; got != sums[name] {
			t.Errorf("%s has the sum %s, the manifest says %q", name, got, sums[name])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found != len(sums) {
		t.Errorf("%d files, %d in the manifest", found, len(sums))
	}
}
