package publishers

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/ingest"
	"shanyraq/internal/vectors"
	"shanyraq/methods/ties"
)

// The columns of an event of GDELT, version 2: 61 of them, parted by tabs, from
// 0, without a heading.
const (
	gdeltColumns  = 61
	gdeltDay      = 1
	gdeltFrom     = 7
	gdeltTo       = 17
	gdeltCode     = 26
	gdeltScore    = 30
	gdeltMentions = 31
)

// Events is the key of the layout of coded events. It is read by [ReadEvents] or
// [ReadEventsOf] and [EventMonths], because who counts depends on home.
const Events = "gdelt"

// gdelt is the layout of coded events.
func gdelt() Layout {
	return Layout{Key: Events, Title: "GDELT, coded events, version 2 (months of home and each power; a file, plain or zipped, or a folder)", Known: func(b *Book) bool {
		if len(b.Sheets) == 0 || len(b.Sheets[0].Rows) == 0 {
			return false
		}
		cells := b.Sheets[0].Rows[0].Cells
		if len(cells) != gdeltColumns {
			return false
		}
		_, ok := dayNumber([]byte(cells[gdeltDay]))
		return ok
	}, read: func(r *reading) error {
		return shanyraq.Errorf("publishers.Convert", shanyraq.Invalid, "layout %q is read by ReadEvents", Events)
	}}
}

// An EventCount is what files of events come to: the acts that count, and the
// lines that were put aside because a cell of them cannot be read.
type EventCount struct {
	News  *vectors.News
	Aside int
	First []ingest.Fault // of those put aside, the first few
}

// asideKept is how many lines put aside are named.
const asideKept = 5

// leave puts a line aside.
func (e *EventCount) leave(f ingest.Fault) {
	if e.Aside++; len(e.First) < asideKept {
		e.First = append(e.First, f)
	}
}

// Sound returns [*ingest.Faults] if more than one line in a hundred of those that
// would count was put aside, and more than five.
func (e *EventCount) Sound() error {
	if _, held := e.News.Read(); e.Aside > asideKept && 100*e.Aside > held+e.Aside {
		return ingest.Refused(e.First, e.Aside-len(e.First))
	}
	return nil
}

// EventMonths writes what was counted as a table of claims, a month each: how
// many reports of each class, and the weighted score with its interval.
//
// It returns a [shanyraq.NotFound] error if nothing was counted, and an error as
// [EventCount.Sound] does.
func EventMonths(count *EventCount) (Result, error) {
	if err := count.Sound(); err != nil {
		return Result{}, err
	}
	months, err := count.News.Months()
	if err != nil {
		return Result{}, err
	}
	read, _ := count.News.Read()
	if len(months) == 0 {
		return Result{}, shanyraq.Tell("publishers.EventMonths", shanyraq.NotFound, text("publishers.error.no_events", "Count", read), "none of %d events counts", read)
	}
	r := &reading{}
	r.about(vectors.NewsReports, "records", "diplomacy", "Reports of acts", "Сообщения о действиях", "Әрекеттер туралы хабарлар")
	r.about(vectors.NewsTone, "points", "diplomacy", "Tone of acts in the news", "Тон действий в новостях", "Жаңалықтардағы әрекеттер реңі")
	for _, m := range months {
		base := claim{"place": string(m.From), "partner": string(m.To), "when": string(m.When)}
		for q, n := range m.Quads {
			c := maps.Clone(base)
			c["series"], c["unit"], c["subject"], c["value"], c["step"] = string(vectors.NewsReports), "records", vectors.NewsClasses()[q], strconv.Itoa(n), "1"
			r.add(Sheet{}, 0, c)
		}
		if math.IsNaN(m.Tone) {
			continue
		}
		c := maps.Clone(base)
		c["series"], c["unit"], c["value"] = string(vectors.NewsTone), "points", strconv.FormatFloat(m.Tone, 'f', 4, 64)
		c["note"] = fmt.Sprintf("%g mentions", m.Mentions)
		if lo, hi := strconv.FormatFloat(m.Lo, 'f', 4, 64), strconv.FormatFloat(m.Hi, 'f', 4, 64); m.Hi > m.Lo && lo != hi {
			c["low"], c["high"], c["kind"], c["level"] = lo, hi, "confidence", "0.9"
		}
		r.add(Sheet{}, 0, c)
	}
	return r.result()
}

