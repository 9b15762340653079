package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"shanyraq/methods/capture"
	"shanyraq/methods/composite"
	"shanyraq/methods/rds"
	"shanyraq/methods/votes"
)

// contests lists all work, in the order in which it is done.
func contests() []contest {
	return []contest{index(), positions("pscl", false), positions("MCMCpack", true), respondents(), lists(), graphs()}
}

// table writes rows as CSV into the folder.
func table(folder, name string, rows [][]string) error {
	f, err := os.Create(filepath.Join(folder, name))
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(rows); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// index is a composite of the size of a published one: 51 units, 49 indicators
// in eight pillars of two sub-indices, treated, scaled and averaged.
func index() contest {
	var x *composite.Index
	var built *composite.Result
	prepare := func(folder string) (map[string]func() error, error) {
		const units, indicators, pillars = 51, 49, 8
		rng := rand.New(rand.NewPCG(1, 2)) // the same work every time
		top := composite.Node{Code: "IDX", Weight: 1}
		meta := [][]string{{"Level", "iCode", "Direction", "Weight", "Parent", "Type"}}
		row := func(level int, code, parent, kind string) {
			meta = append(meta, []string{strconv.Itoa(level), code, "1", "1", parent, kind})
		}
		header := []string{"uCode"}
		tb := composite.Table{Values: map[string][]float64{}}
		size := make([]float64, units)
		for i := range units {
			tb.Units = append(tb.Units, fmt.Sprintf("U%02d", i+1))
			size[i] = rng.NormFloat64()
		}
		subs := []composite.Node{{Code: "S1", Weight: 1}, {Code: "S2", Weight: 1}}
		for p := range pillars {
			pillar := composite.Node{Code: fmt.Sprint("P", p+1), Weight: 1}
			for k := p * indicators / pillars; k < (p+1)*indicators/pillars; k++ {
				leaf := composite.Node{Code: fmt.Sprintf("I%02d", k+1), Weight: 1}
				column := make([]float64, units)
				for i := range column {
					column[i] = size[i] + rng.NormFloat64()
					if k%3 == 0 {
						column[i] = math.Exp(column[i]) // a heavy tail, to be treated
					}
				}
				tb.Values[leaf.Code] = column
				header = append(header, leaf.Code)
				pillar.Children = append(pillar.Children, leaf)
				row(1, leaf.Code, pillar.Code, "Indicator")
			}
			s := p * len(subs) / pillars
			subs[s].Children = append(subs[s].Children, pillar)
			row(2, pillar.Code, subs[s].Code, "Aggregate")
		}
		top.Children = subs
		row(3, "S1", "IDX", "Aggregate")
		row(3, "S2", "IDX", "Aggregate")
		row(4, "IDX", "", "Aggregate")
		data := [][]string{header}
		for i, u := range tb.Units {
			line := []string{u}
			for _, code := range header[1:] {
				line = append(line, number(tb.Values[code][i]))
			}
			data = append(data, line)
		}
		if err := table(folder, "data.csv", data); err != nil {
			return nil, err
		}
		if err := table(folder, "meta.csv", meta); err != nil {
			return nil, err
		}
		treat := composite.DefaultTreat()
		var err error
		x, err = composite.New(composite.Definition{Framework: top, Settings: composite.Settings{Treat: &treat,
			Normalise: composite.Scale{Method: composite.MethodMinMax, Lower: composite.Number{Value: 1}, Upper: composite.Number{Value: 100}}}}, tb)
		if err != nil {
			return nil, err
		}
		var points []composite.Option
		for n := range 5 {
			t := composite.DefaultTreat()
			t.WinMax = n + 1
			points = append(points, composite.Option{Patch: composite.Patch{Treat: &t}})
		}
		z := composite.Scale{Method: composite.MethodZScore, Mean: composite.Number{Value: 10}, SD: composite.Number{Value: 2}}
		geometric := []composite.Aggregator{{Method: composite.Geometric}}
		plan := composite.Plan{Draws: 64, Seed: 1, Level: 0.9, Factors: []composite.Factor{
			{Name: "winsorising", Choice: points},
			{Name: "scale", Choice: []composite.Option{{}, {Patch: composite.Patch{Normalise: &z}}}},
			{Name: "aggregation", Choice: []composite.Option{{}, {Patch: composite.Patch{Aggregate: &geometric}}}}}}
		return map[string]func() error{
			"build": func() error {
				var err error
				built, err = x.Build()
				return err
			},
			"sensitivity": func() error {
				_, err := x.Sensitivity(context.Background(), plan, composite.Centred)
				return err
			},
		}, nil
	}
	answer := func() map[string]float64 {
		a := map[string]float64{}
		for i, u := range x.Table().Units {
			a[u] = built.Values("IDX")[i]
		}
		return a
	}
	return contest{peer: "COINr", what: "index of 51 x 49; sensitivity of 3 choices in 320 runs", prepare: prepare, answer: answer, agree: agreement{difference: 1e-9}}
}

// positions places 190 voters by 80 roll calls on which many abstain.
func positions(peer string, abstaining bool) contest {
	const voters, calls = 190, 80
	var fit *votes.Space
	prepare := func(folder string) (map[string]func() error, error) {
		rng := rand.New(rand.NewPCG(3, 4)) // the same work every time
		place := make([]float64, voters)
		rows := [][]string{{""}}
		for i := range place {
			place[i] = rng.NormFloat64()
			rows = append(rows, []string{fmt.Sprintf("V%03d", i+1)})
		}
		var records []string
		for v := range calls {
			rows[0] = append(rows[0], fmt.Sprintf("R%02d", v+1))
			slope, low := 0.3+rng.ExpFloat64(), rng.NormFloat64()
			if rng.IntN(2) == 0 {
				slope = -slope
			}
			high := low + 0.8*rng.Float64()
			record := make([]byte, voters)
			for i := range place {
				z := slope*place[i] + rng.NormFloat64()
				code := 0
				record[i] = byte(votes.Yes)
				switch {
				case z >= high:
					code, record[i] = 2, byte(votes.No)
				case z >= low:
					code, record[i] = 1, byte(votes.Abstain)
					if !abstaining {
						record[i] = '.' // the peer knows yes and no only
					}
				}
				rows[i+1] = append(rows[i+1], strconv.Itoa(code))
			}
			records = append(records, string(record))
		}
		if err := table(folder, "votes.csv", rows); err != nil {
			return nil, err
		}
		return map[string]func() error{"positions": func() error {
			var err error
			fit, err = votes.IdealPoints(records, votes.Model{})
			return err
		}}, nil
	}
	answer := func() map[string]float64 {
		a := map[string]float64{}
		for i, p := range fit.Points(0) {
			a[fmt.Sprintf("V%03d", i+1)] = p.Value
		}
		return a
	}
	what := "positions of 190 voters in 80 roll calls of yes and no"
	if abstaining {
		what = "positions of 190 voters in 80 roll calls of yes, abstention and no"
	}
	return contest{peer: peer, what: what, prepare: prepare, answer: answer, agree: agreement{correlation: 0.99}}
}

// respondents are 500 people of two groups who recruited each other.
func respondents() contest {
	const people, seeds = 500, 10
	var shares rds.Resampled
	var groups rds.Groups
	prepare := func(folder string) (map[string]func() error, error) {
		rng := rand.New(rand.NewPCG(5, 6)) // the same work every time
		rows := [][]string{{"id", "recruiter", "degree", "group"}}
		var ids, by, answers []string
		var degrees []float64
		for i := range people {
			id, recruiter, group := strconv.Itoa(i+1), "0", "A"
			if rng.Float64() < 0.4 {
				group = "B"
			}
			if i >= seeds {
				// Up to three coupons each, in the order in which people came.
				from := (i - seeds) * 10 / 23
				recruiter = ids[from]
				if rng.Float64() < 0.6 {
					group = answers[from]
				}
			}
			degree := float64(2 + rng.IntN(20))
			ids, by, answers, degrees = append(ids, id), append(by, recruiter), append(answers, group), append(degrees, degree)
			rows = append(rows, []string{id, recruiter, number(degree), group})
		}
		if err := table(folder, "sample.csv", rows); err != nil {
			return nil, err
		}
		s, err := rds.NewSample(ids, by, degrees, "0")
		if err != nil {
			return nil, err
		}
		groups = rds.NewGroups(answers)
		return map[string]func() error{"bootstrap": func() error {
			var err error
			shares, err = rds.Tree(s, groups, rds.VolzHeckathorn, 5000, 1000, rand.New(rand.NewPCG(1, 1)))
			return err
		}}, nil
	}
	answer := func() map[string]float64 {
		a := map[string]float64{}
		for i, name := range groups.Names {
			a[name] = shares.Value[i]
		}
		return a
	}
	return contest{peer: "RDS", what: "1,000 tree bootstraps of 500 respondents", prepare: prepare, answer: answer, agree: agreement{difference: 1e-9}}
}

// counts returns how many people have each pattern on the lists.
func counts(lists int, seed uint64) []int {
	rng := rand.New(rand.NewPCG(seed, seed)) // the same work every time
	all := make([]int, 1<<lists)
	for p := 1; p < len(all); p++ {
		all[p] = 20 + rng.IntN(100)
	}
	return all
}

// lists are four incomplete lists, and every model of how they hang together.
func lists() contest {
	var best capture.Fit
	prepare := func(folder string) (map[string]func() error, error) {
		all := counts(4, 7)
		var rows [][]string
		for p := len(all) - 1; p > 0; p-- {
			var row []string
			for l := range 4 {
				row = append(row, strconv.Itoa(p>>l&1))
			}
			rows = append(rows, append(row, strconv.Itoa(all[p])))
		}
		if err := table(folder, "lists.csv", rows); err != nil {
			return nil, err
		}
		h, err := capture.NewHistories(4, all)
		if err != nil {
			return nil, err
		}
		return map[string]func() error{"models": func() error {
			fits, err := capture.Search{}.Fit(h)
			if err != nil {
				return err
			}
			best, err = capture.Best(fits, capture.BIC)
			return err
		}}, nil
	}
	answer := func() map[string]float64 { return map[string]float64{"N": best.N} }
	return contest{peer: "Rcapture", what: "113 models of four lists", prepare: prepare, answer: answer, agree: agreement{difference: 1e-4}}
}

// graphs are five incomplete lists, averaged over all decomposable graphs.
func graphs() contest {
	var p capture.Posterior
	prepare := func(folder string) (map[string]func() error, error) {
		all := counts(5, 9)
		var row []string
		for _, n := range all {
			row = append(row, strconv.Itoa(n))
		}
		// R reads white space; the cells come in the order of the pattern's bits.
		var rows [][]string
		for _, n := range row {
			rows = append(rows, []string{n})
		}
		if err := table(folder, "cells.csv", rows); err != nil {
			return nil, err
		}
		h, err := capture.NewHistories(5, all)
		if err != nil {
			return nil, err
		}
		return map[string]func() error{"graphs": func() error {
			var err error
			p, err = capture.Decomposable{Delta: 1.0 / 32, To: 20_000}.Posterior(h)
			return err
		}}, nil
	}
	answer := func() map[string]float64 {
		mean, _ := p.Mean()
		return map[string]float64{"N": mean}
	}
	return contest{peer: "dga", what: "822 graphs of five lists, 20,001 sizes", prepare: prepare, answer: answer, agree: agreement{difference: 1e-6}}
}
