// Command bench measures the program against its targets, in one run on one
// machine, and prints a table.
//
//	go run ./bench [-starts N] [-rounds N] [-cold] [-json]
//
// It builds the binary as it is released, starts the demo, opens every screen,
// and reports times, memory, sizes and the weight of each page. With -cold it
// also builds once with an empty cache, which takes minutes. The exit status is
// 1 if a target is missed.
//
// # What is measured
//
// Time to the first page runs from the start of the process until the whole
// page is there. Every screen is then opened several times in turn; the first
// time counts as well, since that is what a reader meets. A page's weight is
// what a browser loads for it, compressed, without fonts: the page itself,
// style, scripts, and for a page with a map the outlines.
//
// # What is not
//
// Drawing in the browser, and anything over a network.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"shanyraq/internal/screens"
)

func main() {
	starts := flag.Int("starts", 5, "`how` often the program is started")
	rounds := flag.Int("rounds", 5, "`how` often each screen is opened")
	cold := flag.Bool("cold", false, "also build with an empty cache")
	asJSON := flag.Bool("json", false, "print JSON")
	flag.Parse()
	if flag.NArg() > 0 || *starts < 1 || *rounds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	met, err := run(os.Stdout, *starts, *rounds, *cold, *asJSON)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	if !met {
		os.Exit(1)
	}
}

// A Measure is one quantity beside its target.
type Measure struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`             // s, ms, MB or kB; the last two are powers of ten
	Target float64 `json:"target,omitempty"` // to stay below; 0 if there is none
	Note   string  `json:"note,omitempty"`
}

// Met reports whether the measure is below its target.
func (m Measure) Met() bool { return m.Target == 0 || m.Value < m.Target }

// run measures, writes the table, and reports whether every target was met.
func run(w io.Writer, starts, rounds int, cold, asJSON bool) (bool, error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	ctx := context.Background()

	var all []Measure
	if cold {
		begin := time.Now()
		if _, err := screens.Build(ctx, ".", folder, screens.BuildOptions{Release: true, Env: []string{"GOCACHE=" + filepath.Join(folder, "cache")}}); err != nil {
			return false, err
		}
		all = append(all, Measure{"cold build", time.Since(begin).Seconds(), "s", 180, fmt.Sprintf("go build, empty cache, %d cores", runtime.NumCPU())})
	}
	bin, err := screens.Build(ctx, ".", folder, screens.BuildOptions{Release: true})
	if err != nil {
		return false, err
	}
	info, err := os.Stat(bin)
	if err != nil {
		return false, err
	}
	all = append(all, Measure{"binary", float64(info.Size()) / 1e6, "MB", 60, "stripped"})

	start, err := startUp(bin, starts)
	if err != nil {
		return false, err
	}
	all = append(all, start...)
	pages, weights, err := visit(bin, rounds)
	if err != nil {
		return false, err
	}
	all = append(append(all, pages...), weights...)

	met := !slices.ContainsFunc(all, func(m Measure) bool { return !m.Met() })
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return met, e.Encode(all)
	}
	return met, write(w, all)
}

// write prints the measures as a table.
func write(w io.Writer, all []Measure) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s/%s, %s, %d cores\n\n", runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.NumCPU())
	fmt.Fprintln(t, "measure\tvalue\ttarget\t\tnote")
	for _, m := range all {
		target, verdict := "", ""
		if m.Target != 0 {
			target, verdict = fmt.Sprintf("< %g %s", m.Target, m.Unit), "met"
			if !m.Met() {
				verdict = "MISSED"
			}
		}
		fmt.Fprintf(t, "%s\t%s %s\t%s\t%s\t%s\n", m.Name, strconv.FormatFloat(m.Value, 'f', digits(m.Value), 64), m.Unit, target, verdict, m.Note)
	}
	return t.Flush()
}

// digits returns how many decimals leave a number with about three digits.
func digits(v float64) int {
	switch {
	case v < 1:
		return 3
	case v < 10:
		return 2
	case v < 100:
		return 1
	}
	return 0
}

// demo starts the demo at a free port of this machine.
func demo(bin string) (*screens.Program, error) {
	return screens.Start(bin, "demo", "--addr", "127.0.0.1:0", "--open=false")
}

// startUp starts the program several times and measures how long until it
// listens, and until the first page is there.
func startUp(bin string, starts int) ([]Measure, error) {
	var ready, first []time.Duration
	for range starts {
		begin := time.Now()
		p, err := demo(bin)
		if err != nil {
			return nil, err
		}
		_, err = fetch(p.Address+"/", false)
		took := time.Since(begin)
		if e := p.Stop(); err == nil {
			err = e
		}
		if err != nil {
			return nil, err
		}
		ready, first = append(ready, p.Ready), append(first, took)
	}
	note := fmt.Sprintf("median of %d starts, slowest %.2f s", starts, slices.Max(first).Seconds())
	return []Measure{
		{"listening", median(ready).Seconds(), "s", 0, "from the start of the process"},
		{"first page", median(first).Seconds(), "s", 1, note},
	}, nil
}

// pageTarget is how long a page after the first may take, in milliseconds.
const pageTarget = 100

// visit opens every screen in turn, several rounds, and weighs each.
func visit(bin string, rounds int) (pages, weights []Measure, err error) {
	p, err := demo(bin)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if e := p.Stop(); err == nil {
			err = e
		}
	}()
	all := screens.All()
	if _, err := fetch(p.Address+"/", false); err != nil { // measured by startUp
		return nil, nil, err
	}
	var first, later []time.Duration
	var slow []string // screens beyond the target
	for round := range rounds {
		for _, s := range all {
			begin := time.Now()
			if _, err := fetch(p.Address+s.Path, false); err != nil {
				return nil, nil, err
			}
			took := time.Since(begin)
			if round > 0 {
				later = append(later, took)
				continue
			}
			if took > pageTarget*time.Millisecond {
				slow = append(slow, fmt.Sprintf("%s %d ms", s.Name, took.Milliseconds()))
			}
			first = append(first, took)
		}
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	pages = append(pages,
		Measure{"a screen, opened first, median", ms(median(first)), "ms", pageTarget, fmt.Sprintf("%d screens", len(all))},
		Measure{"a screen, opened first, slowest", ms(slices.Max(first)), "ms", pageTarget, strings.Join(slow, ", ")})
	if len(later) > 0 {
		pages = append(pages,
			Measure{"a screen, opened again, median", ms(median(later)), "ms", pageTarget, fmt.Sprintf("%d rounds", rounds-1)},
			Measure{"a screen, opened again, slowest", ms(slices.Max(later)), "ms", pageTarget, ""})
	}
	switch peak, ok := peakMemory(p.PID()); {
	case ok:
		pages = append(pages, Measure{"memory, at its peak", float64(peak) / 1e6, "MB", 250, "resident, after all screens"})
	default:
		pages = append(pages, Measure{Name: "memory, at its peak", Unit: "MB", Note: "not measured on this system"})
	}
	for _, s := range all {
		n, err := weigh(p.Address, s.Path)
		if err != nil {
			return nil, nil, err
		}
		weights = append(weights, Measure{"weight of " + s.Name, float64(n) / 1000, "kB", 250, ""})
	}
	slices.SortStableFunc(weights, func(a, b Measure) int { return cmp.Compare(b.Value, a.Value) })
	return pages, weights, nil
}

// client does not decompress, so that what arrives can be weighed.
var client = &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: time.Minute}

// fetch returns the body at an address, compressed if asked for, or an error
// unless the answer is 200.
func fetch(address string, compressed bool) ([]byte, error) {
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if compressed {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	answer, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", address, answer.Status)
	}
	return body, nil
}

var (
	loads  = regexp.MustCompile(`(?:src|href)="(/assets/[^"]+\.(?:css|js|svg))"`)
	drawn  = regexp.MustCompile(`data-src="([^"]+)"`)
	onAMap = regexp.MustCompile(`data-chart="map"`)
)