// ReadEventsOf counts the events of one file that is sent, as [ReadEvents] does;
// one that is packed is taken whole, up to [MaxBytes].
func ReadEventsOf(ctx context.Context, name string, in io.Reader, into *EventCount) error {
	b := bufio.NewReader(in)
	if start, _ := b.Peek(4); string(start) != packed {
		return streamEvents(ctx, name, b, into, nil)
	}
	data, err := io.ReadAll(io.LimitReader(b, MaxBytes+1))
	if err != nil {
		return shanyraq.Errorf("publishers.ReadEvents", shanyraq.Other, "%s: %w", name, err)
	}
	if len(data) > MaxBytes {
		return ingest.TooLarge(name, MaxBytes)
	}
	return unpackEvents(ctx, name, bytes.NewReader(data), int64(len(data)), into, nil)
}

// packed is how a file begins that holds others.
const packed = "PK\x03\x04"

// EventFiles returns the files of events that the names stand for: each itself,
// and of a folder all that end in .export.CSV, .tsv or .zip, in order.
func EventFiles(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, shanyraq.Tell("publishers.EventFiles", shanyraq.NotFound, text("publishers.error.file", "Path", name), "%w", err)
		}
		if !info.IsDir() {
			out = append(out, name)
			continue
		}
		err = filepath.WalkDir(name, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			if l := strings.ToLower(path); strings.HasSuffix(l, ".export.csv") || strings.HasSuffix(l, ".tsv") || strings.HasSuffix(l, ".zip") {
				out = append(out, path)
			}
			return nil
		})
		if err != nil {
			return nil, shanyraq.Errorf("publishers.EventFiles", shanyraq.Other, "%s: %w", name, err)
		}
	}
	if len(out) == 0 {
		return nil, shanyraq.Tell("publishers.EventFiles", shanyraq.NotFound, text("publishers.error.events", "Path", strings.Join(names, ", ")), "no files of events")
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// ReadEvents counts the events of one file of GDELT, version 2, plain or packed,
// as they stream by; progress, if there is one, is told the bytes read.
//
// It returns [*ingest.Faults] if its first line is no event, and an error of kind
// [shanyraq.Other] if the file cannot be read or the context ends. A later line
// that cannot be read is put aside; see [EventCount.Sound].
func ReadEvents(ctx context.Context, name string, into *EventCount, progress func(done int64)) (err error) {
	fail := func(err error) error {
		return shanyraq.Errorf("publishers.ReadEvents", shanyraq.Other, "%s: %w", name, err)
	}
	f, err := os.Open(name)
	if err != nil {
		return fail(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head := make([]byte, 4)
	if n, _ := io.ReadFull(f, head); n == 4 && string(head) == packed {
		info, err := f.Stat()
		if err != nil {
			return fail(err)
		}
		return unpackEvents(ctx, name, f, info.Size(), into, progress)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fail(err)
	}
	return streamEvents(ctx, name, f, into, progress)
}

// unpackEvents counts the events of every file in a packed one.
func unpackEvents(ctx context.Context, name string, f io.ReaderAt, size int64, into *EventCount, progress func(int64)) error {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return refuse(name, 0, 0, "workbook", "resave")
	}
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			return shanyraq.Errorf("publishers.ReadEvents", shanyraq.Other, "%s: %w", name, err)
		}
		err = streamEvents(ctx, name+"/"+part.Name, r, into, progress)
		if err := errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return nil
}

// streamEvents counts events line by line. It looks for tabs only as far as it
// must: most lines are of other countries and end at the second actor.
func streamEvents(ctx context.Context, name string, r io.Reader, into *EventCount, progress func(int64)) error {
	in := bufio.NewReaderSize(r, 1<<20)
	var done int64
	for line := 1; ; line++ {
		b, err := in.ReadSlice('\n')
		done += int64(len(b))
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return refuse(name, line, 0, "event", "event")
		case err != nil && !errors.Is(err, io.EOF):
			return shanyraq.Errorf("publishers.ReadEvents", shanyraq.Other, "%s: %w", name, err)
		}
		if line%65536 == 0 || err != nil {
			if ctx.Err() != nil {
				return shanyraq.Errorf("publishers.ReadEvents", shanyraq.Other, "%s: %w", name, ctx.Err())
			}
			if progress != nil {
				progress(done)
			}
		}
		if b = bytes.TrimRight(b, "\r\n"); len(b) > 0 {
			if f := countEvent(name, line, b, into); f != nil {
				if line == 1 { // another kind of file
					return ingest.Refused([]ingest.Fault{*f}, 0)
				}
				into.News.Skip()
				into.leave(*f)
			}
		}
		if err != nil {
			return nil
		}
	}
}

