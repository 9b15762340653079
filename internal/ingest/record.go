package ingest

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"shanyraq"
)

// A Record is what a SOURCE.md says of the tables beside it.
type Record struct {
	Source shanyraq.Source // without checksum
	Rivals bool            // the source may make several claims about one thing
	Prose  string          // what is counted, what was changed, what is known to be wrong; Markdown
}

var recordKeys = strings.Fields("id publisher title edition address carrier taken licence terms strength rivals faults")

var recordRequired = strings.Fields("id publisher title address taken licence strength")

// ReadRecord reads a SOURCE.md: lines "key: value", an empty line, and prose.
// The keys are id, publisher, title, edition, address, carrier, taken,
// licence, terms, strength, rivals and faults, in any order; edition, carrier,
// terms, rivals and faults may be left out. Where name has a folder, the id
// must be the folder's name.
//
// It returns [*Faults] if anything is wrong with the record, and an error of
// kind [shanyraq.Other] if r fails.
func ReadRecord(r io.Reader, name string) (Record, error) {
	var faults collector
	data, err := readAll(r, name, 1<<20, &faults)
	if err != nil {
		return Record{}, shanyraq.Errorf("ingest.ReadRecord", shanyraq.Other, "%s: %w", name, err)
	}
	var rec Record
	if !faults.any() {
		rec = parseRecord(data, name, &faults)
	}
	if err := faults.err(); err != nil {
		return Record{}, err
	}
	return rec, nil
}

func parseRecord(data []byte, name string, faults *collector) Record {
	var rec Record
	s := plainText(name, data, faults)
	if faults.any() {
		return rec
	}
	values, lines := map[string]string{}, map[string]int{}
	line := 0
	for {
		line++
		one, rest, more := strings.Cut(s, "\n")
		one = strings.TrimSpace(one)
		s = rest
		if one == "" {
			if len(values) > 0 || !more {
				break
			}
			continue
		}
		if key, value, ok := strings.Cut(one, ":"); !ok || key == "" || strings.Contains(key, " ") {
			faults.add(name, line, 1, "record_line", "record_line")
		} else if !slices.Contains(recordKeys, key) {
			if near := nearest(key, slices.Values(recordKeys)); near != "" {
				faults.add(name, line, 1, "record_key", "near", "Found", shown(key), "Near", near)
			} else {
				faults.add(name, line, 1, "record_key", "one_of", "Found", shown(key), "Known", strings.Join(recordKeys, ", "))
			}
		} else if lines[key] > 0 {
			faults.add(name, line, 1, "record_key_twice", "column_one", "Found", key)
		} else {
			values[key], lines[key] = strings.TrimSpace(value), line
		}
		if !more {
			break
		}
	}
	for _, key := range recordRequired {
		if values[key] == "" {
			faults.add(name, lines[key], 0, "record_key_missing", "record_fill", "Found", key)
		}
	}
	rec.Prose = strings.TrimSpace(s)
	if rec.Prose == "" {
		faults.add(name, 0, 0, "record_prose", "record_say")
	}

	at := func(key string) int { return len(key) + 3 } // the column of a value
	id := values["id"]
	folder := path.Base(path.Dir(name))
	switch {
	case id == "":
	case !nameable(id, "_-"):
		faults.add(name, lines["id"], at("id"), "id", "id", "Found", shown(id))
	case folder != "." && folder != "/" && folder != id:
		faults.add(name, lines["id"], at("id"), "record_id", "record_id", "Found", shown(id), "Want", shown(folder))
	}
	var strength shanyraq.Strength
	if v := values["strength"]; v != "" {
		var err error
		if strength, err = shanyraq.ParseStrength(v); err != nil {
			faults.add(name, lines["strength"], at("strength"), "strength", "one_of", "Found", shown(v), "Known", "measured, official, estimated, opinion")
		}
	}
	taken, err := shanyraq.ParsePeriod(values["taken"])
	if err != nil {
		faults.add(name, lines["taken"], at("taken"), "period", "period", "Found", shown(values["taken"]))
	}
	switch v := values["rivals"]; v {
	case "yes":
		rec.Rivals = true
	case "no", "":
	default:
		faults.add(name, lines["rivals"], at("rivals"), "record_rivals", "record_yes", "Found", shown(v))
	}
	rec.Source = shanyraq.Source{
		ID: shanyraq.SourceID(id), Publisher: values["publisher"], Title: values["title"], Edition: values["edition"],
		Address: values["address"], Carrier: values["carrier"], Taken: taken, Licence: values["licence"],
		Terms: values["terms"], Strength: strength, Faults: values["faults"],
	}
	return rec
}

// plainText returns a file as text with line feeds only, and records a fault
// if it is not UTF-8 or empty.
func plainText(name string, data []byte, faults *collector) string {
	sc := newScanner(name, data, faults)
	if sc == nil {
		return ""
	}
	return string(bytes.ReplaceAll(sc.data, []byte("\r\n"), []byte("\n")))
}
