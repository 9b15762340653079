package screens

import (
	"fmt"
	"html"
	"regexp"
	"shanyraq/internal/standing"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A look is one way of looking at a screen.
type look struct {
	frame frame
	lang  string
	theme string
	axe   bool // whether axe-core looks too; it costs most of the time
}

func (l look) String() string { return l.frame.name + "_" + l.lang + "_" + l.theme }

// looks has every pair of size and language, size and theme, language and
// theme, and axe-core sees each size and each theme.
var looks = []look{
	{desk, "en", "light", true},
	{telephone, "en", "dark", true},
	{desk, "kk", "dark", false},
	{telephone, "kk", "light", false},
	{desk, "ru", "light", false},
	{telephone, "ru", "dark", false},
}

// TestScreens opens every screen in every look.
func TestScreens(t *testing.T) {
	for _, l := range looks {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			b := open(t)
			for _, s := range All() {
				b.size(l.frame)
				b.visit(with(s.Path, "lang", l.lang, "theme", l.theme))
				for _, f := range b.examine(l) {
					t.Errorf("%s: %s", s.Name, f)
				}
				if l.frame == telephone && l.lang == "ru" { // the narrowest window, and the longest words
					b.size(narrow)
					eval[bool](b, `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(true), 50)))`) // charts are drawn again
					b.settle()
					if f := b.overflow(); f != "" {
						t.Errorf("%s, narrow: %s", s.Name, f)
					}
				}
				b.blame(s.Name)
			}
		})
	}
}

// examine returns what is wrong with the page the tab shows.
func (b *tab) examine(l look) []string {
	b.t.Helper()
	var faults []string
	if f := b.overflow(); f != "" {
		faults = append(faults, f)
	}
	faults = append(faults, eval[[]string](b, fmt.Sprintf(`(() => {
		const faults = [];
		const html = document.documentElement;
		if (html.lang !== %q) faults.push("the page says it is written in " + html.lang);
		if (document.querySelectorAll("h1").length !== 1) faults.push("it has " + document.querySelectorAll("h1").length + " main headings");
		if (!document.title.trim()) faults.push("its window has no title");
		const paper = getComputedStyle(html).backgroundColor.match(/[\d.]+/g).map(Number);
		if (paper[3] === 0) faults.push("its paper has no colour");
		const dark = Math.max(...paper.slice(0, 3)) < 128;
		if (dark !== (%q === "dark")) faults.push("its paper is rgb(" + paper + ")");
		for (const e of document.querySelectorAll(".chart-error")) faults.push("a chart could not be drawn: " + e.textContent);
		for (const f of document.querySelectorAll("figure.chart[data-src]")) {
			if (f.clientWidth && !f.querySelector("svg, canvas, p")) faults.push("a chart is empty: " + f.dataset.src);
		}
		const gaps = document.documentElement.outerHTML.match(/⟦[^⟧]*⟧/g);
		if (gaps) faults.push("messages are missing: " + [...new Set(gaps)].join(" "));
		return faults;
	})()`, l.lang, l.theme))...)
	if l.axe {
		faults = append(faults, b.barriers()...)
	}
	return faults
}

// overflow says what runs over the edge of the window, or "".
func (b *tab) overflow() string {
	b.t.Helper()
	return eval[string](b, `(() => {
		const html = document.documentElement;
		if (html.scrollWidth <= html.clientWidth) return "";
		const over = (e) => { const r = e.getBoundingClientRect(); return r.width && (r.right > html.clientWidth + 1 || r.left < -1); };
		const held = (e) => { for (let p = e; p !== document.body; p = p.parentElement) { const s = getComputedStyle(p); if (s.position === "fixed" || p !== e && s.overflowX !== "visible") return true; } return false; };
		const causes = [...document.querySelectorAll("body *")].filter((e) => over(e) && e.checkVisibility() && !held(e) && ![...e.children].some(over));
		const names = causes.slice(0, 4).map((e) => e.tagName.toLowerCase() + (typeof e.className === "string" && e.className ? "." + e.className.trim().replaceAll(/\s+/g, ".") : "") + (e.id ? "#" + e.id : "") + " " + Math.round(e.getBoundingClientRect().right));
		return "it is " + html.scrollWidth + " wide in a window of " + html.clientWidth + ": " + names.join(", ");
	})()`)
}

// alike is how many of the things made by one template axe-core looks at (rows,
// choices, marks of a chart): all countries would cost it seconds a page.
const alike = 8

