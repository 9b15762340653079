package vectors

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"shanyraq"
	"shanyraq/methods/ties"
)

// MethodTone is the tone of acts coded from the news.
const MethodTone shanyraq.MethodKey = "event-tone"

// given is the source of what a reader hands over for one answer.
const given shanyraq.SourceID = "given"

// breakDay is the day at which the series of tones are looked at for a change.
var breakDay = time.Date(2022, 2, 24, 0, 0, 0, 0, time.UTC)

// A Tally is acts of one side towards another on one day under one code, as
// coded from the news. Of millions of reports no more is kept than this.
type Tally struct {
	N        int
	Mentions float64
	Score    float64 // on the scale of Goldstein; NaN where the code has none
}

// News counts acts between home and each power, both ways, while files are
// read. It grows with days and codes, not with reports. It is not safe for use
// by several goroutines.
type News struct {
	home   shanyraq.CountryCode
	with   map[shanyraq.CountryCode]bool
	union  map[shanyraq.CountryCode]shanyraq.CountryCode
	counts map[act]*Tally
	first  int
	last   int
	read   int
	held   int
}

// act is what a [Tally] counts: who towards whom, on which day, under which code.
type act struct {
	from, to shanyraq.CountryCode
	day      int
	code     string
}

// NewNews returns an empty count of the acts between home and the powers. What a
// member of a union does counts as the union's, by the code it stands for.
func NewNews(home shanyraq.CountryCode, powers []shanyraq.CountryCode, unions map[shanyraq.CountryCode]shanyraq.CountryCode) *News {
	n := &News{home: home, with: map[shanyraq.CountryCode]bool{}, union: unions, counts: map[act]*Tally{}}
	for _, p := range powers {
		if p != home {
			n.with[p] = true
		}
	}
	return n
}

// NewsOf returns an empty count of the acts between home and its powers, members
// of the European Union as one unless they are powers themselves.
func (r *Room) NewsOf(ctx context.Context, home shanyraq.CountryCode) (*News, error) {
	b, err := r.Balance(ctx, home)
	if err != nil {
		return nil, err
	}
	groups, err := r.ev.Groups(ctx)
	if err != nil {
		return nil, shanyraq.Errorf("vectors.NewsOf", shanyraq.KindOf(err), "%w", err)
	}
	unions := map[shanyraq.CountryCode]shanyraq.CountryCode{}
	for _, g := range groups {
		if g.ID != Union || !slices.Contains(b.Powers, europe) {
			continue
		}
		for _, m := range g.Members {
			if m.To == 0 && m.Place != home && !slices.Contains(b.Powers, m.Place) {
				unions[m.Place] = europe
			}
		}
	}
	return NewNews(home, b.Powers, unions), nil
}

// europe is the European Union as one place.
const europe shanyraq.CountryCode = "EUU"

// as returns the place an act of the country counts for.
func (n *News) as(c shanyraq.CountryCode) shanyraq.CountryCode {
	if u, ok := n.union[c]; ok {
		return u
	}
	return c
}

// Wanted reports whether an act of one country towards another counts.
func (n *News) Wanted(from, to shanyraq.CountryCode) bool {
	from, to = n.as(from), n.as(to)
	return from == n.home && n.with[to] || to == n.home && n.with[from]
}

// Skip says that a report was read that does not count.
func (n *News) Skip() { n.read++ }

// Add counts an act on a day, in days since 1970-01-01.
func (n *News) Add(from, to shanyraq.CountryCode, day int, code string, score, mentions float64) {
	n.read++
	n.held++
	k := act{n.as(from), n.as(to), day, code}
	t := n.counts[k]
	if t == nil {
		t = &Tally{Score: score}
		n.counts[k] = t
		if n.first == 0 || day < n.first {
			n.first = day
		}
		n.last = max(n.last, day)
	}
	t.N++
	t.Mentions += mentions
}

// Read returns how many reports were read, and how many of them counted.
func (n *News) Read() (read, held int) { return n.read, n.held }

// Days returns the first and the last day counted; zero times if there is none.
func (n *News) Days() (first, last time.Time) {
	if n.held == 0 {
		return
	}
	return time.Unix(int64(n.first)*86400, 0).UTC(), time.Unix(int64(n.last)*86400, 0).UTC()
}

// A Tone is how one side acts towards another in the news.
type Tone struct {
	From, To shanyraq.CountryCode
	N        int // reports
	Days     int
	Quads    [4]int          // reports of verbal and material cooperation, verbal and material conflict
	Score    shanyraq.Figure // weighted mean on the scale from −10 to 10; zero for fewer than two days
	Net      shanyraq.Figure // −1 to 1
	Change   shanyraq.Figure // of the monthly score after 24 February 2022; zero if it cannot be told
}

