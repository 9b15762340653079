package vectors

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"shanyraq"
	"shanyraq/methods/ties"
)

// MethodNews is the tone of acts from the months that are held.
const MethodNews shanyraq.MethodKey = "news-months"

// The series of acts coded from the news, a month each: how many reports of each
// class, the class as the subject, and their tone.
const (
	NewsReports shanyraq.SeriesID = "news_reports"
	NewsTone    shanyraq.SeriesID = "news_tone"
)

// NewsClasses are the subjects of [NewsReports], in the order of [Tone.Quads].
func NewsClasses() []string {
	return []string{"verbal cooperation", "material cooperation", "verbal conflict", "material conflict"}
}

// A MonthOfNews is how one side acted towards another in one month of reports.
type MonthOfNews struct {
	From, To shanyraq.CountryCode
	When     shanyraq.Period // a month
	Quads    [4]int          // reports of each class
	Mentions float64
	Tone     float64 // weighted mean on the scale from −10 to 10; NaN where no code has a score
	Lo, Hi   float64 // interval of level 0.9; NaN for a single day
}

// Months returns the months counted, by pair and time.
//
// It returns a [shanyraq.Invalid] error for a code that is none.
func (n *News) Months() ([]MonthOfNews, error) {
	type month struct {
		from, to shanyraq.CountryCode
		month    int
	}
	acts := map[month][]act{}
	for k := range n.counts {
		d := time.Unix(int64(k.day)*86400, 0).UTC()
		m := month{k.from, k.to, d.Year()*12 + int(d.Month()) - 1}
		acts[m] = append(acts[m], k)
	}
	keys := slices.SortedFunc(maps.Keys(acts), func(a, b month) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.month, b.month))
	})
	out := make([]MonthOfNews, 0, len(keys))
	for _, m := range keys {
		x := MonthOfNews{From: m.from, To: m.to, When: shanyraq.Period(fmt.Sprintf("%04d-%02d", m.month/12, m.month%12+1))}
		slices.SortFunc(acts[m], func(a, b act) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.code, b.code)) })
		var events []ties.Event
		for _, k := range acts[m] {
			t := n.counts[k]
			if q, err := ties.Class(k.code); err == nil {
				x.Quads[q] += t.N
			}
			x.Mentions += t.Mentions
			events = append(events, ties.Event{Day: float64(k.day), Code: k.code, Score: t.Score, Mentions: t.Mentions})
		}
		sum, err := ties.Sum(events, float64(n.last), math.Inf(1), tonesLevel)
		if err != nil {
			return nil, shanyraq.Tell("vectors.Months", shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.events", Args: map[string]any{"Detail": err.Error()}}, "%w", err)
		}
		x.Tone, x.Lo, x.Hi = sum.Weighted, sum.Between.Lo, sum.Between.Hi
		out = append(out, x)
	}
	return out, nil
}

// A ToneHeld is how one side acts towards another by the months that are held.
type ToneHeld struct {
	Tone                     // of the newest twelve months held; Days counts months
	Months []shanyraq.Figure // the score of each month, oldest first
	Whens  []shanyraq.Period // of Months
}

// lastMonths is how many of the newest months the tone is of.
const lastMonths = 12

// NewsHeld returns how home and each power act towards each other by the months
// of news that are held, the most reported pair first; none if there are none.
func (r *Room) NewsHeld(ctx context.Context, home shanyraq.CountryCode) ([]ToneHeld, error) {
	return r.told.of(home, func() ([]ToneHeld, error) {
		t, err := r.newsHeld(ctx, home)
		if err != nil {
			return nil, shanyraq.Errorf("vectors.NewsHeld", shanyraq.KindOf(err), "%s: %w", home, err)
		}
		return t, nil
	})
}

