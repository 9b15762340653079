package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"shanyraq/data"
	"shanyraq/internal/ingest"
	"shanyraq/internal/view"
)

// A reader who starts the program waits for the first page: opening the
// built-in tables, the templates, and the overview. It has to stay under a
// second, the start of the process included.
func BenchmarkFirstPage(b *testing.B) {
	for b.Loop() {
		w, err := ingest.OpenWorkspace(data.Files)
		if err != nil {
			b.Fatal(err)
		}
		h, err := view.NewHouse(context.Background(), w)
		if err != nil {
			b.Fatal(err)
		}
		read(b, &memory{houses: []*view.House{h}, known: w.Vocabulary()}).get("/", http.StatusOK)
	}
}

// Later pages have to be written in under a tenth of a second, as every reader
// gets them: compressed.
func BenchmarkLaterPages(b *testing.B) {
	for _, p := range []string{"/", "/standing?show=all", "/standing?w.gdp=50&w.population=25&w.military=25", "/vectors", "/diaspora", "/diaspora.json?table=hosts", "/hosts", "/hosts/DEU", "/f/standing/material/KAZ/2024/rank", "/f/claim/wdi/SP.POP.TOTL/KAZ/-/2024", "/sources/wdi", "/search?q=germany"} {
		b.Run(strings.ReplaceAll(strings.Trim(p, "/"), "/", "_"), func(b *testing.B) {
			r := withBuiltIn(b)
			size := 0
			for b.Loop() {
				w := r.get(p, http.StatusOK, "Accept-Encoding", "gzip")
				size = w.Body.Len()
			}
			b.ReportMetric(float64(size), "bytes/page")
		})
	}
}

// A reader who comes back to a page that has not changed is told so at once.
func BenchmarkUnchangedPage(b *testing.B) {
	r := withBuiltIn(b)
	tag := r.get("/hosts", http.StatusOK).Header().Get("ETag")
	for b.Loop() {
		req := httptest.NewRequest("GET", "http://localhost/hosts", nil)
		req.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		if r.pages.ServeHTTP(w, req); w.Code != http.StatusNotModified {
			b.Fatal(w.Code)
		}
	}
}
