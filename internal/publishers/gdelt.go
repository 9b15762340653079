package publishers

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/ingest"
	"shanyraq/internal/vectors"
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
// It returns [*ingest.Faults] for a line that is no event, and an error of kind
// [shanyraq.Other] if the file cannot be read or the context ends.
func ReadEvents(ctx context.Context, name string, into *vectors.News, progress func(done int64)) (err error) {
	fail := func(err error) error {
		return shanyraq.Errorf("publishers.ReadEvents", shanyraq.Other, "%s: %w", name, err)
	}
	f, err := os.Open(name)
	if err != nil {
		return fail(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head := make([]byte, 4)
	if n, _ := io.ReadFull(f, head); n == 4 && string(head) == "PK\x03\x04" {
		info, err := f.Stat()
		if err != nil {
			return fail(err)
		}
		z, err := zip.NewReader(f, info.Size())
		if err != nil {
			return refuse(name, 0, 0, "workbook", "resave")
		}
		for _, part := range z.File {
			r, err := part.Open()
			if err != nil {
				return fail(err)
			}
			err = streamEvents(ctx, name+"/"+part.Name, r, into, progress)
			if err := errors.Join(err, r.Close()); err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fail(err)
	}
	return streamEvents(ctx, name, f, into, progress)
}

// streamEvents counts events line by line. It looks for tabs only as far as it
// must: most lines are of other countries and end at the second actor.
func streamEvents(ctx context.Context, name string, r io.Reader, into *vectors.News, progress func(int64)) error {
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
				return ingest.Refused([]ingest.Fault{*f}, 0)
			}
		}
		if err != nil {
			return nil
		}
	}
}

// countEvent counts the event of one line, or returns what is wrong with it.
func countEvent(name string, line int, b []byte, into *vectors.News) *ingest.Fault {
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
		into.Skip()
		return nil
	}
	from, to := shanyraq.CountryCode(cells[gdeltFrom]), shanyraq.CountryCode(cells[gdeltTo])
	if !into.Wanted(from, to) {
		into.Skip()
		return nil
	}
	if !next(gdeltMentions, gdeltTo+1) || bytes.Count(rest, []byte("\t")) != gdeltColumns-gdeltMentions-2 {
		return wrong(0, "event", "event")
	}
	d := cells[gdeltDay]
	day, ok := dayNumber(d)
	if !ok {
		return wrong(gdeltDay, "year", "year", "Found", string(d))
	}
	score, err := strconv.ParseFloat(string(cells[gdeltScore]), 64)
	if err != nil {
		return wrong(gdeltScore, "number", "number", "Found", string(cells[gdeltScore]))
	}
	mentions, err := strconv.ParseFloat(string(cells[gdeltMentions]), 64)
	if err != nil || mentions < 0 {
		return wrong(gdeltMentions, "number", "number", "Found", string(cells[gdeltMentions]))
	}
	into.Add(from, to, day, string(cells[gdeltCode]), score, mentions)
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