func (r *Room) newsHeld(ctx context.Context, home shanyraq.CountryCode) ([]ToneHeld, error) {
	b, err := r.Balance(ctx, home)
	if err != nil {
		return nil, err
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{NewsTone, NewsReports}})
	if err != nil {
		return nil, err
	}
	type pair struct{ from, to shanyraq.CountryCode }
	type month struct {
		tone    *shanyraq.Claim
		reports [4]*shanyraq.Claim
	}
	held := map[pair]map[shanyraq.Period]*month{}
	for i, c := range cs {
		if !(c.Place == home && slices.Contains(b.Powers, c.Partner) || c.Partner == home && slices.Contains(b.Powers, c.Place)) || math.IsNaN(number(c.When)) {
			continue
		}
		p := pair{c.Place, c.Partner}
		if held[p] == nil {
			held[p] = map[shanyraq.Period]*month{}
		}
		if held[p][c.When] == nil {
			held[p][c.When] = &month{}
		}
		m := held[p][c.When]
		if c.Series == NewsTone {
			m.tone = &cs[i]
		} else if q := slices.Index(NewsClasses(), c.Subject); q >= 0 {
			m.reports[q] = &cs[i]
		}
	}
	var out []ToneHeld
	for p, months := range held {
		t := ToneHeld{Tone: Tone{From: p.from, To: p.to}}
		whens := slices.Sorted(maps.Keys(months))
		path := fmt.Sprintf("vectors/news/%s/%s-%s/", home, p.from, p.to)
		var tones, signs []ties.Event
		var toneOf, countOf, all []shanyraq.Claim
		var ts, ys []float64
		for i, when := range whens {
			m := months[when]
			at := number(when)
			late := at > number(whens[len(whens)-1])-lastMonths
			n := 0.0
			for q, c := range m.reports {
				if c == nil {
					continue
				}
				n += c.Value
				if late {
					t.N += int(c.Value)
					t.Quads[q] += int(c.Value)
					countOf = append(countOf, *c)
					sign := 1.0
					if q >= 2 {
						sign = -1
					}
					signs = append(signs, ties.Event{Day: at, Code: "010", Score: sign, Mentions: c.Value})
				}
			}
			if late {
				t.Days++
			}
			if m.tone == nil {
				continue
			}
			ts, ys, all = append(ts, at), append(ys, m.tone.Value), append(all, *m.tone)
			f, err := shanyraq.NewFigure(path+string(when), m.tone.Value, m.tone.Range(), "points", shanyraq.Lineage{Method: MethodNews,
				Sources: []shanyraq.SourceID{m.tone.Source}, Inputs: []shanyraq.Input{shanyraq.InputOf("t", *m.tone)}, Formula: "t, as imported", Assumptions: newsAssumed()})
			if err != nil {
				return nil, err
			}
			t.Months, t.Whens = append(t.Months, f), append(t.Whens, whens[i])
			if late && n > 0 {
				tones, toneOf = append(tones, ties.Event{Day: at, Code: "010", Score: m.tone.Value, Mentions: n}), append(toneOf, *m.tone)
			}
		}
		now := number(whens[len(whens)-1])
		if t.Score, err = heldFigure(path+"score", tones, now, fmt.Sprintf("sum of n t / sum of n, %d months", len(tones)), toneOf, countOf); err != nil {
			return nil, err
		}
		if t.Net, err = heldFigure(path+"net", signs, now, "(cooperation − conflict) / all reports", countOf, nil); err != nil {
			return nil, err
		}
		at := float64(breakDay.Year()*12 + int(breakDay.Month()) - 1)
		if len(all) >= 12 && ts[0] < at && ts[len(ts)-1] > at {
			if b, err := ties.Interrupted(ts, ys, at, 3, tonesLevel); err == nil {
				if t.Change, err = newsFigure(path+"change", b.Mean.Value, ties.Range{Lo: b.Mean.Lo, Hi: b.Mean.Hi}, fmt.Sprintf("mean of what %d months exceed the trend before 2022-02-24 by", b.N), all); err != nil {
					return nil, err
				}
			}
		}
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b ToneHeld) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out, nil
}

// number counts a month from the beginning of years.
func number(m shanyraq.Period) float64 {
	d, err := time.Parse("2006-01", string(m))
	if err != nil {
		return math.NaN()
	}
	return float64(d.Year()*12 + int(d.Month()) - 1)
}

func newsAssumed() []shanyraq.Assumption {
	return []shanyraq.Assumption{shanyraq.Assume("news_watches", shanyraq.EitherWay), shanyraq.Assume("months_apart", shanyraq.TooNarrow)}
}

// heldFigure is a weighted mean over months, with the range from how months differ.
func heldFigure(path string, events []ties.Event, now float64, formula string, of, with []shanyraq.Claim) (shanyraq.Figure, error) {
	if len(events) == 0 {
		return shanyraq.Figure{}, nil
	}
	sum, err := ties.Sum(events, now, math.Inf(1), tonesLevel)
	if err != nil {
		return shanyraq.Figure{}, err
	}
	return newsFigure(path, sum.Weighted, sum.Between, formula, append(slices.Clone(of), with...))
}

// wide reports whether a range tells anything: it is there, and more than the
// noise of its last digits.
func wide(v float64, r ties.Range) bool { return r.Hi-r.Lo > 1e-9*(1+math.Abs(v)) }

func newsFigure(path string, v float64, in ties.Range, formula string, of []shanyraq.Claim) (shanyraq.Figure, error) {
	if !wide(v, in) {
		return shanyraq.Figure{}, nil
	}
	inputs := make([]shanyraq.Input, len(of))
	for i, c := range of {
		inputs[i] = shanyraq.InputOf(fmt.Sprintf("%s%d", map[shanyraq.SeriesID]string{NewsTone: "t", NewsReports: "n"}[c.Series], i+1), c)
	}
	return shanyraq.NewFigure(path, v, shanyraq.Interval{Lo: min(v, in.Lo), Hi: max(v, in.Hi), Level: tonesLevel, Kind: shanyraq.Confidence}, "points",
		shanyraq.Lineage{Method: MethodNews, Sources: shanyraq.SourcesOf(of...), Inputs: inputs, Formula: formula, Assumptions: newsAssumed()})
}

// newsFigures returns every figure of the tones.
func newsFigures(ts []ToneHeld) []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, t := range ts {
		out = append(append(out, t.Score, t.Net, t.Change), t.Months...)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}