// tonesLevel is the level of the intervals.
const tonesLevel = 0.9

// Tones returns how each side acts towards the other on the day now, older acts
// faded with the half-life in days, the most reported pair first.
func (n *News) Tones(ctx context.Context, now time.Time, halfLife float64) ([]Tone, error) {
	type pair struct{ from, to shanyraq.CountryCode }
	of := map[pair][]act{}
	for k := range n.counts {
		p := pair{k.from, k.to}
		of[p] = append(of[p], k)
	}
	today := int(now.Unix() / 86400)
	var out []Tone
	for p, acts := range of {
		if ctx.Err() != nil {
			return nil, shanyraq.Errorf("vectors.Tones", shanyraq.Other, "%w", ctx.Err())
		}
		slices.SortFunc(acts, func(a, b act) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.code, b.code)) })
		t := Tone{From: p.from, To: p.to}
		var events []ties.Event
		days := map[int]bool{}
		for _, k := range acts {
			x := n.counts[k]
			if k.day > today {
				continue
			}
			t.N += x.N
			days[k.day] = true
			if q, err := ties.Class(k.code); err == nil {
				t.Quads[q] += x.N
			}
			events = append(events, ties.Event{Day: float64(k.day), Code: k.code, Score: x.Score, Mentions: x.Mentions})
		}
		t.Days = len(days)
		if err := t.figures(events, float64(today), halfLife); err != nil {
			return nil, shanyraq.Errorf("vectors.Tones", shanyraq.KindOf(err), "%s towards %s: %w", p.from, p.to, err)
		}
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Tone) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out, nil
}

// figures makes the figures of a tone of the events.
func (t *Tone) figures(events []ties.Event, now, halfLife float64) error {
	sum, err := ties.Sum(events, now, halfLife, tonesLevel)
	if err != nil {
		return shanyraq.Tell("vectors.Tones", shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.events", Args: map[string]any{"Detail": err.Error()}}, "%w", err)
	}
	lineage := func(formula string) shanyraq.Lineage {
		return shanyraq.Lineage{Method: MethodTone, Sources: []shanyraq.SourceID{given}, Formula: formula,
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("news_watches", shanyraq.EitherWay), shanyraq.Assume("days_apart", shanyraq.TooNarrow)}}
	}
	path := fmt.Sprintf("given/tone/%s/%s/", t.From, t.To)
	figure := func(what string, v float64, r ties.Range, formula string) (shanyraq.Figure, error) {
		if math.IsNaN(v) || !wide(v, r) {
			return shanyraq.Figure{}, nil
		}
		return shanyraq.NewFigure(path+what, v, shanyraq.Interval{Lo: min(v, r.Lo), Hi: max(v, r.Hi), Level: tonesLevel, Kind: shanyraq.Confidence}, "points", lineage(formula))
	}
	if t.Score, err = figure("score", sum.Weighted, sum.Between, fmt.Sprintf("sum of w s / sum of w, %d reports on %d days, half-life %g days", t.N, t.Days, halfLife)); err != nil {
		return err
	}
	if t.Net, err = figure("net", sum.Net, sum.NetRange, "(positive − negative) / (positive + negative)"); err != nil {
		return err
	}
	// Month by month, unfaded, for what changed at a date.
	type month struct{ w, ws float64 }
	months := map[int]*month{}
	first, last := math.MaxInt, math.MinInt
	for _, e := range events {
		if math.IsNaN(e.Score) || !(e.Mentions > 0) {
			continue
		}
		d := time.Unix(int64(e.Day)*86400, 0).UTC()
		m := d.Year()*12 + int(d.Month()) - 1
		if months[m] == nil {
			months[m] = &month{}
		}
		months[m].w += e.Mentions
		months[m].ws += e.Mentions * e.Score
		first, last = min(first, m), max(last, m)
	}
	at := breakDay.Year()*12 + int(breakDay.Month()) - 1
	if len(months) < 12 || first >= at || last <= at {
		return nil
	}
	var ts, ys []float64
	for m := first; m <= last; m++ {
		ts = append(ts, float64(m))
		if x := months[m]; x != nil {
			ys = append(ys, x.ws/x.w)
		} else {
			ys = append(ys, math.NaN())
		}
	}
	b, err := ties.Interrupted(ts, ys, float64(at), 3, tonesLevel)
	if err != nil {
		return nil //nolint:nilerr // too few months on one side: nothing can be told
	}
	t.Change, err = figure("change", b.Mean.Value, ties.Range{Lo: b.Mean.Lo, Hi: b.Mean.Hi}, fmt.Sprintf("mean of what %d months exceed the trend before 2022-02-24 by", b.N))
	return err
}
