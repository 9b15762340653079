package screens

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var images = flag.String("images", "", "`folder` that TestImages writes a picture of every screen to")

// root is the repository as seen from this package.
const root = "../.."

// A stage is what all tests play on: one running program and one browser.
type stage struct {
	bin     string
	program *Program
	browser context.Context
	axe     string // the text of axe-core
	missing string // what is not installed, if anything
	close   []func()
}

// theStage is set up by the first test that needs it.
var theStage = sync.OnceValues(setUp)

// A binary is the program, built by the first test that needs it.
type binary struct{ folder, bin string }

var built = sync.OnceValues(func() (binary, error) {
	folder, err := os.MkdirTemp("", "screens")
	if err != nil {
		return binary{}, err
	}
	wasBuilt = folder
	bin, err := Build(context.Background(), root, folder, BuildOptions{})
	return binary{folder, bin}, err
})

// wasSetUp and wasBuilt say whether there is anything to take down.
var (
	wasSetUp bool
	wasBuilt string
)

func TestMain(m *testing.M) {
	flag.Parse()
	status := m.Run()
	if wasSetUp {
		if s, err := theStage(); err == nil {
			for _, f := range slices.Backward(s.close) {
				f()
			}
			if s.program != nil {
				if err := s.program.Stop(); err != nil {
					fmt.Fprintf(os.Stderr, "the program did not end well: %v\n%s\n", err, s.program.Said())
					status = max(status, 1)
				}
			}
		}
	}
	if wasBuilt != "" {
		_ = os.RemoveAll(wasBuilt)
	}
	os.Exit(status)
}

// chromium returns the path of a Chromium, or "".
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func setUp() (*stage, error) {
	wasSetUp = true
	s := &stage{}
	browser := chromium()
	axe, err := os.ReadFile(filepath.Join(root, "internal/web/assets/node_modules/axe-core/axe.min.js"))
	switch {
	case browser == "":
		s.missing = "no Chromium is installed"
	case err != nil:
		s.missing = "axe-core is not installed (npm ci in internal/web/assets)"
	}
	if s.missing != "" {
		return s, nil
	}
	s.axe = string(axe)

	b, err := built()
	if err != nil {
		return nil, err
	}
	s.bin = b.bin
	if s.program, err = s.demo(); err != nil {
		return nil, err
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(browser),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("lang", "en"),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0), // the sandbox refuses to run as root
		chromedp.UserDataDir(filepath.Join(b.folder, "browser")),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	s.close = append(s.close, stop)
	s.browser, _ = chromedp.NewContext(allocator)
	s.close = append(s.close, func() { _ = chromedp.Cancel(s.browser) }) // waits until the browser has ended
	return s, chromedp.Do(s.browser)
}

// demo starts the program over the built-in tables at a free port.
func (s *stage) demo() (*Program, error) {
	return Start(s.bin, "demo", "--addr", "127.0.0.1:0", "--open=false")
}

// A tab is one page of the browser, and what went wrong in it.
type tab struct {
	t       *testing.T
	ctx     context.Context
	stage   *stage
	program *Program // whose pages it shows
	mu      sync.Mutex
	faults  []string
	allowed string // words of a fault that is meant, such as a status of 404 where one is looked for
}

// open returns a new tab with cookies of its own, closed when the test ends. It
// skips the test where the browser is missing.
func open(t *testing.T) *tab {
	t.Helper()
	s := needStage(t)
	return s.open(t, s.program)
}

// needStage returns what the tests play on, or skips the test.
func needStage(t *testing.T) *stage {
	t.Helper()
	if testing.Short() {
		t.Skip("the browser tests take a minute")
	}
	s, err := theStage()
	if err != nil {
		t.Fatal(err)
	}
	if s.missing != "" {
		t.Skip(s.missing + ", so the screens cannot be looked at here")
	}
	return s
}

// open returns a new tab on the pages of a program.
func (s *stage) open(t *testing.T, p *Program) *tab {
	t.Helper()
	b := &tab{t: t, stage: s, program: p}
	var cancel context.CancelFunc
	b.ctx, cancel = chromedp.NewContext(s.browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.watch))
	t.Cleanup(cancel)
	if err := chromedp.Do(b.ctx); err != nil { // the tab lives as long as the context it is opened with
		t.Fatal(err)
	}
	tell(b, network.Enable, network.EnableParams{})
	tell(b, log.Enable, cdp.Empty{})
	b.size(desk)
	t.Cleanup(func() { b.blame("at the end") })
	return b
}