// weigh returns how many compressed bytes a browser loads for a page, fonts
// left out.
func weigh(address, page string) (int, error) {
	body, err := fetch(address+page, true)
	if err != nil {
		return 0, err
	}
	plain, err := fetch(address+page, false)
	if err != nil {
		return 0, err
	}
	parts := map[string]bool{}
	for _, m := range loads.FindAllStringSubmatch(string(plain), -1) {
		parts[m[1]] = true
	}
	for _, m := range drawn.FindAllStringSubmatch(string(plain), -1) {
		parts[strings.ReplaceAll(m[1], "&amp;", "&")] = true
	}
	if onAMap.Match(plain) {
		for name := range parts {
			if path.Ext(name) == ".css" {
				parts[path.Join(path.Dir(name), "world.json")] = true
				break
			}
		}
	}
	total := len(body)
	base, err := url.Parse(address)
	if err != nil {
		return 0, err
	}
	for name := range parts {
		u, err := base.Parse(name)
		if err != nil {
			return 0, err
		}
		b, err := fetch(u.String(), true)
		if err != nil {
			return 0, err
		}
		total += len(b)
	}
	return total, nil
}

// peakMemory returns the most memory, in bytes, that the process has held
// resident so far, and whether this system tells.
func peakMemory(pid int) (int64, bool) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb * 1024, err == nil
		}
	}
	return 0, false
}

// median returns the middle one of the durations, the lower of two.
func median(d []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(d))
	return s[(len(s)-1)/2]
}
