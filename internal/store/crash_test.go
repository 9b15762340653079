package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"shanyraq"
)

// writerEnv names the store that a child process is to write to until it is
// killed.
const writerEnv = "SHANYRAQ_TEST_WRITE"

func TestMain(m *testing.M) {
	if path := os.Getenv(writerEnv); path != "" {
		writeUntilKilled(path)
	}
	os.Exit(m.Run())
}

// writeUntilKilled imports batch after batch. It says "." while an import is
// under way and "=" with the line and its version once one is kept.
func writeUntilKilled(path string) {
	ctx := context.Background()
	s, err := Open(ctx, path, builtIn(), Options{Create: true, Progress: func(int, int) { fmt.Println(".") }})
	if err != nil {
		fmt.Println("!", err)
		os.Exit(1)
	}
	for {
		log, err := s.Log(ctx, 1)
		if err != nil {
			fmt.Println("!", err)
			os.Exit(1)
		}
		n := 0
		if len(log) > 0 {
			n = int(log[0].Seq)
		}
		var b Batch
		for i := range 2 * progressStep {
			c := claim("wdi", "gdp", "KAZ", "2020", float64(n))
			c.ID = shanyraq.ClaimID(fmt.Sprintf("wdi/gdp/KAZ/-/%d/2020", i%(progressStep+n))) // some new, some changed
			if i < progressStep+n {
				b.Claims = append(b.Claims, c)
			}
		}
		a, err := s.Import(ctx, b, "child")
		if err != nil {
			fmt.Println("!", err)
			os.Exit(1)
		}
		fmt.Println("=", a.Seq, a.Version)
	}
}

// A process that is killed in the middle of its imports leaves a whole store:
// every import it was told is kept is there, at most one more, and nothing of
// any other. The next process can write at once.
func TestKilledWhileWriting(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	ctx := context.Background()
	path := t.TempDir() + "/killed.db"
	rng := rand.New(rand.NewPCG(1, 2))
	kept, keptVersion := int64(0), "0123456789ab"
	for round := range 8 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), writerEnv+"="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range 1 + rng.IntN(9) {
			if !lines.Scan() {
				break
			}
			note := func(line string) {
				if failed, ok := strings.CutPrefix(line, "! "); ok {
					t.Errorf("round %d: the child failed: %s", round, failed)
				}
				if strings.HasPrefix(line, "=") {
					if _, err := fmt.Sscanf(line, "= %d %s", &kept, &keptVersion); err != nil {
						t.Fatal(err)
					}
				}
			}
			note(lines.Text())
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it said before it died
			if strings.HasPrefix(lines.Text(), "=") {
				if _, err := fmt.Sscanf(lines.Text(), "= %d %s", &kept, &keptVersion); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = child.Wait() // killed, as it should be

		s, err := Open(ctx, path, builtIn(), Options{Create: true, Now: clock()})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		clean(t, s)
		head := latest(t, s)
		if head.Seq() < kept || head.Seq() > kept+1 {
			t.Errorf("round %d: line %d was kept, and the last is %d", round, kept, head.Seq())
		}
		if r, err := s.At(ctx, keptVersion); err != nil || r.Version() != keptVersion {
			t.Errorf("round %d: version %s of line %d is lost: %v", round, keptVersion, kept, err)
		}
		// A batch gives all of its claims one value, and one claim more for each line before it.
		n, value := 0, 0.0
		for _, c := range must[[]shanyraq.Claim](t)(head.Claims(ctx, shanyraq.Query{Places: []shanyraq.CountryCode{"KAZ"}, Series: []shanyraq.SeriesID{"gdp"}})) {
			if c.ID == "wdi/gdp/KAZ/-/2020" {
				continue // built in
			}
			if n > 0 && c.Value != value {
				t.Fatalf("round %d: %s has the value of another import", round, c.ID)
			}
			n, value = n+1, c.Value
		}
		if n > 0 && n != progressStep+int(value) {
			t.Errorf("round %d: of %d claims there are %d", round, progressStep+int(value), n)
		}
		a := must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "DEU", "2020", float64(1000+round))}}, "parent"))
		kept, keptVersion = a.Seq, a.Version
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if kept < 10 {
		t.Errorf("in all rounds %d lines were written", kept)
	}
}
