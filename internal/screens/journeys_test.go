package screens

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// drawn is true when the drawer is open with something in it.
const drawn = `document.querySelector("dialog.drawer[open] .drawer-body h1, dialog.drawer[open] .drawer-body h2")`

// A stranger on the first page reaches the source of a number in two actions.
func TestSourceInTwoActions(t *testing.T) {
	t.Parallel()
	b := open(t)
	for f, pages := range map[frame][]string{
		desk:      {"/", "/standing", "/vectors", "/diaspora", "/hosts", "/hosts/UZB", "/diaspora/RUS"},
		telephone: {"/", "/standing"},
	} {
		b.size(f)
		for _, from := range pages {
			b.visit(from)
			b.click("main a.fig") // one
			b.waitFor("the drawer opened", drawn)
			b.click(`dialog.drawer[open] a[href^="/sources/"]`) // two
			b.waitFor("the source was there", `location.pathname.startsWith("/sources/")`)
			b.settle()
			if !eval[bool](b, `Boolean(document.querySelector("main h1"))`) {
				t.Errorf("%s, from %s: the page of the source has no heading", f.name, from)
			}
		}
	}
}

// The same without scripts, where a number is a link to its page.
func TestSourceInTwoActionsWithoutScripts(t *testing.T) {
	t.Parallel()
	b := open(t)
	tell(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	for _, from := range []string{"/", "/standing", "/vectors", "/diaspora", "/hosts"} {
		b.do(chromedp.Navigate(b.program.Address + from))
		b.click("main a.fig") // one
		b.waitFor("the figure was there", `location.pathname.startsWith("/f/") && document.readyState === "complete"`)
		b.click(`main a[href^="/sources/"]`) // two
		b.waitFor("the source was there", `location.pathname.startsWith("/sources/")`)
	}
}

// doorOf is a figure on a page, and the address its lineage opens at.
var doorOf = regexp.MustCompile(`<a class="fig" href="([^"]+)"`)

// Every door of a screen leads to a page with a source on it. Of screens with
// more doors than sampled some are tried, evenly spread.
func TestDoorsOpen(t *testing.T) {
	t.Parallel()
	s := needStage(t)
	const sampled = 40
	tried := 0
	for _, screen := range All() {
		var doors []string
		for _, m := range doorOf.FindAllStringSubmatch(s.get(t, screen.Path), -1) {
			doors = append(doors, html.UnescapeString(m[1]))
		}
		slices.Sort(doors)
		doors = slices.Compact(doors)
		for i := 0; i < len(doors); i += max(1, len(doors)/sampled) {
			tried++
			if !strings.Contains(s.get(t, doors[i]), `href="/sources/`) {
				t.Errorf("%s: %s names no source", screen.Name, doors[i])
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d doors were tried: the screens have more", tried)
	}
}

// get returns the page at a path, and fails the test unless it is there.
func (s *stage) get(t *testing.T, path string) string {
	t.Helper()
	answer, err := http.Get(s.program.Address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		t.Errorf("%s: %s", path, answer.Status)
	}
	return string(body)
}

// Back closes what was opened, step by step, and leaves the reader where they were.
func TestBack(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.visit("/standing")
	b.click("main td a.fig")
	b.waitFor("the drawer opened", drawn)
	first := eval[string](b, drawn+".textContent")
	b.click("dialog.drawer[open] .lineage a.fig")
	b.waitFor("an input opened", drawn+`.textContent !== `+fmt.Sprintf("%q", first))
	b.do(chromedp.NavigateBack())
	b.waitFor("the first figure was back", drawn+`?.textContent === `+fmt.Sprintf("%q", first))
	b.do(chromedp.NavigateBack())
	b.waitFor("the drawer closed", `!document.querySelector("dialog[open]")`)
	if p := b.path(); p != "/standing" {
		t.Errorf("back leads to %s, not to where the figure was opened", p)
	}
	if !eval[bool](b, `document.activeElement.matches("main td a.fig")`) {
		t.Error("the focus is not on the figure that was opened")
	}
	// Escape does the same.
	b.click("main td a.fig")
	b.waitFor("the drawer opened", drawn)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.waitFor("the drawer closed", `!document.querySelector("dialog[open]")`)
}

// Words in any script find the country, and so does its code.
func TestSearch(t *testing.T) {
	t.Parallel()
	b := open(t)
	for words, want := range map[string]string{
		"Germany":  "/hosts/DEU",
		"Германия": "/hosts/DEU",
		"ألمانيا":  "/hosts/DEU",
		"Қытай":    "/hosts/CHN",
		"kytai":    "/hosts/CHN",
		"uzb":      "/hosts/UZB",
	} {
		b.visit("/methods")
		b.do(chromedp.KeyEvent("/"))
		b.waitFor("the field had the focus", `document.activeElement.matches("form.search input")`)
		b.do(chromedp.KeyEvent(words), chromedp.KeyEvent(kb.Enter))
		b.waitFor("an answer came", `location.pathname !== "/methods"`)
		b.settle()
		if strings.HasPrefix(b.path(), want) {
			continue
		}
		if got := eval[string](b, `new URL(document.querySelector("main .list a")?.href ?? location.href).pathname`); got != want {
			t.Errorf("%q finds %s first, want %s", words, got, want)
		}
	}
	b.visit("/search?q=zxcvbnmkl")
	if !eval[bool](b, `Boolean(document.querySelector("main .empty a"))`) {
		t.Error("a search in vain leads nowhere else")
	}
}

// A weight that is moved redraws the ranks in place, and the address keeps it.
func TestWeights(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.visit("/standing")
	const field = `.weights input[name="w.population"]`
	text := func() string { return eval[string](b, `document.querySelector("main table tbody").innerText`) }
	before := text()
	b.enter(field, "50")
	b.waitFor("the address kept it", `new URLSearchParams(location.search).get("w.population") === "50"`)
	b.settle()
	after := text()
	if after == before {
		t.Error("the ranks are the same for another weight")
	}
	// Who opens the address sees the same, with the table and without scripts.
	address := b.path()
	tell(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.do(chromedp.Navigate(b.program.Address + address))
	if got := text(); got != after {
		t.Errorf("%s shows other ranks when it is opened", address)
	}
	// Without scripts the same takes a button.
	b.do(chromedp.Navigate(b.program.Address + "/standing"))
	b.enter(field, "50")
	b.click(".weights button[type=submit]")
	b.waitFor("the form was sent", `new URLSearchParams(location.search).get("w.population") === "50" && document.readyState === "complete"`)
	if got := text(); got != after {
		t.Error("the button gives other ranks than the field")
	}
}

// A pinned address shows the same evidence to whoever opens it.
func TestPinnedAddress(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.visit("/standing?year=2015")
	want := eval[string](b, `document.querySelector("main table").innerText`)
	pinned := eval[string](b, `document.querySelector("button.copy-address").dataset.copy`)
	if !strings.Contains(pinned, "at=") || !strings.Contains(pinned, "year=2015") {
		t.Errorf("the address to copy is %s", pinned)
	}
	other := open(t)
	other.visit(pinned)
	if got := eval[string](other, `document.querySelector("main table").innerText`); got != want {
		t.Errorf("%s shows another table", pinned)
	}
}

// An import shows what it would move, changes the figures, and is undone.
func TestImportAndUndo(t *testing.T) {
	t.Parallel()
	s := needStage(t)
	p, err := s.demo() // of its own: the figures change
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	})
	b := s.open(t, p)
	b.visit("/standing")
	before := eval[string](b, `document.querySelector("main tr.home").innerText`)

	file := filepath.Join(t.TempDir(), "population.csv")
	if err := os.WriteFile(file, []byte("series,place,when,value\nSP.POP.TOTL,KAZ,2024,60000000\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	b.visit("/import")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#table"), []string{file}), chromedp.SetValue(chromedp.CSS("#source"), "wdi"))
	b.click("form.upload button[type=submit]")
	b.waitFor("the preview was there", `/^\/import\/./.test(location.pathname)`)
	b.settle()
	if n := eval[int](b, `document.querySelectorAll("main table tbody tr").length`); n == 0 {
		t.Error("the preview shows no figure that would move")
	}
	if faults := b.barriers(); len(faults) > 0 {
		t.Errorf("preview: %s", strings.Join(faults, "\n"))
	}
	b.click(`form[action*="/commit"] button`)
	b.waitFor("it was stored", `document.querySelector(".notice form[action*='/activity/undo']")`)
	b.settle()
	undo := b.path()
	b.visit("/standing")
	if changed := eval[string](b, `document.querySelector("main tr.home").innerText`); changed == before {
		t.Error("the import moved nothing")
	}
	b.visit(undo)
	b.click(".notice form[action*='/activity/undo'] button")
	b.waitFor("it was undone", `location.search.includes("done=2") || location.search.includes("done=") && !document.querySelector(".notice form")`)
	b.settle()
	b.visit("/standing")
	if after := eval[string](b, `document.querySelector("main tr.home").innerText`); after != before {
		t.Errorf("after the undo home stands at\n%s\nand stood at\n%s", after, before)
	}
	b.visit("/activity")
	if n := eval[int](b, `document.querySelectorAll("main table tbody tr").length`); n != 2 {
		t.Errorf("%d lines of activity, want the import and its undoing", n)
	}

	// A file with faults says where, and stores nothing.
	if err := os.WriteFile(file, []byte("series,place,when,value\nSP.POP.TOTL,Kazakhstan,2024,many\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	b.allowed = "status of 4" // the browser reports what the page explains
	b.visit("/import")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#table"), []string{file}), chromedp.SetValue(chromedp.CSS("#source"), "wdi"))
	b.click("form.upload button[type=submit]")
	b.waitFor("the faults were shown", `document.querySelector("[role=alert]")`)
	if got := eval[string](b, `document.querySelector("main table tbody").innerText`); !strings.Contains(got, "population.csv") || !strings.Contains(got, "2") {
		t.Errorf("the faults name no file and line: %s", got)
	}
}

// Pages print: a document comes out, without menus and with the address.
func TestPrint(t *testing.T) {
	t.Parallel()
	b := open(t)
	for _, path := range []string{"/hosts/UZB", "/standing", "/f/standing/material/KAZ/2024/rank"} {
		b.visit(path)
		pdf := ask(b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
		if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 10_000 {
			t.Errorf("%s prints %d bytes beginning %q", path, len(pdf), pdf[:min(8, len(pdf))])
		}
		tell(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		for selector, shown := range map[string]bool{"nav.rail": false, "form.search": false, "main h1": true, "footer.foot .address": true} {
			if got := eval[bool](b, fmt.Sprintf(`document.querySelector(%q).checkVisibility()`, selector)); got != shown {
				t.Errorf("%s on paper: %s is shown: %t, want %t", path, selector, got, shown)
			}
		}
		tell(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	}
}

// The keyboard reaches everything.
func TestKeys(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.visit("/")
	b.do(chromedp.KeyEvent(kb.Tab))
	if !eval[bool](b, `document.activeElement.matches("a.skip") && document.activeElement.checkVisibility()`) {
		t.Error("the first stop is not the way past the menus")
	}
	b.do(chromedp.KeyEvent("?"))
	b.waitFor("the list of keys opened", drawn)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.waitFor("the list of keys closed", `!document.querySelector("dialog[open]")`)
	for key, path := range map[string]string{"s": "/standing", "v": "/vectors", "d": "/diaspora", "h": "/hosts"} {
		b.do(chromedp.KeyEvent("g"), chromedp.KeyEvent(key))
		b.waitFor("g "+key+" led to "+path, fmt.Sprintf("location.pathname === %q", path))
		b.settle()
	}
	b.do(chromedp.KeyEvent("t"))
	if !eval[bool](b, `document.activeElement.closest(".tableframe, table") !== null`) {
		t.Error("t does not lead to the table")
	}
	b.do(chromedp.Focus(chromedp.CSS("main td a.fig")), chromedp.KeyEvent("d"))
	b.waitFor("d opened the lineage", drawn)
}

// Language, theme and home are chosen once and stay chosen.
func TestChoicesStay(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.visit("/standing")
	b.click("nav.tools details.menu:nth-of-type(1) summary")
	b.click(`nav.tools a[hreflang="kk"]`)
	b.waitFor("the page was in Kazakh", `document.documentElement?.lang === "kk"`)
	b.visit("/hosts")
	if lang := eval[string](b, "document.documentElement.lang"); lang != "kk" {
		t.Errorf("the next page is in %s", lang)
	}
	b.visit("/hosts?lang=en")
	b.click("details.home summary")
	b.do(chromedp.SetValue(chromedp.CSS("#home-choice"), "UZB"))
	b.click("details.home button[type=submit]")
	b.waitFor("home was Uzbekistan", `document.body?.dataset.home === "UZB"`)
	b.settle()
	b.click(`nav.rail a[href^="/standing"]`)
	b.waitFor("the room was there", `location.pathname === "/standing"`)
	if home := eval[string](b, "document.body.dataset.home"); home != "UZB" {
		t.Errorf("home is %s again on the next page", home)
	}
}

// A reader whose system is dark gets dark pages without asking.
func TestSystemTheme(t *testing.T) {
	t.Parallel()
	b := open(t)
	for _, theme := range []string{"dark", "light"} {
		tell(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		b.visit("/")
		for _, f := range b.examine(look{frame: desk, lang: "en", theme: theme}) {
			t.Errorf("system %s: %s", theme, f)
		}
	}
}

// A chart is saved as a drawing and as a picture.
func TestChartDownload(t *testing.T) {
	t.Parallel()
	b := open(t)
	folder := t.TempDir()
	tell(b, page.Enable, page.EnableParams{})
	if _, err := chromedp.CallBrowser(b.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder, BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
	}); err != nil {
		t.Fatal(err)
	}
	b.visit("/standing")
	for format, head := range map[string]string{"svg": "<svg", "png": "\x89PNG"} {
		b.click(fmt.Sprintf(`button.chart-download[data-format=%q]`, format))
		var saved []byte
		for range 200 {
			if names, _ := filepath.Glob(filepath.Join(folder, "*."+format)); len(names) == 1 {
				if body, err := os.ReadFile(names[0]); err == nil && len(body) > 0 {
					saved = body
					break
				}
			}
			b.do(chromedp.Sleep(20e6))
		}
		if !bytes.HasPrefix(saved, []byte(head)) || len(saved) < 5_000 {
			t.Errorf("the %s saved has %d bytes and begins %q", format, len(saved), saved[:min(8, len(saved))])
		}
	}
}

// What is not there says so, in words, on a page that leads on.
func TestNothingThere(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.allowed = "status of 404"
	for _, path := range []string{"/nowhere", "/hosts/QQQ", "/f/standing/material/KAZ/1500/rank", "/sources/none"} {
		b.visit(path)
		if !eval[bool](b, `Boolean(document.querySelector("main h1") && document.querySelector("main a[href]"))`) {
			t.Errorf("%s has no heading or leads nowhere", path)
		}
		if faults := b.barriers(); len(faults) > 0 {
			t.Errorf("%s: %s", path, strings.Join(faults, "\n"))
		}
	}
}

// aSheet is one page of a printed document.
var aSheet = regexp.MustCompile(`/Type\s*/Page[^s]`)

// The ministry's analyst, before a visit: from the search to a host's card with
// its risk, ties, distance, others at work and fit, of which every number opens,
// to at most four sheets of paper.
func TestAnalystBeforeAVisit(t *testing.T) {
	t.Parallel()
	s := needStage(t)
	b := open(t)
	b.visit("/")
	b.do(chromedp.KeyEvent("/"))
	b.waitFor("the field had the focus", `document.activeElement.matches("form.search input")`)
	b.do(chromedp.KeyEvent("Өзбекстан"), chromedp.KeyEvent(kb.Enter))
	b.waitFor("an answer came", `location.pathname !== "/"`)
	b.settle()
	if b.path() != "/hosts/UZB" {
		b.click(`main .list a[href^="/hosts/UZB"]`)
		b.waitFor("the card came", `location.pathname === "/hosts/UZB"`)
		b.settle()
	}
	for _, section := range []string{"people", "tier", "ties", "apart", "politics", "development", "rules", "channels", "views", "values", "similar", "rivals", "fit", "potential"} {
		if !eval[bool](b, fmt.Sprintf(`Boolean(document.getElementById("t-%s"))`, section)) {
			t.Errorf("the card has no section %s", section)
		}
	}
	// Whoever wonders about a number opens it and stands before its source.
	b.click("#t-apart a.fig")
	b.waitFor("the drawer opened", drawn)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.waitFor("the drawer closed", `!document.querySelector("dialog[open]")`)
	doors := 0
	for _, m := range doorOf.FindAllStringSubmatch(s.get(t, "/hosts/UZB"), -1) {
		doors++
		page := s.get(t, html.UnescapeString(m[1]))
		if !strings.Contains(page, `href="/sources/`) {
			t.Errorf("%s opens without a source", m[1])
		}
	}
	if doors < 80 {
		t.Errorf("only %d numbers open", doors)
	}
	// The card of which most is held, and the longest words.
	for _, card := range []string{"/hosts/UZB", "/hosts/RUS?lang=ru", "/hosts/RUS?lang=kk", "/hosts/DEU?lang=ru"} {
		b.visit(card)
		pdf := ask(b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
		if n := len(aSheet.FindAll(pdf, -1)); n < 1 || n > 4 {
			t.Errorf("%s takes %d sheets", card, n)
		}
	}
}
