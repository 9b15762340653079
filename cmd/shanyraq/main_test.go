package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"shanyraq": main})
}

// TestCommands runs the scripts in testdata/script, one per command. Besides
// the commands of testscript they have those of the map below.
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			for _, kv := range []string{"USER=tester", "TZ=UTC", "LANG=C", "LC_ALL=", "LC_MESSAGES=", "DISPLAY=", "WAYLAND_DISPLAY=", "SHANYRAQ_DB=", "TMPDIR=" + env.WorkDir} {
				name, value, _ := strings.Cut(kv, "=")
				env.Setenv(name, value)
			}
			return writeInputs(env.WorkDir)
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" { // whom no rights to a file keep out
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"recode":   recode,
			"newer":    newer,
			"damage":   damage,
			"keep":     keep,
			"taken":    taken,
			"awaits":   awaits,
			"jsonpath": jsonPath,
			"fifo":     fifo,
			"feed":     feed,
			"big":      big,
			"emptydir": emptyDir,
		},
	})
}

// writeInputs puts a record and a table that can be imported into the folder.
func writeInputs(dir string) error {
	files := map[string]string{
		"SOURCE.md": `id: test-counts
publisher: A test
title: Counts made up for a test
address: https://example.org/counts
taken: 2026-01-02
licence: CC0
strength: measured

Nothing here was counted.
`,
		"counts.csv": `series,place,partner,when,value
people_from,DEU,KAZ,2025,1000000
SP.POP.TOTL,KAZ,,2024,25000000
`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// exits STATUS COMMAND... runs the command and fails unless it ends with the
// status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s ended with status %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// recode ENCODING FILE writes the file anew in utf16 or cp1251.
func recode(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[1])
	text, err := os.ReadFile(name)
	ts.Check(err)
	var out []byte
	switch args[0] {
	case "utf16":
		out = []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(string(text))) {
			out = append(out, byte(u), byte(u>>8))
		}
	case "cp1251":
		for _, r := range string(text) {
			switch {
			case r < 0x80:
				out = append(out, byte(r))
			case r >= 'А' && r <= 'я':
				out = append(out, byte(r-'А')+0xc0)
			default:
				ts.Fatalf("no %q in Windows-1251 here", r)
			}
		}
	default:
		ts.Fatalf("unknown encoding %s", args[0])
	}
	ts.Check(os.WriteFile(name, out, 0o644))
}

// newer STORE makes the store one of a later format. The format stands in the
// header of a SQLite file, four bytes from byte 60, most significant first.
func newer(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_RDWR, 0)
	ts.Check(err)
	_, err = f.WriteAt([]byte{0, 0, 0, 99}, 60)
	ts.Check(errors.Join(err, f.Close()))
}

// damage FILE OLD NEW writes NEW over OLD, of the same length, wherever it
// stands in the file.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	data, err := os.ReadFile(name)
	ts.Check(err)
	if len(args[1]) != len(args[2]) || !bytes.Contains(data, []byte(args[1])) {
		ts.Fatalf("%s does not hold %q, or %q is not as long", args[0], args[1], args[2])
	}
	ts.Check(os.WriteFile(name, bytes.ReplaceAll(data, []byte(args[1]), []byte(args[2])), 0o644))
}

// keep NAME KEY... sets the variable to what stands under the keys in the JSON
// of the last standard output.
func keep(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], find(ts, args[1:]))
}

// jsonpath VALUE KEY... fails unless the value stands under the keys in the
// JSON of the last standard output. A number is an index of a list, # its
// length.
func jsonPath(ts *testscript.TestScript, neg bool, args []string) {
	if got := find(ts, args[1:]); (got == args[0]) == neg {
		ts.Fatalf("%s is %q", strings.Join(args[1:], "."), got)
	}
}

