package publishers

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// event is a line of 61 columns.
func event(day, from, to, code, score, mentions string) string {
	cells := make([]string, gdeltColumns)
	cells[0] = "669666350"
	cells[gdeltDay], cells[gdeltFrom], cells[gdeltTo], cells[gdeltCode], cells[gdeltScore], cells[gdeltMentions] = day, from, to, code, score, mentions
	cells[60] = "https://example.org/a"
	return strings.Join(cells, "\t") + "\n"
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func count(t *testing.T, content string) (*vectors.News, error) {
	t.Helper()
	n := vectors.NewNews("KAZ", []shanyraq.CountryCode{"CHN", "RUS", "USA"})
	return n, ReadEvents(t.Context(), write(t, "20220301.export.CSV", content), n, nil)
}

func TestEvents(t *testing.T) {
	content := event("20220301", "CHN", "KAZ", "043", "2.8", "10") + event("20220301", "CHN", "KAZ", "043", "2.8", "5") + event("20220302", "KAZ", "RUS", "112", "-2.0", "4") +
		event("20220302", "FRA", "DEU", "043", "2.8", "5") + event("20220302", "", "KAZ", "043", "2.8", "5") + event("20220302", "KAZ", "KAZ", "043", "2.8", "5") + "\n"
	n, err := count(t, content)
	if err != nil {
		t.Fatal(err)
	}
	if read, held := n.Read(); read != 6 || held != 3 {
		t.Errorf("%d read, %d counted", read, held)
	}
	if first, last := n.Days(); first.Format("2006-01-02") != "2022-03-01" || last.Format("2006-01-02") != "2022-03-02" {
		t.Errorf("from %s to %s", first, last)
	}
	tones, err := n.Tones(t.Context(), time.Date(2022, 3, 31, 0, 0, 0, 0, time.UTC), 90)
	if err != nil || len(tones) != 2 || tones[0].From != "CHN" || tones[0].N != 2 || tones[0].Quads != [4]int{2, 0, 0, 0} || tones[1].Quads != [4]int{0, 0, 1, 0} {
		t.Errorf("%+v, %v", tones, err)
	}
	// Packed, it is the same.
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("20220301.export.CSV")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := write(t, "20220301.export.CSV.zip", b.String())
	packed := vectors.NewNews("KAZ", []shanyraq.CountryCode{"CHN", "RUS"})
	if err := ReadEvents(t.Context(), path, packed, nil); err != nil {
		t.Fatal(err)
	}
	if read, held := packed.Read(); read != 6 || held != 3 {
		t.Errorf("packed: %d read, %d counted", read, held)
	}
	files, err := EventFiles([]string{filepath.Dir(path)})
	if err != nil || len(files) != 1 || files[0] != path {
		t.Errorf("%v, %v", files, err)
	}
	if _, err := EventFiles([]string{path + ".none"}); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := EventFiles([]string{t.TempDir()}); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestEventFaults(t *testing.T) {
	good := event("20220301", "CHN", "KAZ", "043", "2.8", "10")
	for content, want := range map[string]string{
		good + "place,value\nKAZ,1\n":                              ":2:1: this is no event",
		good + strings.Replace(good, "\thttps", "https", 1):        ":2:1: this is no event",
		event("2022-03-01", "CHN", "KAZ", "043", "2.8", "10"):      ":1:2: 2022-03-01 is no date",
		event("20221301", "CHN", "KAZ", "043", "2.8", "10"):        ":1:2: 20221301 is no date",
		good + event("20220301", "CHN", "KAZ", "043", "high", "1"): ":2:31: high is no number",
		good + event("20220301", "CHN", "KAZ", "043", "2", "-1"):   ":2:32: -1 is no number",
		strings.Repeat("x", 2<<20):                                 ":1: this is no event",
	} {
		if _, err := count(t, content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %s", content, err, want)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := ReadEvents(ctx, write(t, "a.tsv", good), vectors.NewNews("KAZ", nil), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestDayNumber(t *testing.T) {
	for day := time.Date(1979, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2101; day = day.AddDate(0, 0, 1) {
		if n, ok := dayNumber([]byte(day.Format("20060102"))); !ok || int64(n) != day.Unix()/86400 {
			t.Fatalf("%s is day %d, want %d", day.Format("2006-01-02"), n, day.Unix()/86400)
		}
	}
}

// A year of events is some 15 gigabytes: the disk and not the reader should set
// the pace.
func BenchmarkEvents(b *testing.B) {
	var all strings.Builder
	pairs := []string{"CHN KAZ", "USA GBR", "FRA DEU", "RUS UKR", "ISR PSE", "KAZ RUS", "USA CHN", "IND PAK", "BRA ARG", "TUR SYR", "JPN KOR", "AUS NZL"}
	for i := range 40_000 {
		from, to, _ := strings.Cut(pairs[i%len(pairs)], " ")
		l := event(fmt.Sprintf("2022%02d%02d", 1+i%12, 1+i%28), from, to, "043", "2.8", "10")
		all.WriteString(strings.Replace(l, "\t\t\t\t\t\t", "\tCOUNTRY NAME\t\t\t\t\t", 2))
	}
	data := []byte(all.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		n := vectors.NewNews("KAZ", []shanyraq.CountryCode{"CHN", "RUS", "USA", "TUR"})
		if err := streamEvents(b.Context(), "a", bytes.NewReader(data), n, nil); err != nil {
			b.Fatal(err)
		}
	}
}
