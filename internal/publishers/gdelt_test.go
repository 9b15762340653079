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

// counts returns an empty count for Kazakhstan and the powers.
func counts(powers ...shanyraq.CountryCode) *EventCount {
	return &EventCount{News: vectors.NewNews("KAZ", powers, nil)}
}

func count(t *testing.T, content string) (*EventCount, error) {
	t.Helper()
	n := counts("CHN", "RUS", "USA")
	return n, ReadEvents(t.Context(), write(t, "20220301.export.CSV", content), n, nil)
}

func TestEvents(t *testing.T) {
	content := event("20220301", "CHN", "KAZ", "043", "2.8", "10") + event("20220301", "CHN", "KAZ", "043", "2.8", "5") + event("20220302", "KAZ", "RUS", "112", "-2.0", "4") +
		event("20220302", "FRA", "DEU", "043", "2.8", "5") + event("20220302", "", "KAZ", "043", "2.8", "5") + event("20220302", "KAZ", "KAZ", "043", "2.8", "5") + "\n"
	counted, err := count(t, content)
	if err != nil {
		t.Fatal(err)
	}
	n := counted.News
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
	packed := counts("CHN", "RUS")
	if err := ReadEvents(t.Context(), path, packed, nil); err != nil {
		t.Fatal(err)
	}
	if read, held := packed.News.Read(); read != 6 || held != 3 {
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

// A file of another kind is refused at its first line. A line that cannot be read
// is put aside and named; where they are many, the whole is refused.
func TestEventFaults(t *testing.T) {
	good := event("20220301", "CHN", "KAZ", "043", "2.8", "10")
	for content, want := range map[string]string{
		"place,value\nKAZ,1\n" + good: ":1:1: this is no event",
		strings.Repeat("x", 2<<20):    ":1: this is no event",
	} {
		if _, err := count(t, content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %s", content, err, want)
		}
	}
	for line, want := range map[string]string{
		strings.Replace(good, "\thttps", "https", 1):          ":2:1: this is no event",
		event("2022-03-01", "CHN", "KAZ", "043", "2.8", "10"): ":2:2: 2022-03-01 is no date",
		event("20221301", "CHN", "KAZ", "043", "2.8", "10"):   ":2:2: 20221301 is no date",
		event("20220301", "CHN", "KAZ", "999", "2.8", "10"):   ":2:27: 999 is no code",
		event("20220301", "CHN", "KAZ", "043", "high", "1"):   ":2:31: high is no number",
		event("20220301", "CHN", "KAZ", "043", "2", "-1"):     ":2:32: -1 is no number",
	} {
		n, err := count(t, good+line)
		if err != nil || n.Aside != 1 || !strings.Contains(n.First[0].String(), want) || n.Sound() != nil {
			t.Errorf("%.40q: %v, %+v, want %s", line, err, n, want)
		}
		if n, _ = count(t, good+strings.Repeat(line, 6)); n.Aside != 6 || n.Sound() == nil {
			t.Errorf("six of seven lines put aside: %+v", n)
		}
	}
	if n, err := count(t, good+event("20220301", "CHN", "KAZ", "043", "", "10")); err != nil || n.Aside != 0 {
		t.Errorf("no score: %v, %+v", err, n)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := ReadEvents(ctx, write(t, "a.tsv", good), counts(), nil); !errors.Is(err, context.Canceled) {
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
		n := counts("CHN", "RUS", "USA", "TUR")
		if err := streamEvents(b.Context(), "a", bytes.NewReader(data), n, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// The months are a table of claims: four counts and one tone each, with a range
// where there were two days.
func TestEventMonths(t *testing.T) {
	n, err := count(t, event("20220301", "CHN", "KAZ", "043", "2.8", "10")+event("20220302", "CHN", "KAZ", "112", "-2", "30")+event("20220402", "KAZ", "RUS", "190", "-10", "1"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := EventMonths(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"news_reports,CHN,,KAZ,verbal cooperation,2022-03,1,",
		"news_reports,CHN,,KAZ,verbal conflict,2022-03,1,",
		"news_reports,KAZ,,RUS,material conflict,2022-04,1,",
		"news_tone,CHN,,KAZ,,2022-03,-0.8000,-10.0000,10.0000,confidence,0.9,",
		"news_tone,KAZ,,RUS,,2022-04,-10.0000,,,,,",
	} {
		if !strings.Contains(string(r.Table), want) {
			t.Errorf("no %s in\n%s", want, r.Table)
		}
	}
	if _, err := EventMonths(counts("CHN")); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("nothing counted: %v", err)
	}
	// What members of a union do, the union does.
	eu := &EventCount{News: vectors.NewNews("KAZ", []shanyraq.CountryCode{"EUU"}, map[shanyraq.CountryCode]shanyraq.CountryCode{"DEU": "EUU", "FRA": "EUU"})}
	if err := ReadEvents(t.Context(), write(t, "a.tsv", event("20220301", "DEU", "KAZ", "043", "2.8", "10")+event("20220301", "KAZ", "FRA", "043", "2.8", "10")+event("20220301", "DEU", "FRA", "043", "2.8", "10")), eu, nil); err != nil {
		t.Fatal(err)
	}
	if _, held := eu.News.Read(); held != 2 {
		t.Errorf("%d acts of the union", held)
	}
}