func find(ts *testscript.TestScript, path []string) string {
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	d.UseNumber()
	var v any
	ts.Check(d.Decode(&v))
	for _, key := range path {
		switch at := v.(type) {
		case map[string]any:
			got, ok := at[key]
			if !ok {
				ts.Fatalf("no key %s in %s", key, strings.Join(path, "."))
			}
			v = got
		case []any:
			if key == "#" {
				return strconv.Itoa(len(at))
			}
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(at) {
				ts.Fatalf("no element %s in %s", key, strings.Join(path, "."))
			}
			v = at[i]
		default:
			ts.Fatalf("nothing under %s", strings.Join(path, "."))
		}
	}
	return fmt.Sprint(v)
}

// taken NAME takes a port of this machine and sets the variable to its address
// until the script ends.
func taken(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], l.Addr().String())
}

// awaits FILE TEXT waits until the file, which a command in the background
// writes, holds the text.
func awaits(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	for range 3000 {
		if data, err := os.ReadFile(name); err == nil && bytes.Contains(data, []byte(args[1])) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s never held %q", args[0], args[1])
}

// feed PIPE TEXT writes lines of the text to a pipe until its reader has begun
// to read, and leaves it open for more.
func feed(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY, 0) // waits for a reader
	ts.Check(err)
	ts.Defer(func() { f.Close() })
	const more = 1 << 20 // than any pipe holds by itself
	_, err = io.WriteString(f, strings.Repeat(args[1]+"\n", more/len(args[1])))
	ts.Check(err)
}

// big FILE makes a file larger than a table may be, of zeros that take no room.
func big(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(errors.Join(f.Truncate(256<<20+1), f.Close()))
}

// emptydir DIR PATTERN fails unless nothing in the folder fits the pattern.
func emptyDir(ts *testscript.TestScript, _ bool, args []string) {
	found, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), args[1]))
	ts.Check(err)
	if len(found) > 0 {
		ts.Fatalf("left behind: %s", strings.Join(found, ", "))
	}
}

// A running is a shanyraq that serves pages.
type running struct {
	*exec.Cmd
	address string
	stderr  bytes.Buffer
}

// start runs the program as a process of its own and waits until it says that
// it listens. It is killed when the test ends.
func start(t testing.TB, temp string, args ...string) *running {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := &running{Cmd: exec.Command(exe, args...)}
	r.Args[0] = "shanyraq" // what TestMain goes by
	r.Env = append(slices.DeleteFunc(os.Environ(), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return slices.Contains([]string{"DISPLAY", "WAYLAND_DISPLAY", "SHANYRAQ_DB"}, name)
	}), "TMPDIR="+temp, "TMP="+temp, "LANG=C")
	r.Stderr = &r.stderr
	out, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Process.Kill() }) // it has usually ended
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("it ended before it listened: %s", r.stderr.String())
	}
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		t.Fatalf("it said %q, not where it listens", line)
	}
	r.address = address
	return r
}

// get returns the page at the path.
func (r *running) get(t testing.TB, path string) string {
	t.Helper()
	resp, err := http.Get(r.address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", path, resp.Status)
	}
	return string(body)
}

func TestDemo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be asked to stop there as it can elsewhere")
	}
	for _, tt := range []struct {
		name   string
		signal os.Signal
		addr   string
	}{
		{"stopped from the keyboard", os.Interrupt, "127.0.0.1:0"},
		{"stopped by the system", syscall.SIGTERM, "0"},
		{"its terminal goes", syscall.SIGHUP, "[::1]:0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if strings.HasPrefix(tt.addr, "[") {
				l, err := net.Listen("tcp", tt.addr)
				if err != nil {
					t.Skip("this machine has no such address")
				}
				l.Close()
			}
			temp := t.TempDir()
			r := start(t, temp, "demo", "--open=false", "--addr", tt.addr)
			if page := r.get(t, "/"); !strings.Contains(page, "Kazakhstan") {
				t.Errorf("the first page does not speak of Kazakhstan:\n%s", page)
			}
			if kept, _ := os.ReadDir(temp); len(kept) != 1 {
				t.Errorf("%d things in the temporary folder, want the folder of the store", len(kept))
			}
			if err := r.Process.Signal(tt.signal); err != nil {
				t.Fatal(err)
			}
			if err := r.Wait(); err != nil {
				t.Errorf("it ended with %v: %s", err, r.stderr.String())
			}
			if r.stderr.Len() > 0 {
				t.Errorf("it said %s", r.stderr.String())
			}
			if left, _ := os.ReadDir(temp); len(left) > 0 {
				t.Errorf("%s was left behind", left[0].Name())
			}
		})
	}
}