// barriers returns what axe-core finds. It takes what it does not look at out
// of the page.
func (b *tab) barriers() []string {
	b.t.Helper()
	if !eval[bool](b, `typeof axe !== "undefined"`) {
		b.do(chromedp.Evaluate[chromedp.Void](b.stage.axe))
	}
	return eval[[]string](b, fmt.Sprintf(`(async () => {
		for (const many of document.querySelectorAll("tbody, select, .plot svg, .plot svg g, .list, .cards, dl")) for (const e of [...many.children].slice(%d)) if (!e.matches("defs, g:has(g)")) e.remove();
		const r = await axe.run(document, { resultTypes: ["violations"] });
		return r.violations.map((v) => "axe: " + v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map((n) => n.target.join(" ") + (n.any[0] ? " (" + n.any[0].message + ")" : "")).join("; "));
	})()`, alike))
}

// Axe has to find what is there to be found, or its silence means nothing.
func TestBarriersAreSeen(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.visit("/methods")
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("main").insertAdjacentHTML("afterbegin", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p id="pale">pale</p>'); document.querySelector("#pale").style.cssText = "color:#ddd;background:#fff"`))
	found := strings.Join(b.barriers(), "\n")
	for _, rule := range []string{"image-alt", "color-contrast"} {
		if !strings.Contains(found, rule) {
			t.Errorf("axe-core did not see a breach of %s; it found:\n%s", rule, found)
		}
	}
}

// TestEveryLinkIsAScreen fails on a link, on any screen, to a page of a kind
// that [All] leaves out.
func TestEveryLinkIsAScreen(t *testing.T) {
	t.Parallel()
	s := needStage(t)
	var known []string
	for _, screen := range All() {
		known = append(known, kindOf(screen.Path))
	}
	told := map[string]bool{}
	links := 0
	for _, screen := range All() {
		for _, m := range anyLink.FindAllStringSubmatch(s.get(t, screen.Path), -1) {
			address := html.UnescapeString(m[1])
			if strings.HasPrefix(address, "/assets/") || strings.HasPrefix(address, "//") || strings.HasSuffix(address, "/book") || strings.HasSuffix(address, "/sheet") { // files, and others' pages
				continue
			}
			links++
			if kind := kindOf(address); !slices.Contains(known, kind) && !told[kind] {
				told[kind] = true
				t.Errorf("%s leads to %s, and no screen of this kind (%s) is in All", screen.Path, address, kind)
			}
		}
	}
	if links < 1000 {
		t.Errorf("only %d links were seen", links)
	}
}

// anyLink is a link to a page of the program, without its query.
var anyLink = regexp.MustCompile(`<a [^>]*href="(/[^"?#]*)`)

// kindOf returns what pages of the same making have in common: the path with a
// star for what names one thing of many.
func kindOf(address string) string {
	address, _, _ = strings.Cut(address, "?")
	for _, ext := range []string{".json", ".csv"} {
		address = strings.TrimSuffix(address, ext)
	}
	seg := strings.Split(strings.Trim(address, "/"), "/")
	switch room := seg[0]; {
	case room == "overview":
		return "/"
	case room == "f" && len(seg) > 1 && seg[1] == "claim":
		return "/f/claim/*"
	case room == "f":
		return "/f/*"
	case len(seg) > 1 && slices.Contains([]string{"sources", "methods", "groups"}, room):
		return "/" + room + "/*"
	}
	for i, s := range seg {
		if aCode.MatchString(s) || seg[0] == "standing" && slices.Contains(standing.IndexKeys(), standing.IndexKey(s)) {
			seg[i] = "*"
		}
	}
	return "/" + strings.Join(seg, "/")
}

// aCode is the code of a country in an address.
var aCode = regexp.MustCompile(`^[A-Z]{3}$`)

// tableless are the screens that have nothing to tabulate, or nothing built in.
var tableless = []string{"activity", "figure", "help", "import", "method", "methods", "search", "vectors-events"}

// TestWithoutScripts opens every screen with scripts turned off: the page has
// to be whole without them.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	b := open(t)
	tell(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	for _, s := range All() {
		b.do(chromedp.Navigate(b.program.Address + s.Path))
		if eval[bool](b, `document.documentElement.classList.contains("scripted")`) {
			t.Fatal("scripts still run")
		}
		if n := eval[int](b, `[...document.querySelectorAll("main h1")].filter((e) => e.checkVisibility()).length`); n != 1 {
			t.Errorf("%s shows %d main headings", s.Name, n)
		}
		if n := eval[int](b, `document.querySelectorAll("main table tbody tr").length`); (n > 0) == slices.Contains(tableless, s.Name) {
			t.Errorf("%s has %d rows in tables", s.Name, n)
		}
		if f := b.overflow(); f != "" {
			t.Errorf("%s: %s", s.Name, f)
		}
		// What only a script could do must not be offered.
		if idle := eval[[]string](b, `[...document.querySelectorAll("button")].filter((e) => e.type !== "submit" && e.checkVisibility()).map((e) => e.textContent.trim())`); len(idle) > 0 {
			t.Errorf("%s offers buttons that do nothing without scripts: %q", s.Name, idle)
		}
	}
}
