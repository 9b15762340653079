package ties

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"
)

// An Event is one act of one side towards another, as coded from the news.
type Event struct {
	Day      float64 // when, in days from any fixed date
	Code     string  // of the CAMEO scheme, such as "043"
	Score    float64 // of cooperation, −10 to 10 on the scale of Goldstein; NaN where the code has none
	Mentions float64 // reports that mention it
}

// A Quad is one of the four classes of acts.
type Quad int

// The classes, from words to deeds and from cooperation to conflict.
const (
	VerbalCooperation Quad = iota
	MaterialCooperation
	VerbalConflict
	MaterialConflict
)

// Class returns the class of a code of the CAMEO scheme by its first two
// digits: 01 to 05 verbal cooperation, 06 to 08 material cooperation, 09 to 14
// verbal conflict and 15 to 20 material conflict. It returns an error for any
// other code.
//
// References: [gerner2002] for the scheme.
func Class(code string) (Quad, error) {
	if len(code) >= 2 && strings.Trim(code[:2], "0123456789") == "" {
		switch root := 10*int(code[0]-'0') + int(code[1]-'0'); {
		case root >= 1 && root <= 5:
			return VerbalCooperation, nil
		case root >= 6 && root <= 8:
			return MaterialCooperation, nil
		case root >= 9 && root <= 14:
			return VerbalConflict, nil
		case root >= 15 && root <= 20:
			return MaterialConflict, nil
		}
	}
	return 0, fmt.Errorf("ties: %q is no code of the scheme", code)
}

// ScoreOf returns the score of a code on a scale that has some codes, and that
// of the nearest code above it in the scheme, with digits dropped from the end,
// where the scale has no score for the code itself. It is NaN where neither is
// there.
func ScoreOf(scale map[string]float64, code string) float64 {
	for ; len(code) >= 2; code = code[:len(code)-1] {
		if v, ok := scale[code]; ok {
			return v
		}
	}
	return math.NaN()
}

// A Tone is the sum of one side's acts towards another. Measures with an
// interval have it at the level asked for; both ends are NaN where fewer than
// two days have events, and Mean and the measures after it are NaN where there
// is nothing to divide by.
type Tone struct {
	N        int // events with a score
	Days     int // days with any
	Quads    [4]int
	Sum      float64 // of scores
	Mean     float64 // plain mean of scores
	Weight   float64 // sum of weights: what the media made of it, faded
	Positive float64 // weighted sum of scores above zero
	Negative float64 // weighted sum of the size of those below
	Weighted float64 // weighted mean of scores
	Between  Range   // interval of Weighted
	Net      float64 // (Positive − Negative)/(Positive + Negative), −1 to 1
	NetRange Range   // interval of Net
}

// Sum returns the tone of events on the day now, older ones faded with the
// half-life, in days, and each weighted by how often it was mentioned:
//
//	w_e      = mentions_e · 2^(−(now − day_e)/halfLife)
//	Weighted = Σ w·s / Σ w
//	Net      = (Σ_{s>0} w·s + Σ_{s<0} w·s) / Σ w·|s|
//
// Both are ratios, so that a pair the media watch closely does not score higher
// for it; Weight says how much they watched, and n how many acts that rests on.
// The intervals are those of a ratio of sums over days, which keeps the reports
// of one affair together:
//
//	SE² = G/(G−1) · Σ_d (Σ_{e in d} w(s − R))² / (Σ w)²
//
// with G days and the quantile of Student's distribution with G−1 degrees of
// freedom, cut off at the ends of the scale.
//
// Assumptions: the scores measure cooperation on one line; the scale was fitted
// to another scheme in another century. Media report conflict more readily than
// cooperation and some countries more than others, so compare one pair over
// time rather than pairs. Days are independent; an affair of weeks makes the
// intervals too narrow.
//
// Accuracy: TestConformanceEvents for the measures, TestToneCoverage for the
// intervals: those of level 0.9 cover 0.87 to 0.89 for Weighted and 0.84 to 0.87
// for Net, with 15 and with 60 days.
//
// Sum returns an error for an event after now or without a day, negative
// mentions, a code that is none, a half-life that is not above zero, and a level
// outside (0, 1). Events whose score is NaN are left out.
//
// References: [goldstein1992] for the scale; [gerner2002] for the scheme;
// [cochran1977] for the variance of a ratio.
func Sum(events []Event, now, halfLife, level float64) (Tone, error) {
	if !(halfLife > 0) || !(level > 0 && level < 1) {
		return Tone{}, fmt.Errorf("ties: a half-life of %v at level %v", halfLife, level)
	}
	type sums struct{ w, ws, size float64 }
	days := map[float64]*sums{}
	var order []float64
	var t Tone
	for i, e := range events {
		switch {
		case !(e.Day <= now):
			return Tone{}, fmt.Errorf("ties: event %d is of day %v, after %v", i, e.Day, now)
		case !(e.Mentions >= 0) || math.IsInf(e.Mentions, 0):
			return Tone{}, fmt.Errorf("ties: event %d has %v mentions", i, e.Mentions)
		}
		quad, err := Class(e.Code)
		if err != nil {
			return Tone{}, fmt.Errorf("event %d: %w", i, err)
		}
		if math.IsNaN(e.Score) {
			continue
		}
		w := e.Mentions * math.Exp2(-(now-e.Day)/halfLife)
		t.N++
		t.Quads[quad]++
		t.Sum += e.Score
		t.Weight += w
		if e.Score > 0 {
			t.Positive += w * e.Score
		} else {
			t.Negative -= w * e.Score
		}
		d, ok := days[e.Day]
		if !ok {
			d = &sums{}
			days[e.Day] = d
			order = append(order, e.Day)
		}
		d.w += w
		d.ws += w * e.Score
		d.size += w * math.Abs(e.Score)
	}
	slices.Sort(order)
	t.Days = len(order)
	t.Mean = t.Sum / float64(t.N)
	t.Weighted = (t.Positive - t.Negative) / t.Weight
	t.Net = (t.Positive - t.Negative) / (t.Positive + t.Negative)
	interval := func(ratio, under float64, part func(*sums) float64, least, most float64) Range {
		if t.Days < 2 || math.IsNaN(ratio) {
			return Range{math.NaN(), math.NaN()}
		}
		var square float64
		for _, d := range order {
			r := days[d].ws - ratio*part(days[d])
			square += r * r
		}
		g := float64(t.Days)
		half := distuv.StudentsT{Sigma: 1, Nu: g - 1}.Quantile((1+level)/2) * math.Sqrt(g/(g-1)*square) / under
		return Range{max(least, ratio-half), min(most, ratio+half)}
	}
	t.Between = interval(t.Weighted, t.Weight, func(d *sums) float64 { return d.w }, -10, 10)
	t.NetRange = interval(t.Net, t.Positive+t.Negative, func(d *sums) float64 { return d.size }, -1, 1)
	return t, nil
}