// A demo for another home, open to the network, serves that home and warns.
func TestDemoForAnotherHome(t *testing.T) {
	r := start(t, t.TempDir(), "demo", "--open=false", "--addr", "0.0.0.0:0", "--home", "UZB")
	_, port, err := net.SplitHostPort(strings.TrimPrefix(r.address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	r.address = "http://127.0.0.1:" + port
	if page := r.get(t, "/"); !strings.Contains(page, "Uzbekistan") {
		t.Errorf("the first page does not speak of Uzbekistan:\n%s", page)
	}
	if err := r.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = r.Wait() // it was killed
	if !strings.Contains(r.stderr.String(), "other machines can reach this address") {
		t.Errorf("it did not warn: %s", r.stderr.String())
	}
}

// What the command prints of a figure is what its page shows.
func TestFigureIsItsPage(t *testing.T) {
	const path = "standing/material/KAZ/2020/rank"
	r := start(t, t.TempDir(), "demo", "--open=false", "--addr", "127.0.0.1:0")
	page := r.get(t, "/f/"+path)
	asJSON := r.get(t, "/f/"+path+".json")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		cmd := exec.Command(exe, args...)
		cmd.Args[0] = "shanyraq"
		cmd.Env = append(os.Environ(), "LANG=C", "SHANYRAQ_DB=")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	for _, line := range strings.Split(run("figure", path), "\n") {
		line = strings.TrimSpace(line)
		for _, label := range []string{"Method: ", "Formula: ", "otherwise: "} {
			line = strings.TrimPrefix(line, label)
		}
		// Headings and what the page words otherwise: draws, source in parts.
		if line == "" || slices.Contains([]string{"Inputs", "Sources", "What must hold", "How to cite it"}, line) || strings.Contains(line, ";") || strings.HasPrefix(line, "Draws") || strings.HasPrefix(line, "score = ") {
			continue
		}
		if !strings.Contains(plainText(page), plainText(line)) && !strings.Contains(page, `href="/f/`+line) {
			t.Errorf("the page does not say %q", line)
		}
	}
	var a, b any
	if err := json.Unmarshal([]byte(run("figure", path, "--json")), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(asJSON), &b); err != nil {
		t.Fatal(err)
	}
	figure, ok := b.(map[string]any)["figure"]
	if !ok {
		figure = b
	}
	if !reflect.DeepEqual(a, figure) {
		t.Errorf("the command gives\n%v\nthe page\n%v", a, figure)
	}
}

// plainText returns the text of a page without its marks, white space as one.
func plainText(s string) string {
	var b strings.Builder
	in := false
	for _, r := range s {
		switch {
		case r == '<':
			in = true
		case r == '>' && in:
			in = false
		case !in:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(html.UnescapeString(b.String())), " ")
}

// The program promises the first page within a second of being started.
func BenchmarkDemoFirstPage(b *testing.B) {
	temp := b.TempDir()
	for b.Loop() {
		r := start(b, temp, "demo", "--open=false", "--addr", "127.0.0.1:0")
		r.get(b, "/")
		b.StopTimer()
		_ = r.Process.Kill()
		_ = r.Wait() // it was killed
		b.StartTimer()
	}
}