// countEvent counts the event of one line, or returns what is wrong with it.
func countEvent(name string, line int, b []byte, into *EventCount) *ingest.Fault {
	news := into.News
	var cells [gdeltMentions + 1][]byte
	rest := b
	wrong := func(column int, what, remedy string, args ...any) *ingest.Fault {
		f := newFault(name, line, column+1, what, remedy, args...)
		return &f
	}
	next := func(upTo, from int) bool {
		for i := from; i <= upTo; i++ {
			k := bytes.IndexByte(rest, '\t')
			if k < 0 {
				return false
			}
			cells[i], rest = rest[:k], rest[k+1:]
		}
		return true
	}
	if !next(gdeltTo, 0) {
		return wrong(0, "event", "event")
	}
	if len(cells[gdeltFrom]) != 3 || len(cells[gdeltTo]) != 3 {
		news.Skip()
		return nil
	}
	from, to := shanyraq.CountryCode(cells[gdeltFrom]), shanyraq.CountryCode(cells[gdeltTo])
	if !news.Wanted(from, to) {
		news.Skip()
		return nil
	}
	if !next(gdeltMentions, gdeltTo+1) || bytes.Count(rest, []byte("\t")) != gdeltColumns-gdeltMentions-2 {
		return wrong(0, "event", "event")
	}
	aside := func(column int, what, remedy string, found []byte) *ingest.Fault {
		news.Skip()
		into.leave(*wrong(column, what, remedy, "Found", string(found)))
		return nil
	}
	day, ok := dayNumber(cells[gdeltDay])
	if !ok {
		return aside(gdeltDay, "year", "year", cells[gdeltDay])
	}
	if _, err := ties.Class(string(cells[gdeltCode])); err != nil {
		return aside(gdeltCode, "act", "act", cells[gdeltCode])
	}
	score := math.NaN() // some codes have none
	if len(cells[gdeltScore]) > 0 {
		var err error
		if score, err = strconv.ParseFloat(string(cells[gdeltScore]), 64); err != nil || math.Abs(score) > 10 {
			return aside(gdeltScore, "number", "number", cells[gdeltScore])
		}
	}
	mentions, err := strconv.ParseFloat(string(cells[gdeltMentions]), 64)
	if err != nil || !(mentions >= 0) || math.IsInf(mentions, 0) {
		return aside(gdeltMentions, "number", "number", cells[gdeltMentions])
	}
	news.Add(from, to, day, string(cells[gdeltCode]), score, mentions)
	return nil
}

// dayNumber returns the days since 1970-01-01 of a day as 20060102.
func dayNumber(b []byte) (int, bool) {
	if len(b) != 8 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	y, m, d := n/10000, n/100%100, n%100
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	// Days of the proleptic calendar, years begun in March.
	if m <= 2 {
		y--
		m += 12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 719468, true
}
