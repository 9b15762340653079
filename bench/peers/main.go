// Command peers does the same work with the method families and with the R
// packages people use for it today, in one run on one machine, and prints how
// many times quicker ours is and whether the answers agree.
//
//	go run ./bench/peers [-only NAME] [-json]
//
// It needs Rscript. A package that is not installed is named and left out, and
// so is everything where R is missing; nothing is installed and nothing fetched.
// The exit status is 1 if a peer's script fails or an answer does not agree.
//
// # What is measured
//
// Each piece of work is made up from a fixed seed, written as CSV and read by
// both. The time is that of the work alone, as each measures it inside its own
// process: no start of a process, no reading. Ours is the median of several
// rounds after one that is not counted; the peer's is one run, or the mean of a
// few where one is short. Ratios of one run mean more than seconds do.
//
// # What agrees
//
// Where both compute the same number, the largest difference is shown. Where
// the peer draws at random, it is the correlation of the two answers.
package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"gonum.org/v1/gonum/stat"
)

//go:embed scripts/*.R
var scripts embed.FS

func main() {
	only := flag.String("only", "", "only the peer of this `name`")
	asJSON := flag.Bool("json", false, "print JSON")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	sound, err := run(ctx, os.Stdout, os.Stderr, *only, *asJSON)
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
	if !sound {
		os.Exit(1)
	}
}

// A contest is work that a peer does as well.
type contest struct {
	peer string // the R package, and the name of its script
	what string
	// prepare writes the peer's input into the folder and returns our steps,
	// by the names under which the script reports its times.
	prepare func(folder string) (map[string]func() error, error)
	// answer returns our answer after the steps have run, by the names the
	// script writes.
	answer func() map[string]float64
	// agree is how close the answers have to be.
	agree agreement
}

// An agreement is either a largest difference, as a part of the answer's own
// size, or a least correlation, whatever the sign.
type agreement struct{ difference, correlation float64 }

// A Result is one step done by both.
type Result struct {
	Peer     string  `json:"peer"`
	Version  string  `json:"version"`
	Work     string  `json:"work"`
	Step     string  `json:"step"`
	Ours     float64 `json:"ours"` // s
	Theirs   float64 `json:"theirs"`
	Times    float64 `json:"times"` // how many of ours go into one of theirs
	Answers  string  `json:"answers"`
	Agreeing bool    `json:"agreeing"`
}

// run meets every peer that is there and writes the table. It reports whether
// all answers agreed.
func run(ctx context.Context, w, log io.Writer, only string, asJSON bool) (bool, error) {
	all := contests()
	if only != "" {
		all = slices.DeleteFunc(all, func(c contest) bool { return c.peer != only })
		if len(all) == 0 {
			return false, fmt.Errorf("no peer is called %q; the scripts beside this program bear their names", only)
		}
	}
	if _, err := exec.LookPath("Rscript"); err != nil {
		fmt.Fprintln(log, "Rscript is not installed: nothing to compare with.")
		return true, nil
	}
	var results []Result
	for _, c := range all {
		version, err := installed(ctx, c.peer)
		if err != nil {
			return false, err
		}
		if version == "" {
			fmt.Fprintf(log, "%s is not installed: left out.\n", c.peer)
			continue
		}
		fmt.Fprintf(log, "%s %s: %s\n", c.peer, version, c.what)
		rs, err := meet(ctx, c)
		if err != nil {
			return false, fmt.Errorf("%s: %w", c.peer, err)
		}
		for i := range rs {
			rs[i].Version = version
		}
		results = append(results, rs...)
	}
	sound := !slices.ContainsFunc(results, func(r Result) bool { return !r.Agreeing })
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return sound, e.Encode(results)
	}
	return sound, write(w, results)
}