// watch notes what a page must not do.
func (b *tab) watch(event any) {
	fault := ""
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme+"://"+u.Host != b.program.Address && !slices.Contains([]string{"data", "blob"}, u.Scheme) {
			fault = "asked another host: " + e.Request.URL
		}
	case *runtime.EventExceptionThrown:
		fault = "a script failed: " + e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			fault += " " + x.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			var words []string
			for _, a := range e.Args {
				words = append(words, string(a.Value), a.Description)
			}
			fault = "the console says " + strings.Join(words, " ")
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			fault = fmt.Sprintf("the browser says %s (%s)", e.Entry.Text, e.Entry.URL)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if fault != "" && (b.allowed == "" || !strings.Contains(fault, b.allowed)) {
		b.faults = append(b.faults, fault)
	}
}

// blame fails the test for what went wrong since it was last called.
func (b *tab) blame(where string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		b.t.Errorf("%s: %s", where, f)
	}
	b.faults = nil
}

// within is how long one step in the browser may take.
const within = time.Minute

// do carries out the actions or ends the test.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ask(b, chromedp.Steps(steps...))
}

// ask returns what the action gives, or ends the test.
func ask[T any](b *tab, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		at, _ := chromedp.Run(b.ctx, chromedp.Location())
		b.blame("before that")
		b.t.Fatalf("%v (on %s)", err, at)
	}
	return v
}

// tell gives the browser a command of its protocol, or ends the test.
func tell[P, R any](b *tab, command cdp.Command[P, R], params P) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	if _, err := chromedp.Call(ctx, command, params); err != nil {
		b.t.Fatal(err)
	}
}

// eval returns the value of an expression of the page, which may be a promise.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// waitFor waits until the expression is true in the page.
func (b *tab) waitFor(what, expression string) {
	b.t.Helper()
	for end := time.Now().Add(within); ; {
		// Between two pages there is nothing to ask; that is no fault.
		if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && ok {
			return
		}
		if time.Now().After(end) {
			b.blame("while waiting")
			b.t.Fatalf("waited in vain until %s: %s (on %s)", what, expression, eval[string](b, "location.href"))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// visit opens an address of the program and waits until everything is drawn.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.program.Address + path))
	b.settle()
}

// settled is true when nothing of the page is still to come.
const settled = `document.readyState === "complete" && document.fonts.status === "loaded" &&
	[...document.querySelectorAll("figure.chart[data-src]")].every((f) => !f.clientWidth || f.classList.contains("drawn") || f.querySelector(".chart-error")) &&
	!document.querySelector("[aria-busy=true]")`

// settle waits until everything is drawn.
func (b *tab) settle() {
	b.t.Helper()
	b.waitFor("the page was drawn", settled)
}

// A frame is the size of a window.
type frame struct {
	name          string
	width, height int64
	touch         bool
}

var (
	desk      = frame{"desk", 1280, 900, false}
	telephone = frame{"telephone", 390, 844, true}
	narrow    = frame{"narrow", 320, 640, true}
)

// size gives the window the size.
func (b *tab) size(f frame) {
	b.t.Helper()
	tell(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: f.width, Height: f.height, DeviceScaleFactor: 1, Mobile: f.touch})
	tell(b, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: f.touch})
}

// click presses the first element the selector finds that can be seen, where it
// is, as a person would: what is covered by something else cannot be pressed.
func (b *tab) click(selector string) {
	b.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll(%q)].find((e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0)`, selector)
	if !eval[bool](b, `((e) => { e?.scrollIntoView({ block: "center", inline: "center", behavior: "instant" }); return Boolean(e); })(`+find+`)`) {
		b.t.Fatalf("nothing to press: %s (on %s)", selector, b.path())
	}
	time.Sleep(30 * time.Millisecond) // a frame or two, until it stands still
	at := eval[[]float64](b, `(() => {
		const e = `+find+`;
		const r = e.getClientRects()[0];
		const x = r.left + Math.min(r.width / 2, 40), y = r.top + r.height / 2;
		const hit = document.elementFromPoint(x, y);
		return hit && (e.contains(hit) || hit.contains(e)) ? [x, y] : [];
	})()`)
	if len(at) == 0 {
		b.t.Fatalf("covered by something else: %s (on %s)", selector, b.path())
	}
	b.do(chromedp.MouseClickXY(at[0], at[1]))
}

// enter types a value into a field in place of what is there, and leaves it.
func (b *tab) enter(selector, value string) {
	b.t.Helper()
	b.click(selector)
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("document.querySelector(%q).select()", selector)), chromedp.KeyEvent(value), chromedp.KeyEvent(kb.Tab))
}

// path returns where the tab is, without the host.
func (b *tab) path() string {
	b.t.Helper()
	return eval[string](b, "location.pathname + location.search")
}

// with adds settings to the query of a path.
func with(path string, settings ...string) string {
	p, query, _ := strings.Cut(path, "?")
	v, _ := url.ParseQuery(query) // written in this package
	for i := 0; i+1 < len(settings); i += 2 {
		v.Set(settings[i], settings[i+1])
	}
	return p + "?" + v.Encode()
}
