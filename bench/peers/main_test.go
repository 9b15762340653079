package main

import (
	"strings"
	"testing"
)

func TestReadTimes(t *testing.T) {
	out := "Starting MCMC...\n0.94 0.95\nbuild 1.5\n  sensitivity 20\nother 3\n"
	times, err := readTimes(out, []string{"build", "sensitivity"})
	if err != nil || len(times) != 2 || times["build"] != 1.5 || times["sensitivity"] != 20 {
		t.Errorf("got %v, %v", times, err)
	}
	if _, err := readTimes(out, []string{"build", "graphs"}); err == nil || !strings.Contains(err.Error(), "graphs") {
		t.Errorf("a step without a time: %v", err)
	}
	for _, v := range []string{"0", "-1", "soon"} {
		if _, err := readTimes("build "+v+"\n", []string{"build"}); err == nil {
			t.Errorf("a time of %s is taken", v)
		}
	}
}

func TestJudge(t *testing.T) {
	ours := map[string]float64{"a": 1, "b": 2, "c": 3, "d": 1000}
	for _, tt := range []struct {
		name   string
		a      agreement
		theirs map[string]float64
		want   bool
	}{
		{"the same", agreement{difference: 1e-9}, map[string]float64{"a": 1, "c": 3}, true},
		{"one off", agreement{difference: 1e-9}, map[string]float64{"a": 1, "c": 3.1}, false},
		{"off as a part of a large one", agreement{difference: 1e-3}, map[string]float64{"d": 1000.5}, true},
		{"the other way round", agreement{correlation: 0.99}, map[string]float64{"a": -1, "b": -2, "c": -3}, true},
		{"another order", agreement{correlation: 0.99}, map[string]float64{"a": 2, "b": 1, "c": 3}, false},
	} {
		if _, got, err := tt.a.judge(ours, tt.theirs); err != nil || got != tt.want {
			t.Errorf("%s: %v, %v", tt.name, got, err)
		}
	}
	if _, _, err := (agreement{difference: 1}).judge(ours, map[string]float64{"z": 1}); err == nil {
		t.Error("an answer about something else is taken")
	}
	if _, _, err := (agreement{difference: 1}).judge(ours, nil); err == nil {
		t.Error("no answer is taken")
	}
}

// Every contest has a script, its input can be made, and our side does the work
// and answers, wherever R is missing.
func TestOurSide(t *testing.T) {
	for _, c := range contests() {
		t.Run(c.peer, func(t *testing.T) {
			text, err := scripts.ReadFile("scripts/" + c.peer + ".R")
			if err != nil {
				t.Fatal(err)
			}
			steps, err := c.prepare(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			for name, step := range steps {
				if !strings.Contains(string(text), `cat("`+name+`", took`) {
					t.Errorf("the script does not report %q", name)
				}
				if err := step(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			if len(c.answer()) == 0 {
				t.Error("no answer")
			}
		})
	}
}