// installed returns the version of an R package, or nothing where there is none.
func installed(ctx context.Context, name string) (string, error) {
	out, err := exec.CommandContext(ctx, "Rscript", "-e", `p <- commandArgs(TRUE)[1]; if (requireNamespace(p, quietly = TRUE)) cat(as.character(packageVersion(p)))`, name).Output()
	if err != nil {
		return "", fmt.Errorf("asking R for %s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// rounds is how often our side is timed.
const rounds = 5

// meet lets both do the work.
func meet(ctx context.Context, c contest) ([]Result, error) {
	folder, err := os.MkdirTemp("", "peers")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	steps, err := c.prepare(folder)
	if err != nil {
		return nil, err
	}
	text, err := scripts.ReadFile("scripts/" + c.peer + ".R")
	if err != nil {
		return nil, err
	}
	script := filepath.Join(folder, "script.R")
	if err := os.WriteFile(script, text, 0o600); err != nil {
		return nil, err
	}
	var complaints bytes.Buffer
	cmd := exec.CommandContext(ctx, "Rscript", script, folder)
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("its script: %w\n%s", err, complaints.String())
	}
	theirs, err := readTimes(string(out), sortedKeys(steps))
	if err != nil {
		return nil, err
	}
	var results []Result
	for _, name := range sortedKeys(steps) {
		took, err := timed(steps[name])
		if err != nil {
			return nil, fmt.Errorf("our %s: %w", name, err)
		}
		results = append(results, Result{Peer: c.peer, Work: c.what, Step: name, Ours: took, Theirs: theirs[name], Times: theirs[name] / took})
	}
	f, err := os.Open(filepath.Join(folder, "peer.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	told, err := readAnswer(f)
	if err != nil {
		return nil, err
	}
	answers, agreeing, err := c.agree.judge(c.answer(), told)
	if err != nil {
		return nil, err
	}
	for i := range results {
		results[i].Answers, results[i].Agreeing = answers, agreeing
	}
	return results, nil
}

// timed returns the median seconds of several rounds after one not counted.
func timed(step func() error) (float64, error) {
	var all []float64
	for i := range rounds + 1 {
		begin := time.Now()
		if err := step(); err != nil {
			return 0, err
		}
		if i > 0 {
			all = append(all, time.Since(begin).Seconds())
		}
	}
	slices.Sort(all)
	return all[len(all)/2], nil
}

// readTimes reads the lines that name a step and its seconds; other lines are
// what R prints on the way. Every step has to be there.
func readTimes(out string, steps []string) (map[string]float64, error) {
	times := map[string]float64{}
	for line := range strings.Lines(out) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		v, err := strconv.ParseFloat(rest, 64)
		if err == nil && v > 0 && slices.Contains(steps, name) {
			times[name] = v
		}
	}
	for _, name := range steps {
		if times[name] == 0 {
			return nil, fmt.Errorf("its script reports no time for %q", name)
		}
	}
	return times, nil
}

// readAnswer reads a table of unit and value.
func readAnswer(r io.Reader) (map[string]float64, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	answer := map[string]float64{}
	for i, row := range rows {
		if i == 0 {
			continue
		}
		if len(row) != 2 {
			return nil, fmt.Errorf("peer.csv:%d: %d columns instead of unit and value", i+1, len(row))
		}
		v, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			return nil, fmt.Errorf("peer.csv:%d: %w", i+1, err)
		}
		answer[row[0]] = v
	}
	return answer, nil
}

// judge compares two answers, of which the peer's may name fewer things.
func (a agreement) judge(ours, theirs map[string]float64) (string, bool, error) {
	var x, y []float64
	for _, name := range sortedKeys(theirs) {
		v, ok := ours[name]
		if !ok {
			return "", false, fmt.Errorf("its answer has %q, ours has not", name)
		}
		x, y = append(x, v), append(y, theirs[name])
	}
	if len(x) == 0 {
		return "", false, errors.New("its answer is empty")
	}
	if a.correlation > 0 {
		r := math.Abs(stat.Correlation(x, y, nil))
		return fmt.Sprintf("correlation %.4f of %d", r, len(x)), r >= a.correlation, nil
	}
	var worst float64
	for i := range x {
		worst = max(worst, math.Abs(x[i]-y[i])/max(1, math.Abs(y[i])))
	}
	return fmt.Sprintf("differ by at most %.1e of %d", worst, len(x)), worst <= a.difference, nil
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}

// write prints the results as a table.
func write(w io.Writer, results []Result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s/%s, %s, %d cores\n\n", runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.NumCPU())
	fmt.Fprintln(t, "peer\twork\tstep\ttheirs\tours\ttimes\tanswers")
	for _, r := range results {
		verdict := r.Answers
		if !r.Agreeing {
			verdict += " DISAGREE"
		}
		fmt.Fprintf(t, "%s %s\t%s\t%s\t%.3g s\t%.3g s\t%.0f\t%s\n", r.Peer, r.Version, r.Work, r.Step, r.Theirs, r.Ours, r.Times, verdict)
	}
	return t.Flush()
}
