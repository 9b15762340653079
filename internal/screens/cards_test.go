package screens

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The longest cards of every language, printed as the browser's own command
// prints them, take four sheets at most and name their sources on paper.
func TestCardsStayWithinFourSheets(t *testing.T) {
	if testing.Short() {
		t.Skip("printing takes a minute")
	}
	browser := chromium()
	if browser == "" {
		t.Skip("no Chromium is installed, so nothing can be printed here")
	}
	t.Parallel()
	b, err := built()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	marked := regexp.MustCompile(`class="mark"[^>]*>[^<]*\[\d+\]`)
	for _, lang := range []string{"en", "ru", "kk"} {
		folder := filepath.Join(t.TempDir(), lang)
		if said, err := exec.CommandContext(ctx, b.bin, "hosts", "cards", folder, "--lang", lang).CombinedOutput(); err != nil { //nolint:gosec // the program just built
			t.Fatalf("%v: %s", err, said)
		}
		cards, err := filepath.Glob(filepath.Join(folder, "*.html"))
		if err != nil || len(cards) < 190 {
			t.Fatalf("%d cards, %v", len(cards), err)
		}
		size := func(name string) int64 {
			info, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			return info.Size()
		}
		slices.SortFunc(cards, func(a, b string) int { return int(size(b) - size(a)) })
		for _, card := range cards[:4] {
			pdf := filepath.Join(folder, "card.pdf")
			args := []string{"--headless", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir=" + filepath.Join(folder, "browser"), "--print-to-pdf=" + pdf, "file://" + card}
			if os.Geteuid() == 0 {
				args = append(args, "--no-sandbox") // the sandbox refuses to run as root
			}
			if said, err := exec.CommandContext(ctx, browser, args...).CombinedOutput(); err != nil { //nolint:gosec // the browser the other tests use
				t.Fatalf("%v: %s", err, said)
			}
			printed, err := os.ReadFile(pdf)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(aSheet.FindAll(printed, -1)); n < 1 || n > 4 {
				t.Errorf("%s in %s takes %d sheets", filepath.Base(card), lang, n)
			}
			page, err := os.ReadFile(card)
			if err != nil {
				t.Fatal(err)
			}
			for _, section := range []string{"t-rules", "t-channels"} {
				_, rest, ok := strings.Cut(string(page), `id="`+section+`"`)
				rest, _, _ = strings.Cut(rest, "</section>")
				if ok && strings.Contains(rest, "<tbody>") && !marked.MatchString(rest) {
					t.Errorf("%s in %s: nothing in %s names its source on paper", filepath.Base(card), lang, section)
				}
			}
		}
	}
}
