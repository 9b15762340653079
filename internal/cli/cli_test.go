package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/ingest"
	"shanyraq/internal/locale"
)

func TestParseAddr(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"127.0.0.1:8090", "127.0.0.1:8090"},
		{"localhost:0", "localhost:0"},
		{"8090", "127.0.0.1:8090"},
		{"0", "127.0.0.1:0"},
		{":8090", ":8090"},
		{"[::1]:8090", "[::1]:8090"},
		{"[fe80::1%eth0]:80", "[fe80::1%eth0]:80"},
		{"::1", ""},
		{"here", ""},
		{"127.0.0.1", ""},
		{"127.0.0.1:", ""},
		{"127.0.0.1:http", ""},
		{"127.0.0.1:65536", ""},
		{"-1", ""},
		{"", ""},
	} {
		got, err := parseAddr(tt.in)
		var use *misuse
		if got != tt.want || (tt.want == "") != errors.As(err, &use) {
			t.Errorf("%q is %q (%v), want %q", tt.in, got, err, tt.want)
		}
	}
}

func TestFigurePath(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"standing/material/KAZ/2024/rank", "standing/material/KAZ/2024/rank"},
		{"/f/standing/material/KAZ/2024/rank?w.gdp=2", "standing/material/KAZ/2024/rank?w.gdp=2"},
		{"http://127.0.0.1:8090/f/claim/a/b/DEU/KAZ/2020", "claim/a/b/DEU/KAZ/2020"},
		{"/f/claim/a/b/DEU/KAZ/%D0%B0%20%25/2020?lang=ru", "claim/a/b/DEU/KAZ/а %/2020?lang=ru"},
		{"f/claim/a", "claim/a"},
		{"claim/a/f/DEU/-/2020", "claim/a/f/DEU/-/2020"},
		{"/f/broken%zz", "broken%zz"},
		{"", ""},
	} {
		if got := figurePath(tt.in); got != tt.want {
			t.Errorf("%q is %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestLanguageOfTheSystem(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want string
	}{
		{nil, "en"},
		{map[string]string{"LANG": "C.UTF-8"}, "en"},
		{map[string]string{"LANG": "POSIX"}, "en"},
		{map[string]string{"LANG": "kk_KZ.UTF-8"}, "kk"},
		{map[string]string{"LANG": "ru_RU@latin"}, "ru"},
		{map[string]string{"LANG": "ru_RU.UTF-8", "LC_ALL": "kk_KZ"}, "kk"},
		{map[string]string{"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"},
		{map[string]string{"LANG": "fr_FR.UTF-8"}, "en"},
	} {
		a := &app{Env: Env{Getenv: func(name string) string { return tt.env[name] }}}
		if got := a.envLang(); got != tt.want {
			t.Errorf("%v is %q, want %q", tt.env, got, tt.want)
		}
	}
}

func TestWhere(t *testing.T) {
	for _, tt := range []struct{ body, want string }{
		{"{\n \"id\": }", "g.json:2:8"},
		{"{\n \"id\": 5}", "g.json:2:8"},
		{"{", "g.json:1:1"},
		{"", "g.json"},
	} {
		var g shanyraq.Group
		err := json.Unmarshal([]byte(tt.body), &g)
		if tt.body == "" {
			err = errors.New("other")
		}
		if got := where("g.json", []byte(tt.body), err); got != tt.want {
			t.Errorf("%q goes wrong at %s, want %s (%v)", tt.body, got, tt.want, err)
		}
	}
}

func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{"office.db": "office.db", "my office.db": `"my office.db"`, "a$b": `"a$b"`} {
		if got := quoted(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}

func TestEscapeGlob(t *testing.T) {
	if got := escapeGlob("a[1]*?"); got != "a[[]1][*][?]" {
		t.Errorf("it is %s", got)
	}
}

// A meter is silent at first, then tells on one line of a terminal, and on a
// line each elsewhere, less often.
func TestMeter(t *testing.T) {
	for _, tt := range []struct {
		name     string
		terminal bool
		want     string
	}{
		{"terminal", true, "\rStoring: 2 s\x1b[K\rStoring: 25%\x1b[K\rStoring: 50%\x1b[K\r\x1b[K"},
		{"elsewhere", false, "Storing: 2 s\nStoring: 75%\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			at := time.Date(2026, 5, 11, 9, 30, 0, 0, time.UTC)
			m := &meter{out: &out, loc: locale.For("en"), terminal: tt.terminal, now: func() time.Time { return at }, begun: at, step: "cli.progress.storing", quit: make(chan struct{})}
			steps := []struct {
				after time.Duration
				done  int64
			}{{0, 0}, {1900 * time.Millisecond, 0}, {100 * time.Millisecond, 0}, {100 * time.Millisecond, 10}, {900 * time.Millisecond, 25}, {time.Second, 50}}
			if !tt.terminal {
				steps = append(steps, struct {
					after time.Duration
					done  int64
				}{3 * time.Second, 75})
			}
			for _, s := range steps {
				if at = at.Add(s.after); s.done > 0 {
					m.set(s.done, 100)
				}
				m.tell()
			}
			m.end()
			if out.String() != tt.want {
				t.Errorf("it said %q, want %q", out.String(), tt.want)
			}
		})
	}
}

// Every refusal has a status, and none is told by a bare key.
func TestTell(t *testing.T) {
	ended, end := context.WithCancel(context.Background())
	end()
	table := strings.NewReader("place,value\nGermany,1\n")
	_, faults := ingest.ReadClaims(table, "t.csv", ingest.Options{Series: "s"})
	for _, tt := range []struct {
		name string
		ctx  context.Context
		err  error
		want int
		said string
	}{
		{"nothing", context.Background(), nil, Done, ""},
		{"told already", context.Background(), errFound, Refused, ""},
		{"the parser of command lines", context.Background(), &misuse{err: errors.New("unknown flag: --x")}, Misused, "shanyraq: unknown flag: --x\n"},
		{"a wrong value", context.Background(), wrong("cli.error.addr", "Found", "here"), Misused, "shanyraq: here is not an address"},
		{"a refusal", context.Background(), fmt.Errorf("reading: %w", refuse("cli.error.nofile", "Path", "a.csv")), Refused, "shanyraq: There is no file a.csv.\n"},
		{"a message the catalogue lacks", context.Background(), shanyraq.Tell("x", shanyraq.Invalid, shanyraq.Text{Key: "none.such"}, "the disk is on fire"), Refused, "the disk is on fire"},
		{"stopped", ended, fmt.Errorf("reading: %w", context.Canceled), Refused, "shanyraq: Stopped. The store is as it was.\n"},
		{"faults", context.Background(), faults, Refused, "t.csv:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			a := &app{Env: Env{Stderr: &out}, loc: locale.For("en")}
			if got := a.tell(tt.ctx, tt.err); got != tt.want {
				t.Errorf("the status is %d, want %d", got, tt.want)
			}
			if !strings.HasPrefix(out.String(), tt.said) && !strings.Contains(out.String(), "that should not have: x: "+tt.said) {
				t.Errorf("it said %q", out.String())
			}
			if (tt.said == "") != (out.Len() == 0) || strings.Contains(out.String(), "⟦") {
				t.Errorf("it said %q", out.String())
			}
		})
	}
}

// Every command says in one line what it does, and the flags that the page
// explains for all are on all that print.
func TestEveryCommandIsExplained(t *testing.T) {
	a := &app{Env: Env{Getenv: func(string) string { return "" }, Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}}}
	silent := []string{"shanyraq", "shanyraq exit", "shanyraq serve", "shanyraq demo"} // print no result
	var check func(c *cobra.Command)
	check = func(c *cobra.Command) {
		if c.Short == "" {
			t.Errorf("%s does not say what it does", c.CommandPath())
		}
		said := false
		for _, s := range silent {
			said = said || s == c.CommandPath()
		}
		if !c.HasSubCommands() && !said && c.Flags().Lookup("json") == nil {
			t.Errorf("%s prints and has no --json", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			check(sub)
		}
	}
	check(a.root())
}

func TestRecordProblems(t *testing.T) {
	whole := shanyraq.Source{ID: "a", Licence: "CC0", Address: "https://example.org", Taken: "2026", Strength: shanyraq.Measured, Checksum: strings.Repeat("0", 64)}
	for _, tt := range []struct {
		name  string
		spoil func(*shanyraq.Source)
		want  string
	}{
		{"nothing", func(*shanyraq.Source) {}, ""},
		{"no licence", func(s *shanyraq.Source) { s.Licence = "" }, "licence"},
		{"no address", func(s *shanyraq.Source) { s.Address = "" }, "address"},
		{"an address that leads nowhere", func(s *shanyraq.Source) { s.Address = "on my shelf" }, "address"},
		{"undated", func(s *shanyraq.Source) { s.Taken = "" }, "taken"},
		{"no basis", func(s *shanyraq.Source) { s.Strength = 0 }, "strength"},
		{"half a checksum", func(s *shanyraq.Source) { s.Checksum = "0123" }, "checksum"},
		{"everything", func(s *shanyraq.Source) { *s = shanyraq.Source{} }, "licence address taken strength checksum"},
	} {
		s := whole
		tt.spoil(&s)
		got := strings.Join(recordProblems(s), " ")
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		for _, p := range strings.Fields(got) {
			for _, lang := range locale.Supported() {
				if !locale.For(lang).Has("cli.check.lacks." + p) {
					t.Errorf("%s has no word for %s", lang, p)
				}
			}
		}
	}
}
